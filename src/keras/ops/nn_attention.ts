/** Attention, as in keras.ops.nn. */
import * as engine from "../../engine/index.ts";
import {
  checkOptions,
  ShapeError,
  showShape,
  type Tensor,
  type TensorLike,
  toTensor,
  UnsupportedError,
  ValueError,
} from "../../engine/index.ts";
import { toFloat, toPrecise } from "./convert.ts";
import { softmax } from "./nn_activations.ts";
import { einsum } from "./numpy_linear.ts";

/** Options of `dotProductAttention`. */
export interface DotProductAttentionOptions {
  /** Is added to the scores; broadcasts to `(batch, heads, targets, sources)`. */
  readonly bias?: TensorLike | null;
  /** Which sources each target may look at: booleans that broadcast to `(batch, heads, targets, sources)`. */
  readonly mask?: TensorLike | null;
  /** The factor of the scores. Default 1 / √(size of a head). */
  readonly scale?: number | null;
  /** Whether targets may look only at sources that are not after them. Default false. */
  readonly isCausal?: boolean;
  /** Accepted for Keras's sake: there is one implementation, which writes the scores once. */
  readonly flashAttention?: boolean | null;
  /** Not supported; Keras has it for one kind of hardware only. */
  readonly attnLogitsSoftCap?: number | null;
}

/** The score of what may not be looked at. It is not infinite: where all is hidden, the shares are equal. */
const hidden = { float32: -2.3819763e38, float64: -1.2583e308 } as const;

/**
 * Which sources each target may look at, so that none sees what comes after it: shape (targets, sources).
 *
 * @example
 * ```ts
 * causalMask(2, 3).arraySync(); // → [[true, false, false], [true, true, false]]
 * ```
 */
export function causalMask(targets: number, sources: number): Tensor {
  const shape = [targets, sources];
  return engine.greaterEqual(engine.iota(shape, 0), engine.iota(shape, 1));
}

/**
 * Attention: softmax(scale · query · keyᵀ) · value, for each head (Vaswani et al., 2017).
 *
 * @param query of shape `(batch, targets, heads, size)`
 * @param key of shape `(batch, sources, heads, size)`; with fewer heads than the query each serves several of its heads
 * @param value of shape `(batch, sources, heads, size)`
 * @returns shape `(batch, targets, heads, size)`
 * @throws ShapeError for other ranks, and where heads do not fit
 *
 * @example
 * ```ts
 * const one = [[[[1, 0]]]]; // one sample, one step, one head of size 2
 * ops.dotProductAttention(one, one, one).arraySync(); // → [[[[1, 0]]]]
 * ```
 */
export function dotProductAttention(
  query: TensorLike,
  key: TensorLike,
  value: TensorLike,
  options: DotProductAttentionOptions = {},
): Tensor {
  const where = "dotProductAttention";
  checkOptions(where, options, [
    ...["bias", "mask", "scale", "isCausal", "flashAttention", "attnLogitsSoftCap"],
  ]);
  if (options.attnLogitsSoftCap !== undefined && options.attnLogitsSoftCap !== null) {
    throw new UnsupportedError(`${where}: attnLogitsSoftCap is not supported.`);
  }
  const [q, k, v] = [toFloat(query), toFloat(key), toFloat(value)];
  if ([q, k, v].some((x) => x.ndim !== 4)) {
    throw new ShapeError(
      `${where}: expected tensors of shape (batch, steps, heads, size). ` +
        `Received: query ${showShape(q.shape)}, key ${showShape(k.shape)}, value ${showShape(v.shape)}`,
    );
  }
  const [, targets, heads, size] = q.shape as [number, number, number, number];
  const [, sources, groups] = k.shape as [number, number, number];
  if (heads % groups !== 0) {
    throw new ShapeError(
      `${where}: the query's number of heads must be a multiple of the key's. Received: ${heads} and ${groups}`,
    );
  }
  // Heads are cut into groups that share a key and a value; nothing is repeated.
  const grouped = q.reshape(q.shape[0]!, targets, groups, heads / groups, size);
  const scaled = engine.multiply(grouped, options.scale ?? 1 / Math.sqrt(size));
  let scores = einsum("btngh,bsnh->bngts", toPrecise(scaled), toPrecise(k));
  const like = (x: Tensor): Tensor => split(x, heads, groups);
  if (options.bias) scores = engine.add(scores, like(toTensor(options.bias, scores.dtype)));
  const masks = [
    ...(options.mask ? [like(asMask(options.mask))] : []),
    ...(options.isCausal ? [causalMask(targets, sources)] : []),
  ];
  if (masks.length > 0) {
    const mask = masks.reduce((a, b) => engine.bitwiseAnd(a, b));
    scores = engine.where(mask, scores, hidden[scores.dtype === "float64" ? "float64" : "float32"]);
  }
  return einsum("bngts,bsnh->btngh", softmax(scores).astype(v.dtype), v).reshape(
    ...[q.shape[0]!, targets, heads, v.shape[3]!],
  );
}

function asMask(mask: TensorLike): Tensor {
  const t = toTensor(mask);
  if (t.dtype === "bool") return t;
  throw new ValueError(
    `dotProductAttention: expected a mask of booleans; what is to be added to the scores is the bias. Received: ${t.dtype}`,
  );
}

/** What broadcasts to (batch, heads, targets, sources), for heads in groups. */
function split(x: Tensor, heads: number, groups: number): Tensor {
  if (x.ndim < 3) return x;
  const axis = x.ndim - 3;
  const all = x.shape[axis] === heads && heads > 1;
  return x.reshape(x.shape.toSpliced(axis, 1, ...(all ? [groups, heads / groups] : [x.shape[axis]!, 1])));
}
