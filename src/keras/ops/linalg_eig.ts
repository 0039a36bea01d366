/** Linear algebra: eigenvalues and eigenvectors of any square matrices. */
import {
  isFloat,
  ShapeError,
  showShape,
  type Tensor,
  type TypedArray,
  tensor,
  toTensor,
  ValueError,
} from "../../engine/index.ts";
import { type ComplexLike, ComplexTensor } from "./complex_tensor.ts";

/** A square matrix of complex numbers, row by row. */
class Matrix {
  readonly n: number;
  readonly re: Float64Array;
  readonly im: Float64Array;

  constructor(n: number) {
    this.n = n;
    this.re = new Float64Array(n * n);
    this.im = new Float64Array(n * n);
  }
}

/** Rounds that a single eigenvalue may need. */
const mostRounds = 60;
const { EPSILON, hypot } = { EPSILON: Number.EPSILON, hypot: Math.hypot };

/** The unit matrix. */
function unit(n: number): Matrix {
  const q = new Matrix(n);
  for (let i = 0; i < n; i++) q.re[i * n + i] = 1;
  return q;
}

/** A rotation of two rows from the left, `[c s; -s̄ c]`, from a column on. */
function rotateRows(a: Matrix, i: number, k: number, c: number, sr: number, si: number, from: number): void {
  const { n, re, im } = a;
  for (let j = from; j < n; j++) {
    const [p, q] = [i * n + j, k * n + j];
    const [xr, xi, yr, yi] = [re[p]!, im[p]!, re[q]!, im[q]!];
    re[p] = c * xr + sr * yr - si * yi;
    im[p] = c * xi + sr * yi + si * yr;
    re[q] = c * yr - sr * xr - si * xi;
    im[q] = c * yi - sr * xi + si * xr;
  }
}

/** The inverse of the rotation on two columns, down to a row. */
function rotateColumns(
  a: Matrix,
  i: number,
  k: number,
  c: number,
  sr: number,
  si: number,
  end: number,
): void {
  const { n, re, im } = a;
  for (let j = 0; j < end; j++) {
    const [p, q] = [j * n + i, j * n + k];
    const [xr, xi, yr, yi] = [re[p]!, im[p]!, re[q]!, im[q]!];
    re[p] = c * xr + sr * yr + si * yi;
    im[p] = c * xi + sr * yi - si * yr;
    re[q] = c * yr - sr * xr + si * xi;
    im[q] = c * yi - sr * xi - si * xr;
  }
}

/** The rotation that makes the second of two numbers zero. */
function givens(
  ar: number,
  ai: number,
  br: number,
  bi: number,
): readonly [c: number, sr: number, si: number] {
  const [a, b] = [hypot(ar, ai), hypot(br, bi)];
  if (b === 0) return [1, 0, 0];
  if (a === 0) return [0, br / b, -bi / b];
  const r = hypot(a, b);
  // s = (a/|a|)·b̄/r
  return [a / r, (ar * br + ai * bi) / (a * r), (ai * br - ar * bi) / (a * r)];
}

/** Makes all zero that lies below the diagonal beside the main one; `q` takes the rotations. */
function toHessenberg(a: Matrix, q: Matrix): void {
  const { n, re, im } = a;
  for (let k = 0; k < n - 2; k++) {
    for (let i = n - 1; i > k + 1; i--) {
      const [p, r] = [(i - 1) * n + k, i * n + k];
      if (re[r] === 0 && im[r] === 0) continue;
      const [c, sr, si] = givens(re[p]!, im[p]!, re[r]!, im[r]!);
      rotateRows(a, i - 1, i, c, sr, si, k);
      rotateColumns(a, i - 1, i, c, sr, si, n);
      rotateColumns(q, i - 1, i, c, sr, si, n);
      re[r] = 0;
      im[r] = 0;
    }
  }
}

/** The square root of a complex number with a real part that is not negative. */
function sqrt(xr: number, xi: number): readonly [number, number] {
  const size = hypot(xr, xi);
  const re = Math.sqrt((size + Math.abs(xr)) / 2);
  if (re === 0) return [0, 0];
  const other = Math.abs(xi) / (2 * re);
  const [a, b] = xr >= 0 ? [re, other] : [other, re];
  return [a, xi < 0 ? -b : b];
}

function divide(ar: number, ai: number, br: number, bi: number): readonly [number, number] {
  // Divided by the larger part first, so that squares do not overflow.
  const scale = Math.max(Math.abs(br), Math.abs(bi));
  const [cr, ci] = [br / scale, bi / scale];
  const size = (cr * cr + ci * ci) * scale;
  return [(ar * cr + ai * ci) / size, (ai * cr - ar * ci) / size];
}

