// Options and configs of Discretization; its numbers are compared with Keras in test/parity.
import { expect, test } from "vitest";
import { Discretization, deserialize, serialize } from "../index.ts";

test("takes borders or a number of bins, not both", () => {
  expect(() => new Discretization({})).toThrow("either binBoundaries");
  expect(() => new Discretization({ numBins: 3, binBoundaries: [0, 1] })).toThrow("either binBoundaries");
});

test("an adapted layer comes back from its config with both", () => {
  const layer = new Discretization({ numBins: 2 });
  layer.adapt([[1], [2], [3], [4]]);
  const copy = deserialize(serialize(layer)) as unknown as Discretization;
  expect([copy.numBins, copy.binBoundaries]).toEqual([2, layer.binBoundaries]);
  expect(copy([[0], [9]]).arraySync()).toEqual([[0], [1]]);
});
