/** Linear algebra: elimination with row exchanges, and what it gives: solutions, inverses, determinants, powers. */
import * as engine from "../../engine/index.ts";
import { customGradient, show, type Tensor, type TensorLike, ValueError } from "../../engine/index.ts";
import { cond } from "./control_branches.ts";
import {
  columnAt,
  diagonalOf,
  flipped,
  fromDiagonal,
  identities,
  positions,
  rowAt,
  type Stack,
  squareStackOf,
  stackOf,
} from "./linalg_matrices.ts";
import { thinSvd } from "./linalg_svd.ts";
import { solveWith, substitute } from "./linalg_triangular.ts";
import { takeAlongAxis } from "./numpy_indexing.ts";

/** An LU decomposition of a stack of matrices. */
interface Lu {
  /** U on and above the diagonal, below it L without its ones. */
  readonly lu: Tensor;
  /** For each step the row that was exchanged with the row of its number, of shape (count, steps). */
  readonly pivots: Tensor;
  /** Which row of the matrix has come to stand where, of shape (count, rows). */
  readonly order: Tensor;
}

/** Gauss's elimination: the row with the largest element of a column comes up and is taken from those below it. */
function eliminate(a: Tensor): Lu {
  const [count, m, n] = a.shape as [number, number, number];
  const steps = Math.min(m, n);
  const { row, column } = positions(m, n);
  const rows = row.reshape([1, m]);
  const start = [a, engine.full([count, steps], 0, "int32"), engine.broadcastTo(rows, [count, m])] as const;
  const [lu, pivots, order] = engine.loop(steps, start, (k, left, chosen, now) => {
    const size = engine.abs(columnAt(left, k).reshape([count, m]));
    const pivot = engine.argmax(engine.where(engine.less(rows, k), -1, size), 1).reshape([count, 1]);
    const exchanged = engine.where(
      engine.equal(rows, k),
      pivot,
      engine.where(engine.equal(rows, pivot), k, rows),
    );
    const moved = takeAlongAxis(left, exchanged.reshape([count, m, 1]), { axis: 1 });
    const top = engine.dynamicSlice(moved, [0, k, k], [count, 1, 1]);
    const below = engine.greater(row, k);
    // A column without a pivot has zeros only: there is nothing to take away.
    const safe = engine.where(engine.equal(top, 0), 1, top);
    const factors = engine.where(below, engine.divide(columnAt(moved, k), safe), 0);
    const behind = engine.where(engine.greater(column, k), rowAt(moved, k), 0);
    const rest = engine.subtract(moved, engine.multiply(factors, behind));
    const isFactor = engine.bitwiseAnd(below, engine.equal(column, k));
    return [
      engine.where(isFactor, factors, rest),
      engine.dynamicUpdateSlice(chosen, pivot, [0, k]),
      takeAlongAxis(now, exchanged, { axis: 1 }),
    ];
  });
  return { lu, pivots, order };
}

/**
 * The LU decomposition with row exchanges: P x = L U.
 *
 * @param x of shape (…, m, n)
 * @returns L without the ones on its diagonal and U in one matrix of x's shape, and the pivots (int32), of shape
 *   (…, min(m, n)): row i was exchanged with row pivots[i]
 *
 * @example
 * ```ts
 * const [lu, pivots] = ops.luFactor([[1, 2], [4, 4]]);
 * lu.arraySync(); // → [[4, 4], [0.25, 1]]
 * pivots.arraySync(); // → [1, 1]
 * ```
 */
export function luFactor(x: TensorLike): [lu: Tensor, pivots: Tensor] {
  const { matrices, arrange } = stackOf(x, "luFactor");
  const { lu, pivots } = eliminate(matrices);
  return [arrange(lu), arrange(pivots)];
}

/** The solutions of systems: (count, n, n) and (count, n, k) give (count, n, k). */
function solveStack(a: Tensor, b: Tensor): Tensor {
  const marked: Tensor = customGradient((x, y) => {
    const { lu, order } = eliminate(x);
    const unit = engine.where(engine.equal(identities(lu.shape, lu.dtype), 1), 1, lu);
    const permuted = takeAlongAxis(y, order.reshape([...order.shape, 1]), { axis: 1 });
    const value = substitute(lu, substitute(unit, permuted, true), false);
    const pull = (upstream: Tensor): Tensor[] => {
      const slope = solveStack(flipped(x), upstream);
      return [engine.negate(slope.matmul(flipped(marked))), slope];
    };
    return [value, pull];
  })(a, b);
  return marked;
}

/**
 * The solution x of a x = b.
 *
 * @param a of shape (…, n, n)
 * @param b of shape (…, n, k), or (…, n) with one axis less than a
 * @returns the shape of b; where a is singular, infinities or NaN
 * @throws ShapeError when the shapes do not fit together
 *
 * @example
 * ```ts
 * ops.solve([[1, 2], [4, 5]], [5, 14]).arraySync(); // → [1, 2]
 * ```
 */
export function solve(a: TensorLike, b: TensorLike): Tensor {
  return solveWith("solve", a, b, solveStack);
}

/**
 * The inverse of matrices.
 *
 * @param x of shape (…, n, n)
 * @returns the shape of x; of a singular matrix, infinities or NaN
 *
 * @example
 * ```ts
 * ops.inv([[2, 0], [0, 4]]).arraySync(); // → [[0.5, 0], [0, 0.25]]
 * ```
 */
export function inv(x: TensorLike): Tensor {
  const { matrices, arrange } = squareStackOf(x, "inv");
  return arrange(solveStack(matrices, identities(matrices.shape, matrices.dtype)));
}

