/** Primitives that work element by element. */

import type { Primitive } from "../../../engine/index.ts";
import {
  type DType,
  integerRange,
  isPrimitive as is,
  isFloat,
  isInteger,
  isUnsigned,
  type Node,
  UnsupportedError,
} from "../../../engine/index.ts";
import { elementTypes } from "./proto.ts";
import { broadcastShape, storedAs, type Values } from "./values.ts";

const direct: { readonly [P in Primitive]?: string } = {
  abs: "Abs",
  negate: "Neg",
  sign: "Sign",
  floor: "Floor",
  ceil: "Ceil",
  round_nearest_even: "Round",
  sqrt: "Sqrt",
  exponential: "Exp",
  log: "Log",
  logistic: "Sigmoid",
  sine: "Sin",
  cosine: "Cos",
  tan: "Tan",
  asin: "Asin",
  acos: "Acos",
  atan: "Atan",
  sinh: "Sinh",
  cosh: "Cosh",
  tanh: "Tanh",
  asinh: "Asinh",
  acosh: "Acosh",
  atanh: "Atanh",
  erf: "Erf",
  add: "Add",
  subtract: "Sub",
  multiply: "Mul",
  power: "Pow",
  maximum: "Max",
  minimum: "Min",
};

const comparisons = {
  EQ: ["Equal", false],
  NE: ["Equal", true],
  LT: ["Less", false],
  LE: ["LessOrEqual", false],
  GT: ["Greater", false],
  GE: ["GreaterOrEqual", false],
} as const;

/** Operators that runtimes have for int32 and int64 where they lack the narrower integers, and booleans. */
const wide = new Set(["Add", "Sub", "Mul", "Div", "Mod", "Max", "Min", "Abs", "Neg", "Sign", "Pow", "Less"]);

/** The dtype that a node's numbers are computed in. */
function workingType(dtype: DType): DType | "int64" {
  if (dtype === "uint32") return "int64";
  return isInteger(dtype) ? "int32" : storedAs(dtype);
}

/** Translates one node, if it is of this kind. */
export function elementwise(values: Values, node: Node): boolean {
  const operands = node.inputs.map((x) => values.get(x));
  const name = print(
    values,
    node,
    operands.map((v) => v.name),
  );
  if (name === undefined) return false;
  values.set(node, { name, shape: broadcastShape(operands.map((v) => v.shape)) });
  return true;
}

