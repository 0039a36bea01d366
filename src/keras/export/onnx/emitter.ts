/** Collects the operators of an ONNX graph and of the graphs inside it, with the constants that all of them share. */
import type { DType, TypedArray } from "../../../engine/index.ts";
import type { Message } from "../../../files/protobuf.ts";
import { type Dim, type Dims, dimsKey, isFixed } from "./dims.ts";
import { type Attributes, nodeProto, tensorProto } from "./proto.ts";

/** What all graphs of one file share. */
class Shared {
  readonly initializers: Message[] = [];
  /** Operators that need nothing but the shape of an input: they come first. */
  readonly prologue: Message[] = [];
  readonly constants: Map<string, string> = new Map();
  readonly taken: Set<string> = new Set();
  /** An input whose first axis is that of the samples. */
  readonly measured: string;
  names = 0;

  constructor(measured: string) {
    this.measured = measured;
  }
}

/** Emits operators into one graph. What a graph inside emits cannot be used outside of it. */
export class Emitter {
  readonly nodes: Message[] = [];
  readonly #shared: Shared;
  /** Operators that were emitted here or around, by what they compute. */
  readonly #known: Map<string, string>;
  /** The name of what is being translated, for people. */
  origin = "";

  constructor(shared: Shared, known: ReadonlyMap<string, string> = new Map()) {
    this.#shared = shared;
    this.#known = new Map(known);
  }

  /** An emitter for a whole file. */
  static root(measured: string): Emitter {
    return new Emitter(new Shared(measured));
  }

  /** An emitter for a graph inside this one. */
  inner(): Emitter {
    return new Emitter(this.#shared, this.#known);
  }

  get initializers(): readonly Message[] {
    return this.#shared.initializers;
  }

  get prologue(): readonly Message[] {
    return this.#shared.prologue;
  }

  /** Takes a name, or one like it that is free. */
  name(wanted: string): string {
    const { taken } = this.#shared;
    let name = wanted;
    for (let n = 1; taken.has(name); n++) name = `${wanted}_${n}`;
    taken.add(name);
    return name;
  }

  /** Applies an operator with one result; the same one again gives the same result. */
  op(op: string, inputs: readonly string[], attributes: Attributes = {}): string {
    const key = JSON.stringify([op, inputs, attributes]);
    let out = this.#known.get(key);
    if (out === undefined) {
      [out] = this.apply(op, inputs, attributes, 1) as [string];
      this.#known.set(key, out);
    }
    return out;
  }

  /** Applies an operator with several results, or one that may not be shared. */
  apply(op: string, inputs: readonly string[], attributes: Attributes, results: number): string[] {
    const stem = `${this.origin === "" ? "" : `${this.origin}/`}${op}`;
    const name = this.name(stem);
    const outputs = Array.from({ length: results }, (_, i) =>
      this.name(results === 1 ? `${name}:0` : `${name}:${i}`),
    );
    this.nodes.push(nodeProto(op, inputs, outputs, attributes, name));
    return outputs;
  }

  /** A copy of a result under a name that is asked for. */
  rename(from: string, to: string): void {
    this.nodes.push(nodeProto("Identity", [from], [to], {}, this.name(`${to}/Identity`)));
  }

  /** Fixed numbers. */
  constant(
    dtype: DType | "int64",
    shape: readonly number[],
    values: TypedArray | BigInt64Array,
    name?: string,
  ): string {
    const small = values.length <= 64;
    const key = small ? `${dtype}[${shape.join()}]${[...values].map(keyOf).join()}` : "";
    const known = small && name === undefined ? this.#shared.constants.get(key) : undefined;
    if (known !== undefined) return known;
    const made = this.name(name ?? "constant");
    this.#shared.initializers.push(tensorProto(made, dtype, shape, values));
    if (small && name === undefined) this.#shared.constants.set(key, made);
    return made;
  }

  /** A list of whole numbers. */
  ints(values: readonly number[]): string {
    return this.constant("int64", [values.length], BigInt64Array.from(values.map(BigInt)));
  }

  /** One whole number, without axes. */
  int(value: number): string {
    return this.constant("int64", [], BigInt64Array.of(BigInt(value)));
  }

  /** A list of one length that may depend on the number of samples. */
  length(d: Dim): string {
    if (isFixed(d)) return this.ints([d.fixed]);
    return this.#inPrologue(`dim ${dimsKey([d])}`, (apply) => {
      const shape = apply("Shape", [this.#shared.measured]);
      let length = apply("Gather", [shape, this.ints([0])]);
      if (d.batch !== 1) length = apply("Mul", [length, this.ints([d.batch])]);
      return d.fixed === 0 ? length : apply("Add", [length, this.ints([d.fixed])]);
    });
  }

  /** A list of lengths. */
  lengths(dims: Dims): string {
    if (dims.every((d) => isFixed(d))) return this.ints(dims.map((d) => d.fixed));
    const parts = dims.map((d) => this.length(d));
    if (parts.length === 1) return parts[0]!;
    return this.#inPrologue(`dims ${dimsKey(dims)}`, (apply) => apply("Concat", parts, { axis: 0 }));
  }

  #inPrologue(
    key: string,
    make: (apply: (op: string, inputs: readonly string[], attributes?: Attributes) => string) => string,
  ): string {
    const { constants, prologue } = this.#shared;
    let name = constants.get(key);
    if (name === undefined) {
      name = make((op, inputs, attributes = {}) => {
        const out = this.name(`shape/${op}`);
        prologue.push(nodeProto(op, inputs, [out], attributes, this.name(`${out}:0`)));
        return out;
      });
      constants.set(key, name);
    }
    return name;
  }
}

const keyOf = (x: number | bigint): string => (Object.is(x, -0) ? "-0" : String(x));
