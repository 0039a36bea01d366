/** NumPy's functions that pick elements by index or by condition. */
import * as engine from "../../engine/index.ts";
import {
  broadcastShapes,
  checkOptions,
  type IndexSpec,
  normalizeAxis,
  type Shape,
  type Tensor,
  type TensorLike,
  toTensor,
} from "../../engine/index.ts";

/**
 * Elements of x1 where the condition holds, else of x2; with a condition alone, the indices where it holds.
 *
 * @param condition booleans, or numbers that are true unless they are 0
 * @param x1 broadcasts with the condition and x2
 * @returns the elements; without x1 and x2 a list of indices (int32) for each axis, as `nonzero` gives them
 * @throws ValueError when only one of x1 and x2 is given
 *
 * @example
 * ```ts
 * ops.where([true, false], [1, 2], 0).arraySync(); // → [1, 0]
 * ops.where([0, 5, 6]).map((i) => i.arraySync()); // → [[1, 2]]
 * ```
 */
export function where(condition: TensorLike): Tensor[];
export function where(condition: TensorLike, x1: TensorLike, x2: TensorLike): Tensor;
export function where(
  condition: TensorLike,
  x1?: TensorLike | null,
  x2?: TensorLike | null,
): Tensor | Tensor[] {
  const [a, b] = [x1 ?? undefined, x2 ?? undefined];
  if (a !== undefined && b !== undefined) return engine.where(condition, a, b);
  if (a === undefined && b === undefined) return nonzero(condition);
  throw new engine.ValueError(
    `where: expected both x1 and x2, or none. Received only ${a === undefined ? "x2" : "x1"}`,
  );
}

/** Options of `take` and `takeAlongAxis`. */
export interface TakeOptions {
  /** Along which axis. Default: the flattened tensor. */
  readonly axis?: number | null;
}

/**
 * Elements at integer indices along an axis; negative ones count from the end.
 *
 * @param indices integers of any shape, which takes the place of the axis
 *
 * @example
 * ```ts
 * ops.take([10, 20, 30], [2, 0]).arraySync(); // → [30, 10]
 * ```
 */
export function take(x: TensorLike, indices: TensorLike, options: TakeOptions = {}): Tensor {
  checkOptions("take", options, ["axis"]);
  const t = toTensor(x);
  const at = toTensor(indices);
  // What is no integer is cut to one, as Keras does.
  const whole =
    at.dtype === "int32" || at.dtype === "uint8" || at.dtype === "uint32" ? at : at.astype("int32");
  const axis = options.axis ?? null;
  return axis === null ? engine.take(t.flatten(), whole, 0) : engine.take(t, whole, axis);
}

/**
 * Elements at an integer index of their own for each place beside the axis, as with the result of an argsort.
 *
 * @example
 * ```ts
 * const x = [[3, 1], [2, 4]];
 * takeAlongAxis(x, argsort(x), { axis: -1 }).arraySync(); // → [[1, 3], [2, 4]]
 * ```
 */
export function takeAlongAxis(x: TensorLike, indices: TensorLike, options: TakeOptions = {}): Tensor {
  checkOptions("takeAlongAxis", options, ["axis"]);
  const axis = options.axis ?? null;
  let t = toTensor(x);
  if (axis === null) t = t.flatten();
  let places = toTensor(indices, "int32");
  const at = normalizeAxis(axis ?? 0, t.ndim, "takeAlongAxis");
  const beside = (shape: engine.Shape): number[] => shape.toSpliced(at, 1);
  const common = broadcastShapes(beside(t.shape), beside(places.shape), "takeAlongAxis");
  const n = t.shape[at]!;
  t = engine.broadcastTo(t, common.toSpliced(at, 0, n));
  places = engine.broadcastTo(places, common.toSpliced(at, 0, places.shape[at]!));
  const fromFront = engine.where(engine.less(places, 0), engine.add(places, n), places);
  const others = t.shape.map((_, i) => i).filter((i) => i !== at);
  return engine.gather(t, engine.reshape(fromFront, [...places.shape, 1]), {
    offsetDims: [],
    collapsedSliceDims: [at],
    operandBatchingDims: others,
    indicesBatchingDims: others,
    startIndexMap: [at],
    sliceSizes: t.shape.map((length) => Math.min(1, length)),
  });
}

/**
 * `x[key]`: see `Tensor.at`.
 *
 * @param key one item of an index, or an array of items, as a tuple in Python: `[[0, 2], -1]` is `x[0:2, -1]`
 *
 * @example
 * ```ts
 * getItem([[1, 2, 3], [4, 5, 6]], [[0, 2], -1]).arraySync(); // → [3, 6]
 * ```
 */
export function getItem(
  x: TensorLike,
  key: number | null | "..." | Tensor | readonly (IndexSpec | Tensor)[],
): Tensor {
  const items = Array.isArray(key) ? (key as readonly (IndexSpec | Tensor)[]) : [key as IndexSpec | Tensor];
  return toTensor(x).at(...items);
}

/**
 * For each element the choice of the first condition that holds, else a default.
 *
 * @param condlist booleans
 * @param choicelist as many tensors
 * @param options `default`: where no condition holds (default 0)
 *
 * @example
 * ```ts
 * const x = [1, 5, 9];
 * select([less(x, 3), greater(x, 7)], [[10, 10, 10], x]).arraySync(); // → [10, 0, 9]
 * ```
 */
export function select(
  condlist: readonly TensorLike[],
  choicelist: readonly TensorLike[],
  options: { readonly default?: TensorLike } = {},
): Tensor {
  checkOptions("select", options, ["default"]);
  if (condlist.length !== choicelist.length) {
    throw new engine.ValueError(
      `select: expected as many choices as conditions. Received: ${choicelist.length} and ${condlist.length}`,
    );
  }
  let out: TensorLike = options.default ?? 0;
  for (let i = condlist.length - 1; i >= 0; i--) out = engine.where(condlist[i]!, choicelist[i]!, out);
  return toTensor(out);
}

/**
 * Where elements are true (not zero): for each axis the indices (int32), in row-major order.
 *
 * @throws StateError inside a compiled function, where their number cannot be known
 *
 * @example
 * ```ts
 * ops.nonzero([[0, 5], [6, 0]]).map((i) => i.arraySync()); // → [[0, 1], [1, 0]]
 * ```
 */
export function nonzero(x: TensorLike): Tensor[] {
  const t = toTensor(x);
  const flags = engine.notEqual(t, 0).dataSync();
  const places: number[] = [];
  flags.forEach((flag, i) => {
    if (flag !== 0) places.push(i);
  });
  return unravelIndex(Int32Array.from(places), t.shape);
}

/**
 * For places in the flattened tensor the indices along each axis.
 *
 * @param indices integers; negative ones count from the end
 * @param shape of the tensor
 *
 * @example
 * ```ts
 * ops.unravelIndex(5, [2, 3]).map((i) => i.item()); // → [1, 2]
 * ```
 */
export function unravelIndex(indices: TensorLike, shape: Shape): Tensor[] {
  const t = toTensor(indices);
  const size = engine.sizeOf(engine.checkShape(shape, "unravelIndex"));
  let rest = engine.where(engine.less(t, 0), engine.add(t, size), t);
  const out: Tensor[] = [];
  for (let d = shape.length - 1; d >= 0; d--) {
    const n = Math.max(1, shape[d]!);
    out.unshift(d === 0 ? rest : engine.remainder(rest, n));
    rest = engine.truncatedDivide(rest, n);
  }
  return out;
}
