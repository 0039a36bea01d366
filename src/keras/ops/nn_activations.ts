/** The activation functions of keras.ops.nn. */
import * as engine from "../../engine/index.ts";
import {
  type Axes,
  abs,
  add,
  checkOptions,
  divide,
  exp,
  greater,
  less,
  lessEqual,
  log1p,
  multiply,
  negate,
  normalizeAxis,
  sigmoid,
  subtract,
  type Tensor,
  type TensorLike,
  tanh,
  toTensor,
  type Unary,
  ValueError,
  where,
} from "../../engine/index.ts";
import { toFloat } from "./convert.ts";
import { named } from "./named.ts";
import { clip } from "./numpy_elementwise.ts";

export { sigmoid } from "../../engine/index.ts";

/** max(x, 0). Its slope at 0 is 0; NaN stays NaN. */
export const relu: Unary = (x) => named("relu", {}, toTensor(x), (t) => where(lessEqual(t, 0), 0, t));

/** min(max(x, 0), 6). */
export const relu6: Unary = (x) =>
  named("relu6", {}, toFloat(x), (given) => {
    const t = relu(given);
    return where(less(t, 6), t, where(lessEqual(6, t), 6, t));
  });

/** log(1 + exp(x)), without overflow. */
export const softplus: Unary = (x) => {
  const t = toFloat(x);
  return add(engine.maximum(t, 0), log1p(exp(negate(abs(t)))));
};

/** x / (1 + |x|). */
export const softsign: Unary = (x) => named("softsign", {}, toFloat(x), (t) => divide(t, add(abs(t), 1)));

/** x · sigmoid(x). */
export const silu: Unary = (x) => {
  const t = toFloat(x);
  return multiply(t, sigmoid(t));
};
export { silu as swish };

/** log(sigmoid(x)), without overflow. */
export const logSigmoid: Unary = (x) => negate(softplus(negate(toFloat(x))));

/**
 * x where it is positive, else `negativeSlope` · x.
 *
 * @param options `negativeSlope`: the slope below 0 (default 0.2)
 *
 * @example
 * ```ts
 * leakyRelu([-1, 2]).arraySync(); // → [-0.2, 2]
 * ```
 */
export function leakyRelu(x: TensorLike, options: { readonly negativeSlope?: number } = {}): Tensor {
  checkOptions("leakyRelu", options, ["negativeSlope"]);
  const negativeSlope = options.negativeSlope ?? 0.2;
  return named("leaky_relu", { alpha: negativeSlope }, toFloat(x), (t) =>
    where(less(t, 0), multiply(t, negativeSlope), t),
  );
}

/** min(max(x / 6 + 1/2, 0), 1). */
export const hardSigmoid: Unary = (x) =>
  named("hard_sigmoid", {}, toFloat(x), (t) => divide(relu6(add(t, 3)), 6));

/** x · hardSigmoid(x). */
export const hardSilu: Unary = (x) => named("hard_silu", {}, toFloat(x), (t) => multiply(t, hardSigmoid(t)));
export { hardSilu as hardSwish };

/** exp(x) - 1 where x is not positive; elsewhere it is not computed, so that nothing overflows, not even in the gradient. */
function expm1Below(t: Tensor): Tensor {
  return engine.expm1(where(greater(t, 0), 0, t));
}

/**
 * x where it is positive, else α · (exp(x) - 1).
 *
 * @param options `alpha`: what large negative numbers come close to, negated (default 1)
 *
 * @example
 * ```ts
 * elu([-1, 2]).arraySync(); // → [-0.632, 2]
 * ```
 */
export function elu(x: TensorLike, options: { readonly alpha?: number } = {}): Tensor {
  checkOptions("elu", options, ["alpha"]);
  const alpha = options.alpha ?? 1;
  return named("elu", { alpha }, toFloat(x), (t) => where(greater(t, 0), t, multiply(alpha, expm1Below(t))));
}

/** λ · elu(x, α) with the λ and α that keep mean 0 and variance 1 (Klambauer et al., 2017). */
export const selu: Unary = (x) => {
  const alpha = 1.6732632423543772;
  const gamma = 1.0507009873554805;
  return named("selu", { alpha, gamma }, toFloat(x), (t) =>
    multiply(gamma, where(greater(t, 0), t, multiply(alpha, expm1Below(t)))),
  );
};

/**
 * max(x, 0) + min(α · (exp(x / α) - 1), 0).
 *
 * @param options `alpha`: α (default 1)
 *
 * @example
 * ```ts
 * celu([-1, 2]).arraySync(); // → [-0.632, 2]
 * ```
 */
