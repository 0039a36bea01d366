/** Values as text. */
import { expect, test } from "vitest";
import { inspect } from "./inspect.ts";

test.each<[unknown, string]>([
  ["a", '"a"'],
  [-0, "-0"],
  [12n, "12n"],
  [undefined, "undefined"],
  [[1, "b", [true]], '[ 1, "b", [ true ] ]'],
  [{ a: 1, "b-c": null }, '{ a: 1, "b-c": null }'],
  [{ a: { b: { c: { d: 1 } } } }, "{ a: { b: { c: [Object] } } }"],
  [new Float32Array([0.5, 2]), "Float32Array(2) [ 0.5, 2 ]"],
  [new Map([["k", 1]]), 'Map(1) { "k" => 1 }'],
  [new Set([1]), "Set(1) { 1 }"],
  [class A {}, "[class A]"],
  [Math.max, "[Function max]"],
  [Array.from({ length: 101 }, () => 0).slice(0, 0), "[]"],
])("%o", (value, expected) => {
  expect(inspect(value)).toBe(expected);
});

test("circles, long lists and objects that speak for themselves", () => {
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  expect(inspect(circle)).toBe("{ self: [Circular] }");
  expect(inspect(Array(102).fill(7))).toContain("… 2 more");
  expect(inspect({ [Symbol.for("nodejs.util.inspect.custom")]: () => "me" })).toBe("me");
});
