/**
 * Links and attributes that are kept outside of their object: in a fractal heap, found through a B-tree of version 2. Files
 * have them only where they were written in the newer format and an object has many.
 */
import type { Cursor, H5Bytes } from "./bytes.ts";

/** A cursor over each object that a tree lists. */
export function denseObjects(file: H5Bytes, heapAddress: number, treeAddress: number): Cursor[] {
  const heap = openHeap(file, heapAddress);
  return records(file, treeAddress).map(({ type, at }) => {
    // Links by name come after a hash, attributes by name before one.
    if (type === 5) at.skip(4);
    else if (type !== 8) file.fail(`the HDF5 file has an index of type ${type} where names should be`);
    return heap(at.take(type === 5 ? 7 : 8));
  });
}

/** A fractal heap: what gives an object for its identifier. */
function openHeap(file: H5Bytes, address: number): (id: Uint8Array) => Cursor {
  const at = file.atAddress(address);
  at.signature("FRHP");
  at.skip(1);
  at.skip(2);
  if (at.u16() !== 0) file.fail("HDF5 files whose links or attributes are compressed are not read");
  const flags = at.u8();
  const maxManaged = at.u32();
  at.skip(4 * file.lengthSize + 2 * file.offsetSize + 6 * file.lengthSize);
  const width = at.u16();
  const startSize = at.length();
  const maxDirect = at.length();
  const maxHeapBits = at.u16();
  at.skip(2);
  const root = at.optionalOffset();
  const rows = at.u16();
  if (width === 0 || startSize === 0 || maxHeapBits > 64) file.fail("the HDF5 file has a damaged heap");
  const checksum = (flags & 2) === 0 ? 0 : 4;
  const offsetBytes = Math.ceil(maxHeapBits / 8);
  const lengthBytes = bytesFor(Math.min(maxDirect, maxManaged));
  const blockHead = 5 + file.offsetSize + offsetBytes + checksum;
  const blocks: { readonly start: number; readonly size: number; readonly address: number }[] = [];
  const sizeOfRow = (row: number): number => startSize * 2 ** Math.max(0, row - 1);
  const directRows = Math.log2(maxDirect) - Math.log2(startSize) + 2;
  const addIndirect = (block: number, count: number, from: number, depth: number): void => {
    file.claim(block);
    if (depth > 16) file.fail("the HDF5 file has a heap that is too deep");
    const place = file.atAddress(block);
    place.signature("FHIB");
    place.skip(1 + file.offsetSize + offsetBytes);
    let start = from;
    for (let row = 0; row < count; row++) {
      const size = sizeOfRow(row);
      for (let column = 0; column < width; column++) {
        const child = place.optionalOffset();
        if (child !== undefined) {
          if (row < directRows) blocks.push({ start, size, address: child });
          else addIndirect(child, Math.log2(size) - Math.log2(startSize * width) + 1, start, depth + 1);
        }
        start += size;
      }
    }
  };
  if (root !== undefined) {
    if (rows === 0) blocks.push({ start: 0, size: startSize, address: root });
    else addIndirect(root, rows, 0, 0);
  }
  /** Blocks were found in the order of what they hold. */
  const blockOf = (offset: number): (typeof blocks)[number] | undefined => {
    let [low, high] = [0, blocks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (blocks[middle]!.start <= offset) low = middle + 1;
      else high = middle;
    }
    return blocks[low - 1];
  };
  return (id) => {
    const kind = (id[0]! >> 4) & 3;
    if (kind !== 0) file.fail("the HDF5 file keeps a link or an attribute in a way that is not read");
    let offset = 0;
    let length = 0;
    for (let i = offsetBytes; i > 0; i--) offset = offset * 256 + (id[i] ?? 0);
    for (let i = offsetBytes + lengthBytes; i > offsetBytes; i--) length = length * 256 + (id[i] ?? 0);
    const block = blockOf(offset);
    if (block === undefined || offset - block.start < blockHead || offset + length > block.start + block.size)
      return file.fail("the HDF5 file has a link or an attribute outside of its heap");
    file.atAddress(block.address).signature("FHDB");
    const from = block.address + offset - block.start;
    file.slice(from, length);
    return file.at(file.base + from, file.base + from + length);
  };
}

/** How many bytes a number up to a limit takes. */
function bytesFor(limit: number): number {
  return Math.max(1, Math.ceil(Math.log2(limit + 1) / 8));
}

/** The records of a B-tree of version 2. */
function records(file: H5Bytes, address: number): { readonly type: number; readonly at: Cursor }[] {
  const at = file.atAddress(address);
  at.signature("BTHD");
  at.skip(1);
  const type = at.u8();
  const nodeSize = at.u32();
  const recordSize = at.u16();
  const depth = at.u16();
  at.skip(2);
  const root = at.optionalOffset();
  const rootCount = at.u16();
  const out: { type: number; at: Cursor }[] = [];
  if (root === undefined) return out;
  if (recordSize === 0 || nodeSize < 10 + recordSize || depth > 16)
    return file.fail("the HDF5 file has a damaged index");
  // How many records a node of each level can have says how wide the counts are.
  const most = [Math.floor((nodeSize - 10) / recordSize)];
  const total = [most[0]!];
  const countBytes = bytesFor(most[0]!);
  const totalBytes = (level: number): number => (level > 1 ? bytesFor(total[level - 1]!) : 0);
  for (let level = 1; level <= depth; level++) {
    const pointer = file.offsetSize + countBytes + totalBytes(level);
    most[level] = Math.floor((nodeSize - 10 - pointer) / (recordSize + pointer));
    total[level] = (most[level]! + 1) * total[level - 1]! + most[level]!;
  }
  const visit = (node: number, count: number, level: number): void => {
    file.claim(node);
    const place = file.atAddress(node);
    place.signature(level === 0 ? "BTLF" : "BTIN");
    place.skip(2);
    const from = place.skip(count * recordSize);
    for (let i = 0; i < count; i++) {
      const start = from + i * recordSize;
      out.push({ type, at: file.at(start, start + recordSize) });
    }
    if (level === 0) return;
    for (let i = 0; i <= count; i++) {
      const child = place.offset();
      const inner = place.number(countBytes);
      place.skip(totalBytes(level));
      visit(child, inner, level - 1);
    }
  };
  visit(root, rootCount, depth);
  return out;
}
