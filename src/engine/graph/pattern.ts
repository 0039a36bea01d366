/**
 * The language of rewrite rules. A pattern is a small tree that is laid over nodes; its holes bind what they meet. The
 * replacement is such a tree too, or a function of the bound nodes where attributes have to be worked out.
 */
import { roundTo } from "../tensor/dtype.ts";
import type { PlainPrimitive } from "./build.ts";
import { commutative } from "./intern.ts";
import { is, type Node } from "./node.ts";
import type { Attrs, Primitive } from "./primitives.ts";

/** What rules may ask for. */
export interface Context {
  /** A simplified node. */
  make<P extends Primitive>(op: P, inputs: readonly Node[], attrs: Attrs[P]): Node;
  /** How many operands and results refer to a node; infinity where that is not known. */
  uses(node: Node): number;
}

/** A rewrite: gives the node to take instead, or undefined where it has nothing to say. */
export interface Rule {
  /** The primitives that the rule is tried on. */
  readonly ops: readonly Primitive[];
  readonly apply: (node: Node, context: Context) => Node | undefined;
}

type HoleName = "x" | "y" | "z" | "c" | "d";

interface Hole {
  readonly kind: "hole";
  readonly name: HoleName;
  readonly where: ((node: Node) => boolean) | undefined;
}

interface NumberPattern {
  readonly kind: "number";
  readonly value: number;
}

interface OpPattern {
  readonly kind: "op";
  readonly op: Primitive;
  readonly inputs: readonly Pattern[];
}

interface OpTemplate {
  readonly kind: "op";
  readonly op: PlainPrimitive;
  readonly inputs: readonly Template[];
}

/** What nodes are compared with. */
export type Pattern = Hole | NumberPattern | OpPattern;

/** What nodes are made from: a pattern of primitives without attributes. */
export type Template = Hole | NumberPattern | OpTemplate;

/** The nodes that holes met, and the node as a whole. */
export type Match = { readonly [N in HoleName | "root"]: Node };

/** Any node, or one that fulfils a condition. A hole that occurs twice meets the same node. */
export function hole(name: HoleName, where?: (node: Node) => boolean): Hole {
  return { kind: "hole", name, where };
}

/** A constant of this value; as a template, one of the type of the whole node. Zero stands for both zeros. */
export function num(value: number): NumberPattern {
  return { kind: "number", value };
}

/** A primitive applied to patterns, in either order where it is commutative. */
export function op<P extends Primitive, I extends readonly Pattern[]>(
  name: P,
  ...inputs: I
): { readonly kind: "op"; readonly op: P; readonly inputs: I } {
  return { kind: "op", op: name, inputs };
}

type Bindings = { [N in HoleName | "root"]?: Node };

function matches(pattern: Pattern, node: Node, bound: Bindings): boolean {
  if (pattern.kind === "hole") {
    if (pattern.where !== undefined && !pattern.where(node)) return false;
    bound[pattern.name] ??= node;
    return bound[pattern.name] === node;
  }
  if (pattern.kind === "number") return is(node, "constant") && node.attrs.value === pattern.value;
  if (pattern.op !== node.op || pattern.inputs.length !== node.inputs.length) return false;
  if (!commutative.has(node.op)) return pattern.inputs.every((p, i) => matches(p, node.inputs[i]!, bound));
  const [p, q] = [pattern.inputs[0]!, pattern.inputs[1]!];
  const [a, b] = [node.inputs[0]!, node.inputs[1]!];
  const before = { ...bound };
  if (matches(p, a, bound) && matches(q, b, bound)) return true;
  for (const name of Object.keys(bound) as (keyof Bindings)[])
    if (before[name] === undefined) delete bound[name];
  return matches(p, b, bound) && matches(q, a, bound);
}

function instantiate(template: Template, match: Match, context: Context): Node {
  if (template.kind === "hole") return match[template.name];
  if (template.kind === "number") return constantOf(template.value, match.root, context);
  const inputs = template.inputs.map((t) => instantiate(t, match, context));
  return context.make(template.op, inputs, {});
}

/** A constant of the shape and dtype of a node, in the graph that is being rewritten. */
export function constantOf(value: number, like: Pick<Node, "shape" | "dtype">, context: Context): Node {
  const { shape, dtype } = like;
  return context.make("constant", [], { value: roundTo(dtype, value), shape, dtype });
}

/** A rule from a pattern and its replacement. */
export function rule(
  pattern: OpPattern,
  replacement: Template | ((match: Match, context: Context) => Node | undefined),
): Rule {
  const apply = (node: Node, context: Context): Node | undefined => {
    const bound: Bindings = { root: node };
    if (!matches(pattern, node, bound)) return undefined;
    const match = bound as Match;
    return typeof replacement === "function"
      ? replacement(match, context)
      : instantiate(replacement, match, context);
  };
  return { ops: [pattern.op], apply };
}

/** A rule for some primitives whose condition is easier said in code. */
export function on<P extends Primitive>(
  ops: P | readonly P[],
  apply: (node: Node<P>, context: Context) => Node | undefined,
): Rule {
  const list: readonly P[] = typeof ops === "string" ? [ops] : ops;
  return { ops: list, apply: (node, context) => apply(node as Node<P>, context) };
}
