/** Functions of real numbers that have a meaning for complex ones, too. */
import { type ComplexLike, ComplexTensor } from "./complex_tensor.ts";

/** A function of complex numbers that gives real ones, or complex ones. */
export type OfComplex<R> = (x: ComplexTensor) => R;
/** A function of two operands of which at least one is complex. */
export interface OfTwo {
  (x1: ComplexTensor, x2: ComplexLike): ComplexTensor;
  (x1: ComplexLike, x2: ComplexTensor): ComplexTensor;
}

/** Any function. */
type AnyFunction = (...args: never[]) => unknown;

/** A function of real numbers, joined with its meaning for complex ones. */
export function joined(real: AnyFunction, complex: AnyFunction): AnyFunction {
  const both: AnyFunction = (...args) =>
    args.some((x: unknown) => x instanceof ComplexTensor) ? complex(...args) : real(...args);
  // What makes the function a step of graphs stays.
  return Object.assign(both, real);
}

/** A function of one operand, joined with its meaning for a complex one. */
export function ofOne<F extends AnyFunction, R>(real: F, complex: (x: ComplexTensor) => R): F & OfComplex<R> {
  return joined(real, complex) as F & OfComplex<R>;
}

/** A function of two operands, joined with its meaning for complex ones; the other one may be real. */
export function ofTwo<F extends AnyFunction>(
  real: F,
  complex: (x1: ComplexTensor, x2: ComplexTensor) => ComplexTensor,
): F & OfTwo {
  const both = (x1: ComplexLike, x2: ComplexLike): ComplexTensor =>
    complex(ComplexTensor.from(x1), ComplexTensor.from(x2));
  return joined(real, both) as F & OfTwo;
}
