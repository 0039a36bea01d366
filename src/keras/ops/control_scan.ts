/** keras.ops.core: loops that go through arrays and keep something of every step. */
import * as engine from "../../engine/index.ts";
import {
  checkOptions,
  normalizeAxis,
  ShapeError,
  show,
  showShape,
  type Tensor,
  ValueError,
} from "../../engine/index.ts";
import { type Tensors, takeApart } from "./tensor_tree.ts";

/** Options of {@link scan}. */
export interface ScanOptions<X> {
  /** A tensor, or nested arrays and objects of tensors, with one row for each step. Default: none. */
  readonly xs?: X | null;
  /** The number of steps. Default: the number of rows. */
  readonly length?: number | null;
  /** Whether to go from the last row to the first; what a step gives stands at the place of its row. Default false. */
  readonly reverse?: boolean;
  /** How many steps Keras's backends put into one round of a loop; here the compiler decides. Default 1. */
  readonly unroll?: number | boolean;
}

/**
 * Goes through arrays step by step: a step takes what the step before carried on and one row, and gives what it carries on
 * and an output, which are stacked.
 *
 * @param f takes the carried value and a row of `xs` (null without `xs`), gives `[carried, output]`; the carried value
 *   keeps its structure, shapes and dtypes; the output may be null
 * @param init the value to begin with: a tensor, or nested arrays and objects of tensors
 * @param options `xs`, `length`, `reverse` (default false), `unroll`; `xs` or `length` must be given
 * @returns the last carried value, and the outputs of all steps along a new first axis
 * @throws ShapeError, DTypeError, ValueError when `xs`, `length` and what the steps give do not fit together
 *
 * @example
 * ```ts
 * const sums = ops.scan((sum, x) => [sum.add(x), sum.add(x)], 0, { xs: ops.array([1, 2, 3]) });
 * sums[0].item(); // → 6
 * sums[1].arraySync(); // → [1, 3, 6]
 * ```
 */
export function scan<C, Y, X = Tensor>(
  f: (carry: Tensors<C>, x: X) => readonly [carry: unknown, output: Y],
  init: C,
  options: ScanOptions<X> = {},
): [carry: Tensors<C>, outputs: Y] {
  checkOptions("scan", options, ["xs", "length", "reverse", "unroll"]);
  const { xs = null, reverse = false, unroll = 1 } = options;
  if (typeof unroll !== "boolean" && !(Number.isInteger(unroll) && unroll >= 1)) {
    throw new ValueError(
      `scan: expected unroll to be a positive whole number or a boolean. Received: ${show(unroll)}`,
    );
  }
  const rows = takeApart(xs);
  const lengths = new Set(rows.leaves.map((x) => x.shape[0]));
  const length = options.length ?? rows.leaves[0]?.shape[0];
  if (length === undefined)
    throw new ValueError("scan: expected xs with rows, or a length. Received neither");
  if (lengths.size > 1 || (lengths.size === 1 && !lengths.has(length))) {
    const shapes = rows.leaves.map((x) => showShape(x.shape)).join(", ");
    throw new ShapeError(`scan: expected ${length} rows in each of xs. Received shapes: ${shapes}`);
  }
  const start = takeApart(init);
  const step = (carry: readonly Tensor[], row: readonly Tensor[]): [carried: unknown, output: unknown] => {
    const given: unknown = f(start.build(carry) as Tensors<C>, (xs === null ? null : rows.build(row)) as X);
    if (Array.isArray(given) && given.length === 2) return given as [unknown, unknown];
    throw new ValueError(`scan: expected a step that gives [carried, output]. Received: ${show(given)}`);
  };
  // A first look: what the outputs are, and which dtypes plain numbers among the first values have to have.
  const outline = engine.outline(() => {
    const [carried, output] = step(
      start.leaves,
      rows.leaves.map((x) => engine.full(x.shape.slice(1), 0, x.dtype)),
    );
    return { carried: takeApart(carried).leaves.map((x) => x.dtype), output: takeApart(output) };
  });
  const values = plainNumbers(init);
  const first = start.leaves.map((x, i) => {
    const dtype = outline.carried[i];
    return values[i] === true && dtype !== undefined ? x.astype(engine.promote(x.dtype, dtype)) : x;
  });
  const done = engine.scan(
    first,
    rows.leaves,
    length,
    (carry, row) => {
      const [carried, output] = step(carry, row);
      return { carry: takeApart(carried).leaves, outputs: takeApart(output).leaves };
    },
    { reverse },
  );
  return [start.build(done.carry) as Tensors<C>, outline.output.build(done.outputs) as Y];
}

