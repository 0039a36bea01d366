// What bundlers make of programs: each has the families of primitives that it uses, and not the others.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "./support/files.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tsuno-bundles-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program as a bundle with chunks: the value that it gives, and the sources that it loads at once. */
async function run(
  name: string,
  imports: { readonly [module: string]: string },
  body: string,
): Promise<{ value: unknown; sources: string[] }> {
  const lines = Object.entries(imports).map(
    ([module, names]) => `import { ${names} } from ${JSON.stringify(join(root, "src", module, "index.ts"))};`,
  );
  const input = join(folder, `${name}.mjs`);
  writeFileSync(
    input,
    `${lines.join("\n")}\nconst value = await (async () => { ${body} })();
console.log(JSON.stringify(value));\n`,
  );
  const dir = join(folder, name);
  const bundle = await rolldown({ input, platform: "node" });
  const { output } = await bundle.write({
    dir,
    entryFileNames: "main.mjs",
    chunkFileNames: "[name]-[hash].mjs",
  });
  await bundle.close();
  const chunks = output.filter((file) => file.type === "chunk");
  const atOnce = new Set(["main.mjs"]);
  for (const file of atOnce) {
    for (const other of chunks.find((chunk) => chunk.fileName === file)!.imports) atOnce.add(other);
  }
  const sources = chunks
    .filter(({ fileName }) => atOnce.has(fileName))
    .flatMap(({ modules }) => Object.entries(modules).flatMap(([id, { code }]) => (code ? [id] : [])))
    .map((id) => id.slice(join(root, "src").length + 1));
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(dir, "main.mjs")], {
    encoding: "utf8",
    timeout: 60_000,
  });
  expect([status, stderr]).toEqual([0, ""]);
  return { value: JSON.parse(stdout.trim().split("\n").at(-1)!), sources };
}

const options = { timeout: 120_000 };
const windows = "engine/runtime/windows.ts";
const sort = "engine/runtime/sort.ts";

test("a page that trains a convolution and pooling", options, async () => {
  const { value, sources } = await run(
    "windows",
    {
      "keras/layers": "Conv2D, MaxPooling2D, Flatten",
      "keras/models": "Sequential",
      "keras/optimizers": "SGD",
      engine: "tensor",
    },
    `const model = new Sequential([
      new Conv2D(1, 2, { inputShape: [3, 3, 1], kernelInitializer: "ones" }),
      new MaxPooling2D(),
      new Flatten(),
    ]);
    model.compile({ optimizer: new SGD({ learningRate: 0.01 }), loss: "mean_squared_error" });
    const x = tensor([0, 1, 2, 3, 4, 5, 6, 7, 8]).reshape([1, 3, 3, 1]);
    const { history } = await model.fit(x, tensor([[20]]), { epochs: 1, verbose: 0 });
    return [history.loss, model.weights.map((w) => w.value.reshape([-1]).arraySync())];`,
  );
  // The largest window is 4 + 5 + 7 + 8 = 24, off by 4: its elements times 2 · 4 are the gradient.
  const [loss, [kernel, bias]] = value as [number[], [number[], number[]]];
  expect(loss).toEqual([16]);
  [0.68, 0.6, 0.44, 0.36].forEach((w, i) => expect(kernel[i]).toBeCloseTo(w, 6));
  expect(bias[0]).toBeCloseTo(-0.08, 6);
  expect(sources).toContain(windows);
});

test("a page that has dense layers only has no convolutions", options, async () => {
  const { value, sources } = await run(
    "dense",
    { "keras/layers": "Dense", "keras/models": "Sequential", engine: "tensor" },
    `const model = new Sequential([new Dense(1, { inputShape: [2], kernelInitializer: "ones" })]);
    return (await model.predict(tensor([[1, 2]]), { verbose: 0 })).arraySync();`,
  );
  expect(value).toEqual([[3]]);
  for (const source of [windows, "engine/graph/rules/windows.ts", "engine/compiler/lower/convolution.ts"]) {
    expect(sources).not.toContain(source);
  }
});

test("operations of keras.ops alone", options, async () => {
  const { value, sources } = await run(
    "ops",
    { "keras/ops": "argsort, erf, exp, maxPool, viewAsComplex" },
    `return [
      argsort([3, 1, 2]).arraySync(),
      erf([0.5]).arraySync(),
      [exp(viewAsComplex([[0, Math.PI / 2]]))].flatMap((z) => [z.real.arraySync(), z.imag.arraySync()]),
      maxPool([[[1], [3], [2], [0]]], 2).arraySync(),
    ];`,
  );
  const [order, [error], [[real], [imaginary]], pooled] = value as [
    number[],
    [number],
    [[number], [number]],
    unknown,
  ];
  expect(order).toEqual([1, 2, 0]);
  expect(error).toBeCloseTo(0.520499878, 6);
  expect(real).toBeCloseTo(0, 6);
  expect(imaginary).toBeCloseTo(1, 6);
  expect(pooled).toEqual([[[3], [2]]]);
  expect(sources).toContain(sort);
});

test("operations of the engine alone", options, async () => {
  const sorted = await run("engine-sort", { engine: "argsort" }, "return argsort([[3, 1, 2]]).arraySync();");
  expect(sorted.value).toEqual([1, 2, 0]);
  expect(sorted.sources).toContain(sort);
  expect(sorted.sources).not.toContain(windows);
  const pooled = await run(
    "engine-windows",
    { engine: "gradients, reduceWindow, tensor" },
    `const x = tensor([1, 5, 3, 2], { dtype: "float32" });
    const y = reduceWindow(x, { kind: "max", window: [2], strides: [2], dilations: [1] });
    return gradients(y.sum(), [x])[0].arraySync();`,
  );
  expect(pooled.value).toEqual([0, 1, 1, 0]);
  expect(pooled.sources).toContain(windows);
  expect(pooled.sources).not.toContain(sort);
});
