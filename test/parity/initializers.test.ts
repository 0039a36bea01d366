// keras.initializers against real Keras: values where they are determined, else bounds, moments and orthogonality.
import { describe, expect, test } from "vitest";
import { matmul } from "../../src/engine/index.ts";
import * as initializers from "../../src/keras/initializers/index.ts";
import { fromConfig } from "../../src/keras/saving/config.ts";
import { type ArrayRecord, expectClose, fixtureNames, loadFixture } from "./fixtures.ts";

interface Case {
  readonly id: string;
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly config: Readonly<Record<string, unknown>>;
  readonly shape: readonly number[];
  readonly kind: "values" | "distribution" | "orthogonal";
  readonly output?: ArrayRecord;
  readonly expected?: {
    readonly mean: number;
    readonly std: number;
    readonly min: number | null;
    readonly max: number | null;
  };
  readonly flat_shape?: readonly [number, number];
  readonly orthonormal?: "rows" | "columns";
  readonly gram_diagonal?: number;
}

type Class = {
  new (options: unknown): initializers.Initializer;
  fromConfig(config: object): initializers.Initializer;
};

describe.each(fixtureNames("initializers"))("initializers.%s", (name) => {
  const Class = (initializers as unknown as Record<string, Class>)[name]!;

  test.each(loadFixture<Case>("initializers", name).cases)("$id", (c) => {
    const options = name === "Constant" ? c.kwargs["value"] : fromConfig(c.kwargs);
    const initializer = new Class(options);
    // Keras forgets the gain of an identity when it writes its config.
    const gain = name === "Identity" ? (c.kwargs["gain"] ?? 1) : 1;
    const config = gain === 1 ? c.config : { gain };
    expect(initializer.getConfig()).toEqual(config);
    expect(Class.fromConfig(config).getConfig()).toEqual(config);

    if (c.kind === "values") expectClose(initializer(c.shape), c.output!);
    else if (c.kind === "orthogonal") expectOrthogonal(initializer, c);
    else expectDistribution(Class, c);
  });
});

function expectOrthogonal(initializer: initializers.Initializer, c: Case): void {
  const value = initializer(c.shape);
  expect(value.shape).toEqual(c.shape);
  const flat = value.reshape(c.flat_shape!);
  const gram = c.orthonormal === "columns" ? matmul(flat.T, flat) : matmul(flat, flat.T);
  const n = gram.shape[0]!;
  const identity = Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? c.gram_diagonal! : 0));
  expectClose(gram, { shape: [n, n], dtype: "float32", data: identity });
}

/** Ten thousand numbers and more: mean and deviation within five standard errors, no number outside of the bounds. */
function expectDistribution(Class: Class, c: Case): void {
  const size = c.shape.reduce((n, m) => n * m, 1);
  const draws = Math.ceil(10_000 / size);
  const numbers = Array.from({ length: draws }, (_, seed) => {
    return [...new Class({ ...fromConfig(c.kwargs), seed: seed + 1 })(c.shape).dataSync()];
  }).flat();
  const { mean, std, min, max } = c.expected!;
  const average = numbers.reduce((sum, v) => sum + v, 0) / numbers.length;
  const deviation = Math.sqrt(numbers.reduce((sum, v) => sum + (v - average) ** 2, 0) / numbers.length);
  const error = std / Math.sqrt(numbers.length);
  expect(Math.abs(average - mean)).toBeLessThan(5 * error);
  expect(Math.abs(deviation - std)).toBeLessThan(5 * error);
  const slack = 1e-6 * std;
  for (const v of numbers) {
    expect(v).toBeGreaterThanOrEqual((min ?? Number.NEGATIVE_INFINITY) - slack);
    expect(v).toBeLessThanOrEqual((max ?? Number.POSITIVE_INFINITY) + slack);
  }
}

describe("seeds", () => {
  test("a whole number gives the same values at every call, another one others", () => {
    const initializer = new initializers.GlorotUniform({ seed: 3 });
    const first = [...initializer([4, 5]).dataSync()];
    expect([...initializer([4, 5]).dataSync()]).toEqual(first);
    expect([...new initializers.GlorotUniform({ seed: 4 })([4, 5]).dataSync()]).not.toEqual(first);
  });
});
