/** Keras's variable: an engine variable with a name, a path and what training needs to know of it. */
import {
  checkOptions,
  type DeferredValue,
  type DType,
  Variable as EngineVariable,
  isFloat,
  type Tensor,
  type TensorLike,
} from "../../engine/index.ts";
import { autocastDType } from "./autocast_scope.ts";
import { currentPath, joinPath } from "./name_scope.ts";

/** What may be asked of a variable's value after each update. */
export interface VariableConstraint {
  call(w: TensorLike): TensorLike;
}

/** A penalty on a variable's value that is added to the loss. */
export interface VariableRegularizer {
  call(x: TensorLike): TensorLike;
}

/** Options of {@link Variable}. */
export interface VariableOptions {
  /** The dtype of the values. Default: that of the value. */
  readonly dtype?: DType;
  /** Whether training updates it. Default true. */
  readonly trainable?: boolean;
  /** What the variable is called. Default `"variable"`. */
  readonly name?: string;
  /** Where it stands in the model, such as `sequential/dense/kernel`. Default: its name in the scopes that it is made in. */
  readonly path?: string;
  /** What the variable is made to fulfil after each update. Default none. */
  readonly constraint?: VariableConstraint | null;
  /** A penalty on the variable, which is added to the loss. Default none. */
  readonly regularizer?: VariableRegularizer | null;
  /** Whether a layer that computes with another float dtype reads it in that dtype. Default true. */
  readonly autocast?: boolean;
}

/**
 * A named, mutable tensor: a weight, a slot of an optimizer, the state of a metric.
 *
 * @example
 * ```ts
 * const v = new keras.Variable([1, 2], { name: "counter", dtype: "float32", trainable: false });
 * v.assignAdd([1, 1]).value.arraySync(); // → [2, 3]
 * ```
 */
export class Variable extends EngineVariable {
  readonly name: string;
  path: string;
  trainable: boolean;
  constraint: VariableConstraint | null;
  regularizer: VariableRegularizer | null;
  readonly autocast: boolean;
  /** Whether optimizers put what they get as its gradient into it. Default false. */
  overwriteWithGradient = false;

  constructor(value: TensorLike | DeferredValue, options: VariableOptions = {}) {
    checkOptions("Variable", options, [
      ...["dtype", "trainable", "name", "path", "constraint", "regularizer", "autocast"],
    ]);
    super(value, options.dtype);
    this.name = options.name ?? "variable";
    this.path = options.path ?? joinPath(currentPath(), this.name);
    this.trainable = options.trainable ?? true;
    this.constraint = options.constraint ?? null;
    this.regularizer = options.regularizer ?? null;
    this.autocast = options.autocast ?? true;
  }

  /** The present value; while a layer is called, in the dtype that it computes with. */
  override get value(): Tensor {
    const value = super.value;
    const dtype = autocastDType();
    const casts = dtype !== undefined && dtype !== null && this.autocast && isFloat(this.dtype);
    return casts ? value.astype(dtype) : value;
  }
}
