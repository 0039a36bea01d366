/** Reads JPEG, baseline and progressive: the pixels that libjpeg gives, bit for bit. */
import { FileError, UnsupportedError } from "../../engine/tensor/errors.ts";
import { type Component, type Frame, zigzag } from "./jpeg/frame.ts";
import { samplesOf } from "./jpeg/inverse_dct.ts";
import { type HuffmanTable, makeHuffman, readScan, type Scan } from "./jpeg/scan.ts";
import { type Plane, upsample } from "./jpeg/upsample.ts";
import { checkSize, type Raster } from "./raster.ts";

/** Whether bytes look like JPEG. */
export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

/** How the colours of a picture are written. */
type ColourSpace = "L" | "RGB" | "YCbCr" | "CMYK" | "YCCK";

/**
 * @param where what reads, for messages
 * @throws FileError for damaged files, UnsupportedError for kinds that hardly exist (arithmetic codes, lossless)
 */
export function decodeJpeg(bytes: Uint8Array, where: string): Raster {
  const fail = (what: string): never => {
    throw new FileError(`${where}: the JPEG file ${what}`);
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables: (Uint16Array | undefined)[] = [];
  const codes = { dc: [] as (HuffmanTable | undefined)[], ac: [] as (HuffmanTable | undefined)[] };
  let frame: Frame | undefined;
  let interval = 0;
  let adobe: number | undefined;
  let hasJfif = false;
  let scans = 0;
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) {
      at++;
      continue;
    }
    const marker = bytes[at + 1]!;
    if (marker === 0xff || marker === 0 || marker === 1 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += marker === 0xff ? 1 : 2;
      continue;
    }
    if (marker === 0xd9) break;
    const length = view.getUint16(at + 2);
    const body = bytes.subarray(at + 4, at + 2 + length);
    if (length < 2 || body.length !== length - 2) fail("is cut off");
    at += 2 + length;
    if (marker === 0xdb) readQuantization(body, tables, fail);
    else if (marker === 0xc4) readHuffman(body, codes, fail);
    else if (marker === 0xdd) interval = body[0]! * 256 + body[1]!;
    else if (marker === 0xe0 && text(body, 4) === "JFIF") hasJfif = true;
    else if (marker === 0xee && text(body, 5) === "Adobe") adobe = body[11];
    else if (marker >= 0xc0 && marker <= 0xc2) {
      if (frame !== undefined) fail("has two pictures in one");
      frame = readFrame(body, marker === 0xc2, bytes.length - at, where, fail);
    } else if (marker >= 0xc3 && marker <= 0xcf && marker !== 0xc8 && marker !== 0xcc) {
      throw new UnsupportedError(`${where}: JPEG files of the kind SOF${marker - 0xc0} are not read.`);
    } else if (marker === 0xda) {
      if (frame === undefined) return fail("has pixels before its size");
      at = readScan(bytes, at, frame, scanOf(body, frame, codes, fail), interval);
      if (at > bytes.length) fail("is cut off");
      scans++;
    }
  }
  if (frame === undefined || scans === 0) return fail("has no picture in it");
  const { width, height } = frame;
  const planes = frame.components.map((component) =>
    upsample(
      component,
      samplesOf(component, tables[component.table] ?? fail("has no quantization table")),
      frame,
    ),
  );
  const data = paint(planes, width, height, colourSpace(frame, adobe, hasJfif));
  return { width, height, mode: planes.length === 1 ? "L" : "RGB", data };
}

const text = (bytes: Uint8Array, length: number): string => String.fromCharCode(...bytes.subarray(0, length));

function readQuantization(
  body: Uint8Array,
  tables: (Uint16Array | undefined)[],
  fail: (what: string) => never,
): void {
  for (let at = 0; at < body.length; ) {
    const [wide, id] = [body[at]! >> 4, body[at]! & 15];
    at++;
    const size = wide === 0 ? 64 : 128;
    if (at + size > body.length) fail("has a damaged quantization table");
    const table = new Uint16Array(64);
    for (let i = 0; i < 64; i++)
      table[zigzag[i]!] = wide === 0 ? body[at + i]! : body[at + 2 * i]! * 256 + body[at + 2 * i + 1]!;
    tables[id] = table;
    at += size;
  }
}

function readHuffman(
  body: Uint8Array,
  codes: { readonly dc: (HuffmanTable | undefined)[]; readonly ac: (HuffmanTable | undefined)[] },
  fail: (what: string) => never,
): void {
  for (let at = 0; at + 17 <= body.length; ) {
    const [kind, id] = [body[at]! >> 4, body[at]! & 15];
    const counts = body.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, n) => sum + n, 0);
    if (total > 256 || at + 17 + total > body.length) fail("has a damaged table of codes");
    codes[kind === 0 ? "dc" : "ac"][id] = makeHuffman(counts, body.slice(at + 17, at + 17 + total));
    at += 17 + total;
  }
}

