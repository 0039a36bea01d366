/**
 * How many numbers the weights that a file's config describes may have in all: what is made while a file is read must not be
 * larger than what the file has values for.
 */
import { ValueError } from "../../engine/index.ts";

let left: number | undefined;

/** Runs a function in which weights with at most so many numbers may be made. */
export function withWeightBudget<R>(numbers: number, fn: () => R): R {
  const outer = left;
  left = numbers;
  try {
    return fn();
  } finally {
    left = outer;
  }
}

/** Notes that a weight is going to be made. */
export function takeFromBudget(numbers: number, what: string): void {
  if (left === undefined) return;
  left -= numbers;
  if (left < 0)
    throw new ValueError(`${what}: the config describes more weights than the file has values for: refused.`);
}
