/** Random operands for primitives with many ways to name axes, and random numbers that operations treat specially. */
import * as fc from "fast-check";
import type { Attrs, IndexDims } from "../../src/engine/graph/primitives.ts";
import type { Windows } from "../../src/engine/graph/windows.ts";
import { arrayFrom, type DType, roundTo, type TypedArray } from "../../src/engine/tensor/dtype.ts";
import { fromBits } from "../../src/engine/tensor/half.ts";
import { type Shape, sizeOf } from "../../src/engine/tensor/shape.ts";

/** The numbers below n in any order. */
export const shuffled = (n: number): fc.Arbitrary<number[]> => {
  const axes = Array.from({ length: n }, (_, i) => i);
  return fc.shuffledSubarray(axes, { minLength: n, maxLength: n });
};

/** Operands of `dot_general`. */
export interface Dot {
  readonly lhs: Shape;
  readonly rhs: Shape;
  readonly attrs: Attrs["dot_general"];
}

/** Lengths of batch, contracting and free axes, put in random order on each side. */
export function dots(lengths: fc.Arbitrary<number>): fc.Arbitrary<Dot> {
  return fc
    .tuple(...[2, 2, 2, 2].map((maxLength) => fc.array(lengths, { maxLength })))
    .chain(([batch, contracting, left, right]) => {
      const lhs = [...batch!, ...contracting!, ...left!];
      const rhs = [...batch!, ...contracting!, ...right!];
      return fc.tuple(shuffled(lhs.length), shuffled(rhs.length)).map(([l, r]): Dot => {
        const common = batch!.map((_, i) => i);
        const summed = contracting!.map((_, i) => batch!.length + i);
        return {
          lhs: l.map((axis) => lhs[axis]!),
          rhs: r.map((axis) => rhs[axis]!),
          attrs: {
            lhsBatch: common.map((axis) => l.indexOf(axis)),
            rhsBatch: common.map((axis) => r.indexOf(axis)),
            lhsContracting: summed.map((axis) => l.indexOf(axis)),
            rhsContracting: summed.map((axis) => r.indexOf(axis)),
          },
        };
      });
    });
}

/** An operand of `pad`. */
export interface Padding {
  readonly shape: Shape;
  readonly attrs: Attrs["pad"];
}

/** Padding by any amounts, negative ones too, that leaves no axis shorter than nothing. */
export const paddings: fc.Arbitrary<Padding> = fc
  .array(
    fc.record({
      n: fc.integer({ min: 0, max: 5 }),
      low: fc.integer({ min: -3, max: 3 }),
      high: fc.integer({ min: -3, max: 3 }),
      interior: fc.integer({ min: 0, max: 2 }),
    }),
    { minLength: 1, maxLength: 2 },
  )
  .filter((axes) =>
    axes.every(({ n, low, high, interior }) => n + low + high + Math.max(n - 1, 0) * interior >= 0),
  )
  .map((axes) => ({
    shape: axes.map(({ n }) => n),
    attrs: {
      low: axes.map(({ low }) => low),
      high: axes.map(({ high }) => high),
      interior: axes.map(({ interior }) => interior),
    },
  }));

/** Windows along each axis of an array. */
export interface Windowed {
  readonly shape: Shape;
  readonly of: Windows;
}

const windowedAxis = fc.record({
  n: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(0, 16, 17)),
  window: fc.constantFrom(1, 1, 2, 2, 3, 4),
  stride: fc.constantFrom(1, 2, 2, 3),
  dilation: fc.constantFrom(1, 1, 1, 2),
  whole: fc.boolean(),
});

