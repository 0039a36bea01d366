/** How two operands meet. */
import * as engine from "../../engine/index.ts";
import { type Tensor, type TensorLike, toTensor } from "../../engine/index.ts";

/** The dtype in which two operands meet, numbers being weak; booleans count as integers. */
export function meet(x: TensorLike, y: TensorLike): [Tensor, Tensor] {
  const { dtype } = engine.add(oneOf(x), oneOf(y));
  return [toTensor(x, dtype), toTensor(y, dtype)];
}

/** A scalar of the operand's dtype, to find a common dtype without its elements; numbers stay numbers. */
function oneOf(x: TensorLike): TensorLike {
  return typeof x === "number" || typeof x === "boolean" ? x : engine.full([], 0, toTensor(x).dtype);
}

/** Whether an operand is boolean. */
export const isLogical = (x: TensorLike): boolean =>
  typeof x === "boolean" || (typeof x !== "number" && toTensor(x).dtype === "bool");
