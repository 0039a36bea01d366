/** The functions of keras.ops that have a meaning for complex numbers. */
import {
  cos,
  ShapeError,
  showShape,
  sin,
  type Tensor,
  type TensorLike,
  toTensor,
} from "../../engine/index.ts";
import { type ComplexLike, ComplexTensor } from "./complex_tensor.ts";
import { toFloat } from "./convert.ts";
import * as core from "./steps/core.ts";
import * as elementwise from "./steps/numpy_elementwise.ts";
import * as linear from "./steps/numpy_linear.ts";
import * as logic from "./steps/numpy_logic.ts";
import * as shapes from "./steps/numpy_shape.ts";

/** A function of complex numbers that gives real ones, or complex ones. */
type OfComplex<R> = (x: ComplexTensor) => R;
/** A function of two operands of which at least one is complex. */
interface OfTwo {
  (x1: ComplexTensor, x2: ComplexLike): ComplexTensor;
  (x1: ComplexLike, x2: ComplexTensor): ComplexTensor;
}

/** Any function. */
type AnyFunction = (...args: never[]) => unknown;

/** A function of real numbers, joined with its meaning for complex ones. */
function joined(real: AnyFunction, complex: AnyFunction): AnyFunction {
  const both: AnyFunction = (...args) =>
    args.some((x: unknown) => x instanceof ComplexTensor) ? complex(...args) : real(...args);
  // What makes the function a step of graphs stays.
  return Object.assign(both, real);
}

function ofOne<F extends AnyFunction, R>(real: F, complex: (x: ComplexTensor) => R): F & OfComplex<R> {
  return joined(real, complex) as F & OfComplex<R>;
}

function ofTwo<F extends AnyFunction>(
  real: F,
  complex: (x1: ComplexTensor, x2: ComplexTensor) => ComplexTensor,
): F & OfTwo {
  const both = (x1: ComplexLike, x2: ComplexLike): ComplexTensor =>
    complex(ComplexTensor.from(x1), ComplexTensor.from(x2));
  return joined(real, both) as F & OfTwo;
}

const angleOf = (z: ComplexTensor): Tensor => elementwise.arctan2(z.imag, z.real);
const sizeOf = (z: ComplexTensor): Tensor => elementwise.hypot(z.real, z.imag);

export const real: typeof elementwise.real & OfComplex<Tensor> = /* @__PURE__ */ ofOne(
  elementwise.real,
  (z) => z.real,
);
export const imag: typeof elementwise.imag & OfComplex<Tensor> = /* @__PURE__ */ ofOne(
  elementwise.imag,
  (z) => z.imag,
);
export const conj: typeof elementwise.conj & OfComplex<ComplexTensor> = /* @__PURE__ */ ofOne(
  elementwise.conj,
  (z) => z.conj(),
);
export { conj as conjugate };
export const angle: typeof elementwise.angle & OfComplex<Tensor> = /* @__PURE__ */ ofOne(
  elementwise.angle,
  angleOf,
);
export const abs: typeof elementwise.abs & OfComplex<Tensor> = /* @__PURE__ */ ofOne(elementwise.abs, sizeOf);
export { abs as absolute };
export const negative: typeof elementwise.negative & OfComplex<ComplexTensor> = /* @__PURE__ */ ofOne(
  elementwise.negative,
  (z) => z.negative(),
);
export const square: typeof elementwise.square & OfComplex<ComplexTensor> = /* @__PURE__ */ ofOne(
  elementwise.square,
  (z) => z.multiply(z),
);
export const reciprocal: typeof elementwise.reciprocal & OfComplex<ComplexTensor> = /* @__PURE__ */ ofOne(
  elementwise.reciprocal,
  (z) => ComplexTensor.from(1).divide(z),
);
export const exp: typeof elementwise.exp & OfComplex<ComplexTensor> = /* @__PURE__ */ ofOne(
  elementwise.exp,
  (z) => polar(elementwise.exp(z.real), z.imag),
);
export const log: typeof elementwise.log & OfComplex<ComplexTensor> = /* @__PURE__ */ ofOne(
  elementwise.log,
  (z) => new ComplexTensor(elementwise.log(sizeOf(z)), angleOf(z)),
);
export const sqrt: typeof elementwise.sqrt & OfComplex<ComplexTensor> = /* @__PURE__ */ ofOne(
  elementwise.sqrt,
  (z) => polar(elementwise.sqrt(sizeOf(z)), angleOf(z).divide(2)),
);
export const isreal: typeof logic.isreal & OfComplex<Tensor> = /* @__PURE__ */ ofOne(logic.isreal, (z) =>
  logic.equal(z.imag, 0),
);

