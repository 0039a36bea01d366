import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { IndexError, ValueError } from "../engine/tensor/errors.ts";
import type { Axes } from "./axes.ts";
import { Figure } from "./figure.ts";

const folder = mkdtempSync(join(tmpdir(), "tsuno-figure-"));
afterAll(() => rmSync(folder, { recursive: true }));

const count = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;
const texts = (svg: string): string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]!);

/** Width and height from the header of a PNG. */
function pngSize(png: Uint8Array): [number, number] {
  const view = new DataView(png.buffer, png.byteOffset);
  return [view.getUint32(16), view.getUint32(20)];
}

/** How many pixels of a PNG, decoded by resvg, are dark within a box. */
async function darkPixels(
  png: Uint8Array,
  x: number,
  y: number,
  width: number,
  height: number,
): Promise<number> {
  const { Resvg } = await import("@resvg/resvg-js");
  const [w, h] = pngSize(png);
  const href = `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}"><image width="${w}" height="${h}" href="${href}"/></svg>`;
  const { pixels } = new Resvg(svg).render();
  let dark = 0;
  for (let row = y; row < y + height; row++) {
    for (let column = x; column < x + width; column++) {
      const at = 4 * (row * w + column);
      if (pixels[at]! + pixels[at + 1]! + pixels[at + 2]! < 300) dark++;
    }
  }
  return dark;
}

// The first drawing loads Vega; keep that out of the times of single tests.
beforeAll(() => new Figure(1).toSVG());

describe("the SVG of a line", () => {
  let svg = "";
  beforeAll(async () => {
    const figure = new Figure(1);
    const axes = figure.gca();
    const x = Float64Array.from({ length: 100 }, (_, i) => (i * 2 * Math.PI) / 99);
    axes.plot(x, x.map(Math.sin), { label: "sin" });
    axes.plot(x, x.map(Math.cos), "r--");
    axes.setTitle("Waves & more");
    axes.setXlabel("angle");
    axes.setYlabel("value");
    axes.legend();
    svg = await figure.toSVG();
  });

  test("has matplotlib's size", () => {
    expect(svg).toContain('width="640" height="480" viewBox="0 0 640 480"');
  });

  test("has matplotlib's tick labels, then title and axis labels", () => {
    expect(texts(svg)).toEqual([
      ..."0 1 2 3 4 5 6 angle".split(" "),
      ..."−1.00 −0.75 −0.50 −0.25 0.00 0.25 0.50 0.75 1.00 value".split(" "),
      "Waves &amp; more",
      "sin",
    ]);
    expect(svg).toContain("DejaVu Sans");
  });

  test("has one path of 100 points for each line, in its colour, 1.5 points wide", () => {
    const lines = [...svg.matchAll(/<path d="(M[^"]*)" stroke="(#[0-9a-f]{6})"([^>]*)>/g)];
    const curves = lines.filter(([, d]) => count(d!, /[ML]/g) === 100);
    expect(curves.map((match) => match[2])).toEqual(["#1f77b4", "#ff0000"]);
    expect(curves[0]?.[3]).toContain('stroke-width="2.083');
    expect(curves[1]?.[3]).toContain("stroke-dasharray");
  });

  test("starts and ends a twentieth within the box", () => {
    const d = /d="M([\d.]+),[^"]*L([\d.]+),[\d.]+" stroke="#1f77b4"/.exec(svg);
    expect(Number(d?.[1])).toBeCloseTo(496 / 22, 1);
    expect(Number(d?.[2])).toBeCloseTo(496 - 496 / 22, 1);
  });

  test("names its clips by its content, so that pictures in one page do not share them", async () => {
    const id = /id="(f\w+-clip\d+)"/.exec(svg)?.[1];
    expect(svg).toContain(`url(#${id})`);
    expect(await new Figure(1).toSVG()).not.toContain(`${id}"`);
  });
});

test("NaN breaks a line", async () => {
  const figure = new Figure(1);
  figure.gca().plot([1, 2, Number.NaN, 3, 4]);
  const d = /d="(M[^"]*)" stroke="#1f77b4"/.exec(await figure.toSVG())?.[1] ?? "";
  expect([count(d, /M/g), count(d, /L/g)]).toEqual([2, 2]);
});

