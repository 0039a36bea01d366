/** Running means start at 0; these scalars make up for it. */
import { add, power, subtract, type Tensor, toTensor } from "../../engine/index.ts";
import type { Optimizer } from "./optimizer.ts";

/** The number of this step, counted from 1, as a scalar of a weight's dtype. */
export function stepNumber(optimizer: Optimizer, like: { readonly dtype: Tensor["dtype"] }): Tensor {
  return toTensor(add(optimizer.iterations, 1), like.dtype);
}

/** 1 - β^step. */
export function correction(beta: number, step: Tensor): Tensor {
  return subtract(1, power(toTensor(beta, step.dtype), step));
}
