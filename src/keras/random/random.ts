/** `keras.random`: random tensors. Each number depends on the key and its place alone, never on threads or batches. */
import * as engine from "../../engine/index.ts";
import {
  asDType,
  checkOptions,
  type DType,
  DTypeError,
  isInteger,
  type Shape,
  ShapeError,
  show,
  showShape,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
} from "../../engine/index.ts";
import { drawnIn, floatDType, open, standardNormal, unit } from "./draws.ts";
import { drawSeed, type Seed } from "./seed_generator.ts";

/** Options that all random functions have. */
export interface RandomOptions {
  /** The dtype of the result. Default `config.floatx()`. */
  readonly dtype?: DType | null;
  /** A whole number gives the same values at every call, a generator new ones; default: the global generator. */
  readonly seed?: Seed;
}

/** Draws as many numbers as a shape has: the shape comes last, so that one program serves all shapes of a size. */
function shaped(shape: Shape, where: string, draw: (size: number) => Tensor): Tensor {
  return draw(engine.sizeOf(engine.checkShape(shape, where))).reshape(shape);
}

/**
 * Numbers drawn evenly from [minval, maxval).
 *
 * @param options `minval`: the lower end (default 0); `maxval`: the upper end, which is not reached (default 1); `dtype` (default `floatx()`), `seed` (default: global)
 *
 * @example
 * ```ts
 * const x = uniform([2, 3], { minval: -1, seed: 7 });
 * x.shape; // → [2, 3]
 * ```
 */
export function uniform(
  shape: Shape,
  options: RandomOptions & { readonly minval?: number; readonly maxval?: number } = {},
): Tensor {
  checkOptions("uniform", options, ["minval", "maxval", "dtype", "seed"]);
  const { minval = 0, maxval = 1 } = options;
  const dtype = floatDType(options.dtype, "uniform");
  return shaped(shape, "uniform", (size) => {
    const u = unit(drawSeed(options.seed), [size], dtype);
    return engine.add(engine.multiply(u, maxval - minval), minval);
  });
}

/**
 * Normally distributed numbers (Box and Muller, 1958).
 *
 * @param options `mean`: of the distribution (default 0); `stddev`: its standard deviation (default 1); `dtype` (default
 *   `floatx()`), `seed` (default: global)
 *
 * @example
 * ```ts
 * random.normal([2], { seed: 1 }).shape; // → [2]
 * ```
 */
export function normal(
  shape: Shape,
  options: RandomOptions & { readonly mean?: number; readonly stddev?: number } = {},
): Tensor {
  checkOptions("normal", options, ["mean", "stddev", "dtype", "seed"]);
  const { mean = 0, stddev = 1 } = options;
  const dtype = floatDType(options.dtype, "normal");
  return shaped(shape, "normal", (size) => {
    const z = standardNormal(drawSeed(options.seed), size, drawnIn(dtype));
    return engine.add(engine.multiply(z, stddev), mean).astype(dtype);
  });
}

/**
 * Normally distributed numbers that lie within two standard deviations from the mean.
 *
 * @param options `mean`: of the distribution (default 0); `stddev` (default 1): that of the distribution before it was cut; `dtype` (default
 *   `floatx()`), `seed` (default: global)
 *
 * @example
 * ```ts
 * const x = random.truncatedNormal([100], { seed: 1 });
 * ops.max(ops.abs(x)).item() <= 2; // → true
 * ```
 */
export function truncatedNormal(
  shape: Shape,
  options: RandomOptions & { readonly mean?: number; readonly stddev?: number } = {},
): Tensor {
  checkOptions("truncatedNormal", options, ["mean", "stddev", "dtype", "seed"]);
  const { mean = 0, stddev = 1 } = options;
  const dtype = floatDType(options.dtype, "truncatedNormal");
  // The distribution function inverted, for uniform numbers between its values at -2 and 2.
  const edge = 0.9544997361036416;
  return shaped(shape, "truncatedNormal", (size) => {
    const drawn = unit(drawSeed(options.seed), [size], drawnIn(dtype));
    const u = engine.subtract(engine.multiply(drawn, 2 * edge), edge);
    const z = engine.multiply(Math.SQRT2, engine.erfinv(u));
    const cut = engine.minimum(engine.maximum(z, -2), 2);
    return engine.add(engine.multiply(cut, stddev), mean).astype(dtype);
  });
}

