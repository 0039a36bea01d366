/** Differences of inputs. */
import { subtract as difference, ShapeError, type Tensor, type TensorLike } from "../../../engine/index.ts";
import type { KerasShape, KerasTensor, ShapeTree } from "../../backend/keras_tensor.ts";
import type { SymbolicInputs } from "../call_inputs.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { Merge } from "./base_merge.ts";

/**
 * Subtracts the second of two inputs from the first, element by element.
 *
 * Input: a list of tensors whose shapes are the same or can be broadcast. Output: one of their common shape.
 *
 * @throws ShapeError when the shapes do not fit together; ValueError unless the input is a list
 *
 * @example
 * ```ts
 * new Subtract()([np.array([[1, 4]]), np.array([[3, 2]])]).arraySync(); // → [[-2, 2]]
 * ```
 */
export class Subtract extends Merge {
  static readonly className: string = "Subtract";

  /** @param options those of every layer */
  constructor(options: LayerOptions = {}) {
    super(baseOptions("Subtract", options, []));
  }

  override computeOutputShape(inputShape: ShapeTree): KerasShape {
    const shapes = this.shapesOf(inputShape);
    if (shapes.length === 2) return super.computeOutputShape(inputShape);
    throw new ShapeError(`Layer "${this.name}": expected exactly 2 inputs. Received ${shapes.length}`);
  }

  protected override merge(inputs: readonly Tensor[]): Tensor {
    return difference(inputs[0]!, inputs[1]!);
  }
}

/**
 * The difference of two inputs: `new Subtract(options)(inputs)`.
 *
 * @param inputs a list of tensors, or of symbolic ones
 * @param options those of every layer
 *
 * @example
 * ```ts
 * subtract([np.array([[1, 4]]), np.array([[3, 2]])]).arraySync(); // → [[-2, 2]]
 * ```
 */
export function subtract(inputs: readonly TensorLike[], options?: LayerOptions): Tensor;
export function subtract(inputs: readonly SymbolicInputs[], options?: LayerOptions): KerasTensor;
export function subtract(
  inputs: readonly TensorLike[] | readonly SymbolicInputs[],
  options: LayerOptions = {},
): Tensor | KerasTensor {
  return new Subtract(options)(inputs as readonly TensorLike[]);
}
