/** Every primitive's gradient against differences. The table's type makes sure that no primitive is forgotten. */
import { describe, expect, it } from "vitest";
import { expectGradients, random } from "../../../test/support/finite_differences.ts";
import { build, parameter } from "../graph/build.ts";
import type { Attrs, IndexDims, Primitive } from "../graph/primitives.ts";
import type { TypedArray } from "../tensor/dtype.ts";
import { type Shape, sizeOf } from "../tensor/shape.ts";
import { zero } from "./rule.ts";
import { vjpRules } from "./vjp.ts";
import "../runtime/sort.ts";
import "../runtime/windows.ts";

/** Random floats between two numbers, or given integers or booleans. */
interface Operand {
  readonly shape: Shape;
  readonly range: readonly [number, number];
  readonly values?: TypedArray;
}

interface Row<A> {
  readonly attrs: A;
  readonly operands: readonly Operand[];
}

const reals = (shape: Shape, low = -2, high = 2): Operand => ({ shape, range: [low, high] });
const exact = (shape: Shape, values: TypedArray): Operand => ({ shape, range: [0, 0], values });
const ints = (shape: Shape, ...values: number[]): Operand => exact(shape, Int32Array.from(values));
const floats = (shape: Shape, ...values: number[]): Operand => exact(shape, Float64Array.from(values));

const row = <A>(attrs: A, ...operands: Operand[]): Row<A> => ({ attrs, operands });
type Plain = Record<never, never>;
const on = (...operands: Operand[]): Row<Plain> => row({}, ...operands);

/** One operand between two numbers, in several shapes. */
const unary = (low: number, high: number): Row<Plain>[] => [
  on(reals([], low, high)),
  on(reals([2, 3], low, high)),
  on(reals([0], low, high)),
];
const binary = (low: number, high: number): Row<Plain>[] => [
  on(reals([], low, high), reals([], low, high)),
  on(reals([3, 4], low, high), reals([3, 4], low, high)),
];

const rows: IndexDims = {
  offsetDims: [1],
  collapsedSliceDims: [0],
  operandBatchingDims: [],
  indicesBatchingDims: [],
  startIndexMap: [0],
};
const windows: IndexDims = { ...rows, offsetDims: [0, 2], collapsedSliceDims: [], startIndexMap: [1, 0] };
const batched: IndexDims = {
  offsetDims: [1],
  collapsedSliceDims: [1],
  operandBatchingDims: [0],
  indicesBatchingDims: [0],
  startIndexMap: [1],
};
/** With equal indices, ones outside, and windows half outside. */
const someRows = [reals([3, 2]), ints([5, 1], 2, 0, 2, -1, 3), reals([5, 2])];
const someWindows = [reals([4, 5]), ints([4, 2], 1, 1, 2, 3, -1, 0, 9, 9), reals([2, 4, 3])];
const someBatches = [reals([2, 4, 2]), ints([2, 3, 1], 0, 3, 3, 1, 5, 2), reals([2, 2, 3])];

const notDifferentiable = "none";
type Expectation<P extends Primitive> = readonly Row<Attrs[P]>[] | typeof notDifferentiable;

