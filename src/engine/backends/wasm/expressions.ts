/** Lowers the expressions of the loop IR to values, at the point of the program that is being lowered. */
import type { Buffer, Expr, Type } from "../../compiler/loop_ir/expr.ts";
import type { Place } from "../../compiler/loop_ir/stmt.ts";
import { byteWidth } from "../../tensor/dtype.ts";
import { Addresses, type Bases, type Where } from "./addresses.ts";
import type { MemoryInstruction, ValueType } from "./assembler.ts";
import { Operations, valueType } from "./operations.ts";
import type { State } from "./state.ts";
import type { Scope, Value } from "./values.ts";

const floatBits = new DataView(new ArrayBuffer(4));

function bitsOf(value: number): number {
  floatBits.setFloat32(0, value);
  return floatBits.getInt32(0);
}

/** Makes the values of expressions in a scope. */
export class Expressions {
  readonly operations: Operations;
  readonly addresses: Addresses;
  readonly #scope: Scope;
  readonly #state: State;
  readonly #places: ReadonlyMap<Buffer, Place>;
  readonly #given: ReadonlyMap<Buffer, Value>;
  /** What the statement at hand has computed already. */
  readonly #memo: Map<Expr, Value> = new Map();

  /** @param given the addresses of buffers that the function is told */
  constructor(
    scope: Scope,
    state: State,
    places: ReadonlyMap<Buffer, Place>,
    relaxed: boolean,
    bases: Bases,
    given: ReadonlyMap<Buffer, Value>,
  ) {
    this.#scope = scope;
    this.#state = state;
    this.#places = places;
    this.#given = given;
    this.operations = new Operations(scope, relaxed);
    this.addresses = new Addresses(scope, bases, (expr) => this.value(expr));
  }

  place(buffer: Buffer): Where {
    const address = this.#given.get(buffer);
    if (address !== undefined) return { space: "given", address };
    const place = this.#places.get(buffer);
    if (place === undefined) throw new Error(`buffer ${buffer.id} has no place`);
    return place;
  }

  /** Begins a statement: registers and memory may have changed since the last one. */
  begin(): void {
    this.#memo.clear();
  }

  /** The value of an expression now. */
  value(expr: Expr): Value {
    let value = this.#memo.get(expr);
    if (value === undefined) {
      value = this.#make(expr);
      this.#memo.set(expr, value);
    }
    return value;
  }

  #load(
    expr: Extract<Expr, { readonly kind: "load" }>,
    into?: { readonly vector: Value; readonly lane: number } | "splat",
  ): Value {
    const { buffer, index, lanes } = expr;
    const scope = this.#scope;
    const { base, offset } = this.addresses.element(this.place(buffer), index, byteWidth(buffer.dtype));
    const inRange = index.min >= 0 && index.max + lanes <= buffer.size;
    const { level, version } = this.#state.memory(buffer);
    const get = (type: ValueType, instruction: MemoryInstruction): Value => {
      return scope.make(type, { kind: "load", instruction, offset }, [base], level, !inRange, version);
    };
    if (into === "splat") return get("v128", "v128.load32_splat");
    if (into !== undefined) {
      if (into.lane === 0) return get("v128", "v128.load32_zero");
      const code = { kind: "load", instruction: "v128.load32_lane", offset, lane: into.lane } as const;
      return scope.make("v128", code, [base, into.vector], level, !inRange, version);
    }
    const width = byteWidth(buffer.dtype);
    const sign = buffer.dtype === "int8" || buffer.dtype === "int16" ? "s" : "u";
    const bool = buffer.dtype === "bool";
    if (lanes === 1) {
      const type = valueType(expr.type, 1) as "i32" | "f32" | "f64";
      if (width === 2) return get("i32", `i32.load16_${sign}`);
      const value = get(type, width === 1 ? `i32.load8_${sign}` : `${type}.load`);
      return bool ? scope.op("i32", "i32.ne", value, scope.i32(0)) : value;
    }
    valueType(expr.type, lanes);
    if (width > 2) return get("v128", "v128.load");
    if (width === 2) return get("v128", `v128.load16x4_${sign}`);
    const words = scope.op("v128", `i16x8.extend_low_i8x16_${sign}`, get("v128", "v128.load32_zero"));
    const wide = scope.op("v128", `i32x4.extend_low_i16x8_${sign}`, words);
    return bool ? scope.op("v128", "i32x4.ne", wide, scope.words([0, 0, 0, 0])) : wide;
  }

  #constant(type: Type, value: number, lanes: number): Value {
    const scope = this.#scope;
    if (lanes === 1) return scope.const(valueType(type, 1), value);
    valueType(type, lanes);
    const word = type === "float32" ? bitsOf(value) : type === "bool" ? -value : value | 0;
    return scope.words([word, word, word, word]);
  }

  #make(expr: Expr): Value {
    switch (expr.kind) {
      case "const":
        return this.#constant(expr.type, expr.value, expr.lanes);
      case "index":
        return this.addresses.index(expr.index);
      case "ramp":
        return this.#scope.words([0, 1, 2, 3]);
      case "load":
        return this.#load(expr);
      case "reg":
        return this.#state.read(expr.register);
      case "splat": {
        const { arg } = expr;
        if (arg.kind === "load" && byteWidth(arg.buffer.dtype) === 4) return this.#load(arg, "splat");
        return this.operations.splat(this.value(arg), arg.type);
      }
      case "pack": {
        let vector: Value | undefined;
        for (const [lane, arg] of expr.args.entries()) {
          if (arg.kind !== "load" || byteWidth(arg.buffer.dtype) !== 4) {
            return this.operations.pack(
              expr.args.map((a) => this.value(a)),
              expr.type,
            );
          }
          vector = this.#load(arg, { vector: vector!, lane });
        }
        return vector!;
      }
      case "extract":
        return this.operations.extract(this.value(expr.arg), expr.lane, expr.type);
      case "op":
        return this.#operation(expr);
    }
  }

  #operation(expr: Extract<Expr, { readonly kind: "op" }>): Value {
    const { op, args, type, lanes } = expr;
    const from = args[op === "select" ? 1 : 0]!.type;
    if ((op === "shl" || op === "shr") && lanes > 1) {
      const [vector, count] = args as [Expr, Expr];
      if (count.kind === "const") {
        return this.operations.shift(op, type, this.value(vector), this.#scope.i32(count.value));
      }
      if (count.kind === "splat") {
        return this.operations.shift(op, type, this.value(vector), this.value(count.arg));
      }
    }
    return this.operations.apply(
      op,
      type,
      from,
      lanes,
      args.map((arg) => this.value(arg)),
    );
  }
}
