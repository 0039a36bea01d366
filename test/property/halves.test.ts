/** Every number of the 16-bit floats through compiled programs: read, written, rounded, and in a vector or alone. */
import { expect, test } from "vitest";
import { tensor } from "../../src/engine/index.ts";
import { fromBits, roundHalf } from "../../src/engine/tensor/half.ts";

/** So many elements that most of them are in vectors, and some are not. */
const all = Float32Array.from({ length: 65535 }, (_, bits) => bits);

/** Where two arrays differ, NaN being like NaN. */
function differing(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  given: ArrayLike<number>,
): unknown[] {
  const out: unknown[] = [];
  for (let i = 0; i < expected.length; i++)
    if (!Object.is(actual[i], expected[i]))
      out.push({ given: given[i], actual: actual[i], expected: expected[i] });
  return out.slice(0, 5);
}

test.each(["float16", "bfloat16"] as const)("%s", (dtype) => {
  const values = all.map((bits) => fromBits(dtype, bits));
  const x = tensor(values).astype(dtype);
  expect(differing(x.dataSync(), values, values)).toEqual([]);
  expect(differing(x.astype("float32").dataSync(), values, values)).toEqual([]);
  expect(
    differing(
      x.negate().dataSync(),
      values.map((v) => -v),
      values,
    ),
  ).toEqual([]);
  // Sums with the neighbour's half step: ties, and numbers beside them.
  const between = values.map(
    (v, i) => (v + values[(i + 1) % values.length]!) / 2 + (i % 3 === 0 ? 0 : v * 2 ** -20),
  );
  const rounded = between.map((v) => roundHalf(dtype, v));
  expect(differing(tensor(between).astype(dtype).dataSync(), rounded, between)).toEqual([]);
  const products = x.multiply(tensor([1.5], { dtype }));
  const expected = values.map((v) => roundHalf(dtype, v * 1.5));
  expect(products.dtype).toBe(dtype);
  expect(differing(products.dataSync(), expected, values)).toEqual([]);
});

test("each result is rounded, whether or not it goes to memory", () => {
  const x = tensor([1, 3], { dtype: "float16" });
  const third = x.divide(tensor([3], { dtype: "float16" }));
  expect([...third.multiply(3).subtract(x).dataSync()]).toEqual([
    roundHalf("float16", roundHalf("float16", 1 / 3) * 3) - 1,
    0,
  ]);
  // A sum is rounded once: 2049 is no number of float16.
  const ones = tensor(new Float32Array(2049).fill(1)).astype("float16");
  expect(ones.sum().item()).toBe(2048);
  expect(ones.sum().add(ones.sum()).item()).toBe(4096);
  expect(tensor(new Float32Array(2050).fill(1)).astype("float16").sum().item()).toBe(2050);
});
