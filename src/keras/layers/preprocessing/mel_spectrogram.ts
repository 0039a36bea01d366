/** Spectrograms on the mel scale. */
import {
  cos,
  iota,
  log,
  matmul,
  maximum,
  multiply,
  power,
  remainder,
  show,
  sin,
  sqrt,
  type Tensor,
  tensor,
  ValueError,
} from "../../../engine/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import { windowValues } from "../../ops/fft_windows.ts";
import { extractSequences } from "../../ops/index.ts";
import { pad } from "../../ops/numpy_pad.ts";
import { swapaxes } from "../../ops/numpy_shape.ts";
import type { Config } from "../../saving/config.ts";
import { checkDeclaredLength } from "../../saving/reading_limits.ts";
import { positiveInteger } from "../../utils/argument_validation.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";

/** Options of {@link MelSpectrogram}. */
export interface MelSpectrogramOptions extends LayerOptions {
  /** The length of the transform. Default 2048. */
  readonly fftLength?: number;
  /** Samples between frames. Default 512. */
  readonly sequenceStride?: number;
  /** The number of samples under the window. Default: `fftLength`. */
  readonly sequenceLength?: number | null;
  /** The name of a window, its values, or null for none. Default `"hann"`. */
  readonly window?: string | readonly number[] | null;
  /** Samples per second. Default 16000. */
  readonly samplingRate?: number;
  /** The number of bands. Default 128. */
  readonly numMelBins?: number;
  /** The lowest frequency, in hertz. Default 20. */
  readonly minFreq?: number;
  /** The highest frequency. Default: half of the sampling rate. */
  readonly maxFreq?: number | null;
  /** Whether the result is in decibels. Default true. */
  readonly powerToDb?: boolean;
  /** How many decibels below the loudest are kept. Default 80. */
  readonly topDb?: number;
  /** The exponent of magnitudes, 2 for power. Default 2. */
  readonly magExp?: number;
  /** The least power before the logarithm. Default 1e-10. */
  readonly minPower?: number;
  /** The power of 0 decibels. Default 1. */
  readonly refPower?: number;
}

const optionNames: readonly (keyof MelSpectrogramOptions)[] = [
  ...(["fftLength", "sequenceStride", "sequenceLength", "window", "samplingRate", "numMelBins"] as const),
  ...(["minFreq", "maxFreq", "powerToDb", "topDb", "magExp", "minPower", "refPower"] as const),
];

// Frequencies are rounded where Keras rounds them: bands are differences of near numbers.
const f = Math.fround;
const mel = (hertz: number): number => f(1127 * f(Math.log(f(1 + f(f(hertz) / 700)))));
/** The i-th of evenly spaced numbers. */
const between = (low: number, high: number, i: number, last: number): number =>
  f(low + f(f(f(high - low) / last) * i));

/**
 * Spectrograms of sound on the mel scale, in decibels: a short-time Fourier transform, the powers of its magnitudes, and
 * their sums over bands that are as wide as we hear them.
 *
 * Input: `(time,)` or `(batch, time)`. Output: `(numMelBins, frames)` or `(batch, numMelBins, frames)`, with a frame around
 * every `sequenceStride`-th sample; at both ends the signal is mirrored.
 *
 * @throws ValueError for options that cannot be
 *
 * @example
 * ```ts
 * const layer = new MelSpectrogram({ fftLength: 64, sequenceStride: 32, numMelBins: 10, samplingRate: 1000 });
 * layer(np.ones([2, 320])).shape; // → [2, 10, 11]
 * ```
 */
export class MelSpectrogram extends Layer {
  static readonly className: string = "MelSpectrogram";
  readonly fftLength: number;
  readonly sequenceStride: number;
  readonly sequenceLength: number;
  readonly window: string | readonly number[] | null;
  readonly samplingRate: number;
  readonly numMelBins: number;
  readonly minFreq: number;
  readonly maxFreq: number;
  readonly powerToDb: boolean;
  readonly topDb: number;
  readonly magExp: number;
  readonly minPower: number;
  readonly refPower: number;

  /**
   * @param options `fftLength` (default 2048), `sequenceStride` (default 512), `sequenceLength` (default `fftLength`),
   *   `window` (default `"hann"`), `samplingRate` (default 16000), `numMelBins` (default 128), `minFreq` (default 20),
   *   `maxFreq` (default half of the sampling rate), `powerToDb` (default true), `topDb` (default 80), `magExp` (default 2),
   *   `minPower` (default 1e-10), `refPower` (default 1), and those of every layer
   */
  constructor(options: MelSpectrogramOptions = {}) {
    const where = "MelSpectrogram";
    super(baseOptions(where, options, optionNames));
    this.fftLength = positiveInteger(options.fftLength ?? 2048, where, "fftLength");
    this.sequenceStride = positiveInteger(options.sequenceStride ?? 512, where, "sequenceStride");
    this.sequenceLength = positiveInteger(options.sequenceLength ?? this.fftLength, where, "sequenceLength");
    if (this.sequenceLength > this.fftLength) {
      throw new ValueError(
        `${where}: expected sequenceLength to be at most fftLength=${this.fftLength}. Received: sequenceLength=${show(options.sequenceLength)}`,
      );
    }
    this.window = options.window === undefined ? "hann" : options.window;
    this.samplingRate = options.samplingRate ?? 16000;
    this.numMelBins = positiveInteger(options.numMelBins ?? 128, where, "numMelBins");
    this.minFreq = options.minFreq ?? 20;
    this.maxFreq = options.maxFreq ?? Math.trunc(this.samplingRate / 2);
    this.powerToDb = options.powerToDb ?? true;
    this.topDb = options.topDb ?? 80;
    this.magExp = options.magExp ?? 2;
    this.minPower = options.minPower ?? 1e-10;
    this.refPower = options.refPower ?? 1;
    // Windows that there are not are found out before the first call.
    const bands = this.numMelBins * Math.ceil(this.fftLength / 2);
    checkDeclaredLength(Math.max(bands, this.fftLength, this.sequenceLength), where);
    this.#windowValues();
  }

