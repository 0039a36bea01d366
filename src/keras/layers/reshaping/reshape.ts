/** Reshaping. */
import { type DType, ShapeError, show, showShape, type Tensor, ValueError } from "../../../engine/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Config } from "../../saving/config.ts";
import { firstDType } from "../call_inputs.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";

/**
 * Gives samples another shape.
 *
 * Input: `(batch, …)`. Output: `(batch, ...targetShape)`.
 *
 * @throws ValueError for a shape with several -1; ShapeError at the call when the numbers of elements differ
 *
 * @example
 * ```ts
 * new Reshape([-1, 2])([[1, 2, 3, 4, 5, 6]]).shape; // → [1, 3, 2]
 * ```
 */
export class Reshape extends Layer {
  static readonly className: string = "Reshape";
  static override readonly positional: readonly string[] = ["targetShape"];
  readonly targetShape: readonly number[];

  /**
   * @param targetShape without the axis of samples; one length may be -1, which means "whatever is left"
   * @param options those of every layer
   */
  constructor(targetShape: readonly number[], options: LayerOptions = {}) {
    super(baseOptions("Reshape", options, []));
    if (!Array.isArray(targetShape) || !targetShape.every((n) => Number.isSafeInteger(n) && n >= -1)) {
      throw new ValueError(
        `Reshape: expected targetShape to be an array of whole numbers, of which one may be -1. Received: ${show(targetShape)}`,
      );
    }
    if (targetShape.filter((n) => n === -1).length > 1) {
      throw new ValueError(`Reshape: expected at most one -1 in targetShape. Received: ${show(targetShape)}`);
    }
    this.targetShape = [...targetShape];
    this.built = true;
  }

  override call(x: Tensor): Tensor {
    const [samples, ...shape] = this.computeOutputShape(x.shape);
    return x.reshape([samples!, ...(shape as number[])]);
  }

  protected override outputDType(inputs: unknown): DType {
    return firstDType(inputs);
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    const [samples = null, ...from] = inputShape;
    if (from.includes(null)) return [samples, ...this.targetShape.map((n) => (n === -1 ? null : n))];
    const size = from.reduce<number>((n, m) => n * m!, 1);
    const known = this.targetShape.reduce((n, m) => (m === -1 ? n : n * m), 1);
    const fits = this.targetShape.includes(-1) ? known > 0 && size % known === 0 : known === size;
    if (fits) return [samples, ...this.targetShape.map((n) => (n === -1 ? size / known : n))];
    throw new ShapeError(
      `Reshape: layer "${this.name}" cannot bring samples of shape ${showShape(from)} into targetShape ${showShape(this.targetShape)}: ` +
        "the number of elements must stay.",
    );
  }

  override getConfig(): Config {
    return { ...super.getConfig(), target_shape: this.targetShape };
  }
}
