/** Linear algebra: eigenvalues and eigenvectors of symmetric matrices. */
import * as engine from "../../engine/index.ts";
import { customGradient, type Tensor, type TensorLike } from "../../engine/index.ts";
import { epsilonOf, mostSweeps, nextRound, rotateHalves, rotation } from "./jacobi.ts";
import { diagonalOf, flipped, fromDiagonal, identities, squareStackOf } from "./linalg_matrices.ts";
import { takeAlongAxis } from "./numpy_indexing.ts";
import { argsort } from "./numpy_sorting.ts";

/** Eigenvalues in ascending order, and eigenvectors as columns. */
interface Eigen {
  readonly w: Tensor;
  readonly v: Tensor;
}

/** Jacobi's method: rotations of pairs of axes, each of which makes one element beside the diagonal zero. */
function rotateToDiagonal(symmetric: Tensor): Eigen {
  const [count, n] = symmetric.shape as [number, number, number];
  const { dtype } = symmetric;
  const even = Math.max(2, n + (n % 2));
  // A number that all elements have in common does not matter: they are scaled so that squares do not overflow.
  const largest = engine.abs(symmetric).max([1, 2], { keepdims: true });
  const scale = engine.where(engine.greater(largest, 0), largest, 1);
  const corner = [0, even - n, even - n];
  const a = engine.pad(engine.divide(symmetric, scale), 0, {
    low: [0, 0, 0],
    high: corner,
    interior: [0, 0, 0],
  });
  const half = even / 2;
  const from = nextRound(even);
  const total = engine.sum(engine.multiply(a, a), [1, 2]);
  const isDiagonal = engine.equal(identities([1, even, even], dtype), 1);
  // Until what is left beside the diagonals is within the rounding of the whole, by squares.
  const rounding = engine.multiply(total, even * epsilonOf(dtype) ** 2);
  const goesOn = (x: Tensor): Tensor => {
    const beside = engine.sum(engine.where(isDiagonal, 0, engine.multiply(x, x)), [1, 2]);
    return engine.any(engine.greater(beside, rounding));
  };
  const [, , diagonal, vectors] = engine.loop(
    mostSweeps * Math.max(1, even - 1),
    [goesOn(a), engine.full([], 0, "int32"), a, identities([count, even, even], dtype)],
    (_, going, round, x, v) => {
      const d = diagonalOf(x);
      const g = diagonalOf(x.at("...", [0, half], [half, even]));
      const angles = rotation(d.at("...", [0, half]), d.at("...", [half, even]), g);
      const turned = rotateHalves(rotateHalves(x, 2, angles, from), 1, angles, from);
      const next = engine.remainder(engine.add(round, 1), Math.max(1, even - 1));
      return [
        engine.where(engine.equal(next, 0), goesOn(turned), going),
        next,
        turned,
        rotateHalves(v, 2, angles, from),
      ];
    },
    { conditional: true },
  );
  // The column that an odd number was filled up with is known by its vector.
  const values = diagonalOf(diagonal);
  const own = engine.sum(engine.abs(vectors.at("...", [0, n], [0, null])), 1);
  const key = n === even ? values : engine.where(engine.equal(own, 0), Number.POSITIVE_INFINITY, values);
  const order = argsort(key, { axis: -1 }).at("...", [0, n]);
  return {
    w: engine.multiply(takeAlongAxis(values, order, { axis: -1 }), scale.reshape([count, 1])),
    v: takeAlongAxis(vectors.at("...", [0, n], [0, null]), order.reshape([count, 1, n]), { axis: 2 }),
  };
}

/**
 * The eigenvalues and eigenvectors of symmetric matrices: x v = v diag(w), with orthonormal v.
 *
 * @param x of shape (…, n, n); what is not symmetric is made so
 * @returns the eigenvalues in ascending order, of shape (…, n), and the eigenvectors as columns, of shape (…, n, n), each
 *   up to its sign. The gradient of vectors of equal eigenvalues, which are not determined, takes no account of each other
 *
 * @example
 * ```ts
 * const [w] = ops.eigh([[2, 1], [1, 2]]);
 * w.arraySync(); // → [1, 3]
 * ```
 */
export function eigh(x: TensorLike): [w: Tensor, v: Tensor] {
  const { matrices, arrange } = squareStackOf(x, "eigh");
  const symmetric = engine.multiply(engine.add(matrices, flipped(matrices)), 0.5);
  const found = rotateToDiagonal(engine.stopGradient(symmetric));
  // Two functions, each of which needs the result of the other for its gradient.
  const pair: Eigen = {
    w: customGradient(() => [found.w, (up) => around(pair.v, fromDiagonal(up))])(symmetric),
    v: customGradient(() => [
      found.v,
      (up) => {
        const { w, v } = pair;
        const n = w.shape[1]!;
        const apart = engine.subtract(w.reshape([-1, 1, n]), w.reshape([-1, n, 1]));
        const none = engine.equal(apart, 0);
        const slope = engine.where(
          none,
          0,
          engine.divide(flipped(v).matmul(up), engine.where(none, 1, apart)),
        );
        return around(v, slope);
      },
    ])(symmetric),
  };
  return [arrange(pair.w), arrange(pair.v)];
}

const around = (v: Tensor, x: Tensor): Tensor => v.matmul(x).matmul(flipped(v));
