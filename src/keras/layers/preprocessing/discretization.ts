/** Numbers in bins. */
import {
  type DType,
  less,
  StateError,
  show,
  type Tensor,
  toTensor,
  ValueError,
} from "../../../engine/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Config } from "../../saving/config.ts";
import { checkChoice } from "../../utils/argument_validation.ts";
import { Layer, type LayerClass } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { type AdaptData, batchesOf } from "./adapt_data.ts";
import { type EncodingMode, encodeCategories, refuseSparse } from "./encode.ts";

/** Options of {@link Discretization}. */
export interface DiscretizationOptions extends LayerOptions {
  /** The borders between bins. One of `binBoundaries` and `numBins` is required. */
  readonly binBoundaries?: readonly number[] | null;
  /** How many bins `adapt` makes, with about the same number of values in each. */
  readonly numBins?: number | null;
  /** How exact the borders are that `adapt` finds. Default 0.01. */
  readonly epsilon?: number;
  /** `"int"` (default): the numbers of bins; `"one_hot"`, `"multi_hot"`, `"count"`: see `CategoryEncoding`. */
  readonly outputMode?: EncodingMode;
  /** Not supported: there are no sparse tensors. Default false. */
  readonly sparse?: boolean;
}

/** Values and how many each stands for. */
type Summary = readonly { readonly value: number; readonly weight: number }[];

/**
 * Says in which bin each number lies: bin `i` reaches from border `i - 1`, which belongs to it, to border `i`.
 *
 * Input: numbers of any shape. Output: the number of the bin of each, of the same shape; with other output
 * modes vectors.
 *
 * @throws ValueError unless one of `binBoundaries` and `numBins` is given; StateError at a call before `adapt`
 *
 * @example
 * ```ts
 * new Discretization({ binBoundaries: [0, 1] })([[-1, 0, 5]]).arraySync(); // → [[0, 1, 2]]
 * ```
 */
export class Discretization extends Layer {
  static readonly className: string = "Discretization";
  binBoundaries: readonly number[] | null;
  numBins: number | null;
  readonly epsilon: number;
  readonly outputMode: EncodingMode;
  #summary: Summary = [];

  /**
   * @param options `binBoundaries` or `numBins`, `epsilon` (default 0.01), `outputMode` (default `"int"`), and those of
   *   every layer
   */
  constructor(options: DiscretizationOptions) {
    const own = ["binBoundaries", "numBins", "epsilon", "outputMode", "sparse"];
    super(baseOptions("Discretization", options, own));
    this.binBoundaries = options.binBoundaries ?? null;
    this.numBins = options.numBins ?? null;
    this.epsilon = options.epsilon ?? 0.01;
    const modes = ["int", "one_hot", "multi_hot", "count"] as const;
    this.outputMode = checkChoice(options.outputMode ?? "int", modes, "Discretization", "outputMode");
    refuseSparse("Discretization", options.sparse);
    const rising = this.binBoundaries?.every(
      (b, i, all) => typeof b === "number" && (i === 0 || b >= all[i - 1]!),
    );
    const counted = this.numBins === null || (Number.isSafeInteger(this.numBins) && this.numBins > 0);
    const given = [this.binBoundaries, this.numBins].filter((option) => option !== null).length;
    if (rising === false || !counted || given !== 1) {
      throw new ValueError(
        "Discretization: expected either binBoundaries, rising numbers, or numBins, a positive whole number. " +
          `Received: binBoundaries=${show(this.binBoundaries)}, numBins=${show(this.numBins)}`,
      );
    }
    this.built = true;
  }

