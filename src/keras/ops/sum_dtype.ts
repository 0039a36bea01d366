/** The dtype in which narrow integers are summed. */
import { byteWidth, isInteger, isUnsigned, type Tensor } from "../../engine/index.ts";

/** Narrow integers as what sums of them are kept in. */
export function wide(x: Tensor): Tensor {
  if (!isInteger(x.dtype) || byteWidth(x.dtype) === 4) return x;
  return x.astype(isUnsigned(x.dtype) ? "uint32" : "int32");
}
