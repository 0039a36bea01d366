// The house has one direction: every import of src/ goes down, and none goes round. See docs/architecture.md.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readSources, root } from "./support/files.ts";
import { findImports } from "./support/imports.ts";
import { findCycles, findViolations } from "./support/layering.ts";

describe("the sources", () => {
  const sources = readSources("src", /\.ts$/);
  const manifest: unknown = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

  test("import only what their floor may", () => {
    expect(findViolations(sources, packagesOf(manifest))).toEqual([]);
  });

  test("have no import cycles", () => {
    expect(findCycles(sources)).toEqual([]);
  });
});

describe("findImports", () => {
  const scan = (text: string): string[] =>
    findImports("x.ts", text).map(
      ({ specifier, line, typeOnly, dynamic }) =>
        `${line} ${specifier}${typeOnly ? " type" : ""}${dynamic ? " dynamic" : ""}`,
    );

  test("sees every form", () => {
    const text = [
      'import a, { b } from "./a.ts";',
      'import type { C } from "./c.ts";',
      'import { type D } from "./d.ts";',
      'import "./e.ts";',
      'export * from "./f.ts";',
      'export * as g from "./g.ts";',
      'export { h } from "./h.ts";',
      'export type { I } from "./i.ts";',
      'const j = await import("./j.ts");',
      'let k: import("./k.ts").K;',
      'import {\n  l,\n} from "./l.ts";',
    ].join("\n");
    expect(scan(text)).toEqual([
      "1 ./a.ts",
      "2 ./c.ts type",
      "3 ./d.ts",
      "4 ./e.ts",
      "5 ./f.ts",
      "6 ./g.ts",
      "7 ./h.ts",
      "8 ./i.ts type",
      "9 ./j.ts dynamic",
      "10 ./k.ts type",
      "11 ./l.ts",
    ]);
  });

  test("is not misled by comments, strings and local exports", () => {
    const text = [
      '// import "./a.ts"',
      '/* import "./b.ts" */',
      "const c = 'import \"./c.ts\"';",
      'const d = `import "./d.ts" ${c}`;',
      "const e = /import '.\\/e.ts'/;",
      "export { c, d, e };",
    ].join("\n");
    expect(scan(text)).toEqual([]);
  });

  test("refuses what it cannot read", () => {
    expect(() => scan("import {")).toThrow(SyntaxError);
  });
});

