/**
 * Convolutions and pooling around the edges of tiles, panels and parts, with their gradients and what compilers fuse into
 * them. The numbers are small and whole, so that every order of adding up gives the same bits.
 */
import * as fc from "fast-check";
import { test } from "vitest";
import { vjpGraph } from "../../src/engine/autodiff/grad.ts";
import { createReferenceBackend } from "../../src/engine/backends/reference/index.ts";
import { createWasmBackend } from "../../src/engine/backends/wasm/index.ts";
import {
  apply,
  broadcastInDim,
  build,
  constant,
  constantLike,
  parameter,
  reduce,
} from "../../src/engine/graph/build.ts";
import { convolution, reduceWindow } from "../../src/engine/graph/window_rows.ts";
import "../../src/engine/runtime/windows.ts";
import type { Graph, Node } from "../../src/engine/graph/node.ts";
import { printGraph } from "../../src/engine/graph/print.ts";
import { simplify } from "../../src/engine/graph/simplify.ts";
import { verify } from "../../src/engine/graph/verify.ts";
import type { DType, TypedArray } from "../../src/engine/tensor/dtype.ts";
import { sizeOf } from "../../src/engine/tensor/shape.ts";
import { difference, filled, sameNumber } from "../support/agreement.ts";
import { convolutions, windows } from "../support/arbitraries.ts";
import { random } from "../support/finite_differences.ts";
import { patience, runs } from "../support/runs.ts";

const reference = createReferenceBackend();
const wasm = createWasmBackend();

/** Compares a graph on wasm with the reference. */
function check(graph: Graph, seed: number): void {
  const next = random(seed);
  const args = graph.params.map((p) => filled(p.dtype, sizeOf(p.shape), () => Math.floor(next() * 4) - 1));
  const expected = reference.compile(graph).run(args) as TypedArray[];
  for (const it of [graph, simplify(graph)]) {
    verify(it);
    const problem = difference(wasm.compile(it).run(args), expected, sameNumber);
    if (problem !== undefined) throw new Error(`${problem}\n${printGraph(it)}`);
  }
}

const type = (shape: readonly number[], dtype: DType = "float32") => ({ shape, dtype });
const relu = (x: Node): Node => apply("maximum", x, constantLike(0, x));

/** A function's results and its gradients along a cotangent. */
function withGradients(params: readonly Node[], result: Node): Graph {
  const cotangent = parameter(result);
  return {
    params: [...params, cotangent],
    results: [result, ...vjpGraph([result], [cotangent], params)],
  };
}

const features = fc.constantFrom(1, 2, 3, 4, 7, 8, 9, 16, 17);

test("convolutions and their gradients", { timeout: patience }, () => {
  fc.assert(
    fc.property(convolutions(features), fc.nat(), ({ x, kernel, attrs }, seed) => {
      fc.pre(sizeOf(x) * sizeOf(kernel) <= 4e5);
      const params = [parameter(type(x)), parameter(type(kernel))];
      check(withGradients(params, build("convolution", params, attrs)), seed);
    }),
    runs(150),
  );
});

test("convolutions with padding, bias and activation", { timeout: patience }, () => {
  const padding = fc.integer({ min: -1, max: 2 });
  const sides = fc.record({ low: padding, high: padding, interior: fc.nat({ max: 1 }) });
  fc.assert(
    fc.property(
      convolutions(features),
      sides,
      fc.nat(),
      fc.boolean(),
      ({ x, kernel, attrs }, pad, seed, both) => {
        fc.pre(sizeOf(x) * sizeOf(kernel) <= 4e5 && x.every((n) => n > 1));
        const params = [parameter(type(x)), parameter(type(kernel)), parameter(type([kernel.at(-1)!]))];
        const inside = (by: number): number[] => x.map((_, d) => (d === 0 || d === x.length - 1 ? 0 : by));
        const padded = build("pad", [params[0]!, constant(0, type([]))], {
          low: inside(pad.low),
          high: inside(pad.high),
          interior: inside(pad.interior),
        });
        const z = convolution(padded, params[1]!, attrs);
        const bias = broadcastInDim(params[2]!, z.shape, [z.shape.length - 1]);
        const graph = withGradients(params, relu(apply("add", z, bias)));
        check(both ? { ...graph, results: [...graph.results, z, reduce("sum", z, [0])] } : graph, seed);
      },
    ),
    runs(100),
  );
});

test("long sums, wide results and many samples", { timeout: patience }, () => {
  // Sums are cut in pieces, columns and rows in parts.
  const cases = [
    { x: [3, 5, 600], kernel: [2, 600, 9], strides: [1], groups: 1 },
    { x: [1, 3, 3, 700], kernel: [3, 3, 700, 130], strides: [1, 1], groups: 1 },
    { x: [19, 9, 9, 3], kernel: [3, 3, 3, 70], strides: [2, 1], groups: 1 },
    { x: [130, 12, 7, 1], kernel: [2, 3, 1, 18], strides: [1, 1], groups: 1 },
    { x: [66, 14, 13, 4], kernel: [3, 3, 2, 6], strides: [1, 1], groups: 2 },
    { x: [2, 40, 3000], kernel: [1, 3000, 5], strides: [3], groups: 1 },
    { x: [260, 8, 8, 1], kernel: [3, 3, 1, 4], strides: [1, 1], groups: 1 },
  ];
  for (const [seed, { x, kernel, strides, groups }] of cases.entries()) {
    const params = [parameter(type(x)), parameter(type(kernel))];
    const z = convolution(params[0]!, params[1]!, { strides, dilations: strides.map(() => 1), groups });
    check(withGradients(params, relu(z)), seed);
  }
});

test("pooling and its gradients", { timeout: patience }, () => {
  const kinds = fc.constantFrom<"sum" | "max" | "min">("sum", "max", "min");
  fc.assert(
    fc.property(windows, kinds, fc.nat(), fc.nat({ max: 3 }), ({ shape, of }, kind, seed, fused) => {
      const x = parameter(type(shape));
      const y = fused & 1 ? relu(x) : x;
      const z = reduceWindow(y, { kind, ...of });
      check(withGradients([x], fused & 2 ? apply("multiply", z, z) : z), seed);
    }),
    runs(200),
  );
});
