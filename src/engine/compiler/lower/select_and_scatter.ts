/** Lowers `select_and_scatter`: each window finds the place of its extreme and brings its number there. */
import type { Node } from "../../graph/node.ts";
import { type Shape, sizeOf } from "../../tensor/shape.ts";
import {
  type Expr,
  type ExprTable,
  type Index,
  type LoopVar,
  type Register,
  registerType,
  type Stmt,
} from "../loop_ir/index.ts";
import { rewriter, vectorize } from "../loop_ir/transform.ts";
import type { Group } from "../schedule/groups.ts";
import { settle } from "../storage.ts";
import {
  axisVariables,
  elementwiseLoops,
  forLoop,
  loopsAround,
  type Store,
  scalarOnly,
  serial,
  vectorLanes,
} from "./nest.ts";
import { linear, Puller } from "./pull.ts";
import { lookup, type Surroundings, storesAt } from "./scope.ts";

type Select = Node<"select_and_scatter">;

/** The kernel's statements. */
export function lowerSelect(heavy: Select, scope: Surroundings, group: Group): Stmt[] {
  const { window, strides, dilations } = heavy.attrs;
  const { shape } = heavy;
  if (sizeOf(shape) === 0) return [];
  const separate = window.every((k, d) => k === strides[d] && (k === 1 || dilations[d] === 1));
  return separate ? separateWindows(group, heavy, scope) : overlappingWindows(group, heavy, scope);
}

/** What the group writes at a place, if the node's own element there is `value`. */
function storesWith(
  group: Group,
  heavy: Select,
  scope: Surroundings,
  at: readonly Index[],
  value: Expr,
): Store[] {
  const puller = new Puller(
    scope.table,
    lookup(group.nodes, scope, (n) => (n === heavy ? value : undefined)),
  );
  return storesAt(group.nodes, heavy.shape, at, puller, scope);
}

/** The places of a window in row-major order. */
function placesOf(window: Shape): number[][] {
  let places: number[][] = [[]];
  for (const k of window) places = places.flatMap((p) => Array.from({ length: k }, (_, i) => [...p, i]));
  return places;
}

/** A window: its elements' places in the array, the number of the one that is chosen, and what it gets. */
interface Window {
  readonly elements: readonly (readonly Index[])[];
  readonly chosen: Expr;
  readonly given: Expr;
}

function windowAt(t: ExprTable, heavy: Select, at: readonly Index[], puller: Puller): Window {
  const [x, source] = heavy.inputs as [Node, Node];
  const { window, strides, dilations, kind } = heavy.attrs;
  const elements = placesOf(window).map((place) =>
    at.map((i, d) => t.index.addConstant(t.index.mul(i, strides[d]!), place[d]! * dilations[d]!)),
  );
  const values = elements.map((e) => puller.value(x, e));
  const isFloat = values[0]!.type.startsWith("float");
  let best = values[0]!;
  let chosen = t.const("int32", 0);
  values.forEach((value, i) => {
    if (i === 0) return;
    let better = t.op(kind === "max" ? "gt" : "lt", [value, best]);
    if (isFloat) {
      const firstNaN = t.op("and", [t.op("ne", [value, value]), t.op("eq", [best, best])]);
      better = t.op("or", [better, firstNaN]);
    }
    chosen = t.op("select", [better, t.const("int32", i), chosen]);
    best = t.op("select", [better, value, best]);
  });
  return { elements, chosen, given: puller.value(source, at) };
}

/** The element of a window that is chosen gets the window's number, all others nothing. */
function share(t: ExprTable, chosen: Expr, given: Expr, i: number): Expr {
  return t.op("select", [t.op("eq", [chosen, t.const("int32", i)]), given, t.const(given.type, 0)]);
}

/** Every element belongs to one window or to none: windows write all of their elements once. */
function separateWindows(group: Group, heavy: Select, scope: Surroundings): Stmt[] {
  const t = scope.table;
  const count = heavy.inputs[1]!.shape;
  const { variables, at } = axisVariables(t, count);
  const { elements, chosen, given } = windowAt(t, heavy, at, new Puller(t, (n) => scope.buffer(n)));
  const stores = elements.flatMap((e, i) => storesWith(group, heavy, scope, e, share(t, chosen, given, i)));
  return [...elementwiseLoops(t, variables, stores), ...leftOver(group, heavy, scope)];
}

