/** Sums of inputs. */
import { add as engineAdd, type Tensor, type TensorLike } from "../../../engine/index.ts";
import type { KerasTensor } from "../../backend/keras_tensor.ts";
import type { SymbolicInputs } from "../call_inputs.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { Merge } from "./base_merge.ts";

/**
 * Adds inputs element by element.
 *
 * Input: a list of tensors whose shapes are the same or can be broadcast. Output: one of their common shape.
 *
 * @throws ShapeError when the shapes do not fit together; ValueError unless the input is a list
 *
 * @example
 * ```ts
 * new Add()([np.array([[1, 4]]), np.array([[3, 2]])]).arraySync(); // → [[4, 6]]
 * ```
 */
export class Add extends Merge {
  static readonly className: string = "Add";

  /** @param options those of every layer */
  constructor(options: LayerOptions = {}) {
    super(baseOptions("Add", options, []));
  }

  protected override merge(inputs: readonly Tensor[]): Tensor {
    return inputs.reduce((a, b) => engineAdd(a, b));
  }
}

/**
 * The sum of inputs: `new Add(options)(inputs)`.
 *
 * @param inputs a list of tensors, or of symbolic ones
 * @param options those of every layer
 *
 * @example
 * ```ts
 * add([np.array([[1, 4]]), np.array([[3, 2]])]).arraySync(); // → [[4, 6]]
 * ```
 */
export function add(inputs: readonly TensorLike[], options?: LayerOptions): Tensor;
export function add(inputs: readonly SymbolicInputs[], options?: LayerOptions): KerasTensor;
export function add(
  inputs: readonly TensorLike[] | readonly SymbolicInputs[],
  options: LayerOptions = {},
): Tensor | KerasTensor {
  return new Add(options)(inputs as readonly TensorLike[]);
}
