// The numbers are those of matplotlib 3.6.3.
import { describe, expect, test } from "vitest";
import { ShapeError, ValueError } from "../../engine/tensor/errors.ts";
import { Axes } from "../axes.ts";
import { hex } from "../color.ts";
import { Figure } from "../figure.ts";
import type { Ring } from "../model.ts";

const fresh = (): Axes => new Axes({ rows: 1, columns: 1, row: 0, column: 0 });
const range = (low: number, high: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));
const points = ({ x, y }: Ring): number[][] =>
  Array.from(x, (value, i) => [value, y[i]!].map((n) => Math.round(1e9 * n) / 1e9 + 0));
/** The area inside of rings, holes taken away. */
const area = (rings: readonly Ring[]): number =>
  Math.abs(
    rings.reduce((sum, { x, y }) => {
      for (let i = 1; i < x.length; i++) sum += (x[i - 1]! * y[i]! - x[i]! * y[i - 1]!) / 2;
      return sum;
    }, 0),
  );

describe("contour", () => {
  const [x, y] = [range(-2, 2, 9), range(-1, 1, 5)];
  const z = y.map((b) => x.map((a) => a * a + b * b));

  test("chooses matplotlib's levels and colours", () => {
    const axes = fresh();
    const { levels, mappable } = axes.contour(x, y, z);
    expect(levels.map((level) => level.toFixed(9))).toEqual(
      [0, 0.8, 1.6, 2.4, 3.2, 4, 4.8, 5.6].map((level) => level.toFixed(9)),
    );
    const colors = mappable!.colors!.map(hex);
    const wanted = ["#440154", "#46327e", "#365c8d", "#277f8e", "#1fa187", "#4ac16d", "#a0da39", "#fde725"];
    colors.forEach((color, i) => {
      for (const at of [1, 3, 5]) {
        const [a, b] = [color, wanted[i]!].map((text) => Number.parseInt(text.slice(at, at + 2), 16));
        expect(Math.abs(a! - b!)).toBeLessThanOrEqual(3);
      }
    });
    expect([axes.getXlim(), axes.getYlim()]).toEqual([
      [-2, 2],
      [-1, 1],
    ]);
    expect(axes.contour(x, y, z, 3).levels).toEqual([0, 1.5, 3, 4.5, 6]);
    const small = z.map((row) => row.map((value) => value * 0.001 + 0.5));
    expect(axes.contour(x, y, small, { levels: 5 }).levels).toEqual([0.5, 0.501, 0.502, 0.503, 0.504, 0.505]);
  });

  test("draws open lines where they leave the grid", () => {
    const lines = fresh()
      .contour(x, y, z)
      .artists[2]!.shapes.map(([ring]) => points(ring!));
    const left = [
      [-0.733333333, -1],
      [-1, -0.733333333],
      [-1.14, -0.5],
      [-1.24, 0],
      [-1.14, 0.5],
      [-1, 0.733333333],
      [-0.733333333, 1],
    ];
    const right = left.map(([a, b]) => [-a!, b!]);
    const either = (line: number[][]): string[] =>
      [line, line.toReversed()].map((one) => JSON.stringify(one));
    expect(lines).toHaveLength(2);
    for (const wanted of [left, right]) {
      expect(lines.some((line) => either(wanted).includes(JSON.stringify(line)))).toBe(true);
    }
  });

  test("closes lines that stay inside, and stops at missing numbers", () => {
    const hill = [
      [0, 0, 0],
      [0, 1, 0],
      [0, 0, 0],
    ];
    const [closed] = fresh().contour(hill, [0.5]).artists[0]!.shapes;
    expect(points(closed![0]!)).toHaveLength(5);
    expect(points(closed![0]!)[0]).toEqual(points(closed![0]!).at(-1));
    const broken = [
      [0, 0, Number.NaN],
      [0, 1, 0],
      [0, 0, 0],
    ];
    const open = fresh().contour(broken, [0.5]).artists[0]!.shapes;
    expect(open).toHaveLength(1);
    expect(points(open[0]![0]!)).toHaveLength(4);
  });

  test("joins saddles by the mean of the corners", () => {
    const saddle = (middle: number): number[][] => [
      [1, 0],
      [0, middle],
    ];
    // Mean 0.5: joined at level 0.4, apart at level 0.6.
    const ends = (level: number): string =>
      JSON.stringify(
        fresh()
          .contour(saddle(1), [level])
          .artists[0]!.shapes.map(([ring]) => points(ring!).toSorted((p, q) => p[0]! - q[0]!)),
      );
    expect(ends(0.4)).toContain("[[0.6,0],[1,0.4]]");
    expect(ends(0.6)).toContain("[[0,0.4],[0.4,0]]");
  });

  test("refuses what does not fit", () => {
    const axes = fresh();
    expect(() => axes.contour([1, 2])).toThrow(ShapeError);
    expect(() => axes.contour([1, 2], [1, 2, 3], [[1, 2]])).toThrow(ShapeError);
    expect(() => axes.contour([1, 2, 3], [1, 2], z)).toThrow("x and y must have shapes [9] and [5]");
    expect(() => axes.contour(z, [2, 1])).toThrow(ValueError);
    expect(() => axes.contourf(z, { levels: 0 })).toThrow(ValueError);
    expect(axes.model.artists).toEqual([]);
  });
});

