/** The contract of a backend: arguments are checked, device memory is kept, donated results land in it. */
import { describe, expect, it } from "vitest";
import { apply, constant, parameter } from "../../graph/build.ts";
import type { Node } from "../../graph/node.ts";
import { DisposedError, DTypeError, ShapeError, StateError, ValueError } from "../../tensor/errors.ts";
import { createReferenceBackend } from "./index.ts";

const backend = createReferenceBackend();
const type = { shape: [2], dtype: "float32" } as const;
const x = parameter(type);
const y = parameter(type);
const double: Node = apply("add", x, x);

describe("compile", () => {
  it("runs with host and device arguments", () => {
    const held = backend.allocate("float32", 2);
    expect(held.device).toBe(backend);
    held.write(Float32Array.of(10, 20));
    const run = backend.compile({ params: [x, y], results: [apply("add", x, y), double] });
    expect(run.run([Float32Array.of(1, 2), held])).toEqual([Float32Array.of(11, 22), Float32Array.of(2, 4)]);
  });

  it("gives results that do not share memory with arguments", () => {
    const given = Float32Array.of(1, 2);
    const [result] = backend.compile({ params: [x], results: [x] }).run([given]);
    given[0] = 9;
    expect(result).toEqual(Float32Array.of(1, 2));
  });

  it("writes donated results into the parameter's memory, after everything is computed", () => {
    const [a, b] = [backend.allocate("float32", 2), backend.allocate("float32", 2)];
    a.write(Float32Array.of(1, 2));
    b.write(Float32Array.of(3, 4));
    const swap = backend.compile(
      { params: [x, y], results: [y, x, double] },
      { donations: [0, 1, undefined] },
    );
    expect(swap.run([a, b])).toEqual([undefined, undefined, Float32Array.of(2, 4)]);
    expect([a.read(), b.read()]).toEqual([Float32Array.of(3, 4), Float32Array.of(1, 2)]);
  });

  it("refuses what does not fit", () => {
    const run = backend.compile({ params: [x], results: [double] }, { name: "double" });
    expect(() => run.run([])).toThrow(new ValueError("double: expected 1 arguments. Received: 0"));
    expect(() => run.run([Float32Array.of(1)])).toThrow(ShapeError);
    expect(() => run.run([Float64Array.of(1, 2)])).toThrow(DTypeError);
    const donating = backend.compile({ params: [x], results: [double] }, { donations: [0] });
    expect(() => donating.run([Float32Array.of(1, 2)])).toThrow(StateError);
    const scalar = constant(1, { shape: [], dtype: "float32" });
    expect(() => backend.compile({ params: [x], results: [scalar] }, { donations: [0] })).toThrow(ValueError);
  });
});

describe("device arrays", () => {
  it("begin with zeros and copy on reading", () => {
    const array = backend.allocate("int32", 2);
    array.read()[0] = 5;
    expect(array.read()).toEqual(Int32Array.of(0, 0));
    array.write(Int32Array.of(7), 1);
    expect(array.read()).toEqual(Int32Array.of(0, 7));
    expect(() => array.write(Int32Array.of(1, 2), 1)).toThrow(ShapeError);
  });

  it("cannot be used after disposal", () => {
    const array = backend.allocate("int32", 2);
    array.dispose();
    expect(() => array.read()).toThrow(DisposedError);
    expect(() => array.write(Int32Array.of(1, 2))).toThrow(DisposedError);
  });
});

it("runs chains that are longer than the call stack", () => {
  let node: Node = x;
  for (let i = 0; i < 50_000; i++) node = apply("add", node, x);
  const [out] = backend.compile({ params: [x], results: [node] }).run([Float32Array.of(1, -1)]);
  expect(out).toEqual(Float32Array.of(50_001, -50_001));
});
