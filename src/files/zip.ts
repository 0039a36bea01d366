/**
 * Zip archives, read with suspicion: sizes are checked before memory is taken, names that lead out of the archive, links,
 * duplicates and encrypted entries are refused, and every entry's checksum is compared.
 */
import { FileError } from "../engine/tensor/errors.ts";
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

/** What the records of an archive begin with. */
export const signatures = {
  local: 0x04034b50,
  entry: 0x02014b50,
  end: 0x06054b50,
  largeEnd: 0x06064b50,
  largeEndPlace: 0x07064b50,
} as const;
/** The extra field with numbers of 64 bits, for what has no room in those of 32 (zip64). */
export const largeField = 1;
/** What stands in a field of 32 bits, or of 16, whose number is elsewhere. */
export const elsewhere = 0xffffffff;
export const countElsewhere = 0xffff;
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
  const directory = findDirectory(view, end, fail);
  const { count } = directory;
  let at = directory.offset;
  if (count > maxEntries) return fail(`the archive has ${count} entries; at most ${maxEntries} are read`);
  const entries = new Map<string, Entry>();
  let total = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== signatures.entry)
      return fail("the archive's directory is damaged");
    const nameLength = view.getUint16(at + 28, true);
    const next = at + 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > end) return fail("the archive's directory is damaged");
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    const extra = at + 46 + nameLength;
    const large = largeNumbers(view, extra, extra + view.getUint16(at + 30, true), fail);
    const number = (place: number): number => {
      const value = view.getUint32(at + place, true);
      return value === elsewhere ? (large() ?? value) : value;
    };
    const entry: Entry = {
      name,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      // In the order in which the extra field has them.
      size: number(24),
      packed: number(20),
      offset: number(42),
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
    if (view.getUint32(at, true) === signatures.end) return at;
  }
  return undefined;
}

/** Where the directory is and how many entries it has; large archives say it in a record of their own before the end. */
function findDirectory(
  view: DataView,
  end: number,
  fail: (what: string) => never,
): { readonly count: number; readonly offset: number } {
  const count = view.getUint16(end + 10, true);
  const offset = view.getUint32(end + 16, true);
  const place = end - 20;
  if (count !== countElsewhere && offset !== elsewhere) return { count, offset };
  if (place < 0 || view.getUint32(place, true) !== signatures.largeEndPlace) return { count, offset };
  const record = Number(view.getBigUint64(place + 8, true));
  if (record + 56 > place || view.getUint32(record, true) !== signatures.largeEnd)
    return fail("the archive's directory is damaged");
  return {
    count: Number(view.getBigUint64(record + 32, true)),
    offset: Number(view.getBigUint64(record + 48, true)),
  };
}

/** The numbers of 64 bits among an entry's extra fields, one after the other; undefined when there are no more. */
function largeNumbers(
  view: DataView,
  from: number,
  end: number,
  fail: (what: string) => never,
): () => number | undefined {
  let [at, stop] = [from, from];
  for (let field = from; field + 4 <= end; field += 4 + view.getUint16(field + 2, true)) {
    if (view.getUint16(field, true) !== largeField) continue;
    [at, stop] = [field + 4, Math.min(end, field + 4 + view.getUint16(field + 2, true))];
    break;
  }
  return () => {
    if (at + 8 > stop) return undefined;
    const value = Number(view.getBigUint64(at, true));
    at += 8;
    return Number.isSafeInteger(value) ? value : fail("the archive's directory is damaged");
  };
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
  if (offset + 30 > bytes.length || view.getUint32(offset, true) !== signatures.local)
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
