/**
 * The gradient of a loop whose count is constant or has a constant bound, with or without a condition: the loop is run
 * again, keeping what each round began with, and then a second loop goes through the rounds backwards, with the gradient of
 * the body as its body.
 */
import { anyCount, apply, constant, dotGeneral, loop, parameter, scalarValue } from "../graph/build.ts";
import { type Graph, is, type Node, topological } from "../graph/node.ts";
import { isElementwise } from "../graph/primitives.ts";
import { readRow, writeRow } from "../graph/rows.ts";
import { substitute } from "../graph/substitute.ts";
import { isFloat } from "../tensor/dtype.ts";
import { UnsupportedError } from "../tensor/errors.ts";
import { sameShape, sizeOf } from "../tensor/shape.ts";
import { accumulate } from "./accumulate.ts";
import { zeros } from "./arithmetic.ts";
import type { Cotangents } from "./rule.ts";

/** The gradient of a graph, as `grad` has it; handed over because `grad` needs this file. */
export type GraphGradient = (
  outputs: readonly Node[],
  cotangents: readonly Node[],
  wrt: readonly Node[],
) => Node[];

/** Elements of all rounds up to which the value of a node is rather kept than computed again. */
const mostKept = 1 << 26;

/** Contractions of a body, each with the elementwise operations that alone use it: what one kernel computes. */
function dearNodes(body: Graph): Node[] {
  const order = topological(body.results);
  const users = new Map<Node, Node[]>();
  for (const node of order)
    for (const input of node.inputs) users.set(input, [...(users.get(input) ?? []), node]);
  const results = new Set(body.results);
  return order
    .filter((n) => n.op === "dot_general" || n.op === "convolution")
    .map((n) => {
      let end = n;
      for (;;) {
        const [user, ...others] = users.get(end) ?? [];
        if (user === undefined || others.length > 0 || results.has(end)) return end;
        if (!isElementwise(user.op) || !sameShape(user.shape, end.shape)) return end;
        end = user;
      }
    });
}

const int32 = { shape: [], dtype: "int32" } as const;

/**
 * Cotangents of a loop's operands.
 *
 * @param node the loop
 * @param cotangents one for each carried value's final state; undefined means zero
 * @param isActive whether a gradient of an operand is wanted
 * @param gradient how to differentiate the body
 * @throws UnsupportedError when nothing is known of the count before run time
 */
export function loopVjp(
  node: Node<"loop">,
  cotangents: Cotangents,
  isActive: (operand: Node) => boolean,
  gradient: GraphGradient,
): Cotangents {
  const { body, carries } = node.attrs;
  const [count, ...values] = node.inputs;
  const constantCount = scalarValue(count!);
  const rounds = constantCount ?? node.attrs.most;
  if (rounds === anyCount) {
    throw new UnsupportedError(
      "A loop whose count is only known at run time has no reverse-mode gradient. Expected a count with a constant bound.",
    );
  }
  const known = node.attrs.conditional ? undefined : constantCount;
  if (rounds <= 0) return [undefined, ...cotangents];

  const [index, ...params] = body.params;
  // Positions among the carried and captured values, and their parameters inside the body.
  const positions = params.map((_, i) => i);
  const floats = positions.filter((i) => i < carries && isFloat(params[i]!.dtype));
  const wanted = positions.filter((i) => i >= carries && isFloat(params[i]!.dtype) && isActive(values[i]!));

  const incoming = floats.map((i) => parameter(params[i]!));
  const grads = gradient(
    floats.map((i) => body.results[i]!),
    incoming,
    [...floats, ...wanted].map((i) => params[i]!),
  );
  // Contractions are dear: what the gradient needs of them is kept, not computed again. Everything else is.
  const forward = new Set(dearNodes(body).filter((n) => rounds * sizeOf(n.shape) <= mostKept));
  const reached = new Set(topological(grads, (n) => forward.has(n)));
  const kept = [
    // Only what the gradient really reads is kept from the rounds, or captured.
    ...positions.filter((i) => i < carries && reached.has(params[i]!)).map((i) => params[i]!),
    ...[...forward].filter((n) => reached.has(n)),
  ];
  const captured = positions.filter((i) => i >= carries && reached.has(params[i]!));

  const { rows, ran: allRounds } = keepRounds(node, rounds, kept);

  const step = parameter(int32);
  // How often the loop really ran, where that is less than the bound.
  const ran = known === undefined ? [allRounds] : [];
  const ranParams = ran.map((n) => parameter(n));
  const last =
    known === undefined ? apply("subtract", ranParams[0]!, constant(1, int32)) : constant(known - 1, int32);
  const round = apply("subtract", last, step);
  const rowParams = rows.map((row) => parameter(row));
  const inside = new Map<Node, Node>([[index!, round]]);
  kept.forEach((n, k) => {
    inside.set(n, readRow(rowParams[k]!, round));
  });
  const results = substitute(grads, inside);
  const states = results.slice(0, floats.length);
  const sums = results.slice(floats.length).map((g) => summation(g, rounds, round));
  const totals = sums.flatMap((sum) => sum.totals);
  const backward = loop(
    allRounds,
    [...floats.map((i) => cotangents[i] ?? zeros(params[i]!)), ...totals.map(({ param }) => zeros(param))],
    [...rows, ...captured.map((i) => values[i]!), ...ran],
    {
      params: [
        step,
        ...incoming,
        ...totals.map(({ param }) => param),
        ...rowParams,
        ...captured.map((i) => params[i]!),
        ...ranParams,
      ],
      results: [...states, ...totals.map(({ next }) => next)],
    },
    { most: rounds },
  );

  const out: (Node | undefined)[] = positions.map(() => undefined);
  floats.forEach((i, k) => {
    out[i] = backward[k]!;
  });
  const carriedTotals = backward.slice(floats.length);
  wanted.forEach((i, k) => {
    const { totals: own, finish } = sums[k]!;
    out[i] = finish(carriedTotals.splice(0, own.length));
  });
  return [undefined, ...out];
}

