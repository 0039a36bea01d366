/** NumPy's reductions and cumulative functions that pass over NaN. */
import * as engine from "../../engine/index.ts";
import {
  checkOptions,
  isFloat,
  normalizeAxes,
  type Tensor,
  type TensorLike,
  toTensor,
} from "../../engine/index.ts";
import { toFloat } from "./convert.ts";
import { isnan } from "./numpy_logic.ts";
import {
  type ArgOptions,
  type ArgReduction,
  argmax,
  argmin,
  type Cumulative,
  cumprod,
  cumsum,
  max,
  min,
  prod,
  type Reduction,
  type ReductionOptions,
  sum,
} from "./numpy_reductions.ts";

const names = ["axis", "keepdims"] as const;

/** The tensor with a number in the place of NaN. */
function filled(x: TensorLike, value: number): Tensor {
  const t = toTensor(x);
  return isFloat(t.dtype) ? engine.where(isnan(t), value, t) : t;
}

function without(name: string, value: number, reduce: Reduction): Reduction {
  return (x, options = {}) => {
    checkOptions(name, options, names);
    return reduce(filled(x, value), options);
  };
}

/**
 * The sum over axes of what is not NaN; 0 where all is NaN.
 *
 * @example
 * ```ts
 * ops.nansum([1, NaN, 2]).item(); // → 3
 * ```
 */
export const nansum: Reduction = /* @__PURE__ */ without("nansum", 0, sum);
/** The product over axes of what is not NaN; 1 where all is NaN. */
export const nanprod: Reduction = /* @__PURE__ */ without("nanprod", 1, prod);

function extreme(name: string, neutral: number, reduce: Reduction): Reduction {
  return (x, options = {}) => {
    checkOptions(name, options, names);
    const t = toTensor(x);
    if (!isFloat(t.dtype)) return reduce(t, options);
    const found = reduce(filled(t, neutral), options);
    const nothing = engine.all(isnan(t), options.axis).reshape(found.shape);
    return engine.where(nothing, Number.NaN, found);
  };
}

/** The largest element over axes that is not NaN; NaN where all is. */
export const nanmax: Reduction = /* @__PURE__ */ extreme("nanmax", Number.NEGATIVE_INFINITY, max);
/** The smallest element over axes that is not NaN; NaN where all is. */
export const nanmin: Reduction = /* @__PURE__ */ extreme("nanmin", Number.POSITIVE_INFINITY, min);

/** How many elements are not NaN, in the dtype of x. */
function count(x: Tensor, options: ReductionOptions): Tensor {
  return sum(engine.bitwiseNot(isnan(x)), options).astype(x.dtype);
}

/** The mean over axes of what is not NaN; NaN where all is. */
export const nanmean: Reduction = (x, options = {}) => {
  checkOptions("nanmean", options, names);
  const t = toFloat(x);
  if (normalizeAxes(options.axis, t.ndim, "nanmean").length === 0) return t;
  return engine.divide(sum(filled(t, 0), options), count(t, options));
};

/** The mean squared distance from the mean of what is not NaN; NaN where all is. */
export const nanvar: Reduction = (x, options = {}) => {
  checkOptions("nanvar", options, names);
  const t = toFloat(x);
  const missing = isnan(t);
  if (normalizeAxes(options.axis, t.ndim, "nanvar").length === 0) return engine.subtract(t, t);
  const mean = nanmean(t, { ...options, keepdims: true });
  // NaN is replaced before and after the subtraction, so that it does not come back in the gradient.
  const distance = engine.where(missing, 0, engine.subtract(engine.where(missing, 0, t), mean));
  return engine.divide(sum(engine.multiply(distance, distance), options), count(t, options));
};

/** The standard deviation of what is not NaN: the square root of `nanvar`. */
export const nanstd: Reduction = (x, options = {}) => {
  checkOptions("nanstd", options, names);
  return engine.sqrt(nanvar(x, options));
};

function position(name: string, neutral: number, search: ArgReduction): ArgReduction {
  return (x: TensorLike, options: ArgOptions = {}) => {
    checkOptions(name, options, names);
    const t = toTensor(x);
    const found = search(filled(t, neutral), options);
    if (!isFloat(t.dtype)) return found;
    const nothing = engine.all(isnan(t), options.axis ?? undefined).reshape(found.shape);
    return engine.where(nothing, -1, found);
  };
}

/** The position (int32) of the largest element that is not NaN, the first one of equals; -1 where all is NaN. */
export const nanargmax: ArgReduction = /* @__PURE__ */ position(
  "nanargmax",
  Number.NEGATIVE_INFINITY,
  argmax,
);
/** The position (int32) of the smallest element that is not NaN, the first one of equals; -1 where all is NaN. */
export const nanargmin: ArgReduction = /* @__PURE__ */ position(
  "nanargmin",
  Number.POSITIVE_INFINITY,
  argmin,
);

function cumulative(name: string, neutral: number, accumulate: Cumulative): Cumulative {
  return (x, options = {}) => {
    checkOptions(name, options, ["axis", "dtype"]);
    return accumulate(filled(x, neutral), options);
  };
}

/** The sums of the elements up to each one along an axis, NaN counting as 0. */
export const nancumsum: Cumulative = /* @__PURE__ */ cumulative("nancumsum", 0, cumsum);
/** The products of the elements up to each one along an axis, NaN counting as 1. */
export const nancumprod: Cumulative = /* @__PURE__ */ cumulative("nancumprod", 1, cumprod);
