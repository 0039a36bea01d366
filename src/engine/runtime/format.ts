/** Prints tensors as NumPy does: aligned columns, summary of long axes, shortest digits. */
import type { DType, TypedArray } from "../tensor/dtype.ts";
import { isFloat } from "../tensor/dtype.ts";
import { type Shape, sizeOf, stridesOf } from "../tensor/shape.ts";

const threshold = 1000;
const edge = 3;
const lineWidth = 75;

/** The text that NumPy's `str` gives for an array of these elements. */
export function formatTensor(data: TypedArray, shape: Shape, dtype: DType): string {
  const size = sizeOf(shape);
  if (size === 0) return shape.length <= 1 ? "[]" : `[]`;
  const summarize = size > threshold;
  const shown = summarize ? edgeElements(data, shape) : Array.from(data);
  const format = formatter(shown, dtype, shape.length === 0);
  if (shape.length === 0) return format(data[0]!);
  const strides = stridesOf(shape);
  const print = (axis: number, offset: number, indent: number): string => {
    const n = shape[axis]!;
    const cut = summarize && n > 2 * edge;
    const item = (i: number): string => {
      return axis === shape.length - 1
        ? format(data[offset + i]!)
        : print(axis + 1, offset + i * strides[axis]!, indent + 1);
    };
    const places = cut ? [0, 1, 2, -1, n - 3, n - 2, n - 1] : Array.from({ length: n }, (_, i) => i);
    const parts = places.map((i) => (i < 0 ? "..." : item(i)));
    if (axis === shape.length - 1) return `[${fill(parts, indent + 1)}]`;
    const gap = "\n".repeat(shape.length - axis - 1) + " ".repeat(indent + 1);
    return `[${parts.join(gap)}]`;
  };
  return print(0, 0, 0);
}

/** Words on lines of limited width, continued under the first. */
function fill(words: readonly string[], indent: number): string {
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    if (line !== "" && indent + line.length + 1 + word.length > lineWidth - 1) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.join(`\n${" ".repeat(indent)}`);
}

/** The elements that a summary shows. */
function edgeElements(data: TypedArray, shape: Shape): number[] {
  const strides = stridesOf(shape);
  const out: number[] = [];
  const visit = (axis: number, offset: number): void => {
    if (axis === shape.length) {
      out.push(data[offset]!);
      return;
    }
    const n = shape[axis]!;
    for (let i = 0; i < n; i++) {
      if (n > 2 * edge && i === edge) i = n - edge;
      visit(axis + 1, offset + i * strides[axis]!);
    }
  };
  visit(0, 0);
  return out;
}

function formatter(shown: readonly number[], dtype: DType, scalar: boolean): (value: number) => string {
  if (dtype === "bool") return padded(shown, (v) => (v !== 0 ? "True" : "False"), scalar);
  if (!isFloat(dtype)) return padded(shown, String, scalar);
  return scalar ? (v) => scalarText(v, dtype) : floatFormatter(shown, dtype);
}

function padded(
  shown: readonly number[],
  text: (v: number) => string,
  scalar: boolean,
): (value: number) => string {
  if (scalar) return text;
  const width = Math.max(...shown.map((v) => text(v).length));
  return (v) => text(v).padStart(width);
}

/** The fewest digits that give the value back in its dtype, as [digits, exponent of ten]. */
function shortest(value: number, dtype: DType): string {
  if (dtype === "float64") return String(value);
  for (let p = 1; p <= 9; p++) {
    const text = value.toPrecision(p);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(value);
}

function special(value: number): string | undefined {
  if (Number.isNaN(value)) return "nan";
  if (Number.isFinite(value)) return undefined;
  return value > 0 ? "inf" : "-inf";
}

function scalarText(value: number, dtype: DType): string {
  const magnitude = Math.abs(value);
  if (value !== 0 && Number.isFinite(value) && (magnitude < 1e-4 || magnitude >= 1e16)) {
    return exponential(
      Number(shortest(value, dtype)),
      digitsAfterPoint(Number(shortest(value, dtype)).toExponential()),
    );
  }
  const text = special(value) ?? (Object.is(value, -0) ? "-0" : plain(Number(shortest(value, dtype))));
  return /[.n]/.test(text) ? text : `${text}.0`;
}

/** Decimal notation without an exponent. */
function plain(value: number): string {
  const text = String(value);
  if (!text.includes("e")) return text;
  const places = Math.max(
    0,
    digitsAfterPoint(value.toExponential()) - Number(text.slice(text.indexOf("e") + 1)),
  );
  return places > 100 ? text : value.toFixed(places);
}

function digitsAfterPoint(text: string): number {
  const mantissa = text.split("e")[0]!;
  const point = mantissa.indexOf(".");
  return point < 0 ? 0 : mantissa.length - point - 1;
}

function exponential(value: number, digits: number): string {
  const [mantissa, power] = value.toExponential(digits).split("e") as [string, string];
  const sign = power.startsWith("-") ? "-" : "+";
  const point = mantissa.includes(".") ? "" : ".";
  return `${mantissa}${point}e${sign}${power.slice(1).padStart(2, "0")}`;
}

/** One format for a whole array: NumPy's, with at most 8 digits after the point. */
function floatFormatter(shown: readonly number[], dtype: DType): (value: number) => string {
  const finite = shown.filter(Number.isFinite);
  const magnitudes = finite.filter((v) => v !== 0).map(Math.abs);
  const [low, high] = [Math.min(...magnitudes), Math.max(...magnitudes)];
  const scientific =
    magnitudes.length > 0 &&
    (high >= 1e8 || low < 1e-4 || (high / low > 1000 && (high >= 1e8 || low < 1e-4)));
  const text = scientific ? scientificText(finite, dtype) : fixedText(finite, dtype);
  const width = Math.max(...shown.map((v) => (special(v) ?? text(v)).length));
  return (v) => (special(v) ?? text(v)).padStart(width);
}

function fixedText(finite: readonly number[], dtype: DType): (value: number) => string {
  // Digits that every element needs to be told from its neighbours, but no more than 8.
  const places = Math.min(
    8,
    Math.max(0, ...finite.map((v) => digitsAfterPoint(plain(Number(shortest(v, dtype)))))),
  );
  return (v) => {
    const exact = dtype === "float32" ? Number(shortest(v, dtype)) : v;
    const digits = (Object.is(v, -0) ? "-" : "") + exact.toFixed(places);
    const [whole, fraction = ""] = digits.split(".") as [string, string?];
    const trimmed = fraction.replace(/0+$/, "");
    return `${whole}.${trimmed.padEnd(places)}`;
  };
}

function scientificText(finite: readonly number[], dtype: DType): (value: number) => string {
  const digits = (v: number): number => digitsAfterPoint(Number(shortest(v, dtype)).toExponential());
  const places = Math.min(8, Math.max(0, ...finite.map(digits)));
  return (v) => exponential(dtype === "float32" ? Number(shortest(v, dtype)) : v, places);
}
