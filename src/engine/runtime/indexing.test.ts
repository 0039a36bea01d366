// Every index below is one of NumPy's; shapes and elements are what NumPy gives for np.arange(24).reshape(2, 3, 4).
import { describe, expect, test } from "vitest";
import { IndexError, StateError, ValueError } from "../tensor/errors.ts";
import type { IndexSpec } from "./indexing.ts";
import { jit } from "./jit.ts";
import { type Tensor, tensor } from "./tensor.ts";

const x = tensor(
  Int32Array.from({ length: 24 }, (_, k) => k),
  { shape: [2, 3, 4] },
);
const i = tensor([1, 0, 1]);
const j = tensor([[0], [2]]);
const mask = tensor([true, false, true]);
const mask2 = tensor([
  [true, false, false],
  [false, true, true],
]);
const all: IndexSpec = [null];

const cases: readonly (readonly [
  string,
  readonly (IndexSpec | Tensor)[],
  readonly number[],
  readonly number[],
])[] = [
  ["x[1]", [1], [3, 4], [12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]],
  ["x[-1,2]", [-1, 2], [4], [20, 21, 22, 23]],
  ["x[:,1]", [all, 1], [2, 4], [4, 5, 6, 7, 16, 17, 18, 19]],
  ["x[...,0]", ["...", 0], [2, 3], [0, 4, 8, 12, 16, 20]],
  ["x[1,...,-2]", [1, "...", -2], [3], [14, 18, 22]],
  [
    "x[:,::-1]",
    [all, [null, null, -1]],
    [2, 3, 4],
    [8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3, 20, 21, 22, 23, 16, 17, 18, 19, 12, 13, 14, 15],
  ],
  ["x[:,::2,1:3]", [all, [null, null, 2], [1, 3]], [2, 2, 2], [1, 2, 9, 10, 13, 14, 21, 22]],
  ["x[:,2:0:-1]", [all, [2, 0, -1]], [2, 2, 4], [8, 9, 10, 11, 4, 5, 6, 7, 20, 21, 22, 23, 16, 17, 18, 19]],
  ["x[:,5:9]", [all, [5, 9]], [2, 0, 4], []],
  ["x[None,:,None,0]", [null, all, null, 0], [1, 2, 1, 4], [0, 1, 2, 3, 12, 13, 14, 15]],
  [
    "x[:,i]",
    [all, i],
    [2, 3, 4],
    [4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 12, 13, 14, 15, 16, 17, 18, 19],
  ],
  ["x[:, i, i]", [all, i, i], [2, 3], [5, 0, 5, 17, 12, 17]],
  ["x[i,:,i]", [i, all, i], [3, 3], [13, 17, 21, 0, 4, 8, 13, 17, 21]],
  ["x[:,j,i]", [all, j, i], [2, 2, 3], [1, 0, 1, 9, 8, 9, 13, 12, 13, 21, 20, 21]],
  ["x[0,:,i]", [0, all, i], [3, 3], [1, 5, 9, 0, 4, 8, 1, 5, 9]],
  ["x[0,i]", [0, i], [3, 4], [4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7]],
  ["x[:,m]", [all, mask], [2, 2, 4], [0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15, 20, 21, 22, 23]],
  ["x[m2]", [mask2], [3, 4], [0, 1, 2, 3, 16, 17, 18, 19, 20, 21, 22, 23]],
  ["x[m2,1]", [mask2, 1], [3], [1, 17, 21]],
  [
    "x[:,-i]",
    [all, i.negate()],
    [2, 3, 4],
    [8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11, 20, 21, 22, 23, 12, 13, 14, 15, 20, 21, 22, 23],
  ],
  ["x[...,i]", ["...", i], [2, 3, 3], [1, 0, 1, 5, 4, 5, 9, 8, 9, 13, 12, 13, 17, 16, 17, 21, 20, 21]],
  ["x[0,None,i]", [0, null, i], [3, 1, 4], [4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7]],
];

describe("at", () => {
  test.each(cases)("%s", (_, index, shape, elements) => {
    const got = x.at(...index);
    expect(got.shape).toEqual(shape);
    expect([...got.dataSync()]).toEqual(elements);
  });

  test("slice takes rows as x[start:stop] does", () => {
    const v = tensor([0, 1, 2, 3]);
    expect(v.slice(1, 3).arraySync()).toEqual([1, 2]);
    expect(v.slice(-2).arraySync()).toEqual([2, 3]);
    expect(v.slice(2, 100).arraySync()).toEqual([2, 3]);
  });

  test("refuses what is out of bounds or ambiguous", () => {
    expect(() => x.at(2)).toThrow(new IndexError("Index 2 is out of bounds for axis 0 with length 2"));
    expect(() => x.at(0, 0, 0, 0)).toThrow(IndexError);
    expect(() => x.at("...", 0, "...")).toThrow(ValueError);
    expect(() => x.at([0, 1, 0])).toThrow(IndexError);
    expect(() => x.at(mask)).toThrow(IndexError);
  });

  test("a mask cannot be used where it has no values", () => {
    expect(() => jit((t: Tensor) => t.at(t.add(1).astype("bool")))(tensor([1, 2]))).toThrow(StateError);
  });
});
