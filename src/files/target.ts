/** Where bytes go: always whole. What was there before stays until the new bytes are safely written. */
import { FileError, show, TsunoError, UnsupportedError, ValueError } from "../engine/tensor/errors.ts";
import { hasPage, inIndexedDb, type NodeFiles, nodeFiles, opfsHandle, storedName } from "./host.ts";
import { describe, reason } from "./source.ts";

/** The handle of a file, as browsers hand them out, of which writing needs no more than this. */
export interface WritableHandle {
  createWritable(): Promise<{
    write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
    close(): Promise<void>;
    abort(): Promise<void>;
  }>;
}

/**
 * What files are written to: a path (Node, Deno, Bun); in browsers a name that is offered as download, `indexeddb://name`
 * or `opfs://name`; a `file:` URL, the handle of a file or a stream.
 */
export type Target = string | URL | WritableHandle | WritableStream<Uint8Array>;

/** Options of {@link writeTarget}. */
export interface WriteOptions {
  /** Whether a file that is there is replaced. Default true. */
  readonly overwrite?: boolean;
  /** The MIME type of a download. Default: bytes of no type. */
  readonly type?: string;
}

/**
 * Writes all bytes of a file: beside the old one first, which is then replaced at once.
 *
 * @param where what writes, for messages
 * @throws FileError when that is impossible; the old file is then as it was
 */
export async function writeTarget(
  target: Target,
  bytes: Uint8Array<ArrayBuffer>,
  where: string,
  options: WriteOptions = {},
): Promise<void> {
  try {
    await write(target, bytes, where, options);
  } catch (error) {
    if (error instanceof TsunoError) throw error;
    throw new FileError(`${where}: cannot write ${describe(target)}: ${reason(error)}`, { cause: error });
  }
}

async function write(
  target: Target,
  bytes: Uint8Array<ArrayBuffer>,
  where: string,
  { overwrite = true, type = "" }: WriteOptions,
): Promise<void> {
  if (typeof target === "string") {
    const stored = storedName(target);
    if (stored?.store === "opfs") return writeHandle(await opfsHandle(stored.name, true), bytes);
    if (stored !== undefined) {
      // A copy of its own: a view may be a small part of a large buffer.
      const own = bytes.slice();
      await inIndexedDb("readwrite", (files) =>
        overwrite ? files.put(own, stored.name) : files.add(own, stored.name),
      );
      return;
    }
    const node = nodeFiles();
    if (node !== undefined) return writePath(node, target, bytes, where, overwrite);
    return download(target, bytes, type);
  }
  if (target instanceof URL) {
    const node = nodeFiles();
    if (node === undefined || target.protocol !== "file:")
      throw new UnsupportedError(
        `${where}: only file: URLs can be written, in Node. Received: ${target.href}`,
      );
    return writePath(node, node.url.fileURLToPath(target), bytes, where, overwrite);
  }
  if (typeof target === "object" && target !== null && "createWritable" in target)
    return writeHandle(target, bytes);
  if (typeof WritableStream !== "undefined" && target instanceof WritableStream) {
    const writer = target.getWriter();
    await writer.write(bytes);
    return writer.close();
  }
  throw new ValueError(
    `${where}: expected a path, a file URL, a file handle or a stream. Received: ${show(target)}`,
  );
}

/** Beside the old file, flushed, then renamed over it: whoever looks sees the old file or the new one. */
async function writePath(
  { fs, path }: NodeFiles,
  file: string,
  bytes: Uint8Array,
  where: string,
  overwrite: boolean,
): Promise<void> {
  if (!overwrite && (await fs.stat(file).catch(() => undefined)) !== undefined)
    throw new FileError(`${where}: ${describe(file)} exists already, and overwrite is false`);
  const unique = Math.random().toString(36).slice(2);
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${unique}.tmp`);
  try {
    const handle = await fs.open(temporary, "wx");
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await fs.rename(temporary, file);
  } catch (error) {
    await fs.rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** A browser's writable swaps the file only when it is closed. */
async function writeHandle(handle: WritableHandle, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const writable = await handle.createWritable();
  try {
    await writable.write(bytes);
  } catch (error) {
    await writable.abort().catch(() => undefined);
    throw error;
  }
  await writable.close();
}

function download(name: string, bytes: Uint8Array<ArrayBuffer>, type: string): void {
  if (!hasPage()) {
    throw new UnsupportedError(
      `Only a page can offer ${describe(name)} for download; a worker takes opfs://…, indexeddb://… or a handle.`,
    );
  }
  const url = URL.createObjectURL(new Blob([bytes], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name.split(/[\\/]/).at(-1)!;
  link.click();
  // The browser reads the address after this task.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
