/** Makes checked nodes: the one place where graphs grow. Operands must already agree; nothing is broadcast silently. */
import type { DType } from "../tensor/dtype.ts";
import { roundTo } from "../tensor/dtype.ts";
import { TsunoError } from "../tensor/errors.ts";
import { type Shape, sameShape, sizeOf } from "../tensor/shape.ts";
import { type Graph, makeNode, type Node } from "./node.ts";
import {
  type Attrs,
  type Direction,
  type Primitive,
  type PrimitiveRule,
  primitives,
  type ReduceKind,
  type Type,
} from "./primitives.ts";

/**
 * A node of any primitive, with the shape and dtype that its rule gives.
 *
 * @throws ShapeError, DTypeError when the operands do not fit
 */
export function build<P extends Primitive>(op: P, inputs: readonly Node[], attrs: Attrs[P]): Node<P> {
  const rule: PrimitiveRule<P> | undefined = primitives[op];
  if (rule === undefined) throw new TsunoError(`${op}: the module of its operation has not been loaded`);
  if (rule.arity >= 0 && inputs.length !== rule.arity) {
    throw new TsunoError(`${op} takes ${rule.arity} operands. Received: ${inputs.length}`);
  }
  const { shape, dtype } = rule.infer(inputs, attrs);
  return makeNode(op, inputs, attrs, shape, dtype);
}

/** Primitives without attributes. */
export type PlainPrimitive = {
  [P in Primitive]: keyof Attrs[P] extends never ? P : never;
}[Primitive];

/** A primitive that needs nothing but operands. */
export function apply(op: PlainPrimitive, ...inputs: Node[]): Node {
  return build(op, inputs, {});
}

export function parameter(type: Type): Node {
  return build("parameter", [], { shape: type.shape, dtype: type.dtype });
}

/** One number in every element; brought to what the dtype can hold. */
export function constant(value: number, type: Type): Node {
  return build("constant", [], { value: roundTo(type.dtype, value), shape: type.shape, dtype: type.dtype });
}

/** The same number as another node's type. */
export function constantLike(value: number, like: Node): Node {
  return constant(value, like);
}

export function iota(shape: Shape, axis: number, dtype: DType): Node {
  return build("iota", [], { shape, axis, dtype });
}

export function convert(x: Node, dtype: DType): Node {
  return x.dtype === dtype ? x : build("convert", [x], { dtype });
}

export function compare(direction: Direction, x: Node, y: Node): Node {
  return build("compare", [x, y], { direction });
}

export function reshape(x: Node, shape: Shape): Node {
  return sameShape(x.shape, shape) ? x : build("reshape", [x], { shape });
}

export function transpose(x: Node, permutation: readonly number[]): Node {
  return permutation.every((p, i) => p === i) ? x : build("transpose", [x], { permutation });
}

export function broadcastInDim(x: Node, shape: Shape, dims: readonly number[]): Node {
  return sameShape(x.shape, shape) ? x : build("broadcast_in_dim", [x], { shape, dims });
}

/** Broadcasts by NumPy's rule: axes are matched from the last one. */
export function broadcastTo(x: Node, shape: Shape): Node {
  const skip = shape.length - x.shape.length;
  return broadcastInDim(
    x,
    shape,
    x.shape.map((_, i) => i + skip),
  );
}

export function reduce(kind: ReduceKind, x: Node, axes: readonly number[]): Node {
  return axes.length === 0 ? x : build("reduce", [x], { kind, axes });
}

export function sum(x: Node, axes: readonly number[]): Node {
  return reduce("sum", x, axes);
}

export function dotGeneral(x: Node, y: Node, attrs: Attrs["dot_general"]): Node {
  return build("dot_general", [x, y], attrs);
}

export function slice(
  x: Node,
  start: readonly number[],
  limit: readonly number[],
  strides?: readonly number[],
): Node {
  return build("slice", [x], { start, limit, strides: strides ?? start.map(() => 1) });
}

/** The largest count that there is. */
export const anyCount: number = 2 ** 31 - 1;

/**
 * A loop, as one node for each carried value.
 *
 * @param count how often the body runs (int32 scalar)
 * @param carries the values to begin with
 * @param captures values that the body reads and never changes
 * @param body takes (index, …carries, …captures), gives the carries anew
 * @param options `conditional`: whether a round begins only while the first carried value is true (default false); `most`: a
 *   number that the count does not exceed
 */
export function loop(
  count: Node,
  carries: readonly Node[],
  captures: readonly Node[],
  body: Graph,
  options: { readonly conditional?: boolean; readonly most?: number } = {},
): Node[] {
  const { conditional = false, most = anyCount } = options;
  const attrs = { body, carries: carries.length, conditional, most };
  const node = build("loop", [count, ...carries, ...captures], attrs);
  return carries.map((_, index) => build("result", [node], { index }));
}

/** Whether a node is one number everywhere, and which. */
export function scalarValue(node: Node): number | undefined {
  return node.op === "constant" ? (node as Node<"constant">).attrs.value : undefined;
}

/** Whether a node has no elements. */
export function isEmpty(node: Node): boolean {
  return sizeOf(node.shape) === 0;
}
