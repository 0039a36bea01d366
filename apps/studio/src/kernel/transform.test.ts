/** Cells as programs: run as the kernel runs them. */
import { afterEach, describe, expect, test } from "vitest";
import { prepareCell } from "./transform.ts";

const AsyncFunction = async function () {}.constructor as new (
  parameter: string,
  body: string,
) => (load: unknown) => Promise<unknown>;

const made = new Set<string>();
const globals = globalThis as Record<string, unknown>;

/** Runs a cell, with a module "shapes" to import from. */
async function run(source: string): Promise<unknown> {
  const { code, names } = prepareCell(source);
  for (const name of names) {
    made.add(name);
    globals[name] ??= undefined;
  }
  const load = (): Promise<object> => Promise.resolve({ area: 12, default: "square", sides: { few: 3 } });
  return await new AsyncFunction("$import", `"use strict";${code}`)(load);
}

afterEach(() => {
  for (const name of made) delete globals[name];
  made.clear();
});

describe("a cell", () => {
  test("has the value of its last expression", async () => {
    expect(await run("1 + 2;\n'a' + 'b'")).toBe("ab");
    expect(await run("const a = 4;")).toBeUndefined();
    expect(await run("({ a: 1 })")).toEqual({ a: 1 });
  });

  test("hands on what it declares, and may be run again", async () => {
    await run("const [a, { b = 5, ...rest }] = [1, { c: 3 }];\nlet d, e = a + b;\nvar f = () => e;");
    expect(await run("[a, b, rest, d, e, f()]")).toEqual([1, 5, { c: 3 }, undefined, 6, 6]);
    await run("const a = 10; class P { x = a } function twice(n: number) { return 2 * n; }");
    expect(await run("twice(new P().x)")).toBe(20);
  });

  test("may call a function before it is written, and wait at its top", async () => {
    expect(await run("const two = await one() + 1;\nasync function one() { return 1; }\ntwo")).toBe(2);
  });

  test("has types, which are nothing when it runs", async () => {
    const source =
      "interface A { n: number }\nconst a: A = { n: 1 } as const satisfies A;\ntype B = A;\na.n!";
    expect(await run(source)).toBe(1);
  });

  test("imports by name, by another name, by default, and all", async () => {
    const source = 'import square, { area as size,\n  sides } from "shapes";\nimport * as all from "shapes";';
    await run(source);
    expect(await run("[square, size, sides.few, all.area]")).toEqual(["square", 12, 3, 12]);
  });

  test("keeps what stands in blocks to itself", async () => {
    await run("for (let i = 0; i < 2; i++) { const inner = i; }\n{ let hidden = 1; }");
    expect(await run("[typeof i, typeof inner, typeof hidden]")).toEqual(Array(3).fill("undefined"));
  });

  test("keeps the numbers of its lines", () => {
    const source =
      'import {\n  area,\n} from "shapes";\nexport const a =\n  1;\nfunction f() {}\nthrow new Error("here")';
    const lines = prepareCell(source).code.split("\n");
    expect(lines.findIndex((line) => line.includes("throw")) + 1).toBe(7);
  });

  test("says where it cannot be read", () => {
    expect(() => prepareCell("const a = 1;\nconst = 2;")).toThrow(/\(2:7\)/);
  });
});
