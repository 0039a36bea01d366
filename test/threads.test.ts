// Threads and the process that has them: workers start from one bundled file, hold nobody up, and change no bit of a fit.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "./support/files.ts";

let folder: string;

/** Trains a small net whose products are worth sharing, and tells its weights. */
const program = `
import { tensor } from ${JSON.stringify(join(root, "src/engine/index.ts"))};
import { Conv2D, Dense, Flatten } from ${JSON.stringify(join(root, "src/keras/layers/index.ts"))};
import { Sequential } from ${JSON.stringify(join(root, "src/keras/models/index.ts"))};
const wave = (shape) => {
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(Float32Array.from({ length: size }, (_, i) => Math.sin(i) / 8)).reshape(...shape);
};
const model = new Sequential([
  new Conv2D(16, 3, { inputShape: [16, 16, 2], activation: "relu" }),
  new Flatten(),
  new Dense(128, { activation: "tanh" }),
  new Dense(1),
]);
model.compile({ optimizer: "adam", loss: "mse" });
model.setWeights(model.getWeights().map((w) => wave(w.shape)));
const options = { batchSize: 32, epochs: 3, shuffle: false, verbose: 0 };
await model.fit(wave([80, 16, 16, 2]), wave([80, 1]), options);
// Time for the workers to come, so that the second fit has them.
await new Promise((resolve) => setTimeout(resolve, 300));
await model.fit(wave([80, 16, 16, 2]), wave([80, 1]), options);
let hash = 0;
for (const w of model.getWeights()) for (const bits of new Int32Array(w.dataSync().buffer)) hash = (31 * hash + bits) | 0;
console.log(JSON.stringify({ hash }));
`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tsuno-threads-"));
  writeFileSync(join(folder, "program.mjs"), program);
  const bundle = await rolldown({ input: join(folder, "program.mjs"), platform: "node" });
  await bundle.write({ file: join(folder, "bundle.mjs"), minify: true, codeSplitting: false });
  await bundle.close();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(threads: string): { hash: number } {
  const env = { ...process.env, TSUNO_THREADS: threads };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, "bundle.mjs")], {
    env,
    encoding: "utf8",
    timeout: 60_000,
  });
  expect([status, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout) as { hash: number };
}

test("a fit gives the same bits on one, two and three threads, from a minified bundle, and the process ends", {
  timeout: 120_000,
}, () => {
  const { hash } = run("1");
  expect(run("2").hash).toBe(hash);
  expect(run("3").hash).toBe(hash);
});

test("TSUNO_THREADS that is no number of threads is an error that names it", { timeout: 60_000 }, () => {
  const env = { ...process.env, TSUNO_THREADS: "many" };
  const { stderr } = spawnSync(process.execPath, [join(folder, "bundle.mjs")], { env, encoding: "utf8" });
  expect(stderr).toMatch(/TSUNO_THREADS: expected a whole number from 1 to 64. Received: "many"/);
});
