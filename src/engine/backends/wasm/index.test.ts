/** The wasm device from outside: arrays, calls, donations, errors. */
import { describe, expect, it } from "vitest";
import { apply, parameter, sum } from "../../graph/build.ts";
import type { Graph } from "../../graph/node.ts";
import {
  DisposedError,
  DTypeError,
  ExecutionError,
  OutOfMemoryError,
  ShapeError,
  StateError,
  ValueError,
} from "../../tensor/errors.ts";
import type { Backend } from "../backend.ts";
import { createReferenceBackend } from "../reference/index.ts";
import { ModuleBuilder } from "./assembler.ts";
import { WasmExecutable } from "./executable.ts";
import { createWasmBackend } from "./index.ts";
import { DeviceMemory } from "./memory.ts";

/** (x, y) -> (x + y, x · y, the sum of x). */
function example(size: number): Graph {
  const [x, y] = [
    parameter({ shape: [size], dtype: "float32" }),
    parameter({ shape: [size], dtype: "float32" }),
  ];
  return { params: [x, y], results: [apply("add", x, y), apply("multiply", x, y), sum(x, [0])] };
}

function put(backend: Backend, ...values: number[]): ReturnType<Backend["allocate"]> {
  const array = backend.allocate("float32", values.length);
  array.write(Float32Array.from(values));
  return array;
}

