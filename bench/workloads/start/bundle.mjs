// The gzipped size of a program bundled for browsers.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { bundleForBrowser } from "../../../tools/build.mjs";
import { root } from "../../../tools/setup.mjs";

/**
 * @param {string} name a program in the folder pages/
 * @returns {Promise<number>} thousands of bytes of all its scripts, those loaded later included
 */
export async function bundledKb(name) {
  const entry = fileURLToPath(new URL(`pages/${name}`, import.meta.url));
  const output = await bundleForBrowser(entry, join(root, "build", "bench", name));
  const scripts = output.filter((file) => !file.fileName.endsWith(".map"));
  const sizes = scripts.map(
    (file) => gzipSync("code" in file ? file.code : file.source, { level: 9 }).length,
  );
  return sizes.reduce((total, size) => total + size, 0) / 1000;
}
