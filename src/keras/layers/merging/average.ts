/** Averages of inputs. */
import { add, type Tensor, type TensorLike } from "../../../engine/index.ts";
import type { KerasTensor } from "../../backend/keras_tensor.ts";
import type { SymbolicInputs } from "../call_inputs.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { Merge } from "./base_merge.ts";

/**
 * Averages inputs element by element.
 *
 * Input: a list of tensors whose shapes are the same or can be broadcast. Output: one of their common shape.
 *
 * @throws ShapeError when the shapes do not fit together; ValueError unless the input is a list
 *
 * @example
 * ```ts
 * new Average()([np.array([[1, 4]]), np.array([[3, 2]])]).arraySync(); // → [[2, 3]]
 * ```
 */
export class Average extends Merge {
  static readonly className: string = "Average";

  /** @param options those of every layer */
  constructor(options: LayerOptions = {}) {
    super(baseOptions("Average", options, []));
  }

  protected override merge(inputs: readonly Tensor[]): Tensor {
    return inputs.reduce((a, b) => add(a, b)).divide(inputs.length);
  }
}

/**
 * The average of inputs: `new Average(options)(inputs)`.
 *
 * @param inputs a list of tensors, or of symbolic ones
 * @param options those of every layer
 *
 * @example
 * ```ts
 * average([np.array([[1, 4]]), np.array([[3, 2]])]).arraySync(); // → [[2, 3]]
 * ```
 */
export function average(inputs: readonly TensorLike[], options?: LayerOptions): Tensor;
export function average(inputs: readonly SymbolicInputs[], options?: LayerOptions): KerasTensor;
export function average(
  inputs: readonly TensorLike[] | readonly SymbolicInputs[],
  options: LayerOptions = {},
): Tensor | KerasTensor {
  return new Average(options)(inputs as readonly TensorLike[]);
}
