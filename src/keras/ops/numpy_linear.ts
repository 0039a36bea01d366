/** NumPy's products of vectors, matrices and tensors. */
import * as engine from "../../engine/index.ts";
import {
  checkOptions,
  normalizeAxes,
  normalizeAxis,
  show,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
} from "../../engine/index.ts";

/**
 * NumPy's dot product: with a scalar the product, of vectors the inner product, else the sum over the last axis of x1
 * and the second last of x2.
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

/**
 * Matrix product by NumPy's rules: the last axis of x1 with the second last of x2, the axes before them broadcast; a
 * vector is a row on the left and a column on the right.
 */
export function matmul(x1: TensorLike, x2: TensorLike): Tensor {
  return counted(toTensor(x1), toTensor(x2), engine.matmul);
}

/** The product of each element of x1 with each of x2, as a matrix. */
export function outer(x1: TensorLike, x2: TensorLike): Tensor {
  const [a, b] = [toTensor(x1), toTensor(x2)];
  return engine.multiply(a.reshape(a.size, 1), b.reshape(1, b.size));
}

/** The sum of products over the last axes. */
export function inner(x1: TensorLike, x2: TensorLike): Tensor {
  const [a, b] = [toTensor(x1), toTensor(x2)];
  if (a.ndim === 0 || b.ndim === 0) return engine.multiply(a, b);
  return tensordot(a, b, { axes: [[a.ndim - 1], [b.ndim - 1]] });
}

/** The sum of the products of all elements. */
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
  const tensors = operands.map((x) => toTensor(x));
  const { inputs, output } = parse(subscripts, tensors);
  let terms = tensors.map((t, i) => diagonals(t, inputs[i]!));
  while (terms.length > 1) {
    const [first, second, ...rest] = terms as [Labelled, Labelled, ...Labelled[]];
    const needed = output + rest.map((t) => t.labels).join("");
    terms = [contract(first, second, needed), ...rest];
  }
  const [last] = terms as [Labelled];
  const kept = sumOut(last, output);
  return kept.tensor.transpose([...output].map((c) => kept.labels.indexOf(c)));
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
