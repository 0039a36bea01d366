/** Rules of what reads arrays by windows. */
import type { Node } from "../node.ts";
import { constantOf, on, type Rule } from "../pattern.ts";
import { windowSpan } from "../windows.ts";
import { reshaped } from "./views.ts";

export const windows: readonly Rule[] = [
  // Along each axis the window is one element, or it has one place: then a convolution is a matrix product.
  on("convolution", (node, context) => {
    const [x, kernel] = [node.inputs[0]!, node.inputs[1]!];
    const { strides, dilations, groups } = node.attrs;
    const last = node.shape.length - 1;
    const window = kernel.shape.slice(0, -2);
    if (groups > 1 || window.some((k, d) => k > 1 && node.shape[d + 1] !== 1)) return undefined;
    const along = window.flatMap((k, d) => (k > 1 ? [d] : []));
    const limit = x.shape.map((n, axis) => {
      if (axis === 0 || axis === last) return n;
      const [d, m] = [axis - 1, node.shape[axis]!];
      return window[d]! > 1 ? windowSpan(window[d]!, dilations[d]!) : windowSpan(m, strides[d]!);
    });
    const steps = x.shape.map((_, axis) => {
      if (axis === 0 || axis === last) return 1;
      return window[axis - 1]! > 1 ? dilations[axis - 1]! : strides[axis - 1]!;
    });
    const start = x.shape.map(() => 0);
    const read = context.make("slice", [x], { start, limit, strides: steps });
    const matrix = reshaped(
      kernel,
      kernel.shape.filter((k, d) => d >= window.length || k > 1),
      context,
    );
    const product = context.make("dot_general", [read, matrix], {
      lhsBatch: [],
      rhsBatch: [],
      lhsContracting: [...along.map((d) => d + 1), last],
      rhsContracting: [...along.map((_, i) => i), along.length],
    });
    return reshaped(product, node.shape, context);
  }),
  // The largest of numbers not below a limit is the largest of all, not below the limit; so a rectifier need not come
  // before pooling, where there is more to do.
  on("reduce_window", (node, context) => {
    const inner = node.inputs[0]!;
    const { kind } = node.attrs;
    if ((kind !== "max" || inner.op !== "maximum") && (kind !== "min" || inner.op !== "minimum"))
      return undefined;
    const limit = inner.inputs.find((x) => x.op === "constant") as Node<"constant"> | undefined;
    const x = inner.inputs.find((other) => other !== limit);
    if (limit === undefined || x === undefined) return undefined;
    const small = context.make("reduce_window", [x], node.attrs);
    return context.make(inner.op, [small, constantOf(limit.attrs.value, small, context)], {});
  }),
  // Windows of one element leave elements out, or nothing.
  on("reduce_window", (node, context) => {
    const x = node.inputs[0]!;
    const { window, strides } = node.attrs;
    if (window.some((k) => k > 1)) return undefined;
    const limit = node.shape.map((m, d) => (m === 0 ? 0 : windowSpan(m, strides[d]!)));
    return context.make("slice", [x], { start: x.shape.map(() => 0), limit, strides });
  }),
];
