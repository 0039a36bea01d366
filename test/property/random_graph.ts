/**
 * Random graphs whose results are exact: floats hold whole numbers that never grow beyond what float32 can hold, so that
 * no order of operations, fusion or fused multiply-add may change a bit. Whatever differs is a mistake.
 *
 * A program is a list of instructions, each a few random numbers that choose among what there is: any sublist is a
 * program too, so that fast-check can make failing ones small.
 */
import * as fc from "fast-check";
import {
  apply,
  broadcastInDim,
  broadcastTo,
  build,
  compare,
  constant,
  constantLike,
  convert,
  dotGeneral,
  iota,
  loop,
  type PlainPrimitive,
  parameter,
  reduce,
  reshape,
  slice,
  transpose,
} from "../../src/engine/graph/build.ts";
import type { Graph, Node } from "../../src/engine/graph/node.ts";
import type { Direction, ScatterKind } from "../../src/engine/graph/primitives.ts";
import { type DType, isFloat, isInteger, type TypedArray } from "../../src/engine/tensor/dtype.ts";
import { type Shape, sameShape, sizeOf } from "../../src/engine/tensor/shape.ts";
import { filled } from "../support/agreement.ts";
import { random } from "../support/finite_differences.ts";

/** One step of a program: which operation, what chooses its operands, and for loops what is done inside. */
export interface Instruction {
  readonly op: number;
  readonly picks: readonly number[];
  readonly body: readonly Instruction[];
}

/** Everything that a random program is made from. */
export interface Recipe {
  readonly dims: readonly number[];
  readonly params: readonly { readonly dtype: DType; readonly axes: readonly number[] }[];
  readonly instructions: readonly Instruction[];
  readonly results: readonly number[];
  /** For each result a choice among the parameters that could take it; 0 for none. */
  readonly donations: readonly number[];
  readonly seed: number;
}

/** A graph, arguments for it, and which results take over the memory of which parameters. */
export interface Program {
  readonly graph: Graph;
  readonly args: readonly TypedArray[];
  readonly donations: readonly (number | undefined)[];
}

// Without bias: fast-check would choose small numbers more often, which here are merely the first operations.
const pick = fc.noBias(fc.nat({ max: 9999 }));
const picks = fc.array(pick, { minLength: 6, maxLength: 6 });
const plain = fc.record({ op: pick, picks, body: fc.constant([]) });

function instructions(
  depth: number,
  minLength: number,
  maxLength: number,
  loops: number,
): fc.Arbitrary<Instruction[]> {
  if (depth === 0) return fc.array(plain, { minLength, maxLength });
  const inner = instructions(depth - 1, 1, 8, loops);
  const looping = fc.record({ op: fc.constant(-1), picks, body: inner });
  const one = fc.oneof({ weight: 14, arbitrary: plain }, { weight: loops, arbitrary: looping });
  return fc.array(one, { minLength, maxLength, size: "max" });
}

const dtype = fc.oneof(
  { weight: 10, arbitrary: fc.constant<DType>("float32") },
  { weight: 3, arbitrary: fc.constant<DType>("int32") },
  { weight: 4, arbitrary: fc.constantFrom<DType>("float64", "bool", "uint8", "uint32") },
);
const dim = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 17, 33) },
  { weight: 1, arbitrary: fc.constant(0) },
);

/** Recipes of so many instructions, of which `loops` to 14 are loops, nested up to two deep. */
export function recipes(minLength: number, maxLength: number, loops = 1): fc.Arbitrary<Recipe> {
  return fc.noBias(
    fc.record({
      dims: fc.array(dim, { minLength: 3, maxLength: 3 }),
      params: fc.array(fc.record({ dtype, axes: fc.array(fc.nat({ max: 2 }), { maxLength: 3 }) }), {
        minLength: 1,
        maxLength: 6,
      }),
      instructions: instructions(2, minLength, maxLength, loops),
      results: fc.array(pick, { minLength: 1, maxLength: 5 }),
      donations: fc.array(fc.nat({ max: 6 }), { minLength: 5, maxLength: 5 }),
      seed: fc.nat(),
    }),
  );
}

