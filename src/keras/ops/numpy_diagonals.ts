/** NumPy's functions of the diagonals of matrices. */
import * as engine from "../../engine/index.ts";
import {
  checkOptions,
  ShapeError,
  showShape,
  type Tensor,
  type TensorLike,
  toTensor,
} from "../../engine/index.ts";
import { floatx } from "../config/config.ts";
import { offsets } from "./diagonal_offsets.ts";
import type { DiagonalOptions } from "./numpy_creation.ts";
import { wide } from "./sum_dtype.ts";

/**
 * A matrix with ones on and below a diagonal.
 *
 * @param N the number of rows
 * @param options `M`: the number of columns (default N); `k`: the diagonal (default 0); `dtype` (default `floatx()`)
 *
 * @example
 * ```ts
 * tri(2).arraySync(); // → [[1, 0], [1, 1]]
 * ```
 */
export function tri(N: number, options: DiagonalOptions = {}): Tensor {
  checkOptions("tri", options, ["M", "k", "dtype"]);
  return engine.lessEqual(offsets(N, options.M ?? N), options.k ?? 0).astype(options.dtype ?? floatx());
}

/** The last two lengths of a matrix, or of many. */
function matrixSize(x: Tensor, where: string): [number, number] {
  const [rows, columns] = x.shape.slice(-2);
  if (rows === undefined || columns === undefined) {
    throw new ShapeError(`${where}: expected at least 2 dimensions. Received shape ${showShape(x.shape)}`);
  }
  return [rows, columns];
}

/**
 * Matrices with zeros above a diagonal.
 *
 * @param options `k`: which diagonal, the main one is 0, positive ones above (default 0)
 *
 * @example
 * ```ts
 * tril([[1, 2], [3, 4]]).arraySync(); // → [[1, 0], [3, 4]]
 * ```
 */
export function tril(x: TensorLike, options: { readonly k?: number } = {}): Tensor {
  checkOptions("tril", options, ["k"]);
  const t = toTensor(x);
  return engine.where(
    engine.lessEqual(offsets(...matrixSize(t, "tril")), options.k ?? 0),
    t,
    engine.full([], 0, t.dtype),
  );
}

/**
 * Matrices with zeros below a diagonal.
 *
 * @param options `k`: which diagonal, the main one is 0, positive ones above (default 0)
 *
 * @example
 * ```ts
 * triu([[1, 2], [3, 4]]).arraySync(); // → [[1, 2], [0, 4]]
 * ```
 */
export function triu(x: TensorLike, options: { readonly k?: number } = {}): Tensor {
  checkOptions("triu", options, ["k"]);
  const t = toTensor(x);
  return engine.where(
    engine.greaterEqual(offsets(...matrixSize(t, "triu")), options.k ?? 0),
    t,
    engine.full([], 0, t.dtype),
  );
}

/**
 * A matrix with a vector on a diagonal; of a matrix, the vector on that diagonal.
 *
 * @param options `k`: which diagonal, the main one is 0, positive ones above (default 0)
 * @throws ShapeError for other ranks
 *
 * @example
 * ```ts
 * diag([1, 2]).arraySync(); // → [[1, 0], [0, 2]]
 * diag([[1, 2], [3, 4]], { k: 1 }).arraySync(); // → [2]
 * ```
 */
export function diag(x: TensorLike, options: { readonly k?: number } = {}): Tensor {
  checkOptions("diag", options, ["k"]);
  const t = toTensor(x);
  const k = options.k ?? 0;
  if (t.ndim === 2) return diagonal(t, { offset: k });
  if (t.ndim !== 1)
    throw new ShapeError(`diag: expected 1 or 2 dimensions. Received shape ${showShape(t.shape)}`);
  const n = t.size + Math.abs(k);
  const column = engine.pad(t, 0, { low: [Math.max(0, k)], high: [Math.max(0, -k)], interior: [0] });
  const zero = engine.full([], 0, t.dtype);
  return engine.where(engine.equal(offsets(n, n), k), engine.broadcastTo(column, [n, n]), zero);
}

/**
 * The elements on a diagonal of two axes, as the last axis.
 *
 * @param options `offset`: which diagonal, the main one is 0, positive ones above (default 0); `axis1`: the rows (default
 *   0); `axis2`: the columns (default 1)
 *
 * @example
 * ```ts
 * diagonal([[1, 2], [3, 4]]).arraySync(); // → [1, 4]
 * ```
 */
export function diagonal(
  x: TensorLike,
  options: { readonly offset?: number; readonly axis1?: number; readonly axis2?: number } = {},
): Tensor {
  checkOptions("diagonal", options, ["offset", "axis1", "axis2"]);
  const t = toTensor(x);
  const offset = options.offset ?? 0;
  const a = engine.normalizeAxis(options.axis1 ?? 0, t.ndim, "diagonal");
  const b = engine.normalizeAxis(options.axis2 ?? 1, t.ndim, "diagonal");
  const others = t.shape.map((_, i) => i).filter((i) => i !== a && i !== b);
  const moved = t.transpose([...others, a, b]);
  const [rows, columns] = matrixSize(moved, "diagonal");
  const count = Math.max(0, Math.min(rows + Math.min(0, offset), columns - Math.max(0, offset)));
  // In the flattened matrix neighbours on a diagonal are one row and one element apart.
  const first = Math.max(0, -offset) * columns + Math.max(0, offset);
  const flat = moved.reshape([...others.map((i) => t.shape[i]!), rows * columns]);
  const places = engine.add(engine.multiply(engine.iota([count]), columns + 1), first);
  return engine.take(flat, places, flat.ndim - 1);
}

/**
 * The sum of a diagonal of two axes.
 *
 * @param options `offset`: which diagonal, the main one is 0, positive ones above (default 0); `axis1`: the rows
 *   (default 0); `axis2`: the columns (default 1)
 *
 * @example
 * ```ts
 * trace([[1, 2], [3, 4]]).item(); // → 5
 * ```
 */
export function trace(
  x: TensorLike,
  options: { readonly offset?: number; readonly axis1?: number; readonly axis2?: number } = {},
): Tensor {
  const t = toTensor(x);
  return engine.sum(diagonal(wide(t), options), -1);
}

/**
 * A matrix with the elements of x, flattened, on a diagonal.
 *
 * @param options `k`: which diagonal, 0 (default) the main one, positive ones above
 *
 * @example
 * ```ts
 * ops.diagflat([[1], [2]]).arraySync(); // → [[1, 0], [0, 2]]
 * ```
 */
export function diagflat(x: TensorLike, options: { readonly k?: number } = {}): Tensor {
  checkOptions("diagflat", options, ["k"]);
  return diag(toTensor(x).flatten(), options);
}
