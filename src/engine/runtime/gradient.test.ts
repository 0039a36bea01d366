/** Gradients of functions of tensors, also of gradients, of variables, and of what was read on the way. */
import { describe, expect, test } from "vitest";
import {
  DTypeError,
  exp,
  grad,
  gradients,
  jit,
  log,
  loop,
  matmul,
  ShapeError,
  sigmoid,
  sin,
  type Tensor,
  tensor,
  ValueError,
  Variable,
  valueAndGrad,
  vjp,
} from "../index.ts";

const float = (x: number): Tensor => tensor(x, { dtype: "float64" });

describe("gradients", () => {
  test("by tensors and variables; anything else is refused", () => {
    const [v, x] = [new Variable([1, 2], "float32"), tensor([3, 4], { dtype: "float32" })];
    const y = v.value.multiply(x).sum();
    expect(gradients(y, [v, x]).map((g) => g.arraySync())).toEqual([
      [3, 4],
      [1, 2],
    ]);
    expect(() => gradients(y, [2 as never])).toThrow(/expected tensors or variables.*Received: 2/);
    expect(() => gradients(y, [undefined as never])).toThrow(/expected tensors or variables/);
  });
});

describe("grad and valueAndGrad", () => {
  test("of one argument and of several", () => {
    const f = (x: Tensor, y: Tensor): Tensor => x.multiply(x).multiply(y);
    expect(grad(f)(float(3), float(5)).item()).toBe(30);
    expect(grad(f, { argnums: 1 })(float(3), float(5)).item()).toBe(9);
    const [value, [dx, dy]] = valueAndGrad(f, { argnums: [0, 1] })(float(3), float(5));
    expect([value.item(), dx!.item(), dy!.item()]).toEqual([45, 30, 9]);
    expect(() => grad(f, { argnums: 2 })(float(3), float(5))).toThrow(ValueError);
  });

  test("of the same tensor in two places count apart", () => {
    const f = (x: Tensor, y: Tensor): Tensor => x.multiply(y).multiply(y);
    const x = float(3);
    expect(grad(f)(x, x).item()).toBe(9);
    expect(grad(f, { argnums: 1 })(x, x).item()).toBe(18);
  });

  test("of arrays", () => {
    const f = (w: Tensor): Tensor => sigmoid(matmul([[1, 2]], w)).sum();
    const w = tensor([[0.5], [-0.25]], { dtype: "float32" });
    expect(grad(f)(w).arraySync()).toEqual([[0.25], [0.5]]);
  });

  test("of higher order", () => {
    const f = (x: Tensor): Tensor => sin(x).multiply(exp(x));
    // f'' = 2·cos(x)·exp(x), f''' = 2·exp(x)·(cos(x) - sin(x))
    expect(grad(grad(f))(float(0.7)).item()).toBeCloseTo(2 * Math.cos(0.7) * Math.exp(0.7), 12);
    expect(grad(grad(grad(f)))(float(0.7)).item()).toBeCloseTo(
      2 * Math.exp(0.7) * (Math.cos(0.7) - Math.sin(0.7)),
      12,
    );
    const mixed = grad((x: Tensor) => grad((y: Tensor) => x.multiply(x).multiply(y))(float(2)));
    expect(mixed(float(3)).item()).toBe(6);
  });

  test("inside of compiled functions, and of them", () => {
    const f = jit((x: Tensor) => x.multiply(x).multiply(x));
    expect(grad((x) => f(x))(float(2)).item()).toBe(12);
    const slope = jit((x: Tensor) => grad(grad((y: Tensor) => y.multiply(y).multiply(y)))(x));
    expect(slope(float(2)).item()).toBe(12);
  });

  test("refuse what has none", () => {
    expect(() => grad((x) => x)(tensor(1))).toThrow(DTypeError);
    expect(() => grad((x) => x)(tensor([1, 2], { dtype: "float32" }))).toThrow(ShapeError);
    expect(() => vjp((x) => x, tensor(1))).toThrow(DTypeError);
  });

  test("do not care what was read on the way", () => {
    const seen: number[] = [];
    const f = (x: Tensor): Tensor => {
      const y = x.multiply(x);
      seen.push(y.item());
      const z = y.multiply(x);
      seen.push(z.item());
      return z;
    };
    expect(grad(f)(float(2)).item()).toBe(12);
    expect(grad(grad(f))(float(2)).item()).toBe(12);
    expect(seen.slice(0, 2)).toEqual([4, 8]);
  });

  test.each([100, 300, 900])("of %i operations in a row", (n) => {
    const f = (x: Tensor): Tensor => {
      let y = x;
      for (let i = 0; i < n; i++) y = y.multiply(i % 2 === 0 ? 2 : 0.5);
      return y;
    };
    expect(grad(f)(float(3)).item()).toBe(1);
    expect(jit((x: Tensor) => grad(f)(x))(float(3)).item()).toBe(1);
  });

  test("of more operations than are remembered say so, and work inside jit", () => {
    const f = (x: Tensor): Tensor => {
      let y = x;
      for (let i = 0; i < 3000; i++) y = y.multiply(i % 2 === 0 ? 2 : 0.5);
      return y;
    };
    expect(() => grad(f)(float(3)).item()).toThrow(/jit/);
    expect(jit((x: Tensor) => grad(f)(x))(float(3)).item()).toBe(1);
  });
});

