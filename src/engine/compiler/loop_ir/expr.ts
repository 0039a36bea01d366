/**
 * Values of the loop IR: pure expressions over loads, registers and loop variables. Expressions are interned, so that a
 * common subexpression is one object. The compiler builds them with one lane; vectorizing rebuilds them with four.
 */
import { type DType, isHalf } from "../../tensor/dtype.ts";
import { type Index, IndexTable } from "./index_expr.ts";
import { plainTarget, type Target } from "./target.ts";

/**
 * The type of a value in a register. A bool is a truth value (in vectors a mask); narrow integers are held as int32, and
 * only loads and stores know their width.
 */
export type Type = "bool" | "int32" | "uint32" | "float32" | "float64";

const registerTypes: { readonly [D in DType]: Type } = {
  bool: "bool",
  uint8: "int32",
  int8: "int32",
  uint16: "int32",
  int16: "int32",
  uint32: "uint32",
  int32: "int32",
  bfloat16: "float32",
  float16: "float32",
  float32: "float32",
  float64: "float64",
};

/** The register type that elements of a dtype are computed with. */
export function registerType(dtype: DType): Type {
  return registerTypes[dtype];
}

/** A piece of memory that kernels read and write; where it lies is the memory plan's business. */
export interface Buffer {
  readonly id: number;
  readonly dtype: DType;
  /** Number of elements. */
  readonly size: number;
}

/** A mutable local variable of a kernel, such as an accumulator. */
export interface Register {
  readonly id: number;
  readonly type: Type;
  readonly lanes: number;
}

/**
 * Operations of one operand. `convert` goes from the operand's type to the expression's type (floats to integers truncate
 * and saturate, NaN gives 0), `bitcast` between 32-bit types. `hi32` and `lo32` give the upper and the lower word of a
 * float64 as int32.
 */
export type UnaryOp =
  | "neg"
  | "abs"
  | "sqrt"
  | "floor"
  | "ceil"
  | "nearest"
  | "trunc"
  | "not"
  | "convert"
  | "bitcast"
  | "hi32"
  | "lo32";

/**
 * Operations of two operands. Integers wrap around; `div` and `rem` of integers are only emitted where the divisor is
 * neither 0 nor an overflowing -1; shifts take counts below 32; `min` and `max` give NaN if either side is NaN.
 * `fmin` and `fmax` are for clamping: NaN if the first operand is NaN; unspecified when the second is NaN or both are
 * zeros. `shr` fills with the sign for int32, with zeros for uint32. `f64_from_words` (upper word, lower word, both
 * int32) puts a float64 together from its bits.
 */
export type BinaryOp =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "rem"
  | "min"
  | "max"
  | "fmin"
  | "fmax"
  | "and"
  | "or"
  | "xor"
  | "shl"
  | "shr"
  | "eq"
  | "ne"
  | "lt"
  | "le"
  | "gt"
  | "ge"
  | "f64_from_words";

/** Operations of three operands: `select(condition, yes, no)`, `fma(a, b, c)` = a·b + c with one or two roundings. */
export type TernaryOp = "select" | "fma";

export type OpName = UnaryOp | BinaryOp | TernaryOp;

interface Base {
  readonly id: number;
  readonly type: Type;
  /** 1 for a scalar, 4 for a vector of 32-bit values (and their masks). */
  readonly lanes: number;
}

export type Expr =
  | (Base & { readonly kind: "const"; readonly value: number })
  /** The value of an index expression, as int32. */
  | (Base & { readonly kind: "index"; readonly index: Index })
  /** The vector 0, 1, 2, 3. */
  | (Base & { readonly kind: "ramp" })
  /** With lanes > 1: that many neighbouring elements, from `index` on. */
  | (Base & { readonly kind: "load"; readonly buffer: Buffer; readonly index: Index })
  | (Base & { readonly kind: "reg"; readonly register: Register })
  | (Base & { readonly kind: "op"; readonly op: OpName; readonly args: readonly Expr[] })
  /** A scalar in every lane. */
  | (Base & { readonly kind: "splat"; readonly arg: Expr })
  /** A vector of scalars. */
  | (Base & { readonly kind: "pack"; readonly args: readonly Expr[] })
  | (Base & { readonly kind: "extract"; readonly arg: Expr; readonly lane: number });

