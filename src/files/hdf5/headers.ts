/** Object headers of HDF5, in both versions: the messages that say what an object is. */
import type { Cursor, H5Bytes } from "./bytes.ts";

/** A message of an object header: its kind, and where it lies in the file. */
export interface Message {
  readonly type: number;
  readonly flags: number;
  /** A cursor over the message alone. */
  open(): Cursor;
}

/** The messages that are read. */
export const messageType = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  oldFillValue: 0x04,
  fillValue: 0x05,
  link: 0x06,
  externalFiles: 0x07,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  attributeInfo: 0x15,
} as const;

/** All messages of the object at an address. */
export function readHeader(file: H5Bytes, address: number): Message[] {
  file.claim(address);
  const at = file.atAddress(address);
  const messages: Message[] = [];
  const blocks: { readonly from: number; readonly length: number }[] = [];
  const note = (type: number, flags: number, from: number, size: number): void => {
    const open = (): Cursor => file.at(from, from + size);
    if (type === messageType.continuation) {
      const place = open();
      blocks.push({ from: place.offset(), length: place.length() });
    } else if (type !== 0) messages.push({ type, flags, open });
  };
  const first = at.u8();
  if (first === 1) {
    at.skip(1);
    at.skip(2);
    at.skip(4);
    const size = at.u32();
    at.skip(4);
    const readAll = (block: Cursor): void => {
      while (block.end - block.position >= 8) {
        const [type, length, flags] = [block.u16(), block.u16(), block.u8()];
        block.skip(3);
        note(type, flags, block.skip(length), length);
      }
    };
    readAll(file.at(at.skip(size), at.position));
    for (let block = blocks.shift(); block !== undefined; block = blocks.shift()) {
      file.claim(block.from);
      file.slice(block.from, block.length);
      readAll(file.at(file.base + block.from, file.base + block.from + block.length));
    }
    return messages;
  }
  at.position -= 1;
  at.signature("OHDR");
  if (at.u8() !== 2) file.fail("the HDF5 file has an object header of an unknown version");
  const flags = at.u8();
  if ((flags & 0x20) !== 0) at.skip(16);
  if ((flags & 0x10) !== 0) at.skip(4);
  const size = at.number(1 << (flags & 3));
  const readAll = (block: Cursor): void => {
    const head = (flags & 4) === 0 ? 4 : 6;
    while (block.end - block.position >= head) {
      const [type, length, own] = [block.u8(), block.u16(), block.u8()];
      if (head === 6) block.skip(2);
      note(type, own, block.skip(length), length);
    }
  };
  readAll(file.at(at.skip(size), at.position));
  for (let block = blocks.shift(); block !== undefined; block = blocks.shift()) {
    file.claim(block.from);
    file.slice(block.from, block.length);
    const from = file.base + block.from;
    file.at(from).signature("OCHK");
    // The last four bytes are a checksum.
    readAll(file.at(from + 4, from + block.length - 4));
  }
  return messages;
}

/** The first message of a kind. */
export function find(messages: readonly Message[], type: number): Cursor | undefined {
  return messages.find((m) => m.type === type)?.open();
}

/** Reads a dataspace: the shape; undefined where there is no data at all. */
export function readDataspace(at: Cursor): number[] | undefined {
  const version = at.u8();
  const rank = at.u8();
  const { file } = at;
  if (version !== 1 && version !== 2) file.fail(`the HDF5 file has a dataspace of version ${version}`);
  at.skip(1);
  const kind = at.u8();
  if (version === 1) at.skip(4);
  else if (kind === 2) return undefined;
  if (rank > 32) file.fail(`the HDF5 file has a shape with ${rank} axes`);
  return Array.from({ length: rank }, () => at.length());
}
