/** Gradients of the primitives with many ways to name axes, for random ways. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { dots, indexings, paddings } from "../../../test/support/arbitraries.ts";
import { expectGradients, random } from "../../../test/support/finite_differences.ts";
import { build, parameter } from "../graph/build.ts";
import type { Node } from "../graph/node.ts";
import { type Shape, sizeOf } from "../tensor/shape.ts";

const float = (shape: Shape): Node => parameter({ shape, dtype: "float64" });

function reals(shape: Shape, seed: number): Float64Array {
  const next = random(seed);
  return Float64Array.from({ length: sizeOf(shape) }, () => next() * 2 - 1);
}

it("dot_general along any axes", () => {
  fc.assert(
    fc.property(dots(fc.integer({ min: 0, max: 3 })), ({ lhs, rhs, attrs }) => {
      const params = [float(lhs), float(rhs)];
      expectGradients(params, [build("dot_general", params, attrs)], [reals(lhs, 1), reals(rhs, 2)]);
    }),
    { numRuns: 60, seed: 1 },
  );
});

it("pad by any amounts, negative ones too", () => {
  fc.assert(
    fc.property(paddings, ({ shape, attrs }) => {
      const params = [float(shape), float([])];
      expectGradients(params, [build("pad", params, attrs)], [reals(shape, 1), reals([], 2)]);
    }),
    { numRuns: 80, seed: 2 },
  );
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
