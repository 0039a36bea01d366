// What the fixtures of test/parity/ops.test.ts do not reach: loops, options that do not exist, errors, edges.
import { describe, expect, test } from "vitest";
import { grad, jit, ShapeError, type Tensor, tensor, ValueError } from "../../engine/index.ts";
import * as ops from "./index.ts";

describe("foriLoop", () => {
  test("carries a value", () => {
    const sum = jit((n: Tensor) => ops.foriLoop(2, n, (i, v) => v.add(i), tensor(10)));
    expect(sum(tensor(5)).item()).toBe(19);
    expect(sum(tensor(1)).item()).toBe(10);
    expect(ops.foriLoop(0, 3, (_, v) => v.multiply(2), 1).item()).toBe(8);
  });
});

describe("activations at their edges", () => {
  test("nothing overflows, not even in the slope", () => {
    const slope = (fn: (x: Tensor) => Tensor, x: number): number =>
      grad((t) => fn(t))(tensor(x, { dtype: "float32" })).item();
    const functions: readonly ((x: Tensor) => Tensor)[] = [
      ops.softplus,
      ops.logSigmoid,
      ops.elu,
      ops.selu,
      ops.celu,
      ops.silu,
      ops.gelu,
      ops.sigmoid,
    ];
    for (const fn of functions) {
      for (const x of [-1000, 1000]) {
        expect(Number.isFinite(fn(tensor(x, { dtype: "float32" })).item())).toBe(true);
        expect(Number.isFinite(slope((t) => fn(t), x))).toBe(true);
      }
    }
    expect(slope((t) => ops.elu(t), 0)).toBe(1);
    expect(slope((t) => ops.relu(t), 0)).toBe(0);
    expect(slope((t) => ops.softplus(t), 0)).toBe(0.5);
  });

  test("relu keeps NaN", () => {
    expect(ops.relu([Number.NaN, -1, 2]).arraySync()).toEqual([Number.NaN, 0, 2]);
    expect(ops.relu6([Number.NaN, -1, 7]).arraySync()).toEqual([Number.NaN, 0, 6]);
  });

  test("softmax of large numbers", () => {
    expect(ops.softmax([1000, 1000]).arraySync()).toEqual([0.5, 0.5]);
    expect(
      ops
        .softmax(
          [
            [1, 1],
            [1, 1],
          ],
          { axis: null },
        )
        .arraySync(),
    ).toEqual([
      [0.25, 0.25],
      [0.25, 0.25],
    ]);
    expect(ops.logsumexp([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]).item()).toBe(
      Number.NEGATIVE_INFINITY,
    );
  });
});

describe("Python's integer arithmetic", () => {
  test("mod and floorDivide", () => {
    expect(ops.mod([7, -7, 7, -7], [3, 3, -3, -3]).arraySync()).toEqual([1, 2, -2, -1]);
    expect(ops.floorDivide([7, -7, 7, -7], [3, 3, -3, -3]).arraySync()).toEqual([2, -3, -3, 2]);
    expect(ops.floorDivide([7.5, -7.5], 2).arraySync()).toEqual([3, -4]);
  });
});

describe("np's shapes", () => {
  test("cumsum of every length", () => {
    for (let n = 0; n < 20; n++) {
      const x = Int32Array.from({ length: n }, (_, i) => i + 1);
      const sums = Array.from({ length: n }, (_, i) => ((i + 1) * (i + 2)) / 2);
      expect([...ops.cumsum(x).dataSync()]).toEqual(sums);
    }
  });

  test("linspace and arange", () => {
    expect(ops.linspace(0, 1).shape).toEqual([50]);
    expect(ops.linspace(-Math.PI, Math.PI).reshape(-1, 1).shape).toEqual([50, 1]);
    expect(ops.linspace(0, 1, 5).arraySync()).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(ops.linspace(2, 3, { num: 1 }).arraySync()).toEqual([2]);
    expect(ops.linspace(0, 1, { num: 0 }).arraySync()).toEqual([]);
    expect(ops.arange(5, 0, -2).arraySync()).toEqual([5, 3, 1]);
    expect(ops.arange(3).dtype).toBe("int32");
    expect(ops.arange(0, 1, 0.25).arraySync()).toEqual([0, 0.25, 0.5, 0.75]);
  });

  test("variance goes by NumPy's name", () => {
    expect(ops.var([1, 2, 3, 4]).item()).toBe(1.25);
  });
});

