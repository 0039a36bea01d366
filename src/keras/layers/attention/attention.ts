/** Attention without projections. */
import {
  add,
  bitwiseAnd,
  matmul,
  multiply,
  show,
  subtract,
  sum,
  type Tensor,
  tanh,
  transpose,
  ValueError,
  where,
} from "../../../engine/index.ts";
import { type KerasShape, KerasTensor, type ShapeTree } from "../../backend/keras_tensor.ts";
import type { AnyMasks } from "../../backend/masking.ts";
import type { Variable } from "../../backend/variable.ts";
import { softmax } from "../../ops/nn_activations.ts";
import { causalMask } from "../../ops/nn_attention.ts";
import { dropout, SeedGenerator } from "../../random/index.ts";
import type { Config } from "../../saving/config.ts";
import type { CallArguments, CallOptions, LayerInputs, SymbolicInputs, SymbolicOf } from "../call_inputs.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";

/** Options of {@link AdditiveAttention}. */
export interface AdditiveAttentionOptions extends LayerOptions {
  /** Whether the scores have a weight. */
  readonly useScale?: boolean;
  /** The rate of dropout of the scores. Default 0. */
  readonly dropout?: number;
  /** The seed of dropout. Default: determined by `utils.setRandomSeed`. */
  readonly seed?: number | null;
}

/** Options of {@link Attention}. */
export interface AttentionOptions extends AdditiveAttentionOptions {
  /** `"dot"` (default): `query · key`; `"concat"`: `Σ tanh(query + key)`. */
  readonly scoreMode?: "dot" | "concat";
}

/** Options of a call of {@link Attention} and {@link AdditiveAttention}. */
export interface ScoredCallOptions extends CallOptions {
  /** Whether the scores are given, too: `[output, scores]`. Default false. */
  readonly returnAttentionScores?: boolean;
  /** Whether targets may not look at what comes after them. Default false. */
  readonly useCausalMask?: boolean;
}

/** Called on `[query, value]` or `[query, value, key]`. */
export interface Attention {
  (
    inputs: LayerInputs,
    options: ScoredCallOptions & { readonly returnAttentionScores: true },
  ): [Tensor, Tensor];
  (inputs: LayerInputs, options?: ScoredCallOptions): Tensor;
  (
    inputs: SymbolicInputs,
    options: ScoredCallOptions & { readonly returnAttentionScores: true },
  ): [KerasTensor, KerasTensor];
  (inputs: SymbolicInputs, options?: ScoredCallOptions): KerasTensor;
}

/**
 * Attention as it is, without projections (Luong et al., 2015): the values weighted by `softmax(query · keyᵀ)`. It is called
 * on a list: `layer([query, value])` or `layer([query, value, key])`.
 *
 * Input: query `(batch, targets, size)`, value `(batch, sources, features)`, key `(batch, sources, size)`. Output:
 * `(batch, targets, features)`; with `returnAttentionScores` `[output, scores]`, scores being `(batch, targets, sources)`.
 * A mask is a list, too: `[queryMask, valueMask]`.
 *
 * @throws ValueError for inputs that are no list of two or three
 *
 * @example
 * ```ts
 * const [query, value] = [np.ones([1, 1, 2]), np.array([[[1, 2], [3, 4]]])];
 * const [output, scores] = new Attention()([query, value, np.ones([1, 2, 2])], { returnAttentionScores: true });
 * output.arraySync(); // → [[[2, 3]]]
 * scores.arraySync(); // → [[[0.5, 0.5]]]
 * ```
 */
export class Attention extends Layer<Tensor | [Tensor, Tensor]> {
  static readonly className: string = "Attention";
  readonly useScale: boolean;
  readonly scoreMode: "dot" | "concat";
  readonly dropout: number;
  readonly seed: number | null;
  readonly seedGenerator: SeedGenerator | undefined;
  /** The weights; there once the layer is built. */
  scale: Variable | undefined;
  concatScoreWeight: Variable | undefined;

  /**
   * @param options `useScale` (default false): whether scores have a weight; `scoreMode` (default `"dot"`), `dropout`
   *   (default 0), `seed`, and those of every layer
   */
  constructor(options: AttentionOptions = {}) {
    super(baseOptions("Attention", options, ["useScale", "scoreMode", "dropout", "seed"]));
    this.useScale = options.useScale ?? false;
    this.scoreMode = options.scoreMode ?? "dot";
    if (!["dot", "concat"].includes(this.scoreMode)) {
      throw new ValueError(
        `Attention: scoreMode is "dot" or "concat". Received: scoreMode=${show(options.scoreMode)}`,
      );
    }
    this.dropout = options.dropout ?? 0;
    this.seed = options.seed ?? null;
    if (this.dropout > 0) this.seedGenerator = new SeedGenerator(this.seed);
  }

