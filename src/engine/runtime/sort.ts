/** Sorting, and the family of primitives behind it. */
import { zero } from "../autodiff/rule.ts";
import { addFamily } from "../compiler/family.ts";
import { lowerSort } from "../compiler/lower/sort.ts";
import { build } from "../graph/build.ts";
import { sorting } from "../graph/rules/sort.ts";
import { sortRows } from "../graph/sort_rows.ts";
import { normalizeAxis } from "../tensor/shape.ts";
import { type Tensor, type TensorLike, toTensor, wrap } from "./tensor.ts";

addFamily({
  rows: sortRows,
  rules: sorting,
  // Places do not change where elements change a little; the elements themselves are gathered.
  gradients: { arg_sort: zero },
  kernels: { arg_sort: lowerSort },
});

/**
 * Where the elements of the ascending order are found along an axis (int32). Equal ones stay in their order; NaN comes
 * last.
 *
 * @param keys tensors of one shape; the later ones decide where the earlier ones are equal
 */
export function argsort(keys: readonly TensorLike[], axis = -1): Tensor {
  const tensors = keys.map((x) => toTensor(x));
  const nodes = tensors.map((t) => t.node);
  const at = normalizeAxis(axis, nodes[0]?.shape.length ?? 0, "argsort");
  return wrap(build("arg_sort", nodes, { axis: at }), ...tensors);
}
