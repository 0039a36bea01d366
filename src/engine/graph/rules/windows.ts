/**
 * Rules of what reads arrays by windows. Zeros that are put around and between elements count nothing, even where they
 * would be multiplied by NaN or infinity.
 */
import type { Shape } from "../../tensor/shape.ts";
import { scalarValue } from "../build.ts";
import { is, type Node } from "../node.ts";
import { type Context, constantOf, on, type Rule } from "../pattern.ts";
import { windowSpan } from "../windows.ts";
import { reshaped } from "./views.ts";

/** An array with zeros around it and between its elements; all lists are in the order of the axes as they are read. */
interface Spread {
  readonly low: readonly number[];
  readonly interior: readonly number[];
  /** The lengths without the zeros. */
  readonly shape: Shape;
  /** The same array with other zeros around it, and none between. */
  readonly padded: (low: readonly number[], high: readonly number[]) => Node;
}

/** What of a node are zeros, perhaps behind a transpose, if batch and features are as they were. */
function spreadOf(node: Node, context: Context): Spread | undefined {
  const order = is(node, "transpose") ? node.attrs.permutation : node.shape.map((_, d) => d);
  const pad = is(node, "transpose") ? node.inputs[0]! : node;
  if (!is(pad, "pad") || scalarValue(pad.inputs[1]!) !== 0) return undefined;
  const [x, zero] = pad.inputs as [Node, Node];
  const inOrder = (list: readonly number[]): number[] => order.map((d) => list[d]!);
  const back = (list: readonly number[]): number[] => order.map((_, d) => list[order.indexOf(d)]!);
  const [low, high, interior] = [pad.attrs.low, pad.attrs.high, pad.attrs.interior].map(inOrder) as [
    number[],
    number[],
    number[],
  ];
  const untouched = (d: number): boolean => low[d] === 0 && high[d] === 0 && interior[d] === 0;
  if (!untouched(0) || !untouched(node.shape.length - 1)) return undefined;
  return {
    low,
    interior,
    shape: inOrder(x.shape),
    padded(before, behind) {
      const attrs = { low: back(before), high: back(behind), interior: low.map(() => 0) };
      return context.make("transpose", [context.make("pad", [x, zero], attrs)], { permutation: order });
    },
  };
}

/** What every `step`-th result along an axis, from the r-th on, needs where elements are so far apart: no zeros between. */
interface Phase {
  /** The first element of the window that meets an element of the array. */
  readonly first: number;
  /** Whether there is one. */
  readonly reaches: boolean;
  readonly low: number;
  readonly high: number;
  /** How many results there are. */
  readonly count: number;
}

/** @param span of the window, from its first to its last element */
function phaseOf(r: number, step: number, low: number, n: number, span: number, results: number): Phase {
  const first = (((low - r) % step) + step) % step;
  const count = Math.ceil((results - r) / step);
  const begin = (r + first - low) / step;
  const terms = Math.max(0, Math.ceil((span - first) / step));
  return { first, reaches: terms > 0, low: 0 - begin, high: begin + count + terms - 1 - n, count };
}

/** All ways to choose one item of each list, the last list fastest. */
function choices<T>(lists: readonly (readonly T[])[]): T[][] {
  return lists.reduce<T[][]>((all, list) => all.flatMap((some) => list.map((item) => [...some, item])), [[]]);
}

/**
 * A convolution over an array with zeros between its elements, as one convolution without them for each remainder of the
 * place by the distance, whose results take turns.
 */
