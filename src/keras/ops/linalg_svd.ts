/** Linear algebra: singular values, and what they tell: ranks, pseudoinverses, least squares. */
import * as engine from "../../engine/index.ts";
import {
  checkOptions,
  customGradient,
  ShapeError,
  showShape,
  type Tensor,
  type TensorLike,
  UnsupportedError,
} from "../../engine/index.ts";
import { toFloat, toPrecise } from "./convert.ts";
import { epsilonOf, mostSweeps, nextRound, rotateHalves, rotation } from "./jacobi.ts";
import { diagonalOf, flipped, fromDiagonal, identities, stackOf } from "./linalg_matrices.ts";
import { reflect } from "./linalg_qr.ts";
import { takeAlongAxis } from "./numpy_indexing.ts";
import { argsort } from "./numpy_sorting.ts";

/** x = u diag(s) vᵀ with orthonormal columns in u and v, and s in descending order. */
export interface Svd {
  readonly u: Tensor;
  readonly s: Tensor;
  readonly v: Tensor;
}

/**
 * Hestenes's method, one-sided Jacobi rotations: pairs of columns are rotated until all are orthogonal. Their lengths then
 * are the singular values, small ones with their leading digits too.
 *
 * @param a square matrices
 */
function orthogonalize(a: Tensor): Svd {
  const [count, n] = a.shape as [number, number, number];
  const { dtype } = a;
  const even = Math.max(2, n + (n % 2));
  const largest = engine.abs(a).max([1, 2], { keepdims: true });
  const scale = engine.where(engine.greater(largest, 0), largest, 1);
  const corner = [0, even - n, even - n];
  const start = engine.pad(engine.divide(a, scale), 0, { low: [0, 0, 0], high: corner, interior: [0, 0, 0] });
  const half = even / 2;
  const from = nextRound(even);
  const rounds = Math.max(1, even - 1);
  const tolerance = epsilonOf(dtype);
  const pairs = (x: Tensor): [a: Tensor, b: Tensor, g: Tensor] => {
    const [upper, lower] = [x.at("...", [0, half]), x.at("...", [half, even])];
    const dot = (y: Tensor, z: Tensor): Tensor => engine.sum(engine.multiply(y, z), 1);
    return [dot(upper, upper), dot(lower, lower), dot(upper, lower)];
  };
  // A sweep without a pair that had to be rotated is the last one.
  const [, , , columns, vectors] = engine.loop(
    mostSweeps * rounds,
    [
      engine.full([], 1, "bool"),
      engine.full([], 0, "int32"),
      engine.full([], 0, "bool"),
      start,
      identities([count, even, even], dtype),
    ],
    (_, going, round, rotated, x, v) => {
      const [p, q, g] = pairs(x);
      const small = engine.multiply(engine.sqrt(engine.multiply(p, q)), tolerance);
      const open = engine.greater(engine.abs(g), small);
      const angles = rotation(p, q, engine.where(open, g, 0));
      const next = engine.remainder(engine.add(round, 1), rounds);
      const any = engine.bitwiseOr(rotated, engine.any(open));
      const isLast = engine.equal(next, 0);
      return [
        engine.where(isLast, any, going),
        next,
        engine.bitwiseAnd(any, engine.bitwiseNot(isLast)),
        rotateHalves(x, 2, angles, from),
        rotateHalves(v, 2, angles, from),
      ];
    },
    { conditional: true },
  );
  const lengths = engine.sqrt(engine.sum(engine.multiply(columns, columns), 1));
  // The column that an odd number was filled up with is known by its vector; it goes to the end.
  const own = engine.sum(engine.abs(vectors.at("...", [0, n], [0, null])), 1);
  const key = n === even ? lengths : engine.where(engine.equal(own, 0), -1, lengths);
  const order = argsort(engine.negate(key), { axis: -1 }).at("...", [0, n]);
  const sorted = (x: Tensor): Tensor =>
    takeAlongAxis(x.at("...", [0, n], [0, null]), order.reshape([count, 1, n]), { axis: 2 });
  const s = takeAlongAxis(lengths, order, { axis: -1 });
  const nothing = engine.equal(s, 0).reshape([count, 1, n]);
  const directions = engine.where(
    nothing,
    0,
    engine.divide(sorted(columns), engine.where(nothing, 1, s.reshape([count, 1, n]))),
  );
  // Columns of length 0 have no direction: reflections complete the others to a basis.
  const { q, r } = reflect(directions);
  const signs = engine.where(engine.less(diagonalOf(r), 0), -1, 1).astype(dtype);
  return {
    u: engine.multiply(q, signs.reshape([count, 1, n])),
    s: engine.multiply(s, scale.reshape([count, 1])),
    v: sorted(vectors),
  };
}

/**
 * The singular value decomposition of a stack of matrices, without gradient.
 *
 * @returns u of shape (count, m, k) and v of shape (count, n, k), k = min(m, n), or square ones with `full`
 */