describe("findViolations", () => {
  const violations = (file: string, text: string, ...others: string[]): string[] =>
    findViolations(
      new Map([[file, text], ...others.map((other) => [other, ""] as const)]),
      new Set(["vega"]),
    );

  test.each([
    ["src/engine/compiler/a.ts", "../graph/b.ts", "src/engine/graph/b.ts"],
    ["src/engine/compiler/a.ts", "./b.ts", "src/engine/compiler/b.ts"],
    ["src/engine/index.ts", "./runtime/b.ts", "src/engine/runtime/b.ts"],
    ["src/keras/layers/a.ts", "../ops/b.ts", "src/keras/ops/b.ts"],
    ["src/keras/layers/a.ts", "../../engine/index.ts", "src/engine/index.ts"],
    ["src/keras/saving/a.ts", "../../files/source.ts", "src/files/source.ts"],
    ["src/numpy/a.ts", "../keras/ops/index.ts", "src/keras/ops/index.ts"],
    ["src/pyplot/a.ts", "../engine/tensor/errors.ts", "src/engine/tensor/errors.ts"],
    ["src/keras/visualization/a.ts", "../../pyplot/index.ts", "src/pyplot/index.ts"],
    ["src/index.ts", "./keras/layers/index.ts", "src/keras/layers/index.ts"],
  ])("%s may import %s", (file, specifier, target) => {
    expect(violations(file, `import "${specifier}";`, target)).toEqual([]);
  });

  test.each([
    [
      "src/engine/graph/a.ts",
      "../compiler/b.ts",
      "src/engine/compiler/b.ts",
      /engine\/graph is below engine\/compiler/,
    ],
    [
      "src/engine/graph/a.ts",
      "../../keras/ops/b.ts",
      "src/keras/ops/b.ts",
      /the engine knows nothing of keras/,
    ],
    ["src/engine/graph/a.ts", "../index.ts", "src/engine/index.ts", /outside of the engine/],
    [
      "src/keras/layers/a.ts",
      "../../engine/graph/b.ts",
      "src/engine/graph/b.ts",
      /only itself and src\/files and src\/engine\/index/,
    ],
    ["src/keras/layers/a.ts", "../../index.ts", "src/index.ts", /outside of the house/],
    ["src/keras/layers/a.ts", "../../numpy/b.ts", "src/numpy/b.ts", /keras may import only/],
    ["src/keras/layers/a.ts", "../../pyplot/index.ts", "src/pyplot/index.ts", /keras may import only/],
    ["src/numpy/a.ts", "../keras/layers/b.ts", "src/keras/layers/b.ts", /numpy may import only/],
    ["src/pyplot/a.ts", "../engine/index.ts", "src/engine/index.ts", /pyplot may import only/],
    ["src/keras/layers/a.ts", "./b.test.ts", "src/keras/layers/b.test.ts", /a test is not for importing/],
    ["src/keras/layers/a.ts", "./b.ts", "src/keras/layers/c.ts", /there is no file/],
  ])("%s may not import %s", (file, specifier, target, message) => {
    const found = violations(file, `\nimport type { T } from "${specifier}";`, target);
    expect(found).toEqual([expect.stringMatching(message)]);
    expect(found[0]).toMatch(`${file}:2 imports "${specifier}"`);
  });

  test("packages must be dependencies, Node's modules must wait", () => {
    const text = ['import "vega";', 'import "vitest";', 'await import("node:fs");', 'import "node:fs";'].join(
      "\n",
    );
    expect(violations("src/pyplot/a.ts", text)).toEqual([
      expect.stringMatching(/:2 .*"vitest" is not a dependency/),
      expect.stringMatching(/:4 .*browsers have no node: modules/),
    ]);
  });

  test("tests may import anything", () => {
    expect(violations("src/engine/tensor/a.test.ts", 'import "../runtime/b.ts"; import "vitest";')).toEqual(
      [],
    );
  });

  test("folders outside the plan are refused", () => {
    expect(() => violations("src/engine/misc/a.ts", 'import "./b.ts";', "src/engine/misc/b.ts")).toThrow(
      /floors/,
    );
  });
});

describe("findCycles", () => {
  test("names the files of a cycle, and sees through indirection", () => {
    const sources = new Map([
      ["src/a.ts", 'import "./b.ts";'],
      ["src/b.ts", 'export * from "./c/index.ts";'],
      ["src/c/index.ts", 'import "../a.ts";'],
      ["src/d.ts", 'import "./a.ts";'],
    ]);
    expect(findCycles(sources)).toEqual(["src/a.ts → src/b.ts → src/c/index.ts → src/a.ts"]);
  });

  test("ignores types, and imports that wait", () => {
    const sources = new Map([
      ["src/a.ts", 'import type { B } from "./b.ts";'],
      ["src/b.ts", 'import "./a.ts"; import("./c.ts");'],
      ["src/c.ts", 'import "./b.ts";'],
    ]);
    expect(findCycles(sources)).toEqual([]);
  });
});

/** The names of the packages that come with this one. */
function packagesOf(manifest: unknown): Set<string> {
  const names = new Set<string>();
  if (typeof manifest !== "object" || manifest === null) return names;
  for (const [field, value] of Object.entries(manifest)) {
    if (!["dependencies", "optionalDependencies", "peerDependencies"].includes(field)) continue;
    for (const name of Object.keys(Object(value))) names.add(name);
  }
  return names;
}
