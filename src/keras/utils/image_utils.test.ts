/** Pictures to arrays and back, against Keras with Pillow. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { FileError, ShapeError, UnsupportedError, ValueError } from "../../engine/index.ts";
import type { Filter } from "../../files/image/resample.ts";
import { arrayToImg, type ColorMode, imgToArray, loadImg, saveImg } from "./image_utils.ts";
import { Img } from "./img.ts";

interface Fixture {
  readonly files: Readonly<Record<string, string>>;
  readonly loads: readonly {
    readonly file: string;
    readonly colorMode: ColorMode;
    readonly targetSize: readonly [number, number];
    readonly interpolation: Filter;
    readonly keepAspectRatio: boolean;
    readonly data: string;
  }[];
  readonly arrays: readonly {
    readonly x: number[][][];
    readonly scale: boolean;
    readonly mode: string;
    readonly data: string;
  }[];
}

const fixture = JSON.parse(
  gunzipSync(
    readFileSync(new URL("../../../test/fixtures/directory/files.json.gz", import.meta.url)),
  ).toString(),
) as Fixture;
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "base64"));
const folder = mkdtempSync(join(tmpdir(), "tsuno-images-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(fixture.loads)(
  "loadImg of $file, $interpolation, to $targetSize, proportions kept: $keepAspectRatio",
  async ({ file, data, ...options }) => {
    const img = await loadImg(bytes(fixture.files[file]!), options);
    const raw = Buffer.from(img.data.buffer, img.data.byteOffset, img.data.byteLength);
    expect(img.size).toEqual([options.targetSize[1], options.targetSize[0]]);
    expect(raw.equals(Buffer.from(bytes(data)))).toBe(true);
  },
);

test.each(fixture.arrays)("arrayToImg of mode $mode, scaled: $scale", ({ x, scale, mode, data }) => {
  const img = arrayToImg(x, { scale });
  expect(img.mode).toBe(mode);
  expect([...img.data]).toEqual([...bytes(data)]);
});

describe("files", () => {
  test("what is saved is loaded again; JPEG loses little", async () => {
    const ramp = Array.from({ length: 16 }, (_, y) =>
      Array.from({ length: 16 }, (_, x) => [8 * x, 8 * y, 128]),
    );
    for (const name of ["a.png", "a.bmp", "a.jpg"]) {
      const path = join(folder, name);
      await saveImg(path, ramp, { scale: false, quality: 95 });
      const img = await loadImg(path);
      const most = Math.max(...[...img.data].map((v, i) => Math.abs(v - ramp.flat(2)[i]!)));
      expect(most).toBeLessThanOrEqual(name === "a.jpg" ? 6 : 0);
      await saveImg(path, img);
      expect((await loadImg(path)).size).toEqual([16, 16]);
    }
    const deep = arrayToImg([[[0], [300], [65535]]], { scale: false });
    expect(deep.mode).toBe("I");
    await saveImg(join(folder, "deep.png"), deep, { scale: false });
    expect([...(await loadImg(join(folder, "deep.png"), { colorMode: "grayscale" })).data]).toEqual([
      0, 300, 65535,
    ]);
  });

  test("arrays of pictures, and the browser's pixels", () => {
    const img = new Img("RGB", 2, 1, Uint8Array.of(1, 2, 3, 4, 5, 6));
    expect(imgToArray(img).arraySync()).toEqual([
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ]);
    expect(imgToArray(img, { dataFormat: "channels_first", dtype: "uint8" }).arraySync()).toEqual([
      [[1, 4]],
      [[2, 5]],
      [[3, 6]],
    ]);
    expect(imgToArray(img).dtype).toBe("float32");
    const pixels = { width: 1, height: 1, data: Uint8ClampedArray.of(9, 8, 7, 255) };
    expect(imgToArray(pixels).arraySync()).toEqual([[[9, 8, 7, 255]]]);
    expect(String(img)).toBe("<Img mode=RGB size=2x1>");
  });

  test("what cannot be is refused", async () => {
    expect(() => arrayToImg([[1, 2]])).toThrow(ShapeError);
    expect(() => arrayToImg([[[1, 2]]])).toThrow("expected 1, 3 or 4 channels");
    expect(() => imgToArray([1])).toThrow(ShapeError);
    await expect(loadImg(join(folder, "none.png"))).rejects.toThrow(FileError);
    await expect(loadImg(new Uint8Array(9), { colorMode: "cmyk" as never })).rejects.toThrow(ValueError);
    await expect(loadImg(new Uint8Array(9), { interpolation: "area" as never })).rejects.toThrow(ValueError);
    await expect(saveImg(join(folder, "a.gif"), [[[1]]])).rejects.toThrow(UnsupportedError);
    await expect(saveImg(join(folder, "a.tiff"), [[[1]]])).rejects.toThrow(ValueError);
  });
});
