// Equal layers are lowered once, and each computes with its own arrays.
import { describe, expect, test } from "vitest";
import { createReferenceBackend } from "../../backends/reference/index.ts";
import { createWasmBackend } from "../../backends/wasm/index.ts";
import { apply, parameter } from "../../graph/build.ts";
import type { Graph, Node } from "../../graph/node.ts";
import { matmul } from "../../graph/numeric.ts";
import { compileGraph } from "../compile.ts";
import type { Kernel, LoopVar } from "../loop_ir/index.ts";

const square = (): Node => parameter({ shape: [24, 24], dtype: "float32" });
const layer = (x: Node, w: Node, b: Node): Node => apply("tanh", apply("add", matmul(x, w), b));

function kernels(graph: Graph): Kernel[] {
  return compileGraph(graph).program.steps.flatMap((s) => (s.kind === "kernel" ? [s.kernel] : []));
}

/** Kernels that were lowered together have the loop variables of the first of them. */
function firstLoop({ body }: Kernel): LoopVar | undefined {
  return body.flatMap((s) => (s.kind === "for" ? [s.variable] : []))[0];
}

function check(graph: Graph): void {
  const data = graph.params.map((p, k) =>
    Float32Array.from({ length: p.shape[0]! * p.shape[1]! }, (_, i) => 0.3 * Math.sin(i * (k + 1))),
  );
  const actual = createWasmBackend().compile(graph).run(data);
  const expected = createReferenceBackend().compile(graph).run(data);
  expected.forEach((values, r) => {
    values!.forEach((e, i) => {
      expect(Math.abs(actual[r]![i]! - e)).toBeLessThan(1e-5);
    });
  });
}

describe("groups that are alike", () => {
  test("are lowered once, whatever arrays they read and write", () => {
    const [x, w1, b1, w2, b2, w3, b3] = [1, 2, 3, 4, 5, 6, 7].map(square) as [
      Node,
      Node,
      Node,
      Node,
      Node,
      Node,
      Node,
    ];
    const hidden = layer(x, w1, b1);
    const graph = {
      params: [x, w1, b1, w2, b2, w3, b3],
      results: [layer(layer(hidden, w2, b2), w3, b3)],
    };
    const [first, second, third] = kernels(graph);
    expect(firstLoop(second!)).toBe(firstLoop(first!));
    expect(firstLoop(third!)).toBe(firstLoop(first!));
    expect(second!.reads).toContain(first!.writes.at(-1));
    expect(third!.reads).toContain(second!.writes.at(-1));
    expect(second!.scratch[0]).not.toBe(first!.scratch[0]);
    check(graph);
  });

  test("are not those that read one array twice, or that also write what lies between", () => {
    const [x, w, b] = [1, 2, 3].map(square) as [Node, Node, Node];
    const inner = apply("add", matmul(x, w), b);
    const graph = {
      params: [x, w, b],
      results: [layer(w, x, b), layer(x, x, b), layer(w, w, w), inner, apply("tanh", inner)],
    };
    const loops = kernels(graph).map(firstLoop);
    expect(new Set(loops).size).toBe(loops.length);
    check(graph);
  });
});
