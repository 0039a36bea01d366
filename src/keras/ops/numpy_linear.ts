/** NumPy's products of vectors, matrices and tensors. */
import * as engine from "../../engine/index.ts";
import {
  checkOptions,
  isFloat,
  normalizeAxes,
  normalizeAxis,
  ShapeError,
  show,
  showShape,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
} from "../../engine/index.ts";
import { toFloat } from "./convert.ts";
import { multiply } from "./numpy_elementwise.ts";

/**
 * NumPy's dot product: with a scalar the product, of vectors the inner product, else the sum over the last axis of x1
 * and the second last of x2.
 *
 * @example
 * ```ts
 * dot([1, 2], [3, 4]).item(); // → 11
 * ```
 */
export function dot(x1: TensorLike, x2: TensorLike): Tensor {
  const [a, b] = [toTensor(x1), toTensor(x2)];
  if (a.ndim === 0 || b.ndim === 0) return engine.multiply(a, b);
  return tensordot(a, b, { axes: [[a.ndim - 1], [Math.max(0, b.ndim - 2)]] });
}

/**
 * The sum of products over axes of both tensors.
 *
 * @param options `axes` (default 2): how many of the last axes of x1 go with as many first ones of x2, or a pair of
 *   axes or of lists of axes
 *
 * @example
 * ```ts
 * shape(tensordot(ones([2, 3, 4]), ones([3, 4, 5]))); // → [2, 5]
 * ```
 */
export function tensordot(
  x1: TensorLike,
  x2: TensorLike,
  options: {
    readonly axes?: number | readonly [number | readonly number[], number | readonly number[]];
  } = {},
): Tensor {
  checkOptions("tensordot", options, ["axes"]);
  const axes = options.axes ?? 2;
  const [a, b] = [toTensor(x1), toTensor(x2)];
  const count = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
  const list = (axis: number | readonly number[], rank: number): number[] =>
    (typeof axis === "number" ? [axis] : axis).map((d) => normalizeAxis(d, rank, "tensordot"));
  const [left, right] =
    typeof axes === "number"
      ? [count(axes).map((i) => a.ndim - axes + i), count(axes)]
      : [list(axes[0], a.ndim), list(axes[1], b.ndim)];
  const attrs = { lhsBatch: [], rhsBatch: [], lhsContracting: left, rhsContracting: right };
  return counted(a, b, (p, q) => engine.dotGeneral(p, q, attrs));
}

/** Sums of products of booleans tell whether any product is true; they are counted to find out. */
function counted(a: Tensor, b: Tensor, product: (a: Tensor, b: Tensor) => Tensor): Tensor {
  if (a.dtype !== "bool" || b.dtype !== "bool") return product(a, b);
  return product(a.astype("int32"), b.astype("int32")).astype("bool");
}

/** Operands whose products are to be summed: those of int8, if there is nothing else, in int32. */
function summable(operands: readonly Tensor[]): readonly Tensor[] {
  return operands.every((t) => t.dtype === "int8") ? operands.map((t) => t.astype("int32")) : operands;
}

/**
 * Matrix product by NumPy's rules: the last axis of x1 with the second last of x2, the axes before them broadcast; a
 * vector is a row on the left and a column on the right. Of int8 the result is int32.
 *
 * @throws ShapeError when the two axes differ in length
 *
 * @example
 * ```ts
 * matmul([[1, 2]], [[3], [4]]).arraySync(); // → [[11]]
 * ```
 */
export function matmul(x1: TensorLike, x2: TensorLike): Tensor {
  const [a, b] = summable([toTensor(x1), toTensor(x2)]) as [Tensor, Tensor];
  return counted(a, b, engine.matmul);
}

/**
 * The product of each element of x1 with each of x2, as a matrix.
 *
 * @example
 * ```ts
 * outer([1, 2], [3, 4]).arraySync(); // → [[3, 4], [6, 8]]
 * ```
 */
export function outer(x1: TensorLike, x2: TensorLike): Tensor {
  const [a, b] = [toTensor(x1), toTensor(x2)];
  return multiply(a.reshape(a.size, 1), b.reshape(1, b.size));
}

/**
 * The sum of products over the last axes.
 *
 * @example
 * ```ts
 * inner([[1, 2], [3, 4]], [1, 1]).arraySync(); // → [3, 7]
 * ```
 */
