/** The base of all initializers. */
import type { DType, Shape, Tensor } from "../../engine/index.ts";
import { type Config, fromConfig } from "../saving/config.ts";
import { Callable } from "../utils/callable.ts";

/** Options of a call of an initializer. */
export interface InitializerCallOptions {
  /** The dtype of the tensor. Default `config.floatx()`. */
  readonly dtype?: DType | null;
}

/** Calling an initializer gives the initial value of a weight. */
export interface Initializer {
  /** A tensor of a shape. */
  (shape: Shape, options?: InitializerCallOptions): Tensor;
}

/**
 * Base of initializers: what gives weights their first values. Subclasses define `call`.
 *
 * @example
 * ```ts
 * class Sevens extends Initializer {
 *   override call(shape: readonly number[]) {
 *     return ops.full(shape, 7);
 *   }
 * }
 * new Sevens()([2]).arraySync(); // → [7, 7]
 * ```
 */
export abstract class Initializer extends Callable {
  constructor() {
    super("call");
  }

  /** The initial value of a weight of a shape. */
  abstract call(shape: Shape, options?: InitializerCallOptions): Tensor;

  /** The options in Keras's form. */
  getConfig(): Config {
    return {};
  }

  /** An initializer with the options of a config. */
  static fromConfig<T>(this: new (options: never) => T, config: Config): T {
    return new this(fromConfig(config) as never);
  }

  /** Another initializer with the same options. */
  clone(): this {
    const Class = this.constructor as unknown as { fromConfig(config: Config): unknown };
    return Class.fromConfig(this.getConfig()) as this;
  }
}
