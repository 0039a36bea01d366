// Serves a folder on this machine, as `tsuno studio` does: `node tools/serve.mjs FOLDER [PORT] [--bare]`. With `--bare`
// pages are not cross-origin isolated, as on hosts that send no headers.

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./setup.mjs";

/** @type {typeof import("../src/cli/serve.ts")} */
const { serve } = await import(pathToFileURL(join(root, "dist", "cli", "serve.js")).href);

export { serve };

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [folder = ".", port = "0"] = process.argv.slice(2).filter((one) => !one.startsWith("--"));
  console.log((await serve(folder, Number(port), { isolated: !process.argv.includes("--bare") })).url);
}
