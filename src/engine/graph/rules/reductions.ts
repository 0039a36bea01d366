/**
 * Rules of reductions. Sums may round differently when they are merged, and a sum of nothing but -0 may stay -0 where
 * adding up from 0 would give +0; NaN and infinities are kept.
 */
import { isFloat, roundTo, wrapTo } from "../../tensor/dtype.ts";
import { sameShape, sizeOf } from "../../tensor/shape.ts";
import { scalarValue } from "../build.ts";
import { is, type Node } from "../node.ts";
import { constantOf, on, type Rule } from "../pattern.ts";
import type { ReduceKind } from "../primitives.ts";
import { integerPower } from "./evaluate.ts";
import { reshaped } from "./views.ts";

const overNothing: { readonly [K in ReduceKind]: number } = {
  sum: 0,
  prod: 1,
  max: Number.NEGATIVE_INFINITY,
  min: Number.POSITIVE_INFINITY,
  and: 1,
  or: 0,
};

/** How many elements make one of the result. */
const countOf = (node: Node<"reduce">): number => {
  return sizeOf(node.attrs.axes.map((a) => node.inputs[0]!.shape[a]!));
};

/** The reduction of `count` times the same number. */
function reduceAlike(node: Node<"reduce">, value: number, count: number): number {
  const { dtype, attrs } = node;
  if (attrs.kind === "sum")
    return isFloat(dtype) ? value * count + 0 : wrapTo(dtype, Math.imul(value, count));
  if (attrs.kind === "prod") return isFloat(dtype) ? value ** count : integerPower(dtype, value, count);
  return value;
}

export const reductions: readonly Rule[] = [
  // Over nothing: a number that only the kind decides.
  on("reduce", (node, context) => {
    return countOf(node) === 0 ? constantOf(overNothing[node.attrs.kind], node, context) : undefined;
  }),
  // Along axes of length 1, or none: a reshape.
  on("reduce", (node, context) => {
    return countOf(node) === 1 ? reshaped(node.inputs[0]!, node.shape, context) : undefined;
  }),
  on("reduce", (node, context) => {
    const value = scalarValue(node.inputs[0]!);
    return value === undefined
      ? undefined
      : constantOf(reduceAlike(node, value, countOf(node)), node, context);
  }),
  // reduce of reduce of the same kind → reduce along the axes of both
  on("reduce", (node, context) => {
    const inner = node.inputs[0]!;
    const { kind } = node.attrs;
    if (!is(inner, "reduce") || inner.attrs.kind !== kind || context.uses(inner) > 1) return undefined;
    const x = inner.inputs[0]!;
    const left = x.shape.map((_, i) => i).filter((i) => !inner.attrs.axes.includes(i));
    const axes = [...inner.attrs.axes, ...node.attrs.axes.map((a) => left[a]!)].sort((a, b) => a - b);
    return context.make("reduce", [x], { kind, axes });
  }),
  // reduce of transpose → reduce, or transpose of what is left
  on("reduce", (node, context) => {
    const moved = node.inputs[0]!;
    if (!is(moved, "transpose")) return undefined;
    const { permutation } = moved.attrs;
    const axes = node.attrs.axes.map((a) => permutation[a]!).sort((a, b) => a - b);
    const small = context.make("reduce", moved.inputs, { kind: node.attrs.kind, axes });
    const left = permutation.filter((p) => !axes.includes(p));
    const sorted = [...left].sort((a, b) => a - b);
    return context.make("transpose", [small], { permutation: left.map((p) => sorted.indexOf(p)) });
  }),
  // reduce along axes that a broadcast repeats → the element itself; times the number of them for a sum
  on("reduce", (node, context) => {
    const wide = node.inputs[0]!;
    const { kind, axes } = node.attrs;
    if (!is(wide, "broadcast_in_dim") || kind === "prod") return undefined;
    const x = wide.inputs[0]!;
    const { dims } = wide.attrs;
    if (dims.some((d, i) => axes.includes(d) && x.shape[i] !== 1)) return undefined;
    const kept = dims.flatMap((d, i) => (axes.includes(d) ? [] : [i]));
    let small = reshaped(
      x,
      kept.map((i) => x.shape[i]!),
      context,
    );
    if (kind === "sum") {
      const count = isFloat(node.dtype) ? countOf(node) : wrapTo(node.dtype, countOf(node));
      if (roundTo(node.dtype, count) !== count) return undefined;
      small = context.make("multiply", [small, constantOf(count, small, context)], {});
    }
    if (sameShape(small.shape, node.shape)) return small;
    const left = wide.shape.map((_, i) => i).filter((i) => !axes.includes(i));
    return context.make("broadcast_in_dim", [small], {
      shape: node.shape,
      dims: kept.map((i) => left.indexOf(dims[i]!)),
    });
  }),
  on("arg_reduce", (node, context) => {
    return node.inputs[0]!.shape[node.attrs.axis] === 1 ? constantOf(0, node, context) : undefined;
  }),
];