function decompose(a: Tensor, full: boolean): Svd {
  const [, m, n] = a.shape as [number, number, number];
  if (m < n) {
    const { u, s, v } = decompose(flipped(a), full);
    return { u: v, s, v: u };
  }
  if (m === n) return orthogonalize(a);
  // What is long is made square first.
  const { q, r } = reflect(a);
  const { u, s, v } = orthogonalize(r.at("...", [0, n], [0, null]));
  const thin = q.at("...", [0, n]).matmul(u);
  return { u: full ? engine.concatenate([thin, q.at("...", [n, m])], 2) : thin, s, v };
}

/** A decomposition each of whose parts has a gradient. */
function differentiable(a: Tensor, full: boolean): Svd {
  const found = decompose(engine.stopGradient(a), full);
  const square = a.shape[1] === a.shape[2];
  const vectors = (part: "u" | "v"): Tensor =>
    customGradient(() => [
      found[part],
      (up) => {
        if (full && !square) {
          throw new UnsupportedError(
            "svd: there is no gradient of the vectors of fullMatrices unless the matrices are square; use fullMatrices: false.",
          );
        }
        return vectorSlope(svdOf, part, up);
      },
    ])(a);
  // Functions each of which needs the results of the others for its gradient.
  const svdOf: Svd = {
    s: customGradient(() => [
      found.s,
      (up) => {
        const k = up.shape[1]!;
        const { u, v } = svdOf;
        return u
          .at("...", [0, k])
          .matmul(fromDiagonal(up))
          .matmul(flipped(v.at("...", [0, k])));
      },
    ])(a),
    u: vectors("u"),
    v: vectors("v"),
  };
  return svdOf;
}

/** The gradient of singular vectors (Townsend, Differentiating the singular value decomposition, 2016). */
function vectorSlope({ u, s, v }: Svd, part: "u" | "v", up: Tensor): Tensor {
  const k = s.shape[1]!;
  const safe = (x: Tensor): Tensor => {
    const none = engine.equal(x, 0);
    return engine.where(none, 0, engine.divide(1, engine.where(none, 1, x)));
  };
  const [own, other] = part === "u" ? [u, v] : [v, u];
  const rows = s.reshape([-1, k, 1]);
  const columns = s.reshape([-1, 1, k]);
  // (sⱼ - sᵢ)(sⱼ + sᵢ) keeps digits that sⱼ² - sᵢ² loses.
  const apart = safe(engine.multiply(engine.subtract(columns, rows), engine.add(columns, rows)));
  const product = flipped(own).matmul(up);
  const turn = engine.multiply(apart, engine.subtract(product, flipped(product)));
  const inside = engine.multiply(turn, columns);
  const inverse = engine.multiply(up, safe(columns));
  const outside = engine.subtract(inverse, own.matmul(flipped(own).matmul(inverse)));
  const slope = engine.add(own.matmul(inside), outside).matmul(flipped(other));
  return part === "u" ? slope : flipped(slope);
}

/** The thin decomposition of a stack of matrices, with gradients. */
export function thinSvd(a: Tensor): Svd {
  return differentiable(a, false);
}

/** Options of {@link svd}. */
export interface SvdOptions {
  /** Whether u and v are square, with vectors for all directions. Default true. */
  readonly fullMatrices?: boolean;
  /** Whether to give u and v. Default true. */
  readonly computeUv?: boolean;
}

/**
 * The singular value decomposition: x = u diag(s) vᵀ.
 *
 * @param x of shape (…, m, n)
 * @param options `fullMatrices` (default true), `computeUv` (default true)
 * @returns u of shape (…, m, m), s in descending order of shape (…, min(m, n)), and vᵀ of shape (…, n, n); without
 *   `fullMatrices` u has shape (…, m, min(m, n)) and vᵀ (…, min(m, n), n); without `computeUv` s alone
 *
 * @example
 * ```ts
 * const [u, s, vh] = ops.svd([[3, 0], [0, -2]]);
 * s.arraySync(); // → [3, 2]
 * ops.matmul(ops.multiply(u, s), vh).arraySync(); // → [[3, 0], [0, -2]]
 * ```
 */
export function svd(x: TensorLike, options: SvdOptions & { readonly computeUv: false }): Tensor;
export function svd(
  x: TensorLike,
  options?: SvdOptions & { readonly computeUv?: true },
): [u: Tensor, s: Tensor, vh: Tensor];
export function svd(x: TensorLike, options: SvdOptions = {}): Tensor | [u: Tensor, s: Tensor, vh: Tensor] {
  checkOptions("svd", options, ["fullMatrices", "computeUv"]);
  const { fullMatrices = true, computeUv = true } = options;
  const { matrices, arrange } = stackOf(x, "svd");
  const { u, s, v } = differentiable(matrices, computeUv && fullMatrices);
  if (!computeUv) return arrange(s);
  return [arrange(u), arrange(s), arrange(flipped(v))];
}

