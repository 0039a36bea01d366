import { describe, expect, test } from "vitest";
import { ShapeError, ValueError } from "../engine/tensor/errors.ts";
import { checkSameLength, finiteRange, isNumberData, readBlock, readColumns, readVector } from "./data.ts";

const tensor = (shape: number[], values: number[], dtype: string = "float32") => ({
  shape,
  dtype,
  dataSync: () => Float32Array.from(values),
});

describe("readBlock", () => {
  test("reads nested arrays, typed arrays and tensors", () => {
    expect(readBlock("x", [[1, 2, 3], new Float32Array([4, 5, 6])]).shape).toEqual([2, 3]);
    expect([...readBlock("x", [tensor([2], [1, 2]), [3, null]]).data]).toEqual([1, 2, 3, Number.NaN]);
    expect(readBlock("x", tensor([1, 2, 1], [7, 8])).shape).toEqual([1, 2, 1]);
    expect(readBlock("x", [true, false]).data).toEqual(Float64Array.of(1, 0));
    expect(readBlock("x", []).shape).toEqual([0]);
  });

  test("copies, so that later changes do not show", () => {
    const source = new Float64Array([1, 2]);
    const { data } = readBlock("x", source);
    source[0] = 9;
    expect(data[0]).toBe(1);
  });

  test("knows integers, which RGB pictures need", () => {
    expect(
      readBlock("x", [
        [0, 0],
        [255, 3],
      ]).integer,
    ).toBe(true);
    expect(
      readBlock("x", [
        [0, 1],
        [0.5, 0],
      ]).integer,
    ).toBe(false);
    expect(readBlock("x", new Uint8Array(2)).integer).toBe(true);
    expect(readBlock("x", tensor([1], [1], "uint8")).integer).toBe(true);
  });

  test("refuses ragged nesting with both shapes", () => {
    expect(() => readBlock("plot: y", [[1, 2], [3]])).toThrow(ShapeError);
    expect(() => readBlock("plot: y", [[1, 2], [3]])).toThrow("item 0 has shape [2], item 1 has shape [1]");
  });

  test.each([["a string"], [{}], [undefined], [["1"]]])("refuses %j", (value) => {
    expect(() => readBlock("x", value)).toThrow(ValueError);
  });
});

test("columns: [n] and [n, 1] are one, [n, k] are k", () => {
  expect(readColumns("y", [1, 2]).columns).toEqual([Float64Array.of(1, 2)]);
  expect(readColumns("y", [[1], [2]]).columns).toEqual([Float64Array.of(1, 2)]);
  expect(readColumns("y", tensor([2, 2], [1, 2, 3, 4])).columns).toEqual([
    Float64Array.of(1, 3),
    Float64Array.of(2, 4),
  ]);
  expect(() => readColumns("y", [[[1]]])).toThrow(ShapeError);
});

test("a vector may stand as a column, not as several", () => {
  expect(readVector("x", tensor([3, 1], [1, 2, 3]))).toEqual(Float64Array.of(1, 2, 3));
  expect(() => readVector("x", [[1, 2]])).toThrow("[1, 2]");
});

test("lengths that differ are refused with both shapes", () => {
  expect(() => checkSameLength("plot", ["x", [3]], ["y", [2, 4]])).toThrow("Received shapes [3] and [2, 4].");
});

test("the range leaves out what is not finite", () => {
  expect(finiteRange([Number.NaN, 3, Number.POSITIVE_INFINITY, -1])).toEqual([-1, 3]);
  expect(finiteRange([Number.NaN])).toBeUndefined();
});

test("data is told from options", () => {
  expect([[], new Int8Array(1), tensor([], [1])].every(isNumberData)).toBe(true);
  expect([{}, "x", { label: "a" }, null, new BigInt64Array(1)].some(isNumberData)).toBe(false);
});
