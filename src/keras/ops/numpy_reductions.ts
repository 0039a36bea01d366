/** NumPy's reductions and cumulative functions. */
import * as engine from "../../engine/index.ts";
import {
  type Axes,
  checkOptions,
  type DType,
  normalizeAxes,
  normalizeAxis,
  ShapeError,
  showShape,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
} from "../../engine/index.ts";
import { toFloat, toPrecise } from "./convert.ts";
import { wide } from "./sum_dtype.ts";

/** Options of reductions. */
export interface ReductionOptions {
  /** One axis or several. Default: all. */
  readonly axis?: Axes;
  /** Whether reduced axes stay, with length 1. Default false. */
  readonly keepdims?: boolean;
}

/** A reduction of a tensor over axes. */
export type Reduction = (x: TensorLike, options?: ReductionOptions) => Tensor;

/** The result of a reduction, with the reduced axes put back if asked for. */
function restore(result: Tensor, x: Tensor, options: ReductionOptions): Tensor {
  if (!options.keepdims) return result;
  const axes = normalizeAxes(options.axis, x.ndim, "keepdims");
  return result.reshape(x.shape.map((n, i) => (axes.includes(i) ? 1 : n)));
}

function reduction(name: string, reduce: (x: Tensor, axes: Axes) => Tensor): Reduction {
  return (x, options = {}) => {
    checkOptions(name, options, ["axis", "keepdims"]);
    const t = toTensor(x);
    return restore(reduce(t, options.axis), t, options);
  };
}

/**
 * The sum over axes; booleans count as 0 and 1.
 *
 * @example
 * ```ts
 * ops.sum([[1, 2], [3, 4]], { axis: 0 }).arraySync(); // → [4, 6]
 * ```
 */
export const sum: Reduction = /* @__PURE__ */ reduction("sum", (x, axes) => engine.sum(wide(x), axes));

/**
 * The product over axes.
 *
 * @param options `axis` (default: all), `keepdims` (default false), `dtype` of the product (default: from x)
 *
 * @example
 * ```ts
 * ops.prod([[1, 2], [3, 4]], { axis: 1, dtype: "float32" }).arraySync(); // → [2, 12]
 * ```
 */
export function prod(
  x: TensorLike,
  options: ReductionOptions & { readonly dtype?: DType | null } = {},
): Tensor {
  checkOptions("prod", options, ["axis", "keepdims", "dtype"]);
  const t = toTensor(x, options.dtype ?? undefined);
  const result = restore(engine.prod(wide(t), options.axis), t, options);
  return options.dtype ? result.astype(options.dtype) : result;
}

/**
 * The mean over axes; integers give floats.
 *
 * @example
 * ```ts
 * ops.mean([[1, 2], [3, 4]], { axis: -1, keepdims: true }).arraySync(); // → [[1.5], [3.5]]
 * ```
 */
export const mean: Reduction = /* @__PURE__ */ reduction("mean", (x, axes) => x.mean(axes));

/** The mean squared distance from the mean (the divisor is the number of elements). */
const variance: Reduction = /* @__PURE__ */ reduction("var", (x, axes) => {
  const given = toFloat(x);
  const t = toPrecise(given);
  const distance = engine.subtract(t, t.mean(axes, { keepdims: true }));
  return engine.multiply(distance, distance).mean(axes).astype(given.dtype);
});

export { variance as var };

/** The standard deviation: the square root of the variance. */
export const std: Reduction = (x, options = {}) => engine.sqrt(variance(x, options));

/** Whether all elements over axes are true (not zero). */
export const all: Reduction = /* @__PURE__ */ reduction("all", (x, axes) => engine.all(x, axes));

/** Whether any element over axes is true (not zero). */
export const any: Reduction = /* @__PURE__ */ reduction("any", (x, axes) => engine.any(x, axes));

/** How many elements are not zero. */
export const countNonzero: Reduction = /* @__PURE__ */ reduction("countNonzero", (x, axes) =>
  engine.sum(engine.notEqual(x, 0), axes),
);

