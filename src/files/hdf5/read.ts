/**
 * Reads HDF5 files. Reading ends for every file: no block is gone through twice, sizes are checked before memory is taken,
 * links to elsewhere are not followed, and the depth is limited.
 */
import { FileError } from "../../engine/tensor/errors.ts";
import { type NumberKind, numberKinds, readNumbers, viewNumbers } from "../numbers.ts";
import { type Cursor, H5Bytes, textOf } from "./bytes.ts";
import { type Datatype, readDatatype } from "./datatype.ts";
import { denseObjects } from "./dense.ts";
import { openHeaps, type ReadHeapText } from "./global_heap.ts";
import { readLinks } from "./groups.ts";
import { find, type Message, messageType, readDataspace, readHeader } from "./headers.ts";
import { type Inflate, needsInflate, openStorage, type ReadBytes } from "./storage.ts";
import type { H5Attributes, H5Data, H5Dataset, H5Group, H5Link, H5Type } from "./tree.ts";

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
const deepest = 100;

/** Whether bytes look like an HDF5 file. */
export function isHdf5(bytes: Uint8Array): boolean {
  return startOf(bytes) !== undefined;
}

/** Where the file begins: at its beginning, or behind something else at a power of two. */
function startOf(bytes: Uint8Array): number | undefined {
  for (let at = 0; at + 8 <= bytes.length; at = at === 0 ? 512 : at * 2)
    if (signature.every((byte, i) => bytes[at + i] === byte)) return at;
  return undefined;
}

/**
 * The tree of an HDF5 file. Values are read when they are asked for; until then the bytes must not change.
 *
 * @param where what reads, for messages
 * @throws FileError when it is no such file, or damaged, or has what is not read
 */
export async function readHdf5(source: Uint8Array, where: string): Promise<H5Group> {
  // Node's buffers are arrays of bytes whose `slice` does not copy.
  const bytes = new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  const fail = (what: string): never => {
    throw new FileError(`${where}: ${what}`);
  };
  const start = startOf(bytes) ?? fail("this is no HDF5 file (file signature not found)");
  const { file, root } = openSuperblock(bytes, start, fail);
  const walk = new Walk(file);
  const tree = walk.object(root, 0);
  if (tree.kind !== "group") return fail("the HDF5 file does not begin with a group");
  if (walk.packed) walk.inflate = await loadInflate(fail);
  return tree;
}

function openSuperblock(
  bytes: Uint8Array,
  start: number,
  fail: (what: string) => never,
): { readonly file: H5Bytes; readonly root: number } {
  const version = bytes[start + 8] ?? fail("the HDF5 file is cut off");
  const isOld = version < 2;
  if (version > 3) fail(`the HDF5 file is of an unknown version: ${version}`);
  const offsetSize = bytes[start + (isOld ? 13 : 9)] ?? 0;
  const lengthSize = bytes[start + (isOld ? 14 : 10)] ?? 0;
  if (![2, 4, 8].includes(offsetSize) || ![2, 4, 8].includes(lengthSize))
    fail("the HDF5 file is damaged: its numbers have an unknown size");
  const sizes = { offsetSize, lengthSize };
  const at = new H5Bytes(bytes, fail, { ...sizes, base: 0 }).at(start + 12);
  if (isOld) at.skip(version === 0 ? 12 : 16);
  const base = at.offset();
  at.skip(offsetSize);
  const end = at.offset();
  if (base === 0 && end > bytes.length)
    fail(`the HDF5 file is cut off: it should have ${end} bytes and has ${bytes.length}`);
  if (isOld) at.skip(2 * offsetSize);
  const root = at.offset();
  return { file: new H5Bytes(bytes, fail, { ...sizes, base: base === 0 ? start : base }), root };
}

async function loadInflate(fail: (what: string) => never): Promise<Inflate> {
  const { unzlibSync } = await import("fflate");
  return (packed, size) => {
    try {
      // A buffer of the right size: what would be longer is cut, and found out by its length.
      return unzlibSync(packed, { out: new Uint8Array(size) });
    } catch {
      return fail("a chunk of an HDF5 dataset is damaged");
    }
  };
}

/** Turns objects of the file into a tree. */
class Walk {
  readonly file: H5Bytes;
  readonly #heaps: ReadHeapText;
  /** Whether anything is deflated. */
  packed = false;
  inflate: Inflate | undefined;

  constructor(file: H5Bytes) {
    this.file = file;
    this.#heaps = openHeaps(file);
  }

  object(address: number, depth: number): H5Group | H5Dataset {
    const { file } = this;
    if (depth > deepest) file.fail(`the HDF5 file has groups in groups, more than ${deepest} deep`);
    const messages = readHeader(file, address);
    const attributes = this.#attributes(messages);
    if (find(messages, messageType.layout) !== undefined) return this.#dataset(messages, attributes);
    const members = new Map<string, H5Group | H5Dataset | H5Link>();
    // By name, as h5py lists them; in newer files they lie in the order of hashes.
    const links = [...(readLinks(file, messages) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [name, target] of links)
      members.set(name, typeof target === "number" ? this.object(target, depth + 1) : target);
    return { kind: "group", attributes, members };
  }