describe("device arrays", () => {
  it("begin with zeros, also where other values lay", () => {
    const backend = createWasmBackend();
    const first = put(backend, 1, 2, 3);
    first.dispose();
    expect(backend.allocate("float32", 3).read()).toEqual(Float32Array.of(0, 0, 0));
  });

  it("hold every dtype", () => {
    const backend = createWasmBackend();
    const values = {
      bool: Uint8Array.of(0, 1),
      uint8: Uint8Array.of(255, 3),
      int32: Int32Array.of(-5, 7),
      uint32: Uint32Array.of(4294967295, 1),
      float32: Float32Array.of(0.5, Number.NaN),
      float64: Float64Array.of(1e300, -0),
    } as const;
    for (const dtype of ["bool", "uint8", "int32", "uint32", "float32", "float64"] as const) {
      const array = backend.allocate(dtype, 2);
      array.write(values[dtype]);
      expect([dtype, array.read()]).toEqual([dtype, values[dtype]]);
    }
  });

  it("keep their values while the memory grows", () => {
    const backend = createWasmBackend();
    const small = put(backend, 1, 2, 3);
    const large = backend.allocate("float64", 4_000_000);
    large.write(new Float64Array(4_000_000).fill(2.5));
    expect(small.read()).toEqual(Float32Array.of(1, 2, 3));
    expect(large.read()[3_999_999]).toBe(2.5);
  });

  it("refuse use after dispose, and values of another size", () => {
    const array = createWasmBackend().allocate("float32", 3);
    expect(() => array.write(new Float32Array(4))).toThrow(ShapeError);
    array.dispose();
    array.dispose();
    expect(() => array.read()).toThrow(DisposedError);
    expect(() => array.write(new Float32Array(3))).toThrow(
      "this device array (float32, 3 elements) was disposed",
    );
  });

  it("give their memory back when they are forgotten", async () => {
    const backend = createWasmBackend();
    // 12 times 512 MiB fit only if the collector's reports arrive.
    for (let round = 0; round < 12; round++) {
      backend.allocate("uint8", 2 ** 29);
      globalThis.gc!();
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    expect(put(backend, 7).read()).toEqual(Float32Array.of(7));
  });

  it("say how much there was when memory runs out", () => {
    const backend = createWasmBackend();
    expect(() => backend.allocate("float64", 2 ** 30)).toThrow(OutOfMemoryError);
    expect(() => backend.allocate("float64", 2 ** 30)).toThrow(
      /cannot allocate 8192.0 MiB: 0.0 MiB are in use, and its memory of 1.0 MiB can grow to 4096.0 MiB at most/,
    );
    expect(put(backend, 5).read()).toEqual(Float32Array.of(5));
  });
});

describe("executables", () => {
  it("take host values and device arrays, and give fresh arrays", () => {
    const backend = createWasmBackend();
    const run = backend.compile(example(3));
    const y = put(backend, 10, 20, 30);
    const results = run.run([Float32Array.of(1, 2, 3), y]);
    expect(results).toEqual([Float32Array.of(11, 22, 33), Float32Array.of(10, 40, 90), Float32Array.of(6)]);
    run.run([Float32Array.of(0, 0, 0), y]);
    expect(results[0]).toEqual(Float32Array.of(11, 22, 33));
    expect(y.read()).toEqual(Float32Array.of(10, 20, 30));
  });

  it("write donated results into their parameters", () => {
    const backend = createWasmBackend();
    const run = backend.compile(example(3), { donations: [0, undefined, undefined] });
    const [x, y] = [put(backend, 1, 2, 3), put(backend, 10, 20, 30)];
    expect(run.run([x, y])).toEqual([undefined, Float32Array.of(10, 40, 90), Float32Array.of(6)]);
    expect(x.read()).toEqual(Float32Array.of(11, 22, 33));
    expect(run.run([x, y])[2]).toEqual(Float32Array.of(66));
    expect(x.read()).toEqual(Float32Array.of(21, 42, 63));
  });

  it("take one array for several parameters, also when a result overwrites it", () => {
    const backend = createWasmBackend();
    const x = put(backend, 1, 2, 3);
    expect(backend.compile(example(3)).run([x, x])[1]).toEqual(Float32Array.of(1, 4, 9));
    const donating = backend.compile(example(3), { donations: [0, undefined, undefined] });
    expect(donating.run([x, x])[1]).toEqual(Float32Array.of(1, 4, 9));
    expect(x.read()).toEqual(Float32Array.of(2, 4, 6));
    const both = backend.compile(example(3), { donations: [0, 1, undefined] });
    expect(() => both.run([x, x])).toThrow(ValueError);
  });

  it("take arrays of other devices, but for donations", () => {
    const backend = createWasmBackend();
    const other = put(createReferenceBackend(), 1, 2, 3);
    const far = put(createWasmBackend(), 4, 5, 6);
    expect(backend.compile(example(3)).run([other, far])[0]).toEqual(Float32Array.of(5, 7, 9));
    const donating = backend.compile(example(3), { donations: [0, undefined, undefined], name: "step" });
    expect(() => donating.run([other, far])).toThrow(StateError);
    expect(() => donating.run([Float32Array.of(1, 2, 3), far])).toThrow(
      "step: argument 0 gives its memory to a result, so it must be an array of this device",
    );
  });

  it("refuse arguments that do not fit, and arrays without memory", () => {
    const backend = createWasmBackend();
    const run = backend.compile(example(3), { name: "example" });
    const x = Float32Array.of(1, 2, 3);
    expect(() => run.run([x])).toThrow(new ValueError("example: expected 2 arguments. Received: 1"));
    expect(() => run.run([x, new Float64Array(3)])).toThrow(
      new DTypeError("example: argument 1 is float32. Received: Float64Array(3)"),
    );
    expect(() => run.run([backend.allocate("int32", 3), x])).toThrow(
      new DTypeError("example: argument 0 is float32. Received: a device array of int32"),
    );
    expect(() => run.run([x, new Float32Array(4)])).toThrow(
      new ShapeError("example: argument 1 has 3 elements. Received: 4"),
    );
    const gone = put(backend, 1, 2, 3);
    gone.dispose();
    expect(() => run.run([x, gone])).toThrow(DisposedError);
    expect(run.run([x, x])[2]).toEqual(Float32Array.of(6));
  });

  it("turn traps into errors of their own and free what the call took", () => {
    const memory = new DeviceMemory(false);
    const module = new ModuleBuilder({ module: "env", name: "memory", initial: 1 });
    const f = module.function("run", ["i32", "i32", "i32"], []);
    f.op("unreachable");
    module.export("run", f);
    const port = { dtype: "float32", size: 100_000 } as const;
    const compiled = {
      program: { steps: [], places: new Map(), arenaBytes: 0, privateBytes: 0 },
      paramSlots: [0],
      resultSlots: [1],
      slotCount: 2,
      params: [port],
      results: [port],
    };
    const executable = new WasmExecutable(
      createWasmBackend(),
      memory,
      compiled,
      [],
      { code: module.bytes(), sharedWork: 0 },
      "broken",
      {},
    );
    const values = new Float32Array(port.size);
    for (let round = 0; round < 3; round++) {
      expect(() => executable.run([values])).toThrow(ExecutionError);
      expect(() => executable.run([values])).toThrow(
        "broken: the compiled program stopped with: unreachable",
      );
    }
    // One call takes 800 kB: a second one has no room in the first megabyte.
    expect(memory.memory.buffer.byteLength).toBe(2 ** 20);
  });
});
