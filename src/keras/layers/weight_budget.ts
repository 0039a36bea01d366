/**
 * How many numbers the weights that a file's config describes may have in all: what is made while a file is read must not be
 * larger than what the file has values for.
 */
import {
  adopt,
  arrayOf,
  type DType,
  type Shape,
  sizeOf,
  type Tensor,
  ValueError,
} from "../../engine/index.ts";

let left: number | undefined;
/** Zeros for all weights of one reading: variables take copies. */
let zeros = new ArrayBuffer(0);

/** Runs a function in which weights with at most so many numbers may be made. */
export function withWeightBudget<R>(numbers: number, fn: () => R): R {
  const outer = left;
  left = numbers;
  try {
    return fn();
  } finally {
    left = outer;
    zeros = new ArrayBuffer(0);
  }
}

/** Whether weights are made for values that are in a file: then nobody needs initial ones. */
export function awaitsValues(): boolean {
  return left !== undefined;
}

/** Notes that a weight is going to be made. */
export function takeFromBudget(numbers: number, what: string): void {
  if (left === undefined) return;
  left -= numbers;
  if (left < 0)
    throw new ValueError(`${what}: the config describes more weights than the file has values for: refused.`);
}

/** What stands in a weight until its values are read. */
export function placeholder(shape: Shape, dtype: DType): Tensor {
  const size = sizeOf(shape);
  const Values = arrayOf(dtype);
  const bytes = size * Values.BYTES_PER_ELEMENT;
  if (zeros.byteLength < bytes) zeros = new ArrayBuffer(bytes);
  return adopt(new Values(zeros, 0, size), shape, dtype);
}
