// What Python's str.format gives.
import { describe, expect, test } from "vitest";
import { ValueError } from "../../engine/index.ts";
import { formatPython } from "./python_format.ts";

describe("formatPython", () => {
  test.each([
    ["{v:05.1f}", 3.14159, "003.1"],
    ["{v:+d}", 5, "+5"],
    ["{v:.3e}", 12345.678, "1.235e+04"],
    ["{v:g}", 1.234e-5, "1.234e-05"],
    ["{v:g}", 123456789, "1.23457e+08"],
    ["{v:g}", 0.5, "0.5"],
    ["{v:.2%}", 0.1234, "12.34%"],
    ["{v:,}", 1234567, "1,234,567"],
    ["{v:,.2f}", 1234567.891, "1,234,567.89"],
    ["{v:>6}", 42, "    42"],
    ["{v:<6}|", 42, "42    |"],
    ["{v:^6}|", 42, "  42  |"],
    ["{v:06d}", -42, "-00042"],
    ["{v:x}", 255, "ff"],
    ["{v:*^7.1f}", 2.5, "**2.5**"],
    ["{v:.4}", 3.14159, "3.142"],
    ["{v:d}", 7, "7"],
    ["{v: d}", 7, " 7"],
    ["{v:.0f}", 2.6, "3"],
    ["{{{v:02d}}}", 3, "{03}"],
  ] as const)("%s with %s", (template, v, expected) => {
    expect(formatPython(template, { v })).toBe(expected);
  });

  test("texts, and what is wrong", () => {
    expect(formatPython("{a:>4}{b}", { a: "x", b: "y" })).toBe("   xy");
    expect(() => formatPython("{c}", { a: 1 })).toThrow(/There is no "c"; there are: a/);
    expect(() => formatPython("{a", { a: 1 })).toThrow(ValueError);
    expect(() => formatPython("{a:zz}", { a: 1 })).toThrow(/Invalid format/);
    expect(() => formatPython("{a:d}", { a: 1.5 })).toThrow(ValueError);
  });
});
