/** Rows of arrays, along the first axis, at a place known only at run time. */
import { apply, build, constant, reshape } from "./build.ts";
import type { Node } from "./node.ts";

/** Starts of a slice that holds one row. */
const rowStarts = (row: Node, rank: number): Node[] => [
  row,
  ...Array.from({ length: rank }, () => constant(0, { shape: [], dtype: "int32" })),
];

/** The array with one row replaced. */
export function writeRow(rows: Node, value: Node, row: Node): Node {
  const update = reshape(value, [1, ...value.shape]);
  return apply("dynamic_update_slice", rows, update, ...rowStarts(row, value.shape.length));
}

/** One row. */
export function readRow(rows: Node, row: Node): Node {
  const shape = rows.shape.slice(1);
  const window = build("dynamic_slice", [rows, ...rowStarts(row, shape.length)], { sizes: [1, ...shape] });
  return reshape(window, shape);
}
