/** Categories as numbers, as vectors of zeros and ones, or as counts. */
import { type DType, type Tensor, UnsupportedError } from "../../../engine/index.ts";
import { multiHot, oneHot } from "../../ops/nn_losses.ts";

/** How categories are encoded. */
export type EncodingMode = "int" | "one_hot" | "multi_hot" | "count";

/**
 * Encodes categories.
 *
 * @param x whole numbers from 0 on
 * @param depth the number of categories
 * @param countWeights what each counts for, in the shape of `x`
 */
export function encodeCategories(
  x: Tensor,
  mode: EncodingMode,
  depth: number,
  dtype: DType,
  countWeights?: Tensor,
): Tensor {
  if (mode === "int") return x.astype(dtype);
  const categories = (x.ndim === 0 ? x.reshape([1]) : x).astype("int32");
  if (mode === "multi_hot") return multiHot(categories, depth, { dtype });
  if (mode === "one_hot") {
    const flat = categories.ndim > 1 && categories.shape.at(-1) === 1;
    return oneHot(flat ? categories.reshape(categories.shape.slice(0, -1)) : categories, depth, { dtype });
  }
  const each = oneHot(categories, depth, { dtype: countWeights?.dtype ?? dtype });
  const weighted =
    countWeights === undefined ? each : each.multiply(countWeights.reshape([...categories.shape, 1]));
  return weighted.sum([categories.ndim > 1 ? 1 : 0]);
}

/**
 * Refuses the option `sparse`.
 *
 * @throws UnsupportedError when it is true
 */
export function refuseSparse(where: string, sparse: boolean | undefined): void {
  if (sparse === true) throw new UnsupportedError(`${where}: sparse tensors are not supported.`);
}
