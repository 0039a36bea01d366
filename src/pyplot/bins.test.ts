import { expect, test } from "vitest";
import { ValueError } from "../engine/tensor/errors.ts";
import { binCounts, binEdges } from "./bins.ts";

const values = Float64Array.of(1, 2, 2, 3, 3, 3, 4.5, Number.NaN);

test("equal bins, as numpy.histogram counts them", () => {
  const edges = binEdges("hist", values, 4, undefined);
  expect([...edges]).toEqual([1, 1.875, 2.75, 3.625, 4.5]);
  expect([...binCounts(values, edges, false)]).toEqual([1, 2, 3, 1]);
});

test("given edges, as a density", () => {
  const edges = binEdges("hist", values, [0, 2, 3, 5], undefined);
  const density = binCounts(values, edges, true);
  expect(density[0]).toBeCloseTo(0.07142857, 7);
  expect(density[1]).toBeCloseTo(0.28571429, 7);
  expect(density[2]).toBeCloseTo(0.28571429, 7);
});

test("one value gets room around it", () => {
  expect([...binEdges("hist", Float64Array.of(5), 2, undefined)]).toEqual([4.5, 5, 5.5]);
});

test.each([[0], [1.5], [[3, 1]], [[1]], ["ten"]])("bins %j are refused", (bins) => {
  expect(() => binEdges("hist", values, bins, undefined)).toThrow(ValueError);
});
