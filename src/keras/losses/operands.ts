/** Brings labels and predictions to one dtype and to shapes that fit together. */
import { isFloat, type Shape, type Tensor, type TensorLike, toTensor } from "../../engine/index.ts";
import { floatx } from "../config/config.ts";

function withColumn(x: Tensor): Tensor {
  return x.reshape([...x.shape, 1]);
}

function endsInColumn(shape: Shape): boolean {
  return shape[shape.length - 1] === 1;
}

function withoutColumn(x: Tensor): Tensor {
  return x.reshape(x.shape.slice(0, -1));
}

/**
 * If one tensor has one axis more than the other and that axis has length 1, gives both the same rank: a vector becomes a
 * column, otherwise the extra axis is left out.
 *
 * @param options `expandRank1` (default true): whether vectors become columns
 */
export function squeezeOrExpandToSameRank(
  x1: Tensor,
  x2: Tensor,
  { expandRank1 = true }: { readonly expandRank1?: boolean } = {},
): [Tensor, Tensor] {
  if (x1.ndim === x2.ndim + 1 && endsInColumn(x1.shape)) {
    return x2.ndim === 1 && expandRank1 ? [x1, withColumn(x2)] : [withoutColumn(x1), x2];
  }
  if (x2.ndim === x1.ndim + 1 && endsInColumn(x2.shape)) {
    return x1.ndim === 1 && expandRank1 ? [withColumn(x1), x2] : [x1, withoutColumn(x2)];
  }
  return [x1, x2];
}

/**
 * Labels and predictions as floats of the dtype of the predictions. Whole numbers become floats, since `[1, 0]` is how
 * TypeScript writes 1.0 and 0.0.
 */
export function asFloats(yTrue: TensorLike, yPred: TensorLike): [Tensor, Tensor] {
  const t = toTensor(yPred);
  const pred = isFloat(t.dtype) ? t : t.astype(floatx());
  return [toTensor(yTrue, pred.dtype), pred];
}

/** Labels and predictions as floats of one dtype and rank. */
export function aligned(yTrue: TensorLike, yPred: TensorLike): [Tensor, Tensor] {
  return squeezeOrExpandToSameRank(...asFloats(yTrue, yPred));
}
