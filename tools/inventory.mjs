// What Keras has: the inventory of its public names with their arguments, and how its names are written here.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { root } from "./setup.mjs";

/**
 * @typedef {{ kind: string, args: [name: string, fallback?: string][] | null }} KerasName
 * @typedef {{ source: string, names: Record<string, KerasName>, fixtures: Record<string, string[]> }} Inventory
 */

/** @returns {Inventory} */
export function readInventory() {
  const file = join(root, "test", "fixtures", "keras_api.json.gz");
  return JSON.parse(gunzipSync(readFileSync(file)).toString("utf8"));
}

/**
 * The function between Keras's names and ours, from the sources.
 *
 * @returns {Promise<(name: string) => string>}
 */
export async function loadSnakeToCamel() {
  const { rolldown } = await import("rolldown");
  const bundle = await rolldown({
    cwd: root,
    input: "src/keras/saving/config.ts",
    platform: "neutral",
    tsconfig: false,
  });
  const [chunk] = (await bundle.generate({ format: "esm" })).output;
  await bundle.close();
  return (await import(`data:text/javascript,${encodeURIComponent(chunk.code)}`)).snakeToCamel;
}
