/** GPTQ: weights are rounded input by input, and those to come make good what rounding changes (Frantar et al., 2022). */
import { matmul, slice, type Tensor, toTensor } from "../../engine/index.ts";
import type { Calibrator } from "./calibration.ts";
import type { CalibratedValues } from "./calibration_target.ts";
import { type ParameterOptions, quantizationParameters } from "./quantization_parameters.ts";

/** How GPTQ works. */
export interface GPTQSettings {
  readonly weightBits: number;
  readonly perChannel: boolean;
  readonly symmetric: boolean;
  readonly groupSize: number;
  readonly hessianDamping: number;
  readonly activationOrder: boolean;
}

/** After so many inputs the weights of all others are made to follow at once. */
const blockLength = 128;

/** A symmetric positive matrix, or a triangular one, row by row. */
type Matrix = Float64Array<ArrayBuffer>;

/** The lower triangular factor L of `L·Lᵀ`. */
function cholesky(a: Matrix, n: number): Matrix {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= l[i * n + k]! * l[j * n + k]!;
      l[i * n + j] = i === j ? Math.sqrt(sum) : sum / l[j * n + j]!;
    }
  }
  return l;
}

/** The inverse of `L·Lᵀ`. */
function inverseOf(l: Matrix, n: number): Matrix {
  // Row j of the inverse of L, transposed: column by column.
  const m = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = i === j ? 1 : 0;
      for (let k = j; k < i; k++) sum -= l[i * n + k]! * m[j * n + k]!;
      m[j * n + i] = sum / l[i * n + i]!;
    }
  }
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = i; k < n; k++) sum += m[i * n + k]! * m[j * n + k]!;
      inverse[i * n + j] = sum;
      inverse[j * n + i] = sum;
    }
  }
  return inverse;
}

/** The order of numbers from the largest to the smallest. */
function descending(values: ArrayLike<number>): number[] {
  return Array.from(values, (_, i) => i).sort((a, b) => values[b]! - values[a]! || b - a);
}

/** The quantization of one kernel. */
export class GPTQ implements Calibrator {
  readonly #weights: Tensor;
  readonly #settings: GPTQSettings;
  /** Twice the mean of the products of inputs with each other. */
  #hessian: Tensor;
  #seen = 0;

  /** @param weights `(inputs, outputs)` */
  constructor(weights: Tensor, settings: GPTQSettings) {
    this.#weights = weights.astype("float32");
    this.#settings = settings;
    const [inputs] = weights.shape as readonly [number];
    this.#hessian = toTensor(new Float32Array(inputs * inputs)).reshape([inputs, inputs]);
  }

  see(x: Tensor): void {
    const before = this.#seen;
    const all = before + x.shape[0]!;
    const product = matmul(x.transpose(), x);
    this.#hessian = this.#hessian.multiply(before / all).add(product.multiply(2 / all));
    this.#hessian.dataSync();
    this.#seen = all;
  }

  /** The Hessian with something on its diagonal, so that it has an inverse. */
  #damped(): Matrix {
    const h = Float64Array.from(this.#hessian.dataSync() as ArrayLike<number>);
    const n = Math.sqrt(h.length);
    let mean = 0;
    for (let i = 0; i < n; i++) {
      const at = i * n + i;
      if (h[at] === 0) h[at] = 1;
      mean += h[at]! / n;
    }
    for (let i = 0; i < n; i++) h[i * n + i]! += this.#settings.hessianDamping * mean;
    return h;
  }

