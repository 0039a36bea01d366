/** Numbers of 4 bits, two to a byte. */
import type { Tensor, TensorLike } from "../../engine/index.ts";
import { type Packed, type PackingOptions, packFields, unpackFields } from "./packed_fields.ts";

/**
 * Packs numbers of 4 bits: of two neighbours along an axis the first has the lowest bits of a byte.
 *
 * @param x numbers from -8 to 7 of int8, or from 0 to 15 of uint8
 * @param options `axis` (default 0), `dtype` (`"int8"` or `"uint8"`, default `"int8"`)
 * @returns the bytes, their shape, and how long the axis was, which unpacking needs
 * @throws DTypeError for a tensor of another dtype; ValueError for another `dtype`
 *
 * @example
 * ```ts
 * const [packed, shape, length] = packInt4(np.array([[-3, 7], [2, -8], [1, 0]], { dtype: "int8" }));
 * packed.arraySync(); // → [[45, -121], [1, 0]]
 * [shape, length]; // → [[2, 2], 3]
 * ```
 */
export function packInt4(x: TensorLike, options: PackingOptions = {}): Packed {
  return packFields("packInt4", 4, x, options);
}

/**
 * Takes numbers of 4 bits out of the bytes that `packInt4` made.
 *
 * @param packed of int8 or uint8
 * @param length how long the axis was
 * @param options `axis` (default 0), `dtype` (default `"int8"`, for numbers with a sign)
 * @throws DTypeError for a tensor of another dtype; ValueError for another `dtype`
 *
 * @example
 * ```ts
 * const packed = np.array([[45, -121], [1, 0]], { dtype: "int8" });
 * unpackInt4(packed, 3).arraySync(); // → [[-3, 7], [2, -8], [1, 0]]
 * ```
 */
export function unpackInt4(packed: TensorLike, length: number, options: PackingOptions = {}): Tensor {
  return unpackFields("unpackInt4", 4, packed, length, options);
}
