// What the live panel of Tsuno Studio costs: `node bench/studio_panel.mjs [rounds]` trains in the built Studio, in turn with
// and without the panel, and prints the ratio of the shortest times and of the medians. Needs `npm run build` and a Chromium.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { median } from "./lib/measure.mjs";

const rounds = Number(process.argv[2] ?? 8);
const root = fileURLToPath(new URL("..", import.meta.url));

/** Cells that make a model and the arguments of its `fit`: about two seconds each on two cores. */
const trainings = {
  "the tutorial's network, 1,000,000 epochs": `
    const net = new Sequential([
      new layers.Dense(20, { inputShape: [1], activation: "sigmoid" }), new layers.Dense(1),
    ]);
    net.compile({ loss: "mse", optimizer: "sgd" });
    const x = np.linspace(-np.pi, np.pi).reshape([-1, 1]);
    const call = [x, np.sin(x), { batchSize: 8, epochs: 1_000_000, validationSplit: 0.1 }];`,
  "points of the plane, 40,000 epochs": `
    const net = new Sequential([
      new layers.Dense(16, { inputShape: [2], activation: "tanh" }),
      new layers.Dense(16, { activation: "tanh" }),
      new layers.Dense(1, { activation: "sigmoid" }),
    ]);
    net.compile({ loss: "binary_crossentropy", optimizer: "adam", metrics: ["accuracy"] });
    const x = np.random.defaultRng(0).normal(0, 1, [400, 2]);
    const t = np.less(x.at("...", 0), x.at("...", 1)).astype("float32").reshape([-1, 1]);
    const call = [x, t, { epochs: 40_000 }];`,
  "a convolutional network, 30 epochs": `
    const net = new Sequential([
      new layers.Conv2D(16, 3, { inputShape: [28, 28, 1], activation: "relu" }),
      new layers.MaxPooling2D({ poolSize: 2 }),
      new layers.Conv2D(32, 3, { activation: "relu" }),
      new layers.MaxPooling2D({ poolSize: 2 }),
      new layers.Flatten(),
      new layers.Dense(10, { activation: "softmax" }),
    ]);
    net.compile({ loss: "sparse_categorical_crossentropy", optimizer: "adam", metrics: ["accuracy"] });
    const rng = np.random.defaultRng(0);
    const call = [
      rng.normal(0, 1, [1024, 28, 28, 1]), rng.integers(0, 10, [1024]),
      { batchSize: 32, epochs: 30, validationSplit: 0.1 },
    ];`,
};

const server = spawn(process.execPath, ["dist/cli/main.js", "studio", "--port", "0", "--no-open"], {
  cwd: root,
  stdio: ["ignore", "pipe", "inherit"],
});
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
try {
  let url = "";
  for await (const line of createInterface({ input: server.stdout })) {
    url = /http:\S+/.exec(line)?.[0] ?? "";
    break;
  }
  for (const [name, code] of Object.entries(trainings)) {
    const page = await browser.newPage({ locale: "en-US" });
    await page.goto(url);
    await page.locator('.state[data-state="idle"]').waitFor();
    await page.locator(".cell.code .cm-content").last().click();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText(`import { layers, np, Sequential } from "tsuno";
${code}
const times = { without: [], with: [] };
await net.fit(call[0], call[1], { ...call[2], verbose: 0 });
for (let round = 0; round < ${rounds}; round++) {
  for (const panel of round % 2 === 0 ? ["without", "with"] : ["with", "without"]) {
    const begin = performance.now();
    await net.fit(call[0], call[1], { ...call[2], verbose: panel === "with" ? 1 : 0 });
    times[panel].push(performance.now() - begin);
  }
}
console.log(JSON.stringify(times));`);
    await page.keyboard.press("Control+Enter");
    const printed = page.locator(".cell.code .outputs pre.stdout").last();
    await printed.waitFor({ timeout: 600_000 });
    /** @type {{ without: number[], with: number[] }} */
    const times = JSON.parse(await printed.innerText());
    const percent = (/** @type {(values: number[]) => number} */ of) =>
      `${(100 * (of(times.with) / of(times.without) - 1)).toFixed(1)} %`;
    const shortest = (/** @type {number[]} */ values) => Math.min(...values);
    console.log(
      `${name}: ${shortest(times.without).toFixed(0)} ms without, ${shortest(times.with).toFixed(0)} ms with the panel: ` +
        `${percent(shortest)} (medians: ${percent(median)})`,
    );
    await page.close();
  }
} finally {
  await browser.close();
  server.kill();
}
