// The functions that fixtures of keras.ops name, by the formulas written there; `captures` are tensors they close over.
import type { Tensor } from "../../src/engine/index.ts";
import * as ops from "../../src/keras/ops/index.ts";

type T = Tensor;
type Captures = Readonly<Record<string, T>>;

const { add, clip, divide, exp, log, matmul, multiply, negative, sin, softmax, subtract, sum } = ops;

/** For each name: the function, given the captured tensors. */
// biome-ignore format: one formula a line
export const functions: Readonly<Record<string, (captures: Captures) => (...args: never[]) => unknown>> = {
  captured_pair: ({ x }) => () => [x, subtract(x!, 1)],
  captured_pair_swapped: ({ x }) => () => [subtract(x!, 1), x],
  captured_plus_one: ({ x }) => () => add(x!, 1),
  captured_times_two: ({ x }) => () => multiply(x!, 2),
  identity_clipped_grad: () => (x: T) => [multiply(x, 1), (upstream: T) => clip(upstream, -0.25, 0.25)],
  log1pexp_custom: () => (x: T) => {
    const e = exp(x);
    return [log(add(1, e)), (upstream: T) => multiply(upstream, subtract(1, divide(1, add(1, e))))];
  },
  mul_swapped_grad: () => (x: T, y: T) => [
    multiply(x, y),
    (upstream: T) => [multiply(multiply(upstream, 10), x), multiply(multiply(upstream, 100), y)],
  ],
  sin: () => (x: T) => sin(x),
  sin_x_times_exp_y: () => (x: T, y: T) => multiply(sin(x), exp(y)),
  square_with_aux: () => (x: T) => [multiply(x, x), add(x, 1)],
  x_times_y: () => (x: T, y: T) => multiply(x, y),
  double_and_inc: () => (x: T) => ({ double: multiply(x, 2), inc: add(x, 1) }),
  pair_product: () => ([a, b]: [T, T]) => multiply(a, b),
  square_plus_one: () => (x: T) => add(multiply(x, x), 1),
  sum_of_squares: () => (x: T) => sum(multiply(x, x)),
  pair_dot: () => ([a, b]: [T, T]) => sum(multiply(a, b)),
  softmax_vec: () => (u: T) => softmax(u),
  add: () => (x: T, y: T) => add(x, y),
  double: () => (x: T) => multiply(x, 2),
  mul: () => (x: T, y: T) => multiply(x, y),
  negate: () => (x: T) => negative(x),
  square: () => (x: T) => multiply(x, x),
  sub: () => (x: T, y: T) => subtract(x, y),
  matvec: () => (m: T, v: T) => matmul(m, v),
  scalar_poly: () => (a: T, b: T) => add(multiply(a, b), a),
  scale_by: () => (x: T, s: T) => multiply(x, s),
  vector_dot: () => (u: T, v: T) => sum(multiply(u, v)),
  always: () => () => true,
  fib_vars: () => (x: T, y: T) => [y, add(x, y)],
  i_less_5: () => (i: T) => ops.less(i, 5),
  inc_and_double: () => (i: T, x: T) => [add(i, 1), multiply(x, 2)],
  sqrt_step: () => (x: T) => multiply(0.5, add(x, divide(2, x))),
  sum_less_30: () => (x: T, y: T) => ops.less(sum(x), add(30, multiply(0, sum(y)))),
  triple: () => (x: T) => multiply(x, 3),
  x_less_100: () => (x: T) => ops.less(x, 100),
  add_i: () => (i: T, s: T) => add(s, i),
  halve_add_i: () => (i: T, s: T) => add(multiply(0.5, s), i),
  cumsum_step: () => (carry: T, x: T) => [add(carry, x), add(carry, x)],
  emit_old_step: () => (carry: T, x: T) => [add(multiply(0.5, carry), multiply(0.5, x)), carry],
  fib_step: () => ([a, b]: [T, T]) => [[b, add(a, b)], a],
  pair_scan_step: () => (carry: T, [a, b]: [T, T]) => [add(carry, multiply(a, b)), subtract(carry, a)],
  rnn_step: () => (h: T, x: T) => {
    const next = ops.tanh(add(x, multiply(0.5, h)));
    return [next, next];
  },
  affine_compose: () => ([a1, b1]: [T, T], [a2, b2]: [T, T]) => [multiply(a1, a2), add(multiply(a2, b1), b2)],
  matmul: () => (x: T, y: T) => matmul(x, y),
  maximum: () => (x: T, y: T) => ops.maximum(x, y),
  matvec_step: ({ M }) => (_: T, s: T) => matmul(M!, s),
};
