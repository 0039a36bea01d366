/** Linear algebra: the sizes of vectors and matrices. */
import * as engine from "../../engine/index.ts";
import {
  type Axes,
  checkOptions,
  normalizeAxes,
  ShapeError,
  show,
  showShape,
  type Tensor,
  type TensorLike,
  ValueError,
} from "../../engine/index.ts";
import { toFloat } from "./convert.ts";
import { svd } from "./linalg_svd.ts";

/** Options of {@link norm}. */
export interface NormOptions {
  /**
   * Of vectors: any number, also `Infinity` (largest size), `-Infinity` (smallest) and 0 (how many are not zero). Of matrices:
   * `"fro"`, `"nuc"`, 1, -1, 2, -2, `Infinity`, `-Infinity`. Default: the root of the sum of squares.
   */
  readonly ord?: number | "fro" | "nuc" | null;
  /** One axis, of vectors, or two, of matrices. Default: all. */
  readonly axis?: Axes;
  /** Whether the axes stay, with length 1. Default false. */
  readonly keepdims?: boolean;
}

const infinity = Number.POSITIVE_INFINITY;

/**
 * The norm of vectors or of matrices: by default √(Σ x²); of vectors with `ord` p, (Σ |x|ᵖ)^(1/p).
 *
 * @param options `ord`, `axis` (default: all), `keepdims` (default false)
 * @throws ValueError for an `ord` that does not go with so many axes
 *
 * @example
 * ```ts
 * ops.norm([3, 4]).item(); // → 5
 * ops.norm([[1, -2], [3, 4]], { ord: 1, axis: [0, 1] }).item(); // → 6
 * ```
 */
export function norm(x: TensorLike, options: NormOptions = {}): Tensor {
  checkOptions("norm", options, ["ord", "axis", "keepdims"]);
  const { ord = null, axis = null, keepdims = false } = options;
  const t = toFloat(x);
  if (ord !== null && typeof ord !== "number" && ord !== "fro" && ord !== "nuc") {
    throw new ValueError(`norm: expected ord to be a number, "fro" or "nuc". Received: ${show(ord)}`);
  }
  const axes = axis === null ? t.shape.map((_, i) => i) : normalizeAxes(axis, t.ndim, "norm");
  const shape = keepdims ? t.shape.map((n, i) => (axes.includes(i) ? 1 : n)) : undefined;
  const kept = (result: Tensor): Tensor => (shape === undefined ? result : result.reshape(shape));
  if (axis === null && ord === null) return kept(euclidean(t, axes));
  if (axes.length === 1) return kept(vectorNorm(t, axes[0]!, ord));
  if (axes.length !== 2) {
    throw new ShapeError(
      `norm: expected one axis or two. Received: ${show(axis)} for shape ${showShape(t.shape)}`,
    );
  }
  // The order in which axes are given counts: rows, then columns.
  const [row, column] = (Array.isArray(axis) ? (axis as readonly number[]) : axes).map((a) =>
    a < 0 ? a + t.ndim : a,
  );
  return kept(matrixNorm(t, row!, column!, ord));
}

function euclidean(t: Tensor, axes: Axes): Tensor {
  return engine.sqrt(engine.sum(engine.multiply(t, t), axes));
}

function vectorNorm(t: Tensor, axis: number, ord: number | string | null): Tensor {
  if (ord === null || ord === 2) return euclidean(t, axis);
  if (typeof ord === "string") {
    throw new ValueError(`norm: expected ord of vectors to be a number. Received: ${show(ord)}`);
  }
  if (ord === 0) return engine.sum(engine.notEqual(t, 0).astype(t.dtype), axis);
  const size = engine.abs(t);
  if (ord === infinity) return size.max(axis);
  if (ord === -infinity) return size.min(axis);
  if (ord === 1) return engine.sum(size, axis);
  return engine.power(engine.sum(engine.power(size, ord), axis), 1 / ord);
}

function matrixNorm(t: Tensor, row: number, column: number, ord: number | string | null): Tensor {
  const sums = (over: number): Tensor => engine.sum(engine.abs(t), over);
  const left = (axis: number, gone: number): number => (axis > gone ? axis - 1 : axis);
  const columns = left(column, row);
  const rows = left(row, column);
  const singular = (): Tensor => {
    const others = t.shape.map((_, i) => i).filter((i) => i !== row && i !== column);
    return svd(t.transpose([...others, row, column]), { computeUv: false });
  };
  switch (ord) {
    case null:
    case "fro":
      return euclidean(t, [row, column]);
    case "nuc":
      return engine.sum(singular(), -1);
    case 1:
      return sums(row).max(columns);
    case -1:
      return sums(row).min(columns);
    case infinity:
      return sums(column).max(rows);
    case -infinity:
      return sums(column).min(rows);
    case 2:
      return singular().max(-1);
    case -2:
      return singular().min(-1);
    default:
      throw new ValueError(
        `norm: expected ord of matrices to be "fro", "nuc", 1, -1, 2, -2 or an infinity. Received: ${show(ord)}`,
      );
  }
}
