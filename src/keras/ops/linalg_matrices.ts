/** What the functions of linear algebra share: stacks of matrices, their triangles and products. */
import * as engine from "../../engine/index.ts";
import {
  type DType,
  type Shape,
  ShapeError,
  showShape,
  type Tensor,
  type TensorLike,
} from "../../engine/index.ts";
import { toFloat, toPrecise } from "./convert.ts";

/** Matrices of one size, one behind the other, and the way back to how they were arranged. */
export interface Stack {
  /** Of shape (count, rows, columns). */
  readonly matrices: Tensor;
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  /** Tensors with one item for each matrix along the first axis, arranged as the matrices were. */
  readonly arrange: (x: Tensor) => Tensor;
}

/** A tensor of shape (…, rows, columns) as floats in one row of matrices. */
export function stackOf(x: TensorLike, where: string): Stack {
  const t = toPrecise(toFloat(x));
  if (t.ndim < 2) {
    throw new ShapeError(
      `${where}: expected matrices, that is two axes or more. Received shape ${showShape(t.shape)}`,
    );
  }
  const before = t.shape.slice(0, -2);
  const [rows, columns] = t.shape.slice(-2) as [number, number];
  const count = engine.sizeOf(before);
  return {
    matrices: t.reshape([count, rows, columns]),
    count,
    rows,
    columns,
    arrange: (y) => y.reshape([...before, ...y.shape.slice(1)]),
  };
}

/** The same for matrices that must be square. */
export function squareStackOf(x: TensorLike, where: string): Stack {
  const stack = stackOf(x, where);
  if (stack.rows !== stack.columns) {
    throw new ShapeError(
      `${where}: expected square matrices. Received shape ${showShape(engine.toTensor(x).shape)}`,
    );
  }
  return stack;
}

/** Matrices with rows for columns. */
export function flipped(x: Tensor): Tensor {
  const axes = x.shape.map((_, i) => i);
  return x.transpose([...axes.slice(0, -2), x.ndim - 1, x.ndim - 2]);
}

/** The numbers of rows and columns, in shapes that broadcast to matrices. */
export function positions(rows: number, columns: number): { readonly row: Tensor; readonly column: Tensor } {
  return { row: engine.iota([rows, 1], 0), column: engine.iota([1, columns], 1) };
}

/** Zeros above the k-th diagonal. */
export function lowerPart(x: Tensor, k = 0): Tensor {
  const { row, column } = positions(...(x.shape.slice(-2) as [number, number]));
  return engine.where(engine.lessEqual(engine.subtract(column, row), k), x, 0);
}

/** Zeros below the k-th diagonal. */
export function upperPart(x: Tensor, k = 0): Tensor {
  return flipped(lowerPart(flipped(x), -k));
}

/** Matrices with given diagonals. */
export function fromDiagonal(x: Tensor): Tensor {
  const n = x.shape[x.ndim - 1]!;
  const { row, column } = positions(n, n);
  return engine.where(engine.equal(row, column), x.reshape([...x.shape, 1]), 0);
}

/** The diagonals of square matrices. */
export function diagonalOf(x: Tensor): Tensor {
  const { row, column } = positions(...(x.shape.slice(-2) as [number, number]));
  return engine.sum(engine.where(engine.equal(row, column), x, 0), -1);
}

/** Identity matrices. */
export function identities(shape: Shape, dtype: DType): Tensor {
  const { row, column } = positions(...(shape.slice(-2) as [number, number]));
  return engine.broadcastTo(engine.equal(row, column).astype(dtype), shape);
}

/** One column of each matrix, of shape (count, rows, 1). */
export function columnAt(x: Tensor, j: Tensor): Tensor {
  return engine.dynamicSlice(x, [0, 0, j], [x.shape[0]!, x.shape[1]!, 1]);
}

/** One row of each matrix, of shape (count, 1, columns). */
export function rowAt(x: Tensor, i: Tensor): Tensor {
  return engine.dynamicSlice(x, [0, i, 0], [x.shape[0]!, 1, x.shape[2]!]);
}
