/**
 * Values of nodes as ONNX has them. Where a node broadcasts, the value may still be smaller, because operators that work
 * element by element broadcast by themselves; it is expanded when somebody needs it whole.
 */
import type { DType, Node } from "../../../engine/index.ts";
import { arrayOf, isHalf } from "../../../engine/index.ts";
import { type Dim, type Dims, fixed, isFixed, sameDim, sameDims } from "./dims.ts";
import type { Emitter } from "./emitter.ts";
import type { Twins } from "./twins.ts";

/** A value, whose shape fits the right end of its node's shape. */
export interface Value {
  readonly name: string;
  readonly shape: Dims;
}

/** How dtypes are kept in ONNX. */
export function storedAs(dtype: DType): DType {
  return isHalf(dtype) ? "float32" : dtype;
}

const one = fixed(1);

/** The shape that several shapes broadcast to. */
export function broadcastShape(shapes: readonly Dims[]): Dims {
  const rank = Math.max(...shapes.map((s) => s.length));
  return Array.from({ length: rank }, (_, i) => {
    const lengths = shapes.map((s) => s[i - rank + s.length] ?? one);
    return lengths.find((d) => !isFixed(d, 1)) ?? one;
  });
}

/** The values of one graph, over those of the graph around it. */
export class Values {
  readonly emitter: Emitter;
  readonly twins: Twins;
  readonly #values: Map<Node, Value>;
  readonly #whole: Map<Node, string>;
  readonly #loops: Map<Node, readonly string[]>;

  constructor(emitter: Emitter, twins: Twins, outer?: Values) {
    this.emitter = emitter;
    this.twins = twins;
    const none = outer === undefined;
    this.#values = new Map(none ? [] : outer.#values);
    this.#whole = new Map(none ? [] : outer.#whole);
    this.#loops = new Map(none ? [] : outer.#loops);
  }

  has(node: Node): boolean {
    return this.#values.has(node);
  }

  set(node: Node, value: Value): void {
    this.#values.set(node, value);
  }

  /** A value that has its node's shape. */
  setWhole(node: Node, name: string): void {
    this.#values.set(node, { name, shape: this.shape(node) });
  }

  /** The results of a loop, of which `result` nodes pick. */
  setLoop(node: Node, names: readonly string[]): void {
    this.#loops.set(node, names);
  }

  /** The name of a loop's result. */
  loopResult(node: Node, index: number): string {
    return this.#loops.get(node)![index]!;
  }

  /** A value that may be smaller than its node. */
  get(node: Node): Value {
    const value = this.#values.get(node);
    if (value === undefined) throw new Error(`${node.op} has no value yet`);
    return value;
  }

  /** The name of a value of its node's whole shape. */
  whole(node: Node): string {
    const { name, shape } = this.get(node);
    const want = this.shape(node);
    if (sameDims(shape, want)) return name;
    let whole = this.#whole.get(node);
    if (whole === undefined) {
      whole = this.emitter.op("Expand", [name, this.emitter.lengths(want)]);
      this.#whole.set(node, whole);
    }
    return whole;
  }

  shape(node: Node): Dims {
    return this.twins.shape(node);
  }

  /** A number in the dtype of a node, without axes. */
  number(dtype: DType, value: number): string {
    const stored = storedAs(dtype);
    return this.emitter.constant(stored, [], new (arrayOf(stored))([value]));
  }

  /** A value with another shape of as many elements. */
  reshaped(name: string, shape: Dims): string {
    const open = shape.filter((d) => !isFixed(d));
    const empty = shape.some((d) => isFixed(d, 0));
    if (open.length === 1 && !empty)
      return this.emitter.op("Reshape", [
        name,
        this.emitter.ints(shape.map((d) => (isFixed(d) ? d.fixed : -1))),
      ]);
    return this.emitter.op("Reshape", [name, this.emitter.lengths(shape)], empty ? { allowzero: 1 } : {});
  }

  /** A value with its axes in another order. */
  transposed(name: string, permutation: readonly number[]): string {
    if (permutation.every((p, i) => p === i)) return name;
    return this.emitter.op("Transpose", [name], { perm: permutation });
  }
}

/** Whether a value needs no expanding where lengths of 1 are repeated: `dims` of the result are its last ones. */
export function isSuffix(shape: Dims, whole: Dims): boolean {
  return shape.every((d, i) => isFixed(d, 1) || sameDim(d, whole[i - shape.length + whole.length] as Dim));
}
