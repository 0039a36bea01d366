// The API reference, opened from the folder where `npm run docs` (a part of the check) puts it.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../support/files.ts";
import { canTestBrowser, launch } from "./chromium.ts";

const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, colorScheme: "dark" };

describe.skipIf(!canTestBrowser())("the API reference", () => {
  let browser: Browser;
  const problems: string[] = [];

  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await browser.newPage(options);
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("request", (request) => {
      if (/^https?:/.test(request.url())) problems.push(`asks for ${request.url()}`);
    });
    await page.goto(pathToFileURL(join(root, "build", "docs", path)).href);
    return page;
  }

  test("finds names as Keras has them, by the keyboard", async () => {
    const page = await open("index.html");
    await page.keyboard.press("/");
    for (const [asked, heading, signature] of [
      ["global_average_pooling2d", "GlobalAveragePooling2D", "keras.layers.GlobalAveragePooling2D("],
      ["keras.ops.top_k", "topK", "keras.ops.top_k(x, k"],
      ["Conv2D(filters, kernel_size)", "Conv2D", "strides=(1, 1)"],
    ] as const) {
      await page.fill("#search", asked);
      await page.waitForSelector('#found [aria-selected="true"]');
      await page.keyboard.press("Enter");
      await page.waitForFunction((name) => document.querySelector("h1")?.textContent === name, heading);
      expect(await page.textContent(".keras")).toContain(signature);
    }
    await page.close();
  });

  test("says of a layer what Keras's page says", async () => {
    const page = await open("layers/Conv2D.html");
    expect(await page.textContent("#p-strides")).toMatch(/strides.*default\s*1/);
    expect(await page.textContent("#p-padding")).toMatch(/"valid" \| "same".*default\s*"valid"/);
    expect(await page.textContent(".t-result")).toBe("// → [[[[10]]]]");
    await page.click("a.source");
    expect(await page.textContent(":target")).toContain("class Conv2D extends BaseConv");
    await page.close();
  });

  test("fits a phone, is light or dark as asked", async () => {
    for (const path of ["index.html", "layers/index.html", "layers/types.html", "models/Model.html"]) {
      const page = await open(path, phone);
      expect([path, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([path, 390]);
      await page.close();
    }
    const page = await open("index.html", phone);
    const paper = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(await paper()).toBe("rgb(20, 23, 26)");
    await page.click("#theme");
    expect(await paper()).toBe("rgb(255, 255, 255)");
    await page.close();
    expect(problems).toEqual([]);
  });
});
