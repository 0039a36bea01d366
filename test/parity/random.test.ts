// keras.random against the statistics of the distributions: each recorded call, drawn with several seeds.
import { describe, expect, test } from "vitest";
import type { Tensor } from "../../src/engine/index.ts";
import { moveaxis } from "../../src/keras/ops/index.ts";
import * as random from "../../src/keras/random/index.ts";
import { snakeToCamel } from "../../src/keras/saving/config.ts";
import { type ArrayRecord, fixtureNames, isArrayRecord, loadFixture, recordToTensor } from "./fixtures.ts";

interface Case {
  readonly id: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly output: { readonly shape: readonly number[]; readonly dtype: string };
  readonly theory: { readonly mean: number; readonly std: number };
  readonly mean_tolerance: number;
  readonly support?: readonly [number | null, number | null];
  readonly integer_valued?: boolean;
}

const required: Readonly<Record<string, readonly string[]>> = {
  beta: ["shape", "alpha", "beta"],
  binomial: ["shape", "counts", "probabilities"],
  categorical: ["logits", "num_samples"],
  dropout: ["inputs", "rate"],
  gamma: ["shape", "alpha"],
  randint: ["shape", "minval", "maxval"],
  shuffle: ["x"],
};

function decode(x: unknown): unknown {
  if (isArrayRecord(x)) return recordToTensor(x);
  return typeof x === "object" && x !== null && "py" in x ? (x as { value?: unknown }).value : x;
}

function draw(name: string, signature: string, c: Case, seed: number): Tensor {
  const parameters = signature.slice(1, -1).split(", ");
  const given: unknown[] = [];
  const options: Record<string, unknown> = {};
  parameters.forEach((parameter, i) => {
    const key = parameter.split("=")[0]!;
    const value = i < c.args.length ? c.args[i] : c.kwargs[key];
    if (value === undefined) return;
    if ((required[name] ?? ["shape"]).includes(key)) given.push(decode(value));
    else options[snakeToCamel(key)] = decode(value);
  });
  const fn = (random as unknown as Record<string, (...args: unknown[]) => Tensor>)[snakeToCamel(name)]!;
  return fn(...given, { ...options, seed });
}

const names = fixtureNames("ops").filter((file) => file.startsWith("random."));
describe.each(names)("keras.%s", (file) => {
  const { cases, signature = "(shape)" } = loadFixture<Case>("ops", file);
  const name = file.slice("random.".length);
  test.for(cases)("$id", (c) => {
    for (const seed of [1, 2, 3]) {
      const t = draw(name, signature, c, seed);
      expect(t.shape).toEqual(c.output.shape);
      expect(t.dtype).toBe(c.output.dtype);
      const x = Array.from(t.dataSync());
      const mean = x.reduce((sum, v) => sum + v, 0) / x.length;
      const std = Math.sqrt(x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length);
      expect(Math.abs(mean - c.theory.mean)).toBeLessThanOrEqual(c.mean_tolerance + 1e-5);
      // A deviation scatters less than a mean for all of these distributions, heavy tails aside.
      const scatter = 3 * c.mean_tolerance;
      expect(Math.abs(std - c.theory.std)).toBeLessThanOrEqual(scatter + 1e-5);
      const [low, high] = c.support ?? [null, null];
      expect(Math.min(...x)).toBeGreaterThanOrEqual(low ?? Number.NEGATIVE_INFINITY);
      expect(Math.max(...x)).toBeLessThanOrEqual(high ?? Number.POSITIVE_INFINITY);
      if (c.integer_valued === true) expect(x.every(Number.isInteger)).toBe(true);
      if (name === "shuffle") expectPermuted(t, c);
      const noise = c.kwargs["noise_shape"] as readonly (number | null)[] | undefined;
      noise?.forEach((n, axis) => {
        if (n === 1) expect(t.max(axis).subtract(t.min(axis)).max().item()).toBe(0);
      });
    }
  });
});

/** Expects the slices along the axis in another order, each as it was. */
function expectPermuted(t: Tensor, c: Case): void {
  const axis = (c.kwargs["axis"] ?? c.args[1] ?? 0) as number;
  const slices = (x: Tensor): string[] => {
    const moved = moveaxis(x, axis, 0);
    return Array.from({ length: x.shape[axis]! }, (_, i) => String(moved.at(i).dataSync()));
  };
  const before = slices(recordToTensor(c.args[0] as ArrayRecord));
  expect(slices(t)).not.toEqual(before);
  expect(slices(t).sort()).toEqual(before.sort());
}