/** The elements behind the last windows. */
function leftOver(group: Group, heavy: Select, scope: Surroundings): Stmt[] {
  const t = scope.table;
  const { shape } = heavy;
  const covered = heavy.inputs[1]!.shape.map((n, d) => n * heavy.attrs.window[d]!);
  return shape.flatMap((n, axis): Stmt[] => {
    if (covered[axis] === n) return [];
    const region = shape.map((m, d) => (d < axis ? covered[d]! : d === axis ? m - covered[d]! : m));
    const { variables, at } = axisVariables(t, region);
    const place = at.map((i, d) => (d === axis ? t.index.addConstant(i, covered[d]!) : i));
    return elementwiseLoops(
      t,
      variables,
      storesWith(group, heavy, scope, place, zeroOf(t, heavy, place, scope)),
    );
  });
}

function zeroOf(t: ExprTable, heavy: Select, at: readonly Index[], scope: Surroundings): Expr {
  const { type } = new Puller(t, (n) => scope.buffer(n)).value(heavy.inputs[0]!, at);
  return t.const(type, 0);
}

/**
 * Windows add to the elements one window after the other, in private memory, from which the epilogue then reads. Axes in
 * front along which windows are single elements go outermost, so that this memory is small.
 */
function overlappingWindows(group: Group, heavy: Select, scope: Surroundings): Stmt[] {
  const t = scope.table;
  const { shape } = heavy;
  const { window, strides } = heavy.attrs;
  const count = heavy.inputs[1]!.shape;
  const plain = (d: number): boolean => window[d] === 1 && strides[d] === 1;
  let lead = 0;
  while (lead < shape.length - 1 && plain(lead)) lead++;
  const outer = axisVariables(t, shape.slice(0, lead));
  const own = shape.slice(lead);
  const sums = scope.scratch(sizeOf(own), registerType(heavy.dtype));
  const place = (at: readonly Index[]): Index => linear(t, at.slice(lead), own);

  const whole = axisVariables(t, own);
  const everywhere = [...outer.at, ...whole.at];
  const zero = zeroOf(t, heavy, everywhere, scope);
  const clear = elementwiseLoops(t, whole.variables, [
    { buffer: sums, index: place(everywhere), value: zero },
  ]);

  const inner = axisVariables(t, count.slice(lead));
  const at = [...outer.at, ...inner.at];
  const found = windowAt(t, heavy, at, new Puller(t, (n) => scope.buffer(n)));
  const add = (lanes: number, v: LoopVar | undefined): Stmt[] => {
    const hold = (e: Expr): Register => t.register(e.type, lanes);
    const [chosen, given] = [t.register(found.chosen.type), t.register(found.given.type)];
    const [wideChosen, wideGiven] = [hold(found.chosen), hold(found.given)];
    const held = new Map([
      [chosen, t.reg(wideChosen)],
      [given, t.reg(wideGiven)],
    ]);
    const widen = (e: Expr): Expr =>
      v === undefined ? rewriter(t, { registers: held }).expr(e) : vectorize(t, e, v, lanes, held);
    return [
      { kind: "set", register: wideChosen, value: widen(found.chosen) },
      { kind: "set", register: wideGiven, value: widen(found.given) },
      ...found.elements.map((e, i): Stmt => {
        const index = place(e);
        const sum = t.op("add", [t.load(sums, index), share(t, t.reg(chosen), t.reg(given), i)]);
        return {
          kind: "store",
          buffer: sums,
          index,
          value: widen(sum),
        };
      }),
    ];
  };
  const last = shape.length - 1;
  const vector =
    plain(last) && shape[last]! >= vectorLanes && !scalarOnly([found.given])
      ? inner.variables.at(-1)
      : undefined;
  const rounds: Stmt[] = [];
  if (vector === undefined) rounds.push(...loopsAround(inner.variables, add(1, undefined)));
  else {
    const main = vector.extent - (vector.extent % vectorLanes);
    const along = [
      ...forLoop(vector, 0, main, vectorLanes, add(vectorLanes, vector)),
      ...forLoop(vector, main, vector.extent, 1, add(1, vector)),
    ];
    rounds.push(...loopsAround(inner.variables.slice(0, -1), along));
  }

  const value = settle(t, t.load(sums, place(everywhere)), heavy.dtype);
  const finish = elementwiseLoops(t, whole.variables, storesWith(group, heavy, scope, everywhere, value));
  const windows = count.some((n) => n === 0) ? [] : rounds;
  return loopsAround(outer.variables, serial([...clear, ...windows, ...finish]), true);
}
