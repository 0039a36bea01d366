/** Inputs side by side. */
import {
  concatenate as join,
  ShapeError,
  show,
  showShape,
  type Tensor,
  type TensorLike,
  ValueError,
} from "../../../engine/index.ts";
import type { KerasShape, KerasTensor, ShapeTree } from "../../backend/keras_tensor.ts";
import type { AnyMasks } from "../../backend/masking.ts";
import {
  any,
  concatenate as concatenateMasks,
  expandDims,
  logicalOr,
  onesLike,
  zerosLike,
} from "../../ops/index.ts";
import type { Config } from "../../saving/config.ts";
import type { SymbolicInputs, Tensors } from "../call_inputs.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { Merge } from "./base_merge.ts";

/** Options of {@link Concatenate}. */
export interface ConcatenateOptions extends LayerOptions {
  /** The axis along which inputs are put side by side. Default -1. */
  readonly axis?: number;
}

/**
 * Puts inputs side by side along an axis.
 *
 * Input: a list of tensors whose shapes are the same but for that axis. Output: one tensor, that axis being as long as all
 * together.
 *
 * @throws ShapeError when other axes differ; ValueError unless the input is a list
 *
 * @example
 * ```ts
 * new Concatenate()([np.array([[1, 2]]), np.array([[3]])]).arraySync(); // → [[1, 2, 3]]
 * ```
 */
export class Concatenate extends Merge {
  static readonly className: string = "Concatenate";
  readonly axis: number;

  /** @param options `axis` (default -1), and those of every layer */
  constructor(options: ConcatenateOptions = {}) {
    super(baseOptions("Concatenate", options, ["axis"]));
    this.axis = options.axis ?? -1;
    if (!Number.isSafeInteger(this.axis)) {
      throw new ValueError(
        `Concatenate: expected axis to be a whole number. Received: axis=${show(options.axis)}`,
      );
    }
  }

  override call(inputs: Tensors): Tensor {
    return this.merge(this.listOf(inputs));
  }

  protected override merge(inputs: readonly Tensor[]): Tensor {
    return join(inputs, this.axis);
  }

  override computeOutputShape(inputShape: ShapeTree): KerasShape {
    const shapes = this.shapesOf(inputShape);
    const [first] = shapes as [KerasShape];
    const at = this.axis < 0 ? this.axis + first.length : this.axis;
    const fits = shapes.every(
      (s) =>
        s.length === first.length &&
        s.every((n, i) => {
          const known = shapes.map((other) => other[i]).find((m) => m !== null && m !== undefined);
          return i === at || n === null || n === known;
        }),
    );
    if (!fits || at < 0 || at >= first.length) {
      throw new ShapeError(
        `Layer "${this.name}": expected inputs with the same shapes except along axis ${this.axis}. ` +
          `Received shapes: ${shapes.map(showShape).join(", ")}`,
      );
    }
    return first.map((n, i) => {
      const lengths = shapes.map((s) => s[i] ?? null);
      if (i !== at) return n ?? lengths.find((m) => m !== null) ?? null;
      return lengths.reduce((a, b) => (a === null || b === null ? null : a + b));
    });
  }

  override computeMask(inputs: Tensors | SymbolicInputs, previousMask?: AnyMasks): AnyMasks | null {
    const masks = (previousMask ?? null) as readonly (Tensor | null)[] | null;
    if (masks === null || masks.every((m) => m === null)) return null;
    const whole = this.listOf(inputs).map((x, i) => {
      const mask = masks[i] ?? null;
      if (mask === null) return onesLike(x, { dtype: "bool" });
      return mask.ndim < x.ndim ? logicalOr(expandDims(mask, -1), zerosLike(x, { dtype: "bool" })) : mask;
    });
    return any(concatenateMasks(whole, { axis: this.axis }), { axis: -1 });
  }

  override getConfig(): Config {
    return { ...super.getConfig(), axis: this.axis };
  }
}

/**
 * Inputs side by side: `new Concatenate(options)(inputs)`.
 *
 * @param inputs a list of tensors, or of symbolic ones
 * @param options `axis` (default -1), and those of every layer
 *
 * @example
 * ```ts
 * concatenate([np.array([[1, 2]]), np.array([[3]])]).arraySync(); // → [[1, 2, 3]]
 * ```
 */
export function concatenate(inputs: readonly TensorLike[], options?: ConcatenateOptions): Tensor;
export function concatenate(inputs: readonly SymbolicInputs[], options?: ConcatenateOptions): KerasTensor;
export function concatenate(
  inputs: readonly TensorLike[] | readonly SymbolicInputs[],
  options: ConcatenateOptions = {},
): Tensor | KerasTensor {
  return new Concatenate(options)(inputs as readonly TensorLike[]);
}
