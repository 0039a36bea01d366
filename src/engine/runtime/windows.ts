/** Convolutions and pooling, and the family of primitives behind them. */
import { windows as gradients } from "../autodiff/windows.ts";
import { addFamily } from "../compiler/family.ts";
import { windowLowerings } from "../compiler/lower/windows.ts";
import * as g from "../graph/build.ts";
import { commonDType } from "../graph/numeric.ts";
import type { Attrs } from "../graph/primitives.ts";
import { windows as rules } from "../graph/rules/windows.ts";
import * as w from "../graph/window_rows.ts";
import { DTypeError } from "../tensor/errors.ts";
import { type Tensor, type TensorLike, toTensor, wrap } from "./tensor.ts";

addFamily({ rows: w.windowRows, rules, gradients, kernels: windowLowerings });

/**
 * A convolution: an array (batch, …space, features) with a kernel (…window, features of a group, features of the result),
 * which gives (batch, …places of the window, features of the result). Windows lie whole inside; `pad` puts zeros around.
 */
export function convolution(x: TensorLike, kernel: TensorLike, attrs: Attrs["convolution"]): Tensor {
  const [a, b] = [toTensor(x), toTensor(kernel)];
  const dtype = commonDType(a.node, b.node);
  if (dtype === "bool") throw new DTypeError("convolution: expected numbers. Received: bool, bool");
  return wrap(w.convolution(g.convert(a.node, dtype), g.convert(b.node, dtype), attrs), a, b);
}

/** The sum, the largest or the smallest element of each window; windows lie whole inside. */
export function reduceWindow(x: TensorLike, attrs: Attrs["reduce_window"]): Tensor {
  const a = toTensor(x);
  const node = a.dtype === "bool" ? g.convert(a.node, "int32") : a.node;
  return wrap(w.reduceWindow(node, attrs), a);
}
