// What all contestants have to do: the model of 100 MB and the place of its file.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** 20 layers with 25 million numbers in all. */
export const inputs = 1118;
export const units = 1118;
export const layerCount = 20;

/** Runs a task with a folder for files. @template T @param {(folder: string) => Promise<T>} task @returns {Promise<T>} */
export async function inFolder(task) {
  const folder = mkdtempSync(join(tmpdir(), "tsuno-bench-files-"));
  try {
    return await task(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The large model with the built package. @param {number} repeat */
export async function largeModel(repeat) {
  const [{ Sequential }, { Dense, Input }, { setRandomSeed }] = await Promise.all([
    import("tsuno/models"),
    import("tsuno/layers"),
    import("tsuno/utils"),
  ]);
  setRandomSeed(repeat);
  return new Sequential([Input([inputs]), ...Array.from({ length: layerCount }, () => new Dense(units))]);
}
