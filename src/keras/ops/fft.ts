/** keras.ops.math: Fourier transforms. Complex numbers are pairs of tensors, real and imaginary part, as in Keras. */
import * as engine from "../../engine/index.ts";
import {
  checkOptions,
  DTypeError,
  isFloat,
  ShapeError,
  show,
  showShape,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
} from "../../engine/index.ts";
import { ComplexTensor } from "./complex_tensor.ts";
import { toFloat } from "./convert.ts";
import { type Complex, dft } from "./fft_dft.ts";

/** Complex numbers: the real and the imaginary part, or both as one value. */
export type ComplexPair = readonly [real: TensorLike, imag: TensorLike] | ComplexTensor;

/** A pair of tensors of floats, of one shape and at least so many axes. */
export function complexOf(
  x: ComplexPair,
  axes: number,
  where: string,
): { readonly re: Tensor; readonly im: Tensor } {
  if (x instanceof ComplexTensor) return complexOf([x.real, x.imag], axes, where);
  if (!Array.isArray(x) || x.length !== 2) {
    throw new ValueError(`${where}: expected a pair [real, imag] of tensors. Received: ${show(x)}`);
  }
  const [re, im] = (x as unknown as ComplexPair).map((part) => toTensor(part)) as [Tensor, Tensor];
  if (!engine.sameShape(re.shape, im.shape)) {
    throw new ShapeError(
      `${where}: expected real and imaginary parts of one shape. Received: ${showShape(re.shape)} and ${showShape(im.shape)}`,
    );
  }
  if (!isFloat(re.dtype) || !isFloat(im.dtype)) {
    throw new DTypeError(
      `${where}: expected real and imaginary parts of floats. Received: ${re.dtype}, ${im.dtype}`,
    );
  }
  if (re.ndim < axes) {
    throw new ShapeError(`${where}: expected at least ${axes} axes. Received shape ${showShape(re.shape)}`);
  }
  const dtype = engine.promote(re.dtype, im.dtype);
  return { re: re.astype(dtype), im: im.astype(dtype) };
}

/** The transform along the last axis of tensors of any number of axes. */
function along(x: Complex, sign: 1 | -1): { readonly re: Tensor; readonly im: Tensor } {
  const { shape } = x.re;
  const n = shape[shape.length - 1]!;
  if (n === 0)
    throw new ShapeError(`expected at least one element to transform. Received shape ${showShape(shape)}`);
  const rows = (part: Tensor): Tensor => part.reshape([engine.sizeOf(shape) / n, n]);
  const { re, im } = dft({ re: rows(x.re), im: x.im && rows(x.im) }, sign);
  const back = re.reshape(shape);
  return { re: back, im: im === undefined ? engine.multiply(back, 0) : im.reshape(shape) };
}

/**
 * The discrete Fourier transform along the last axis: Xₖ = Σ xⱼ exp(-2πi j k / n).
 *
 * @param x the real and the imaginary parts, two float tensors of one shape
 * @returns the real and the imaginary parts, of the same shape
 * @throws ShapeError, DTypeError, ValueError for anything else
 *
 * @example
 * ```ts
 * const [re, im] = ops.fft([[0.5, 1.5, 0.5, 1.5], [0.5, 0.5, 0.5, 0.5]]);
 * re.arraySync(); // → [4, 0, -2, 0]
 * im.arraySync(); // → [2, 0, 0, 0]
 * ```
 */
export function fft(x: ComplexPair): [real: Tensor, imag: Tensor] {
  const { re, im } = along(complexOf(x, 1, "fft"), -1);
  return [re, im];
}

/** The transform along the last two axes. */
function alongTwo(x: Complex, sign: 1 | -1): { readonly re: Tensor; readonly im: Tensor } {
  const swap = ({ re, im }: Complex): { re: Tensor; im: Tensor } => {
    const axes = re.shape.map((_, i) => i);
    const order = [...axes.slice(0, -2), re.ndim - 1, re.ndim - 2];
    return { re: re.transpose(order), im: im!.transpose(order) };
  };
  return swap(along(swap(along(x, sign)), sign));
}

/**
 * The discrete Fourier transform along the last two axes.
 *
 * @param x the real and the imaginary parts, two float tensors of one shape
 * @returns the real and the imaginary parts, of the same shape
 *
 * @example
 * ```ts
 * ops.fft2([[[1.5, 2.5], [2.5, 1.5]], [[0.5, 0], [0, 0.5]]])[0].arraySync(); // → [[8, 0], [0, -2]]
 * ```
 */
