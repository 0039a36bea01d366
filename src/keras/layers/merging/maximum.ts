/** The largest elements of inputs. */
import { type Binary, maximum as larger, type Tensor, type TensorLike } from "../../../engine/index.ts";
import type { KerasTensor } from "../../backend/keras_tensor.ts";
import type { SymbolicInputs } from "../call_inputs.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { Extremum } from "./extremum.ts";

/**
 * The largest of the inputs, element by element. What is masked is passed over.
 *
 * Input: a list of tensors whose shapes are the same or can be broadcast. Output: one of their common shape.
 *
 * @throws ShapeError when the shapes do not fit together; ValueError unless the input is a list
 *
 * @example
 * ```ts
 * new Maximum()([np.array([[1, 4]]), np.array([[3, 2]])]).arraySync(); // → [[3, 4]]
 * ```
 */
export class Maximum extends Extremum {
  static readonly className: string = "Maximum";

  /** @param options those of every layer */
  constructor(options: LayerOptions = {}) {
    super(baseOptions("Maximum", options, []));
  }

  protected override readonly operation: Binary = larger;
}

/**
 * The largest of inputs: `new Maximum(options)(inputs)`.
 *
 * @param inputs a list of tensors, or of symbolic ones
 * @param options those of every layer
 *
 * @example
 * ```ts
 * maximum([np.array([[1, 4]]), np.array([[3, 2]])]).arraySync(); // → [[3, 4]]
 * ```
 */
export function maximum(inputs: readonly TensorLike[], options?: LayerOptions): Tensor;
export function maximum(inputs: readonly SymbolicInputs[], options?: LayerOptions): KerasTensor;
export function maximum(
  inputs: readonly TensorLike[] | readonly SymbolicInputs[],
  options: LayerOptions = {},
): Tensor | KerasTensor {
  return new Maximum(options)(inputs as readonly TensorLike[]);
}