describe("mistakes", () => {
  test("unknown options", () => {
    expect(() => ops.sum([1], { axes: 0 } as object)).toThrow(
      'sum: unknown option "axes". Did you mean "axis"?',
    );
    expect(() => ops.mean([1], 0 as unknown as object)).toThrow(
      "mean: options must be an object such as { axis: … }. Received: 0",
    );
  });

  test("shapes and values", () => {
    expect(() => ops.stack([[1], [1, 2]])).toThrow(ShapeError);
    expect(() => ops.split([1, 2, 3], 2)).toThrow(ValueError);
    expect(() => ops.squeeze([[1, 2]], { axis: 1 })).toThrow(ShapeError);
    expect(() => ops.categoricalCrossentropy([1, 0], [0.5, 0.3, 0.2])).toThrow(ShapeError);
    expect(() => ops.pad([1], 1, { mode: "symetric" as "symmetric" })).toThrow('Did you mean "symmetric"?');
    expect(() => ops.einsum("ij,jk", [[1]])).toThrow(ValueError);
  });
});

describe("booleans stay booleans", () => {
  // As Keras on JAX gives them.
  const flags = tensor([
    [true, false],
    [false, true],
  ]);

  test("in sums of products, outer products, extremes and segments", () => {
    expect(ops.einsum("ii", flags).dtype).toBe("bool");
    expect(ops.einsum("ij->i", flags).arraySync()).toEqual([true, true]);
    expect(ops.outer([true, false], [true, true]).arraySync()).toEqual([
      [true, true],
      [false, false],
    ]);
    expect(ops.max(flags, { axis: 0, initial: 1 }).arraySync()).toEqual([true, true]);
    expect(ops.min(flags, { initial: 0, keepdims: true }).arraySync()).toEqual([[false]]);
    expect(ops.max(ops.zeros([0, 2], { dtype: "bool" }), { axis: 0, initial: 0 }).arraySync()).toEqual([
      false,
      false,
    ]);
    expect([ops.abs(flags), ops.fmax(flags, true), ops.fmin(flags, flags)].map((t) => t.dtype)).toEqual([
      ...["bool", "bool", "bool"],
    ]);
    expect(ops.square(flags).dtype).toBe("int32");
    expect(ops.segmentMax(flags, [0, 2], { numSegments: 3 }).arraySync()).toEqual([
      [true, false],
      [false, false],
      [false, true],
    ]);
  });
});

describe("where", () => {
  test("with a condition alone gives indices", () => {
    expect(
      ops
        .where([
          [0, 1],
          [2, 0],
        ])
        .map((i) => i.arraySync()),
    ).toEqual([
      [0, 1],
      [1, 0],
    ]);
    expect(() => ops.where([true], [1], undefined as never)).toThrow("both x1 and x2");
  });
});

describe("view", () => {
  test("bytes are read as other dtypes", () => {
    const x = tensor([1.5, -2], { dtype: "float32" });
    const bytes = ops.view(x, { dtype: "uint8" });
    expect(bytes.arraySync()).toEqual([0, 0, 192, 63, 0, 0, 0, 192]);
    expect(ops.view(bytes, { dtype: "float32" }).arraySync()).toEqual([1.5, -2]);
    expect(() => ops.view(ops.ones([3], { dtype: "uint8" }), { dtype: "int32" })).toThrow(ShapeError);
  });
});

describe("integers and infinities, as Keras on JAX has them", () => {
  const bytes = tensor([209, 60], { dtype: "uint8" });

  test("whole numbers wrap around beside unsigned integers", () => {
    expect(ops.add(bytes, -1).arraySync()).toEqual([208, 59]);
    expect(ops.bitwiseXor(bytes, -1).arraySync()).toEqual([46, 195]);
    expect(ops.clip(bytes, 100, 200).arraySync()).toEqual([200, 100]);
  });

  test("bits of unsigned integers move without a sign", () => {
    expect(ops.rightShift(bytes, 1).arraySync()).toEqual([104, 30]);
    expect(ops.bitwiseRightShift(bytes, tensor([180, 2], { dtype: "uint8" })).arraySync()).toEqual([0, 15]);
    expect(ops.rightShift([-8], 1).arraySync()).toEqual([-4]);
  });

  test("activations of integers", () => {
    expect(ops.hardTanh([-3, 2]).dtype).toBe("int32");
    expect(ops.relu6([7, 3]).dtype).toBe("float32");
    expect(ops.sparseSigmoid([Number.NaN]).item()).toBeNaN();
  });

  test("what infinities and nothing give", () => {
    const infinity = Number.POSITIVE_INFINITY;
    expect(ops.floorDivide([-0.5, 0.5], [0, 0]).arraySync()).toEqual([-infinity, infinity]);
    expect(ops.ldexp([0, 1], [200, 3]).arraySync()).toEqual([0, 8]);
    expect(ops.logsumexp(ops.zeros([0, 2]), { axis: 0 }).arraySync()).toEqual([-infinity, -infinity]);
    expect(ops.median([-infinity, 1]).item()).toBe(-infinity);
    expect(ops.quantile([1, 2, infinity], 0.5).item()).toBe(2);
    expect(ops.nanvar([infinity, 1], { axis: [] }).arraySync()).toEqual([Number.NaN, 0]);
  });
});
