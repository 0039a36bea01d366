/** Prints values of the loop IR as JavaScript. A vector is so many values of their own. */
import type { Buffer, Expr, OpName, Type } from "../../compiler/loop_ir/expr.ts";
import type { Index } from "../../compiler/loop_ir/index_expr.ts";
import { byteWidth, type DType } from "../../tensor/dtype.ts";

/** The views of the memory by what they hold; of 16-bit floats that is their bits. */
export const views: { readonly [D in DType]: string } = {
  bool: "B",
  uint8: "B",
  int8: "C",
  uint16: "H",
  int16: "S",
  uint32: "U",
  int32: "I",
  bfloat16: "H",
  float16: "H",
  float32: "F",
  float64: "D",
};

/** What the printed code calls besides `Math`. */
export const prelude = `const r = Math.fround;
const bits = new ArrayBuffer(8), f = new Float32Array(bits), i = new Int32Array(bits), u = new Uint32Array(bits), d = new Float64Array(bits);
const asFloat = (x) => (i[0] = x, f[0]), asInt = (x) => (f[0] = x, i[0]), asUint = (x) => (f[0] = x, u[0]);
const high = (x) => (d[0] = x, i[1]), low = (x) => (d[0] = x, i[0]), words = (h, l) => (i[1] = h, i[0] = l, d[0]);
const toInt = (x) => x >= 2147483647 ? 2147483647 : x <= -2147483648 ? -2147483648 : x | 0;
const toUint = (x) => x >= 4294967295 ? 4294967295 : x > 0 ? x >>> 0 : 0;
const nearest = (x) => {
  const n = Math.floor(x), up = x - n;
  return up > 0.5 || (up === 0.5 && n % 2 !== 0) ? (n === -1 ? -0 : n + 1) : x === 0 ? x : n;
};
`;

const isFloat = (type: Type): boolean => type === "float32" || type === "float64";

/** A result brought to its type. */
function rounded(type: Type, text: string): string {
  if (type === "float32") return `r(${text})`;
  if (type === "int32") return `(${text} | 0)`;
  if (type === "uint32") return `(${text} >>> 0)`;
  return `(${text})`;
}

function convert(from: Type, to: Type, x: string): string {
  if (to === "bool") return `(${x} !== 0)`;
  if (from === "bool") return `(${x} ? 1 : 0)`;
  if (to === "float64") return x;
  if (to === "float32") return `r(${x})`;
  if (isFloat(from)) return to === "int32" ? `toInt(${x})` : `toUint(${x})`;
  return rounded(to, x);
}

function bitcast(from: Type, to: Type, x: string): string {
  if (to === "float32") return from === "float32" ? x : `asFloat(${x})`;
  if (from !== "float32") return rounded(to, x);
  return to === "int32" ? `asInt(${x})` : `asUint(${x})`;
}

const infix: Readonly<Partial<Record<OpName, string>>> = {
  eq: "===",
  ne: "!==",
  lt: "<",
  le: "<=",
  gt: ">",
  ge: ">=",
};

const logical: Readonly<Partial<Record<OpName, string>>> = {
  and: "&&",
  min: "&&",
  or: "||",
  max: "||",
  xor: "!==",
};

/** One lane of an operation; `type` is that of its first operand. */
function operation(op: OpName, type: Type, [x = "", y = "", z = ""]: readonly string[]): string {
  if (infix[op] !== undefined) return `(${x} ${infix[op]} ${y})`;
  if (type === "bool") {
    if (op === "not") return `!${x}`;
    if (logical[op] !== undefined) return `(${x} ${logical[op]} ${y})`;
  }
  switch (op) {
    case "neg":
      return isFloat(type) ? `(-${x})` : rounded(type, `-${x}`);
    case "abs":
      return isFloat(type) ? `Math.abs(${x})` : rounded(type, `Math.abs(${x})`);
    case "sqrt":
      return rounded(type, `Math.sqrt(${x})`);
    case "floor":
    case "ceil":
    case "trunc":
      return `Math.${op}(${x})`;
    case "nearest":
      return `nearest(${x})`;
    case "not":
      return rounded(type, `~${x}`);
    case "add":
      return rounded(type, `${x} + ${y}`);
    case "sub":
      return rounded(type, `${x} - ${y}`);
    case "mul":
      if (isFloat(type)) return rounded(type, `${x} * ${y}`);
      return type === "int32" ? `Math.imul(${x}, ${y})` : `(Math.imul(${x}, ${y}) >>> 0)`;
    case "div":
      return rounded(type, `${x} / ${y}`);
    case "rem":
      return rounded(type, `${x} % ${y}`);
    case "min":
    case "fmin":
      return `Math.min(${x}, ${y})`;
    case "max":
    case "fmax":
      return `Math.max(${x}, ${y})`;
    case "and":
      return type === "int32" ? `(${x} & ${y})` : `((${x} & ${y}) >>> 0)`;
    case "or":
      return type === "int32" ? `(${x} | ${y})` : `((${x} | ${y}) >>> 0)`;
    case "xor":
      return type === "int32" ? `(${x} ^ ${y})` : `((${x} ^ ${y}) >>> 0)`;
    case "shl":
      return type === "int32" ? `(${x} << ${y})` : `((${x} << ${y}) >>> 0)`;
    case "shr":
      return type === "int32" ? `(${x} >> ${y})` : `(${x} >>> ${y})`;
    case "select":
      return `(${x} ? ${y} : ${z})`;
    case "fma":
      return rounded(type, `${x} * ${y} + ${z}`);
    case "hi32":
      return `high(${x})`;
    case "lo32":
      return `low(${x})`;
    case "f64_from_words":
      return `words(${x}, ${y})`;
    default:
      throw new Error(`${op} is not an operation of one type`);
  }
}

