/** The global heap of an HDF5 file, where texts of varying length lie. */
import { type H5Bytes, textOf } from "./bytes.ts";

/** Gives the text that a reference in the file stands for. */
export type ReadHeapText = (reference: Uint8Array) => string;

/** The heaps of a file; each is gone through once, each text is made once. */
export function openHeaps(file: H5Bytes): ReadHeapText {
  const heaps = new Map<number, ReadonlyMap<number, Uint8Array>>();
  const texts = new Map<string, string>();
  const heapAt = (address: number): ReadonlyMap<number, Uint8Array> => {
    const known = heaps.get(address);
    if (known !== undefined) return known;
    const objects = new Map<number, Uint8Array>();
    const head = file.atAddress(address);
    head.signature("GCOL");
    head.skip(4);
    const size = head.length();
    file.slice(address, size);
    const at = file.at(head.position, file.base + address + size);
    while (at.end - at.position >= 8 + file.lengthSize) {
      const index = at.u16();
      at.skip(6);
      const length = at.length();
      // What is left of the heap is object 0.
      if (index === 0) break;
      objects.set(index, at.take(length));
      at.skip(Math.min((8 - (length % 8)) % 8, at.end - at.position));
    }
    heaps.set(address, objects);
    return objects;
  };
  return (reference) => {
    const from = reference.byteOffset - file.bytes.byteOffset;
    const inFile = reference.buffer === file.bytes.buffer;
    const own = inFile ? file : new (file.constructor as typeof H5Bytes)(reference, file.fail, file);
    const at = own.at(inFile ? from : 0);
    const length = at.u32();
    const address = at.optionalOffset();
    const index = at.u32();
    if (length === 0 || address === undefined || index === 0) return "";
    const key = `${address} ${index} ${length}`;
    let text = texts.get(key);
    if (text === undefined) {
      const object = heapAt(address).get(index);
      if (object === undefined || object.length < length)
        return file.fail("the HDF5 file has a text outside of its heap");
      texts.set(key, (text = textOf(object.subarray(0, length))));
    }
    return text;
  };
}
