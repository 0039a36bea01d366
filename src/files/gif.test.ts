/** GIF, read back by a decoder that follows the specification and knows nothing of the encoder. */
import { expect, test } from "vitest";
import { encodeGif } from "./gif.ts";

interface Decoded {
  readonly size: readonly [number, number];
  readonly loops: boolean;
  readonly frames: { readonly delay: number; readonly rgb: number[] }[];
}

function decode(bytes: Uint8Array): Decoded {
  let at = 0;
  const byte = (): number => bytes[at++]!;
  const word = (): number => byte() + 256 * byte();
  const blocks = (): number[] => {
    const all: number[] = [];
    for (let length = byte(); length > 0; length = byte()) for (let i = 0; i < length; i++) all.push(byte());
    return all;
  };
  expect(String.fromCharCode(...bytes.slice(0, 6))).toBe("GIF89a");
  at = 6;
  const size = [word(), word()] as const;
  const flags = byte();
  at += 2;
  const table = bytes.slice(at, at + 3 * 2 ** ((flags & 7) + 1));
  at += table.length;
  let [loops, delay] = [false, 0];
  const frames: Decoded["frames"] = [];
  for (;;) {
    const kind = byte();
    if (kind === 0x3b) return { size, loops, frames };
    if (kind === 0x21) {
      const label = byte();
      const data = blocks();
      if (label === 0xff) loops = true;
      if (label === 0xf9) delay = data[1]! + 256 * data[2]!;
      continue;
    }
    at += 9;
    const bits = byte();
    const data = blocks();
    const [clear, end] = [2 ** bits, 2 ** bits + 1];
    let [codes, width, position, previous] = [
      [] as number[][],
      bits + 1,
      0,
      undefined as number[] | undefined,
    ];
    const indices: number[] = [];
    for (;;) {
      let code = 0;
      for (let i = 0; i < width; i++, position++) code |= ((data[position >> 3]! >> (position & 7)) & 1) << i;
      if (code === end) break;
      if (code === clear) {
        codes = Array.from({ length: end + 1 }, (_, i) => [i]);
        [width, previous] = [bits + 1, undefined];
        continue;
      }
      const entry: number[] = codes[code] ?? [...previous!, previous![0]!];
      indices.push(...entry);
      if (previous !== undefined && codes.length < 4096) codes.push([...previous, entry[0]!]);
      if (codes.length === 2 ** width && width < 12) width++;
      previous = entry;
    }
    frames.push({ delay, rgb: indices.flatMap((i) => [...table.slice(3 * i, 3 * i + 3)]) });
  }
}

const picture = (width: number, height: number, color: (x: number, y: number) => number[]) => ({
  width,
  height,
  rgba: Array.from({ length: width * height }, (_, i) => color(i % width, Math.floor(i / width))).flat(),
});

test("few colours come back as they are, frame by frame", () => {
  const frames = [0, 1, 2].map((n) =>
    picture(70, 90, (x, y) => [(x * y + n) % 9, x === n ? 255 : 0, n, 255]),
  );
  const { size, loops, frames: back } = decode(encodeGif(frames, 120, true));
  expect([size, loops, back.map(({ delay }) => delay)]).toEqual([[70, 90], true, [12, 12, 12]]);
  back.forEach(({ rgb }, n) => {
    expect(rgb).toEqual(frames[n]!.rgba.filter((_, i) => i % 4 < 3));
  });
  expect(decode(encodeGif(frames.slice(0, 1), 120, false)).loops).toBe(false);
});

test("of many colours each is replaced by one near it, and what is not opaque lies on white", () => {
  const frame = picture(128, 128, (x, y) => [2 * x, 2 * y, x ^ y, 255]);
  const { rgb } = decode(encodeGif([frame], 20, true)).frames[0]!;
  const wanted = frame.rgba.filter((_, i) => i % 4 < 3);
  const squares = rgb.map((value, i) => (value - wanted[i]!) ** 2);
  expect(Math.sqrt(squares.reduce((a, b) => a + b) / squares.length)).toBeLessThan(16);
  expect(decode(encodeGif([picture(2, 1, (x) => [0, 0, 0, 51 * x])], 20, true)).frames[0]!.rgb).toEqual([
    255, 255, 255, 204, 204, 204,
  ]);
});

test("noise that fills the table of codes again and again", () => {
  let seed = 1;
  const frame = picture(200, 200, () => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return [seed % 200, 0, 0, 255];
  });
  expect(decode(encodeGif([frame], 20, true)).frames[0]!.rgb).toEqual(frame.rgba.filter((_, i) => i % 4 < 3));
});
