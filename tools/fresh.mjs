// Knows when something built is out of date, by comparing the names, sizes and times of its sources with those of the
// last build. Cheap enough to ask on every `npm start`.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./setup.mjs";

/** @typedef {"library" | "modules" | "examples" | "browser" | "studio" | "docs"} Part */

const tools = ["tools/build.mjs", "tools/entries.mjs", "tools/namespaces.mjs", "package-lock.json"];

/** @type {Record<Part, { inputs: string[], output: string }>} */
const parts = {
  library: { inputs: ["src", ...tools], output: "dist/node/index.js" },
  modules: { inputs: ["src", "tsconfig.json", "tsconfig.build.json", ...tools], output: "dist/index.js" },
  examples: { inputs: ["examples", ...tools], output: "build/examples" },
  browser: { inputs: ["src", "examples", ...tools], output: "build/browser/index.html" },
  docs: {
    inputs: [
      "src",
      "test/fixtures/keras_api.json.gz",
      "tools/docs",
      "tools/docs.mjs",
      "tools/declarations.mjs",
      ...tools,
    ],
    output: "build/docs/index.html",
  },
  studio: {
    inputs: ["src", "apps", "tools/api_index.mjs", "tools/declarations.mjs", ...tools],
    output: "dist/studio/index.html",
  },
};

/**
 * Whether the last build of this part is still that of the present sources.
 *
 * @param {Part} part
 */
export function isFresh(part) {
  const stamp = stampFile(part);
  return (
    existsSync(join(root, parts[part].output)) &&
    existsSync(stamp) &&
    readFileSync(stamp, "utf8") === fingerprint(part)
  );
}

/**
 * Runs a build and remembers what it was made from. The sources are looked at first, so that a file that changes
 * during the build makes the next one stale.
 *
 * @param {Part} part
 * @param {() => Promise<void>} build
 */
export async function rebuild(part, build) {
  const stamp = stampFile(part);
  const print = fingerprint(part);
  rmSync(stamp, { force: true });
  await build();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, print);
}

/** @param {Part} part */
function stampFile(part) {
  return join(root, "build", "stamps", part);
}

/** @param {Part} part */
function fingerprint(part) {
  const hash = createHash("sha256");
  for (const path of parts[part].inputs.flatMap(filesUnder)) {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest("hex");
}

/**
 * @param {string} path relative to the root
 * @returns {string[]}
 */
function filesUnder(path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [full];
  return readdirSync(full, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".test.ts"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
