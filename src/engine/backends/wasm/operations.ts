/** Picks instructions for the operations of the loop IR: one lane or four, every register type. */
import type { OpName, Type } from "../../compiler/loop_ir/expr.ts";
import { UnsupportedError } from "../../tensor/errors.ts";
import type { PlainInstruction, ValueType } from "./assembler.ts";
import { opcodes } from "./opcodes.ts";
import type { Scope, Value } from "./values.ts";

const scalars: { readonly [T in Type]: Exclude<ValueType, "v128" | "i64"> } = {
  bool: "i32",
  int32: "i32",
  uint32: "i32",
  float32: "f32",
  float64: "f64",
};

/** The type of the local that holds a register of the loop IR. */
export function valueType(type: Type, lanes: number): ValueType {
  if (lanes === 1) return scalars[type];
  if (lanes === 4 && type !== "float64") return "v128";
  throw new UnsupportedError(`wasm has no vectors of ${lanes} ${type}`);
}

/** The shape of vectors of a type. */
export function vectorShape(type: Type): "i32x4" | "f32x4" {
  return type === "float32" ? "f32x4" : "i32x4";
}

const isFloat = (type: Type): boolean => type === "float32" || type === "float64";

/** Instructions whose name says whether integers are signed. */
const signed: ReadonlySet<string> = new Set(["div", "rem", "lt", "le", "gt", "ge", "min", "max", "shr"]);

function instruction(name: string): PlainInstruction {
  if (!(name in opcodes)) throw new UnsupportedError(`wasm has no instruction ${name}`);
  return name as PlainInstruction;
}

/** Writes operations on values into a scope. */
export class Operations {
  readonly #scope: Scope;
  readonly #relaxed: boolean;

  constructor(scope: Scope, relaxed: boolean) {
    this.#scope = scope;
    this.#relaxed = relaxed;
  }

  extract(value: Value, lane: number, type: Type): Value {
    const code = { kind: "lane", instruction: `${vectorShape(type)}.extract_lane`, lane } as const;
    const out = this.#scope.make(scalars[type], code, [value]);
    // A mask has -1 where a scalar has 1.
    return type === "bool" ? this.#scope.op("i32", "i32.and", out, this.#scope.i32(1)) : out;
  }

  splat(value: Value, type: Type): Value {
    const whole = type === "bool" ? this.#scope.op("i32", "i32.sub", this.#scope.i32(0), value) : value;
    return this.#scope.op("v128", instruction(`${vectorShape(type)}.splat`), whole);
  }

  pack(values: readonly Value[], type: Type): Value {
    let out = this.splat(values[0]!, type);
    const name = `${vectorShape(type)}.replace_lane` as const;
    values.slice(1).forEach((value, i) => {
      const scalar = type === "bool" ? this.#scope.op("i32", "i32.sub", this.#scope.i32(0), value) : value;
      out = this.#scope.make("v128", { kind: "lane", instruction: name, lane: i + 1 }, [out, scalar]);
    });
    return out;
  }