/**
 * The rank of matrices: how many singular values are larger than a tolerance.
 *
 * @param x of shape (…, m, n)
 * @param options `tol`: the largest singular value that counts as 0 (default: the largest singular value · max(m, n) · the rounding of the dtype)
 * @returns integers (int32) of shape (…)
 *
 * @example
 * ```ts
 * ops.matrixRank([[1, 2], [2, 4]]).item(); // → 1
 * ```
 */
export function matrixRank(x: TensorLike, options: { readonly tol?: TensorLike | null } = {}): Tensor {
  checkOptions("matrixRank", options, ["tol"]);
  const { matrices, rows, columns, arrange } = stackOf(x, "matrixRank");
  const s = arrange(decompose(engine.stopGradient(matrices), false).s);
  const given = options.tol ?? null;
  const tolerance =
    given === null
      ? engine.multiply(s.max(-1, { keepdims: true }), Math.max(rows, columns) * epsilonOf(s.dtype))
      : expanded(given);
  return engine.sum(engine.greater(s, tolerance), -1);
}

/** A number for each matrix, in a shape that broadcasts to its singular values. */
function expanded(x: TensorLike): Tensor {
  const t = toFloat(x);
  return t.reshape([...t.shape, 1]);
}

/**
 * The Moore-Penrose pseudoinverse of matrices, by singular values.
 *
 * @param x of shape (…, m, n)
 * @param options `rcond`: singular values up to this share of the largest count as 0 (default: 10 · max(m, n) · the rounding
 *   of the dtype)
 * @returns shape (…, n, m)
 *
 * @example
 * ```ts
 * ops.pinv([[1, 0], [0, 2], [0, 0]]).arraySync(); // → [[1, 0, 0], [0, 0.5, 0]]
 * ```
 */
export function pinv(x: TensorLike, options: { readonly rcond?: TensorLike | null } = {}): Tensor {
  checkOptions("pinv", options, ["rcond"]);
  const { matrices, rows, columns, count, arrange } = stackOf(x, "pinv");
  const given = options.rcond ?? 10 * Math.max(rows, columns) * epsilonOf(matrices.dtype);
  const share = engine.broadcastTo(expanded(given), [...toBatch(x), 1]).reshape([count, 1]);
  return arrange(pseudoinverse(matrices, share));
}

const toBatch = (x: TensorLike): readonly number[] => engine.toTensor(x).shape.slice(0, -2);

/** The pseudoinverses of a stack of matrices, with the share of the largest singular value that the others must exceed. */
function pseudoinverse(a: Tensor, share: TensorLike): Tensor {
  const marked: Tensor = customGradient((x) => {
    const { u, s, v } = decompose(x, false);
    const counts = engine.greater(s, engine.multiply(s.max(-1, { keepdims: true }), share));
    const inverse = engine.where(counts, engine.divide(1, engine.where(counts, s, 1)), 0);
    const k = s.shape[1]!;
    const value = engine.multiply(v, inverse.reshape([-1, 1, k])).matmul(flipped(u));
    // Golub and Pereyra, The differentiation of pseudo-inverses, 1973.
    const pull = (upstream: Tensor): Tensor => {
      const [p, up] = [marked, upstream];
      const [pt, upT] = [flipped(p), flipped(up)];
      const inner = engine.negate(pt.matmul(up).matmul(pt));
      const right = engine
        .subtract(upT, x.matmul(p.matmul(upT)))
        .matmul(p)
        .matmul(pt);
      const left = pt.matmul(p).matmul(engine.subtract(upT, upT.matmul(p).matmul(x)));
      return engine.add(inner, engine.add(right, left));
    };
    return [value, pull];
  })(a);
  return marked;
}

/**
 * The x for which a x is nearest to b; of several such, the shortest.
 *
 * @param a of shape (m, n)
 * @param b of shape (m,) or (m, k)
 * @param options `rcond`: singular values of a up to this share of the largest count as 0 (default: max(m, n) · the rounding
 *   of the dtype)
 * @returns shape (n,) or (n, k)
 * @throws ShapeError for other shapes
 *
 * @example
 * ```ts
 * ops.lstsq([[1, 0], [1, 1], [1, 2]], [1, 3, 5]).arraySync(); // → [1, 2]
 * ```
 */
export function lstsq(
  a: TensorLike,
  b: TensorLike,
  options: { readonly rcond?: number | null } = {},
): Tensor {
  checkOptions("lstsq", options, ["rcond"]);
  const [left, right] = [toPrecise(toFloat(a)), toPrecise(toFloat(b))];
  const [m, n] = left.shape;
  if (left.ndim !== 2 || (right.ndim !== 1 && right.ndim !== 2) || right.shape[0] !== m) {
    throw new ShapeError(
      `lstsq: expected a of shape (m, n) and b of shape (m,) or (m, k). Received: ${showShape(left.shape)} and ${showShape(right.shape)}`,
    );
  }
  const share = options.rcond ?? Math.max(m!, n!) * epsilonOf(left.dtype);
  const inverse = pseudoinverse(left.reshape([1, m!, n!]), share).reshape([n!, m!]);
  return inverse.matmul(right);
}
