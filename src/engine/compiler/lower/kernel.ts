/** Turns a group of nodes into a kernel. */
import { is, type Node } from "../../graph/node.ts";
import { freeAxes, type ReduceKind } from "../../graph/primitives.ts";
import type { Shape } from "../../tensor/shape.ts";
import {
  type Buffer,
  type Expr,
  type ExprTable,
  type Index,
  type Kernel,
  type Stmt,
  visitAtoms,
} from "../loop_ir/index.ts";
import { visit } from "../loop_ir/transform.ts";
import type { Group } from "../schedule/groups.ts";
import { axisVariables, type Contraction, contractionLoops, product, type Scratch } from "./contraction.ts";
import { elementwiseLoops, type Store } from "./nest.ts";
import { addWindow, indexPlace, type Lookup, linear, Puller, unravel } from "./pull.ts";

/** What lowering needs to know of the group's surroundings. */
export interface Surroundings {
  readonly table: ExprTable;
  /** The memory of a node outside of the group, or of one in it that is stored. */
  readonly buffer: (node: Node) => Buffer | undefined;
  /** The node whose memory a node shares: itself, or what a chain of reshapes starts from. */
  readonly root: (node: Node) => Node;
  /** Whether a node of the group is written to memory. */
  readonly stored: (node: Node) => boolean;
  readonly scratch: Scratch;
}

/** The kernel that computes a group; its update nodes find operand 0 in their own memory already. */
export function lowerGroup(group: Group, around: Surroundings): Kernel {
  const [first] = group.nodes;
  const scratch: Buffer[] = [];
  const scope: Surroundings = {
    ...around,
    scratch(size) {
      const buffer = around.scratch(size);
      scratch.push(buffer);
      return buffer;
    },
  };
  const body = statements(group, first!, scope);
  const { reads, writes } = touched(body);
  return { name: group.nodes.map((n) => n.op).join("+"), body, reads, writes, scratch };
}

function statements(group: Group, first: Node, scope: Surroundings): Stmt[] {
  if (group.heavy !== undefined) return lowerContraction(group, group.heavy, scope);
  if (is(first, "concatenate")) return lowerConcatenate(first, scope);
  if (is(first, "pad")) return lowerPad(first, scope);
  if (is(first, "scatter")) return lowerScatter(first, scope);
  if (is(first, "dynamic_update_slice")) return lowerUpdateSlice(first, scope);
  return lowerElementwise(group, scope);
}

/**
 * Finds nodes for a puller: members of the group, and reshapes of them, are computed, because their memory is written
 * only at the end; everything else is read.
 */
function lookup(
  group: readonly Node[],
  scope: Surroundings,
  special?: (n: Node) => Expr | undefined,
): Lookup {
  const members = new Set(group);
  return (n) => special?.(n) ?? (members.has(scope.root(n)) ? undefined : scope.buffer(n));
}

/** The stores of a group's nodes at a place of its domain. */
function storesAt(
  nodes: readonly Node[],
  domain: Shape,
  at: readonly Index[],
  puller: Puller,
  scope: Surroundings,
): Store[] {
  const t = scope.table;
  const place = linear(t, at, domain);
  return nodes
    .filter((n) => scope.stored(n))
    .map((n) => {
      const own =
        n.shape.length === domain.length && n.shape.every((m, i) => m === domain[i])
          ? at
          : unravel(t, place, n.shape);
      return { buffer: scope.buffer(n)!, index: place, value: puller.value(n, own) };
    });
}

function lowerElementwise(group: Group, scope: Surroundings): Stmt[] {
  const t = scope.table;
  // The widest view of the elements: most axes to merge or to split again.
  const domain = group.nodes.map((n) => n.shape).reduce((a, b) => (b.length > a.length ? b : a));
  const { variables, at } = axisVariables(t, domain);
  const puller = new Puller(t, lookup(group.nodes, scope));
  return elementwiseLoops(t, variables, storesAt(group.nodes, domain, at, puller, scope));
}

