/** Random numbers of gamma and beta distributions. */
import * as engine from "../../engine/index.ts";
import { checkOptions, type DType, type Shape, type Tensor, type TensorLike } from "../../engine/index.ts";
import { drawnIn, floatDType, open, parameterOf, standardNormal, untilAccepted } from "./draws.ts";
import type { RandomOptions } from "./random.ts";
import { drawSeed } from "./seed_generator.ts";

/**
 * The logarithms of numbers of gamma distributions: of small ones the numbers themselves would be 0 too often.
 *
 * Marsaglia and Tsang (2000), "A simple method for generating gamma variables"; below 1 the shape is raised by 1.
 */
function logDraws(key: Tensor, alpha: Tensor, dtype: DType): Tensor {
  const size = alpha.size;
  const own = engine.randomBits(key, [4]);
  const small = engine.less(alpha, 1);
  const d = engine.subtract(engine.where(small, engine.add(alpha, 1), alpha), 1 / 3);
  const c = engine.rsqrt(engine.multiply(d, 9));
  // What cannot be drawn is NaN at once, not tried for ever.
  const valid = engine.bitwiseAnd(engine.greater(alpha, 0), engine.isFinite(alpha));
  const begin = engine.where(valid, engine.full([size], 0, dtype), Number.NaN);
  const [logs] = untilAccepted(own.slice(0, 2), [begin], size, (now, accepted, [before]) => {
    const bits = engine.randomBits(now, [4]);
    const x = standardNormal(bits.slice(0, 2), size, dtype);
    const u = engine.log(open(engine.randomBits(bits.slice(2, 4), [size]), dtype));
    const root = engine.add(1, engine.multiply(c, x));
    const logV = engine.multiply(3, engine.log(engine.maximum(root, 1e-30)));
    const v = engine.exp(logV);
    const bound = engine.add(
      engine.multiply(0.5, engine.multiply(x, x)),
      engine.multiply(d, engine.add(engine.subtract(1, v), logV)),
    );
    const good = engine.bitwiseAnd(engine.greater(root, 0), engine.less(u, bound));
    const next = engine.where(
      engine.bitwiseAnd(good, engine.equal(accepted, false)),
      engine.add(engine.log(d), logV),
      before!,
    );
    const done = engine.bitwiseOr(engine.bitwiseOr(accepted, good), engine.equal(valid, false));
    return [done, engine.where(valid, next, Number.NaN)];
  });
  const u = engine.log(open(engine.randomBits(own.slice(2, 4), [size]), dtype));
  return engine.add(logs!, engine.where(small, engine.divide(u, alpha), 0));
}

/**
 * Random numbers of the gamma distribution with density x^(alpha-1) · exp(-x) / Γ(alpha), x > 0.
 *
 * @param alpha the shape parameter, positive; a number or a tensor that broadcasts to `shape`
 * @param options `dtype` (default `floatx()`), `seed` (default: global)
 *
 * @example
 * ```ts
 * random.gamma([2, 3], 0.7).shape; // → [2, 3]
 * ```
 */
export function gamma(shape: Shape, alpha: TensorLike, options: RandomOptions = {}): Tensor {
  checkOptions("gamma", options, ["dtype", "seed"]);
  const dtype = floatDType(options.dtype, "gamma");
  const a = parameterOf(alpha, engine.checkShape(shape, "gamma"), drawnIn(dtype));
  return engine
    .exp(logDraws(drawSeed(options.seed), a, a.dtype))
    .astype(dtype)
    .reshape(shape);
}

/**
 * Random numbers of the beta distribution, with density proportional to x^(alpha-1) · (1 - x)^(beta-1), 0 < x < 1.
 *
 * @param alpha the first shape parameter, positive; a number or a tensor that broadcasts to `shape`
 * @param beta the second one
 * @param options `dtype` (default `floatx()`), `seed` (default: global)
 *
 * @example
 * ```ts
 * random.beta([2, 3], 0.5, 0.5).shape; // → [2, 3]
 * ```
 */
export function beta(shape: Shape, alpha: TensorLike, beta: TensorLike, options: RandomOptions = {}): Tensor {
  checkOptions("beta", options, ["dtype", "seed"]);
  const dtype = floatDType(options.dtype, "beta");
  engine.checkShape(shape, "beta");
  const own = drawnIn(dtype);
  const [a, b] = [parameterOf(alpha, shape, own), parameterOf(beta, shape, own)];
  const keys = engine.randomBits(drawSeed(options.seed), [4]);
  const x = logDraws(keys.slice(0, 2), a, own);
  const y = logDraws(keys.slice(2, 4), b, own);
  // x / (x + y) of two gamma numbers.
  return engine.sigmoid(engine.subtract(x, y)).astype(dtype).reshape(shape);
}
