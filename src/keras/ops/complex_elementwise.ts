/** The functions of each element that have a meaning for complex numbers. */
import { cos, sin, type Tensor, type TensorLike, toTensor } from "../../engine/index.ts";
import { type OfComplex, type OfTwo, ofOne, ofTwo } from "./complex_joined.ts";
import { ComplexTensor } from "./complex_tensor.ts";
import { toFloat } from "./convert.ts";
import * as elementwise from "./steps/numpy_elementwise.ts";

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
