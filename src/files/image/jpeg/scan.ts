/** Reads the coefficients of a JPEG file: Huffman codes, of files that come whole and of those that come in passes. */
import { type Component, type Frame, zigzag } from "./frame.ts";

/** A Huffman table: for each length of a code the first code past it, and symbols in the order of codes. */
export interface HuffmanTable {
  /** For the next eight bits: length of the code times 256, plus its symbol; 0 if it is longer. */
  readonly fast: Uint16Array;
  readonly limits: Int32Array;
  readonly offsets: Int32Array;
  readonly symbols: Uint8Array;
}

/** A table of what a file says: how many codes of each length, and the symbols. */
export function makeHuffman(counts: Uint8Array, symbols: Uint8Array): HuffmanTable {
  const fast = new Uint16Array(256);
  const [limits, offsets] = [new Int32Array(18), new Int32Array(18)];
  let [code, before] = [0, 0];
  for (let length = 1; length <= 16; length++) {
    code <<= 1;
    offsets[length] = before - code;
    for (let i = 0; i < counts[length - 1]!; i++, code++) {
      const symbol = symbols[before++] ?? 0;
      if (length > 8) continue;
      const first = code << (8 - length);
      fast.fill((length << 8) | symbol, first, first + (1 << (8 - length)));
    }
    limits[length] = code;
  }
  return { fast, limits, offsets, symbols };
}

/** What a scan covers. */
export interface Scan {
  readonly parts: readonly {
    readonly component: Component;
    readonly dc: HuffmanTable | undefined;
    readonly ac: HuffmanTable | undefined;
  }[];
  readonly spectralStart: number;
  readonly spectralEnd: number;
  readonly high: number;
  readonly low: number;
}

/** Bits, the highest of a byte first; behind a marker, and behind the end, there are zeros. */
class Bits {
  readonly #bytes: Uint8Array;
  at: number;
  #held = 0;
  #count = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  #fill(n: number): void {
    while (this.#count < n) {
      let byte = this.#bytes[this.at] ?? 0;
      if (byte === 0xff) {
        if (this.#bytes[this.at + 1] === 0) this.at += 2;
        // A marker stays where it is.
        else byte = 0;
      } else this.at++;
      this.#held = ((this.#held << 8) | byte) & 0xffffff;
      this.#count += 8;
    }
  }

