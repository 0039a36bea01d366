/** The base of constraints: what weights are made to fulfil after each update. */
import { type Axes, sqrt, type Tensor, type TensorLike, toTensor } from "../../engine/index.ts";
import type { Config } from "../saving/config.ts";
import { Callable } from "../utils/callable.ts";

export interface Constraint {
  /** The nearest weight, in some sense, that fulfils the constraint. */
  (w: TensorLike): Tensor;
}

/**
 * Base class of constraints, to extend with `call`. Instances are functions from a weight to one that is allowed.
 *
 * @example
 * ```ts
 * import type { Tensor, TensorLike } from "tsuno/engine";
 *
 * class AtMostOne extends Constraint {
 *   override call(w: TensorLike): Tensor {
 *     return ops.minimum(w, 1);
 *   }
 * }
 * new AtMostOne()([0.5, 2]).arraySync(); // → [0.5, 1]
 * ```
 */
export class Constraint extends Callable {
  constructor() {
    super("call");
  }

  /** The weight as it should be; by default as it is. */
  call(w: TensorLike): Tensor {
    return toTensor(w);
  }

  /** The options, with Keras's names. */
  getConfig(): Config {
    return {};
  }
}

/** The Euclidean norm over axes, which stay with length 1. */
export function normOver(w: Tensor, axis: Axes): Tensor {
  return sqrt(w.multiply(w).sum(axis, { keepdims: true }));
}
