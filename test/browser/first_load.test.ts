// What pages download until they have trained: the tutorial's program without its pictures, and one that names what few use.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { root } from "../support/files.ts";
import { canTestBrowser, launch } from "./chromium.ts";
import { servePages } from "./page_server.ts";

/** Thousands of bytes, gzipped: what not every program needs belongs behind `import()`. */
const ceiling = 160;

/** The scripts that a page with a program has asked for when it prints its history, by name. */
async function loaded(program: string, folder: string): Promise<Map<string, string>> {
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
    const paths = new Set<string>();
    page.on("request", (request) => paths.add(new URL(request.url()).pathname));
    // Its last line prints the history.
    const done = page.waitForEvent("console", { predicate: (line) => line.text().includes("val_loss") });
    await page.goto(server.url);
    await done;
    const scripts = [...paths].filter((path) => path.endsWith(".js"));
    return new Map(scripts.map((path) => [path, readFileSync(join(root, folder, path), "utf8")]));
  } finally {
    await browser.close();
    server.close();
  }
}

/** What the sources of `AUC` and of `huber` say, and nothing else. */
const rare = ["summationMethod", "huber_loss"];

test.skipIf(!canTestBrowser())(
  "the tutorial's program is small to download",
  { timeout: 60_000 },
  async () => {
    const program = join("bench", "workloads", "start", "pages", "tsuno.mjs");
    const scripts = [...(await loaded(program, join("build", "first_load"))).values()];
    const sizes = scripts.map((text) => gzipSync(text, { level: 9 }).length);
    const kb = sizes.reduce((sum, size) => sum + size, 0) / 1000;
    console.log(`the tutorial's program without its pictures: ${kb.toFixed(1)} KB gzipped`);
    expect(sizes.length).toBeGreaterThan(1);
    expect(kb).toBeLessThan(ceiling);
    for (const text of rare) expect(scripts.filter((script) => script.includes(text))).toEqual([]);
  },
);

test.skipIf(!canTestBrowser())(
  "losses and metrics that few use are loaded when they are named",
  { timeout: 60_000 },
  async () => {
    const folder = join("build", "first_load_rare");
    mkdirSync(join(root, folder), { recursive: true });
    const program = join(folder, "source", "tsuno.mjs");
    mkdirSync(join(root, folder, "source"), { recursive: true });
    writeFileSync(
      join(root, program),
      `import { Dense } from "tsuno/layers";
       import { Sequential } from "tsuno/models";

       const model = new Sequential([new Dense(1, { inputShape: [1], useBias: false, kernelInitializer: "ones" })]);
       model.trainable = false;
       model.compile({ optimizer: "sgd", loss: "huber", metrics: ["auc"] });
       const validationData = [[[0.9], [0.4], [0.1], [0.3]], [[1], [0], [0], [1]]];
       const { history } = await model.fit(...validationData, { validationData, verbose: 0 });
       const right = Math.abs(history.val_loss[0] - 0.08375) < 1e-6 && Math.abs(history.val_auc[0] - 0.75) < 1e-6;
       console.log(right ? "val_loss and val_auc are right" : "val_loss: " + JSON.stringify(history));
      `,
    );
    const scripts = await loaded(program, folder);
    for (const text of rare) {
      const holders = [...scripts].filter(([, script]) => script.includes(text)).map(([path]) => path);
      expect(holders).toHaveLength(1);
      expect(holders[0]).not.toMatch(/packages/);
    }
  },
);
