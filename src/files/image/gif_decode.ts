/** Reads the first picture of GIF files. */
import { FileError } from "../../engine/tensor/errors.ts";
import { joinBytes } from "../bytes.ts";
import { checkSize, type Raster } from "./raster.ts";

/** Whether bytes look like GIF. */
export function isGif(bytes: Uint8Array): boolean {
  return /^GIF8[79]a$/.test(String.fromCharCode(...bytes.subarray(0, 6)));
}

/**
 * @param where what reads, for messages
 * @throws FileError for damaged files
 */
export function decodeGif(bytes: Uint8Array, where: string): Raster {
  const fail = (what: string): never => {
    throw new FileError(`${where}: the GIF file ${what}`);
  };
  if (bytes.length < 13) return fail("is cut off");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height] = [view.getUint16(6, true), view.getUint16(8, true)];
  checkSize(width, height, where);
  let at = 13;
  const takePalette = (flags: number): Uint8Array | undefined => {
    if ((flags & 0x80) === 0) return undefined;
    const from = at;
    at += 3 << ((flags & 7) + 1);
    return bytes.subarray(from, at);
  };
  const takeBlocks = (): Uint8Array => {
    const parts: Uint8Array[] = [];
    while (at < bytes.length && bytes[at] !== 0) {
      parts.push(bytes.subarray(at + 1, at + 1 + bytes[at]!));
      at += 1 + bytes[at]!;
    }
    at++;
    return joinBytes(parts);
  };
  const global = takePalette(bytes[10]!);
  const background = bytes[11]!;
  let hidden = -1;
  for (;;) {
    const kind = bytes[at++];
    if (kind === 0x21) {
      const label = bytes[at++];
      const body = takeBlocks();
      if (label === 0xf9 && (body[0]! & 1) === 1) hidden = body[3]!;
      continue;
    }
    if (kind !== 0x2c) return fail("has no picture in it");
    if (at + 10 > bytes.length) return fail("is cut off");
    const [left, top, columns, rows] = [0, 2, 4, 6].map((i) => view.getUint16(at + i, true)) as [
      ...[number, number, number, number],
    ];
    const flags = bytes[at + 8]!;
    at += 9;
    const palette = takePalette(flags) ?? global ?? fail("has no palette");
    const codeSize = bytes[at++]!;
    if (codeSize > 11) fail("is damaged");
    const packed = takeBlocks();
    // A code has three bits at least, and gives 4096 pixels at most.
    if (columns * rows > 4096 * 3 * packed.length) fail("is cut off");
    const indices = unpackLzw(packed, codeSize, columns * rows);
    const screen = new Uint8Array(width * height).fill(hidden >= 0 ? hidden : background);
    const order = lineOrder(rows, (flags & 0x40) !== 0);
    for (let i = 0; i < rows; i++) {
      const y = top + order[i]!;
      for (let x = 0; x < columns && left + x < width && y < height; x++)
        screen[y * width + left + x] = indices[i * columns + x]!;
    }
    return paint(screen, width, height, palette, hidden);
  }
}

/** The lines in the order in which they come. */
function lineOrder(rows: number, interlaced: boolean): number[] {
  const all = Array.from({ length: rows }, (_, i) => i);
  if (!interlaced) return all;
  const every = (step: number, from: number): number[] => all.filter((i) => i % step === from);
  return [...every(8, 0), ...every(8, 4), ...every(4, 2), ...every(2, 1)];
}

function paint(
  screen: Uint8Array,
  width: number,
  height: number,
  palette: Uint8Array,
  hidden: number,
): Raster {
  const channels = hidden >= 0 ? 4 : 3;
  const data = new Uint8Array(screen.length * channels);
  screen.forEach((index, i) => {
    for (let c = 0; c < 3; c++) data[i * channels + c] = palette[3 * index + c] ?? 0;
    if (channels === 4) data[i * channels + 3] = index === hidden ? 0 : 255;
  });
  return { width, height, mode: channels === 4 ? "RGBA" : "RGB", data };
}

/** Codes of growing length for sequences that came before; what is missing stays zero. */
function unpackLzw(packed: Uint8Array, codeSize: number, count: number): Uint8Array {
  const out = new Uint8Array(count);
  const clear = 1 << codeSize;
  const prefix = new Uint16Array(4096);
  const last = new Uint8Array(4096);
  const lengths = new Uint16Array(4096);
  for (let i = 0; i < clear; i++) [last[i], lengths[i]] = [i, 1];
  let [size, next, before, at] = [codeSize + 1, clear + 2, -1, 0];
  let [held, bits] = [0, 0];
  const firstOf = (code: number): number => {
    while (lengths[code]! > 1) code = prefix[code]!;
    return last[code]!;
  };
  for (let i = 0; at < count; ) {
    while (bits < size && i < packed.length) {
      held |= packed[i++]! << bits;
      bits += 8;
    }
    if (bits < size) break;
    const code = held & ((1 << size) - 1);
    held >>>= size;
    bits -= size;
    if (code === clear) {
      [size, next, before] = [codeSize + 1, clear + 2, -1];
      continue;
    }
    if (code === clear + 1 || code > next || (before < 0 && code >= clear)) break;
    if (before >= 0 && next < 4096) {
      prefix[next] = before;
      last[next] = firstOf(code === next ? before : code);
      lengths[next] = lengths[before]! + 1;
      next++;
      if (next === 1 << size && size < 12) size++;
    }
    const length = lengths[code]!;
    for (let c = code, place = at + length - 1; place >= at; c = prefix[c]!, place--)
      if (place < count) out[place] = last[c]!;
    at += length;
    before = code;
  }
  return out;
}
