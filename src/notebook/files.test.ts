/** Pixels as numbers; what is read and written is in the documentation's examples and in the browser's tests. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { encodePng } from "../files/png.ts";
import { channelsOf, image, save } from "./files.ts";

test("channels of pixels", () => {
  const pixels = [255, 0, 0, 255, 51, 102, 153, 0];
  const close = (received: Float32Array, expected: number[]): void => {
    expect(received).toHaveLength(expected.length);
    expected.forEach((v, i) => expect(received[i]).toBeCloseTo(v, 6));
  };
  close(channelsOf(pixels, 3), [1, 0, 0, 0.2, 0.4, 0.6]);
  close(channelsOf(pixels, 4), [1, 0, 0, 1, 0.2, 0.4, 0.6, 0]);
  close(channelsOf(pixels, 1), [0.299, 0.299 * 0.2 + 0.587 * 0.4 + 0.114 * 0.6]);
});

test("images are read outside of browsers too", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tsuno-"));
  const name = join(folder, "image.png");
  const rgba = Uint8ClampedArray.from([255, 0, 0, 255, 0, 0, 255, 255, 255, 0, 0, 255, 0, 0, 255, 255]);
  try {
    await save(name, Uint8Array.from(await encodePng(rgba, 2, 2)));
    const pixels = await image(name);
    expect(pixels.shape).toEqual([2, 2, 3]);
    expect([...(await pixels.data())]).toEqual([1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1]);
    // Pillow's grey: 0.299 red, 0.114 blue, in bytes.
    const grey = await (await image(name, { channels: 1, size: [1, 2] })).data();
    expect(grey[0]).toBeCloseTo(76 / 255, 6);
    expect(grey[1]).toBeCloseTo(29 / 255, 6);
    await save(name, "RIFF of a WebP");
    await expect(image(name)).rejects.toThrow("no picture in PNG, JPEG, BMP or GIF");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
