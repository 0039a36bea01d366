/** What an HDF5 file holds: a tree of groups and datasets, each with attributes. */
import type { TypedArray } from "../../engine/tensor/dtype.ts";
import type { NumberType } from "../numbers.ts";

/** What a dataset or an attribute holds: numbers of one kind, texts, or something that is not read. */
export type H5Type = NumberType | "string" | "opaque" | "other";

/** Numbers or texts with a shape; they are read when they are asked for. */
export interface H5Data {
  readonly shape: readonly number[];
  readonly type: H5Type;
  /**
   * The numbers, in the dtype that `numberKinds` gives them.
   *
   * @param as how two bytes that the file calls opaque are meant
   * @throws FileError when these are no numbers, or they are damaged
   */
  numbers(as?: "bfloat16"): TypedArray;
  /**
   * The numbers as they lie in the file, little-endian.
   *
   * @throws FileError when these are no numbers, or they are damaged
   */
  bytes(): Uint8Array;
  /**
   * The texts.
   *
   * @throws FileError when these are no texts, or they are damaged
   */
  strings(): string[];
}

/** Attributes by name. */
export type H5Attributes = ReadonlyMap<string, H5Data>;

export interface H5Dataset extends H5Data {
  readonly kind: "dataset";
  readonly attributes: H5Attributes;
}

export interface H5Group {
  readonly kind: "group";
  readonly attributes: H5Attributes;
  readonly members: ReadonlyMap<string, H5Group | H5Dataset | H5Link>;
}

/** A name for something elsewhere. It is never followed. */
export interface H5Link {
  readonly kind: "link";
  readonly type: "SoftLink" | "ExternalLink";
}

/** Data to be written: numbers as little-endian bytes, or texts. */
export type NewData =
  | { readonly shape: readonly number[]; readonly type: NumberType; readonly bytes: Uint8Array }
  | { readonly shape: readonly number[]; readonly strings: readonly string[]; readonly fixed?: boolean };

export interface NewDataset {
  readonly kind: "dataset";
  readonly data: NewData;
  readonly attributes: Map<string, NewData>;
}

export interface NewGroup {
  readonly kind: "group";
  readonly attributes: Map<string, NewData>;
  readonly members: Map<string, NewGroup | NewDataset>;
}

/** A group to be filled. */
export function newGroup(): NewGroup {
  return { kind: "group", attributes: new Map(), members: new Map() };
}
