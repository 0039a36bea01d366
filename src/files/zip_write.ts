/** Writes zip archives, with numbers of 64 bits where those of 32 have no room. */
import { joinBytes, lengthOf } from "./bytes.ts";
import { crc32 } from "./crc32.ts";
import type { Part } from "./target.ts";
import { countElsewhere, elsewhere, largeField, signatures } from "./zip.ts";

/** A file for {@link writeZip}. */
export interface ZipFile {
  readonly name: string;
  /** The bytes, in one piece or in several. */
  readonly bytes: Uint8Array | readonly Uint8Array[];
}

/** How an archive is written. */
export interface ZipOptions {
  /** Whether files are deflated; if not, they are stored as they are, since weights hardly compress. Default false. */
  readonly compress?: boolean;
  /** Whether all numbers have 64 bits. Default: only where 32 are not enough. */
  readonly large?: boolean;
}

/** A file of the archive, and where it lies. */
interface Placed {
  readonly name: Uint8Array;
  readonly size: number;
  readonly packed: readonly Uint8Array[];
  readonly packedSize: number;
  readonly offset: number;
  /** Its checksum, which is computed once, when it is first needed. */
  crc(): number;
}

const versionOf = (large: boolean): number => (large ? 45 : 20);

/**
 * An archive of files: its bytes in parts that follow each other, so that large files are not copied. Those with checksums
 * are made late, while the files themselves are being written.
 */
export async function writeZip(files: readonly ZipFile[], options: ZipOptions = {}): Promise<Part[]> {
  const { compress = false, large: allLarge = false } = options;
  const deflate = compress ? (await import("fflate")).deflateSync : undefined;
  const method = compress ? 8 : 0;
  const out: Part[] = [];
  const placed: Placed[] = [];
  let offset = 0;
  for (const { name, bytes } of files) {
    const pieces = bytes instanceof Uint8Array ? [bytes] : bytes;
    const packed = deflate === undefined ? pieces : [deflate(joinBytes(pieces))];
    let crc: number | undefined;
    const file: Placed = {
      name: new TextEncoder().encode(name),
      size: lengthOf(pieces),
      packed,
      packedSize: lengthOf(packed),
      offset,
      crc: () => (crc ??= pieces.reduce((before, piece) => crc32(piece, before), 0)),
    };
    const head = localHead(file, method, allLarge);
    placed.push(file);
    out.push(head, ...(packed as Uint8Array<ArrayBuffer>[]));
    offset += head.length + file.packedSize;
  }
  const entries = placed.map((file) => directoryEntry(file, method, allLarge));
  const size = entries.reduce((sum, entry) => sum + entry.length, 0);
  out.push(...entries, end(entries.length, size, offset, allLarge));
  return out;
}

/** Bytes of the archive that are filled when they are needed. */
function late(length: number, fill: (at: Fields) => void): Part {
  return {
    length,
    make: () => {
      const fields = new Fields(length);
      fill(fields);
      return fields.bytes;
    },
  };
}

/** Fields one after the other. */
class Fields {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  #at = 0;

  constructor(length: number) {
    this.bytes = new Uint8Array(length);
    this.#view = new DataView(this.bytes.buffer);
  }

  u16(...values: readonly number[]): void {
    for (const value of values) {
      this.#view.setUint16(this.#at, value, true);
      this.#at += 2;
    }
  }

  u32(...values: readonly number[]): void {
    for (const value of values) {
      this.#view.setUint32(this.#at, value, true);
      this.#at += 4;
    }
  }

  u64(...values: readonly number[]): void {
    for (const value of values) {
      this.#view.setBigUint64(this.#at, BigInt(value), true);
      this.#at += 8;
    }
  }

  text(value: Uint8Array): void {
    this.bytes.set(value, this.#at);
    this.#at += value.length;
  }
}

/** What an entry has in both places: version, flags (names are UTF-8), method, time, checksum, sizes, lengths. */
function common(at: Fields, file: Placed, method: number, isLarge: boolean, extra: number): void {
  at.u16(versionOf(isLarge), 0x0800, method);
  // The first of January 1980, so that the same content gives the same bytes.
  at.u16(0, 0x21);
  at.u32(file.crc(), isLarge ? elsewhere : file.packedSize, isLarge ? elsewhere : file.size);
  at.u16(file.name.length, extra);
}

const hasLargeSize = ({ size, packedSize }: Placed): boolean => Math.max(size, packedSize) >= elsewhere;

function localHead(file: Placed, method: number, allLarge: boolean): Part {
  const isLarge = allLarge || hasLargeSize(file);
  const extra = isLarge ? 20 : 0;
  return late(30 + file.name.length + extra, (at) => {
    at.u32(signatures.local);
    common(at, file, method, isLarge, extra);
    at.text(file.name);
    if (!isLarge) return;
    at.u16(largeField, 16);
    at.u64(file.size, file.packedSize);
  });
}

function directoryEntry(file: Placed, method: number, allLarge: boolean): Part {
  const isLarge = allLarge || hasLargeSize(file) || file.offset >= elsewhere;
  const extra = isLarge ? 28 : 0;
  return late(46 + file.name.length + extra, (at) => {
    at.u32(signatures.entry);
    // Made on Unix, so that the permissions below count.
    at.u16((3 << 8) | versionOf(isLarge));
    common(at, file, method, isLarge, extra);
    at.u16(0, 0, 0);
    at.u32(0o100644 << 16, isLarge ? elsewhere : file.offset);
    at.text(file.name);
    if (!isLarge) return;
    at.u16(largeField, 24);
    at.u64(file.size, file.packedSize, file.offset);
  });
}

/** The end of the archive, before it that of a large one. */
function end(count: number, size: number, offset: number, allLarge: boolean): Part {
  const isLarge = allLarge || count >= countElsewhere || Math.max(size, offset) >= elsewhere;
  return late(22 + (isLarge ? 76 : 0), (at) => {
    if (isLarge) {
      at.u32(signatures.largeEnd);
      at.u64(44);
      at.u16((3 << 8) | versionOf(true), versionOf(true));
      at.u32(0, 0);
      at.u64(count, count, size, offset);
      at.u32(signatures.largeEndPlace, 0);
      at.u64(offset + size);
      at.u32(1);
    }
    at.u32(signatures.end);
    at.u16(0, 0);
    const shown = isLarge ? countElsewhere : count;
    at.u16(shown, shown);
    at.u32(isLarge ? elsewhere : size, isLarge ? elsewhere : offset);
  });
}
