/** Lowers `pad`: one walk for the padding, one for what lies inside. */
import type { Node } from "../../graph/node.ts";
import type { Stmt } from "../loop_ir/index.ts";
import { written } from "../storage.ts";
import { axisVariables, elementwiseLoops, loopsAround, serial } from "./nest.ts";
import { linear, Puller } from "./pull.ts";
import { lookup, type Surroundings } from "./scope.ts";

/** The kernel's statements. */
export function lowerPad(node: Node<"pad">, scope: Surroundings): Stmt[] {
  const t = scope.table;
  const { low, high, interior } = node.attrs;
  const [x, value] = node.inputs as [Node, Node];
  const puller = new Puller(t, lookup([node], scope));
  const buffer = scope.buffer(node)!;
  // Slices along axes in front that are not padded are done one by one: the second walk finds them in the cache.
  let lead = x.shape.findIndex((_, d) => low[d] !== 0 || high[d] !== 0 || interior[d] !== 0);
  if (lead < 0) lead = x.shape.length;
  const outer = axisVariables(t, x.shape.slice(0, lead));
  const whole = axisVariables(t, node.shape.slice(lead));
  const fill = elementwiseLoops(t, whole.variables, [
    {
      buffer,
      index: linear(t, [...outer.at, ...whole.at], node.shape),
      value: written(t, puller.value(value, []), node.dtype),
    },
  ]);
  // Elements of x that negative padding leaves inside.
  const first = x.shape.map((_, d) => Math.max(0, Math.ceil(-low[d]! / (interior[d]! + 1))));
  const end = x.shape.map((n, d) =>
    Math.min(n, Math.floor((node.shape[d]! - 1 - low[d]!) / (interior[d]! + 1)) + 1),
  );
  const inside = axisVariables(
    t,
    x.shape.slice(lead).map((_, d) => Math.max(0, end[lead + d]! - first[lead + d]!)),
  );
  const from = [...outer.at, ...inside.at].map((i, d) => t.index.addConstant(i, first[d]!));
  const to = from.map((i, d) => t.index.addConstant(t.index.mul(i, interior[d]! + 1), low[d]!));
  const empty = x.shape.some((_, d) => end[d]! <= first[d]!);
  const copy = empty
    ? []
    : elementwiseLoops(t, inside.variables, [
        { buffer, index: linear(t, to, node.shape), value: written(t, puller.value(x, from), node.dtype) },
      ]);
  if (node.shape.some((n) => n === 0)) return [];
  return outer.variables.length === 0
    ? [...fill, { kind: "barrier" }, ...copy]
    : loopsAround(outer.variables, serial([...fill, ...copy]), true);
}
