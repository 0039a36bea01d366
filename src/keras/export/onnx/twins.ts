/** A graph and the same graph for another number of samples, node by node. */
import {
  attributeNames,
  type Graph,
  isPrimitive as is,
  type Node,
  topological,
  UnsupportedError,
} from "../../../engine/index.ts";
import { type Dim, type Dims, dimFrom } from "./dims.ts";

/** Attributes that are lengths of axes or places on them, or may be numbers of elements. */
const lengths = new Set(["shape", "start", "limit", "sizes", "sliceSizes", "most", "value"]);

function differ(): UnsupportedError {
  return new UnsupportedError(
    "export: the model computes something else for another number of samples, which ONNX has no way to say",
  );
}

/** Finds lengths that depend on the number of samples. */
export class Twins {
  readonly #other: Map<Node, Node> = new Map();

  /** @throws UnsupportedError when the graphs differ in more than lengths */
  constructor(graph: Graph, other: Graph) {
    this.#pair(graph, other);
  }

  #pair(graph: Graph, other: Graph): void {
    const [a, b] = [graph, other].map(({ params, results }) => [...params, ...topological(results)]);
    if (a!.length !== b!.length) throw differ();
    a!.forEach((node, i) => {
      const twin = b![i]!;
      const names = attributeNames(node.op).filter((name) => !lengths.has(name) && name !== "body");
      const [own, others] = [node.attrs, twin.attrs] as Readonly<Record<string, unknown>>[];
      const same =
        node.op === twin.op &&
        node.dtype === twin.dtype &&
        node.inputs.every((x, k) => this.#other.get(x) === twin.inputs[k]) &&
        names.every((name) => JSON.stringify(own![name]) === JSON.stringify(others![name]));
      const known = this.#other.get(node);
      if (!same || (known !== undefined && known !== twin)) throw differ();
      this.#other.set(node, twin);
      if (is(node, "loop") && is(twin, "loop")) this.#pair(node.attrs.body, twin.attrs.body);
    });
  }

  /** The shape of a node. */
  shape(node: Node): Dims {
    return this.list(node, (n) => n.shape);
  }

  /** A list of lengths that a node has. */
  list<N extends Node>(node: N, of: (node: N) => readonly number[]): Dims {
    const [own, others] = [of(node), of(this.#other.get(node) as N)];
    return own.map((n, i) => dimFrom(n, others[i]!));
  }

  /** Whether a number of a node does not depend on the number of samples. */
  agree<N extends Node>(node: N, of: (node: N) => number): boolean {
    return Object.is(of(node), of(this.#other.get(node) as N));
  }

  /** One length that a node has. */
  length<N extends Node>(node: N, of: (node: N) => number): Dim {
    return dimFrom(of(node), of(this.#other.get(node) as N));
  }
}
