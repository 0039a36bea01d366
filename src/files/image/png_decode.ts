/** Reads PNG: all kinds of pixels, transparency, interlaced files; of 16 bits colours keep the upper eight. */
import { FileError } from "../../engine/tensor/errors.ts";
import { joinBytes } from "../bytes.ts";
import { inflate } from "../unpack_stream.ts";
import { channelsOf, checkSize, type Raster, type RasterMode } from "./raster.ts";

/** Whether bytes look like PNG. */
export function isPng(bytes: Uint8Array): boolean {
  return [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a].every((byte, i) => bytes[i] === byte);
}

interface Header {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly kind: number;
  readonly interlaced: boolean;
}

/** Samples of a pixel by the kind of colour, and the depths that it may have. */
const kinds: Readonly<Record<number, { readonly samples: number; readonly depths: readonly number[] }>> = {
  0: { samples: 1, depths: [1, 2, 4, 8, 16] },
  2: { samples: 3, depths: [8, 16] },
  3: { samples: 1, depths: [1, 2, 4, 8] },
  4: { samples: 2, depths: [8, 16] },
  6: { samples: 4, depths: [8, 16] },
};

/** Where the pixels of each of the seven passes lie: first column and row, steps between them. */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/**
 * @param where what reads, for messages
 * @throws FileError for damaged files
 */
export async function decodePng(bytes: Uint8Array, where: string): Promise<Raster> {
  const fail = (what: string): never => {
    throw new FileError(`${where}: the PNG file ${what}`);
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let header: Header | undefined;
  let palette: Uint8Array | undefined;
  let transparent: Uint8Array | undefined;
  const packed: Uint8Array[] = [];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (body.length !== length) fail("is cut off");
    if (type === "IHDR") {
      header =
        readHeader(new DataView(body.buffer, body.byteOffset, length), where) ?? fail("has a damaged header");
    } else if (type === "PLTE") palette = body;
    else if (type === "tRNS") transparent = body;
    else if (type === "IDAT") packed.push(body);
    else if (type === "IEND") break;
    at += 12 + length;
  }
  if (header === undefined || packed.length === 0) return fail("has no picture in it");
  const { width, height, depth, kind, interlaced } = header;
  if (kind === 3 && palette === undefined) fail("has no palette");
  const { samples } = kinds[kind]!;
  const parts = interlaced ? passes : ([[0, 0, 1, 1]] as const);
  const sizes = parts.map(([x, y, dx, dy]) => ({
    columns: Math.max(0, Math.ceil((width - x) / dx)),
    rows: Math.max(0, Math.ceil((height - y) / dy)),
  }));
  const strideOf = (columns: number): number => Math.ceil((columns * samples * depth) / 8);
  const total = sizes.reduce((sum, s) => sum + (s.columns === 0 ? 0 : s.rows * (1 + strideOf(s.columns))), 0);
  const raw = await inflate(joinBytes(packed), total, where);
  if (raw.length < total) fail("is cut off");

  const mode = modeOf(kind, depth, transparent !== undefined);
  const channels = channelsOf[mode];
  const out = mode === "I;16" ? new Uint16Array(width * height) : new Uint8Array(width * height * channels);
  const put = pixelWriter(header, out, channels, palette, transparent);
  const asTheyAre = depth === 8 && kind !== 3 && channels === samples;
  const pixelBytes = Math.max(1, (samples * depth) >> 3);
  let at = 0;
  parts.forEach(([x, y, dx, dy], part) => {
    const { columns, rows } = sizes[part]!;
    if (columns === 0) return;
    const stride = strideOf(columns);
    let before = new Uint8Array(stride);
    for (let row = 0; row < rows; row++, at += stride + 1) {
      const line = raw.subarray(at + 1, at + 1 + stride);
      if (!unfilter(raw[at]!, line, before, pixelBytes)) fail("has an unknown filter");
      const place = (y + row * dy) * width + x;
      if (asTheyAre && dx === 1) out.set(line, place * channels);
      else for (let column = 0; column < columns; column++) put(line, column, place + column * dx);
      before = line;
    }
  });
  return { width, height, mode, data: out };
}

function readHeader(view: DataView, where: string): Header | undefined {
  if (view.byteLength < 13) return undefined;
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, kind, interlace] = [view.getUint8(8), view.getUint8(9), view.getUint8(12)];
  if (kinds[kind]?.depths.includes(depth) !== true || interlace > 1) return undefined;
  checkSize(width, height, where);
  return { width, height, depth, kind, interlaced: interlace === 1 };
}

function modeOf(kind: number, depth: number, hasTransparent: boolean): RasterMode {
  if (kind === 0) return depth === 16 ? "I;16" : hasTransparent ? "LA" : "L";
  if (kind === 4) return "LA";
  if (kind === 6) return "RGBA";
  return hasTransparent ? "RGBA" : "RGB";
}

/** Undoes what was done to a line so that it packs better; whether the filter is one that there is. */
function unfilter(filter: number, line: Uint8Array, before: Uint8Array, width: number): boolean {
  const n = line.length;
  if (filter === 1) for (let i = width; i < n; i++) line[i]! += line[i - width]!;
  else if (filter === 2) for (let i = 0; i < n; i++) line[i]! += before[i]!;
  else if (filter === 3) {
    for (let i = 0; i < n; i++) line[i]! += ((i < width ? 0 : line[i - width]!) + before[i]!) >> 1;
  } else if (filter === 4) {
    for (let i = 0; i < n; i++) {
      const [a, b, c] = [i < width ? 0 : line[i - width]!, before[i]!, i < width ? 0 : before[i - width]!];
      const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
      line[i]! += pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
    }
  }
  return filter <= 4;
}

/** Writes a pixel of a line to its place in the picture. */
function pixelWriter(
  { depth, kind }: Header,
  out: Uint8Array | Uint16Array,
  channels: number,
  palette: Uint8Array | undefined,
  transparent: Uint8Array | undefined,
): (line: Uint8Array, column: number, place: number) => void {
  const { samples } = kinds[kind]!;
  const low = (1 << Math.min(depth, 8)) - 1;
  const sample = (line: Uint8Array, i: number): number => {
    if (depth === 8) return line[i]!;
    if (depth === 16) return line[2 * i]! * 256 + line[2 * i + 1]!;
    const bit = i * depth;
    return (line[bit >> 3]! >> (8 - depth - (bit & 7))) & low;
  };
  if (kind === 3) {
    return (line, column, place) => {
      const index = sample(line, column);
      const to = place * channels;
      for (let c = 0; c < 3; c++) out[to + c] = palette![3 * index + c] ?? 0;
      if (channels === 4) out[to + 3] = transparent![index] ?? 255;
    };
  }
  if (kind === 0 && depth === 16) return (line, column, place) => (out[place] = sample(line, column));
  const scale = depth < 8 ? 255 / low : 1;
  const hidden =
    transparent === undefined || kind > 2
      ? undefined
      : Array.from({ length: samples }, (_, i) => transparent[2 * i]! * 256 + transparent[2 * i + 1]!);
  return (line, column, place) => {
    const to = place * channels;
    let isHidden = hidden !== undefined;
    for (let c = 0; c < samples; c++) {
      const value = sample(line, column * samples + c);
      if (hidden?.[c] !== value) isHidden = false;
      out[to + c] = depth === 16 ? value >> 8 : value * scale;
    }
    if (hidden !== undefined) out[to + samples] = isHidden ? 0 : 255;
  };
}
