// A page trains, evaluates and predicts on a worker: with memory that both share, and with memory of the worker's own. Frames
// keep coming meanwhile, the numbers are those that Node gets, and whoever listens is heard as everywhere.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../support/files.ts";
import { canTestBrowser, launch } from "./chromium.ts";
import { servePages } from "./page_server.ts";

/** What a page and Node run alike; text, because what transforms tests would change its imports. */
const convnet = `async (from) => {
  const { tensor } = await from("engine/index");
  const { Conv2D, Dense, Dropout, Flatten, MaxPooling2D } = await from("keras/layers/index");
  const { Sequential } = await from("keras/models/index");
  const { setRandomSeed } = await from("keras/utils/index");
  setRandomSeed(7);
  const model = new Sequential([
    new Conv2D(32, 3, { activation: "relu", inputShape: [28, 28, 1] }),
    new MaxPooling2D(),
    new Conv2D(64, 3, { activation: "relu" }),
    new MaxPooling2D(),
    new Flatten(),
    new Dropout(0.5),
    new Dense(10, { activation: "softmax" }),
  ]);
  model.compile({ optimizer: "adam", loss: "categorical_crossentropy", metrics: ["accuracy"] });
  const n = 800;
  const x = tensor(Float32Array.from({ length: n * 784 }, (_, i) => Math.sin(i * (1 + (i / 784 | 0) % 10))), { shape: [n, 28, 28, 1] });
  const y = tensor(Float32Array.from({ length: n * 10 }, (_, i) => Number(i % 10 === (i / 10 | 0) % 10)), { shape: [n, 10] });
  /** Runs some work, and counts the frames meanwhile. */
  const framesOf = async (work) => {
    let [frames, longest, last, running] = [0, 0, performance.now(), true];
    const frame = () => {
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
      frames++;
      if (running) requestAnimationFrame(frame);
    };
    globalThis.requestAnimationFrame?.(frame);
    const start = performance.now();
    await work();
    running = false;
    return { rate: (1000 * frames) / (performance.now() - start), longest };
  };
  /** The part of the time that others take from this thread, in half a second that it would use. */
  const stolen = () => {
    const begin = performance.now();
    let [last, lost] = [begin, 0];
    while (last - begin < 500) {
      const now = performance.now();
      if (now - last > 2) lost += now - last;
      last = now;
    }
    return lost / (last - begin);
  };
  const busy = globalThis.document === undefined ? 0 : stolen();
  let history;
  const training = await framesOf(async () => {
    (history = await model.fit(x, y, { batchSize: 128, epochs: 3, validationSplit: 0.2, verbose: 0 }));
  });
  const rows = x.slice(0, 150);
  const evaluated = await model.evaluate(rows, y.slice(0, 150), { verbose: 0 });
  const predicted = Array.from((await model.predict(rows, { verbose: 0 })).dataSync());
  return { history: history.history, evaluated, predicted, busy, training };
}`;

interface Outcome {
  readonly history: Readonly<Record<string, readonly number[]>>;
  readonly evaluated: readonly number[];
  readonly predicted: readonly number[];
  /** The part of a core that the machine withholds from the page. */
  readonly busy: number;
  readonly training: Frames;
}

/** Frames a second, and the longest time between two of them in milliseconds. */
interface Frames {
  readonly rate: number;
  readonly longest: number;
}

/** Runs a function of a page with the built package. */
const inPage = (fn: string): string => `(${fn})((name) => import("/" + name + ".js"))`;

const isolated = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

