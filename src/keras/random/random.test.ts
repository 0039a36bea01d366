import { describe, expect, test } from "vitest";
import { DTypeError, full, jit, ShapeError, type Tensor, tensor, ValueError } from "../../engine/index.ts";
import * as random from "./index.ts";
import { permutation } from "./permutation.ts";

const numbers = (t: Tensor): number[] => [...t.dataSync()];
const meanOf = (v: readonly number[]): number => v.reduce((sum, x) => sum + x, 0) / v.length;
const deviation = (v: readonly number[]): number => {
  const mean = meanOf(v);
  return Math.sqrt(meanOf(v.map((x) => (x - mean) ** 2)));
};

describe("seeds", () => {
  test("a whole number gives the same values at every call, a generator new ones", () => {
    const of = (seed: random.Seed): number[] => numbers(random.uniform([4], { seed }));
    expect(of(3)).toEqual(of(3));
    expect(of(3)).not.toEqual(of(4));
    const seeds = new random.SeedGenerator(3);
    const first = of(seeds);
    expect(first).toEqual(of(3));
    expect(of(seeds)).not.toEqual(first);
    expect(of(null)).not.toEqual(of(null));
  });

  test("a compiled function draws new values each time it runs", () => {
    const seeds = new random.SeedGenerator(9);
    const draw = jit(() => random.uniform([4], { seed: seeds }));
    const eager = new random.SeedGenerator(9);
    for (let round = 0; round < 3; round++) {
      expect(numbers(draw())).toEqual(numbers(random.uniform([4], { seed: eager })));
    }
    expect(numbers(seeds.state.value)).toEqual([9, 3]);
  });

  test("a generator's config makes an equal one", () => {
    const seeds = random.SeedGenerator.fromConfig({ seed: 12, name: "mine" });
    expect(seeds.getConfig()).toEqual({ seed: 12, name: "mine" });
    expect(numbers(seeds.next())).toEqual([12, 0]);
    expect(() => new random.SeedGenerator(0.5)).toThrow(ValueError);
  });
});