const comparisons: ReadonlySet<OpName> = new Set<OpName>(["eq", "ne", "lt", "le", "gt", "ge"]);

/** The type of an operation's result where the caller does not say. */
function resultType(op: OpName, args: readonly Expr[]): Type {
  if (comparisons.has(op)) return "bool";
  if (op === "hi32" || op === "lo32") return "int32";
  if (op === "f64_from_words") return "float64";
  return op === "select" ? args[1]!.type : args[0]!.type;
}

function isConstant(e: Expr, value: number): boolean {
  return e.kind === "const" && e.value === value;
}

type Bare<E> = E extends Expr ? Omit<E, "id"> : never;

/** Builds and interns the expressions of one compilation. */
export class ExprTable {
  readonly index: IndexTable = new IndexTable();
  /** What the expressions are for. */
  readonly target: Target;
  #exprs = new Map<string, Expr>();
  #registers = 0;

  constructor(target: Target = plainTarget) {
    this.target = target;
  }

  #intern(key: string, make: () => Bare<Expr>): Expr {
    let expr = this.#exprs.get(key);
    if (expr === undefined) {
      expr = { ...make(), id: this.#exprs.size };
      this.#exprs.set(key, expr);
    }
    return expr;
  }

  const(type: Type, value: number, lanes = 1): Expr {
    const key = `c${type},${Object.is(value, -0) ? "-0" : value},${lanes}`;
    return this.#intern(key, () => ({ kind: "const", type, lanes, value }));
  }

  indexValue(index: Index): Expr {
    if (index.terms.length === 0) return this.const("int32", index.constant);
    const [only] = index.terms;
    if (index.terms.length === 1 && index.constant === 0 && only!.coef === 1 && only!.atom.kind === "value") {
      return only!.atom.value;
    }
    return this.#intern(`i${index.id}`, () => ({ kind: "index", type: "int32", lanes: 1, index }));
  }

  ramp(lanes: number): Expr {
    return this.#intern(`r${lanes}`, () => ({ kind: "ramp", type: "int32", lanes }));
  }

  /** Elements of a buffer; of 16-bit floats their bits (see `storage.ts`). */
  load(buffer: Buffer, index: Index, lanes = 1): Expr {
    const type = isHalf(buffer.dtype) ? "int32" : registerType(buffer.dtype);
    return this.#intern(`l${buffer.id},${index.id},${lanes}`, () => ({
      kind: "load",
      type,
      lanes,
      buffer,
      index,
    }));
  }

  /** A new register; read it with `reg`. */
  register(type: Type, lanes = 1): Register {
    return { id: this.#registers++, type, lanes };
  }

  reg(register: Register): Expr {
    const { type, lanes } = register;
    return this.#intern(`g${register.id}`, () => ({ kind: "reg", type, lanes, register }));
  }

  /** An operation; the type follows from the operands unless it is given (`convert`, `bitcast`). */
  op(op: OpName, args: readonly Expr[], type?: Type): Expr {
    const lanes = args[0]!.lanes;
    const result = type ?? resultType(op, args);
    if (op === "convert" && result === args[0]!.type) return args[0]!;
    if (op === "max" && isConstant(args[0]!, Number.NEGATIVE_INFINITY)) return args[1]!;
    if (op === "min" && isConstant(args[0]!, Number.POSITIVE_INFINITY)) return args[1]!;
    const key = `o${op},${result},${args.map((a) => a.id).join(",")}`;
    return this.#intern(key, () => ({ kind: "op", type: result, lanes, op, args }));
  }

  splat(arg: Expr, lanes: number): Expr {
    if (lanes === 1) return arg;
    if (arg.kind === "const") return this.const(arg.type, arg.value, lanes);
    return this.#intern(`s${arg.id},${lanes}`, () => ({ kind: "splat", type: arg.type, lanes, arg }));
  }

  pack(args: readonly Expr[]): Expr {
    if (args.every((a) => a === args[0])) return this.splat(args[0]!, args.length);
    const { type } = args[0]!;
    return this.#intern(`p${args.map((a) => a.id).join(",")}`, () => ({
      kind: "pack",
      type,
      lanes: args.length,
      args,
    }));
  }

  extract(arg: Expr, lane: number): Expr {
    return this.#intern(`e${arg.id},${lane}`, () => ({
      kind: "extract",
      type: arg.type,
      lanes: 1,
      arg,
      lane,
    }));
  }
}
