/** The bytes of an HDF5 file, read with suspicion: every read is checked, no block is gone through twice. */

/** Ends the reading with a message. */
export type Fail = (what: string) => never;

/** Reads the little-endian numbers of the format one after the other. */
export class H5Bytes {
  readonly view: DataView;
  readonly bytes: Uint8Array;
  readonly fail: Fail;
  /** How many bytes addresses and lengths take. */
  readonly offsetSize: number;
  readonly lengthSize: number;
  /** Where addresses count from. */
  readonly base: number;
  readonly #claimed: Set<number>;

  constructor(
    bytes: Uint8Array,
    fail: Fail,
    layout: { readonly offsetSize: number; readonly lengthSize: number; readonly base: number },
  ) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.fail = fail;
    this.offsetSize = layout.offsetSize;
    this.lengthSize = layout.lengthSize;
    this.base = layout.base;
    this.#claimed = new Set();
  }

  /** A cursor at a place of the file; it does not read at or behind `end`. */
  at(position: number, end: number = this.bytes.length): Cursor {
    return new Cursor(this, position, end);
  }

  /** A cursor at an address. */
  atAddress(address: number): Cursor {
    return this.at(this.base + address);
  }

  /** Notes that a block is gone through: a second time would mean that the structure runs in circles. */
  claim(address: number): void {
    if (this.#claimed.has(address)) this.fail(`the structure of the HDF5 file leads to ${address} twice`);
    this.#claimed.add(address);
  }

  /** Bytes at an address, not copied. */
  slice(address: number, length: number): Uint8Array {
    const from = this.base + address;
    if (!(from >= 0 && length >= 0 && from + length <= this.bytes.length))
      this.fail(`the HDF5 file is cut off: ${length} bytes at ${address} are missing`);
    return this.bytes.subarray(from, from + length);
  }
}

/** A place in the file that moves on with each read. */
export class Cursor {
  readonly file: H5Bytes;
  position: number;
  readonly end: number;

  constructor(file: H5Bytes, position: number, end: number) {
    this.file = file;
    this.position = position;
    this.end = Math.min(end, file.bytes.length);
  }

  /** Passes over bytes and gives the place where they began. */
  skip(count: number): number {
    const from = this.position;
    if (!(from >= 0 && count >= 0 && from + count <= this.end))
      this.file.fail(`the HDF5 file is cut off or damaged at ${from}`);
    this.position = from + count;
    return from;
  }

  u8(): number {
    return this.file.view.getUint8(this.skip(1));
  }

  u16(): number {
    return this.file.view.getUint16(this.skip(2), true);
  }

  u32(): number {
    return this.file.view.getUint32(this.skip(4), true);
  }

  /** A number of 1 to 8 bytes; undefined if all bits are set, which is how the format says "none". */
  optional(size: number): number | undefined {
    const from = this.skip(size);
    const { bytes } = this.file;
    let value = 0;
    let none = true;
    for (let i = size - 1; i >= 0; i--) {
      value = value * 256 + bytes[from + i]!;
      if (bytes[from + i] !== 255) none = false;
    }
    if (none) return undefined;
    if (!Number.isSafeInteger(value))
      this.file.fail(`the HDF5 file has a number that is too large at ${from}`);
    return value;
  }

  number(size: number): number {
    return this.optional(size) ?? this.file.fail(`the HDF5 file lacks a number at ${this.position - size}`);
  }

  /** An address; undefined for none. */
  optionalOffset(): number | undefined {
    return this.optional(this.file.offsetSize);
  }

  offset(): number {
    return this.number(this.file.offsetSize);
  }

  length(): number {
    return this.number(this.file.lengthSize);
  }

  take(count: number): Uint8Array {
    const from = this.skip(count);
    return this.file.bytes.subarray(from, from + count);
  }

  /** Asks for the four letters with which blocks begin. */
  signature(letters: string): void {
    const found = String.fromCharCode(...this.take(4));
    if (found !== letters)
      this.file.fail(`the HDF5 file is damaged: no ${letters} block at ${this.position - 4}`);
  }

  /** A text that ends with a zero byte or with the block. */
  text(length: number): string {
    return textOf(this.take(length));
  }
}

/** Text up to the first zero byte. */
export function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}
