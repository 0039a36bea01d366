/**
 * The gradient of a loop whose count is constant or has a constant bound: the loop is run again, keeping what each round
 * began with, and then a second loop goes through the rounds backwards, with the gradient of the body as its body.
 */
import { anyCount, apply, constant, loop, parameter, scalarValue } from "../graph/build.ts";
import { type Node, topological } from "../graph/node.ts";
import { readRow, writeRow } from "../graph/rows.ts";
import { substitute } from "../graph/substitute.ts";
import { isFloat } from "../tensor/dtype.ts";
import { UnsupportedError } from "../tensor/errors.ts";
import { accumulate } from "./accumulate.ts";
import { zeros } from "./arithmetic.ts";
import type { Cotangents } from "./rule.ts";

/** The gradient of a graph, as `grad` has it; handed over because `grad` needs this file. */
export type GraphGradient = (
  outputs: readonly Node[],
  cotangents: readonly Node[],
  wrt: readonly Node[],
) => Node[];

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
  const known = scalarValue(count!);
  const rounds = known ?? node.attrs.most;
  if (node.attrs.conditional || rounds === anyCount) {
    throw new UnsupportedError(
      "A loop whose count is only known at run time has no reverse-mode gradient. Expected a count with a constant bound.",
    );
  }
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
  // Only what the gradient really reads is kept from the rounds, or captured.
  const reached = new Set(topological(grads));
  const kept = positions.filter((i) => i < carries && reached.has(params[i]!));
  const captured = positions.filter((i) => i >= carries && reached.has(params[i]!));

  const rows = keepRounds(node, rounds, kept);

  const step = parameter(int32);
  // How often the loop really ran, where that is less than the bound.
  const ran = known === undefined ? [count!] : [];
  const ranParams = ran.map((n) => parameter(n));
  const last =
    known === undefined ? apply("subtract", ranParams[0]!, constant(1, int32)) : constant(known - 1, int32);
  const round = apply("subtract", last, step);
  const rowParams = rows.map((row) => parameter(row));
  const inside = new Map<Node, Node>([[index!, round]]);
  kept.forEach((i, k) => {
    inside.set(params[i]!, readRow(rowParams[k]!, round));
  });
  const totals = wanted.map((i) => parameter(params[i]!));
  const results = substitute(grads, inside).map((g, k) => {
    return k < floats.length ? g : accumulate(totals[k - floats.length]!, g);
  });
  const backward = loop(
    count!,
    [...floats.map((i) => cotangents[i] ?? zeros(params[i]!)), ...totals.map(zeros)],
    [...rows, ...captured.map((i) => values[i]!), ...ran],
    {
      params: [step, ...incoming, ...totals, ...rowParams, ...captured.map((i) => params[i]!), ...ranParams],
      results,
    },
    { most: rounds },
  );

  const out: (Node | undefined)[] = positions.map(() => undefined);
  [...floats, ...wanted].forEach((i, k) => {
    out[i] = backward[k]!;
  });
  return [undefined, ...out];
}

/** Runs a loop and gives, for some carried values, the arrays of what they were at the beginning of each round. */
function keepRounds(node: Node<"loop">, rounds: number, kept: readonly number[]): Node[] {
  if (kept.length === 0) return [];
  const { body, carries } = node.attrs;
  const [count, ...values] = node.inputs;
  const [index, ...params] = body.params;
  const rows = kept.map((i) => {
    const { shape, dtype } = params[i]!;
    return parameter({ shape: [rounds, ...shape], dtype });
  });
  const finals = loop(
    count!,
    [...values.slice(0, carries), ...rows.map(zeros)],
    values.slice(carries),
    {
      params: [index!, ...params.slice(0, carries), ...rows, ...params.slice(carries)],
      results: [...body.results, ...kept.map((i, k) => writeRow(rows[k]!, params[i]!, index!))],
    },
    { most: rounds },
  );
  return finals.slice(carries);
}
