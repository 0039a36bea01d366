/** Label smoothing: labels that are less sure of themselves. */
import { add, multiply, show, type Tensor, ValueError } from "../../engine/index.ts";

function check(amount: number): void {
  if (amount >= 0 && amount <= 1) return;
  throw new ValueError(`labelSmoothing: expected a number from 0 to 1. Received: ${show(amount)}`);
}

/** Labels 0 and 1 drawn towards 1/2. */
export function smoothBinary(labels: Tensor, amount: number): Tensor {
  check(amount);
  return amount === 0 ? labels : add(multiply(labels, 1 - amount), 0.5 * amount);
}

/** One-hot labels drawn towards equal shares of all classes, which are counted along the last axis. */
export function smoothCategorical(labels: Tensor, amount: number): Tensor {
  check(amount);
  const classes = labels.shape[labels.ndim - 1] ?? 1;
  return amount === 0 ? labels : add(multiply(labels, 1 - amount), amount / classes);
}