const table: { readonly [P in Exclude<Primitive, "loop" | "result">]: Expectation<P> } = {
  parameter: notDifferentiable,
  constant: notDifferentiable,
  iota: notDifferentiable,
  rng_bit_generator: notDifferentiable,

  abs: unary(-2, 2),
  negate: unary(-2, 2),
  sign: notDifferentiable,
  floor: notDifferentiable,
  ceil: notDifferentiable,
  round_nearest_even: notDifferentiable,
  sqrt: unary(0.1, 4),
  rsqrt: unary(0.2, 4),
  cbrt: [...unary(0.1, 4), ...unary(-4, -0.1)],
  exponential: unary(-2, 2),
  exponential_minus_one: unary(-2, 2),
  log: unary(0.1, 4),
  log_plus_one: unary(-0.8, 4),
  logistic: unary(-4, 4),
  sine: unary(-4, 4),
  cosine: unary(-4, 4),
  tan: unary(-1.2, 1.2),
  asin: unary(-0.9, 0.9),
  acos: unary(-0.9, 0.9),
  atan: unary(-4, 4),
  sinh: unary(-2, 2),
  cosh: unary(-2, 2),
  tanh: unary(-2, 2),
  asinh: unary(-4, 4),
  acosh: unary(1.2, 4),
  atanh: unary(-0.9, 0.9),
  erf: unary(-2, 2),
  erf_inv: unary(-0.9, 0.9),
  is_finite: notDifferentiable,
  not: notDifferentiable,
  convert: [row({ dtype: "float64" }, reals([3]))],
  bitcast_convert: notDifferentiable,
  stop_gradient: notDifferentiable,
  identity: unary(-2, 2),

  add: binary(-2, 2),
  subtract: binary(-2, 2),
  multiply: binary(-2, 2),
  divide: [...binary(0.5, 2), ...binary(-2, -0.5)],
  remainder: [on(reals([8], -9, 9), reals([8], 1, 2)), on(reals([8], -9, 9), reals([8], -2, -1))],
  power: [...binary(0.2, 3), on(reals([4], 0.5, 2), floats([4], 2, 3, -1, 0))],
  maximum: binary(-2, 2),
  minimum: binary(-2, 2),
  atan2: [...binary(-2, -0.3), ...binary(0.3, 2)],
  and: notDifferentiable,
  or: notDifferentiable,
  xor: notDifferentiable,
  shift_left: notDifferentiable,
  shift_right_logical: notDifferentiable,
  shift_right_arithmetic: notDifferentiable,
  compare: notDifferentiable,
  select: [on(exact([4], Uint8Array.of(1, 0, 0, 1)), reals([4]), reals([4]))],

  reshape: [row({ shape: [3, 2] }, reals([2, 3])), row({ shape: [] }, reals([1, 1]))],
  transpose: [row({ permutation: [2, 0, 1] }, reals([2, 3, 4]))],
  broadcast_in_dim: [
    row({ shape: [2, 3], dims: [1] }, reals([3])),
    row({ shape: [2, 4, 3], dims: [0, 2] }, reals([2, 1])),
    row({ shape: [2, 0], dims: [] }, reals([])),
    row({ shape: [1, 3], dims: [0, 1] }, reals([1, 1])),
  ],
  slice: [
    row({ start: [1, 0], limit: [3, 3], strides: [1, 1] }, reals([4, 3])),
    row({ start: [1], limit: [9], strides: [3] }, reals([10])),
    row({ start: [2], limit: [2], strides: [3] }, reals([4])),
  ],
  pad: [
    row({ low: [1, 0], high: [2, 1], interior: [0, 2] }, reals([2, 3]), reals([])),
    row({ low: [-1], high: [-2], interior: [1] }, reals([5]), reals([])),
    row({ low: [2], high: [-1], interior: [0] }, reals([5]), reals([])),
    row({ low: [1], high: [1], interior: [3] }, reals([0]), reals([])),
  ],
  concatenate: [row({ axis: 1 }, reals([2, 1]), reals([2, 0]), reals([2, 3]))],
  reverse: [row({ axes: [0, 2] }, reals([2, 3, 4]))],
  optimization_barrier: [on(reals([2, 3]), reals([4]))],
  gather: [
    row({ ...rows, sliceSizes: [1, 2] }, someRows[0]!, someRows[1]!),
    row({ ...windows, sliceSizes: [2, 3] }, someWindows[0]!, someWindows[1]!),
    row({ ...batched, sliceSizes: [1, 1, 2] }, someBatches[0]!, someBatches[1]!),
  ],
  scatter: (["set", "add", "multiply", "max", "min"] as const).flatMap((kind) => [
    row({ ...rows, kind }, ...someRows),
    row({ ...windows, kind }, ...someWindows),
    row({ ...batched, kind }, ...someBatches),
  ]),
  dynamic_slice: [
    row({ sizes: [2, 2] }, reals([4, 3]), ints([], 1), ints([], 1)),
    row({ sizes: [2, 2] }, reals([4, 3]), ints([], 7), ints([], -3)),
  ],
  dynamic_update_slice: [
    on(reals([4, 3]), reals([2, 2]), ints([], 1), ints([], 1)),
    on(reals([4, 3]), reals([2, 2]), ints([], 7), ints([], -3)),
  ],

  reduce: (["sum", "prod", "max", "min"] as const).flatMap((kind) => [
    row({ kind, axes: [0] }, reals([5])),
    row({ kind, axes: [0, 2] }, reals([2, 3, 2])),
    row({ kind, axes: [1] }, reals([2, 0])),
    row({ kind, axes: [] }, reals([2])),
  ]),
  arg_reduce: notDifferentiable,
  arg_sort: notDifferentiable,
  dot_general: [
    row(
      { lhsBatch: [], rhsBatch: [], lhsContracting: [1], rhsContracting: [0] },
      reals([2, 3]),
      reals([3, 4]),
    ),
    row({ lhsBatch: [], rhsBatch: [], lhsContracting: [0], rhsContracting: [0] }, reals([3]), reals([3])),
    row({ lhsBatch: [], rhsBatch: [], lhsContracting: [], rhsContracting: [] }, reals([2]), reals([3])),
  ],
  convolution: [
    row({ strides: [1], dilations: [1], groups: 1 }, reals([2, 7, 3]), reals([3, 3, 2])),
    row({ strides: [2, 1], dilations: [1, 2], groups: 1 }, reals([2, 6, 6, 2]), reals([3, 2, 2, 3])),
    row({ strides: [3, 2], dilations: [2, 1], groups: 2 }, reals([1, 8, 5, 4]), reals([2, 2, 2, 6])),
    row({ strides: [1, 1], dilations: [1, 1], groups: 3 }, reals([2, 3, 4, 3]), reals([2, 2, 1, 3])),
    row(
      { strides: [1, 1, 2], dilations: [1, 1, 1], groups: 1 },
      reals([1, 2, 3, 4, 2]),
      reals([2, 1, 3, 2, 2]),
    ),
    row({ strides: [1], dilations: [1], groups: 1 }, reals([2, 2, 3]), reals([3, 3, 2])),
    row({ strides: [1], dilations: [1], groups: 1 }, reals([0, 4, 3]), reals([3, 3, 2])),
    row({ strides: [], dilations: [], groups: 1 }, reals([2, 3]), reals([3, 2])),
  ],
  reduce_window: (["sum", "max", "min"] as const).flatMap((kind) => [
    row({ kind, window: [2], strides: [2], dilations: [1] }, reals([7])),
    row({ kind, window: [1, 3, 2, 1], strides: [1, 2, 1, 1], dilations: [1, 1, 2, 1] }, reals([2, 7, 5, 3])),
    row({ kind, window: [2, 2], strides: [3, 2], dilations: [1, 1] }, reals([8, 4])),
    row({ kind, window: [4], strides: [1], dilations: [1] }, reals([3])),
  ]),
  select_and_scatter: (["max", "min"] as const).flatMap((kind) => [
    row(
      { kind, window: [1, 2, 2], strides: [1, 2, 2], dilations: [1, 1, 1] },
      reals([2, 4, 5]),
      reals([2, 2, 2]),
    ),
    row({ kind, window: [3], strides: [1], dilations: [2] }, reals([7]), reals([3])),
    row({ kind, window: [4], strides: [1], dilations: [1] }, reals([3]), reals([0])),
  ]),
};

const names = Object.keys(table) as (keyof typeof table)[];
const differentiable = names.filter((op) => table[op] !== notDifferentiable);

describe.each(differentiable)("%s", (op) => {
  it.each((table[op] as readonly Row<Attrs[Primitive]>[]).map((c, i) => [i, c] as const))(
    "case %d",
    (i, c) => {
      const next = random(i + 1);
      const args = c.operands.map(({ shape, range: [low, high], values }) => {
        return values ?? Float64Array.from({ length: sizeOf(shape) }, () => low + (high - low) * next());
      });
      const params = c.operands.map(({ shape }, k) => {
        const values = args[k]!;
        const dtype =
          values instanceof Float64Array ? "float64" : values instanceof Int32Array ? "int32" : "bool";
        return parameter({ shape, dtype });
      });
      expectGradients(params, [build(op, params, c.attrs as never)], args);
    },
  );
});

it("no other primitive has a gradient", () => {
  const silent = names.filter((op) => table[op] === notDifferentiable);
  expect(silent.filter((op) => vjpRules[op] !== zero)).toEqual([]);
});
