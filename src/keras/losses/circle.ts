/** The circle loss. */
import {
  add,
  bitwiseAnd,
  bitwiseNot,
  checkOptions,
  equal,
  greater,
  iota,
  matmul,
  maximum,
  multiply,
  notEqual,
  subtract,
  type Tensor,
  type TensorLike,
  toTensor,
  where,
} from "../../engine/index.ts";
import { setKerasMask } from "../backend/masking.ts";
import { toFloat } from "../ops/convert.ts";
import { logsumexp } from "../ops/math.ts";
import { softplus } from "../ops/nn_activations.ts";
import { nameFunction } from "./function_names.ts";
import { type LossOptions, lossOptions } from "./loss.ts";
import { LossFunctionWrapper } from "./loss_function_wrapper.ts";

/** Options of {@link circle}. */
export interface CircleFunctionOptions {
  /** Labels of the embeddings to compare with. Default: those of the batch. */
  readonly refLabels?: TensorLike | null;
  /** Embeddings to compare with. Default: those of the batch. */
  readonly refEmbeddings?: TensorLike | null;
  /** Whether an embedding is not compared with itself. Default true. */
  readonly removeDiagonal?: boolean;
  /** The scale. Default 80. */
  readonly gamma?: number;
  /** The slack of similarities. Default 0.4. */
  readonly margin?: number;
}

/** Options of {@link Circle}. */
export interface CircleOptions extends LossOptions {
  /** The scale. Default 80. */
  readonly gamma?: number;
  /** The slack of similarities. Default 0.4. */
  readonly margin?: number;
  /** Whether an embedding is not compared with itself. Default true. */
  readonly removeDiagonal?: boolean;
}

/** log Σ exp over the pairs of a mask. */
function total(logits: Tensor, mask: Tensor): Tensor {
  return logsumexp(where(mask, logits, Number.NEGATIVE_INFINITY), { axis: 1 });
}

/**
 * The circle loss (Sun et al., 2020): draws embeddings of one label together and others apart.
 *
 * Input: targets `(batch,)`, the numbers of the classes; predictions `(batch, d)`, vectors of norm 1. Output:
 * `(batch,)`.
 *
 * @param yTrue class numbers, one for each embedding
 * @param yPred embeddings of length 1, one in each row
 * @param options `refLabels` and `refEmbeddings` (default: the batch itself), `removeDiagonal` (default true), `gamma`
 *   (default 80), `margin` (default 0.4)
 * @returns the loss of each embedding
 *
 * @example
 * ```ts
 * losses.circle([0, 0, 1], [[1, 0], [1, 0], [0, 1]]).shape; // → [3]
 * ```
 */
export function circle(yTrue: TensorLike, yPred: TensorLike, options: CircleFunctionOptions = {}): Tensor {
  checkOptions("circle", options, ["refLabels", "refEmbeddings", "removeDiagonal", "gamma", "margin"]);
  const { refLabels, refEmbeddings, removeDiagonal = true, gamma = 80, margin = 0.4 } = options;
  const embeddings = toFloat(yPred);
  const labels = toTensor(yTrue, "int32").flatten();
  const others = toTensor(refEmbeddings ?? embeddings, embeddings.dtype);
  const otherLabels = toTensor(refLabels ?? labels, "int32").flatten();

  const distance = maximum(subtract(1, matmul(embeddings, others.transpose())), 0);
  const same = equal(labels.reshape(-1, 1), otherLabels.reshape(1, -1));
  const different = bitwiseNot(same);
  const elsewhere = notEqual(iota(distance.shape, 0), iota(distance.shape, 1));
  const positive = removeDiagonal ? bitwiseAnd(same, elsewhere) : same;

  const positiveLogits = multiply(
    multiply(-gamma, maximum(add(margin, distance), 0)),
    subtract(margin, distance),
  );
  const negativeLogits = multiply(
    multiply(gamma, maximum(subtract(1 + margin, distance), 0)),
    subtract(1 - margin, distance),
  );
  const loss = softplus(add(total(positiveLogits, positive), total(negativeLogits, different)));
  // Embeddings that no other one can be compared with do not count in the mean.
  setKerasMask(loss, greater(loss, 0));
  return loss;
}
nameFunction(circle, "circle");

/**
 * The circle loss (Sun et al., 2020) of a batch of embeddings.
 *
 * Input: targets `(batch,)`, the numbers of the classes; predictions `(batch, d)`, vectors of norm 1. Output: a
 * number; with `reduction: null` the losses of the samples, `(batch,)`.
 *
 * @param options `gamma` (default 80), `margin` (default 0.4), `removeDiagonal` (default true), `reduction` (default
 *   `"sum_over_batch_size"`), `name`, `dtype`
 *
 * @example
 * ```ts
 * new losses.Circle({ gamma: 16 })([0, 0, 1], [[1, 0], [1, 0], [0, 1]]).shape; // → []
 * ```
 */
export class Circle extends LossFunctionWrapper<CircleFunctionOptions> {
  static override readonly className: string = "Circle";

  constructor(options: CircleOptions = {}) {
    checkOptions("Circle", options, [...lossOptions, "gamma", "margin", "removeDiagonal"]);
    super(circle, { name: "circle", gamma: 80, margin: 0.4, removeDiagonal: true, ...options });
  }
}
