/**
 * A plain interpreter of the loop IR over typed arrays: the oracle that tests hold backends and expansions against.
 * Obvious rather than fast. Values are arrays of numbers, one for each lane; a truth value is 0 or 1.
 */
import type { TypedArray } from "../../tensor/dtype.ts";
import type { Buffer, Expr, OpName, Register, Type } from "./expr.ts";
import type { Index, LoopVar } from "./index_expr.ts";
import type { Kernel, Program, Step, Stmt } from "./stmt.ts";

/** What expressions refer to: the memory of buffers, and the current values of loop variables and registers. */
export interface Env {
  readonly memory: ReadonlyMap<Buffer, TypedArray>;
  readonly variables: Map<LoopVar, number>;
  readonly registers: Map<Register, readonly number[]>;
}

/** An environment in which no variable and no register has a value yet. */
export function emptyEnv(memory: ReadonlyMap<Buffer, TypedArray> = new Map()): Env {
  return { memory, variables: new Map(), registers: new Map() };
}

/** Brings an exact result to what a register of the type holds: rounded, or wrapped around. */
function wrap(type: Type, value: number): number {
  switch (type) {
    case "bool":
      return value !== 0 ? 1 : 0;
    case "int32":
      return value | 0;
    case "uint32":
      return value >>> 0;
    case "float32":
      return Math.fround(value);
    case "float64":
      return value;
  }
}

/** Conversion by value: floats are cut and saturate on the way to integers, NaN becomes 0. */
function convert(value: number, from: Type, to: Type): number {
  const fromFloat = from === "float32" || from === "float64";
  if (!fromFloat || (to !== "int32" && to !== "uint32")) return wrap(to, value);
  const [low, high] = to === "int32" ? [-(2 ** 31), 2 ** 31 - 1] : [0, 2 ** 32 - 1];
  return Number.isNaN(value) ? 0 : Math.min(high, Math.max(low, Math.trunc(value))) + 0;
}

const bits = new DataView(new ArrayBuffer(8));

function bitcast(value: number, from: Type, to: Type): number {
  if (from === "float32") bits.setFloat32(0, value);
  else bits.setInt32(0, value);
  if (to === "float32") return bits.getFloat32(0);
  return to === "uint32" ? bits.getUint32(0) : bits.getInt32(0);
}

function nearestEven(x: number): number {
  if (x === 0 || !Number.isFinite(x)) return x;
  const low = Math.floor(x);
  const up = x - low > 0.5 || (x - low === 0.5 && low % 2 !== 0);
  const nearest = up ? low + 1 : low;
  return nearest === 0 && x < 0 ? -0 : nearest;
}

/** One lane of an operation, before it is brought to the result's type. */
function apply(op: OpName, type: Type, x: number, y: number, z: number): number {
  const integer = type === "int32" || type === "uint32";
  switch (op) {
    case "neg":
      return integer ? 0 - x : -x;
    case "abs":
      return Math.abs(x);
    case "sqrt":
      return Math.sqrt(x);
    case "floor":
      return Math.floor(x);
    case "ceil":
      return Math.ceil(x);
    case "nearest":
      return nearestEven(x);
    case "trunc":
      return Math.trunc(x);
    case "not":
      return type === "bool" ? 1 - x : ~x;
    case "add":
      return x + y;
    case "sub":
      return x - y;
    case "mul":
      return integer ? Math.imul(x, y) : x * y;
    case "div":
      return integer ? Math.trunc(x / y) : x / y;
    case "rem":
      return x % y;
    case "min":
    case "fmin":
      return Math.min(x, y);
    case "max":
    case "fmax":
      return Math.max(x, y);
    case "and":
      return x & y;
    case "or":
      return x | y;
    case "xor":
      return x ^ y;
    case "shl":
      return x << y;
    case "shr":
      return type === "uint32" ? x >>> y : x >> y;
    case "eq":
      return x === y ? 1 : 0;
    case "ne":
      return x !== y ? 1 : 0;
    case "lt":
      return x < y ? 1 : 0;
    case "le":
      return x <= y ? 1 : 0;
    case "gt":
      return x > y ? 1 : 0;
    case "ge":
      return x >= y ? 1 : 0;
    case "select":
      return x !== 0 ? y : z;
    case "fma":
      // In float64 the product of two float32 is exact: one rounding of the sum, then one to float32.
      return x * y + z;
    case "hi32":
      bits.setFloat64(0, x);
      return bits.getInt32(0);
    case "lo32":
      bits.setFloat64(0, x);
      return bits.getInt32(4);
    case "f64_from_words":
      bits.setInt32(0, x);
      bits.setInt32(4, y);
      return bits.getFloat64(0);
    case "convert":
    case "bitcast":
      throw new Error(`${op} is not an operation of one type`);
  }
}