export function inner(x1: TensorLike, x2: TensorLike): Tensor {
  const [a, b] = [toTensor(x1), toTensor(x2)];
  if (a.ndim === 0 || b.ndim === 0) return engine.multiply(a, b);
  return tensordot(a, b, { axes: [[a.ndim - 1], [b.ndim - 1]] });
}

/**
 * The sum of the products of all elements.
 *
 * @example
 * ```ts
 * vdot([[1, 2]], [[3, 4]]).item(); // → 11
 * ```
 */
export function vdot(x1: TensorLike, x2: TensorLike): Tensor {
  return dot(toTensor(x1).flatten(), toTensor(x2).flatten());
}

/** One operand of einsum while it is being reduced: a tensor and a letter for each of its axes. */
interface Labelled {
  readonly tensor: Tensor;
  readonly labels: string;
}

/**
 * Einstein's sum: products of tensors, summed over the letters that the result lacks.
 *
 * @param subscripts such as `"ij,jk->ik"`; `...` stands for axes without letters
 *
 * @example
 * ```ts
 * ops.einsum("ij,j->i", [[1, 2], [3, 4]], [1, 1]).arraySync(); // → [3, 7]
 * ```
 */
export function einsum(subscripts: string, ...operands: readonly TensorLike[]): Tensor {
  const tensors = summable(operands.map((x) => toTensor(x)));
  const { inputs, output } = parse(subscripts, tensors);
  let terms = tensors.map((t, i) => diagonals(t, inputs[i]!));
  while (terms.length > 1) {
    const [first, second, ...rest] = terms as [Labelled, Labelled, ...Labelled[]];
    const needed = output + rest.map((t) => t.labels).join("");
    terms = [contract(first, second, needed), ...rest];
  }
  const [last] = terms as [Labelled];
  const kept = sumOut(last, output);
  const result = kept.tensor.transpose([...output].map((c) => kept.labels.indexOf(c)));
  // Of booleans alone: whether any product is true.
  return tensors.every((t) => t.dtype === "bool") ? result.astype("bool") : result;
}