function lowerConcatenate(node: Node<"concatenate">, scope: Surroundings): Stmt[] {
  const t = scope.table;
  const puller = new Puller(t, lookup([node], scope));
  let offset = 0;
  return node.inputs.flatMap((x) => {
    const { variables, at } = axisVariables(t, x.shape);
    const to = at.map((i, d) => (d === node.attrs.axis ? t.index.addConstant(i, offset) : i));
    offset += x.shape[node.attrs.axis]!;
    const store = {
      buffer: scope.buffer(node)!,
      index: linear(t, to, node.shape),
      value: puller.value(x, at),
    };
    return elementwiseLoops(t, variables, [store]);
  });
}

function lowerPad(node: Node<"pad">, scope: Surroundings): Stmt[] {
  const t = scope.table;
  const { low, interior } = node.attrs;
  const [x, value] = node.inputs as [Node, Node];
  const puller = new Puller(t, lookup([node], scope));
  const buffer = scope.buffer(node)!;
  const whole = axisVariables(t, node.shape);
  const fill = elementwiseLoops(t, whole.variables, [
    { buffer, index: linear(t, whole.at, node.shape), value: puller.value(value, []) },
  ]);
  // Elements of x that negative padding leaves inside.
  const first = x.shape.map((_, d) => Math.max(0, Math.ceil(-low[d]! / (interior[d]! + 1))));
  const end = x.shape.map((n, d) =>
    Math.min(n, Math.floor((node.shape[d]! - 1 - low[d]!) / (interior[d]! + 1)) + 1),
  );
  const inside = axisVariables(
    t,
    x.shape.map((_, d) => Math.max(0, end[d]! - first[d]!)),
  );
  const from = inside.at.map((i, d) => t.index.addConstant(i, first[d]!));
  const to = from.map((i, d) => t.index.addConstant(t.index.mul(i, interior[d]! + 1), low[d]!));
  if (x.shape.some((_, d) => end[d]! <= first[d]!)) return fill;
  const copy = elementwiseLoops(t, inside.variables, [
    { buffer, index: linear(t, to, node.shape), value: puller.value(x, from) },
  ]);
  return [...fill, { kind: "barrier" }, ...copy];
}

function lowerUpdateSlice(node: Node<"dynamic_update_slice">, scope: Surroundings): Stmt[] {
  const t = scope.table;
  const [, update, ...starts] = node.inputs as [Node, Node, ...Node[]];
  const puller = new Puller(t, lookup([node], scope));
  const { variables, at } = axisVariables(t, update.shape);
  const to = at.map((i, d) => t.index.add(i, puller.start(starts[d]!, node.shape[d]! - update.shape[d]!)));
  const store = {
    buffer: scope.buffer(node)!,
    index: linear(t, to, node.shape),
    value: puller.value(update, at),
  };
  return elementwiseLoops(t, variables, [store]);
}

/** Updates one after the other, in their order: two may meet in one element. */
function lowerScatter(node: Node<"scatter">, scope: Surroundings): Stmt[] {
  const t = scope.table;
  const [x, indices, updates] = node.inputs as [Node, Node, Node];
  const { attrs } = node;
  const puller = new Puller(t, lookup([node], scope));
  const { variables, at } = axisVariables(t, updates.shape);
  const rank = updates.shape.length;
  const place = indexPlace(rank, attrs, at);
  const window = x.shape.map(() => t.index.constant(0));
  addWindow(t, window, x.shape.length, rank, attrs, at);
  // An update counts only if the element that it is for lies inside.
  const conditions: Expr[] = [];
  const to = [...window];
  attrs.startIndexMap.forEach((d, component) => {
    const start = puller.value(indices, [...place, t.index.constant(component)]);
    const n = x.shape[d]!;
    const raw = t.op("add", [start, t.indexValue(window[d]!)]);
    conditions.push(t.op("ge", [raw, t.const("int32", 0)]), t.op("lt", [raw, t.const("int32", n)]));
    const low = t.op("max", [raw, t.const("int32", 0)]);
    to[d] = t.index.value(t.op("min", [low, t.const("int32", Math.max(0, n - 1))]), 0, Math.max(0, n - 1));
  });
  const buffer = scope.buffer(node)!;
  const index = linear(t, to, x.shape);
  const value = puller.value(updates, at);
  const old = t.load(buffer, index);
  const ops = { add: "add", multiply: "mul", max: "max", min: "min" } as const;
  const next = attrs.kind === "set" ? value : t.op(ops[attrs.kind], [old, value]);
  const write: Stmt = { kind: "store", buffer, index, value: node.dtype === "uint8" ? byte(t, next) : next };
  const [condition] =
    conditions.length === 0 ? [undefined] : [conditions.reduce((a, b) => t.op("and", [a, b]))];
  let body: Stmt[] = condition === undefined ? [write] : [{ kind: "if", condition, body: [write] }];
  if (updates.shape.some((n) => n === 0) || x.shape.some((n) => n === 0)) return [];
  for (let i = variables.length - 1; i >= 0; i--) {
    const v = variables[i]!;
    body = [{ kind: "for", variable: v, begin: 0, end: v.extent, step: 1, parallel: false, body }];
  }
  return body;
}