export function celu(x: TensorLike, options: { readonly alpha?: number } = {}): Tensor {
  checkOptions("celu", options, ["alpha"]);
  const t = toFloat(x);
  const alpha = options.alpha ?? 1;
  return where(greater(t, 0), t, multiply(alpha, expm1Below(divide(t, alpha))));
}

/**
 * x · Φ(x), Φ being the normal distribution (Hendrycks and Gimpel, 2016).
 *
 * @param options `approximate` (default true): whether Φ is approximated with tanh
 *
 * @example
 * ```ts
 * gelu([-1, 2]).arraySync(); // → [-0.1588, 1.9546]
 * ```
 */
export function gelu(x: TensorLike, options: { readonly approximate?: boolean } = {}): Tensor {
  checkOptions("gelu", options, ["approximate"]);
  const t = toFloat(x);
  const inner =
    (options.approximate ?? true)
      ? tanh(multiply(Math.sqrt(2 / Math.PI), add(t, multiply(0.044715, multiply(t, multiply(t, t))))))
      : engine.erf(multiply(t, Math.SQRT1_2));
  return multiply(multiply(0.5, t), add(1, inner));
}

/**
 * a · sigmoid(b), a and b being the halves of x along an axis.
 *
 * @param options `axis`: the axis that is halved (default -1)
 *
 * @example
 * ```ts
 * glu([1, 2, 0, 0]).arraySync(); // → [0.5, 1]
 * ```
 */
export function glu(x: TensorLike, options: { readonly axis?: number } = {}): Tensor {
  checkOptions("glu", options, ["axis"]);
  const t = toFloat(x);
  const axis = normalizeAxis(options.axis ?? -1, t.ndim, "glu");
  const n = t.shape[axis]!;
  if (n % 2 !== 0) throw new ValueError(`glu: axis ${axis} needs an even length. Received: ${n}`);
  const [first, second] = [
    t.at(...t.shape.slice(0, axis).map(() => [null]), [null, n / 2]),
    t.at(...t.shape.slice(0, axis).map(() => [null]), [n / 2, null]),
  ];
  return multiply(first, sigmoid(second));
}

/** x - tanh(x). */
export const tanhShrink: Unary = (x) => {
  const t = toFloat(x);
  return subtract(t, tanh(t));
};

/** min(max(x, -1), 1). */
export const hardTanh: Unary = (x) => clip(x, -1, 1);

/**
 * 0 where |x| ≤ `threshold`, else x.
 *
 * @param options `threshold`: how far from 0 everything is 0 (default 0.5)
 *
 * @example
 * ```ts
 * hardShrink([-1, 0.3, 2]).arraySync(); // → [-1, 0, 2]
 * ```
 */
export function hardShrink(x: TensorLike, options: { readonly threshold?: number } = {}): Tensor {
  checkOptions("hardShrink", options, ["threshold"]);
  const t = toFloat(x);
  return where(lessEqual(abs(t), options.threshold ?? 0.5), 0, t);
}

/**
 * 0 where |x| ≤ `threshold`, else x moved towards 0 by it.
 *
 * @param options `threshold`: how far from 0 everything is 0 (default 0.5)
 *
 * @example
 * ```ts
 * softShrink([-1, 0.3, 2]).arraySync(); // → [-0.5, 0, 1.5]
 * ```
 */
export function softShrink(x: TensorLike, options: { readonly threshold?: number } = {}): Tensor {
  checkOptions("softShrink", options, ["threshold"]);
  const t = toFloat(x);
  const by = options.threshold ?? 0.5;
  return where(greater(t, by), subtract(t, by), where(less(t, -by), add(t, by), multiply(t, 0)));
}

/**
 * x where it is larger than the threshold, else the default value.
 *
 * @param threshold what x must exceed
 * @param defaultValue what takes the place of smaller ones
 *
 * @example
 * ```ts
 * threshold([-1, 0.3, 2], 0.5, 9).arraySync(); // → [9, 9, 2]
 * ```
 */
export function threshold(x: TensorLike, threshold: number, defaultValue: number): Tensor {
  const t = toFloat(x);
  return where(greater(t, threshold), t, defaultValue);
}

/** 0 up to -1, x from 1 on, (x + 1)² / 4 between. */
export const sparsePlus: Unary = (x) => {
  const t = toFloat(x);
  const shifted = add(t, 1);
  return where(lessEqual(t, -1), 0, where(less(t, 1), multiply(0.25, multiply(shifted, shifted)), t));
};

