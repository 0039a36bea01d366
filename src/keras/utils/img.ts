/** Pictures as objects, as Pillow's images are in Python. */
import { defineDisplay } from "../../engine/index.ts";
import { encodeBmp } from "../../files/image/bmp_encode.ts";
import { convert, type RasterMode } from "../../files/image/raster.ts";
import { base64 } from "../../files/png.ts";

/** What a pixel of a picture is made of, as Pillow names it. */
export type ImgMode = RasterMode | "I";

/**
 * A picture: what `loadImg` and `arrayToImg` give. Notebooks show it.
 *
 * @example
 * ```ts
 * const picture = new Img("L", 2, 1, Uint8Array.of(0, 255));
 * imgToArray(picture).arraySync(); // → [[[0], [255]]]
 * ```
 */
export class Img {
  /** `"L"`: grey; `"LA"`, `"RGB"`, `"RGBA"`: also colours, opacity; `"I;16"`, `"I"`: grey of 16 and of 32 bits. */
  readonly mode: ImgMode;
  readonly width: number;
  readonly height: number;
  /** The rows from top to bottom, in each the pixels from left to right. */
  readonly data: Uint8Array | Uint16Array | Int32Array;

  constructor(mode: ImgMode, width: number, height: number, data: Uint8Array | Uint16Array | Int32Array) {
    this.mode = mode;
    this.width = width;
    this.height = height;
    this.data = data;
  }

  /** Width and height. */
  get size(): [width: number, height: number] {
    return [this.width, this.height];
  }

  toString(): string {
    return `<Img mode=${this.mode} size=${this.width}x${this.height}>`;
  }

  static {
    defineDisplay(Img.prototype, {
      text: (img) => img.toString(),
      html: (img) => {
        const { mode, width, height, data } = img;
        const wide = mode === "I" || mode === "I;16";
        const raster = wide
          ? ({ width, height, mode: "L", data: Uint8Array.from(data, (v) => v >> 8) } as const)
          : { width, height, mode, data: data as Uint8Array };
        return `<img src="data:image/bmp;base64,${base64(encodeBmp(convert(raster, "RGB")))}">`;
      },
    });
  }
}
