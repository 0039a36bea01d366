import { inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { base64, encodePng } from "./png.ts";

test("a PNG of two pixels holds them behind its header", async () => {
  const pixels = Uint8ClampedArray.of(255, 0, 0, 255, 0, 0, 255, 128);
  const png = await encodePng(pixels, 2, 1);
  const view = new DataView(png.buffer);
  expect([...png.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  expect([view.getUint32(16), view.getUint32(20), png[24], png[25]]).toEqual([2, 1, 8, 6]);
  // The checksum of an IHDR chunk of this size is known.
  expect(view.getUint32(29)).toBe(0xf4227f8a);
  const length = view.getUint32(33);
  expect([...inflateSync(png.subarray(41, 41 + length))]).toEqual([0, ...pixels]);
  expect([...png.subarray(-8, -4)]).toEqual([..."IEND"].map((letter) => letter.charCodeAt(0)));
});

test("base64 of many bytes is Node's", () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 31) & 255);
  expect(base64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
});
