/** Spectrograms by convolutions that can be trained. */
import {
  arctan2,
  concatenate,
  DTypeError,
  isFloat,
  log,
  maximum,
  multiply,
  pad,
  show,
  sqrt,
  type Tensor,
  ValueError,
} from "../../../engine/index.ts";
import { type DataFormat, standardizeDataFormat } from "../../backend/data_format.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Variable } from "../../backend/variable.ts";
import { epsilon } from "../../config/config.ts";
import { STFT, type STFTOptions } from "../../initializers/stft.ts";
import { conv } from "../../ops/nn_convolutions.ts";
import { checkPadding, type Padding, windowsAlong } from "../../ops/window_arguments.ts";
import type { Config } from "../../saving/config.ts";
import { checkChoice, positiveInteger } from "../../utils/argument_validation.ts";
import { InputSpec } from "../input_spec.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";

/** What a spectrogram shows. */
export type STFTMode = "log" | "magnitude" | "psd" | "real" | "imag" | "angle" | "stft";

const modes: readonly STFTMode[] = ["log", "magnitude", "psd", "real", "imag", "angle", "stft"];

/** Options of {@link STFTSpectrogram}. */
export interface STFTSpectrogramOptions extends LayerOptions {
  /**
   * The logarithm of magnitudes (`"log"`, the default), `"magnitude"`, the power spectral density (`"psd"`), the real part
   * (`"real"`), the imaginary one (`"imag"`), both (`"stft"`), or the phase (`"angle"`).
   */
  readonly mode?: STFTMode;
  /** The number of samples that are looked at together. Default 256. */
  readonly frameLength?: number;
  /** Steps between frames. Default: half of a frame. */
  readonly frameStep?: number | null;
  /** The length of the transform. Default: the power of 2 from the length of a frame on. */
  readonly fftLength?: number | null;
  /** The name of a window, its values, or null for none. Default `"hann"`. */
  readonly window?: STFTOptions["window"];
  /** Whether the window is periodic. Default false. */
  readonly periodic?: boolean;
  /** What the window is divided by: `"density"` (default), `"spectrum"`, or null. */
  readonly scaling?: STFTOptions["scaling"];
  /** `"valid"` (default) or `"same"`. */
  readonly padding?: Padding;
  /** Whether channels get an axis of their own. Default false: they stand side by side with the frequencies. */
  readonly expandDims?: boolean;
  /** `"channels_last"` (default) or `"channels_first"`. */
  readonly dataFormat?: DataFormat | null;
}

const optionNames: readonly (keyof STFTSpectrogramOptions)[] = [
  ...(["mode", "frameLength", "frameStep", "fftLength", "window", "periodic", "scaling"] as const),
  ...(["padding", "expandDims", "dataFormat"] as const),
];

/**
 * Spectrograms by a short-time Fourier transform, which is a convolution with kernels that can be trained.
 *
 * Input: `(batch, time, channels)`. Output: `(batch, frames, channels · frequencies)`, with `expandDims` `(batch, frames,
 * frequencies, channels)`; with `"channels_first"` `(batch, channels · frequencies, frames)` and `(batch, channels, frames,
 * frequencies)`. There are `fftLength / 2 + 1` frequencies, with mode `"stft"` twice as many numbers. Weights: `real_kernel`
 * and `imag_kernel` `(frameLength, 1, fftLength / 2 + 1)`, as far as the mode needs them.
 *
 * @throws ValueError for options that cannot be; DTypeError for what is no float
 *
 * @example
 * ```ts
 * const layer = new STFTSpectrogram({ mode: "magnitude", frameLength: 64, frameStep: 16 });
 * layer(np.ones([2, 256, 1])).shape; // → [2, 13, 33]
 * ```
 */
export class STFTSpectrogram extends Layer {
  static readonly className: string = "STFTSpectrogram";
  readonly mode: STFTMode;
  readonly frameLength: number;
  readonly frameStep: number | null;
  readonly fftLength: number | null;
  readonly window: STFTOptions["window"];
  readonly periodic: boolean;
  readonly scaling: "density" | "spectrum" | null;
  readonly padding: Padding;
  readonly expandDims: boolean;
  readonly dataFormat: DataFormat;
  readonly #kernels: { readonly real: STFT; readonly imag: STFT };
  /** The weights; there once the layer is built. */
  realKernel: Variable | undefined;
  imagKernel: Variable | undefined;