export function fft2(x: ComplexPair): [real: Tensor, imag: Tensor] {
  const { re, im } = alongTwo(complexOf(x, 2, "fft2"), -1);
  return [re, im];
}

/**
 * The inverse of {@link fft2}.
 *
 * @param x the real and the imaginary parts, two float tensors of one shape
 * @returns the real and the imaginary parts, of the same shape
 *
 * @example
 * ```ts
 * ops.ifft2(ops.fft2([[[1.5, 2.5]], [[0.5, 0]]]))[0].arraySync(); // → [[1.5, 2.5]]
 * ```
 */
export function ifft2(x: ComplexPair): [real: Tensor, imag: Tensor] {
  const given = complexOf(x, 2, "ifft2");
  const [rows, columns] = given.re.shape.slice(-2) as [number, number];
  const { re, im } = alongTwo(given, 1);
  return [engine.divide(re, rows * columns), engine.divide(im, rows * columns)];
}

/** The first n elements along the last axis, filled up with zeros. */
function fitted(x: Tensor, n: number): Tensor {
  const own = x.shape[x.ndim - 1]!;
  if (own >= n) return own === n ? x : x.at("...", [0, n]);
  const none = x.shape.map(() => 0);
  return engine.pad(x, 0, { low: none, high: none.with(x.ndim - 1, n - own), interior: none });
}

function lengthOf(given: number | null | undefined, fallback: number, where: string): number {
  const n = given ?? fallback;
  if (Number.isInteger(n) && n >= 1) return n;
  throw new ValueError(`${where}: expected fftLength to be a positive whole number. Received: ${show(n)}`);
}

/**
 * The discrete Fourier transform of real numbers along the last axis; the second half, which mirrors the first, is left out.
 *
 * @param x real numbers
 * @param options `fftLength`: how many of them, more being cut off and zeros filled in (default: all)
 * @returns the real and the imaginary parts, with fftLength / 2 + 1 elements (rounded down) along the last axis
 *
 * @example
 * ```ts
 * const [re, im] = ops.rfft([0, 1, 2, 3]);
 * re.arraySync(); // → [6, -2, -2]
 * im.arraySync(); // → [0, 2, 0]
 * ```
 */
export function rfft(
  x: TensorLike,
  options: { readonly fftLength?: number | null } = {},
): [real: Tensor, imag: Tensor] {
  checkOptions("rfft", options, ["fftLength"]);
  const t = toFloat(x);
  if (t.ndim === 0) throw new ShapeError("rfft: expected at least one axis. Received a scalar");
  const n = lengthOf(options.fftLength, t.shape[t.ndim - 1]!, "rfft");
  const { re, im } = along({ re: fitted(t, n), im: undefined }, -1);
  const half = Math.floor(n / 2) + 1;
  return [re.at("...", [0, half]), im.at("...", [0, half])];
}

/**
 * The inverse of {@link rfft}.
 *
 * @param x the real and the imaginary parts of the first half of a spectrum; the imaginary part of the first element, and
 *   for even lengths of the last one, does not count
 * @param options `fftLength`: how many numbers there were (default: twice one less than there are elements)
 * @returns real numbers, fftLength of them along the last axis
 *
 * @example
 * ```ts
 * ops.irfft(ops.rfft([0, 1, 2, 3])).arraySync(); // → [0, 1, 2, 3]
 * ```
 */
export function irfft(x: ComplexPair, options: { readonly fftLength?: number | null } = {}): Tensor {
  checkOptions("irfft", options, ["fftLength"]);
  const given = complexOf(x, 1, "irfft");
  const n = lengthOf(options.fftLength, 2 * (given.re.shape[given.re.ndim - 1]! - 1), "irfft");
  const half = Math.floor(n / 2) + 1;
  // The other half is the first one backwards, conjugated, without what has no partner.
  const whole = (part: Tensor, sign: 1 | -1): Tensor => {
    const first = fitted(part, half);
    const mirrored = engine.reverse(first.at("...", [1, n - half + 1]), first.ndim - 1);
    return engine.concatenate([first, sign === 1 ? mirrored : engine.negate(mirrored)], first.ndim - 1);
  };
  return engine.divide(along({ re: whole(given.re, 1), im: whole(given.im, -1) }, 1).re, n);
}
