/** The base class of losses. */
import {
  bitwiseAnd,
  cast,
  checkOptions,
  type DType,
  type Tensor,
  type TensorLike,
  toTensor,
} from "../../engine/index.ts";
import { getKerasMask } from "../backend/masking.ts";
import { floatx } from "../config/config.ts";
import { type DTypePolicyLike, get as dtypePolicy } from "../dtype_policies/index.ts";
import { type Config, fromConfig } from "../saving/config.ts";
import { classNameOf } from "../saving/registry.ts";
import { Callable } from "../utils/callable.ts";
import { autoName } from "../utils/naming.ts";
import { type Reduction, reduceWeightedValues, standardizeReduction } from "./reduction.ts";

/** Options of every loss. */
export interface LossOptions {
  /** How the losses of the samples become one number. Default `"sum_over_batch_size"`, which is their mean. */
  readonly reduction?: Reduction;
  /** What the loss is called. Default: the class's name in snake_case. */
  readonly name?: string | null;
  /** The dtype of the computation. Default `config.floatx()`. */
  readonly dtype?: DTypePolicyLike | null;
}

/** The names of {@link LossOptions}. */
export const lossOptions: readonly string[] = ["reduction", "name", "dtype"];

/** Options of a call of a loss. */
export interface LossCallOptions {
  /** How much each sample counts, or each step of each sample. Default: all the same. */
  readonly sampleWeight?: TensorLike | null | undefined;
}

/** A loss is called as `loss(yTrue, yPred, { sampleWeight })`. */
export interface Loss {
  /** The loss of a batch. */
  (yTrue: TensorLike, yPred: TensorLike, options?: LossCallOptions): Tensor;
}

/**
 * Base of all losses. A subclass says in `call` what the loss of each sample is; weights, masks and the reduction to one
 * number are done here.
 *
 * @example
 * ```ts
 * class Distance extends Loss {
 *   override call(yTrue: Tensor, yPred: Tensor) {
 *     return ops.mean(ops.abs(yTrue.subtract(yPred)), { axis: -1 });
 *   }
 * }
 * new Distance()([[1, 2]], [[1, 4]]).item(); // → 1
 * ```
 */
export abstract class Loss extends Callable {
  static readonly className: string = "Loss";
  readonly name: string;
  readonly reduction: Reduction;
  readonly dtype: DType;

  /**
   * @throws ValueError for an unknown option or reduction
   */
  constructor(options: LossOptions = {}) {
    super("apply");
    checkOptions(classNameOf(this), options, lossOptions);
    const { reduction = "sum_over_batch_size", name, dtype } = options;
    this.name = name ?? autoName(classNameOf(this));
    this.reduction = standardizeReduction(reduction);
    this.dtype = dtypePolicy(dtype ?? floatx()).computeDtype;
  }

  /**
   * The loss of each sample.
   *
   * @param yTrue the labels, in the loss's dtype
   * @param yPred the predictions, in the loss's dtype
   */
  abstract call(yTrue: Tensor, yPred: Tensor): Tensor;

  /**
   * The loss of a batch: `call`, weighted, masked and reduced.
   *
   * @param options `sampleWeight`
   */
  apply(yTrue: TensorLike, yPred: TensorLike, options: LossCallOptions = {}): Tensor {
    checkOptions(this.name, options, ["sampleWeight"]);
    const predictions = toTensor(yPred);
    const inMask = getKerasMask(predictions);
    const losses = this.call(toTensor(yTrue, this.dtype), toTensor(predictions, this.dtype));
    const outMask = getKerasMask(losses);
    const mask =
      inMask && outMask ? bitwiseAnd(cast(inMask, "bool"), cast(outMask, "bool")) : (inMask ?? outMask);
    return reduceWeightedValues(toTensor(losses, this.dtype), {
      sampleWeight: options.sampleWeight,
      mask,
      reduction: this.reduction,
    });
  }

  /** The options, as Keras's JSON has them. */
  getConfig(): Config {
    return { name: this.name, reduction: this.reduction };
  }

  /** A loss from its config. */
  static fromConfig<T>(this: new (options: never) => T, config: Config): T {
    return new this(fromConfig(config) as never);
  }
}