function print(values: Values, node: Node, names: readonly string[]): string | undefined {
  const { emitter } = values;
  const op = (what: string, ...inputs: string[]): string => emitter.op(what, inputs);
  const cast = (x: string, to: DType | "int64"): string => emitter.op("Cast", [x], { to: elementTypes[to] });
  const [x = "", y = ""] = names;
  const from = node.inputs[0]?.dtype ?? node.dtype;
  const number = (value: number): string => values.number(node.dtype, value);
  const narrow = isInteger(from) && from !== "int32";

  /** Runs an operator in a dtype that has it, and brings the result back. */
  const widened = (what: string, ...inputs: string[]): string => {
    if (!narrow || !wide.has(what)) return op(what, ...inputs);
    const working = workingType(from);
    const result = op(what, ...inputs.map((i) => cast(i, working)));
    return cast(wrapped(values, result, from, working), from);
  };

  const plain = direct[node.op];
  if (plain !== undefined) return widened(plain, ...names);
  switch (node.op) {
    case "stop_gradient":
    case "identity":
      return x;
    case "rsqrt":
      return op("Reciprocal", op("Sqrt", x));
    case "cbrt":
      return op("Mul", op("Sign", x), op("Pow", op("Abs", x), number(1 / 3)));
    case "exponential_minus_one": {
      // e^x - 1 = tanh(x / 2) · (e^x + 1), without cancellation near 0.
      const half = op("Tanh", op("Mul", x, number(0.5)));
      const large = op("Sub", op("Exp", x), number(1));
      const small = op("Mul", half, op("Add", op("Exp", x), number(1)));
      return op("Where", op("Less", op("Abs", x), number(1)), small, large);
    }
    case "log_plus_one": {
      // log(1 + x) = log(u) · x / (u - 1) for the u that 1 + x is rounded to.
      const u = op("Add", x, number(1));
      const less = op("Sub", u, number(1));
      const exact = op("Or", op("Equal", less, number(0)), op("IsInf", u));
      const quotient = op("Div", op("Mul", op("Log", u), x), op("Where", exact, number(1), less));
      const limit = op("Where", op("IsInf", u), op("Log", u), x);
      return op("Where", exact, limit, quotient);
    }
    case "erf_inv":
      return inverseErf(op, number, x);
    case "is_finite":
      return op("Not", op("Or", op("IsNaN", x), op("IsInf", x)));
    case "not":
      return node.dtype === "bool" ? op("Not", x) : op("BitwiseNot", x);
    case "convert":
      return converted(values, from, node.dtype, x);
    case "divide":
      if (!isInteger(node.dtype)) return op("Div", x, y);
      return guarded(values, node, y, (divisor) => widened("Div", x, divisor));
    case "remainder": {
      const mod = (divisor: string): string => {
        if (!narrow) return emitter.op("Mod", [x, divisor], { fmod: 1 });
        const working = workingType(from);
        return cast(emitter.op("Mod", [cast(x, working), cast(divisor, working)], { fmod: 1 }), from);
      };
      return isInteger(node.dtype) ? guarded(values, node, y, mod) : mod(y);
    }
    case "atan2":
      return arcTangent(op, number, x, y);
    case "and":
    case "or":
    case "xor": {
      const name = { and: "And", or: "Or", xor: "Xor" }[node.op];
      return node.dtype === "bool" ? op(name, x, y) : op(`Bitwise${name}`, x, y);
    }
    case "shift_left":
    case "shift_right_logical": {
      const direction = node.op === "shift_left" ? "LEFT" : "RIGHT";
      const bits = integerRange(node.dtype);
      const count = bits[1] - bits[0] + 1;
      const width = Math.log2(count);
      const unsigned = isUnsigned(node.dtype) && node.dtype !== "uint16" ? node.dtype : "uint32";
      if (width < 32 && unsigned !== node.dtype) break;
      const shifted = emitter.op("BitShift", [cast(x, unsigned), cast(y, unsigned)], { direction });
      const whole = op("Less", cast(y, "int64"), values.emitter.int(width));
      const result = op("Where", whole, cast(cast(shifted, unsigned), "int64"), values.emitter.int(0));
      return cast(result, node.dtype);
    }
    case "compare": {
      if (!is(node, "compare")) break;
      const [what, negated] = comparisons[node.attrs.direction];
      const working =
        from === "bool" && what !== "Equal" ? "int32" : from === "bool" ? from : workingType(from);
      const [a, b] = working === storedAs(from) ? [x, y] : [cast(x, working), cast(y, working)];
      const result = op(what, a, b);
      return negated ? op("Not", result) : result;
    }
    case "select": {
      const [condition, yes, no] = names as [string, string, string];
      const { dtype } = node;
      if (isFloat(dtype) || dtype === "int32" || dtype === "uint8") return op("Where", condition, yes, no);
      const working = dtype === "bool" ? "uint8" : dtype === "uint32" ? "int64" : "int32";
      return cast(op("Where", condition, cast(yes, working), cast(no, working)), dtype);
    }
    default:
      return undefined;
  }
  throw new UnsupportedError(`export: ONNX has no operator for ${node.op} of ${from}`);
}

