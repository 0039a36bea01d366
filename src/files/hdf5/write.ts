/**
 * Writes HDF5 files in the earliest version of the format, as h5py does by default: symbol tables for groups, values in one
 * piece, texts of varying length in a global heap.
 */
import { FileError } from "../../engine/tensor/errors.ts";
import type { NumberType } from "../numbers.ts";
import type { NewData, NewDataset, NewGroup } from "./tree.ts";

/** Entries of a leaf and children of an inner node of the trees of groups are at most twice these. */
const leafK = 4;
const internalK = 16;
const none = 0xffffffffffffffffn;
const undefinedAddress = -1;
const encoder = /* @__PURE__ */ new TextEncoder();
const pad8 = (n: number): number => Math.ceil(n / 8) * 8;

/**
 * The bytes of an HDF5 file, in parts that follow each other. Large values are not copied: they are parts themselves.
 *
 * @param where what writes, for messages
 * @throws FileError for attributes that are too large for the format
 */
export function writeHdf5(root: NewGroup, where: string): Uint8Array<ArrayBuffer>[] {
  const out = new Parts();
  const superblock = out.reserve(96);
  const heap = new GlobalHeap(out);
  const placed = writeGroup(out, heap, root, where);
  const at = superblock;
  at.bytes([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0, 0, 8, 8, 0]);
  at.u16(leafK);
  at.u16(internalK);
  at.u32(0);
  at.offset(0);
  at.offset(undefinedAddress);
  at.offset(out.length);
  at.offset(undefinedAddress);
  symbol(at, 0, placed);
  return out.finish();
}

/** A piece of the file that is being filled. */
class Piece {
  readonly buffer: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  #at = 0;

  constructor(size: number) {
    this.buffer = new Uint8Array(size);
    this.#view = new DataView(this.buffer.buffer);
  }

  get position(): number {
    return this.#at;
  }

  u8(value: number): void {
    this.#view.setUint8(this.#at, value);
    this.#at += 1;
  }

  u16(value: number): void {
    this.#view.setUint16(this.#at, value, true);
    this.#at += 2;
  }

  u32(value: number): void {
    this.#view.setUint32(this.#at, value, true);
    this.#at += 4;
  }

  /** An address or a length. */
  offset(value: number): void {
    this.#view.setBigUint64(this.#at, value === undefinedAddress ? none : BigInt(value), true);
    this.#at += 8;
  }

