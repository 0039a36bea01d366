import { expect, test } from "vitest";
import { ValueError } from "../../engine/index.ts";
import { GlorotUniform } from "../initializers/index.ts";
import { normal, SeedGenerator, shuffle } from "../random/index.ts";
import { normalize, setRandomSeed, toCategorical } from "./index.ts";

test("toCategorical makes one-hot rows", () => {
  const rows = toCategorical([[0], [2], [1]]);
  expect(rows.arraySync()).toEqual([
    [1, 0, 0],
    [0, 0, 1],
    [0, 1, 0],
  ]);
  expect(rows.dtype).toBe("float32");
  expect(toCategorical([1], 3).arraySync()).toEqual([[0, 1, 0]]);
  expect(toCategorical([[0, 1]]).shape).toEqual([1, 2, 2]);
});

test("toCategorical refuses what is no class", () => {
  expect(() => toCategorical([0, 3], 3)).toThrow(ValueError);
  expect(() => toCategorical([-1, 0])).toThrow(ValueError);
});

test("normalize gives vectors of length 1", () => {
  expect(normalize([[3, 4]]).arraySync()).toEqual([[expect.closeTo(0.6, 6), expect.closeTo(0.8, 6)]]);
  expect(normalize([[1, -3]], { order: 1 }).arraySync()).toEqual([[0.25, -0.75]]);
});

test("setRandomSeed makes everything random repeatable", () => {
  const draw = (): unknown => [
    normal([3]).arraySync(),
    new GlorotUniform()([2, 2]).arraySync(),
    shuffle([1, 2, 3, 4, 5, 6]).arraySync(),
    new SeedGenerator().next().arraySync(),
  ];
  setRandomSeed(5);
  const first = draw();
  const second = draw();
  setRandomSeed(5);
  expect(draw()).toEqual(first);
  expect(second).not.toEqual(first);
  setRandomSeed(6);
  expect(draw()).not.toEqual(first);
  expect(() => setRandomSeed(1.5)).toThrow(ValueError);
});
