/** Linear algebra: triangular systems, and matrices as products of a triangle with itself. */
import * as engine from "../../engine/index.ts";
import {
  checkOptions,
  currentTrace,
  customGradient,
  ShapeError,
  showShape,
  type Tensor,
  type TensorLike,
  ValueError,
} from "../../engine/index.ts";
import { toFloat, toPrecise } from "./convert.ts";
import {
  columnAt,
  diagonalOf,
  flipped,
  fromDiagonal,
  identities,
  lowerPart,
  positions,
  rowAt,
  squareStackOf,
  upperPart,
} from "./linalg_matrices.ts";

/** Options of {@link cholesky} and {@link choleskyInverse}. */
export interface CholeskyOptions {
  /** Whether the triangle is the upper one. Default false. */
  readonly upper?: boolean;
}

/**
 * The Cholesky decomposition of symmetric positive definite matrices: the lower triangle L with L Lᵀ = x.
 *
 * @param x of shape (…, n, n); what is not symmetric is made so
 * @param options `upper` (default false): the upper triangle U with Uᵀ U = x
 * @throws ValueError for matrices that are not positive definite; inside of a compiled function they give NaN
 *
 * @example
 * ```ts
 * ops.cholesky([[4, 2], [2, 5]]).arraySync(); // → [[2, 0], [1, 2]]
 * ```
 */
export function cholesky(x: TensorLike, options: CholeskyOptions = {}): Tensor {
  checkOptions("cholesky", options, ["upper"]);
  const { matrices, arrange } = squareStackOf(x, "cholesky");
  const lower = factor(engine.multiply(engine.add(matrices, flipped(matrices)), 0.5));
  return arrange(options.upper ? flipped(lower) : lower);
}

/** The lower triangles of symmetric matrices. */
function factor(symmetric: Tensor): Tensor {
  const marked: Tensor = customGradient((a) => {
    const value = factorize(a);
    if (currentTrace() === undefined && value.dataSync().some(Number.isNaN)) {
      throw new ValueError("cholesky: expected positive definite matrices. Received some that are not");
    }
    // Murray, Differentiation of the Cholesky decomposition, 2016: L⁻ᵀ Φ(Lᵀ L̄) L⁻¹, made symmetric; Φ halves the diagonal.
    const pull = (upstream: Tensor): Tensor => {
      const product = flipped(marked).matmul(lowerPart(upstream));
      const phi = engine.subtract(
        lowerPart(product),
        engine.multiply(fromDiagonal(diagonalOf(product)), 0.5),
      );
      const upper = flipped(marked);
      const left = substitute(upper, phi, false);
      const slope = flipped(substitute(upper, flipped(left), false));
      return engine.multiply(engine.add(slope, flipped(slope)), 0.5);
    };
    return [value, pull];
  })(symmetric);
  return marked;
}

/** Column by column: what is left of a column after those before it, divided by the root of its diagonal element. */
function factorize(a: Tensor): Tensor {
  const [count, n] = a.shape as [number, number, number];
  const { row } = positions(n, n);
  const [lower] = engine.loop(n, [engine.full(a.shape, 0, a.dtype)], (j, done) => {
    const rest = engine.subtract(columnAt(a, j), done.matmul(flipped(rowAt(done, j))));
    const pivot = engine.dynamicSlice(rest, [0, j, 0], [count, 1, 1]);
    const column = engine.where(engine.greaterEqual(row, j), engine.divide(rest, engine.sqrt(pivot)), 0);
    return [engine.dynamicUpdateSlice(done, column, [0, 0, j])];
  });
  return lower;
}

/**
 * The inverse of symmetric positive definite matrices of which the Cholesky triangles are known.
 *
 * @param x the triangles, of shape (…, n, n)
 * @param options `upper` (default false): whether they are the upper ones
 *
 * @example
 * ```ts
 * ops.choleskyInverse(ops.cholesky([[2, 0], [0, 4]])).arraySync(); // → [[0.5, 0], [0, 0.25]]
 * ```
 */
