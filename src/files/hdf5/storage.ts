/** Where the values of an HDF5 dataset lie, and how they are brought together: in one piece, or in chunks with filters. */
import type { Cursor, H5Bytes } from "./bytes.ts";
import { find, type Message, messageType } from "./headers.ts";

/** Bytes that a dataset may declare whatever the file holds. */
const alwaysAllowed = 64 * 2 ** 20;
/** How many times its stored bytes a larger dataset may declare. Deflate does not get beyond. */
const mostExpansion = 1032;

/** What undoes deflate; it is loaded only for files that need it. */
export type Inflate = (packed: Uint8Array, size: number) => Uint8Array;

interface Filter {
  readonly id: number;
  readonly values: readonly number[];
}

/** Whether reading the dataset needs deflate. */
export function needsInflate(messages: readonly Message[]): boolean {
  const at = find(messages, messageType.filters);
  return at !== undefined && readFilters(at).some((f) => f.id === 1);
}

/** What gives the bytes of a dataset's values. */
export type ReadBytes = (inflate: Inflate | undefined) => Uint8Array;

/**
 * Says where the values of a dataset lie, and checks that they are there.
 *
 * @param count how many values there are
 * @param size how many bytes each takes
 */
export function openStorage(
  file: H5Bytes,
  messages: readonly Message[],
  shape: readonly number[],
  size: number,
): ReadBytes {
  if (find(messages, messageType.externalFiles) !== undefined)
    return file.fail("HDF5 datasets that lie in other files are not read");
  const at =
    find(messages, messageType.layout) ?? file.fail("an HDF5 dataset does not say where its values lie");
  const total = shape.reduce((n, m) => n * m, size);
  if (!Number.isSafeInteger(total))
    return file.fail(`an HDF5 dataset has too many values: ${shape.join(" × ")}`);
  const filled = (): Uint8Array => fill(file, messages, total, size);
  const within = (found: Uint8Array): Uint8Array =>
    found.length >= total ? found.subarray(0, total) : file.fail("the values of an HDF5 dataset are cut off");
  const version = at.u8();
  if (version === 3 || version === 4) {
    const kind = at.u8();
    if (kind === 0) {
      const compact = at.take(at.u16());
      return () => within(compact);
    }
    if (kind === 1) {
      const address = at.optionalOffset();
      const length = at.length();
      if (address === undefined || total === 0) return checked(file, total, 0, filled);
      const found = within(file.slice(address, length));
      return () => found;
    }
    if (kind === 2 && version === 3) {
      const rank = at.u8() - 1;
      const tree = at.optionalOffset();
      const chunk = Array.from({ length: rank }, () => at.u32());
      return chunked(file, messages, { shape, size, total, chunk, tree });
    }
    const what =
      kind === 2 ? "in chunks, as newer versions of the format list them," : "put together from others";
    return file.fail(`HDF5 datasets ${what} are not read`);
  }
  if (version !== 1 && version !== 2) return file.fail(`the HDF5 file has a layout of version ${version}`);
  const rank = at.u8();
  const kind = at.u8();
  at.skip(5);
  const address = kind === 0 ? undefined : at.optionalOffset();
  const chunk = Array.from({ length: kind === 2 ? rank - 1 : rank }, () => at.u32());
  if (kind === 0) {
    const compact = at.take(at.u32());
    return () => within(compact);
  }
  if (kind === 2) return chunked(file, messages, { shape, size, total, chunk, tree: address });
  if (address === undefined || total === 0) return checked(file, total, 0, filled);
  const found = file.slice(address, total);
  return () => found;
}

/** Refuses sizes that nothing in the file stands behind. */
function checked(file: H5Bytes, total: number, stored: number, read: ReadBytes): ReadBytes {
  if (total > alwaysAllowed && total > mostExpansion * stored)
    file.fail(`an HDF5 dataset declares ${total} bytes, but only ${stored} are stored: refused`);
  return read;
}

/** Values that were never written. */
function fill(file: H5Bytes, messages: readonly Message[], total: number, size: number): Uint8Array {
  const out = new Uint8Array(total);
  const value = fillValue(messages);
  if (value === undefined || value.length !== size || value.every((byte) => byte === 0)) return out;
  if (total % size !== 0) file.fail("an HDF5 dataset has a damaged fill value");
  for (let i = 0; i < total; i += size) out.set(value, i);
  return out;
}

function fillValue(messages: readonly Message[]): Uint8Array | undefined {
  const old = find(messages, messageType.oldFillValue);
  const at = find(messages, messageType.fillValue);
  if (at === undefined) return old?.take(old.u32());
  const version = at.u8();
  if (version >= 3) return (at.u8() & 0x20) === 0 ? undefined : at.take(at.u32());
  at.skip(2);
  const defined = at.u8() !== 0;
  return version === 1 || defined ? at.take(at.u32()) : undefined;
}

interface Chunks {
  readonly shape: readonly number[];
  readonly size: number;
  readonly total: number;
  readonly chunk: readonly number[];
  readonly tree: number | undefined;
}

interface StoredChunk {
  readonly origin: readonly number[];
  readonly mask: number;
  readonly packed: Uint8Array;
}

