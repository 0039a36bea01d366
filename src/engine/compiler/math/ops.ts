/**
 * Short names for building loop IR arithmetic of one floating point type, and the bit-level helpers that the expansions
 * of the mathematical functions share. Expansions are pure and free of branches, so they vectorize as they stand.
 */
import type { BinaryOp, Expr, ExprTable, OpName, UnaryOp } from "../loop_ir/index.ts";

/** The types that have mathematical functions. */
export type FloatType = "float32" | "float64";

/** An operand: a number stands for a constant of the type of the expression beside it. */
export type Value = Expr | number;

/** Coefficients c0, c1, ... of a polynomial for each type. */
export type Coefficients = { readonly [T in FloatType]: readonly number[] };

/** How a floating point type is laid out, and the constants that follow from it. */
interface Layout {
  /** Adding it rounds to an integer, which then stands in the low bits. */
  readonly magic: number;
  /** Bits of the fraction that lie in the word with the exponent. */
  readonly fraction: number;
  /** What is added to the exponent. */
  readonly bias: number;
}

const layouts: { readonly [T in FloatType]: Layout } = {
  float32: { magic: 1.5 * 2 ** 23, fraction: 23, bias: 127 },
  float64: { magic: 1.5 * 2 ** 52, fraction: 20, bias: 1023 },
};

const isExpr = (v: Value): v is Expr => typeof v !== "number";

/** Builds expressions of one floating point type, and of the integers and truth values beside them. */
export class Ops {
  readonly t: ExprTable;
  readonly type: FloatType;
  readonly layout: Layout;

  constructor(t: ExprTable, type: FloatType) {
    this.t = t;
    this.type = type;
    this.layout = layouts[type];
  }

  /** A constant of the floating point type. */
  c(value: number): Expr {
    return this.t.const(this.type, this.type === "float32" ? Math.fround(value) : value);
  }

  int(value: number): Expr {
    return this.t.const("int32", value | 0);
  }