describe("contourf", () => {
  // A plane z = x over 10 by 2.
  const plane = [0, 1, 2].map(() => range(0, 10, 11));

  test("fills bands between levels", () => {
    const { artists } = fresh().contourf(plane, { levels: [0, 2, 5, 8], alpha: 0.5 });
    expect(artists.map(({ shapes }) => Number(area(shapes[0]!).toFixed(9)))).toEqual([4, 6, 6]);
  });

  test("opaque bands reach up to the last level, so that nothing shines through between them", () => {
    const { artists } = fresh().contourf(plane, { levels: [0, 2, 5, 8] });
    expect(artists.map(({ shapes }) => Number(area(shapes[0]!).toFixed(9)))).toEqual([16, 12, 6]);
  });

  test("contains the greatest number", () => {
    const [all] = fresh().contourf(plane, { levels: [0, 10] }).artists;
    expect(area(all!.shapes[0]!)).toBeCloseTo(20, 9);
    const flat = fresh().contourf(
      [
        [1, 1],
        [1, 1],
      ],
      { levels: [0, 1, 2], alpha: 0.5 },
    );
    expect(flat.artists.map(({ shapes }) => shapes.length)).toEqual([1, 0]);
  });

  test("draws its polygons in the SVG, holes and all", async () => {
    const figure = new Figure(1);
    figure.gca().contourf(plane, { levels: [0, 5, 10], colors: ["#112233", "#445566"], alpha: 0.9 });
    const svg = await figure.toSVG();
    const d =
      /<path[^>]*d="([^"]*)"[^>]*fill="#445566"/.exec(svg)?.[1] ??
      /fill="#445566"[^>]*d="([^"]*)"/.exec(svg)![1]!;
    const xs = [...d.matchAll(/[ML]([\d.]+),/g)].map((match) => Number(match[1]));
    expect([Math.min(...xs), Math.max(...xs)]).toEqual([248, 496]);
  });
});

describe("errorbar", () => {
  test("draws bars and caps where matplotlib does", () => {
    const axes = fresh();
    const { line, caps, bars } = axes.errorbar([1, 2], [3, 4], {
      yerr: [0.5, 1],
      xerr: 0.1,
      capsize: 3,
      fmt: "o",
    });
    expect([line!.marker?.name, line!.stroke.style, line!.zorder]).toEqual(["o", "none", 2.1]);
    expect(caps.map(({ marker, x, y }) => [marker!.name, marker!.size, [...x], [...y]])).toEqual([
      ["|", 6, [0.9, 1.9], [3, 4]],
      ["|", 6, [1.1, 2.1], [3, 4]],
      ["_", 6, [1, 2], [2.5, 3]],
      ["_", 6, [1, 2], [3.5, 5]],
    ]);
    expect(bars[1]!.shapes.map(([ring]) => points(ring!))).toEqual([
      [
        [1, 2.5],
        [1, 3.5],
      ],
      [
        [2, 3],
        [2, 5],
      ],
    ]);
    expect(axes.getXlim().map((end) => end.toFixed(9))).toEqual(["0.840000000", "2.160000000"]);
    expect(axes.getYlim()).toEqual([2.375, 5.125]);
  });

  test("takes errors below and above, and no line", () => {
    const axes = fresh();
    const { line, caps, bars } = axes.errorbar([1, 2], [3, 4], {
      yerr: [
        [1, 2],
        [3, 4],
      ],
      fmt: "none",
    });
    expect([line, caps.length]).toEqual([undefined, 0]);
    expect(points(bars[0]!.shapes[1]![0]!)).toEqual([
      [2, 2],
      [2, 8],
    ]);
  });

  test("refuses errors that do not fit, before anything is drawn", () => {
    const axes = fresh();
    expect(() => axes.errorbar([1, 2], [3, 4], { yerr: [1, 2, 3] })).toThrow(ShapeError);
    expect(() => axes.errorbar([1, 2], [3, 4], { yerr: -1 })).toThrow("must not be negative");
    expect(() => axes.errorbar([1, 2], [3, 4], { yerr: 1, cap: 3 } as never)).toThrow(ValueError);
    expect(axes.model.artists).toEqual([]);
  });
});