  /**
   * Finds borders so that about the same number of values lies in each bin.
   *
   * @param data an array, or batches from a list or a generator
   * @throws ValueError unless `numBins` was given
   */
  adapt(data: AdaptData): void {
    if (this.numBins === null) {
      throw new ValueError("Discretization: adapt needs the option numBins in place of binBoundaries.");
    }
    this.#summary = [];
    for (const batch of batchesOf(data)) {
      const summary = summarize([...batch.astype("float32").dataSync()], this.epsilon);
      const merged = [...this.#summary, ...summary].sort((a, b) => a.value - b.value);
      this.#summary = this.#summary.length === 0 ? summary : compress(merged, this.epsilon);
    }
    this.binBoundaries = compress(this.#summary, 1 / this.numBins)
      .slice(0, -1)
      .map(({ value }) => value);
  }

  override call(x: Tensor): Tensor {
    const boundaries = this.binBoundaries;
    if (boundaries === null) {
      throw new StateError(`Layer "${this.name}": call adapt before the layer, or give binBoundaries.`);
    }
    const places = boundaries
      .map((b) => less(x, toTensor(b, x.dtype)).astype("int32"))
      .reduce<Tensor>((n, below) => n.subtract(below), toTensor(boundaries.length));
    const bins = places.ndim === x.ndim ? places : places.add(x.multiply(0).astype("int32"));
    return encodeCategories(bins, this.outputMode, boundaries.length + 1, this.#dtype);
  }

  get #dtype(): DType {
    return this.outputMode === "int" ? "int32" : this.computeDtype;
  }

  protected override outputDType(): DType {
    return this.#dtype;
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    if (this.outputMode === "int") return inputShape;
    const depth = this.numBins ?? (this.binBoundaries?.length ?? 0) + 1;
    if (this.outputMode === "one_hot" && inputShape.at(-1) !== 1) return [...inputShape, depth];
    return [...inputShape.slice(0, -1), depth];
  }

  override getConfig(): Config {
    return {
      name: this.name,
      dtype: this.computeDtype,
      bin_boundaries: this.binBoundaries,
      num_bins: this.numBins,
      epsilon: this.epsilon,
      output_mode: this.outputMode,
      sparse: false,
    };
  }

  static override fromConfig<T>(this: LayerClass<T>, config: Config): T {
    const { num_bins: numBins = null, ...rest } = config;
    if (numBins === null || (rest.bin_boundaries ?? null) === null)
      return Layer.fromConfig.call(this, config) as T;
    // An adapted layer has both.
    const layer = Layer.fromConfig.call(this, rest) as Discretization;
    layer.numBins = numBins as number;
    return layer as T;
  }
}

/** About `1 / epsilon` of the values, evenly spaced in their order. */
function summarize(values: readonly number[], epsilon: number): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  const step = Math.max(sorted.length * epsilon, 1);
  const first = Math.trunc(step - 1);
  return sorted
    .filter((_, i) => i >= first && (i - first) % Math.trunc(step) === 0)
    .map((value) => ({ value, weight: step }));
}

/** About `1 / epsilon` values at even steps of the sum of weights. */
function compress(summary: Summary, epsilon: number): Summary {
  if (summary.length * epsilon < 1) return summary;
  let sum = 0;
  const sums = summary.map(({ weight }) => (sum = Math.fround(sum + weight)));
  // Keras keeps summaries in float32, which decides on which side of a step a border falls.
  const shares = sums.map((s) => Math.fround(s / sum));
  const count = Math.ceil(1 / epsilon - 1e-12);
  let before = 0;
  return Array.from({ length: count }, (_, i) => {
    const at = epsilon + i * epsilon;
    const value = interpolate(
      at,
      shares,
      summary.map((s) => s.value),
    );
    const total = interpolate(at, shares, sums);
    const weight = total - before;
    before = total;
    return { value: Math.fround(value), weight: Math.fround(weight) };
  });
}

/** The value at `x` of the polygon through points. */
function interpolate(x: number, xs: readonly number[], ys: readonly number[]): number {
  const i = xs.findIndex((v) => v > x);
  if (i === 0) return ys[0]!;
  if (i < 0) return ys.at(-1)!;
  const slope = (ys[i]! - ys[i - 1]!) / (xs[i]! - xs[i - 1]!);
  return slope * (x - xs[i - 1]!) + ys[i - 1]!;
}
