// Imports every entry point of the installed package by its name.
import { readFileSync } from "node:fs";

const manifest = JSON.parse(readFileSync("node_modules/tsuno/package.json", "utf8"));
for (const subpath of Object.keys(manifest.exports)) {
  if (subpath.endsWith(".json")) continue;
  const module = await import(`tsuno${subpath.slice(1)}`);
  if (Object.keys(module).length === 0) throw new Error(`tsuno${subpath.slice(1)} exports nothing`);
}
