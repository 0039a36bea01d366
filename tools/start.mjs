// `npm start`: runs the tutorial, examples/sine.ts, after whatever set-up is still to do. `npm start -- NAME` runs
// examples/NAME.ts, `npm start -- browser` serves the tutorial as a page, `npm start -- studio` the notebook, and
// `npm start -- docs` the API reference.
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
const pages = ["browser", "studio", "docs"];
const isPage = pages.includes(name);
if (!isPage && !examples.includes(name)) {
  console.error(`There is no example "${name}". There are: ${[...examples, ...pages].join(", ")}.`);
  process.exit(1);
}

ensureDependencies();
const parts = /** @type {import("./fresh.mjs").Part[]} */ (
  isPage ? ["library", "modules", name] : ["library", "examples"]
);
if (!parts.every(isFresh)) {
  const { build } = await import("./build.mjs");
  await build(parts);
}

if (name === "browser" || name === "docs") {
  const { serve } = await import("./serve.mjs");
  const { url } = await serve(join(root, "build", name), 8080);
  console.log(`The ${name === "docs" ? "API reference" : "tutorial"} is at ${url} (Ctrl+C ends)`);
} else {
  const program =
    name === "studio"
      ? join(root, "dist", "node", "cli", "main.js")
      : join(root, "build", "examples", `${name}.js`);
  process.argv = [process.execPath, program, ...(name === "studio" ? [name] : []), ...rest];
  // Node 22 and later keep compiled code between runs.
  /** @type {{ enableCompileCache?: () => void }} */ (module).enableCompileCache?.();
  await import(pathToFileURL(program).href);
}
