// What readers of a notebook move and draw, in the Studio: sliders, lists, a place to draw on.
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canTestBrowser, launch } from "./chromium.ts";
import { serveStudio } from "./page_server.ts";
import { addCell, cellsDone, ready } from "./studio_page.ts";

describe.skipIf(!canTestBrowser())("controls in Tsuno Studio", () => {
  let browser: Browser;
  let server: { url: string; close: () => void };

  beforeAll(async () => {
    server = await serveStudio();
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  async function visit(): Promise<Page> {
    const page = await browser.newPage({ locale: "en-US" });
    await page.goto(server.url);
    await ready(page);
    return page;
  }

  const output = (page: Page): Locator => page.locator(".cell.code .outputs").last();

  /** Draws a line across the middle of a pad. */
  async function drawLine(page: Page, pad: Locator): Promise<void> {
    await pad.scrollIntoViewIfNeeded();
    const box = (await pad.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.8, box.y + box.height / 2, { steps: 4 });
    await page.mouse.up();
  }

  test("a slider runs its cell again, keeps its place after a reload, and yields to a new value in the source", async () => {
    const page = await visit();
    await addCell(
      page,
      `import { checkbox, select, slider } from "tsuno/notebook";
const n = slider("n", { min: 1, max: 10, value: 4 });
const word = select("word", ["one", "two"]);
const loud = checkbox("loud");
console.log(word, n, loud);`,
    );
    await cellsDone(page);
    expect(await output(page).locator("pre").innerText()).toBe("one 4 false\n");
    const range = output(page).locator("input[type=range]");
    await range.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await output(page).locator("pre", { hasText: "one 6 false" }).waitFor();
    // The slider that is being moved is still the same element.
    expect(await range.evaluate((element) => element === document.activeElement)).toBe(true);
    await output(page).locator("select").selectOption("two");
    await output(page).locator("pre", { hasText: "two 6 false" }).waitFor();
    await output(page).locator("input[type=checkbox]").check();
    await output(page).locator("pre", { hasText: "two 6 true" }).waitFor();
    await cellsDone(page);
    await page.locator(".save", { hasText: "Saved" }).waitFor();
    await page.reload();
    await ready(page);
    expect(await output(page).locator(".control output").innerText()).toBe("6");
    await output(page).locator("input[type=range]").focus();
    await page.keyboard.press("ArrowLeft");
    await output(page).locator("pre", { hasText: "two 5 true" }).waitFor();
    await cellsDone(page);
    await page.locator(".cell.code .cm-content").last().click();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText(
      'import { slider } from "tsuno/notebook";\nslider("n", { min: 1, max: 10, value: 9 })',
    );
    await page.keyboard.press("Control+Enter");
    await output(page).locator(".result", { hasText: "9" }).waitFor();
    expect(await output(page).locator(".control").count()).toBe(1);
    await page.close();
  });

  test("a slow cell stops and begins again when its slider comes to rest", async () => {
    const page = await visit();
    await addCell(
      page,
      `import { np, Sequential, layers } from "tsuno";
import { slider } from "tsuno/notebook";
const epochs = slider("epochs", { min: 1, max: 100_000_000, step: 99_999_999, value: 100_000_000 });
const net = new Sequential([new layers.Dense(64, { inputShape: [64] })]);
net.compile({ loss: "mse", optimizer: "sgd" });
await net.fit(np.ones([64, 64]), np.ones([64, 64]), { epochs });
"finished " + epochs`,
    );
    await output(page)
      .locator(".html", { hasText: /^Epoch \d+/ })
      .waitFor();
    await output(page).locator("input[type=range]").focus();
    await page.keyboard.press("ArrowLeft");
    await output(page).locator(".result", { hasText: "finished 1" }).waitFor();
    await cellsDone(page);
    expect(await page.locator(".error").count()).toBe(0);
    await page.close();
  });

  test("drawings come to the cell as strokes and pictures", async () => {
    const page = await visit();
    await addCell(
      page,
      `import { canvas, drawings } from "tsuno/notebook";
const { strokes, images, labels } = drawings("Examples", ["cross", "line"]);
const { image } = canvas("Draw");
console.log(strokes.length, images.shape.join(), (await labels.array()).join(), image.sum().item() > 50);`,
    );
    await cellsDone(page);
    const says = (text: string): Promise<void> => output(page).locator("pre", { hasText: text }).waitFor();
    await says("0 0,28,28  false");
    const pads = output(page).locator(".pad");
    await page.getByRole("button", { name: /^line/ }).click();
    await output(page).locator(".hint.urgent").waitFor();
    await drawLine(page, pads.first());
    await page.getByRole("button", { name: /^line/ }).click();
    await says("1 1,28,28 1 false");
    await drawLine(page, pads.first());
    await page.getByRole("button", { name: /^cross/ }).click();
    await says("2 2,28,28 1,0 false");
    await output(page).locator(".examples button").first().click();
    await says("1 1,28,28 0 false");
    await drawLine(page, pads.last());
    await says("1 1,28,28 0 true");
    expect(await output(page).locator(".examples button").count()).toBe(1);
    await page.close();
  });

  test("a pad is drawn on with keys alone", async () => {
    const page = await visit();
    await addCell(
      page,
      `import { canvas } from "tsuno/notebook";
const { strokes } = canvas("digit");
console.log(strokes.length, JSON.stringify(strokes));`,
    );
    await cellsDone(page);
    const pad = output(page).getByRole("application", { name: /^digit\. With keys/ });
    await pad.focus();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press(" ");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press(" ");
    await output(page).locator("pre", { hasText: "1 [[[0.464,0.5],[0.5,0.5],[0.5,0.536]]]" }).waitFor();
    await cellsDone(page);
    await page.keyboard.press("Delete");
    await expect.poll(() => output(page).locator("pre").innerText()).toBe("0 []\n");
    await cellsDone(page);
    await page.close();
  });
});
