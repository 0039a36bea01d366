/** Reads and writes what `KerasFileEditor` edits; loaded when it opens a file. */
import { isPlainObject } from "../../engine/index.ts";
import { type H5Group, newGroup, readHdf5, writeHdf5 } from "../../files/hdf5/index.ts";
import { isZip, openZip } from "../../files/zip.ts";
import type { WeightsDict, WeightsFile } from "./file_editor.ts";
import { fileNames } from "./model_files.ts";
import { parseJson } from "./python_json.ts";
import { datasetOf, groupAt, joinPath, memberAt, tensorOf } from "./weights_store.ts";

/**
 * What the bytes of a `.weights.h5` or `.keras` file hold.
 *
 * @param where what reads, for messages
 */
export async function readWeightsFile(bytes: Uint8Array, where: string): Promise<WeightsFile> {
  const names = new Map<string, string>();
  const weightsOf = async (file: Uint8Array): Promise<WeightsDict> =>
    extract(await readHdf5(file, where), "", names);
  if (!isZip(bytes)) return { weights: await weightsOf(bytes), names, metadata: null, config: null };
  const zip = openZip(bytes, where);
  const json = async (file: string): Promise<unknown> =>
    parseJson(new TextDecoder().decode(await zip.read(file)), where);
  const metadata = await json(fileNames.metadata);
  return {
    weights: await weightsOf(await zip.read(fileNames.weights)),
    names,
    metadata: isPlainObject(metadata) ? metadata : {},
    config: await json(fileNames.config),
  };
}

/** The bytes of a weights file. */
export function weightsFile(
  weights: WeightsDict,
  names: ReadonlyMap<string, string>,
  where: string,
): Uint8Array<ArrayBuffer>[] {
  const root = newGroup();
  const write = (dict: WeightsDict, path: string): void => {
    const name = names.get(path);
    if (name !== undefined)
      groupAt(root, joinPath(path, "vars")).attributes.set("name", { shape: [], strings: [name] });
    for (const [key, value] of dict) {
      if (value instanceof Map) write(value, joinPath(path, key));
      else groupAt(root, joinPath(path, "vars")).members.set(key, datasetOf(value));
    }
  };
  write(weights, "");
  return writeHdf5(root, where);
}

/** The objects of a file; the group `vars` of each is left out of paths. */
function extract(group: H5Group, path: string, names: Map<string, string>): WeightsDict {
  const dict: WeightsDict = new Map();
  const vars = memberAt(group, "vars");
  if (vars?.kind === "group") {
    const name = vars.attributes.get("name");
    if (name?.type === "string") names.set(path, name.strings()[0]!);
    for (const key of vars.members.keys()) {
      const value = memberAt(vars, key);
      if (value?.kind === "dataset") dict.set(key, tensorOf(value));
    }
  }
  for (const key of group.members.keys()) {
    const member = memberAt(group, key);
    if (key === "vars" || member === undefined) continue;
    if (member.kind === "dataset") dict.set(key, tensorOf(member));
    else {
      const inner = extract(member, joinPath(path, key), names);
      if (inner.size > 0) dict.set(key, inner);
    }
  }
  return dict;
}
