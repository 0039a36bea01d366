/** keras.ops: functions mapped over tensors, forward-mode derivatives. */
import * as engine from "../../engine/index.ts";
import {
  broadcastShapes,
  checkOptions,
  DTypeError,
  type Shape,
  ShapeError,
  show,
  showShape,
  type Tensor,
  type TensorLike,
  type Tree,
  toTensor,
  treeMap,
  ValueError,
} from "../../engine/index.ts";
import { type Taken, takeApart } from "./tensor_tree.ts";

/** Tensors in nested arrays and plain objects. */
export type TensorTree = Tree<TensorLike>;

/** Writes a value as row `i` of a tensor of rows. */
function writeRow(rows: Tensor, value: Tensor, i: Tensor): Tensor {
  return engine.dynamicUpdateSlice(rows, value.reshape([1, ...value.shape]), [
    i,
    ...value.shape.map(() => 0),
  ]);
}

function mapped(name: string, f: (x: never) => unknown, xs: unknown): unknown {
  const { leaves, build } = takeApart(xs);
  const n = leaves[0]?.shape[0];
  if (n === undefined || leaves.some((leaf) => leaf.shape[0] !== n)) {
    throw new ShapeError(
      `${name}: expected tensors of one length along their first axis. Received: ${leaves.map((leaf) => showShape(leaf.shape)).join(", ")}`,
    );
  }
  const at = (i: Tensor | number): Taken =>
    takeApart(f(build(leaves.map((leaf) => engine.take(leaf, i, 0))) as never));
  const one = engine.outline(() =>
    takeApart(f(build(leaves.map((leaf) => engine.full(leaf.shape.slice(1), 0, leaf.dtype))) as never)),
  );
  const rows = one.leaves.map((leaf) => engine.full([n, ...leaf.shape], 0, leaf.dtype));
  const done = engine.loop(n, rows, (i, ...before) =>
    at(i).leaves.map((leaf, k) => writeRow(before[k]!, leaf, i)),
  );
  return one.build(done);
}

/**
 * A function of one element at a time, called for each element along the first axis; the results are stacked.
 *
 * @param f takes what `xs` holds, without the first axis
 * @param xs a tensor, or nested arrays and objects of tensors
 *
 * @example
 * ```ts
 * ops.map((row) => ops.sum(row), ops.array([[1, 2], [3, 4]])).arraySync(); // → [3, 7]
 * ```
 */
export function map(f: (x: Tensor) => Tensor, xs: Tensor): Tensor;
export function map<X, Y>(f: (x: X) => Y, xs: X): Y;
export function map(f: (x: never) => unknown, xs: unknown): unknown {
  return mapped("map", f, xs);
}

/**
 * The same as `map`, for functions whose calls do not depend on each other's order.
 *
 * @param func takes what `elements` holds, without the first axis
 * @param elements a tensor, or nested arrays and objects of tensors
 *
 * @example
 * ```ts
 * ops.vectorizedMap((x) => x.sum(), ops.array([[1, 2], [3, 4]])).arraySync(); // → [3, 7]
 * ```
 */
export function vectorizedMap(func: (x: Tensor) => Tensor, elements: Tensor): Tensor;
export function vectorizedMap<X, Y>(func: (x: X) => Y, elements: X): Y;
export function vectorizedMap(func: (x: never) => unknown, elements: unknown): unknown {
  return mapped("vectorizedMap", func, elements);
}

/** Options of `vectorize`. */
export interface VectorizeOptions {
  /** The positions of arguments that are handed on as they are. */
  readonly excluded?: readonly number[] | ReadonlySet<number> | null;
  /** The axes that the function itself takes and gives, such as `"(m,n),(n)->(m)"`. Default: scalars. */
  readonly signature?: string | null;
}

/** The names of the axes of each operand and result of a signature. */
function parseSignature(signature: string): { inputs: string[][]; outputs: string[][] } {
  const group = String.raw`\(\w*(?:,\w+)*\)`;
  const text = signature.replace(/\s/g, "");
  if (!new RegExp(`^${group}(?:,${group})*->${group}(?:,${group})*$`).test(text)) {
    throw new ValueError(
      `vectorize: expected a signature such as "(m,n),(n)->(m)". Received: ${show(signature)}`,
    );
  }
  const side = (part: string): string[][] =>
    [...part.matchAll(/\(([^)]*)\)/g)].map(([, names]) => names!.split(",").filter((name) => name !== ""));
  const [left, right] = text.split("->") as [string, string];
  return { inputs: side(left), outputs: side(right) };
}

/**
 * A function of small tensors as a function of larger ones: it is called for each place along the axes that are left,
 * which broadcast, and its results are put together.
 *
 * @param options `excluded`: positions of arguments handed on as they are; `signature`: the axes that `pyfunc` itself
 *   takes and gives (default: scalars)
 *
 * @example
 * ```ts
 * const dots = ops.vectorize((u, v) => ops.dot(u, v), { signature: "(n),(n)->()" });
 * dots(ops.array([[1, 2], [3, 4]]), ops.array([10, 1])).arraySync(); // → [12, 34]
 * ```
 */