function readFrame(
  body: Uint8Array,
  progressive: boolean,
  left: number,
  where: string,
  fail: (what: string) => never,
): Frame {
  const count = body[5] ?? 0;
  if (body.length < 6 + 3 * count || body[0] !== 8 || ![1, 3, 4].includes(count))
    fail("has an unknown kind of pixels");
  const [height, width] = [body[1]! * 256 + body[2]!, body[3]! * 256 + body[4]!];
  checkSize(width, height, where);
  const parts = Array.from({ length: count }, (_, i) => {
    const [id, factors, table] = body.subarray(6 + 3 * i, 9 + 3 * i) as unknown as [number, number, number];
    return { id, h: factors >> 4, v: factors & 15, table };
  });
  if (parts.some(({ h, v }) => h < 1 || h > 4 || v < 1 || v > 4)) fail("has unknown sampling factors");
  const hMax = Math.max(...parts.map((p) => p.h));
  const vMax = Math.max(...parts.map((p) => p.v));
  // Each block takes a bit at least: what promises more is refused before there is memory for it.
  const units = Math.ceil(width / (8 * hMax)) * Math.ceil(height / (8 * vMax));
  if (units * parts.reduce((sum, { h, v }) => sum + h * v, 0) > 8 * left) fail("is cut off");
  const components = parts.map((part): Component => {
    const { h, v } = part;
    const columns = Math.ceil(width / (8 * hMax)) * h;
    const rows = Math.ceil(height / (8 * vMax)) * v;
    return {
      ...part,
      columns,
      rows,
      width: Math.ceil((width * h) / hMax),
      height: Math.ceil((height * v) / vMax),
      coefficients: new Int16Array(64 * columns * rows),
    };
  });
  return { width, height, progressive, hMax, vMax, components };
}

function scanOf(
  body: Uint8Array,
  frame: Frame,
  codes: {
    readonly dc: readonly (HuffmanTable | undefined)[];
    readonly ac: readonly (HuffmanTable | undefined)[];
  },
  fail: (what: string) => never,
): Scan {
  const count = body[0] ?? 0;
  if (body.length < 4 + 2 * count || count < 1) fail("has a damaged scan");
  const at = 1 + 2 * count;
  const [spectralStart, spectralEnd] = [body[at]!, body[at + 1]!];
  const [high, low] = [body[at + 2]! >> 4, body[at + 2]! & 15];
  if (spectralStart > 63 || spectralEnd > 63 || low > 13) fail("has a damaged scan");
  const parts = Array.from({ length: count }, (_, i) => {
    const component = frame.components.find((c) => c.id === body[1 + 2 * i]) ?? fail("has a damaged scan");
    const dc = codes.dc[body[2 + 2 * i]! >> 4];
    const ac = codes.ac[body[2 + 2 * i]! & 15];
    const needsDc = !frame.progressive || (spectralStart === 0 && high === 0);
    const needsAc = !frame.progressive || spectralStart > 0;
    if ((needsDc && dc === undefined) || (needsAc && ac === undefined)) fail("lacks a table of codes");
    return { component, dc, ac };
  });
  return { parts, spectralStart, spectralEnd, high, low };
}

/** As libjpeg guesses where files do not say it. */
function colourSpace({ components }: Frame, adobe: number | undefined, hasJfif: boolean): ColourSpace {
  if (components.length === 1) return "L";
  if (components.length === 4) return adobe === 2 ? "YCCK" : "CMYK";
  if (hasJfif) return "YCbCr";
  if (adobe !== undefined) return adobe === 0 ? "RGB" : "YCbCr";
  return components.map((c) => c.id).join() === "82,71,66" ? "RGB" : "YCbCr";
}

const half = 1 << 15;
const fix = (x: number): number => Math.round(x * 65536);
/** What a chroma adds to a colour, in whole numbers. */
const fromCr = Int32Array.from({ length: 256 }, (_, i) => (fix(1.402) * (i - 128) + half) >> 16);
const fromCb = Int32Array.from({ length: 256 }, (_, i) => (fix(1.772) * (i - 128) + half) >> 16);
const greenCr = Int32Array.from({ length: 256 }, (_, i) => -fix(0.71414) * (i - 128));
const greenCb = Int32Array.from({ length: 256 }, (_, i) => -fix(0.34414) * (i - 128) + half);

function paint(planes: readonly Plane[], width: number, height: number, space: ColourSpace): Uint8Array {
  const channels = planes.length === 1 ? 1 : 3;
  const out = new Uint8ClampedArray(width * height * channels);
  // One component stands for those that are not there.
  const [first, second, third, fourth] = [0, 1, 2, 3].map((i) => planes[i] ?? planes[0]!) as [
    ...[Plane, Plane, Plane, Plane],
  ];
  const isPlain = space === "RGB" || space === "CMYK";
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * channels;
      const a = first.samples[y * first.stride + x]!;
      if (space === "L") {
        out[at] = a;
        continue;
      }
      const b = second.samples[y * second.stride + x]!;
      const c = third.samples[y * third.stride + x]!;
      out[at] = isPlain ? a : a + fromCr[c]!;
      out[at + 1] = isPlain ? b : a + ((greenCb[b]! + greenCr[c]!) >> 16);
      out[at + 2] = isPlain ? c : a + fromCb[b]!;
      if (planes.length < 4) continue;
      // Inks: files of Adobe have them upside down, so that these are the lights that they leave.
      const d = fourth.samples[y * fourth.stride + x]!;
      for (let i = 0; i < 3; i++)
        out[at + i] = scale(space === "YCCK" ? 255 - out[at + i]! : out[at + i]!, d);
    }
  }
  return new Uint8Array(out.buffer);
}

/** A product of two fractions of 255, as Pillow rounds it. */
function scale(a: number, b: number): number {
  const product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}
