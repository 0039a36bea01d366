/** Compiled functions: what is traced when, variables inside, errors inside, what escapes. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { printGraph } from "../graph/print.ts";
import {
  currentTrace,
  defineTreeNode,
  exp,
  jit,
  makeGraph,
  matmul,
  power,
  ShapeError,
  StateError,
  type Tensor,
  tensor,
  untraced,
  Variable,
} from "../index.ts";
import { backend } from "./device.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

describe("tracing", () => {
  test("tells classes apart whose objects have the same parts", () => {
    class Turned {
      readonly x: Tensor;
      constructor(x: Tensor) {
        this.x = x;
      }
    }
    class Plain extends Turned {}
    for (const Kind of [Turned, Plain]) {
      defineTreeNode(Kind.prototype, { children: ({ x }) => [x], with: ([x]) => new Kind(x as Tensor) });
    }
    const value = jit((it: Turned) => (it instanceof Plain ? it.x : it.x.multiply(-1)));
    expect(value(new Turned(tensor([1, 2]))).arraySync()).toEqual([-1, -2]);
    expect(value(new Plain(tensor([1, 2]))).arraySync()).toEqual([1, 2]);
  });

  test("happens once for each shape and dtype", () => {
    let traces = 0;
    const double = jit((x: Tensor) => {
      traces++;
      return x.add(x);
    });
    expect(double(tensor([1, 2])).arraySync()).toEqual([2, 4]);
    expect(double(tensor([3, 4])).arraySync()).toEqual([6, 8]);
    expect(traces).toBe(1);
    expect(double(tensor([1, 2, 3])).arraySync()).toEqual([2, 4, 6]);
    expect(double(tensor([1.5, 2])).arraySync()).toEqual([3, 4]);
    expect(double(tensor([[1, 2]])).arraySync()).toEqual([[2, 4]]);
    expect(traces).toBe(4);
    double(tensor([5, 6]));
    expect(traces).toBe(4);
  });

  test("happens once for each constant argument", () => {
    let traces = 0;
    const scaled = jit((x: Tensor, by: number, how: string) => {
      traces++;
      return how === "up" ? x.multiply(by) : x.divide(by);
    });
    expect(scaled(tensor([4]), 2, "up").item()).toBe(8);
    expect(scaled(tensor([4]), 2, "down").item()).toBe(2);
    expect(scaled(tensor([4]), 4, "down").item()).toBe(1);
    expect(scaled(tensor([5]), 2, "up").item()).toBe(10);
    expect(traces).toBe(3);
  });

  test("tells constant arguments apart by type, sign and place", () => {
    const text = jit((...args: unknown[]) => ({
      value: tensor(1),
      args: args.map((a) => `${typeof a} ${String(a)}`),
    }));
    expect(text("1").args).toEqual(["string 1"]);
    expect(text(1).args).toEqual(["number 1"]);
    expect(text(undefined).args).toEqual(["undefined undefined"]);
    expect(text("undefined").args).toEqual(["string undefined"]);
    expect(text("a|string:b", "c").args).toEqual(["string a|string:b", "string c"]);
    expect(text("a", "b|string:c").args).toEqual(["string a", "string b|string:c"]);
    const inverse = jit((x: number) =>
      tensor(1, { dtype: "float32" }).divide(tensor(x, { dtype: "float32" })),
    );
    expect([inverse(0).item(), inverse(-0).item()]).toEqual([
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ]);
  });

  test("tells objects apart by what they are and trees by their shape", () => {
    const first = { name: "a" };
    class Box {
      readonly by: number;
      constructor(by: number) {
        this.by = by;
      }
    }
    const [small, large] = [new Box(2), new Box(3)];
    const apply = jit((x: Tensor, box: Box) => x.multiply(box.by));
    expect(apply(tensor(5), small).item()).toBe(10);
    expect(apply(tensor(5), large).item()).toBe(15);
    const pick = jit((xs: readonly Tensor[] | { a: Tensor; b: Tensor }) => {
      return Array.isArray(xs) ? xs[0]!.subtract(xs[1]) : (xs as { b: Tensor }).b.multiply(2);
    });
    expect(pick([tensor(5), tensor(3)]).item()).toBe(2);
    expect(pick({ a: tensor(5), b: tensor(3) }).item()).toBe(6);
    expect(first.name).toBe("a");
  });

  test("takes and gives trees", () => {
    const swap = jit(({ a, b }: { a: Tensor; b: readonly Tensor[] }) => ({
      sum: b[0]!.add(a),
      rest: [a, b[1]!, "text", null],
    }));
    const out = swap({ b: [tensor([1]), tensor([2])], a: tensor([10]) });
    expect(out.sum.arraySync()).toEqual([11]);
    expect((out.rest[0] as Tensor).arraySync()).toEqual([10]);
    expect((out.rest[1] as Tensor).arraySync()).toEqual([2]);
    expect(out.rest.slice(2)).toEqual(["text", null]);
  });

  test("inside of a trace is part of it", () => {
    const inner = jit((x: Tensor) => x.multiply(3));
    const outer = jit((x: Tensor) => inner(x).add(inner(x)));
    const compile = vi.spyOn(backend(), "compileInStages");
    expect(outer(tensor([2])).arraySync()).toEqual([12]);
    expect(compile).toHaveBeenCalledTimes(1);
  });

  test("uses tensors from outside as they were", () => {
    const v = new Variable([1, 2]);
    const seen = v.value;
    const lazy = tensor([1, 1]).add(seen);
    const sum = jit((x: Tensor) => x.add(seen).add(lazy));
    expect(sum(tensor([0, 0])).arraySync()).toEqual([3, 5]);
    v.assign([100, 100]);
    expect(sum(tensor([0, 0])).arraySync()).toEqual([3, 5]);
  });

  test("makes one of numbers that are tensors, and no argument", () => {
    const decays = (x: Tensor): Tensor => power(tensor(0.9), x).add(power(tensor(0.9), x));
    const graph = makeGraph(decays, tensor([1, 2]));
    expect(graph.params).toHaveLength(1);
    expect(printGraph(graph).match(/power/g)).toHaveLength(1);
    const [first, second] = jit(decays)(tensor([1, 2])).arraySync() as number[];
    expect(first).toBeCloseTo(1.8, 6);
    expect(second).toBeCloseTo(1.62, 6);
  });

  test("shows its graph", () => {
    const graph = makeGraph((x: Tensor) => x.add(1).sum(), tensor([1, 2], { dtype: "float32" }));
    expect(printGraph(graph)).toMatch(/stablehlo\.add/);
  });
});

describe("variables in compiled functions", () => {
  test("are read anew at each call, and not changed by it", () => {
    const v = new Variable([1, 2]);
    const plus = jit((x: Tensor) => x.add(v));
    expect(plus(tensor([1, 1])).arraySync()).toEqual([2, 3]);
    v.assign([5, 5]);
    expect(plus(tensor([1, 1])).arraySync()).toEqual([6, 6]);
    expect(v.value.arraySync()).toEqual([5, 5]);
  });

  test("are assigned, read again, and assigned without being read", () => {
    const [v, w] = [new Variable([1, 2]), new Variable([0, 0])];
    const step = jit((x: Tensor) => {
      v.assign(v.value.add(x));
      w.assign(v.value.multiply(10));
      v.assign(v.value.add(1));
      return [v.value, w.value];
    });
    const [a, b] = step(tensor([1, 1])) as [Tensor, Tensor];
    expect([a.arraySync(), b.arraySync()]).toEqual([[3, 4], [20, 30]]); // biome-ignore format: pairs
    expect([v.value.arraySync(), w.value.arraySync()]).toEqual([[3, 4], [20, 30]]); // biome-ignore format: pairs
  });

  test("exchange their values", () => {
    const [v, w] = [new Variable([1, 2]), new Variable([3, 4])];
    const swap = jit(() => {
      const [a, b] = [v.value, w.value];
      v.assign(b);
      w.assign(a);
    });
    swap();
    expect([v.value.arraySync(), w.value.arraySync()]).toEqual([[3, 4], [1, 2]]); // biome-ignore format: pairs
    swap();
    expect([v.value.arraySync(), w.value.arraySync()]).toEqual([[1, 2], [3, 4]]); // biome-ignore format: pairs
  });

  test("that are assigned what they had stay as they are", () => {
    const v = new Variable([1, 2]);
    const nothing = jit(() => {
      const before = v.value;
      v.assign([9, 9]);
      v.assign(before);
    });
    nothing();
    expect(v.value.arraySync()).toEqual([1, 2]);
  });

  test("are the same for functions inside functions", () => {
    const v = new Variable([1]);
    const inner = jit(() => v.assign(v.value.multiply(2)).value);
    const outer = jit(() => {
      const a = inner();
      v.assign(v.value.add(1));
      return [a, inner()];
    });
    expect(outer().map((t) => t.item())).toEqual([2, 6]);
    expect(v.value.item()).toBe(6);
  });

  test("share no memory with results", () => {
    const v = new Variable([1, 2]);
    const step = jit(() => {
      const before = v.value;
      v.assign(v.value.multiply(2));
      return [before, v.value, v.value.reshape(2, 1)];
    });
    const [before, after, turned] = step() as [Tensor, Tensor, Tensor];
    step();
    expect([before.arraySync(), after.arraySync(), turned.arraySync()]).toEqual([[1, 2], [2, 4], [[2], [4]]]); // biome-ignore format: triples
  });

  test("are updated in place: a loop's worth of calls allocates nothing for them", () => {
    const v = new Variable(new Float32Array(1000));
    const step = jit(() => {
      v.assign(v.value.add(1));
    });
    step();
    const memory = v.memory;
    for (let i = 0; i < 10; i++) step();
    expect(v.memory).toBe(memory);
    expect(v.value.max().item()).toBe(11);
  });
});

describe("errors inside", () => {
  test("leave variables as they were, and the function can be called again", () => {
    const v = new Variable([1, 2]);
    let fails = true;
    const step = jit((x: Tensor) => {
      v.assign(v.value.add(x));
      if (fails) throw new Error("stop here");
      return v.value;
    });
    expect(() => step(tensor([1, 1]))).toThrow("stop here");
    expect(currentTrace()).toBeUndefined();
    expect(v.value.arraySync()).toEqual([1, 2]);
    fails = false;
    expect(step(tensor([1, 1])).arraySync()).toEqual([2, 3]);
  });

  test("come from shapes that do not fit", () => {
    const v = new Variable([1, 2]);
    const step = jit((x: Tensor) => v.assign(v.value.add(x)).value);
    expect(() => step(tensor([1, 2, 3]))).toThrow(ShapeError);
    const product = jit((x: Tensor, y: Tensor) => matmul(x, y));
    expect(() => product(tensor([[1, 2]]), tensor([[1, 2]]))).toThrow(ShapeError);
    expect(v.value.arraySync()).toEqual([1, 2]);
  });

  test("come from reading what has no value yet", () => {
    const read = jit((x: Tensor) => x.add(1).item());
    expect(() => read(tensor(1))).toThrow(StateError);
    const v = new Variable([1]);
    expect(() => jit(() => v.value.arraySync())()).toThrow(StateError);
  });

  test("come from tensors that escaped", () => {
    let escaped: Tensor | undefined;
    jit((x: Tensor) => {
      escaped = x.add(1);
      return x;
    })(tensor([1]));
    expect(() => escaped!.dataSync()).toThrow(StateError);
    expect(() => escaped!.add(1).sum().item()).toThrow(/Return it from the function/);
    expect(() => jit((x: Tensor) => x.add(escaped!))(tensor([1]))).toThrow(StateError);
  });
});

test("untraced work is eager even inside of a trace", () => {
  let made: Variable | undefined;
  const f = jit((x: Tensor) => {
    made ??= untraced(() => {
      const v = new Variable([1, 2], "float32");
      v.assign(exp(v.value.subtract(v.value)));
      return v;
    });
    return x.add(made);
  });
  expect(f(tensor([1, 1])).arraySync()).toEqual([2, 2]);
  made!.assign([5, 5]);
  expect(f(tensor([1, 1])).arraySync()).toEqual([6, 6]);
});

test("the same program gives the same bits each time", () => {
  const x = tensor(Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i)));
  const f = jit((t: Tensor) => exp(t.reshape(10, 100).matmul(t.reshape(100, 10))).sum(0));
  const first = f(x).dataSync();
  for (let i = 0; i < 5; i++) expect(f(x).dataSync()).toEqual(first);
});

test("prepare compiles in parts, of which the first traces; the call then finds its program", () => {
  let traces = 0;
  const f = jit((x: Tensor, factor: number) => {
    traces++;
    return x.multiply(factor).add(1);
  });
  const parts = f.prepare(tensor([1, 2, 3]), 5);
  expect(traces).toBe(0);
  parts.next();
  expect(traces).toBe(1);
  let more = 0;
  while (!parts.next().done) more++;
  expect(more).toBeGreaterThan(1);
  expect(f(tensor([4, 5, 6]), 5).arraySync()).toEqual([21, 26, 31]);
  expect(traces).toBe(1);
});
