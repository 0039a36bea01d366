/** How functions of this folder take their arguments; not part of the public ops. */
import {
  isFloat,
  isHalf,
  type Tensor,
  type TensorLike,
  toTensor,
  UnsupportedError,
} from "../../engine/index.ts";

/** An operand as a tensor of floats. */
export function toFloat(x: TensorLike): Tensor {
  const t = toTensor(x);
  return isFloat(t.dtype) ? t : t.astype("float32");
}

/** Floats in float32 or wider: statistics and scores of 16-bit floats would lose too much, or overflow. */
export function toPrecise(x: Tensor): Tensor {
  return isHalf(x.dtype) ? x.astype("float32") : x;
}

/** Whole numbers that decide a shape: they are read, so tensors of a compiled function will not do. */
export function wholeNumbers(x: number | readonly number[] | Tensor): number | readonly number[] {
  if (typeof x === "number" || Array.isArray(x)) return x;
  const t = x as Tensor;
  const values = Array.from(t.dataSync());
  return t.ndim === 0 ? values[0]! : values;
}

/** Refuses what Keras gives as a sparse tensor. */
export function refuseSparse(where: string, sparse: boolean | null | undefined): void {
  if (sparse) throw new UnsupportedError(`${where}: sparse tensors are not supported.`);
}