  /** Computes each lane by itself, for what vectors cannot do. */
  #lanewise(op: OpName, to: Type, from: Type, args: readonly Value[]): Value {
    const lanes = [0, 1, 2, 3].map((lane) => {
      return this.apply(
        op,
        to,
        from,
        1,
        args.map((arg) => this.extract(arg, lane, from)),
      );
    });
    return this.pack(lanes, to);
  }

  /**
   * The value of an operation.
   *
   * @param to the type of the result
   * @param from the type of the operands (of the last one, for select)
   */
  apply(op: OpName, to: Type, from: Type, lanes: number, args: readonly Value[]): Value {
    const scope = this.#scope;
    const out = valueType(to, lanes);
    const vector = lanes > 1;
    const float = isFloat(from);
    const prefix = vector ? vectorShape(from) : scalars[from];
    const [a, b, c] = args as [Value, Value, Value];
    const suffix = from === "int32" ? "_s" : "_u";
    const name = `${prefix}.${op}${!float && signed.has(op) ? suffix : ""}`;
    switch (op) {
      case "add":
      case "sub":
      case "mul":
      case "eq":
      case "ne":
      case "lt":
      case "le":
      case "gt":
      case "ge":
        return scope.op(out, instruction(name), a, b);
      case "sqrt":
        return scope.op(out, instruction(name), a);
      case "floor":
      case "ceil":
      case "trunc":
      case "nearest":
        return float ? scope.op(out, instruction(name), a) : a;
      case "neg":
        if (float || vector) return scope.op(out, instruction(name), a);
        return scope.op(out, "i32.sub", scope.i32(0), a);
      case "abs": {
        if (float || (vector && from === "int32")) return scope.op(out, instruction(name), a);
        if (from !== "int32") return a;
        const negative = scope.op("i32", "i32.lt_s", a, scope.i32(0));
        return scope.op(out, "select", scope.op("i32", "i32.sub", scope.i32(0), a), a, negative);
      }
      case "not":
        if (vector) return scope.op(out, "v128.not", a);
        return from === "bool" ? scope.op(out, "i32.eqz", a) : scope.op(out, "i32.xor", a, scope.i32(-1));
      case "and":
      case "or":
      case "xor":
        return scope.op(out, instruction(`${vector ? "v128" : "i32"}.${op}`), a, b);
      case "div":
      case "rem": {
        if (float) return scope.op(out, instruction(name), a, b);
        if (vector) return this.#lanewise(op, to, from, args);
        const safe = b.code.kind === "const" && b.code.value !== 0 && b.code.value !== -1;
        return scope.make(out, { kind: "op", instruction: instruction(name) }, [a, b], 0, !safe);
      }
      case "min":
      case "max":
        return this.#extreme(op, name, from, vector, a, b);
      case "fmin":
      case "fmax": {
        const whole = op === "fmin" ? "min" : "max";
        if (from === "float32" && vector) return scope.op(out, `f32x4.p${whole}`, a, b);
        return this.apply(whole, to, from, lanes, args);
      }
      case "shl":
      case "shr":
        // Vector shifts have one count for all lanes; see `shift` for those.
        if (vector) return this.#lanewise(op, to, from, args);
        return scope.op(out, instruction(name), a, b);
      case "select":
        return scope.op(out, vector ? "v128.bitselect" : "select", b, c, a);
      case "fma":
        return this.#multiplyAdd(from, vector, a, b, c);
      case "convert":
        return vector ? this.#convertVector(to, from, a) : this.#convertScalar(to, from, a);
      case "bitcast": {
        const [target, source] = [scalars[to], scalars[from]];
        return vector || target === source
          ? a
          : scope.op(out, instruction(`${target}.reinterpret_${source}`), a);
      }
      case "hi32": {
        const high = scope.op(
          "i64",
          "i64.shr_u",
          scope.op("i64", "i64.reinterpret_f64", a),
          scope.const("i64", 32),
        );
        return scope.op("i32", "i32.wrap_i64", high);
      }
      case "lo32":
        return scope.op("i32", "i32.wrap_i64", scope.op("i64", "i64.reinterpret_f64", a));
      case "f64_from_words": {
        const high = scope.op(
          "i64",
          "i64.shl",
          scope.op("i64", "i64.extend_i32_u", a),
          scope.const("i64", 32),
        );
        const whole = scope.op("i64", "i64.or", high, scope.op("i64", "i64.extend_i32_u", b));
        return scope.op("f64", "f64.reinterpret_i64", whole);
      }
    }
  }

  /** The bits of four lanes that a mask keeps, as the first four bytes of a vector. */
  bytes(value: Value, mask: number): Value {
    const scope = this.#scope;
    const low = scope.op("v128", "v128.and", value, scope.words([mask, mask, mask, mask]));
    const half = scope.op("v128", "i16x8.narrow_i32x4_s", low, low);
    return scope.op("v128", "i8x16.narrow_i16x8_u", half, half);
  }

  /** The lower 16 bits of four lanes, as the first eight bytes of a vector. */
  halves(value: Value): Value {
    const scope = this.#scope;
    const low = scope.op("v128", "v128.and", value, scope.words([0xffff, 0xffff, 0xffff, 0xffff]));
    return scope.op("v128", "i16x8.narrow_i32x4_u", low, low);
  }

  /** A shift of four lanes by one count. */
  shift(op: "shl" | "shr", type: Type, vector: Value, count: Value): Value {
    const name = op === "shl" ? "i32x4.shl" : type === "int32" ? "i32x4.shr_s" : "i32x4.shr_u";
    return this.#scope.op("v128", name, vector, count);
  }

  #extreme(op: "min" | "max", name: string, type: Type, vector: boolean, a: Value, b: Value): Value {
    const scope = this.#scope;
    if (isFloat(type) || vector) return scope.op(vector ? "v128" : scalars[type], instruction(name), a, b);
    const first = instruction(`i32.${op === "min" ? "lt" : "gt"}${type === "int32" ? "_s" : "_u"}`);
    return scope.op("i32", "select", a, b, scope.op("i32", first, a, b));
  }

  #multiplyAdd(type: Type, vector: boolean, a: Value, b: Value, c: Value): Value {
    const scope = this.#scope;
    const shape = type === "float64" ? "f64x2" : vectorShape(type);
    if (vector && this.#relaxed && shape === "f32x4") return scope.op("v128", "f32x4.relaxed_madd", a, b, c);
    if (!vector && this.#relaxed && shape !== "i32x4") {
      // Through vectors, so that a scalar rounds as a lane of a vector does.
      const wide = [a, b, c].map((x) => scope.op("v128", `${shape}.splat`, x)) as [Value, Value, Value];
      const sum = scope.op("v128", `${shape}.relaxed_madd`, ...wide);
      return scope.make(scalars[type], { kind: "lane", instruction: `${shape}.extract_lane`, lane: 0 }, [
        sum,
      ]);
    }
    const out = vector ? "v128" : scalars[type];
    const prefix = vector ? vectorShape(type) : scalars[type];
    return scope.op(out, instruction(`${prefix}.add`), scope.op(out, instruction(`${prefix}.mul`), a, b), c);
  }

  #convertScalar(to: Type, from: Type, a: Value): Value {
    const scope = this.#scope;
    if (to === "bool") {
      const source = scalars[from];
      return from === "bool" ? a : scope.op("i32", instruction(`${source}.ne`), a, scope.const(source, 0));
    }
    const [target, source] = [scalars[to], scalars[from]];
    if (target === source) return a;
    if (source === "i32") {
      return scope.op(target, instruction(`${target}.convert_i32_${from === "int32" ? "s" : "u"}`), a);
    }
    if (target === "i32") {
      return scope.op("i32", instruction(`i32.trunc_sat_${source}_${to === "int32" ? "s" : "u"}`), a);
    }
    return scope.op(target, target === "f32" ? "f32.demote_f64" : "f64.promote_f32", a);
  }

  #convertVector(to: Type, from: Type, a: Value): Value {
    const scope = this.#scope;
    if (to === from || (!isFloat(to) && !isFloat(from) && to !== "bool" && from !== "bool")) return a;
    if (to === "bool") return scope.op("v128", `${vectorShape(from)}.ne`, a, scope.words([0, 0, 0, 0]));
    if (from === "bool") {
      // A mask cuts the number 1 out of its bits.
      const one = to === "float32" ? 0x3f800000 : 1;
      return scope.op("v128", "v128.and", a, scope.words([one, one, one, one]));
    }
    if (to === "float32") {
      return scope.op("v128", from === "int32" ? "f32x4.convert_i32x4_s" : "f32x4.convert_i32x4_u", a);
    }
    return scope.op("v128", to === "int32" ? "i32x4.trunc_sat_f32x4_s" : "i32x4.trunc_sat_f32x4_u", a);
  }
}