function constant(type: Type, value: number): string {
  if (type === "bool") return String(value !== 0);
  const held = type === "float32" ? Math.fround(value) : type === "uint32" ? value >>> 0 : value;
  // In brackets: a minus sign may stand before it.
  return Object.is(held, -0) ? "(-0)" : held < 0 ? `(${held})` : String(held);
}

/** Whether a value is a name or a number already. */
const isPlain = (text: string): boolean => /^(\w+(\.\d+)?|\(-[\d.e-]+\))$/.test(text);

/** Prints the expressions of one statement; what is used more than once becomes a constant of its own before it. */
export class Expressions {
  readonly #address: (buffer: Buffer) => number;
  readonly #out: (line: string) => void;
  readonly #known = new Map<Expr, readonly string[]>();
  readonly #indices = new Map<Index, string>();
  readonly #uses = new Map<Expr | Index, number>();
  readonly #names: { count: number };

  /**
   * @param address where buffers lie
   * @param out takes lines that must come first
   * @param names counts the constants of a function
   */
  constructor(
    address: (buffer: Buffer) => number,
    out: (line: string) => void,
    names: { count: number },
    roots: readonly (Expr | Index)[],
  ) {
    this.#address = address;
    this.#out = out;
    this.#names = names;
    for (const root of roots) this.#count(root, 1);
  }

  #count(x: Expr | Index, times: number): void {
    const before = this.#uses.get(x) ?? 0;
    this.#uses.set(x, before + times);
    if (before > 0) return;
    if ("terms" in x) {
      for (const { atom } of x.terms) {
        if (atom.kind === "value") this.#count(atom.value, 1);
        else if (atom.kind !== "var") this.#count(atom.arg, atom.arg.min < 0 && atom.kind === "mod" ? 2 : 1);
      }
    } else if (x.kind === "index" || x.kind === "load") this.#count(x.index, x.lanes);
    else if (x.kind === "op" || x.kind === "pack") for (const arg of x.args) this.#count(arg, 1);
    else if (x.kind === "splat") this.#count(x.arg, x.lanes);
    else if (x.kind === "extract") this.#count(x.arg, 1);
  }

  /** A name for a value that is needed again. */
  #shared(text: string, uses: number): string {
    if (uses <= 1 || isPlain(text)) return text;
    const name = `t${this.#names.count++}`;
    this.#out(`const ${name} = ${text};`);
    return name;
  }

  index(index: Index): string {
    let text = this.#indices.get(index);
    if (text === undefined) {
      const parts = index.terms.map(({ atom, coef }) => {
        let value: string;
        if (atom.kind === "var") value = atom.variable.name;
        else if (atom.kind === "value") value = this.value(atom.value);
        else {
          const arg = this.index(atom.arg);
          if (atom.kind === "div")
            value = atom.arg.min < 0 ? `Math.floor((${arg}) / ${atom.by})` : `((${arg}) / ${atom.by} | 0)`;
          else if (atom.arg.min < 0) value = `((${arg}) - ${atom.by} * Math.floor((${arg}) / ${atom.by}))`;
          else value = `(${arg}) % ${atom.by}`;
        }
        return coef === 1 ? value : `${coef} * (${value})`;
      });
      if (index.constant !== 0 || parts.length === 0) parts.push(String(index.constant));
      text = this.#shared(parts.join(" + "), this.#uses.get(index) ?? 1);
      this.#indices.set(index, text);
    }
    return text;
  }

  /** An element of a buffer. */
  element(buffer: Buffer, index: Index, lane = 0): string {
    const first = this.#address(buffer) / byteWidth(buffer.dtype) + lane;
    return `${views[buffer.dtype]}[${first} + ${this.index(index)}]`;
  }

  value(expr: Expr): string {
    return this.lanes(expr)[0]!;
  }

  lanes(expr: Expr): readonly string[] {
    let known = this.#known.get(expr);
    if (known === undefined) {
      const uses = this.#uses.get(expr) ?? 1;
      known = this.#print(expr).map((text) => this.#shared(text, uses));
      this.#known.set(expr, known);
    }
    return known;
  }

  #print(expr: Expr): readonly string[] {
    const lanes = Array.from({ length: expr.lanes }, (_, lane) => lane);
    switch (expr.kind) {
      case "const":
        return lanes.map(() => constant(expr.type, expr.value));
      case "index":
        return [`(${this.index(expr.index)})`];
      case "ramp":
        return lanes.map(String);
      case "load": {
        const elements = lanes.map((lane) => this.element(expr.buffer, expr.index, lane));
        return expr.type === "bool" ? elements.map((x) => `(${x} !== 0)`) : elements;
      }
      case "reg":
        return lanes.map((lane) => registerName(expr.register, lane));
      case "splat": {
        const value = this.value(expr.arg);
        return lanes.map(() => value);
      }
      case "pack":
        return expr.args.map((arg) => this.value(arg));
      case "extract":
        return [this.lanes(expr.arg)[expr.lane]!];
      case "op": {
        const args = expr.args.map((arg) => this.lanes(arg));
        const from = expr.args[0]!.type;
        return lanes.map((lane) => {
          const own = args.map((arg) => arg[lane]!);
          if (expr.op === "convert") return convert(from, expr.type, own[0]!);
          if (expr.op === "bitcast") return bitcast(from, expr.type, own[0]!);
          return operation(expr.op, from, own);
        });
      }
    }
  }
}

/** The variable of one lane of a register. */
export function registerName(
  { id, lanes }: { readonly id: number; readonly lanes: number },
  lane: number,
): string {
  return lanes === 1 ? `v${id}` : `v${id}_${lane}`;
}
