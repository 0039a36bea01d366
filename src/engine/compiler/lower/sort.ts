/**
 * Lowers `arg_sort`: a merge sort from the bottom up. Each pass merges neighbouring runs of one scratch array into runs
 * of twice the length in another; keys go along with the places, so that all reads and writes are sequential.
 */
import type { Node } from "../../graph/node.ts";
import {
  type Buffer,
  type Expr,
  type ExprTable,
  type Index,
  loopVar,
  registerType,
  type Stmt,
} from "../loop_ir/index.ts";
import { axisVariables, forLoop, loopsAround } from "./nest.ts";
import { linear, Puller } from "./pull.ts";
import { lookup, type Surroundings } from "./scope.ts";

/** The keys of a row, in order of importance, and where its elements come from. */
interface Row {
  readonly keys: readonly Buffer[];
  readonly places: Buffer;
}

export function lowerSort(node: Node<"arg_sort">, scope: Surroundings): Stmt[] {
  const t = scope.table;
  const { shape, attrs } = node;
  const n = shape[attrs.axis]!;
  if (shape.some((m) => m === 0)) return [];
  const puller = new Puller(t, lookup([node], scope));
  const outer = axisVariables(
    t,
    shape.map((m, d) => (d === attrs.axis ? 1 : m)),
  );
  const place = (i: Index): Index[] => outer.at.map((at, d) => (d === attrs.axis ? i : at));

  const row = (): Row => ({
    keys: node.inputs.map((x) => scope.scratch(n, x.dtype === "bool" ? "int32" : registerType(x.dtype))),
    places: scope.scratch(n, "int32"),
  });
  let [from, to] = [row(), row()];
  const v = loopVar(n);
  const i = t.index.variable(v);
  const load = node.inputs.map((x, k): Stmt => {
    const key = puller.value(x, place(i));
    const value = key.type === "bool" ? t.op("select", [key, t.const("int32", 1), t.const("int32", 0)]) : key;
    return { kind: "store", buffer: from.keys[k]!, index: i, value };
  });
  const passes: Stmt[] = forLoop(v, 0, n, 1, [
    ...load,
    { kind: "store", buffer: from.places, index: i, value: t.indexValue(i) },
  ]);
  for (let width = 1; width < n; width *= 2) {
    passes.push(...pass(t, from, to, width, n));
    [from, to] = [to, from];
  }
  const w = loopVar(n);
  const j = t.index.variable(w);
  const index = linear(t, place(j), shape);
  passes.push(
    ...forLoop(w, 0, n, 1, [
      { kind: "store", buffer: scope.buffer(node)!, index, value: t.load(from.places, j) },
    ]),
  );
  return loopsAround(outer.variables, passes, true);
}

/** Merges runs of a width into runs of twice the width. */
function pass(t: ExprTable, from: Row, to: Row, width: number, n: number): Stmt[] {
  const whole = Math.floor(n / (2 * width));
  const rest = n - whole * 2 * width;
  const out: Stmt[] = [];
  if (whole > 0) {
    const block = loopVar(whole);
    const start = t.index.combine(0, [t.index.variable(block)], [2 * width]);
    out.push(...forLoop(block, 0, whole, 1, merge(t, from, to, start, width, 2 * width, n)));
  }
  const start = t.index.constant(n - rest);
  if (rest > width) out.push(...merge(t, from, to, start, width, rest, n));
  else if (rest > 0) out.push(...copy(t, from, to, start, rest));
  return out;
}

const buffers = ({ keys, places }: Row): Buffer[] => [...keys, places];

function copy(t: ExprTable, from: Row, to: Row, start: Index, length: number): Stmt[] {
  const v = loopVar(length);
  const index = t.index.add(start, t.index.variable(v));
  const sources = buffers(from);
  return forLoop(
    v,
    0,
    length,
    1,
    buffers(to).map(
      (buffer, k): Stmt => ({ kind: "store", buffer, index, value: t.load(sources[k]!, index) }),
    ),
  );
}

/** Merges the run of `width` elements from `start` on with the one behind it; together they have `length` elements. */
function merge(
  t: ExprTable,
  from: Row,
  to: Row,
  start: Index,
  width: number,
  length: number,
  n: number,
): Stmt[] {
  const int = (value: number): Expr => t.const("int32", value);
  const [left, right, source, moved] = [0, 1, 2, 3].map(() => t.register("int32"));
  const [l, r, s, m] = [left!, right!, source!, moved!].map((register) => t.reg(register));
  const end = (offset: number): Expr => t.indexValue(t.index.addConstant(start, offset));
  // A run that is used up is not read any more, but its pointer may stand behind the row.
  const at = (pointer: Expr): Index => t.index.value(t.op("min", [pointer, int(n - 1)]), 0, n - 1);
  const [leftAt, rightAt] = [at(l!), at(r!)];
  const comes = less(
    t,
    from.keys.map((key) => [t.load(key, rightAt), t.load(key, leftAt)]),
  );
  const leftIsEmpty = t.op("ge", [l!, end(width)]);
  const rightIsLeft = t.op("lt", [r!, end(length)]);
  const takeRight = t.op("and", [rightIsLeft, t.op("or", [leftIsEmpty, comes])]);
  const v = loopVar(length);
  const index = t.index.add(start, t.index.variable(v));
  const taken = t.index.value(s!, 0, n - 1);
  const sources = buffers(from);
  return [
    { kind: "set", register: left!, value: t.indexValue(start) },
    { kind: "set", register: right!, value: end(width) },
    ...forLoop(v, 0, length, 1, [
      { kind: "set", register: moved!, value: t.op("select", [takeRight, int(1), int(0)]) },
      { kind: "set", register: source!, value: t.op("select", [t.op("ne", [m!, int(0)]), r!, l!]) },
      ...buffers(to).map(
        (buffer, k): Stmt => ({ kind: "store", buffer, index, value: t.load(sources[k]!, taken) }),
      ),
      { kind: "set", register: right!, value: t.op("add", [r!, m!]) },
      { kind: "set", register: left!, value: t.op("add", [l!, t.op("sub", [int(1), m!])]) },
    ]),
  ];
}

/** Whether the first of each pair of keys comes before the second, the first pair that is not equal deciding. */
function less(t: ExprTable, pairs: readonly (readonly [Expr, Expr])[]): Expr {
  const before = (x: Expr, y: Expr): Expr => {
    const smaller = t.op("lt", [x, y]);
    if (x.type !== "float32" && x.type !== "float64") return smaller;
    return t.op("or", [smaller, t.op("and", [t.op("ne", [y, y]), t.op("eq", [x, x])])]);
  };
  const [[x, y], ...rest] = pairs as [readonly [Expr, Expr], ...(readonly [Expr, Expr])[]];
  if (rest.length === 0) return before(x, y);
  const later = t.op("and", [t.op("not", [before(y, x)]), less(t, rest)]);
  return t.op("or", [before(x, y), later]);
}
