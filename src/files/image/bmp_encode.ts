/** Writes BMP: pixels as they are, 24 bits each, or 8 for grey. */
import type { Raster } from "./raster.ts";

/** The bytes of a file of a picture whose mode is `"L"` or `"RGB"`. */
export function encodeBmp({ width, height, mode, data }: Raster): Uint8Array<ArrayBuffer> {
  const isGrey = mode === "L";
  const pixel = isGrey ? 1 : 3;
  const stride = Math.ceil((width * pixel) / 4) * 4;
  const start = 54 + (isGrey ? 1024 : 0);
  const out = new Uint8Array(start + stride * height);
  const view = new DataView(out.buffer);
  out.set([0x42, 0x4d]);
  view.setUint32(2, out.length, true);
  view.setUint32(10, start, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 8 * pixel, true);
  view.setUint32(34, stride * height, true);
  // 96 dots per inch.
  view.setUint32(38, 3780, true);
  view.setUint32(42, 3780, true);
  if (isGrey) {
    view.setUint32(46, 256, true);
    view.setUint32(50, 256, true);
    for (let i = 0; i < 256; i++) out.fill(i, 54 + 4 * i, 57 + 4 * i);
  }
  for (let y = 0; y < height; y++) {
    const to = start + (height - 1 - y) * stride;
    const from = y * width * pixel;
    for (let x = 0; x < width; x++)
      for (let c = 0; c < pixel; c++) out[to + x * pixel + c] = data[from + x * pixel + pixel - 1 - c]!;
  }
  return out;
}