/** A node, and for floats a number that no element's size exceeds. */
interface Value {
  readonly node: Node;
  readonly bound: number;
}

/** Floats up to here are exact however they are added up. */
const exact = 2 ** 22;
/** What is too large is brought below this. */
const modulus = 61;
/** No value has more elements than that. */
const largest = 3000;

/**
 * Functions of whole numbers whose results, rounded to whole numbers, are the same for everybody: the scale is such that
 * no value lies near to where rounding would tip over.
 */
interface Wave {
  readonly op: PlainPrimitive;
  readonly prepare: (x: Node) => Node;
  readonly scale: number;
}

function wave(
  op: PlainPrimitive,
  f: (x: number) => number,
  prepare: (x: Node) => Node = (x) => x,
  inside: (x: number) => number = (x) => x,
): Wave {
  for (let scale = 9.3; ; scale += 0.37) {
    let clear = true;
    for (let x = -modulus; x <= modulus; x++) {
      const y = f(inside(x)) * scale;
      clear &&= Math.abs(y - Math.floor(y) - 0.5) > 2e-4;
    }
    if (clear) return { op, prepare, scale };
  }
}

const times =
  (by: number) =>
  (x: Node): Node =>
    apply("multiply", x, constantLike(by, x));
const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
const waves: readonly Wave[] = [
  wave("tanh", Math.tanh, times(0.125), (x) => x * 0.125),
  wave("logistic", logistic, times(0.25), (x) => x * 0.25),
  wave("sine", Math.sin),
  wave("cosine", Math.cos),
  wave(
    "exponential",
    Math.exp,
    (x) => times(-0.0625)(apply("abs", x)),
    (x) => Math.abs(x) * -0.0625,
  ),
  wave("sqrt", Math.sqrt, (x) => apply("abs", x), Math.abs),
  wave("log_plus_one", Math.log1p, (x) => apply("abs", x), Math.abs),
  wave("atan", Math.atan),
];

const zero = (dtype: DType): Node => constant(0, { shape: [], dtype });

/** Grows a graph by instructions. One builder makes one graph; loops have builders of their own. */
class Builder {
  readonly values: Value[] = [];
  readonly #dims: readonly number[];

  constructor(dims: readonly number[]) {
    this.#dims = dims;
  }

  add(node: Node, bound: number): Value {
    const value = { node, bound };
    this.values.push(value);
    return value;
  }

  /** A value: half of the time one of the last, so that chains grow long. */
  pick(choice: number): Value {
    const n = this.values.length;
    const half = choice >> 1;
    return this.values[choice % 2 === 0 ? half % n : n - 1 - (half % Math.min(n, 6))]!;
  }

