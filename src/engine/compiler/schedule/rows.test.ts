// Kernels over the same rows become one; results stay those of the reference.
import { describe, expect, test } from "vitest";
import { createReferenceBackend } from "../../backends/reference/index.ts";
import { createWasmBackend } from "../../backends/wasm/index.ts";
import { apply, broadcastInDim, parameter, reduce, transpose } from "../../graph/build.ts";
import type { Graph, Node } from "../../graph/node.ts";
import { compileGraph } from "../compile.ts";
import type { Stmt } from "../loop_ir/index.ts";

const names = (graph: Graph): string[] =>
  compileGraph(graph).program.steps.map((s) => (s.kind === "kernel" ? s.kernel.name : s.kind));

function softmax(x: Node): Node {
  const wide = (row: Node): Node => broadcastInDim(row, x.shape, [0]);
  const e = apply("exponential", apply("subtract", x, wide(reduce("max", x, [1]))));
  return apply("divide", e, wide(reduce("sum", e, [1])));
}

describe("rows", () => {
  test.each([
    [4, 16],
    [7, 33],
    [64, 12],
    [2, 1000],
  ])("the softmax of %i rows of %i is one kernel and right", (rows, columns) => {
    const x = parameter({ shape: [rows, columns], dtype: "float32" });
    const graph = { params: [x], results: [softmax(x)] };
    expect(names(graph)).toEqual(["reduce; exponential; reduce; divide"]);
    const data = Float32Array.from({ length: rows * columns }, (_, i) => 5 * Math.sin(i * i));
    const [actual] = createWasmBackend().compile(graph).run([data]);
    const [expected] = createReferenceBackend().compile(graph).run([data]);
    actual!.forEach((a, i) => {
      expect(Math.abs(a - expected![i]!)).toBeLessThan(1e-6);
    });
  });

  test("rows are shared out whole, long ones not fused", () => {
    const x = parameter({ shape: [8, 6000], dtype: "float32" });
    const { program } = compileGraph({ params: [x], results: [softmax(x)] });
    const [step] = program.steps;
    const parallel = (s: Stmt): boolean => s.kind === "for" && (s.parallel || s.body.some(parallel));
    const [loop] = step?.kind === "kernel" ? step.kernel.body : [];
    expect(loop?.kind === "for" && loop.parallel && !loop.body.some(parallel)).toBe(true);
    const long = parameter({ shape: [8, 60000], dtype: "float32" });
    expect(names({ params: [long], results: [softmax(long)] })).toEqual([
      "reduce",
      "exponential",
      "reduce",
      "divide",
    ]);
  });

  test("what needs other rows waits for all of them", () => {
    const x = parameter({ shape: [16, 16], dtype: "float32" });
    const y = softmax(x);
    const graph = { params: [x], results: [reduce("sum", apply("multiply", transpose(y, [1, 0]), x), [1])] };
    expect(names(graph)).toEqual(["reduce; exponential; reduce", "reduce"]);
  });
});