/** Wilkinson's shift: the eigenvalue of the last two rows that is closer to the last number. */
function shiftOf({ n, re, im }: Matrix, hi: number): readonly [number, number] {
  const at = (i: number, j: number): readonly [number, number] => [re[i * n + j]!, im[i * n + j]!];
  const [[ar, ai], [br, bi], [cr, ci], [dr, di]] = [
    ...[at(hi - 1, hi - 1), at(hi - 1, hi), at(hi, hi - 1), at(hi, hi)],
  ] as const;
  const [hr, hm] = [(ar - dr) / 2, (ai - di) / 2];
  const [pr, pi] = [br * cr - bi * ci, br * ci + bi * cr];
  if (pr === 0 && pi === 0) return [dr, di];
  let [rr, ri] = sqrt(hr * hr - hm * hm + pr, 2 * hr * hm + pi);
  if (hr * rr + hm * ri < 0) [rr, ri] = [-rr, -ri];
  const [tr, ti] = divide(pr, pi, hr + rr, hm + ri);
  return [dr - tr, di - ti];
}

/** Makes a Hessenberg matrix an upper triangle by shifted QR steps; `q` takes the rotations. */
function toTriangle(a: Matrix, q: Matrix): void {
  const { n, re, im } = a;
  let rounds = 0;
  for (let hi = n - 1; hi > 0; ) {
    let lo = hi;
    for (; lo > 0; lo--) {
      const size = (i: number, j: number): number => Math.abs(re[i * n + j]!) + Math.abs(im[i * n + j]!);
      if (size(lo, lo - 1) <= EPSILON * (size(lo - 1, lo - 1) + size(lo, lo))) {
        re[lo * n + lo - 1] = 0;
        im[lo * n + lo - 1] = 0;
        break;
      }
    }
    if (lo === hi) {
      hi--;
      rounds = 0;
      continue;
    }
    if (++rounds > mostRounds) throw new ValueError("eig: the eigenvalues do not converge.");
    // Now and then another shift, lest the steps go round in circles.
    const [sr, si] =
      rounds % 10 === 0
        ? [re[hi * n + hi]! + Math.abs(re[hi * n + hi - 1]!), im[hi * n + hi]!]
        : shiftOf(a, hi);
    for (let i = lo; i <= hi; i++) {
      re[i * n + i]! -= sr;
      im[i * n + i]! -= si;
    }
    const turns: (readonly [number, number, number])[] = [];
    for (let k = lo; k < hi; k++) {
      const [p, r] = [k * n + k, (k + 1) * n + k];
      const turn = givens(re[p]!, im[p]!, re[r]!, im[r]!);
      rotateRows(a, k, k + 1, ...turn, k);
      re[r] = 0;
      im[r] = 0;
      turns.push(turn);
    }
    turns.forEach((turn, i) => {
      const k = lo + i;
      rotateColumns(a, k, k + 1, ...turn, Math.min(k + 2, hi + 1));
      rotateColumns(q, k, k + 1, ...turn, n);
    });
    for (let i = lo; i <= hi; i++) {
      re[i * n + i]! += sr;
      im[i * n + i]! += si;
    }
  }
}

/** About the largest magnitude; not finite where a number is not. */
function largestOf({ re, im }: Matrix): number {
  let largest = 0;
  for (const part of [re, im]) {
    for (const y of part) {
      if (!Number.isFinite(y)) return y;
      largest = Math.max(largest, Math.abs(y));
    }
  }
  return largest;
}

/** The eigenvectors of a triangle, as columns, turned back by `q`, each of length 1 with a real largest element. */
function vectorsOf(t: Matrix, q: Matrix): Matrix {
  const { n } = t;
  const v = new Matrix(n);
  const norm = largestOf(t);
  const least = Math.max(EPSILON * norm, Number.MIN_VALUE / EPSILON);
  for (let k = 0; k < n; k++) {
    const [xr, xi] = [new Float64Array(n), new Float64Array(n)];
    xr[k] = 1;
    for (let i = k - 1; i >= 0; i--) {
      let [sr, si] = [0, 0];
      for (let j = i + 1; j <= k; j++) {
        const [ar, ai] = [t.re[i * n + j]!, t.im[i * n + j]!];
        sr -= ar * xr[j]! - ai * xi[j]!;
        si -= ar * xi[j]! + ai * xr[j]!;
      }
      let [dr, di] = [t.re[i * n + i]! - t.re[k * n + k]!, t.im[i * n + i]! - t.im[k * n + k]!];
      if (Math.abs(dr) + Math.abs(di) < least) [dr, di] = [least, 0];
      [xr[i], xi[i]] = divide(sr, si, dr, di) as [number, number];
    }
    const [yr, yi] = [new Float64Array(n), new Float64Array(n)];
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= k; j++) {
        const [ar, ai] = [q.re[i * n + j]!, q.im[i * n + j]!];
        yr[i]! += ar * xr[j]! - ai * xi[j]!;
        yi[i]! += ar * xi[j]! + ai * xr[j]!;
      }
    }
    normalize(yr, yi);
    for (let i = 0; i < n; i++) [v.re[i * n + k], v.im[i * n + k]] = [yr[i]!, yi[i]!];
  }
  return v;
}

