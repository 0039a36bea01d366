// Square float32 matrix products, and the check that a product is right.
import { median, sample } from "../../lib/measure.mjs";
import { shareOfPeak } from "../../lib/peak_probe.mjs";
import { uniform } from "../../lib/random.mjs";

export const sizes = [16, 32, 64, 128, 256, 512, 1024, 2048];

/**
 * @param {number} n
 * @param {number} seed
 * @returns {Float32Array} n * n numbers in [-1, 1)
 */
export function matrix(n, seed) {
  const next = uniform(seed);
  return Float32Array.from({ length: n * n }, () => 2 * next() - 1);
}

/**
 * Measures one contestant at every size and checks what it computed.
 * @template C
 * @param {(a: Float32Array, b: Float32Array, n: number) => Promise<Product<C>>} prepare
 * @param {{ shares?: boolean }} [options] whether to take the share of the machine's limit, too
 * @returns {Promise<Record<string, number>>}
 */
export async function measureProducts(prepare, { shares = false } = {}) {
  /** @type {Record<string, number>} */
  const figures = {};
  for (const n of sizes) {
    const a = matrix(n, 1);
    const b = matrix(n, 2);
    const { multiply, read } = await prepare(a, b, n);
    checkProduct(a, b, await read(await multiply()), n);
    await sample(multiply, 0.2); // warms up
    const times = await sample(multiply, 0.5);
    figures[`gflops${n}`] = (2 * n ** 3) / median(times) / 1e6;
    if (shares) figures[`share${n}`] = await shareOfPeak(multiply, 2 * n ** 3, 1);
  }
  return figures;
}

/** What scripts in Python need. @param {import("../../lib/contract.d.ts").Request} request */
export function forPython({ threads }) {
  const arrays = Object.fromEntries(
    sizes.flatMap((n) => [
      [`a${n}`, { shape: [n, n], data: matrix(n, 1) }],
      [`b${n}`, { shape: [n, n], data: matrix(n, 2) }],
    ]),
  );
  return { arrays, settings: { sizes }, threads };
}

/**
 * `multiply` computes the product, ready in the library's own memory, and frees the one before.
 * @template C
 * @typedef {{ multiply: () => C | Promise<C>, read: (product: C) => ArrayLike<number> | Promise<ArrayLike<number>> }} Product
 */

/**
 * @param {Float32Array} a
 * @param {Float32Array} b
 * @param {ArrayLike<number>} product
 * @param {number} n
 */
function checkProduct(a, b, product, n) {
  if (product.length !== n * n) throw new Error(`the product has ${product.length} elements, not ${n * n}`);
  for (let probe = 0; probe < 64; probe++) {
    const row = (probe * 37) % n;
    const column = n - 1 - ((probe * 91) % n);
    let exact = 0;
    for (let k = 0; k < n; k++) exact += a[row * n + k] * b[k * n + column];
    const got = product[row * n + column];
    if (!(Math.abs(got - exact) < 1e-3)) throw new Error(`element ${row}, ${column} is ${got}, not ${exact}`);
  }
}
