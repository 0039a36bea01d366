/** What lies in a folder: of the host's file system, of the browser's own, or of one that its user has opened. */
import { FileError, UnsupportedError } from "../engine/tensor/errors.ts";
import { inIndexedDb, nodeFiles, opfsFolder, storedName } from "./host.ts";
import { describe, reason, type Source } from "./source.ts";

/** The handle of a folder, as browsers hand them out. */
export interface FolderHandle {
  readonly kind: "directory";
  readonly name: string;
  entries(): AsyncIterable<[string, FolderHandle | FileHandle]>;
}

/** The handle of a file in such a folder. */
export interface FileHandle {
  readonly kind: "file";
  getFile(): Promise<Blob>;
}

/** Where folders are: a path (Node, Deno, Bun), `opfs://…` or `indexeddb://…` in browsers, a `file:` URL, a handle. */
export type Place = string | URL | FolderHandle;

/** A file in a folder or in one below it. */
export interface FoundFile {
  /** The folders and the name, divided by slashes. */
  readonly path: string;
  readonly source: Source;
}

/** A folder's files and folders. */
interface Listing {
  readonly files: readonly { readonly name: string; readonly source: Source }[];
  readonly folders: readonly { readonly name: string; readonly place: Place }[];
}

/** The name of a place, for messages and for the paths of its files. */
export function nameOfPlace(place: Place): string {
  if (typeof place === "string") return place;
  if (!(place instanceof URL)) return place.name;
  const node = nodeFiles();
  return node !== undefined && place.protocol === "file:" ? node.url.fileURLToPath(place) : place.href;
}

/**
 * The names of the folders in a folder, sorted.
 *
 * @param where what reads, for messages
 * @throws FileError when there is no such folder
 */
export async function foldersIn(place: Place, where: string): Promise<string[]> {
  return (await list(place, true, where)).folders.map(({ name }) => name).sort();
}

/** A folder in a folder. */
export async function folderIn(place: Place, name: string, where: string): Promise<Place> {
  const found = (await list(place, true, where)).folders.find((folder) => folder.name === name);
  if (found !== undefined) return found.place;
  throw new FileError(`${where}: there is no folder ${JSON.stringify(name)} in ${nameOfPlace(place)}`);
}

/**
 * All files in a folder and below it: folder by folder in the order of their paths, in each by name.
 *
 * @param followLinks whether folders that links point at are gone through
 * @param where what reads, for messages
 * @throws FileError when there is no such folder
 */
export async function filesBelow(place: Place, followLinks: boolean, where: string): Promise<FoundFile[]> {
  const folders: { readonly path: string; readonly files: FoundFile[] }[] = [];
  const visit = async (at: Place, path: string, depth: number): Promise<void> => {
    // Links may lead around in a circle.
    if (depth > 100) throw new FileError(`${where}: the folders below ${nameOfPlace(place)} are too deep`);
    const { files, folders: below } = await list(at, followLinks, where);
    const inside = (name: string): string => (path === "" ? name : `${path}/${name}`);
    folders.push({
      path,
      files: files
        .map(({ name, source }) => ({ path: inside(name), source }))
        .sort((a, b) => (a.path < b.path ? -1 : 1)),
    });
    for (const folder of below) await visit(folder.place, inside(folder.name), depth + 1);
  };
  await visit(place, "", 0);
  return folders.sort((a, b) => (a.path < b.path ? -1 : 1)).flatMap(({ files }) => files);
}

async function list(place: Place, followLinks: boolean, where: string): Promise<Listing> {
  try {
    if (typeof place === "object" && !(place instanceof URL)) return await ofHandle(place);
    const name = nameOfPlace(place);
    const stored = storedName(name);
    if (stored?.store === "indexeddb") return await ofDatabase(stored.name);
    if (stored !== undefined) {
      const folder = await opfsFolder(stored.name);
      if (folder === undefined) throw new Error("there is no such folder");
      return await ofHandle(folder);
    }
    return await ofPath(name, followLinks);
  } catch (error) {
    if (error instanceof UnsupportedError) throw error;
    throw new FileError(
      `${where}: cannot read the folder ${describe(nameOfPlace(place))}: ${reason(error)}`,
      {
        cause: error,
      },
    );
  }
}

async function ofHandle(handle: FolderHandle): Promise<Listing> {
  const files: { name: string; source: Source }[] = [];
  const folders: { name: string; place: Place }[] = [];
  for await (const [name, inner] of handle.entries()) {
    if (inner.kind === "directory") folders.push({ name, place: inner });
    else files.push({ name, source: inner });
  }
  return { files, folders };
}

/** Names with slashes, as if these divided folders. */
async function ofDatabase(folder: string): Promise<Listing> {
  const start = `${folder.replace(/\/$/, "")}/`;
  const keys = await inIndexedDb("readonly", (files) => files.getAllKeys());
  const inside = keys.map(String).filter((key) => key.startsWith(start));
  if (inside.length === 0) throw new Error("there is no such folder");
  const names = inside.map((key) => key.slice(start.length));
  const folders = new Set(names.filter((name) => name.includes("/")).map((name) => name.split("/")[0]!));
  return {
    files: names
      .filter((name) => !name.includes("/"))
      .map((name) => ({ name, source: `indexeddb://${start}${name}` })),
    folders: [...folders].map((name) => ({ name, place: `indexeddb://${start}${name}` })),
  };
}

async function ofPath(path: string, followLinks: boolean): Promise<Listing> {
  const node = nodeFiles();
  if (node === undefined) {
    throw new UnsupportedError(
      `This host has no folder ${describe(path)}; browsers take opfs://…, indexeddb://… and handles of folders.`,
    );
  }
  const files: { name: string; source: Source }[] = [];
  const folders: { name: string; place: Place }[] = [];
  for (const entry of await node.fs.readdir(path, { withFileTypes: true })) {
    const { name } = entry;
    const full = node.path.join(path, name);
    const target = entry.isSymbolicLink() ? await node.fs.stat(full).catch(() => undefined) : entry;
    if (target?.isDirectory() === true) {
      if (followLinks || target === entry) folders.push({ name, place: full });
    } else if (target?.isFile() === true) files.push({ name, source: full });
  }
  return { files, folders };
}
