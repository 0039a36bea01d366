/** A convolutional LSTM over sequences of volumes. */
import type { PerAxis } from "../../ops/window_arguments.ts";
import { ConvLSTM, type ConvLSTMOptions } from "./conv_lstm.ts";

/**
 * An {@link LSTM} over sequences of volumes: its products are convolutions (Shi et al., 2015). With
 * `z = kernel * xₜ + recurrentKernel * hₜ₋₁ + bias` cut into `i, f, g, o` along the channels,
 * `cₜ = σ(f)·cₜ₋₁ + σ(i)·tanh(g)` and `hₜ = σ(o)·tanh(cₜ)`.
 *
 * Input: `(batch, steps, depth, height, width, channels)`. Output: `(batch, depth, height, width, filters)`, with `returnSequences`
 * `(batch, steps, depth, height, width, filters)`; with `returnState` `[output, h, c]`. With `"channels_first"` the channels stand
 * before the space. The space must be known and stays that of the first inputs.
 *
 * @throws ValueError unless `filters`, `kernelSize`, `strides` and `dilationRate` are positive whole numbers, and for
 *   strides together with dilation
 *
 * @example
 * ```ts
 * new ConvLSTM3D(4, 2)(np.ones([2, 3, 4, 4, 4, 1])).shape; // → [2, 3, 3, 3, 4]
 * ```
 */
export class ConvLSTM3D<S extends boolean = false> extends ConvLSTM<S> {
  static override readonly className: string = "ConvLSTM3D";

  /**
   * @param filters the number of channels of output and states
   * @param kernelSize the size of windows: a number, or one for each axis of space
   * @param options `strides` (default 1), `padding` (default `"valid"`), `dataFormat` (default `"channels_last"`),
   *   `dilationRate` (default 1), `activation` (default `"tanh"`), `recurrentActivation` (default `"sigmoid"`), `useBias`
   *   (default true), `kernelInitializer` (default `"glorot_uniform"`), `recurrentInitializer` (default `"orthogonal"`),
   *   `biasInitializer` (default `"zeros"`), `unitForgetBias` (default true), regularizers and constraints, `dropout` and
   *   `recurrentDropout` (default 0), `seed`, `returnSequences`, `returnState`, `goBackwards`, `stateful`, `unroll`,
   *   `zeroOutputForMask` (default false), and those of every layer
   */
  constructor(filters: number, kernelSize: PerAxis, options: ConvLSTMOptions<S> = {}) {
    super("ConvLSTM3D", 3, filters, kernelSize, options);
  }
}
