/** Rules that compute at compile time: on constants, on empty arrays, and what the engine only marks. */
import { isEmpty, scalarValue } from "../build.ts";
import { is } from "../node.ts";
import { constantOf, hole, on, op, type Rule, rule } from "../pattern.ts";
import { isElementwise, type Primitive, primitives } from "../primitives.ts";
import { evaluate } from "./evaluate.ts";

const x = hole("x");
const every = Object.keys(primitives) as Primitive[];
const computing = every.filter((p) => p !== "parameter" && p !== "constant" && p !== "loop");
const elementwise = every.filter(isElementwise);

export const folding: readonly Rule[] = [
  // An array without elements has nothing to compute.
  on(computing, (node, context) => (isEmpty(node) ? constantOf(0, node, context) : undefined)),

  // Marks that have served when a graph is simplified.
  rule(op("identity", x), x),
  rule(op("stop_gradient", x), x),

  // What takes no memory has nothing to wait for.
  on("optimization_barrier", ({ inputs: [x] }) => (x!.op === "constant" || x!.op === "iota" ? x : undefined)),

  // Numbers everywhere alike stay so, however they are moved about.
  on(
    ["reshape", "transpose", "broadcast_in_dim", "slice", "reverse", "gather", "dynamic_slice"],
    (node, context) => {
      const value = scalarValue(node.inputs[0]!);
      return value === undefined ? undefined : constantOf(value, node, context);
    },
  ),
  on(["pad", "concatenate"], (node, context) => {
    const value = scalarValue(node.inputs[0]!);
    const alike = value !== undefined && node.inputs.every((input) => Object.is(scalarValue(input), value));
    return alike ? constantOf(value, node, context) : undefined;
  }),
  on("iota", (node, context) =>
    node.shape[node.attrs.axis] === 1 ? constantOf(0, node, context) : undefined,
  ),

  // Elementwise primitives of constants.
  on(elementwise, (node, context) => {
    const values: number[] = [];
    for (const input of node.inputs) {
      if (!is(input, "constant")) return undefined;
      values.push(input.attrs.value);
    }
    const value = evaluate(node, values);
    return value === undefined ? undefined : constantOf(value, node, context);
  }),
];
