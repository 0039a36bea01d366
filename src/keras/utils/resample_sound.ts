/** Sound with another number of frames: its spectrum is cut or filled up with zeros, as `scipy.signal.resample` does. */

/** Complex numbers, the parts in two arrays. */
interface Complex {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

const complex = (n: number): Complex => ({ re: new Float64Array(n), im: new Float64Array(n) });

/** The transform in place, for lengths that are powers of two. */
function fft({ re, im }: Complex, sign: 1 | -1): void {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; (j & bit) !== 0; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i >= j) continue;
    [re[i], re[j]] = [re[j]!, re[i]!];
    [im[i], im[j]] = [im[j]!, im[i]!];
  }
  const [cos, sin] = [new Float64Array(n / 2), new Float64Array(n / 2)];
  for (let k = 0; k < n / 2; k++) {
    cos[k] = Math.cos((2 * Math.PI * k) / n);
    sin[k] = sign * Math.sin((2 * Math.PI * k) / n);
  }
  for (let length = 2; length <= n; length *= 2) {
    const [half, step] = [length / 2, n / length];
    for (let start = 0; start < n; start += length) {
      for (let k = 0; k < half; k++) {
        const [a, b] = [start + k, start + k + half];
        const [c, s] = [cos[k * step]!, sin[k * step]!];
        const [x, y] = [re[b]! * c - im[b]! * s, re[b]! * s + im[b]! * c];
        re[b] = re[a]! - x;
        im[b] = im[a]! - y;
        re[a]! += x;
        im[a]! += y;
      }
    }
  }
}

/** The transform for any length, as a convolution with a chirp (Bluestein, 1970). */
function dft({ re, im }: Complex, sign: 1 | -1): Complex {
  const n = re.length;
  const size = 2 ** Math.ceil(Math.log2(Math.max(2 * n - 1, 2)));
  const chirp = complex(n);
  for (let k = 0; k < n; k++) {
    // The square modulo 2n keeps the angle small and exact.
    const angle = (sign * Math.PI * Number((BigInt(k) * BigInt(k)) % BigInt(2 * n))) / n;
    chirp.re[k] = Math.cos(angle);
    chirp.im[k] = Math.sin(angle);
  }
  const [a, b] = [complex(size), complex(size)];
  for (let k = 0; k < n; k++) {
    const [c, s] = [chirp.re[k]!, chirp.im[k]!];
    a.re[k] = re[k]! * c - im[k]! * s;
    a.im[k] = re[k]! * s + im[k]! * c;
    for (const at of k === 0 ? [0] : [k, size - k]) {
      b.re[at] = c;
      b.im[at] = -s;
    }
  }
  fft(a, -1);
  fft(b, -1);
  for (let k = 0; k < size; k++) {
    [a.re[k], a.im[k]] = [
      a.re[k]! * b.re[k]! - a.im[k]! * b.im[k]!,
      a.re[k]! * b.im[k]! + a.im[k]! * b.re[k]!,
    ];
  }
  fft(a, 1);
  const out = complex(n);
  for (let k = 0; k < n; k++) {
    const [c, s] = [chirp.re[k]! / size, chirp.im[k]! / size];
    out.re[k] = a.re[k]! * c - a.im[k]! * s;
    out.im[k] = a.re[k]! * s + a.im[k]! * c;
  }
  return out;
}

/**
 * One channel with another number of frames.
 *
 * @param count how many
 */
export function resampleSound(channel: Float32Array, count: number): Float32Array {
  const n = channel.length;
  const spectrum = dft({ re: Float64Array.from(channel), im: new Float64Array(n) }, -1);
  const shared = Math.min(n, count);
  const out = complex(count);
  for (let k = 0; k <= shared >> 1; k++) {
    // Where the middle frequency of an even number of frames stands for two, or two for it.
    const isMiddle = shared % 2 === 0 && k === shared / 2 && k > 0;
    const weight = isMiddle && n !== count ? (count < n ? 2 : 0.5) : 1;
    const [re, im] = [spectrum.re[k]! * weight, spectrum.im[k]! * weight];
    const isOwnMirror = k === 0 || 2 * k === count;
    out.re[k] = re;
    out.im[k] = isOwnMirror ? 0 : im;
    if (isOwnMirror) continue;
    out.re[count - k] = re;
    out.im[count - k] = -im;
  }
  return Float32Array.from(dft(out, 1).re, (x) => x / n);
}