/** A small model, `net`, with data for it, `x` and `y`; what follows goes on in the same function. */
const small = (rest: string): string => `async (from) => {
  const { tensor } = await from("engine/index");
  const { Dense } = await from("keras/layers/index");
  const { Sequential } = await from("keras/models/index");
  const { LambdaCallback } = await from("keras/callbacks/index");
  const wave = (...shape) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return tensor(Float32Array.from({ length: size }, (_, i) => Math.sin(i) / 4)).reshape(...shape);
  };
  const net = new Sequential([new Dense(128, { inputShape: [64], activation: "tanh" }), new Dense(1)]);
  net.compile({ optimizer: "sgd", loss: "mse" });
  net.setWeights(net.getWeights().map((w) => wave(...w.shape)));
  const x = wave(256, 64);
  const y = wave(256, 1);
  const bits = () => net.getWeights().map((w) => Array.from(w.dataSync().slice(0, 4)));
  ${rest}
}`;

describe.skipIf(!canTestBrowser()).each([
  ["memory that it shares", isolated],
  ["memory of its own", {}],
])("a page's worker with %s", (memory, headers) => {
  let browser: Browser;
  let server: { url: string; close: () => void };
  const warnings: string[] = [];

  beforeAll(async () => {
    server = await servePages("build/modules");
    browser = await launch();
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  async function open(more: Readonly<Record<string, string>> = {}): Promise<Page> {
    const page = await browser.newPage();
    warnings.length = 0;
    page.on("console", (message) => {
      if (message.type() === "warning") warnings.push(message.text());
    });
    await page.route("**/empty", (route) =>
      route.fulfill({ contentType: "text/html", body: "", headers: { ...headers, ...more } }),
    );
    await page.goto(`${server.url}empty`);
    return page;
  }

  test("trains a convnet as Node does while frames keep coming", {
    timeout: 120_000,
    retry: 2,
  }, async () => {
    const page = await open();
    const found = await page.evaluate<Outcome>(inPage(convnet));
    expect(page.workers().length).toBeGreaterThan(0);
    const { busy, training } = found;
    process.stdout.write(
      `with ${memory}: ${training.rate.toFixed(0)} frames a second, the longest gap ${training.longest.toFixed(0)} ms, ` +
        `while the machine withholds ${(100 * busy).toFixed(0)} % of a core\n`,
    );
    // A batch takes more than a hundred milliseconds: a page that ran them itself would draw fewer than ten frames.
    const quiet = busy < 0.05;
    expect(training.rate).toBeGreaterThan(quiet ? 50 : 25);
    expect(training.longest).toBeLessThan(quiet ? 100 : 1000);
    const text = `data:text/javascript,${encodeURIComponent(`export default ${convnet}`)}`;
    const { default: run } = (await import(text)) as { default: (from: unknown) => Promise<Outcome> };
    const expected = await run(
      (name: string) => import(pathToFileURL(join(root, "dist", `${name}.js`)).href),
    );
    for (const name of Object.keys(expected.history)) {
      for (const [i, value] of expected.history[name]!.entries())
        expect(Math.abs(found.history[name]![i]! - value)).toBeLessThan(1e-6);
    }
    for (const key of ["evaluated", "predicted"] as const)
      for (const [i, value] of expected[key].entries())
        expect(Math.abs(found[key][i]! - value)).toBeLessThan(1e-6);
    expect(warnings).toEqual([]);
    await page.close();
  });

  test("lets callbacks see and change the weights after each epoch", async () => {
    const page = await open();
    const fn = small(`
      const losses = [];
      const seen = [];
      await net.fit(x, y, { epochs: 4, shuffle: false, verbose: 0, callbacks: [new LambdaCallback({
        onEpochEnd: (epoch, logs) => {
          losses.push(logs.loss);
          seen.push(bits());
          if (epoch === 1) net.setWeights(net.getWeights().map((w) => wave(...w.shape)));
          if (epoch === 2) net.stopTraining = true;
        },
      })] });
      const end = bits();
      const own = await net.evaluate(x, y, { verbose: 0 });
      const onBatch = await net.trainOnBatch(x, y);
      return { losses, seen, end, own, onBatch };`);
    const found = await page.evaluate<{
      losses: number[];
      seen: number[][][];
      end: number[][];
      own: number[];
      onBatch: number[];
    }>(inPage(fn));
    expect(found.losses.length).toBe(3);
    expect(found.losses[1]).not.toBe(found.losses[0]);
    // The weights of the beginning were put back.
    expect(found.losses[2]).toBe(found.losses[0]);
    expect(found.seen[2]).toEqual(found.seen[0]);
    expect(found.end).toEqual(found.seen[2]);
    expect(found.onBatch[0]).toBeCloseTo(found.own[0]!, 5);
    await page.close();
  });

  test("hears an AbortSignal, and predicts beside a training", async () => {
    const page = await open();
    const fn = small(`
      const stop = new AbortController();
      const before = bits();
      const fitting = net.fit(x, y, { epochs: 1_000_000, verbose: 0, signal: stop.signal }).then(
        () => "ended", (error) => String(error));
      const rows = [];
      for (let i = 0; i < 5; i++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        rows.push((await net.predict(x, { verbose: 0 })).shape);
      }
      stop.abort(new Error("enough"));
      const outcome = await fitting;
      const after = bits();
      const { history } = await net.fit(x, y, { epochs: 2, verbose: 0 });
      return { outcome, rows, changed: String(before) !== String(after), losses: history.loss };`);
    const found = await page.evaluate<{
      outcome: string;
      rows: number[][];
      changed: boolean;
      losses: number[];
    }>(inPage(fn));
    expect(found.outcome).toBe("Error: enough");
    expect(found.rows).toEqual(Array.from({ length: 5 }, () => [256, 1]));
    expect(found.changed).toBe(true);
    expect(found.losses.every(Number.isFinite)).toBe(true);
    await page.close();
  });

  test("that is killed makes an error, and the model trains on with another one", async () => {
    const page = await open();
    const fn = small(`
      const made = [];
      const Original = globalThis.Worker;
      globalThis.Worker = class extends Original {
        constructor(...args) { super(...args); made.push(this); }
      };
      const fitting = net.fit(x, y, { epochs: 1_000_000, verbose: 0 }).then(
        () => "ended", (error) => error.name + ": " + error.message);
      // Once it is at work it holds a lock.
      while (!(await navigator.locks.query()).held.some((lock) => lock.name.startsWith("tsuno worker")))
        await new Promise((resolve) => setTimeout(resolve, 20));
      // Between two slices its loss does no harm, and another one takes its place.
      let outcome;
      void fitting.then((said) => { outcome = said; });
      while (outcome === undefined) {
        await new Promise((resolve) => setTimeout(resolve, 300));
        // The first one leads the others.
        made.splice(0)[0]?.terminate();
      }
      const { history } = await net.fit(x, y, { epochs: 2, verbose: 0 });
      return { outcome, losses: history.loss };`);
    const found = await page.evaluate<{ outcome: string; losses: number[] }>(inPage(fn));
    expect(found.outcome).toMatch(/^ExecutionError: .*the worker that runs programs was lost/);
    expect(found.losses.every(Number.isFinite)).toBe(true);
    await page.close();
  });

  test("that may not be made leaves the work to the page, with a notice", async () => {
    const policy = "script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval'; worker-src 'self'";
    const page = await open({ "content-security-policy": policy });
    const fn = small(`
      let [frames, running] = [0, true];
      const frame = () => { frames++; if (running) requestAnimationFrame(frame); };
      requestAnimationFrame(frame);
      const start = performance.now();
      const { history } = await net.fit(x, y, { epochs: 200, verbose: 0 });
      running = false;
      await net.evaluate(x, y, { verbose: 0 });
      return { losses: history.loss, frames, ms: performance.now() - start };`);
    const found = await page.evaluate<{ losses: number[]; frames: number; ms: number }>(inPage(fn));
    expect(found.losses.at(-1)).toBeLessThan(found.losses[0]!);
    expect(found.frames).toBeGreaterThan(found.ms / 100);
    expect(page.workers()).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining("`worker-src blob:`")]);
    await page.close();
  });
});
