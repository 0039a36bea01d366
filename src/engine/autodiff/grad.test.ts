/** The walk over the graph: accumulation, what counts as a variable, higher orders, errors. */
import { describe, expect, it } from "vitest";
import { expectGradients, random, run } from "../../../test/support/finite_differences.ts";
import { apply, build, constant, convert, parameter, sum } from "../graph/build.ts";
import { type Node, topological } from "../graph/node.ts";
import { DTypeError, ShapeError } from "../tensor/errors.ts";
import { gradients, vjpGraph } from "./grad.ts";

const scalar = (): Node => parameter({ shape: [], dtype: "float64" });
const vector = (n: number): Node => parameter({ shape: [n], dtype: "float64" });
const mul = (x: Node, y: Node): Node => apply("multiply", x, y);

describe("gradients", () => {
  it("sums over all ways to a variable", () => {
    const x = scalar();
    const y = apply("add", mul(x, x), apply("sine", x));
    const [[dx]] = run([x], gradients(y, [x]), [Float64Array.of(3)]) as [[number]];
    expect(dx).toBe(6 + Math.cos(3));
  });

  it("is zero where nothing depends on the variable", () => {
    const [x, y, z] = [scalar(), vector(2), vector(1)];
    const integers = convert(convert(z, "int32"), "float64");
    const f = apply("add", apply("stop_gradient", x), sum(apply("floor", integers), [0]));
    expect(
      run([x, y, z], gradients(f, [x, y, z]), [
        new Float64Array(1),
        new Float64Array(2),
        new Float64Array(1),
      ]),
    ).toEqual([[0], [0, 0], [0]]);
  });

  it("treats each variable as independent of the others", () => {
    const x = scalar();
    const y = apply("sine", x);
    const f = mul(x, y);
    expect(
      gradients(f, [x, y, x, f])
        .slice(0, 3)
        .map((g) => g.op),
    ).toEqual(["constant", "constant", "constant"]);
    const [dx, dy] = run([x], gradients(f, [x, y]), [Float64Array.of(2)]);
    expect(dx).toEqual([Math.sin(2)]);
    expect(dy).toEqual([2]);
  });

  it("of a variable by itself is the cotangent", () => {
    const [x, ct] = [vector(2), vector(2)];
    expect(gradients(x, [x], ct)).toEqual([ct]);
  });

  it("weights the output with the cotangent, or with ones", () => {
    const [x, ct] = [vector(2), vector(2)];
    const args = [Float64Array.of(1, 2), Float64Array.of(10, 100)];
    expect(run([x, ct], gradients(mul(x, x), [x], ct), args)).toEqual([[20, 400]]);
    expect(run([x], gradients(mul(x, x), [x]), [args[0]!])).toEqual([[2, 4]]);
  });

  it("keeps the dtype of the variable through conversions", () => {
    const x = parameter({ shape: [], dtype: "float32" });
    const [dx] = gradients(apply("sine", convert(x, "float64")), [x]);
    expect(dx!.dtype).toBe("float32");
  });

  it("walks chains that are longer than the call stack", () => {
    const x = scalar();
    let y: Node = x;
    for (let i = 0; i < 20_000; i++) y = apply("add", y, x);
    expect(run([x], gradients(y, [x]), [Float64Array.of(1)])).toEqual([[20_001]]);
  });

  it("does not visit what lies behind a variable", () => {
    const x = scalar();
    const hidden = mul(apply("sine", x), x);
    const [g] = gradients(apply("exponential", hidden), [hidden]);
    expect(topological([g!], (n) => n === hidden)).not.toContain(x);
  });

  it("refuses what has no gradient", () => {
    const [x, i] = [scalar(), parameter({ shape: [], dtype: "int32" })];
    expect(() => gradients(x, [i])).toThrow(
      new DTypeError("Only floats have gradients. Received as variable: parameter of int32"),
    );
    expect(() => gradients(i, [x])).toThrow(DTypeError);
    expect(() => gradients(x, [x], vector(2))).toThrow(ShapeError);
    expect(() => gradients(x, [x], constant(1, { shape: [], dtype: "float32" }))).toThrow(DTypeError);
  });
});

