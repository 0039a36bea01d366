// `npm start`: runs the tutorial, examples/sine.ts, after whatever set-up is still to do. `npm start -- NAME` runs
// examples/NAME.ts, `npm start -- browser` serves the tutorial as a page, and `npm start -- studio` the notebook.
import { readdirSync } from "node:fs";
import * as module from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isFresh } from "./fresh.mjs";
import { ensureDependencies, root } from "./setup.mjs";

const [name = "sine", ...rest] = process.argv.slice(2);
const examples = readdirSync(join(root, "examples"))
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -3));
const pages = ["browser", "studio"];
const isPage = pages.includes(name);
if (!isPage && !examples.includes(name)) {
  console.error(`There is no example "${name}". There are: ${[...examples, ...pages].join(", ")}.`);
  process.exit(1);
}

ensureDependencies();
const parts = /** @type {import("./fresh.mjs").Part[]} */ (
  isPage ? ["modules", name] : ["library", "examples"]
);
if (!parts.every(isFresh)) {
  const { build } = await import("./build.mjs");
  await build(parts);
}

if (name === "browser") {
  const { serve } = await import("./serve.mjs");
  const { url } = await serve(join(root, "build", "browser"), 8080);
  console.log(`The tutorial is at ${url} (Ctrl+C ends)`);
} else {
  const program =
    name === "studio" ? join(root, "dist", "cli", "main.js") : join(root, "build", "examples", `${name}.js`);
  process.argv = [process.execPath, program, ...(name === "studio" ? [name] : []), ...rest];
  // Node 22 and later keep compiled code between runs.
  /** @type {{ enableCompileCache?: () => void }} */ (module).enableCompileCache?.();
  await import(pathToFileURL(program).href);
}
