/** Where bytes come from: a path, a URL, what a browser hands out, or the bytes themselves. */
import { FileError, show, TsunoError, ValueError } from "../engine/tensor/errors.ts";
import { inIndexedDb, type NodeFiles, nodeFiles, opfsHandle, type StoredName, storedName } from "./host.ts";

/** The handle of a file, as browsers hand them out, of which reading needs no more than this. */
export interface ReadableHandle {
  getFile(): Promise<Blob>;
}

/**
 * What files are read from: a path (Node, Deno, Bun) or an address relative to the page, `indexeddb://name` and
 * `opfs://name` in browsers, a `URL`, bytes, a `File` or `Blob`, the handle of a file, a `Response` or a stream.
 */
export type Source =
  | string
  | URL
  | ArrayBuffer
  | ArrayBufferView
  | Blob
  | ReadableHandle
  | Response
  | ReadableStream<Uint8Array>;

/** Options of {@link readSource}. */
export interface ReadOptions {
  /** Hears how many bytes have come, and how many there are where that is known. */
  readonly onProgress?: (done: number, total: number | undefined) => void;
  /** Ends the reading. */
  readonly signal?: AbortSignal;
}

/**
 * All bytes of a source.
 *
 * @param where what reads, for messages
 * @throws FileError when they cannot be read, ValueError when it is no source
 */
export async function readSource(
  source: Source,
  where: string,
  options: ReadOptions = {},
): Promise<Uint8Array> {
  options.signal?.throwIfAborted();
  try {
    return await bytesOf(source, where, options);
  } catch (error) {
    if (error instanceof TsunoError || options.signal?.aborted) throw error;
    throw new FileError(`${where}: cannot read ${describe(source)}: ${reason(error)}`, { cause: error });
  }
}

async function bytesOf(source: Source, where: string, options: ReadOptions): Promise<Uint8Array> {
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  if (typeof source === "string") return fromText(source, where, options);
  if (source instanceof URL) return fromUrl(source, where, options);
  if (typeof Blob !== "undefined" && source instanceof Blob)
    return fromStream(source.stream(), source.size, options);
  if (typeof Response !== "undefined" && source instanceof Response)
    return fromResponse(source, where, options);
  if (typeof ReadableStream !== "undefined" && source instanceof ReadableStream)
    return fromStream(source, undefined, options);
  if (typeof source === "object" && source !== null && "getFile" in source) {
    const file = await source.getFile();
    return fromStream(file.stream(), file.size, options);
  }
  throw new ValueError(
    `${where}: expected a path, a URL, bytes, a File or Blob, a file handle, a Response or a stream. ` +
      `Received: ${show(source)}`,
  );
}

async function fromText(text: string, where: string, options: ReadOptions): Promise<Uint8Array> {
  const stored = storedName(text);
  if (stored !== undefined) return fromStore(stored, where, options);
  if (/^(https?|file|data|blob):/.test(text)) return fromUrl(new URL(text), where, options);
  const node = nodeFiles();
  if (node !== undefined) return readPath(text, options);
  return fromUrl(new URL(text, globalThis.location?.href), where, options);
}

/** Larger files are read in pieces. */
const mostAtOnce = 2 ** 29;

async function readPath(path: string | URL, { onProgress, signal }: ReadOptions): Promise<Uint8Array> {
  const { fs } = nodeFiles()!;
  const { size } = await fs.stat(path);
  if (size > mostAtOnce)
    return readLarge(fs, path, size, { ...(onProgress && { onProgress }), ...(signal && { signal }) });
  const bytes = await fs.readFile(path, signal === undefined ? {} : { signal });
  onProgress?.(bytes.length, bytes.length);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** In pieces: Node reads no more than 2 GiB at once. */
async function readLarge(
  fs: NodeFiles["fs"],
  path: string | URL,
  size: number,
  { onProgress, signal }: ReadOptions,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  const handle = await fs.open(path, "r");
  try {
    let done = 0;
    while (done < size) {
      signal?.throwIfAborted();
      const { bytesRead } = await handle.read(bytes, done, Math.min(size - done, mostAtOnce), done);
      if (bytesRead === 0) break;
      done += bytesRead;
      onProgress?.(done, size);
    }
    return bytes.subarray(0, done);
  } finally {
    await handle.close();
  }
}

async function fromUrl(url: URL, where: string, options: ReadOptions): Promise<Uint8Array> {
  if (url.protocol === "file:" && nodeFiles() !== undefined) return readPath(url, options);
  return fromResponse(await fetch(url, options.signal ? { signal: options.signal } : {}), where, options);
}

async function fromResponse(response: Response, where: string, options: ReadOptions): Promise<Uint8Array> {
  if (!response.ok)
    throw new FileError(`${where}: ${response.url || "the response"} has status ${response.status}`);
  const length = Number(response.headers.get("content-length") ?? Number.NaN);
  // A compressed answer is longer than it says.
  const total = Number.isFinite(length) && !response.headers.has("content-encoding") ? length : undefined;
  return response.body === null ? new Uint8Array(0) : fromStream(response.body, total, options);
}

async function fromStream(
  stream: ReadableStream<Uint8Array>,
  total: number | undefined,
  { onProgress, signal }: ReadOptions,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let done = 0;
  const reader = stream.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      signal?.throwIfAborted();
      chunks.push(part.value);
      done += part.value.length;
      onProgress?.(done, total);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  const bytes = new Uint8Array(done);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

async function fromStore(stored: StoredName, where: string, options: ReadOptions): Promise<Uint8Array> {
  if (stored.store === "opfs") {
    const file = await (await opfsHandle(stored.name, false)).getFile();
    return fromStream(file.stream(), file.size, options);
  }
  const bytes = await inIndexedDb<unknown>("readonly", (files) => files.get(stored.name));
  if (!(bytes instanceof Uint8Array)) throw new FileError(`${where}: there is no indexeddb://${stored.name}`);
  return bytes;
}

/** How messages name a source or a target. */
export function describe(x: unknown): string {
  if (typeof x === "string") return JSON.stringify(x);
  if (x instanceof URL) return x.href;
  if (typeof File !== "undefined" && x instanceof File) return JSON.stringify(x.name);
  return `the ${(x as object)?.constructor?.name ?? typeof x}`;
}

/** What went wrong, in the words of the host. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
