import { describe, expect, test } from "vitest";
import { ValueError } from "../engine/tensor/errors.ts";
import { hex } from "./color.ts";
import { dashes, parseFormat, parseLineStyle, parseMarker } from "./styles.ts";

describe("format strings", () => {
  test.each([
    ["r--o", "#ff0000", "--", "o"],
    ["o", undefined, "none", "o"],
    ["k-", "#000000", "-", undefined],
    ["-.g", "#008000", "-.", undefined],
    [":C3s", "#d62728", ":", "s"],
    ["tab:olive", "#bcbd22", undefined, undefined],
    ["", undefined, undefined, undefined],
  ])("%j", (format, color, linestyle, marker) => {
    const parsed = parseFormat("plot", format);
    expect(parsed.color && hex(parsed.color)).toBe(color);
    expect(parsed.linestyle).toBe(linestyle);
    expect(parsed.marker).toBe(marker);
  });

  test.each(["q", "rb", "--:", "ox"])("%j is refused", (format) => {
    expect(() => parseFormat("plot", format)).toThrow(ValueError);
  });
});

test("line styles go by symbol or word, and suggest", () => {
  expect(parseLineStyle("plot", "dashed")).toBe("--");
  expect(() => parseLineStyle("plot", "dahsed")).toThrow('Did you mean "dashed"?');
});

test("dashes scale with the width", () => {
  expect(dashes("--", 2)).toEqual([7.4, 3.2]);
  expect(dashes("-", 2)).toBeUndefined();
});

test("unknown markers are refused", () => {
  expect(parseMarker("plot", "none")).toBeUndefined();
  expect(() => parseMarker("plot", "constructor")).toThrow(ValueError);
});
