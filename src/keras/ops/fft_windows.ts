/** Windows for Fourier transforms of pieces of signals. */
import { show, ValueError } from "../../engine/index.ts";

/** Weights of cos(2πkn / N), k = 0, 1, …, for windows that are such sums. */
export const cosineWindows: Readonly<Record<string, readonly number[]>> = {
  boxcar: [1],
  hann: [0.5, -0.5],
  hamming: [0.54, -0.46],
  blackman: [0.42, -0.5, 0.08],
  nuttall: [0.3635819, -0.4891775, 0.1365995, -0.0106411],
  blackmanharris: [0.35875, -0.48829, 0.14128, -0.01168],
};

/**
 * The values of a window; a periodic one is a period of a wave, so that its last value is not the first again.
 *
 * @throws ValueError for windows that there are not
 */
export function windowValues(name: string, length: number, periodic: boolean): number[] {
  const weights = Object.hasOwn(cosineWindows, name) ? cosineWindows[name] : undefined;
  if (weights === undefined) {
    throw new ValueError(`No window ${show(name)}. Available: ${Object.keys(cosineWindows).join(", ")}`);
  }
  const period = periodic ? length : length - 1;
  if (length === 1) return [1];
  return Array.from({ length }, (_, n) =>
    weights.reduce((sum, w, k) => sum + w * Math.cos((2 * Math.PI * k * n) / period), 0),
  );
}
