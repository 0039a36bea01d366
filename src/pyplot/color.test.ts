import { describe, expect, test } from "vitest";
import { ValueError } from "../engine/tensor/errors.ts";
import { cycleColor, hex, parseColor } from "./color.ts";
import { colormap } from "./colormap.ts";

describe("colours", () => {
  test.each([
    ["r", "#ff0000"],
    ["tab:blue", "#1f77b4"],
    ["C1", "#ff7f0e"],
    ["C10", "#1f77b4"],
    ["SteelBlue", "#4682b4"],
    ["yellowgreen", "#9acd32"],
    ["#abc", "#aabbcc"],
    ["0.5", "#808080"],
  ])("%s is %s", (name, expected) => {
    expect(hex(parseColor("plot", name))).toBe(expected);
  });

  test("take numbers from 0 to 1, and opacity", () => {
    expect(parseColor("plot", [1, 0.5, 0, 0.25])).toEqual({ r: 255, g: 127.5, b: 0, a: 0.25 });
    expect(parseColor("plot", "#11223380").a).toBeCloseTo(0.502, 3);
    expect(parseColor("plot", "none").a).toBe(0);
  });

  test("that are none are refused with a suggestion", () => {
    expect(() => parseColor("plot: color", "gren")).toThrow(
      'plot: color: "gren" is not a colour. Did you mean "green"?',
    );
    expect(() => parseColor("plot", [1, 2, 3])).toThrow(ValueError);
    expect(() => parseColor("plot", "")).toThrow(ValueError);
  });

  test("come in matplotlib's cycle of ten", () => {
    expect([0, 1, 9, 10].map((i) => hex(cycleColor(i)))).toEqual([
      "#1f77b4",
      "#ff7f0e",
      "#17becf",
      "#1f77b4",
    ]);
  });
});

describe("colour maps", () => {
  // Values of matplotlib.colormaps["viridis"] at 0, 64, 128, 191 and 255 of 255.
  test.each([
    [0, [68, 1, 84]],
    [64 / 255, [59, 82, 139]],
    [128 / 255, [33, 145, 140]],
    [191 / 255, [92, 200, 99]],
    [1, [253, 231, 37]],
  ] as const)("viridis at %d is %j", (at, [r, g, b]) => {
    const color = colormap("imshow", "viridis")(at);
    for (const [have, want] of [
      [color.r, r],
      [color.g, g],
      [color.b, b],
    ] as const) {
      expect(Math.abs(have - want)).toBeLessThanOrEqual(2);
    }
  });

  test("clamp, reverse, and show nothing for NaN", () => {
    expect(colormap("imshow", "gray")(2)).toEqual({ r: 255, g: 255, b: 255, a: 1 });
    expect(colormap("imshow", "gray_r")(0)).toEqual({ r: 255, g: 255, b: 255, a: 1 });
    expect(colormap("imshow", "gray")(Number.NaN).a).toBe(0);
  });

  test("that are unknown are refused with a suggestion", () => {
    expect(() => colormap("imshow: cmap", "virdis")).toThrow('Did you mean "viridis"?');
  });
});