test("stem stands on a base line of the fourth colour", () => {
  const axes = fresh();
  const { markerline, stemlines, baseline } = axes.stem([1, 2, 3]);
  expect([markerline.marker?.name, hex(markerline.stroke.color), hex(stemlines.edges[0]!)]).toEqual([
    "o",
    "#1f77b4",
    "#1f77b4",
  ]);
  expect([[...baseline.x], [...baseline.y], hex(baseline.stroke.color)]).toEqual([[0, 2], [0, 0], "#d62728"]);
  expect(axes.getYlim().map((end) => end.toFixed(9))).toEqual(["-0.150000000", "3.150000000"]);
});

test("step turns where it is told", () => {
  const axes = fresh();
  const [pre] = axes.step([0, 1, 2], [5, 6, 7]);
  const [mid] = axes.step([0, 1, 2], [5, 6, 7], "r--", { where: "mid" });
  expect([pre!.drawstyle, mid!.drawstyle, mid!.stroke.style]).toEqual(["steps-pre", "steps-mid", "--"]);
  expect(() => axes.step([0], [1], { where: "before" as never })).toThrow(ValueError);
});

describe("pie", () => {
  test("has matplotlib's wedges and texts", () => {
    const axes = fresh();
    const { wedges, texts, autotexts } = axes.pie([1, 2, 3], {
      labels: ["a", "b", "c"],
      autopct: "%1.1f%%",
      explode: [0, 0.1, 0],
    });
    expect(wedges.map(({ faces }) => hex(faces[0]!))).toEqual(["#1f77b4", "#ff7f0e", "#2ca02c"]);
    const areas = wedges.map(({ shapes }) => area(shapes[0]!));
    for (const [i, share] of [1 / 6, 1 / 3, 1 / 2].entries()) {
      expect(areas[i]).toBeCloseTo(Math.PI * share, 3);
    }
    expect(texts.map(({ x, y, align }) => [x.toFixed(5), y.toFixed(5), align])).toEqual([
      ["0.95263", "0.55000", "left"],
      ["-0.60000", "1.03923", "right"],
      ["-0.00000", "-1.10000", "right"],
    ]);
    expect(autotexts.map(({ text }) => text)).toEqual(["16.7%", "33.3%", "50.0%"]);
    expect(autotexts.map(({ x, y }) => [x.toFixed(4), y.toFixed(4)]).slice(0, 2)).toEqual([
      ["0.5196", "0.3000"],
      ["-0.3500", "0.6062"],
    ]);
    expect([axes.getXlim(), axes.model.aspect, axes.model.spines.left]).toEqual([
      [-1.25, 1.25],
      "equal",
      false,
    ]);
  });

  test("of a width is a ring", () => {
    const { wedges } = fresh().pie([1], { wedgeprops: { width: 0.5 } });
    expect(area(wedges[0]!.shapes[0]!)).toBeCloseTo(Math.PI * 0.75, 2);
  });

  test("refuses negative shares and bad formats", () => {
    expect(() => fresh().pie([1, -1])).toThrow("must not be negative");
    expect(() => fresh().pie([1], { autopct: "percent" })).toThrow("%1.1f%%");
    expect(() => fresh().pie([1], { labels: ["a", "b"] })).toThrow(ShapeError);
  });
});

