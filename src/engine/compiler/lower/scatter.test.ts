/** Updates of rows, which are done in vectors, against the reference: rows that meet, and rows outside. */
import { describe, expect, test } from "vitest";
import { createReferenceBackend } from "../../backends/reference/index.ts";
import { build, parameter } from "../../graph/build.ts";
import type { ScatterKind } from "../../graph/primitives.ts";
import { arrayOf, type DType, type TypedArray } from "../../tensor/dtype.ts";
import { compileGraph } from "../compile.ts";
import { runCompiled } from "../testing.ts";

const kinds: readonly ScatterKind[] = ["set", "add", "multiply", "max", "min"];

describe.each(kinds)("scatter %s", (kind) => {
  test.each<[number, DType]>([
    [3, "float32"],
    [4, "float32"],
    [37, "float32"],
    [70, "float32"],
    [37, "uint8"],
    [6, "float64"],
  ])("rows of %i %s", (width, dtype) => {
    const rows = 5;
    const indices = Int32Array.of(2, 0, 2, -1, 4, 5, 2, 0);
    const x = parameter({ shape: [rows, width], dtype });
    const at = parameter({ shape: [indices.length, 1], dtype: "int32" });
    const updates = parameter({ shape: [indices.length, width], dtype });
    const result = build("scatter", [x, at, updates], {
      kind,
      offsetDims: [1],
      collapsedSliceDims: [0],
      operandBatchingDims: [],
      indicesBatchingDims: [],
      startIndexMap: [0],
    });
    const graph = { params: [x, at, updates], results: [result] };
    const some = (size: number, by: number): TypedArray =>
      new (arrayOf(dtype))(size).map((_: number, i: number) => (i * by) % 13);
    const args = [some(rows * width, 5), indices, some(indices.length * width, 7)];
    const [expected] = createReferenceBackend().compile(graph).run(args);
    expect(Array.from(runCompiled(graph, args))).toEqual(Array.from(expected!));
  });
});

test("parts of rows may go to several threads, and updates keep their order", () => {
  const [x, at, updates] = [
    parameter({ shape: [3, 64], dtype: "float32" }),
    parameter({ shape: [2, 1], dtype: "int32" }),
    parameter({ shape: [2, 64], dtype: "float32" }),
  ];
  const attrs = {
    kind: "add",
    offsetDims: [1],
    collapsedSliceDims: [0],
    operandBatchingDims: [],
    indicesBatchingDims: [],
    startIndexMap: [0],
  } as const;
  const { program } = compileGraph({
    params: [x, at, updates],
    results: [build("scatter", [x, at, updates], attrs)],
  });
  const kernel = program.steps.find((s) => s.kind === "kernel" && s.kernel.name === "scatter");
  const [parts] = kernel?.kind === "kernel" ? kernel.kernel.body : [];
  expect(parts).toMatchObject({ kind: "for", parallel: true, end: 64, step: 32 });
  expect(parts?.kind === "for" && parts.body[0]).toMatchObject({ kind: "for", parallel: false, end: 2 });
});
