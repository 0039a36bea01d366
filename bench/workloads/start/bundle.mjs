// The gzipped size of a program bundled for browsers.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { bundleForBrowser } from "../../../tools/build.mjs";
import { root } from "../../../tools/setup.mjs";

/**
 * @param {string} name a program in the folder pages/
 * @returns {Promise<{ bundleKb: number, withLazyKb: number }>} thousands of bytes of the scripts that a page loads before
 *   the program starts, and of all there are, those that it may ask for later included
 */
export async function bundleSizes(name) {
  const entry = fileURLToPath(new URL(`pages/${name}`, import.meta.url));
  const output = await bundleForBrowser(entry, join(root, "build", "bench", name));
  const scripts = output.filter((file) => file.type === "chunk");
  const atOnce = new Set(scripts.filter((script) => script.isEntry).map((script) => script.fileName));
  // A set takes in what is added while it is gone through.
  for (const fileName of atOnce) {
    for (const needed of scripts.find((script) => script.fileName === fileName)?.imports ?? [])
      atOnce.add(needed);
  }
  const kb = (/** @type {typeof scripts} */ some) =>
    some.reduce((total, { code }) => total + gzipSync(code, { level: 9 }).length, 0) / 1000;
  return { bundleKb: kb(scripts.filter((script) => atOnce.has(script.fileName))), withLazyKb: kb(scripts) };
}
