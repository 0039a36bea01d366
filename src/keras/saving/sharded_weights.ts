/** Weights in several files of limited size, with a list of what is where, as Keras 3 lays them out. */
import { FileError, isPlainObject, ValueError } from "../../engine/index.ts";
import { type H5Group, type NewGroup, newGroup, readHdf5, writeHdf5 } from "../../files/hdf5/index.ts";
import { fileIn, splitPlace } from "../../files/place.ts";
import { type ReadOptions, readSource } from "../../files/source.ts";
import { writeTarget } from "../../files/target.ts";
import type { ReadStore } from "./own_state.ts";
import { parseJson } from "./python_json.ts";
import { groupAt, type WeightsReader, weightsReader } from "./weights_store.ts";

/** The name of a shard: that of the list without its endings, and a number. */
function shardName(list: string, index: number): string {
  const base = list.replace(/\.json$/, "").replace(".weights", "");
  return `${base}_${String(index).padStart(5, "0")}.weights.h5`;
}

/**
 * Writes the tree of a model's values in shards. Each value is whole in one of them.
 *
 * @param list where the list of shards goes, `….weights.json`; the shards go beside it
 * @param maxBytes how many bytes of values a shard takes at most
 * @throws ValueError when a single value is larger; then nothing is written
 */
export async function writeShards(
  list: string | URL,
  tree: NewGroup,
  maxBytes: number,
  overwrite: boolean,
): Promise<void> {
  const { place, name } = splitPlace(list);
  const shards: NewGroup[] = [newGroup()];
  const map: Record<string, string | string[]> = {};
  let size = 0;
  let total = 0;
  const visit = (group: NewGroup, path: string): void => {
    // A group of values is in every shard that has some of them, and in the current one if it has none.
    if (path.endsWith("/vars")) copyAttributes(group, groupAt(shards.at(-1)!, path));
    for (const [key, member] of group.members) {
      const at = `${path}/${key}`;
      if (member.kind === "group") {
        visit(member, at);
        continue;
      }
      const bytes = "bytes" in member.data ? member.data.bytes.length : 0;
      if (bytes > maxBytes) {
        throw new ValueError(
          `saveWeights: the value ${at} takes ${bytes} bytes, more than maxShardSize, which is ${maxBytes} bytes.`,
        );
      }
      total += bytes;
      size += bytes;
      if (size > maxBytes) {
        shards.push(newGroup());
        size = bytes;
        copyAttributes(group, groupAt(shards.at(-1)!, path));
      }
      groupAt(shards.at(-1)!, path).members.set(key, member);
      const shard = shardName(name, shards.length - 1);
      const before = map[path];
      const all = before === undefined ? [] : typeof before === "string" ? [before] : before;
      if (!all.includes(shard)) map[path] = all.length === 0 ? shard : [...all, shard];
    }
  };
  visit(tree, "");
  for (const [i, shard] of shards.entries()) {
    const parts = writeHdf5(shard, "saveWeights");
    await writeTarget(fileIn(place, shardName(name, i)), parts, "saveWeights", { overwrite });
  }
  const text = JSON.stringify({ metadata: { total_size: total }, weight_map: map }, null, 4);
  // The list comes last: while it is not there, or the old one, nothing is half written.
  await writeTarget(fileIn(place, name), new TextEncoder().encode(text), "saveWeights", { overwrite });
}

function copyAttributes(from: NewGroup, to: NewGroup): void {
  for (const [name, value] of from.attributes) to.attributes.set(name, value);
}

/** Reads the values of all shards that a list names. */
export async function readShards(
  list: string | URL,
  where: string,
  options: ReadOptions,
): Promise<WeightsReader> {
  const text = new TextDecoder().decode(await readSource(list, where, options));
  const config = parseJson(text, where);
  const map = isPlainObject(config) ? config.weight_map : undefined;
  if (!isPlainObject(map)) throw new FileError(`${where}: the list of shards has no weight_map`);
  const { place } = splitPlace(list);
  const names = new Set<string>();
  for (const shards of Object.values(map)) {
    for (const shard of Array.isArray(shards) ? (shards as unknown[]) : [shards]) {
      // Only files beside the list.
      if (typeof shard !== "string" || /[/\\:]|^\.+$/.test(shard))
        throw new FileError(`${where}: the list of shards names a file elsewhere: ${JSON.stringify(shard)}`);
      names.add(shard);
    }
  }
  const readers: WeightsReader[] = [];
  for (const shard of names) {
    const root: H5Group = await readHdf5(await readSource(fileIn(place, shard), where, options), where);
    readers.push(weightsReader(root));
  }
  return {
    has: (path) => readers.some((reader) => reader.has(path)),
    get: (path) => {
      const stores = readers.map((reader) => reader.get(path));
      const withKey = (key: string): ReadStore => stores.find((s) => s.keys.includes(key)) ?? stores[0]!;
      return {
        keys: stores.flatMap((s) => s.keys),
        shapeOf: (key) => withKey(key).shapeOf(key),
        get: (key) => withKey(key).get(key),
        load: (key, variable) => {
          withKey(key).load(key, variable);
        },
      };
    },
  };
}
