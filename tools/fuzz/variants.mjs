// Files that are nearly right: one change, or a few, to a good one. Each is known by its seed.
import { randomFrom } from "./random.mjs";

/**
 * @typedef {Readonly<Record<string, Uint8Array>>} Files by name: one, or a model.json with its shards
 * @typedef {() => number} Random
 */

/** @param {Random} random @param {number} most */
const below = (random, most) => Math.floor(random() * most);

/** @template T @param {Random} random @param {readonly T[]} list @returns {T} */
const pick = (random, list) => /** @type {T} */ (list[below(random, list.length)]);

/** Sizes that readers stumble over. */
const hostile = [0, 1, 0x7f, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffffe, 0x40000000];

/** @type {readonly ((bytes: Uint8Array, random: Random, others: readonly Uint8Array[]) => Uint8Array)[]} */
const ofBytes = [
  function flipBits(bytes, random) {
    const out = new Uint8Array(bytes);
    for (let n = 1 + below(random, 12); n > 0; n--) {
      const at = below(random, out.length);
      out[at] = /** @type {number} */ (out[at]) ^ (1 << below(random, 8));
    }
    return out;
  },
  function cutOff(bytes, random) {
    return bytes.slice(0, below(random, bytes.length));
  },
  function cutOut(bytes, random) {
    const from = below(random, bytes.length);
    return joined(bytes.subarray(0, from), bytes.subarray(from + 1 + below(random, 64)));
  },
  function putIn(bytes, random) {
    const from = below(random, bytes.length);
    const more = Uint8Array.from({ length: 1 + below(random, 64) }, () => below(random, 256));
    return joined(bytes.subarray(0, from), more, bytes.subarray(from));
  },
  function splice(bytes, random, others) {
    const other = pick(random, others);
    return joined(
      bytes.subarray(0, below(random, bytes.length)),
      other.subarray(below(random, other.length)),
    );
  },
  function swapChunks(bytes, random) {
    const out = new Uint8Array(bytes);
    const size = 1 + below(random, Math.max(1, bytes.length >> 2));
    const [a, b] = [below(random, bytes.length - size), below(random, bytes.length - size)];
    out.set(bytes.subarray(a, a + size), b);
    out.set(bytes.subarray(b, b + size), a);
    return out;
  },
  function hostileSize(bytes, random) {
    const out = new Uint8Array(bytes);
    if (out.length < 8) return out;
    const view = new DataView(out.buffer);
    for (let n = 1 + below(random, 3); n > 0; n--) {
      const at = below(random, out.length - 8);
      view.setUint32(at, pick(random, hostile), true);
      if (random() < 0.5) view.setUint32(at + 4, pick(random, hostile), true);
    }
    return out;
  },
];

/** Values that JSON may have where nobody thought of them. */
const strange = [
  null,
  true,
  -1,
  0,
  1e308,
  1e9,
  0.5,
  2 ** 53,
  "",
  "../../../etc/passwd",
  "__proto__",
  "constructor",
  "x".repeat(5000),
  [],
  {},
  [[[[[]]]]],
  { class_name: "Lambda", config: { function: "import os" } },
];

/**
 * JSON with something else in some place.
 *
 * @param {string} text
 * @param {Random} random
 */
export function changeJson(text, random) {
  /** @type {unknown} */
  const root = JSON.parse(text);
  for (let n = 1 + below(random, 3); n > 0; n--) {
    /** @type {[Record<string, unknown>, string][]} */
    const places = [];
    // A list of its own instead of calls: what is put in may be deep, or in itself.
    const open = [root];
    const seen = new Set(open);
    for (let x = open.pop(); x !== undefined; x = open.pop()) {
      if (typeof x !== "object" || x === null) continue;
      for (const [key, value] of Object.entries(x)) {
        places.push([/** @type {Record<string, unknown>} */ (x), key]);
        if (!seen.has(value)) open.push(value);
        seen.add(value);
      }
    }
    if (places.length === 0) break;
    const [holder, key] = pick(random, places);
    const how = below(random, 6);
    const value = holder[key];
    if (how === 0) delete holder[key];
    else if (how === 1) holder[key] = [value, value];
    else if (how === 2 && typeof value === "number")
      holder[key] = pick(random, [value + 1, -value, value * 1e6, value / 3]);
    else if (how === 3) holder[key] = pick(random, places)[0][pick(random, places)[1]];
    else if (how === 4) {
      /** @type {unknown} */
      let deep = value;
      for (let depth = pick(random, [5, 900, 3000]); depth > 0; depth--) deep = [deep];
      holder[key] = deep;
    } else holder[key] = pick(random, strange);
    if (random() < 0.1)
      Object.defineProperty(holder, "__proto__", {
        value: { polluted: true },
        enumerable: true,
        configurable: true,
        writable: true,
      });
  }
  // Deep structures are not for JSON.stringify, which calls itself for each level.
  try {
    return JSON.stringify(root) ?? "null";
  } catch {
    return "[".repeat(5000);
  }
}

/** @param {...Uint8Array} parts */
export function joined(...parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/**
 * The variant of a good file that a seed stands for.
 *
 * @param {number} seed
 * @param {Files} files
 * @param {readonly Uint8Array[]} others other good files, for splices
 * @param {((files: Files, change: (text: string) => string) => Files) | undefined} withJson changes the JSON inside
 * @returns {Files}
 */
export function variantOf(seed, files, others, withJson) {
  const random = randomFrom(seed);
  if (withJson !== undefined && random() < 0.4) return withJson(files, (text) => changeJson(text, random));
  const name = pick(random, Object.keys(files));
  let bytes = /** @type {Uint8Array} */ (files[name]);
  for (let n = random() < 0.7 ? 1 : 2; n > 0; n--)
    if (bytes.length > 0) bytes = pick(random, ofBytes)(bytes, random, others);
  return { ...files, [name]: bytes };
}
