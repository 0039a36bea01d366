/** Loops inside of programs: carried values, variables, counts, and what is refused. */
import { describe, expect, test, vi } from "vitest";
import {
  DTypeError,
  grad,
  iota,
  jit,
  loop,
  maximum,
  ShapeError,
  StateError,
  sin,
  type Tensor,
  tensor,
  ValueError,
  Variable,
  where,
} from "../index.ts";
import { backend } from "./device.ts";

describe("carried values", () => {
  test("go from round to round", () => {
    const [a, b] = loop(10, [tensor(0), tensor(1)], (_i, x, y) => [y, x.add(y)]);
    expect([a.item(), b.item()]).toEqual([55, 89]);
    const [sum] = loop(5, [0], (i, total) => [total.add(i)]);
    expect(sum.item()).toBe(10);
  });

  test("stay as they are for no rounds", () => {
    const [x] = loop(0, [tensor([1, 2])], (_i, v) => [v.multiply(0)]);
    expect(x.arraySync()).toEqual([1, 2]);
    expect(loop(3, [], () => [])).toEqual([]);
  });

  test("change as often as a tensor says", () => {
    const power = jit((n: Tensor) => loop(n, [tensor(1)], (_i, x) => [x.multiply(2)])[0]);
    expect([0, 1, 10, -4].map((n) => power(tensor(n)).item())).toEqual([1, 2, 1024, 1]);
  });

  test("may use what lies outside, which is computed once", () => {
    const compile = vi.spyOn(backend(), "compileInStages");
    const f = jit((x: Tensor) => {
      const outside = sin(x);
      return loop(3, [x], (i, y) => [y.add(outside).add(i)])[0];
    });
    const [x] = [0.5];
    expect(f(tensor([x])).item()).toBeCloseTo(x + 3 * Math.sin(x) + 3, 6);
    const { results } = compile.mock.lastCall![0];
    expect(results.length).toBe(1);
    vi.restoreAllMocks();
  });
});

describe("variables in loops", () => {
  test.each(["eager", "compiled"])("are read, assigned, and assigned without being read (%s)", (how) => {
    const [constant, sum, last] = [new Variable(10), new Variable(0), new Variable(-1)];
    const run = (): Tensor => {
      const [product] = loop(4, [tensor(1)], (i, p) => {
        sum.assign(sum.value.add(constant));
        last.assign(i.multiply(100));
        return [p.multiply(2).add(constant.value.subtract(10))];
      });
      return product;
    };
    const f = how === "eager" ? run : jit(run);
    expect(f().item()).toBe(16);
    expect([constant, sum, last].map((v) => v.value.item())).toEqual([10, 40, 300]);
    expect(f().item()).toBe(16);
    expect(sum.value.item()).toBe(80);
  });

  test("exchange their values", () => {
    const [a, b] = [new Variable([1, 2]), new Variable([3, 4])];
    const swap = (): void => {
      const [x, y] = [a.value, b.value];
      a.assign(y);
      b.assign(x);
    };
    const f = jit((n: Tensor) => {
      loop(n, [], () => {
        swap();
        return [];
      });
    });
    f(tensor(3));
    expect([a.value.arraySync(), b.value.arraySync()]).toEqual([[3, 4], [1, 2]]); // biome-ignore format: pairs
    f(tensor(2));
    expect([a.value.arraySync(), b.value.arraySync()]).toEqual([[3, 4], [1, 2]]); // biome-ignore format: pairs
  });

  test("change in inner loops and between them", () => {
    const v = new Variable(0);
    const f = jit(() => {
      const [n] = loop(3, [tensor(0)], (i, total) => {
        v.assign(v.value.add(100));
        const [inner] = loop(i.add(1), [total], (j, t) => {
          v.assign(v.value.add(1));
          return [t.add(j)];
        });
        return [inner.add(v.value.subtract(v.value))];
      });
      return n;
    });
    expect(f().item()).toBe(4);
    expect(v.value.item()).toBe(306);
  });

  test("are assigned after having been read outside", () => {
    const v = new Variable(1);
    const f = jit(() => {
      const before = v.value;
      v.assign(v.value.add(1));
      loop(3, [], () => {
        v.assign(v.value.multiply(before.add(2)));
        return [];
      });
      return [before, v.value];
    });
    expect(f().map((t) => t.item())).toEqual([1, 54]);
    expect(v.value.item()).toBe(54);
  });

  test("run as one program when the loop is eager", () => {
    const vs = Array.from({ length: 5 }, (_, i) => new Variable(i));
    const compile = vi.spyOn(backend(), "compileInStages");
    loop(7, [], (i) => {
      for (const v of vs) v.assign(v.value.multiply(3).subtract(i));
      return [];
    });
    expect(compile.mock.calls.length).toBe(1);
    vi.restoreAllMocks();
    const expected = (x: number): number =>
      Array.from({ length: 7 }, (_, i) => i).reduce((y, i) => 3 * y - i, x);
    expect(vs.map((v) => v.value.item())).toEqual(vs.map((_, i) => expected(i)));
  });

  test("stay as they were when the body throws", () => {
    const v = new Variable(1);
    const body = (): readonly [] => {
      v.assign(5);
      throw new Error("no");
    };
    expect(() => loop(2, [], body)).toThrow("no");
    expect(() => jit(() => loop(2, [], body))()).toThrow("no");
    expect(v.value.item()).toBe(1);
  });
});