/** Windows that lie side by side, overlap, or leave gaps; along some axes, often the last, they are single elements. */
export const windows: fc.Arbitrary<Windowed> = fc
  .tuple(fc.array(windowedAxis, { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([axes, features]) => {
    const last = axes.length - 1;
    const single = axes.map((a, d) => (d === last && features) || (d === 0 && a.whole));
    return {
      shape: axes.map((a) => a.n),
      of: {
        window: axes.map((a, d) => (single[d] ? 1 : a.window)),
        strides: axes.map((a, d) => (single[d] ? 1 : a.whole ? a.window : a.stride)),
        dilations: axes.map((a) => (a.whole ? 1 : a.dilation)),
      },
    };
  })
  .filter(({ shape }) => sizeOf(shape) <= 1500);

/** Operands of `convolution`. */
export interface Convolution {
  readonly x: Shape;
  readonly kernel: Shape;
  readonly attrs: Attrs["convolution"];
}

/** Convolutions in up to two dimensions of space whose batch and features have such lengths. */
export function convolutions(lengths: fc.Arbitrary<number>): fc.Arbitrary<Convolution> {
  const space = fc.array(
    fc.record({
      n: fc.integer({ min: 1, max: 9 }),
      window: fc.integer({ min: 1, max: 4 }),
      stride: fc.integer({ min: 1, max: 3 }),
      dilation: fc.integer({ min: 1, max: 2 }),
    }),
    { maxLength: 2 },
  );
  return fc
    .tuple(space, fc.constantFrom(1, 1, 1, 2, 4, 5), fc.integer({ min: 0, max: 5 }), lengths, lengths)
    .map(([axes, groups, batch, features, outputs]) => ({
      x: [batch, ...axes.map((a) => a.n), groups * features],
      kernel: [...axes.map((a) => a.window), features, groups * outputs],
      attrs: { strides: axes.map((a) => a.stride), dilations: axes.map((a) => a.dilation), groups },
    }));
}

/** What an axis of the array is to `gather`: indexed with or without a window, a whole axis, or a batching axis. */
interface Axis {
  readonly role: "point" | "window" | "whole" | "batch";
  readonly length: number;
  readonly size: number;
}

const axis: fc.Arbitrary<Axis> = fc
  .record({
    role: fc.constantFrom("point", "window", "whole", "batch"),
    length: fc.integer({ min: 1, max: 4 }),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ role, length, part }) => {
    const size = role === "window" ? Math.ceil(part * length) : role === "whole" ? length : 1;
    return { role, length, size };
  });

/** Operands of `gather`; of `scatter`, where the result is the updates. */
export interface Indexing {
  readonly shape: Shape;
  readonly indices: Shape;
  readonly result: Shape;
  readonly sliceSizes: readonly number[];
  readonly dims: IndexDims;
}

/** Arrays indexed along any axes. */
export const indexings: fc.Arbitrary<Indexing> = fc
  .tuple(
    fc.array(axis, { minLength: 1, maxLength: 3 }),
    fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 1 }),
  )
  .chain(([axes, more]) => {
    const of = (...roles: Axis["role"][]): number[] =>
      axes.flatMap((a, i) => (roles.includes(a.role) ? [i] : []));
    const operandBatchingDims = of("batch");
    const batch = [...more, ...operandBatchingDims.map((i) => axes[i]!.length)];
    const windows = of("window", "whole");
    const rank = batch.length + windows.length;
    const positions = Array.from({ length: rank }, (_, i) => i);
    const places = fc.subarray(positions, { minLength: windows.length, maxLength: windows.length });
    const indexed = of("point", "window");
    const order = fc.shuffledSubarray(indexed, { minLength: indexed.length, maxLength: indexed.length });
    return fc.tuple(places, order).map(([offsetDims, startIndexMap]): Indexing => {
      const rest = positions.filter((d) => !offsetDims.includes(d));
      return {
        shape: axes.map((a) => a.length),
        indices: [...batch, startIndexMap.length],
        result: positions.map((d) => {
          return offsetDims.includes(d)
            ? axes[windows[offsetDims.indexOf(d)]!]!.size
            : batch[rest.indexOf(d)]!;
        }),
        sliceSizes: axes.map((a) => a.size),
        dims: {
          offsetDims,
          collapsedSliceDims: of("point"),
          operandBatchingDims,
          indicesBatchingDims: operandBatchingDims.map((_, k) => more.length + k),
          startIndexMap,
        },
      };
    });
  });

/** Lengths around the edges of vectors and tiles, nothing and one among them. */
export const lengths: fc.Arbitrary<number> = fc.constantFrom(
  0,
  1,
  1,
  2,
  3,
  4,
  5,
  7,
  8,
  9,
  15,
  16,
  17,
  31,
  33,
);

