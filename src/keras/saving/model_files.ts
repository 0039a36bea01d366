/** The files of a saved model: in a `.keras` archive, or in a folder. */
import { fileIn, filesIn } from "../../files/place.ts";
import { type ReadOptions, readSource } from "../../files/source.ts";
import type { Archive } from "../../files/zip.ts";

/** What the files are called. */
export const fileNames = {
  metadata: "metadata.json",
  config: "config.json",
  weights: "model.weights.h5",
  assets: "assets/",
} as const;

/** Files by name. */
export type ModelFiles = Pick<Archive, "has" | "read" | "names">;

/** The files of a folder. */
export async function filesOfFolder(
  folder: string | URL,
  where: string,
  options: ReadOptions,
): Promise<ModelFiles> {
  const names = await filesIn(folder);
  return {
    names,
    has: (name) => names.includes(name),
    read: (name) => readSource(fileIn(folder, name), where, options),
  };
}

/** The files of layers, by the path of the layer and their own name. */
export type Assets = Map<string, Map<string, Uint8Array>>;

/** The files of all layers. */
export async function readAssets(files: ModelFiles): Promise<Assets> {
  const assets: Assets = new Map();
  for (const name of files.names) {
    if (!name.startsWith(fileNames.assets)) continue;
    const parts = name.slice(fileNames.assets.length).split("/");
    const own = parts.pop()!;
    const path = parts.join("/");
    let folder = assets.get(path);
    if (folder === undefined) assets.set(path, (folder = new Map()));
    folder.set(own, await files.read(name));
  }
  return assets;
}
