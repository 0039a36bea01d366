/** Numbers worked out by hand for every primitive, edges included. The table's type makes sure that none is forgotten. */
import { describe, expect, it } from "vitest";
import { apply, build, constant, loop, parameter } from "../../graph/build.ts";
import type { Node } from "../../graph/node.ts";
import type { Attrs, IndexDims, Primitive } from "../../graph/primitives.ts";
import { arrayOf, type DType, isFloat } from "../../tensor/dtype.ts";
import { createReferenceBackend } from "./index.ts";
import "../../runtime/sort.ts";
import "../../runtime/windows.ts";

const { NEGATIVE_INFINITY: low, POSITIVE_INFINITY: high, NaN: nan } = Number;

/** An array: dtype, elements, shape (a vector if it is left out). */
type Values = readonly [DType, readonly number[], (readonly number[])?];

const shapeOf = ([, values, shape]: Values): readonly number[] => shape ?? [values.length];

function evaluate(
  operands: readonly Values[],
  make: (params: Node[]) => Node,
): { node: Node; values: number[] } {
  const params = operands.map((operand) => parameter({ dtype: operand[0], shape: shapeOf(operand) }));
  const node = make(params);
  const args = operands.map(([dtype, values]) => new (arrayOf(dtype))(values));
  const [out] = createReferenceBackend()
    .compile({ params, results: [node] })
    .run(args);
  return { node, values: Array.from(out!) };
}

function check(operands: readonly Values[], result: Values, make: (params: Node[]) => Node): void {
  const { node, values } = evaluate(operands, make);
  expect(node.dtype).toBe(result[0]);
  expect(node.shape).toEqual(shapeOf(result));
  expect(values.length).toBe(result[1].length);
  result[1].forEach((expected, i) => {
    const exact = !isFloat(result[0]) || !Number.isFinite(expected) || expected === 0;
    if (exact) expect(values[i]).toBe(expected);
    else expect(values[i]).toBeCloseTo(expected, 14);
  });
}

const f64 = (...values: number[]): Values => ["float64", values];
const f32 = (...values: number[]): Values => ["float32", values];
const i32 = (...values: number[]): Values => ["int32", values];
const u32 = (...values: number[]): Values => ["uint32", values];
const u8 = (...values: number[]): Values => ["uint8", values];
const bool = (...values: number[]): Values => ["bool", values];
const scalar = (value: number): Values => ["int32", [value], []];
const shaped = (shape: readonly number[], [dtype, values]: Values): Values => [dtype, values, shape];

interface Row<A> {
  readonly attrs: A;
  readonly operands: readonly Values[];
  readonly result: Values;
}

/** Attributes, operands and, last, the result. */
const row = <A>(attrs: A, ...values: Values[]): Row<A> => {
  return { attrs, operands: values.slice(0, -1), result: values[values.length - 1]! };
};

/** Operands and the result of a primitive without attributes. */
const on = (...values: Values[]): Row<Record<never, never>> => row({}, ...values);

const rows2: IndexDims = {
  offsetDims: [1],
  collapsedSliceDims: [0],
  operandBatchingDims: [],
  indicesBatchingDims: [],
  startIndexMap: [0],
};
const points: IndexDims = { ...rows2, offsetDims: [] };
const windows: IndexDims = { ...rows2, offsetDims: [1], collapsedSliceDims: [] };
const batched: IndexDims = {
  offsetDims: [],
  collapsedSliceDims: [1],
  operandBatchingDims: [0],
  indicesBatchingDims: [0],
  startIndexMap: [1],
};
const matrix = shaped([2, 3], f32(1, 2, 3, 4, 5, 6));
const noFloats = f32();

