/** Rules of sorting. */
import { constantOf, on, type Rule } from "../pattern.ts";

export const sorting: readonly Rule[] = [
  on("arg_sort", (node, context) => {
    return node.shape[node.attrs.axis] === 1 ? constantOf(0, node, context) : undefined;
  }),
];
