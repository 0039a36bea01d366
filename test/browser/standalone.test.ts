// A model that was exported as WebAssembly or as plain JavaScript predicts on a page that knows nothing of Tsuno.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tensor } from "../../src/engine/index.ts";
import { Dense } from "../../src/keras/layers/index.ts";
import { Sequential } from "../../src/keras/models/index.ts";
import { root } from "../support/files.ts";
import { canTestBrowser, launch } from "./chromium.ts";
import { servePages } from "./page_server.ts";

describe.skipIf(!canTestBrowser())("a standalone model on a page", () => {
  const folder = mkdtempSync(join(tmpdir(), "tsuno-page-"));
  const model = new Sequential([new Dense(8, { inputShape: [3], activation: "tanh" }), new Dense(2)]);
  let browser: Browser;
  let server: { url: string; close: () => void };

  beforeAll(async () => {
    await model.export(join(folder, "m.wasm"));
    await model.export(join(folder, "plain.js"));
    writeFileSync(join(folder, "index.html"), "<!doctype html><title>standalone</title>");
    server = await servePages(relative(root, folder));
    browser = await launch();
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
    rmSync(folder, { recursive: true });
  });

  test.each(["m", "plain"])("%s.js", async (name) => {
    const x = Array.from({ length: 20 }, (_, i) => [i / 10, 1 - i / 7, Math.cos(i)]);
    const page = await browser.newPage();
    await page.goto(server.url);
    // Text, because what transforms tests would change its import.
    const run = `import("/${name}.js").then(({ predict }) => predict(${JSON.stringify(x)}))`;
    const found = await page.evaluate<number[][]>(run);
    const expected = (await model.predict(tensor(x), { verbose: 0 })).arraySync() as number[][];
    expect(found.length).toBe(20);
    for (const [i, row] of expected.entries())
      for (const [j, value] of row.entries()) expect(found[i]![j]).toBeCloseTo(value, 5);
  });
});
