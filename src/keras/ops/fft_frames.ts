/** keras.ops.math: Fourier transforms of a signal piece by piece, and the signal from them. */
import * as engine from "../../engine/index.ts";
import {
  checkOptions,
  type DType,
  DTypeError,
  isFloat,
  ShapeError,
  show,
  showShape,
  type Tensor,
  type TensorLike,
  tensor,
  toTensor,
  ValueError,
} from "../../engine/index.ts";
import { type ComplexPair, complexOf, irfft, rfft } from "./fft.ts";
import { windowValues } from "./fft_windows.ts";
import { extractSequences } from "./math.ts";
import { pad } from "./numpy_pad.ts";

/** Options of {@link stft}. */
export interface StftOptions {
  /** `"hann"` (default), `"hamming"`, the values of a window, one for each element of a piece, or null for none. */
  readonly window?: "hann" | "hamming" | TensorLike | null;
  /** Whether pieces are centred at their times, for which the signal is mirrored at both ends. Default true. */
  readonly center?: boolean;
}

/** Options of {@link istft}. */
export interface IstftOptions extends StftOptions {
  /** The length of the signal. Default: as long as the pieces reach. */
  readonly length?: number | null;
}

/** A window in the middle of a piece of the length of the transform; undefined for none. */
function windowOf(
  window: StftOptions["window"],
  { sequence, fft }: { readonly sequence: number; readonly fft: number },
  dtype: DType,
  where: string,
): Tensor | undefined {
  if (window === null) return undefined;
  const given = window ?? "hann";
  if (typeof given === "string" && given !== "hann" && given !== "hamming") {
    throw new ValueError(
      `${where}: expected window "hann", "hamming", its values or null. Received: ${show(given)}`,
    );
  }
  const values =
    typeof given === "string"
      ? tensor(Float64Array.from(windowValues(given, sequence, true)), { dtype, shape: [sequence] })
      : toTensor(given, dtype);
  if (values.ndim !== 1 || values.shape[0] !== sequence) {
    throw new ShapeError(
      `${where}: expected a window of shape (${sequence},), one value for each element of a piece. Received: ${showShape(values.shape)}`,
    );
  }
  const before = Math.floor((fft - sequence) / 2);
  return engine.pad(values, 0, { low: [before], high: [fft - sequence - before], interior: [0] });
}

function checkLengths(sequence: number, stride: number, fft: number, where: string): void {
  for (const [name, n] of [
    ["sequenceLength", sequence],
    ["sequenceStride", stride],
    ["fftLength", fft],
  ] as const) {
    if (!(Number.isInteger(n) && n >= 1))
      throw new ValueError(`${where}: expected ${name} to be a positive whole number. Received: ${show(n)}`);
  }
  if (fft < sequence) {
    throw new ValueError(
      `${where}: expected fftLength to be at least sequenceLength, ${sequence}. Received: ${fft}`,
    );
  }
}

/**
 * The short-time Fourier transform: the signal is cut into overlapping pieces, each is multiplied by a window and transformed.
 *
 * @param x real numbers of shape (…, length)
 * @param sequenceLength the length of a piece
 * @param sequenceStride how far pieces lie apart
 * @param fftLength the length of the transform, at least that of a piece, which then stands in its middle
 * @param options `window` (default `"hann"`), `center` (default true)
 * @returns the real and the imaginary parts, of shape (…, pieces, fftLength / 2 + 1)
 * @throws DTypeError unless x holds floats, ValueError, ShapeError
 *
 * @example
 * ```ts
 * const [re] = ops.stft(ops.array([0, 1, 2, 3], { dtype: "float32" }), 2, 2, 2, { window: null, center: false });
 * re.arraySync(); // → [[1, -1], [5, -1]]
 * ```
 */