/** How a sum over all rounds is made: what is carried for it, and what becomes of that in the end. */
interface Summation {
  readonly totals: readonly { readonly param: Node; readonly next: Node }[];
  readonly finish: (totals: readonly Node[]) => Node;
}

/**
 * The sum over all rounds of what one round gives. Where that is a product of small arrays, such as the gradient of a
 * weight, these are put side by side, so that one large product can be made of them.
 */
function summation(term: Node, rounds: number, round: Node): Summation {
  const sizes = term.inputs.reduce((sum, x) => sum + sizeOf(x.shape), 0);
  if (is(term, "dot_general") && term.attrs.lhsBatch.length === 0 && sizes <= 2 * sizeOf(term.shape)) {
    const { lhsContracting, rhsContracting } = term.attrs;
    const totals = term.inputs.map((x) => {
      const param = parameter({ shape: [rounds, ...x.shape], dtype: x.dtype });
      return { param, next: writeRow(param, x, round) };
    });
    const outer = (axes: readonly number[]): number[] => [0, ...axes.map((a) => a + 1)];
    const attrs = {
      lhsBatch: [],
      rhsBatch: [],
      lhsContracting: outer(lhsContracting),
      rhsContracting: outer(rhsContracting),
    };
    return { totals, finish: ([lhs, rhs]) => dotGeneral(lhs!, rhs!, attrs) };
  }
  const param = parameter(term);
  return { totals: [{ param, next: accumulate(param, term) }], finish: ([total]) => total! };
}

/** What a loop leaves behind: how often it ran, and for nodes of its body the arrays of what they were in each round. */
interface Kept {
  readonly ran: Node;
  readonly rows: readonly Node[];
}

/** Runs a loop again, keeping what some nodes of its body are in each round. */
function keepRounds(node: Node<"loop">, rounds: number, kept: readonly Node[]): Kept {
  const { body, carries, conditional } = node.attrs;
  const [count, ...values] = node.inputs;
  if (kept.length === 0 && !conditional) return { ran: count!, rows: [] };
  const [index, ...params] = body.params;
  const rows = kept.map(({ shape, dtype }) => parameter({ shape: [rounds, ...shape], dtype }));
  // A condition may end the loop early: then its rounds are counted.
  const counter = conditional ? [parameter(int32)] : [];
  const finals = loop(
    count!,
    [...values.slice(0, carries), ...rows.map(zeros), ...counter.map(zeros)],
    values.slice(carries),
    {
      params: [index!, ...params.slice(0, carries), ...rows, ...counter, ...params.slice(carries)],
      results: [
        ...body.results,
        ...kept.map((n, k) => writeRow(rows[k]!, n, index!)),
        ...counter.map((n) => apply("add", n, constant(1, int32))),
      ],
    },
    { most: rounds, conditional },
  );
  return { ran: conditional ? finals.at(-1)! : count!, rows: finals.slice(carries, carries + rows.length) };
}