const cases: {
  readonly [P in Exclude<Primitive, "parameter" | "loop" | "result">]: readonly Row<Attrs[P]>[];
} = {
  constant: [
    row({ shape: [2], dtype: "float32", value: 1.5 }, f32(1.5, 1.5)),
    row({ shape: [0], dtype: "int32", value: 3 }, i32()),
  ],
  iota: [
    row({ shape: [2, 2], dtype: "int32", axis: 0 }, shaped([2, 2], i32(0, 0, 1, 1))),
    row({ shape: [2, 2], dtype: "float32", axis: 1 }, shaped([2, 2], f32(0, 1, 0, 1))),
  ],
  // The known answer for key 0 and counter 0, both words xored.
  rng_bit_generator: [
    row({ shape: [1, 1] }, u32(0, 0), shaped([1, 1], u32((0x6b200159 ^ 0x99ba4efe) >>> 0))),
  ],

  abs: [on(f32(-1.5, -0, low, nan), f32(1.5, 0, high, nan)), on(i32(-3, -(2 ** 31)), i32(3, -(2 ** 31)))],
  negate: [
    on(f32(1, 0, high), f32(-1, -0, low)),
    on(i32(-(2 ** 31), 5), i32(-(2 ** 31), -5)),
    on(u8(1), u8(255)),
  ],
  sign: [
    on(f32(-2, -0, 0, 3, nan), f32(-1, -0, 0, 1, nan)),
    on(i32(-7, 0, 7), i32(-1, 0, 1)),
    on(u32(9), u32(1)),
  ],
  floor: [on(f32(-1.5, 1.5, -0, low, nan), f32(-2, 1, -0, low, nan))],
  ceil: [on(f32(-1.5, 1.5, -0.5, high), f32(-1, 2, -0, high))],
  round_nearest_even: [on(f32(0.5, 1.5, -2.5, 2.6), f32(0, 2, -2, 3))],
  sqrt: [on(f64(4, 2, -0, -1, high), f64(2, Math.SQRT2, -0, nan, high)), on(noFloats, noFloats)],
  rsqrt: [on(f64(4, 0, -0, high, -1), f64(0.5, high, low, 0, nan))],
  cbrt: [on(f64(-27, 8, -0, low), f64(-3, 2, -0, low))],
  exponential: [on(f64(0, 1, low, 1000, nan), f64(1, Math.E, 0, high, nan))],
  exponential_minus_one: [on(f64(1e-10, low, -0), f64(1.00000000005e-10, -1, -0))],
  log: [on(f64(1, Math.E, 0, -1, high), f64(0, 1, low, nan, high))],
  log_plus_one: [on(f64(1e-10, -1, -2, -0), f64(9.9999999995e-11, low, nan, -0))],
  logistic: [on(f64(0, Math.log(3), low, high), f64(0.5, 0.75, 0, 1))],
  sine: [on(f64(0, Math.PI / 6, high), f64(0, 0.5, nan))],
  cosine: [on(f64(0, Math.PI / 3, high), f64(1, 0.5, nan))],
  tan: [on(f64(0, Math.PI / 4), f64(0, 1))],
  asin: [on(f64(0.5, 1, 2), f64(Math.PI / 6, Math.PI / 2, nan))],
  acos: [on(f64(0.5, 1, 2), f64(Math.PI / 3, 0, nan))],
  atan: [on(f64(1, low), f64(Math.PI / 4, -Math.PI / 2))],
  sinh: [on(f64(Math.log(2), -1000), f64(0.75, low))],
  cosh: [on(f64(Math.log(2), -1000), f64(1.25, high))],
  tanh: [on(f64(Math.log(2), -1000, nan), f64(0.6, -1, nan))],
  asinh: [on(f64(0.75, -0, low), f64(Math.log(2), -0, low))],
  acosh: [on(f64(1.25, 1, 0), f64(Math.log(2), 0, nan))],
  atanh: [on(f64(0.6, 1, 2), f64(Math.log(2), high, nan))],
  erf: [on(f64(1, -0.5, high), f64(0.8427007929497148, -0.5204998778130465, 1))],
  erf_inv: [on(f64(0.5, -1, 1.1), f64(0.4769362762044699, low, nan))],
  is_finite: [on(f32(1, high, nan), bool(1, 0, 0))],
  not: [on(bool(0, 1), bool(1, 0)), on(i32(5), i32(-6)), on(u8(1), u8(254)), on(u32(0), u32(2 ** 32 - 1))],
  convert: [
    row({ dtype: "int32" }, f32(1.9, -1.9, nan, 1e10, low), i32(1, -1, 0, 2 ** 31 - 1, -(2 ** 31))),
    row({ dtype: "uint8" }, f32(300, -5, 7.5), u8(255, 0, 7)),
    row({ dtype: "uint32" }, f64(-1, 1e10), u32(0, 2 ** 32 - 1)),
    row({ dtype: "uint8" }, i32(257, -1), u8(1, 255)),
    row({ dtype: "int32" }, u32(2 ** 32 - 1), i32(-1)),
    row({ dtype: "uint32" }, i32(-1), u32(2 ** 32 - 1)),
    row({ dtype: "bool" }, f32(0, -0, nan, 0.1), bool(0, 0, 1, 1)),
    row({ dtype: "bool" }, i32(0, 256), bool(0, 1)),
    row({ dtype: "float32" }, bool(1, 0), f32(1, 0)),
    row({ dtype: "float32" }, f64(0.1), f32(Math.fround(0.1))),
  ],
  bitcast_convert: [
    row({ dtype: "int32" }, f32(1, -0), i32(0x3f800000, -(2 ** 31))),
    row({ dtype: "float32" }, u32(0x7f800000), f32(high)),
    row({ dtype: "uint32" }, i32(-1), u32(2 ** 32 - 1)),
  ],
  stop_gradient: [on(i32(1, 2), i32(1, 2))],
  identity: [on(f32(-0, nan), f32(-0, nan))],

  add: [
    on(f32(1, high, 16777216), f32(2, low, 1), f32(3, nan, 16777216)),
    on(i32(2 ** 31 - 1), i32(1), i32(-(2 ** 31))),
    on(u8(250), u8(10), u8(4)),
  ],
  subtract: [on(f32(1), f32(2.5), f32(-1.5)), on(u32(0), u32(1), u32(2 ** 32 - 1))],
  multiply: [
    on(f32(1.5, 0), f32(-2, high), f32(-3, nan)),
    on(i32(123456789), i32(987654321), i32(-67153019)),
    on(u32(2 ** 32 - 1), u32(2 ** 32 - 1), u32(1)),
    on(u8(16), u8(17), u8(16)),
  ],
  divide: [
    on(f32(1, -1, 0), f32(0, 0, 0), f32(high, low, nan)),
    on(i32(-7, 7, 5, -(2 ** 31)), i32(2, -2, 0, -1), i32(-3, -3, 0, -(2 ** 31))),
    on(u32(2 ** 32 - 1), u32(2), u32(2 ** 31 - 1)),
  ],
  remainder: [
    on(f32(-7.5, 7.5, 1, 1, high), f32(2, -2, 0, high, 2), f32(-1.5, 1.5, nan, 1, nan)),
    on(i32(-7, 7, 5, -(2 ** 31)), i32(2, -2, 0, -1), i32(-1, 1, 0, 0)),
  ],
  power: [
    on(f64(2, -8, 0, 0, 1, nan), f64(0.5, 1 / 3, 0, -1, nan, 0), f64(Math.SQRT2, nan, 1, high, 1, 1)),
    on(
      i32(3, -2, 2, 1, -1, -1, 0, 0),
      i32(4, 31, -1, -5, -3, -2, 0, -1),
      i32(81, -(2 ** 31), 0, 1, -1, 1, 1, 0),
    ),
    on(i32(3), i32(40), i32(689956897)),
    on(u8(7), u8(3), u8(343 - 256)),
  ],
  maximum: [on(f32(1, nan, 1, -0), f32(2, 1, nan, 0), f32(2, nan, nan, 0)), on(i32(-1), i32(1), i32(1))],
  minimum: [on(f32(1, nan, 1), f32(2, 1, nan), f32(1, nan, nan)), on(u32(2 ** 31), u32(1), u32(1))],
  atan2: [
    on(f64(1, -1, 0, -0), f64(-1, -1, -1, -1), f64(0.75 * Math.PI, -0.75 * Math.PI, Math.PI, -Math.PI)),
  ],
  and: [on(i32(12, -1), i32(10, 7), i32(8, 7)), on(bool(1, 1), bool(1, 0), bool(1, 0))],
  or: [on(u32(2 ** 31), u32(1), u32(2 ** 31 + 1)), on(bool(0, 0), bool(1, 0), bool(1, 0))],
  xor: [on(u8(255), u8(15), u8(240)), on(bool(1, 1), bool(1, 0), bool(0, 1))],
  shift_left: [
    on(i32(1, 1, 1, 1), i32(4, 31, 32, -1), i32(16, -(2 ** 31), 0, 0)),
    on(u8(129, 1), u8(1, 8), u8(2, 0)),
  ],
  shift_right_logical: [
    on(i32(-1, -1, -1), i32(0, 28, 32), i32(-1, 15, 0)),
    on(u8(128, 128), u8(7, 8), u8(1, 0)),
  ],
  shift_right_arithmetic: [
    on(i32(-8, -8, 8), i32(1, 32, 40), i32(-4, -1, 0)),
    on(u32(2 ** 31), u32(31), u32(2 ** 32 - 1)),
  ],
  compare: [
    row({ direction: "EQ" }, f32(0, nan, 1), f32(-0, nan, 2), bool(1, 0, 0)),
    row({ direction: "NE" }, f32(0, nan, 1), f32(-0, nan, 2), bool(0, 1, 1)),
    row({ direction: "LT" }, i32(-1, 1), i32(1, 1), bool(1, 0)),
    row({ direction: "LE" }, u32(2 ** 32 - 1, 1), u32(1, 1), bool(0, 1)),
    row({ direction: "GT" }, f32(nan, high), f32(1, 1), bool(0, 1)),
    row({ direction: "GE" }, bool(0, 1), bool(1, 1), bool(0, 1)),
  ],
  select: [on(bool(1, 0), f32(1, nan), f32(nan, 2), f32(1, 2))],

  reshape: [row({ shape: [3, 2] }, matrix, shaped([3, 2], f32(1, 2, 3, 4, 5, 6)))],
  transpose: [
    row({ permutation: [1, 0] }, matrix, shaped([3, 2], f32(1, 4, 2, 5, 3, 6))),
    row({ permutation: [2, 0, 1] }, shaped([1, 2, 2], i32(1, 2, 3, 4)), shaped([2, 1, 2], i32(1, 3, 2, 4))),
  ],
  broadcast_in_dim: [
    row({ shape: [2, 3], dims: [1] }, f32(1, 2, 3), shaped([2, 3], f32(1, 2, 3, 1, 2, 3))),
    row({ shape: [2, 3], dims: [0, 1] }, shaped([2, 1], f32(1, 2)), shaped([2, 3], f32(1, 1, 1, 2, 2, 2))),
    row({ shape: [0, 2], dims: [] }, shaped([], f32(1)), shaped([0, 2], noFloats)),
  ],
  slice: [
    row({ start: [0, 1], limit: [2, 3], strides: [1, 1] }, matrix, shaped([2, 2], f32(2, 3, 5, 6))),
    row({ start: [1], limit: [6], strides: [2] }, i32(0, 1, 2, 3, 4, 5, 6), i32(1, 3, 5)),
    row({ start: [2], limit: [2], strides: [3] }, i32(0, 1, 2), i32()),
  ],
  pad: [
    row({ low: [1], high: [2], interior: [1] }, i32(1, 2), shaped([], i32(9)), i32(9, 1, 9, 2, 9, 9)),
    row({ low: [-1], high: [-1], interior: [0] }, i32(1, 2, 3, 4), shaped([], i32(9)), i32(2, 3)),
    row({ low: [-1], high: [1], interior: [2] }, i32(1, 2), shaped([], i32(9)), i32(9, 9, 2, 9)),
    row({ low: [1], high: [1], interior: [3] }, i32(), shaped([], i32(9)), i32(9, 9)),
  ],
  concatenate: [
    row(
      { axis: 1 },
      shaped([2, 1], i32(1, 2)),
      shaped([2, 2], i32(3, 4, 5, 6)),
      shaped([2, 3], i32(1, 3, 4, 2, 5, 6)),
    ),
    row({ axis: 0 }, f32(), f32(1), f32(1)),
  ],
  reverse: [
    row({ axes: [1] }, matrix, shaped([2, 3], f32(3, 2, 1, 6, 5, 4))),
    row({ axes: [0, 1] }, matrix, shaped([2, 3], f32(6, 5, 4, 3, 2, 1))),
  ],
  optimization_barrier: [on(matrix, i32(1, 2), matrix)],
  gather: [
    row(
      { ...rows2, sliceSizes: [1, 3] },
      matrix,
      shaped([2, 1], i32(1, 0)),
      shaped([2, 3], f32(4, 5, 6, 1, 2, 3)),
    ),
    // Starts beyond the ends are moved inside.
    row({ ...points, sliceSizes: [1] }, f32(1, 2, 3), shaped([3, 1], i32(-5, 1, 7)), f32(1, 2, 3)),
    row(
      { ...windows, sliceSizes: [2] },
      f32(1, 2, 3),
      shaped([2, 1], i32(0, 2)),
      shaped([2, 2], f32(1, 2, 2, 3)),
    ),
    row({ ...batched, sliceSizes: [1, 1] }, matrix, shaped([2, 1], i32(2, 0)), f32(3, 4)),
    row({ ...points, sliceSizes: [1] }, f32(1, 2), shaped([0, 1], i32()), noFloats),
  ],
  scatter: [
    row(
      { ...points, kind: "set" },
      i32(1, 2, 3),
      shaped([4, 1], i32(1, 1, -1, 3)),
      i32(7, 8, 9, 9),
      i32(1, 8, 3),
    ),
    row({ ...points, kind: "add" }, f32(1, 2, 3), shaped([3, 1], i32(0, 0, 5)), f32(7, 8, 9), f32(16, 2, 3)),
    row({ ...points, kind: "add" }, u8(250), shaped([1, 1], i32(0)), u8(10), u8(4)),
    row({ ...points, kind: "multiply" }, i32(2, 3), shaped([2, 1], i32(1, 1)), i32(5, 7), i32(2, 105)),
    row({ ...points, kind: "max" }, f32(2, 3), shaped([2, 1], i32(0, 1)), f32(nan, 1), f32(nan, 3)),
    row({ ...points, kind: "min" }, i32(2, 3), shaped([2, 1], i32(0, 1)), i32(5, 1), i32(2, 1)),
    // A window half outside: its elements inside are written.
    row(
      { ...windows, kind: "set" },
      i32(1, 2, 3),
      shaped([1, 1], i32(2)),
      shaped([1, 2], i32(8, 9)),
      i32(1, 2, 8),
    ),
    row(
      { ...rows2, kind: "add" },
      matrix,
      shaped([1, 1], i32(1)),
      shaped([1, 3], f32(1, 1, 1)),
      shaped([2, 3], f32(1, 2, 3, 5, 6, 7)),
    ),
  ],
  dynamic_slice: [
    row({ sizes: [1, 2] }, matrix, scalar(1), scalar(1), shaped([1, 2], f32(5, 6))),
    row({ sizes: [1, 2] }, matrix, scalar(-4), scalar(9), shaped([1, 2], f32(2, 3))),
  ],
  dynamic_update_slice: [
    on(matrix, shaped([1, 2], f32(8, 9)), scalar(1), scalar(0), shaped([2, 3], f32(1, 2, 3, 8, 9, 6))),
    on(matrix, shaped([1, 2], f32(8, 9)), scalar(5), scalar(2), shaped([2, 3], f32(1, 2, 3, 4, 8, 9))),
  ],

  reduce: [
    row({ kind: "sum", axes: [0] }, matrix, f32(5, 7, 9)),
    row({ kind: "sum", axes: [0, 1] }, matrix, shaped([], f32(21))),
    // 2^24 + 1 + 1 in float32 steps would stay at 2^24.
    row({ kind: "sum", axes: [0] }, f32(16777216, 1, 1), shaped([], f32(16777218))),
    row({ kind: "sum", axes: [0] }, i32(2 ** 31 - 1, 1), shaped([], i32(-(2 ** 31)))),
    row({ kind: "prod", axes: [1] }, matrix, f32(6, 120)),
    row({ kind: "prod", axes: [0] }, i32(65536, 65537), shaped([], i32(65536))),
    row({ kind: "max", axes: [1] }, matrix, f32(3, 6)),
    row({ kind: "max", axes: [0] }, f32(1, nan, 3), shaped([], f32(nan))),
    row({ kind: "min", axes: [0] }, i32(3, -2), shaped([], i32(-2))),
    row({ kind: "and", axes: [0] }, bool(1, 0), shaped([], bool(0))),
    row({ kind: "or", axes: [0] }, bool(1, 0), shaped([], bool(1))),
    row({ kind: "sum", axes: [0] }, shaped([0, 2], f32()), f32(0, 0)),
    row({ kind: "prod", axes: [0] }, i32(), shaped([], i32(1))),
    row({ kind: "max", axes: [0] }, f32(), shaped([], f32(low))),
    row({ kind: "max", axes: [0] }, i32(), shaped([], i32(-(2 ** 31)))),
    row({ kind: "min", axes: [0] }, u8(), shaped([], u8(255))),
    row({ kind: "and", axes: [0] }, bool(), shaped([], bool(1))),
    row({ kind: "or", axes: [0] }, bool(), shaped([], bool(0))),
    row({ kind: "sum", axes: [1] }, shaped([0, 2], f32()), noFloats),
  ],
  arg_reduce: [
    row({ kind: "max", axis: 1 }, shaped([2, 3], f32(1, 3, 3, 6, 5, 4)), i32(1, 0)),
    row({ kind: "min", axis: 0 }, f32(1, nan, nan, 0), shaped([], i32(1))),
    row({ kind: "max", axis: 0 }, f32(low, low), shaped([], i32(0))),
    row({ kind: "min", axis: 0 }, u32(2 ** 32 - 1, 0), shaped([], i32(1))),
  ],
  arg_sort: [
    row({ axis: 1 }, shaped([2, 3], f32(3, 1, 2, 0, -1, 0)), shaped([2, 3], i32(1, 2, 0, 1, 0, 2))),
    row({ axis: 0 }, shaped([2, 2], f32(3, 1, 2, 5)), shaped([2, 2], i32(1, 0, 0, 1))),
    row({ axis: 0 }, f32(nan, 1, -Infinity, nan, Infinity), i32(2, 1, 4, 0, 3)),
    row({ axis: 0 }, f32(0, -0, 0), i32(0, 1, 2)),
    row({ axis: 0 }, u32(2 ** 32 - 1, 0, 5), i32(1, 2, 0)),
    row({ axis: 0 }, bool(1, 0, 1, 0), i32(1, 3, 0, 2)),
    row({ axis: 0 }, i32(2, 1, 2, 1), f32(0, 5, -1, 4), i32(3, 1, 2, 0)),
    row({ axis: 1 }, shaped([2, 0], f32()), shaped([2, 0], i32())),
  ],
  dot_general: [
    row(
      { lhsBatch: [], rhsBatch: [], lhsContracting: [1], rhsContracting: [0] },
      matrix,
      shaped([3, 1], f32(1, 10, 100)),
      shaped([2, 1], f32(321, 654)),
    ),
    row(
      { lhsBatch: [0], rhsBatch: [1], lhsContracting: [1], rhsContracting: [0] },
      matrix,
      shaped([3, 2], f32(1, 0, 0, 1, 1, 0)),
      f32(4, 5),
    ),
    row(
      { lhsBatch: [], rhsBatch: [], lhsContracting: [], rhsContracting: [] },
      i32(1, 2),
      i32(3),
      shaped([2, 1], i32(3, 6)),
    ),
    row(
      { lhsBatch: [], rhsBatch: [], lhsContracting: [0], rhsContracting: [0] },
      i32(65536),
      i32(65537),
      shaped([], i32(65536)),
    ),
    row(
      { lhsBatch: [], rhsBatch: [], lhsContracting: [0], rhsContracting: [0] },
      f32(),
      f32(),
      shaped([], f32(0)),
    ),
  ],
  convolution: [
    row(
      { strides: [1], dilations: [1], groups: 1 },
      shaped([1, 4, 1], f32(1, 2, 3, 4)),
      shaped([2, 1, 1], f32(10, 1)),
      shaped([1, 3, 1], f32(12, 23, 34)),
    ),
    row(
      { strides: [2], dilations: [2], groups: 1 },
      shaped([1, 6, 1], i32(1, 2, 3, 4, 5, 6)),
      shaped([2, 1, 2], i32(1, 0, 0, 1)),
      shaped([1, 2, 2], i32(1, 3, 3, 5)),
    ),
    row(
      { strides: [], dilations: [], groups: 2 },
      shaped([1, 4], f32(1, 2, 3, 4)),
      shaped([2, 2], f32(1, 10, 2, 20)),
      shaped([1, 2], f32(5, 110)),
    ),
    row(
      { strides: [1], dilations: [1], groups: 1 },
      shaped([1, 1, 1], f32(1)),
      shaped([2, 1, 1], f32(1, 1)),
      shaped([1, 0, 1], f32()),
    ),
  ],
  reduce_window: [
    row({ kind: "sum", window: [2], strides: [2], dilations: [1] }, f32(1, 2, 3, 4, 5), f32(3, 7)),
    row({ kind: "max", window: [2], strides: [1], dilations: [2] }, f32(1, nan, 3, 4), f32(3, nan)),
    row({ kind: "min", window: [3], strides: [1], dilations: [1] }, i32(3, 1, 2, 4), i32(1, 1)),
    row({ kind: "sum", window: [2], strides: [1], dilations: [1] }, u8(200, 100), u8(44)),
    row(
      { kind: "max", window: [1, 2], strides: [1, 1], dilations: [1, 1] },
      matrix,
      shaped([2, 2], f32(2, 3, 5, 6)),
    ),
  ],
  select_and_scatter: [
    row(
      { kind: "max", window: [2], strides: [2], dilations: [1] },
      f32(1, 1, 0, 2, 9),
      f32(10, 20),
      f32(10, 0, 0, 20, 0),
    ),
    row(
      { kind: "max", window: [2], strides: [1], dilations: [1] },
      f32(1, 5, 1, nan),
      f32(1, 2, 4),
      f32(0, 3, 0, 4),
    ),
    row({ kind: "min", window: [2], strides: [1], dilations: [2] }, i32(1, 2, 1), i32(7), i32(7, 0, 0)),
  ],
};

