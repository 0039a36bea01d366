/** Hashes of strings that agree with TensorFlow's: FarmHash's Fingerprint64, SipHash-2-4, and how they are crossed. */

const wrap = (x: bigint): bigint => BigInt.asUintN(64, x);
const rotateRight = (x: bigint, n: bigint): bigint => wrap((x >> n) | (x << (64n - n)));
const rotateLeft = (x: bigint, n: bigint): bigint => rotateRight(x, 64n - n);
const mix = (x: bigint): bigint => x ^ (x >> 47n);

const k0 = 0xc3a5c85c97cb3127n;
const k1 = 0xb492b66fbe98f273n;
const k2 = 0x9ae16a3b2f90404fn;

/** Two words and a multiplier as one. */
function combine(u: bigint, v: bigint, multiplier: bigint): bigint {
  const a = mix(wrap((u ^ v) * multiplier));
  return wrap(mix(wrap((v ^ a) * multiplier)) * multiplier);
}

/** 32 bytes and two words as two words. */
function weak(word: (at: number) => bigint, at: number, a: bigint, b: bigint): [bigint, bigint] {
  const first = wrap(a + word(at));
  const last = word(at + 24);
  const turned = rotateRight(wrap(b + first + last), 21n);
  const sum = wrap(first + word(at + 8) + word(at + 16));
  return [wrap(sum + last), wrap(turned + rotateRight(sum, 44n) + first)];
}

/**
 * FarmHash's Fingerprint64 of bytes.
 *
 * Source: https://github.com/google/farmhash
 */
export function fingerprint64(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (at: number): bigint => view.getBigUint64(at, true);
  const { length } = bytes;
  if (length > 64) return hashLong(word, length);
  const size = BigInt(length);
  const multiplier = k2 + size * 2n;
  if (length === 0) return k2;
  if (length < 4) {
    const y = BigInt(bytes[0]! + (bytes[length >> 1]! << 8));
    const z = BigInt(length + (bytes[length - 1]! << 2));
    return wrap(mix(wrap((y * k2) ^ (z * k0))) * k2);
  }
  if (length < 8) {
    const a = BigInt(view.getUint32(0, true));
    return combine(size + (a << 3n), BigInt(view.getUint32(length - 4, true)), wrap(multiplier));
  }
  if (length <= 16) {
    const a = wrap(word(0) + k2);
    const b = word(length - 8);
    const c = wrap(rotateRight(b, 37n) * multiplier + a);
    return combine(c, wrap((rotateRight(a, 25n) + b) * multiplier), wrap(multiplier));
  }
  const long = length > 32;
  const a = wrap(word(0) * (long ? k2 : k1));
  const b = word(8);
  const c = wrap(word(length - 8) * multiplier);
  const d = wrap(word(length - 16) * k2);
  const y = wrap(rotateRight(wrap(a + b), 43n) + rotateRight(c, 30n) + d);
  const z = wrap(a + rotateRight(wrap(b + k2), 18n) + c);
  if (!long) return combine(y, z, wrap(multiplier));
  const folded = combine(y, z, wrap(multiplier));
  const e = wrap(word(16) * multiplier);
  const f = word(24);
  const g = wrap((y + word(length - 32)) * multiplier);
  const h = wrap((folded + word(length - 24)) * multiplier);
  return combine(
    wrap(rotateRight(wrap(e + f), 43n) + rotateRight(g, 30n) + h),
    wrap(e + rotateRight(wrap(f + a), 18n) + g),
    wrap(multiplier),
  );
}

