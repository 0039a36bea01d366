/** Numbers of 2 bits, four to a byte. */
import type { Tensor, TensorLike } from "../../engine/index.ts";
import { type Packed, type PackingOptions, packFields, unpackFields } from "./packed_fields.ts";

/**
 * Packs numbers of 2 bits: of four neighbours along an axis the first has the lowest bits of a byte.
 *
 * @param x numbers from -2 to 1 of int8, or from 0 to 3 of uint8
 * @param options `axis` (default 0), `dtype` (`"int8"` or `"uint8"`, default `"int8"`)
 * @returns the bytes, their shape, and how long the axis was, which unpacking needs
 * @throws DTypeError for a tensor of another dtype; ValueError for another `dtype`
 *
 * @example
 * ```ts
 * const [packed, shape, length] = packInt2(np.array([[-2], [0], [1], [0], [-1]], { dtype: "int8" }));
 * packed.arraySync(); // → [[18], [3]]
 * [shape, length]; // → [[2, 1], 5]
 * ```
 */
export function packInt2(x: TensorLike, options: PackingOptions = {}): Packed {
  return packFields("packInt2", 2, x, options);
}

/**
 * Takes numbers of 2 bits out of the bytes that `packInt2` made.
 *
 * @param packed of int8 or uint8
 * @param length how long the axis was
 * @param options `axis` (default 0), `dtype` (default `"int8"`, for numbers with a sign)
 * @throws DTypeError for a tensor of another dtype; ValueError for another `dtype`
 *
 * @example
 * ```ts
 * const packed = np.array([[18], [3]], { dtype: "int8" });
 * unpackInt2(packed, 5).arraySync(); // → [[-2], [0], [1], [0], [-1]]
 * ```
 */
export function unpackInt2(packed: TensorLike, length: number, options: PackingOptions = {}): Tensor {
  return unpackFields("unpackInt2", 2, packed, length, options);
}
