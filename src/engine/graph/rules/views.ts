/**
 * Rules of what moves elements without computing. Axes of length 1 come and go by `reshape`; `broadcast_in_dim` is left
 * for what really repeats, and swallows the reshapes around it.
 */
import { type Shape, sameShape, sizeOf } from "../../tensor/shape.ts";
import { scalarValue } from "../build.ts";
import { is, type Node } from "../node.ts";
import { type Context, on, type Rule } from "../pattern.ts";
import { isElementwise, type Primitive, primitives } from "../primitives.ts";

/** Longer concatenations are not flattened: chains of them would take quadratic time. */
const maxOperands = 64;

/** `x` with another shape; itself if that is its shape. */
export function reshaped(x: Node, shape: Shape, context: Context): Node {
  return sameShape(x.shape, shape) ? x : context.make("reshape", [x], { shape });
}

const ascending = (axes: readonly number[]): boolean => axes.every((a, i) => i === 0 || a > axes[i - 1]!);
const longAxes = (shape: Shape): number[] => shape.flatMap((n, i) => (n === 1 ? [] : [i]));

/**
 * For shapes that differ by axes of length 1 only: which axis of `to` each axis of `from` is; undefined for those of
 * length 1. Undefined altogether for other shapes.
 */
function matchAxes(from: Shape, to: Shape): (number | undefined)[] | undefined {
  const [long, target] = [longAxes(from), longAxes(to)];
  if (long.length !== target.length || long.some((axis, k) => from[axis] !== to[target[k]!]))
    return undefined;
  const out = new Array<number | undefined>(from.length).fill(undefined);
  long.forEach((axis, k) => {
    out[axis] = target[k];
  });
  return out;
}

/** Ascending places for all axes, where some are given; undefined if they do not fit into the rank. */
function fillIn(places: readonly (number | undefined)[], rank: number): number[] | undefined {
  const out: number[] = [];
  for (const place of places) {
    const next = (out.at(-1) ?? -1) + 1;
    if (place !== undefined && place < next) return undefined;
    out.push(place ?? next);
  }
  return (out.at(-1) ?? -1) < rank ? out : undefined;
}

/** A slice by what it keeps of each axis: `count` elements from `start`, every `stride`-th. */
function sliced(x: Node, start: number[], count: Shape, strides: readonly number[], context: Context): Node {
  const limit = start.map((s, i) => s + (count[i]! - 1) * strides[i]! + 1);
  return context.make("slice", [x], { start, limit, strides });
}

const reshapes: readonly Rule[] = [
  on("reshape", (node) => (sameShape(node.inputs[0]!.shape, node.shape) ? node.inputs[0] : undefined)),
  // reshape of reshape → reshape
  on("reshape", (node, context) => {
    const x = node.inputs[0]!;
    return x.op === "reshape" ? reshaped(x.inputs[0]!, node.shape, context) : undefined;
  }),
  // reshape of broadcast → broadcast, where axes of length 1 come or go
  on("reshape", (node, context) => {
    const wide = node.inputs[0]!;
    if (!is(wide, "broadcast_in_dim")) return undefined;
    const x = wide.inputs[0]!;
    const { dims } = wide.attrs;
    if (sizeOf(x.shape) === 1) {
      return context.make("broadcast_in_dim", [reshaped(x, [], context)], { shape: node.shape, dims: [] });
    }
    const axes = matchAxes(wide.shape, node.shape);
    if (axes === undefined) return undefined;
    const kept = dims.flatMap((d, i) => (axes[d] === undefined ? [] : [i]));
    const narrow = reshaped(
      x,
      kept.map((i) => x.shape[i]!),
      context,
    );
    return context.make("broadcast_in_dim", [narrow], {
      shape: node.shape,
      dims: kept.map((i) => axes[dims[i]!]!),
    });
  }),
];

const transposes: readonly Rule[] = [
  // A transpose that moves nothing but axes of length 1 is a reshape, or nothing.
  on("transpose", (node, context) => {
    const x = node.inputs[0]!;
    return ascending(node.attrs.permutation.filter((p) => x.shape[p] !== 1))
      ? reshaped(x, node.shape, context)
      : undefined;
  }),
  // transpose of transpose → transpose
  on("transpose", (node, context) => {
    const x = node.inputs[0]!;
    if (!is(x, "transpose")) return undefined;
    const permutation = node.attrs.permutation.map((p) => x.attrs.permutation[p]!);
    return context.make("transpose", x.inputs, { permutation });
  }),
  // transpose of broadcast → broadcast of the smaller transpose
  on("transpose", (node, context) => {
    const wide = node.inputs[0]!;
    if (!is(wide, "broadcast_in_dim")) return undefined;
    const places = wide.attrs.dims.map((d) => node.attrs.permutation.indexOf(d));
    const permutation = places.map((_, i) => i).sort((i, j) => places[i]! - places[j]!);
    const narrow = context.make("transpose", wide.inputs, { permutation });
    return context.make("broadcast_in_dim", [narrow], {
      shape: node.shape,
      dims: permutation.map((i) => places[i]!),
    });
  }),
];

