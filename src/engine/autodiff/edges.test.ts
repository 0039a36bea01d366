/** Gradients at kinks, zeros and other places where a careless rule gives NaN or counts twice. */
import { describe, expect, it } from "vitest";
import { run } from "../../../test/support/finite_differences.ts";
import { apply, build, constant, parameter } from "../graph/build.ts";
import type { Node } from "../graph/node.ts";
import type { IndexDims } from "../graph/primitives.ts";
import type { Shape } from "../tensor/shape.ts";
import { gradients } from "./grad.ts";

const { POSITIVE_INFINITY: high } = Number;
const f64 = (shape: Shape): Node => parameter({ shape, dtype: "float64" });

/** Gradients of the sum of f's elements by its arguments, which are vectors. */
function slopes(f: (...params: Node[]) => Node, ...values: number[][]): number[][] {
  const params = values.map((v) => f64([v.length]));
  const grads = gradients(f(...params), params);
  return run(
    params,
    grads,
    values.map((v) => Float64Array.from(v)),
  );
}

describe("power", () => {
  const power = (x: Node, y: Node): Node => apply("power", x, y);

  it("is smooth at base 0", () => {
    expect(slopes(power, [0, 0, 0, 0, -2], [2, 1, 0, 3, 3])).toEqual([
      [0, 1, 0, 0, 12],
      [0, 0, 0, 0, 0],
    ]);
    expect(slopes(power, [0], [0.5])[0]).toEqual([high]);
  });

  it.each([
    [2, 0, 2],
    [3, 0, 0],
    [0, -1, 0],
    [2, -3, 2],
  ])("to the constant %d has the right second derivative at %d", (exponent, at, expected) => {
    const x = f64([]);
    const [first] = gradients(power(x, constant(exponent, x)), [x]);
    const second = gradients(first!, [x]);
    expect(run([x], second, [Float64Array.of(at)])).toEqual([[expected]]);
  });
});

it("ties of maximum and minimum are shared, and NaN gets nothing", () => {
  expect(slopes((x, y) => apply("maximum", x, y), [1, 2, 3, Number.NaN], [2, 2, 2, 1])).toEqual([
    [0, 0.5, 1, 0],
    [1, 0.5, 0, 0],
  ]);
  expect(slopes((x, y) => apply("minimum", x, y), [1, 2], [2, 2])).toEqual([
    [1, 0.5],
    [0, 0.5],
  ]);
});

it("abs has slope 0 at 0", () => {
  expect(slopes((x) => apply("abs", x), [0, -3])).toEqual([[0, -1]]);
});

it("saturated functions have slope 0, not NaN", () => {
  for (const op of ["tanh", "logistic", "erf"] as const) {
    expect(slopes((x) => apply(op, x), [1000, high])).toEqual([[0, 0]]);
  }
});

it("select stops the branch that was not taken", () => {
  const f = (x: Node): Node => {
    const zero = constant(0, x);
    const positive = build("compare", [x, zero], { direction: "GT" });
    const safe = apply("select", positive, x, constant(1, x));
    return apply("select", positive, apply("log", safe), zero);
  };
  expect(slopes(f, [2, 0, -1])).toEqual([[0.5, 0, 0]]);
});

describe("reduce", () => {
  const reduce = (kind: "prod" | "max" | "min") => (x: Node) => build("reduce", [x], { kind, axes: [0] });

  it.each([
    [
      [2, 3, 5, 7],
      [105, 70, 42, 30],
    ],
    [
      [2, 0, 5],
      [0, 10, 0],
    ],
    [
      [0, 0, 5],
      [0, 0, 0],
    ],
    [[4], [1]],
  ])("prod of %j", (values, expected) => {
    expect(slopes(reduce("prod"), values)).toEqual([expected]);
  });

  it("prod has the second derivatives of a product with a zero", () => {
    const x = f64([3]);
    const [first] = gradients(reduce("prod")(x), [x]);
    const at = (i: number): Node => build("slice", [first!], { start: [i], limit: [i + 1], strides: [1] });
    const rows = [0, 1, 2].flatMap((i) => gradients(at(i), [x]));
    expect(run([x], rows, [Float64Array.of(2, 0, 5)])).toEqual([
      [0, 5, 0],
      [5, 0, 2],
      [0, 2, 0],
    ]);
  });

  it("max and min share among equal elements", () => {
    expect(slopes(reduce("max"), [1, 3, 3, 2])).toEqual([[0, 0.5, 0.5, 0]]);
    expect(slopes(reduce("min"), [1, 3, 1, 1])).toEqual([[1 / 3, 0, 1 / 3, 1 / 3]]);
  });
});

describe("scatter", () => {
  const points: IndexDims = {
    offsetDims: [],
    collapsedSliceDims: [0],
    operandBatchingDims: [],
    indicesBatchingDims: [],
    startIndexMap: [0],
  };

  function scatterSlopes(
    kind: "multiply" | "max" | "set",
    at: number[],
    x: number[],
    updates: number[],
  ): number[][] {
    const indices = parameter({ shape: [at.length, 1], dtype: "int32" });
    const [a, u] = [f64([x.length]), f64([at.length])];
    const y = build("scatter", [a, indices, u], { ...points, kind });
    const args = [Float64Array.from(x), Int32Array.from(at), Float64Array.from(updates)];
    return run([a, indices, u], gradients(y, [a, u]), args);
  }

  it("multiply is right with zeros among the updates", () => {
    // Place 0: 2 · 3 · 0, place 1: 5 · 0 · 0, place 2: 7 · 4.
    expect(scatterSlopes("multiply", [0, 0, 1, 1, 2, 9], [2, 5, 7], [3, 0, 0, 0, 4, 0])).toEqual([
      [0, 0, 4],
      [0, 6, 0, 0, 7, 0],
    ]);
  });

  it("max shares among the element and equal updates", () => {
    expect(scatterSlopes("max", [0, 0, 1, 5], [3, 1], [3, 2, 4, 0])).toEqual([
      [0.5, 0],
      [0.5, 0, 1, 0],
    ]);
  });

  it("set gives the cotangent to the last of several updates", () => {
    expect(scatterSlopes("set", [1, 1, -1], [1, 2], [3, 4, 5])).toEqual([
      [1, 0],
      [0, 1, 0],
    ]);
  });
});

it("atan2 works in all quadrants", () => {
  const [dy, dx] = slopes((y, x) => apply("atan2", y, x), [1, 1, -1, -1], [2, -2, 2, -2]);
  expect(dy).toEqual([0.4, -0.4, 0.4, -0.4]);
  expect(dx).toEqual([-0.2, -0.2, 0.2, 0.2]);
});
