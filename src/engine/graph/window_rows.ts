/** The rows of the primitives that read arrays by windows, and functions that make their nodes. */
import { type Shape, sameShape, showShape } from "../tensor/shape.ts";
import { build } from "./build.ts";
import type { Node } from "./node.ts";
import { type Attrs, type Rows, requireDType, requireShape, shapes } from "./primitives.ts";
import { type Windows, windowCount } from "./windows.ts";

/** The shape of one result for each window. */
function windowed(op: string, shape: Shape, { window, strides, dilations }: Windows): Shape {
  const ok = [window, strides, dilations].every((list) => {
    return list.length === shape.length && list.every((n) => Number.isInteger(n) && n >= 1);
  });
  requireShape(
    ok,
    op,
    () =>
      `windows [${window.join(", ")}] with strides [${strides.join(", ")}] do not suit ${showShape(shape)}`,
  );
  return shape.map((n, d) => windowCount(n, window[d]!, strides[d]!, dilations[d]!));
}

export const windowRows: Rows<"convolution" | "reduce_window" | "select_and_scatter"> = {
  // Operands: an array (batch, …space, features) and a kernel (…window, features of a group, features of the result).
  // Windows lie whole inside: `pad` puts zeros around the array, and between its elements (StableHLO's lhs_dilation).
  // The features of both sides are cut into `groups` parts; each part of the result sees one part of the array.
  convolution: {
    kind: "contraction",
    arity: 2,
    infer([x, kernel], a) {
      const op = "convolution";
      requireDType(x!.dtype === kernel!.dtype && x!.dtype !== "bool", op, "numbers of one dtype", [
        x!,
        kernel!,
      ]);
      const last = x!.shape.length - 1;
      requireShape(
        last >= 1 && kernel!.shape.length === last + 1,
        op,
        () => `needs an array and a kernel of as many axes. Received: ${shapes([x!, kernel!])}`,
      );
      const [features, outputs] = [kernel!.shape[last - 1]!, kernel!.shape[last]!];
      const divides = Number.isInteger(a.groups) && a.groups >= 1 && outputs % a.groups === 0;
      requireShape(divides && features * a.groups === x!.shape[last], op, () => {
        return `shapes ${shapes([x!, kernel!])} do not fit in ${a.groups} group${a.groups === 1 ? "" : "s"}`;
      });
      const space = windowed(op, x!.shape.slice(1, last), { window: kernel!.shape.slice(0, last - 1), ...a });
      return { shape: [x!.shape[0]!, ...space, outputs], dtype: x!.dtype };
    },
  },
  // Windows lie whole inside; `pad` puts elements around. NaN wins in max and min.
  reduce_window: {
    kind: "contraction",
    arity: 1,
    infer([x], a) {
      requireDType(x!.dtype !== "bool", `reduce_window ${a.kind}`, "numbers, not booleans", [x!]);
      return { shape: windowed("reduce_window", x!.shape, a), dtype: x!.dtype };
    },
  },
  // Operands: an array, and a number for each of its windows, which is added to a zero at the place of the window's
  // extreme: the first one, or the first NaN.
  select_and_scatter: {
    kind: "contraction",
    arity: 2,
    infer([x, source], a) {
      const op = "select_and_scatter";
      requireDType(x!.dtype === source!.dtype && x!.dtype !== "bool", op, "numbers of one dtype", [
        x!,
        source!,
      ]);
      const shape = windowed(op, x!.shape, a);
      requireShape(sameShape(shape, source!.shape), op, () => {
        return `${showShape(x!.shape)} has windows ${showShape(shape)}. Received: ${showShape(source!.shape)}`;
      });
      return x!;
    },
  },
};

export function convolution(x: Node, kernel: Node, attrs: Attrs["convolution"]): Node {
  return build("convolution", [x, kernel], attrs);
}

export function reduceWindow(x: Node, attrs: Attrs["reduce_window"]): Node {
  return build("reduce_window", [x], attrs);
}
