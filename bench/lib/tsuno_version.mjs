// The version of the built package that the bench measures.
import { readFile } from "node:fs/promises";

/** @returns {Promise<Record<string, string>>} */
export async function tsunoVersion() {
  const manifest = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  return { tsuno: JSON.parse(manifest).version };
}