  bytes(values: ArrayLike<number>): void {
    this.buffer.set(values, this.#at);
    this.#at += values.length;
  }

  /** Text, then zeros up to a length. */
  text(value: Uint8Array, length: number): void {
    this.buffer.set(value, this.#at);
    this.#at += length;
  }

  skip(count: number): void {
    this.#at += count;
  }
}

/** The file as it grows: pieces and values one after the other, each at a multiple of eight. */
class Parts {
  readonly #parts: Uint8Array<ArrayBuffer>[] = [];
  length = 0;

  /** A piece at the end of the file. */
  reserve(size: number): Piece {
    const piece = new Piece(pad8(size));
    this.add(piece.buffer);
    return piece;
  }

  /** Bytes at the end of the file; gives their address. */
  add(bytes: Uint8Array): number {
    const address = this.length;
    this.#parts.push(bytes as Uint8Array<ArrayBuffer>);
    const padding = pad8(bytes.length) - bytes.length;
    if (padding > 0) this.#parts.push(new Uint8Array(padding));
    this.length += bytes.length + padding;
    return address;
  }

  /** The parts, small neighbours in one. */
  finish(): Uint8Array<ArrayBuffer>[] {
    const joined: Uint8Array<ArrayBuffer>[] = [];
    let small: Uint8Array<ArrayBuffer>[] = [];
    const flush = (): void => {
      if (small.length === 0) return;
      const whole = new Uint8Array(small.reduce((n, part) => n + part.length, 0));
      let at = 0;
      for (const part of small) {
        whole.set(part, at);
        at += part.length;
      }
      joined.push(whole);
      small = [];
    };
    for (const part of this.#parts) {
      if (part.length < 2 ** 16) small.push(part);
      else {
        flush();
        joined.push(part);
      }
    }
    flush();
    return joined;
  }
}

/** Texts of varying length: each in a heap of its own size class, up to 64 KiB of texts in one. */
class GlobalHeap {
  readonly #out: Parts;

  constructor(out: Parts) {
    this.#out = out;
  }

  /** Writes texts; gives the address and the index of each. */
  add(texts: readonly Uint8Array[]): { readonly address: number; readonly index: number }[] {
    const places: { address: number; index: number }[] = [];
    let from = 0;
    while (from < texts.length) {
      let size = 16;
      let to = from;
      while (to < texts.length && to - from < 0xfffe && (to === from || size < 2 ** 16)) {
        size += 16 + pad8(texts[to]!.length);
        to++;
      }
      // The library wants heaps of at least 4096 bytes.
      const total = Math.max(4096, size);
      const piece = this.#out.reserve(total);
      const address = this.#out.length - total;
      piece.bytes(encoder.encode("GCOL"));
      piece.bytes([1, 0, 0, 0]);
      piece.offset(total);
      for (let i = from; i < to; i++) {
        piece.u16(i - from + 1);
        piece.u16(1);
        piece.u32(0);
        piece.offset(texts[i]!.length);
        piece.text(texts[i]!, pad8(texts[i]!.length));
        places.push({ address, index: i - from + 1 });
      }
      // What is left is object 0, with its head if there is room for one.
      if (total - size >= 16) {
        piece.skip(8);
        piece.offset(total - size);
      }
      from = to;
    }
    return places;
  }
}

/** Where a group or a dataset was written; groups have their tree and heap named where they are linked. */
interface Placed {
  readonly header: number;
  readonly tree?: number;
  readonly heap?: number;
}

/** A symbol of a group: a name, an address, and for groups a copy of where their own symbols are. */
function symbol(at: Piece, name: number, { header, tree, heap }: Placed): void {
  at.offset(name);
  at.offset(header);
  at.u32(tree === undefined ? 0 : 1);
  at.u32(0);
  if (tree === undefined || heap === undefined) at.skip(16);
  else {
    at.offset(tree);
    at.offset(heap);
  }
}

function writeGroup(out: Parts, heap: GlobalHeap, group: NewGroup, where: string): Placed {
  const members = [...group.members]
    .map(([name, member]) => ({ bytes: encoder.encode(name), member }))
    .sort((a, b) => compareBytes(a.bytes, b.bytes))
    .map(({ bytes, member }) => ({
      bytes,
      placed:
        member.kind === "group"
          ? writeGroup(out, heap, member, where)
          : writeDataset(out, heap, member, where),
    }));
  // The names, each with a zero at its end, after an empty one.
  let size = 8;
  const offsets = members.map(({ bytes }) => {
    const at = size;
    size += pad8(bytes.length + 1);
    return at;
  });
  // Some room is left, as the library leaves it, for the list of free space.
  const total = Math.max(88, size + 16);
  const localHeap = out.length;
  const names = out.reserve(32 + total);
  names.bytes(encoder.encode("HEAP"));
  names.u32(0);
  names.offset(total);
  names.offset(size);
  names.offset(localHeap + 32);
  names.skip(8);
  for (const { bytes } of members) names.text(bytes, pad8(bytes.length + 1));
  names.offset(1);
  names.offset(total - size);
  const symbols = members.map(({ placed }, i) => ({ name: offsets[i]!, placed }));
  const tree = writeTree(out, symbols);
  const header = writeHeader(out, [
    {
      type: 0x11,
      size: 16,
      write: (at) => {
        at.offset(tree);
        at.offset(localHeap);
      },
    },
    ...attributeMessages(heap, group.attributes, where),
  ]);
  return { header, tree, heap: localHeap };
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}

/** The tree over a group's symbols; gives the address of its root. */
function writeTree(
  out: Parts,
  symbols: readonly { readonly name: number; readonly placed: Placed }[],
): number {
  interface Child {
    readonly address: number;
    /** The last name below it. */
    readonly last: number;
  }
  let level: Child[] = [];
  for (let from = 0; from < symbols.length; from += 2 * leafK) {
    const some = symbols.slice(from, from + 2 * leafK);
    const address = out.length;
    const leaf = out.reserve(8 + 2 * leafK * 40);
    leaf.bytes(encoder.encode("SNOD"));
    leaf.bytes([1, 0]);
    leaf.u16(some.length);
    for (const { name, placed } of some) symbol(leaf, name, placed);
    level.push({ address, last: some.at(-1)!.name });
  }
  const nodeSize = 24 + (4 * internalK + 1) * 8;
  for (let depth = 0; ; depth++) {
    const count = Math.max(1, Math.ceil(level.length / (2 * internalK)));
    const first = out.length;
    const next: Child[] = [];
    for (let i = 0; i < count; i++) {
      const children = level.slice(i * 2 * internalK, (i + 1) * 2 * internalK);
      const address = first + i * nodeSize;
      const node = out.reserve(nodeSize);
      node.bytes(encoder.encode("TREE"));
      node.bytes([0, depth]);
      node.u16(children.length);
      node.offset(i === 0 ? undefinedAddress : address - nodeSize);
      node.offset(i === count - 1 ? undefinedAddress : address + nodeSize);
      node.offset(i === 0 ? 0 : level[i * 2 * internalK - 1]!.last);
      for (const child of children) {
        node.offset(child.address);
        node.offset(child.last);
      }
      next.push({ address, last: children.at(-1)?.last ?? 0 });
    }
    if (count === 1) return next[0]!.address;
    level = next;
  }
}

function writeDataset(out: Parts, heap: GlobalHeap, { data, attributes }: NewDataset, where: string): Placed {
  const type = datatypeOf(data);
  const values = valuesOf(data, heap);
  const address = values.length === 0 ? undefinedAddress : out.add(values);
  const header = writeHeader(out, [
    dataspaceMessage(data.shape),
    { type: 0x03, size: type.length, write: (at) => at.bytes(type) },
    // Nothing is written in place of values that are missing; there are none.
    { type: 0x05, size: 8, write: (at) => at.bytes([2, 2, 2, 1, 0, 0, 0, 0]) },
    {
      type: 0x08,
      size: 24,
      write: (at) => {
        at.bytes([3, 1]);
        at.offset(address);
        at.offset(values.length);
      },
    },
    ...attributeMessages(heap, attributes, where),
  ]);
  return { header };
}

/** A message of an object header. */
interface Message {
  readonly type: number;
  readonly size: number;
  write(at: Piece): void;
}

function writeHeader(out: Parts, messages: readonly Message[]): number {
  const size = messages.reduce((n, m) => n + 8 + pad8(m.size), 0);
  const address = out.length;
  const at = out.reserve(16 + size);
  at.bytes([1, 0]);
  at.u16(messages.length);
  at.u32(1);
  at.u32(size);
  at.u32(0);
  for (const message of messages) {
    at.u16(message.type);
    at.u16(pad8(message.size));
    at.u32(0);
    const end = at.position + pad8(message.size);
    message.write(at);
    at.skip(end - at.position);
  }
  return address;
}

function dataspaceMessage(shape: readonly number[]): Message {
  return {
    type: 0x01,
    size: 8 + 16 * shape.length,
    write: (at) => {
      at.bytes([1, shape.length, shape.length > 0 ? 1 : 0, 0, 0, 0, 0, 0]);
      for (const n of shape) at.offset(n);
      for (const n of shape) at.offset(n);
    },
  };
}

function attributeMessages(
  heap: GlobalHeap,
  attributes: ReadonlyMap<string, NewData>,
  where: string,
): Message[] {
  return [...attributes].map(([name, data]) => {
    const named = encoder.encode(name);
    const type = datatypeOf(data);
    const space = dataspaceMessage(data.shape);
    const values = valuesOf(data, heap);
    const size = 8 + pad8(named.length + 1) + pad8(type.length) + pad8(space.size) + values.length;
    if (size > 0xffff - 8) {
      throw new FileError(
        `${where}: the attribute ${JSON.stringify(name)} takes ${size} bytes; HDF5 has room for 64 KiB`,
      );
    }
    return {
      type: 0x0c,
      size,
      write: (at) => {
        at.bytes([1, 0]);
        at.u16(named.length + 1);
        at.u16(type.length);
        at.u16(space.size);
        at.text(named, pad8(named.length + 1));
        at.text(type, pad8(type.length));
        space.write(at);
        at.bytes(values);
      },
    };
  });
}

/** The values as they lie in the file; texts of varying length as references into the heap. */
function valuesOf(data: NewData, heap: GlobalHeap): Uint8Array {
  if (!("strings" in data)) return data.bytes;
  const texts = data.strings.map((text) => encoder.encode(text));
  if (data.fixed) {
    const width = fixedWidth(data.strings);
    const piece = new Piece(width * texts.length);
    for (const text of texts) piece.text(text, width);
    return piece.buffer;
  }
  const places = heap.add(texts);
  const piece = new Piece(16 * texts.length);
  texts.forEach((text, i) => {
    piece.u32(text.length);
    piece.offset(places[i]!.address);
    piece.u32(places[i]!.index);
  });
  return piece.buffer;
}

function fixedWidth(strings: readonly string[]): number {
  return Math.max(1, ...strings.map((text) => encoder.encode(text).length));
}

/** For each kind of floats: bits, exponent's place and width, mantissa's width, bias. */
const floats: Readonly<Partial<Record<NumberType, readonly number[]>>> = {
  float16: [16, 10, 5, 10, 15],
  float32: [32, 23, 8, 23, 127],
  float64: [64, 52, 11, 52, 1023],
};

/** A datatype message. */
function datatypeOf(data: NewData): Uint8Array {
  if ("strings" in data) {
    if (data.fixed) {
      const at = new Piece(8);
      // Zeros at the end, ASCII as NumPy's bytes have it.
      at.bytes([0x13, 1, 0, 0]);
      at.u32(fixedWidth(data.strings));
      return at.buffer;
    }
    const at = new Piece(16);
    // Texts that end with a zero, in UTF-8, made of single characters.
    at.bytes([0x19, 1, 1, 0]);
    at.u32(16);
    at.bytes([0x13, 0, 0, 0]);
    at.u32(1);
    return at.buffer;
  }
  const { type } = data;
  const float = floats[type];
  if (float !== undefined) {
    const [bits, place, width, mantissa, bias] = float as [number, number, number, number, number];
    const at = new Piece(20);
    // The first bit of the mantissa is not stored; the sign is the last bit.
    at.bytes([0x11, 0x20, bits - 1, 0]);
    at.u32(bits / 8);
    at.u16(0);
    at.u16(bits);
    at.bytes([place, width, 0, mantissa]);
    at.u32(bias);
    return at.buffer;
  }
  if (type === "bfloat16") {
    // h5py does not know them, and writes two bytes of no type.
    const at = new Piece(8);
    at.bytes([0x15, 0, 0, 0]);
    at.u32(2);
    return at.buffer;
  }
  if (type === "bool") {
    // As h5py writes them: an enumeration over a signed byte.
    const at = new Piece(8 + 12 + 8 + 8 + 2);
    at.bytes([0x18, 2, 0, 0]);
    at.u32(1);
    integer(at, 8, true);
    at.text(encoder.encode("FALSE"), 8);
    at.text(encoder.encode("TRUE"), 8);
    at.bytes([0, 1]);
    return at.buffer;
  }
  const at = new Piece(12);
  integer(at, Number(/\d+/.exec(type)![0]), !type.startsWith("u"));
  return at.buffer;
}

function integer(at: Piece, bits: number, signed: boolean): void {
  at.bytes([0x10, signed ? 8 : 0, 0, 0]);
  at.u32(bits / 8);
  at.u16(0);
  at.u16(bits);
}
