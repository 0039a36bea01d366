/** Prints graphs as readable text in the manner of StableHLO. Equal structures print equally, whatever the nodes' ids. */
import { type DType, isFloat } from "../tensor/dtype.ts";
import { attributeNames } from "./attributes.ts";
import { type Graph, is, type Node, topological } from "./node.ts";
import type { Primitive, Type } from "./primitives.ts";

const elementTypes: { readonly [D in DType]: string } = {
  bool: "i1",
  uint8: "ui8",
  int8: "i8",
  uint16: "ui16",
  int16: "i16",
  uint32: "ui32",
  int32: "i32",
  bfloat16: "bf16",
  float16: "f16",
  float32: "f32",
  float64: "f64",
};

// What StableHLO lacks is in its companion dialect of client operations, or is the project's own.
const dialects: { readonly [P in Primitive]?: string } = {
  ...Object.fromEntries(
    ["asin", "acos", "atan", "sinh", "cosh", "asinh", "acosh", "atanh", "erf", "erf_inv"].map((op) => [
      op,
      "chlo",
    ]),
  ),
  arg_reduce: "tsuno",
  arg_sort: "tsuno",
  stop_gradient: "tsuno",
  identity: "tsuno",
  result: "tsuno",
};

function typeText(type: Type): string {
  return `tensor<${[...type.shape, elementTypes[type.dtype]].join("x")}>`;
}

function valueText(value: unknown, dtype: DType): string {
  if (typeof value !== "number") return Array.isArray(value) ? `[${value.join(", ")}]` : String(value);
  if (dtype === "bool") return String(value !== 0);
  if (Object.is(value, -0)) return "-0.0";
  return isFloat(dtype) && Number.isInteger(value) ? value.toFixed(1) : String(value);
}

type Namer = (node: Node) => string;

/** Everything right of the equals sign. */
function expression(node: Node, name: Namer): string {
  const head = `${dialects[node.op] ?? "stablehlo"}.${node.op}`;
  if (is(node, "constant"))
    return `${head} dense<${valueText(node.attrs.value, node.dtype)}> : ${typeText(node)}`;
  const attrs = node.attrs as Readonly<Record<string, unknown>>;
  // The type at the end of the line shows shape and dtype; a body is printed as a region or not at all.
  const shown = attributeNames(node.op).filter((n) => n !== "shape" && n !== "dtype" && n !== "body");
  const parts = [...node.inputs.map(name), ...shown.map((n) => `${n} = ${valueText(attrs[n], "int32")}`)];
  const operands = node.inputs.map(typeText);
  const result = typeText(node);
  const types = operands.every((t) => t === result) ? result : `(${operands.join(", ")}) -> ${result}`;
  return `${head}${parts.length > 0 ? ` ${parts.join(", ")}` : ""} : ${types}`;
}

/** One node on one line, its operands named by their ids. */
export function printNode(node: Node): string {
  return `%${node.id} = ${expression(node, (n) => `%${n.id}`)}`;
}

class Printer {
  readonly lines: string[] = [];
  readonly #names = new Map<Node, string>();
  #values = 0;
  #arguments = 0;

  /** Names the parameters, prints what the results need, and gives what stands in the head: the typed parameters. */
  params(graph: Graph): string {
    for (const p of graph.params) this.#names.set(p, `%arg${this.#arguments++}`);
    return graph.params.map((p) => `${this.#names.get(p)!}: ${typeText(p)}`).join(", ");
  }

  body(graph: Graph, indent: string): void {
    for (const node of topological(graph.results)) {
      if (this.#names.has(node)) continue;
      if (is(node, "result")) {
        this.#names.set(node, `${this.#name(node.inputs[0]!)}#${node.attrs.index}`);
      } else if (is(node, "loop")) {
        this.#loop(node, indent);
      } else {
        const text = node.op === "parameter" ? "unbound parameter" : expression(node, (n) => this.#name(n));
        this.lines.push(`${indent}${this.#next(node)} = ${text}`);
      }
    }
    const results = graph.results.map((r) => this.#name(r)).join(", ");
    this.lines.push(`${indent}return ${results} : ${graph.results.map(typeText).join(", ")}`);
  }

  #loop(node: Node<"loop">, indent: string): void {
    const { body, carries, conditional } = node.attrs;
    const params = this.params(body);
    const pairs = node.inputs.slice(1).map((x, i) => `${this.#name(body.params[i + 1]!)} = ${this.#name(x)}`);
    const count = `count(${this.#name(node.inputs[0]!)})`;
    const given = [
      conditional ? `${count} while(${this.#name(body.params[1]!)})` : count,
      `carries(${pairs.slice(0, carries).join(", ")})`,
    ];
    if (pairs.length > carries) given.push(`captures(${pairs.slice(carries).join(", ")})`);
    this.lines.push(`${indent}${this.#next(node)}:${carries} = stablehlo.while ${given.join(" ")} {`);
    this.lines.push(`${indent}^body(${params}):`);
    this.body(body, `${indent}  `);
    this.lines.push(`${indent}}`);
  }

  #name(node: Node): string {
    return this.#names.get(node)!;
  }

  #next(node: Node): string {
    const name = `%${this.#values++}`;
    this.#names.set(node, name);
    return name;
  }
}

/**
 * A graph as text.
 *
 * @example
 * ```ts
 * printGraph(makeGraph((x: Tensor) => x.add(x), tensor([0.5, 1.5])));
 * // → func.func @main(%arg0: tensor<2xf32>) -> (tensor<2xf32>) {
 * //   %0 = stablehlo.add %arg0, %arg0 : tensor<2xf32>
 * //   return %0 : tensor<2xf32>
 * // }
 * ```
 */
export function printGraph(graph: Graph, name = "main"): string {
  const printer = new Printer();
  const params = printer.params(graph);
  printer.lines.push(`func.func @${name}(${params}) -> (${graph.results.map(typeText).join(", ")}) {`);
  printer.body(graph, "  ");
  printer.lines.push("}");
  return printer.lines.join("\n");
}
