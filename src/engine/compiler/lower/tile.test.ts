/** Products through tiles of every shape that some machine gets, at sizes around the tiles' edges. */
import { describe, expect, test } from "vitest";
import { createReferenceBackend } from "../../backends/reference/index.ts";
import {
  apply,
  broadcastInDim,
  build,
  constant,
  dotGeneral,
  parameter,
  transpose,
} from "../../graph/build.ts";
import type { Graph, Node } from "../../graph/node.ts";
import { convolution } from "../../graph/window_rows.ts";
import "../../runtime/windows.ts";
import { compileGraph } from "../compile.ts";
import { type Target, tileShape } from "../loop_ir/index.ts";
import { runCompiled } from "../testing.ts";

const targets: readonly Target[] = [
  { fused: false, sums: 8 },
  { fused: true, sums: 9 },
  { fused: true, sums: 12 },
];

const f32 = (...shape: number[]): Node => parameter({ shape, dtype: "float32" });

/** Small integers, so that sums are exact in any order, and a NaN. */
function values(size: number, nan: number): Float32Array {
  const out = Float32Array.from({ length: size }, (_, i) => ((i * 7 + 3) % 11) - 5);
  if (nan < size) out[nan] = Number.NaN;
  return out;
}

/** The first element that differs from the reference, if one does. */
function difference(graph: Graph, target: Target): string | undefined {
  const args = graph.params.map((p, i) =>
    values(
      p.shape.reduce((a, b) => a * b, 1),
      i === 0 ? 5 : 1e9,
    ),
  );
  const [expected] = createReferenceBackend().compile(graph).run(args);
  const result = runCompiled(graph, args, target);
  const off = result.findIndex(
    (v, i) => Math.abs(v - expected![i]!) > 1e-4 || Number.isNaN(v) !== Number.isNaN(expected![i]!),
  );
  return off < 0 ? undefined : `element ${off}: ${result[off]}, expected ${expected![off]}`;
}

/** An epilogue so long that tiles write it once for all of their rows. */
function long(x: Node, y: Node): Node {
  let out = apply("add", x, y);
  for (let i = 0; i < 8; i++) out = apply("subtract", apply("multiply", out, y), x);
  return apply("minimum", apply("maximum", out, y), x);
}

describe.each(targets)("tiles for $sums sums, fused $fused", (target) => {
  test.each([
    [1, 17, 9],
    [5, 17, 4],
    [8, 33, 10],
    [13, 20, 25],
    [26, 16, 31],
    [19, 40, 44],
    [21, 500, 13],
  ])("products of (%i × %i × %i) in all layouts", (m, k, n) => {
    for (const left of [0, 1]) {
      for (const right of [0, 1]) {
        const x = left === 1 ? f32(m, k) : f32(k, m);
        const y = right === 0 ? f32(k, n) : f32(n, k);
        const attrs = { lhsBatch: [], rhsBatch: [], lhsContracting: [left], rhsContracting: [right] };
        const z = dotGeneral(x, y, attrs);
        expect(difference({ params: [x, y], results: [z] }, target)).toBeUndefined();
        const [b, r] = [f32(n), f32(m, n)];
        const biased = apply("add", z, broadcastInDim(b, [m, n], [1]));
        expect(difference({ params: [x, y, b, r], results: [long(biased, r)] }, target)).toBeUndefined();
      }
    }
  });

  test("convolutions", () => {
    for (const [size, features, channels] of [
      [9, 10, 3],
      [7, 20, 1],
      [12, 5, 6],
    ] as const) {
      const [x, kernel] = [f32(2, size, size, channels), f32(3, 3, channels, features)];
      const y = convolution(x, kernel, { strides: [1, 1], dilations: [1, 1], groups: 1 });
      expect(
        difference({ params: [x, kernel], results: [apply("maximum", y, apply("negate", y))] }, target),
      ).toBeUndefined();
    }
  });

  test.each([
    { low: 1, high: 1, interior: 0, strides: 1, dilations: 1 },
    { low: 2, high: 0, interior: 1, strides: 1, dilations: 1 },
    { low: 0, high: 3, interior: 0, strides: 2, dilations: 2 },
    { low: 3, high: 2, interior: 2, strides: 1, dilations: 1 },
    { low: -1, high: 2, interior: 0, strides: 1, dilations: 1 },
  ])("convolutions of padded arrays leave zeros out: $low, $high, $interior, strides $strides", (how) => {
    const along = (n: number): number[] => [0, n, n, 0];
    for (const [batch, size] of [
      [7, 3],
      [2, 6],
    ] as const) {
      const [x, kernel] = [f32(batch, size, size, 16), f32(3, 3, 16, 5)];
      const zero = constant(0, { shape: [], dtype: "float32" });
      const attrs = { low: along(how.low), high: along(how.high), interior: along(how.interior) };
      const padded = build("pad", [x, zero], attrs);
      const [strides, dilations] = [
        [how.strides, how.strides],
        [how.dilations, how.dilations],
      ];
      const y = convolution(padded, kernel, { strides, dilations, groups: 1 });
      expect(difference({ params: [x, kernel], results: [y] }, target)).toBeUndefined();
    }
  });

  test.each([1, 2])("gradients of kernels are written as the kernel lies, in %i groups", (groups) => {
    const [batch, size, channels, features] = [2, 7, 6, 12];
    const x = f32(channels / groups, size, size, batch * groups);
    const [ct, kernel] = [f32(5, 5, batch, features), f32(3, 3, channels / groups, features)];
    const y = convolution(x, ct, { strides: [1, 1], dilations: [1, 1], groups });
    const turned = transpose(y, [1, 2, 0, 3]);
    const updated = apply("subtract", kernel, apply("multiply", turned, kernel));
    expect(difference({ params: [x, ct, kernel], results: [updated] }, target)).toBeUndefined();
    const kernels = compileGraph({ params: [x, ct, kernel], results: [updated] }, { target }).program.steps;
    expect(kernels).toHaveLength(1);
    // Who else reads the sums finds them in their own order.
    const both = { params: [x, ct, kernel], results: [updated, y] };
    expect(difference(both, target)).toBeUndefined();
  });

  test("shapes keep within the registers and cover what there is", () => {
    for (const rows of [1, 2, 3, 7, 64, 128]) {
      for (const columns of [1, 2, 5, 16]) {
        const shape = tileShape(target, rows, columns);
        expect(shape.rows * shape.vectors).toBeLessThanOrEqual(target.sums);
        expect(shape.rows).toBeLessThanOrEqual(rows);
        expect(shape.vectors).toBeLessThanOrEqual(columns);
      }
    }
  });
});

