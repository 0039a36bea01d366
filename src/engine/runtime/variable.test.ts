/** Variables: values that programs update in place, while tensors that were read before stay as they are. */
import { afterEach, describe, expect, test } from "vitest";
import {
  DisposedError,
  gradients,
  jit,
  loop,
  ShapeError,
  setBackend,
  type Tensor,
  tensor,
  Variable,
} from "../index.ts";

afterEach(() => setBackend("wasm"));

describe("a variable", () => {
  test("has no gradient through an assignment, inside of jit as outside", () => {
    const step = (x: Tensor): Tensor[] => {
      const v = new Variable([1], "float32");
      v.assign(x.multiply(x));
      const y = v.value.multiply(x).sum();
      return [...gradients(y, [x, v]), y];
    };
    const x = tensor([3], { dtype: "float32" });
    for (const run of [step, jit(step)]) {
      expect(run(x).map((t) => t.arraySync())).toEqual([[9], [3], 27]);
    }
  });

  test("has the shape and dtype of its first value, or the dtype asked for", () => {
    const v = new Variable([[1, 2]]);
    expect([v.shape, v.dtype]).toEqual([[1, 2], "int32"]);
    expect(new Variable([1, 2], "float32").value.dtype).toBe("float32");
    expect(new Variable(3).value.item()).toBe(3);
    expect(new Variable([], "float32").value.arraySync()).toEqual([]);
  });

  test("is assigned", () => {
    const v = new Variable([1, 2]);
    expect(v.assign([3, 4])).toBe(v);
    expect(v.value.arraySync()).toEqual([3, 4]);
    v.assignAdd(1).assignSub([0, 2]);
    expect(v.value.arraySync()).toEqual([4, 3]);
    v.assign([1.7, 2.7]);
    expect(v.value.arraySync()).toEqual([1, 2]);
    expect(() => v.assign([1, 2, 3])).toThrow(ShapeError);
    expect(v.value.arraySync()).toEqual([1, 2]);
  });

  test("makes a deferred value when it is first needed, and once", () => {
    const made: string[] = [];
    const deferred = (name: string): Variable =>
      new Variable({ shape: [2], dtype: "float32", make: () => (made.push(name), [1, 2]) });
    const [read, assigned, traced] = [deferred("read"), deferred("assigned"), deferred("traced")];
    expect([read.shape, read.dtype, made]).toEqual([[2], "float32", []]);
    expect([read.value.arraySync(), read.value.arraySync(), made]).toEqual([[1, 2], [1, 2], ["read"]]);
    expect(assigned.assign([3, 4]).value.arraySync()).toEqual([3, 4]);
    const step = jit(() => traced.assignAdd(1).value);
    expect([step().arraySync(), step().arraySync()]).toEqual([
      [2, 3],
      [3, 4],
    ]);
    expect(made).toEqual(["read", "traced"]);
    const wrong = new Variable({ shape: [3], dtype: "float32", make: () => [1, 2] });
    expect(() => wrong.value.arraySync()).toThrow(ShapeError);
  });

  test("gets back a value that was kept, made or not", () => {
    let count = 0;
    const v = new Variable({ shape: [], dtype: "int32", make: () => ++count });
    const back = v.keep();
    v.assign(7);
    back();
    expect([count, v.value.item(), count]).toEqual([0, 1, 1]);
    const again = v.keep();
    v.assign(8);
    again();
    expect([v.value.item(), count]).toEqual([1, 1]);
  });

  test("is an operand like any tensor", () => {
    const v = new Variable([1, 2]);
    expect(tensor([10, 20]).add(v).arraySync()).toEqual([11, 22]);
  });

  test("is assigned from itself and from others", () => {
    const [a, b] = [new Variable([1, 2]), new Variable([3, 4])];
    const [x, y] = [a.value, b.value];
    a.assign(y);
    b.assign(x);
    expect([a.value.arraySync(), b.value.arraySync()]).toEqual([[3, 4], [1, 2]]); // biome-ignore format: pairs
    a.assign(a.value);
    expect(a.value.arraySync()).toEqual([3, 4]);
  });

  test("cannot be used after disposal, but what was read can", () => {
    const v = new Variable([1, 2]);
    const old = v.value;
    const later = v.value.add(1);
    v.dispose();
    v.dispose();
    expect(() => v.value).toThrow(DisposedError);
    expect(() => v.assign([1, 2])).toThrow(DisposedError);
    expect(old.arraySync()).toEqual([1, 2]);
    expect(later.arraySync()).toEqual([2, 3]);
  });

  test("moves along when the backend changes", () => {
    const v = new Variable([1, 2], "float32");
    const old = v.value;
    const double = jit(() => {
      v.assign(v.value.multiply(2));
    });
    double();
    setBackend("reference");
    double();
    expect(v.value.arraySync()).toEqual([4, 8]);
    setBackend("wasm");
    double();
    expect(v.value.arraySync()).toEqual([8, 16]);
    expect(old.arraySync()).toEqual([1, 2]);
  });
});

describe("tensors that were read keep their numbers", () => {
  test("when the variable is assigned", () => {
    const v = new Variable([1, 2]);
    const old = v.value;
    const sum = v.value.sum();
    v.assign([5, 6]);
    expect(v.value.arraySync()).toEqual([5, 6]);
    expect(old.arraySync()).toEqual([1, 2]);
    expect(sum.item()).toBe(3);
  });

  test("when a program updates the variable", () => {
    const v = new Variable([1, 2]);
    const add = jit((x: ReturnType<typeof tensor>) => {
      v.assign(v.value.add(x));
      return v.value;
    });
    const old = v.value;
    const sum = v.value.sum();
    const first = add(tensor([10, 10]));
    const second = add(tensor([10, 10]));
    expect(old.arraySync()).toEqual([1, 2]);
    expect(sum.item()).toBe(3);
    expect(first.arraySync()).toEqual([11, 12]);
    expect(second.arraySync()).toEqual([21, 22]);
    expect(v.value.arraySync()).toEqual([21, 22]);
  });

  test("when they are arguments of the program that updates the variable", () => {
    const v = new Variable([1, 2]);
    const add = jit((x: ReturnType<typeof tensor>) => {
      v.assign(v.value.add(x));
      return x.multiply(1);
    });
    expect(add(v.value).arraySync()).toEqual([1, 2]);
    expect(add(v.value).arraySync()).toEqual([2, 4]);
    expect(v.value.arraySync()).toEqual([4, 8]);
  });

  test("when a loop updates the variable", () => {
    const v = new Variable([1, 2]);
    const old = v.value;
    loop(3, [], () => {
      v.assign(v.value.add(old));
      return [];
    });
    expect(v.value.arraySync()).toEqual([4, 8]);
    expect(old.arraySync()).toEqual([1, 2]);
  });
});
