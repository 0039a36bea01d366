import { describe, expect, test } from "vitest";
import { DTypeError, grad, jit, ShapeError, type Tensor, tensor, ValueError } from "../../engine/index.ts";
import { Input } from "../layers/index.ts";
import { Model, modelFromJson } from "../models/index.ts";
import * as ops from "./index.ts";

const wave = (n: number, phase: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => Math.sin(phase + i * i));

/** The definition. */
function transform(re: Float64Array, im: Float64Array): [number[], number[]] {
  const n = re.length;
  const sum = (k: number, f: (a: number, b: number, c: number, s: number) => number): number =>
    re.reduce((total, a, j) => {
      const angle = (-2 * Math.PI * ((j * k) % n)) / n;
      return total + f(a, im[j]!, Math.cos(angle), Math.sin(angle));
    }, 0);
  const ks = Array.from({ length: n }, (_, k) => k);
  return [
    ks.map((k) => sum(k, (a, b, c, s) => a * c - b * s)),
    ks.map((k) => sum(k, (a, b, c, s) => a * s + b * c)),
  ];
}

function expectNear(x: Tensor, wanted: ArrayLike<number>, tolerance: number): void {
  const have = x.dataSync();
  expect(have.length).toBe(wanted.length);
  have.forEach((value, i) => {
    expect(Math.abs(value - wanted[i]!), `element ${i}`).toBeLessThan(tolerance);
  });
}

describe("Fourier transforms", () => {
  // Products of small primes, primes by matrix and by Bluestein's way, products of large primes.
  test.each([1, 2, 31, 32, 33, 64, 97, 131, 210, 37 * 41, 1024])("of %i elements", (n) => {
    const [re, im] = [wave(n, 1), wave(n, 2)];
    const wanted = transform(re, im);
    for (const [dtype, tolerance] of [
      ["float64", 1e-9],
      ["float32", 2e-3],
    ] as const) {
      const given = [tensor(re, { dtype }), tensor(im, { dtype })] as const;
      ops.fft(given).forEach((part, i) => {
        expect(part.dtype).toBe(dtype);
        expectNear(part, wanted[i]!, tolerance);
      });
      const real = ops.rfft(given[0]);
      transform(re, new Float64Array(n)).forEach((part, i) => {
        expectNear(real[i]!, part.slice(0, Math.floor(n / 2) + 1), tolerance);
      });
      expectNear(ops.irfft(real, { fftLength: n }), re, tolerance);
    }
  });

  test("there and back over two axes, in one program", () => {
    const x = tensor(wave(60, 3), { shape: [2, 5, 6] });
    const run = jit((y: Tensor) => ops.ifft2(ops.fft2([y, ops.multiply(y, 2)])));
    const [re, im] = run(x);
    expectNear(re, x.dataSync(), 1e-12);
    expectNear(im, ops.multiply(x, 2).dataSync(), 1e-12);
  });

  test("Parseval: the energy of a spectrum has n times the slope of the energy of the signal", () => {
    const x = tensor(wave(12, 4));
    const energy = (y: Tensor): Tensor =>
      ops
        .fft([y, ops.zerosLike(y)])
        .map((p) => ops.sum(ops.square(p)))
        .reduce((a, b) => a.add(b));
    expectNear(
      grad(energy)(x),
      Array.from(x.dataSync(), (v) => 24 * v),
      1e-10,
    );
  });

  test("a signal in pieces, and put together again", () => {
    const x = tensor(wave(100, 5), { shape: [2, 50] });
    for (const window of ["hann", "hamming", [1, 2, 3, 4, 3, 2]] as const) {
      const pieces = ops.stft(x, 6, 2, 8, { window });
      expect(pieces.map((p) => p.shape)).toEqual([
        [2, 26, 5],
        [2, 26, 5],
      ]);
      expectNear(ops.istft(pieces, 6, 2, 8, { window, length: 50 }), x.dataSync(), 1e-10);
    }
  });

  test("stand in graphs", () => {
    const x = Input([16]);
    const model = new Model({ inputs: x, outputs: ops.irfft(ops.rfft(x)) });
    expect(model.outputShape).toEqual([null, 16]);
    expect(modelFromJson(model.toJson()).getConfig()).toEqual(model.getConfig());
  });

  test("what does not fit is refused", () => {
    const x = tensor(wave(8, 0));
    expect(() => ops.fft([x] as never)).toThrow(ValueError);
    expect(() => ops.fft([x, x.at([0, 2])])).toThrow(ShapeError);
    expect(() =>
      ops.fft([
        [1, 2],
        [3, 4],
      ]),
    ).toThrow(DTypeError);
    expect(() => ops.rfft(x, { fftLength: 0 })).toThrow(ValueError);
    expect(() => ops.stft(x, 6, 2, 4)).toThrow("fftLength to be at least sequenceLength");
    expect(() => ops.stft(x, 4, 2, 4, { window: [1, 2] })).toThrow(ShapeError);
    expect(() => ops.stft([1, 2, 3, 4], 2, 1, 2)).toThrow(DTypeError);
    expect(() => ops.stft(x, 4, 2, 4, { window: "kaiser" as "hann" })).toThrow(ValueError);
  });
});