/** Letters for the axes that `...` stands for: capital ones from the end, so that they match from the last axis. */
function parse(subscripts: string, tensors: readonly Tensor[]): { inputs: string[]; output: string } {
  const text = subscripts.replace(/\s/g, "");
  const wrong = (why: string): never => {
    throw new ValueError(`einsum: ${why}. Received: ${show(subscripts)} and ${tensors.length} tensors`);
  };
  if (!/^[a-zA-Z.,]*(->[a-zA-Z.]*)?$/.test(text)) wrong("expected letters, commas, dots and one arrow");
  const [left, right] = text.split("->") as [string, string?];
  const terms = left.split(",");
  if (terms.length !== tensors.length) wrong("expected one term for each tensor");
  const spare = [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"].filter((c) => !text.includes(c));
  let widest = 0;
  const inputs = terms.map((term, i) => {
    const named = term.replace("...", "").length;
    const hidden = tensors[i]!.ndim - named;
    if (hidden < 0 || (hidden > 0 && !term.includes("...")))
      wrong(`term ${show(term)} does not fit a tensor of rank ${tensors[i]!.ndim}`);
    widest = Math.max(widest, hidden);
    return term.replace("...", spare.slice(0, hidden).reverse().join(""));
  });
  const all = spare.slice(0, widest).reverse().join("");
  const letters = [...new Set(left.replace(/[.,]/g, ""))].sort();
  const output =
    right?.replace("...", all) ?? all + letters.filter((c) => left.split(c).length === 2).join("");
  if ([...output].some((c, i) => !inputs.join("").includes(c) || output.indexOf(c) !== i))
    wrong("the result's letters come once each from the terms");
  return { inputs, output };
}

/** A letter that stands twice in one term means its diagonal. */
function diagonals(tensor: Tensor, labels: string): Labelled {
  const again = [...labels].findIndex((c, i) => labels.indexOf(c) !== i);
  if (again < 0) return { tensor, labels };
  const first = labels.indexOf(labels[again]!);
  const shape = tensor.shape.map((n, i) => (i === first || i === again ? n : 1));
  const same = engine.equal(engine.iota(shape, first), engine.iota(shape, again));
  const masked = engine.where(
    engine.broadcastTo(same, tensor.shape),
    tensor,
    engine.full([], 0, tensor.dtype),
  );
  return diagonals(engine.sum(masked, again), labels.slice(0, again) + labels.slice(again + 1));
}

/** Sums over the axes whose letters nobody needs. */
function sumOut(x: Labelled, needed: string): Labelled {
  const axes = [...x.labels].flatMap((c, i) => (needed.includes(c) ? [] : [i]));
  if (axes.length === 0) return x;
  return {
    tensor: engine.sum(x.tensor, normalizeAxes(axes, x.tensor.ndim, "einsum")),
    labels: [...x.labels].filter((c) => needed.includes(c)).join(""),
  };
}

/** The product of two operands; letters that both have are summed over unless they are needed. */
function contract(x: Labelled, y: Labelled, needed: string): Labelled {
  const a = squeezeBroadcast(sumOut(x, needed + y.labels), y);
  const b = squeezeBroadcast(sumOut(y, needed + x.labels), x);
  const shared = [...a.labels].filter((c) => b.labels.includes(c));
  const batch = shared.filter((c) => needed.includes(c));
  const summed = shared.filter((c) => !needed.includes(c));
  const at = (labels: string, list: readonly string[]): number[] => list.map((c) => labels.indexOf(c));
  const attrs = {
    lhsBatch: at(a.labels, batch),
    rhsBatch: at(b.labels, batch),
    lhsContracting: at(a.labels, summed),
    rhsContracting: at(b.labels, summed),
  };
  return {
    tensor: counted(a.tensor, b.tensor, (p, q) => engine.dotGeneral(p, q, attrs)),
    labels: [
      ...batch,
      ...[...a.labels].filter((c) => !shared.includes(c)),
      ...[...b.labels].filter((c) => !shared.includes(c)),
    ].join(""),
  };
}

/** An axis of length 1 that meets a longer one broadcasts: without it the other operand's axis is simply its own. */
function squeezeBroadcast(x: Labelled, other: Labelled): Labelled {
  const gone = [...x.labels].map((c, i) => {
    const there = other.labels.indexOf(c);
    return x.tensor.shape[i] === 1 && there >= 0 && other.tensor.shape[there] !== 1;
  });
  return {
    tensor: x.tensor.reshape(x.tensor.shape.filter((_, i) => !gone[i])),
    labels: [...x.labels].filter((_, i) => !gone[i]).join(""),
  };
}

/**
 * The Kronecker product: blocks of x2, one for each element of x1 and scaled by it.
 *
 * @example
 * ```ts
 * ops.kron([1, 10], [1, 2]).arraySync(); // → [1, 2, 10, 20]
 * ```
 */
export function kron(x1: TensorLike, x2: TensorLike): Tensor {
  let [a, b] = [toTensor(x1), toTensor(x2)];
  const rank = Math.max(a.ndim, b.ndim);
  const widened = (t: Tensor): Tensor => t.reshape([...new Array<number>(rank - t.ndim).fill(1), ...t.shape]);
  [a, b] = [widened(a), widened(b)];
  const product = engine.multiply(
    a.reshape(a.shape.flatMap((n) => [n, 1])),
    b.reshape(b.shape.flatMap((n) => [1, n])),
  );
  return product.reshape(a.shape.map((n, i) => n * b.shape[i]!));
}

/** Options of `cross`. */
export interface CrossOptions {
  /** The axis of x1 that holds the vectors. Default -1. */
  readonly axisa?: number;
  /** The axis of x2 that holds the vectors. Default -1. */
  readonly axisb?: number;
  /** The axis of the result that holds the vectors. Default -1. */
  readonly axisc?: number;
  /** All three at once. */
  readonly axis?: number | null;
}

/**
 * The cross product of vectors of three components; a missing third one is 0. Of two pairs only the third component of
 * the product is not 0, and only that one is given.
 *
 * @example
 * ```ts
 * cross([1, 0, 0], [0, 1, 0]).arraySync(); // → [0, 0, 1]
 * ```
 */
export function cross(x1: TensorLike, x2: TensorLike, options: CrossOptions = {}): Tensor {
  checkOptions("cross", options, ["axisa", "axisb", "axisc", "axis"]);
  const { axis = null } = options;
  const [axisa, axisb, axisc] = [
    axis ?? options.axisa ?? -1,
    axis ?? options.axisb ?? -1,
    axis ?? options.axisc ?? -1,
  ];
  const components = (x: TensorLike, along: number): Tensor[] => {
    const t = toTensor(x);
    const at = normalizeAxis(along, t.ndim, "cross");
    const n = t.shape[at]!;
    if (n !== 2 && n !== 3)
      throw new ShapeError(`cross: expected vectors of 2 or 3 components. Received: ${n} along axis ${at}`);
    const pick = (i: number): Tensor => engine.take(t, i, at);
    return Array.from({ length: n }, (_, i) => pick(i));
  };
  const [a, b] = [components(x1, axisa), components(x2, axisb)];
  const minor = (i: number, j: number): Tensor => {
    const part = (p: number, q: number): Tensor | undefined =>
      a[p] === undefined || b[q] === undefined ? undefined : engine.multiply(a[p], b[q]);
    const [plus, minus] = [part(i, j), part(j, i)];
    if (plus === undefined) return engine.negate(minus!);
    return minus === undefined ? plus : engine.subtract(plus, minus);
  };
  if (a.length === 2 && b.length === 2) return minor(0, 1);
  const parts = [minor(1, 2), minor(2, 0), minor(0, 1)];
  const at = normalizeAxis(axisc, parts[0]!.ndim + 1, "cross");
  return engine.concatenate(
    parts.map((p) => p.reshape(p.shape.toSpliced(at, 0, 1))),
    at,
  );
}

/**
 * The sums of products of a vector with a second one moved along it, as floats.
 *
 * @param options `mode`: `"valid"` (default) where both overlap wholly, `"same"` as many as the longer has elements,
 *   `"full"` wherever they overlap
 *
 * @example
 * ```ts
 * ops.correlate([1, 2, 3, 4], [1, 10]).arraySync(); // → [21, 32, 43]
 * ```
 */
export function correlate(
  x1: TensorLike,
  x2: TensorLike,
  options: { readonly mode?: "valid" | "same" | "full" } = {},
): Tensor {
  checkOptions("correlate", options, ["mode"]);
  const { mode = "valid" } = options;
  if (mode !== "valid" && mode !== "same" && mode !== "full")
    throw new ValueError(`correlate: expected mode "valid", "same" or "full". Received: ${show(mode)}`);
  const given = [toFloat(x1), toFloat(x2)] as const;
  if (given.some((t) => t.ndim !== 1 || t.size === 0)) {
    throw new ShapeError(
      `correlate: expected two vectors that are not empty. Received: ${given.map((t) => showShape(t.shape)).join(", ")}`,
    );
  }
  const { dtype } = engine.add(given[0].at([0, 1]), given[1].at([0, 1]));
  const [a, b] = given.map((t) => t.astype(dtype)) as [Tensor, Tensor];
  // The shorter one moves; what is exchanged comes out backwards.
  const exchanged = a.size < b.size;
  const [long, short] = exchanged ? [b, a] : [a, b];
  const [n, m] = [long.size, short.size];
  const edge = mode === "valid" ? 0 : m - 1;
  const padded = engine.pad(long, 0, { low: [edge], high: [edge], interior: [0] });
  const sums = engine
    .convolution(padded.reshape(1, padded.size, 1), short.reshape(m, 1, 1), {
      strides: [1],
      dilations: [1],
      groups: 1,
    })
    .flatten();
  const middle = (m - 1) >> 1;
  const wanted = mode === "same" ? sums.at([middle, middle + n]) : sums;
  return exchanged ? engine.reverse(wanted) : wanted;
}

/**
 * The correlation coefficients (Pearson's) of variables, one for each row of a matrix; a vector is one variable.
 *
 * @example
 * ```ts
 * corrcoef([[1, 2, 3], [3, 2, 1]]).arraySync(); // → [[1, -1], [-1, 1]]
 * ```
 */
export function corrcoef(x: TensorLike): Tensor {
  const t = toTensor(x);
  const values = isFloat(t.dtype) ? t : t.astype("float32");
  if (values.ndim > 2)
    throw new ShapeError(
      `corrcoef: expected a matrix or a vector. Received shape ${showShape(values.shape)}`,
    );
  const rows = values.ndim < 2 ? values.reshape(1, values.size) : values;
  const centered = engine.subtract(rows, rows.mean(1, { keepdims: true }));
  const products = centered.matmul(centered.T);
  const n = rows.shape[0]!;
  const deviations = engine.sqrt(engine.sum(engine.multiply(centered, centered), 1));
  const scaled = engine.divide(engine.divide(products, deviations.reshape(n, 1)), deviations.reshape(1, n));
  const bounded = engine.minimum(engine.maximum(scaled, -1), 1);
  return values.ndim < 2 ? bounded.reshape([]) : bounded;
}

/**
 * The Vandermonde matrix: the powers of each element, the highest first.
 *
 * @param options `N`: how many columns (default: as many as elements); `increasing`: from power 0 on (default false)
 *
 * @example
 * ```ts
 * ops.vander([2, 3], { N: 3 }).arraySync(); // → [[4, 2, 1], [9, 3, 1]]
 * ```
 */
export function vander(
  x: TensorLike,
  options: { readonly N?: number | null; readonly increasing?: boolean } = {},
): Tensor {
  checkOptions("vander", options, ["N", "increasing"]);
  const t = toTensor(x);
  if (t.ndim !== 1) throw new ShapeError(`vander: expected a vector. Received shape ${showShape(t.shape)}`);
  const columns = options.N ?? t.size;
  if (!Number.isInteger(columns) || columns < 0)
    throw new ValueError(`vander: N is a number of columns. Received: ${show(columns)}`);
  const base = t.dtype === "bool" ? t.astype("int32") : t;
  // Products rather than powers: exact for integers, and with a gradient at 0.
  const powers = [engine.full([t.size, 1], 1, base.dtype)];
  for (let i = 1; i < columns; i++) powers.push(engine.multiply(powers[i - 1]!, base.reshape(t.size, 1)));
  if (!options.increasing) powers.reverse();
  return engine.concatenate(powers, 1).at("...", [0, columns]);
}

/**
 * The integral by the trapezoidal rule.
 *
 * @param y values
 * @param options `x`: where they are (default: evenly spaced), `dx`: the spacing without x (default 1), `axis`: along
 *   which (default -1)
 *
 * @example
 * ```ts
 * ops.trapezoid([1, 2, 3]).item(); // → 4
 * ```
 */
export function trapezoid(
  y: TensorLike,
  options: { readonly x?: TensorLike | null; readonly dx?: TensorLike; readonly axis?: number } = {},
): Tensor {
  checkOptions("trapezoid", options, ["x", "dx", "axis"]);
  const given = toTensor(y);
  const t = isFloat(given.dtype) ? given : given.astype("float32");
  const axis = normalizeAxis(options.axis ?? -1, t.ndim, "trapezoid");
  const ends = (v: Tensor, at: number): [Tensor, Tensor] => {
    const n = v.shape[at]!;
    const cut = (from: number, to: number): Tensor =>
      engine.slice(
        v,
        v.shape.map((_, i) => (i === at ? from : 0)),
        v.shape.map((m, i) => (i === at ? to : m)),
      );
    return [cut(0, Math.max(0, n - 1)), cut(Math.min(1, n), n)];
  };
  const [low, high] = ends(t, axis);
  let width: TensorLike = options.dx ?? 1;
  if (options.x !== undefined && options.x !== null) {
    const x = toTensor(options.x);
    const [left, right] = ends(x, x.ndim === 1 ? 0 : axis);
    width = engine.subtract(right, left);
    if (x.ndim === 1) width = width.reshape(t.shape.map((_, i) => (i === axis ? -1 : 1)));
  }
  return engine.divide(engine.sum(engine.multiply(engine.add(low, high), width), axis), 2);
}

/**
 * The Euclidean distances between the points of two sets.
 *
 * @param x of shape (…, m, d)
 * @param y of shape (…, n, d)
 * @returns shape (…, m, n)
 *
 * @example
 * ```ts
 * ops.cdist([[0, 0]], [[3, 4], [0, 1]]).arraySync(); // → [[5, 1]]
 * ```
 */
export function cdist(x: TensorLike, y: TensorLike): Tensor {
  const [a, b] = [toTensor(x), toTensor(y)];
  if (a.ndim < 2 || b.ndim < 2 || a.shape[a.ndim - 1] !== b.shape[b.ndim - 1]) {
    throw new ShapeError(
      `cdist: expected shapes (…, m, d) and (…, n, d). Received: ${showShape(a.shape)} and ${showShape(b.shape)}`,
    );
  }
  const rows = a.reshape([...a.shape.slice(0, -1), 1, a.shape[a.ndim - 1]!]);
  const columns = b.reshape([...b.shape.slice(0, -2), 1, ...b.shape.slice(-2)]);
  const apart = engine.subtract(rows, columns);
  const float = isFloat(apart.dtype) ? apart : apart.astype("float32");
  const squares = engine.sum(engine.multiply(float, float), -1);
  // At distance 0 the root has no slope; the gradient there is 0, as in PyTorch.
  const same = engine.equal(squares, 0);
  return engine.where(same, 0, engine.sqrt(engine.where(same, 1, squares)));
}
