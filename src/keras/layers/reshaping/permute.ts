/** Axes in another order. */
import { type DType, show, type Tensor, ValueError } from "../../../engine/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Config } from "../../saving/config.ts";
import { firstDType } from "../call_inputs.ts";
import { InputSpec } from "../input_spec.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";

/**
 * Puts the axes of samples into another order.
 *
 * Input: `(batch, …)`. Output: the same axes in another order.
 *
 * @throws ValueError unless `dims` holds the numbers from 1 on, each once
 *
 * @example
 * ```ts
 * new Permute([2, 1])([[[1, 2, 3]]]).shape; // → [1, 3, 1]
 * ```
 */
export class Permute extends Layer {
  static readonly className: string = "Permute";
  static override readonly positional: readonly string[] = ["dims"];
  readonly dims: readonly number[];

  /**
   * @param dims the axes in their new order, counted from 1; 0, the axis of samples, stays
   * @param options those of every layer
   */
  constructor(dims: readonly number[], options: LayerOptions = {}) {
    super(baseOptions("Permute", options, []));
    if (!Array.isArray(dims) || [...dims].sort((a, b) => a - b).some((d, i) => d !== i + 1)) {
      throw new ValueError(
        `Permute: expected dims to hold the numbers from 1 on, each once. Received: dims=${show(dims)}`,
      );
    }
    this.dims = [...dims];
    this.inputSpec = new InputSpec({ ndim: dims.length + 1 });
  }

  override call(x: Tensor): Tensor {
    return x.transpose([0, ...this.dims]);
  }

  protected override outputDType(inputs: unknown): DType {
    return firstDType(inputs);
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return [0, ...this.dims].map((d) => inputShape[d] ?? null);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), dims: this.dims };
  }
}