/** For each tensor of a tree, whether it was given as a plain number. */
function plainNumbers(tree: unknown): boolean[] {
  return engine
    .treeLeaves(tree)
    .filter((x) => x !== null && x !== undefined)
    .map((x) => typeof x === "number");
}

/** Options of {@link associativeScan}. */
export interface AssociativeScanOptions {
  /** Whether to go from the last element to the first. Default false. */
  readonly reverse?: boolean;
  /** The axis along which elements are combined. Default 0. */
  readonly axis?: number;
}

/**
 * Running combinations of elements along an axis, with an operation whose order of evaluation does not matter: as many as
 * there are elements, in rounds of which each halves what is left.
 *
 * @param f takes two elements, or arrays of them side by side, and gives their combination: `f(f(a, b), c)` must be
 *   `f(a, f(b, c))`
 * @param elems a tensor, or nested arrays and objects of tensors of one length along the axis
 * @param options `reverse` (default false): from the last element to the first; `axis` (default 0)
 * @returns at each place the combination of all elements up to it
 * @throws ShapeError when the lengths differ, ValueError when `f` gives another structure
 *
 * @example
 * ```ts
 * ops.associativeScan((a, b) => a.multiply(b), ops.array([1, 2, 3, 4])).arraySync(); // → [1, 2, 6, 24]
 * ```
 */
export function associativeScan(
  f: (a: Tensor, b: Tensor) => Tensor,
  elems: Tensor,
  options?: AssociativeScanOptions,
): Tensor;
export function associativeScan<E>(f: (a: E, b: E) => E, elems: E, options?: AssociativeScanOptions): E;
export function associativeScan<E>(f: (a: E, b: E) => E, elems: E, options: AssociativeScanOptions = {}): E {
  checkOptions("associativeScan", options, ["reverse", "axis"]);
  const { reverse = false, axis = 0 } = options;
  const { leaves, build } = takeApart(elems);
  if (leaves.length === 0)
    throw new ValueError("associativeScan: expected at least one tensor. Received: none");
  const axes = leaves.map((x) => normalizeAxis(axis, x.ndim, "associativeScan"));
  const n = leaves[0]!.shape[axes[0]!]!;
  if (leaves.some((x, i) => x.shape[axes[i]!] !== n)) {
    const shapes = leaves.map((x) => showShape(x.shape)).join(", ");
    throw new ShapeError(
      `associativeScan: expected one length along axis ${axis}. Received shapes: ${shapes}`,
    );
  }
  const combine = (a: readonly Tensor[], b: readonly Tensor[]): readonly Tensor[] => {
    const given = takeApart(f(build(a) as E, build(b) as E)).leaves;
    if (given.length === leaves.length) return given;
    throw new ValueError(
      `associativeScan: expected a function that gives ${leaves.length} tensors. Received: ${given.length}`,
    );
  };
  const part = (xs: readonly Tensor[], from: number, to: number | null, step = 1): readonly Tensor[] =>
    xs.map((x, i) => x.at(...x.shape.slice(0, axes[i]).map(() => [0, null] as const), [from, to, step]));
  const lengthOf = (xs: readonly Tensor[]): number => xs[0]!.shape[axes[0]!]!;
  // Pairs are combined, the running combinations of the pairs give every second element, and these the others.
  const run = (xs: readonly Tensor[]): readonly Tensor[] => {
    const length = lengthOf(xs);
    if (length < 2) return xs;
    const odd = run(combine(part(xs, 0, length - 1, 2), part(xs, 1, null, 2)));
    const rest = part(xs, 2, null, 2);
    const first = part(xs, 0, 1);
    const later = length === 2 ? [] : combine(part(odd, 0, lengthOf(rest)), rest);
    const even = first.map((x, i) =>
      later[i] === undefined ? x : engine.concatenate([x, later[i]], axes[i]),
    );
    return xs.map((x, i) => interleave(even[i]!, odd[i]!, axes[i]!, x.shape));
  };
  const turn = (xs: readonly Tensor[]): readonly Tensor[] =>
    reverse ? xs.map((x, i) => engine.reverse(x, axes[i])) : xs;
  return build(turn(run(turn(leaves)))) as E;
}

/** Elements of two tensors by turns along an axis; the first one may have one more. */
function interleave(even: Tensor, odd: Tensor, axis: number, shape: engine.Shape): Tensor {
  const none = shape.map(() => 0);
  const between = none.with(axis, 1);
  const longer = shape[axis]! % 2;
  const spread = (x: Tensor, low: number, high: number): Tensor =>
    engine.pad(x, 0, { low: none.with(axis, low), high: none.with(axis, high), interior: between });
  const isEven = engine.equal(engine.remainder(engine.iota(shape, axis), 2), 0);
  return engine.where(isEven, spread(even, 0, 1 - longer), spread(odd, 1, longer));
}
