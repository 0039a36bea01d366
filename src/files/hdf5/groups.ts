/** The members of an HDF5 group, in both ways in which files keep them: symbol tables, and link messages. */
import { type Cursor, type H5Bytes, textOf } from "./bytes.ts";
import { denseObjects } from "./dense.ts";
import { find, type Message, messageType } from "./headers.ts";
import type { H5Link } from "./tree.ts";

/** What a group says of a member: where its object header is, or that it lies elsewhere. */
export type Target = number | H5Link;

/** The members of a group by name; undefined if the object is no group. */
export function readLinks(file: H5Bytes, messages: readonly Message[]): Map<string, Target> | undefined {
  const links = new Map<string, Target>();
  const add = (name: string, target: Target): void => {
    // Paths are made of names: these would lead to the group itself, or into another one.
    if (name === "" || name === "." || name.includes("/"))
      file.fail(`the HDF5 file has a member with the name ${JSON.stringify(name)}`);
    if (links.has(name)) file.fail(`the HDF5 file has ${JSON.stringify(name)} twice in one group`);
    links.set(name, target);
  };
  const table = find(messages, messageType.symbolTable);
  if (table !== undefined) {
    const tree = table.offset();
    const heap = openHeap(file, table.offset());
    readTree(file, tree, 0, (at) => {
      const name = heap(at.offset());
      const header = at.optionalOffset();
      const cache = at.u32();
      at.skip(20);
      // A soft link lies in the heap alone.
      add(name, cache === 2 || header === undefined ? { kind: "link", type: "SoftLink" } : header);
    });
    return links;
  }
  const info = find(messages, messageType.linkInfo);
  for (const m of messages) if (m.type === messageType.link) readLink(m.open(), add);
  if (info !== undefined) {
    info.skip(1);
    if ((info.u8() & 1) !== 0) info.skip(8);
    const heap = info.optionalOffset();
    const names = info.optionalOffset();
    if (heap !== undefined && names !== undefined)
      for (const at of denseObjects(file, heap, names)) readLink(at, add);
    return links;
  }
  return links.size > 0 ? links : undefined;
}

/** The texts of a local heap, by their place in it. */
function openHeap(file: H5Bytes, address: number): (offset: number) => string {
  const at = file.atAddress(address);
  at.signature("HEAP");
  at.skip(4);
  const size = at.length();
  at.skip(file.lengthSize);
  const data = file.slice(at.offset(), size);
  return (offset) => {
    if (offset >= size) file.fail("the HDF5 file has a name outside of its heap");
    return textOf(data.subarray(offset));
  };
}

/** Goes through the symbols of a tree of groups. */
function readTree(file: H5Bytes, address: number, depth: number, entry: (at: Cursor) => void): void {
  file.claim(address);
  if (depth > 32) file.fail("the HDF5 file has a tree that is too deep");
  const at = file.atAddress(address);
  at.signature("TREE");
  if (at.u8() !== 0) file.fail("the HDF5 file has a tree of another kind where a group should be");
  const level = at.u8();
  const used = at.u16();
  at.skip(2 * file.offsetSize);
  for (let i = 0; i < used; i++) {
    at.skip(file.lengthSize);
    const child = at.offset();
    if (level > 0) readTree(file, child, depth + 1, entry);
    else {
      file.claim(child);
      const symbols = file.atAddress(child);
      symbols.signature("SNOD");
      symbols.skip(2);
      const count = symbols.u16();
      for (let n = 0; n < count; n++) entry(symbols);
    }
  }
}

/** Reads a link message. */
function readLink(at: Cursor, add: (name: string, target: Target) => void): void {
  at.skip(1);
  const flags = at.u8();
  const type = (flags & 8) === 0 ? 0 : at.u8();
  if ((flags & 4) !== 0) at.skip(8);
  if ((flags & 16) !== 0) at.skip(1);
  const name = at.text(at.number(1 << (flags & 3)));
  if (type === 0) add(name, at.offset());
  else add(name, { kind: "link", type: type === 1 ? "SoftLink" : "ExternalLink" });
}
