// The Studio of the installed package: `tsuno studio` serves it with the headers that threads need, and, where the first
// argument names a playwright and the second a Chromium, every notebook that comes with it runs whole, without an error, a
// line on the console or a request to anywhere else. Further arguments: names of notebooks and their numbers of figures. What
// the page makes of them is left in the folder exported/.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const child = spawn(
  process.execPath,
  ["node_modules/tsuno/dist/node/cli/main.js", "studio", "--port", "0", "--no-open"],
  { stdio: ["ignore", "pipe", "inherit"] },
);
try {
  let url = "";
  for await (const line of createInterface({ input: child.stdout })) {
    url = /http:\S+/.exec(line)?.[0] ?? "";
    break;
  }
  const page = await fetch(url);
  if (page.headers.get("cross-origin-embedder-policy") !== "require-corp")
    throw new Error("The page is not isolated.");
  for (const file of ["", "studio.js", "kernel.js", "style.css", "sw.js", "notebooks/sine.ja.ipynb"]) {
    const { status } = await fetch(url + file);
    if (status !== 200) throw new Error(`${url}${file} has status ${status}`);
  }
  console.log(url);
  const [playwright, chromium, ...notebooks] = process.argv.slice(2);
  if (playwright && chromium) await runNotebooks(url, playwright, chromium, notebooks);
} finally {
  child.kill();
}

/**
 * @param {string} url
 * @param {string} playwright the path of playwright-core
 * @param {string} executablePath
 * @param {string[]} notebooks as `name=figures`
 */
async function runNotebooks(url, playwright, executablePath, notebooks) {
  const { chromium } = createRequire(import.meta.url)(playwright);
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    for (const notebook of notebooks) {
      const [name = "", figures] = notebook.split("=");
      const page = await browser.newPage({ locale: name.endsWith("ja") ? "ja-JP" : "en-US" });
      /** @type {string[]} */
      const problems = [];
      page.on("pageerror", (/** @type {Error} */ error) => problems.push(String(error)));
      page.on("console", (/** @type {any} */ message) => {
        if (["error", "warning"].includes(message.type())) problems.push(message.text());
      });
      page.on("request", (/** @type {any} */ request) => {
        if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url()))
          problems.push(`a request to ${request.url()}`);
      });
      await page.goto(`${url}?notebook=${name}.ipynb`);
      const idle = page.locator('.state[data-state="idle"]');
      await idle.waitFor();
      await page.locator("nav .primary").click();
      await page.locator(".cell.running").first().waitFor({ state: "detached", timeout: 120_000 });
      await idle.waitFor();
      problems.push(...(await page.locator(".error").allInnerTexts()));
      const ran = await page.locator(".cell.code .number", { hasText: /\d/ }).count();
      const cells = await page.locator(".cell.code").count();
      if (ran !== cells) problems.push(`${ran} of ${cells} cells ran`);
      const drawn = await page.locator(".figure svg").count();
      if (drawn !== Number(figures)) problems.push(`there are ${drawn} figures, not ${figures}`);
      await page
        .locator(".html", { hasText: /^Epoch (\d+)\/\1 · (計 .*|.* in all)/ })
        .last()
        .waitFor();
      if (problems.length > 0) throw new Error(`${name}: ${problems.join("; ")}`);
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: name.endsWith("ja") ? "ダウンロード" : "Download" }).click();
      await (await download).saveAs(`exported/${name}.ipynb`);
      await page.close();
      console.log(name);
    }
  } finally {
    await browser.close();
  }
}
