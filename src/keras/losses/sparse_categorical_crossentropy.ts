/** The crossentropy between class numbers and predictions. */
import {
  checkOptions,
  normalizeAxis,
  notEqual,
  type Tensor,
  type TensorLike,
  toTensor,
  where,
} from "../../engine/index.ts";
import { setKerasMask } from "../backend/masking.ts";
import { toFloat } from "../ops/convert.ts";
import { sparseCategoricalCrossentropy as crossentropy } from "../ops/nn_losses.ts";
import { nameFunction } from "./function_names.ts";
import { type LossOptions, lossOptions } from "./loss.ts";
import { LossFunctionWrapper } from "./loss_function_wrapper.ts";

/** Options of {@link sparseCategoricalCrossentropy}. */
export interface SparseCategoricalCrossentropyFunctionOptions {
  /** Whether predictions are what goes into a softmax, not what comes out. Default false. */
  readonly fromLogits?: boolean;
  /** A class number whose samples do not count. Default: none. */
  readonly ignoreClass?: number | null;
  /** The axis of classes. Default -1. */
  readonly axis?: number;
}

/** Options of {@link SparseCategoricalCrossentropy}. */
export interface SparseCategoricalCrossentropyOptions
  extends LossOptions,
    SparseCategoricalCrossentropyFunctionOptions {}

const names = ["fromLogits", "ignoreClass", "axis"];

/**
 * The crossentropy of several classes: -log(yPred[yTrue]), the labels being class numbers.
 *
 * @param yTrue class numbers, in the shape of the predictions without the axis of classes, or with length 1 there
 * @param yPred probabilities, which are scaled to add up to 1; logits with `fromLogits`
 * @param options `fromLogits` (default false), `ignoreClass` (default none), `axis` (default -1)
 * @returns the loss of each sample: the shape of the predictions without the axis
 * @throws ShapeError when the shapes do not fit
 *
 * @example
 * ```ts
 * losses.sparseCategoricalCrossentropy([1], [[0.5, 0.5]]).arraySync(); // → [0.6931471824645996]
 * ```
 */
export function sparseCategoricalCrossentropy(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: SparseCategoricalCrossentropyFunctionOptions = {},
): Tensor {
  checkOptions("sparseCategoricalCrossentropy", options, names);
  const { fromLogits = false, ignoreClass = null, axis = -1 } = options;
  const y = toFloat(yPred);
  const at = normalizeAxis(axis, Math.max(1, y.ndim), "sparseCategoricalCrossentropy");
  let t = toTensor(yTrue);
  if (t.ndim === y.ndim && t.shape[at] === 1) t = t.reshape(t.shape.toSpliced(at, 1));
  if (ignoreClass === null) return crossentropy(t, y, { fromLogits, axis: at });

  const counts = notEqual(t, ignoreClass);
  const loss = crossentropy(
    where(counts, t, 0),
    where(counts.reshape(counts.shape.toSpliced(at, 0, 1)), y, 0),
    {
      fromLogits,
      axis: at,
    },
  );
  const rest = where(counts.reshape(loss.shape), loss, 0);
  setKerasMask(rest, counts.reshape(loss.shape));
  return rest;
}
nameFunction(sparseCategoricalCrossentropy, "sparse_categorical_crossentropy");

/**
 * The crossentropy of several classes, for labels that are class numbers.
 *
 * Input: targets `(batch, …)`, predictions `(batch, …, classes)`. Output: a number; with `reduction: null` the losses
 * of the samples, `(batch, …)`.
 *
 * @param options `fromLogits` (default false), `ignoreClass` (default none), `axis` (default -1), `reduction` (default
 *   `"sum_over_batch_size"`), `name`, `dtype`
 *
 * @example
 * ```ts
 * new losses.SparseCategoricalCrossentropy({ fromLogits: true })([1], [[0, 0]]).item(); // → 0.6931471824645996
 * ```
 */
export class SparseCategoricalCrossentropy extends LossFunctionWrapper<SparseCategoricalCrossentropyFunctionOptions> {
  static override readonly className: string = "SparseCategoricalCrossentropy";

  constructor(options: SparseCategoricalCrossentropyOptions = {}) {
    checkOptions("SparseCategoricalCrossentropy", options, [...lossOptions, ...names]);
    super(sparseCategoricalCrossentropy, {
      name: "sparse_categorical_crossentropy",
      fromLogits: false,
      ignoreClass: null,
      axis: -1,
      ...options,
    });
  }
}
