/** AWQ: the weights of inputs with large activations are made larger before they are rounded (Lin et al., 2023). */
import {
  abs,
  concatenate,
  divide,
  less,
  maximum,
  minimum,
  multiply,
  power,
  slice,
  sqrt,
  type Tensor,
  toTensor,
  where,
} from "../../engine/index.ts";
import { einsum } from "../ops/numpy_linear.ts";
import type { Calibrator } from "./calibration.ts";
import type { CalibratedValues } from "./calibration_target.ts";
import {
  dequantizeWithZero,
  quantizationParameters,
  quantizeWithZero,
  spread,
} from "./quantization_parameters.ts";

/** How AWQ works. */
export interface AWQSettings {
  readonly groupSize: number;
  readonly numGridPoints: number;
  readonly applyClip: boolean;
}

const bits = 4;
/** So many inputs are kept to try cutting off with. */
const keptInputs = 512;
/** How far the largest weights are cut off, and in how many steps that is tried. */
const [mostShrunk, shrinkSteps] = [0.5, 20];
/** How many outputs are tried at once: it bounds the memory. */
const outputsAtOnce = 64;

/** The group of each input. */
function groupsOf(inputs: number, size: number): Tensor {
  return toTensor(
    Int32Array.from({ length: inputs }, (_, i) => (size === -1 ? 0 : Math.floor(i / size))),
    "int32",
  );
}

/** A matrix `(outputs, inputs)` as whole numbers, with their scales and zeros. */
function quantized(w: Tensor, groupSize: number): { q: Tensor; scale: Tensor; zero: Tensor; groups: Tensor } {
  const { scale, zero } = quantizationParameters(w, { bits, groupSize });
  const groups = groupsOf(w.shape[1]!, groupSize);
  const q = quantizeWithZero(w, spread(scale, groups, 1), spread(zero, groups, 1), bits);
  return { q, scale, zero, groups };
}

/** What a matrix is after it has been quantized. */
function rounded(w: Tensor, groupSize: number): Tensor {
  const { q, scale, zero, groups } = quantized(w, groupSize);
  return dequantizeWithZero(q, spread(scale, groups, 1), spread(zero, groups, 1));
}

const clip = (x: Tensor, low: Tensor, high: Tensor): Tensor => minimum(maximum(x, low), high);

const orOne = (x: Tensor): Tensor => where(less(x, 1e-8), 1, x);

/** The quantization of one kernel. */
export class AWQ implements Calibrator {
  readonly #weights: Tensor;
  readonly #settings: AWQSettings;
  /** The mean magnitude of each input. */
  #magnitudes: Tensor;
  #seen = 0;
  readonly #kept: Tensor[] = [];
  #keptInputs = 0;

  /** @param weights `(inputs, outputs)` */
  constructor(weights: Tensor, settings: AWQSettings) {
    this.#weights = weights.transpose().astype("float32");
    this.#settings = settings;
    this.#magnitudes = toTensor(new Float32Array(weights.shape[0]!));
  }

  see(x: Tensor): void {
    const [n, inputs] = x.shape as readonly [number, number];
    this.#seen += n;
    const difference = abs(x).mean(0).subtract(this.#magnitudes);
    this.#magnitudes = this.#magnitudes.add(difference.multiply(n / this.#seen));
    this.#magnitudes.dataSync();
    const room = Math.min(n, keptInputs - this.#keptInputs);
    if (!this.#settings.applyClip || room <= 0) return;
    const some = slice(x, [0, 0], [room, inputs]);
    some.dataSync();
    this.#kept.push(some);
    this.#keptInputs += room;
  }

  values(): CalibratedValues {
    const { groupSize, applyClip } = this.#settings;
    const factors = this.#bestFactors();
    const scaled = this.#weights.multiply(factors);
    const isClipped = applyClip && this.#kept.length > 0;
    const weights = isClipped ? this.#clipped(scaled, factors) : scaled;
    const { q, scale, zero, groups } = quantized(weights, groupSize);
    return { values: q.astype("int32"), scale, zero, groups, factors };
  }

  /** How large the weights of each input are, within its group. */
  #weightSizes(): Tensor {
    const { groupSize } = this.#settings;
    const [outputs, inputs] = this.#weights.shape as readonly [number, number];
    const size = groupSize > 0 && inputs % groupSize === 0 ? groupSize : inputs;
    const grouped = abs(this.#weights).reshape([outputs, inputs / size, size]);
    const share = divide(grouped, grouped.max(2, { keepdims: true }).add(1e-6));
    return share.reshape([outputs, inputs]).mean(0);
  }

  /** The factors that change the outputs least, of several mixtures of activations and weights. */
  #bestFactors(): Tensor {
    const { numGridPoints: points, groupSize } = this.#settings;
    const weights = this.#weights;
    const [activations, sizes] = [orOne(this.#magnitudes), orOne(this.#weightSizes())];
    let best: { readonly loss: number; readonly factors: Tensor } | undefined;
    for (let i = 0; i <= points; i++) {
      const ratio = i / points;
      const raw = maximum(divide(power(activations, ratio), power(sizes, 1 - ratio)), 1e-4);
      const factors = divide(raw, maximum(sqrt(multiply(raw.max(), raw.min())), 1e-8));
      const again = divide(rounded(weights.multiply(factors), groupSize), factors);
      const error = weights.subtract(again);
      const loss = error.multiply(error).multiply(activations.multiply(activations)).mean().item();
      if (best === undefined || loss < best.loss) best = { loss, factors };
    }
    best!.factors.dataSync();
    return best!.factors;
  }

  /** The weights with the largest cut off, as far as that makes outputs more exact. */
  #clipped(scaled: Tensor, factors: Tensor): Tensor {
    const { groupSize } = this.#settings;
    const [outputs, inputs] = scaled.shape as readonly [number, number];
    const size = groupSize > 0 && inputs % groupSize === 0 ? groupSize : inputs;
    const groups = inputs / size;
    const x = divide(concatenate(this.#kept), factors).reshape([this.#keptInputs, groups, size]);
    const parts: Tensor[] = [];
    for (let start = 0; start < outputs; start += outputsAtOnce) {
      const end = Math.min(start + outputsAtOnce, outputs);
      const w = slice(scaled, [start, 0], [end, inputs]).reshape([end - start, groups, size]);
      const most = abs(w).max(2, { keepdims: true });
      const wanted = einsum("rng,ong->orn", x, w);
      let [bound, least] = [most, undefined as Tensor | undefined];
      for (let i = 0; i < shrinkSteps; i++) {
        const limit = most.multiply(1 - (i * mostShrunk) / shrinkSteps);
        const cut = clip(w, limit.multiply(-1), limit).reshape([end - start, inputs]);
        const again = rounded(cut, groups > 1 ? size : -1).reshape(w.shape);
        const difference = einsum("rng,ong->orn", x, again).subtract(wanted);
        const error = difference.multiply(difference).mean(1).reshape(most.shape);
        const better: Tensor =
          least === undefined ? less(error, Number.POSITIVE_INFINITY) : less(error, least);
        bound = where(better, limit, bound);
        least = least === undefined ? error : where(better, error, least);
        least.dataSync();
        bound.dataSync();
      }
      parts.push(clip(w, bound.multiply(-1), bound).reshape([end - start, inputs]));
    }
    return parts.length === 1 ? parts[0]! : concatenate(parts);
  }
}
