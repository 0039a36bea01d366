/** Convolution over steps. */
import { pad, type Tensor } from "../../../engine/index.ts";
import { conv } from "../../ops/nn_convolutions.ts";
import { type PerAxis, spanOf } from "../../ops/window_arguments.ts";
import { BaseConv, type ConvLayerOptions } from "./base_conv.ts";

/**
 * A convolution in one dimension, such as of a sequence: each window of the input, element by element times the kernel,
 * summed up; then bias and activation.
 *
 * Input: `(batch, steps, channels)`. Output: `(batch, steps, filters)`, as many as there are windows. Weights:
 * `kernel` `(…kernelSize, channels / groups, filters)`, `bias` `(filters,)`.
 *
 * @throws ValueError for options that do not go together; ShapeError when windows do not fit into the input
 *
 * @example
 * ```ts
 * const layer = new Conv1D(1, 2, { kernelInitializer: "ones" });
 * layer([[[1], [2], [3]]]).arraySync(); // → [[[3], [5]]]
 * ```
 */
export class Conv1D extends BaseConv {
  static readonly className: string = "Conv1D";

  /**
   * @param filters the number of outputs at each place
   * @param kernelSize the size of the windows
   * @param options `strides` (default 1), `padding`: `"valid"` (default), `"same"`, or `"causal"`, which puts all zeros in front, so that no output
   *   sees what comes later;
   *   `dataFormat`, `dilationRate` (default 1), `groups` (default 1), `activation`, `useBias` (default true), initializers,
   *   regularizers and constraints of kernel and bias, `loraRank`, `loraAlpha`, and those of every layer
   */
  constructor(filters: number, kernelSize: PerAxis, options: ConvLayerOptions = {}) {
    super("Conv1D", 1, filters, kernelSize, options);
  }

  override call(x: Tensor): Tensor {
    if (this.padding !== "causal") return super.call(x);
    const before = spanOf(this.kernelSize[0]!, this.dilationRate[0]!) - 1;
    const steps = this.dataFormat === "channels_last" ? 1 : 2;
    const low = x.shape.map((_, axis) => (axis === steps ? before : 0));
    const none = x.shape.map(() => 0);
    const padded = pad(x, 0, { low, high: none, interior: none });
    return this.finish(conv(padded, this.effectiveKernel(), this.windows));
  }
}