/**
 * Whole numbers drawn evenly from minval up to maxval - 1.
 *
 * @param options `dtype` (default `"int32"`), `seed` (default: global)
 * @param minval the smallest number
 * @param maxval one more than the greatest number
 *
 * @example
 * ```ts
 * const dice = random.randint([100], 1, 7, { seed: 1 });
 * [ops.min(dice).item(), ops.max(dice).item()]; // → [1, 6]
 * ```
 */
export function randint(shape: Shape, minval: number, maxval: number, options: RandomOptions = {}): Tensor {
  checkOptions("randint", options, ["dtype", "seed"]);
  const dtype = asDType(options.dtype ?? "int32", "randint");
  if (!isInteger(dtype)) throw new DTypeError(`randint: expected an integer dtype. Received: ${dtype}`);
  if (!Number.isInteger(minval) || !Number.isInteger(maxval) || maxval <= minval) {
    throw new ValueError(
      `randint: expected whole numbers, minval < maxval. Received: ${show(minval)}, ${show(maxval)}`,
    );
  }
  // 53 bits leave no number noticeably more likely than another, however wide the range.
  const u = unit(drawSeed(options.seed), shape, "float64");
  return engine.add(engine.floor(engine.multiply(u, maxval - minval)), minval).astype(dtype);
}

/**
 * Class numbers drawn with the probabilities softmax(logits), by the Gumbel-max trick.
 *
 * @param logits of shape (batch, classes)
 * @param numSamples how many for each row
 * @param options `dtype` (default `"int32"`), `seed` (default: global)
 * @returns shape (batch, numSamples)
 *
 * @example
 * ```ts
 * random.categorical([[-100, 0]], 3, { seed: 1 }).arraySync(); // → [[1, 1, 1]]
 * ```
 */
export function categorical(logits: TensorLike, numSamples: number, options: RandomOptions = {}): Tensor {
  checkOptions("categorical", options, ["dtype", "seed"]);
  const scores = toTensor(logits, "float32");
  const [batch, classes] = scores.shape;
  if (scores.ndim !== 2 || batch === undefined || classes === undefined) {
    throw new ShapeError(
      `categorical: expected logits of shape (batch, classes). Received: ${showShape(scores.shape)}`,
    );
  }
  const u = open(engine.randomBits(drawSeed(options.seed), [batch, numSamples, classes]), "float32");
  // Words near 2³² round to 1, whose double logarithm is infinite.
  const below = engine.minimum(u, 1 - 2 ** -24);
  const noise = engine.negate(engine.log(engine.negate(engine.log(below))));
  return engine
    .argmax(engine.add(scores.reshape(batch, 1, classes), noise), -1)
    .astype(options.dtype ?? "int32");
}

/**
 * Elements set to 0 at random, the others scaled up so that the expected sum stays.
 *
 * @param rate the probability of 0, from 0 to 1
 * @param options `noiseShape`: the shape of the mask, which is broadcast (null: the length of the input); `seed`:
 *   determines what is dropped (default: global)
 *
 * @example
 * ```ts
 * const x = random.dropout([1, 1, 1, 1], 0.5, { seed: 1 });
 * ops.all(ops.logicalOr(ops.equal(x, 0), ops.equal(x, 2))).arraySync(); // → true
 * ```
 */
export function dropout(
  inputs: TensorLike,
  rate: number,
  options: { readonly noiseShape?: readonly (number | null)[] | null; readonly seed?: Seed } = {},
): Tensor {
  checkOptions("dropout", options, ["noiseShape", "seed"]);
  if (!(rate >= 0 && rate <= 1))
    throw new ValueError(`dropout: expected a rate from 0 to 1. Received: ${show(rate)}`);
  const x = toTensor(inputs);
  if (rate === 0) return x;
  const zero = engine.full([], 0, x.dtype);
  if (rate === 1) return engine.broadcastTo(zero, x.shape);
  const shape = options.noiseShape?.map((n, i) => n ?? x.shape[i]!) ?? x.shape;
  // Words are compared as they are: a float would cost conversions and precision.
  const limit = engine.full([], Math.round(rate * 2 ** 32), "uint32");
  const kept = engine.greaterEqual(engine.randomBits(drawSeed(options.seed), shape), limit);
  return engine.where(kept, engine.multiply(x, 1 / (1 - rate)), zero);
}