/** Options of `max` and `min`. */
export interface ExtremeOptions extends ReductionOptions {
  /** What the result is at least (`max`) or at most (`min`), so that there is one for no elements. Default: none. */
  readonly initial?: number | null;
}

/** A reduction to the largest or smallest element. */
export type Extreme = (x: TensorLike, options?: ExtremeOptions) => Tensor;

function extreme(name: "max" | "min"): Extreme {
  return (x, options = {}) => {
    checkOptions(name, options, ["axis", "keepdims", "initial"]);
    const t = toTensor(x);
    const { axis, initial } = options;
    const keepdims = options.keepdims ?? false;
    if (initial === undefined || initial === null) return t[name](axis, { keepdims });
    if (t.dtype === "bool") {
      const reduced = (name === "max" ? engine.any : engine.all)(t, axis);
      const begun = name === "max" ? initial !== 0 : initial === 0;
      return restore(begun ? engine.full(reduced.shape, name === "max", "bool") : reduced, t, options);
    }
    const start = engine.full([], initial, t.dtype);
    const empty = normalizeAxes(axis, t.ndim, name).some((a) => t.shape[a] === 0);
    const rest = empty
      ? restore(engine.broadcastTo(start, engine.sum(t, axis).shape), t, options)
      : t[name](axis, { keepdims });
    return name === "max" ? engine.maximum(rest, start) : engine.minimum(rest, start);
  };
}

/** The largest element over axes; NaN if there is one. */
export const max: Extreme = /* @__PURE__ */ extreme("max");
/** The smallest element over axes; NaN if there is one. */
export const min: Extreme = /* @__PURE__ */ extreme("min");
/** The largest element over axes; NaN if there is one. */
export const amax: Reduction = /* @__PURE__ */ reduction("amax", (x, axes) => x.max(axes));
/** The smallest element over axes; NaN if there is one. */
export const amin: Reduction = /* @__PURE__ */ reduction("amin", (x, axes) => x.min(axes));
/** The distance from the smallest to the largest element. */
export const ptp: Reduction = /* @__PURE__ */ reduction("ptp", (x, axes) =>
  engine.subtract(x.max(axes), x.min(axes)),
);

/** Options of `argmax` and `argmin`. */
export interface ArgOptions {
  /** The axis to search. Default: all elements, in row-major order. */
  readonly axis?: number | null;
  /** Whether the axis stays, with length 1. Default false. */
  readonly keepdims?: boolean;
}

/** A search for the position of an element. */
export type ArgReduction = (x: TensorLike, options?: ArgOptions) => Tensor;

function argReduction(name: string, search: (t: Tensor, axis: number) => Tensor): ArgReduction {
  return (x, options = {}) => {
    checkOptions(name, options, ["axis", "keepdims"]);
    const t = toTensor(x);
    const axis = options.axis ?? null;
    const found = axis === null ? search(t.flatten(), 0) : search(t, axis);
    return restore(found, t, options);
  };
}

/** The position (int32) of the largest element: the first one, or the first NaN. */
export const argmax: ArgReduction = /* @__PURE__ */ argReduction("argmax", engine.argmax);
/** The position (int32) of the smallest element: the first one, or the first NaN. */
export const argmin: ArgReduction = /* @__PURE__ */ argReduction("argmin", engine.argmin);

/**
 * The weighted mean: Σ w·x / Σ w.
 *
 * @param options `axis`: over which (default: all), `weights` (default: all equal): of the shape of x, or one for each place along
 *   the axis
 * @throws ShapeError when the weights fit neither
 *
 * @example
 * ```ts
 * average([1, 3], { weights: [3, 1] }).item(); // → 1.5
 * ```
 */