/** Shapes of up to so many elements. */
export function shapes(maxSize = 300, maxRank = 3): fc.Arbitrary<number[]> {
  return fc.array(lengths, { maxLength: maxRank }).filter((shape) => sizeOf(shape) <= maxSize);
}

const floats = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  2.5,
  -2.5,
  3,
  2 ** 23 + 1,
  2 ** 24,
  255,
  256,
  255.5,
  2147483647,
  -2147483648,
  2147483648,
  4294967295,
  4294967296,
  1e10,
  -1e10,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
];

const float32Specials = [
  ...floats,
  2 ** -149,
  -(2 ** -149),
  1e-40,
  2 ** -126,
  (2 - 2 ** -23) * 2 ** 127,
  1 - 2 ** -24,
];
const float64Specials = [...floats, 5e-324, -5e-324, 1e-310, 2 ** -1022, Number.MAX_VALUE, 1 - 2 ** -53];

/** Every number of a 16-bit float, subnormal ones and infinities more often than chance would have it. */
function halves(dtype: "bfloat16" | "float16"): fc.Arbitrary<number> {
  return fc.oneof(
    fc.constantFrom(...floats).map((v) => roundTo(dtype, v)),
    fc.nat({ max: 0xffff }).map((bits) => fromBits(dtype, bits)),
    fc.float({ min: -20, max: 20, noNaN: true }).map((v) => roundTo(dtype, v)),
  );
}

/** Any numbers of a dtype, those that operations treat specially more often than others. */
export const elements: { readonly [D in DType]: fc.Arbitrary<number> } = {
  bool: fc.constantFrom(0, 1),
  uint8: fc.oneof(fc.constantFrom(0, 1, 2, 7, 8, 127, 128, 254, 255), fc.nat({ max: 255 })),
  int8: fc.oneof(fc.constantFrom(0, 1, -1, 2, 7, 8, 127, -127, -128), fc.integer({ min: -128, max: 127 })),
  uint16: fc.oneof(
    fc.constantFrom(0, 1, 2, 15, 16, 255, 256, 32767, 32768, 65534, 65535),
    fc.nat({ max: 65535 }),
  ),
  int16: fc.oneof(
    fc.constantFrom(0, 1, -1, 2, 15, 16, 255, -256, 32767, -32767, -32768),
    fc.integer({ min: -32768, max: 32767 }),
  ),
  int32: fc.oneof(
    fc.constantFrom(0, 1, -1, 2, -2, 7, 31, 32, 33, 255, 256, -256, 2147483647, -2147483648, -2147483647),
    fc.integer(),
    fc.integer({ min: -9, max: 9 }),
  ),
  uint32: fc.oneof(
    fc.constantFrom(0, 1, 2, 3, 31, 32, 33, 255, 256, 2147483647, 2147483648, 4294967295, 4294967294),
    fc.nat({ max: 4294967295 }),
  ),
  bfloat16: halves("bfloat16"),
  float16: halves("float16"),
  float32: fc.oneof(
    fc.constantFrom(...float32Specials),
    fc.float({ noDefaultInfinity: true, noNaN: true }),
    fc.float({ min: -20, max: 20, noNaN: true }),
  ),
  float64: fc.oneof(
    fc.constantFrom(...float64Specials),
    fc.double({ noDefaultInfinity: true, noNaN: true }),
    fc.double({ min: -20, max: 20, noNaN: true }),
  ),
};

/** Numbers of moderate size, so that sums and products of some stay in range. */
export const moderate: { readonly [D in DType]: fc.Arbitrary<number> } = {
  ...elements,
  bfloat16: fc.float({ min: -2, max: 2, noNaN: true }).map((v) => roundTo("bfloat16", v)),
  float16: fc.float({ min: -2, max: 2, noNaN: true }).map((v) => roundTo("float16", v)),
  float32: fc.float({ min: -2, max: 2, noNaN: true }),
  float64: fc.double({ min: -2, max: 2, noNaN: true }),
};

/** Arrays of a dtype. */
export function arrays(
  dtype: DType,
  size: number,
  element: fc.Arbitrary<number> = elements[dtype],
): fc.Arbitrary<TypedArray> {
  return fc
    .array(element, { minLength: size, maxLength: size, size: "max" })
    .map((values) => arrayFrom(dtype, values));
}
