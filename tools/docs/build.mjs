// Writes the API reference to build/docs/.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../setup.mjs";
import { problemsOf } from "./check.mjs";
import { readReference } from "./reference.mjs";
import { siteOf } from "./site.mjs";

/**
 * Writes build/docs/.
 *
 * @returns what is wrong with it
 */
export async function buildDocs() {
  const out = join(root, "build", "docs");
  const reference = await readReference();
  const files = siteOf(reference);
  rmSync(out, { recursive: true, force: true });
  for (const [path, text] of files) {
    const file = join(out, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return problemsOf(reference, files);
}
