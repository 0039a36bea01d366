/** Products of inputs. */
import { any, type Tensor, type TensorLike, multiply as times, where } from "../../../engine/index.ts";
import type { KerasTensor } from "../../backend/keras_tensor.ts";
import { setKerasMask } from "../../backend/masking.ts";
import { logicalOr } from "../../ops/numpy_logic.ts";
import type { SymbolicInputs } from "../call_inputs.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { Merge } from "./base_merge.ts";
import { fullMask } from "./masked.ts";

/**
 * Multiplies inputs element by element. What is masked counts as 1; where all are masked, the result is 0.
 *
 * Input: a list of tensors whose shapes are the same or can be broadcast. Output: one of their common shape.
 *
 * @throws ShapeError when the shapes do not fit together; ValueError unless the input is a list
 *
 * @example
 * ```ts
 * new Multiply()([np.array([[1, 4]]), np.array([[3, 2]])]).arraySync(); // → [[3, 8]]
 * ```
 */
export class Multiply extends Merge {
  static readonly className: string = "Multiply";

  /** @param options those of every layer */
  constructor(options: LayerOptions = {}) {
    super(baseOptions("Multiply", options, []));
  }

  protected override merge(inputs: readonly Tensor[]): Tensor {
    const masks = inputs.map(fullMask);
    const factors = inputs.map((x, i) => (masks[i] === undefined ? x : where(masks[i], x, 1)));
    const product = factors.reduce((a, b) => times(a, b));
    if (!masks.every((m) => m !== undefined)) return product;
    const mask = masks.reduce((a, b) => logicalOr(a, b));
    const output = where(mask, product, 0);
    setKerasMask(output, any(mask, [-1]));
    return output;
  }
}

/**
 * The product of inputs: `new Multiply(options)(inputs)`.
 *
 * @param inputs a list of tensors, or of symbolic ones
 * @param options those of every layer
 *
 * @example
 * ```ts
 * multiply([np.array([[1, 4]]), np.array([[3, 2]])]).arraySync(); // → [[3, 8]]
 * ```
 */
export function multiply(inputs: readonly TensorLike[], options?: LayerOptions): Tensor;
export function multiply(inputs: readonly SymbolicInputs[], options?: LayerOptions): KerasTensor;
export function multiply(
  inputs: readonly TensorLike[] | readonly SymbolicInputs[],
  options: LayerOptions = {},
): Tensor | KerasTensor {
  return new Multiply(options)(inputs as readonly TensorLike[]);
}
