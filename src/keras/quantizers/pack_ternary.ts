/** Numbers that are -1, 0 or 1, five to a byte. */
import {
  checkOptions,
  DTypeError,
  maximum,
  minimum,
  remainder,
  round,
  type Tensor,
  type TensorLike,
  toTensor,
  truncatedDivide,
} from "../../engine/index.ts";
import { dealt, fromAxis, gathered, type Packed, padded } from "./packed_fields.ts";

/** Options of `packTernary` and `unpackTernary`. */
export interface TernaryPackingOptions {
  /** The axis along which neighbours share a byte. Default 0. */
  readonly axis?: number;
}

/** What the digits of a byte count; the largest byte is 242. */
const places: readonly number[] = [1, 3, 9, 27, 81];

/**
 * Packs numbers that are -1, 0 or 1 with 1.6 bits for each: five neighbours along an axis, each one more than it is, are the
 * digits of a number in base 3, the first the lowest.
 *
 * @param x is rounded to -1, 0 and 1
 * @param options `axis` (default 0)
 * @returns the bytes, their shape, and how long the axis was, which unpacking needs
 *
 * @example
 * ```ts
 * const [packed, shape, length] = packTernary([[1, -1], [0, 1], [-1, 0]]);
 * packed.arraySync(); // → [[113, 123]]
 * [shape, length]; // → [[1, 2], 3]
 * ```
 */
export function packTernary(x: TensorLike, options: TernaryPackingOptions = {}): Packed {
  checkOptions("packTernary", options, ["axis"]);
  const given = toTensor(x);
  const [moved, back] = fromAxis(given, options.axis ?? 0, "packTernary");
  const rounded = given.dtype === "int8" || given.dtype === "int32" ? moved : round(moved.astype("float32"));
  const whole = minimum(maximum(rounded.astype("int32"), -1), 1);
  const byte = dealt(padded(whole, places.length), places.length)
    .map((trit, i) => trit.add(1).multiply(places[i]!))
    .reduce((a, b) => a.add(b));
  const packed = back(byte.astype("uint8"));
  return [packed, packed.shape, moved.shape[0]!];
}

/**
 * Takes -1, 0 and 1 out of the bytes that `packTernary` made.
 *
 * @param packed of uint8 or int8
 * @param length how long the axis was
 * @param options `axis` (default 0)
 * @returns numbers of int8
 * @throws DTypeError for a tensor of another dtype
 *
 * @example
 * ```ts
 * const [packed, , length] = packTernary([[1, -1, 0, 1, 0, -1]], { axis: 1 });
 * unpackTernary(packed, length, { axis: 1 }).arraySync(); // → [[1, -1, 0, 1, 0, -1]]
 * ```
 */
export function unpackTernary(
  packed: TensorLike,
  length: number,
  options: TernaryPackingOptions = {},
): Tensor {
  checkOptions("unpackTernary", options, ["axis"]);
  const given = toTensor(packed);
  if (given.dtype !== "uint8" && given.dtype !== "int8") {
    throw new DTypeError(
      `unpackTernary: expected a tensor of uint8 or int8. Received a tensor of ${given.dtype}`,
    );
  }
  const [moved, back] = fromAxis(given, options.axis ?? 0, "unpackTernary");
  const codes = moved.astype("uint8").astype("int32");
  const trits = places.map((place) => remainder(truncatedDivide(codes, place), 3).subtract(1).astype("int8"));
  return back(gathered(trits, length));
}