describe("gradients", () => {
  test("with respect to variables", () => {
    const [w, b] = [new Variable([2, 3], "float32"), new Variable(1, "float32")];
    const loss = (): Tensor => w.value.multiply(w.value).sum().add(b.value.multiply(4));
    const expected = [[4, 6], 4];
    expect(gradients(loss(), [w.value, b.value]).map((g) => g.arraySync())).toEqual(expected);
    const step = jit(() => gradients(loss(), [w.value, b.value]));
    expect(step().map((g) => g.arraySync())).toEqual(expected);
  });

  test("are zero where there is no way", () => {
    const [x, y] = [tensor([1, 2], { dtype: "float32" }), tensor(3, { dtype: "float32" })];
    expect(gradients(y.multiply(y), [x, y]).map((g) => g.arraySync())).toEqual([[0, 0], 6]);
  });

  test("work on what was read already", () => {
    const x = float(3);
    const y = log(x).multiply(x);
    expect(y.item()).toBeCloseTo(3 * Math.log(3), 12);
    expect(gradients(y, [x])[0]!.item()).toBeCloseTo(Math.log(3) + 1, 12);
  });

  test("end where a variable was assigned, inside of jit and of loops as outside", () => {
    const run = (x: Tensor): Tensor[] => {
      const w = new Variable(2, "float32");
      const step = (): Tensor => {
        w.assign(x.multiply(x));
        return gradients(w.value.multiply(x), [x])[0]!;
      };
      // d(w x)/dx with w = x² a number of its own: x², and not 3 x².
      return [
        step(),
        jit(step)(),
        jit((y: Tensor) => gradients(w.assign(y.multiply(y)).value.multiply(y), [y]))(x)[0]!,
      ];
    };
    expect(run(tensor(3, { dtype: "float32" })).map((g) => g.item())).toEqual([9, 9, 9]);
    const total = new Variable(0, "float32");
    const throughLoop = jit((y: Tensor) => {
      total.assign(0);
      loop(3, [], () => {
        total.assign(total.value.add(y));
        return [];
      });
      return gradients(total.value.multiply(y), [y])[0]!;
    });
    expect(throughLoop(tensor(2, { dtype: "float32" })).item()).toBe(6);
  });

  test("update variables in a training step", () => {
    const w = new Variable([0, 0], "float32");
    const data = tensor([[1, 0], [0, 1], [1, 1]], { dtype: "float32" }); // biome-ignore format: a matrix
    const truth = tensor([1, 2, 3], { dtype: "float32" });
    const step = jit(() => {
      const error = matmul(data, w.value).subtract(truth);
      const loss = error.multiply(error).mean();
      const [g] = gradients(loss, [w.value]);
      w.assign(w.value.subtract(g!.multiply(0.5)));
      return loss;
    });
    const losses = Array.from({ length: 60 }, () => step().item());
    expect(losses[59]!).toBeLessThan(1e-6);
    expect(w.value.dataSync()[1]).toBeCloseTo(2, 3);
  });
});

test("vjp gives the value and the way back", () => {
  const x = tensor([1, 2], { dtype: "float32" });
  const y = tensor([[3, 4]], { dtype: "float32" });
  const [out, pull] = vjp((a, b) => matmul(b, a), x, y);
  expect(out.arraySync()).toEqual([11]);
  expect(pull([1]).map((g) => g.arraySync())).toEqual([[3, 4], [[1, 2]]]);
  expect(pull([2]).map((g) => g.arraySync())).toEqual([[6, 8], [[2, 4]]]);
  expect(() => pull([1, 2])).toThrow(ShapeError);
});
