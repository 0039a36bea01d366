/** Dot products of inputs. */
import {
  dotGeneral,
  ShapeError,
  show,
  showShape,
  type Tensor,
  type TensorLike,
  ValueError,
} from "../../../engine/index.ts";
import type { KerasShape, KerasTensor, ShapeTree } from "../../backend/keras_tensor.ts";
import { normalize } from "../../ops/nn_losses.ts";
import type { Config } from "../../saving/config.ts";
import type { SymbolicInputs, Tensors } from "../call_inputs.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { Merge } from "./base_merge.ts";

/** Options of {@link Dot}. */
export interface DotOptions extends LayerOptions {
  /** Whether both inputs are scaled to length 1 along the axes, which gives the cosine of their angle. Default false. */
  readonly normalize?: boolean;
}

/**
 * The dot product of two inputs along an axis of each, sample by sample.
 *
 * Input: a list of two tensors. Output: the axes of the first, then those of the second, without those summed over; at
 * least `(batch, 1)`.
 *
 * @throws ValueError for axes that cannot be; ShapeError when the axes have different lengths
 *
 * @example
 * ```ts
 * new Dot(1)([np.array([[1, 2]]), np.array([[3, 4]])]).arraySync(); // → [[11]]
 * ```
 */
export class Dot extends Merge {
  static readonly className: string = "Dot";
  static override readonly positional: readonly string[] = ["axes"];
  readonly axes: number | readonly [number, number];
  readonly normalize: boolean;

  /**
   * @param axes one axis for both, or two; not 0, the axis of samples
   * @param options `normalize` (default false), and those of every layer
   */
  constructor(axes: number | readonly [number, number], options: DotOptions = {}) {
    super(baseOptions("Dot", options, ["normalize"]));
    const list: readonly unknown[] = Array.isArray(axes) ? axes : [axes, axes];
    if (list.length !== 2 || !list.every((a) => Number.isSafeInteger(a) && a !== 0)) {
      throw new ValueError(
        `Dot: expected axes to be a whole number or two, and not 0, the axis of samples. Received: axes=${show(axes)}`,
      );
    }
    this.axes = axes;
    this.normalize = options.normalize ?? false;
    this.supportsMasking = true;
  }

  #axesFor(shapes: readonly KerasShape[]): readonly [number, number] {
    const [a, b] = typeof this.axes === "number" ? [this.axes, this.axes] : this.axes;
    const [x, y] = shapes;
    const axes = [a < 0 ? a + (x?.length ?? 0) : a, b < 0 ? b + (y?.length ?? 0) : b] as const;
    const lengths = [x?.[axes[0]], y?.[axes[1]]];
    const differ = lengths[0] !== lengths[1] && !lengths.includes(null);
    if (shapes.length !== 2 || lengths.includes(undefined) || axes.includes(0) || differ) {
      throw new ShapeError(
        `Layer "${this.name}": expected 2 inputs with the same length along axes ${show(this.axes)}. ` +
          `Received shapes: ${shapes.map(showShape).join(", ")}`,
      );
    }
    return axes;
  }

  override call(inputs: Tensors): Tensor {
    return this.merge(this.listOf(inputs));
  }

  protected override merge(inputs: readonly Tensor[]): Tensor {
    const axes = this.#axesFor(inputs.map((x) => x.shape));
    const [x, y] = inputs.map((t, i) => (this.normalize ? normalize(t, { axis: axes[i]! }) : t)) as [
      Tensor,
      Tensor,
    ];
    const product = dotGeneral(x, y, {
      lhsBatch: [0],
      rhsBatch: [0],
      lhsContracting: [axes[0]],
      rhsContracting: [axes[1]],
    });
    return product.ndim === 1 ? product.reshape([product.shape[0]!, 1]) : product;
  }

  override computeOutputShape(inputShape: ShapeTree): KerasShape {
    const shapes = this.shapesOf(inputShape);
    const axes = this.#axesFor(shapes);
    const [x, y] = shapes as [KerasShape, KerasShape];
    const output = [...x.toSpliced(axes[0], 1), ...y.toSpliced(axes[1], 1).slice(1)];
    return output.length === 1 ? [...output, 1] : output;
  }

  override computeMask(): null {
    return null;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), axes: this.axes, normalize: this.normalize };
  }
}

/** Options of {@link dot}. */
export interface DotFunctionOptions extends DotOptions {
  /** One axis for both inputs, or two. Default -1. */
  readonly axes?: number | readonly [number, number];
}

/**
 * The dot product of two inputs: `new Dot(axes, options)(inputs)`.
 *
 * @param inputs a list of two tensors, or of two symbolic ones
 * @param options `axes` (default -1), `normalize` (default false), and those of every layer
 *
 * @example
 * ```ts
 * dot([np.array([[1, 2]]), np.array([[3, 4]])], { axes: 1 }).arraySync(); // → [[11]]
 * ```
 */
export function dot(inputs: readonly TensorLike[], options?: DotFunctionOptions): Tensor;
export function dot(inputs: readonly SymbolicInputs[], options?: DotFunctionOptions): KerasTensor;
export function dot(
  inputs: readonly TensorLike[] | readonly SymbolicInputs[],
  options: DotFunctionOptions = {},
): Tensor | KerasTensor {
  const { axes = -1, ...rest } = options;
  return new Dot(axes, rest)(inputs as readonly TensorLike[]);
}
