// Complex numbers against NumPy and Keras.
import { describe, expect, test } from "vitest";
import {
  grad,
  jit,
  type NestedArray,
  ShapeError,
  sum,
  type Tensor,
  tensor,
  treeLeaves,
} from "../../src/engine/index.ts";
import * as ops from "../../src/keras/ops/index.ts";
import { loadJson } from "./fixtures.ts";

type Parts = readonly [re: NestedArray, im: NestedArray];

const numpy = loadJson("numpy/complex.json.gz") as Readonly<Record<string, unknown>>;
const { ComplexTensor } = ops;
type Complex = InstanceType<typeof ComplexTensor>;
const parts = (name: string): Parts => numpy[name] as Parts;
const complex = ([re, im]: Parts): Complex =>
  new ComplexTensor(tensor(re, { dtype: "float64" }), tensor(im, { dtype: "float64" }));

function expectNear(found: NestedArray, wanted: NestedArray, digits = 12): void {
  const [a, b] = [found, wanted].map((x) => [x].flat(9) as number[]) as [number[], number[]];
  expect(a.length).toBe(b.length);
  a.forEach((x, i) => {
    expect(x).toBeCloseTo(b[i]!, digits);
  });
}

function expectComplex(found: Complex, [re, im]: Parts): void {
  expectNear(found.real.arraySync(), re);
  expectNear(found.imag.arraySync(), im);
}

describe("functions give NumPy's numbers", () => {
  const [a, b, m] = ["a", "b", "m"].map((name) => complex(parts(name))) as [Complex, Complex, Complex];

  test("of two", () => {
    expectComplex(ops.add(a, b), parts("add"));
    expectComplex(ops.subtract(a, b), parts("subtract"));
    expectComplex(ops.multiply(a, b), parts("multiply"));
    expectComplex(ops.divide(a, b), parts("divide"));
    expectComplex(ops.matmul(a, m), parts("matmul"));
    expect(ops.add(1, new ComplexTensor([1], [2])).arraySync()).toEqual([[2, 2]]);
    expect(ops.divide(new ComplexTensor(2, 4), 2).arraySync()).toEqual([1, 2]);
  });

  test("of one", () => {
    expectComplex(ops.exp(a), parts("exp"));
    expectComplex(ops.log(a), parts("log"));
    expectComplex(ops.sqrt(a), parts("sqrt"));
    expectComplex(ops.square(a), parts("square"));
    expectComplex(ops.reciprocal(a), parts("reciprocal"));
    expectComplex(ops.negative(a), parts("negative"));
    expectNear(ops.abs(a).arraySync(), numpy.abs as NestedArray);
    expectNear(ops.angle(a).arraySync(), numpy.angle as NestedArray);
    expect(ops.isreal(new ComplexTensor([1, 2], [0, 1])).arraySync()).toEqual([true, false]);
    expect(ops.shape(a)).toEqual([2, 3]);
    expect(ops.reshape(a, [3, 2]).shape).toEqual([3, 2]);
    expectComplex(ops.transpose(ops.transpose(a)), parts("a"));
    // Real numbers stay real.
    expect(ops.conj([1, 2]).arraySync()).toEqual([1, 2]);
    expect(ops.abs([-1]).arraySync()).toEqual([1]);
  });

  test("polar, viewAsComplex and viewAsReal", () => {
    const z = ops.polar([2, 1], [0.5, -2]);
    expectNear(z.real.arraySync(), [2 * Math.cos(0.5), Math.cos(-2)], 6);
    expectNear(z.imag.arraySync(), [2 * Math.sin(0.5), Math.sin(-2)], 6);
    expectNear(ops.abs(z).arraySync(), [2, 1], 6);
    expect(ops.viewAsComplex([[1, 2]]).dtype).toBe("complex64");
    expect(ops.viewAsReal(ops.viewAsComplex([[1, 2], [3, 4]])).arraySync()).toEqual([[1, 2], [3, 4]]); // biome-ignore format: pairs
    expect(() => ops.viewAsComplex([1, 2, 3])).toThrow(ShapeError);
    expect(() => new ComplexTensor([1, 2], [1, 2, 3])).toThrow(ShapeError);
  });
});

