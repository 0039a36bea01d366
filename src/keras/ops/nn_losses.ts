/** The functions of keras.ops.nn that losses, metrics and normalization are made of. */
import * as engine from "../../engine/index.ts";
import {
  type Axes,
  add,
  checkOptions,
  type DType,
  divide,
  log,
  multiply,
  negate,
  normalizeAxis,
  ShapeError,
  showShape,
  subtract,
  type Tensor,
  type TensorLike,
  toTensor,
} from "../../engine/index.ts";
import { epsilon, floatx } from "../config/config.ts";
import { refuseSparse, toFloat, toPrecise } from "./convert.ts";
import { logSigmoid, logSoftmax } from "./nn_activations.ts";
import { clip } from "./numpy_elementwise.ts";

/** Options of `oneHot` and `multiHot`. */
export interface OneHotOptions {
  /** Where the axis of classes stands in the result. Default -1. */
  readonly axis?: number;
  /** The dtype of the result. Default `config.floatx()`. */
  readonly dtype?: DType | null;
  /** Only false: there are no sparse tensors. Default false. */
  readonly sparse?: boolean;
}

/**
 * For each class number a vector with 1 at that place and 0 elsewhere; zeros only where the number is no class.
 *
 * @param x integers
 * @param numClasses the length of the vectors
 *
 * @example
 * ```ts
 * ops.oneHot([2, 0], 3).arraySync(); // → [[0, 0, 1], [1, 0, 0]]
 * ```
 */
export function oneHot(x: TensorLike, numClasses: number, options: OneHotOptions = {}): Tensor {
  checkOptions("oneHot", options, ["axis", "dtype", "sparse"]);
  refuseSparse("oneHot", options.sparse);
  const t = toTensor(x, "int32");
  const axis = normalizeAxis(options.axis ?? -1, t.ndim + 1, "oneHot");
  const places = engine.iota(
    Array.from({ length: t.ndim + 1 }, (_, i) => (i === axis ? numClasses : 1)),
    axis,
  );
  return engine.equal(t.reshape(t.shape.toSpliced(axis, 0, 1)), places).astype(options.dtype ?? floatx());
}

/**
 * Which classes occur among the numbers along the axis after the first: 1 for those that do.
 *
 * @example
 * ```ts
 * multiHot([0, 2, 2], 4).arraySync(); // → [1, 0, 1, 0]
 * ```
 */
export function multiHot(x: TensorLike, numClasses: number, options: OneHotOptions = {}): Tensor {
  const t = toTensor(x);
  return oneHot(t, numClasses, options).max(t.ndim > 1 ? 1 : 0);
}

/** Options of the crossentropies. */
export interface CrossentropyOptions {
  /** Whether `output` is what goes into softmax or sigmoid, not what comes out. Default false. */
  readonly fromLogits?: boolean;
  /** The axis of classes. Default -1. */
  readonly axis?: number;
}

function requireShape(ok: boolean, where: string, target: Tensor, output: Tensor): void {
  if (ok) return;
  throw new ShapeError(
    `${where}: target and output do not fit together. Received: target ${showShape(target.shape)}, output ${showShape(output.shape)}`,
  );
}

/** Probabilities kept away from 0 and 1, where logarithms are infinite. */
function inside(p: Tensor): Tensor {
  return clip(p, epsilon(), 1 - epsilon());
}

function logProbabilities(output: Tensor, fromLogits: boolean, axis: number): Tensor {
  if (fromLogits) return logSoftmax(output, { axis });
  return log(inside(divide(output, output.sum(axis, { keepdims: true }))));
}

/**
 * -Σ target · log(output) over the classes.
 *
 * @param target probabilities, for instance one-hot vectors
 * @param output probabilities, which are scaled to add up to 1; logits with `fromLogits`
 * @throws ShapeError when the shapes differ
 *
 * @example
 * ```ts
 * ops.categoricalCrossentropy([[0, 1]], [[0.5, 0.5]]).arraySync(); // → [0.6931]
 * ```
 */
export function categoricalCrossentropy(
  target: TensorLike,
  output: TensorLike,
  options: CrossentropyOptions = {},
): Tensor {
  checkOptions("categoricalCrossentropy", options, ["fromLogits", "axis"]);
  const { fromLogits = false, axis = -1 } = options;
  const [t, y] = [toTensor(target), toFloat(output)];
  requireShape(t.ndim > 0 && engine.sameShape(t.shape, y.shape), "categoricalCrossentropy", t, y);
  return negate(engine.sum(multiply(t, logProbabilities(y, fromLogits, axis)), axis));
}

/**
 * -log(output[target]), the target being the number of the right class.
 *
 * @param target integers, of the shape of output without the axis of classes; a last axis of length 1 is left out
 * @param output probabilities, which are scaled to add up to 1; logits with `fromLogits`
 * @throws ShapeError when the shapes do not fit
 *
 * @example
 * ```ts
 * ops.sparseCategoricalCrossentropy([1], [[0.5, 0.5]]).arraySync(); // → [0.6931]
 * ```
 */
