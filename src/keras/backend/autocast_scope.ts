/** In which dtype float variables are read: that of the layer that is being called. */
import type { DType } from "../../engine/index.ts";

let current: DType | null | undefined;

/** The dtype in which float variables are read now; null means their own, undefined that no layer has said anything. */
export function autocastDType(): DType | null | undefined {
  return current;
}

/** Runs a function in which float variables are read in a dtype; null means their own. */
export function autocastScope<R>(dtype: DType | null, fn: () => R): R {
  const outer = current;
  current = dtype;
  try {
    return fn();
  } finally {
    current = outer;
  }
}