test("gradients of kernels over very many places are summed in pieces", () => {
  const zero = constant(0, { shape: [], dtype: "float32" });
  const [x, ct, kernel] = [f32(3, 14, 14, 64), f32(14, 14, 64, 5), f32(2, 2, 3, 5)];
  const padded = build("pad", [x, zero], { low: [0, 1, 0, 0], high: [0, 0, 1, 0], interior: [0, 0, 0, 0] });
  const y = convolution(padded, ct, { strides: [1, 1], dilations: [1, 1], groups: 1 });
  const updated = apply("subtract", kernel, transpose(y, [1, 2, 0, 3]));
  expect(difference({ params: [x, ct, kernel], results: [updated] }, targets[2]!)).toBeUndefined();
});

test.each(targets)("products with very long sums are added up in pieces, for $sums sums", (target) => {
  for (const [m, n] of [
    [5, 9],
    [21, 18],
    [70, 6],
  ] as const) {
    const [x, y, kernel] = [f32(13, 100, m), f32(100, 13, n), f32(m, n)];
    const attrs = { lhsBatch: [], rhsBatch: [], lhsContracting: [0, 1], rhsContracting: [1, 0] };
    const updated = apply("subtract", kernel, dotGeneral(x, y, attrs));
    expect(difference({ params: [x, y, kernel], results: [updated] }, target)).toBeUndefined();
  }
});

test("the order of the terms of a long sum does not depend on pieces", () => {
  const [k, m, n] = [1100, 9, 8];
  const [x, y] = [f32(k, m), f32(k, n)];
  const attrs = { lhsBatch: [], rhsBatch: [], lhsContracting: [0], rhsContracting: [0] };
  const fraction = (size: number, by: number): Float32Array =>
    Float32Array.from({ length: size }, (_, i) => Math.sin(i * by));
  const [a, b] = [fraction(k * m, 1.1), fraction(k * n, 0.7)];
  const result = runCompiled({ params: [x, y], results: [dotGeneral(x, y, attrs)] }, [a, b]);
  for (const [i, j] of [
    [0, 0],
    [8, 7],
    [4, 2],
  ] as const) {
    let sum = 0;
    for (let l = 0; l < k; l++) sum = Math.fround(a[l * m + i]! * b[l * n + j]! + sum);
    expect(result[i * n + j]).toBe(sum);
  }
});
