/**
 * The inverse cosine transform of blocks of 8 by 8 in whole numbers, with the roundings that libjpeg's accurate one has
 * (Loeffler, Ligtenberg, Moschytz: Practical fast 1-D DCT algorithms with 11 multiplications, 1989): the pixels are the same.
 */
import type { Component } from "./frame.ts";

const bits = 13;
const extra = 2;
const fix = (x: number): number => Math.round(x * (1 << bits));
const [f0298, f0390, f0541, f0765, f0899, f1175] = [
  ...[0.298631336, 0.390180644, 0.5411961, 0.765366865, 0.899976223, 1.175875602].map(fix),
] as [number, number, number, number, number, number];
const [f1501, f1847, f1961, f2053, f2562, f3072] = [
  ...[1.50132111, 1.847759065, 1.96157056, 2.053119869, 2.562915447, 3.072711026].map(fix),
] as [number, number, number, number, number, number];

const work = new Int32Array(64);
const line = new Int32Array(8);

/** One dimension: eight numbers `step` apart become eight sums in `line`, `shift` bits longer. */
function transform(from: Int32Array, at: number, step: number): void {
  const [x0, x1, x2, x3] = [from[at]!, from[at + step]!, from[at + 2 * step]!, from[at + 3 * step]!];
  const [x4, x5, x6, x7] = [
    ...[from[at + 4 * step]!, from[at + 5 * step]!, from[at + 6 * step]!, from[at + 7 * step]!],
  ] as [number, number, number, number];
  const z = Math.imul(x2 + x6, f0541);
  const even2 = z - Math.imul(x6, f1847);
  const even3 = z + Math.imul(x2, f0765);
  const even0 = (x0 + x4) << bits;
  const even1 = (x0 - x4) << bits;
  const [a0, a3, a1, a2] = [even0 + even3, even0 - even3, even1 + even2, even1 - even2];

  const z5 = Math.imul(x7 + x3 + x5 + x1, f1175);
  const z1 = -Math.imul(x7 + x1, f0899);
  const z2 = -Math.imul(x5 + x3, f2562);
  const z3 = z5 - Math.imul(x7 + x3, f1961);
  const z4 = z5 - Math.imul(x5 + x1, f0390);
  const b0 = Math.imul(x7, f0298) + z1 + z3;
  const b1 = Math.imul(x5, f2053) + z2 + z4;
  const b2 = Math.imul(x3, f3072) + z2 + z3;
  const b3 = Math.imul(x1, f1501) + z1 + z4;
  line[0] = a0 + b3;
  line[7] = a0 - b3;
  line[1] = a1 + b2;
  line[6] = a1 - b2;
  line[2] = a2 + b1;
  line[5] = a2 - b1;
  line[3] = a3 + b0;
  line[4] = a3 - b0;
}

/** The samples of a component, its blocks side by side. */
export function samplesOf({ columns, rows, coefficients }: Component, table: Uint16Array): Uint8ClampedArray {
  const width = 8 * columns;
  const out = new Uint8ClampedArray(width * 8 * rows);
  const [first, second] = [bits - extra, bits + extra + 3];
  const [half1, half2] = [1 << (first - 1), 1 << (second - 1)];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const base = 64 * (row * columns + column);
      const corner = 8 * (row * width + column);
      let flat = true;
      for (let i = 0; i < 64; i++) {
        work[i] = coefficients[base + i]! * table[i]!;
        if (i > 0 && work[i] !== 0) flat = false;
      }
      if (flat) {
        const value = 128 + (((work[0]! << extra) + (1 << (extra + 2))) >> (extra + 3));
        for (let y = 0; y < 8; y++) out.fill(value, corner + y * width, corner + y * width + 8);
        continue;
      }
      for (let x = 0; x < 8; x++) {
        transform(work, x, 8);
        for (let y = 0; y < 8; y++) work[8 * y + x] = (line[y]! + half1) >> first;
      }
      for (let y = 0; y < 8; y++) {
        transform(work, 8 * y, 1);
        for (let x = 0; x < 8; x++) out[corner + y * width + x] = 128 + ((line[x]! + half2) >> second);
      }
    }
  }
  return out;
}