/** The value of an index expression. */
export function evaluateIndex(index: Index, env: Env): number {
  let sum = index.constant;
  for (const { atom, coef } of index.terms) {
    let value: number;
    if (atom.kind === "var") {
      const current = env.variables.get(atom.variable);
      if (current === undefined) throw new Error(`loop variable ${atom.variable.name} has no value here`);
      value = current;
    } else if (atom.kind === "value") {
      value = evaluate(atom.value, env);
    } else {
      const arg = evaluateIndex(atom.arg, env);
      const quotient = Math.floor(arg / atom.by);
      value = atom.kind === "div" ? quotient : arg - quotient * atom.by;
    }
    if (value < atom.min || value > atom.max)
      throw new Error(`an index atom has ${value}, not ${atom.min}..${atom.max}`);
    sum += coef * value;
  }
  return sum;
}

function memoryOf(buffer: Buffer, env: Env): TypedArray {
  const array = env.memory.get(buffer);
  if (array === undefined) throw new Error(`buffer ${buffer.id} has no memory`);
  return array;
}

/** The value of an expression, lane by lane. */
export function evaluateLanes(expr: Expr, env: Env): readonly number[] {
  switch (expr.kind) {
    case "const":
      return new Array<number>(expr.lanes).fill(wrap(expr.type, expr.value));
    case "index":
      return [evaluateIndex(expr.index, env) | 0];
    case "ramp":
      return Array.from({ length: expr.lanes }, (_, lane) => lane);
    case "load": {
      const array = memoryOf(expr.buffer, env);
      const from = evaluateIndex(expr.index, env);
      return Array.from({ length: expr.lanes }, (_, lane) => {
        const value = array[from + lane];
        if (value === undefined) throw new Error(`load of element ${from + lane} of ${array.length}`);
        return wrap(expr.type, value);
      });
    }
    case "reg": {
      const value = env.registers.get(expr.register);
      if (value === undefined) throw new Error(`register ${expr.register.id} is read before it is set`);
      return value;
    }
    case "splat":
      return new Array<number>(expr.lanes).fill(evaluate(expr.arg, env));
    case "pack":
      return expr.args.map((arg) => evaluate(arg, env));
    case "extract":
      return [evaluateLanes(expr.arg, env)[expr.lane]!];
    case "op": {
      const args = expr.args.map((arg) => evaluateLanes(arg, env));
      const from = expr.args[0]!.type;
      return args[0]!.map((x, lane) => {
        if (expr.op === "convert") return convert(x, from, expr.type);
        if (expr.op === "bitcast") return bitcast(x, from, expr.type);
        return wrap(expr.type, apply(expr.op, from, x, args[1]?.[lane] ?? 0, args[2]?.[lane] ?? 0));
      });
    }
  }
}

/** The value of an expression of one lane. */
export function evaluate(expr: Expr, env: Env): number {
  return evaluateLanes(expr, env)[0]!;
}

function runStmt(stmt: Stmt, env: Env): void {
  switch (stmt.kind) {
    case "for":
      for (let i = stmt.begin; i < stmt.end; i += stmt.step) {
        env.variables.set(stmt.variable, i);
        for (const inner of stmt.body) runStmt(inner, env);
      }
      env.variables.delete(stmt.variable);
      return;
    case "set":
      env.registers.set(stmt.register, evaluateLanes(stmt.value, env));
      return;
    case "if":
      if (evaluate(stmt.condition, env) !== 0) for (const inner of stmt.body) runStmt(inner, env);
      return;
    case "store": {
      const array = memoryOf(stmt.buffer, env);
      const at = evaluateIndex(stmt.index, env);
      const value = evaluateLanes(stmt.value, env);
      if (at < 0 || at + value.length > array.length)
        throw new Error(`store to element ${at} of ${array.length}`);
      array.set(value, at);
      return;
    }
    case "barrier":
    // One thread alone never waits.
  }
}

/** Runs a kernel on the memory given for its buffers. */
export function runKernel(kernel: Kernel, memory: ReadonlyMap<Buffer, TypedArray>): void {
  const env = emptyEnv(memory);
  for (const stmt of kernel.body) runStmt(stmt, env);
}

function runSteps(steps: readonly Step[], memory: ReadonlyMap<Buffer, TypedArray>): void {
  const env = emptyEnv(memory);
  for (const step of steps) {
    if (step.kind === "kernel") runKernel(step.kernel, memory);
    else if (step.kind === "copy") memoryOf(step.to, env).set(memoryOf(step.from, env));
    else {
      const rounds = memoryOf(step.count, env)[0]!;
      for (let i = 0; i < rounds; i++) {
        if (step.condition !== undefined && memoryOf(step.condition, env)[0] === 0) break;
        memoryOf(step.index, env)[0] = i;
        runSteps(step.body, memory);
      }
    }
  }
}

/** Runs a program on memory that holds every buffer apart, wherever the program would place them. */
export function runProgram(program: Program, memory: ReadonlyMap<Buffer, TypedArray>): void {
  runSteps(program.steps, memory);
}