  override call(given: Tensor): Tensor {
    const x = given.astype(this.computeDtype === "float64" ? "float64" : "float32");
    const bands = matmul(this.#spectrum(x), tensor(this.#bands(), { dtype: x.dtype }));
    const result = this.powerToDb ? this.#decibels(bands) : bands;
    return swapaxes(result, -1, -2).astype(this.computeDtype);
  }

  /** The powers of magnitudes: shape (…, frames, frequencies). */
  #spectrum(x: Tensor): Tensor {
    const { fftLength: n } = this;
    const half = Math.floor(n / 2);
    const widths = x.shape.map((_, i): [number, number] => (i === x.ndim - 1 ? [half, half] : [0, 0]));
    const padded = pad(x, widths, { mode: "reflect" });
    const frames = extractSequences(padded, n, this.sequenceStride);
    const seen = frames.multiply(tensor(this.#windowValues(), { dtype: x.dtype }));
    // The transform as a product with waves; phases are whole multiples of a full turn's parts, so that they stay exact.
    const shape = [n, half + 1];
    const phase = remainder(multiply(iota(shape, 0), iota(shape, 1)), n).astype(x.dtype);
    const angle = phase.multiply((2 * Math.PI) / n);
    const [real, imag] = [matmul(seen, cos(angle)), matmul(seen, sin(angle))];
    return power(sqrt(multiply(real, real).add(multiply(imag, imag))), this.magExp);
  }

  /** The window, in the middle of the transform. */
  #windowValues(): Float64Array {
    const { window, sequenceLength, fftLength } = this;
    const values = typeof window === "string" ? windowValues(window, sequenceLength, true) : window;
    if (values !== null && values.length !== sequenceLength) {
      throw new ValueError(
        `MelSpectrogram: expected a window of sequenceLength=${sequenceLength} values. Received: ${values.length}`,
      );
    }
    // No window is one over the whole transform, as in Keras on JAX and TensorFlow.
    if (values === null) return new Float64Array(fftLength).fill(1);
    const whole = new Float64Array(fftLength);
    whole.set(values, Math.floor((fftLength - sequenceLength) / 2));
    return whole;
  }

  /** How much each frequency counts in each band: triangles on the mel scale. */
  #bands(): number[][] {
    const { numMelBins, samplingRate, minFreq, maxFreq, fftLength } = this;
    const bins = Math.floor(fftLength / 2) + 1;
    const [low, high] = [mel(minFreq), mel(maxFreq)];
    const edge = (i: number): number => between(low, high, i, numMelBins + 1);
    return Array.from({ length: bins }, (_, k) => {
      const at = mel(between(0, samplingRate / 2, k, bins - 1));
      return Array.from({ length: numMelBins }, (_row, m) => {
        const [lower, center, upper] = [edge(m), edge(m + 1), edge(m + 2)];
        const weight = Math.min((at - lower) / (center - lower), (upper - at) / (upper - center));
        // The mean of the signal counts nowhere.
        return k === 0 ? 0 : Math.max(0, weight);
      });
    });
  }

  #decibels(x: Tensor): Tensor {
    const reference = Math.log10(Math.max(Math.abs(this.refPower), this.minPower));
    const db = log(maximum(x, this.minPower))
      .multiply(10 / Math.LN10)
      .subtract(10 * reference);
    return maximum(db, db.max().subtract(this.topDb));
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    const time = inputShape.at(-1) ?? null;
    const { fftLength: n, sequenceStride } = this;
    const rest = 2 * Math.floor(n / 2) - n;
    const frames = time === null ? null : 1 + Math.floor((time + rest) / sequenceStride);
    return [...inputShape.slice(0, -1), this.numMelBins, frames];
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      fft_length: this.fftLength,
      sequence_stride: this.sequenceStride,
      sequence_length: this.sequenceLength,
      window: this.window,
      sampling_rate: this.samplingRate,
      num_mel_bins: this.numMelBins,
      min_freq: this.minFreq,
      max_freq: this.maxFreq,
      power_to_db: this.powerToDb,
      top_db: this.topDb,
      mag_exp: this.magExp,
      min_power: this.minPower,
      ref_power: this.refPower,
    };
  }
}