export const add: typeof elementwise.add & OfTwo = /* @__PURE__ */ ofTwo(elementwise.add, (a, b) => a.add(b));
export const subtract: typeof elementwise.subtract & OfTwo = /* @__PURE__ */ ofTwo(
  elementwise.subtract,
  (a, b) => a.subtract(b),
);
export const multiply: typeof elementwise.multiply & OfTwo = /* @__PURE__ */ ofTwo(
  elementwise.multiply,
  (a, b) => a.multiply(b),
);
export const divide: typeof elementwise.divide & OfTwo = /* @__PURE__ */ ofTwo(elementwise.divide, (a, b) =>
  a.divide(b),
);
export { divide as trueDivide };
export const matmul: typeof linear.matmul & OfTwo = /* @__PURE__ */ ofTwo(linear.matmul, (a, b) =>
  a.matmul(b),
);

/** `reshape` of complex numbers. */
type Reshape = (x: ComplexTensor, newShape: readonly number[]) => ComplexTensor;
/** `transpose` of complex numbers. */
type Transpose = (x: ComplexTensor, options?: { readonly axes?: readonly number[] | null }) => ComplexTensor;

const reshaped: Reshape = (z, newShape) => z.map((x) => shapes.reshape(x, newShape));
const transposed: Transpose = (z, options) => z.map((x) => shapes.transpose(x, options));

export const reshape: typeof shapes.reshape & Reshape = /* @__PURE__ */ joined(
  shapes.reshape,
  reshaped,
) as typeof shapes.reshape & Reshape;

export const transpose: typeof shapes.transpose & Transpose = /* @__PURE__ */ joined(
  shapes.transpose,
  transposed,
) as typeof shapes.transpose & Transpose;

export const shape: typeof core.shape & OfComplex<readonly number[]> = /* @__PURE__ */ ofOne(
  core.shape,
  (z) => z.shape,
);

/**
 * Complex numbers of a magnitude and an angle: `abs · (cos(angle) + i·sin(angle))`.
 *
 * @param abs magnitudes
 * @param angle angles in radians; both are broadcast
 *
 * @example
 * ```ts
 * String(polar([2, 1], [0, Math.PI])); // → [ 2.+0.0000000e+00j -1.-8.7422777e-08j]
 * ```
 */
export function polar(abs: TensorLike, angle: TensorLike): ComplexTensor {
  const [size, turn] = [toFloat(toTensor(abs)), toFloat(toTensor(angle))];
  return new ComplexTensor(size.multiply(cos(turn)), size.multiply(sin(turn)));
}

/**
 * Complex numbers whose parts lie on the last axis.
 *
 * @param x `(…, 2)`: real and imaginary parts
 * @returns complex numbers of shape `(…)`
 * @throws ShapeError unless the last axis has length 2
 *
 * @example
 * ```ts
 * String(viewAsComplex([[1, 2], [3, 4]])); // → [1.+2.j 3.+4.j]
 * ```
 */
export function viewAsComplex(x: TensorLike): ComplexTensor {
  const t = toTensor(x);
  if (t.ndim < 1 || t.shape.at(-1) !== 2) {
    throw new ShapeError(
      `viewAsComplex: expected a last axis of length 2, the real and the imaginary part. Received shape ${showShape(t.shape)}`,
    );
  }
  return new ComplexTensor(t.at("...", 0), t.at("...", 1));
}

/**
 * The parts of complex numbers on an axis of their own, which comes last. Those of real numbers have imaginary parts of 0.
 *
 * @returns `(…, 2)`
 *
 * @example
 * ```ts
 * viewAsReal(new ComplexTensor([1, 3], [2, 4])).arraySync(); // → [[1, 2], [3, 4]]
 * ```
 */
export function viewAsReal(x: ComplexLike): Tensor {
  const { real, imag } = ComplexTensor.from(x);
  return shapes.stack([real, imag], { axis: -1 });
}
