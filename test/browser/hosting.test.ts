// Tsuno Studio where it is hosted: without headers, over a slow line, while a network trains.
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canTestBrowser, launch } from "./chromium.ts";
import { servePages, serveStudio } from "./page_server.ts";
import { addCell, cellsDone, ready } from "./studio_page.ts";

describe.skipIf(!canTestBrowser())("hosting Tsuno Studio", () => {
  let browser: Browser;
  let server: { url: string; close: () => void };
  let bare: { url: string; close: () => void };

  beforeAll(async () => {
    browser = await launch();
    server = await serveStudio();
    bare = await servePages("dist/studio", "--bare");
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
    bare?.close();
  });

  const framesPerSecond = (page: Page): Promise<number> =>
    page.evaluate(async () => {
      const start = performance.now();
      let count = 0;
      while (performance.now() - start < 2000) {
        await new Promise(requestAnimationFrame);
        count++;
      }
      return (1000 * count) / (performance.now() - start);
    });

  test("a host that sends no headers gets them from the service worker", async () => {
    const page = await browser.newPage({ locale: "en-US" });
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    await page.goto(bare.url);
    await ready(page);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await addCell(page, "[crossOriginIsolated, typeof SharedArrayBuffer]");
    await cellsDone(page);
    expect(await page.locator(".result").last().innerText()).toBe('[ true, "function" ]');
    expect(problems).toEqual([]);
    await page.close();
  });

  test("the first load is less than a megabyte, compressed", async () => {
    const page = await browser.newPage({ locale: "ja-JP" });
    const sizes = new Map<string, Promise<number>>();
    page.on("response", (response) => {
      if (!response.url().startsWith(server.url)) return;
      sizes.set(
        response.url(),
        response.body().then((body) => gzipSync(body).length),
      );
    });
    await page.goto(server.url);
    await ready(page);
    await page.waitForLoadState("networkidle");
    const all = await Promise.all(sizes.values());
    const sum = all.reduce((a, b) => a + b, 0);
    console.log(`the first load: ${all.length} files, ${(sum / 1000).toFixed(0)} KB compressed`);
    // The page itself, its style, the editor, the kernel, a notebook.
    expect(all.length).toBeGreaterThan(4);
    expect(sum).toBeLessThan(1_000_000);
    await page.close();
  });

  test("frames keep coming while a convolutional network trains", { retry: 2 }, async () => {
    const page = await browser.newPage({ locale: "en-US" });
    await page.goto(server.url);
    await ready(page);
    const idle = await framesPerSecond(page);
    await addCell(
      page,
      `import { layers, np, Sequential } from "tsuno";
const net = new Sequential([
  new layers.Conv2D(16, 3, { inputShape: [28, 28, 1], activation: "relu" }),
  new layers.MaxPooling2D({ poolSize: 2 }),
  new layers.Conv2D(32, 3, { activation: "relu" }),
  new layers.Flatten(),
  new layers.Dense(10, { activation: "softmax" }),
]);
net.compile({ loss: "sparse_categorical_crossentropy", optimizer: "adam" });
const rng = np.random.defaultRng(0);
await net.fit(rng.normal(0, 1, [512, 28, 28, 1]), rng.integers(0, 10, [512]), { epochs: 100_000 });`,
    );
    await page.locator(".html", { hasText: /^Epoch \d+/ }).waitFor();
    const training = await framesPerSecond(page);
    console.log(
      `frames per second: ${idle.toFixed(1)} at rest, ${training.toFixed(1)} while a convnet trains`,
    );
    // Sixty on a machine of its own; others may take their part of this one, of rest and training alike.
    expect(training).toBeGreaterThan(Math.min(40, idle / 2));
    await page.locator(".cell.running .run").click();
    await cellsDone(page);
    await page.close();
  });
});
