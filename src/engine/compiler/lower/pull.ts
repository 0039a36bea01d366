/**
 * Element access: the expression for one element of a node, found by walking from the node to whatever lies in memory.
 * Views become arithmetic on indices, so they cost nothing by themselves.
 */
import type { Node } from "../../graph/node.ts";
import { is } from "../../graph/node.ts";
import { batchAxes, type IndexDims, isElementwise, windowAxes } from "../../graph/primitives.ts";
import { TsunoError } from "../../tensor/errors.ts";
import { type Shape, sizeOf, stridesOf } from "../../tensor/shape.ts";
import { type ElementwisePrimitive, expand } from "../elementwise.ts";
import type { Buffer, Expr, ExprTable, Index } from "../loop_ir/index.ts";
import { registerType } from "../loop_ir/index.ts";
import { threefry } from "../math/threefry.ts";
import { read, settle } from "../storage.ts";

/** Where nodes are found: in memory, or in a register of the kernel. */
export type Lookup = (node: Node) => Buffer | Expr | undefined;

/** A place in a row-major array, as one number. */
export function linear(t: ExprTable, at: readonly Index[], shape: Shape): Index {
  return t.index.combine(0, at, stridesOf(shape));
}

/** The place along each axis of the element with a given number. */
export function unravel(t: ExprTable, place: Index, shape: Shape): Index[] {
  const strides = stridesOf(shape);
  return shape.map((n, axis) => {
    if (n === 1) return t.index.constant(0);
    const above = t.index.div(place, Math.max(1, strides[axis]!));
    return axis === 0 ? above : t.index.mod(above, Math.max(1, n));
  });
}

/** Reads elements of nodes as expressions. One puller serves one kernel. */
export class Puller {
  readonly #t: ExprTable;
  readonly #lookup: Lookup;
  readonly #memo = new Map<string, Expr>();

  constructor(t: ExprTable, lookup: Lookup) {
    this.#t = t;
    this.#lookup = lookup;
  }

  /** The element of a node at a place. */
  value(node: Node, at: readonly Index[]): Expr {
    let key = `${node.id}`;
    for (const i of at) key += `,${i.id}`;
    let out = this.#memo.get(key);
    if (out === undefined) {
      const found = this.#lookup(node);
      if (found === undefined) out = this.#compute(node, at);
      else out = "kind" in found ? found : read(this.#t, found, linear(this.#t, at, node.shape));
      this.#memo.set(key, out);
    }
    return out;
  }

  /** The element as it is computed, even if the node is also in memory. */
  compute(node: Node, at: readonly Index[]): Expr {
    return this.#compute(node, at);
  }

  #compute(node: Node, at: readonly Index[]): Expr {
    const t = this.#t;
    const [x] = node.inputs;
    if (isElementwise(node.op)) {
      const args = node.inputs.map((input) => this.value(input, at));
      return expand(t, args, node as Node<ElementwisePrimitive>);
    }
    if (is(node, "constant")) return t.const(registerType(node.dtype), node.attrs.value);
    if (is(node, "iota")) return this.#iota(node, at[node.attrs.axis]!);
    if (is(node, "reshape")) return this.value(x!, unravel(t, linear(t, at, node.shape), x!.shape));
    if (is(node, "optimization_barrier")) return this.value(x!, at);
    if (is(node, "transpose")) {
      const from: Index[] = [];
      node.attrs.permutation.forEach((p, i) => {
        from[p] = at[i]!;
      });
      return this.value(x!, from);
    }
    if (is(node, "broadcast_in_dim")) {
      return this.value(
        x!,
        node.attrs.dims.map((d, i) => (x!.shape[i] === 1 ? t.index.constant(0) : at[d]!)),
      );
    }
    if (is(node, "slice")) {
      const { start, strides } = node.attrs;
      return this.value(
        x!,
        at.map((i, d) => t.index.addConstant(t.index.mul(i, strides[d]!), start[d]!)),
      );
    }
    if (is(node, "reverse")) {
      const flip = (i: Index, d: number): Index =>
        t.index.addConstant(t.index.mul(i, -1), node.shape[d]! - 1);
      return this.value(
        x!,
        at.map((i, d) => (node.attrs.axes.includes(d) ? flip(i, d) : i)),
      );
    }
    if (is(node, "dynamic_slice")) {
      const starts = node.inputs.slice(1).map((s, d) => this.start(s, x!.shape[d]! - node.shape[d]!));
      return this.value(
        x!,
        at.map((i, d) => t.index.add(i, starts[d]!)),
      );
    }
    if (is(node, "gather")) return this.value(x!, this.#gathered(node, at));
    if (is(node, "rng_bit_generator")) {
      const [k0, k1] = [0, 1].map((i) => this.value(x!, [t.index.constant(i)]));
      return threefry(t, k0!, k1!, t.indexValue(linear(t, at, node.shape)));
    }
    throw new TsunoError(`The compiler found no memory for ${node.op}.`);
  }

  #iota(node: Node<"iota">, i: Index): Expr {
    const place = this.#t.indexValue(i);
    const type = registerType(node.dtype);
    return settle(this.#t, this.#t.op("convert", [place], type), node.dtype);
  }

  /** A run-time start that is moved into 0 … most. */
  start(node: Node, most: number): Index {
    return this.clamped(this.value(node, []), most);
  }

  /** A run-time int32 as an index in 0 … most. */
  clamped(value: Expr, most: number): Index {
    const t = this.#t;
    if (value.kind === "const") return t.index.constant(Math.min(most, Math.max(0, value.value)));
    if (value.kind === "index" && value.index.min >= 0 && value.index.max <= most) return value.index;
    if (most <= 0) return t.index.constant(0);
    const low = t.op("max", [value, t.const("int32", 0)]);
    return t.index.value(t.op("min", [low, t.const("int32", most)]), 0, most);
  }

  #gathered(node: Node<"gather">, at: readonly Index[]): Index[] {
    const [x, indices] = node.inputs as [Node, Node];
    const { attrs } = node;
    const t = this.#t;
    const place = indexPlace(node.shape.length, attrs, at);
    const out = x.shape.map(() => t.index.constant(0));
    attrs.startIndexMap.forEach((d, component) => {
      const raw = this.value(indices, [...place, t.index.constant(component)]);
      out[d] = this.clamped(raw, x.shape[d]! - attrs.sliceSizes[d]!);
    });
    addWindow(t, out, x.shape.length, node.shape.length, attrs, at);
    return out;
  }
}

/** Where in the indices (without the axis of components) the vector for an element of the result or updates stands. */
export function indexPlace(rank: number, dims: IndexDims, at: readonly Index[]): Index[] {
  return batchAxes(rank, dims).map((d) => at[d]!);
}

/** Adds the batching and window coordinates of an element to the start of its slice. */
export function addWindow(
  t: ExprTable,
  out: Index[],
  operandRank: number,
  rank: number,
  dims: IndexDims,
  at: readonly Index[],
): void {
  const place = indexPlace(rank, dims, at);
  dims.operandBatchingDims.forEach((d, k) => {
    out[d] = t.index.add(out[d]!, place[dims.indicesBatchingDims[k]!]!);
  });
  windowAxes(operandRank, dims).forEach((d, k) => {
    out[d] = t.index.add(out[d]!, at[dims.offsetDims[k]!]!);
  });
}

/** Whether a node has no elements, so that there is nothing to compute. */
export function isEmpty(shape: Shape): boolean {
  return sizeOf(shape) === 0;
}