  #dataset(messages: readonly Message[], attributes: H5Attributes): H5Dataset {
    const { file } = this;
    const shared = messages.find((m) => m.type === messageType.datatype && (m.flags & 2) !== 0);
    if (shared !== undefined) file.fail("HDF5 datasets with a datatype that has a name are not read");
    const space = find(messages, messageType.dataspace) ?? file.fail("an HDF5 dataset has no shape");
    const type = find(messages, messageType.datatype) ?? file.fail("an HDF5 dataset has no datatype");
    const shape = readDataspace(space) ?? [0];
    const datatype = readDatatype(type);
    this.packed ||= needsInflate(messages);
    const read = openStorage(file, messages, shape, datatype.size);
    return Object.assign(this.#data(shape, datatype, read), { kind: "dataset" as const, attributes });
  }

  #attributes(messages: readonly Message[]): H5Attributes {
    const { file } = this;
    const all = messages.filter((m) => m.type === messageType.attribute).map((m) => m.open());
    const info = find(messages, messageType.attributeInfo);
    if (info !== undefined) {
      info.skip(1);
      if ((info.u8() & 1) !== 0) info.skip(2);
      const heap = info.optionalOffset();
      const names = info.optionalOffset();
      if (heap !== undefined && names !== undefined) all.push(...denseObjects(file, heap, names));
    }
    const attributes = new Map<string, H5Data>();
    for (const at of all) {
      const [name, data] = this.#attribute(at);
      if (attributes.has(name)) file.fail(`the HDF5 file has the attribute ${JSON.stringify(name)} twice`);
      attributes.set(name, data);
    }
    return attributes;
  }

  #attribute(at: Cursor): [string, H5Data] {
    const { file } = this;
    const version = at.u8();
    if (version < 1 || version > 3) file.fail(`the HDF5 file has an attribute of version ${version}`);
    const shared = (at.u8() & 3) !== 0 && version > 1;
    const [nameSize, typeSize, spaceSize] = [at.u16(), at.u16(), at.u16()];
    if (version === 3) at.skip(1);
    const padded = (n: number): number => (version === 1 ? Math.ceil(n / 8) * 8 : n);
    const name = textOf(at.take(padded(nameSize)));
    const part = (size: number): Cursor => {
      const from = at.skip(padded(size));
      return file.at(from, from + size);
    };
    const [type, space] = [part(typeSize), part(spaceSize)];
    if (shared) {
      const other: Datatype = { class: "other", size: 0, what: "values of a datatype that has a name" };
      return [name, this.#data([], other, () => new Uint8Array(0))];
    }
    const datatype = readDatatype(type);
    const shape = readDataspace(space) ?? [0];
    const length = shape.reduce((n, m) => n * m, datatype.size);
    const bytes = at.take(length);
    return [name, this.#data(shape, datatype, () => bytes)];
  }

  #data(shape: readonly number[], datatype: Datatype, read: ReadBytes): H5Data {
    const { fail } = this.file;
    const isText = datatype.class === "string" || datatype.class === "fixed string";
    const type: H5Type = datatype.class === "number" ? datatype.kind : isText ? "string" : datatype.class;
    const size = (): number => shape.reduce((n, m) => n * m, 1);
    const wrong = (wanted: string): never =>
      fail(
        `expected ${wanted} in the HDF5 file. Received: ${datatype.class === "other" ? datatype.what : type}`,
      );
    const raw = (): Uint8Array => read(this.inflate);
    return {
      shape,
      type,
      numbers: (as) => {
        const opaque = datatype.class === "opaque" && datatype.size === 2 && as === "bfloat16";
        const kind: NumberKind =
          datatype.class === "number" ? numberKinds[datatype.kind] : numberKinds.bfloat16;
        if (datatype.class !== "number" && !opaque) return wrong("numbers");
        const little = datatype.class !== "number" || datatype.littleEndian;
        const bytes = raw();
        const seen = little ? viewNumbers(bytes, kind) : undefined;
        if (seen !== undefined) return seen;
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        return readNumbers(view, 0, size(), kind, little, fail);
      },
      bytes: () => {
        if (datatype.class !== "number" && datatype.class !== "opaque") return wrong("numbers");
        const bytes = raw();
        if (datatype.class === "opaque" || datatype.littleEndian || datatype.size === 1) return bytes;
        const turned = bytes.slice();
        for (let at = 0; at < turned.length; at += datatype.size)
          turned.subarray(at, at + datatype.size).reverse();
        return turned;
      },
      strings: () => {
        if (datatype.class !== "string" && datatype.class !== "fixed string") return wrong("texts");
        const bytes = raw();
        const width = datatype.size;
        return Array.from({ length: size() }, (_, i) => {
          const one = bytes.subarray(i * width, (i + 1) * width);
          if (datatype.class === "string") return this.#heaps(one);
          return datatype.spacePadded ? textOf(one).replace(/ +$/, "") : textOf(one);
        });
      },
    };
  }
}
