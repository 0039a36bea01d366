/** Updates of places that other operands name. */
import type { Node } from "../../graph/node.ts";
import { type Expr, type LoopVar, loopVar, type Stmt } from "../loop_ir/index.ts";
import { coefficient, rewriter, uses, vectorize } from "../loop_ir/transform.ts";
import { read, settle, written } from "../storage.ts";
import { axisVariables, forLoop, loopsAround, type Store, scalarOnly, vectorLanes } from "./nest.ts";
import { addWindow, indexPlace, linear, Puller } from "./pull.ts";
import { lookup, type Surroundings } from "./scope.ts";
import { cover } from "./tile.ts";

/** Elements of a row that one thread takes at a time: each part goes through all updates. */
const rowPart = 32;

/** Updates one after the other, in their order: two may meet in one element. */
export function lowerScatter(node: Node<"scatter">, scope: Surroundings): Stmt[] {
  const t = scope.table;
  const [x, indices, updates] = node.inputs as [Node, Node, Node];
  if (updates.shape.some((n) => n === 0) || x.shape.some((n) => n === 0)) return [];
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
  const old = read(t, buffer, index);
  const ops = { add: "add", multiply: "mul", max: "max", min: "min" } as const;
  const next = attrs.kind === "set" ? value : t.op(ops[attrs.kind], [old, value]);
  const store: Store = { buffer, index, value: written(t, settle(t, next, node.dtype), node.dtype) };
  const inside = conditions.length === 0 ? undefined : conditions.reduce((a, b) => t.op("and", [a, b]));
  const row = variables.at(-1);
  if (row === undefined || !isRow(row, store, inside)) {
    return loopsAround(variables, when(inside, [{ kind: "store", ...store }]));
  }
  // The elements of a row are different ones: they are updated at once, and parts of rows by different threads.
  const [first, part] = [loopVar(row.extent, "c"), loopVar(rowPart, "p")];
  const column = t.index.add(t.index.variable(first), t.index.variable(part));
  const moved = rewriter(t, { variables: new Map([[row, column]]) });
  const scalar: Stmt = { kind: "store", buffer, index: moved.index(index), value: moved.expr(store.value) };
  const vector: Stmt = { ...scalar, value: vectorize(t, scalar.value, part, vectorLanes) };
  const inPart = (size: number): Stmt[] => {
    const main = size - (size % vectorLanes);
    const elements = [
      ...forLoop(part, 0, main, vectorLanes, [vector]),
      ...forLoop(part, main, size, 1, [scalar]),
    ];
    return loopsAround(variables.slice(0, -1), when(inside, elements));
  };
  return cover(row.extent, rowPart, inPart, first, true);
}

/** Whether updates along a variable are for neighbours, all of which lie inside or none. */
function isRow(v: LoopVar, { index, value }: Store, inside: Expr | undefined): boolean {
  if (v.extent < vectorLanes || coefficient(index, v) !== 1 || scalarOnly([value])) return false;
  return inside === undefined || !uses(inside, v);
}

function when(condition: Expr | undefined, body: readonly Stmt[]): Stmt[] {
  return condition === undefined ? [...body] : [{ kind: "if", condition, body }];
}
