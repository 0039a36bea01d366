/**
 * For tests: turns an expression of registers into a JavaScript function, so that millions of arguments can be tried.
 * `fma` may have one or two roundings in float32; both can be asked for.
 */
import type { Expr, Register, Type } from "../loop_ir/index.ts";

const view = new DataView(new ArrayBuffer(8));

/** What generated code calls. */
const helpers = {
  nearest(x: number): number {
    if (!Number.isFinite(x) || Math.abs(x) >= 2 ** 52) return x;
    const magic = x < 0 || Object.is(x, -0) ? -(2 ** 52) : 2 ** 52;
    const y = x + magic - magic;
    return y === 0 && magic < 0 ? -0 : y;
  },
  toInt(x: number): number {
    return Number.isNaN(x) ? 0 : Math.max(-2147483648, Math.min(2147483647, Math.trunc(x))) + 0;
  },
  toUint(x: number): number {
    return Number.isNaN(x) ? 0 : Math.max(0, Math.min(4294967295, Math.trunc(x))) + 0;
  },
  bitsOf(x: number): number {
    view.setFloat32(0, x);
    return view.getInt32(0);
  },
  ofBits(x: number): number {
    view.setInt32(0, x);
    return view.getFloat32(0);
  },
  high(x: number): number {
    view.setFloat64(0, x);
    return view.getInt32(0);
  },
  low(x: number): number {
    view.setFloat64(0, x);
    return view.getInt32(4);
  },
  words(high: number, low: number): number {
    view.setInt32(0, high);
    view.setInt32(4, low);
    return view.getFloat64(0);
  },
};

const round: { readonly [T in Type]: (code: string) => string } = {
  bool: (code) => `(${code}) ? 1 : 0`,
  int32: (code) => `(${code}) | 0`,
  uint32: (code) => `(${code}) >>> 0`,
  float32: (code) => `Math.fround(${code})`,
  float64: (code) => code,
};

const infix: { readonly [op: string]: string } = {
  add: "+",
  sub: "-",
  div: "/",
  rem: "%",
  and: "&",
  or: "|",
  xor: "^",
  shl: "<<",
  eq: "===",
  ne: "!==",
  lt: "<",
  le: "<=",
  gt: ">",
  ge: ">=",
};

function convert(x: string, from: Type, to: Type): string {
  if (from !== "float32" && from !== "float64") return round[to](x);
  if (to === "int32") return `h.toInt(${x})`;
  return to === "uint32" ? `h.toUint(${x})` : round[to](x);
}

function bitcast(x: string, from: Type, to: Type): string {
  if (from === "float32") return to === "uint32" ? `h.bitsOf(${x}) >>> 0` : `h.bitsOf(${x})`;
  return to === "float32" ? `h.ofBits(${x})` : round[to](x);
}

function operation(e: Extract<Expr, { kind: "op" }>, fused: boolean, name: (e: Expr) => string): string {
  const [x, y, z] = e.args.map(name) as [string, string, string];
  const from = e.args[0]!.type;
  const isInteger = from === "int32" || from === "uint32";
  switch (e.op) {
    case "convert":
      return convert(x, from, e.type);
    case "bitcast":
      return bitcast(x, from, e.type);
    case "select":
      return `${x} ? ${y} : ${z}`;
    case "fma":
      return round[e.type](
        fused || e.type === "float64" ? `${x} * ${y} + ${z}` : `Math.fround(${x} * ${y}) + ${z}`,
      );
    case "mul":
      return round[e.type](isInteger ? `Math.imul(${x}, ${y})` : `${x} * ${y}`);
    case "neg":
      return round[e.type](`-${x}`);
    case "not":
      return from === "bool" ? `1 - ${x}` : round[e.type](`~${x}`);
    case "abs":
    case "sqrt":
    case "floor":
    case "ceil":
    case "trunc":
      return round[e.type](`Math.${e.op}(${x})`);
    case "nearest":
      return `h.nearest(${x})`;
    case "min":
    case "max":
      return `Math.${e.op}(${x}, ${y})`;
    // As loosely as their contract allows.
    case "fmin":
      return `${y} < ${x} ? ${y} : ${x}`;
    case "fmax":
      return `${y} > ${x} ? ${y} : ${x}`;
    case "shr":
      return e.type === "uint32" ? `${x} >>> ${y}` : `${x} >> ${y}`;
    case "hi32":
      return `h.high(${x})`;
    case "lo32":
      return `h.low(${x})`;
    case "f64_from_words":
      return `h.words(${x}, ${y})`;
    default:
      return round[e.type](`${x} ${infix[e.op]} ${y}`);
  }
}

/** A function of the values of the registers, in the order given. */
export function compileExpr(
  root: Expr,
  registers: readonly Register[],
  fused = false,
): (...args: number[]) => number {
  const names = new Map<Expr, string>();
  const lines: string[] = [];
  const name = (e: Expr): string => {
    let known = names.get(e);
    if (known !== undefined) return known;
    if (e.kind === "const") known = Object.is(e.value, -0) ? "-0" : `(${e.value})`;
    else if (e.kind === "reg") known = `a${registers.indexOf(e.register)}`;
    else if (e.kind === "op") {
      const code = operation(e, fused, name);
      known = `v${names.size}`;
      lines.push(`const ${known} = ${code};`);
    } else throw new Error(`no ${e.kind} in scalar expressions`);
    names.set(e, known);
    return known;
  };
  const result = name(root);
  const params = registers.map((_, i) => `a${i}`).join(", ");
  return new Function("h", `return (${params}) => { ${lines.join("\n")} return ${result}; };`)(helpers) as (
    ...args: number[]
  ) => number;
}
