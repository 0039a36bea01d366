/** Prints complex numbers as NumPy does. */
import type { DType, TypedArray } from "../tensor/dtype.ts";
import { type Shape, sizeOf } from "../tensor/shape.ts";
import { floatFormatter, printArray, scalarText, shownElements } from "./format.ts";

const signed = (text: string): string => (text.startsWith("-") ? text : `+${text}`);

/**
 * The text that NumPy's `str` gives for an array of complex numbers.
 *
 * @param dtype of the parts
 */
export function formatComplex(re: TypedArray, im: TypedArray, shape: Shape, dtype: DType): string {
  if (sizeOf(shape) === 0) return "[]";
  if (shape.length === 0) {
    const [a, b] = [re[0]!, im[0]!].map((part) => scalarText(part, dtype).replace(/\.0$/, ""));
    return `(${a}${signed(b!)}j)`;
  }
  const real = floatFormatter(shownElements(re, shape), dtype);
  const plain = floatFormatter(shownElements(im, shape), dtype);
  const imag = (v: number): string => signed(plain(v).trimStart());
  const width = Math.max(...shownElements(im, shape).map((v) => imag(v).length));
  return printArray(shape, (i) => {
    const text = imag(im[i]!).padStart(width);
    const end = text.trimEnd().length;
    return `${real(re[i]!)}${text.slice(0, end)}j${text.slice(end)}`;
  });
}
