/** The base of regularizers: penalties on weights or outputs that are added to the loss. */
import { type Tensor, type TensorLike, ValueError } from "../../engine/index.ts";
import type { Config } from "../saving/config.ts";
import { classNameOf } from "../saving/registry.ts";
import { Callable } from "../utils/callable.ts";

export interface Regularizer {
  /** The penalty, a scalar. */
  (x: TensorLike): Tensor;
}

/**
 * Base class of regularizers, to extend with `call` and `getConfig`. Instances are functions from a weight to a scalar.
 *
 * @example
 * ```ts
 * import type { Tensor, TensorLike } from "tsuno/engine";
 *
 * class Largest extends Regularizer {
 *   override call(x: TensorLike): Tensor {
 *     return ops.max(ops.abs(x));
 *   }
 * }
 * new Largest()([1, -3]).item(); // → 3
 * ```
 */
export abstract class Regularizer extends Callable {
  constructor() {
    super("call");
  }

  /** The penalty, a scalar. */
  abstract call(x: TensorLike): Tensor;

  /** The options, with Keras's names. */
  getConfig(): Config {
    throw new ValueError(`${classNameOf(this)} has no getConfig(), so it cannot be written into a config.`);
  }
}

/**
 * Checks a factor.
 *
 * @throws ValueError unless it is a finite number that is not negative
 */
export function checkFactor(value: unknown, name: string, where: string): number {
  if (typeof value === "number" && Number.isFinite(value) && value >= 0) return value;
  throw new ValueError(
    `${where}: expected ${name} to be a number that is not negative. Received: ${name}=${String(value)}`,
  );
}
