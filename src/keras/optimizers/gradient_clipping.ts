/** Keeps gradients from growing too large. */
import {
  add,
  divide,
  maximum,
  minimum,
  multiply,
  sqrt,
  subtract,
  sum,
  type Tensor,
} from "../../engine/index.ts";

function squaredNorm(x: Tensor): Tensor {
  return sum(multiply(x, x));
}

/** The gradient, scaled down so that its norm is at most `clipnorm`. */
export function clipByNorm(gradient: Tensor, clipnorm: number): Tensor {
  return divide(multiply(gradient, clipnorm), maximum(sqrt(squaredNorm(gradient)), clipnorm));
}

/** All gradients, scaled down together so that the norm of all of them is at most `clipnorm`. */
export function clipByGlobalNorm(gradients: readonly Tensor[], clipnorm: number): Tensor[] {
  const norm = sqrt(gradients.map((g) => squaredNorm(g)).reduce((a, b) => add(a, b)));
  const scale = multiply(clipnorm, minimum(divide(1, norm), 1 / clipnorm));
  // An infinite norm must not turn into a scale of 0, which would hide it.
  const factor = add(scale, subtract(norm, norm));
  return gradients.map((g) => multiply(g, factor));
}

/** Elements kept between -`clipvalue` and `clipvalue`. */
export function clipByValue(gradient: Tensor, clipvalue: number): Tensor {
  return minimum(maximum(gradient, -clipvalue), clipvalue);
}
