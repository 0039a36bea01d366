/** The normalizations of keras.ops.nn. */
import * as engine from "../../engine/index.ts";
import {
  add,
  type CompositeInputs,
  checkOptions,
  composite,
  multiply,
  normalizeAxes,
  normalizeAxis,
  rsqrt,
  show,
  subtract,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
} from "../../engine/index.ts";
import { epsilon } from "../config/config.ts";
import { toFloat, toPrecise } from "./convert.ts";
import { moments } from "./nn_losses.ts";

/** Options of `batchNormalization`. */
export interface BatchNormalizationOptions {
  /** Is added after all, one number for each channel. */
  readonly offset?: TensorLike | null;
  /** Is multiplied with what is normalized, one number for each channel. */
  readonly scale?: TensorLike | null;
  /** Is added to the variance. Default 0.001. */
  readonly epsilon?: number;
}

/**
 * (x - mean) / √(variance + ε) · scale + offset, with one mean and one variance for each channel.
 *
 * @param axis the axis of channels
 *
 * @example
 * ```ts
 * ops.batchNormalization([[1], [3]], [2], [1], -1, { epsilon: 0 }).arraySync(); // → [[-1], [1]]
 * ```
 */
export function batchNormalization(
  x: TensorLike,
  mean: TensorLike,
  variance: TensorLike,
  axis: number,
  options: BatchNormalizationOptions = {},
): Tensor {
  checkOptions("batchNormalization", options, ["offset", "scale", "epsilon"]);
  const t = toFloat(x);
  const channels = normalizeAxis(axis, t.ndim, "batchNormalization");
  const shape = t.shape.map((n, d) => (d === channels ? n : 1));
  const wide = (v: TensorLike): Tensor => toTensor(v, t.dtype).reshape(shape);
  const inverse = rsqrt(add(wide(variance), options.epsilon ?? 1e-3));
  return affine(
    subtract(t, wide(mean)),
    options.scale ? multiply(inverse, wide(options.scale)) : inverse,
    options.offset ? wide(options.offset) : null,
  );
}

function affine(x: Tensor, scale: Tensor, offset: Tensor | null): Tensor {
  const scaled = multiply(x, scale);
  return offset === null ? scaled : add(scaled, offset);
}

/** Options of `layerNormalization`. */
export interface LayerNormalizationOptions {
  /** Is multiplied with what is normalized: a number for each place along the axes. */
  readonly gamma?: TensorLike | null;
  /** Is added after all: a number for each place along the axes. */
  readonly beta?: TensorLike | null;
  /** The axis or axes to normalize over. Default -1. */
  readonly axis?: number | readonly number[];
  /** Is added to the variance. Default `epsilon()`. */
  readonly epsilon?: number | null;
  /** Whether the mean is left in, and `beta` out. Default false. */
  readonly rmsScaling?: boolean;
}

/**
 * (x - mean) / √(variance + ε) · gamma + beta, with mean and variance over an axis, for each sample alone (Ba et al., 2016).
 *
 * @example
 * ```ts
 * ops.layerNormalization([1, 2, 3]).arraySync(); // → [-1.2247, 0, 1.2247]
 * ```
 */
export function layerNormalization(x: TensorLike, options: LayerNormalizationOptions = {}): Tensor {
  checkOptions("layerNormalization", options, ["gamma", "beta", "axis", "epsilon", "rmsScaling"]);
  const given = toFloat(x);
  const t = toPrecise(given);
  const axes = normalizeAxes(options.axis ?? -1, t.ndim, "layerNormalization");
  const wide = along(t, axes, "layerNormalization");
  const { gamma, beta } = options;
  const rms = options.rmsScaling ?? false;
  const added = options.epsilon ?? epsilon();
  const compute = (): Tensor => {
    const [mean, variance] = moments(t, axes, { keepdims: true });
    const normal = multiply(rms ? t : subtract(t, mean), rsqrt(add(variance, added)));
    const scaled = gamma ? multiply(normal, wide(gamma)) : normal;
    return beta && !rms ? add(scaled, wide(beta)) : scaled;
  };
  // Others know it over the last axes, with a scale.
  const first = t.ndim - axes.length;
  const describe = (): CompositeInputs | undefined => {
    if (rms || !gamma || axes.some((axis) => axis < first)) return undefined;
    const weights = [gamma, ...(beta ? [beta] : [])].map((w) => wide(w));
    if (weights.some((w) => w.size !== engine.sizeOf(t.shape.slice(first)))) return undefined;
    const operands = [t, ...weights.map((w) => w.reshape(t.shape.slice(first)))];
    return { attributes: { axis: first, epsilon: added }, operands };
  };
  const [normalized] = composite("layer_normalization", describe, () => [compute()]);
  return normalized!.astype(given.dtype);
}

/** A weight that has a number for each place along axes, in a shape that broadcasts with x. */
function along(x: Tensor, axes: readonly number[], where: string): (weight: TensorLike) => Tensor {
  const shape = x.shape.map((n, d) => (axes.includes(d) ? n : 1));
  return (weight) => {
    const w = toTensor(weight, x.dtype);
    if (w.ndim === x.ndim || w.size === 1) return w;
    if (w.size === engine.sizeOf(shape)) return w.reshape(shape);
    throw new ValueError(
      `${where}: expected a number for each place along the axes ${show(axes)} of a tensor of shape ${show(x.shape)}. ` +
        `Received a tensor of shape ${show(w.shape)}`,
    );
  };
}

/** Options of `rmsNormalization`. */
export interface RMSNormalizationOptions {
  /** Is multiplied with what is normalized. */
  readonly scale?: TensorLike | null;
  /** The axis or axes to normalize over. Default -1. */
  readonly axis?: number | readonly number[];
  /** Is added to the mean of the squares. Default `epsilon()`. */
  readonly epsilon?: number | null;
}

/**
 * x / √(mean(x²) + ε) · scale, with the mean over an axis (Zhang and Sennrich, 2019).
 *
 * @example
 * ```ts
 * ops.rmsNormalization([3, 4, 0, 0]).arraySync(); // → [1.2, 1.6, 0, 0]
 * ```
 */
export function rmsNormalization(x: TensorLike, options: RMSNormalizationOptions = {}): Tensor {
  checkOptions("rmsNormalization", options, ["scale", "axis", "epsilon"]);
  const given = toFloat(x);
  const t = toPrecise(given.ndim === 0 ? given.reshape(1) : given);
  const axes = normalizeAxes(options.axis ?? -1, t.ndim, "rmsNormalization");
  const squares = multiply(t, t).mean(axes, { keepdims: true });
  const normal = multiply(t, rsqrt(add(squares, options.epsilon ?? epsilon())));
  const scaled = options.scale ? multiply(normal, along(t, axes, "rmsNormalization")(options.scale)) : normal;
  return scaled.astype(given.dtype);
}