describe("boxplot", () => {
  const data = [1, 2, 3, 4, 5, 6, 7, 8, 30];

  test("has notches around the median, as wide there as half of the box", () => {
    const { boxes, medians } = fresh().boxplot([data], { notch: true, widths: 0.4 });
    const [low, high] = [5 - 2.0933333333333333, 5 + 2.0933333333333333];
    const outline = points(boxes[0]!.shapes[0]![0]!);
    const wanted = [
      [0.8, 3],
      [1.2, 3],
      [1.2, low],
      [1.1, 5],
      [1.2, high],
      [1.2, 7],
      [0.8, 7],
      [0.8, high],
      [0.9, 5],
      [0.8, low],
      [0.8, 3],
    ];
    expect(outline).toHaveLength(wanted.length);
    outline.flat().forEach((value, i) => {
      expect(value).toBeCloseTo(wanted.flat()[i]!, 6);
    });
    expect([...medians[0]!.x]).toEqual([0.9, 1.1]);
  });

  test("has matplotlib's statistics, lines and limits", () => {
    const axes = fresh();
    const { statistics, whiskers, caps, boxes, medians, fliers } = axes.boxplot([data, [2, 3, 4]], {
      labels: ["a", "b"],
    });
    expect(statistics[0]).toEqual({
      mean: 7.333333333333333,
      median: 5,
      q1: 3,
      q3: 7,
      // 1.57 · 4 / √9
      notchLow: 5 - 2.0933333333333333,
      notchHigh: 5 + 2.0933333333333333,
      low: 1,
      high: 8,
      fliers: [30],
    });
    expect(whiskers.map(({ y }) => [...y])).toEqual([
      [3, 1],
      [7, 8],
      [2.5, 2],
      [3.5, 4],
    ]);
    expect([...caps[0]!.x]).toEqual([0.9625, 1.0375]);
    expect(points(boxes[0]!.shapes[0]![0]!)).toEqual([
      [0.925, 3],
      [1.075, 3],
      [1.075, 7],
      [0.925, 7],
      [0.925, 3],
    ]);
    expect([[...medians[0]!.y], hex(medians[0]!.stroke.color)]).toEqual([[5, 5], "#ff7f0e"]);
    expect([fliers.map(({ y }) => [...y]), fliers[0]!.marker?.face]).toEqual([[[30], []], undefined]);
    expect(axes.getXlim()).toEqual([0.5, 2.5]);
    expect(axes.getYlim()[0]).toBeCloseTo(-0.45, 12);
    expect(axes.getYlim()[1]).toBeCloseTo(31.45, 12);
    expect(axes.model.x.range.ticks?.labels).toEqual(["a", "b"]);
  });

  test("takes the columns of a matrix, lies down, and ends whiskers at percentiles", () => {
    const axes = fresh();
    const matrix = { shape: [3, 2], dataSync: () => Float64Array.of(1, 10, 2, 20, 3, 30) };
    const { statistics, boxes } = axes.boxplot(matrix, {
      orientation: "horizontal",
      whis: [0, 100],
      patchArtist: true,
    });
    expect(statistics.map(({ median, low, high }) => [median, low, high])).toEqual([
      [2, 1, 3],
      [20, 10, 30],
    ]);
    expect(hex(boxes[0]!.faces[0]!)).toBe("#1f77b4");
    expect(axes.getYlim()).toEqual([0.5, 2.5]);
    expect(() => axes.boxplot([data], { whis: -1 })).toThrow(ValueError);
    expect(() => axes.boxplot([data], { labels: ["a", "b"] })).toThrow(ShapeError);
  });
});

describe("hist2d and pcolormesh", () => {
  test("count as numpy.histogram2d", () => {
    const axes = fresh();
    const [counts, xedges, yedges, mesh] = axes.hist2d([1, 2, 2, 3], [1, 2, 2, 4], { bins: 2 });
    expect([counts, xedges, yedges]).toEqual([
      [
        [1, 0],
        [2, 1],
      ],
      [1, 2, 3],
      [1, 2.5, 4],
    ]);
    expect([mesh.artist.kind, mesh.mappable?.vmax, axes.getXlim(), axes.getYlim()]).toEqual([
      "image",
      2,
      [1, 3],
      [1, 4],
    ]);
    expect(axes.hist2d([1], [1], { bins: [[0, 1, 3], 1] })[3].artist.kind).toBe("bars");
    expect(() => axes.hist2d([1], [1, 2])).toThrow(ShapeError);
  });

  test("cells lie between middles or edges", () => {
    const axes = fresh();
    const { artist } = axes.pcolormesh(
      [0, 1, 2],
      [10, 20],
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      { cmap: "gray" },
    );
    expect([axes.getXlim(), axes.getYlim(), artist.kind]).toEqual([[-0.5, 2.5], [5, 25], "image"]);
    const uneven = axes.pcolormesh([0, 1, 3], [0, 1], [[1, 2]]);
    expect([...(uneven.artist as { x1: Float64Array }).x1]).toEqual([1, 3]);
    expect(() => axes.pcolormesh([0, 1], [0, 1, 2, 3], [[1, 2]])).toThrow(ShapeError);
  });
});

