import { describe, expect, test } from "vitest";
import { setRandomSeed } from "../keras/utils/index.ts";
import * as np from "./index.ts";

describe("np", () => {
  test("reads like NumPy", () => {
    const x = np.linspace(-np.pi, np.pi).reshape(-1, 1);
    expect(x.shape).toEqual([50, 1]);
    expect(Math.max(...np.sin(x).dataSync())).toBeCloseTo(1, 2);
    const a = np.array([
      [1, 2],
      [3, 4],
    ]);
    expect(String(a.matmul(a))).toBe("[[ 7 10]\n [15 22]]");
    expect(np.sum(a, { axis: 0 }).arraySync()).toEqual([4, 6]);
    expect(np.zeros(3, { dtype: np.int32 }).arraySync()).toEqual([0, 0, 0]);
    expect(a.at(np.newaxis, 0).shape).toEqual([1, 2]);
    expect(np.where(np.greater(a, 2), a, -a.size).arraySync()).toEqual([
      [-4, -4],
      [3, 4],
    ]);
    expect(a.at(np.greater(a, 2)).arraySync()).toEqual([3, 4]);
    expect(np.concatenate([a, a], { axis: 1 }).shape).toEqual([2, 4]);
    expect(np.var([1, 2, 3, 4]).item()).toBe(1.25);
  });
});

describe("np.random", () => {
  test("a generator with a seed repeats itself", () => {
    const draw = (): unknown => {
      const rng = np.random.defaultRng(3);
      return [
        rng.normal(0, 1, [2]),
        rng.uniform(-1, 1, 2),
        rng.permutation(5),
        rng.integers(0, 9, 4),
        rng.random(),
      ].map(String);
    };
    expect(draw()).toEqual(draw());
  });

  test("the shared one follows setRandomSeed", () => {
    const draw = (): unknown =>
      [np.random.normal(0, 1, 3), np.random.randn(2), np.random.permutation(6)].map(String);
    setRandomSeed(1);
    const first = draw();
    expect(draw()).not.toEqual(first);
    setRandomSeed(1);
    expect(draw()).toEqual(first);
  });

  test("choice", () => {
    const rng = np.random.defaultRng(4);
    expect(rng.choice(10).shape).toEqual([]);
    const all = [...rng.choice(6, 6, { replace: false }).dataSync()];
    expect(all.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
    expect([...rng.choice(3, 50, { p: [0, 1, 0] }).dataSync()]).toEqual(new Array(50).fill(1));
    expect(
      [...rng.choice(3, 2, { p: [0.5, 0, 0.5], replace: false }).dataSync()].sort((a, b) => a - b),
    ).toEqual([0, 2]);
    expect(
      rng.choice(
        [
          [1, 2],
          [3, 4],
        ],
        [5],
      ).shape,
    ).toEqual([5, 2]);
    expect(() => rng.choice(3, 4, { replace: false })).toThrow(
      "choice: cannot pick 4 of 3 without replacement",
    );
  });
});