test("Fourier transforms take it as they take a pair", () => {
  const z = new ComplexTensor([1, 2, 0, -1], [0.5, 0, 1, 3]);
  const [re, im] = ops.fft(z);
  const [wantedRe, wantedIm] = ops.fft([z.real, z.imag]);
  expect([re.arraySync(), im.arraySync()]).toEqual([wantedRe.arraySync(), wantedIm.arraySync()]);
  // The first number is the sum of all.
  expect([(re.arraySync() as number[])[0], (im.arraySync() as number[])[0]]).toEqual([2, 4.5]);
});

test("prints as NumPy does", () => {
  const made = [
    new ComplexTensor([1, 3.25], [2, -4.5]),
    new ComplexTensor([[1e-9, 2], [3, 0]], [[1, 0], [0, 1e9]]), // biome-ignore format: rows
    new ComplexTensor(1.5, -2),
    complex([
      [Number.NaN, Number.POSITIVE_INFINITY],
      [1, -1],
    ]),
    new ComplexTensor([], []),
    complex([2, 0]),
  ];
  expect(made.map(String)).toEqual(numpy.str);
});

test("goes through jit, and gradients go through it", () => {
  const squared = jit((z: Complex) => ops.multiply(z, z));
  expect(squared(new ComplexTensor([1], [2])).arraySync()).toEqual([[-3, 4]]);
  expect(treeLeaves({ z: new ComplexTensor(1, 2) }).length).toBe(2);
  // |z²|² = (x² + y²)², whose derivative by x is 4 x (x² + y²).
  const size = (x: Tensor): Tensor => {
    const z = ops.square(new ComplexTensor(x, [2]));
    return sum(ops.real(ops.multiply(z, ops.conj(z))));
  };
  expect(grad(size)([1.5]).arraySync()).toEqual([37.5]);
});

describe("eig", () => {
  const cases = numpy.eig as readonly (readonly [Parts, Parts])[];
  test.each(cases.map(([x, w], i) => [i, x, w] as const))("of matrix %d", (_, x, wanted) => {
    const a = complex(x);
    const [w, v] = ops.eig(a);
    const n = a.shape[0]!;
    const scale = Math.max(1, ops.abs(a).max().item());
    // As sets: each of NumPy's is near one that is not taken yet.
    const open = (w.arraySync() as [number, number][]).map((z) => [...z]);
    (wanted[0] as number[]).forEach((re, i) => {
      const im = (wanted[1] as number[])[i]!;
      const distances = open.map((z) => Math.hypot(z[0]! - re, z[1]! - im));
      const nearest = distances.indexOf(Math.min(...distances));
      // A double eigenvalue moves by the square root of the rounding.
      expect(distances[nearest]! / scale).toBeLessThan(1e-7);
      open.splice(nearest, 1);
    });
    const left = ops.matmul(a, v);
    const right = ops.multiply(v, ops.reshape(w, [1, n]));
    expect(ops.abs(ops.subtract(left, right)).max().item() / scale).toBeLessThan(1e-12);
    ops
      .abs(v)
      .dataSync()
      .forEach((size) => expect(size).toBeLessThanOrEqual(1 + 1e-12));
    expectNear(ops.sum(ops.square(ops.abs(v)), { axis: 0 }).arraySync(), new Array<number>(n).fill(1), 10);
  });

  test("of a real matrix gives real numbers and pairs of conjugates, of many matrices each", () => {
    const [w, v] = ops.eig([
      [
        [0, -1],
        [1, 0],
      ],
      [
        [2, 0],
        [0, 5],
      ],
    ]);
    expect([w.dtype, w.shape, v.shape]).toEqual(["complex64", [2, 2], [2, 2, 2]]);
    expect(w.imag.arraySync()).toEqual([
      [1, -1],
      [0, 0],
    ]);
    expect(() => ops.eig([[1, 2]])).toThrow(ShapeError);
  });
});
