// What the fixtures of test/parity/ops.test.ts do not reach: gradients by differences, larger and degenerate matrices, errors.
import { describe, expect, test } from "vitest";
import { random } from "../../../test/support/finite_differences.ts";
import {
  grad,
  jit,
  ShapeError,
  type Tensor,
  tensor,
  UnsupportedError,
  ValueError,
} from "../../engine/index.ts";
import { Input } from "../layers/index.ts";
import { Model, modelFromJson } from "../models/index.ts";
import * as ops from "./index.ts";

const next = random(11);
const matrix = (...shape: number[]): Tensor => {
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(
    Float64Array.from({ length: size }, () => 2 * next() - 1),
    { shape },
  );
};
const definite = (...shape: number[]): Tensor => {
  const x = matrix(...shape);
  return ops.add(ops.matmul(x, ops.swapaxes(x, -1, -2)), ops.eye(shape.at(-1)!, { dtype: "float64" }));
};

/** Expects the gradient of Σ weights · fn(x) to be that of central differences. */
function expectSlope(fn: (x: Tensor) => Tensor, x: Tensor, tolerance = 1e-6): void {
  const { size, shape } = fn(x);
  const weights = tensor(
    Float64Array.from({ length: size }, (_, i) => Math.sin(i + 1)),
    { shape },
  );
  const loss = jit((y: Tensor) => ops.sum(ops.multiply(fn(y), weights)));
  const slope = grad((y) => loss(y))(x).dataSync();
  const values = Float64Array.from(x.dataSync());
  values.forEach((value, i) => {
    const at = (by: number): number => loss(tensor(values.with(i, value + by), { shape: x.shape })).item();
    const expected = (at(1e-5) - at(-1e-5)) / 2e-5;
    expect(Math.abs(slope[i]! - expected) / (1 + Math.abs(expected)), `element ${i}`).toBeLessThan(tolerance);
  });
}

const symmetric = (x: Tensor): Tensor => ops.add(x, ops.swapaxes(x, -1, -2));

/** A decomposition whose signs are made definite, so that it has differences. */
const signed = (vectors: Tensor, other: Tensor): Tensor => {
  const signs = ops.stopGradient(ops.sign(ops.sum(vectors, { axis: -2, keepdims: true })));
  return ops.multiply(other, signs);
};

describe("gradients are those of differences", () => {
  test.each<[string, (x: Tensor) => Tensor, Tensor]>([
    ["cholesky", (x) => ops.cholesky(symmetric(x)), definite(2, 3, 3)],
    ["choleskyInverse", (x) => ops.choleskyInverse(ops.cholesky(x)), definite(3, 3)],
    ["solveTriangular", (x) => ops.solveTriangular(x, ops.exp(x), { lower: true }), definite(3, 3)],
    ["solve", (x) => ops.solve(x, ops.exp(x)), definite(2, 3, 3)],
    ["inv", (x) => ops.inv(x), definite(4, 4)],
    ["det", (x) => ops.det(x), matrix(2, 4, 4)],
    ["slogdet", (x) => ops.slogdet(x)[1], matrix(3, 3)],
    ["matrixPower", (x) => ops.matrixPower(x, -3), definite(3, 3)],
    ["Q of qr", (x) => ops.qr(x)[0], matrix(2, 5, 3)],
    ["R of qr", (x) => ops.qr(x)[1], matrix(4, 4)],
    ["Q of a wide matrix", (x) => ops.qr(x)[0], matrix(3, 5)],
    ["R of a wide matrix", (x) => ops.qr(x)[1], matrix(3, 5)],
    ["eigenvalues", (x) => ops.eigh(x)[0], matrix(2, 4, 4)],
    ["eigenvectors", (x) => signed(ops.eigh(x)[1], ops.eigh(x)[1]), matrix(3, 3)],
    ["singular values", (x) => ops.svd(x)[1], matrix(4, 3)],
    ["u", (x) => ((u) => signed(u, u))(ops.svd(x, { fullMatrices: false })[0]), matrix(5, 3)],
    [
      "vᵀ",
      (x) => ((v) => signed(v, v))(ops.swapaxes(ops.svd(x, { fullMatrices: false })[2], -1, -2)),
      matrix(3, 5),
    ],
    ["pinv", (x) => ops.pinv(x), matrix(4, 3)],
    ["lstsq", (x) => ops.lstsq(x, ops.exp(x)), matrix(4, 3)],
    ["nuclear norm", (x) => ops.norm(x, { ord: "nuc" }), matrix(3, 4)],
  ])("%s", (_, fn, x) => {
    expectSlope(fn, x);
  });

  test("the second time, too", () => {
    const slopeOf = (fn: (x: Tensor) => Tensor) => (x: Tensor) => grad((y) => ops.sum(fn(y)))(x);
    expectSlope(
      slopeOf((x) => ops.square(ops.cholesky(x))),
      definite(2, 2),
      1e-5,
    );
    expectSlope(
      slopeOf((x) => ops.square(ops.eigh(x)[0])),
      definite(3, 3),
      1e-5,
    );
    expectSlope(
      slopeOf((x) => ops.square(ops.inv(x))),
      definite(2, 2),
      1e-5,
    );
    expectSlope(slopeOf(ops.det), matrix(3, 3), 1e-5);
  });

  test("of determinants of singular matrices", () => {
    const slope = grad((x) => ops.det(x));
    const near = (x: Tensor, wanted: number[][]): void => {
      (x.arraySync() as number[][]).forEach((row, i) => {
        row.forEach((value, j) => {
          expect(value).toBeCloseTo(wanted[i]![j]!, 10);
        });
      });
    };
    near(
      slope(
        tensor(
          [
            [0, 1],
            [0, 0],
          ],
          { dtype: "float64" },
        ),
      ),
      [
        [0, 0],
        [-1, 0],
      ],
    );
    near(
      slope(
        tensor(
          [
            [1, 2],
            [2, 4],
          ],
          { dtype: "float64" },
        ),
      ),
      [
        [4, -2],
        [-2, 1],
      ],
    );
    near(
      slope(
        tensor(
          [
            [0, 0],
            [0, 0],
          ],
          { dtype: "float64" },
        ),
      ),
      [
        [0, 0],
        [0, 0],
      ],
    );
  });
});

