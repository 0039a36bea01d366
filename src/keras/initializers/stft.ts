/** The initializer to the kernel of a short-time Fourier transform. */
import {
  checkOptions,
  type Shape,
  ShapeError,
  show,
  showShape,
  type Tensor,
  tensor,
  ValueError,
} from "../../engine/index.ts";
import { floatx } from "../config/config.ts";
import { cosineWindows, windowValues } from "../ops/fft_windows.ts";
import type { Config } from "../saving/config.ts";
import { Initializer, type InitializerCallOptions } from "./initializer.ts";

/** Options of {@link STFT}. */
export interface STFTOptions {
  /** Whether the kernel gives the real or the imaginary part. Default `"real"`. */
  readonly side?: "real" | "imag";
  /** The name of a window (`hann`, `hamming`, `blackman`, …), its values, or null for none. Default `"hann"`. */
  readonly window?: string | readonly number[] | null;
  /**
   * What the window is divided by: its L2 norm (`"density"`), its L1 norm (`"spectrum"`), or nothing. Default
   * `"density"`.
   */
  readonly scaling?: "density" | "spectrum" | null;
  /** Whether the window is periodic. Default false. */
  readonly periodic?: boolean;
}

/**
 * The kernel of a convolution that computes one part of a short-time Fourier transform, of shape (T, 1, F / 2 + 1).
 *
 * @example
 * ```ts
 * new STFT({ side: "real" })([8, 1, 5]).shape; // → [8, 1, 5]
 * ```
 */
export class STFT extends Initializer {
  static readonly className: string = "STFT";
  readonly side: "real" | "imag";
  readonly window: string | readonly number[] | null;
  readonly scaling: "density" | "spectrum" | null;
  readonly periodic: boolean;

  constructor(options: STFTOptions = {}) {
    super();
    checkOptions("STFT", options, ["side", "window", "scaling", "periodic"]);
    const { side = "real", window = "hann", scaling = "density", periodic = false } = options;
    if (!["real", "imag"].includes(side))
      throw new ValueError(`STFT: side is "real" or "imag". Received: ${show(side)}`);
    if (scaling !== null && !["density", "spectrum"].includes(scaling)) {
      throw new ValueError(`STFT: scaling is "density", "spectrum" or null. Received: ${show(scaling)}`);
    }
    if (typeof window === "string" && !Object.hasOwn(cosineWindows, window)) {
      throw new ValueError(
        `STFT: no window ${show(window)}. Available: ${Object.keys(cosineWindows).join(", ")}`,
      );
    }
    this.side = side;
    this.window = window;
    this.scaling = scaling;
    this.periodic = periodic;
  }

  /** @throws ShapeError when the shape is not (T, 1, F / 2 + 1) or the window's length is not T */
  override call(shape: Shape, options: InitializerCallOptions = {}): Tensor {
    const [length, channels, bins] = shape;
    if (shape.length !== 3 || length === undefined || channels !== 1 || bins === undefined) {
      throw new ShapeError(`STFT: expected a shape (T, 1, F / 2 + 1). Received: ${showShape(shape)}`);
    }
    const window = this.window === null ? new Array<number>(length).fill(1) : this.#values(length);
    const wave = this.side === "real" ? Math.cos : Math.sin;
    const transform = 2 * (bins - 1);
    const values = Float64Array.from({ length: length * bins }, (_, i) => {
      const [time, bin] = [Math.floor(i / bins), i % bins];
      return wave((-2 * Math.PI * time * bin) / transform) * window[time]!;
    });
    return tensor(values, { dtype: options.dtype ?? floatx(), shape: [length, 1, bins] });
  }

  #values(length: number): number[] {
    const { window } = this;
    const values =
      typeof window === "string" ? windowValues(window, length, this.periodic) : [...(window ?? [])];
    if (values.length !== length) {
      throw new ShapeError(
        `STFT: the window has as many values as frames have samples, ${length}. Received: ${values.length}`,
      );
    }
    const l1 = values.reduce((sum, v) => sum + Math.abs(v), 0);
    const l2 = Math.sqrt(values.reduce((sum, v) => sum + v * v, 0));
    const scale = this.scaling === "density" ? l2 : this.scaling === "spectrum" ? l1 : 1;
    return values.map((v) => v / scale);
  }

  override getConfig(): Config {
    const { side, window, periodic, scaling } = this;
    return { side, window, periodic, scaling };
  }
}
