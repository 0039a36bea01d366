/** What the table of gradients holds: for each primitive how a cotangent of its result goes over to its operands. */
import type { Node } from "../graph/node.ts";
import type { Primitive } from "../graph/primitives.ts";

/**
 * One cotangent for each operand; undefined (or nothing, at the end) means zero.
 *
 * A rule may use the operands and the node itself, all of which are alive anyway when the function's value is needed.
 * Everything it builds is made of primitives, so that it can be differentiated again.
 */
export type Cotangents = readonly (Node | undefined)[];

/** The vector-Jacobian product of one primitive. */
export type VjpRule<P extends Primitive> = (node: Node<P>, cotangent: Node) => Cotangents;

/** A rule for each of some primitives. */
export type VjpRules<P extends Primitive> = { readonly [Q in P]: VjpRule<Q> };

/** The rule of primitives whose derivative is zero wherever it exists. Nodes with this rule are not even visited. */
export const zero: (node: Node, cotangent: Node) => Cotangents = () => [];
