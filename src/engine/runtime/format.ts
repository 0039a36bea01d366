/** Prints tensors as NumPy does: aligned columns, a summary of what is long, no more digits than tell a number. */
import { type DType, isFloat, isHalf, roundTo, type TypedArray } from "../tensor/dtype.ts";
import { type Shape, sizeOf, stridesOf } from "../tensor/shape.ts";

/** NumPy's print options: above how many elements an array is summarized, to how many at each end; and widths. */
const threshold = 1000;
const edge = 3;
const lineWidth = 75;
const precision = 8;
/** So many digits show whether what is left of a number is exactly a half. */
const exactDigits = 60;

/** The text that NumPy's `str` gives for an array of these elements. */
export function formatTensor(data: TypedArray, shape: Shape, dtype: DType): string {
  if (sizeOf(shape) === 0) return "[]";
  if (shape.length === 0) return scalarText(data[0]!, dtype);
  const format = formatter(shownElements(data, shape), dtype);
  return printArray(shape, (i) => format(data[i]!));
}

/** The elements that a text shows: they alone decide the format. */
export function shownElements(data: TypedArray, shape: Shape): readonly number[] {
  return sizeOf(shape) > threshold ? edgeElements(data, shape) : Array.from(data);
}

/** An array of texts in brackets, one for the element at each place in row-major order. */
export function printArray(shape: Shape, textOf: (place: number) => string): string {
  const summarize = sizeOf(shape) > threshold;
  const strides = stridesOf(shape);
  const print = (axis: number, offset: number): string => {
    const last = axis === shape.length - 1;
    const parts = places(shape[axis]!, summarize).map((i) => {
      if (i === undefined) return "...";
      return last ? textOf(offset + i) : print(axis + 1, offset + i * strides[axis]!);
    });
    const indent = " ".repeat(axis + 1);
    return `[${last ? fill(parts, indent, lineWidth - 1 - axis) : parts.join("\n".repeat(shape.length - axis - 1) + indent)}]`;
  };
  return print(0, 0);
}

/** The positions along an axis that are shown; undefined stands for those left out. */
function places(length: number, summarize: boolean): (number | undefined)[] {
  if (!summarize || length <= 2 * edge) return Array.from({ length }, (_, i) => i);
  const start = Array.from({ length: edge }, (_, i) => i);
  return [...start, undefined, ...start.map((i) => length - edge + i)];
}

/** Words on lines of limited width, continued under the first one. */
function fill(words: readonly string[], indent: string, width: number): string {
  let text = "";
  let line = indent;
  words.forEach((word, i) => {
    if (line.length + word.length > width && line.length > indent.length) {
      text += `${line.trimEnd()}\n`;
      line = indent;
    }
    line += i < words.length - 1 ? `${word} ` : word;
  });
  return (text + line).slice(indent.length);
}

/** The elements that a summary shows. */
function edgeElements(data: TypedArray, shape: Shape): number[] {
  const strides = stridesOf(shape);
  const visit = (axis: number, offset: number): number[] => {
    if (axis === shape.length) return [data[offset]!];
    return places(shape[axis]!, true).flatMap((i) =>
      i === undefined ? [] : visit(axis + 1, offset + i * strides[axis]!),
    );
  };
  return visit(0, 0);
}

function formatter(shown: readonly number[], dtype: DType): (value: number) => string {
  if (dtype === "bool") return (v) => (v !== 0 ? " True" : "False");
  if (isFloat(dtype)) return floatFormatter(shown, dtype);
  const width = Math.max(...shown.map((v) => String(v).length));
  return (v) => String(v).padStart(width);
}

/** A number greater than 0 or 0 itself: digits with the point behind the first, times ten to the exponent. */
interface Decimal {
  readonly digits: string;
  readonly exponent: number;
}

function decimal(text: string): Decimal {
  const [mantissa, exponent] = text.split("e") as [string, string];
  return { digits: mantissa.replace(".", ""), exponent: Number(exponent) };
}

/** The fewest digits that give the magnitude back in its dtype. */
function shortest(magnitude: number, dtype: DType): Decimal {
  if (dtype !== "float64") {
    for (let digits = 0; digits < 9; digits++) {
      const text = magnitude.toExponential(digits);
      if (roundTo(dtype, Number(text)) === magnitude) return rounded(magnitude, digits + 1);
    }
  }
  return decimal(magnitude.toExponential());
}

/** So many digits of the magnitude; a half goes to the even digit, unlike in JavaScript. */
function rounded(magnitude: number, count: number): Decimal {
  const exact = decimal(magnitude.toExponential(exactDigits));
  const kept = exact.digits.slice(0, count);
  const rest = exact.digits.slice(count);
  const half = /^50*$/.test(rest);
  if (half ? Number(kept.at(-1)) % 2 === 0 : rest < "5") return { digits: kept, exponent: exact.exponent };
  const next = String(BigInt(kept) + 1n).padStart(count, "0");
  return next.length > count
    ? { digits: next.slice(0, count), exponent: exact.exponent + 1 }
    : { digits: next, exponent: exact.exponent };
}

