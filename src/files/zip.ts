/**
 * Zip archives, read with suspicion: sizes are checked before memory is taken, names that lead out of the archive, links,
 * duplicates and encrypted entries are refused, and every entry's checksum is compared.
 */
import { FileError } from "../engine/tensor/errors.ts";
import { joinBytes, lengthOf } from "./bytes.ts";
import { crc32 } from "./crc32.ts";

/** How much an archive may hold. */
export interface ZipLimits {
  /** Bytes that all entries together may expand to. Default 8 GiB. */
  readonly maxBytes?: number;
  /** How many times its packed size an entry of more than 1 MiB may expand to. Default 1000. */
  readonly maxRatio?: number;
  /** Entries. Default 100,000. */
  readonly maxEntries?: number;
}

/** An entry as the archive's directory lists it. */
interface Entry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/** An archive that was opened: its directory has been checked, its entries are unpacked when asked for. */
export interface Archive {
  /** The names of the files, in the archive's order. */
  readonly names: readonly string[];
  has(name: string): boolean;
  /** How long a file is. */
  sizeOf(name: string): number;
  /**
   * A file's bytes.
   *
   * @throws FileError when there is none of that name, or it is damaged
   */
  read(name: string): Promise<Uint8Array>;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
const mib = 2 ** 20;

/** Whether bytes look like a zip archive. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

/**
 * Opens an archive.
 *
 * @param where what reads, for messages
 * @throws FileError when it is no archive, damaged, or holds what it must not
 */
export function openZip(bytes: Uint8Array, where: string, limits: ZipLimits = {}): Archive {
  const { maxBytes = 8 * 2 ** 30, maxRatio = 1000, maxEntries = 100_000 } = limits;
  const fail = (what: string): never => {
    throw new FileError(`${where}: ${what}`);
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  if (end === undefined) return fail("this is no zip archive, or its end is missing");
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (count === 0xffff || at === 0xffffffff)
    return fail("archives of more than 4 GiB or 65,534 files (zip64) are not read");
  if (count > maxEntries) return fail(`the archive has ${count} entries; at most ${maxEntries} are read`);
  const entries = new Map<string, Entry>();
  let total = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== entrySignature)
      return fail("the archive's directory is damaged");
    const nameLength = view.getUint16(at + 28, true);
    const next = at + 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > end) return fail("the archive's directory is damaged");
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    const entry: Entry = {
      name,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    };
    const unixMode = view.getUint32(at + 38, true) >>> 16;
    const made = view.getUint8(at + 5);
    at = next;
    if (isUnsafe(name)) fail(`the entry ${JSON.stringify(name)} leads out of the archive`);
    if (made === 3 && (unixMode & 0o170000) === 0o120000) fail(`the entry ${JSON.stringify(name)} is a link`);
    if (entries.has(name)) fail(`the entry ${JSON.stringify(name)} is there twice`);
    if (entry.method !== 0 && entry.method !== 8)
      fail(`the entry ${JSON.stringify(name)} is packed in a way (${entry.method}) that is not read`);
    total += entry.size;
    if (total > maxBytes) fail(`the archive expands to more than ${maxBytes} bytes`);
    if (entry.size > mib && entry.size > maxRatio * Math.max(entry.packed, 1))
      fail(`the entry ${JSON.stringify(name)} expands to ${entry.size} bytes from ${entry.packed}: refused`);
    if (!name.endsWith("/")) entries.set(name, entry);
  }
  const entryOf = (name: string): Entry =>
    entries.get(name) ?? fail(`there is no ${JSON.stringify(name)} in the archive`);
  return {
    names: [...entries.keys()],
    has: (name) => entries.has(name),
    sizeOf: (name) => entryOf(name).size,
    read: (name) => unpack(bytes, view, entryOf(name), fail),
  };
}

/** The record at the end of an archive, before a comment of any length. */
function findEnd(view: DataView): number | undefined {
  const least = Math.max(0, view.byteLength - 22 - 0xffff);
  for (let at = view.byteLength - 22; at >= least; at--) {
    if (view.getUint32(at, true) === endSignature) return at;
  }
  return undefined;
}

/** Absolute names, names of other drives, and names with `..` in them. */
function isUnsafe(name: string): boolean {
  return /^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)|\0/.test(name);
}