it("vjpGraph sums over outputs", () => {
  const [x, a, b] = [scalar(), scalar(), scalar()];
  const grads = vjpGraph([mul(x, x), apply("sine", x), x], [a, b, a], [x]);
  const [[dx]] = run([x, a, b], grads, [Float64Array.of(2), Float64Array.of(10), Float64Array.of(1)]) as [
    [number],
  ];
  expect(dx).toBe(50 + Math.cos(2));
});

describe("cotangents of slices", () => {
  it("are written into one array instead of being summed as arrays", () => {
    const [x, i] = [vector(6), parameter({ shape: [], dtype: "int32" })];
    const window = build("dynamic_slice", [x, i], { sizes: [2] });
    const row = build("gather", [x, parameter({ shape: [1, 1], dtype: "int32" })], {
      offsetDims: [],
      collapsedSliceDims: [0],
      operandBatchingDims: [],
      indicesBatchingDims: [],
      startIndexMap: [0],
      sliceSizes: [1],
    });
    const f = apply("add", sum(mul(window, window), [0]), apply("add", sum(mul(x, x), [0]), sum(row, [0])));
    const grads = gradients(f, [x]);
    const adds = topological(grads).filter((n) => n.op === "add" && n.shape[0] === 6);
    // x · x itself adds one whole array to another.
    expect(adds.length).toBe(1);
    const params = [x, i, row.inputs[1]!];
    expect(
      run(params, grads, [Float64Array.of(1, 2, 3, 4, 5, 6), Int32Array.of(1), Int32Array.of(5)]),
    ).toEqual([[2, 8, 12, 8, 10, 13]]);
  });
});

it("a cotangent that overwrites zeros is summed as a whole", () => {
  const [x, ct, at] = [vector(2), vector(2), parameter({ shape: [2, 1], dtype: "int32" })];
  const dims = { offsetDims: [], collapsedSliceDims: [0], operandBatchingDims: [], indicesBatchingDims: [] };
  const set = build("scatter", [constant(0, x), at, ct], { ...dims, startIndexMap: [0], kind: "set" });
  const grads = vjpGraph([x, x], [ct, set], [x]);
  expect(run([ct, at], grads, [Float64Array.of(1, 2), Int32Array.of(1, 1)])).toEqual([[1, 4]]);
});

describe("second order", () => {
  const functions: Record<string, (x: Node) => Node> = {
    "x³": (x) => mul(x, mul(x, x)),
    power: (x) => apply("power", x, constant(2.5, x)),
    "sine of a logistic": (x) => apply("sine", apply("logistic", x)),
    "tanh / sqrt": (x) => apply("divide", apply("tanh", x), apply("sqrt", x)),
    erf: (x) => mul(apply("erf", x), apply("cbrt", x)),
    "log of a sum": (x) => {
      const total = sum(apply("exponential", x), [0]);
      return apply("log", total);
    },
    prod: (x) => build("reduce", [x], { kind: "prod", axes: [0] }),
    "pad and slice": (x) => {
      const padded = build("pad", [x, constant(2, { shape: [], dtype: "float64" })], {
        low: [1],
        high: [-1],
        interior: [1],
      });
      return mul(padded, mul(padded, padded));
    },
    dot_general: (x) => {
      const outer = { lhsBatch: [], rhsBatch: [], lhsContracting: [], rhsContracting: [] };
      return build("dot_general", [mul(x, x), apply("sine", x)], outer);
    },
    gather: (x) => {
      const places = build("iota", [], { shape: [2, 1], axis: 0, dtype: "int32" });
      const taken = build("gather", [x, places], {
        offsetDims: [],
        collapsedSliceDims: [0],
        operandBatchingDims: [],
        indicesBatchingDims: [],
        startIndexMap: [0],
        sliceSizes: [1],
      });
      return mul(taken, mul(taken, taken));
    },
  };

  it.each(Object.entries(functions))("%s", (_, f) => {
    const next = random(3);
    const x = vector(4);
    const weights = vector(4);
    const [first] = gradients(f(x), [x]);
    const args = [x, weights].map(() => Float64Array.from({ length: 4 }, () => 0.4 + next()));
    expectGradients([x, weights], [mul(first!, weights)], args, 1e-6);
  });
});
