// Tables that are given to an Embedding.
import { expect, test } from "vitest";
import { tensor } from "../../../engine/index.ts";
import { Embedding } from "../index.ts";

const table = [
  [1, 2],
  [3, 4],
  [5, 6],
];

test.each([
  ["an array", table],
  ["a tensor", tensor(table)],
  ["a list of one", [tensor(table)] as const],
])("weights are the table to begin with: %s", (_, weights) => {
  const layer = new Embedding(3, 2, { weights });
  expect(layer.built).toBe(true);
  expect(layer.embeddings.arraySync()).toEqual(table);
  expect(layer([[2, 0]]).arraySync()).toEqual([
    [
      [5, 6],
      [1, 2],
    ],
  ]);
  expect(layer.getConfig()).not.toHaveProperty("weights");
});

test("a table of one row, and one of another shape", () => {
  expect(new Embedding(1, 2, { weights: [[7, 8]] })([0]).arraySync()).toEqual([[7, 8]]);
  expect(() => new Embedding(2, 2, { weights: table })).toThrow("expected weights of shape (2, 2)");
});