export function choleskyInverse(x: TensorLike, options: CholeskyOptions = {}): Tensor {
  checkOptions("choleskyInverse", options, ["upper"]);
  const { upper = false } = options;
  const { matrices, arrange } = squareStackOf(x, "choleskyInverse");
  const inverse = substitute(matrices, identities(matrices.shape, matrices.dtype), !upper);
  return arrange(upper ? inverse.matmul(flipped(inverse)) : flipped(inverse).matmul(inverse));
}

/**
 * The solution x of a x = b for triangular matrices a.
 *
 * @param a of shape (…, n, n); only the triangle counts
 * @param b of shape (…, n, k), or (…, n) with one axis less than a
 * @param options `lower` (default false): whether the triangles are the lower ones
 * @returns the shape of b
 * @throws ShapeError when the shapes do not fit together
 *
 * @example
 * ```ts
 * ops.solveTriangular([[2, 1], [0, 4]], [4, 8]).arraySync(); // → [1, 2]
 * ```
 */
export function solveTriangular(
  a: TensorLike,
  b: TensorLike,
  options: { readonly lower?: boolean } = {},
): Tensor {
  checkOptions("solveTriangular", options, ["lower"]);
  return solveWith("solveTriangular", a, b, (x, y) => substitute(x, y, options.lower ?? false));
}

/** Solves systems with a function of stacks of matrices, whose batches are broadcast together. */
export function solveWith(
  where: string,
  a: TensorLike,
  b: TensorLike,
  solve: (a: Tensor, b: Tensor) => Tensor,
): Tensor {
  squareStackOf(a, where);
  const [left, right] = [toPrecise(toFloat(a)), toPrecise(toFloat(b))];
  const dtype = engine.promote(left.dtype, right.dtype);
  const vector = right.ndim === left.ndim - 1;
  const sides = vector ? right.reshape([...right.shape, 1]) : right;
  const n = left.shape[left.ndim - 1]!;
  if (sides.ndim < 2 || sides.shape[sides.ndim - 2] !== n) {
    throw new ShapeError(
      `${where}: expected b of shape (…, ${n}, k) or (…, ${n}) for a of shape ${showShape(left.shape)}. Received: ${showShape(right.shape)}`,
    );
  }
  const k = sides.shape[sides.ndim - 1]!;
  const batch = engine.broadcastShapes(left.shape.slice(0, -2), sides.shape.slice(0, -2), where);
  const count = engine.sizeOf(batch);
  const stack = (x: Tensor, m: number): Tensor =>
    engine.broadcastTo(x.astype(dtype), [...batch, n, m]).reshape([count, n, m]);
  const solution = solve(stack(left, n), stack(sides, k));
  return solution.reshape(vector ? [...batch, n] : [...batch, n, k]);
}

/** The solutions of triangular systems: (count, n, n) and (count, n, k) give (count, n, k). */
export function substitute(a: Tensor, b: Tensor, lower: boolean): Tensor {
  const marked: Tensor = customGradient((x, y) => {
    const pull = (upstream: Tensor): Tensor[] => {
      const slope = substitute(flipped(x), upstream, !lower);
      const outer = engine.negate(slope.matmul(flipped(marked)));
      return [lower ? lowerPart(outer) : upperPart(outer), slope];
    };
    return [eliminate(x, y, lower), pull];
  })(a, b);
  return marked;
}

/** Row by row, from the corner where there is one unknown. */
function eliminate(a: Tensor, b: Tensor, lower: boolean): Tensor {
  const [count, n] = a.shape as [number, number, number];
  const triangle = lower ? lowerPart(a) : upperPart(a);
  const [solution] = engine.loop(n, [engine.full(b.shape, 0, b.dtype)], (i, done) => {
    const at = lower ? i : engine.subtract(n - 1, i);
    const rest = engine.subtract(rowAt(b, at), rowAt(triangle, at).matmul(done));
    const pivot = engine.dynamicSlice(a, [0, at, at], [count, 1, 1]);
    return [engine.dynamicUpdateSlice(done, engine.divide(rest, pivot), [0, at, 0])];
  });
  return solution;
}
