// Imports every entry point of the installed package by its name, and sees that whole modules which the package exports
// (`keras.ops`) are what their own entry points give.
import { readFileSync } from "node:fs";

const manifest = JSON.parse(readFileSync("node_modules/tsuno/package.json", "utf8"));
/** @type {Map<string, Record<string, unknown>>} */
const modules = new Map();
for (const subpath of Object.keys(manifest.exports)) {
  if (subpath.endsWith(".json")) continue;
  const module = await import(`tsuno${subpath.slice(1)}`);
  if (Object.keys(module).length === 0) throw new Error(`tsuno${subpath.slice(1)} exports nothing`);
  modules.set(subpath, module);
}

/** @type {Record<string, string>} */
const shortNames = { np: "numpy", plt: "pyplot" };
let compared = 0;
for (const [name, namespace] of Object.entries(modules.get(".") ?? {})) {
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const module = modules.get(`./${shortNames[name] ?? snake}`);
  if (module === undefined) continue;
  compared++;
  const given = new Map(Object.entries(/** @type {object} */ (namespace)));
  const names = Object.keys(module);
  if (given.size !== names.length) throw new Error(`${name} has other names than its entry point`);
  for (const key of names)
    if (!Object.is(given.get(key), module[key]))
      throw new Error(`${name}.${key} is not what its entry point gives`);
  if (!Object.isFrozen(namespace)) throw new Error(`${name} can be changed`);
}
if (compared < 20) throw new Error(`only ${compared} modules of the package were compared`);
