// The command `tsuno`, as `npm run build` makes it: what it prints, what it writes, how it ends.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tensor } from "../src/engine/index.ts";
import * as layers from "../src/keras/layers/index.ts";
import { Sequential } from "../src/keras/models/index.ts";
import { loadModel, loadSafetensors } from "../src/keras/saving/index.ts";
import { save } from "../src/numpy/io/save.ts";
import { root } from "./support/files.ts";

const folder = mkdtempSync(join(tmpdir(), "tsuno-cli-"));
const at = (name: string): string => join(folder, name);

function tsuno(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { bin: { tsuno: string } };
  return spawnSync(process.execPath, [join(root, bin.tsuno), ...args], { encoding: "utf8", cwd: folder });
}

const model = new Sequential([
  layers.Input([2]),
  new layers.Dense(3, { name: "hidden", activation: "relu", biasInitializer: "ones" }),
  new layers.Dense(1, { name: "last" }),
]);

beforeAll(async () => {
  await model.save(at("m.keras"));
  await model.saveWeights(at("m.weights.h5"));
  await save(
    at("a.npy"),
    tensor([
      [1, 0],
      [3, Number.NaN],
    ]),
  );
  writeFileSync(at("other.txt"), "nothing of the kind");
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("what every command has", () => {
  test("--help and --version", () => {
    expect(tsuno("--help")).toMatchObject({ status: 0, stderr: "" });
    expect(tsuno("--help").stdout).toMatch(/^Usage: tsuno inspect FILE/);
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    expect(tsuno("--version")).toMatchObject({ status: 0, stdout: `${version}\n` });
  });

  test.each([
    [[], /a command is missing/],
    [["explode"], /there is no command "explode"/],
    [["inspect"], /inspect takes one FILE/],
    [["convert", "m.keras"], /convert takes IN and OUT/],
    [["inspect", "m.keras", "--colour"], /--colour/],
    [["studio", "m.keras"], /studio takes no files/],
    [["studio", "--port", "many"], /--port takes a number below 65536/],
    [["jupyter", "m.keras"], /jupyter takes no files/],
    [["convert", "m.keras", "m.wasm", "--batch-size", "many"], /--batch-size takes a whole number/],
  ])("wrong arguments end with 2: %s", (args, message) => {
    const { status, stdout, stderr } = tsuno(...args);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/Try: tsuno --help\n$/);
  });
});

describe("inspect", () => {
  test("a model: summary, configuration, weights", () => {
    const { status, stdout, stderr } = tsuno("inspect", "m.keras");
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("m.keras: a Keras 3 model (.keras)");
    expect(stdout).toContain("hidden (Dense)");
    expect(stdout).toContain('"class_name": "Sequential"');
    expect(stdout).toMatch(/hidden\/bias +\(3,\) +float32 +1 +1 +1 +0 +0 +0/);
    expect(stdout).toContain("4 arrays, 13 numbers");
  });

  test("arrays, also as JSON", () => {
    expect(tsuno("inspect", "a.npy").stdout).toMatch(
      /array +\(2, 2\) +float32 +0 +3 +1\.3333 +1\.2472 +1 +1/,
    );
    const { arrays } = JSON.parse(tsuno("inspect", "m.weights.h5", "--json").stdout) as {
      arrays: { name: string; shape: number[] }[];
    };
    expect(arrays.map(({ shape }) => shape)).toEqual([[2, 3], [3], [3, 1], [1]]);
  });

  test.each([
    ["missing.keras", /cannot read .*ENOENT/],
    ["other.txt", /has no format that is read/],
  ])("%s ends with 1 and one line", (file, message) => {
    const { status, stdout, stderr } = tsuno("inspect", file);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n").length).toBe(1);
  });
});

describe("convert", () => {
  test("a model to every format", async () => {
    const x = tensor([
      [1, 2],
      [3, -4],
    ]);
    const expected = (await model.predict(x, { verbose: 0 })).arraySync() as number[][];
    for (const name of [
      "c.h5",
      "c.keras",
      "c.weights.h5",
      "c.onnx",
      "c.wasm",
      "c.mjs",
      "c.json",
      "c.safetensors",
      "c.npz",
    ]) {
      expect([name, tsuno("convert", "m.keras", name)]).toEqual([
        name,
        expect.objectContaining({ status: 0, stderr: "" }),
      ]);
      expect([name, existsSync(at(name))]).toEqual([name, true]);
    }
    const again = await loadModel(at("c.h5"));
    expect((await again.predict(x, { verbose: 0 })).arraySync()).toEqual(expected);
    const { predict } = (await import(pathToFileURL(at("c.mjs")).href)) as {
      predict: (x: number[][]) => number[][];
    };
    for (const [i, [y]] of predict([
      [1, 2],
      [3, -4],
    ]).entries())
      expect(y).toBeCloseTo(expected[i]![0]!, 5);
    const { tensors } = await loadSafetensors(at("c.safetensors"));
    expect(tensors["hidden/bias"]!.arraySync()).toEqual([1, 1, 1]);
  });

  test("nothing is replaced without --force, and what cannot be says why", () => {
    writeFileSync(at("there.npz"), "mine");
    expect(tsuno("convert", "m.keras", "there.npz")).toMatchObject({ status: 1 });
    expect(readFileSync(at("there.npz"), "utf8")).toBe("mine");
    expect(tsuno("convert", "m.keras", "there.npz", "--force")).toMatchObject({ status: 0 });
    expect(tsuno("convert", "a.npy", "a.onnx").stderr).toMatch(/no model, so it can become/);
    expect(tsuno("convert", "m.keras", "m.xyz").stderr).toMatch(/ends in none of these/);
    expect(tsuno("convert", "m.keras", "m.npy").stderr).toMatch(/holds one array, and there are 4/);
  });
});

describe.skipIf(process.platform === "win32")("tsuno jupyter", () => {
  /** Runs it where these programs, written as shell scripts, are all that there is. */
  function jupyter(
    name: string,
    programs: Record<string, string>,
  ): { status: number | null; stdout: string; stderr: string } {
    const bin = at(`${name}-bin`);
    mkdirSync(bin);
    for (const [program, script] of Object.entries(programs)) {
      writeFileSync(join(bin, program), `#!/bin/sh\n${script}\n`);
      chmodSync(join(bin, program), 0o755);
    }
    return spawnSync(process.execPath, [join(root, "dist", "node", "cli", "main.js"), "jupyter"], {
      encoding: "utf8",
      cwd: bin,
      env: { PATH: bin, STATE: join(bin, "state") },
    });
  }
  const withKernel = `'{"kernelspecs":{"deno":{"resource_dir":"/kernels/deno"}}}'`;
  /** Knows the kernel once it has been installed. */
  const lists = `if [ -e "$STATE" ]; then echo ${withKernel}; else echo '{"kernelspecs":{}}'; fi`;
  const deno = `if [ "$1" = --version ]; then echo "deno 2.5.1 (stable)"; else : > "$STATE"; fi`;

  test("says what it did", () => {
    const { status, stdout, stderr } = jupyter("both", { jupyter: lists, deno });
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^Jupyter {4}found \(jupyter kernelspec\)\nDeno {7}2\.5\.1 \(deno\)\n/);
    expect(stdout).toContain('Kernel     "Deno" installed in /kernels/deno\n');
    expect(stdout).toContain("npm install tsuno");
  });

  test.each([
    ["no Jupyter", { deno }, /^tsuno: Jupyter is missing: [^]*pip install notebook/],
    ["no Deno", { "jupyter-kernelspec": lists }, /^tsuno: Deno is missing: [^]*npm install deno/],
    [
      "a Deno that cannot",
      {
        jupyter: lists,
        deno: `if [ "$1" = --version ]; then echo "deno 1.2.3"; else echo "no jupyter" >&2; exit 1; fi`,
      },
      /^tsuno: Deno could not install its kernel:\nno jupyter/,
    ],
    [
      "a Jupyter that looks elsewhere",
      { python3: `echo '{"kernelspecs":{}}'`, deno },
      /^tsuno: Deno says that it has installed its kernel, but Jupyter does not list it/,
    ],
  ])("ends with 1 and says how to go on: %s", (name, programs, message) => {
    const { status, stderr } = jupyter(name.replaceAll(" ", "-"), programs);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
  });
});