function chunked(file: H5Bytes, messages: readonly Message[], chunks: Chunks): ReadBytes {
  const { shape, size, total, chunk, tree } = chunks;
  if (chunk.length !== shape.length || chunk.some((n) => n === 0))
    return file.fail("an HDF5 dataset has chunks that do not fit its shape");
  const chunkBytes = chunk.reduce((n, m) => n * m, size);
  const found: StoredChunk[] = [];
  if (tree !== undefined) readChunkTree(file, tree, shape.length, 0, found);
  const stored = found.reduce((n, c) => n + c.packed.length, 0);
  const filters = find(messages, messageType.filters);
  const pipeline = filters === undefined ? [] : readFilters(filters);
  const read = (inflate: Inflate | undefined): Uint8Array => {
    const out = fill(file, messages, total, size);
    for (const one of found) {
      const raw = unfilter(file, one, pipeline, size, chunkBytes, inflate);
      place(out, raw, chunks, one.origin);
    }
    return out;
  };
  // Chunks may reach beyond the shape, but not take more than what is stored allows.
  checked(file, chunkBytes * found.length, stored, read);
  return checked(file, total, stored, read);
}

/** Goes through the tree that lists chunks. */
function readChunkTree(
  file: H5Bytes,
  address: number,
  rank: number,
  depth: number,
  found: StoredChunk[],
): void {
  file.claim(address);
  if (depth > 32) file.fail("the HDF5 file has a tree that is too deep");
  const at = file.atAddress(address);
  at.signature("TREE");
  if (at.u8() !== 1) file.fail("the HDF5 file has a tree of another kind where chunks should be");
  const level = at.u8();
  const used = at.u16();
  at.skip(2 * file.offsetSize);
  for (let i = 0; i < used; i++) {
    const length = at.u32();
    const mask = at.u32();
    const origin = Array.from({ length: rank }, () => at.number(8));
    at.skip(8);
    const child = at.offset();
    if (level > 0) readChunkTree(file, child, rank, depth + 1, found);
    else {
      file.claim(child);
      found.push({ origin, mask, packed: file.slice(child, length) });
    }
  }
}

function readFilters(at: Cursor): Filter[] {
  const version = at.u8();
  const count = at.u8();
  if (version === 1) at.skip(6);
  return Array.from({ length: count }, () => {
    const id = at.u16();
    const nameLength = version === 1 || id >= 256 ? at.u16() : 0;
    at.skip(2);
    const values = at.u16();
    at.skip(version === 1 ? Math.ceil(nameLength / 8) * 8 : nameLength);
    const filter = { id, values: Array.from({ length: values }, () => at.u32()) };
    if (version === 1 && values % 2 === 1) at.skip(4);
    return filter;
  });
}

/** Undoes the filters of a chunk, the last one first. */
function unfilter(
  file: H5Bytes,
  { mask, packed }: StoredChunk,
  pipeline: readonly Filter[],
  size: number,
  chunkBytes: number,
  inflate: Inflate | undefined,
): Uint8Array {
  let bytes = packed;
  for (let i = pipeline.length - 1; i >= 0; i--) {
    if ((mask & (1 << i)) !== 0) continue;
    const { id } = pipeline[i]!;
    if (id === 1) bytes = inflate!(bytes, chunkBytes + 4);
    else if (id === 2) bytes = unshuffle(bytes, size);
    else if (id === 3) {
      const length = bytes.length - 4;
      if (length < 0) file.fail("a chunk of an HDF5 dataset is cut off");
      const sum = new DataView(bytes.buffer, bytes.byteOffset + length, 4).getUint32(0, true);
      bytes = bytes.subarray(0, length);
      if (fletcher32(bytes) !== sum)
        file.fail("a chunk of an HDF5 dataset has not the checksum it should have");
    } else file.fail(`HDF5 datasets packed with filter ${id} are not read`);
  }
  if (bytes.length !== chunkBytes) file.fail("a chunk of an HDF5 dataset has not the length it should have");
  return bytes;
}

function unshuffle(bytes: Uint8Array, size: number): Uint8Array {
  const count = Math.floor(bytes.length / size);
  const out = bytes.slice();
  for (let part = 0; part < size; part++)
    for (let i = 0; i < count; i++) out[i * size + part] = bytes[part * count + i]!;
  return out;
}

function fletcher32(bytes: Uint8Array): number {
  let low = 0;
  let high = 0;
  const words = bytes.length >> 1;
  for (let i = 0; i < words; i++) {
    low = (low + ((bytes[2 * i]! << 8) | bytes[2 * i + 1]!)) % 65535;
    high = (high + low) % 65535;
  }
  if (bytes.length % 2 === 1) {
    low = (low + (bytes.at(-1)! << 8)) % 65535;
    high = (high + low) % 65535;
  }
  return ((high << 16) | low) >>> 0;
}

/** Copies the part of a chunk that lies within the shape. */
function place(
  out: Uint8Array,
  raw: Uint8Array,
  { shape, chunk, size }: Chunks,
  origin: readonly number[],
): void {
  const rank = shape.length;
  if (rank === 0) {
    out.set(raw.subarray(0, size));
    return;
  }
  const counts = shape.map((n, axis) => Math.min(chunk[axis]!, n - origin[axis]!));
  if (counts.some((n) => n <= 0)) return;
  const row = counts[rank - 1]! * size;
  const rows = counts.slice(0, -1).reduce((n, m) => n * m, 1);
  const index = new Array<number>(rank - 1).fill(0);
  for (let r = 0; r < rows; r++) {
    let from = 0;
    let to = 0;
    for (let axis = 0; axis < rank; axis++) {
      from = from * chunk[axis]! + (index[axis] ?? 0);
      to = to * shape[axis]! + origin[axis]! + (index[axis] ?? 0);
    }
    out.set(raw.subarray(from * size, from * size + row), to * size);
    for (let axis = rank - 2; axis >= 0; axis--) {
      index[axis] = index[axis]! + 1;
      if (index[axis]! < counts[axis]!) break;
      index[axis] = 0;
    }
  }
}
