import { describe, expect, test } from "vitest";
import { grad, jit, ShapeError, type Tensor, tensor, ValueError } from "../../engine/index.ts";
import * as ops from "./index.ts";

const floats = (x: number[]): Tensor => tensor(x, { dtype: "float32" });

describe("scan", () => {
  test("carries trees, and outputs may be missing", () => {
    const run = jit((x: Tensor) => {
      const [last, nothing] = ops.scan(
        ({ sum, count }, row) => [{ count: count.add(1), sum: sum.add(row) }, null],
        { sum: 0, count: 0 },
        { xs: x },
      );
      expect(nothing).toBeNull();
      return last;
    });
    const { sum, count } = run(floats([1, 2, 3.5]));
    expect([sum.item(), count.item()]).toEqual([6.5, 3]);
    expect([sum.dtype, count.dtype]).toEqual(["float32", "int32"]);
  });

  test("goes backwards, and has a gradient", () => {
    // Horner's rule from the last coefficient: Σ cᵢ xⁱ.
    const at = (x: Tensor): Tensor =>
      ops.scan((acc, c) => [acc.multiply(x).add(c), null], floats([0]).at(0), {
        xs: floats([1, 2, 3]),
        reverse: true,
      })[0];
    expect(at(floats([2]).at(0)).item()).toBe(17);
    expect(grad(at)(floats([2]).at(0)).item()).toBe(14);
  });

  test("without rows a length says how often", () => {
    const [, powers] = ops.scan((x) => [x.multiply(2), x], 1, { length: 4 });
    expect(powers.arraySync()).toEqual([1, 2, 4, 8]);
  });

  test("what does not fit is refused", () => {
    const step = (c: Tensor): [Tensor, null] => [c, null];
    expect(() => ops.scan(step, 0)).toThrow("xs with rows, or a length");
    expect(() => ops.scan(step, 0, { xs: floats([1, 2]), length: 3 })).toThrow(ShapeError);
    expect(() => ops.scan((c) => c as never, 0, { length: 3 })).toThrow(ValueError);
    expect(() => ops.scan(step, 0, { length: 3, unroll: 0 })).toThrow("unroll");
  });
});

describe("associativeScan", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9])("%i elements, from either end", (n) => {
    const values = Array.from({ length: n }, (_, i) => i + 1);
    const sums = (x: number[]): number[] => x.map((_, i) => x.slice(0, i + 1).reduce((a, b) => a + b));
    expect(ops.associativeScan(ops.add, tensor(values)).arraySync()).toEqual(sums(values));
    const backwards = ops.associativeScan(ops.add, tensor([values]), { reverse: true, axis: -1 });
    expect(backwards.arraySync()).toEqual([sums(values.toReversed()).toReversed()]);
  });

  test("what does not fit is refused", () => {
    const pair = ([a]: Tensor[], [b]: Tensor[]): Tensor[] => [a!.add(b!)];
    expect(() => ops.associativeScan(pair, [tensor([1]), tensor([1, 2])])).toThrow(ShapeError);
    expect(() => ops.associativeScan(pair, [tensor([1, 2]), tensor([1, 2])])).toThrow(ValueError);
  });
});
