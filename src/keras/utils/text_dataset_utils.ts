/** Datasets of text files. */
import { show, ValueError } from "../../engine/index.ts";
import type { Place } from "../../files/folder.ts";
import { readSource } from "../../files/source.ts";
import {
  checkDirectoryOptions,
  type DirectoryOptions,
  datasetFromDirectory,
  type OneOrBoth,
} from "./directory_dataset.ts";
import type { Batches } from "./directory_types.ts";

/** Options of {@link textDatasetFromDirectory}. */
export interface TextDirectoryOptions extends DirectoryOptions {
  /** Characters after which a text is cut off. Default: none. */
  readonly maxLength?: number | null;
}

const where = "textDatasetFromDirectory";

/**
 * A dataset of the `.txt` files below a folder: batches of texts, or tuples of texts and labels. Texts are read when they are
 * needed.
 *
 * @param directory with a folder for each class: a path, `opfs://…` or `indexeddb://…`, or the handle of a folder
 * @param options `labels` (default `"inferred"`), `labelMode` (`"int"`), `classNames`, `batchSize` (32), `maxLength`,
 *   `shuffle` (true), `seed`, `validationSplit`, `subset`, `followLinks` (false), `verbose` (true), `format` (changes nothing
 *   here)
 * @returns a dataset with `classNames` and `filePaths`; with `subset: "both"` two of them
 * @throws ValueError for options that cannot be or do not fit the files, FileError when there is no such folder
 *
 * @example
 * ```ts
 * import { mkdirSync, writeFileSync } from "node:fs";
 *
 * for (const [path, text] of [["sad/a", "Oh no."], ["happy/b", "Hurray!"]]) {
 *   mkdirSync(`letters/${path!.split("/")[0]}`, { recursive: true });
 *   writeFileSync(`letters/${path}.txt`, text!);
 * }
 * const letters = await textDatasetFromDirectory("letters", { shuffle: false, verbose: false });
 * letters.classNames; // → ["happy", "sad"]
 * const [batch] = await letters.toArray();
 * [batch![0], batch![1].arraySync()]; // → [["Hurray!", "Oh no."], [0, 1]]
 * ```
 */
export async function textDatasetFromDirectory<const O extends TextDirectoryOptions = Record<never, never>>(
  directory: Place,
  options?: O,
): Promise<OneOrBoth<Batches<string, string[], O>, O>> {
  const given: TextDirectoryOptions = options ?? {};
  checkDirectoryOptions(where, given, ["maxLength"]);
  const { maxLength = null } = given;
  if (maxLength !== null && !(Number.isInteger(maxLength) && maxLength >= 0)) {
    throw new ValueError(
      `${where}: expected maxLength to be a whole number. Received: maxLength=${show(maxLength)}`,
    );
  }
  const dataset = await datasetFromDirectory(directory, given, {
    where,
    what: "text files",
    formats: [".txt"],
    load: async (source) => {
      const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await readSource(source, where));
      return maxLength === null || text.length <= maxLength ? text : [...text].slice(0, maxLength).join("");
    },
  });
  return dataset as OneOrBoth<Batches<string, string[], O>, O>;
}
