/** What becomes one kernel, what works in place, and what has to be copied. That the numbers are right is tested elsewhere. */
import { describe, expect, test } from "vitest";
import {
  apply,
  broadcastInDim,
  build,
  constant,
  convert,
  dotGeneral,
  loop,
  parameter,
  reduce,
  reshape,
  slice,
  transpose,
} from "../graph/build.ts";
import type { Graph, Node } from "../graph/node.ts";
import { compileGraph } from "./compile.ts";
import type { Step } from "./loop_ir/index.ts";

const f32 = (...shape: number[]): Node => parameter({ shape, dtype: "float32" });
const int32 = (): Node => parameter({ shape: [], dtype: "int32" });

/** The steps of a program: kernels by what they compute, copies, and loops with a list inside. */
type Outline = readonly (string | Outline)[];

function outline(steps: readonly Step[]): Outline {
  return steps.map((s) =>
    s.kind === "kernel" ? s.kernel.name : s.kind === "copy" ? "copy" : outline(s.body),
  );
}

function compiled(graph: Graph, donations: readonly (number | undefined)[] = []): Outline {
  return outline(compileGraph(graph, { donations }).program.steps);
}

const product = (x: Node, y: Node): Node => {
  return dotGeneral(x, y, { lhsBatch: [], rhsBatch: [], lhsContracting: [1], rhsContracting: [0] });
};

describe("one kernel computes", () => {
  test("a chain of elementwise operations and views", () => {
    const [x, y] = [f32(4, 6), f32(6)];
    const z = apply("multiply", apply("add", x, broadcastInDim(y, [4, 6], [1])), x);
    const turned = transpose(reshape(apply("tanh", z), [3, 8]), [1, 0]);
    expect(compiled({ params: [x, y], results: [apply("negate", turned)] })).toEqual(["negate"]);
  });

  test("a product with bias, activation and residual", () => {
    const [x, w, b, r] = [f32(8, 16), f32(16, 32), f32(32), f32(8, 32)];
    const z = apply("add", product(x, w), broadcastInDim(b, [8, 32], [1]));
    const graph = { params: [x, w, b, r], results: [apply("add", apply("logistic", z), r)] };
    expect(compiled(graph)).toEqual(["dot_general+add"]);
    expect(compiled(graph, [3])).toEqual(["dot_general+add"]);
  });

  test("a reduction with what is made of its terms before and of the sum afterwards", () => {
    const x = f32(8, 16);
    const mean = apply("divide", reduce("sum", apply("multiply", x, x), [1]), constant(16, f32(8)));
    expect(compiled({ params: [x], results: [apply("sqrt", mean)] })).toEqual(["reduce+sqrt"]);
  });

  test("an optimizer's step, in place", () => {
    const [p, m, v, g] = [f32(50), f32(50), f32(50), f32(50)];
    const nextM = apply("add", apply("multiply", m, constant(0.9, m)), g);
    const nextV = apply("add", v, apply("multiply", g, g));
    const nextP = apply("subtract", p, apply("divide", nextM, apply("sqrt", nextV)));
    const graph = { params: [p, m, v, g], results: [nextP, nextM, nextV] };
    expect(compiled(graph, [0, 1, 2])).toEqual(["add+add+subtract"]);
  });
});

describe("copies are made", () => {
  const [a, b] = [f32(50), f32(50)];

  test("for results that are parameters", () => {
    expect(compiled({ params: [a, b], results: [a, b] })).toEqual(["copy", "copy"]);
    expect(compiled({ params: [a, b], results: [a, b] }, [0, 1])).toEqual([]);
  });

  test("where an operand is read by place", () => {
    const turned = apply("negate", build("reverse", [a], { axes: [0] }));
    expect(compiled({ params: [a], results: [turned] })).toEqual(["negate"]);
    expect(compiled({ params: [a], results: [turned] }, [0])).toEqual(["negate", "copy"]);
    expect(compiled({ params: [a, b], results: [turned] }, [1])).toEqual(["negate"]);
  });

  test("where the old value is still needed at the end", () => {
    const sum = apply("add", a, b);
    expect(compiled({ params: [a, b], results: [sum, b] }, [0, 1])).toEqual(["add"]);
    expect(compiled({ params: [a, b], results: [sum, a] }, [0, 1])).toEqual(["copy", "add", "copy"]);
  });

  test("of what an update starts from, unless that is given away", () => {
    const i = int32();
    const graph = {
      params: [a, b, i],
      results: [build("dynamic_update_slice", [a, slice(b, [0], [5]), i], {})],
    };
    expect(compiled(graph)).toEqual(["copy", "dynamic_update_slice"]);
    expect(compiled(graph, [0])).toEqual(["dynamic_update_slice"]);
  });
});

