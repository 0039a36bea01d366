/** Dumps: the texts of small programs, what is left out, and how environment variables ask for them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ValueError } from "../tensor/errors.ts";
import { loop } from "./control.ts";
import { setBackend } from "./device.ts";
import { exp, matmul } from "./functions.ts";
import { dump, dumpIfAsked } from "./inspector.ts";
import { jit } from "./jit.ts";
import { type Tensor, tensor } from "./tensor.ts";

const twice = jit((x: Tensor) => exp(x.add(x)), { name: "twice" });
const powers = jit((x: Tensor) => loop(3, [x], (_, y) => [matmul(y, x)])[0], { name: "powers" });
const x = tensor(new Float32Array(16).map((_, i) => i / 8)).reshape(4, 4);
const work = (): void => {
  twice(x).dataSync();
  powers(x).dataSync();
};

describe("dump", () => {
  it("shows graph, schedule, loops and listing of every program", async () => {
    const [first, second, ...others] = await dump(work);
    expect(others).toEqual([]);
    expect([first!.name, second!.name]).toEqual(["twice", "powers"]);

    expect(first!.graph).toMatch(/@twice\(%\w+: tensor<4x4xf32>\) -> \(tensor<4x4xf32>\)/);
    expect(first!.graph).toContain("stablehlo.exponential");
    const lines = first!.schedule.split("\n");
    expect(lines[0]).toMatch(/^kernel exponential \(4, 4\), \d+ operations$/);
    expect(lines.slice(1)).toEqual([
      "  reads slot0: float32[16]",
      "  writes slot1: float32[16]",
      "arena of 0 bytes, private memory of 0 bytes",
    ]);
    expect(first!.loops).toMatch(/^kernel exponential:\n {2}parallel for i0 in 0\.\.16 by 4:/);
    expect(first!.loops).toMatch(/slot1\[.*\] = /);
    const { wat } = first!;
    expect(wat).toMatch(/^\(module\n {2}\(import "env" "memory" \(memory 1/);
    expect(wat).toMatch(/\(func \(;0;\) \(param i32 i32 i32\) ;; .*exponential/);
    expect(wat).toContain("v128.load");
    expect(wat).toMatch(/\n {4,}f32x4\.(mul|relaxed_madd)\n/);
    expect(wat).toMatch(/call 0 ;; .*exponential/);
    expect(wat).toMatch(/\(export "run" \(func \d+\)\)\n\)$/);
    // Blocks are indented, and all of them end.
    const count = (pattern: RegExp): number => wat.match(pattern)?.length ?? 0;
    expect(count(/^ +(block|loop|if)$/gm)).toBeGreaterThan(0);
    expect(count(/^ +end$/gm)).toBe(count(/^ +(block|loop|if)$/gm));

    expect(second!.schedule).toMatch(/loop .*: int32\[1\].* times, round in /);
    expect(second!.schedule).toMatch(/\n {2}kernel .*dot_general/);
    expect(second!.graph).toContain("stablehlo.dot_general");
    expect(String(first)).toContain(`=== twice: loops ===\n${first!.loops}\n`);
  });

  it("gives what is asked for, again and again, and changes no result", async () => {
    const before = Array.from(twice(x).dataSync());
    for (let i = 0; i < 2; i++) {
      let after: number[] = [];
      const inside = async (): Promise<void> => {
        await Promise.resolve();
        work();
        after = Array.from(twice(x).dataSync());
      };
      const [only, ...others] = await dump(inside, { parts: ["schedule"], filter: "twi" });
      expect(others).toEqual([]);
      expect({ ...only, toString: undefined }).toMatchObject({
        name: "twice",
        graph: "",
        loops: "",
        wat: "",
      });
      expect(String(only)).toBe(`=== twice: schedule ===\n${only!.schedule}\n`);
      expect(after).toEqual(before);
    }
  });

  it("has graphs alone of backends that have nothing else", async () => {
    setBackend("reference");
    try {
      const [only] = await dump(() => twice(x).dataSync());
      expect(only).toMatchObject({ schedule: "", loops: "", wat: "" });
      expect(only!.graph).toContain("stablehlo.exponential");
    } finally {
      setBackend("wasm");
    }
  });

  it("refuses parts that there are not, and lets go when the work fails", async () => {
    const wrong = dump(work, { parts: ["loop" as "loops"] });
    await expect(wrong).rejects.toThrow(ValueError);
    await expect(wrong).rejects.toThrow('there is no part "loop". Did you mean "loops"?');
    const fails = (): void => {
      throw new RangeError("no");
    };
    await expect(dump(fails)).rejects.toThrow(RangeError);
  });
});

describe("TSUNO_DUMP", () => {
  const names = ["TSUNO_DUMP", "TSUNO_DUMP_FILTER", "TSUNO_DUMP_DIR"];
  afterEach(() => {
    for (const name of names) delete process.env[name];
  });

  it("prints programs as they are compiled, those before it was loaded included", async () => {
    expect(dumpIfAsked()).toBeUndefined();
    process.env["TSUNO_DUMP"] = "graph,schedule";
    process.env["TSUNO_DUMP_FILTER"] = "twice";
    const printed: string[] = [];
    const spy = vi.spyOn(console, "error").mockImplementation((text) => void printed.push(String(text)));
    const stop = dumpIfAsked()!;
    try {
      work();
      await vi.waitFor(() => expect(printed.length).toBe(1));
    } finally {
      stop();
      spy.mockRestore();
    }
    expect(printed[0]).toMatch(/^=== twice: graph ===\n[^]*=== twice: schedule ===\nkernel exponential/);
    expect(printed[0]).not.toContain("(module");
  });

  it("writes files into a folder", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tsuno-dump-"));
    process.env["TSUNO_DUMP"] = "all";
    process.env["TSUNO_DUMP_DIR"] = join(folder, "new");
    const stop = dumpIfAsked()!;
    try {
      work();
      const parts = ["graph", "loops", "schedule", "wat"];
      const expected = ["001-twice", "002-powers"].flatMap((base) => parts.map((p) => `${base}.${p}.txt`));
      await vi.waitFor(() => expect(readdirSync(join(folder, "new"))).toEqual(expected));
      expect(readFileSync(join(folder, "new", "002-powers.wat.txt"), "utf8")).toMatch(/^\(module\n/);
    } finally {
      stop();
      rmSync(folder, { recursive: true });
    }
  });
});
