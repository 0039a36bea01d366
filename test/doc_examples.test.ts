// Every example of the documentation runs, gives what it says, and has no type errors.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as plt from "tsuno/pyplot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  addImports,
  DocChecker,
  type DocExample,
  docstringExamples,
  type Exports,
  instrument,
  looksLike,
  markdownExamples,
} from "./support/doc_examples.ts";
import { readSources, root } from "./support/files.ts";

const folder = join(root, "build", "doc_examples");
const entryPoints = new Set([...readSources("src", /^index\.ts$/).keys()].map(subpathOf));

/** `./layers` for `src/keras/layers/index.ts`. */
function subpathOf(file: string): string {
  return file.replace(/^src(\/keras)?/, ".").replace(/\/index\.ts$/, "");
}

/** Exports whose names are JavaScript's own words. */
const reserved: ReadonlySet<string> = new Set(["default", "switch", "var"]);

/** What an example may use without importing it: what its own module, the package's root, or its own file exports. */
async function exportsFor(file: string): Promise<Exports[]> {
  const [, wing = "", module = ""] = file.split("/");
  const subpaths = [`./${wing === "keras" ? module : wing}`, "."].filter((subpath) =>
    entryPoints.has(subpath),
  );
  const specifiers = [...subpaths.map((subpath) => `tsuno${subpath.slice(1)}`), `../../${file}`];
  const named = await Promise.all(
    specifiers.map(async (specifier) => {
      const target = specifier.startsWith(".") ? join(folder, specifier) : specifier;
      const exported: unknown = await import(/* @vite-ignore */ target);
      // `ops.switch` is a name of its module alone: as a variable it could not be imported.
      return { specifier, names: Object.keys(Object(exported)).filter((name) => !reserved.has(name)) };
    }),
  );
  // What people who know Keras write.
  const keras = { specifier: "tsuno", names: ["keras"], namespace: true };
  const engine = { specifier: "tsuno/engine", names: Object.keys(await import("tsuno/engine")) };
  const types = { specifier: "tsuno/engine", names: ["TensorLike"], types: true };
  return [...named, keras, engine, types];
}

describe("the documentation", async () => {
  const docstrings: DocExample[] = [];
  for (const [file, text] of readSources("src", /(?<!\.test)\.ts$/)) {
    const found = docstringExamples(file, text);
    if (found.length === 0) continue;
    const modules = await exportsFor(file);
    docstrings.push(...found.map((example) => addImports(example, modules)));
  }
  const examples = [
    ...docstrings,
    ...[...readSources("docs", /\.md$/)].flatMap(([file, text]) => markdownExamples(file, text)),
    ...[...readSources(".", /^(README|CONTRIBUTING)\.md$/, false)].flatMap(([file, text]) =>
      markdownExamples(file, text),
    ),
  ];
  const workingFolder = process.cwd();

  beforeAll(() => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, "files"), { recursive: true });
    for (const example of examples) writeFileSync(fileOf(example, "ts"), `${example.code}\nexport {};\n`);
    // What examples save belongs to them, not to the repository.
    process.chdir(join(folder, "files"));
  });

  afterAll(() => process.chdir(workingFolder));

  test.each(examples)("$name", async (example) => {
    const program = fileOf(example, "run.ts");
    writeFileSync(program, instrument(example));
    Object.assign(globalThis, { docChecker: new DocChecker() });
    // An example draws into figures of its own.
    plt.close("all");
    expect(await import(/* @vite-ignore */ program)).toBeDefined();
  });

  test("has no type errors", () => {
    const options = {
      extends: "../../tsconfig.json",
      compilerOptions: {
        noUnusedLocals: false,
        noUnusedParameters: false,
        isolatedDeclarations: false,
        declaration: false,
      },
      include: ["*.ts"],
      exclude: ["*.run.ts"],
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(options));
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8", cwd: folder });
    expect(stdout).toBe("");
  });

  function fileOf({ name }: DocExample, extension: string): string {
    return join(folder, `${name.replace(/\.(ts|md)/, "").replaceAll(/[/:]/g, ".")}.${extension}`);
  }
});

