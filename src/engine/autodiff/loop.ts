/**
 * The gradient of a loop whose count is constant or has a constant bound, with or without a condition: the loop is run
 * again, keeping what each round began with, and then a second loop goes through the rounds backwards, with the gradient of
 * the body as its body.
 */
import {
  anyCount,
  apply,
  constant,
  dotGeneral,
  loop,
  parameter,
  reshape,
  scalarValue,
} from "../graph/build.ts";
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
  // What lies in rows already, one for each round.
  const outside = new Map([
    ...rowParams.map((param, k) => [param, rows[k]!] as const),
    ...captured.map((i) => [params[i]!, values[i]!] as const),
  ]);
  const sums = new Sums(rounds, round, known === rounds ? outside : undefined);
  const totals = results.slice(floats.length).map((g) => sums.total(g));
  const backward = loop(
    allRounds,
    [
      ...floats.map((i) => cotangents[i] ?? zeros(params[i]!)),
      ...sums.carried.map(({ param }) => zeros(param)),
    ],
    [...rows, ...captured.map((i) => values[i]!), ...ran],
    {
      params: [
        step,
        ...incoming,
        ...sums.carried.map(({ param }) => param),
        ...rowParams,
        ...captured.map((i) => params[i]!),
        ...ranParams,
      ],
      results: [...states, ...sums.carried.map(({ next }) => next)],
    },
    { most: rounds },
  );

  const out: (Node | undefined)[] = positions.map(() => undefined);
  floats.forEach((i, k) => {
    out[i] = backward[k]!;
  });
  const finals = backward.slice(floats.length);
  wanted.forEach((i, k) => {
    out[i] = totals[k]!(finals);
  });
  return [undefined, ...out];
}

/** What a sum over all rounds is in the end, made of what was carried for it. */
type Total = (finals: readonly Node[]) => Node;

/** The sums over all rounds of what one round gives, and what a loop carries for them. */
class Sums {
  readonly carried: { readonly param: Node; readonly next: Node }[] = [];
  readonly #rounds: number;
  readonly #round: Node;
  readonly #outside: ReadonlyMap<Node, Node> | undefined;
  readonly #stacks = new Map<Node, Total>();

  /**
   * @param round the number of the present round: each comes once
   * @param outside if all rounds are run, what parameters of the body stand for
   */
  constructor(rounds: number, round: Node, outside: ReadonlyMap<Node, Node> | undefined) {
    this.#rounds = rounds;
    this.#round = round;
    this.#outside = outside;
  }

  /**
   * The sum of a term. Where that is a product of small arrays, such as the gradient of a weight, these are put side by
   * side, so that one large product can be made of them. Where each round gives a row, nothing need be added.
   */
  total(term: Node): Total {
    const row = this.#rowOfZeros(term);
    if (row !== undefined) return this.#stack(row);
    const sizes = term.inputs.reduce((sum, x) => sum + sizeOf(x.shape), 0);
    if (is(term, "dot_general") && term.attrs.lhsBatch.length === 0 && sizes <= 2 * sizeOf(term.shape)) {
      const { lhsContracting, rhsContracting } = term.attrs;
      const [lhs, rhs] = term.inputs.map((x) => this.#stack(x));
      const outer = (axes: readonly number[]): number[] => [0, ...axes.map((a) => a + 1)];
      const attrs = {
        lhsBatch: [],
        rhsBatch: [],
        lhsContracting: outer(lhsContracting),
        rhsContracting: outer(rhsContracting),
      };
      return (finals) => dotGeneral(lhs!(finals), rhs!(finals), attrs);
    }
    const param = parameter(term);
    return this.#carry(param, accumulate(param, term));
  }

  #carry(param: Node, next: Node): Total {
    const at = this.carried.push({ param, next }) - 1;
    return (finals) => finals[at]!;
  }

  /** What a node is in every round, as rows. */
  #stack(x: Node): Total {
    let stack = this.#stacks.get(x);
    if (stack === undefined) {
      const rows = this.#rowsOf(x);
      if (rows === undefined) {
        const param = parameter({ shape: [this.#rounds, ...x.shape], dtype: x.dtype });
        stack = this.#carry(param, writeRow(param, x, this.#round));
      } else stack = () => rows;
      this.#stacks.set(x, stack);
    }
    return stack;
  }

  /** The array of which a node is the round's row, if all of its rows are read. */
  #rowsOf(x: Node): Node | undefined {
    const window = is(x, "reshape") ? x.inputs[0]! : x;
    if (!is(window, "dynamic_slice")) return undefined;
    const [param, ...starts] = window.inputs;
    const rows = this.#outside?.get(param!);
    const whole = sameShape(param!.shape, [this.#rounds, ...x.shape]) && this.#isRow(starts);
    return whole ? rows : undefined;
  }

  /** What a term has in the round's row, if it is zero elsewhere. */
  #rowOfZeros(term: Node): Node | undefined {
    if (this.#outside === undefined || !is(term, "dynamic_update_slice")) return undefined;
    const [base, update, ...starts] = term.inputs;
    const [rows, ...shape] = term.shape;
    if (scalarValue(base!) !== 0 || rows !== this.#rounds || !this.#isRow(starts)) return undefined;
    if (!sameShape(update!.shape, [1, ...shape])) return undefined;
    const [row] = update!.inputs;
    return is(update!, "reshape") && sameShape(row!.shape, shape) ? row : reshape(update!, shape);
  }

  #isRow([first, ...others]: readonly Node[]): boolean {
    return first === this.#round && others.every((start) => scalarValue(start) === 0);
  }
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
