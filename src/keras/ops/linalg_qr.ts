/** Linear algebra: matrices as products of an orthogonal matrix and a triangle. */
import * as engine from "../../engine/index.ts";
import {
  checkOptions,
  customGradient,
  show,
  type Tensor,
  type TensorLike,
  UnsupportedError,
  ValueError,
} from "../../engine/index.ts";
import {
  columnAt,
  flipped,
  identities,
  lowerPart,
  positions,
  stackOf,
  upperPart,
} from "./linalg_matrices.ts";
import { substitute } from "./linalg_triangular.ts";

/** The factors of a stack of matrices. */
interface Qr {
  readonly q: Tensor;
  readonly r: Tensor;
}

/**
 * Householder's reflections: each makes what is below the diagonal of one column zero.
 *
 * @returns Q of shape (count, m, m) and R of the shape of a
 */
export function reflect(a: Tensor): Qr {
  const [count, m, n] = a.shape as [number, number, number];
  const { row } = positions(m, 1);
  const start = [a, identities([count, m, m], a.dtype)] as const;
  const [r, q] = engine.loop(Math.min(m, n), start, (k, left, product) => {
    const column = engine.where(engine.less(row, k), 0, columnAt(left, k));
    const top = engine.dynamicSlice(column, [0, k, 0], [count, 1, 1]);
    const largest = engine.abs(column).max(1, { keepdims: true });
    const unit = engine.where(engine.equal(largest, 0), 1, largest);
    const scaled = engine.divide(column, unit);
    const size = engine.multiply(
      engine.sqrt(engine.multiply(scaled, scaled).sum(1, { keepdims: true })),
      unit,
    );
    // The sign is the one that does not cancel; a column that is zero already stays. So does one of a single element.
    const rest = engine.where(engine.greater(row, k), engine.abs(column), 0).max(1, { keepdims: true });
    const done = engine.equal(rest, 0);
    const alpha = engine.where(engine.less(top, 0), size, engine.negate(size));
    const v = engine.where(engine.equal(row, k), engine.subtract(column, alpha), column);
    const vLargest = engine.abs(v).max(1, { keepdims: true });
    const vUnit = engine.divide(v, engine.where(engine.equal(vLargest, 0), 1, vLargest));
    const square = engine.multiply(vUnit, vUnit).sum(1, { keepdims: true });
    const factor = engine.where(done, 0, engine.divide(2, engine.where(engine.equal(square, 0), 1, square)));
    const reflected = engine.subtract(
      left,
      engine.multiply(vUnit.matmul(flipped(vUnit).matmul(left)), factor),
    );
    const turned = engine.subtract(
      product,
      engine.multiply(product.matmul(vUnit).matmul(flipped(vUnit)), factor),
    );
    return [reflected, turned];
  });
  return { q, r: upperPart(r) };
}

/** The gradient with respect to matrices whose factors, Q with as many columns as R has rows, have given cotangents. */
function slope({ q, r }: Qr, dq: Tensor | undefined, dr: Tensor | undefined): Tensor {
  const [, m, k] = q.shape as [number, number, number];
  const n = r.shape[2]!;
  if (k > n) {
    throw new UnsupportedError(
      'qr: there is no gradient of mode "complete" for more rows than columns; use mode "reduced".',
    );
  }
  const zeros = (x: Tensor): Tensor => engine.full(x.shape, 0, x.dtype);
  // Of a wide matrix [X | Y], X alone is decomposed; the rest of R is Qᵀ Y.
  const [square, wide] = [r.at("...", [0, k]), r.at("...", [k, n])];
  const [dSquare, dWide] =
    dr === undefined ? [zeros(square), zeros(wide)] : [dr.at("...", [0, k]), dr.at("...", [k, n])];
  let upstream = dq ?? zeros(q);
  if (n > m) upstream = engine.add(upstream, q.matmul(wide).matmul(flipped(dWide)));
  // Walter, Lehmann and Lamour, On evaluating higher-order derivatives of the QR decomposition, 2012.
  const product = engine.subtract(square.matmul(flipped(dSquare)), flipped(upstream).matmul(q));
  const below = lowerPart(product, -1);
  const symmetric = engine.add(engine.add(below, flipped(below)), engine.subtract(lowerPart(product), below));
  const sum = engine.add(upstream, q.matmul(symmetric));
  const left = flipped(substitute(square, flipped(sum), false));
  return n > m ? engine.concatenate([left, q.matmul(dWide)], 2) : left;
}

/**
 * The QR decomposition: x = Q R, with orthonormal columns in Q and an upper triangle R.
 *
 * @param x of shape (…, m, n)
 * @param options `mode`: `"reduced"` (default) gives k = min(m, n) columns of Q and rows of R, `"complete"` gives k = m
 * @returns Q of shape (…, m, k) and R of shape (…, k, n); there is no gradient of the complete mode where m > n
 * @throws ValueError for another mode
 *
 * @example
 * ```ts
 * const [q, r] = ops.qr([[3, 1], [4, 2]]);
 * q.arraySync(); // → [[-0.6, -0.8], [-0.8, 0.6]]
 * r.arraySync(); // → [[-5, -2.2], [0, 0.4]]
 * ```
 */
export function qr(
  x: TensorLike,
  options: { readonly mode?: "reduced" | "complete" } = {},
): [q: Tensor, r: Tensor] {
  checkOptions("qr", options, ["mode"]);
  const { mode = "reduced" } = options;
  if (mode !== "reduced" && mode !== "complete") {
    throw new ValueError(`qr: expected mode "reduced" or "complete". Received: ${show(mode)}`);
  }
  const { matrices, rows, columns, arrange } = stackOf(x, "qr");
  const k = mode === "complete" ? rows : Math.min(rows, columns);
  const found = reflect(engine.stopGradient(matrices));
  // Two functions, each of which needs the result of the other for its gradient.
  const factors: Qr = {
    q: customGradient(() => [found.q.at("...", [0, k]), (up) => slope(factors, up, undefined)])(matrices),
    r: customGradient(() => [found.r.at("...", [0, k], [0, null]), (up) => slope(factors, undefined, up)])(
      matrices,
    ),
  };
  return [arrange(factors.q), arrange(factors.r)];
}