describe("docstringExamples", () => {
  test("takes what follows @example, up to the next tag", () => {
    const text = [
      "/**",
      " * Adds.",
      " *",
      " * @example",
      " * ```ts",
      " * add(1, 2); // → 3",
      " * ```",
      " * @example",
      " * add(2,",
      " *   2);",
      " * @throws Error",
      " */",
      "export function add() {}",
      "// @example nothing",
    ].join("\n");
    expect(docstringExamples("src/add.ts", text)).toEqual([
      { name: "src/add.ts:4", code: "add(1, 2); // → 3" },
      { name: "src/add.ts:8", code: "add(2,\n  2);" },
    ]);
  });
});

describe("markdownExamples", () => {
  test("takes TypeScript blocks only", () => {
    const text = "# A\n\n```sh\nnpm start\n```\n\n```ts\nlet a = 1;\n```\n";
    expect(markdownExamples("README.md", text)).toEqual([{ name: "README.md:7", code: "let a = 1;\n" }]);
  });
});

describe("addImports", () => {
  const modules = [
    { specifier: "tsuno/engine", names: ["grad", "tensor"] },
    { specifier: "tsuno", names: ["np", "grad"] },
  ];
  test.each([
    ["grad(tensor(1));", 'import { grad, tensor } from "tsuno/engine"; grad(tensor(1));'],
    ["np.sin(1);", 'import { np } from "tsuno"; np.sin(1);'],
    ["const { tensor } = x;", "const { tensor } = x;"],
    ['import * as np from "tsuno/numpy";', 'import * as np from "tsuno/numpy";'],
    ["((tensor) => tensor)(1);", "((tensor) => tensor)(1);"],
  ])("%j", (code, expected) => {
    expect(addImports({ name: "here", code }, modules).code).toBe(expected);
  });
});

describe("instrument", () => {
  const run = async (code: string): Promise<unknown> => {
    Object.assign(globalThis, { docChecker: new DocChecker() });
    const program = instrument({ name: "here", code }).replace(" as any", "");
    return await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(program)}`);
  };

  test.each([
    "1 + 1; // → 2",
    "[1, 2].map(\n  (n) => n / 3,\n); // → [0.333, 0.667]",
    "const a = { b: 'c' }; // → { b: \"c\" }\na.b; // → c",
    "console.log('loss', 1 / 3); // → loss 0.33",
    "Promise.resolve(3); // → 3",
    "new Float32Array([1, 0.1]);\n// → [1,\n//    0.1]",
    "null.x; // → throws TypeError: null",
    "const t = { array: async () => [[1], [2]] };\nt; // → [[1], [2]]",
    "'a long story'; // → a long …",
  ])("accepts %j", async (code) => {
    await expect(run(code)).resolves.toBeDefined();
  });

  test.each([
    ["1 + 1; // → 3", /expected: 3\nreceived: 2/],
    ["const a = 1 / 3; // → 0.34", /expected: 0.34/],
    ["[1, 2]; // → [1, 2, 3]", /expected/],
    ["console.log(1); // → 2", /expected: 2\nreceived: 1/],
    ["1; // → throws TypeError", /no error/],
    ["null.x; // → throws RangeError", /received: TypeError/],
    ["if (true) {\n  1; // → 1\n}", /not inside another/],
    ["class A {} // → 1", /after an expression/],
    ["let = ", /here: /],
  ])("refuses %j", async (code, message) => {
    await expect(run(code)).rejects.toThrow(message);
  });
});

describe("looksLike", () => {
  test.each([
    ["[1. 2.]", "[1. 2.]", true],
    ["3.1415927", "3.14", true],
    ["3.1415927", "3.15", false],
    ["1.2e-7", "1.2e-7", true],
    ["1.24e-7", "1.2e-7", true],
    ["1.3e-7", "1.2e-7", false],
    ["0.30000001192092896", "0.3", true],
    ["2", "3", false],
    ["[1, 2]", "[1,2]", true],
    ["nan", "NaN", false],
  ])("%s as %s: %s", (received, expected, same) => {
    expect(looksLike(received, expected)).toBe(same);
  });
});