describe("heatmap", () => {
  test("writes its numbers, dark on light", () => {
    const figure = new Figure(1);
    const { texts } = figure.heatmap(
      [
        [0, 0.12345],
        [1, 12],
      ],
      { annot: true, xticklabels: ["p", "q"], cmap: "gray" },
    );
    expect(texts.map(({ text, x, y }) => [text, x, y])).toEqual([
      ["0", 0, 0],
      ["0.123", 1, 0],
      ["1", 0, 1],
      ["12", 1, 1],
    ]);
    expect(texts.map(({ color }) => hex(color))).toEqual(["#ffffff", "#ffffff", "#ffffff", "#262626"]);
    expect(figure.axes).toHaveLength(2);
    expect(figure.axes[0]!.model.x.range.ticks?.labels).toEqual(["p", "q"]);
    expect(() => figure.heatmap([[1]], { annot: [["a", "b"]] })).toThrow(ShapeError);
  });
});

describe("what people who train look at", () => {
  test("a confusion matrix of class numbers, one-hot rows or probabilities", () => {
    const figure = new Figure(1);
    const counts = figure.confusionMatrix(
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
      [
        [0.8, 0.1, 0.1],
        [0.2, 0.5, 0.3],
        [0.6, 0.3, 0.1],
        [0, 0, 1],
      ],
    );
    expect(counts).toEqual([
      [1, 0, 0],
      [1, 1, 0],
      [0, 0, 1],
    ]);
    expect([figure.axes[0]!.model.x.label, figure.axes[0]!.model.y.label]).toEqual(["predicted", "true"]);
    expect(new Figure(2).confusionMatrix([0, 1, 1], [0.2, 0.7, 0.4], { cbar: false })).toEqual([
      [1, 0],
      [1, 1],
    ]);
    expect(new Figure(3).confusionMatrix([0, 1, 1], [0, 1, 0], { normalize: "true" })).toEqual([
      [1, 0],
      [0.5, 0.5],
    ]);
    expect(() => new Figure(4).confusionMatrix([0, 2], [0, 1], { labels: ["a", "b"] })).toThrow(ShapeError);
    expect(() => new Figure(4).confusionMatrix([0, -1], [0, 1])).toThrow(ValueError);
  });
});

describe("clabel", () => {
  test("writes each level once into its line, which has a gap there", async () => {
    const figure = new Figure(1);
    const axes = figure.addSubplot(1, 1, 1);
    const z = Array.from({ length: 21 }, (_, i) => Array.from({ length: 21 }, () => i));
    const lines = axes.contour(z, [5, 10, 15], { colors: "k" });
    axes.clabel(lines, { fmt: "at %1.1f", fontsize: 9 });
    const svg = await figure.toSVG();
    for (const text of ["at 5.0", "at 10.0", "at 15.0"]) expect(svg.split(`>${text}</text>`)).toHaveLength(2);
    // Level lines of a slope are level: the numbers are not turned, and their line is in two pieces.
    expect(lines.artists.map(({ labels }) => labels?.text)).toEqual(["at 5.0", "at 10.0", "at 15.0"]);
    expect(svg).toMatch(/d="M[\d.,]+L[\d.,LM]*M[\d.,]+L[^"]*"[^>]*stroke="#000000"/);
  });

  test("refuses bands, and levels that are none", () => {
    const z = [
      [0, 1],
      [2, 3],
    ];
    const axes = fresh();
    expect(() => axes.clabel(axes.contourf(z, [0, 1, 2]))).toThrow("bands");
    expect(() => axes.clabel(axes.contour(z, [1]), { levels: [2] })).toThrow("Received: 2");
    expect(() => axes.clabel(axes.contour(z, [1]), { fmt: "x" })).toThrow("clabel");
  });
});
