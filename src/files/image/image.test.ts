/** Pictures in all formats: their pixels are those of Pillow, bit for bit. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { FileError } from "../../engine/tensor/errors.ts";
import { encodePngRaster } from "../png.ts";
import { encodeBmp } from "./bmp_encode.ts";
import { decodeImage } from "./decode.ts";
import { encodeJpeg } from "./jpeg_encode.ts";
import { convert, type Raster } from "./raster.ts";

interface Fixture {
  readonly files: Readonly<Record<string, string>>;
  readonly pixels: Readonly<Record<string, { L: string; RGB: string; RGBA: string; size: number[] }>>;
}

const fixture = JSON.parse(
  gunzipSync(
    readFileSync(new URL("../../../test/fixtures/directory/files.json.gz", import.meta.url)),
  ).toString(),
) as Fixture;
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "base64"));
const bytesOf = ({ data }: Raster): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.from(a).equals(Buffer.from(b));
const file = (name: string): Uint8Array => bytes(fixture.files[name]!);

describe("reading", () => {
  test.each(Object.keys(fixture.files))("%s", async (name) => {
    const raster = await decodeImage(file(name), "test");
    const wanted = fixture.pixels[name]!;
    expect([raster.width, raster.height]).toEqual(wanted.size);
    for (const mode of ["L", "RGB", "RGBA"] as const) {
      const got = mode === "L" && raster.mode === "I;16" ? raster : convert(raster, mode);
      expect(same(bytesOf(got), bytes(wanted[mode]))).toBe(true);
    }
  });

  test.each(["rgb.png", "p40.png", "rgb.bmp", "p.gif", "q75s2.jpg", "prog.jpg"])(
    "%s cut off anywhere gives a picture or a FileError",
    async (name) => {
      const whole = file(name);
      for (let length = 0; length < whole.length; length += 7) {
        try {
          const { data, width, height } = await decodeImage(whole.subarray(0, length), "test");
          expect(data.length % (width * height)).toBe(0);
        } catch (error) {
          expect(error).toBeInstanceOf(FileError);
        }
      }
    },
  );

  test("sizes that no memory holds, and other files, are refused", async () => {
    const huge = file("rgb.png").slice();
    huge.set([0x7f, 0xff, 0xff, 0xff], 16);
    await expect(decodeImage(huge, "test")).rejects.toThrow(
      "test: a picture of 2147483647 by 13 pixels is not read",
    );
    await expect(decodeImage(new TextEncoder().encode("no picture"), "test")).rejects.toThrow(
      "test: this is no picture in PNG, JPEG, BMP or GIF",
    );
    await expect(decodeImage(new Uint8Array(0), "test")).rejects.toThrow(FileError);
  });
});

describe("writing", () => {
  test.each(["rgb.png", "rgba.png", "l.png", "la.png", "i16.png"])("%s as PNG", async (name) => {
    const raster = await decodeImage(file(name), "test");
    const again = await decodeImage(await encodePngRaster(raster), "test");
    expect(again.mode).toBe(raster.mode);
    expect(same(bytesOf(again), bytesOf(raster))).toBe(true);
  });

  test.each(["rgb.bmp", "l.bmp"])("%s as Pillow writes it", async (name) => {
    expect(same(encodeBmp(await decodeImage(file(name), "test")), file(name))).toBe(true);
  });

  test.each([
    ["rgb.png", "q75s2.jpg", 75],
    ["rgb.png", "q30s2.jpg", 30],
    ["l.png", "l.jpg", 75],
  ])("%s as JPEG is %s", async (name, jpeg, quality) => {
    const raster = await decodeImage(file(name), "test");
    expect(same(encodeJpeg(raster, quality), file(jpeg))).toBe(true);
  });
});
