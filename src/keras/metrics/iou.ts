/** The intersection of regions over their union. */
import {
  add,
  argmax,
  bitwiseAnd,
  broadcastTo,
  checkOptions,
  divide,
  equal,
  greater,
  greaterEqual,
  iota,
  less,
  notEqual,
  show,
  subtract,
  sum,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
  where,
} from "../../engine/index.ts";
import type { Variable } from "../backend/variable.ts";
import { epsilon } from "../config/config.ts";
import { scatter } from "../ops/core.ts";
import { take } from "../ops/numpy_indexing.ts";
import { stack } from "../ops/numpy_shape.ts";
import { type Config, fromConfig, toConfig } from "../saving/config.ts";
import { type Direction, Metric, type MetricOptions } from "./metric.ts";
import type { UpdateOptions } from "./samplewise.ts";

/** Options of {@link IoU}. */
export interface IoUOptions extends MetricOptions {
  /** A class number whose samples do not count. Default: none. */
  readonly ignoreClass?: number | null;
  /** Whether labels are class numbers, not one-hot vectors. Default true. */
  readonly sparseYTrue?: boolean;
  /** Whether predictions are class numbers, not probabilities. Default true. */
  readonly sparseYPred?: boolean;
  /** The axis of classes. Default -1. */
  readonly axis?: number;
}

/** The names of {@link IoUOptions}. */
export const iouOptions: readonly string[] = [
  "name",
  "dtype",
  "ignoreClass",
  "sparseYTrue",
  "sparseYPred",
  "axis",
];

/**
 * The mean over some classes of truePositives / (truePositives + falsePositives + falseNegatives), as segmentation of
 * images is measured. Classes that neither occur nor are predicted do not count.
 *
 * Input: targets and predictions: the numbers of the classes, of one shape. Output: a number.
 *
 * @param numClasses how many classes there are
 * @param targetClassIds the classes that are looked at
 * @param options `ignoreClass` (default none), `sparseYTrue` (default true), `sparseYPred` (default true), `axis` (default
 *   -1), `name` (default `"io_u"`), `dtype` (default `"int32"`)
 *
 * @example
 * ```ts
 * const metric = new metrics.IoU(2, [0]);
 * metric.updateState([0, 0, 1, 1], [0, 1, 0, 1]);
 * metric.result().item().toFixed(4); // → "0.3333"
 * ```
 */
export class IoU extends Metric {
  static override readonly className: string = "IoU";
  override readonly direction: Direction = "up";
  readonly numClasses: number;
  readonly targetClassIds: readonly number[];
  readonly ignoreClass: number | null;
  readonly sparseYTrue: boolean;
  readonly sparseYPred: boolean;
  readonly axis: number;
  /** How often each class was taken for each other one. */
  readonly totalConfusionMatrix: Variable;

  /** @throws ValueError when a class is not one of `numClasses` */
  constructor(numClasses: number, targetClassIds: readonly number[], options: IoUOptions = {}) {
    checkOptions(new.target.className, options, iouOptions);
    const { name, dtype, ignoreClass = null, sparseYTrue = true, sparseYPred = true, axis = -1 } = options;
    if (!(Number.isInteger(numClasses) && numClasses > 0)) {
      throw new ValueError(
        `${new.target.className}: numClasses is a whole number above 0. Received: numClasses=${show(numClasses)}`,
      );
    }
    if (!targetClassIds.every((id) => Number.isInteger(id) && id >= 0 && id < numClasses)) {
      throw new ValueError(
        `${new.target.className}: targetClassIds lie from 0 to ${numClasses - 1}. Received: targetClassIds=${show(targetClassIds)}`,
      );
    }
    super({ ...(name !== undefined && { name }), dtype: dtype ?? "int32" });
    this.numClasses = numClasses;
    this.targetClassIds = [...targetClassIds];
    this.ignoreClass = ignoreClass;
    this.sparseYTrue = sparseYTrue;
    this.sparseYPred = sparseYPred;
    this.axis = axis;
    this.totalConfusionMatrix = this.addVariable([numClasses, numClasses], {
      name: "total_confusion_matrix",
      dtype: this.dtype,
    });
  }

  #known(classes: Tensor): Tensor {
    return bitwiseAnd(greaterEqual(classes, 0), less(classes, this.numClasses));
  }

  /**
   * Adds a batch.
   *
   * @param options `sampleWeight`
   */
  override updateState(yTrue: TensorLike, yPred: TensorLike, options: UpdateOptions = {}): void {
    checkOptions(this.name, options, ["sampleWeight"]);
    const { dtype, axis, numClasses } = this;
    const t = toTensor(this.sparseYTrue ? yTrue : argmax(yTrue, axis), dtype).flatten();
    const y = toTensor(this.sparseYPred ? yPred : argmax(yPred, axis), dtype).flatten();
    const given = toTensor(options.sampleWeight ?? 1, dtype);
    const weights = broadcastTo(given.ndim > 1 ? given.flatten() : given, t.shape);
    const both = bitwiseAnd(this.#known(t), this.#known(y));
    const counts = this.ignoreClass === null ? both : bitwiseAnd(both, notEqual(t, this.ignoreClass));
    const places = stack([where(counts, t, 0), where(counts, y, 0)], { axis: 1 });
    const matrix = scatter(places.astype("int32"), where(counts, weights, 0), [numClasses, numClasses]);
    this.totalConfusionMatrix.assignAdd(matrix);
  }

  override result(): Tensor {
    const matrix = this.totalConfusionMatrix.value;
    const diagonal = equal(iota(matrix.shape, 0), iota(matrix.shape, 1));
    const hits = sum(where(diagonal, matrix, 0), 0);
    const unions = subtract(add(sum(matrix, 0), sum(matrix, 1)), hits);
    const own = (x: Tensor): Tensor => take(x, toTensor(this.targetClassIds, "int32")).astype("float32");
    const union = own(unions);
    const valid = greater(union, 1e-9);
    const shares = where(valid, divide(own(hits), add(union, epsilon())), 0);
    return divide(sum(shares), add(sum(valid.astype("float32")), epsilon()));
  }

  override getConfig(): Config {
    const { numClasses, targetClassIds, ignoreClass, sparseYTrue, sparseYPred, axis } = this;
    return {
      ...super.getConfig(),
      ...toConfig({ numClasses, targetClassIds, ignoreClass, axis }),
      sparse_y_true: sparseYTrue,
      sparse_y_pred: sparseYPred,
    };
  }

  static override fromConfig<T>(this: new (...args: never[]) => T, config: Config): T {
    const { numClasses, targetClassIds, ...options } = fromConfig(config);
    return new this(...([numClasses, targetClassIds, options] as never[]));
  }
}
