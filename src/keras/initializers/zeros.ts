/** The initializer to zeros. */
import { checkOptions, type Shape, type Tensor } from "../../engine/index.ts";
import { zeros } from "../ops/numpy_creation.ts";
import { Initializer, type InitializerCallOptions } from "./initializer.ts";

/**
 * All zeros: what biases begin with.
 *
 * @example
 * ```ts
 * new Zeros()([2, 2]).arraySync(); // → [[0, 0], [0, 0]]
 * ```
 */
export class Zeros extends Initializer {
  static readonly className: string = "Zeros";

  constructor(options: Readonly<Record<never, never>> = {}) {
    super();
    checkOptions("Zeros", options, []);
  }

  override call(shape: Shape, options: InitializerCallOptions = {}): Tensor {
    return zeros(shape, options);
  }
}
