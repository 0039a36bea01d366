/** The initializer to a given number. */
import { type Shape, show, type Tensor, ValueError } from "../../engine/index.ts";
import { full } from "../ops/numpy_creation.ts";
import type { Config } from "../saving/config.ts";
import { Initializer, type InitializerCallOptions } from "./initializer.ts";

/**
 * The same number everywhere.
 *
 * @example
 * ```ts
 * new Constant(3)([2]).arraySync(); // → [3, 3]
 * ```
 */
export class Constant extends Initializer {
  static readonly className: string = "Constant";
  readonly value: number;

  /** @param value default 0 */
  constructor(value = 0) {
    super();
    if (typeof value !== "number")
      throw new ValueError(`Constant: expected a number. Received: ${show(value)}`);
    this.value = value;
  }

  override call(shape: Shape, options: InitializerCallOptions = {}): Tensor {
    return full(shape, this.value, options);
  }

  override getConfig(): Config {
    return { value: this.value };
  }

  static override fromConfig<T>(this: new (value: never) => T, config: Config): T {
    return new this(config["value"] as never);
  }
}