function byte(t: ExprTable, e: Expr): Expr {
  return t.op("and", [e, t.const("int32", 255)]);
}

const reductions = { sum: "add", prod: "mul", max: "max", min: "min", and: "and", or: "or" } as const;

/** What a reduction of nothing gives. */
function neutral(kind: ReduceKind, dtype: string): number {
  switch (kind) {
    case "sum":
    case "or":
      return 0;
    case "prod":
    case "and":
      return 1;
    case "max":
      return dtype === "int32" ? -2147483648 : dtype.startsWith("float") ? Number.NEGATIVE_INFINITY : 0;
    case "min":
      if (dtype.startsWith("float")) return Number.POSITIVE_INFINITY;
      return dtype === "int32" ? 2147483647 : dtype === "uint8" ? 255 : 4294967295;
  }
}

function lowerContraction(group: Group, heavy: NonNullable<Group["heavy"]>, scope: Surroundings): Stmt[] {
  const t = scope.table;
  const inner = new Puller(t, (n) => scope.buffer(n));
  const domain = heavy.shape;
  const { variables, at } = axisVariables(t, domain);
  const core = accumulate(t, heavy, at, inner);
  const outer = new Puller(
    t,
    lookup(group.nodes, scope, (n) => (n === heavy ? core.result : undefined)),
  );
  const stores = storesAt(group.nodes, domain, at, outer, scope);
  const { result: _, ...rest } = core;
  return contractionLoops(t, { ...rest, outputs: variables, stores }, scope.scratch);
}

type Core = Omit<Contraction, "outputs" | "stores"> & { readonly result: Expr };

function accumulate(
  t: ExprTable,
  heavy: NonNullable<Group["heavy"]>,
  at: readonly Index[],
  puller: Puller,
): Core {
  if (is(heavy, "dot_general")) return accumulateProduct(t, heavy, at, puller);
  if (is(heavy, "arg_reduce")) return accumulateExtreme(t, heavy, at, puller);
  return accumulateReduction(t, heavy as Node<"reduce">, at, puller);
}

/** The place in an operand whose axes `axes` are summed over, given the place in the result. */
function withSummed(
  shape: Shape,
  axes: readonly number[],
  at: readonly Index[],
  sums: readonly Index[],
): Index[] {
  let [o, s] = [0, 0];
  return shape.map((_, d) => (axes.includes(d) ? sums[s++]! : at[o++]!));
}

function accumulateReduction(
  t: ExprTable,
  heavy: Node<"reduce">,
  at: readonly Index[],
  puller: Puller,
): Core {
  const [x] = heavy.inputs as [Node];
  const { kind, axes } = heavy.attrs;
  const sorted = [...axes].sort((a, b) => a - b);
  const sums = axisVariables(
    t,
    sorted.map((d) => x.shape[d]!),
  );
  const term = puller.value(x, withSummed(x.shape, sorted, at, sums.at));
  const begin = t.const(term.type, neutral(kind, heavy.dtype));
  const register = t.register(term.type);
  const op = reductions[kind];
  const combine = (a: Expr, b: Expr): Expr => t.op(op, [a, b]);
  const narrow = heavy.dtype === "uint8" && (kind === "sum" || kind === "prod");
  return {
    summed: sums.variables,
    accumulators: [{ register, begin, next: combine(t.reg(register), term) }],
    factors: undefined,
    combine,
    result: narrow ? byte(t, t.reg(register)) : t.reg(register),
  };
}