  /** Up to 16 bits. */
  read(n: number): number {
    if (n === 0) return 0;
    this.#fill(n);
    this.#count -= n;
    return (this.#held >> this.#count) & ((1 << n) - 1);
  }

  /** A number that needs so many bits; negative ones begin with a zero. */
  signed(n: number): number {
    const value = this.read(n);
    return n === 0 || value >= 1 << (n - 1) ? value : value - (1 << n) + 1;
  }

  symbol({ fast, limits, offsets, symbols }: HuffmanTable): number {
    this.#fill(8);
    const found = fast[(this.#held >> (this.#count - 8)) & 0xff]!;
    if (found !== 0) {
      this.#count -= found >> 8;
      return found & 0xff;
    }
    let code = this.read(8);
    for (let length = 9; length <= 16; length++) {
      code = (code << 1) | this.read(1);
      if (code < limits[length]!) return symbols[offsets[length]! + code] ?? 0;
    }
    return 0;
  }

  /** Goes on behind the marker that divides intervals, if there is one. */
  restart(): boolean {
    this.#held = 0;
    this.#count = 0;
    let at = this.at;
    while (at + 1 < this.#bytes.length && this.#bytes[at] === 0xff && this.#bytes[at + 1] === 0xff) at++;
    const marker = this.#bytes[at] === 0xff ? this.#bytes[at + 1]! : 0;
    if (marker < 0xd0 || marker > 0xd7) return false;
    this.at = at + 2;
    return true;
  }
}

/** Reads one block into its coefficients. */
type ReadBlock = (part: Scan["parts"][number], index: number, block: number) => void;

/**
 * Reads a scan.
 *
 * @param interval units between two markers; 0 for none
 * @returns where the scan ends; behind the last byte if it is cut off
 */
export function readScan(
  bytes: Uint8Array,
  start: number,
  frame: Frame,
  scan: Scan,
  interval: number,
): number {
  const bits = new Bits(bytes, start);
  const state = { dc: scan.parts.map(() => 0), run: 0 };
  const readBlock = blockReader(bits, frame, scan, state);
  const [first] = scan.parts;
  const alone = scan.parts.length === 1 ? first!.component : undefined;
  const across = alone === undefined ? Math.ceil(frame.width / (8 * frame.hMax)) : Math.ceil(alone.width / 8);
  const down = alone === undefined ? Math.ceil(frame.height / (8 * frame.vMax)) : Math.ceil(alone.height / 8);
  const units = across * down;
  for (let unit = 0; unit < units; unit++) {
    if (interval > 0 && unit > 0 && unit % interval === 0) {
      if (!bits.restart()) break;
      state.dc.fill(0);
      state.run = 0;
    }
    const [row, column] = [Math.floor(unit / across), unit % across];
    if (alone !== undefined) readBlock(first!, 0, row * alone.columns + column);
    else {
      scan.parts.forEach((part, index) => {
        const { h, v, columns } = part.component;
        for (let y = 0; y < v; y++)
          for (let x = 0; x < h; x++) readBlock(part, index, (row * v + y) * columns + column * h + x);
      });
    }
  }
  return bits.at;
}

function blockReader(
  bits: Bits,
  frame: Frame,
  scan: Scan,
  state: { readonly dc: number[]; run: number },
): ReadBlock {
  const { spectralStart, spectralEnd, high, low } = scan;
  if (!frame.progressive) {
    return ({ component, dc, ac }, index, block) => {
      const out = component.coefficients;
      const base = 64 * block;
      state.dc[index]! += bits.signed(bits.symbol(dc!));
      out[base] = state.dc[index]!;
      for (let k = 1; k < 64; k++) {
        const symbol = bits.symbol(ac!);
        const [zeros, size] = [symbol >> 4, symbol & 15];
        if (size === 0) {
          if (zeros < 15) break;
          k += 15;
          continue;
        }
        k += zeros;
        out[base + zigzag[k & 63]!] = bits.signed(size);
      }
    };
  }
  if (spectralStart === 0) {
    if (high > 0) {
      return ({ component }, _, block) => {
        if (bits.read(1) === 1) component.coefficients[64 * block]! |= 1 << low;
      };
    }
    return ({ component, dc }, index, block) => {
      state.dc[index]! += bits.signed(bits.symbol(dc!));
      component.coefficients[64 * block] = state.dc[index]! << low;
    };
  }
  if (high === 0) {
    return ({ component, ac }, _, block) => {
      if (state.run > 0) {
        state.run--;
        return;
      }
      for (let k = spectralStart; k <= spectralEnd; k++) {
        const symbol = bits.symbol(ac!);
        const [zeros, size] = [symbol >> 4, symbol & 15];
        if (size === 0) {
          if (zeros < 15) {
            state.run = (1 << zeros) - 1 + bits.read(zeros);
            break;
          }
          k += 15;
          continue;
        }
        k += zeros;
        component.coefficients[64 * block + zigzag[k & 63]!] = bits.signed(size) * (1 << low);
      }
    };
  }
  return ({ component, ac }, _, block) => refine(bits, component.coefficients, 64 * block, ac!, scan, state);
}

/** Gives coefficients that are there one bit more, and puts new ones between them. */
function refine(
  bits: Bits,
  out: Int16Array,
  base: number,
  table: HuffmanTable,
  { spectralStart, spectralEnd, low }: Scan,
  state: { run: number },
): void {
  const step = 1 << low;
  const correct = (place: number): void => {
    const value = out[place]!;
    if (bits.read(1) === 1 && (value & step) === 0) out[place] = value + (value > 0 ? step : -step);
  };
  let k = spectralStart;
  if (state.run === 0) {
    for (; k <= spectralEnd; k++) {
      const symbol = bits.symbol(table);
      let zeros = symbol >> 4;
      let fresh = 0;
      if ((symbol & 15) > 0) fresh = bits.read(1) === 1 ? step : -step;
      else if (zeros < 15) {
        state.run = (1 << zeros) + bits.read(zeros);
        break;
      }
      for (; k <= spectralEnd; k++) {
        const place = base + zigzag[k]!;
        if (out[place] !== 0) correct(place);
        else if (zeros-- === 0) {
          if (fresh !== 0) out[place] = fresh;
          break;
        }
      }
    }
  }
  if (state.run > 0) {
    for (; k <= spectralEnd; k++) {
      const place = base + zigzag[k]!;
      if (out[place] !== 0) correct(place);
    }
    state.run--;
  }
}
