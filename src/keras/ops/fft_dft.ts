/** The discrete Fourier transform of rows of complex numbers, which are pairs of tensors. */
import * as engine from "../../engine/index.ts";
import { arrayOf, type DType, type Tensor, tensor } from "../../engine/index.ts";

/** Complex numbers; without an imaginary part they are real. */
export interface Complex {
  readonly re: Tensor;
  readonly im: Tensor | undefined;
}

/** Up to this length a transform is one product with the matrix of its roots of unity. */
const longestProduct = 32;

/** Above this length a prime number of elements is transformed by way of a power of two. */
const longestPrime = 128;

/** cos(2πk / n) and sin(2πk / n), which are exact at quarters of the circle. */
function rootOfUnity(k: number, n: number): readonly [cos: number, sin: number] {
  const quarters = (4 * k) / n;
  if (!Number.isInteger(quarters)) return [Math.cos((2 * Math.PI * k) / n), Math.sin((2 * Math.PI * k) / n)];
  const at = ((quarters % 4) + 4) % 4;
  return [[1, 0, -1, 0][at]!, [0, 1, 0, -1][at]!];
}

/** Tables of cos(2πk / n) and sin(2πk / n), k being a function of the place. */
function roots(shape: readonly number[], k: (place: number) => number, n: number, dtype: DType): Complex {
  const size = engine.sizeOf(shape);
  const [re, im] = [new (arrayOf(dtype))(size), new (arrayOf(dtype))(size)];
  for (let i = 0; i < size; i++) [re[i], im[i]] = rootOfUnity(k(i), n);
  return { re: tensor(re, { shape, dtype }), im: tensor(im, { shape, dtype }) };
}

/** Products of complex numbers by a function that is linear in both of its arguments. */
function product(x: Complex, y: Complex, by: (a: Tensor, b: Tensor) => Tensor): Complex {
  const re = by(x.re, y.re);
  const [cross1, cross2] = [y.im && by(x.re, y.im), x.im && by(x.im, y.re)];
  const im = cross1 && cross2 ? engine.add(cross1, cross2) : (cross1 ?? cross2);
  return { re: x.im && y.im ? engine.subtract(re, by(x.im, y.im)) : re, im };
}

const each = (x: Complex, f: (part: Tensor) => Tensor): Complex => ({ re: f(x.re), im: x.im && f(x.im) });

/**
 * Σ xⱼ exp(sign 2πi j k / n) for all k, along the last axis of (rows, n).
 *
 * Cooley and Tukey's way: n is taken apart into factors, short transforms are matrix products; large prime factors go
 * Bluestein's way. Lengths that are products of small primes cost n log n.
 */
export function dft(x: Complex, sign: 1 | -1): Complex {
  const [rows, n] = x.re.shape as [number, number];
  const { dtype } = x.re;
  if (n <= longestProduct) return byMatrix(x, sign);
  const r = factorOf(n);
  if (r === n) return n <= longestPrime ? byMatrix(x, sign) : bluestein(x, sign);
  // Element j₁ m + j₂ goes to k₁ + r k₂: short transforms over j₁, a turn of each, the rest of the length over j₂.
  const m = n / r;
  const columns = each(x, (part) =>
    part
      .reshape([rows, r, m])
      .transpose([0, 2, 1])
      .reshape([rows * m, r]),
  );
  const short = each(dft(columns, sign), (part) => part.reshape([rows, m, r]).transpose([0, 2, 1]));
  const turns = roots([r, m], (i) => sign * Math.floor(i / m) * (i % m), n, dtype);
  const turned = product(short, turns, engine.multiply);
  const long = dft(
    each(turned, (part) => part.reshape([rows * r, m])),
    sign,
  );
  return each(long, (part) => part.reshape([rows, r, m]).transpose([0, 2, 1]).reshape([rows, n]));
}

/** The factor that is taken out of a length: one that shares the work evenly, or the length itself when it is prime. */
function factorOf(n: number): number {
  for (let r = Math.min(longestProduct, Math.floor(Math.sqrt(n))); r > 1; r--) if (n % r === 0) return r;
  for (let p = longestProduct + 1; p * p <= n; p++) if (n % p === 0) return p;
  return n;
}

function byMatrix(x: Complex, sign: 1 | -1): Complex {
  const n = x.re.shape[1]!;
  const matrix = roots([n, n], (i) => sign * ((Math.floor(i / n) * (i % n)) % n), n, x.re.dtype);
  return product(x, matrix, (a, b) => a.matmul(b));
}

/** As 2jk = j² + k² - (k - j)², the transform is a convolution between two turns; that of a power of two computes it. */
function bluestein(x: Complex, sign: 1 | -1): Complex {
  const [, n] = x.re.shape as [number, number];
  const { dtype } = x.re;
  const length = 2 ** Math.ceil(Math.log2(2 * n - 1));
  const turns = roots([1, n], (j) => sign * ((j * j) % (2 * n)), 2 * n, dtype);
  const back = roots(
    [1, length],
    (i) => {
      const j = i < n ? i : i > length - n ? length - i : 0;
      return -sign * ((j * j) % (2 * n));
    },
    2 * n,
    dtype,
  );
  const padded = each(product(x, turns, engine.multiply), (part) =>
    engine.pad(part, 0, { low: [0, 0], high: [0, length - n], interior: [0, 0] }),
  );
  const spectrum = product(dft(padded, -1), dft(back, -1), engine.multiply);
  const convolved = each(dft(spectrum, 1), (part) => engine.divide(part.at("...", [0, n]), length));
  return product(convolved, turns, engine.multiply);
}
