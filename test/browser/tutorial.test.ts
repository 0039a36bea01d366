// The tutorial in a real browser, from the bundle that `npm run build` makes: it trains, it draws, and the page stays
// alive meanwhile.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TutorialReport } from "../../examples/browser/report.ts";
import { canTestBrowser, launch } from "./chromium.ts";
import { servePages } from "./page_server.ts";

describe.skipIf(!canTestBrowser())("the tutorial page", () => {
  let browser: Browser;
  let server: { url: string; close: () => void };

  beforeAll(async () => {
    server = await servePages("build/browser");
    browser = await launch();
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  test("trains and draws", async () => {
    const { report, page } = await run("");
    expect(report.loss).toBeGreaterThan(0);
    expect(report.loss).toBeLessThan(0.1);
    expect(report.figures).toBe(3);
    expect(await page.locator("svg").count()).toBe(3);
    expect(await page.locator("#summary").textContent()).toMatch(/Total params: 61/);
    await page.close();
  });

  // Long enough for many frames to pass while compiled code is at work.
  test("keeps its animation frames coming while it trains", { retry: 2 }, async () => {
    const { report, page } = await run("?epochs=100000");
    expect(report.ms).toBeGreaterThan(300);
    expect(report.frames).toBeGreaterThan(report.ms / 50);
    expect(report.longestFrameGapMs).toBeLessThan(100);
    await page.close();
  });

  /** Opens the page, lets it do its work, and fails with what it said if anything went wrong in it. */
  async function run(query: string): Promise<{ report: TutorialReport; page: Page }> {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(message.text());
    });
    await page.goto(`${server.url}${query}`);
    await page.waitForFunction(() => window.tsunoReport !== undefined || window.tsunoError !== undefined);
    const error = await page.evaluate(() => window.tsunoError);
    if (error !== undefined) throw new Error(`The page failed: ${error}`);
    const report = await page.evaluate(() => window.tsunoReport);
    if (report === undefined) throw new Error("The page gave no report.");
    expect(problems).toEqual([]);
    return { report, page };
  }
});