function normalize(yr: Float64Array, yi: Float64Array): void {
  const sizes = yr.map((x, i) => hypot(x, yi[i]!));
  const length = hypot(...sizes);
  const at = sizes.indexOf(Math.max(...sizes));
  const [tr, ti] = [yr[at]! / sizes[at]!, -yi[at]! / sizes[at]!];
  yr.forEach((x, i) => {
    const y = yi[i]!;
    yr[i] = (x * tr - y * ti) / length;
    yi[i] = (x * ti + y * tr) / length;
  });
  yi[at] = 0;
}

/** Of a real matrix: eigenvalues are real, or pairs of conjugates, and so are their vectors. */
function pairUp(wr: Float64Array, wi: Float64Array, v: Matrix): void {
  const { n } = v;
  const largest = Math.max(...wr.map((x, i) => hypot(x, wi[i]!)));
  const open = new Set<number>();
  for (let k = 0; k < n; k++) {
    if (Math.abs(wi[k]!) > 100 * n * EPSILON * largest) open.add(k);
    else {
      wi[k] = 0;
      for (let i = 0; i < n; i++) v.im[i * n + k] = 0;
    }
  }
  for (const k of open) {
    if (wi[k]! < 0) continue;
    const distance = (j: number): number => hypot(wr[j]! - wr[k]!, wi[j]! + wi[k]!);
    const others = [...open].filter((j) => wi[j]! < 0);
    if (others.length === 0) continue;
    const j = others.reduce((a, b) => (distance(b) < distance(a) ? b : a));
    open.delete(j);
    [wr[j], wi[j]] = [wr[k]!, -wi[k]!];
    for (let i = 0; i < n; i++) [v.re[i * n + j], v.im[i * n + j]] = [v.re[i * n + k]!, -v.im[i * n + k]!];
  }
}

/**
 * The eigenvalues and eigenvectors of square matrices: `x · v = v · diag(w)`. They are computed at once, in float64, by the
 * shifted QR algorithm; not inside of `jit`, and without gradients.
 *
 * @param x real or complex, `(…, n, n)`
 * @returns the eigenvalues `(…, n)` in no order, and the eigenvectors as columns `(…, n, n)`, each of length 1 and with a real
 *   largest element; both complex
 * @throws ShapeError for matrices that are not square
 *
 * @example
 * ```ts
 * const [w, v] = eig([[0, -1], [1, 0]]);
 * String(w); // → [0.+1.j 0.-1.j]
 * v.shape; // → [2, 2]
 * ```
 */
export function eig(x: ComplexLike): [w: ComplexTensor, v: ComplexTensor] {
  const given = ComplexTensor.from(x instanceof ComplexTensor ? x : floats(toTensor(x)));
  const { shape, size } = given;
  const n = shape.at(-1) ?? 0;
  if (shape.length < 2 || shape.at(-2) !== n || n === 0) {
    throw new ShapeError(`eig: expected square matrices (…, n, n). Received shape ${showShape(shape)}`);
  }
  const [re, im] = [given.real.dataSync(), given.imag.dataSync()] as [TypedArray, TypedArray];
  const count = size / (n * n);
  const values = [new Float64Array(count * n), new Float64Array(count * n)] as const;
  const vectors = [new Float64Array(size), new Float64Array(size)] as const;
  for (let at = 0; at < count; at++) {
    const from = at * n * n;
    const a = new Matrix(n);
    a.re.set(re.subarray(from, from + n * n));
    a.im.set(im.subarray(from, from + n * n));
    const isReal = a.im.every((y) => y === 0);
    const q = unit(n);
    const [wr, wi] = [new Float64Array(n).fill(Number.NaN), new Float64Array(n).fill(Number.NaN)];
    let v = new Matrix(n);
    const largest = largestOf(a);
    if (Number.isFinite(largest)) {
      // Powers of two change no digits, and keep squares from overflowing.
      const scale = largest === 0 ? 1 : 2 ** Math.min(1000, Math.max(-1000, Math.floor(Math.log2(largest))));
      for (const part of [a.re, a.im]) part.forEach((y, i) => (part[i] = y / scale));
      toHessenberg(a, q);
      toTriangle(a, q);
      for (let i = 0; i < n; i++) [wr[i], wi[i]] = [a.re[i * n + i]!, a.im[i * n + i]!];
      v = vectorsOf(a, q);
      if (isReal) pairUp(wr, wi, v);
      for (let i = 0; i < n; i++) [wr[i], wi[i]] = [wr[i]! * scale, wi[i]! * scale];
    } else v.re.fill(Number.NaN);
    values[0].set(wr, at * n);
    values[1].set(wi, at * n);
    vectors[0].set(v.re, from);
    vectors[1].set(v.im, from);
  }
  const { dtype } = given.real;
  const made = (parts: readonly [Float64Array, Float64Array], of: readonly number[]): ComplexTensor => {
    const [a, b] = parts.map((part) => tensor(part, { dtype, shape: of })) as [Tensor, Tensor];
    return new ComplexTensor(a, b);
  };
  return [made(values, shape.slice(0, -1)), made(vectors, shape)];
}

const floats = (t: Tensor): Tensor => (isFloat(t.dtype) ? t : t.astype("float32"));
