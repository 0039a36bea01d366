/** Primitives that arrange elements anew: reshape, transpose, broadcast, slice, pad, concatenate, reverse, iota. */
import { isPrimitive as is, type Node } from "../../../engine/index.ts";
import { combine, type Dim, type Dims, fixed, isFixed, product, sameDim } from "./dims.ts";
import { elementTypes } from "./proto.ts";
import { isSuffix, storedAs, type Values } from "./values.ts";

/** Translates one node, if it is of this kind. */
export function view(values: Values, node: Node): boolean {
  const { emitter } = values;
  const x = node.inputs[0]!;
  if (is(node, "constant")) values.set(node, { name: constant(values, node), shape: [] });
  else if (is(node, "iota")) iota(values, node);
  else if (is(node, "reshape")) reshape(values, node, x);
  else if (is(node, "optimization_barrier")) values.set(node, values.get(x));
  else if (is(node, "transpose"))
    values.setWhole(node, values.transposed(values.whole(x), node.attrs.permutation));
  else if (is(node, "broadcast_in_dim")) broadcast(values, node, x);
  else if (is(node, "slice")) slice(values, node, x);
  else if (is(node, "pad")) values.setWhole(node, padded(values, node));
  else if (is(node, "concatenate")) {
    const parts = node.inputs.map((part) => values.whole(part));
    values.setWhole(node, emitter.op("Concat", parts, { axis: node.attrs.axis }));
  } else if (is(node, "reverse")) {
    const { axes } = node.attrs;
    const all = (n: number): string => emitter.ints(axes.map(() => n));
    const inputs = [values.whole(x), all(-1), all(-(2 ** 31)), emitter.ints(axes), all(-1)];
    values.setWhole(node, axes.length === 0 ? inputs[0]! : emitter.op("Slice", inputs));
  } else return false;
  return true;
}

/** A number, which may be one of samples or a multiple of it. */
function constant(values: Values, node: Node<"constant">): string {
  const { emitter, twins } = values;
  if (twins.agree(node, (n) => n.attrs.value)) return values.number(node.dtype, node.attrs.value);
  const length = emitter.length(twins.length(node, (n) => n.attrs.value));
  const number = emitter.op("Squeeze", [length, emitter.ints([0])]);
  return emitter.op("Cast", [number], { to: elementTypes[storedAs(node.dtype)] });
}

/** The numbers 0, 1, 2, … along an axis, of which the other axes have length 1. */
function iota(values: Values, node: Node<"iota">): void {
  const { emitter } = values;
  const dims = values.shape(node);
  const { axis } = node.attrs;
  const length = emitter.op("Squeeze", [emitter.length(dims[axis]!), emitter.ints([0])]);
  const range = emitter.op("Range", [emitter.int(0), length, emitter.int(1)]);
  const numbers = emitter.op("Cast", [range], { to: elementTypes[storedAs(node.dtype)] });
  const shape = dims.slice(axis).map((d, i) => (i === 0 ? d : fixed(1)));
  values.set(node, { name: shape.length === 1 ? numbers : values.reshaped(numbers, shape), shape });
}

function reshape(values: Values, node: Node, x: Node): void {
  const value = values.get(x);
  if (value.shape.length === 0) values.set(node, value);
  else values.setWhole(node, values.reshaped(values.whole(x), values.shape(node)));
}

/** Lengths of 1 that operators repeat by themselves; the axes ahead of the first one that counts stay away. */
function broadcast(values: Values, node: Node<"broadcast_in_dim">, x: Node): void {
  const value = values.get(x);
  const rank = node.shape.length;
  const { dims } = node.attrs;
  const whole: Dim[] = new Array<Dim>(rank).fill(fixed(1));
  // The value may have fewer axes than its node: those in front are missing.
  const missing = dims.length - value.shape.length;
  value.shape.forEach((d, i) => {
    whole[dims[missing + i]!] = d;
  });
  const first = whole.findIndex((d) => !isFixed(d, 1));
  if (first < 0) {
    const name = value.shape.length === 0 ? value.name : values.reshaped(value.name, []);
    return values.set(node, { name, shape: [] });
  }
  const shape = whole.slice(first);
  const same = shape.length === value.shape.length && shape.every((d, i) => sameDim(d, value.shape[i]!));
  const name = same ? value.name : values.reshaped(value.name, shape);
  if (!isSuffix(shape, values.shape(node))) throw new Error("a broadcast value does not fit its node");
  values.set(node, { name, shape });
}

function slice(values: Values, node: Node<"slice">, x: Node): void {
  const { emitter, twins } = values;
  const from = values.shape(x);
  const starts = twins.list(node, (n) => n.attrs.start);
  const limits = twins.list(node, (n) => n.attrs.limit);
  const { strides } = node.attrs;
  const axes = from
    .map((_, i) => i)
    .filter((i) => strides[i] !== 1 || !isFixed(starts[i]!, 0) || !sameDim(limits[i]!, from[i]!));
  if (axes.length === 0) return values.set(node, values.get(x));
  const pick = (list: Dims): string => emitter.lengths(axes.map((i) => list[i]!));
  const inputs = [values.whole(x), pick(starts), pick(limits), emitter.ints(axes)];
  if (axes.some((i) => strides[i] !== 1)) inputs.push(emitter.ints(axes.map((i) => strides[i]!)));
  values.setWhole(node, emitter.op("Slice", inputs));
}

/**
 * A padded array.
 *
 * @param without axes whose padding somebody else does
 */
export function padded(values: Values, node: Node<"pad">, without: readonly number[] = []): string {
  const { emitter } = values;
  const [x, number] = node.inputs as [Node, Node];
  let { low, high, interior } = node.attrs;
  const zero = (n: number, i: number): number => (without.includes(i) ? 0 : n);
  [low, high, interior] = [low.map(zero), high.map(zero), interior.map(zero)];
  const value = values.whole(number);
  let dims = values.shape(x);
  let name = values.whole(x);
  const pad = (ends: readonly number[]): void => {
    if (ends.some((n) => n !== 0))
      name = emitter.op("Pad", [name, emitter.ints(ends), value], { mode: "constant" });
  };
  if (interior.some((n) => n > 0)) {
    // Each element gets an axis of its own, which is padded; then the axes are one again, without the last padding.
    const apart = dims.flatMap((d) => [d, fixed(1)]);
    name = values.reshaped(name, apart);
    pad([...apart.map(() => 0), ...interior.flatMap((n) => [0, n])]);
    const full = dims.map((d, i) => product([d, fixed(interior[i]! + 1)]));
    name = values.reshaped(name, full);
    const cut = dims.map((_, i) => i).filter((i) => interior[i]! > 0);
    const all = (n: (i: number) => number): string => emitter.ints(cut.map(n));
    name = emitter.op("Slice", [name, all(() => 0), all((i) => -interior[i]!), all((i) => i)]);
    dims = full.map((d, i) => combine([d, 1], [fixed(interior[i]!), -1]));
  }
  pad([...low, ...high]);
  return name;
}
