import { describe, expect, it } from "vitest";
import { ModuleBuilder } from "./assembler.ts";
import { type Instruction, opcodes } from "./opcodes.ts";

type Numbers = (...args: number[]) => number;

function instantiate(module: ModuleBuilder, imports: WebAssembly.Imports = {}): { [name: string]: Numbers } {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), imports);
  return exports as { [name: string]: Numbers };
}

describe("ModuleBuilder", () => {
  it("writes the bytes that the specification asks for", () => {
    const module = new ModuleBuilder();
    const f = module.function("f", ["i32", "i32"], ["i32"]);
    f.get(0);
    f.get(1);
    f.op("i32.add");
    module.export("sum", f);
    expect(Buffer.from(module.bytes()).toString("hex")).toBe(
      [
        "0061736d01000000",
        "01070160027f7f017f",
        "03020100",
        "0707010373756d0000",
        "0a09010700200020016a0b",
        "000b046e616d65010401000166",
      ].join(""),
    );
  });

  it("writes numbers of every length in LEB128", () => {
    const values = [0, 1, -1, 63, 64, -64, -65, 127, 128, 8191, 8192, -8192, -8193, 2 ** 31 - 1, -(2 ** 31)];
    const module = new ModuleBuilder();
    values.forEach((value, i) => {
      const f = module.function(`f${i}`, [], ["i32"]);
      f.i32(value);
      module.export(`f${i}`, f);
    });
    const exports = instantiate(module);
    expect(values.map((_, i) => exports[`f${i}`]!())).toEqual(values);
  });

  it("imports memory, and adds constants to addresses", () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const module = new ModuleBuilder({ module: "env", name: "memory", initial: 1 });
    const f = module.function("f", ["i32"], ["f32"]);
    f.get(0);
    f.memory("f32.load", 1000);
    module.export("f", f);
    new Float32Array(memory.buffer)[252] = 2.5;
    const exports = instantiate(module, { env: { memory } });
    expect(exports["f"]!(8)).toBe(2.5);
    expect(() => exports["f"]!(65536)).toThrow(WebAssembly.RuntimeError);
  });

  it("imports shared memory", () => {
    const module = new ModuleBuilder({ module: "env", name: "memory", initial: 1, maximum: 2, shared: true });
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true });
    expect(() => instantiate(module, { env: { memory } })).not.toThrow();
  });

  it("shares signatures and numbers functions in order", () => {
    const module = new ModuleBuilder();
    const square = module.function("square", ["f64"], ["f64"]);
    square.get(0);
    square.get(0);
    square.op("f64.mul");
    const fourth = module.function("fourth", ["f64"], ["f64"]);
    fourth.get(0);
    fourth.indexed("call", square.index);
    fourth.indexed("call", square.index);
    module.export("fourth", fourth);
    expect(instantiate(module)["fourth"]!(3)).toBe(81);
  });

  it("loops with locals", () => {
    const module = new ModuleBuilder();
    const f = module.function("f", ["i32"], ["i32"]);
    const sum = f.local("i32");
    f.begin("loop");
    f.get(sum);
    f.get(0);
    f.op("i32.add");
    f.set(sum);
    f.get(0);
    f.i32(1);
    f.op("i32.sub");
    f.tee(0);
    f.indexed("br_if", 0);
    f.end();
    f.get(sum);
    module.export("f", f);
    expect(instantiate(module)["f"]!(100)).toBe(5050);
  });
});

describe("opcodes", () => {
  it("gives each instruction a code of its own", () => {
    const names = Object.keys(opcodes) as Instruction[];
    expect(new Set(names.map((name) => opcodes[name])).size).toBe(names.length);
  });
});
