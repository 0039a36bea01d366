// Tsuno Studio in a real browser, as `tsuno studio` serves it.
import { readFile } from "node:fs/promises";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { parseNotebook } from "../../apps/studio/src/notebook/ipynb.ts";
import { canTestBrowser, launch } from "./chromium.ts";
import { serveStudio } from "./page_server.ts";
import { addCell as add, cellsDone as done, ready } from "./studio_page.ts";

describe.skipIf(!canTestBrowser())("Tsuno Studio", () => {
  let browser: Browser;
  let server: { url: string; close: () => void };
  /** The page of one visitor, on which test after test adds its cells. */
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    [server, browser] = await Promise.all([serveStudio(), launch()]);
    page = await visit("en-US");
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  afterEach(() => {
    const found = problems.splice(0);
    if (found.length > 0) throw new Error(`The page had problems: ${found.join("; ")}`);
  });

  /** Opens the Studio as a new visitor; nothing may fail, and nothing may come from anywhere else. */
  async function visit(locale: string): Promise<Page> {
    const context = await browser.newContext({ locale });
    return open(context);
  }

  async function open(context: BrowserContext, address = server.url): Promise<Page> {
    const opened = await context.newPage();
    opened.on("pageerror", (error) => problems.push(String(error)));
    opened.on("console", (message) => {
      if (message.type() === "error") problems.push(message.text());
    });
    opened.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(server.url) && !/^(data|blob):/.test(url)) problems.push(`a request to ${url}`);
    });
    await opened.goto(address);
    await ready(opened);
    return opened;
  }

  const lastOutput = (page: Page): Promise<string> =>
    page
      .locator(".cell.code .outputs")
      .last()
      .innerText()
      .then((text) => text.trim());

  test("runs the Japanese tutorial, shows its figures and the training as it went, and writes it as a file", async () => {
    const page = await visit("ja-JP");
    expect(await page.locator("h1").first().innerText()).toBe("ニューラルネットワークに sin(x) を学ばせる");
    await page.getByRole("button", { name: "すべて実行" }).click();
    await done(page);
    expect(await page.locator(".error").allInnerTexts()).toEqual([]);
    expect(await page.locator(".figure svg").count()).toBe(7);
    // The page draws a training when the kernel has other things to do.
    await page
      .locator(".html", { hasText: /^Epoch 1500\/1500 · 計 [\d.]+ m?s · [\d,]+ サンプル\/s/ })
      .waitFor();
    const panels = await page.locator(".html").allInnerTexts();
    expect(panels[0]).toMatch(/^Epoch 2000\/2000 · 計 [\d.]+ m?s · [\d,]+ サンプル\/s/);
    expect(panels[0]).toMatch(/loss: 0\.0\d+/);
    expect(await page.locator(".outputs pre", { hasText: "Total params: 61" }).count()).toBe(1);
    expect(await page.locator('.html svg[aria-label="the function that the model has become"]').count()).toBe(
      3,
    );
    expect(await page.locator('.html svg[aria-label="weights and gradients of the layers"]').count()).toBe(3);
    // Formulas are formulas.
    expect(await page.locator(".markdown math").count()).toBe(8);

    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "ダウンロード" }).click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/\.ipynb$/);
    const notebook = parseNotebook(await readFile(await file.path(), "utf8"));
    const shown = notebook.cells.flatMap((cell) =>
      cell.outputs.map((output) => Object.keys("data" in output ? output.data : {})),
    );
    expect(shown.filter((types) => types.includes("image/svg+xml")).length).toBe(7);
    expect(notebook.cells.filter((cell) => cell.kind === "code").map((cell) => cell.count)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ]);
  });

  test("stops a long training and goes on with what there was", async () => {
    await add(
      page,
      `import { np, Sequential, layers } from "tsuno";
const a = np.ones([512, 256]);
const net = new Sequential([new layers.Dense(256, { inputShape: [256] }), new layers.Dense(256)]);
net.compile({ loss: "mse", optimizer: "sgd" });
await net.fit(a, a, { epochs: 1_000_000 });`,
    );
    await page.locator(".html", { hasText: /^Epoch \d{2,}\/1000000/ }).waitFor();
    const begin = performance.now();
    await page.locator(".cell.running .run").click();
    await done(page);
    expect(performance.now() - begin).toBeLessThan(1000);
    expect(await page.locator(".error").last().innerText()).toBe("Interrupted: The cell was interrupted.");
    await add(page, "net.layers.length");
    await done(page);
    expect(await lastOutput(page)).toBe("2");
  });

  test("ends a cell that does not listen, and says so", async () => {
    await add(page, "while (true);");
    await page.getByRole("button", { name: "■ Stop" }).click();
    await page.locator(".notice", { hasText: "the kernel has been restarted" }).waitFor();
    await add(page, "6 * 7");
    await done(page);
    expect(await lastOutput(page)).toBe("42");
  });

  test("keeps what was written, also when the page is killed in the midst of a word", async () => {
    await add(page, "const kept = 'here'; kept");
    await done(page);
    await page.locator(".save", { hasText: "Saved" }).waitFor();
    const editor = (): Locator => page.locator(".cell.code .cm-content").last();
    await editor().click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("; kept.length; kept.len");
    const context = page.context();
    const crashed = page.waitForEvent("crash");
    const session = await context.newCDPSession(page);
    session.send("Page.crash").catch(() => undefined);
    await crashed;
    page = await open(context);
    expect(await editor().innerText()).toBe("const kept = 'here'; kept; kept.length; kept.len");
    expect(await lastOutput(page)).toBe('"here"');
  });

  test("a million lines and a picture of 4 million pixels leave the page alive", async () => {
    await add(page, "for (let i = 0; i < 1_000_000; i++) console.log('line', i);");
    await done(page);
    expect(await lastOutput(page)).toMatch(/line 999998\nline 999999$/);
    await add(
      page,
      `import { np, plt } from "tsuno";
plt.imshow(np.reshape(np.arange(4_000_000), [2000, 2000]));
await plt.show();`,
    );
    await done(page);
    expect(await page.locator(".cell.code .outputs").last().locator(".figure svg").count()).toBe(1);
    await page.locator(".save", { hasText: "Saved" }).waitFor();
    await page.keyboard.press("d");
    await page.keyboard.press("d");
  });

  test("says where a cell failed, and lets the next ones rest", async () => {
    await add(page, "const one = 1;\nfunction f(): never {\n  throw new RangeError('too much');\n}\nf();");
    await done(page);
    expect(await page.locator(".error").last().innerText()).toMatch(
      /^RangeError: too much\s+line 3, column \d+\nline 5, column \d+$/,
    );
    await add(page, 'import { nothing } from "tsuno";');
    await done(page);
    expect(await page.locator(".error").last().innerText()).toMatch(
      /^SyntaxError: "tsuno" has no export named "nothing"\.\s+line 1, column \d+$/,
    );
  });

  test("goes by Jupyter's keys, and completes names", async () => {
    const before = await page.locator(".cell").count();
    await page
      .locator(".cell")
      .first()
      .click({ position: { x: 10, y: 10 } });
    await page.keyboard.press("a");
    await page.keyboard.press("b");
    expect(await page.locator(".cell").count()).toBe(before + 2);
    await page.keyboard.press("m");
    expect(await page.locator(".cell.selected").getAttribute("class")).toContain("markdown");
    await page.keyboard.press("d");
    await page.keyboard.press("d");
    expect(await page.locator(".cell").count()).toBe(before + 1);
    await page.keyboard.press("z");
    expect(await page.locator(".cell").count()).toBe(before + 2);
    await add(page, 'import { layers, np } from "tsuno";');
    await done(page);
    await page.keyboard.press("b");
    await page.keyboard.press("Enter");
    // The list takes no key that was meant for the text before it came.
    const accept = async (): Promise<void> => {
      await page.waitForTimeout(100);
      await page.keyboard.press("Enter");
    };
    await page.keyboard.type("np.linsp");
    await page.locator(".cm-tooltip-autocomplete li", { hasText: "linspace" }).waitFor();
    await accept();
    expect(await page.locator(".cell.selected .cm-content").innerText()).toBe("np.linspace");
    // Options come from the types, with what the documentation says of them.
    await page.keyboard.type(";\nconst layer = new layers.Dense(3, { activ");
    await page.locator(".cm-tooltip-autocomplete li", { hasText: "activation" }).first().waitFor();
    await page.locator(".cm-completionInfo", { hasText: "Default none" }).waitFor();
    await accept();
    await page.keyboard.type(': "selu');
    await page.locator(".cm-tooltip-autocomplete li", { hasText: "selu" }).first().waitFor();
    // Escape closes the list; only the next one leaves the cell.
    await page.keyboard.press("Escape");
    await page.locator(".cm-tooltip-autocomplete").waitFor({ state: "detached" });
    await page.keyboard.type('" });\nlayer.countP');
    // Nothing has run: the type alone tells.
    await page.locator(".cm-tooltip-autocomplete li", { hasText: "countParams" }).waitFor();
  });

  test("shares a notebook by its address", async () => {
    await add(page, "'shared with you'");
    await done(page);
    await page.getByRole("button", { name: "Share" }).click();
    await page.waitForURL(/#nb=/);
    const address = page.url();
    const other = await browser.newContext();
    const guest = await other.newPage();
    await guest.goto(address);
    await ready(guest);
    expect(await lastOutput(guest)).toBe('"shared with you"');
    await other.close();
  });
});
