/** Loops inside of programs. */
import { constant, convert, loop as loopNode, parameter } from "../graph/build.ts";
import { type Node, topological } from "../graph/node.ts";
import { writeRow } from "../graph/rows.ts";
import { substitute } from "../graph/substitute.ts";
import { DTypeError, ShapeError, ValueError } from "../tensor/errors.ts";
import { sameShape, showShape } from "../tensor/shape.ts";
import { evaluate, knownValue } from "./evaluate.ts";
import { int32 } from "./indexing.ts";
import { Tensor, type TensorLike, toTensor, wrap } from "./tensor.ts";
import { currentTrace, traced } from "./trace.ts";

/** How a loop ends. */
export interface LoopOptions {
  /** Whether a round begins only while the first carried value, a boolean scalar, is true. Default false. */
  readonly conditional?: boolean;
  /** A number that a count known only at run time does not exceed; with it the loop has a gradient. */
  readonly most?: number;
}

/**
 * Runs a body several times inside of the program.
 *
 * Variables that the body reads or assigns are carried from round to round by themselves.
 *
 * @param count how often; a whole number or an int32 scalar known only at run time
 * @param init the values that are carried besides variables
 * @param body takes the number of the round (from 0) and the carried values, gives the carried values anew, with the same
 *   shapes and dtypes
 * @param options see {@link LoopOptions}
 * @returns the carried values after the last round
 * @throws ShapeError, DTypeError when the body changes the shape or dtype of a carried value
 *
 * @example
 * ```ts
 * const [power] = loop(10, [tensor(1)], (i, x) => [x.multiply(2)]);
 * power.item(); // → 1024
 * ```
 */
export function loop<const C extends readonly TensorLike[]>(
  count: number | Tensor,
  init: C,
  body: (index: Tensor, ...carries: { [K in keyof C]: Tensor }) => { [K in keyof C]: TensorLike },
  options: LoopOptions = {},
): { [K in keyof C]: Tensor } {
  if (typeof count === "number" && !(Number.isInteger(count) && count >= 0)) {
    throw new ValueError(`loop: the count is a whole number that is not negative. Received: ${count}`);
  }
  const round = (index: Tensor, carried: readonly Tensor[]): Round => ({
    carried: body(index, ...(carried as { [K in keyof C]: Tensor })),
    rows: [],
  });
  return runRounds("loop", count, init, round, options) as { [K in keyof C]: Tensor };
}

/** What a round gives: the carried values anew, and rows to be stacked. */
interface Round {
  readonly carried: readonly TensorLike[];
  readonly rows: readonly TensorLike[];
}

/** What is kept of every round: how many rounds there are, and which row is a round's. */
interface Stacking {
  readonly length: number;
  readonly rowOf: (index: Node) => Node;
}

/** Runs a body several times; gives the carried values, then the rows of all rounds, stacked. */
export function runRounds(
  where: string,
  count: number | Tensor,
  init: readonly TensorLike[],
  body: (index: Tensor, carried: readonly Tensor[]) => Round,
  options: LoopOptions,
  stacking?: Stacking,
): Tensor[] {
  const start = init.map((x) => toTensor(x).node);
  const index = parameter({ shape: [], dtype: "int32" });
  const params = start.map((x) => parameter(x));
  const run = traced(() => {
    const { carried, rows } = body(
      new Tensor(index),
      params.map((p) => new Tensor(p)),
    );
    return { carried: carried.map((x) => toTensor(x)), rows: rows.map((x) => toTensor(x).node) };
  });
  if (run.result.carried.length !== start.length) {
    throw new ValueError(
      `${where}: the body gives ${run.result.carried.length} values. Expected ${start.length}, one for each carried value`,
    );
  }
  const next = run.result.carried.map((x, i) => {
    const before = start[i]!;
    if (!sameShape(x.shape, before.shape)) {
      throw new ShapeError(
        `${where}: carried value ${i} has shape ${showShape(before.shape)} at first, ${showShape(x.shape)} after a round`,
      );
    }
    if (x.dtype !== before.dtype) {
      throw new DTypeError(
        `${where}: carried value ${i} has dtype ${before.dtype} at first, ${x.dtype} after a round`,
      );
    }
    return x.node;
  });
  // Rows are written into arrays that are carried along.
  for (const row of run.result.rows) {
    const { length, rowOf } = stacking!;
    const rows = parameter({ shape: [length, ...row.shape], dtype: row.dtype });
    start.push(constant(0, rows));
    params.push(rows);
    next.push(writeRow(rows, row, rowOf(index)));
  }

  const changes = run.trace.assigned();
  const outer = currentTrace();
  const outside = (v: Parameters<typeof changes.get>[0]): Node =>
    outer === undefined ? v.leaf() : outer.read(v);
  const own = new Set<Node>([index, ...params, ...run.trace.reads.values()]);
  const constants = [...run.trace.reads].filter(([v]) => !changes.has(v));

  // What does not depend on the round is computed once, outside: the body's free nodes become captures.
  const results = [...next, ...changes.values()];
  const inside = new Set<Node>(own);
  const free = new Map<Node, Node>();
  const nodes = topological(results, (n) => own.has(n) || knownValue(n) !== undefined);
  for (const node of nodes) if (node.inputs.some((i) => inside.has(i))) inside.add(node);
  const isConstant = (n: Node): boolean => n.op === "constant" || n.op === "iota";
  const capture = (n: Node): void => {
    if (!inside.has(n) && !isConstant(n)) free.set(n, parameter(n));
  };
  for (const node of inside) if (!own.has(node)) node.inputs.forEach(capture);
  results.forEach(capture);

  const carriedVariables = [...changes.keys()];
  const outputs = loopNode(
    typeof count === "number" ? int32(count) : convert(count.node, "int32"),
    [...start, ...carriedVariables.map(outside)],
    [...constants.map(([v]) => outside(v)), ...free.keys()],
    {
      params: [
        index,
        ...params,
        ...carriedVariables.map((v) => run.trace.reads.get(v)!),
        ...constants.map(([, node]) => node),
        ...free.values(),
      ],
      results: substitute(results, free),
    },
    options,
  );
  // All at once: each variable that is assigned is computed there and then.
  if (outer === undefined && carriedVariables.length > 0) evaluate(outputs);
  carriedVariables.forEach((v, i) => {
    v.assign(new Tensor(outputs[start.length + i]!));
  });
  return outputs.slice(0, start.length).map((n) => wrap(n));
}

/**
 * What a function gives, for the sake of shapes and dtypes: nothing is computed, and what it assigns to variables is
 * dropped.
 *
 * @example
 * ```ts
 * outline(() => tensor([[1, 2]]).matmul([[3], [4]])).shape; // → [1, 1]
 * ```
 */
export function outline<R>(fn: () => R): R {
  return traced(fn).result;
}