function hashLong(word: (at: number) => bigint, length: number): bigint {
  let x = wrap(81n * k2 + word(0));
  let y = wrap(81n * k1 + 113n);
  let z = wrap(mix(wrap(y * k2 + 113n)) * k2);
  let v: [bigint, bigint] = [0n, 0n];
  let w: [bigint, bigint] = [0n, 0n];
  const round = (at: number, multiplier: bigint, weight: bigint): void => {
    x = wrap(rotateRight(wrap(x + y + v[0] + word(at + 8)), 37n) * multiplier);
    y = wrap(rotateRight(wrap(y + v[1] + word(at + 48)), 42n) * multiplier);
    x ^= wrap(w[1] * weight);
    y = wrap(y + v[0] * weight + word(at + 40));
    z = wrap(rotateRight(wrap(z + w[0]), 33n) * multiplier);
    v = weak(word, at, wrap(v[1] * multiplier), wrap(x + w[0]));
    w = weak(word, at + 32, wrap(z + w[1]), wrap(y + word(at + 16)));
    [x, z] = [z, x];
  };
  const end = Math.floor((length - 1) / 64) * 64;
  for (let at = 0; at < end; at += 64) round(at, k1, 1n);
  const multiplier = wrap(k1 + ((z & 0xffn) << 1n));
  w[0] = wrap(w[0] + BigInt((length - 1) & 63));
  v[0] = wrap(v[0] + w[0]);
  w[0] = wrap(w[0] + v[0]);
  round(length - 64, multiplier, 9n);
  return combine(
    wrap(combine(v[0], w[0], multiplier) + mix(y) * k0 + z),
    wrap(combine(v[1], w[1], multiplier) + x),
    multiplier,
  );
}

/**
 * SipHash-2-4 of bytes, with a key of two words.
 *
 * Source: Aumasson, Bernstein, SipHash: a fast short-input PRF (2012)
 */
export function sipHash(bytes: Uint8Array, key: readonly [bigint, bigint]): bigint {
  const [a, b] = [wrap(key[0]), wrap(key[1])];
  const v: [bigint, bigint, bigint, bigint] = [
    a ^ 0x736f6d6570736575n,
    b ^ 0x646f72616e646f6dn,
    a ^ 0x6c7967656e657261n,
    b ^ 0x7465646279746573n,
  ];
  const rounds = (n: number): void => {
    for (let i = 0; i < n; i++) {
      v[0] = wrap(v[0] + v[1]);
      v[1] = rotateLeft(v[1], 13n) ^ v[0];
      v[0] = rotateLeft(v[0], 32n);
      v[2] = wrap(v[2] + v[3]);
      v[3] = rotateLeft(v[3], 16n) ^ v[2];
      v[0] = wrap(v[0] + v[3]);
      v[3] = rotateLeft(v[3], 21n) ^ v[0];
      v[2] = wrap(v[2] + v[1]);
      v[1] = rotateLeft(v[1], 17n) ^ v[2];
      v[2] = rotateLeft(v[2], 32n);
    }
  };
  // The last word is filled up with zeros and, in its highest byte, the length.
  const padded = new Uint8Array((Math.floor(bytes.length / 8) + 1) * 8);
  padded.set(bytes);
  padded[padded.length - 1] = bytes.length & 0xff;
  const view = new DataView(padded.buffer);
  for (let at = 0; at < padded.length; at += 8) {
    const word = view.getBigUint64(at, true);
    v[3] ^= word;
    rounds(2);
    v[0] ^= word;
  }
  v[2] ^= 0xffn;
  rounds(4);
  return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/** Two fingerprints as one, depending on their order. */
export function crossFingerprints(a: bigint, b: bigint): bigint {
  const multiplier = 0xc6a4a7935bd1e995n;
  const scrambled = wrap(mix(wrap(b * multiplier)) * multiplier);
  return mix(wrap(mix(wrap((a ^ multiplier ^ scrambled) * multiplier)) * multiplier));
}

const encoder = new TextEncoder();

/**
 * The bin of a string.
 *
 * @param salt with it, SipHash is used in place of FarmHash
 */
export function hashBucket(text: string, bins: number, salt: readonly number[] | null): number {
  const bytes = encoder.encode(text);
  const hash = salt === null ? fingerprint64(bytes) : sipHash(bytes, [BigInt(salt[0]!), BigInt(salt[1]!)]);
  return Number(hash % BigInt(bins));
}

/** The fingerprint of a string. */
export function fingerprintOf(text: string): bigint {
  return fingerprint64(encoder.encode(text));
}
