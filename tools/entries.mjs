// The public entry points of the package, read from the folders of src/, and the "exports" of package.json that follow
// from them. `node tools/entries.mjs` says whether package.json agrees; with `--write` it makes it agree.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./setup.mjs";

/**
 * Every public subpath with its source file: the root, the houses beside Keras, and each folder of src/keras that
 * has an index.ts.
 *
 * @returns {{ subpath: string, source: string, output: string }[]} `output` is the path under dist/, without extension
 */
export function publicEntries() {
  const keras = join(root, "src", "keras");
  const modules = existsSync(keras) ? readdirSync(keras, { withFileTypes: true }) : [];
  const candidates = [
    [".", "index"],
    ["./engine", "engine/index"],
    ["./notebook", "notebook/index"],
    ["./numpy", "numpy/index"],
    ["./pyplot", "pyplot/index"],
    ...modules
      .filter((entry) => entry.isDirectory())
      .map((entry) => [`./${entry.name}`, `keras/${entry.name}/index`])
      .sort(([a = ""], [b = ""]) => (a < b ? -1 : 1)),
  ];
  return candidates
    .map(([subpath = "", output = ""]) => ({ subpath, output, source: `src/${output}.ts` }))
    .filter(({ source }) => existsSync(join(root, source)));
}

/** The "exports" that package.json must have: few large files where they are loaded as they are, small ones for bundlers. */
export function expectedExports() {
  /** @type {Record<string, string | { types: string, node: string, default: string }>} */
  const exports = {};
  for (const { subpath, output } of publicEntries()) {
    exports[subpath] = {
      types: `./dist/${output}.d.ts`,
      node: `./dist/node/${output}.js`,
      default: `./dist/${output}.js`,
    };
  }
  exports["./package.json"] = "./package.json";
  return exports;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const file = join(root, "package.json");
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  const expected = expectedExports();
  if (JSON.stringify(manifest.exports) === JSON.stringify(expected)) {
    console.log(`package.json exports ${Object.keys(expected).length - 1} entry points, as src/ has them`);
  } else if (process.argv.includes("--write")) {
    manifest.exports = expected;
    writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
    console.log("package.json: exports written");
  } else {
    const has = Object.keys(manifest.exports ?? {});
    const missing = Object.keys(expected).filter((key) => !has.includes(key));
    const extra = has.filter((key) => !(key in expected));
    console.error("The exports of package.json do not match the folders of src/.");
    if (missing.length > 0) console.error(`  missing: ${missing.join(", ")}`);
    if (extra.length > 0) console.error(`  without a source: ${extra.join(", ")}`);
    console.error("Run: node tools/entries.mjs --write");
    process.exitCode = 1;
  }
}
