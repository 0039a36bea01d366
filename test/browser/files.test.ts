// The notebook's files in the Studio: dropped, chosen, read by cells, written by cells, downloaded.
import { readFile } from "node:fs/promises";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodePng } from "../../src/files/png.ts";
import { canTestBrowser, launch } from "./chromium.ts";
import { serveStudio } from "./page_server.ts";
import { addCell, cellsDone, ready } from "./studio_page.ts";

describe.skipIf(!canTestBrowser())("files in Tsuno Studio", () => {
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

  const output = (page: Page): Locator => page.locator(".cell.code .outputs").last();

  test("come in by dropping and choosing, and cells read them", async () => {
    const page = await browser.newPage({ locale: "en-US" });
    await page.goto(server.url);
    await ready(page);
    // Dropped.
    const data = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(["a,b\n1,2\n3,4\n"], "table.csv"));
      transfer.items.add(new File(['{"answer": 42}'], "facts.json"));
      return transfer;
    });
    await page.dispatchEvent(".cells", "drop", { dataTransfer: data });
    await page.locator(".notice", { hasText: "table.csv, facts.json" }).waitFor();
    // Chosen.
    await page.getByRole("button", { name: "Files", exact: true }).click();
    const png = await encodePng(Uint8ClampedArray.from([255, 0, 0, 255, 0, 255, 0, 255]), 2, 1);
    await page
      .locator("dialog input[type=file]")
      .setInputFiles({ name: "two.png", mimeType: "image/png", buffer: Buffer.from(png) });
    await page.locator(".files li", { hasText: "two.png" }).waitFor();
    expect(await page.locator(".files li .name").allInnerTexts()).toEqual([
      "facts.json14 B",
      "table.csv12 B",
      expect.stringMatching(/^two\.png\d+ B$/),
    ]);
    // A button writes the cell that reads it, and runs it.
    await page.getByRole("button", { name: "Read: table.csv" }).click();
    await cellsDone(page);
    expect(await page.locator(".cell.selected .cm-content").innerText()).toContain(
      'np.genfromtxt("table.csv", { delimiter: ",", skipHeader: 1 })',
    );
    expect(await page.locator(".cell.selected .outputs").innerText()).toMatch(/1\D+2[^]*3\D+4/);
    await addCell(
      page,
      `import { files } from "tsuno/notebook";
const facts = await files.json("facts.json");
const picture = await files.image("two.png");
console.log(facts.answer, picture.shape.join(), (await picture.array()).flat(2).join(), (await files.list()).join());`,
    );
    await cellsDone(page);
    expect((await output(page).innerText()).trim()).toBe("42 1,2,3 1,0,0,0,1,0 facts.json,table.csv,two.png");
    await page.close();
  });

  test("written by cells can be read again, survive a reload, and leave by download", async () => {
    const page = await browser.newPage({ locale: "en-US" });
    await page.goto(server.url);
    await ready(page);
    await addCell(
      page,
      `import { np, Sequential, layers, saving } from "tsuno";
await np.save("numbers.npy", np.array([1, 2, 3]));
await np.savez("pair.npz", { a: np.ones([2]), b: np.zeros([3]) });
const net = new Sequential([new layers.Dense(2, { inputShape: [3] })]);
await net.save("net.keras");
const again = await saving.loadModel("net.keras");
const { a, b } = await np.loadz("pair.npz");
console.log((await (await np.load("numbers.npy")).array()).join(), again.countParams(), a.size + b.size);`,
    );
    await cellsDone(page);
    expect((await output(page).innerText()).trim()).toBe("1,2,3 8 5");
    await page.reload();
    await ready(page);
    await page.getByRole("button", { name: "Files", exact: true }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download: numbers.npy" }).click();
    const bytes = await readFile(await (await download).path());
    expect(bytes.subarray(0, 6).toString("latin1")).toBe("\x93NUMPY");
    await page.getByRole("button", { name: "Remove: numbers.npy" }).click();
    await page.locator(".files li", { hasText: "numbers.npy" }).waitFor({ state: "detached" });
    await page.locator("dialog .close").click();
    await addCell(page, 'import { np } from "tsuno";\nawait np.load("numbers.npy")');
    await cellsDone(page);
    expect(await page.locator(".error").innerText()).toMatch(/^FileError: .*cannot read "numbers.npy"/);
    await page.close();
  });
});