/** Brings the result of wider arithmetic back into the range of a narrow dtype. */
function wrapped(values: Values, x: string, dtype: DType, working: DType | "int64"): string {
  if (dtype === "uint32") {
    const size = values.emitter.int(2 ** 32);
    const rest = values.emitter.op("Mod", [x, size]);
    return rest;
  }
  if (working !== "int32") return x;
  const [low, high] = integerRange(dtype);
  const number = (n: number): string => values.number("int32", n);
  const moved = low === 0 ? x : values.emitter.op("Sub", [x, number(low)]);
  // Mod takes the sign of the divisor.
  const rest = values.emitter.op("Mod", [moved, number(high - low + 1)]);
  return low === 0 ? rest : values.emitter.op("Add", [rest, number(low)]);
}

function converted(values: Values, from: DType, to: DType, x: string): string {
  const { emitter } = values;
  const cast = (v: string, dtype: DType | "int64"): string =>
    emitter.op("Cast", [v], { to: elementTypes[dtype] });
  if (storedAs(from) === storedAs(to)) return x;
  // Runtimes differ in what they make of numbers that do not fit: floats are cut to the range first.
  if (isFloat(from) && isInteger(to)) {
    const [low, high] = integerRange(to);
    const wide = cast(x, "float64");
    const number = (n: number): string => values.number("float64", n);
    const known = emitter.op("Where", [emitter.op("IsNaN", [wide]), number(0), wide]);
    return cast(emitter.op("Min", [emitter.op("Max", [known, number(low)]), number(high)]), to);
  }
  return cast(x, to);
}

/** A quotient that is 0 where the divisor is. */
function guarded(values: Values, node: Node, y: string, divide: (divisor: string) => string): string {
  const divisor = node.inputs[1]!;
  if (is(divisor, "constant") && divisor.attrs.value !== 0) return divide(y);
  const { emitter } = values;
  const wide = workingType(node.dtype);
  const cast = (v: string, to: DType | "int64"): string => emitter.op("Cast", [v], { to: elementTypes[to] });
  const [one, zero] = [1, 0].map((n) => (wide === "int64" ? emitter.int(n) : values.number("int32", n)));
  const isZero = emitter.op("Equal", [cast(y, wide), zero!]);
  const safe = cast(emitter.op("Where", [isZero, one!, cast(y, wide)]), node.dtype);
  const quotient = cast(divide(safe), wide);
  return cast(emitter.op("Where", [isZero, zero!, quotient]), node.dtype);
}

type Op = (what: string, ...inputs: string[]) => string;

/** The angle of the point (x, y), from that of y / x. */
function arcTangent(op: Op, number: (n: number) => string, y: string, x: string): string {
  const zero = number(0);
  const safe = op("Where", op("Equal", x, zero), number(1), x);
  const right = op("Atan", op("Div", y, safe));
  const left = op(
    "Where",
    op("Less", y, zero),
    op("Sub", right, number(Math.PI)),
    op("Add", right, number(Math.PI)),
  );
  const beside = op("Where", op("Less", x, zero), left, right);
  const above = op("Mul", op("Sign", y), number(Math.PI / 2));
  return op("Where", op("Equal", x, zero), above, beside);
}

/** Giles's approximation (2010) to single precision. */
function inverseErf(op: Op, number: (n: number) => string, x: string): string {
  const w = op("Neg", op("Log", op("Mul", op("Sub", number(1), x), op("Add", number(1), x))));
  const polynomial = (v: string, coefficients: readonly number[]): string =>
    coefficients
      .slice(1)
      .reduce((sum, c) => op("Add", op("Mul", sum, v), number(c)), number(coefficients[0]!));
  const near = polynomial(
    op("Sub", w, number(2.5)),
    [
      2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 0.00021858087, -0.00125372503,
      -0.00417768164, 0.246640727, 1.50140941,
    ],
  );
  const far = polynomial(
    op("Sub", op("Sqrt", op("Max", w, number(0))), number(3)),
    [
      -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613,
      0.00943887047, 1.00167406, 2.83297682,
    ],
  );
  return op("Mul", op("Where", op("Less", w, number(5)), near, far), x);
}