  #dim(choice: number): number {
    return this.#dims[choice % this.#dims.length]!;
  }

  /** Brings floats below the modulus. */
  tame({ node, bound }: Value): Value {
    if (!isFloat(node.dtype) || bound <= modulus) return { node, bound };
    return { node: apply("remainder", node, constantLike(modulus, node)), bound: modulus };
  }

  /** The value in another dtype. */
  cast(value: Value, dtype: DType): Value {
    const { node, bound } = value;
    if (node.dtype === dtype) return value;
    if (!isFloat(dtype)) return { node: convert(node, dtype), bound: 0 };
    if (isFloat(node.dtype)) return { node: convert(node, dtype), bound };
    if (node.dtype === "int32" || node.dtype === "uint32") {
      return { node: convert(apply("remainder", node, constantLike(modulus, node)), dtype), bound: modulus };
    }
    return { node: convert(node, dtype), bound: 255 };
  }

  /** Numbers rather than booleans. */
  number(value: Value): Value {
    return value.node.dtype === "bool" ? this.cast(value, "int32") : value;
  }

  /** The value in another shape: reshaped, broadcast, cut or summed up. */
  fit(value: Value, shape: Shape, dtype: DType): Value {
    const { node, bound } = this.cast(value, dtype);
    if (sameShape(node.shape, shape)) return { node, bound };
    const [have, want] = [sizeOf(node.shape), sizeOf(shape)];
    if (have === want) return { node: reshape(node, shape), bound };
    const skip = shape.length - node.shape.length;
    if (skip >= 0 && node.shape.every((n, i) => n === 1 || n === shape[i + skip])) {
      return { node: broadcastTo(node, shape), bound };
    }
    if (have > want && want > 0) {
      return { node: reshape(slice(reshape(node, [have]), [have - want], [have]), shape), bound };
    }
    const one = this.#total({ node, bound });
    return { node: broadcastInDim(one.node, shape, []), bound: one.bound };
  }

  /** One number made of all elements. */
  #total(value: Value): Value {
    if (value.node.shape.length === 0) return value;
    const axes = value.node.shape.map((_, i) => i);
    if (value.node.dtype === "bool") return { node: reduce("or", value.node, axes), bound: 0 };
    return this.#sum(value, axes);
  }

  #sum(value: Value, axes: readonly number[]): Value {
    const count = axes.reduce((n, d) => n * value.node.shape[d]!, 1);
    const small = value.bound * count > exact ? this.tame(value) : value;
    return { node: reduce("sum", small.node, axes), bound: small.bound * count };
  }

  /** An int32 scalar. */
  scalar(choice: number): Node {
    return this.fit(this.pick(choice), [], "int32").node;
  }

  /**
   * An array to update, and one to make the update of: often the same one, or what the array is computed from, so that
   * what is read must be what was there before.
   */
  updated(choice: number): [Value, Value] {
    const origin = this.pick(choice);
    const { node, bound } = origin;
    const turned = build("reverse", [node], { axes: node.shape.map((_, i) => i) });
    switch ((choice >> 4) % 4) {
      case 0:
        return [origin, origin];
      case 1:
        return [origin, { node: turned, bound }];
      case 2:
        return [{ node: turned, bound }, origin];
      default:
        return [origin, node.dtype === "bool" ? origin : { node: apply("negate", node), bound }];
    }
  }

  /** Something costly, which is stored if it is used twice. */
  wave(value: Value, choice: number): Value {
    const x = this.tame(this.cast(value, "float32"));
    const { op, prepare, scale } = waves[choice % waves.length]!;
    const y = times(scale)(apply(op, prepare(x.node)));
    return { node: apply("round_nearest_even", y), bound: modulus * scale };
  }

  /** Follows one instruction; what makes no sense does nothing. */
  step(instruction: Instruction): void {
    if (this.values.length === 0) return;
    if (instruction.op < 0) {
      this.#loop(instruction);
      return;
    }
    const rule = rules[instruction.op % rules.length]!;
    const out = rule(this, instruction.picks);
    if (out !== undefined && sizeOf(out.node.shape) <= largest) {
      this.add(out.node, isFloat(out.node.dtype) ? out.bound : 0);
    }
  }

  unary(value: Value, op: PlainPrimitive): Value {
    return { node: apply(op, value.node), bound: value.bound };
  }

  binary(p: readonly number[], op: PlainPrimitive, bound: (x: number, y: number) => number): Value {
    let a = this.number(this.pick(p[0]!));
    let b = this.number(this.fit(this.pick(p[1]!), a.node.shape, a.node.dtype));
    if (bound(a.bound, b.bound) > exact) [a, b] = [this.tame(a), this.tame(b)];
    return { node: apply(op, a.node, b.node), bound: bound(a.bound, b.bound) };
  }

  /** |y| + 1, to divide by. */
  divisor(y: Value): Node {
    return apply("add", apply("abs", y.node), constantLike(1, y.node));
  }

  axis(node: Node, choice: number): number {
    return choice % node.shape.length;
  }

  sum(value: Value, axes: readonly number[]): Value {
    return this.#sum(value, axes);
  }

  dim(choice: number): number {
    return this.#dim(choice);
  }

  /** A loop whose body is made of instructions; each carried value becomes anything, also another carried value. */
  #loop({ picks: p, body }: Instruction): void {
    const carries = Array.from({ length: 1 + (p[0]! % 3) }, (_, i) => this.tame(this.pick(p[1]! + i * 7)));
    const captures = Array.from({ length: p[2]! % 3 }, (_, i) => this.tame(this.pick(p[3]! + i * 5)));
    const inner = new Builder(this.#dims);
    const index = parameter({ shape: [], dtype: "int32" });
    const all = [...carries, ...captures];
    const params = all.map(({ node }) => parameter(node));
    params.forEach((node) => inner.add(node, modulus));
    inner.add(index, 0);
    for (const instruction of body) inner.step(instruction);
    const results = carries.map(({ node }, i) => {
      const from = inner.pick(p[4]! >> (2 * i));
      return inner.tame(inner.fit(from, node.shape, node.dtype)).node;
    });
    const rounds = p[5]! % 5;
    const count =
      p[5]! % 3 === 0
        ? apply(
            "remainder",
            apply("abs", this.scalar(p[5]! >> 3)),
            constant(4, { shape: [], dtype: "int32" }),
          )
        : constant(rounds, { shape: [], dtype: "int32" });
    const nodes = carries.map((c) => c.node);
    const outputs = loop(
      count,
      nodes,
      captures.map((c) => c.node),
      { params: [index, ...params], results },
    );
    outputs.forEach((node, i) => {
      // Results that nobody reads are left out here and there.
      if ((p[4]! + i) % 4 !== 0) this.add(node, modulus);
    });
  }
}

