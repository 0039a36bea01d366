/** keras.ops.math: what NumPy does not have. */
import * as engine from "../../engine/index.ts";
import { type Axes, checkOptions, type Tensor, type TensorLike, type Unary } from "../../engine/index.ts";
import { toFloat } from "./convert.ts";

export { erf, erfinv } from "../../engine/index.ts";

/** 1 - erf(x). */
export const erfc: Unary = (x) => engine.subtract(1, engine.erf(x));

/**
 * log(Σ exp(x)) over axes, without overflow.
 *
 * @param options `axis` (default: all), `keepdims` (default false)
 */
export function logsumexp(
  x: TensorLike,
  options: { readonly axis?: Axes; readonly keepdims?: boolean } = {},
): Tensor {
  checkOptions("logsumexp", options, ["axis", "keepdims"]);
  const { axis, keepdims = false } = options;
  const t = toFloat(x);
  const largest = engine.stopGradient(t.max(axis, { keepdims: true }));
  // Infinity less infinity is NaN: such a maximum is not subtracted.
  const shift = engine.where(engine.isFinite(largest), largest, 0);
  const total = engine.exp(engine.subtract(t, shift)).sum(axis, { keepdims });
  return engine.add(engine.log(total), shift.reshape(total.shape));
}
