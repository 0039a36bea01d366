/** Unpacks bzip2: Huffman codes, move to front, and the Burrows-Wheeler transform back. */
import { FileError } from "../engine/tensor/errors.ts";

/** Whether bytes look like bzip2. */
export function isBzip2(bytes: Uint8Array): boolean {
  return bytes[0] === 0x42 && bytes[1] === 0x5a && bytes[2] === 0x68;
}

const blockMagic = 0x314159265359;
const endMagic = 0x177245385090;

const damaged = (where: string): never => {
  throw new FileError(`${where}: the bzip2 data are damaged or cut off`);
};

/** Reads bits, the highest of a byte first. */
class Bits {
  readonly #bytes: Uint8Array;
  readonly #where: string;
  #at = 0;
  #held = 0;
  #count = 0;

  constructor(bytes: Uint8Array, where: string) {
    this.#bytes = bytes;
    this.#where = where;
  }

  bit(): number {
    if (this.#count === 0) {
      if (this.#at >= this.#bytes.length) damaged(this.#where);
      this.#held = this.#bytes[this.#at++]!;
      this.#count = 8;
    }
    this.#count--;
    return (this.#held >> this.#count) & 1;
  }

  /** Up to 48 bits. */
  read(n: number): number {
    let value = 0;
    for (let i = 0; i < n; i++) value = value * 2 + this.bit();
    return value;
  }

  /** Goes on at the next whole byte; whether there is one. */
  align(): boolean {
    this.#count = 0;
    return this.#at < this.#bytes.length;
  }
}

/** Canonical codes: for each length the first code, and symbols in the order of their codes. */
interface Codes {
  readonly limits: Int32Array;
  readonly offsets: Int32Array;
  readonly symbols: Uint16Array;
}

function makeCodes(lengths: Uint8Array): Codes {
  const counts = new Int32Array(22);
  for (const n of lengths) counts[n]!++;
  const [limits, offsets] = [new Int32Array(22), new Int32Array(22)];
  let [code, before] = [0, 0];
  for (let n = 1; n <= 20; n++) {
    code <<= 1;
    offsets[n] = before - code;
    code += counts[n]!;
    before += counts[n]!;
    limits[n] = code;
  }
  const symbols = new Uint16Array(lengths.length);
  let at = 0;
  for (let n = 1; n <= 20; n++)
    lengths.forEach((length, symbol) => {
      if (length === n) symbols[at++] = symbol;
    });
  return { limits, offsets, symbols };
}

/**
 * The unpacked bytes.
 *
 * @param where what reads, for messages
 * @param maxBytes how many there may be
 * @throws FileError for damaged data, or more than that
 */
export function unpackBzip2(bytes: Uint8Array, where: string, maxBytes: number = 8 * 2 ** 30): Uint8Array {
  const bits = new Bits(bytes, where);
  const parts: Uint8Array[] = [];
  let total = 0;
  do {
    if (bits.read(24) !== 0x425a68) damaged(where);
    const level = bits.read(8) - 48;
    if (level < 1 || level > 9) damaged(where);
    for (;;) {
      const magic = bits.read(48);
      if (magic === endMagic) break;
      if (magic !== blockMagic) damaged(where);
      const part = readBlock(bits, level * 100_000, where);
      total += part.length;
      if (total > maxBytes) throw new FileError(`${where}: the data expand to more than ${maxBytes} bytes`);
      parts.push(part);
    }
    bits.read(32);
  } while (bits.align());
  const out = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** The bytes that a block uses, in order. */
function readAlphabet(bits: Bits): number[] {
  const used: number[] = [];
  const groups = bits.read(16);
  for (let group = 0; group < 16; group++) {
    if (((groups >> (15 - group)) & 1) === 0) continue;
    const members = bits.read(16);
    for (let i = 0; i < 16; i++) if (((members >> (15 - i)) & 1) === 1) used.push(16 * group + i);
  }
  return used;
}

/** Moves what stands at a place to the front, and gives it. */
function toFront<T>(list: T[], place: number): T {
  const [value] = list.splice(place, 1);
  list.unshift(value!);
  return value!;
}

function readTables(bits: Bits, symbols: number, where: string): { tables: Codes[]; selectors: Uint8Array } {
  const count = bits.read(3);
  if (count < 2 || count > 6) damaged(where);
  const selectors = new Uint8Array(bits.read(15));
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = 0; i < selectors.length; i++) {
    let place = 0;
    while (bits.bit() === 1) if (++place >= count) damaged(where);
    selectors[i] = toFront(order, place);
  }
  const tables = order.map(() => {
    const lengths = new Uint8Array(symbols);
    let length = bits.read(5);
    for (let i = 0; i < symbols; i++) {
      while (bits.bit() === 1) length += bits.bit() === 0 ? 1 : -1;
      if (length < 1 || length > 20) damaged(where);
      lengths[i] = length;
    }
    return makeCodes(lengths);
  });
  return { tables, selectors };
}

function readBlock(bits: Bits, most: number, where: string): Uint8Array {
  bits.read(32);
  if (bits.bit() === 1) damaged(where);
  const origin = bits.read(24);
  const front = readAlphabet(bits);
  const end = front.length + 1;
  const { tables, selectors } = readTables(bits, end + 1, where);
  const sorted = new Uint32Array(most);
  const counts = new Int32Array(256);
  let n = 0;
  let [run, weight] = [0, 1];
  for (let decoded = 0; ; decoded++) {
    const { limits, offsets, symbols } = tables[selectors[Math.floor(decoded / 50)] ?? damaged(where)]!;
    let code = bits.bit();
    let length = 1;
    while (code >= limits[length]!) {
      if (++length > 20) damaged(where);
      code = (code << 1) | bits.bit();
    }
    const symbol = symbols[offsets[length]! + code]!;
    if (symbol <= 1) {
      // Lengths of runs are numbers with the digits 1 and 2.
      run += weight * (symbol + 1);
      weight *= 2;
      if (run > most) damaged(where);
      continue;
    }
    if (run > 0) {
      if (n + run > most) damaged(where);
      sorted.fill(front[0]!, n, n + run);
      counts[front[0]!]! += run;
      n += run;
      [run, weight] = [0, 1];
    }
    if (symbol === end) break;
    if (n >= most) damaged(where);
    const byte = toFront(front, symbol - 1);
    sorted[n++] = byte;
    counts[byte]!++;
  }
  if (origin >= Math.max(n, 1)) damaged(where);
  return unrun(unsort(sorted, n, counts, origin));
}

/** The Burrows-Wheeler transform back. */
function unsort(sorted: Uint32Array, n: number, counts: Int32Array, origin: number): Uint8Array {
  let sum = 0;
  for (let i = 0; i < 256; i++) [counts[i], sum] = [sum, sum + counts[i]!];
  // The byte is in the low eight bits, the place of the next one above.
  for (let i = 0; i < n; i++) sorted[counts[sorted[i]! & 0xff]!++]! |= i << 8;
  const out = new Uint8Array(n);
  let at = n === 0 ? 0 : sorted[origin]! >>> 8;
  for (let i = 0; i < n; i++) {
    const entry = sorted[at]!;
    out[i] = entry & 0xff;
    at = entry >>> 8;
  }
  return out;
}

/** Four equal bytes are followed by how many more there are. */
function unrun(bytes: Uint8Array): Uint8Array {
  const visit = (use: (byte: number, times: number) => void): void => {
    let same = 0;
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i]!;
      same = i > 0 && same > 0 && byte === bytes[i - 1] ? same + 1 : 1;
      use(byte, 1);
      if (same === 4) {
        use(byte, bytes[++i] ?? 0);
        same = 0;
      }
    }
  };
  let length = 0;
  visit((_, times) => {
    length += times;
  });
  const out = new Uint8Array(length);
  let at = 0;
  visit((byte, times) => {
    out.fill(byte, at, at + times);
    at += times;
  });
  return out;
}