type Rule = (b: Builder, p: readonly number[]) => Value | undefined;

const kinds: readonly ScatterKind[] = ["set", "add", "max", "min", "multiply"];
const directions: readonly Direction[] = ["EQ", "NE", "LT", "LE", "GT", "GE"];

const elementwise: readonly Rule[] = [
  (b, p) => b.binary(p, "add", (x, y) => x + y),
  (b, p) => b.binary(p, "subtract", (x, y) => x + y),
  (b, p) => b.binary(p, "multiply", (x, y) => x * y),
  (b, p) => b.binary(p, "maximum", Math.max),
  (b, p) => b.binary(p, "minimum", Math.max),
  (b, p) => b.unary(b.number(b.pick(p[0]!)), "negate"),
  (b, p) => b.unary(b.number(b.pick(p[0]!)), "abs"),
  (b, p) => ({ node: apply("sign", b.number(b.pick(p[0]!)).node), bound: 1 }),
  (b, p) => b.unary(b.pick(p[0]!), "stop_gradient"),
  (b, p) => b.unary(b.pick(p[0]!), "identity"),
  (b, p) => {
    const x = b.number(b.pick(p[0]!));
    const y = b.number(b.fit(b.pick(p[1]!), x.node.shape, x.node.dtype));
    if (x.bound + y.bound > exact) return undefined;
    return { node: apply("remainder", x.node, b.divisor(y)), bound: x.bound };
  },
  (b, p) => {
    const x = b.number(b.pick(p[0]!));
    const y = b.number(b.fit(b.pick(p[1]!), x.node.shape, x.node.dtype));
    if (!isFloat(x.node.dtype)) return { node: apply("divide", x.node, y.node), bound: 0 };
    if (x.bound + y.bound > 10_000) return undefined;
    const quotient = apply("divide", x.node, b.divisor(y));
    return { node: apply("round_nearest_even", quotient), bound: x.bound };
  },
  (b, p) => b.wave(b.pick(p[0]!), p[1]!),
  (b, p) => {
    const x = b.pick(p[0]!);
    const y = b.fit(b.pick(p[1]!), x.node.shape, x.node.dtype);
    return { node: compare(directions[p[2]! % 6]!, x.node, y.node), bound: 0 };
  },
  (b, p) => {
    const x = b.pick(p[1]!);
    const y = b.fit(b.pick(p[2]!), x.node.shape, x.node.dtype);
    const condition = b.fit(b.pick(p[0]!), x.node.shape, "bool").node;
    return { node: build("select", [condition, x.node, y.node], {}), bound: Math.max(x.bound, y.bound) };
  },
  (b, p) => {
    const op = (["and", "or", "xor"] as const)[p[2]! % 3]!;
    const x = b.pick(p[0]!);
    const bits = isFloat(x.node.dtype) ? b.cast(x, p[3]! % 2 === 0 ? "int32" : "bool") : x;
    const y = b.fit(b.pick(p[1]!), bits.node.shape, bits.node.dtype);
    return { node: apply(op, bits.node, y.node), bound: 0 };
  },
  (b, p) => {
    const x = b.pick(p[0]!);
    return { node: apply("not", isFloat(x.node.dtype) ? convert(x.node, "bool") : x.node), bound: 0 };
  },
  (b, p) => {
    const op = (["shift_left", "shift_right_logical", "shift_right_arithmetic"] as const)[p[2]! % 3]!;
    const x = b.pick(p[0]!);
    const bits = isInteger(x.node.dtype) ? x : b.cast(x, "int32");
    const y = b.fit(b.pick(p[1]!), bits.node.shape, bits.node.dtype);
    return { node: apply(op, bits.node, y.node), bound: 0 };
  },
  (b, p) => {
    const x = b.pick(p[0]!);
    if (x.node.dtype !== "int32" && x.node.dtype !== "uint32") return undefined;
    return { node: build("bitcast_convert", [x.node], { dtype: p[1]! % 2 ? "int32" : "uint32" }), bound: 0 };
  },
  (b, p) =>
    b.cast(b.pick(p[0]!), (["float32", "int32", "uint8", "float64", "uint32", "bool"] as const)[p[1]! % 6]!),
];

