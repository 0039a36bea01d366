// docs/support.md: every name that the built package exports, by module. `node tools/support.mjs` says whether the page is
// true; with `--write` it makes it true.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { publicEntries } from "./entries.mjs";
import { root } from "./setup.mjs";

const page = join(root, "docs", "support.md");

/** The page as it should be. */
export async function supportPage() {
  const sections = [];
  for (const { subpath, output } of publicEntries()) {
    /** @type {Record<string, unknown>} */
    const exported = await import(pathToFileURL(join(root, "dist", `${output}.js`)).href);
    const names = Object.keys(exported).sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
    const isClass = (/** @type {string} */ name) =>
      typeof exported[name] === "function" && String(exported[name]).startsWith("class");
    const classes = names.filter(isClass);
    const others = names.filter((name) => !isClass(name));
    const list = (/** @type {string[]} */ items) => items.map((name) => `\`${name}\``).join(", ");
    const lines = [`## \`tsuno${subpath.slice(1)}\` (${names.length})`];
    if (classes.length > 0) lines.push(`Classes: ${list(classes)}`);
    if (others.length > 0) lines.push(`${classes.length > 0 ? "Also" : "Names"}: ${list(others)}`);
    sections.push(lines.join("\n\n"));
  }
  const head = [
    "# What the package exports",
    "Generated from the built package by `node tools/support.mjs --write`; `npm run check` fails when it is not true.",
    "Names are those of Keras, NumPy and matplotlib; functions and arguments are in camelCase.",
  ];
  return `${[head[0], `${head[1]}\n${head[2]}`, ...sections].join("\n\n")}\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const expected = await supportPage();
  if (process.argv.includes("--write")) writeFileSync(page, expected);
  else if (readFileSync(page, "utf8") !== expected) {
    console.error(
      "docs/support.md does not list what the package exports. Mend it: node tools/support.mjs --write",
    );
    process.exitCode = 1;
  }
}
