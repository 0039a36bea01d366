/** Gradients of the primitives with many ways to name axes, for random ways. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { expectGradients, random } from "../../../test/support/finite_differences.ts";
import { build, parameter } from "../graph/build.ts";
import type { Node } from "../graph/node.ts";
import type { Attrs, IndexDims } from "../graph/primitives.ts";
import { type Shape, sizeOf } from "../tensor/shape.ts";

const float = (shape: Shape): Node => parameter({ shape, dtype: "float64" });

function reals(shape: Shape, seed: number): Float64Array {
  const next = random(seed);
  return Float64Array.from({ length: sizeOf(shape) }, () => next() * 2 - 1);
}

const shuffled = (n: number): fc.Arbitrary<number[]> => {
  const axes = Array.from({ length: n }, (_, i) => i);
  return fc.shuffledSubarray(axes, { minLength: n, maxLength: n });
};

interface Dot {
  readonly lhs: Shape;
  readonly rhs: Shape;
  readonly attrs: Attrs["dot_general"];
}

/** Lengths of batch, contracting and free axes, put in random order on each side. */
const dots: fc.Arbitrary<Dot> = fc
  .tuple(...[2, 2, 2, 2].map((maxLength) => fc.array(fc.integer({ min: 0, max: 3 }), { maxLength })))
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

it("dot_general along any axes", () => {
  fc.assert(
    fc.property(dots, ({ lhs, rhs, attrs }) => {
      const params = [float(lhs), float(rhs)];
      expectGradients(params, [build("dot_general", params, attrs)], [reals(lhs, 1), reals(rhs, 2)]);
    }),
    { numRuns: 60, seed: 1 },
  );
});

const padding = fc.record({
  n: fc.integer({ min: 0, max: 4 }),
  low: fc.integer({ min: -3, max: 3 }),
  high: fc.integer({ min: -3, max: 3 }),
  interior: fc.integer({ min: 0, max: 2 }),
});

it("pad by any amounts, negative ones too", () => {
  const axes = fc.array(padding, { minLength: 1, maxLength: 2 }).filter((list) => {
    return list.every(({ n, low, high, interior }) => n + low + high + Math.max(n - 1, 0) * interior >= 0);
  });
  fc.assert(
    fc.property(axes, (list) => {
      const shape = list.map(({ n }) => n);
      const params = [float(shape), float([])];
      const padded = build("pad", params, {
        low: list.map(({ low }) => low),
        high: list.map(({ high }) => high),
        interior: list.map(({ interior }) => interior),
      });
      expectGradients(params, [padded], [reals(shape, 1), reals([], 2)]);
    }),
    { numRuns: 80, seed: 2 },
  );
});

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

interface Indexing {
  readonly shape: Shape;
  readonly indices: Shape;
  readonly result: Shape;
  readonly sliceSizes: readonly number[];
  readonly dims: IndexDims;
}

const indexings: fc.Arbitrary<Indexing> = fc
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

/** Indices of which some lie outside. */
function places(shape: Shape, seed: number): Int32Array {
  const next = random(seed);
  return Int32Array.from({ length: sizeOf(shape) }, () => Math.floor(next() * 8) - 2);
}

it("gather along any axes", () => {
  fc.assert(
    fc.property(indexings, fc.integer(), ({ shape, indices, result, sliceSizes, dims }, seed) => {
      const params = [float(shape), parameter({ shape: indices, dtype: "int32" })];
      const gathered = build("gather", params, { ...dims, sliceSizes });
      expect(gathered.shape).toEqual(result);
      expectGradients(params, [gathered], [reals(shape, seed), places(indices, seed)]);
    }),
    { numRuns: 80, seed: 3 },
  );
});

it.each(["set", "add", "multiply", "max", "min"] as const)("scatter %s along any axes", (kind) => {
  fc.assert(
    fc.property(indexings, fc.integer(), ({ shape, indices, result, dims }, seed) => {
      const params = [float(shape), parameter({ shape: indices, dtype: "int32" }), float(result)];
      const args = [reals(shape, seed), places(indices, seed), reals(result, seed + 1)];
      expectGradients(params, [build("scatter", params, { ...dims, kind })], args);
    }),
    { numRuns: 40, seed: 4 },
  );
});