export function vectorize(
  pyfunc: (...args: Tensor[]) => TensorLike | readonly TensorLike[],
  options: VectorizeOptions = {},
): (...args: TensorLike[]) => Tensor {
  checkOptions("vectorize", options, ["excluded", "signature"]);
  const excluded = new Set(options.excluded ?? []);
  const signature = options.signature ? parseSignature(options.signature) : undefined;
  return (...args) => {
    const fixed = new Map<number, Tensor>();
    const varied: Tensor[] = [];
    args.forEach((a, i) => {
      const t = toTensor(a);
      if (excluded.has(i)) fixed.set(i, t);
      else varied.push(t);
    });
    if (signature !== undefined && signature.inputs.length !== varied.length) {
      throw new ValueError(
        `vectorize: the signature has ${signature.inputs.length} arguments. Received: ${varied.length}`,
      );
    }
    const lengths = new Map<string, number>();
    const core = varied.map((t, k): Shape => {
      const names = signature?.inputs[k] ?? [];
      const own = t.shape.slice(t.ndim - names.length);
      const fits =
        t.ndim >= names.length && names.every((name, j) => (lengths.get(name) ?? own[j]) === own[j]);
      if (!fits)
        throw new ShapeError(
          `vectorize: argument ${k} of shape ${showShape(t.shape)} does not fit (${names.join(",")})`,
        );
      names.forEach((name, j) => lengths.set(name, own[j]!));
      return own;
    });
    let batch: Shape = [];
    varied.forEach((t, k) => {
      batch = broadcastShapes(batch, t.shape.slice(0, t.ndim - core[k]!.length), "vectorize");
    });
    const rows = varied.map((t, k) =>
      engine.broadcastTo(t, [...batch, ...core[k]!]).reshape([engine.sizeOf(batch), ...core[k]!]),
    );
    const call = (given: readonly Tensor[]): unknown => {
      let next = 0;
      return pyfunc(...args.map((_, i) => fixed.get(i) ?? given[next++]!));
    };
    const stacked = mapped("vectorize", call, rows);
    const shaped = (t: Tensor): Tensor => t.reshape([...batch, ...t.shape.slice(1)]);
    return treeMap((leaf) => shaped(leaf as Tensor), stacked) as Tensor;
  };
}

/**
 * A function's value, and how it changes when the arguments move in given directions (a Jacobian-vector product).
 *
 * @param fun a function of float tensors that gives one
 * @param primals the arguments
 * @param tangents a direction for each, of its shape
 * @param options `hasAux`: whether `fun` gives a pair, whose second part is handed on (default false)
 * @returns the value, its change, and with `hasAux` the second part
 *
 * @example
 * ```ts
 * const [value, change] = ops.jvp((x) => ops.multiply(x, x), [ops.array([3.5])], [ops.array([2.5])]);
 * value.arraySync(); // → [12.25]
 * change.arraySync(); // → [17.5]
 * ```
 */
export function jvp(
  fun: (...primals: Tensor[]) => Tensor | readonly [Tensor, unknown],
  primals: readonly TensorLike[],
  tangents: readonly TensorLike[],
  options: { readonly hasAux?: boolean } = {},
): [value: Tensor, change: Tensor, aux?: unknown] {
  checkOptions("jvp", options, ["hasAux"]);
  if (primals.length !== tangents.length) {
    throw new ValueError(
      `jvp: expected one tangent for each primal. Received: ${primals.length} and ${tangents.length}`,
    );
  }
  const points = primals.map((p) => toTensor(p));
  const directions = tangents.map((d, i) => toTensor(d, points[i]!.dtype));
  directions.forEach((d, i) => {
    if (engine.sameShape(d.shape, points[i]!.shape)) return;
    throw new ShapeError(
      `jvp: tangent ${i} has the shape of its primal, ${showShape(points[i]!.shape)}. Received: ${showShape(d.shape)}`,
    );
  });
  let aux: unknown;
  const run = (...args: Tensor[]): Tensor => {
    const given = fun(...args);
    if (!options.hasAux) return given as Tensor;
    const pair = given as readonly [Tensor, unknown];
    aux = pair[1];
    return pair[0];
  };
  // What a vector-Jacobian product gives is linear in the cotangent; its own gradient is the product with the Jacobian.
  const [value, pull] = engine.vjp(run, ...points);
  if (!engine.isFloat(value.dtype))
    throw new DTypeError(`jvp: expected a float value. Received: ${value.dtype}`);
  const [, back] = engine.vjp(
    (cotangent) => {
      const parts = pull(cotangent).map((slope, i) => engine.sum(engine.multiply(slope, directions[i]!)));
      return parts.reduce((a, b) => engine.add(a, b));
    },
    engine.full(value.shape, 0, value.dtype),
  );
  const change = back(1)[0]!;
  return options.hasAux ? [value, change, aux] : [value, change];
}
