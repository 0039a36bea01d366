/** What the server of the command gives, and what it does not. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Serving, serve } from "./serve.ts";

const above = mkdtempSync(join(tmpdir(), "tsuno-serve-"));
const folder = join(above, "page");
let isolated: Serving;
let bare: Serving;

beforeAll(async () => {
  mkdirSync(folder);
  writeFileSync(join(above, "secret.txt"), "not for pages");
  writeFileSync(join(folder, "index.html"), "<p>hello");
  isolated = await serve(folder, 0);
  bare = await serve(folder, 0, { isolated: false });
});
afterAll(() => {
  isolated.close();
  bare.close();
  rmSync(above, { recursive: true });
});

test("pages are isolated unless they shall not be", async () => {
  const page = await fetch(isolated.url);
  expect(await page.text()).toBe("<p>hello");
  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(page.headers.get("cross-origin-opener-policy")).toBe("same-origin");
  expect(page.headers.get("cross-origin-embedder-policy")).toBe("require-corp");
  expect((await fetch(bare.url)).headers.get("cross-origin-opener-policy")).toBeNull();
});

/** Asks for a path as it stands; `fetch` would tidy it up. */
const status = (path: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(isolated.url);
    const asked = request({ host: "127.0.0.1", port, path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on("error", reject).end();
  });

test.each([
  ["/index.html", 200],
  ["/nothing.js", 404],
  ["/../secret.txt", 404],
  ["/..%2fsecret.txt", 404],
  ["/%2e%2e/secret.txt", 404],
  ["/%zz", 400],
])("%s gives %i", async (path, expected) => {
  expect(await status(path)).toBe(expected);
});
