// Loads what real Keras gave (test/fixtures, see the README there) and compares with it.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect } from "vitest";
import { type DType, type NestedArray, Tensor, type TensorLike, tensor } from "../../src/engine/index.ts";

/** An array in a fixture: flat data in row-major order; what JSON has no number for is a string. */
export interface ArrayRecord {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly data?: readonly (number | string | boolean)[];
  /** In place of `data`: the one value of all elements. */
  readonly fill?: number | string | boolean;
}

/** A file of fixtures. */
export interface Fixture<Case> {
  readonly source: string;
  readonly object: string;
  readonly signature?: string;
  readonly cases: readonly Case[];
}

/**
 * Reads one file of test/fixtures.
 *
 * @param path below test/fixtures, such as `training/runs.json.gz`
 */
export function loadJson(path: string): unknown {
  const file = new URL(`../fixtures/${path}`, import.meta.url);
  return JSON.parse(gunzipSync(readFileSync(file)).toString("utf8")) as unknown;
}

/**
 * Reads the fixtures of a public name: those of test/fixtures/keras, then those with other configurations.
 *
 * @param kind the folder in test/fixtures/keras, such as `layers`; `ops` for keras.ops
 * @param name the public name in Keras, such as `Dense`
 */
export function loadFixture<Case>(kind: string, name: string): Fixture<Case> {
  const file = `${kind}/${name}.json.gz`;
  const fixture = loadJson(`keras/${file}`) as Fixture<Case>;
  if (!existsSync(new URL(`../fixtures/keras-more/${file}`, import.meta.url))) return fixture;
  const more = loadJson(`keras-more/${file}`) as Fixture<Case>;
  return { ...fixture, cases: [...fixture.cases, ...more.cases] };
}

/** The names of all files of a kind. */
export function fixtureNames(kind: string): string[] {
  const folder = new URL(`../fixtures/keras/${kind}/`, import.meta.url);
  return readdirSync(folder).map((file) => file.replace(/\.json\.gz$/, ""));
}

export function isArrayRecord(x: unknown): x is ArrayRecord {
  return typeof x === "object" && x !== null && "shape" in x && "dtype" in x;
}

const named: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
};

function numberOf(x: number | string | boolean): number {
  return typeof x === "string" ? (named[x] ?? Number.NaN) : Number(x);
}

/** The numbers of a record. */
export function numbersOf(record: ArrayRecord): number[] {
  if (record.data !== undefined) return record.data.map(numberOf);
  const size = record.shape.reduce((n, m) => n * m, 1);
  return new Array<number>(size).fill(numberOf(record.fill ?? Number.NaN));
}

/** A tensor of a record's numbers, shape and dtype. */
export function recordToTensor(record: ArrayRecord): Tensor {
  return tensor(Float64Array.from(numbersOf(record)), { dtype: record.dtype as DType, shape: record.shape });
}

/** How far numbers may be from what is expected: `rtol` times the largest expected magnitude, plus `atol`. */
export interface Tolerance {
  /** Default 1e-5. */
  readonly rtol?: number;
  /** Default 1e-6. */
  readonly atol?: number;
}

/** What can be compared: a tensor, a variable, or (nested) arrays of numbers. */
export type Comparable = TensorLike | readonly NestedArray[];

/** Expects the shape and the numbers of a record; NaN and infinities must stand where they stand there. */
export function expectClose(
  actual: Comparable,
  expected: ArrayRecord,
  { rtol = 1e-5, atol = 1e-6 }: Tolerance = {},
): void {
  const got = actual instanceof Tensor ? actual : tensor(actual);
  expect([...got.shape], "shape").toEqual([...expected.shape]);
  const numbers = numbersOf(expected);
  const largest = Math.max(0, ...numbers.filter(Number.isFinite).map(Math.abs));
  const allowed = rtol * largest + atol;
  const data = got.dataSync();
  numbers.forEach((want, i) => {
    const have = data[i] ?? Number.NaN;
    const same = Object.is(have, want) || Math.abs(have - want) <= allowed;
    if (!same)
      expect(have, `element ${i} of (${expected.shape.join(", ")}), allowed distance ${allowed}`).toBe(want);
  });
}
