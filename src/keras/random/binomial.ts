/** Random numbers of binomial distributions. */
import * as engine from "../../engine/index.ts";
import { checkOptions, type Shape, type Tensor, type TensorLike } from "../../engine/index.ts";
import { logGamma } from "../ops/log_gamma.ts";
import { floatDType, parameterOf, unit, untilAccepted } from "./draws.ts";
import type { RandomOptions } from "./random.ts";
import { drawSeed } from "./seed_generator.ts";

const and = (a: Tensor, b: Tensor): Tensor => engine.bitwiseAnd(a, b);
const or = (a: Tensor, b: Tensor): Tensor => engine.bitwiseOr(a, b);
const not = (a: Tensor): Tensor => engine.equal(a, false);

/** The least expected number of successes for which successes are not counted one by one. */
const many = 10;

/**
 * How many of independent trials succeed.
 *
 * Few successes are counted by the geometric gaps between them (Devroye, 1986); many are drawn by transformed rejection
 * (Hörmann, 1993, "The generation of binomial random variates", algorithm BTRS).
 *
 * @param counts the numbers of trials, not negative; a number or a tensor that broadcasts to `shape`
 * @param probabilities of success, from 0 to 1; a number or a tensor that broadcasts to `shape`
 * @param options `dtype` (default `floatx()`), `seed` (default: global)
 * @returns whole numbers from 0 to counts; NaN where there is no such distribution
 *
 * @example
 * ```ts
 * random.binomial([3], 5, 1).arraySync(); // → [5, 5, 5]
 * ```
 */
export function binomial(
  shape: Shape,
  counts: TensorLike,
  probabilities: TensorLike,
  options: RandomOptions = {},
): Tensor {
  checkOptions("binomial", options, ["dtype", "seed"]);
  const dtype = floatDType(options.dtype, "binomial");
  engine.checkShape(shape, "binomial");
  const n = engine.floor(parameterOf(counts, shape, "float64"));
  const given = parameterOf(probabilities, shape, "float64");
  const valid = and(
    and(engine.greaterEqual(n, 0), engine.isFinite(n)),
    and(engine.greaterEqual(given, 0), engine.lessEqual(given, 1)),
  );
  // Failures are counted where they are rarer.
  const flipped = engine.greater(given, 0.5);
  const p = engine.where(flipped, engine.subtract(1, given), given);
  const rare = engine.less(engine.multiply(n, p), many);
  const logFailure = engine.log1p(engine.negate(p));

  const root = engine.sqrt(engine.multiply(engine.multiply(n, p), engine.subtract(1, p)));
  const b = engine.add(1.15, engine.multiply(2.53, root));
  const a = engine.add(engine.add(-0.0873, engine.multiply(0.0248, b)), engine.multiply(0.01, p));
  const center = engine.add(engine.multiply(n, p), 0.5);
  const alpha = engine.multiply(engine.add(2.83, engine.divide(5.1, b)), root);
  const mode = engine.floor(engine.multiply(engine.add(n, 1), p));
  const logOdds = engine.subtract(engine.log(p), logFailure);
  /** The logarithm of what depends on k in the probability of k successes. */
  const weight = (k: Tensor): Tensor =>
    engine.subtract(
      engine.multiply(k, logOdds),
      engine.add(logGamma(engine.add(k, 1)), logGamma(engine.add(engine.subtract(n, k), 1))),
    );
  const atMode = weight(mode);

  const zeros = engine.full(n.shape, 0, "float64");
  const [drawn] = untilAccepted(drawSeed(options.seed), [zeros, zeros], n.size, (key, done, values) => {
    const [found, used] = values as [Tensor, Tensor];
    const words = unit(key, [2, n.size], "float64");
    const [u, v] = [engine.subtract(words.at(0), 0.5), engine.subtract(1, words.at(1))];
    // Rare: one more success, if the trials up to it are not more than there are.
    const gap = engine.add(engine.floor(engine.divide(engine.log(v), logFailure)), 1);
    const trials = engine.add(used, gap);
    const over = not(engine.lessEqual(trials, n));
    // Many: a candidate under a hat over the distribution.
    const distance = engine.subtract(0.5, engine.abs(u));
    const slope = engine.divide(a, distance);
    const k = engine.floor(engine.add(engine.multiply(engine.add(engine.multiply(2, slope), b), u), center));
    const inside = and(engine.greaterEqual(k, 0), engine.lessEqual(k, n));
    const quick = and(
      engine.greaterEqual(distance, 0.07),
      engine.lessEqual(v, engine.subtract(0.92, engine.divide(4.2, b))),
    );
    const hat = engine.add(engine.divide(slope, distance), b);
    const slow = engine.lessEqual(
      engine.log(engine.divide(engine.multiply(v, alpha), hat)),
      engine.subtract(weight(engine.where(inside, k, mode)), atMode),
    );
    const good = and(inside, or(quick, slow));
    const next = engine.where(
      rare,
      engine.where(over, found, engine.add(found, 1)),
      engine.where(good, k, found),
    );
    return [
      or(or(done, not(valid)), engine.where(rare, over, good)),
      engine.where(done, found, next),
      engine.where(done, used, trials),
    ];
  });
  const successes = engine.where(flipped, engine.subtract(n, drawn!), drawn!);
  return engine.where(valid, successes, Number.NaN).astype(dtype).reshape(shape);
}
