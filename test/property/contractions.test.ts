/**
 * Matrix products of all sizes around the edges of tiles, in all layouts, with what compilers fuse into them. The numbers
 * are small and whole, so that every order of adding up gives the same bits.
 */
import * as fc from "fast-check";
import { test } from "vitest";
import {
  apply,
  broadcastInDim,
  constantLike,
  dotGeneral,
  parameter,
  reduce,
} from "../../src/engine/graph/build.ts";
import type { Graph, Node } from "../../src/engine/graph/node.ts";
import type { DType } from "../../src/engine/tensor/dtype.ts";
import { sizeOf } from "../../src/engine/tensor/shape.ts";
import { filled } from "../support/agreement.ts";
import { random } from "../support/finite_differences.ts";
import { patience, runs } from "../support/runs.ts";
import { check } from "./check.ts";

/** Checks a graph on small numbers; `donations` as for `compile`. */
function checkProduct(graph: Graph, seed: number, donations: readonly (number | undefined)[] = []): void {
  const next = random(seed);
  const args = graph.params.map((p) => filled(p.dtype, sizeOf(p.shape), () => Math.floor(next() * 4)));
  check({ graph, args, donations: graph.results.map((_, i) => donations[i]) });
}

const length = fc.oneof(
  fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 24, 31, 32, 33, 63, 64, 65),
  fc.integer({ min: 1, max: 70 }),
);
const dtype = fc.constantFrom<DType>("float32", "float32", "float32", "float64", "int32", "uint8", "uint32");
const sizes = fc.record({ m: length, n: length, k: length, seed: fc.nat() });

interface Layout {
  readonly left: boolean;
  readonly right: boolean;
}
const layout = fc.record({ left: fc.boolean(), right: fc.boolean() });

/** A product of (m, k) with (k, n), either of which may be stored the other way round, after batch axes. */
function product(
  batch: readonly number[],
  { m, n, k }: { m: number; n: number; k: number },
  { left, right }: Layout,
  type: DType,
): { x: Node; y: Node; z: Node } {
  const x = parameter({ shape: [...batch, ...(left ? [k, m] : [m, k])], dtype: type });
  const y = parameter({ shape: [...batch, ...(right ? [n, k] : [k, n])], dtype: type });
  const axes = batch.map((_, i) => i);
  const z = dotGeneral(x, y, {
    lhsBatch: axes,
    rhsBatch: axes,
    lhsContracting: [batch.length + (left ? 0 : 1)],
    rhsContracting: [batch.length + (right ? 1 : 0)],
  });
  return { x, y, z };
}

const plain = { left: false, right: false };
const relu = (x: Node): Node => apply("maximum", x, constantLike(0, x));

test("in all layouts", { timeout: patience }, () => {
  fc.assert(
    fc.property(sizes, layout, dtype, (size, how, type) => {
      const { x, y, z } = product([], size, how, type);
      checkProduct({ params: [x, y], results: [z] }, size.seed);
    }),
    runs(50),
  );
});

test("in batches", { timeout: patience }, () => {
  const small = fc.record({
    m: fc.integer({ min: 1, max: 20 }),
    n: fc.integer({ min: 1, max: 20 }),
    k: fc.integer({ min: 1, max: 20 }),
    seed: fc.nat(),
  });
  const batches = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 2 });
  fc.assert(
    fc.property(batches, small, layout, (batch, size, how) => {
      const { x, y, z } = product(batch, size, how, "float32");
      checkProduct({ params: [x, y], results: [z] }, size.seed);
    }),
    runs(15),
  );
});

test("of transposed operands", { timeout: patience }, () => {
  fc.assert(
    fc.property(sizes, ({ m, n, k, seed }) => {
      // Both operands are computed and turned on the way in.
      const x = parameter({ shape: [k, m], dtype: "float32" });
      const y = parameter({ shape: [n, k], dtype: "float32" });
      const turn = { lhsBatch: [], rhsBatch: [], lhsContracting: [0], rhsContracting: [1] };
      const z = dotGeneral(relu(x), apply("negate", y), turn);
      checkProduct({ params: [x, y], results: [z, reduce("sum", z, [0])] }, seed);
    }),
    runs(20),
  );
});

