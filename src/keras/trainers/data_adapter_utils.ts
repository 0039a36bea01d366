/** What a batch is made of: inputs, targets and weights, alone or in a tuple. */
import { show, ValueError } from "../../engine/index.ts";

/**
 * Whether a batch is a tuple of inputs, targets and weights. Every array is one, as every list is for Keras, unless it holds
 * nothing but numbers: those are the inputs themselves.
 */
function isTuple(data: unknown): data is readonly unknown[] {
  return Array.isArray(data) && !data.every((x) => typeof x === "number" || typeof x === "boolean");
}

/**
 * Inputs, targets and weights as one batch.
 *
 * @returns x alone if there is nothing else (in an array of one, if x is an array itself), else `[x, y]` or `[x, y, sampleWeight]`
 *
 * @example
 * ```ts
 * packXYSampleWeight("x", "y"); // → ["x", "y"]
 * packXYSampleWeight("x"); // → x
 * ```
 */
export function packXYSampleWeight<X, Y = null, W = null>(
  x: X,
  y?: Y | null,
  sampleWeight?: W | null,
): X | readonly [X] | readonly [X, Y] | readonly [X, Y, W] {
  if (y === undefined || y === null) return Array.isArray(x) ? [x] : x;
  return sampleWeight === undefined || sampleWeight === null ? [x, y] : [x, y, sampleWeight];
}

/**
 * The inputs, targets and weights of a batch; null where there are none.
 *
 * @param data `x`, `[x]`, `[x, y]` or `[x, y, sampleWeight]`. An array is a tuple, unless it holds nothing but numbers
 * @param where what errors say they come from
 * @throws ValueError for longer arrays
 *
 * @example
 * ```ts
 * unpackXYSampleWeight([[[1], [2]], [[3], [5]]]); // → [[[1], [2]], [[3], [5]], null]
 * unpackXYSampleWeight(new Float32Array([1])).slice(1); // → [null, null]
 * ```
 */
export function unpackXYSampleWeight(
  data: unknown,
  where = "unpackXYSampleWeight",
): readonly [x: unknown, y: unknown, sampleWeight: unknown] {
  if (!isTuple(data)) return [data, null, null];
  if (data.length < 1 || data.length > 3) {
    throw new ValueError(
      `${where}: expected a batch to be x, [x], [x, y] or [x, y, sampleWeight]. Received an array of ${data.length}: ${show(data)}`,
    );
  }
  const [x, y = null, sampleWeight = null] = data;
  return [x, y, sampleWeight];
}