const views: readonly Rule[] = [
  (b, p) => {
    const { node, bound } = b.pick(p[0]!);
    const shape = [...node.shape];
    if (shape.length > 0 && p[1]! % 2 === 0) {
      const at = b.axis(node, p[2]!);
      const n = shape[at]!;
      const factor = [2, 3, 4].find((f) => n % f === 0 && n > 0) ?? 1;
      shape.splice(at, 1, factor, n / factor);
    } else if (shape.length > 1) {
      const at = p[2]! % (shape.length - 1);
      shape.splice(at, 2, shape[at]! * shape[at + 1]!);
    } else shape.push(1);
    return shape.length > 4 ? undefined : { node: reshape(node, shape), bound };
  },
  (b, p) => {
    const { node, bound } = b.pick(p[0]!);
    const order = node.shape.map((_, i) => i);
    const next = random(p[1]!);
    order.sort(() => next() - 0.5);
    return { node: transpose(node, order), bound };
  },
  (b, p) => {
    const { node, bound } = b.pick(p[0]!);
    if (node.shape.length > 3) return undefined;
    const at = p[1]! % (node.shape.length + 1);
    const shape = [...node.shape];
    shape.splice(at, 0, b.dim(p[2]!));
    return {
      node: broadcastInDim(
        node,
        shape,
        node.shape.map((_, i) => (i < at ? i : i + 1)),
      ),
      bound,
    };
  },
  (b, p) => {
    const { node, bound } = b.pick(p[0]!);
    const next = random(p[1]!);
    const start = node.shape.map((n) => Math.floor(next() * next() * (n + 1)));
    const limit = node.shape.map((n, i) => Math.max(start[i]!, n - Math.floor(next() * next() * 3)));
    const strides = node.shape.map(() => 1 + Math.floor(next() * next() * 3));
    return { node: slice(node, start, limit, strides), bound };
  },
  (b, p) => {
    const x = b.pick(p[0]!);
    const { node } = x;
    const next = random(p[1]!);
    const low = node.shape.map(() => Math.floor(next() * 4) - 1);
    const high = node.shape.map(() => Math.floor(next() * 4) - 1);
    const interior = node.shape.map(() => Math.floor(next() * next() * 3));
    const fits = node.shape.every((n, i) => n + low[i]! + high[i]! + Math.max(0, n - 1) * interior[i]! >= 0);
    const value =
      p[2]! % 2 === 0 ? { node: zero(node.dtype), bound: 0 } : b.fit(b.pick(p[3]!), [], node.dtype);
    if (!fits) return undefined;
    return {
      node: build("pad", [node, value.node], { low, high, interior }),
      bound: Math.max(x.bound, value.bound),
    };
  },
  (b, p) => {
    const x = b.pick(p[0]!);
    if (x.node.shape.length === 0) return undefined;
    const axis = b.axis(x.node, p[1]!);
    const others = Array.from({ length: 1 + (p[2]! % 2) }, (_, i) => {
      const shape = x.node.shape.map((n, d) => (d === axis ? b.dim(p[3]! + i) : n));
      return b.fit(b.pick(p[4]! + i), shape, x.node.dtype);
    });
    const all = [x, ...others];
    const bound = Math.max(...all.map((v) => v.bound));
    return {
      node: build(
        "concatenate",
        all.map((v) => v.node),
        { axis },
      ),
      bound,
    };
  },
  (b, p) => {
    const { node, bound } = b.pick(p[0]!);
    return {
      node: build("reverse", [node], { axes: node.shape.flatMap((_, i) => ((p[1]! >> i) % 2 ? [i] : [])) }),
      bound,
    };
  },
];

