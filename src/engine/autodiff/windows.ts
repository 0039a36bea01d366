/** Gradients of what reads an array by windows: all are windows over the cotangent, or over both. */
import { apply, build, compare, constant, constantLike, reshape, slice, transpose } from "../graph/build.ts";
import type { Node } from "../graph/node.ts";
import { convolution, reduceWindow } from "../graph/window_rows.ts";
import { type Windows, windowSpan } from "../graph/windows.ts";
import { isFloat } from "../tensor/dtype.ts";
import { sizeOf } from "../tensor/shape.ts";
import { add, where } from "./arithmetic.ts";
import type { VjpRule, VjpRules } from "./rule.ts";

const ones = (list: readonly unknown[]): number[] => list.map(() => 1);

/**
 * One number for each window, moved apart and surrounded by zeros: a window over it at place i of the array meets the
 * numbers of all windows that i lies in, the last of them first.
 */
function spread(ct: Node, length: readonly number[], { window, strides, dilations }: Windows): Node {
  const low = window.map((k, d) => windowSpan(k, dilations[d]!) - 1);
  const high = ct.shape.map((m, d) => length[d]! - (m === 0 ? 0 : (m - 1) * strides[d]! + 1));
  const interior = strides.map((s) => s - 1);
  if ([...low, ...high, ...interior].every((n) => n === 0)) return ct;
  return build("pad", [ct, constant(0, { shape: [], dtype: ct.dtype })], { low, high, interior });
}

/** Windows along the axes between the first and the last. */
function inside(
  { strides, dilations }: Pick<Windows, "strides" | "dilations">,
  window: readonly number[],
): Windows {
  const around = (list: readonly number[]): number[] => [1, ...list, 1];
  return { window: around(window), strides: around(strides), dilations: around(dilations) };
}

/** The array's features, cut into groups, and another axis exchanged within each group. */
function exchange(x: Node, axis: number, groups: number): Node {
  const last = x.shape.length - 1;
  const order = x.shape.map((_, d) => (d === axis ? last : d === last ? axis : d));
  if (groups === 1) return transpose(x, order);
  const own = x.shape[last]! / groups;
  const split = reshape(x, [...x.shape.slice(0, last), groups, own]);
  const moved = transpose(split, [
    ...order.slice(0, last).map((d) => (d === last ? last + 1 : d)),
    last,
    axis,
  ]);
  const shape = x.shape.map((n, d) => (d === axis ? own : d === last ? groups * x.shape[axis]! : n));
  return reshape(moved, shape);
}

/** Every element of the array meets the kernel turned round, its two feature axes exchanged within each group. */
function byArray(
  x: Node,
  kernel: Node,
  { strides, dilations, groups }: Node<"convolution">["attrs"],
  ct: Node,
): Node {
  const window = kernel.shape.slice(0, -2);
  const exchanged = exchange(kernel, window.length, groups);
  const turned = build("reverse", [exchanged], { axes: window.map((_, d) => d) });
  const length = [...x.shape.slice(0, -1), ct.shape.at(-1)!];
  const padded = spread(ct, length, inside({ strides, dilations }, window));
  return convolution(padded, turned, { strides: ones(window), dilations, groups });
}

/** The cotangent as a kernel over the array: strides and dilations exchange their parts, and so do batch and features. */
function byKernel(
  x: Node,
  kernel: Node,
  { strides, dilations, groups }: Node<"convolution">["attrs"],
  ct: Node,
): Node {
  const space = kernel.shape.length - 2;
  const used = x.shape.map((n, d) => {
    const [m, k] = [ct.shape[d]!, kernel.shape[d - 1]!];
    return d === 0 || d > space ? n : windowSpan(m, strides[d - 1]!) + windowSpan(k, dilations[d - 1]!) - 1;
  });
  const zeros = used.map(() => 0);
  const read = used.every((n, d) => n === x.shape[d]) ? x : slice(x, zeros, used);
  const order = [...Array.from({ length: space }, (_, d) => d + 1), 0, space + 1];
  const attrs = { strides: dilations, dilations: strides, groups };
  return transpose(convolution(exchange(read, 0, groups), transpose(ct, order), attrs), order);
}

const convolutionRule: VjpRule<"convolution"> = ({ inputs, attrs, shape }, ct) => {
  if (sizeOf(shape) === 0) return [];
  const [x, kernel] = [inputs[0]!, inputs[1]!];
  return [byArray(x, kernel, attrs, ct), byKernel(x, kernel, attrs, ct)];
};

/** The elements that stand at one place of all windows, for each place of a window in row-major order. */
function* elements(x: Node, of: Windows, count: readonly number[]): Generator<Node> {
  const { window, strides, dilations } = of;
  for (let n = 0; n < sizeOf(window); n++) {
    let rest = n;
    const start = window.map(() => 0);
    for (let d = window.length - 1; d >= 0; d--) {
      start[d] = (rest % window[d]!) * dilations[d]!;
      rest = Math.floor(rest / window[d]!);
    }
    const limit = start.map((s, d) => s + windowSpan(count[d]!, strides[d]!));
    yield slice(x, start, limit, strides);
  }
}

/** Picks from each window the element at the place of the array's extreme. */
function selected(node: Node<"select_and_scatter">, from: Node): Node {
  const [x, source] = node.inputs as [Node, Node];
  const count = source.shape;
  const extreme = reduceWindow(x, node.attrs);
  let found: Node = constant(0, { shape: count, dtype: "bool" });
  let out: Node = constantLike(0, source);
  const picks = elements(from, node.attrs, count);
  for (const element of elements(x, node.attrs, count)) {
    let is = compare("EQ", element, extreme);
    if (isFloat(x.dtype)) is = apply("or", is, compare("NE", element, element));
    const first = apply("and", is, apply("not", found));
    found = apply("or", found, is);
    out = add(out, where(first, picks.next().value as Node));
  }
  return out;
}

export const windows: VjpRules<"convolution" | "reduce_window" | "select_and_scatter"> = {
  convolution: convolutionRule,

  reduce_window(node, ct) {
    const [x] = node.inputs as [Node];
    const { kind, ...of } = node.attrs;
    if (sizeOf(node.shape) === 0) return [];
    if (kind !== "sum") return [build("select_and_scatter", [x, ct], { kind, ...of })];
    const around = spread(ct, x.shape, of);
    return [reduceWindow(around, { ...of, kind, strides: ones(of.window) })];
  },

  select_and_scatter: (node, ct) => [
    undefined,
    sizeOf(node.inputs[1]!.shape) === 0 ? undefined : selected(node, ct),
  ],
};
