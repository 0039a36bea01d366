/** Weights that are not negative. */
import { maximum, type Tensor, type TensorLike, toTensor } from "../../engine/index.ts";
import { Constraint } from "./constraint.ts";

/**
 * Sets negative weights to 0.
 *
 * @example
 * ```ts
 * new NonNeg()([-1, 2]).arraySync(); // → [0, 2]
 * ```
 */
export class NonNeg extends Constraint {
  static readonly className: string = "NonNeg";

  override call(w: TensorLike): Tensor {
    return maximum(toTensor(w), 0);
  }

  static fromConfig(): NonNeg {
    return new this();
  }
}