const others: readonly Rule[] = [
  // As a normalization: something costly, put together with what its elements are reduced to, or with other places of it.
  (b, p) => {
    const x = b.wave(b.pick(p[0]!), p[1]!);
    const { shape } = x.node;
    const kept = shape.flatMap((_, i) => ((p[2]! >> i) % 2 ? [i] : []));
    const axes = shape.flatMap((_, i) => (kept.includes(i) ? [] : [i]));
    b.add(x.node, x.bound);
    const total = b.tame(b.sum(x, axes));
    const elsewhere: Value =
      p[5]! % 2 === 0
        ? { node: build("reverse", [x.node], { axes }), bound: x.bound }
        : { node: broadcastInDim(total.node, shape, kept), bound: total.bound };
    const other = b.wave(elsewhere, p[3]!);
    b.add(other.node, other.bound);
    const [y, z] = [b.tame(x), b.tame(other)];
    return { node: apply(p[4]! % 2 ? "multiply" : "subtract", y.node, z.node), bound: modulus * modulus };
  },
  // As an optimizer's step: several values of one shape that depend on each other.
  (b, p) => {
    const x = b.tame(b.number(b.pick(p[0]!)));
    const { shape, dtype } = x.node;
    const [m, g] = [1, 2].map((i) => b.tame(b.fit(b.pick(p[i]!), shape, dtype))) as [Value, Value];
    const step = apply("add", apply("multiply", m.node, constantLike(3, m.node)), g.node);
    b.add(step, 4 * modulus + 255);
    return { node: apply("subtract", x.node, step), bound: 5 * modulus + 510 };
  },
  (b, p) => {
    const shape = [b.dim(p[0]!), b.dim(p[1]!)];
    const node = iota(shape, p[2]! % 2, (["float32", "int32", "uint8"] as const)[p[3]! % 3]!);
    return { node, bound: Math.max(...shape) };
  },
  (b, p) => {
    const type = b.pick(p[0]!).node;
    return {
      node: constantLike((p[1]! % 7) - (isFloat(type.dtype) || type.dtype === "int32" ? 3 : 0), type),
      bound: 6,
    };
  },
  (b, p) => {
    const x = b.number(b.pick(p[0]!));
    const axes = x.node.shape.flatMap((_, i) => ((p[1]! >> i) % 2 ? [i] : []));
    const kind = (["sum", "max", "min", "prod"] as const)[p[2]! % 4]!;
    if (kind === "sum") return b.sum(x, axes);
    const empty = axes.some((d) => x.node.shape[d] === 0);
    if ((kind === "prod" || empty) && isFloat(x.node.dtype)) return undefined;
    return { node: reduce(kind, x.node, axes), bound: x.bound };
  },
  (b, p) => {
    const x = b.cast(b.pick(p[0]!), "bool");
    const axes = x.node.shape.flatMap((_, i) => ((p[1]! >> i) % 2 ? [i] : []));
    return { node: reduce(p[2]! % 2 ? "and" : "or", x.node, axes), bound: 0 };
  },
  (b, p) => {
    const x = b.number(b.pick(p[0]!)).node;
    if (x.shape.length === 0) return undefined;
    const axis = b.axis(x, p[1]!);
    if (x.shape[axis] === 0) return undefined;
    return { node: build("arg_reduce", [x], { kind: p[2]! % 2 ? "max" : "min", axis }), bound: 0 };
  },
  (b, p) => {
    const x = b.number(b.pick(p[0]!)).node;
    if (x.shape.length === 0 || isFloat(x.dtype)) return undefined;
    const axis = b.axis(x, p[1]!);
    return { node: build("arg_sort", [x], { axis }), bound: x.shape[axis]! };
  },
  (b, p) => {
    // Any axes of one side are batch, contracted or free; the other side has its own order of axes.
    const x = b.tame(b.number(b.pick(p[0]!)));
    const roles = x.node.shape.map(
      (_, i) => (["free", "sum", "sum", "batch", "free"] as const)[(p[1]! >> (2 * i)) % 5]!,
    );
    const of = (role: string): number[] => roles.flatMap((r, i) => (r === role ? [i] : []));
    const [batch, summed] = [of("batch"), of("sum")];
    const axes = [...batch, ...summed, ...(p[2]! % 3 === 0 ? [] : [-1])];
    const next = random(p[3]!);
    axes.sort(() => next() - 0.5);
    const shape = axes.map((a) => (a < 0 ? b.dim(p[4]!) : x.node.shape[a]!));
    if (sizeOf(shape) > largest) return undefined;
    const y = b.tame(b.fit(b.pick(p[5]!), shape, x.node.dtype));
    const count = summed.reduce((n, d) => n * x.node.shape[d]!, 1);
    if (count * x.bound * y.bound > exact) return undefined;
    const node = dotGeneral(x.node, y.node, {
      lhsBatch: batch,
      rhsBatch: batch.map((d) => axes.indexOf(d)),
      lhsContracting: summed,
      rhsContracting: summed.map((d) => axes.indexOf(d)),
    });
    return { node, bound: count * x.bound * y.bound };
  },
  (b, p) => {
    const { node, bound } = b.pick(p[0]!);
    const rank = node.shape.length;
    if (rank === 0 || node.shape.some((n) => n === 0)) return undefined;
    const axis = b.axis(node, p[1]!);
    const indices = b.fit(b.pick(p[2]!), [b.dim(p[3]!), 1], "int32").node;
    const at = p[4]! % rank;
    const attrs = {
      offsetDims: Array.from({ length: rank }, (_, i) => i).filter((i) => i !== at),
      collapsedSliceDims: [axis],
      operandBatchingDims: [],
      indicesBatchingDims: [],
      startIndexMap: [axis],
      sliceSizes: node.shape.map((n, i) => (i === axis ? 1 : p[5]! % 3 === 0 ? Math.ceil(n / 2) : n)),
    };
    return { node: build("gather", [node, indices], attrs), bound };
  },
  (b, p) => {
    const [origin, x] = b.updated(p[0]!);
    const rank = x.node.shape.length;
    if (rank === 0) return undefined;
    const axis = b.axis(x.node, p[1]!);
    const count = b.dim(p[3]!);
    const other = (choice: number): Value => (choice % 3 === 0 ? origin : b.pick(choice));
    const indices = b.fit(other(p[2]!), [count, 1], "int32").node;
    const window = x.node.shape.filter((_, i) => i !== axis);
    const updates = b.fit(other(p[4]!), [count, ...window], x.node.dtype);
    let kind = kinds[p[5]! % 5]!;
    if (x.node.dtype === "bool") kind = "set";
    if (kind === "multiply" && isFloat(x.node.dtype)) kind = "add";
    const bound = kind === "add" ? x.bound + count * updates.bound : Math.max(x.bound, updates.bound);
    if (bound > exact) return undefined;
    const dims = {
      offsetDims: window.map((_, i) => i + 1),
      collapsedSliceDims: [axis],
      operandBatchingDims: [],
      indicesBatchingDims: [],
      startIndexMap: [axis],
      kind,
    };
    return { node: build("scatter", [x.node, indices, updates.node], dims), bound };
  },
  (b, p) => {
    const { node, bound } = b.pick(p[0]!);
    const next = random(p[1]!);
    const sizes = node.shape.map((n) => Math.ceil(next() * n));
    const starts = node.shape.map((_, i) => b.scalar(p[2]! + i));
    return { node: build("dynamic_slice", [node, ...starts], { sizes }), bound };
  },
  (b, p) => {
    const [origin, x] = b.updated(p[0]!);
    const next = random(p[1]!);
    const sizes = x.node.shape.map((n) => Math.ceil(next() * n));
    const update = b.fit(p[3]! % 3 === 0 ? origin : b.pick(p[3]!), sizes, x.node.dtype);
    const starts = x.node.shape.map((_, i) => b.scalar(p[2]! + i));
    const node = build("dynamic_update_slice", [x.node, update.node, ...starts], {});
    return { node, bound: Math.max(x.bound, update.bound) };
  },
  (b, p) => {
    const key = b.fit(b.pick(p[0]!), [2], "uint32").node;
    return { node: build("rng_bit_generator", [key], { shape: [b.dim(p[1]!), 3] }), bound: 0 };
  },
];