describe("groups are kept apart", () => {
  test("where one needs the other as a whole", () => {
    const x = f32(8, 16);
    const e = apply("exponential", x);
    const total = broadcastInDim(reduce("sum", e, [1]), [8, 16], [0]);
    const graph = { params: [x], results: [apply("divide", e, total)] };
    expect(compiled(graph)).toEqual(["exponential", "reduce; divide"]);
  });

  test("and readers of the old value come before what overwrites it", () => {
    const [w, x] = [f32(16, 16), f32(16, 16)];
    const next = apply("subtract", w, x);
    const steps = compiled({ params: [w, x], results: [next, product(x, w)] }, [0]);
    expect(steps).toEqual(["dot_general", "subtract"]);
  });
});

test("a loop's carried values live where they began, and only its body runs every round", () => {
  const [x, w] = [f32(8, 8), f32(8, 8)];
  const [i, c, k] = [int32(), f32(8, 8), f32(8, 8)];
  const step = apply("add", c, broadcastInDim(convert(i, "float32"), [8, 8], []));
  const count = constant(3, { shape: [], dtype: "int32" });
  const [out] = loop(count, [x], [product(w, w)], {
    params: [i, c, k],
    results: [apply("multiply", step, k)],
  });
  const graph = { params: [x, w], results: [out!] };
  expect(compiled(graph, [0])).toEqual(["constant", "dot_general", ["multiply"]]);
  expect(compiled(graph)).toEqual(["constant", "dot_general", "copy", ["multiply"]]);
});

test("buffers of a program share memory, so that a long chain takes two", () => {
  let x = f32(64, 64);
  const params = [x];
  for (let i = 0; i < 10; i++) x = product(x, x);
  const { program } = compileGraph({ params, results: [x] });
  const scratch = program.steps.flatMap((s) => (s.kind === "kernel" ? s.kernel.scratch : []));
  const panels = Math.max(0, ...scratch.map((b) => b.size * 4));
  expect(program.arenaBytes).toBeLessThanOrEqual(2 * 64 * 64 * 4 + 2 * panels);
});

describe("programs of thousands of operations", () => {
  test("become many kernels", () => {
    const x = f32(4);
    let y = x;
    for (let i = 0; i < 3000; i++) y = apply("add", y, apply("multiply", x, constant(i, x)));
    const steps = compiled({ params: [x], results: [y] });
    expect(steps.length).toBeGreaterThan(10);
    expect(steps.length).toBeLessThan(50);
  });

  test("that do nothing but move elements do not tangle up the arithmetic on places", () => {
    const x = f32(12);
    let y = x;
    for (let i = 0; i < 100; i++) {
      y = build("reverse", [reshape(transpose(reshape(y, [4, 3]), [1, 0]), [12])], { axes: [0] });
    }
    expect(compiled({ params: [x], results: [y] }).length).toBeLessThan(60);
  });

  test("that look up where to look up", () => {
    const [x, at] = [f32(12), parameter({ shape: [12, 1], dtype: "int32" })];
    let y = x;
    for (let i = 0; i < 1000; i++) {
      y = build("gather", [y, at], {
        offsetDims: [],
        collapsedSliceDims: [0],
        operandBatchingDims: [],
        indicesBatchingDims: [],
        startIndexMap: [0],
        sliceSizes: [1],
      });
    }
    expect(compiled({ params: [x, at], results: [y] }).length).toBeLessThan(50);
  });
});

test("ports say what goes in and comes out", () => {
  const [x, i] = [f32(3, 4), int32()];
  const it = compileGraph(
    { params: [x, i], results: [reduce("sum", x, [0]), apply("negate", x)] },
    { donations: [undefined, 0] },
  );
  expect(it.params).toEqual([
    { dtype: "float32", size: 12 },
    { dtype: "int32", size: 1 },
  ]);
  expect(it.results.map((r) => r.size)).toEqual([4, 12]);
  expect(it.resultSlots[1]).toBeUndefined();
  expect(new Set([...it.paramSlots, it.resultSlots[0]]).size).toBe(it.slotCount);
});
