/** Rules of slices and updates whose places are known. */
import { isHalf } from "../../tensor/dtype.ts";
import { sameShape, sizeOf } from "../../tensor/shape.ts";
import { scalarValue } from "../build.ts";
import type { Node } from "../node.ts";
import { on, type Rule } from "../pattern.ts";
import { batchAxes } from "../primitives.ts";
import { reshaped } from "./views.ts";

export const indexing: readonly Rule[] = [
  // Starts are moved so that the slice lies inside: one as large as the array lies at 0, wherever it was to start.
  on("dynamic_slice", (node) => (sameShape(node.inputs[0]!.shape, node.shape) ? node.inputs[0] : undefined)),
  on("dynamic_update_slice", (node) =>
    sameShape(node.inputs[1]!.shape, node.shape) ? node.inputs[1] : undefined,
  ),
  // dynamic_slice at a constant place → slice
  on("dynamic_slice", (node, context) => {
    const [x, ...starts] = node.inputs;
    const start: number[] = [];
    for (const [i, n] of node.shape.entries()) {
      const spare = x!.shape[i]! - n;
      const wanted = spare === 0 ? 0 : scalarValue(starts[i]!);
      if (wanted === undefined) return undefined;
      start.push(Math.min(Math.max(wanted, 0), spare));
    }
    const limit = start.map((s, i) => s + node.shape[i]!);
    return context.make("slice", [x!], { start, limit, strides: start.map(() => 1) });
  }),
  // scatter of no updates → the array; of one update of everything → the update
  on("scatter", (node, context) => {
    const [x, indices, updates] = [node.inputs[0]!, node.inputs[1]!, node.inputs[2]!];
    if (sizeOf(updates.shape) === 0) return x;
    const batch = batchAxes(updates.shape.length, node.attrs);
    const once = batch.every((d) => updates.shape[d] === 1);
    const whole = once && sizeOf(updates.shape) === sizeOf(x.shape) && scalarValue(indices) === 0;
    // The window's axes come in the order of the array's, so a reshape brings the update into place.
    return whole && node.attrs.kind === "set" ? reshaped(updates, x.shape, context) : undefined;
  }),
  // Many updates of 16-bit floats add up in float32, and are rounded once
  on("scatter", (node, context) => {
    const { kind } = node.attrs;
    if (!isHalf(node.dtype) || (kind !== "add" && kind !== "multiply")) return undefined;
    const wide = (x: Node): Node => context.make("convert", [x], { dtype: "float32" });
    const [x, indices, updates] = [node.inputs[0]!, node.inputs[1]!, node.inputs[2]!];
    const sums = context.make("scatter", [wide(x), indices, wide(updates)], node.attrs);
    return context.make("convert", [sums], { dtype: node.dtype });
  }),
];