const broadcasts: readonly Rule[] = [
  // A broadcast that repeats nothing is a reshape.
  on("broadcast_in_dim", (node, context) => {
    const x = node.inputs[0]!;
    return sizeOf(x.shape) === sizeOf(node.shape) ? reshaped(x, node.shape, context) : undefined;
  }),
  // broadcast of broadcast → broadcast
  on("broadcast_in_dim", (node, context) => {
    const x = node.inputs[0]!;
    if (!is(x, "broadcast_in_dim")) return undefined;
    const dims = x.attrs.dims.map((d) => node.attrs.dims[d]!);
    return context.make("broadcast_in_dim", x.inputs, { shape: node.shape, dims });
  }),
  // broadcast of reshape → broadcast, where the reshape adds or drops axes of length 1 that have a place in the result
  on("broadcast_in_dim", (node, context) => {
    const middle = node.inputs[0]!;
    if (middle.op !== "reshape") return undefined;
    const x = middle.inputs[0]!;
    const axes = matchAxes(x.shape, middle.shape);
    const dims =
      axes &&
      fillIn(
        axes.map((a) => (a === undefined ? a : node.attrs.dims[a])),
        node.shape.length,
      );
    return dims && context.make("broadcast_in_dim", [x], { shape: node.shape, dims });
  }),
  // Elementwise on repeated elements → repeat the result: compute each of them once.
  on((Object.keys(primitives) as Primitive[]).filter(isElementwise), (node, context) => {
    const varying = new Set<number>();
    for (const input of node.inputs) {
      if (input.op === "constant") continue;
      if (!is(input, "broadcast_in_dim")) return undefined;
      const { shape } = input.inputs[0]!;
      input.attrs.dims.forEach((d, i) => {
        if (shape[i] !== 1) varying.add(d);
      });
    }
    const axes = [...varying].sort((a, b) => a - b);
    const shape = axes.map((a) => node.shape[a]!);
    if (sizeOf(shape) === sizeOf(node.shape)) return undefined;
    const inputs = node.inputs.map((input) => narrowed(input, axes, shape, context));
    const small = context.make(node.op, inputs, node.attrs);
    return context.make("broadcast_in_dim", [small], { shape: node.shape, dims: axes });
  }),
];

/** A constant or broadcast as it is along some of its axes; it does not vary along the others. */
function narrowed(node: Node, axes: readonly number[], shape: Shape, context: Context): Node {
  if (is(node, "constant")) return context.make("constant", [], { ...node.attrs, shape });
  const [x, { dims }] = [node.inputs[0]!, (node as Node<"broadcast_in_dim">).attrs];
  const kept = dims.flatMap((_, i) => (x.shape[i] === 1 ? [] : [i]));
  const small = reshaped(
    x,
    kept.map((i) => x.shape[i]!),
    context,
  );
  return context.make("broadcast_in_dim", [small], { shape, dims: kept.map((i) => axes.indexOf(dims[i]!)) });
}

const slices: readonly Rule[] = [
  // The whole.
  on("slice", (node) => (sameShape(node.inputs[0]!.shape, node.shape) ? node.inputs[0] : undefined)),
  // slice of slice → slice
  on("slice", (node, context) => {
    const x = node.inputs[0]!;
    if (!is(x, "slice")) return undefined;
    const start = x.attrs.start.map((s, i) => s + node.attrs.start[i]! * x.attrs.strides[i]!);
    const strides = x.attrs.strides.map((s, i) => s * node.attrs.strides[i]!);
    return sliced(x.inputs[0]!, start, node.shape, strides, context);
  }),
  // slice of broadcast → broadcast of the smaller slice
  on("slice", (node, context) => {
    const wide = node.inputs[0]!;
    if (!is(wide, "broadcast_in_dim")) return undefined;
    const x = wide.inputs[0]!;
    const { dims } = wide.attrs;
    const { start, strides } = node.attrs;
    const repeated = x.shape.map((n) => n === 1);
    const small = sliced(
      x,
      dims.map((d, i) => (repeated[i] ? 0 : start[d]!)),
      dims.map((d, i) => (repeated[i] ? 1 : node.shape[d]!)),
      dims.map((d, i) => (repeated[i] ? 1 : strides[d]!)),
      context,
    );
    return context.make("broadcast_in_dim", [small], { shape: node.shape, dims });
  }),
  // slice of concatenate → slice of the one operand that it lies in
  on("slice", (node, context) => {
    const whole = node.inputs[0]!;
    if (!is(whole, "concatenate")) return undefined;
    const { axis } = whole.attrs;
    const start = [...node.attrs.start];
    const end = start[axis]! + (node.shape[axis]! - 1) * node.attrs.strides[axis]!;
    let offset = 0;
    for (const part of whole.inputs) {
      const length = part.shape[axis]!;
      if (start[axis]! >= offset && end < offset + length) {
        start[axis]! -= offset;
        return sliced(part, start, node.shape, node.attrs.strides, context);
      }
      offset += length;
    }
    return undefined;
  }),
  // slice of pad → slice, where it takes nothing of the padding
  on("slice", (node, context) => {
    const padded = node.inputs[0]!;
    if (!is(padded, "pad") || padded.attrs.interior.some((n) => n > 0)) return undefined;
    const x = padded.inputs[0]!;
    const start = node.attrs.start.map((s, i) => s - padded.attrs.low[i]!);
    const inside = start.every(
      (s, i) => s >= 0 && s + (node.shape[i]! - 1) * node.attrs.strides[i]! < x.shape[i]!,
    );
    return inside ? sliced(x, start, node.shape, node.attrs.strides, context) : undefined;
  }),
];

