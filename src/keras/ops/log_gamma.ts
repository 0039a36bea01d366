/** The logarithm of the gamma function, for functions and distributions that need it. */

import type { Tensor } from "../../engine/index.ts";
import * as engine from "../../engine/index.ts";

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/** The logarithm of the gamma function of positive numbers (Lanczos, 1964), in float64. */
export function logGamma(x: Tensor): Tensor {
  const below = engine.subtract(x, 1);
  let series: Tensor = engine.full(x.shape, lanczos[0], "float64");
  for (let k = 1; k < lanczos.length; k++) {
    series = engine.add(series, engine.divide(lanczos[k]!, engine.add(below, k)));
  }
  const shifted = engine.add(below, 7.5);
  const power = engine.multiply(engine.add(below, 0.5), engine.log(shifted));
  return engine.add(
    engine.subtract(power, shifted),
    engine.add(engine.log(series), 0.5 * Math.log(2 * Math.PI)),
  );
}
