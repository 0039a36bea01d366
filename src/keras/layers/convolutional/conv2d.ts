/** Convolution over images. */
import type { Padding, PerAxis } from "../../ops/window_arguments.ts";
import { BaseConv, type ConvLayerOptions } from "./base_conv.ts";

/** Options of {@link Conv2D}. */
export interface Conv2DOptions extends ConvLayerOptions {
  /**
   * `"valid"`: windows lie in the input; `"same"`: zeros around it, so that there are as many windows as `input /
   * strides`. Default `"valid"`.
   */
  readonly padding?: Padding;
}

/**
 * A convolution in two dimensions, such as of images: each window of the input, element by element times the kernel,
 * summed up; then bias and activation.
 *
 * Input: `(batch, height, width, channels)`. Output: `(batch, height, width, filters)`, as many as there are windows. Weights:
 * `kernel` `(…kernelSize, channels / groups, filters)`, `bias` `(filters,)`.
 *
 * @throws ValueError for options that do not go together; ShapeError when windows do not fit into the input
 *
 * @example
 * ```ts
 * const layer = new Conv2D(1, 2, { kernelInitializer: "ones" });
 * layer([[[[1], [2]], [[3], [4]]]]).arraySync(); // → [[[[10]]]]
 * ```
 */
export class Conv2D extends BaseConv {
  static readonly className: string = "Conv2D";

  /**
   * @param filters the number of outputs at each place
   * @param kernelSize the size of the windows
   * @param options `strides` (default 1), `padding`: `"valid"` (default) or `"same"`;
   *   `dataFormat`, `dilationRate` (default 1), `groups` (default 1), `activation`, `useBias` (default true), initializers,
   *   regularizers and constraints of kernel and bias, `loraRank`, `loraAlpha`, and those of every layer
   */
  constructor(filters: number, kernelSize: PerAxis, options: Conv2DOptions = {}) {
    super("Conv2D", 2, filters, kernelSize, options);
  }
}