const sign = (v: number): string => (v < 0 || Object.is(v, -0) ? "-" : "");
const withoutZeros = (fraction: string): string => fraction.replace(/0+$/, "");

/** The digits before and behind the point, at most `limit` of the latter. */
function positional(value: number, dtype: DType, limit: number): [string, string] {
  const magnitude = Math.abs(value);
  let { digits, exponent } = shortest(magnitude, dtype);
  if (digits.length - 1 - exponent > limit) ({ digits, exponent } = rounded(magnitude, exponent + 1 + limit));
  const all = "0".repeat(Math.max(0, -exponent)) + digits;
  const point = Math.max(0, exponent) + 1;
  return [sign(value) + all.slice(0, point).padEnd(point, "0"), withoutZeros(all.slice(point))];
}

/**
 * The digits before and behind the point, at least and at most so many of the latter, and the exponent with its sign. Digits
 * beyond those that tell the number are those of its exact value.
 */
function scientific(value: number, dtype: DType, least: number, limit: number): [string, string, string] {
  const magnitude = Math.abs(value);
  let number = shortest(magnitude, dtype);
  if (number.digits.length - 1 > limit) number = rounded(magnitude, limit + 1);
  if (number.digits.length - 1 < least) number = rounded(magnitude, least + 1);
  const { digits, exponent } = number;
  const power = (exponent < 0 ? "-" : "+") + String(Math.abs(exponent)).padStart(2, "0");
  return [sign(value) + digits[0]!, digits.slice(1), power];
}

function special(value: number): string | undefined {
  if (Number.isNaN(value)) return "nan";
  if (Number.isFinite(value)) return undefined;
  return value > 0 ? "inf" : "-inf";
}

/** Numbers from here on are written with exponents, as their dtype does not hold all of so many digits. */
function plainBelow(dtype: DType): number | undefined {
  return dtype === "float32" ? 1e6 : isHalf(dtype) ? 1e3 : undefined;
}

export function scalarText(value: number, dtype: DType): string {
  if (dtype === "bool") return value !== 0 ? "True" : "False";
  if (!isFloat(dtype)) return String(value);
  const magnitude = Math.abs(value);
  if (!Number.isFinite(value)) return special(value)!;
  if (magnitude === 0 || (magnitude >= 1e-4 && magnitude < (plainBelow(dtype) ?? 1e16))) {
    const [whole, fraction] = positional(value, dtype, Number.POSITIVE_INFINITY);
    return `${whole}.${fraction === "" ? "0" : fraction}`;
  }
  const [whole, fraction, power] = scientific(value, dtype, 0, Number.POSITIVE_INFINITY);
  return `${whole}${fraction === "" ? "" : "."}${fraction}e${power}`;
}

/** One format for a whole array: columns of the same width with their points below each other. */
export function floatFormatter(shown: readonly number[], dtype: DType): (value: number) => string {
  const finite = shown.filter(Number.isFinite);
  const text = needsExponent(finite, dtype)
    ? exponentFormatter(finite, dtype)
    : pointFormatter(finite, dtype);
  const width = Math.max(...shown.map((v) => (special(v) ?? text(v)).length));
  return (v) => (special(v) ?? text(v)).padStart(width);
}

/** Whether the numbers are too large, too small or too different for plain digits. */
function needsExponent(finite: readonly number[], dtype: DType): boolean {
  const magnitudes = finite.filter((v) => v !== 0).map(Math.abs);
  if (magnitudes.length === 0) return false;
  const [low, high] = [Math.min(...magnitudes), Math.max(...magnitudes)];
  // NumPy compares in the array's own dtype.
  const own = (v: number): number => roundTo(dtype, v);
  return high >= (plainBelow(dtype) ?? 1e8) || low < own(1e-4) || own(high / low) > 1000;
}

function pointFormatter(finite: readonly number[], dtype: DType): (value: number) => string {
  const fraction = Math.max(0, ...finite.map((v) => positional(v, dtype, precision)[1].length));
  return (v) => {
    const [whole, digits] = positional(v, dtype, precision);
    return `${whole}.${digits.padEnd(fraction)}`;
  };
}

function exponentFormatter(finite: readonly number[], dtype: DType): (value: number) => string {
  const parts = finite.map((v) => scientific(v, dtype, 0, precision));
  const fraction = Math.max(...parts.map(([, digits]) => withoutZeros(digits).length));
  const exponent = Math.max(...parts.map(([, , power]) => power.length));
  return (v) => {
    const [whole, digits, power] = scientific(v, dtype, fraction, fraction);
    return `${whole}.${digits}e${power[0]}${power.slice(1).padStart(exponent - 1, "0")}`;
  };
}
