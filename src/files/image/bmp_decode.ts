/** Reads BMP: pixels of 1, 4, 8, 16, 24 and 32 bits, masks, and runs. */
import { FileError } from "../../engine/tensor/errors.ts";
import { checkSize, type Raster } from "./raster.ts";

/** Whether bytes look like BMP. */
export function isBmp(bytes: Uint8Array): boolean {
  return bytes[0] === 0x42 && bytes[1] === 0x4d && bytes.length > 26;
}

/** How a picture is stored. */
const plain = 0;
const runs8 = 1;
const runs4 = 2;
const masked = 3;
const maskedWithAlpha = 6;

/**
 * @param where what reads, for messages
 * @throws FileError for damaged files
 */
export function decodeBmp(bytes: Uint8Array, where: string): Raster {
  const fail = (what: string): never => {
    throw new FileError(`${where}: the BMP file ${what}`);
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = view.getUint32(10, true);
  const headerSize = view.getUint32(14, true);
  const isOld = headerSize === 12;
  if (!isOld && (headerSize < 40 || 14 + headerSize > bytes.length)) fail("has an unknown header");
  const width = isOld ? view.getUint16(18, true) : view.getInt32(18, true);
  const signed = isOld ? view.getInt16(20, true) : view.getInt32(22, true);
  const height = Math.abs(signed);
  const bits = view.getUint16(isOld ? 24 : 28, true);
  const packing = isOld ? plain : view.getUint32(30, true);
  checkSize(width, height, where);
  if (![1, 4, 8, 16, 24, 32].includes(bits)) fail(`has pixels of ${bits} bits`);
  const rowOf = (line: number): number => (signed < 0 ? line : height - 1 - line);

  if (bits <= 8) {
    const entry = isOld ? 3 : 4;
    const used = isOld ? 0 : view.getUint32(46, true);
    const palette = bytes.subarray(14 + headerSize, 14 + headerSize + entry * (used || 1 << bits));
    let indices: Uint8Array;
    if (packing === plain) indices = readIndices(bytes, start, width, height, bits, fail);
    else if (packing === runs8 || packing === runs4) indices = readRuns(bytes, start, width, height, bits);
    else return fail("is packed in an unknown way");
    const colours = palette.length / entry;
    const isGrey = Array.from({ length: colours }, (_, i) => i * entry).every(
      (i) => palette[i] === palette[i + 1] && palette[i] === palette[i + 2],
    );
    const channels = isGrey ? 1 : 3;
    const data = new Uint8Array(width * height * channels);
    for (let line = 0; line < height; line++) {
      for (let x = 0; x < width; x++) {
        const from = indices[line * width + x]! * entry;
        const to = (rowOf(line) * width + x) * channels;
        for (let c = 0; c < channels; c++) data[to + c] = palette[from + 2 - c] ?? 0;
      }
    }
    return { width, height, mode: isGrey ? "L" : "RGB", data };
  }

  if (packing !== plain && packing !== masked && packing !== maskedWithAlpha)
    fail("is packed in an unknown way");
  const hasMasks = packing !== plain;
  const defaults = bits === 16 ? [0x7c00, 0x3e0, 0x1f, 0] : [0xff0000, 0xff00, 0xff, 0];
  const maskAt = 54;
  const masks = defaults.map((mask, i) => {
    const there = i < 3 || packing === maskedWithAlpha || headerSize >= 56;
    return hasMasks && there && maskAt + 4 * i + 4 <= bytes.length
      ? view.getUint32(maskAt + 4 * i, true)
      : mask;
  });
  const read = masks.map((mask) => {
    if (mask === 0) return () => 255;
    const shift = 31 - Math.clz32(mask & -mask);
    const most = mask >>> shift;
    return (pixel: number) => Math.floor((((pixel & mask) >>> shift) * 255) / most);
  });
  const channels = masks[3] === 0 ? 3 : 4;
  const stride = (((width * bits + 31) >> 5) << 2) >>> 0;
  if (start + stride * (height - 1) + Math.ceil((width * bits) / 8) > bytes.length) fail("is cut off");
  const data = new Uint8Array(width * height * channels);
  for (let line = 0; line < height; line++) {
    for (let x = 0; x < width; x++) {
      const to = (rowOf(line) * width + x) * channels;
      const at = start + line * stride + (x * bits) / 8;
      if (bits === 24) {
        for (let c = 0; c < 3; c++) data[to + c] = bytes[at + 2 - c]!;
        continue;
      }
      const pixel = bits === 16 ? view.getUint16(at, true) : view.getUint32(at, true);
      for (let c = 0; c < channels; c++) data[to + c] = read[c]!(pixel);
    }
  }
  return { width, height, mode: channels === 4 ? "RGBA" : "RGB", data };
}

function readIndices(
  bytes: Uint8Array,
  start: number,
  width: number,
  height: number,
  bits: number,
  fail: (what: string) => never,
): Uint8Array {
  const stride = ((width * bits + 31) >> 5) << 2;
  if (start + stride * (height - 1) + Math.ceil((width * bits) / 8) > bytes.length) fail("is cut off");
  const out = new Uint8Array(width * height);
  const low = (1 << bits) - 1;
  for (let line = 0; line < height; line++) {
    for (let x = 0; x < width; x++) {
      const bit = x * bits;
      const byte = bytes[start + line * stride + (bit >> 3)]!;
      out[line * width + x] = (byte >> (8 - bits - (bit & 7))) & low;
    }
  }
  return out;
}

/** Runs of equal pixels, and pixels as they are, line by line. */
function readRuns(bytes: Uint8Array, start: number, width: number, height: number, bits: number): Uint8Array {
  const out = new Uint8Array(width * height);
  let [x, line] = [0, 0];
  const put = (index: number): void => {
    if (x < width && line < height) out[line * width + x++] = index;
  };
  for (let at = start; at + 1 < bytes.length && line < height; ) {
    const [count, value] = [bytes[at]!, bytes[at + 1]!];
    at += 2;
    if (count > 0) {
      for (let i = 0; i < count; i++) put(bits === 8 ? value : i % 2 === 0 ? value >> 4 : value & 15);
    } else if (value === 0) [x, line] = [0, line + 1];
    else if (value === 1) break;
    else if (value === 2) {
      x += bytes[at] ?? 0;
      line += bytes[at + 1] ?? 0;
      at += 2;
    } else {
      for (let i = 0; i < value; i++) {
        const byte = bytes[at + (bits === 8 ? i : i >> 1)] ?? 0;
        put(bits === 8 ? byte : i % 2 === 0 ? byte >> 4 : byte & 15);
      }
      const length = bits === 8 ? value : (value + 1) >> 1;
      at += length + (length % 2);
    }
  }
  return out;
}