  override build(inputShape: ShapeTree): void {
    this.checkInputs(inputShape);
    const weight = (name: string): Variable => this.addWeight({ name, shape: [], initializer: "ones" });
    if (this.useScale) this.scale = weight("scale");
    if (this.scoreMode === "concat") this.concatScoreWeight = weight("concat_score_weight");
  }

  protected override callOptionNames(): readonly string[] {
    return ["returnAttentionScores", "useCausalMask"];
  }

  override apply(inputs: LayerInputs, options?: CallOptions): Tensor | [Tensor, Tensor];
  override apply(inputs: SymbolicInputs, options?: CallOptions): SymbolicOf<Tensor | [Tensor, Tensor]>;
  override apply(
    inputs: LayerInputs | SymbolicInputs,
    options: CallOptions = {},
  ): Tensor | [Tensor, Tensor] | SymbolicOf<Tensor | [Tensor, Tensor]> {
    this.checkInputs(inputs);
    if (options.mask !== undefined && options.mask !== null) this.checkInputs(options.mask, "mask");
    return super.apply(inputs as LayerInputs, options);
  }

  override call(
    inputs: readonly Tensor[],
    { training, mask, ...options }: CallArguments,
  ): Tensor | [Tensor, Tensor] {
    const [query, value, key = value] = inputs as readonly [Tensor, Tensor, Tensor?];
    const { returnAttentionScores = false, useCausalMask = false } = options as ScoredCallOptions;
    const [queryMask, valueMask] = (mask ?? []) as readonly (Tensor | null)[];
    let scores = this.scores(query, key);
    let seen = valueMask ? wide(valueMask.astype("bool"), -2) : undefined;
    if (useCausalMask) {
      const causal = causalMask(scores.shape.at(-2)!, scores.shape.at(-1)!);
      seen = seen === undefined ? causal : bitwiseAnd(seen, causal);
    }
    // What is hidden scores so low that it counts nothing, unless all is hidden.
    if (seen !== undefined) scores = where(seen, scores, subtract(scores, 1e9));
    const weights = softmax(scores);
    const kept =
      training && this.seedGenerator !== undefined
        ? dropout(weights, this.dropout, { seed: this.seedGenerator })
        : weights;
    const product = matmul(kept, value);
    const output = queryMask ? where(wide(queryMask.astype("bool"), -1), product, 0) : product;
    return returnAttentionScores ? [output, weights] : output;
  }

  /** How well each source suits each target: shape (batch, targets, sources). */
  protected scores(query: Tensor, key: Tensor): Tensor {
    if (this.scoreMode === "dot") {
      const axes = key.shape.map((_, d) => d);
      const turned = transpose(key, [...axes.slice(0, -2), key.ndim - 1, key.ndim - 2]);
      const product = matmul(query, turned);
      return this.scale === undefined ? product : multiply(product, this.scale);
    }
    const pairs = sumOfPairs(query, key);
    const inner = this.scale === undefined ? pairs : multiply(this.scale, pairs);
    return multiply(this.concatScoreWeight!, sum(tanh(inner), -1));
  }

  /** The mask of the output is that of the query. */
  override computeMask(_inputs: unknown, previous?: AnyMasks): AnyMasks | null {
    return (previous as readonly AnyMasks[] | undefined)?.[0] ?? null;
  }

  override computeOutputShape(inputShape: ShapeTree): KerasShape {
    const [query, value] = inputShape as readonly [KerasShape, KerasShape];
    return [...query.slice(0, -1), value.at(-1) ?? null];
  }

  override computeOutputSpec(inputs: unknown, options: CallOptions = {}): unknown {
    const [query, value, key = value] = inputs as readonly [KerasTensor, KerasTensor, KerasTensor?];
    const dtype = this.computeDtype;
    const output = new KerasTensor(this.computeOutputShape([query.shape, value.shape]), { dtype });
    if (options.returnAttentionScores !== true) return output;
    return [output, new KerasTensor([...query.shape.slice(0, -1), key.shape.at(-2) ?? null], { dtype })];
  }

  /** Refuses what is no list of query, value and, maybe, key. */
  protected checkInputs(inputs: unknown, what = "inputs"): void {
    if (Array.isArray(inputs) && (inputs.length === 2 || inputs.length === 3)) return;
    throw new ValueError(
      `Layer "${this.name}": expected ${what} to be a list: [query, value] or [query, value, key]. Received: ${show(inputs)}`,
    );
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      use_scale: this.useScale,
      score_mode: this.scoreMode,
      dropout: this.dropout,
      seed: this.seed,
    };
  }
}

/** query + key for each pair of a target and a source: shape (batch, targets, sources, size). */
export function sumOfPairs(query: Tensor, key: Tensor): Tensor {
  return add(wide(query, -2), wide(key, -3));
}

/** A tensor with a new axis of length 1, whose place in the result is counted from the end. */
function wide(x: Tensor, axis: number): Tensor {
  return x.reshape(x.shape.toSpliced(x.ndim + 1 + axis, 0, 1));
}
