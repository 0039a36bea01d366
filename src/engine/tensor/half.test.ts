import { describe, expect, test } from "vitest";
import { arrayFrom } from "./dtype.ts";
import { fromBits, type HalfType, packHalves, roundHalf, toBits, unpackHalves } from "./half.ts";

/** The number of some bits as the format's definition has it: exponents of e bits, fractions of f bits. */
function defined(bits: number, e: number, f: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> f) & (2 ** e - 1);
  const fraction = bits & (2 ** f - 1);
  if (exponent === 2 ** e - 1) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  const bias = 2 ** (e - 1) - 1;
  return exponent === 0
    ? sign * fraction * 2 ** (1 - bias - f)
    : sign * (1 + fraction / 2 ** f) * 2 ** (exponent - bias);
}

const formats = { float16: [5, 10], bfloat16: [8, 7] } as const;

describe.each(["float16", "bfloat16"] as const)("%s", (dtype) => {
  const [e, f] = formats[dtype];
  const infinity = (2 ** e - 1) * 2 ** f;
  const numbers = Array.from({ length: infinity + 1 }, (_, bits) => defined(bits, e, f));
  const differences = (pairs: Iterable<readonly [given: number, expected: number]>): unknown[] => {
    const out: unknown[] = [];
    for (const [x, expected] of pairs)
      for (const sign of [1, -1])
        if (!Object.is(roundHalf(dtype, sign * x), sign * expected)) out.push([sign * x, expected]);
    return out.slice(0, 5);
  };

  test("all bits have the number of the definition, and come back", () => {
    const wrong = [];
    for (let bits = 0; bits < 65536; bits++) {
      const value = fromBits(dtype, bits);
      const back = Number.isNaN(value) || toBits(dtype, value) === bits;
      if (!Object.is(value, defined(bits, e, f)) || !back) wrong.push(bits);
    }
    expect(wrong).toEqual([]);
  });

  test("numbers between two go to the nearest, those in the middle to the even one", () => {
    function* around(): Generator<readonly [number, number]> {
      for (let bits = 0; bits < infinity - 1; bits++) {
        const [low, high] = [numbers[bits]!, numbers[bits + 1]!];
        const middle = (low + high) / 2;
        const step = (high - low) / 64;
        yield [middle, bits % 2 === 0 ? low : high];
        yield [middle - step, low];
        yield [middle + step, high];
      }
    }
    expect(differences(around())).toEqual([]);
  });

  test("what is half a step beyond the largest number or more is infinite", () => {
    const largest = numbers[infinity - 1]!;
    const step = largest - numbers[infinity - 2]!;
    const edge = largest + step / 2;
    expect(
      differences([
        [edge - step / 32, largest],
        [edge, Number.POSITIVE_INFINITY],
        [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
        [numbers[1]! / 2, 0],
        [numbers[1]! * 0.625, numbers[1]!],
      ]),
    ).toEqual([]);
    expect(roundHalf(dtype, Number.NaN)).toBeNaN();
  });

  test("arrays are packed and unpacked", () => {
    const values = Float32Array.of(0.1, -1e9, 3e38, Number.NaN, -0);
    const bits = new Uint16Array(7);
    packHalves(dtype, values, bits, 1);
    const expected = Array.from(values, (v) => roundHalf(dtype, v));
    expect([...unpackHalves(dtype, bits)]).toEqual([0, ...expected, 0]);
    expect([...arrayFrom(dtype, [...values])]).toEqual(expected);
  });
});

test("some numbers as NumPy and ml_dtypes have them", () => {
  const bits = (dtype: HalfType): number[] =>
    [0.1, 1 / 3, 65519, 65520, 1e-7, -2.5e-8, 3.3e38].map((v) => toBits(dtype, v));
  expect(bits("float16")).toEqual([0x2e66, 0x3555, 0x7bff, 0x7c00, 0x0002, 0x8000, 0x7c00]);
  expect(bits("bfloat16")).toEqual([0x3dcd, 0x3eab, 0x4780, 0x4780, 0x33d7, 0xb2d7, 0x7f78]);
});
