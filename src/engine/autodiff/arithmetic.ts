/** Short names for the arithmetic that gradient rules are written in. Operands have one shape. */
import { apply, broadcastInDim, compare, constantLike } from "../graph/build.ts";
import type { Node } from "../graph/node.ts";
import type { Direction } from "../graph/primitives.ts";
import type { Shape } from "../tensor/shape.ts";

export const add = (x: Node, y: Node): Node => apply("add", x, y);
export const sub = (x: Node, y: Node): Node => apply("subtract", x, y);
export const mul = (x: Node, y: Node): Node => apply("multiply", x, y);
export const div = (x: Node, y: Node): Node => apply("divide", x, y);
export const neg = (x: Node): Node => apply("negate", x);

/** x · factor */
export const scale = (x: Node, factor: number): Node => mul(x, constantLike(factor, x));

/** x + term */
export const shift = (x: Node, term: number): Node => add(x, constantLike(term, x));

/** value - x */
export const from = (value: number, x: Node): Node => sub(constantLike(value, x), x);

export const zeros = (like: Node): Node => constantLike(0, like);

/** x where the condition holds, elsewhere zero. */
export const where = (condition: Node, x: Node): Node => apply("select", condition, x, zeros(x));

/** Compares with one number. */
export const is = (x: Node, direction: Direction, value: number): Node =>
  compare(direction, x, constantLike(value, x));

/** Undoes a reduction's change of shape: repeats x along the axes that were reduced. */
export function unreduce(x: Node, shape: Shape, axes: readonly number[]): Node {
  return broadcastInDim(
    x,
    shape,
    shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis)),
  );
}