describe("larger matrices, inside of one program", () => {
  const expectNear = (x: Tensor, y: Tensor, tolerance: number): void => {
    expect(ops.max(ops.abs(ops.subtract(x, y))).item()).toBeLessThan(tolerance);
  };

  test.each([
    ["float32", 2e-4],
    ["float64", 1e-11],
  ] as const)("%s", (dtype, tolerance) => {
    const run = jit((x: Tensor) => {
      const [w, v] = ops.eigh(x);
      const [u, s, vh] = ops.svd(x);
      const [q, r] = ops.qr(x);
      const spread = (d: Tensor): Tensor => ops.expandDims(d, -2);
      return {
        eigen: ops.matmul(ops.multiply(v, spread(w)), ops.transpose(v)),
        singular: ops.matmul(ops.multiply(u, spread(s)), vh),
        triangle: ops.matmul(q, r),
        identity: ops.matmul(ops.inv(x), x),
        w,
        s,
      };
    });
    const x = symmetric(matrix(41, 41)).astype(dtype);
    const { eigen, singular, triangle, identity, w, s } = run(x);
    for (const product of [eigen, singular, triangle]) expectNear(product, x, tolerance);
    expectNear(identity, ops.eye(41, { dtype }), 50 * tolerance);
    // Of a symmetric matrix the singular values are the sizes of the eigenvalues.
    expectNear(ops.sort(ops.abs(w)), ops.sort(s), tolerance);
  });

  test("degenerate ones", () => {
    const zeros = tensor(new Float32Array(12), { shape: [4, 3] });
    const [u, s, vh] = ops.svd(zeros);
    expect(s.arraySync()).toEqual([0, 0, 0]);
    expectNear(ops.matmul(ops.transpose(u), u), ops.eye(4), 1e-6);
    expectNear(ops.matmul(vh, ops.transpose(vh)), ops.eye(3), 1e-6);
    expect(ops.eigh(ops.ones([3, 3]))[0].arraySync()).toEqual([
      expect.closeTo(0, 5),
      expect.closeTo(0, 5),
      expect.closeTo(3, 5),
    ]);
    const tiny = tensor(
      [
        [3e-30, 0],
        [0, 4e-30],
      ],
      { dtype: "float32" },
    );
    expect(ops.svd(tiny, { computeUv: false }).dataSync()[0]! / 4e-30).toBeCloseTo(1, 5);
  });
});

describe("linear algebra", () => {
  test("stands in graphs", () => {
    const x = Input([3, 3]);
    const [q, r] = ops.qr(x, { mode: "complete" });
    const model = new Model({
      inputs: x,
      outputs: [ops.matmul(q, r), ops.norm(x, { axis: [1, 2], ord: "fro" })],
    });
    expect(model.outputShape).toEqual([[null, 3, 3], [null]]);
    expect(modelFromJson(model.toJson()).getConfig()).toEqual(model.getConfig());
  });

  test("what does not fit is refused", () => {
    expect(() => ops.det(matrix(2, 3))).toThrow(ShapeError);
    expect(() => ops.inv(matrix(3))).toThrow(ShapeError);
    expect(() => ops.solve(matrix(3, 3), matrix(2))).toThrow("solve: expected b of shape");
    expect(() =>
      ops.cholesky([
        [1, 2],
        [2, 1],
      ]),
    ).toThrow(ValueError);
    expect(() => ops.matrixPower(matrix(2, 2), 0.5)).toThrow(ValueError);
    expect(() => ops.qr(matrix(2, 2), { mode: "raw" as "reduced" })).toThrow(ValueError);
    expect(() => ops.norm(matrix(2, 2), { ord: "fro", axis: 0 })).toThrow(ValueError);
    expect(() => ops.norm(matrix(2, 2), { ord: 3 })).toThrow(ValueError);
    expect(() => ops.norm(matrix(2, 2, 2), { ord: 1 })).toThrow(ShapeError);
    expect(() => ops.lstsq(matrix(3, 2), matrix(2))).toThrow(ShapeError);
    expect(() => grad((x) => ops.sum(ops.svd(x)[0]))(matrix(3, 2))).toThrow(UnsupportedError);
  });

  test("inside of a program, a matrix that is not positive definite gives NaN", () => {
    const factor = jit((x: Tensor) => ops.cholesky(x))(tensor([[-1]], { dtype: "float32" }));
    expect(factor.dataSync()[0]).toBeNaN();
  });
});
