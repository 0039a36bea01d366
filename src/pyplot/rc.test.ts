import { afterEach, describe, expect, test } from "vitest";
import { ValueError } from "../engine/tensor/errors.ts";
import { hex, parseColor } from "./color.ts";
import * as plt from "./index.ts";

afterEach(() => {
  plt.rcdefaults();
  plt.close("all");
});

describe("rcParams", () => {
  test("are checked when they are set, and sealed", () => {
    plt.rcParams["grid.linestyle"] = ":";
    expect(() => {
      plt.rcParams["axes.facecolor"] = "nocolour";
    }).toThrow('rcParams["axes.facecolor"]');
    expect(() => {
      plt.rcParams["figure.figsize"] = [1, 0];
    }).toThrow("two positive numbers of inches");
    expect(() => {
      plt.rcParams["axes.grid"] = 1 as never;
    }).toThrow("true or false");
    expect(() => Object.assign(plt.rcParams, { "axes.gird": true })).toThrow(TypeError);
    expect(() => plt.rc("axes", { gird: true })).toThrow('Did you mean "axes.grid"?');
    expect([plt.rcParams["axes.facecolor"], plt.rcParams["grid.linestyle"]]).toEqual(["white", ":"]);
  });

  test("count for the axes that are made afterwards", () => {
    const before = plt.figure().gca();
    plt.rc("lines", { linewidth: 3, markersize: 9 });
    plt.rc("axes", { prop_cycle: ["red", "#00ff00"], grid: true });
    const after = plt.figure().gca();
    const width = (axes: plt.Axes): number | undefined => axes.plot([1, 2])[0]?.stroke.width;
    expect([width(before), width(after)]).toEqual([1.5, 3]);
    const [next] = after.plot([1], "o");
    expect([hex(next!.stroke.color), next!.marker?.size]).toEqual(["#00ff00", 9]);
    expect([before.model.x.grid, after.model.x.grid?.stroke.width]).toEqual([undefined, 0.8]);
    expect(hex(parseColor("", "C0"))).toBe("#ff0000");
  });

  test("words for sizes are relative to the font size", () => {
    plt.rcParams["font.size"] = 20;
    const { model } = plt.gca();
    expect([model.titleSize, model.x.labelSize, model.x.tickSize]).toEqual([24, 20, 20]);
    plt.title("t", { fontsize: "x-large" });
    expect(model.titleSize).toBeCloseTo(28.8, 12);
    expect(() => plt.title("t", { fontsize: "huge" as never })).toThrow(ValueError);
  });
});

describe("style", () => {
  test("ggplot is grey with white lines", async () => {
    plt.style.use("ggplot");
    plt.plot([1, 2, 3]);
    const svg = await plt.gcf().toSVG();
    expect(svg).toContain('fill="#e5e5e5"');
    expect(svg).toContain('stroke="#e24a33"');
    expect(svg.match(/<line[^>]*stroke="#ffffff"/g)!.length).toBeGreaterThan(8);
  });

  test("dark_background writes white on black", async () => {
    plt.style.use("dark_background");
    plt.title("dark");
    const svg = await plt.gcf().toSVG();
    expect(svg).toMatch(/<rect width="640" height="480" fill="#000000"/);
    expect(svg).toMatch(/fill="#ffffff"[^>]*>dark</);
  });

  test.each(plt.style.available)("%s has good settings", (name) => {
    plt.style.use(name);
    plt.gca().plot([1, 2]);
    expect(plt.gca().model.artists).toHaveLength(1);
  });

  test("context goes back, also after errors and promises", async () => {
    const inside = plt.style.context("bmh", () => plt.rcParams["lines.linewidth"]);
    expect([inside, plt.rcParams["lines.linewidth"]]).toEqual([2, 1.5]);
    expect(() =>
      plt.style.context("bmh", () => {
        throw new ValueError("no");
      }),
    ).toThrow("no");
    expect(plt.rcParams["lines.linewidth"]).toBe(1.5);
    const later = plt.style.context("bmh", async () => {
      await Promise.resolve();
      return plt.rcParams["lines.linewidth"];
    });
    expect([await later, plt.rcParams["lines.linewidth"]]).toEqual([2, 1.5]);
  });

  test("a sheet that is refused changes nothing", () => {
    expect(() => plt.style.use([{ "lines.linewidth": 5 }, { "axes.gird": true } as never])).toThrow(
      ValueError,
    );
    expect(plt.rcParams["lines.linewidth"]).toBe(1.5);
  });
});
