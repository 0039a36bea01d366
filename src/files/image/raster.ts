/** Pictures as rows of pixels, with the kinds of pixels that Pillow has. */
import { FileError } from "../../engine/tensor/errors.ts";

/**
 * What a pixel is made of: grey (`"L"`), red, green and blue, either with opacity, in bytes; or grey of 16 bits (`"I;16"`).
 */
export type RasterMode = "L" | "LA" | "RGB" | "RGBA" | "I;16";

/** A picture: its rows from top to bottom, in each the pixels from left to right. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly mode: RasterMode;
  readonly data: Uint8Array | Uint16Array;
}

/** How many numbers a pixel has. */
export const channelsOf = { L: 1, LA: 2, RGB: 3, RGBA: 4, "I;16": 1 } as const;

/** Pillow's grey of a colour: that of television (ITU-R 601-2), in numbers of 16 bits after the point. */
export const luma = (r: number, g: number, b: number): number =>
  (r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16;

/** How many pixels a picture may have, as Pillow: files that say they are larger are refused before memory is taken. */
const mostPixels = 2 * Math.trunc(2 ** 30 / 4 / 3);

/** Refuses sizes that no picture has. */
export function checkSize(width: number, height: number, where: string): void {
  if (width > 0 && height > 0 && width * height <= mostPixels) return;
  throw new FileError(
    `${where}: a picture of ${width} by ${height} pixels is not read; there may be ${mostPixels}.`,
  );
}

/** The same picture with pixels of another kind, as Pillow's `convert`. */
export function convert(from: Raster, mode: "L" | "RGB" | "RGBA"): Raster {
  if (from.mode === mode) return from;
  const { width, height, data } = from;
  const n = width * height;
  const channels = channelsOf[mode];
  const have = channelsOf[from.mode];
  const out = new Uint8Array(n * channels);
  // Pillow cuts numbers of 16 bits off.
  const byte = from.mode === "I;16" ? (i: number) => Math.min(data[i]!, 255) : (i: number) => data[i]!;
  for (let i = 0, at = 0, to = 0; i < n; i++, at += have, to += channels) {
    if (mode === "L") {
      out[to] = have >= 3 ? luma(data[at]!, data[at + 1]!, data[at + 2]!) : byte(at);
      continue;
    }
    for (let c = 0; c < 3; c++) out[to + c] = byte(have >= 3 ? at + c : at);
    if (mode === "RGBA") out[to + 3] = have === 2 || have === 4 ? data[at + have - 1]! : 255;
  }
  return { width, height, mode, data: out };
}
