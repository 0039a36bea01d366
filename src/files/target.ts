/** Where bytes go: always whole. What was there before stays until the new bytes are safely written. */
import { FileError, show, TsunoError, UnsupportedError, ValueError } from "../engine/tensor/errors.ts";
import { joinBytes } from "./bytes.ts";
import { hasPage, inIndexedDb, type NodeFiles, nodeFiles, opfsHandle, storedName } from "./host.ts";
import { removeFile } from "./place.ts";
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

/** Bytes of a file, or some that are made while those around them are being written. */
export type Part =
  | Uint8Array<ArrayBuffer>
  | { readonly length: number; readonly make: () => Uint8Array<ArrayBuffer> };

/** The bytes of a file, in one piece or in parts that follow each other. */
export type Content = Uint8Array<ArrayBuffer> | readonly Part[];

/** The bytes of a part. */
export const bytesOf = (part: Part): Uint8Array<ArrayBuffer> => ("make" in part ? part.make() : part);

/**
 * Writes all bytes of a file: beside the old one first, which is then replaced at once.
 *
 * @param where what writes, for messages
 * @throws FileError when that is impossible; the old file is then as it was
 */
export async function writeTarget(
  target: Target,
  content: Content,
  where: string,
  options: WriteOptions = {},
): Promise<void> {
  try {
    await write(target, content instanceof Uint8Array ? [content] : content, where, options);
  } catch (error) {
    if (error instanceof TsunoError) throw error;
    throw new FileError(`${where}: cannot write ${describe(target)}: ${reason(error)}`, { cause: error });
  }
}

async function write(
  target: Target,
  parts: readonly Part[],
  where: string,
  { overwrite = true, type = "" }: WriteOptions,
): Promise<void> {
  if (typeof target === "string") {
    const stored = storedName(target);
    if (stored?.store === "opfs") return writeOpfs(stored.name, parts, where, overwrite);
    if (stored !== undefined) {
      // A copy of its own: a view may be a small part of a large buffer.
      const own = parts.length === 1 ? bytesOf(parts[0]!).slice() : joinBytes(parts.map(bytesOf));
      await inIndexedDb("readwrite", (files) =>
        overwrite ? files.put(own, stored.name) : files.add(own, stored.name),
      );
      return;
    }
    const node = nodeFiles();
    if (node !== undefined) return writePath(node, target, parts, where, overwrite);
    return download(target, parts, type);
  }
  if (target instanceof URL) {
    const node = nodeFiles();
    if (node === undefined || target.protocol !== "file:")
      throw new UnsupportedError(
        `${where}: only file: URLs can be written, in Node. Received: ${target.href}`,
      );
    return writePath(node, node.url.fileURLToPath(target), parts, where, overwrite);
  }
  if (typeof target === "object" && target !== null && "createWritable" in target)
    return writeHandle(target, parts);
  if (typeof WritableStream !== "undefined" && target instanceof WritableStream) {
    const writer = target.getWriter();
    for (const part of parts) await writer.write(bytesOf(part));
    return writer.close();
  }
  throw new ValueError(
    `${where}: expected a path, a file URL, a file handle or a stream. Received: ${show(target)}`,
  );
}

type FileHandle = Awaited<ReturnType<NodeFiles["fs"]["open"]>>;

/** Beside the old file, flushed, then renamed over it: whoever looks sees the old file or the new one. */
async function writePath(
  { fs, path }: NodeFiles,
  file: string,
  parts: readonly Part[],
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
      await writeAll(handle, parts);
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

/** A run of parts that follow each other in a file. */
interface Run {
  readonly position: number;
  readonly parts: Uint8Array[];
}

/**
 * Writes all parts, each where it belongs: those that are there at once, and while the host is busy with them those that
 * have yet to be made.
 */
async function writeAll(handle: FileHandle, parts: readonly Part[]): Promise<void> {
  const runs: Run[] = [];
  const later: { readonly position: number; readonly part: Part }[] = [];
  let position = 0;
  let isOpen = false;
  for (const part of parts) {
    if ("make" in part) later.push({ position, part });
    else if (isOpen) runs.at(-1)!.parts.push(part);
    else runs.push({ position, parts: [part] });
    isOpen = !("make" in part);
    position += part.length;
  }
  const writing = runs.map((run) => writeRun(handle, run));
  // A failure is for all to see at the end; until then nobody may call it unhandled.
  for (const promise of writing) promise.catch(() => undefined);
  // Neighbours in one piece: an archive of many files has many of them.
  const made: { readonly position: number; readonly parts: Uint8Array[]; end: number }[] = [];
  for (const { position: at, part } of later) {
    const bytes = bytesOf(part);
    const last = made.at(-1);
    if (last?.end === at) {
      last.parts.push(bytes);
      last.end += bytes.length;
    } else made.push({ position: at, parts: [bytes], end: at + bytes.length });
  }
  await Promise.all([...writing, ...made.map((run) => writeRun(handle, run))]);
}

/** Writes parts that follow each other; the host may take less than it is given at a time. */
async function writeRun(handle: FileHandle, run: Run): Promise<void> {
  const atOnce = 1000;
  let { position } = run;
  const left = run.parts.filter((part) => part.length > 0);
  while (left.length > 0) {
    let { bytesWritten } = await handle.writev(left.slice(0, atOnce), position);
    position += bytesWritten;
    while (left.length > 0 && bytesWritten >= left[0]!.length) bytesWritten -= left.shift()!.length;
    if (bytesWritten > 0) left[0] = left[0]!.subarray(bytesWritten);
  }
}

/** A file that is there is swapped at once; a new one gets its name when it is whole. */
async function writeOpfs(
  name: string,
  parts: readonly Part[],
  where: string,
  overwrite: boolean,
): Promise<void> {
  const old = await opfsHandle(name, false).catch(() => undefined);
  if (old !== undefined) {
    if (overwrite) return writeHandle(old, parts);
    throw new FileError(`${where}: ${describe(`opfs://${name}`)} exists already, and overwrite is false`);
  }
  const own = name.split("/").at(-1)!;
  const unique = Math.random().toString(36).slice(2);
  const temporary = `${name.slice(0, name.length - own.length)}.${own}.${unique}.tmp`;
  const handle = await opfsHandle(temporary, true);
  try {
    await writeHandle(handle, parts);
    // Not yet in the types: it is in all browsers that have such a file system.
    await (handle as unknown as { move(name: string): Promise<void> }).move(own);
  } catch (error) {
    await removeFile(`opfs://${temporary}`);
    throw error;
  }
}

/** A browser's writable swaps the file only when it is closed. */
async function writeHandle(handle: WritableHandle, parts: readonly Part[]): Promise<void> {
  const writable = await handle.createWritable();
  try {
    for (const part of parts) await writable.write(bytesOf(part));
  } catch (error) {
    await writable.abort().catch(() => undefined);
    throw error;
  }
  await writable.close();
}

function download(name: string, parts: readonly Part[], type: string): void {
  if (!hasPage()) {
    throw new UnsupportedError(
      `Only a page can offer ${describe(name)} for download; a worker takes opfs://…, indexeddb://… or a handle.`,
    );
  }
  const url = URL.createObjectURL(new Blob(parts.map(bytesOf), { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name.split(/[\\/]/).at(-1)!;
  link.click();
  // The browser reads the address after this task.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
