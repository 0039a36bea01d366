import { describe, expect, test } from "vitest";
import { ShapeError, ValueError } from "../engine/tensor/errors.ts";
import { Axes } from "./axes.ts";
import { hex } from "./color.ts";
import type { LineArtist } from "./model.ts";

const fresh = (): Axes => new Axes({ rows: 1, columns: 1, row: 0, column: 0 });
const summary = ({ x, y, stroke, marker }: LineArtist): string =>
  `${x.join(",")}|${y.join(",")}|${hex(stroke.color)}${stroke.style}${marker?.name ?? ""}`;

describe("plot", () => {
  test("counts x from 0 when it is left out", () => {
    expect(fresh().plot([5, 6, 7]).map(summary)).toEqual(["0,1,2|5,6,7|#1f77b4-"]);
  });

  test("takes several lines with formats", () => {
    const lines = fresh().plot([0, 1], [1, 2], "r--", [3, 4], "go", [0, 1], [5, 6]);
    expect(lines.map(summary)).toEqual(["0,1|1,2|#ff0000--", "0,1|3,4|#008000noneo", "0,1|5,6|#1f77b4-"]);
  });

  test("makes one line of [n, 1] and k lines of [n, k]", () => {
    const tensor = { shape: [2, 2], dataSync: () => Float32Array.of(1, 2, 3, 4) };
    const axes = fresh();
    expect(axes.plot([[0], [1]], [[1], [2]])).toHaveLength(1);
    const two = axes.plot([10, 20], tensor, { label: ["a", "b"] });
    expect(two.map(summary)).toEqual(["10,20|1,3|#ff7f0e-", "10,20|2,4|#2ca02c-"]);
    expect(two.map(({ label }) => label)).toEqual(["a", "b"]);
  });

  test("lets options win over the format", () => {
    const [line] = fresh().plot([1, 2], "r--o", {
      color: "b",
      ls: ":",
      marker: "s",
      lw: 3,
      ms: 9,
      mfc: "none",
    });
    expect(summary(line!)).toBe("0,1|1,2|#0000ff:s");
    expect([line?.stroke.width, line?.marker?.size, line?.marker?.face]).toEqual([3, 9, undefined]);
  });

  test("refuses what does not fit, and then has drawn nothing", () => {
    const axes = fresh();
    expect(() => axes.plot([1, 2, 3], [1, 2])).toThrow(ShapeError);
    expect(() => axes.plot([1, 2, 3], [1, 2])).toThrow("Received shapes [3] and [2].");
    expect(() =>
      axes.plot(
        [
          [1, 2],
          [3, 4],
        ],
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
      ),
    ).toThrow(ShapeError);
    expect(() => axes.plot([1], { lable: "loss" } as never)).toThrow(
      'unknown option "lable". Did you mean "label"?',
    );
    expect(() => axes.plot([1], "what")).toThrow(ValueError);
    expect(() => axes.plot([1], { alpha: 2 })).toThrow("alpha must be a finite number from 0 to 1");
    expect(() => axes.plot([1], { label: "a" }, [2])).toThrow("options must be the last");
    expect(() => axes.plot("abc" as never)).toThrow(ValueError);
    expect(axes.model.artists).toEqual([]);
    expect(summary(axes.plot([1])[0]!)).toContain("#1f77b4");
  });
});

