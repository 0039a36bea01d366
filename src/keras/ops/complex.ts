/** The other functions of keras.ops that have a meaning for complex numbers. */
import { ShapeError, showShape, type Tensor, type TensorLike, toTensor } from "../../engine/index.ts";
import { joined, type OfComplex, type OfTwo, ofOne, ofTwo } from "./complex_joined.ts";
import { type ComplexLike, ComplexTensor } from "./complex_tensor.ts";
import * as core from "./steps/core.ts";
import * as linear from "./steps/numpy_linear.ts";
import * as logic from "./steps/numpy_logic.ts";
import * as shapes from "./steps/numpy_shape.ts";

export const isreal: typeof logic.isreal & OfComplex<Tensor> = /* @__PURE__ */ ofOne(logic.isreal, (z) =>
  logic.equal(z.imag, 0),
);

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