  values(): CalibratedValues {
    const [n, outputs] = this.#weights.shape as readonly [number, number];
    const { weightBits: bits, groupSize, activationOrder, symmetric, perChannel } = this.#settings;
    const damped = this.#damped();
    const diagonal = Float64Array.from({ length: n }, (_, i) => damped[i * n + i]!);
    const order = activationOrder ? descending(diagonal) : Array.from({ length: n }, (_, i) => i);
    const ordered = new Float64Array(n * n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) ordered[i * n + j] = damped[order[i]! * n + order[j]!]!;
    // Row i of the upper factor of the inverse is column i of the lower one.
    const factor = cholesky(inverseOf(cholesky(ordered, n), n), n);

    const given = this.#weights.dataSync() as ArrayLike<number>;
    const w = new Float32Array(n * outputs);
    for (let i = 0; i < n; i++)
      for (let o = 0; o < outputs; o++) w[i * outputs + o] = given[order[i]! * outputs + o]!;
    const length = groupSize === -1 ? n : groupSize;
    const groups = Math.ceil(n / length);
    const scales = new Float32Array(outputs * groups);
    const zeros = new Float32Array(outputs * groups);
    const quantized = new Int32Array(outputs * n);
    const top = 2 ** bits - 1;
    const options: ParameterOptions = { bits, symmetric, perChannel };

    for (let start = 0; start < n; start += blockLength) {
      const end = Math.min(start + blockLength, n);
      const errors = new Float32Array((end - start) * outputs);
      // Scales are those of the weights as they are when the block begins.
      const block = toTensor(w.slice(), "float32").reshape([n, outputs]);
      for (let i = start; i < end; i++) {
        const group = Math.floor(i / length);
        if (i % length === 0) {
          const members = slice(block, [i, 0], [Math.min(i + length, n), outputs]);
          const { scale, zero } = quantizationParameters(members.transpose(), options);
          const [s, z] = [scale.dataSync(), zero.dataSync()] as ArrayLike<number>[];
          for (let o = 0; o < outputs; o++) {
            scales[o * groups + group] = s![o]!;
            zeros[o * groups + group] = z![o]!;
          }
        }
        const influence = Math.fround(factor[i * n + i]!);
        for (let o = 0; o < outputs; o++) {
          const [scale, zero] = [scales[o * groups + group]!, zeros[o * groups + group]!];
          const value = w[i * outputs + o]!;
          const whole = roundHalfToEven(Math.fround(Math.fround(value / scale) + zero));
          const q = Math.min(Math.max(whole, 0), top);
          quantized[o * n + order[i]!] = q;
          const error = Math.fround(value - Math.fround(scale * (q - zero)));
          errors[(i - start) * outputs + o] = error / influence;
        }
        for (let j = i + 1; j < end; j++) {
          const share = Math.fround(factor[j * n + i]!);
          const [from, to] = [(i - start) * outputs, j * outputs];
          for (let o = 0; o < outputs; o++) w[to + o]! -= Math.fround(errors[from + o]! * share);
        }
      }
      if (end < n) follow(w, errors, factor, { start, end, n, outputs });
    }
    const groupOf = Float32Array.from({ length: n });
    order.forEach((input, i) => {
      groupOf[input] = Math.floor(i / length);
    });
    return {
      values: toTensor(quantized, "int32").reshape([outputs, n]),
      scale: toTensor(scales).reshape([outputs, groups]),
      zero: toTensor(zeros).reshape([outputs, groups]),
      groups: toTensor(groupOf),
    };
  }
}

/** Lets the weights behind a block follow its errors. */
function follow(
  w: Float32Array,
  errors: Float32Array<ArrayBuffer>,
  factor: Matrix,
  at: { readonly start: number; readonly end: number; readonly n: number; readonly outputs: number },
): void {
  const { start, end, n, outputs } = at;
  const shares = new Float32Array((n - end) * (end - start));
  for (let j = end; j < n; j++)
    for (let i = start; i < end; i++) shares[(j - end) * (end - start) + i - start] = factor[j * n + i]!;
  const change = matmul(
    toTensor(shares).reshape([n - end, end - start]),
    toTensor(errors).reshape([end - start, outputs]),
  ).dataSync() as ArrayLike<number>;
  for (let k = 0; k < change.length; k++) w[end * outputs + k]! -= change[k]!;
}

function roundHalfToEven(x: number): number {
  const down = Math.floor(x);
  if (x - down !== 0.5) return Math.round(x);
  return down % 2 === 0 ? down : down + 1;
}
