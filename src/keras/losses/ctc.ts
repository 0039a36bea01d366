/** The loss of connectionist temporal classification. */
import {
  checkOptions,
  full,
  ShapeError,
  showShape,
  type Tensor,
  type TensorLike,
  toTensor,
} from "../../engine/index.ts";
import { ctcLoss } from "../ops/nn_ctc.ts";
import { countNonzero } from "../ops/numpy_reductions.ts";
import { nameFunction } from "./function_names.ts";
import { type LossOptions, lossOptions } from "./loss.ts";
import { LossFunctionWrapper } from "./loss_function_wrapper.ts";

/**
 * The CTC loss (Graves et al., 2006): how improbable the labels are, whatever the times at which they come. All steps of
 * the predictions count.
 *
 * @param yTrue class numbers of shape (batch, longest label), filled up with 0, which is the blank and no class
 * @param yPred logits of shape (batch, time, classes)
 * @returns the loss of each sample, of shape (batch,)
 * @throws ShapeError for other shapes
 *
 * @example
 * ```ts
 * losses.ctc([[1]], [[[0, 0], [0, 0]]]).arraySync(); // → [0.28768]
 * ```
 */
export function ctc(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const [t, y] = [toTensor(yTrue), toTensor(yPred)];
  if (t.ndim !== 2)
    throw new ShapeError(`ctc: expected yTrue of shape (batch, length). Received: ${showShape(t.shape)}`);
  if (y.ndim !== 3)
    throw new ShapeError(
      `ctc: expected yPred of shape (batch, time, classes). Received: ${showShape(y.shape)}`,
    );
  const [batch, time] = y.shape as [number, number, number];
  return ctcLoss(t, y, countNonzero(t, { axis: -1 }), full([batch], time, "int32"));
}
nameFunction(ctc, "ctc");

/**
 * The CTC loss: how improbable the labels are, whatever the times at which they come.
 *
 * Input: targets `(batch, labels)`, 0 where there is none; predictions `(batch, steps, classes)`, logits. Output: a
 * number; with `reduction: null` the losses of the samples, `(batch,)`.
 *
 * @param options `reduction` (default `"sum_over_batch_size"`), `name`, `dtype`
 *
 * @example
 * ```ts
 * new losses.CTC()([[1]], [[[0, 0], [0, 0]]]).item(); // → 0.28768
 * ```
 */
export class CTC extends LossFunctionWrapper {
  static override readonly className: string = "CTC";

  constructor(options: LossOptions = {}) {
    checkOptions("CTC", options, lossOptions);
    super(ctc, { name: "ctc", ...options });
  }
}
