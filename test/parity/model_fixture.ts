// What the tests of whole models against real Keras share: records in structures, and models compiled as configs say.
import { expect } from "vitest";
import { type Tensor, treeLeaves } from "../../src/engine/index.ts";
import * as losses from "../../src/keras/losses/index.ts";
import * as metrics from "../../src/keras/metrics/index.ts";
import type { Model } from "../../src/keras/models/index.ts";
import * as optimizers from "../../src/keras/optimizers/index.ts";
import type { Data } from "../../src/keras/trainers/data.ts";
import { type ArrayRecord, expectClose, isArrayRecord, recordToTensor, type Tolerance } from "./fixtures.ts";

export type Records = ArrayRecord | readonly Records[] | { readonly [name: string]: Records };

/** Inputs and targets, and what weighs them. */
export interface Parts {
  readonly x: Records;
  readonly y: Records;
  readonly sample_weight?: Records | null;
}

/** What `compile` was called with. */
export interface CompileConfig {
  readonly optimizer: object;
  readonly loss: unknown;
  readonly loss_weights: unknown;
  readonly metrics: unknown;
  readonly weighted_metrics: unknown;
}

/** Many updates stand behind these numbers, each rounded to float32. */
export const afterTraining: Tolerance = { rtol: 1e-4, atol: 1e-5 };

/** Tensors in the structure of their records. */
export function tensorsOf(records: Records): never {
  const convert = (x: unknown): unknown => {
    if (isArrayRecord(x)) return recordToTensor(x);
    if (Array.isArray(x)) return x.map(convert);
    return Object.fromEntries(Object.entries(x as object).map(([key, part]) => [key, convert(part)]));
  };
  return convert(records) as never;
}

/** Inputs come as a list, outputs as a list or an object; models with one take and give it alone. */
export const single = (x: unknown): never => (Array.isArray(x) && x.length === 1 ? x[0] : x) as never;

/** A part of `compile_config`: names stay, configs become what they describe. */
function compileValue(x: unknown, get: (config: never) => unknown): never {
  if (Array.isArray(x)) return x.map((item) => compileValue(item, get)) as never;
  if (typeof x !== "object" || x === null) return (x ?? undefined) as never;
  if ("class_name" in x) return get(x as never) as never;
  return Object.fromEntries(Object.entries(x).map(([key, part]) => [key, compileValue(part, get)])) as never;
}

/** Expects the numbers of outputs: of one, of a list, or by name. */
export function expectAllClose(received: unknown, expected: Records, tolerance?: Tolerance): void {
  if (isArrayRecord(expected)) {
    expectClose(received as Tensor, expected, tolerance);
    return;
  }
  const leaves = treeLeaves(received) as Tensor[];
  expect(leaves).toHaveLength(Object.keys(expected).length);
  for (const [key, record] of Object.entries(expected)) {
    const found = Array.isArray(expected) ? leaves[Number(key)] : (received as Record<string, Tensor>)[key];
    expectClose(found!, record as ArrayRecord, tolerance);
  }
}

export function expectNumbersClose(received: readonly number[], expected: readonly number[]): void {
  const record = { shape: [expected.length], dtype: "float32", data: expected };
  expectClose([...received], record, afterTraining);
}

/** Compiles a model as a config of Keras says. */
export function compileAs(model: Model, compile: CompileConfig): void {
  model.compile({
    optimizer: optimizers.get(compile.optimizer as never),
    loss: compileValue(compile.loss, losses.get),
    lossWeights: compileValue(compile.loss_weights, losses.get),
    metrics: compileValue(compile.metrics ?? [], metrics.get),
    weightedMetrics: compileValue(compile.weighted_metrics ?? [], metrics.get),
  });
}

/** What `fit` and `evaluate` take of the data. */
export function parts({ x, y, sample_weight: weight }: Parts): [Data, Data, Data] {
  return [tensorsOf(x), tensorsOf(y), weight === undefined || weight === null ? null : tensorsOf(weight)];
}
