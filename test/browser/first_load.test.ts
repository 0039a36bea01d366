// What a page with the tutorial's program, without its pictures, downloads until it has trained.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { root } from "../support/files.ts";
import { canTestBrowser, launch } from "./chromium.ts";
import { servePages } from "./page_server.ts";

/** Thousands of bytes, gzipped: what not every program needs belongs behind `import()`. */
const ceiling = 190;
const folder = join("build", "first_load");

test.skipIf(!canTestBrowser())(
  "the tutorial's program is small to download",
  { timeout: 60_000 },
  async () => {
    const program = join("bench", "workloads", "start", "pages", "tsuno.mjs");
    const build = 'const { bundleForBrowser } = await import("./tools/build.mjs"); await bundleForBrowser';
    const bundle = `${build}(${JSON.stringify(program)}, ${JSON.stringify(folder)})`;
    execFileSync(process.execPath, ["--input-type=module", "-e", bundle], { cwd: root });
    writeFileSync(
      join(root, folder, "index.html"),
      '<!doctype html><script type="module" src="tsuno.js"></script>',
    );
    const server = await servePages(folder);
    const browser = await launch();
    try {
      const page = await browser.newPage();
      const scripts = new Set<string>();
      page.on("request", (request) => scripts.add(new URL(request.url()).pathname));
      // Its last line prints the history.
      const done = page.waitForEvent("console", { predicate: (line) => line.text().includes("val_loss") });
      await page.goto(server.url);
      await done;
      const sizes = [...scripts]
        .filter((path) => path.endsWith(".js"))
        .map((path) => gzipSync(readFileSync(join(root, folder, path)), { level: 9 }).length);
      const kb = sizes.reduce((sum, size) => sum + size, 0) / 1000;
      console.log(`the tutorial's program without its pictures: ${kb.toFixed(1)} KB gzipped`);
      expect(sizes.length).toBeGreaterThan(1);
      expect(kb).toBeLessThan(ceiling);
    } finally {
      await browser.close();
      server.close();
    }
  },
);
