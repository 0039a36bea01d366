/** Narrow whole numbers, several to a byte: what the functions for 2 and 4 bits have in common. */
import {
  bitwiseAnd,
  bitwiseOr,
  bitwiseXor,
  checkOptions,
  concatenate,
  type DType,
  DTypeError,
  normalizeAxis,
  pad,
  shiftLeft,
  shiftRightLogical,
  show,
  slice,
  subtract,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
} from "../../engine/index.ts";

/** The dtype of narrow numbers, which says whether they have a sign, and of the bytes that hold them. */
export type PackedDType = "int8" | "uint8";

/** Options of the functions that pack and unpack. */
export interface PackingOptions {
  /** The axis along which neighbours share a byte. Default 0. */
  readonly axis?: number;
  /** `"int8"` for numbers with a sign, `"uint8"` for others. Default `"int8"`. */
  readonly dtype?: PackedDType;
}

/** What packing gives: the bytes, their shape, and how long the axis was. */
export type Packed = [packed: Tensor, packedShape: readonly number[], originalLength: number];

/** The elements of the first axis in `count` parts: those at every `count`-th place, from the first, the second, … on. */
export function dealt(x: Tensor, count: number): Tensor[] {
  const strides = x.shape.map((_, axis) => (axis === 0 ? count : 1));
  return Array.from({ length: count }, (_, i) =>
    slice(
      x,
      x.shape.map((_, axis) => (axis === 0 ? i : 0)),
      x.shape,
      strides,
    ),
  );
}

/** The first `length` elements of what was dealt into parts. */
export function gathered(parts: readonly Tensor[], length: number): Tensor {
  const [rows, ...rest] = parts[0]!.shape as [number, ...number[]];
  const wide = concatenate(
    parts.map((p) => p.reshape([rows, 1, ...rest])),
    1,
  ).reshape([rows * parts.length, ...rest]);
  return slice(
    wide,
    wide.shape.map(() => 0),
    [length, ...rest],
  );
}

/** A tensor with an axis moved to the front, and the way back. */
export function fromAxis(
  x: Tensor,
  axis: number,
  where: string,
): [moved: Tensor, back: (y: Tensor) => Tensor] {
  const at = normalizeAxis(axis, x.ndim, where);
  if (at === 0) return [x, (y) => y];
  const order = [at, ...[...x.shape.keys()].filter((a) => a !== at)];
  return [x.transpose(order), (y) => y.transpose([...order.keys()].map((a) => order.indexOf(a)))];
}

/** A tensor with zeros at the end of its first axis, so that its length is a multiple. */
export function padded(x: Tensor, multiple: number): Tensor {
  const missing = (multiple - (x.shape[0]! % multiple)) % multiple;
  if (missing === 0) return x;
  const zeros = x.shape.map(() => 0);
  return pad(x, 0, { low: zeros, high: [missing, ...zeros.slice(1)], interior: zeros });
}

function checkDType(where: string, dtype: DType): void {
  if (dtype === "int8" || dtype === "uint8") return;
  throw new ValueError(`${where}: expected dtype to be "int8" or "uint8". Received: dtype=${show(dtype)}`);
}

/** Packs numbers of so many bits. */
export function packFields(where: string, bits: 2 | 4, x: TensorLike, options: PackingOptions): Packed {
  checkOptions(where, options, ["axis", "dtype"]);
  const { axis = 0, dtype = "int8" } = options;
  checkDType(where, dtype);
  const given = toTensor(x);
  if (given.dtype !== dtype) {
    throw new DTypeError(`${where}: expected a tensor of ${dtype}. Received a tensor of ${given.dtype}`);
  }
  const [moved, back] = fromAxis(given, axis, where);
  const fields = dealt(padded(moved.astype("int32"), 8 / bits), 8 / bits);
  const byte = fields
    .map((field, i) => shiftLeft(bitwiseAnd(field, 2 ** bits - 1), i * bits))
    .reduce((a, b) => bitwiseOr(a, b));
  const packed = back(byte.astype(dtype));
  return [packed, packed.shape, moved.shape[0]!];
}

/** Takes numbers of so many bits out of bytes again. */
export function unpackFields(
  where: string,
  bits: 2 | 4,
  packed: TensorLike,
  length: number,
  options: PackingOptions,
): Tensor {
  checkOptions(where, options, ["axis", "dtype"]);
  const { axis = 0, dtype = "int8" } = options;
  checkDType(where, dtype);
  const given = toTensor(packed);
  if (given.dtype !== "int8" && given.dtype !== "uint8") {
    throw new DTypeError(`${where}: expected a tensor of int8 or uint8. Received a tensor of ${given.dtype}`);
  }
  const [moved, back] = fromAxis(given, axis, where);
  const bytes = moved.astype("int32");
  const sign = 2 ** (bits - 1);
  const fields = Array.from({ length: 8 / bits }, (_, i) => {
    const field = bitwiseAnd(shiftRightLogical(bytes, i * bits), 2 ** bits - 1);
    return (dtype === "int8" ? subtract(bitwiseXor(field, sign), sign) : field).astype(dtype);
  });
  return back(gathered(fields, length));
}