/** 0 up to -1, 1 from 1 on, (x + 1) / 2 between. */
export const sparseSigmoid: Unary = (x) => {
  const t = toFloat(x);
  return where(lessEqual(t, -1), 0, where(lessEqual(1, t), 1, multiply(0.5, add(t, 1))));
};

/**
 * (x + √(x² + b)) / 2.
 *
 * @param options `b`: how round the corner is (default 4)
 *
 * @example
 * ```ts
 * squareplus([-1, 0]).arraySync(); // → [0.618, 1]
 * ```
 */
export function squareplus(x: TensorLike, options: { readonly b?: number } = {}): Tensor {
  checkOptions("squareplus", options, ["b"]);
  const t = toFloat(x);
  return multiply(0.5, add(t, engine.sqrt(add(multiply(t, t), options.b ?? 4))));
}

/** Options of `softmax` and its relatives. */
export interface SoftmaxOptions {
  /** The axes along which the results add up to 1: one, several, or all (null). Default -1. */
  readonly axis?: Axes;
}

function softmaxAxis(options: SoftmaxOptions): Axes {
  return options.axis === undefined ? -1 : options.axis;
}

/** x less its largest element, which changes nothing but that exponentials cannot overflow. */
function lowered(x: Tensor, axis: Axes): Tensor {
  return subtract(x, engine.stopGradient(x.max(axis, { keepdims: true })));
}

/**
 * exp(x) / Σ exp(x) along an axis.
 *
 * @example
 * ```ts
 * ops.softmax([0, 0]).arraySync(); // → [0.5, 0.5]
 * ```
 */
export function softmax(x: TensorLike, options: SoftmaxOptions = {}): Tensor {
  checkOptions("softmax", options, ["axis"]);
  const axis = softmaxAxis(options);
  const shares = (t: Tensor): Tensor => {
    const powers = exp(lowered(t, axis));
    return divide(powers, powers.sum(axis, { keepdims: true }));
  };
  const t = toFloat(x);
  return typeof axis === "number" ? named("softmax", { axis }, t, shares) : shares(t);
}

/**
 * log(softmax(x)), computed without exponentials of large numbers.
 *
 * @example
 * ```ts
 * logSoftmax([0, 0]).arraySync(); // → [-0.6931, -0.6931]
 * ```
 */
export function logSoftmax(x: TensorLike, options: SoftmaxOptions = {}): Tensor {
  checkOptions("logSoftmax", options, ["axis"]);
  const axis = softmaxAxis(options);
  const shares = (t: Tensor): Tensor => {
    const low = lowered(t, axis);
    return subtract(low, engine.log(exp(low).sum(axis, { keepdims: true })));
  };
  const t = toFloat(x);
  return typeof axis === "number" ? named("log_softmax", { axis }, t, shares) : shares(t);
}

/**
 * A sparse relative of softmax (Martins and Astudillo, 2016): max(x - τ, 0). Keras's threshold τ adds up all partial sums of
 * the largest elements where the paper takes the last one; as models are trained with it, so does this function.
 *
 * @param options `axis`: along which the result adds up to 1 (default -1)
 *
 * @example
 * ```ts
 * sparsemax([0, 0]).arraySync(); // → [0.5, 0.5]
 * ```
 */
export function sparsemax(x: TensorLike, options: { readonly axis?: number } = {}): Tensor {
  checkOptions("sparsemax", options, ["axis"]);
  const t = toFloat(x);
  const axis = normalizeAxis(options.axis ?? -1, t.ndim, "sparsemax");
  // Pairs of elements tell ranks and partial sums without sorting; of equal elements the first one is the larger.
  const one = t.reshape(t.shape.toSpliced(axis + 1, 0, 1));
  const other = t.reshape(t.shape.toSpliced(axis, 0, 1));
  const shape = t.shape.toSpliced(axis, 0, t.shape[axis]!);
  const earlier = lessEqual(engine.iota(shape, axis + 1), engine.iota(shape, axis));
  const before = engine
    .bitwiseOr(less(one, other), engine.bitwiseAnd(engine.equal(one, other), earlier))
    .astype(t.dtype);
  const rank = engine.sum(before, axis + 1);
  const partial = engine.sum(multiply(before, other), axis + 1);
  const support = greater(subtract(t, divide(subtract(partial, 1), rank)), 0).astype(t.dtype);
  const total = multiply(support, partial).sum(axis, { keepdims: true });
  const threshold = divide(subtract(total, 1), support.sum(axis, { keepdims: true }));
  return relu(subtract(t, threshold));
}
