/** Control flow of `ops`: conditions, loops and maps, with their gradients. */
import { describe, expect, test } from "vitest";
import {
  grad,
  jit,
  ShapeError,
  type Tensor,
  tensor,
  UnsupportedError,
  Variable,
} from "../../engine/index.ts";
import * as ops from "./index.ts";

const float = (x: number): Tensor => tensor(x, { dtype: "float32" });

describe("conditionals", () => {
  test("one program serves both branches, and only the one taken assigns", () => {
    const counter = new Variable(tensor(0));
    const run = jit((p: Tensor, x: Tensor) =>
      ops.cond(
        p,
        () => {
          counter.assign(counter.value.add(1));
          return ops.multiply(x, 2);
        },
        () => ops.subtract(x, 1),
      ),
    );
    expect(run(tensor(true), float(5)).item()).toBe(10);
    expect(run(tensor(false), float(5)).item()).toBe(4);
    expect(counter.value.item()).toBe(1);
  });

  test("the gradient is that of the branch taken, inside of a loop too", () => {
    // Doubles in even rounds, squares in odd ones: ((2x)² · 2)² = 64 x⁴.
    const f = (x: Tensor): Tensor =>
      ops.foriLoop(
        0,
        4,
        (i, v) =>
          ops.cond(
            ops.equal(ops.mod(i, 2), 0),
            () => ops.multiply(v, 2),
            () => ops.multiply(v, v),
          ),
        x,
      );
    expect(f(float(0.5)).item()).toBe(4);
    expect(grad(f)(float(0.5)).item()).toBeCloseTo(256 * 0.125, 4);
    expect(
      grad((x) => ops.switch(2, [(v) => v, (v) => v, (v: Tensor) => ops.multiply(v, v)], x))(float(3)).item(),
    ).toBe(6);
  });

  test("branches that do not fit together are refused", () => {
    expect(() =>
      ops.cond(
        true,
        () => tensor([1]),
        () => tensor([1, 2]),
      ),
    ).toThrow(ShapeError);
    expect(() =>
      ops.cond(
        tensor([true, false]),
        () => 1,
        () => 2,
      ),
    ).toThrow(ShapeError);
  });
});

describe("loops", () => {
  test("a condition known only at run time ends a compiled loop", () => {
    const run = jit((limit: Tensor) =>
      ops.whileLoop(
        (x) => ops.less(x, limit),
        (x) => ops.multiply(x, 3),
        1,
      ),
    );
    expect(run(tensor(100)).item()).toBe(243);
    expect(run(tensor(1)).item()).toBe(1);
    expect(
      ops
        .whileLoop(
          () => true,
          (i) => ops.add(i, 1),
          0,
          { maximumIterations: 7 },
        )
        .item(),
    ).toBe(7);
    const halve = (x: Tensor): Tensor =>
      ops.whileLoop(
        (v) => ops.greater(v, 1),
        (v) => ops.divide(v, 2),
        x,
      );
    expect(() => grad(halve)(float(5)).item()).toThrow(UnsupportedError);
  });

  test("a condition and a bound on the rounds leave a gradient, and one of that", () => {
    const squares = (maximumIterations: number) => (x: Tensor) =>
      ops.whileLoop(
        (v) => ops.less(v, 100),
        (v) => ops.multiply(v, v),
        x,
        { maximumIterations },
      );
    // 3, 9, 81, 6561: x ↦ x⁸ in three rounds; x⁴ after two.
    expect(grad(squares(10))(float(3)).item()).toBe(8 * 3 ** 7);
    expect(grad(squares(2))(float(3)).item()).toBe(4 * 3 ** 3);
    expect(grad(grad(squares(10)))(float(3)).item()).toBe(56 * 3 ** 6);
    // No round at all.
    expect(grad(squares(10))(float(200)).item()).toBe(1);
  });

  test("several variables, and a loop in a loop", () => {
    const [total, rounds] = ops.whileLoop(
      (_, n) => ops.less(n, 3),
      (sum, n) => [
        ops.add(
          sum,
          ops.whileLoop(
            (k) => ops.less(k, 10),
            (k) => ops.add(k, n),
            1,
          ),
        ),
        ops.add(n, 1),
      ],
      [0, 1],
    );
    // From 1 by ones to 10, by twos to 11.
    expect([total?.item(), rounds?.item()]).toEqual([21, 3]);
  });

  test("a function with a gradient of its own keeps it inside of a loop", () => {
    const scale = float(2);
    const odd = ops.customGradient((x) => [
      ops.multiply(x, scale),
      (up) => ops.multiply(ops.multiply(up, 10), scale),
    ]);
    const f = (x: Tensor): Tensor => ops.foriLoop(0, 3, (_, v) => odd(v), x);
    expect(f(float(1)).item()).toBe(8);
    expect(grad(f)(float(1)).item()).toBe(8000);
  });
});
