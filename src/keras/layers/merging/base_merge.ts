/** What the layers that merge several inputs into one have in common. */

import { reshape, ShapeError, show, showShape, type Tensor, ValueError } from "../../../engine/index.ts";
import { isShape, type KerasShape, type ShapeTree } from "../../backend/keras_tensor.ts";
import type { AnyMasks } from "../../backend/masking.ts";
import { logicalOr } from "../../ops/index.ts";
import type { LayerInputs, SymbolicInputs, Tensors } from "../call_inputs.ts";
import { Layer } from "../layer.ts";

/** Merges inputs element by element. Inputs of fewer axes get axes of length 1 behind that of samples. */
export abstract class Merge extends Layer {
  /** Merges tensors of the same number of axes. */
  protected abstract merge(inputs: readonly Tensor[]): Tensor;

  /** At the top, an array is always the list of inputs, also where it holds nothing but numbers. */
  protected override convertInputs(inputs: LayerInputs | SymbolicInputs): unknown {
    if (!Array.isArray(inputs)) return super.convertInputs(inputs);
    return inputs.map((x: LayerInputs) => super.convertInputs(x));
  }

  override build(inputShape: ShapeTree): void {
    this.computeOutputShape(inputShape);
  }

  override call(inputs: Tensors): Tensor {
    const list = this.listOf(inputs);
    const rank = Math.max(...list.map((x) => x.ndim));
    return this.merge(
      list.map((x) => {
        const [samples = 1, ...others] = x.shape;
        const missing = new Array<number>(rank - x.ndim).fill(1);
        return missing.length === 0 ? x : reshape(x, [samples, ...missing, ...others]);
      }),
    );
  }

  override computeOutputShape(inputShape: ShapeTree): KerasShape {
    const shapes = this.shapesOf(inputShape);
    const batches = new Set(shapes.map(([n = null]) => n).filter((n) => n !== null));
    if (batches.size > 1) {
      throw new ShapeError(
        `Layer "${this.name}": cannot merge inputs with different numbers of samples. Received shapes: ${shapes.map(showShape).join(", ")}`,
      );
    }
    const samples = shapes.every((s) => s[0] === null) ? null : ([...batches][0] ?? null);
    const common = shapes.map((s): KerasShape => s.slice(1)).reduce((a, b) => this.#broadcast(a, b, shapes));
    return [samples, ...common];
  }

  #broadcast(a: KerasShape, b: KerasShape, all: readonly KerasShape[]): KerasShape {
    const [long, short] = a.length < b.length ? [b, a] : [a, b];
    const offset = long.length - short.length;
    return long.map((m, i) => {
      if (i < offset) return m;
      const n = short[i - offset]!;
      if (m === null || n === null) return null;
      if (m !== n && m !== 1 && n !== 1) {
        throw new ShapeError(
          `Layer "${this.name}": inputs have incompatible shapes. Received shapes: ${all.map(showShape).join(", ")}`,
        );
      }
      return m === 1 ? n : m;
    });
  }

  /** The mask of what counts in any of the inputs; none if an input has none. */
  override computeMask(_inputs: Tensors | SymbolicInputs, previousMask?: AnyMasks): AnyMasks | null {
    const masks = (previousMask ?? [null]) as readonly (Tensor | null)[];
    if (!masks.every((m) => m !== null)) return null;
    return masks.reduce((a, b) => logicalOr(a, b));
  }

  /**
   * The inputs as a list.
   *
   * @throws ValueError for anything else
   */
  protected listOf(inputs: unknown): readonly Tensor[] {
    if (Array.isArray(inputs) && inputs.length > 0) return inputs as readonly Tensor[];
    throw new ValueError(
      `Layer "${this.name}": expected a list of at least 1 input, such as layer([a, b]). Received: ${show(inputs)}`,
    );
  }

  /**
   * The shapes of the inputs as a list.
   *
   * @throws ShapeError for a single shape
   */
  protected shapesOf(inputShape: ShapeTree): readonly KerasShape[] {
    if (Array.isArray(inputShape) && inputShape.length > 0 && inputShape.every(isShape)) {
      return inputShape;
    }
    throw new ShapeError(
      `Layer "${this.name}": expected a list of at least 1 input, such as layer([a, b]). Received the shape ${show(inputShape)}`,
    );
  }
}