export function average(
  x: TensorLike,
  options: { readonly axis?: Axes; readonly weights?: TensorLike | null } = {},
): Tensor {
  checkOptions("average", options, ["axis", "weights"]);
  const { axis, weights } = options;
  const t = toFloat(x);
  if (weights === undefined || weights === null) return t.mean(axis);
  let w = toFloat(weights);
  if (!engine.sameShape(w.shape, t.shape)) {
    const fits =
      typeof axis === "number" && w.ndim === 1 && w.size === t.shape[normalizeAxis(axis, t.ndim, "average")];
    if (!fits) {
      throw new ShapeError(
        `average: weights have the shape of x, or of its axis. Received x ${showShape(t.shape)}, weights ${showShape(w.shape)}`,
      );
    }
    const at = normalizeAxis(axis, t.ndim, "average");
    w = engine.broadcastTo(w.reshape(t.shape.map((n, i) => (i === at ? n : 1))), t.shape);
  }
  return engine.divide(engine.sum(engine.multiply(t, w), axis), engine.sum(w, axis));
}

/** Options of cumulative functions. */
export interface CumulativeOptions {
  /** Default: all elements, in row-major order. */
  readonly axis?: number | null;
  /** The dtype of the result. Default: that of x, int32 for booleans. */
  readonly dtype?: DType | null;
}

/** A function that replaces each element by what came up to it. */
export type Cumulative = (x: TensorLike, options?: CumulativeOptions) => Tensor;

/**
 * After the round with distance d each element has combined the 2d elements up to it, so that log2(n) rounds of whole
 * tensors do what a loop over n elements would.
 */
function cumulative(name: string, combine: (x: Tensor, y: Tensor) => Tensor, neutral: number): Cumulative {
  return (x, options = {}) => {
    checkOptions(name, options, ["axis", "dtype"]);
    const given = toTensor(x);
    const dtype = options.dtype ?? (given.dtype === "bool" ? "int32" : given.dtype);
    const axis = options.axis ?? null;
    let t = axis === null ? given.flatten() : given;
    t = t.astype(dtype);
    const at = normalizeAxis(axis ?? 0, t.ndim, name);
    const along = (width: number): number[] => t.shape.map((_, i) => (i === at ? width : 0));
    for (let distance = 1; distance < t.shape[at]!; distance *= 2) {
      const moved = engine.pad(t, neutral, {
        low: along(distance),
        high: along(-distance),
        interior: along(0),
      });
      t = combine(t, moved);
    }
    return t;
  };
}

/** The sums of the elements up to each one along an axis. */
export const cumsum: Cumulative = /* @__PURE__ */ cumulative("cumsum", engine.add, 0);
/** The products of the elements up to each one along an axis. */
export const cumprod: Cumulative = /* @__PURE__ */ cumulative("cumprod", engine.multiply, 1);

/**
 * The differences of neighbours along an axis.
 *
 * @param a the tensor
 * @param options `n`: how often (default 1); `axis`: along which (default -1)
 *
 * @example
 * ```ts
 * diff([1, 4, 9]).arraySync(); // → [3, 5]
 * ```
 */
export function diff(a: TensorLike, options: { readonly n?: number; readonly axis?: number } = {}): Tensor {
  checkOptions("diff", options, ["n", "axis"]);
  const { n = 1, axis = -1 } = options;
  if (!Number.isInteger(n) || n < 0)
    throw new ValueError(`diff: n is a whole number that is not negative. Received: ${n}`);
  let t = toTensor(a);
  const at = normalizeAxis(axis, t.ndim, "diff");
  for (let round = 0; round < n && t.shape[at]! > 0; round++) {
    const before = t.shape.map((m, i) => (i === at ? m - 1 : m));
    const behind = t.shape.map((_, i) => (i === at ? 1 : 0));
    const [first, second] = [
      engine.slice(
        t,
        t.shape.map(() => 0),
        before,
      ),
      engine.slice(t, behind, t.shape),
    ];
    t = t.dtype === "bool" ? engine.notEqual(second, first) : engine.subtract(second, first);
  }
  return t;
}