function accumulateProduct(
  t: ExprTable,
  heavy: Node<"dot_general">,
  at: readonly Index[],
  puller: Puller,
): Core {
  const [x, y] = heavy.inputs as [Node, Node];
  const { lhsBatch, rhsBatch, lhsContracting, rhsContracting } = heavy.attrs;
  const sums = axisVariables(
    t,
    lhsContracting.map((d) => x.shape[d]!),
  );
  const side = (
    node: Node,
    batch: readonly number[],
    contracting: readonly number[],
    first: number,
  ): Expr => {
    const place: Index[] = [];
    batch.forEach((d, i) => {
      place[d] = at[i]!;
    });
    contracting.forEach((d, i) => {
      place[d] = sums.at[i]!;
    });
    freeAxes(node.shape.length, batch, contracting).forEach((d, i) => {
      place[d] = at[first + i]!;
    });
    return puller.value(node, place);
  };
  const split = batchAndLeft(x.shape.length, lhsBatch, lhsContracting);
  const a = side(x, lhsBatch, lhsContracting, lhsBatch.length);
  const b = side(y, rhsBatch, rhsContracting, split);
  const register = t.register(a.type);
  return {
    summed: sums.variables,
    accumulators: [{ register, begin: t.const(a.type, 0), next: product(t, a, b, t.reg(register)) }],
    factors: [a, b],
    combine: (p, q) => t.op("add", [p, q]),
    result: heavy.dtype === "uint8" ? byte(t, t.reg(register)) : t.reg(register),
  };
}

/** How many axes of the result come before those of the right side. */
function batchAndLeft(rank: number, batch: readonly number[], contracting: readonly number[]): number {
  return batch.length + freeAxes(rank, batch, contracting).length;
}

/** The best value so far and its place; NaN beats everything, and the first one stays. */
function accumulateExtreme(
  t: ExprTable,
  heavy: Node<"arg_reduce">,
  at: readonly Index[],
  puller: Puller,
): Core {
  const [x] = heavy.inputs as [Node];
  const { kind, axis } = heavy.attrs;
  const sums = axisVariables(t, [x.shape[axis]!]);
  const term = puller.value(x, withSummed(x.shape, [axis], at, sums.at));
  const best = t.register(term.type);
  const place = t.register("int32");
  const [b, p] = [t.reg(best), t.reg(place)];
  const position = t.indexValue(sums.at[0]!);
  // The very first element always counts, so the start value is never compared with.
  let better = t.op("or", [
    t.op(kind === "max" ? "gt" : "lt", [term, b]),
    t.op("lt", [p, t.const("int32", 0)]),
  ]);
  if (term.type === "float32" || term.type === "float64") {
    const nan = (e: Expr): Expr => t.op("ne", [e, e]);
    const firstNaN = t.op("and", [nan(term), t.op("not", [nan(b)])]);
    better = t.op("or", [better, firstNaN]);
  }
  return {
    summed: sums.variables,
    accumulators: [
      { register: best, begin: t.const(term.type, 0), next: t.op("select", [better, term, b]) },
      { register: place, begin: t.const("int32", -1), next: t.op("select", [better, position, p]) },
    ],
    factors: undefined,
    combine: undefined,
    result: p,
  };
}

/** The buffers that statements load from and store to. */
export function touched(body: readonly Stmt[]): { reads: Buffer[]; writes: Buffer[] } {
  const reads = new Set<Buffer>();
  const writes = new Set<Buffer>();
  const seen = new Set<Expr>();
  const loads = (e: Expr): void => {
    visit(
      e,
      {
        expr(x) {
          if (x.kind === "load") reads.add(x.buffer);
        },
      },
      seen,
    );
  };
  const walk = (stmts: readonly Stmt[]): void => {
    for (const s of stmts) {
      if (s.kind === "for") walk(s.body);
      else if (s.kind === "if") {
        loads(s.condition);
        walk(s.body);
      } else if (s.kind !== "barrier") {
        loads(s.value);
        if (s.kind === "store") {
          writes.add(s.buffer);
          visitAtoms(s.index, (atom) => {
            if (atom.kind === "value") loads(atom.value);
          });
        }
      }
    }
  };
  walk(body);
  return { reads: [...reads], writes: [...writes] };
}
