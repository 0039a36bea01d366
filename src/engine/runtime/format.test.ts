// The texts are those of NumPy's `str`.
import { describe, expect, test } from "vitest";
import { tensor, toTensor } from "./tensor.ts";

const float = (values: Parameters<typeof tensor>[0]): string =>
  tensor(values, { dtype: "float32" }).toString();

describe("toString", () => {
  test("numbers line up, with no more digits than they need", () => {
    expect(float([1, 2, 3])).toBe("[1. 2. 3.]");
    expect(float([1, 2.5, -3])).toBe("[ 1.   2.5 -3. ]");
    expect(float([1 / 3, 2 / 3])).toBe("[0.33333334 0.6666667 ]");
    expect(tensor([1 / 3], { dtype: "float64" }).toString()).toBe("[0.33333333]");
    expect(
      tensor([
        [-1, 20],
        [3, 400],
      ]).toString(),
    ).toBe("[[ -1  20]\n [  3 400]]");
    expect(tensor([[true, false]]).toString()).toBe("[[ True False]]");
  });

  test("what is large, small or different has an exponent", () => {
    expect(float([1e-5, 1])).toBe("[1.e-05 1.e+00]");
    expect(float([0.5, 1000])).toBe("[5.e-01 1.e+03]");
    expect(float([1e6])).toBe("[1.e+06]");
    expect(tensor([99999999], { dtype: "float64" }).toString()).toBe("[99999999.]");
  });

  test("NaN and infinities take their place", () => {
    expect(float([Number.NaN, Number.NEGATIVE_INFINITY, 1.25])).toBe("[ nan -inf 1.25]");
  });

  test("scalars have no brackets", () => {
    expect(float(0.1)).toBe("0.1");
    expect(float(-0)).toBe("-0.0");
    expect(float(1e-5)).toBe("1e-05");
    expect(toTensor(7).toString()).toBe("7");
    expect(toTensor(true).toString()).toBe("True");
  });

  test("an empty array is empty brackets", () => {
    expect(tensor([], { shape: [0, 3] }).toString()).toBe("[]");
  });

  test("blocks are set apart", () => {
    expect(
      tensor([
        [[1], [2]],
        [[3], [4]],
      ]).toString(),
    ).toBe("[[[1]\n  [2]]\n\n [[3]\n  [4]]]");
  });

  test("long lines wrap at 75 characters", () => {
    const text = tensor(Int32Array.from({ length: 30 }, (_, i) => i)).toString();
    expect(text).toBe(
      "[ 0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19 20 21 22 23\n 24 25 26 27 28 29]",
    );
  });

  test("more than 1000 elements are summarized", () => {
    expect(tensor(Int32Array.from({ length: 1001 }, (_, i) => i)).toString()).toBe(
      "[   0    1    2 ...  998  999 1000]",
    );
  });
});