test("every kind of artist leaves its marks", async () => {
  const figure = new Figure(1, { figsize: [8, 6] });
  const [[a, b], [c, d]] = figure.subplots(2, 2);
  a.hist([1, 2, 2, 3, 3, 3], { bins: 3, color: "C2" });
  b.bar(["apples", "pears"], [3, 5], { color: ["#112233", "#445566"] });
  b.axhline(4, { color: "#abcdef", linestyle: ":" });
  c.scatter([1, 2, 3], [1, 2, 3], { c: [0, 1, 2], s: [20, 40, 60] });
  c.fillBetween([1, 2], [1, 2], 0, { color: "#fedcba" });
  c.text(2, 2, "here");
  d.imshow([
    [0, 1],
    [2, 3],
  ]);
  figure.suptitle("All");
  figure.tightLayout();
  const svg = await figure.toSVG();
  expect(svg).toContain('width="800" height="600"');
  expect(count(svg, /<path[^>]*fill="#2ca02c"/g)).toBe(3);
  expect(count(svg, /fill="#112233"|fill="#445566"/g)).toBe(2);
  expect(count(svg, /stroke="#abcdef"/g)).toBe(1);
  expect(count(svg, /fill="#440154"|fill="#21918c"|fill="#fde725"/g)).toBe(3);
  expect(count(svg, /fill="#fedcba"/g)).toBe(1);
  expect(count(svg, /<image[^>]*href="data:image\/png;base64/g)).toBe(1);
  expect(texts(svg)).toEqual(expect.arrayContaining(["apples", "pears", "here", "All"]));
});

test("a logarithmic axis shows powers of ten, also below bars", async () => {
  const figure = new Figure(1);
  figure.gca().bar([1, 2], [10, 1000]);
  figure.gca().setYscale("log");
  const svg = await figure.toSVG();
  expect(texts(svg)).toEqual(expect.arrayContaining(["10¹", "10²", "10³"]));
  expect(svg).not.toContain("NaN");
  expect(svg).not.toContain("Infinity");
});

test("two curves of 2,000 points are drawn within 300 ms", async () => {
  const figure = new Figure(1);
  const loss = Float64Array.from({ length: 2000 }, (_, i) => Math.exp(-i / 300));
  figure.gca().plot(loss, { label: "loss" });
  figure.gca().plot(
    loss.map((v) => v + 0.01),
    { label: "val_loss" },
  );
  figure.gca().legend();
  // Time of computing, the quickest of three: what else runs on the machine does not count.
  let [svg, quickest] = ["", Number.POSITIVE_INFINITY];
  for (let i = 0; i < 3; i++) {
    const start = process.cpuUsage();
    svg = await figure.toSVG();
    const { user, system } = process.cpuUsage(start);
    quickest = Math.min(quickest, (user + system) / 1000);
  }
  expect(quickest).toBeLessThan(300);
  expect(texts(svg)).toEqual(expect.arrayContaining(["loss", "val_loss", "250", "2000"]));
});

describe("the legend", () => {
  const frameOf = async (draw: (axes: Axes) => void): Promise<[number, number]> => {
    const figure = new Figure(1);
    draw(figure.gca());
    figure.gca().legend();
    const path = /<path[^>]*d="M([\d.]+),([\d.]+)[^"]*"[^>]*stroke="#cccccc"/.exec(await figure.toSVG());
    return [Number(path?.[1]), Number(path?.[2])];
  };

  test("avoids the curves", async () => {
    const [risingX, risingY] = await frameOf((axes) => axes.plot([0, 1, 2, 3, 4], { label: "up" }));
    expect(risingX).toBeLessThan(20);
    expect(risingY).toBeLessThan(20);
    const [fallingX, fallingY] = await frameOf((axes) => axes.plot([4, 3, 2, 1, 0], { label: "down" }));
    expect(fallingX).toBeGreaterThan(400);
    expect(fallingY).toBeLessThan(20);
  });
});

describe("the PNG", () => {
  const figure = new Figure(1);
  figure.gca().setTitle("MMMM");
  figure.gca().setXticks([]);
  figure.gca().setYticks([]);

  test("has the figure's size, or more at a higher dpi", async () => {
    expect(pngSize(await figure.toPNG())).toEqual([640, 480]);
    expect(pngSize(await figure.toPNG({ dpi: 150 }))).toEqual([960, 720]);
  });

  test("has the text", async () => {
    // Above the box there is nothing but the title, in the middle of 80 to 576.
    const png = await figure.toPNG();
    expect(await darkPixels(png, 290, 30, 80, 24)).toBeGreaterThan(100);
    expect(await darkPixels(png, 80, 30, 150, 24)).toBe(0);
  });

  test("keeps the pixels of pictures sharp", async () => {
    const sharp = new Figure(1);
    sharp.gca().imshow([[0, 1]], { cmap: "gray" });
    sharp.gca().axis("off");
    const png = await sharp.toPNG();
    const dark = await darkPixels(png, 80, 58, 496, 369);
    expect(dark).toBe(248 * 248);
  });
});

describe("savefig", () => {
  const figure = new Figure(1);
  figure.gca().plot([1, 2, 3]);

  test("goes by the extension or the format", async () => {
    await figure.savefig(join(folder, "a.svg"));
    await figure.savefig(join(folder, "a.png"), { dpi: 200 });
    await figure.savefig(join(folder, "noextension"), { format: "png" });
    expect(readFileSync(join(folder, "a.svg"), "utf8").startsWith("<svg")).toBe(true);
    expect(pngSize(readFileSync(join(folder, "a.png")))).toEqual([1280, 960]);
    expect(pngSize(readFileSync(join(folder, "noextension")))).toEqual([640, 480]);
  });

  test("cuts to what is drawn", async () => {
    await figure.savefig(join(folder, "tight.png"), { bboxInches: "tight" });
    const [width, height] = pngSize(readFileSync(join(folder, "tight.png")));
    expect(width).toBeGreaterThan(540);
    expect(width).toBeLessThan(570);
    expect(height).toBeGreaterThan(400);
    expect(height).toBeLessThan(425);
  });

  test("does not show what is drawn after the call", async () => {
    const early = new Figure(1);
    early.gca().setTitle("early");
    const saving = early.savefig(join(folder, "early.svg"));
    early.gca().setTitle("late");
    await saving;
    expect(texts(readFileSync(join(folder, "early.svg"), "utf8"))).toContain("early");
  });

  test("leaves the background out when asked", async () => {
    await figure.savefig(join(folder, "clear.svg"), { transparent: true });
    expect(readFileSync(join(folder, "clear.svg"), "utf8")).not.toContain('fill="white"');
  });

  test.each([["a.jpg"], ["a"], [7 as never]])("refuses %j", async (path) => {
    await expect(figure.savefig(path)).rejects.toThrow(ValueError);
  });

  test("refuses unknown options", async () => {
    await expect(figure.savefig("a.png", { DPI: 100 } as never)).rejects.toThrow('Did you mean "dpi"?');
  });
});

describe("subplots", () => {
  test("are counted from 1 along the rows, and found again", () => {
    const figure = new Figure(1);
    const axes = figure.addSubplot(2, 3, 5);
    expect(axes.model.cell).toEqual({ rows: 2, columns: 3, row: 1, column: 1 });
    expect(figure.addSubplot(235)).toBe(axes);
    expect(figure.gca()).toBe(axes);
    expect(() => figure.addSubplot(2, 3, 7)).toThrow(IndexError);
    expect(() => figure.addSubplot(0, 1, 1)).toThrow(ValueError);
  });

  test("stand where matplotlib puts them", async () => {
    const figure = new Figure(1);
    figure.subplots(2, 2);
    const svg = await figure.toSVG();
    const places = [
      ...svg.matchAll(
        /<g transform="translate\((\d+),(\d+)\)"><path class="background"[^>]*d="M0[.\d]*,0[.\d]*h(\d+)v(\d+)/g,
      ),
    ];
    // 0.125, 0.9 and 0.11, 0.88 of the figure, gaps of a fifth of a cell.
    expect(places.slice(1).map((match) => match.slice(1, 5).map(Number))).toEqual([
      [80, 58, 225, 168],
      [351, 58, 225, 168],
      [80, 259, 225, 168],
      [351, 259, 225, 168],
    ]);
  });
});

describe("notebooks", () => {
  test("get SVG, PNG and a line of text", async () => {
    const figure = new Figure(1);
    figure.gca().plot([1, 2]);
    const display = (figure as unknown as Record<symbol, () => Promise<Record<string, string>>>)[
      Symbol.for("Jupyter.display")
    ];
    const bundle = await display!.call(figure);
    expect(Object.keys(bundle).toSorted()).toEqual(["image/png", "image/svg+xml", "text/plain"]);
    expect(bundle["text/plain"]).toBe("<Figure size 640x480 with 1 Axes>");
    // Cut to what is drawn, as Jupyter does: the box of 496 by 370 pixels with its labels, and a tenth of an inch around.
    const [width, height] = pngSize(Buffer.from(bundle["image/png"]!, "base64"));
    expect(bundle["image/svg+xml"]).toContain(`<svg xmlns="http://www.w3.org/2000/svg"`);
    expect(bundle["image/svg+xml"]).toContain(`viewBox="0 0 ${width} ${height}"`);
    expect([width > 516 && width < 580, height > 390 && height < 430]).toEqual([true, true]);
  });
});

test.each([[[0, 1]], [[1]], [[1, Number.NaN]]])("the size %j is refused", (figsize) => {
  expect(() => new Figure(1, { figsize: figsize as never })).toThrow(ValueError);
});
