/** Encodes raw pixels as PNG with what every host offers. */
import { crc32 } from "./crc32.ts";
import type { Raster } from "./image/raster.ts";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

function chunk(type: string, body: Uint8Array): Uint8Array {
  const out = new Uint8Array(12 + body.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, body.length);
  for (let i = 0; i < 4; i++) out[4 + i] = type.charCodeAt(i);
  out.set(body, 8);
  view.setUint32(8 + body.length, crc32(out.subarray(4, 8 + body.length)));
  return out;
}

async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** PNG bytes of pixels given row by row, four bytes (red, green, blue, opacity) each. */
export async function encodePng(rgba: Uint8ClampedArray, width: number, height: number): Promise<Uint8Array> {
  return encodePngRaster({
    width,
    height,
    mode: "RGBA",
    data: new Uint8Array(rgba.buffer, rgba.byteOffset, rgba.length),
  });
}

/** The number that stands for a kind of pixels. */
const kinds = { L: 0, "I;16": 0, LA: 4, RGB: 2, RGBA: 6 } as const;

/** PNG bytes of a picture. */
export async function encodePngRaster({ width, height, mode, data }: Raster): Promise<Uint8Array> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([mode === "I;16" ? 16 : 8, kinds[mode]], 8);
  // Numbers of 16 bits have their upper eight first.
  const bytes =
    mode === "I;16"
      ? Uint8Array.from({ length: 2 * data.length }, (_, i) => data[i >> 1]! >> (i % 2 === 0 ? 8 : 0))
      : data;
  const stride = bytes.length / height;
  // Every row starts with its filter type, 0 for none.
  const raw = new Uint8Array((stride + 1) * height);
  for (let row = 0; row < height; row++) {
    raw.set(bytes.subarray(row * stride, (row + 1) * stride), row * (stride + 1) + 1);
  }
  const chunks = [
    Uint8Array.from(SIGNATURE),
    chunk("IHDR", header),
    chunk("IDAT", await deflate(raw)),
    chunk("IEND", new Uint8Array(0)),
  ];
  return concatenate(chunks);
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Base64 of bytes, in pieces that a call's argument list can hold. */
export function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(text);
}
