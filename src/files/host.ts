/**
 * What files need of the host: Node's own modules, a page, the browser's stores. Built-ins come through
 * `process.getBuiltinModule`, so no `node:` import ever stands in the module graph and bundlers for the browser have nothing
 * to resolve or stub.
 */
import { UnsupportedError } from "../engine/tensor/errors.ts";
import { notebook } from "./notebook.ts";

type NodeProcess = typeof process;

/** The `process` of Node, Deno or Bun; undefined in pages and web workers, also where a bundler fakes `process`. */
export function nodeProcess(): NodeProcess | undefined {
  const candidate = (globalThis as { process?: NodeProcess }).process;
  const usable = candidate?.versions?.node !== undefined && typeof candidate.getBuiltinModule === "function";
  return usable ? candidate : undefined;
}

/** Whether there is a document: to put pictures into, to offer downloads. */
export function hasPage(): boolean {
  return typeof document !== "undefined" && typeof document.createElement === "function";
}

/** Node's modules that deal with files. */
export interface NodeFiles {
  readonly fs: typeof import("node:fs/promises");
  readonly path: typeof import("node:path");
  readonly url: typeof import("node:url");
}

/** Node's modules for files in Node, Deno and Bun; undefined elsewhere. */
export function nodeFiles(): NodeFiles | undefined {
  const host = nodeProcess();
  return (
    host && {
      fs: host.getBuiltinModule("node:fs/promises"),
      path: host.getBuiltinModule("node:path"),
      url: host.getBuiltinModule("node:url"),
    }
  );
}

/** A name in one of the browser's stores: `indexeddb://name` or `opfs://folder/name`. */
export interface StoredName {
  readonly store: "indexeddb" | "opfs";
  readonly name: string;
}

/**
 * What `indexeddb://…` and `opfs://…` name, and relative paths in notebooks that keep their files there; undefined for anything
 * else.
 */
export function storedName(text: string): StoredName | undefined {
  const found = /^(indexeddb|opfs):\/\/(.+)$/.exec(text);
  if (found !== null) return { store: found[1] as StoredName["store"], name: found[2]! };
  const folder = notebook()?.folder;
  const isRelative = text !== "" && !/^([a-z][\w+.-]*:|[\\/])/i.test(text);
  return folder !== undefined && isRelative
    ? storedName(`${folder}/${text.replace(/^\.\//, "")}`)
    : undefined;
}

const table = "files";

/** Runs one request on the object store in which files are kept. */
export async function inIndexedDb<T>(
  mode: "readonly" | "readwrite",
  request: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  if (typeof indexedDB === "undefined")
    throw new UnsupportedError("indexeddb:// needs a browser; this host has no IndexedDB.");
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open("tsuno", 1);
    opening.addEventListener("upgradeneeded", () => opening.result.createObjectStore(table));
    opening.addEventListener("success", () => resolve(opening.result));
    opening.addEventListener("error", () => reject(opening.error ?? new Error("IndexedDB did not open")));
  });
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(table, mode, { durability: "strict" });
      const asked = request(transaction.objectStore(table));
      const fail = (): void =>
        reject(transaction.error ?? asked.error ?? new Error("the transaction failed"));
      // Only a finished transaction is on disk.
      transaction.addEventListener("complete", () => resolve(asked.result));
      transaction.addEventListener("error", fail);
      transaction.addEventListener("abort", fail);
    });
  } finally {
    database.close();
  }
}

/** The handle of a file in the browser's own file system. */
export async function opfsHandle(name: string, create: boolean): Promise<FileSystemFileHandle> {
  if (typeof navigator === "undefined" || navigator.storage?.getDirectory === undefined)
    throw new UnsupportedError("opfs:// needs a browser; this host has no origin-private file system.");
  let folder = await navigator.storage.getDirectory();
  const parts = name.split("/").filter((part) => part !== "");
  for (const part of parts.slice(0, -1)) folder = await folder.getDirectoryHandle(part, { create });
  return folder.getFileHandle(parts.at(-1) ?? name, { create });
}

/** A folder in the browser's own file system; the root for no name, undefined if there is none. */
export async function opfsFolder(name: string): Promise<FileSystemDirectoryHandle | undefined> {
  let folder: FileSystemDirectoryHandle | undefined = await navigator.storage.getDirectory();
  for (const part of name.split("/").filter((one) => one !== ""))
    folder = await folder?.getDirectoryHandle(part).catch(() => undefined);
  return folder;
}