export function stft(
  x: TensorLike,
  sequenceLength: number,
  sequenceStride: number,
  fftLength: number,
  options: StftOptions = {},
): [real: Tensor, imag: Tensor] {
  checkOptions("stft", options, ["window", "center"]);
  checkLengths(sequenceLength, sequenceStride, fftLength, "stft");
  let t = toTensor(x);
  if (!isFloat(t.dtype)) throw new DTypeError(`stft: expected a signal of floats. Received: ${t.dtype}`);
  if (t.ndim === 0) throw new ShapeError("stft: expected a signal of at least one axis. Received a scalar");
  const window = windowOf(options.window, { sequence: sequenceLength, fft: fftLength }, t.dtype, "stft");
  if (options.center ?? true) {
    const around = Math.floor(fftLength / 2);
    const widths = t.shape.map((_, i): [number, number] => (i === t.ndim - 1 ? [around, around] : [0, 0]));
    t = pad(t, widths, { mode: "reflect" });
  }
  const pieces = extractSequences(t, fftLength, sequenceStride);
  return rfft(window === undefined ? pieces : engine.multiply(pieces, window));
}

/** Pieces added up, each a stride behind the one before: (rows, pieces, length) gives (rows, all). */
function overlapped(pieces: Tensor, stride: number): Tensor {
  const [rows, count, length] = pieces.shape as [number, number, number];
  const all = length + stride * (count - 1);
  const places = Int32Array.from(
    { length: count * length },
    (_, i) => Math.floor(i / length) * stride + (i % length),
  );
  const summed = engine.scatter(
    engine.full([all, rows], 0, pieces.dtype),
    toTensor(places).reshape([count * length, 1]),
    pieces.reshape([rows, count * length]).transpose(),
    {
      offsetDims: [1],
      collapsedSliceDims: [0],
      operandBatchingDims: [],
      indicesBatchingDims: [],
      startIndexMap: [0],
    },
    "add",
  );
  return summed.transpose();
}

/**
 * The signal whose short-time Fourier transform is given: the inverse of {@link stft}.
 *
 * Pieces are multiplied by the window, added up, and divided by the sum of the squares of the windows that reach there;
 * without a window they are only added up.
 *
 * @param x the real and the imaginary parts, of shape (…, pieces, fftLength / 2 + 1)
 * @param sequenceLength the length of a piece
 * @param sequenceStride how far pieces lie apart
 * @param fftLength the length of the transform
 * @param options `length` (default: as far as pieces reach), `window` (default `"hann"`), `center` (default true)
 * @returns real numbers of shape (…, length)
 * @throws DTypeError, ValueError, ShapeError
 *
 * @example
 * ```ts
 * const signal = ops.array([1, 2, 4, 8, 4, 2], { dtype: "float32" });
 * ops.istft(ops.stft(signal, 4, 2, 4), 4, 2, 4).arraySync(); // → [1, 2, 4, 8, 4, 2]
 * ```
 */
export function istft(
  x: ComplexPair,
  sequenceLength: number,
  sequenceStride: number,
  fftLength: number,
  options: IstftOptions = {},
): Tensor {
  checkOptions("istft", options, ["length", "window", "center"]);
  checkLengths(sequenceLength, sequenceStride, fftLength, "istft");
  const { length = null, center = true } = options;
  if (length !== null && !(Number.isInteger(length) && length >= 0)) {
    throw new ValueError(`istft: expected length to be a whole number. Received: ${show(length)}`);
  }
  const { re, im } = complexOf(x, 2, "istft");
  const window = windowOf(options.window, { sequence: sequenceLength, fft: fftLength }, re.dtype, "istft");
  const batch = re.shape.slice(0, -2);
  const count = re.shape[re.ndim - 2]!;
  const pieces = irfft([re, im], { fftLength }).reshape([engine.sizeOf(batch), count, fftLength]);
  let signal: Tensor;
  if (window === undefined) signal = overlapped(pieces, sequenceStride);
  else {
    const squares = engine.broadcastTo(engine.multiply(window, window), [1, count, fftLength]);
    const weights = overlapped(squares, sequenceStride);
    const reached = engine.greater(weights, 1e-10);
    signal = engine.divide(
      overlapped(engine.multiply(pieces, window), sequenceStride),
      engine.where(reached, weights, 1),
    );
  }
  const all = signal.shape[1]!;
  const around = Math.floor(fftLength / 2);
  const start = center ? around : 0;
  const stop = length === null ? (center ? all - around : all) : start + length;
  const cut = signal.at("...", [Math.min(start, all), Math.max(Math.min(start, all), Math.min(stop, all))]);
  return cut.reshape([...batch, cut.shape[1]!]);
}
