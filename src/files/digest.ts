/** SHA-256 and MD5 of bytes, to compare with what someone else has published. */
import { nodeProcess } from "./host.ts";

/** The names of the ways to make a digest. */
export type DigestName = "sha256" | "md5";

/** The digest of bytes in hexadecimal digits. */
export function digest(bytes: Uint8Array, name: DigestName): string {
  const crypto = nodeProcess()?.getBuiltinModule("node:crypto");
  if (crypto !== undefined) return crypto.createHash(name).update(bytes).digest("hex");
  return name === "md5" ? md5(bytes) : sha256(bytes);
}

/** Goes through bytes in blocks of 64, with the padding that both ways have: a one, zeros, the number of bits. */
function eachBlock(bytes: Uint8Array, littleEndian: boolean, use: (block: DataView) => void): void {
  const whole = bytes.length - (bytes.length % 64);
  for (let at = 0; at < whole; at += 64) use(new DataView(bytes.buffer, bytes.byteOffset + at, 64));
  const rest = bytes.length - whole;
  const tail = new Uint8Array(rest < 56 ? 64 : 128);
  tail.set(bytes.subarray(whole));
  tail[rest] = 0x80;
  new DataView(tail.buffer).setBigUint64(tail.length - 8, BigInt(bytes.length) * 8n, littleEndian);
  for (let at = 0; at < tail.length; at += 64) use(new DataView(tail.buffer, at, 64));
}

/** The first 32 bits of the fractional part. */
const fraction = (x: number): number => ((x - Math.floor(x)) * 2 ** 32) | 0;

const primes = [
  2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
];

/** The first prime numbers. */
function firstPrimes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (primes.every((p) => p >= n || n % p !== 0)) found.push(n);
  return found;
}

/** SHA-256 (FIPS 180-4) without help from the host. */
export function sha256(bytes: Uint8Array): string {
  const constants = firstPrimes(64).map((p) => fraction(Math.cbrt(p)));
  const state = Int32Array.from(firstPrimes(8).map((p) => fraction(Math.sqrt(p))));
  const w = new Int32Array(64);
  const turn = (x: number, n: number): number => (x >>> n) | (x << (32 - n));
  eachBlock(bytes, false, (block) => {
    for (let i = 0; i < 16; i++) w[i] = block.getInt32(4 * i);
    for (let i = 16; i < 64; i++) {
      const [a, b] = [w[i - 15]!, w[i - 2]!];
      const s0 = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3);
      const s1 = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10);
      w[i] = w[i - 16]! + s0 + w[i - 7]! + s1;
    }
    let [a, b, c, d, e, f, g, h] = state as unknown as [
      ...[number, number, number, number],
      ...[number, number, number, number],
    ];
    for (let i = 0; i < 64; i++) {
      const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + constants[i]! + w[i]!) | 0;
      const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((x, i) => {
      state[i]! += x;
    });
  });
  return [...state].map((x) => (x >>> 0).toString(16).padStart(8, "0")).join("");
}

const md5Turns = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const;

/** MD5 (RFC 1321) without help from the host: it tells damaged files, not forged ones. */
export function md5(bytes: Uint8Array): string {
  const sines = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0);
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  eachBlock(bytes, true, (block) => {
    let [a, b, c, d] = state as unknown as [number, number, number, number];
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      let f: number;
      let k: number;
      if (round === 0) [f, k] = [(b & c) | (~b & d), i];
      else if (round === 1) [f, k] = [(d & b) | (~d & c), (5 * i + 1) % 16];
      else if (round === 2) [f, k] = [b ^ c ^ d, (3 * i + 5) % 16];
      else [f, k] = [c ^ (b | ~d), (7 * i) % 16];
      const sum = (a + f + sines[i]! + block.getInt32(4 * k, true)) | 0;
      const by = md5Turns[round]![i % 4]!;
      [a, d, c, b] = [d, c, b, (b + ((sum << by) | (sum >>> (32 - by)))) | 0];
    }
    [a, b, c, d].forEach((x, i) => {
      state[i]! += x;
    });
  });
  const view = new DataView(state.buffer);
  return Array.from({ length: 16 }, (_, i) => view.getUint8(i).toString(16).padStart(2, "0")).join("");
}
