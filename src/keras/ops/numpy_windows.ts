/** NumPy's windows: weights for the samples of a piece of signal. */
import * as engine from "../../engine/index.ts";
import { show, type Tensor, ValueError } from "../../engine/index.ts";
import { floatx } from "../config/config.ts";
import { i0 } from "./numpy_special.ts";

/** A window of so many points; of one point it is 1. */
export type Window = (x: number) => Tensor;

/** Positions of the points of a window, from 0 to 1. */
function positions(name: string, length: number): Tensor {
  if (!Number.isInteger(length) || length < 0)
    throw new ValueError(`${name}: expected a number of points. Received: ${show(length)}`);
  return engine.divide(engine.iota([length], 0, "float64"), Math.max(1, length - 1));
}

/** A sum of cosines: Σ weights[k] · cos(2πk·position). */
function cosines(name: string, weights: readonly number[]): Window {
  return (length) => {
    const at = positions(name, length);
    if (length === 1) return engine.full([1], 1, floatx());
    let total = engine.full(at.shape, weights[0]!, "float64");
    for (let k = 1; k < weights.length; k++) {
      const wave = engine.cos(engine.multiply(at, 2 * Math.PI * k));
      total = engine.add(total, engine.multiply(wave, weights[k]!));
    }
    return total.astype(floatx());
  };
}

/** The Blackman window: 0.42 - 0.5·cos(2πn/(N-1)) + 0.08·cos(4πn/(N-1)). */
export const blackman: Window = /* @__PURE__ */ cosines("blackman", [0.42, -0.5, 0.08]);
/** The Hamming window: 0.54 - 0.46·cos(2πn/(N-1)). */
export const hamming: Window = /* @__PURE__ */ cosines("hamming", [0.54, -0.46]);
/**
 * The Hann window: 0.5 - 0.5·cos(2πn/(N-1)).
 *
 * @example
 * ```ts
 * ops.hanning(3).arraySync(); // → [0, 1, 0]
 * ```
 */
export const hanning: Window = /* @__PURE__ */ cosines("hanning", [0.5, -0.5]);

/** The Bartlett window: a triangle that begins and ends with 0. */
export const bartlett: Window = (length) => {
  const at = positions("bartlett", length);
  if (length === 1) return engine.full([1], 1, floatx());
  return engine.subtract(1, engine.abs(engine.subtract(engine.multiply(at, 2), 1))).astype(floatx());
};

/**
 * The Kaiser window of shape parameter `beta`: i0(beta·√(1 - r²)) / i0(beta), r from -1 to 1.
 *
 * @example
 * ```ts
 * kaiser(3, 2).arraySync(); // → [0.4387, 1, 0.4387]
 * ```
 */
export function kaiser(x: number, beta: number): Tensor {
  const at = positions("kaiser", x);
  if (x === 1) return engine.full([1], 1, floatx());
  const r = engine.subtract(engine.multiply(at, 2), 1);
  const inside = engine.maximum(engine.subtract(1, engine.multiply(r, r)), 0);
  const top = i0(engine.multiply(engine.sqrt(inside), beta));
  return engine.divide(top, i0(engine.full([], beta, "float64"))).astype(floatx());
}
