// Files that a page fetches stay in the browser's own file system or in its database, and datasets are read from there.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../support/files.ts";
import { canTestBrowser, launch } from "./chromium.ts";
import { servePages } from "./page_server.ts";

/** A tar archive. */
function tarOf(files: Readonly<Record<string, Uint8Array>>): Buffer {
  const parts: Buffer[] = [];
  for (const [name, content] of Object.entries(files)) {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write(content.length.toString(8).padStart(11, "0"), 124);
    header.write("        ", 148);
    header.write("0", 156);
    header.write("ustar\0", 257);
    header.write(
      `${header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, "0")}\0`,
      148,
    );
    parts.push(header, Buffer.from(content), Buffer.alloc((512 - (content.length % 512)) % 512));
  }
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

const fixture = JSON.parse(
  gunzipSync(readFileSync(join(root, "test", "fixtures", "directory", "files.json.gz"))).toString(),
) as {
  readonly files: Readonly<Record<string, string>>;
  readonly pixels: Readonly<Record<string, { RGB: string }>>;
};
const picture = (name: string): Buffer => Buffer.from(fixture.files[name]!, "base64");
const names = ["rgb.png", "q75s2.jpg", "p.gif", "rgb.bmp"];

describe.skipIf(!canTestBrowser())("datasets in a page", () => {
  let browser: Browser;
  let server: { url: string; close: () => void };
  let asked = 0;

  beforeAll(async () => {
    server = await servePages("dist");
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  async function open(): Promise<Page> {
    const page = await browser.newPage();
    asked = 0;
    await page.route("**/empty", (route) => route.fulfill({ contentType: "text/html", body: "" }));
    await page.route("**/flowers.tgz", (route) => {
      asked++;
      const files = Object.fromEntries(names.map((name, i) => [`${"ab"[i % 2]}/${name}`, picture(name)]));
      return route.fulfill({ body: gzipSync(tarOf(files)), contentType: "application/octet-stream" });
    });
    await page.goto(`${server.url}empty`);
    return page;
  }

  test.each(["opfs://keras", "indexeddb://keras"])("in %s", async (cacheDir) => {
    const page = await open();
    const found = await page.evaluate(`(async () => {
      const { getFile, imageDatasetFromDirectory, loadImg } = await import("/keras/utils/index.js");
      const options = { origin: new URL("flowers.tgz", location.href), fname: "flowers", extract: true };
      const given = ${JSON.stringify(cacheDir)} === "opfs://keras" ? options : { ...options, cacheDir: "indexeddb://keras" };
      const folder = await getFile(given);
      await getFile(given);
      const set = await imageDatasetFromDirectory(folder, { imageSize: [13, 19], shuffle: false, verbose: false });
      const [[x, y]] = await set.toArray();
      const pictures = {};
      for (const path of set.filePaths) pictures[path] = [...(await loadImg(path)).data];
      return { folder, classNames: set.classNames, shape: x.shape, labels: [...y.dataSync()], pictures };
    })()`);
    const paths = ["a/p.gif", "a/rgb.png", "b/q75s2.jpg", "b/rgb.bmp"].map(
      (path) => `${cacheDir}/datasets/flowers/${path}`,
    );
    expect(found).toEqual({
      folder: `${cacheDir}/datasets/flowers`,
      classNames: ["a", "b"],
      shape: [4, 13, 19, 3],
      labels: [0, 0, 1, 1],
      pictures: Object.fromEntries(
        paths.map((path) => [path, [...Buffer.from(fixture.pixels[path.split("/").at(-1)!]!.RGB, "base64")]]),
      ),
    });
    expect(asked).toBe(1);
    await page.close();
  });
});
