/** Counts of right and wrong predictions of yes and no, for several thresholds at once. */
import {
  bitwiseAnd,
  bitwiseNot,
  broadcastTo,
  cast,
  ceil,
  type DType,
  greater,
  greaterEqual,
  iota,
  maximum,
  multiply,
  notEqual,
  type Shape,
  ShapeError,
  show,
  showShape,
  subtract,
  sum,
  type Tensor,
  type TensorLike,
  tensor,
  toTensor,
  ValueError,
  where,
} from "../../engine/index.ts";
import { epsilon } from "../config/config.ts";
import { squeezeOrExpandToSameRank } from "../losses/operands.ts";
import { clip } from "../ops/numpy_elementwise.ts";
import { expandDims } from "../ops/numpy_shape.ts";
import { topKMask } from "./top_k.ts";

/** What a prediction that is not among the k largest counts as. */
export const negligible = -1e10;

/** The counts that there are. */
export type Count = "truePositives" | "falsePositives" | "trueNegatives" | "falseNegatives";

/** What is counted. */
export interface ConfusionOptions {
  readonly thresholds: readonly number[];
  readonly dtype: DType;
  readonly sampleWeight?: TensorLike | null | undefined;
  /** Only the k largest predictions along the last axis can mean yes. */
  readonly topK?: number | null;
  /** Only this class, along the last axis, is counted. */
  readonly classId?: number | null;
  /** Whether each label, along the last axis, is counted by itself. */
  readonly multiLabel?: boolean;
  /** How much each label counts. */
  readonly labelWeights?: TensorLike | null;
}

/**
 * Thresholds that came from outside, as a list.
 *
 * @throws ValueError unless all lie between 0 and 1
 */
export function parseThresholds(
  where: string,
  thresholds: number | readonly number[] | null,
  fallback: number,
): readonly number[] {
  if (thresholds === null) return [fallback];
  const list = typeof thresholds === "number" ? [thresholds] : thresholds;
  if (list.length > 0 && list.every((t) => t >= 0 && t <= 1)) return [...list];
  throw new ValueError(`${where}: thresholds lie between 0 and 1. Received: thresholds=${show(thresholds)}`);
}

/** Whether thresholds are at equal distances from 0 to 1; the outermost may be ε further out. */
function evenlySpaced(thresholds: readonly number[]): boolean {
  const last = thresholds.length - 1;
  return (
    last >= 2 && thresholds.every((t, i) => Math.abs(t - i / last) <= 1.01 * epsilon() + 1e-5 * (i / last))
  );
}

/** For each threshold (the first axis), which predictions lie above. */
function above(predictions: Tensor, thresholds: readonly number[]): Tensor {
  const count = thresholds.length;
  const column: Shape = [count, ...predictions.shape.map(() => 1)];
  const row = expandDims(predictions, 0);
  if (!evenlySpaced(thresholds))
    return greater(row, tensor([...thresholds], { dtype: predictions.dtype }).reshape(column));
  // As Keras does it: equal distances make a prediction's place among the thresholds a matter of rounding.
  const place = subtract(ceil(multiply(clip(row, 0, 1), count - 1)), 1);
  const outside = thresholds[0]! < 0 || thresholds[count - 1]! > 1;
  return greaterEqual(outside ? maximum(place, 0) : place, iota(column, 0, predictions.dtype));
}

function onlyClass(x: Tensor, classId: number): Tensor {
  if (x.ndim < 2)
    throw new ShapeError(
      `classId needs predictions of shape (samples, classes). Received: ${showShape(x.shape)}`,
    );
  return x.at("...", [classId, classId + 1]);
}

function weightsOf(options: ConfusionOptions, labels: Tensor, shape: Shape): Tensor | undefined {
  const { sampleWeight, labelWeights, dtype } = options;
  let weights: Tensor | undefined;
  if (sampleWeight !== null && sampleWeight !== undefined) {
    const column = expandDims(toTensor(sampleWeight, dtype), -1);
    weights = broadcastTo(squeezeOrExpandToSameRank(labels, column, { expandRank1: false })[1], shape);
  }
  if (labelWeights === null || labelWeights === undefined) return weights;
  const perLabel = broadcastTo(toTensor(labelWeights, dtype), shape);
  return weights === undefined ? perLabel : multiply(weights, perLabel);
}

/**
 * Counts of a batch by threshold: of shape [thresholds], or [thresholds, labels] with `multiLabel`.
 *
 * @returns a function for each count, so that only those are computed that are asked for
 */
export function confusionCounts(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: ConfusionOptions,
): Readonly<Record<Count, () => Tensor>> {
  const { dtype, topK = null, classId = null, multiLabel = false } = options;
  let [predictions, labels] = squeezeOrExpandToSameRank(toTensor(yPred, dtype), toTensor(yTrue, dtype));
  const original = labels;
  if (topK !== null) predictions = where(topKMask(predictions, topK), predictions, negligible);
  if (classId !== null) [predictions, labels] = [onlyClass(predictions, classId), onlyClass(labels, classId)];
  let weights = weightsOf(options, original, predictions.shape);
  if (!multiLabel)
    [predictions, labels, weights] = [predictions.flatten(), labels.flatten(), weights?.flatten()];

  const saidYes = above(predictions, options.thresholds);
  const isYes = expandDims(notEqual(labels, 0), 0);
  const count = (said: Tensor, is: Tensor) => (): Tensor => {
    const hits = bitwiseAnd(said, is);
    return sum(weights === undefined ? cast(hits, dtype) : where(hits, weights, 0), 1);
  };
  return {
    truePositives: count(saidYes, isYes),
    falsePositives: count(saidYes, bitwiseNot(isYes)),
    trueNegatives: count(bitwiseNot(saidYes), bitwiseNot(isYes)),
    falseNegatives: count(bitwiseNot(saidYes), isYes),
  };
}
