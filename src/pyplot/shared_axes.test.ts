import { afterEach, describe, expect, test } from "vitest";
import { ValueError } from "../engine/tensor/errors.ts";
import * as plt from "./index.ts";

afterEach(() => plt.close("all"));

const texts = (svg: string): string[] => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map((match) => match[1]!);

/** Places and sizes of the boxes of all axes, as fractions of the figure counted from its left bottom, as in matplotlib. */
async function boxes(figure: plt.Figure): Promise<number[][]> {
  const svg = await figure.toSVG();
  const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg)!.map(Number);
  const pattern =
    /<g transform="translate\((\d+),(\d+)\)"><path class="background"[^>]*d="M0[.\d]*,0[.\d]*h(\d+)v(\d+)/g;
  return [...svg.matchAll(pattern)].slice(1).map((match) => {
    const [x, y, w, h] = match.slice(1, 5).map(Number) as [number, number, number, number];
    return [x / width!, 1 - (y + h) / height!, (x + w) / width!, 1 - y / height!];
  });
}

describe("twin axes", () => {
  test("share x with all that is drawn on either, and have a y of their own", () => {
    const [figure, ax] = plt.subplots();
    ax.plot([0, 1], [0, 1]);
    const twin = figure.twinx(ax);
    twin.plot([0, 2], [5, 10]);
    for (const axes of [ax, twin]) {
      expect(axes.getXlim()[0]).toBeCloseTo(-0.1, 12);
      expect(axes.getXlim()[1]).toBeCloseTo(2.1, 12);
    }
    expect(ax.getYlim()).toEqual([-0.05, 1.05]);
    expect(twin.getYlim()).toEqual([4.75, 10.25]);
    twin.setXlim(0, 1);
    expect(ax.getXlim()).toEqual([0, 1]);
  });

  test("have ticks at the right, and those of x once", async () => {
    const figure = plt.figure();
    const ax = figure.gca();
    ax.plot([0, 2], [0, 1]);
    const twin = figure.twinx();
    twin.plot([0, 2], [5000, 5001]);
    twin.setYlabel("right");
    const svg = await figure.toSVG();
    expect(texts(svg).filter((text) => text === "1.75")).toHaveLength(1);
    expect(texts(svg)).toContain("5000.8");
    // The axis begins at the right side of the box, 496 pixels wide, and its label is written upwards after it.
    expect(svg).toMatch(/role-axis[^>]*><g transform="translate\(496\.5,0\.5\)">/);
    const [, across] = /<text[^>]*transform="translate\(([\d.]+)[^>]*>right</.exec(svg)!.map(Number);
    expect(across).toBeGreaterThan(50);
  });

  test("twiny has its numbers at the top", () => {
    const figure = plt.figure();
    figure.gca().plot([0, 1], [0, 1]);
    const twin = figure.twiny();
    expect([twin.model.x.side, twin.model.y.visible, twin.getYlim()]).toEqual(["top", false, [-0.05, 1.05]]);
  });
});

describe("subplots that share axes", () => {
  test("have common ends, and numbers at the outer ones only", async () => {
    const [figure, [[a, b], [c, d]]] = plt.subplots(2, 2, { sharex: true, sharey: "row" });
    a.plot([0, 1], [0, 1]);
    b.plot([0, 10], [0, 100]);
    c.plot([0, 1], [0, 7]);
    for (const axes of [a, b, c, d]) expect(axes.getXlim()).toEqual([-0.5, 10.5]);
    expect(a.getYlim()).toEqual([-5, 105]);
    expect(d.getYlim()).toEqual(c.getYlim());
    expect(c.getYlim()[1]).toBeCloseTo(7.35, 12);
    const found = texts(await figure.toSVG());
    expect(found.filter((text) => text === "10.0")).toHaveLength(2);
    expect(found.filter((text) => text === "100")).toHaveLength(1);
  });

  test("clearing one keeps what it shares", () => {
    const [, [a, b]] = plt.subplots(1, 2, { sharex: true });
    a.setXlim(3, 4);
    b.clear();
    expect(b.getXlim()).toEqual([3, 4]);
  });

  test("a word that is none is refused", () => {
    expect(() => plt.subplots(1, 2, { sharex: "rows" as never })).toThrow(ValueError);
  });
});

describe("a colour bar", () => {
  // The numbers are matplotlib 3.6's, to a pixel.
  test("stands right of an image, as matplotlib places both", async () => {
    const [figure, ax] = plt.subplots();
    const image = ax.imshow(Array.from({ length: 5 }, (_, i) => Array.from({ length: 9 }, (_, j) => i + j)));
    const bar = figure.colorbar(image);
    const [main, side] = await boxes(figure);
    for (const [i, value] of [0.125, 0.26537, 0.745, 0.72463].entries()) {
      expect(Math.abs(main![i]! - value)).toBeLessThan(0.003);
    }
    for (const [i, value] of [0.78375, 0.11, 0.812625, 0.88].entries()) {
      expect(Math.abs(side![i]! - value)).toBeLessThan(0.003);
    }
    expect(bar.getYlim()).toEqual([0, 12]);
    expect(figure.gca()).toBe(ax);
  });

  test("stands under points", async () => {
    const [figure, ax] = plt.subplots();
    const dots = ax.scatter([1, 2], [1, 2], { c: [0, 1] });
    const bar = figure.colorbar(dots, { orientation: "horizontal", label: "q" });
    const [main, under] = await boxes(figure);
    for (const [i, value] of [0.125, 0.341, 0.9, 0.88].entries())
      expect(Math.abs(main![i]! - value)).toBeLessThan(0.003);
    for (const [i, value] of [0.125, 0.173833, 0.9, 0.2255].entries())
      expect(Math.abs(under![i]! - value)).toBeLessThan(0.003);
    expect([bar.getXlim(), bar.model.x.label]).toEqual([[0, 1], "q"]);
  });

  test("of a logarithmic norm has a logarithmic axis", () => {
    const image = plt.imshow([[1, 10, 100]], { norm: "log", cmap: "gray" });
    expect([...image.rgba].filter((_, i) => i % 4 === 0)).toEqual([0, 128, 255]);
    expect(plt.colorbar(image).model.y.range.scale).toBe("log");
  });

  test("needs numbers", () => {
    const picture = plt.imshow([[[1, 0, 0]]]);
    expect(() => plt.colorbar(picture)).toThrow("colorbar needs colours that come from numbers");
    expect(plt.gcf().axes).toHaveLength(1);
    const image = plt.imshow([[1]]);
    expect(() => plt.colorbar(image, { location: "left" } as never)).toThrow(ValueError);
    expect(plt.colorbar(image).getYlim()).toEqual([0.5, 1.5]);
  });
});

describe("tight layout", () => {
  test("gives the right axis of twins its room", async () => {
    const [figure, ax] = plt.subplots();
    ax.plot([0, 1], [0, 1]);
    const twin = figure.twinx();
    twin.plot([0, 1], [0, 1]);
    twin.setYlabel("right");
    figure.tightLayout();
    const [box] = await boxes(figure);
    // Label, numbers and ticks take about 50 of 640 pixels, and 15 stay free.
    expect(box![2]).toBeGreaterThan(0.88);
    expect(box![2]).toBeLessThan(0.92);
  });
});
