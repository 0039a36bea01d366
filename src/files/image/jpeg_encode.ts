/** Writes JPEG: baseline, colours at half the size, as Pillow does when nothing else is asked for. */

import { forwardDct } from "./jpeg/forward_dct.ts";
import { zigzag } from "./jpeg/frame.ts";
import type { Raster } from "./raster.ts";

/** The quantization tables of the standard (K.1 and K.2), in natural order. */
const light = [
  ...[16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56],
  ...[14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92],
  ...[49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99],
];
const colour = [
  ...[17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99],
  ...[47, 66, 99, 99, 99, 99, 99, 99],
  ...Array.from({ length: 32 }, () => 99),
];

/** The codes of the standard (K.3 to K.6): how many there are of each length, and their symbols in hexadecimal digits. */
const codes = {
  dcLight: ["00010501010101010100000000000000", "000102030405060708090a0b"],
  dcColour: ["00030101010101010101010000000000", "000102030405060708090a0b"],
  acLight: [
    "0002010303020403050504040000017d",
    "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa",
  ],
  acColour: [
    "00020102040403040705040400010277",
    "0001020311040521310612415107617113223281081442 91a1b1c109233352f0156272d10a162434e125f11718191a262728292a35363738393a434445464748494a535455565758595a636465666768696a737475767778797a82838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa".replace(
      " ",
      "",
    ),
  ],
} as const;

const hex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g)!, (pair) => Number.parseInt(pair, 16));

/** For each symbol its code and how many bits that has. */
function codeTable([counts, symbols]: readonly [string, string]): { code: Uint16Array; size: Uint8Array } {
  const [code, size] = [new Uint16Array(256), new Uint8Array(256)];
  const list = hex(symbols);
  let [next, at] = [0, 0];
  hex(counts).forEach((count, i) => {
    for (let k = 0; k < count; k++) {
      code[list[at]!] = next++;
      size[list[at++]!] = i + 1;
    }
    next *= 2;
  });
  return { code, size };
}

/** A standard table for a quality from 1 to 100. */
function scaled(table: readonly number[], quality: number): Uint8Array {
  const q = Math.trunc(quality);
  const percent = q < 50 ? Math.trunc(5000 / q) : 200 - 2 * q;
  return Uint8Array.from(table, (n) => Math.min(Math.max(Math.trunc((n * percent + 50) / 100), 1), 255));
}

/** Bytes as they grow. */
class Writer {
  #bytes = new Uint8Array(1 << 16);
  #length = 0;
  #held = 0;
  #count = 0;

  byte(value: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = value;
  }

  word(value: number): void {
    this.byte(value >> 8);
    this.byte(value & 255);
  }

  segment(marker: number, body: ArrayLike<number>): void {
    this.word(marker);
    this.word(body.length + 2);
    for (let i = 0; i < body.length; i++) this.byte(body[i]!);
  }

