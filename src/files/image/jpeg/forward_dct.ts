/** The cosine transform of blocks of 8 by 8 in whole numbers, as libjpeg's accurate one, and their quantization. */

const bits = 13;
const extra = 2;
const fix = (x: number): number => Math.round(x * (1 << bits));
const [f0298, f0390, f0541, f0765, f0899, f1175] = [
  ...[0.298631336, 0.390180644, 0.5411961, 0.765366865, 0.899976223, 1.175875602].map(fix),
] as [number, number, number, number, number, number];
const [f1501, f1847, f1961, f2053, f2562, f3072] = [
  ...[1.50132111, 1.847759065, 1.96157056, 2.053119869, 2.562915447, 3.072711026].map(fix),
] as [number, number, number, number, number, number];

/** One dimension: eight numbers `step` apart; the results are `grow` bits longer, or as many shorter. */
function transform(d: Int32Array, at: number, step: number, isFirst: boolean): void {
  const place = (i: number): number => at + i * step;
  const read = (i: number): number => d[place(i)]!;
  const [t0, t7] = [read(0) + read(7), read(0) - read(7)];
  const [t1, t6] = [read(1) + read(6), read(1) - read(6)];
  const [t2, t5] = [read(2) + read(5), read(2) - read(5)];
  const [t3, t4] = [read(3) + read(4), read(3) - read(4)];
  const [s0, s3, s1, s2] = [t0 + t3, t0 - t3, t1 + t2, t1 - t2];
  const shift = isFirst ? bits - extra : bits + extra;
  const half = 1 << (shift - 1);
  const write = (i: number, value: number): void => {
    d[place(i)] = (value + half) >> shift;
  };
  const plain = (value: number): number => (isFirst ? value << extra : (value + (1 << (extra - 1))) >> extra);
  d[place(0)] = plain(s0 + s1);
  d[place(4)] = plain(s0 - s1);
  const z = Math.imul(s2 + s3, f0541);
  write(2, z + Math.imul(s3, f0765));
  write(6, z - Math.imul(s2, f1847));

  const z5 = Math.imul(t4 + t6 + t5 + t7, f1175);
  const z1 = -Math.imul(t4 + t7, f0899);
  const z2 = -Math.imul(t5 + t6, f2562);
  const z3 = z5 - Math.imul(t4 + t6, f1961);
  const z4 = z5 - Math.imul(t5 + t7, f0390);
  write(7, Math.imul(t4, f0298) + z1 + z3);
  write(5, Math.imul(t5, f2053) + z2 + z4);
  write(3, Math.imul(t6, f3072) + z2 + z3);
  write(1, Math.imul(t7, f1501) + z1 + z4);
}

/** The quantized coefficients of the block whose corner lies at a place of the samples. */
export function forwardDct(
  samples: Uint8Array,
  corner: number,
  stride: number,
  quantizer: Uint8Array,
  out: Int32Array,
): void {
  for (let y = 0; y < 8; y++)
    for (let x = 0; x < 8; x++) out[8 * y + x] = samples[corner + y * stride + x]! - 128;
  for (let y = 0; y < 8; y++) transform(out, 8 * y, 1, true);
  for (let x = 0; x < 8; x++) transform(out, x, 8, false);
  for (let i = 0; i < 64; i++) {
    // The transform leaves its results eight times too large.
    const q = 8 * quantizer[i]!;
    const value = out[i]!;
    const size = Math.floor((Math.abs(value) + (q >> 1)) / q);
    out[i] = value < 0 ? -size : size;
  }
}