  #apply(op: OpName, args: readonly Value[]): Expr {
    const like = args.find(isExpr)?.type ?? this.type;
    return this.t.op(
      op,
      args.map((a) => (isExpr(a) ? a : like === this.type ? this.c(a) : this.t.const(like, a))),
    );
  }

  unary(op: UnaryOp, x: Value): Expr {
    return this.#apply(op, [x]);
  }

  binary(op: BinaryOp, x: Value, y: Value): Expr {
    return this.#apply(op, [x, y]);
  }

  add(x: Value, y: Value): Expr {
    return this.#apply("add", [x, y]);
  }

  sub(x: Value, y: Value): Expr {
    return this.#apply("sub", [x, y]);
  }

  mul(x: Value, y: Value): Expr {
    return this.#apply("mul", [x, y]);
  }

  div(x: Value, y: Value): Expr {
    return this.#apply("div", [x, y]);
  }

  /** x·y + z with one or two roundings. */
  fma(x: Value, y: Value, z: Value): Expr {
    return this.#apply("fma", [x, y, z]);
  }

  neg(x: Expr): Expr {
    return this.t.op("neg", [x]);
  }

  abs(x: Expr): Expr {
    return this.t.op("abs", [x]);
  }

  sqrt(x: Expr): Expr {
    return this.t.op("sqrt", [x]);
  }

  /** The smaller one; NaN if `x` is NaN. */
  fmin(x: Expr, y: Value): Expr {
    return this.#apply("fmin", [x, y]);
  }

  /** The larger one; NaN if `x` is NaN. */
  fmax(x: Expr, y: Value): Expr {
    return this.#apply("fmax", [x, y]);
  }

  lt(x: Value, y: Value): Expr {
    return this.#apply("lt", [x, y]);
  }

  le(x: Value, y: Value): Expr {
    return this.#apply("le", [x, y]);
  }

  gt(x: Value, y: Value): Expr {
    return this.#apply("gt", [x, y]);
  }

  eq(x: Value, y: Value): Expr {
    return this.#apply("eq", [x, y]);
  }

  isNaN(x: Expr): Expr {
    return this.t.op("ne", [x, x]);
  }

  and(x: Expr, y: Value): Expr {
    return this.#apply("and", [x, y]);
  }

  or(x: Expr, y: Value): Expr {
    return this.#apply("or", [x, y]);
  }

  xor(x: Expr, y: Value): Expr {
    return this.#apply("xor", [x, y]);
  }

  shl(x: Expr, count: number): Expr {
    return this.#apply("shl", [x, count]);
  }

  shr(x: Expr, count: number): Expr {
    return this.#apply("shr", [x, count]);
  }

  /** `yes` where the condition holds, else `no`; two numbers are of the floating point type. */
  select(condition: Expr, yes: Value, no: Value): Expr {
    const like = [yes, no].find(isExpr)?.type ?? this.type;
    const lift = (v: Value): Expr => (isExpr(v) ? v : like === this.type ? this.c(v) : this.t.const(like, v));
    return this.t.op("select", [condition, lift(yes), lift(no)]);
  }

  /** c0 + c1·x + c2·x² + ... by Horner's scheme. */
  poly(x: Expr, coefficients: Coefficients): Expr {
    const c = coefficients[this.type];
    let sum = this.c(c[c.length - 1]!);
    for (let k = c.length - 2; k >= 0; k--) sum = this.fma(sum, x, c[k]!);
    return sum;
  }

  /** The int32 word with the sign and the exponent. */
  high(x: Expr): Expr {
    return this.type === "float32" ? this.t.op("bitcast", [x], "int32") : this.t.op("hi32", [x]);
  }

  /** The int32 word with the lowest bits. */
  low(x: Expr): Expr {
    return this.type === "float32" ? this.t.op("bitcast", [x], "int32") : this.t.op("lo32", [x]);
  }

  /** `x` with another word of sign and exponent. */
  withHigh(x: Expr, word: Expr): Expr {
    if (this.type === "float32") return this.t.op("bitcast", [word], "float32");
    return this.t.op("f64_from_words", [word, this.low(x)]);
  }

  /** The number whose word with the exponent is given, the others being 0. */
  fromHigh(word: Expr): Expr {
    if (this.type === "float32") return this.t.op("bitcast", [word], "float32");
    return this.t.op("f64_from_words", [word, this.int(0)]);
  }

  /** An int32 as floating point. */
  fromInt(x: Expr): Expr {
    return this.t.op("convert", [x], this.type);
  }

  /** The sign bit alone, to be handed to `flipSign` or `withSign`. */
  signBit(x: Expr): Expr {
    return this.and(this.high(x), -2147483648);
  }

  /** Changes the sign of `x` where `bit`, a sign bit, is set. */
  flipSign(x: Expr, bit: Expr): Expr {
    return this.withHigh(x, this.xor(this.high(x), bit));
  }

  /** `x`, which is not negative, with a sign bit. */
  withSign(x: Expr, bit: Expr): Expr {
    return this.withHigh(x, this.or(this.high(x), bit));
  }

  /** 2ⁿ for an int32 in the range of normal exponents, whose higher bits may be anything if `n` has the bias in it. */
  powerOfTwo(n: Expr, biased = false): Expr {
    const { bias, fraction } = this.layout;
    return this.fromHigh(this.shl(biased ? n : this.add(n, bias), fraction));
  }

  /**
   * x·2ⁿ, rounded only once where the result is subnormal. The exponent is given as a float with an integer value of at
   * most about twice the range of exponents.
   */
  scale(x: Expr, n: Expr): Expr {
    const { magic, bias } = this.layout;
    return this.scaleBiased(x, this.low(this.add(n, magic + 2 * bias)));
  }

  /** As `scale`; the integer has twice the bias in it, and anything in its higher bits. */
  scaleBiased(x: Expr, n: Expr): Expr {
    const half = this.shr(n, 1);
    return this.mul(this.mul(x, this.powerOfTwo(half, true)), this.powerOfTwo(this.sub(n, half), true));
  }

  /** The number without its `count` lowest fraction bits: products of such numbers can be exact. */
  dropBits(x: Expr, count: number): Expr {
    if (this.type === "float32") return this.fromHigh(this.and(this.high(x), -(2 ** count)));
    return this.t.op("f64_from_words", [this.high(x), this.and(this.low(x), -(2 ** count))]);
  }
}
