/**
 * NumPy's manners on top of the strict builders: operands are promoted to one dtype and broadcast to one shape.
 * Numbers from JavaScript are weak: they take the dtype of the other operand unless only a float can hold them.
 */
import { type DType, isFloat, isInteger, promote, wrapTo } from "../tensor/dtype.ts";
import { DTypeError, ShapeError } from "../tensor/errors.ts";
import { broadcastShapes, type Shape, showShape } from "../tensor/shape.ts";
import {
  apply,
  broadcastTo,
  build,
  compare,
  constant,
  convert,
  dotGeneral,
  type PlainPrimitive,
} from "./build.ts";
import type { Node } from "./node.ts";
import type { Direction } from "./primitives.ts";

/** An operand: a node, or a weak number. */
export type Operand = Node | number | boolean;

const isNode = (x: Operand): x is Node => typeof x === "object";

/** The dtype that float functions compute in: floats keep theirs, all else becomes float32. */
export function floatOf(dtype: DType): DType {
  return isFloat(dtype) ? dtype : "float32";
}

/** The dtype in which operands meet. */
export function commonDType(...operands: readonly Operand[]): DType {
  let strong: DType | undefined;
  let weak: DType = "bool";
  for (const x of operands) {
    if (isNode(x)) strong = strong === undefined ? x.dtype : promote(strong, x.dtype);
    else if (typeof x === "number") {
      const fits = Number.isInteger(x) && Math.abs(x) < 2 ** 31;
      weak = weak === "float32" || !fits ? "float32" : "int32";
    }
  }
  if (strong === undefined) return weak;
  if (weak === "bool" || isFloat(strong)) return strong;
  if (weak === "float32") return "float32";
  return strong === "bool" ? "int32" : strong;
}

/** A node of the given dtype. */
export function toDType(x: Operand, dtype: DType): Node {
  if (isNode(x)) return convert(x, dtype);
  // Whole numbers wrap around, as integers do: beside uint8, -1 is 255.
  const value = Number(x);
  const whole = isInteger(dtype) && Number.isInteger(value);
  return constant(whole ? wrapTo(dtype, value) : value, { shape: [], dtype });
}

/** Operands of one shape. */
export function broadcastAll(where: string, ...nodes: readonly Node[]): Node[] {
  let shape: Shape = [];
  for (const x of nodes) shape = broadcastShapes(shape, x.shape, where);
  return nodes.map((x) => broadcastTo(x, shape));
}

/** Operands of one shape and one dtype. */
export function harmonize(where: string, operands: readonly Operand[], dtype?: DType): Node[] {
  const common = dtype ?? commonDType(...operands);
  return broadcastAll(where, ...operands.map((x) => toDType(x, common)));
}

/** A primitive of two numbers. Booleans count as integers for arithmetic. */
export function binary(op: PlainPrimitive, x: Operand, y: Operand): Node {
  const dtype = commonDType(x, y);
  const bits = op === "and" || op === "or" || op === "xor";
  return apply(op, ...harmonize(op, [x, y], dtype === "bool" && !bits ? "int32" : dtype));
}

/** A primitive of two floats: integers become float32. */
export function binaryFloat(op: PlainPrimitive, x: Operand, y: Operand): Node {
  return apply(op, ...harmonize(op, [x, y], floatOf(commonDType(x, y))));
}

/** A primitive of one float: integers become float32. */
export function unaryFloat(op: PlainPrimitive, x: Operand): Node {
  return apply(op, toDType(x, floatOf(commonDType(x))));
}

/** A comparison; the result is boolean. */
export function comparison(direction: Direction, x: Operand, y: Operand): Node {
  const [a, b] = harmonize(`compare ${direction}`, [x, y]);
  return compare(direction, a!, b!);
}

/** Elements of x where the condition holds, else of y. */
export function select(condition: Operand, x: Operand, y: Operand): Node {
  const dtype = commonDType(x, y);
  const [c, a, b] = broadcastAll("where", toDType(condition, "bool"), toDType(x, dtype), toDType(y, dtype));
  return build("select", [c!, a!, b!], {});
}

/**
 * Matrix product by NumPy's rules: the last axis of x with the second last of y, the axes before them broadcast; a
 * vector is a row on the left and a column on the right.
 *
 * @throws ShapeError when the inner lengths differ or an operand is a scalar
 */
export function matmul(x: Node, y: Node): Node {
  const dtype = commonDType(x, y);
  if (dtype === "bool") throw new DTypeError("matmul: expected numbers. Received: bool, bool");
  const wrong = (why: string): never => {
    throw new ShapeError(`matmul: ${why}. Received: ${showShape(x.shape)} and ${showShape(y.shape)}`);
  };
  if (x.shape.length === 0 || y.shape.length === 0) wrong("operands need at least one dimension");
  const inner = x.shape[x.shape.length - 1];
  const k = y.shape.length === 1 ? 0 : y.shape.length - 2;
  if (inner !== y.shape[k])
    wrong(`the last length of x, ${inner}, must equal length ${y.shape[k]} of y's axis ${k}`);
  let [a, b] = [convert(x, dtype), convert(y, dtype)];
  const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2), "matmul");
  if (b.shape.length <= 2) {
    // One right side for all: no batch at all, so that the rows of all batches form one tall matrix.
    return dotGeneral(a, b, {
      lhsBatch: [],
      rhsBatch: [],
      lhsContracting: [a.shape.length - 1],
      rhsContracting: [k],
    });
  }
  if (a.shape.length === 1) {
    const attrs = { lhsBatch: [], rhsBatch: [], lhsContracting: [0], rhsContracting: [k] };
    return dotGeneral(a, b, attrs);
  }
  a = broadcastTo(a, [...batch, ...a.shape.slice(-2)]);
  b = broadcastTo(b, [...batch, ...b.shape.slice(-2)]);
  const axes = batch.map((_, i) => i);
  const n = batch.length;
  return dotGeneral(a, b, { lhsBatch: axes, rhsBatch: axes, lhsContracting: [n + 1], rhsContracting: [n] });
}