describe("limits", () => {
  test("have margins of 5 %", () => {
    const axes = fresh();
    axes.plot([0, 10], [-1, 1]);
    expect(axes.getXlim()).toEqual([-0.5, 10.5]);
    expect(axes.getYlim()).toEqual([-1.1, 1.1]);
  });

  test("are 0 to 1 when empty, and open around a single value", () => {
    const axes = fresh();
    expect(axes.getXlim()).toEqual([0, 1]);
    axes.plot([5]);
    expect(axes.getYlim()[0]).toBeCloseTo(4.725, 12);
    expect(axes.getYlim()[1]).toBeCloseTo(5.275, 12);
  });

  test("stand on the base of bars", () => {
    const axes = fresh();
    axes.bar(["a", "b"], [1, 2]);
    expect(axes.getYlim()).toEqual([0, 2.1]);
    expect(axes.getXlim()).toEqual([-0.49, 1.49]);
  });

  test("fit pictures exactly, the first row on top", () => {
    const axes = fresh();
    axes.imshow([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(axes.getXlim()).toEqual([-0.5, 2.5]);
    expect(axes.getYlim()).toEqual([1.5, -0.5]);
  });

  test("are set one or both, and checked", () => {
    const axes = fresh();
    axes.plot([0, 10]);
    expect(axes.setYlim(undefined, 20)).toEqual([-0.5, 20]);
    expect(axes.setXlim([3, 1])).toEqual([3, 1]);
    expect(() => axes.setXlim(1, 1)).toThrow(ValueError);
    expect(() => axes.setXlim(Number.NaN, 1)).toThrow(ValueError);
    axes.setYscale("log");
    expect(() => axes.setYlim(0, 1)).toThrow("must be positive");
  });

  test("of a logarithmic axis look at positive values only", () => {
    const axes = fresh();
    axes.semilogy([0, 1, 100, -5]);
    expect(axes.getYlim()[0]).toBeCloseTo(10 ** -0.1, 12);
    expect(axes.getYlim()[1]).toBeCloseTo(10 ** 2.1, 9);
  });

  test("of axhline widen y alone", () => {
    const axes = fresh();
    axes.plot([0, 1], [0, 1]);
    axes.axhline(3, { color: "k" });
    expect(axes.getXlim()).toEqual([-0.05, 1.05]);
    expect(axes.getYlim()[1]).toBeCloseTo(3.15, 12);
  });
});

describe("other artists", () => {
  test("hist returns counts and edges", () => {
    expect(fresh().hist([1, 2, 2, 3], 2)).toEqual([
      [1, 3],
      [1, 2, 3],
    ]);
    expect(fresh().hist([1, 2, 2, 3], { bins: [1, 2.5, 3] })[0]).toEqual([3, 1]);
    expect(() => fresh().hist([1], { bin: 3 } as never)).toThrow('Did you mean "bins"?');
  });

  test("scatter and bars have a colour cycle apart from lines", () => {
    const axes = fresh();
    axes.plot([1]);
    expect(axes.scatter([1], [2]).faces.map(hex)).toEqual(["#1f77b4"]);
    expect(axes.bar([1], [2]).faces.map(hex)).toEqual(["#ff7f0e"]);
    expect(axes.plot([1])[0]?.stroke.color).toEqual({ r: 255, g: 127, b: 14, a: 1 });
  });

  test("scatter colours numbers through the map", () => {
    const { faces } = fresh().scatter([0, 1], [0, 1], { c: [0, 1], cmap: "gray" });
    expect(faces.map(hex)).toEqual(["#000000", "#ffffff"]);
    expect(() => fresh().scatter([0, 1], [0])).toThrow(ShapeError);
    expect(() => fresh().scatter([0, 1], [0, 1], { s: [1, 2, 3] })).toThrow(ShapeError);
  });

  test("bars of the same name share a place", () => {
    const axes = fresh();
    axes.bar(["a", "b"], [1, 2]);
    expect(axes.bar(["b", "c"], 1, { bottom: [2, 0] }).x0.map((x) => x + 0.4)).toEqual(Float64Array.of(1, 2));
    expect(axes.model.x.range.categories).toEqual(["a", "b", "c"]);
    expect(() => axes.bar(["a"], [1, 2])).toThrow(ShapeError);
  });

  test("imshow takes floats and integers, and refuses other shapes", () => {
    const { rgba } = fresh().imshow([[[1, 0.5, 0]]]);
    expect([...rgba]).toEqual([255, 128, 0, 255]);
    expect([...fresh().imshow([[[200, 100, 0]]]).rgba]).toEqual([200, 100, 0, 255]);
    expect([...fresh().imshow([[0, 1]], { cmap: "gray" }).rgba]).toEqual([0, 0, 0, 255, 255, 255, 255, 255]);
    expect(() => fresh().imshow([1, 2])).toThrow(ShapeError);
    expect(() => fresh().imshow([[[1, 2]]])).toThrow("Received shape: [1, 1, 2]");
  });

  test("the lower origin puts the last row on top", () => {
    const { rgba, top } = fresh().imshow([[0], [1]], { cmap: "gray", origin: "lower" });
    expect([rgba[0], rgba[4], top]).toEqual([255, 0, 1.5]);
  });
});

describe("labels", () => {
  test("legend names what was drawn, in order", () => {
    const axes = fresh();
    axes.plot([1], { label: "a" });
    axes.plot([1]);
    axes.plot([1], { label: "_hidden" });
    axes.legend();
    expect(axes.getLegendLabels()).toEqual(["a"]);
    axes.legend(["x", "y"], { loc: "upper left" });
    expect(axes.getLegendLabels()).toEqual(["x", "y"]);
    expect(() => axes.legend({ loc: "top" as never })).toThrow('"upper left"');
  });

  test("grid toggles", () => {
    const axes = fresh();
    axes.grid();
    expect(axes.model.x.grid).toBeDefined();
    axes.grid();
    expect(axes.model.x.grid).toBeUndefined();
    axes.grid(true, { axis: "y", ls: ":" });
    expect([axes.model.x.grid, axes.model.y.grid?.stroke.style]).toEqual([undefined, ":"]);
  });

  test("clear forgets everything and starts the cycle again", () => {
    const axes = fresh();
    axes.plot([1]);
    axes.setTitle("t");
    axes.clear();
    expect([axes.model.title, axes.model.artists.length]).toEqual(["", 0]);
    expect(summary(axes.plot([1])[0]!)).toContain("#1f77b4");
  });
});

describe("spans, segments and steps", () => {
  test("axvspan widens x alone, as in matplotlib", () => {
    const axes = fresh();
    const span = axes.axvspan(1, 2, 0.25, 0.75, { alpha: 0.5 });
    expect([span.low, span.high, span.from, span.to, hex(span.face)]).toEqual([1, 2, 0.25, 0.75, "#1f77b4"]);
    expect(axes.getXlim()).toEqual([0.95, 2.05]);
    expect(axes.getYlim()).toEqual([0, 1]);
    expect(() => axes.axhspan(0, 1, 2)).toThrow(ValueError);
  });

  test("hlines and vlines take one end for all or one for each", () => {
    const axes = fresh();
    const { shapes } = axes.hlines([1, 2], 0, [3, 4], { colors: ["r", "g"] });
    expect(shapes.map(([ring]) => [[...ring!.x], [...ring!.y]])).toEqual([
      [
        [0, 3],
        [1, 1],
      ],
      [
        [0, 4],
        [2, 2],
      ],
    ]);
    expect(axes.vlines(5, 0, 1).shapes).toHaveLength(1);
    expect(() => axes.hlines([1, 2], [0, 0, 0], 1)).toThrow(ShapeError);
  });

  test("fillBetween leaves gaps where it is told to", () => {
    const area = fresh().fillBetween([0, 1, 2], [1, 2, 3], 0, { where: [true, true, false] });
    expect([[...area.y1], [...area.y0]]).toEqual([
      [1, 2, Number.NaN],
      [0, 0, Number.NaN],
    ]);
  });

  test("a line changes in place", () => {
    const axes = fresh();
    const [line] = axes.plot([1, 2, 3]);
    line!.setData([0, 10], [5, 6]);
    expect(axes.getXlim()).toEqual([-0.5, 10.5]);
    expect(() => line!.setYdata([1])).toThrow(ShapeError);
    expect(() => line!.setData([1], [1, 2])).toThrow(ShapeError);
    expect(line!.getYdata()).toEqual([5, 6]);
  });

  test("an axis turns round, with its data and with its limits", () => {
    const axes = fresh();
    axes.plot([0, 10]);
    axes.invertYaxis();
    expect(axes.getYlim()).toEqual([10.5, -0.5]);
    axes.setYlim(0, 5);
    axes.invertYaxis();
    expect(axes.getYlim()).toEqual([5, 0]);
  });

  test("set takes several settings at once", () => {
    const axes = fresh();
    axes.set({ title: "T", xlabel: "X", xlim: [1, 100], xscale: "log" });
    expect([axes.model.title, axes.model.x.label, axes.getXlim()]).toEqual(["T", "X", [1, 100]]);
    expect(() => axes.set({ titel: "T" } as never)).toThrow('Did you mean "title"?');
    expect(() => axes.setXticklabels(["a"])).toThrow("set the ticks first");
  });
});
