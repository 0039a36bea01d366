/** What the tables of the reference backend hold: one function per primitive, from operands' elements to elements. */
import type { Node } from "../../graph/node.ts";
import type { Primitive } from "../../graph/primitives.ts";
import type { TypedArray } from "../../tensor/dtype.ts";

/** Computes a node's elements, in row-major order, from those of its operands. It never writes into an operand. */
export type Rule<P extends Primitive> = (node: Node<P>, operands: readonly TypedArray[]) => TypedArray;

/** A rule for each of some primitives. */
export type Rules<P extends Primitive> = { readonly [Q in P]: Rule<Q> };