  /** Up to 16 bits. */
  bits(value: number, n: number): void {
    for (let left = n; left > 0; ) {
      const take = Math.min(left, 8 - this.#count);
      left -= take;
      this.#held = (this.#held << take) | ((value >> left) & ((1 << take) - 1));
      this.#count += take;
      if (this.#count < 8) continue;
      this.byte(this.#held);
      if (this.#held === 0xff) this.byte(0);
      [this.#held, this.#count] = [0, 0];
    }
  }

  /** Fills the last byte up with ones. */
  flush(): void {
    if (this.#count > 0) this.bits(0x7f, 8 - this.#count);
  }

  get result(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }
}

/** One of the components, its samples filled up to whole units. */
interface Plane {
  readonly samples: Uint8Array;
  readonly width: number;
  /** Blocks beside and below each other in a unit. */
  readonly factor: number;
}

const half = 1 << 15;

/** Light and colours, from red, green and blue; what is missing to the right and below repeats the border. */
function planesOf({ width, height, mode, data }: Raster): Plane[] {
  const isGrey = mode === "L";
  const unit = isGrey ? 8 : 16;
  const [w, h] = [Math.ceil(width / unit) * unit, Math.ceil(height / unit) * unit];
  const full = Array.from({ length: isGrey ? 1 : 3 }, () => new Uint8Array(w * h));
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const from = Math.min(y, height - 1) * width + Math.min(x, width - 1);
      const to = y * w + x;
      if (isGrey) {
        full[0]![to] = data[from]!;
        continue;
      }
      const [r, g, b] = [data[3 * from]!, data[3 * from + 1]!, data[3 * from + 2]!];
      full[0]![to] = (19595 * r + 38470 * g + 7471 * b + half) >> 16;
      full[1]![to] = (-11059 * r - 21709 * g + 32768 * b + (128 << 16) + half - 1) >> 16;
      full[2]![to] = (32768 * r - 27439 * g - 5329 * b + (128 << 16) + half - 1) >> 16;
    }
  }
  return full.map((samples, i) => {
    if (i === 0) return { samples, width: w, factor: isGrey ? 1 : 2 };
    const small = new Uint8Array((w * h) / 4);
    for (let y = 0; y < h / 2; y++) {
      for (let x = 0; x < w / 2; x++) {
        const at = 2 * y * w + 2 * x;
        const sum = samples[at]! + samples[at + 1]! + samples[at + w]! + samples[at + w + 1]!;
        // Rounded up and down by turns.
        small[(y * w) / 2 + x] = (sum + (x % 2 === 0 ? 1 : 2)) >> 2;
      }
    }
    return { samples: small, width: w / 2, factor: 1 };
  });
}

/**
 * The bytes of a file of a picture whose mode is `"L"` or `"RGB"`.
 *
 * @param quality from 1 to 100
 */
export function encodeJpeg(raster: Raster, quality: number): Uint8Array<ArrayBuffer> {
  const { width, height } = raster;
  const planes = planesOf(raster);
  const isGrey = planes.length === 1;
  const quantizers = (isGrey ? [light] : [light, colour]).map((table) => scaled(table, quality));
  const out = new Writer();
  out.word(0xffd8);
  out.segment(0xffe0, [0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
  quantizers.forEach((table, i) => out.segment(0xffdb, [i, ...Array.from(zigzag, (place) => table[place]!)]));
  out.segment(0xffc0, [
    ...[8, height >> 8, height & 255, width >> 8, width & 255, planes.length],
    ...planes.flatMap(({ factor }, i) => [i + 1, factor * 16 + factor, i === 0 ? 0 : 1]),
  ]);
  const used = isGrey
    ? ([
        [0x00, codes.dcLight],
        [0x10, codes.acLight],
      ] as const)
    : ([
        [0x00, codes.dcLight],
        [0x10, codes.acLight],
        [0x01, codes.dcColour],
        [0x11, codes.acColour],
      ] as const);
  for (const [id, [counts, symbols]] of used) out.segment(0xffc4, [id, ...hex(counts), ...hex(symbols)]);
  out.segment(0xffda, [
    planes.length,
    ...planes.flatMap((_, i) => [i + 1, i === 0 ? 0x00 : 0x11]),
    ...[0, 63, 0],
  ]);
  const tables = {
    dc: [codeTable(codes.dcLight), codeTable(codes.dcColour)],
    ac: [codeTable(codes.acLight), codeTable(codes.acColour)],
  };
  const before = planes.map(() => 0);
  const unit = 8 * planes[0]!.factor;
  const block = new Int32Array(64);
  for (let row = 0; row < Math.ceil(height / unit); row++) {
    for (let column = 0; column < Math.ceil(width / unit); column++) {
      planes.forEach(({ samples, width: stride, factor }, i) => {
        const kind = i === 0 ? 0 : 1;
        for (let k = 0; k < factor * factor; k++) {
          const y = 8 * (row * factor + Math.floor(k / factor));
          const x = 8 * (column * factor + (k % factor));
          const perPixel = planes[0]!.factor / factor;
          // Blocks beyond the border go on with what was there, which takes the fewest bits.
          if (x * perPixel >= width || y * perPixel >= height) block.fill(0)[0] = before[i]!;
          else forwardDct(samples, y * stride + x, stride, quantizers[kind]!, block);
          writeBlock(out, block, before[i]!, tables.dc[kind]!, tables.ac[kind]!);
          before[i] = block[0]!;
        }
      });
    }
  }
  out.flush();
  out.word(0xffd9);
  return out.result;
}

type Codes = ReturnType<typeof codeTable>;

/** How many bits a number needs, and the bits: those of negative ones are turned over. */
function writeNumber(out: Writer, value: number, size: number): void {
  out.bits(value < 0 ? value + (1 << size) - 1 : value, size);
}

const sizeOf = (value: number): number => 32 - Math.clz32(Math.abs(value));

function writeBlock(out: Writer, block: Int32Array, before: number, dc: Codes, ac: Codes): void {
  const change = block[0]! - before;
  const size = sizeOf(change);
  out.bits(dc.code[size]!, dc.size[size]!);
  writeNumber(out, change, size);
  let zeros = 0;
  for (let k = 1; k < 64; k++) {
    const value = block[zigzag[k]!]!;
    if (value === 0) {
      zeros++;
      continue;
    }
    for (; zeros > 15; zeros -= 16) out.bits(ac.code[0xf0]!, ac.size[0xf0]!);
    const bits = sizeOf(value);
    const symbol = zeros * 16 + bits;
    out.bits(ac.code[symbol]!, ac.size[symbol]!);
    writeNumber(out, value, bits);
    zeros = 0;
  }
  if (zeros > 0) out.bits(ac.code[0]!, ac.size[0]!);
}
