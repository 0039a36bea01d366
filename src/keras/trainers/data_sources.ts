/** Data that comes batch by batch. */
import { Tensor } from "../../engine/index.ts";
import type { Data } from "./data.ts";

/**
 * A batch: inputs, or [inputs, targets], or [inputs, targets, weights]. As in Keras, every array is such a tuple, nested
 * numbers too: `[[[1], [2]], [[3], [5]]]` are two inputs with two targets. Only an array of nothing but numbers is the inputs
 * themselves; nested numbers as inputs alone are written `[x]`.
 */
export type BatchLike = Data | readonly [Data] | readonly [Data, Data] | readonly [Data, Data, Data];

/** Batches by number, such as a `PyDataset`. */
export interface BatchSequence {
  /** How many batches there are; null for no end. */
  readonly length: number | null;
  /** How many promises of `getItem` may be open at the same time. Default 1. */
  readonly workers?: number;
  /** How many batches may be asked for before they are needed. Default 10. */
  readonly maxQueueSize?: number;
  getItem(index: number): BatchLike | Promise<BatchLike>;
  /** Called before each epoch. */
  onEpochBegin?(): void;
  /** Called after each epoch. */
  onEpochEnd?(): void;
}

/** A web stream of batches. */
export interface BatchStream {
  getReader(): { read(): Promise<{ readonly done: boolean; readonly value?: unknown }> };
}

/** What gives batches: (async) iterables and iterators such as generators, sequences, web streams. */
export type DataSource = Iterable<BatchLike> | AsyncIterable<BatchLike> | BatchSequence | BatchStream;

/** Whether data comes batch by batch, and is no array or structure of arrays. */
export function isSource(x: unknown): x is DataSource {
  if (typeof x !== "object" || x === null || Array.isArray(x)) return false;
  if (x instanceof Tensor || ArrayBuffer.isView(x)) return false;
  return Symbol.iterator in x || Symbol.asyncIterator in x || "getReader" in x || "getItem" in x;
}

/** How many batches a source gives, where that is known: by sequences, and by pipelines whose sources know it. */
export function batchesIn(source: DataSource): number | undefined {
  if ("getItem" in source) return source.length ?? undefined;
  const { cardinality } = source as { readonly cardinality?: unknown };
  return typeof cardinality === "number" && Number.isFinite(cardinality) ? cardinality : undefined;
}
