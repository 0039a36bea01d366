/** What the values of an HDF5 dataset are. */
import { type NumberType, numberKinds } from "../numbers.ts";
import type { Cursor } from "./bytes.ts";

/** A datatype of a file. */
export type Datatype =
  | {
      readonly class: "number";
      readonly kind: NumberType;
      readonly size: number;
      readonly littleEndian: boolean;
    }
  | { readonly class: "fixed string"; readonly size: number; readonly spacePadded: boolean }
  | { readonly class: "string"; readonly size: number }
  | { readonly class: "opaque"; readonly size: number }
  | { readonly class: "other"; readonly size: number; readonly what: string };

const others: Readonly<Record<number, string>> = {
  2: "times",
  4: "bit fields",
  6: "compounds",
  7: "references",
  9: "sequences of varying length",
  10: "arrays",
};

/** Reads a datatype message. What is not known is no mistake as long as nobody asks for the values. */
export function readDatatype(at: Cursor, isBase = false): Datatype {
  const head = at.u8();
  const version = head >> 4;
  const bits = at.u8() | (at.u8() << 8) | (at.u8() << 16);
  const size = at.u32();
  if (size === 0) at.file.fail("the HDF5 file has values without a size");
  switch (head & 15) {
    case 0: {
      const signed = (bits & 8) !== 0;
      const offset = at.u16();
      const precision = at.u16();
      const name = `${signed ? "int" : "uint"}${size * 8}`;
      if (offset !== 0 || precision !== size * 8 || !isKind(name))
        return { class: "other", size, what: `integers of ${precision} bits` };
      return { class: "number", kind: name, size, littleEndian: (bits & 1) === 0 };
    }
    case 1: {
      at.skip(4);
      at.skip(1);
      const exponent = at.u8();
      const name = size === 2 && exponent === 8 ? "bfloat16" : `float${size * 8}`;
      const usual = { float16: 5, bfloat16: 8, float32: 8, float64: 11 }[name];
      if (usual !== exponent || (bits & 0x40) !== 0 || !isKind(name))
        return { class: "other", size, what: `floats of ${size * 8} bits` };
      return { class: "number", kind: name, size, littleEndian: (bits & 1) === 0 };
    }
    case 3:
      return { class: "fixed string", size, spacePadded: (bits & 15) === 2 };
    case 5:
      return { class: "opaque", size };
    case 8: {
      if (isBase) return { class: "other", size, what: "enumerations" };
      // h5py writes booleans as an enumeration of FALSE and TRUE.
      const base = readDatatype(at, true);
      const names = Array.from({ length: Math.min(bits & 0xffff, 2) }, () => readName(at, version));
      if (names.join() === "FALSE,TRUE" && base.class === "number" && base.size === 1)
        return { class: "number", kind: "bool", size: 1, littleEndian: true };
      return base.class === "number" ? base : { class: "other", size, what: "enumerations" };
    }
    case 9:
      if ((bits & 15) === 1) return { class: "string", size };
      return { class: "other", size, what: others[9]! };
    default:
      return { class: "other", size, what: others[head & 15] ?? "values of an unknown class" };
  }
}

function isKind(name: string): name is NumberType {
  return Object.hasOwn(numberKinds, name);
}

/** The name of a member of an enumeration, padded to eight bytes in old versions. */
function readName(at: Cursor, version: number): string {
  const from = at.position;
  let name = "";
  for (let c = at.u8(); c !== 0; c = at.u8()) name += String.fromCharCode(c);
  if (version < 3) at.skip((8 - ((at.position - from) % 8)) % 8);
  return name;
}
