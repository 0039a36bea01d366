/** Reverse-mode differentiation: from a graph to the graph of its gradient, which can be differentiated again. */
import { constantLike } from "../graph/build.ts";
import { customGradientOf } from "../graph/custom_gradient.ts";
import { is, type Node, topological } from "../graph/node.ts";
import { gradientOrigin, setOrigin } from "../graph/origin.ts";
import type { Primitive } from "../graph/primitives.ts";
import { isFloat } from "../tensor/dtype.ts";
import { DTypeError, ShapeError } from "../tensor/errors.ts";
import { sameShape, showShape } from "../tensor/shape.ts";
import { accumulate } from "./accumulate.ts";
import { zeros } from "./arithmetic.ts";
import { loopVjp } from "./loop.ts";
import { Recomputation } from "./recompute.ts";
import { type Cotangents, type VjpRule, zero } from "./rule.ts";
import { vjpRules } from "./vjp.ts";

/**
 * The gradients of an output with respect to nodes it was computed from.
 *
 * @param output a node of a float dtype
 * @param wrt float nodes, each treated as a variable of its own: paths from one to the output that lead over another
 *   do not count
 * @param cotangent of the output's shape, what the output's elements are weighted with; default: ones
 * @returns one node for each of `wrt`, of its shape and dtype; zeros where the output does not depend on it
 * @throws DTypeError for nodes that are not floats
 */
export function gradients(output: Node, wrt: readonly Node[], cotangent?: Node): Node[] {
  requireFloat("output", output);
  return vjpGraph([output], [cotangent ?? constantLike(1, output)], wrt);
}

/**
 * The vector-Jacobian products of several outputs, summed: for each of `wrt` the node Σ cotangentᵀ · ∂output/∂wrt.
 *
 * @param outputs nodes of float dtypes
 * @param cotangents one for each output, of its shape and dtype
 * @param wrt as for {@link gradients}
 */
export function vjpGraph(
  outputs: readonly Node[],
  cotangents: readonly Node[],
  wrt: readonly Node[],
): Node[] {
  checkArguments(outputs, cotangents, wrt);
  const variables = new Set(wrt);
  const order = topological(outputs, (node) => variables.has(node), inputsOf);
  const active = activeNodes(order, variables);
  const pending = new Map<Node, Node>();
  const pendingLoops = new Map<Node, (Node | undefined)[]>();
  const recomputation = new Recomputation();

  const send = (node: Node, cotangent: Node): void => {
    const before = pending.get(node);
    pending.set(node, before === undefined ? cotangent : accumulate(before, cotangent));
  };
  const sendToInputs = (node: Node, contributions: Cotangents): void => {
    node.inputs.forEach((input, i) => {
      const contribution = contributions[i];
      if (contribution !== undefined && active.has(input)) send(input, contribution);
    });
  };

  outputs.forEach((output, i) => {
    if (active.has(output)) send(output, cotangents[i]!);
  });
  const outer = setOrigin(undefined);
  for (const node of order.reverse()) {
    if (variables.has(node) || !active.has(node)) continue;
    setOrigin(gradientOrigin(node.origin));
    if (is(node, "loop")) {
      const finals = pendingLoops.get(node);
      if (finals !== undefined) {
        const arrived = finals.filter((n) => n !== undefined);
        const anew = recomputation.of(node, arrived) as Node<"loop">;
        const wanted = new Set(anew.inputs.filter((_, i) => active.has(node.inputs[i]!)));
        sendToInputs(
          node,
          loopVjp(anew, finals, (n) => wanted.has(n), vjpGraph),
        );
      }
      continue;
    }
    const cotangent = pending.get(node);
    if (cotangent === undefined) continue;
    if (is(node, "result")) {
      const loop = node.inputs[0]!;
      const finals = pendingLoops.get(loop) ?? [];
      const before = finals[node.attrs.index];
      finals[node.attrs.index] = before === undefined ? cotangent : accumulate(before, cotangent);
      pendingLoops.set(loop, finals);
    } else {
      const anew = recomputation.of(node, [cotangent]);
      const custom = customGradientOf(node);
      if (custom === undefined) sendToInputs(node, ruleOf(node)(anew, cotangent));
      else {
        const { pull } = customGradientOf(anew)!;
        pull(cotangent).forEach((contribution, i) => {
          const arg = custom.args[i]!;
          if (contribution !== undefined && active.has(arg)) send(arg, contribution);
        });
      }
    }
  }
  setOrigin(outer);
  return wrt.map((node) => pending.get(node) ?? zeros(node));
}

/** What a cotangent may go on to: a gradient of its own may reach what the value was not computed from. */
function inputsOf(node: Node): readonly Node[] {
  const custom = customGradientOf(node);
  return custom === undefined ? node.inputs : [...node.inputs, ...custom.args];
}

function ruleOf(node: Node): VjpRule<Primitive> {
  return vjpRules[node.op as keyof typeof vjpRules] as VjpRule<Primitive>;
}

/** The variables, and the nodes through which changes of them pass on. */
function activeNodes(order: readonly Node[], variables: ReadonlySet<Node>): Set<Node> {
  const active = new Set<Node>();
  for (const node of order) {
    if (variables.has(node)) active.add(node);
    else if (passesOn(node)) {
      const from = customGradientOf(node)?.args ?? node.inputs;
      if (from.some((input) => active.has(input))) active.add(node);
    }
  }
  return active;
}

function passesOn(node: Node): boolean {
  if (is(node, "loop")) return true;
  return isFloat(node.dtype) && (is(node, "result") || ruleOf(node) !== zero);
}

function checkArguments(outputs: readonly Node[], cotangents: readonly Node[], wrt: readonly Node[]): void {
  for (const node of wrt) requireFloat("variable", node);
  outputs.forEach((output, i) => {
    requireFloat("output", output);
    const cotangent = cotangents[i];
    if (cotangent?.dtype !== output.dtype) {
      throw new DTypeError(`The cotangent of output ${i} is ${output.dtype}. Received: ${cotangent?.dtype}`);
    }
    if (!sameShape(cotangent.shape, output.shape)) {
      throw new ShapeError(
        `The cotangent of output ${i} has shape ${showShape(output.shape)}. Received: ${showShape(cotangent.shape)}`,
      );
    }
  });
}

function requireFloat(role: string, node: Node): void {
  if (isFloat(node.dtype)) return;
  throw new DTypeError(`Only floats have gradients. Received as ${role}: ${node.op} of ${node.dtype}`);
}