  /**
   * @param options `mode` (default `"log"`), `frameLength` (default 256), `frameStep` (default half of a frame), `fftLength`
   *   (default the power of 2 from `frameLength` on), `window` (default `"hann"`), `periodic` (default false), `scaling`
   *   (default `"density"`), `padding` (default `"valid"`), `expandDims` (default false), `dataFormat`, and those of every
   *   layer
   */
  constructor(options: STFTSpectrogramOptions = {}) {
    const where = "STFTSpectrogram";
    super(baseOptions(where, options, optionNames));
    this.mode = checkChoice(options.mode ?? "log", modes, where, "mode");
    this.frameLength = positiveInteger(options.frameLength ?? 256, where, "frameLength");
    this.frameStep = options.frameStep ?? null;
    if (this.frameStep !== null && positiveInteger(this.frameStep, where, "frameStep") > this.frameLength) {
      throw new ValueError(
        `${where}: expected frameStep to be at most frameLength=${this.frameLength}. Received: frameStep=${show(this.frameStep)}`,
      );
    }
    this.fftLength = options.fftLength ?? null;
    if (this.fftLength !== null && positiveInteger(this.fftLength, where, "fftLength") < this.frameLength) {
      throw new ValueError(
        `${where}: expected fftLength to be at least frameLength=${this.frameLength}. Received: fftLength=${show(this.fftLength)}`,
      );
    }
    this.window = options.window === undefined ? "hann" : options.window;
    this.periodic = options.periodic ?? false;
    this.scaling = options.scaling === undefined ? "density" : options.scaling;
    const { window, periodic, scaling } = this;
    const kernel = (side: "real" | "imag"): STFT =>
      new STFT({ side, window: window ?? null, scaling, periodic });
    this.#kernels = { real: kernel("real"), imag: kernel("imag") };
    this.padding = checkPadding(options.padding ?? "valid", ["valid", "same"], where);
    this.expandDims = options.expandDims ?? false;
    this.dataFormat = standardizeDataFormat(options.dataFormat, where);
    this.inputSpec = new InputSpec({ ndim: 3 });
  }

  /** The number of frequencies. */
  get #bins(): number {
    const length = this.fftLength ?? 2 ** Math.ceil(Math.log2(this.frameLength));
    return Math.floor(length / 2) + 1;
  }

  get #step(): number {
    return this.frameStep ?? Math.max(1, Math.floor(this.frameLength / 2));
  }

  override build(_inputShape: KerasShape): void {
    const shape = [this.frameLength, 1, this.#bins];
    if (this.mode !== "imag")
      this.realKernel = this.addWeight({ name: "real_kernel", shape, initializer: this.#kernels.real });
    if (this.mode !== "real")
      this.imagKernel = this.addWeight({ name: "imag_kernel", shape, initializer: this.#kernels.imag });
  }

  override call(x: Tensor): Tensor {
    if (!isFloat(x.dtype)) {
      throw new DTypeError(`Layer "${this.name}": expected a float dtype. Received: ${x.dtype}`);
    }
    const transform = (kernel: Variable | undefined): Tensor => this.#transform(x, kernel!.value);
    if (this.mode === "real") return this.#arrange(transform(this.realKernel));
    if (this.mode === "imag") return this.#arrange(transform(this.imagKernel));
    const [real, imag] = [transform(this.realKernel), transform(this.imagKernel)];
    if (this.mode === "angle") return this.#arrange(arctan2(imag, real));
    if (this.mode === "stft") return this.#arrange(concatenate([real, imag], 3));
    const power = multiply(real, real).add(multiply(imag, imag));
    if (this.mode === "psd") return this.#arrange(power.add(inner(power)));
    const magnitude = this.#arrange(sqrt(maximum(power, epsilon())));
    return this.mode === "magnitude" ? magnitude : log(maximum(magnitude, epsilon()));
  }

  /** One part of the transform: shape (batch, channels, frames, frequencies). */
  #transform(x: Tensor, kernel: Tensor): Tensor {
    const signals = this.dataFormat === "channels_last" ? x.transpose([0, 2, 1]) : x;
    const [batch, channels, time] = signals.shape as [number, number, number];
    const frames = conv(signals.reshape(batch * channels, time, 1), kernel.astype(x.dtype), {
      strides: this.#step,
      padding: this.padding,
      dataFormat: "channels_last",
    });
    return frames.reshape(batch, channels, ...frames.shape.slice(1));
  }

  #arrange(x: Tensor): Tensor {
    const [batch, channels, frames, bins] = x.shape as [number, number, number, number];
    const last = this.dataFormat === "channels_last";
    if (this.expandDims) return last ? x.transpose([0, 2, 3, 1]) : x;
    return last
      ? x.transpose([0, 2, 1, 3]).reshape(batch, frames, channels * bins)
      : x.transpose([0, 1, 3, 2]).reshape(batch, channels * bins, frames);
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    const last = this.dataFormat === "channels_last";
    const [batch = null, second = null, third = null] = inputShape;
    const [time, channels] = last ? [second, third] : [third, second];
    const frames = windowsAlong(time, this.frameLength, this.#step, 1, this.padding, `Layer "${this.name}"`);
    const bins = this.#bins * (this.mode === "stft" ? 2 : 1);
    if (this.expandDims) return last ? [batch, frames, bins, channels] : [batch, channels, frames, bins];
    const all = channels === null ? null : channels * bins;
    return last ? [batch, frames, all] : [batch, all, frames];
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      mode: this.mode,
      frame_length: this.frameLength,
      frame_step: this.frameStep,
      fft_length: this.fftLength,
      window: this.window,
      periodic: this.periodic,
      scaling: this.scaling,
      padding: this.padding,
      data_format: this.dataFormat,
      expand_dims: this.expandDims,
    };
  }
}

/** The same with 0 for the first and the last frequency, which stand for one each, not for two. */
function inner(power: Tensor): Tensor {
  const bins = power.shape[3]!;
  const ends = { low: [0, 0, 0, 1], high: [0, 0, 0, 1], interior: [0, 0, 0, 0] };
  return pad(power.at([], [], [], [1, bins - 1]), 0, ends);
}