test("of vectors, and sums down the columns", { timeout: patience }, () => {
  const wide = fc.record({
    n: fc.integer({ min: 60, max: 600 }),
    k: fc.integer({ min: 1, max: 40 }),
    middle: fc.integer({ min: 1, max: 3 }),
    seed: fc.nat(),
  });
  fc.assert(
    fc.property(wide, dtype, ({ n, k, middle, seed }, type) => {
      const x = parameter({ shape: [middle, k], dtype: type });
      const y = parameter({ shape: [middle, k, n], dtype: type });
      const both = { lhsBatch: [], rhsBatch: [], lhsContracting: [0, 1], rhsContracting: [0, 1] };
      const z = relu(dotGeneral(x, y, both));
      const sums = reduce("max", y, [1]);
      checkProduct({ params: [x, y], results: [z, sums, reduce("sum", y, [0, 1])] }, seed);
    }),
    runs(15),
  );
});

test("with bias, activation and residual", { timeout: patience }, () => {
  fc.assert(
    fc.property(sizes, layout, fc.nat({ max: 15 }), (size, how, parts) => {
      const { x, y, z } = product([], size, how, "float32");
      const bias = parameter({ shape: [size.n], dtype: "float32" });
      const residual = parameter({ shape: z.shape, dtype: "float32" });
      let out = z;
      if (parts & 1) out = apply("add", out, broadcastInDim(bias, z.shape, [1]));
      if (parts & 2) out = relu(out);
      if (parts & 4) out = apply("subtract", out, residual);
      const results = parts & 8 ? [out, z] : [out];
      checkProduct({ params: [x, y, bias, residual], results }, size.seed);
      // The result takes the residual's place.
      checkProduct({ params: [x, y, bias, residual], results }, size.seed, [3]);
    }),
    runs(15),
  );
});

test("whose result updates the operand", { timeout: patience }, () => {
  // A layer's step: forward, backward and update of the weights in place, with and without momentum.
  fc.assert(
    fc.property(sizes, fc.boolean(), ({ m, n, k, seed }, momentum) => {
      const x = parameter({ shape: [m, k], dtype: "float32" });
      const w = parameter({ shape: [k, n], dtype: "float32" });
      const b = parameter({ shape: [n], dtype: "float32" });
      const v = parameter({ shape: [k, n], dtype: "float32" });
      const forward = dotGeneral(x, w, {
        lhsBatch: [],
        rhsBatch: [],
        lhsContracting: [1],
        rhsContracting: [0],
      });
      const h = relu(apply("add", forward, broadcastInDim(b, forward.shape, [1])));
      // Keeps the numbers small.
      const g = apply("remainder", h, constantLike(5, h));
      const dw = dotGeneral(x, g, { lhsBatch: [], rhsBatch: [], lhsContracting: [0], rhsContracting: [0] });
      const dx = dotGeneral(g, w, { lhsBatch: [], rhsBatch: [], lhsContracting: [1], rhsContracting: [1] });
      const step = momentum ? apply("add", v, dw) : dw;
      const results = [apply("subtract", w, step), apply("subtract", b, reduce("sum", g, [0])), step, dx];
      checkProduct({ params: [x, w, b, v], results }, seed, [1, 2, 3]);
    }),
    runs(15),
  );
});

test("that overwrite what they read", { timeout: patience }, () => {
  // w becomes w·w: no element may be written before all that need the old ones are done.
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(), layout, (n, seed, how) => {
      const { x, y } = product([], { m: n, n, k: n }, plain, "float32");
      const dot = {
        lhsBatch: [],
        rhsBatch: [],
        lhsContracting: [how.left ? 0 : 1],
        rhsContracting: [how.right ? 1 : 0],
      };
      checkProduct({ params: [x, y], results: [dotGeneral(x, x, dot), y] }, seed, [0, 1]);
      checkProduct({ params: [x, y], results: [dotGeneral(x, y, dot), dotGeneral(y, x, dot)] }, seed, [0, 1]);
      checkProduct({ params: [x, y], results: [dotGeneral(x, y, dot), x] }, seed, [0, 1]);
    }),
    runs(15),
  );
});
