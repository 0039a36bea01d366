/** How the cotangents that reach one node over several ways are summed. */
import { apply, build, scalarValue } from "../graph/build.ts";
import { is, type Node } from "../graph/node.ts";
import { add } from "./arithmetic.ts";

/**
 * The sum of two cotangents of one array. Gradients of slices and gathers are zero but for a window or some rows: these
 * are added into the other cotangent, so that a loop that reads one row per round costs a row per round, not an array.
 */
export function accumulate(x: Node, y: Node): Node {
  return addSparse(x, y) ?? addSparse(y, x) ?? add(x, y);
}

/** The sum, if `sparse` is an update of zeros. */
function addSparse(total: Node, sparse: Node): Node | undefined {
  const [base, ...rest] = sparse.inputs;
  if (base === undefined || scalarValue(base) !== 0) return undefined;
  if (is(sparse, "scatter") && sparse.attrs.kind === "add") {
    return build("scatter", [total, ...rest], sparse.attrs);
  }
  if (is(sparse, "dynamic_update_slice")) {
    const [update, ...starts] = rest;
    const window = build("dynamic_slice", [total, ...starts], { sizes: update!.shape });
    return apply("dynamic_update_slice", total, add(window, update!), ...starts);
  }
  return undefined;
}