function inPhases(node: Node<"convolution">, x: Spread, context: Context): Node {
  const kernel = node.inputs[1]!;
  const last = node.shape.length - 1;
  const window = kernel.shape.slice(0, -2);
  const steps = window.map((_, d) => x.interior[d + 1]! + 1);
  const phases = window.map((k, d) =>
    Array.from({ length: steps[d]! }, (_, r) =>
      phaseOf(
        r,
        steps[d]!,
        x.low[d + 1]!,
        x.shape[d + 1]!,
        windowSpan(k, node.attrs.dilations[d]!),
        node.shape[d + 1]!,
      ),
    ),
  );
  // Each phase has as many results as the first, which has most.
  const counts = phases.map((list) => list[0]!.count);
  const shape = [node.shape[0]!, ...counts, node.shape[last]!];
  const around = (list: readonly number[]): number[] => [0, ...list, 0];
  const parts = choices(phases).map((chosen): Node => {
    if (!chosen.every((p) => p.reaches)) return constantOf(0, { shape, dtype: node.dtype }, context);
    const start = [...chosen.map((p) => p.first), 0, 0];
    const strides = [...steps, 1, 1];
    const own = context.make("slice", [kernel], { start, limit: kernel.shape, strides });
    const high = around(chosen.map((p, d) => p.high + counts[d]! - p.count));
    const read = x.padded(around(chosen.map((p) => p.low)), high);
    return context.make("convolution", [read, own], node.attrs);
  });
  const lead = parts.map((p) => reshaped(p, [1, ...shape], context));
  const all = context.make("concatenate", lead, { axis: 0 });
  const split = reshaped(all, [...steps, ...shape], context);
  const rank = window.length;
  const order = [rank, ...window.flatMap((_, d) => [rank + 1 + d, d]), 2 * rank + 1];
  const turns = context.make("transpose", [split], { permutation: order });
  const space = counts.map((m, d) => m * steps[d]!);
  const whole = reshaped(turns, [shape[0]!, ...space, shape[last]!], context);
  return context.make("slice", [whole], {
    start: node.shape.map(() => 0),
    limit: node.shape,
    strides: node.shape.map(() => 1),
  });
}

export const windows: readonly Rule[] = [
  // Zeros stay zeros: those around and between elements may come after windows of one element …
  on("convolution", (node, context) => {
    const [padded, kernel] = [node.inputs[0]!, node.inputs[1]!];
    const { strides } = node.attrs;
    if (!is(padded, "pad") || spreadOf(padded, context) === undefined || strides.some((s) => s > 1))
      return undefined;
    if (kernel.shape.slice(0, -2).some((k) => k > 1)) return undefined;
    const small = context.make("convolution", [padded.inputs[0]!, kernel], node.attrs);
    return context.make("pad", [small, padded.inputs[1]!], padded.attrs);
  }),
  // … and need not be multiplied in larger ones.
  on("convolution", (node, context) => {
    const x = spreadOf(node.inputs[0]!, context);
    const { strides, dilations } = node.attrs;
    if (x === undefined || strides.some((s) => s > 1)) return undefined;
    const apart = dilations.map((_, d) => x.interior[d + 1]! > 0);
    if (!apart.includes(true) || apart.some((is, d) => is && dilations[d]! > 1)) return undefined;
    return inPhases(node, x, context);
  }),
  // Results that are left out need not be computed.
  on("slice", (node, context) => {
    const conv = node.inputs[0]!;
    if (!is(conv, "convolution") || node.attrs.strides.every((s) => s === 1)) return undefined;
    const [x, kernel] = [conv.inputs[0]!, conv.inputs[1]!];
    const { start, strides } = node.attrs;
    const last = node.shape.length - 1;
    if (start[0] !== 0 || start[last] !== 0 || strides[0] !== 1 || strides[last] !== 1) return undefined;
    if (node.shape[0] !== conv.shape[0] || node.shape[last] !== conv.shape[last]) return undefined;
    const { strides: own, dilations, groups } = conv.attrs;
    const steps = own.map((s, d) => s * strides[d + 1]!);
    const begin = x.shape.map((_, d) => (d === 0 || d === last ? 0 : start[d]! * own[d - 1]!));
    const limit = x.shape.map((n, d) => {
      if (d === 0 || d === last) return n;
      const span = windowSpan(kernel.shape[d - 1]!, dilations[d - 1]!);
      return begin[d]! + (node.shape[d]! - 1) * steps[d - 1]! + span;
    });
    const read = context.make("slice", [x], { start: begin, limit, strides: x.shape.map(() => 1) });
    return context.make("convolution", [read, kernel], { strides: steps, dilations, groups });
  }),
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
