/** The smallest elements of inputs. */
import { type Binary, minimum as smaller, type Tensor, type TensorLike } from "../../../engine/index.ts";
import type { KerasTensor } from "../../backend/keras_tensor.ts";
import type { SymbolicInputs } from "../call_inputs.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { Extremum } from "./extremum.ts";

/**
 * The smallest of the inputs, element by element. What is masked is passed over.
 *
 * Input: a list of tensors whose shapes are the same or can be broadcast. Output: one of their common shape.
 *
 * @throws ShapeError when the shapes do not fit together; ValueError unless the input is a list
 *
 * @example
 * ```ts
 * new Minimum()([np.array([[1, 4]]), np.array([[3, 2]])]).arraySync(); // → [[1, 2]]
 * ```
 */
export class Minimum extends Extremum {
  static readonly className: string = "Minimum";

  /** @param options those of every layer */
  constructor(options: LayerOptions = {}) {
    super(baseOptions("Minimum", options, []));
  }

  protected override readonly operation: Binary = smaller;
}

/**
 * The smallest of inputs: `new Minimum(options)(inputs)`.
 *
 * @param inputs a list of tensors, or of symbolic ones
 * @param options those of every layer
 *
 * @example
 * ```ts
 * minimum([np.array([[1, 4]]), np.array([[3, 2]])]).arraySync(); // → [[1, 2]]
 * ```
 */
export function minimum(inputs: readonly TensorLike[], options?: LayerOptions): Tensor;
export function minimum(inputs: readonly SymbolicInputs[], options?: LayerOptions): KerasTensor;
export function minimum(
  inputs: readonly TensorLike[] | readonly SymbolicInputs[],
  options: LayerOptions = {},
): Tensor | KerasTensor {
  return new Minimum(options)(inputs as readonly TensorLike[]);
}
