// Threads on a page, from the bundle that `npm run build` makes: a large net trains on workers, and frames keep coming.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canTestBrowser, launch } from "./chromium.ts";
import { servePages } from "./page_server.ts";

interface Report {
  readonly isolated: boolean;
  readonly weights: number;
  readonly frames: number;
  readonly ms: number;
}

/** What the page runs; text, because what transforms tests would change its imports. */
const training = `async (threads) => {
  const from = async (name) => await import("/" + name + ".js");
  const { setThreads, tensor } = await from("engine/index");
  const { Dense } = await from("keras/layers/index");
  const { Sequential } = await from("keras/models/index");
  setThreads(threads);
  const wave = (...shape) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return tensor(Float32Array.from({ length: size }, (_, i) => Math.sin(i) / 8)).reshape(...shape);
  };
  const model = new Sequential([
    new Dense(256, { inputShape: [256], activation: "tanh" }),
    new Dense(256, { activation: "tanh" }),
    new Dense(1),
  ]);
  model.compile({ optimizer: "adam", loss: "mse" });
  model.setWeights(model.getWeights().map((w) => wave(...w.shape)));
  let frames = 0;
  let running = true;
  const frame = () => {
    frames++;
    if (running) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  const begin = performance.now();
  await model.fit(wave(512, 256), wave(512, 1), { batchSize: 64, epochs: 40, shuffle: false, verbose: 0 });
  running = false;
  const ms = performance.now() - begin;
  let weights = 0;
  for (const w of model.getWeights()) {
    for (const bits of new Int32Array(w.dataSync().buffer)) weights = (31 * weights + bits) | 0;
  }
  return { isolated: crossOriginIsolated, weights, frames, ms };
}`;

describe.skipIf(!canTestBrowser())("threads on a page", () => {
  let browser: Browser;
  let server: { url: string; close: () => void };

  beforeAll(async () => {
    server = await servePages("build/modules");
    browser = await launch();
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  test("workers take part, frames keep coming, and no bit changes", {
    timeout: 60_000,
    retry: 2,
  }, async () => {
    const page = await browser.newPage();
    // An empty page with the headers that the server gives its files.
    const headers = {
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
    };
    await page.route("**/empty", (route) => route.fulfill({ contentType: "text/html", body: "", headers }));
    await page.goto(`${server.url}empty`);
    const train = (threads: number): Promise<Report> => page.evaluate<Report>(`(${training})(${threads})`);
    const alone = await train(1);
    // The one that runs programs in place of the page.
    expect(page.workers().length).toBe(1);
    const together = await train(2);
    expect(page.workers().length).toBe(2);
    expect(together.isolated).toBe(true);
    expect(together.weights).toBe(alone.weights);
    expect(together.frames).toBeGreaterThan(together.ms / 60);
    await page.close();
  });

  test("a page that may not share memory gives the same bits on one thread, and says so once", {
    timeout: 60_000,
  }, async () => {
    const page = await browser.newPage();
    const warnings: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "warning") warnings.push(message.text());
    });
    await page.route("**/bare", (route) => route.fulfill({ contentType: "text/html", body: "" }));
    await page.goto(`${server.url}bare`);
    const train = (threads: number): Promise<Report> => page.evaluate<Report>(`(${training})(${threads})`);
    const alone = await train(1);
    expect(warnings).toEqual([]);
    const asked = await train(2);
    expect(await train(2)).toMatchObject({ isolated: false, weights: alone.weights });
    expect(asked).toMatchObject({ isolated: false, weights: alone.weights });
    expect(asked.frames).toBeGreaterThan(asked.ms / 60);
    expect(page.workers().length).toBe(1);
    expect(warnings).toEqual([
      "2 threads are asked for, but Tsuno runs on one here: this page may not share memory between threads. Serve it " +
        "with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp.",
    ]);
    await page.close();
  });
});
