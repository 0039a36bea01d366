/** keras.ops.core: loops that run until a condition ends them, or a given number of rounds. */
import * as engine from "../../engine/index.ts";
import {
  checkOptions,
  type NestedArray,
  ShapeError,
  showShape,
  type Tensor,
  type TensorHolder,
  type TensorLike,
  type TypedArray,
  toTensor,
  ValueError,
} from "../../engine/index.ts";
import { type Carried, carry, carryTree, structureOf } from "./tensor_tree.ts";

/** The tensors that a round gives, in the order of those that the loop carries. */
function nextOf(name: string, carried: Carried, given: unknown): readonly Tensor[] {
  const next = carried.again(given);
  if (next !== undefined) return next;
  const wanted = structureOf(carried.build(carried.leaves));
  throw new ValueError(
    `${name}: expected a body that gives its values nested as it gets them, ${wanted}. Received: ${structureOf(given)}`,
  );
}

/** One value of a kind, or some in an array or object. */
type Some<T> = T | readonly T[] | { readonly [key: string]: T };

/** Values of a kind that a loop carries in an array. */
export type LoopList<T> = readonly Some<T>[];

/** Values of a kind that a loop carries in an object. */
export type LoopObject<T> = { readonly [key: string]: Some<T> };

/** What a body gets for values that the loop carries; nested numbers are one tensor. */
type Carries<T> = T extends TensorHolder | TypedArray | NestedArray
  ? Tensor
  : T extends Tensor
    ? Tensor
    : { [K in keyof T]: Carries<T[K]> };

/** Options of {@link whileLoop}. */
export interface WhileLoopOptions {
  /** The loop ends after so many rounds, too. Default: none. */
  readonly maximumIterations?: number | null;
}

/**
 * Repeats a body while a condition holds.
 *
 * @param cond takes the variables, gives a boolean scalar
 * @param body takes the variables, gives them anew, with the same shapes and dtypes
 * @param loopVars one tensor; several in an array, which are arguments one by one; or an object of tensors
 * @param options `maximumIterations` (default: none); with it the loop has a gradient, which keeps what every round began with
 * @returns the variables after the last round, nested as they were
 * @throws ShapeError when the condition is no scalar, ValueError when the body gives another structure
 *
 * @example
 * ```ts
 * ops.whileLoop((x) => ops.less(x, 100), (x) => ops.multiply(x, 3), 1).item(); // → 243
 * const found = ops.whileLoop(
 *   ({ n }) => ops.less(n, 5),
 *   ({ n, sum }) => ({ n: n.add(1), sum: sum.add(n) }),
 *   { n: 0, sum: 0 },
 * );
 * found.sum.item(); // → 10
 * ```
 */
export function whileLoop<V extends TensorLike | readonly TensorLike[]>(
  cond: (...vars: Tensor[]) => TensorLike,
  body: (...vars: Tensor[]) => TensorLike | readonly TensorLike[],
  loopVars: V,
  options?: WhileLoopOptions,
): V extends readonly TensorLike[] ? Tensor[] : Tensor;
export function whileLoop<V extends LoopObject<TensorLike>>(
  cond: (vars: Carries<V>) => TensorLike,
  body: (vars: Carries<V>) => Readonly<Record<keyof V, unknown>>,
  loopVars: V,
  options?: WhileLoopOptions,
): Carries<V>;
export function whileLoop(
  cond: (...vars: never[]) => TensorLike,
  body: (...vars: never[]) => unknown,
  loopVars: unknown,
  options: WhileLoopOptions = {},
): unknown {
  checkOptions("whileLoop", options, ["maximumIterations"]);
  const most = options.maximumIterations ?? 2 ** 31 - 1;
  const isList = Array.isArray(loopVars);
  const vars = isList ? carryTree(loopVars) : carry(loopVars);
  const argumentsOf = (values: readonly Tensor[]): never[] => {
    const built = vars.build(values);
    return (isList ? built : [built]) as never[];
  };
  const goesOn = (values: readonly Tensor[]): Tensor => {
    const holds = toTensor(cond(...argumentsOf(values)), "bool");
    if (holds.size === 1) return holds.reshape([]);
    throw new ShapeError(
      `whileLoop: expected a condition of one element. Received shape ${showShape(holds.shape)}`,
    );
  };
  const [, ...finals] = engine.loop<readonly Tensor[]>(
    most,
    [goesOn(vars.leaves), ...vars.leaves],
    (_, __, ...values) => {
      const given = body(...argumentsOf(values));
      const next = nextOf("whileLoop", vars, isList && !Array.isArray(given) ? [given] : given);
      return [goesOn(next), ...next];
    },
    { conditional: true },
  );
  return vars.build(finals);
}

/**
 * Runs a body for each whole number from `lower` up to `upper` inside of the program.
 *
 * @param bodyFun takes the number and the value, gives the next value of the same shape and dtype
 * @param initVal a tensor, or tensors in arrays and objects
 * @returns the last value, nested as the first one
 * @throws ValueError when the body gives another structure
 *
 * @example
 * ```ts
 * ops.foriLoop(0, 10, (i, sum) => sum.add(i), 0).item(); // → 45
 * const { a } = ops.foriLoop(0, 10, (_, { a, b }) => ({ a: b, b: a.add(b) }), { a: 0, b: 1 });
 * a.item(); // → 55
 * ```
 */
export function foriLoop(
  lower: TensorLike,
  upper: TensorLike,
  bodyFun: (index: Tensor, value: Tensor) => TensorLike,
  initVal: TensorLike,
): Tensor;
export function foriLoop<V extends LoopList<TensorLike> | LoopObject<TensorLike>>(
  lower: TensorLike,
  upper: TensorLike,
  bodyFun: (index: Tensor, value: Carries<V>) => { readonly [K in keyof V]: unknown },
  initVal: V,
): Carries<V>;
export function foriLoop(
  lower: TensorLike,
  upper: TensorLike,
  bodyFun: (index: Tensor, value: never) => unknown,
  initVal: unknown,
): unknown {
  const first = toTensor(lower, "int32");
  const count =
    typeof lower === "number" && typeof upper === "number"
      ? Math.max(0, upper - lower)
      : engine.maximum(engine.subtract(toTensor(upper, "int32"), first), 0);
  const value = carry(initVal);
  const done = engine.loop<readonly Tensor[]>(count, value.leaves, (i, ...values) =>
    nextOf("foriLoop", value, bodyFun(engine.add(i, first), value.build(values) as never)),
  );
  return value.build(done);
}