async function unpack(
  bytes: Uint8Array,
  view: DataView,
  entry: Entry,
  fail: (what: string) => never,
): Promise<Uint8Array> {
  const called = JSON.stringify(entry.name);
  const { offset } = entry;
  if (offset + 30 > bytes.length || view.getUint32(offset, true) !== localSignature)
    return fail(`the entry ${called} is damaged`);
  if ((view.getUint16(offset + 6, true) & 1) === 1) return fail(`the entry ${called} is encrypted`);
  const from = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  const packed = bytes.subarray(from, from + entry.packed);
  if (packed.length !== entry.packed) return fail(`the entry ${called} is cut off`);
  let out = packed;
  if (entry.method === 8) {
    const { Inflate } = await import("fflate");
    out = new Uint8Array(entry.size);
    let done = 0;
    // In pieces, so that an entry that holds more than it says is found out before it takes memory.
    const inflate = new Inflate((piece) => {
      if (done + piece.length > entry.size) fail(`the entry ${called} is longer than the directory says`);
      out.set(piece, done);
      done += piece.length;
    });
    try {
      const step = 2 ** 16;
      for (let at = 0; at < packed.length; at += step)
        inflate.push(packed.subarray(at, at + step), at + step >= packed.length);
    } catch (error) {
      if (error instanceof FileError) throw error;
      return fail(`the entry ${called} is damaged`);
    }
    if (done !== entry.size) return fail(`the entry ${called} is shorter than the directory says`);
  } else if (entry.packed !== entry.size)
    return fail(`the entry ${called} has another length than the directory says`);
  if (crc32(out) !== entry.crc)
    return fail(`the entry ${called} does not have the checksum that it should have`);
  return out;
}

/** A file for {@link writeZip}. */
export interface ZipFile {
  readonly name: string;
  /** The bytes, in one piece or in several. */
  readonly bytes: Uint8Array | readonly Uint8Array[];
}

/**
 * An archive of files, stored as they are (weights hardly compress) or deflated: its bytes in parts that follow each other,
 * so that large files are not copied.
 *
 * @param options `compress`: whether to deflate. Default false.
 */
export async function writeZip(
  files: readonly ZipFile[],
  { compress = false }: { readonly compress?: boolean } = {},
): Promise<Uint8Array<ArrayBuffer>[]> {
  const deflate = compress ? (await import("fflate")).deflateSync : undefined;
  const parts = files.map(({ name, bytes }) => {
    const pieces = bytes instanceof Uint8Array ? [bytes] : bytes;
    const packed = deflate === undefined ? pieces : [deflate(joinBytes(pieces))];
    const crc = pieces.reduce((before, piece) => crc32(piece, before), 0);
    const [size, packedSize] = [lengthOf(pieces), lengthOf(packed)];
    return { name: new TextEncoder().encode(name), size, packedSize, packed, crc, offset: 0 };
  });
  const local = parts.reduce((sum, p) => sum + 30 + p.name.length + p.packedSize, 0);
  const directory = parts.reduce((sum, p) => sum + 46 + p.name.length, 0);
  if (local + directory + 22 > 0xffffffff)
    throw new FileError("An archive of more than 4 GiB cannot be written.");
  const out: Uint8Array<ArrayBuffer>[] = [];
  let view = new DataView(new ArrayBuffer(0));
  let at = 0;
  /** Begins the next piece of the archive. */
  const begin = (size: number): Uint8Array<ArrayBuffer> => {
    const piece = new Uint8Array(size);
    view = new DataView(piece.buffer);
    at = 0;
    out.push(piece);
    return piece;
  };
  /** The fields that an entry has in both places: version, flags (names are UTF-8), method, time, checksum, sizes. */
  const common = (p: (typeof parts)[number]): void => {
    view.setUint16(at, 20, true);
    view.setUint16(at + 2, 0x0800, true);
    view.setUint16(at + 4, compress ? 8 : 0, true);
    // The first of January 1980, so that the same content gives the same bytes.
    view.setUint16(at + 8, 0x21, true);
    view.setUint32(at + 10, p.crc, true);
    view.setUint32(at + 14, p.packedSize, true);
    view.setUint32(at + 18, p.size, true);
    view.setUint16(at + 22, p.name.length, true);
    at += 26;
  };
  let start = 0;
  for (const p of parts) {
    p.offset = start;
    const head = begin(30 + p.name.length);
    view.setUint32(0, localSignature, true);
    at = 4;
    common(p);
    head.set(p.name, at);
    out.push(...(p.packed as Uint8Array<ArrayBuffer>[]));
    start += head.length + p.packedSize;
  }
  const end = begin(directory + 22);
  for (const p of parts) {
    view.setUint32(at, entrySignature, true);
    // Made on Unix, so that the permissions below count.
    view.setUint16(at + 4, (3 << 8) | 20, true);
    at += 6;
    common(p);
    view.setUint32(at + 6, 0o100644 << 16, true);
    at += 10;
    view.setUint32(at, p.offset, true);
    end.set(p.name, at + 4);
    at += 4 + p.name.length;
  }
  view.setUint32(at, endSignature, true);
  view.setUint16(at + 8, parts.length, true);
  view.setUint16(at + 10, parts.length, true);
  view.setUint32(at + 12, directory, true);
  view.setUint32(at + 16, start, true);
  return out;
}