/** What determinants are made of: the diagonal of U, and whether the number of exchanges is odd. */
function pivotsOf(a: Tensor): { readonly diagonal: Tensor; readonly odd: Tensor } {
  const { lu, pivots } = eliminate(a);
  const exchanged = engine.notEqual(pivots, engine.iota([1, pivots.shape[1]!], 1));
  const odd = engine.equal(engine.remainder(engine.sum(exchanged, 1), 2), 1);
  return { diagonal: diagonalOf(lu), odd };
}

/**
 * The transposed adjugates, which are the gradients of the determinants: det(A) A⁻ᵀ, or, where that does not exist, what the
 * singular values give.
 */
function cofactors(a: Tensor, determinant: Tensor): Tensor {
  const singular = engine.equal(determinant, 0).reshape([a.shape[0]!, 1, 1]);
  const regular = engine.where(singular, identities(a.shape, a.dtype), a);
  const scaled = engine.multiply(
    flipped(solveStack(regular, identities(a.shape, a.dtype))),
    determinant.reshape([a.shape[0]!, 1, 1]),
  );
  return cond(
    engine.any(singular),
    () => engine.where(singular, singularCofactors(a), scaled),
    () => scaled,
  );
}

function singularCofactors(a: Tensor): Tensor {
  const n = a.shape[1]!;
  const { u, s, v } = thinSvd(a);
  const others = engine.where(
    engine.equal(identities([1, n, n], a.dtype), 1),
    1,
    s.reshape([a.shape[0]!, 1, n]),
  );
  const sign = engine.multiply(signOf(u), signOf(v)).reshape([a.shape[0]!, 1, 1]);
  return engine.multiply(u.matmul(fromDiagonal(engine.prod(others, -1))).matmul(flipped(v)), sign);
}

/** The determinants of orthogonal matrices. */
function signOf(q: Tensor): Tensor {
  const { diagonal, odd } = pivotsOf(q);
  return engine.multiply(engine.prod(engine.sign(diagonal), 1), engine.where(odd, -1, 1));
}

/**
 * The determinant of matrices.
 *
 * @param x of shape (…, n, n)
 * @returns shape (…)
 *
 * @example
 * ```ts
 * ops.det([[1, 2], [3, 4]]).item(); // → -2
 * ```
 */
export function det(x: TensorLike): Tensor {
  const { matrices, arrange } = squareStackOf(x, "det");
  const marked: Tensor = customGradient((a) => {
    const { diagonal, odd } = pivotsOf(a);
    const product = engine.prod(diagonal, 1);
    const pull = (upstream: Tensor): Tensor =>
      engine.multiply(cofactors(a, marked), upstream.reshape([a.shape[0]!, 1, 1]));
    return [engine.where(odd, engine.negate(product), product), pull];
  })(matrices);
  return arrange(marked);
}

/** The logarithms of the sizes of determinants, one for each matrix. */
function logSizes({ matrices }: Stack, diagonal: Tensor): Tensor {
  return customGradient((a) => [
    engine.sum(engine.log(engine.abs(diagonal)), 1),
    (upstream) =>
      engine.multiply(
        flipped(solveStack(a, identities(a.shape, a.dtype))),
        upstream.reshape([a.shape[0]!, 1, 1]),
      ),
  ])(matrices);
}

/**
 * The sign of the determinant of matrices, and the logarithm of its size.
 *
 * @param x of shape (…, n, n)
 * @returns the signs (-1, 0 or 1) and the logarithms, of shape (…)
 *
 * @example
 * ```ts
 * const [sign, logSize] = ops.slogdet([[1, 2], [3, 4]]);
 * sign.item(); // → -1
 * logSize.item(); // → 0.693147
 * ```
 */
export function slogdet(x: TensorLike): [sign: Tensor, logAbsDet: Tensor] {
  const stack = squareStackOf(x, "slogdet");
  const { diagonal, odd } = pivotsOf(engine.stopGradient(stack.matrices));
  const sign = engine.prod(engine.sign(diagonal), 1);
  return [
    stack.arrange(engine.where(odd, engine.negate(sign), sign)),
    stack.arrange(logSizes(stack, diagonal)),
  ];
}

/**
 * The logarithm of the determinant of matrices whose determinant is positive.
 *
 * @param x of shape (…, n, n)
 * @returns shape (…); of other matrices the logarithm of its size
 *
 * @example
 * ```ts
 * ops.logdet([[2, 0], [0, 4]]).item(); // → 2.07944
 * ```
 */
export function logdet(x: TensorLike): Tensor {
  return slogdet(x)[1];
}

/**
 * The n-th power of matrices: a product of n of them, of their inverses where n is negative.
 *
 * @param x of shape (…, m, m)
 * @param n a whole number
 *
 * @example
 * ```ts
 * ops.matrixPower([[1, 1], [0, 1]], 5).arraySync(); // → [[1, 5], [0, 1]]
 * ```
 */
export function matrixPower(x: TensorLike, n: number): Tensor {
  if (!Number.isInteger(n))
    throw new ValueError(`matrixPower: expected a whole number n. Received: ${show(n)}`);
  const given = engine.toTensor(x);
  squareStackOf(given, "matrixPower");
  let square = n < 0 ? inv(given) : given;
  if (n === 0) return identities(given.shape, given.dtype);
  let result: Tensor | undefined;
  for (let rest = Math.abs(n); ; square = square.matmul(square)) {
    if (rest % 2 === 1) result = result === undefined ? square : result.matmul(square);
    rest = Math.floor(rest / 2);
    if (rest === 0) return result!;
  }
}