/** Elementwise operations and views are what graphs consist of mostly. */
const rules: readonly Rule[] = [...elementwise, ...elementwise, ...views, ...views, ...others, ...others];

/** Makes the program of a recipe. */
export function program(recipe: Recipe): Program {
  const b = new Builder(recipe.dims);
  const params = recipe.params.map(({ dtype, axes }) => {
    let shape = axes.map((i) => recipe.dims[i]!);
    while (sizeOf(shape) > largest) shape = shape.slice(1);
    return parameter({ shape, dtype });
  });
  for (const p of params) b.add(p, 9);
  for (const instruction of recipe.instructions) b.step(instruction);
  const results = recipe.results.map((choice) => {
    // Mostly late values, now and then anything: a parameter, a value that others are made of.
    const late = Math.min(b.values.length, 4);
    return choice % 3 === 0 ? b.pick(choice).node : b.values[b.values.length - 1 - (choice % late)]!.node;
  });
  const taken = new Set<number>();
  const donations = results.map((r, i) => {
    const choice = recipe.donations[i]!;
    const able = params.flatMap((p, k) => {
      return p.dtype === r.dtype && sizeOf(p.shape) === sizeOf(r.shape) && !taken.has(k) ? [k] : [];
    });
    if (choice === 0 || able.length === 0) return undefined;
    const donor = able[choice % able.length]!;
    taken.add(donor);
    return donor;
  });
  const next = random(recipe.seed);
  const args = params.map((p) => {
    const low = p.dtype === "uint8" || p.dtype === "uint32" || p.dtype === "bool" ? 0 : -9;
    return filled(
      p.dtype,
      sizeOf(p.shape),
      () => low + Math.floor(next() * (p.dtype === "bool" ? 2 : 10 - low)),
    );
  });
  return { graph: { params, results }, args, donations };
}
