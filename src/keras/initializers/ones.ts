/** The initializer to ones. */
import { checkOptions, type Shape, type Tensor } from "../../engine/index.ts";
import { ones } from "../ops/numpy_creation.ts";
import { Initializer, type InitializerCallOptions } from "./initializer.ts";

/**
 * All ones: what scales begin with.
 *
 * @example
 * ```ts
 * new Ones()([2, 2]).arraySync(); // → [[1, 1], [1, 1]]
 * ```
 */
export class Ones extends Initializer {
  static readonly className: string = "Ones";

  constructor(options: Readonly<Record<never, never>> = {}) {
    super();
    checkOptions("Ones", options, []);
  }

  override call(shape: Shape, options: InitializerCallOptions = {}): Tensor {
    return ones(shape, options);
  }
}