describe("what is refused", () => {
  test("shapes and dtypes that change", () => {
    const x = tensor([1, 2]);
    expect(() => loop(2, [x], (_i, y) => [y.sum()])).toThrow(ShapeError);
    expect(() => loop(2, [x], (_i, y) => [y.divide(2)])).toThrow(DTypeError);
    expect(() => loop(2, [x], () => [] as unknown as [Tensor])).toThrow(ValueError);
    expect(() => loop(-1, [x], (_i, y) => [y])).toThrow(ValueError);
    expect(() => loop(1.5, [x], (_i, y) => [y])).toThrow(ValueError);
    expect(() => loop(tensor([1, 2]), [x], (_i, y) => [y])).toThrow(ShapeError);
  });

  test("values of a round outside of it", () => {
    let inside: Tensor | undefined;
    loop(2, [tensor(1)], (i, x) => {
      inside = x.add(i);
      return [inside];
    });
    expect(() => inside!.item()).toThrow(StateError);
    expect(() => loop(2, [1], (_i, x) => [tensor(x.item())])).toThrow(StateError);
  });
});

test("10 rounds give the bits of 2 times 5", () => {
  const [a, b] = [0, 1].map(() => new Variable(Float32Array.from({ length: 37 }, (_, i) => Math.sin(i))));
  const rounds = (v: Variable) =>
    jit((n: Tensor) => {
      loop(n, [], () => {
        v.assign(sin(v.value.multiply(1.7)).add(v.value.mean()));
        return [];
      });
    });
  rounds(a!)(tensor(10));
  const half = rounds(b!);
  half(tensor(5));
  half(tensor(5));
  expect(b!.value.dataSync()).toEqual(a!.value.dataSync());
});

test("gradients go through loops of a known count", () => {
  const f = (x: Tensor): Tensor => loop(3, [x], (i, y) => [y.multiply(y).add(i)])[0];
  // ((x² + 0)² + 1)² + 2 at x = 1.1
  const x = 1.1;
  const y = x ** 4 + 1;
  expect(grad(f)(tensor(x, { dtype: "float64" })).item()).toBeCloseTo(2 * y * 4 * x ** 3, 10);
  const clipped = (z: Tensor): Tensor =>
    loop(2, [z], (_i, v) => [where(v.astype("bool"), maximum(v, 0), 0)])[0];
  expect(grad(clipped)(tensor(2, { dtype: "float32" })).item()).toBe(1);
  const captured = (z: Tensor): Tensor => {
    const weights = iota([4], 0, "float32");
    return loop(4, [tensor(0, { dtype: "float32" })], (i, total) => [
      total.add(weights.at(i.reshape(1)).sum().multiply(z)),
    ])[0];
  };
  expect(grad(captured)(tensor(2, { dtype: "float32" })).item()).toBe(6);
});