/** An array that lies among zeros, along one axis only: the axis, and where it begins. */
interface Placed {
  readonly x: Node;
  readonly axis: number;
  readonly start: number;
}

function placedOf(node: Node): Placed | undefined {
  if (!is(node, "pad") || scalarValue(node.inputs[1]!) !== 0) return undefined;
  const { low, high, interior } = node.attrs;
  if (interior.some((n) => n !== 0) || [...low, ...high].some((n) => n < 0)) return undefined;
  const axes = low.flatMap((n, i) => (n > 0 || high[i]! > 0 ? [i] : []));
  return axes.length === 1 ? { x: node.inputs[0]!, axis: axes[0]!, start: low[axes[0]!]! } : undefined;
}

/** The terms of a sum, if all of them lie among zeros along the same axis. */
function placedTerms(sum: Node): Placed[] | undefined {
  const out: Placed[] = [];
  const open = [sum];
  while (open.length > 0) {
    const node = open.pop()!;
    if (node.op === "add" && out.length + open.length < maxOperands) open.push(...node.inputs);
    else {
      const placed = placedOf(node);
      if (placed === undefined || (out.length > 0 && out[0]!.axis !== placed.axis)) return undefined;
      out.push(placed);
    }
  }
  return out;
}

const joins: readonly Rule[] = [
  // pad by nothing → x; pad that only cuts → slice
  on("pad", (node, context) => {
    const x = node.inputs[0]!;
    const { low, high, interior } = node.attrs;
    if ([...low, ...high].some((n) => n > 0) || interior.some((n) => n !== 0)) return undefined;
    if (sameShape(x.shape, node.shape)) return x;
    return sliced(
      x,
      low.map((n) => 0 - n),
      node.shape,
      low.map(() => 1),
      context,
    );
  }),
  // a sum of pads by 0 that lie side by side → concatenate: what the gradients of slices add up to
  on("add", (node, context) => {
    const parts = placedTerms(node);
    if (parts === undefined) return undefined;
    parts.sort((a, b) => a.start - b.start);
    const { axis } = parts[0]!;
    let end = 0;
    for (const { start, x } of parts) {
      if (start !== end) return undefined;
      end += x.shape[axis]!;
    }
    if (end !== node.shape[axis]! || parts.length > maxOperands) return undefined;
    return context.make(
      "concatenate",
      parts.map(({ x }) => x),
      { axis },
    );
  }),
  // concatenate of one → x; what is empty is left out; concatenate of concatenate → concatenate
  on("concatenate", (node, context) => {
    const { axis } = node.attrs;
    const flat = (x: Node): readonly Node[] => {
      if (x.shape[axis] === 0) return [];
      return is(x, "concatenate") && x.attrs.axis === axis && x.inputs.length <= maxOperands ? x.inputs : [x];
    };
    const inputs = node.inputs.flatMap(flat);
    if (inputs.length === 1) return inputs[0];
    if (inputs.length > maxOperands || inputs.every((x, i) => x === node.inputs[i])) return undefined;
    return context.make("concatenate", inputs, { axis });
  }),
  // reverse along axes of length 1 → x; reverse of reverse → reverse along what only one of them turns round
  on("reverse", (node, context) => {
    const x = node.inputs[0]!;
    const axes = node.attrs.axes.filter((a) => x.shape[a] !== 1);
    if (axes.length === 0) return x;
    const inner = is(x, "reverse") ? x.attrs.axes : [];
    if (inner.length === 0 && axes.length === node.attrs.axes.length) return undefined;
    const left = [...axes.filter((a) => !inner.includes(a)), ...inner.filter((a) => !axes.includes(a))].sort(
      (a, b) => a - b,
    );
    const source = inner.length > 0 ? x.inputs[0]! : x;
    return left.length === 0 ? source : context.make("reverse", [source], { axes: left });
  }),
];

export const views: readonly Rule[] = [...reshapes, ...transposes, ...broadcasts, ...slices, ...joins];
