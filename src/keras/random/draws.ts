/** Random numbers from a key: what the distributions are made of. */
import * as engine from "../../engine/index.ts";
import {
  asDType,
  type DType,
  DTypeError,
  isFloat,
  isHalf,
  type Shape,
  type Tensor,
} from "../../engine/index.ts";
import { floatx } from "../config/config.ts";

/** Checks that a dtype is a float; none is `floatx()`. */
export function floatDType(dtype: DType | null | undefined, where: string): DType {
  const wanted = asDType(dtype ?? floatx(), where);
  if (!isFloat(wanted)) throw new DTypeError(`${where}: only floats can be drawn. Received: dtype=${wanted}`);
  return wanted;
}

/** What numbers of a dtype are computed in until they are drawn: 16-bit floats would be too coarse. */
export function drawnIn(dtype: DType): DType {
  return isHalf(dtype) ? "float32" : dtype;
}

/** Numbers in [0, 1), evenly spread over 2²³ (float32) or 2⁵³ (float64) values, or all multiples of a 16-bit float's step. */
export function unit(key: Tensor, shape: Shape, dtype: DType): Tensor {
  if (isHalf(dtype)) {
    const bits = dtype === "float16" ? 11 : 8;
    const whole = engine.shiftRightLogical(engine.randomBits(key, shape), 32 - bits);
    return engine.multiply(whole.astype("float32"), 2 ** -bits).astype(dtype);
  }
  if (dtype === "float32") {
    // The upper bits become the fraction of a float in [1, 2).
    const fraction = engine.shiftRightLogical(engine.randomBits(key, shape), 9);
    return engine.subtract(engine.bitcast(engine.bitwiseOr(fraction, 0x3f800000), "float32"), 1);
  }
  const words = engine.randomBits(key, [2, ...shape]);
  const [high, low] = [engine.shiftRightLogical(words.at(0), 5), engine.shiftRightLogical(words.at(1), 6)];
  const whole = engine.add(engine.multiply(high.astype("float64"), 2 ** 26), low.astype("float64"));
  return engine.multiply(whole, 2 ** -53);
}

/** Numbers in (0, 1) from random words; near 0 they are as dense as floats can be. */
export function open(words: Tensor, dtype: DType): Tensor {
  return engine.multiply(engine.add(words.astype(dtype), 0.5), 2 ** -32);
}

/** Normally distributed numbers (Box and Muller, 1958). */
export function standardNormal(key: Tensor, size: number, dtype: DType): Tensor {
  // A point of the plane gives two numbers. Its radius has all 32 bits of a word, which reach to 6.7 deviations.
  const words = engine.randomBits(key, [2, Math.ceil(size / 2)]);
  const radius = engine.sqrt(engine.multiply(-2, engine.log(open(words.at(0), dtype))));
  const angle = engine.multiply(open(words.at(1), dtype), 2 * Math.PI);
  const both = [engine.multiply(radius, engine.cos(angle)), engine.multiply(radius, engine.sin(angle))];
  return engine.concatenate(both).slice(0, size);
}

/**
 * Draws again and again until every element has been accepted.
 *
 * @param key of all rounds
 * @param init the values that rounds carry on
 * @param round takes the key of one round, what is accepted already, and the values; says what is accepted now
 * @returns the values at the end; nothing can be differentiated through them
 */
export function untilAccepted(
  key: Tensor,
  init: readonly Tensor[],
  size: number,
  round: (key: Tensor, accepted: Tensor, values: readonly Tensor[]) => readonly [Tensor, ...Tensor[]],
): readonly Tensor[] {
  // The words of this key are the key of the rounds, so that they draw nothing that another call of the seed does.
  const base = engine.randomBits(key, [2]);
  const none = engine.full([size], 0, "bool");
  const [, , ...values] = engine.loop<readonly Tensor[]>(
    2 ** 31 - 1,
    [engine.full([], size > 0 ? 1 : 0, "bool"), none, ...init],
    (i, _, accepted, ...before) => {
      const count = engine.concatenate([engine.full([1], 0, "uint32"), i.astype("uint32").reshape(1)]);
      const [now, ...after] = round(engine.add(base, count), accepted, before);
      return [engine.any(engine.equal(now, false)), now, ...after];
    },
    { conditional: true },
  );
  return values.map((v) => engine.stopGradient(v));
}

/** A parameter of a distribution, broadcast to the shape that is drawn, in one axis. */
export function parameterOf(x: engine.TensorLike, shape: Shape, dtype: DType): Tensor {
  return engine
    .stopGradient(engine.broadcastTo(engine.toTensor(x, dtype), shape))
    .reshape(engine.sizeOf(shape));
}
