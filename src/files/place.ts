/** Places that hold several files with names: folders in Node, Deno and Bun, prefixes in the browser's stores. */
import { UnsupportedError } from "../engine/tensor/errors.ts";
import { inIndexedDb, nodeFiles, opfsFolder, opfsHandle, storedName } from "./host.ts";
import { describe } from "./source.ts";

/** The name of a file in a place. */
export function fileIn(place: string | URL, name: string): string {
  return `${textOf(place).replace(/[/\\]$/, "")}/${name}`;
}

/** The place in which a file lies, and its own name. */
export function splitPlace(file: string | URL): { readonly place: string; readonly name: string } {
  const text = textOf(file);
  const cut = Math.max(text.lastIndexOf("/"), text.lastIndexOf("\\"));
  return cut < 0
    ? { place: ".", name: text }
    : { place: text.slice(0, cut) || "/", name: text.slice(cut + 1) };
}

function textOf(place: string | URL): string {
  if (typeof place === "string") return place;
  const node = nodeFiles();
  return place.protocol === "file:" && node !== undefined ? node.url.fileURLToPath(place) : place.href;
}

/** Makes a folder if the host has folders. */
export async function makePlace(place: string | URL): Promise<void> {
  const text = textOf(place);
  if (storedName(text) === undefined) await nodeFiles()?.fs.mkdir(text, { recursive: true });
}

/** Whether there is a file of that name. */
export async function fileExists(file: string | URL): Promise<boolean> {
  const text = textOf(file);
  const stored = storedName(text);
  if (stored?.store === "indexeddb")
    return (await inIndexedDb("readonly", (files) => files.count(stored.name))) > 0;
  const looked =
    stored === undefined ? nodeFiles()?.fs.stat(text) : opfsHandle(stored.name, false).then(() => true);
  return (await looked?.catch(() => undefined)) !== undefined;
}

/** Whether there is a folder of that name. */
export async function isPlace(place: string | URL): Promise<boolean> {
  const text = textOf(place);
  if (storedName(text) !== undefined) return false;
  const found = await nodeFiles()
    ?.fs.stat(text)
    .catch(() => undefined);
  return found?.isDirectory() ?? false;
}

/** Removes a file, or a folder with all that is in it; nothing if there is none. */
export async function removeFile(file: string | URL): Promise<void> {
  const text = textOf(file);
  const stored = storedName(text);
  if (stored?.store === "indexeddb") {
    await inIndexedDb("readwrite", (files) => files.delete(stored.name));
    return;
  }
  if (stored !== undefined) {
    const cut = stored.name.lastIndexOf("/");
    const folder = await opfsFolder(stored.name.slice(0, Math.max(0, cut)));
    await folder?.removeEntry(stored.name.slice(cut + 1), { recursive: true }).catch(() => undefined);
    return;
  }
  const node = nodeFiles();
  if (node === undefined) throw new UnsupportedError(`This host cannot remove ${describe(file)}.`);
  await node.fs.rm(text, { recursive: true, force: true });
}

/** The names of all files in a folder and in those inside, links left out. */
export async function filesIn(place: string | URL): Promise<string[]> {
  const names: string[] = [];
  const stored = storedName(textOf(place));
  if (stored?.store === "opfs") {
    const listStored = async (folder: FileSystemDirectoryHandle, under: string): Promise<void> => {
      const entries = folder as unknown as AsyncIterable<[string, FileSystemHandle]>;
      for await (const [name, handle] of entries) {
        if (handle.kind === "directory")
          await listStored(handle as FileSystemDirectoryHandle, `${under}${name}/`);
        else names.push(under + name);
      }
    };
    const folder = await opfsFolder(stored.name);
    if (folder !== undefined) await listStored(folder, "");
    return names.sort();
  }
  const node = nodeFiles();
  if (node === undefined) throw new UnsupportedError(`This host cannot list ${describe(place)}.`);
  const list = async (under: string): Promise<void> => {
    for (const entry of await node.fs.readdir(node.path.join(textOf(place), under), {
      withFileTypes: true,
    })) {
      const name = under === "" ? entry.name : `${under}/${entry.name}`;
      if (entry.isDirectory()) await list(name);
      else if (entry.isFile()) names.push(name);
    }
  };
  await list("");
  return names.sort();
}
