/** Where the elements of a matrix stand, seen from its main diagonal. */
import { iota, subtract, type Tensor } from "../../engine/index.ts";

/** The column number less the row number of each element of a matrix. */
export function offsets(rows: number, columns: number): Tensor {
  return subtract(iota([rows, columns], 1), iota([rows, columns], 0));
}
