// Reads the repository's own files for the tests that look at it.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The root folder of the repository. */
export const root: string = fileURLToPath(new URL("../..", import.meta.url));

/** The texts of all files in a folder (and below it) whose names match, by their paths relative to the root. */
export function readSources(folder: string, pattern: RegExp, recursive = true): Map<string, string> {
  const sources = new Map<string, string>();
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true, recursive })) {
    if (!entry.isFile() || !pattern.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    sources.set(relative(root, path).replaceAll("\\", "/"), readFileSync(path, "utf8"));
  }
  return new Map([...sources].sort(([a], [b]) => (a < b ? -1 : 1)));
}
