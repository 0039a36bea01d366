/** Primitives that move elements or sum them, as ONNX, against the reference. */
import * as fc from "fast-check";
import { describe, test } from "vitest";
import { createReferenceBackend } from "../../src/engine/backends/reference/index.ts";
import type { Primitive } from "../../src/engine/graph/primitives.ts";
import { printGraph } from "../../src/engine/graph/print.ts";
import { type Tensor, type TypedArray, tensor } from "../../src/engine/index.ts";
import { onnxModel } from "../../src/keras/export/onnx/index.ts";
import { runOnnx } from "../support/onnx_runtime.ts";
import { patience, runs } from "../support/runs.ts";
import { cases, type Sample } from "./cases.ts";

const reference = createReferenceBackend();

async function check({ params, results, args }: Sample): Promise<void> {
  const graph = { params, results };
  const [expected] = reference.compile(graph).run(args) as [TypedArray];
  const names = params.map((_, i) => `x${i}`);
  const file = onnxModel(
    {
      name: "one",
      graphs: [graph, graph],
      composites: [[], []],
      values: [],
      inputs: names,
      outputs: ["y"],
      valueNames: [],
    },
    18,
    "test",
  );
  const inputs = params.map((p, i): [string, Tensor] => [
    `x${i}`,
    tensor(args[i] as TypedArray, { dtype: p.dtype, shape: p.shape }),
  ]);
  const actual = (await runOnnx(file, Object.fromEntries(inputs)))["y"]!.dataSync();
  const largest = Math.max(1, ...expected.map(Math.abs).filter(Number.isFinite));
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i]!, expected[i]!];
    if (a === e || Math.abs(a - e) <= 1e-5 * largest || (Number.isNaN(a) && Number.isNaN(e))) continue;
    throw new Error(`element ${i}: ${a}, expected ${e}\n${printGraph(graph)}`);
  }
}

/** Runtimes have these for float32 and int32; what has no elements, or is no number, is no concern of theirs. */
const fits = ({ params, results, args }: Sample): boolean =>
  !args.some((values) => values.some(Number.isNaN)) &&
  [...params, ...results].every(
    ({ dtype, shape }) => ["float32", "int32", "bool"].includes(dtype) && !shape.includes(0),
  );

const primitives: readonly Primitive[] = [
  ...(["reshape", "transpose", "broadcast_in_dim", "slice", "pad", "concatenate", "reverse"] as const),
  ...(["gather", "dynamic_slice", "dynamic_update_slice", "scatter", "iota", "select", "compare"] as const),
  ...(["dot_general", "convolution", "reduce_window", "reduce", "arg_reduce", "arg_sort", "loop"] as const),
];

describe("primitives as ONNX", () => {
  test.each(primitives)("%s", { timeout: patience }, async (name) => {
    const samples = (cases as Record<string, fc.Arbitrary<Sample>>)[name]!.filter(
      (sample) => fits(sample) && (name !== "convolution" || sample.results[0]!.dtype === "float32"),
    );
    await fc.assert(fc.asyncProperty(samples, check), runs(12));
  });
});