describe("distributions", () => {
  test.each(["float32", "float64"] as const)("uniform fills its range evenly (%s)", (dtype) => {
    const v = numbers(random.uniform([40_000], { minval: -2, maxval: 3, dtype, seed: 1 }));
    expect(Math.min(...v)).toBeGreaterThanOrEqual(-2);
    expect(Math.max(...v)).toBeLessThan(3);
    const counts = new Array<number>(10).fill(0);
    for (const x of v) counts[Math.floor((x + 2) * 2)]! += 1;
    const chi2 = counts.reduce((sum, n) => sum + (n - 4000) ** 2 / 4000, 0);
    // One in ten thousand seeds exceeds this bound (9 degrees of freedom).
    expect(chi2).toBeLessThan(33.7);
  });

  test.each(["float32", "float64"] as const)(
    "normal has the moments and the tails of its kind (%s)",
    (dtype) => {
      const n = 200_001;
      const v = numbers(random.normal([n], { mean: 1, stddev: 2, dtype, seed: 2 })).map((x) => (x - 1) / 2);
      expect(v.length).toBe(n);
      expect(Math.abs(meanOf(v))).toBeLessThan(5 / Math.sqrt(n));
      expect(Math.abs(deviation(v) - 1)).toBeLessThan(5 / Math.sqrt(2 * n));
      expect(Math.abs(meanOf(v.map((x) => x ** 4)) - 3)).toBeLessThan((5 * Math.sqrt(96)) / Math.sqrt(n));
      const beyond = v.filter((x) => Math.abs(x) > 3).length;
      expect(Math.abs(beyond - 0.0026998 * n)).toBeLessThan(5 * Math.sqrt(0.0027 * n));
      const pairs = v.slice(0, 100_000).map((x, i) => x * v[i + 100_000]!);
      expect(Math.abs(meanOf(pairs))).toBeLessThan(5 / Math.sqrt(100_000));
    },
  );

  test("truncatedNormal stays within two deviations", () => {
    const v = numbers(random.truncatedNormal([50_000], { mean: 1, stddev: 0.5, seed: 3 }));
    expect(Math.min(...v)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...v)).toBeLessThanOrEqual(2);
    expect(Math.abs(meanOf(v) - 1)).toBeLessThan(0.01);
    expect(Math.abs(deviation(v) - 0.5 * 0.8796256610342398)).toBeLessThan(0.01);
  });

  test("randint gives each number equally often", () => {
    const t = random.randint([7000], -3, 4, { seed: 4 });
    expect(t.dtype).toBe("int32");
    const counts = new Map<number, number>();
    for (const x of numbers(t)) counts.set(x, (counts.get(x) ?? 0) + 1);
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([-3, -2, -1, 0, 1, 2, 3]);
    for (const n of counts.values()) expect(Math.abs(n - 1000)).toBeLessThan(150);
    expect(
      numbers(random.randint([3], 4_294_967_290, 4_294_967_295, { dtype: "uint32", seed: 1 })),
    ).toSatisfy((v: number[]) => v.every((x) => x >= 4_294_967_290));
  });

  test("categorical follows the probabilities", () => {
    const t = random.categorical([[0, Math.log(3)]], 8000, { seed: 5 });
    expect(t.shape).toEqual([1, 8000]);
    expect(Math.abs(meanOf(numbers(t)) - 0.75)).toBeLessThan(0.025);
    expect(numbers(random.categorical([[0, Number.NEGATIVE_INFINITY]], 100, { seed: 5 }))).toEqual(
      new Array(100).fill(0),
    );
  });

  test("dropout drops at its rate and keeps the expected sum", () => {
    const v = numbers(random.dropout(full([20_000], 3), 0.25, { seed: 6 }));
    expect(new Set(v)).toEqual(new Set([0, 4]));
    expect(Math.abs(meanOf(v) - 3)).toBeLessThan(0.07);
    expect(numbers(random.dropout([1, 2], 0))).toEqual([1, 2]);
    expect(numbers(random.dropout([1, 2], 1))).toEqual([0, 0]);
    const rows = random.dropout(full([50, 4], 1), 0.5, { noiseShape: [null, 1], seed: 7 });
    for (const row of rows.arraySync() as number[][]) expect(new Set(row).size).toBe(1);
  });

  test("shuffle keeps the rows", () => {
    const x = tensor(Int32Array.from({ length: 100 }, (_, i) => i)).reshape(50, 2);
    const rows = random.shuffle(x, { seed: 8 }).arraySync() as number[][];
    expect(rows).not.toEqual(x.arraySync());
    expect([...rows].sort((a, b) => a[0]! - b[0]!)).toEqual(x.arraySync());
    expect(numbers(permutation(6, 1)).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test("a compiled function shuffles anew each time", () => {
    const seeds = new random.SeedGenerator(3);
    const run = jit((x: Tensor) => random.shuffle(x, { seed: seeds }));
    const x = tensor(Int32Array.from({ length: 40 }, (_, i) => i));
    const [a, b] = [numbers(run(x)), numbers(run(x))];
    expect(a).not.toEqual(b);
    expect(a.sort((p, q) => p - q)).toEqual(numbers(x));
  });

  test("every order of three is equally likely", () => {
    const seeds = new random.SeedGenerator(10);
    const counts = new Map<string, number>();
    for (let round = 0; round < 3000; round++) {
      const order = numbers(permutation(3, seeds)).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const n of counts.values()) expect(Math.abs(n - 500)).toBeLessThan(110);
  });
});

test("bad arguments are refused", () => {
  expect(() => random.uniform([2], { dtype: "int32" })).toThrow(DTypeError);
  expect(() => random.randint([2], 3, 3)).toThrow(ValueError);
  expect(() => random.randint([2], 0, 3, { dtype: "float32" })).toThrow(DTypeError);
  expect(() => random.dropout([1], 1.5)).toThrow(ValueError);
  expect(() => random.categorical([1, 2], 3)).toThrow(ShapeError);
  expect(() => random.normal([2], { stdev: 1 } as object)).toThrow(
    'unknown option "stdev". Did you mean "stddev"?',
  );
  expect(() => random.normal([-1])).toThrow(ShapeError);
});

describe("distributions drawn by rejection", () => {
  const expectMoments = (x: readonly number[], mean: number, variance: number, kurtosis = 3): void => {
    const n = x.length;
    expect(Math.abs(meanOf(x) - mean)).toBeLessThan(5 * Math.sqrt(variance / n));
    const spread = variance * Math.sqrt((kurtosis - 1) / n);
    expect(Math.abs(deviation(x) ** 2 - variance)).toBeLessThan(5 * spread);
  };

  test.each([0.05, 0.7, 1, 3, 250])("gamma with shape %d", (alpha) => {
    const x = numbers(random.gamma([20000], alpha, { seed: 5 }));
    expectMoments(x, alpha, alpha, 3 + 6 / alpha);
    expect(Math.min(...x)).toBeGreaterThanOrEqual(0);
  });

  test.each([
    [0.5, 0.5],
    [0.01, 0.02],
    [2, 7],
    [300, 4],
  ])("beta(%d, %d)", (a, b) => {
    const x = numbers(random.beta([20000], a, b, { seed: 6 }));
    const total = a + b;
    expectMoments(x, a / total, (a * b) / (total * total * (total + 1)));
    expect(x.every((v) => v >= 0 && v <= 1)).toBe(true);
  });

  test.each([
    [10, 0.3],
    [1, 0.4],
    [1000, 0.001],
    [40, 0.5],
    [1000, 0.97],
    [1e6, 0.4],
  ])("binomial(%d, %d)", (n, p) => {
    const x = numbers(random.binomial([20000], n, p, { seed: 7 }));
    const variance = n * p * (1 - p);
    expectMoments(x, n * p, variance, 3 + (1 - 6 * p * (1 - p)) / variance);
    expect(x.every((v) => Number.isInteger(v) && v >= 0 && v <= n)).toBe(true);
  });

  test("binomial numbers are as frequent as they should be", () => {
    const n = 40;
    const p = 0.3; // 12 successes: drawn by rejection
    const x = numbers(random.binomial([50000], n, p, { seed: 8 }));
    let probability = (1 - p) ** n;
    for (let k = 0; k <= n; k++) {
      const seen = x.filter((v) => v === k).length / x.length;
      expect(Math.abs(seen - probability)).toBeLessThan(5 * Math.sqrt((probability + 1e-4) / x.length));
      probability *= ((n - k) / (k + 1)) * (p / (1 - p));
    }
  });

  test("parameters are broadcast; what is no distribution is NaN", () => {
    expect(numbers(random.binomial([2, 3], [3, 0, 7], [[0], [1]], { seed: 1 }))).toEqual([0, 0, 0, 3, 0, 7]);
    expect(numbers(random.binomial([3], [-1, 2, 2], [0.5, 1.5, Number.NaN]))).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
    const [bad, good] = numbers(random.gamma([2], [-1, 2], { seed: 1 }));
    expect(bad).toBeNaN();
    expect(good).toBeGreaterThan(0);
    expect(random.gamma([0, 2], 1).shape).toEqual([0, 2]);
    expect(random.beta([2], 1, 1, { dtype: "float64" }).dtype).toBe("float64");
    expect(() => random.gamma([2], 1, { dtype: "int32" })).toThrow(DTypeError);
  });

  test("the same seed gives the same numbers, compiled or not", () => {
    const draw = (): Tensor => random.gamma([50], 0.4, { seed: 3 });
    expect(numbers(jit(draw)())).toEqual(numbers(draw()));
  });
});