export function sparseCategoricalCrossentropy(
  target: TensorLike,
  output: TensorLike,
  options: CrossentropyOptions = {},
): Tensor {
  checkOptions("sparseCategoricalCrossentropy", options, ["fromLogits", "axis"]);
  const { fromLogits = false, axis = -1 } = options;
  const y = toFloat(output);
  let t = toTensor(target, "int32");
  if (t.ndim === y.ndim && t.shape[t.ndim - 1] === 1) t = t.reshape(t.shape.slice(0, -1));
  const at = y.ndim === 0 ? 0 : normalizeAxis(axis, y.ndim, "sparseCategoricalCrossentropy");
  requireShape(
    y.ndim > 0 && engine.sameShape(t.shape, y.shape.toSpliced(at, 1)),
    "sparseCategoricalCrossentropy",
    t,
    y,
  );
  const picked = oneHot(t, y.shape[at]!, { axis: at, dtype: y.dtype });
  return negate(engine.sum(multiply(picked, logProbabilities(y, fromLogits, at)), at));
}

/**
 * -(target · log(output) + (1 - target) · log(1 - output)), element by element.
 *
 * @param target numbers from 0 to 1
 * @param output probabilities; logits with `fromLogits`
 * @param options `fromLogits`: whether the outputs are logits (default false)
 * @throws ShapeError when the shapes differ
 *
 * @example
 * ```ts
 * ops.binaryCrossentropy([1, 0], [0.5, 0.5]).arraySync(); // → [0.6931, 0.6931]
 * ```
 */
export function binaryCrossentropy(
  target: TensorLike,
  output: TensorLike,
  options: { readonly fromLogits?: boolean } = {},
): Tensor {
  checkOptions("binaryCrossentropy", options, ["fromLogits"]);
  const [t, y] = [toTensor(target), toFloat(output)];
  requireShape(engine.sameShape(t.shape, y.shape), "binaryCrossentropy", t, y);
  const p = options.fromLogits ? y : inside(y);
  const [yes, no] = options.fromLogits
    ? [logSigmoid(y), logSigmoid(negate(y))]
    : [log(p), log(subtract(1, p))];
  return negate(add(multiply(t, yes), multiply(subtract(1, t), no)));
}

/** Options of `normalize`. */
export interface NormalizeOptions {
  /** The axis or axes of each vector. Default -1. */
  readonly axis?: Axes;
  /** The norm: 1, 2, any p, or infinity. Default 2. */
  readonly order?: number;
  /** What the norm is taken to be at least. Default `epsilon()`. */
  readonly epsilon?: number | null;
}

/**
 * Vectors of norm 1: x / max(‖x‖, ε).
 *
 * @example
 * ```ts
 * ops.normalize([[3, 4]]).arraySync(); // → [[0.6, 0.8]]
 * ```
 */
export function normalize(x: TensorLike, options: NormalizeOptions = {}): Tensor {
  checkOptions("normalize", options, ["axis", "order", "epsilon"]);
  const { axis = -1, order = 2 } = options;
  const least = options.epsilon ?? epsilon();
  const t = toFloat(x);
  const keepdims = { keepdims: true };
  if (order === 2) {
    // Under the root, so that the slope stays finite at 0.
    const squares = multiply(t, t).sum(axis, keepdims);
    return multiply(t, engine.rsqrt(engine.maximum(squares, least * least)));
  }
  const size = engine.abs(t);
  if (order === Number.POSITIVE_INFINITY) return divide(t, engine.maximum(size.max(axis, keepdims), least));
  const norm =
    order === 1
      ? size.sum(axis, keepdims)
      : engine.power(engine.power(size, order).sum(axis, keepdims), 1 / order);
  return divide(t, engine.maximum(norm, least));
}

/**
 * Mean and variance over axes.
 *
 * @param axes one axis or several; null means all
 * @param options `keepdims`: whether the axes stay, with length 1 (default false); `synchronized`: over all replicas of distributed training (default false);
 *   there is one
 *
 * @example
 * ```ts
 * const [mean, variance] = ops.moments([[1, 2], [3, 4]], 0);
 * mean.arraySync(); // → [2, 3]
 * variance.arraySync(); // → [1, 1]
 * ```
 */
export function moments(
  x: TensorLike,
  axes: Axes,
  options: { readonly keepdims?: boolean; readonly synchronized?: boolean } = {},
): [Tensor, Tensor] {
  checkOptions("moments", options, ["keepdims", "synchronized"]);
  const given = toFloat(x);
  const t = toPrecise(given);
  const mean = t.mean(axes, { keepdims: true });
  const distance = subtract(t, mean);
  const keepdims = options.keepdims ?? false;
  const variance = multiply(distance, distance).mean(axes, { keepdims });
  // Statistics of 16-bit floats stay in the range of float16, as Keras has it for both.
  const own = (v: Tensor): Tensor =>
    t === given ? v : engine.maximum(engine.minimum(v, 65504), -65504).astype(given.dtype);
  return [own(keepdims ? mean : mean.reshape(variance.shape)), own(variance)];
}
