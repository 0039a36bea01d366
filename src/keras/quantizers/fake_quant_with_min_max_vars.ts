/** Floats that have only as many values as narrow integers would have. */
import {
  bitwiseAnd,
  checkOptions,
  customGradient,
  divide,
  floor,
  greaterEqual,
  lessEqual,
  maximum,
  minimum,
  multiply,
  normalizeAxis,
  round,
  type Tensor,
  type TensorLike,
  toTensor,
  where,
} from "../../engine/index.ts";
import { toFloat, toPrecise } from "../ops/convert.ts";

/** Options of `fakeQuantWithMinMaxVars`. */
export interface FakeQuantOptions {
  /** How many bits the integers have. Default 8. */
  readonly numBits?: number;
  /** Whether the smallest integer is left out. Default false. */
  readonly narrowRange?: boolean;
  /** The axis of the channels, each of which has limits of its own. Default null: one pair of limits. */
  readonly axis?: number | null;
}

/**
 * Numbers cut off at limits and rounded to as many steps as integers of some bits have. Limits move a little, so that 0 is
 * one of the steps. Gradients go to the numbers within the limits, and of those beyond to the limits.
 *
 * @param inputs floats
 * @param minVals the lower limit, or one for each channel
 * @param maxVals the upper limit, or one for each channel
 * @param options `numBits` (default 8), `narrowRange` (default false), `axis` (default null)
 *
 * @example
 * ```ts
 * fakeQuantWithMinMaxVars([-1, 0.1, 0.6, 9], 0, 3, { numBits: 2 }).arraySync(); // → [0, 0, 1, 3]
 * ```
 */
export function fakeQuantWithMinMaxVars(
  inputs: TensorLike,
  minVals: TensorLike,
  maxVals: TensorLike,
  options: FakeQuantOptions = {},
): Tensor {
  checkOptions("fakeQuantWithMinMaxVars", options, ["numBits", "narrowRange", "axis"]);
  const { numBits = 8, narrowRange = false } = options;
  const given = toFloat(toTensor(inputs));
  const axis =
    options.axis === undefined || options.axis === null
      ? null
      : normalizeAxis(options.axis, given.ndim, "fakeQuantWithMinMaxVars");
  const [low, high] = [narrowRange ? 1 : 0, 2 ** numBits - 1];
  const channels = given.shape.map((n, a) => (a === axis ? n : 1));
  const others = [...given.shape.keys()].filter((a) => a !== axis);
  return customGradient((x, min, max) => {
    const limit = (y: Tensor): Tensor =>
      axis === null ? toPrecise(y).reshape([]) : toPrecise(y).reshape(channels);
    const [least, most] = [limit(min), limit(max)];
    const range = most.subtract(least);
    const scale = divide(range, high - low);
    const inverse = divide(high - low, range);
    const zero = round(
      minimum(maximum(toTensor(low, scale.dtype).subtract(divide(least, scale)), low), high),
    );
    const nudgedLeast = multiply(toTensor(low, scale.dtype).subtract(zero), scale);
    const nudgedMost = multiply(toTensor(high, scale.dtype).subtract(zero), scale);
    const quantZero = floor(multiply(nudgedLeast.multiply(-1), inverse).add(0.5));
    const wide = toPrecise(x);
    const clamped = minimum(maximum(wide, nudgedLeast), nudgedMost);
    const steps = floor(multiply(clamped.subtract(nudgedLeast), inverse).subtract(quantZero).add(0.5));
    const value = multiply(steps, scale).astype(x.dtype);
    const pull = (upstream: Tensor): Tensor[] => {
      const only = (mask: Tensor): Tensor => where(mask, upstream, 0);
      const summed = (mask: Tensor, like: Tensor): Tensor =>
        only(mask)
          .sum(axis === null ? undefined : others)
          .reshape(like.shape)
          .astype(like.dtype);
      const inside = bitwiseAnd(greaterEqual(wide, nudgedLeast), lessEqual(wide, nudgedMost));
      return [
        only(inside),
        summed(lessEqual(wide, nudgedLeast), min),
        summed(greaterEqual(wide, nudgedMost), max),
      ];
    };
    return [value, pull];
  })(given, toFloat(toTensor(minVals)), toFloat(toTensor(maxVals)));
}