describe.each(Object.keys(cases) as (keyof typeof cases)[])("%s", (op) => {
  it.each(cases[op].map((c, i) => [i, c] as const))("case %d", (_, c) => {
    check(c.operands, c.result, (params) => build(op, params, c.attrs));
  });
});

describe("loop and result", () => {
  const index = parameter({ shape: [], dtype: "int32" });
  const a = parameter({ shape: [], dtype: "int32" });
  const b = parameter({ shape: [], dtype: "int32" });
  const step = parameter({ shape: [], dtype: "int32" });
  // (a, b) ← (b, a + b + step · i)
  const body = {
    params: [index, a, b, step],
    results: [b, apply("add", apply("add", a, b), apply("multiply", step, index))],
  };

  it.each([
    [0, 0, [0, 1]],
    [7, 0, [13, 21]],
    [3, 10, [12, 33]],
    [-2, 0, [0, 1]],
  ])("runs %d rounds with step %d", (count, stepValue, expected) => {
    const n = parameter({ shape: [], dtype: "int32" });
    const int = (value: number): Node => constant(value, { shape: [], dtype: "int32" });
    const results = loop(n, [int(0), int(1)], [int(stepValue)], body);
    const out = createReferenceBackend()
      .compile({ params: [n], results })
      .run([Int32Array.of(count)]);
    expect(out.map((r) => r![0])).toEqual(expected);
  });
});
