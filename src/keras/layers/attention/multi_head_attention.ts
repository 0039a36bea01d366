/** Attention with several heads. */
import { ShapeError, show, type Tensor, ValueError } from "../../../engine/index.ts";
import type { KerasShape, ShapeTree } from "../../backend/keras_tensor.ts";
import { einsum } from "../../ops/numpy_linear.ts";
import type { Config } from "../../saving/config.ts";
import {
  type AttentionCall,
  BaseMultiHeadAttention,
  type BaseMultiHeadAttentionOptions,
  checkPositive,
  threeShapes,
} from "./base_multi_head_attention.ts";

/** Options of {@link MultiHeadAttention}. */
export interface MultiHeadAttentionOptions extends BaseMultiHeadAttentionOptions {
  /** The size of each head's values. Default: `keyDim`. */
  readonly valueDim?: number | null;
  /** The last axes of the output. Default: those of the query. */
  readonly outputShape?: number | readonly number[] | null;
  /** The axes of steps. Default: all between that of samples and that of features. */
  readonly attentionAxes?: number | readonly number[] | null;
}

export interface MultiHeadAttention extends AttentionCall {}

/**
 * Attention with several heads (Vaswani et al., 2017): each head projects query, key and value, gives the values weighted
 * by `softmax(query · keyᵀ / √keyDim)`, and a last projection joins the heads. It is called on a query and a value:
 * `layer(query, value, { key, useCausalMask, … })`.
 *
 * Input: query `(batch, …, targets, features)`, value and key `(batch, …, sources, features)`. Output: as the query, with
 * `outputShape` for its features if that is given; with `returnAttentionScores` `[output, scores]`, scores being
 * `(batch, …, heads, targets, sources)`. Weights: kernel and bias of `query`, `key`, `value`, `attention_output`.
 *
 * Masks that are attached to the inputs, and those given as `queryMask`, `valueMask`, `keyMask`, `attentionMask`, go together.
 *
 * @throws ValueError unless numbers of heads and sizes are positive whole numbers
 *
 * @example
 * ```ts
 * const layer = new MultiHeadAttention(2, 4);
 * const x = np.ones([1, 3, 8]);
 * layer(x, x, { useCausalMask: true }).shape; // → [1, 3, 8]
 * const [, scores] = layer(x, x, { useCausalMask: true, returnAttentionScores: true });
 * scores.at(0, 0).arraySync(); // → [[1, 0, 0], [0.5, 0.5, 0], [0.3333, 0.3333, 0.3333]]
 * ```
 */
export class MultiHeadAttention extends BaseMultiHeadAttention {
  static readonly className: string = "MultiHeadAttention";
  static override readonly positional: readonly string[] = ["numHeads", "keyDim"];
  static override readonly stateNames: Readonly<Record<string, string>> = {
    gateDense: "_gate_dense",
    softmax: "_softmax",
    dropoutLayer: "_dropout_layer",
  };
  readonly numHeads: number;
  readonly keyDim: number;
  readonly valueDim: number;
  /** The last axes of the output, if they were given. */
  readonly featureShape: readonly number[] | null;
  /** The axes of steps; filled in when the layer is built. */
  attentionAxes: readonly number[] | null;
  #equations: { readonly scores: string; readonly combine: string; readonly headsAt: number } | undefined;

  /**
   * @param numHeads the number of heads
   * @param keyDim the size of each head's queries and keys
   * @param options `valueDim` (default `keyDim`), `dropout` (default 0), `useBias` (default true), `outputShape`,
   *   `attentionAxes`, `slidingWindow`, `useGate` (default false), `seed`, initializers, regularizers and constraints of the
   *   projections, and those of every layer
   */
  constructor(numHeads: number, keyDim: number, options: MultiHeadAttentionOptions = {}) {
    super("MultiHeadAttention", options, ["valueDim", "outputShape", "attentionAxes"]);
    // As in Keras it is that of the projections only.
    this.activityRegularizer = null;
    this.numHeads = checkPositive(numHeads, "MultiHeadAttention", "numHeads");
    this.keyDim = checkPositive(keyDim, "MultiHeadAttention", "keyDim");
    this.valueDim = checkPositive(options.valueDim ?? keyDim, "MultiHeadAttention", "valueDim");
    this.featureShape = list(options.outputShape);
    this.attentionAxes = list(options.attentionAxes);
    if (this.attentionAxes?.some((axis) => !Number.isSafeInteger(axis))) {
      throw new ValueError(
        `MultiHeadAttention: expected attentionAxes to be whole numbers. Received: ${show(options.attentionAxes)}`,
      );
    }
  }

  /** As in Keras 3.16, which reads the mask of the query from the query alone. */
  protected override get takesQueryMask(): boolean {
    return false;
  }

  override build(inputShape: ShapeTree): void {
    const { query, value, key } = threeShapes(inputShape, `Layer "${this.name}"`);
    const heads = (name: string, rank: number, size: number, options = {}): typeof this.queryDense => {
      const [equation, biasAxes] = projectionEquation(rank - 1, 1, 2);
      const free = Array.from({ length: rank - 2 }, () => null);
      return this.projection(name, equation, [...free, this.numHeads, size], biasAxes, options);
    };
    this.queryDense = heads("query", query.length, this.keyDim)!;
    this.queryDense.build(query);
    this.keyDense = heads("key", key.length, this.keyDim)!;
    this.keyDense.build(key);
    if (this.useGate) {
      this.gateDense = heads("gate", query.length, this.valueDim, { activation: "sigmoid" })!;
      this.gateDense.build(query);
    }
    this.valueDense = heads("value", value.length, this.valueDim)!;
    this.valueDense.build(value);
    const rank = value.length + 1;
    const steps = Array.from({ length: rank - 3 }, (_, i) => i + 1);
    this.attentionAxes = this.attentionAxes?.map((d) => (d < 0 ? d + rank - 1 : d)) ?? steps;
    if (this.attentionAxes.some((d) => !steps.includes(d))) {
      throw new ShapeError(
        `Layer "${this.name}": attentionAxes must lie between the axis of samples and that of features. ` +
          `Received: ${show(this.attentionAxes)} for ${value.length} axes`,
      );
    }
    this.#equations = attentionEquations(rank, this.attentionAxes);
    const n = this.attentionAxes.length;
    this.makeScoring(Array.from({ length: n }, (_, i) => rank - 2 + n + i - (n - 1)));
    const features = this.featureShape ?? [query.at(-1)!];
    const [equation, biasAxes] = projectionEquation(query.length - 1, 2, features.length);
    const free = Array.from({ length: query.length - 2 }, () => null);
    this.outputDense = this.projection("attention_output", equation, [...free, ...features], biasAxes);
    this.outputDense.build([...query.slice(0, -1), this.numHeads, this.valueDim]);
  }

  protected override get scale(): number {
    return 1 / Math.sqrt(this.keyDim);
  }

  protected override attend(
    heads: Readonly<Record<"query" | "key" | "value", Tensor>>,
    mask: Tensor | undefined,
    training: boolean,
  ): [Tensor, Tensor] {
    const { scores: equation, combine, headsAt } = this.#equations!;
    const scores = einsum(equation, heads.key, heads.query);
    const [shares, kept] = this.shares(scores, mask, headsAt, training);
    return [einsum(combine, kept, heads.value), shares];
  }

  protected override scoresShape([query]: readonly [KerasShape, KerasShape, KerasShape?]): KerasShape {
    // Keras takes as many sources as targets before there is data.
    const steps = query[1] ?? null;
    return [query[0] ?? null, this.numHeads, steps, steps];
  }

  override computeOutputShape(inputShape: ShapeTree): KerasShape {
    const { query } = threeShapes(inputShape, `Layer "${this.name}"`);
    return this.featureShape === null ? query : [...query.slice(0, -1), ...this.featureShape];
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      num_heads: this.numHeads,
      key_dim: this.keyDim,
      value_dim: this.valueDim,
      output_shape: this.featureShape,
      attention_axes: this.attentionAxes,
      ...this.attentionConfig(),
    };
  }
}

function list(x: number | readonly number[] | null | undefined): readonly number[] | null {
  return typeof x === "number" ? [x] : (x ?? null);
}

function letters(from: number, count: number): string {
  return Array.from({ length: count }, (_, i) => String.fromCharCode(97 + from + i)).join("");
}

/** The equation of a projection of the last axes, and the letters of its bias. */
function projectionEquation(free: number, bound: number, output: number): [string, string] {
  const [kept, summed, made] = [letters(0, free), letters(free, bound), letters(free + bound, output)];
  return [`${kept}${summed},${summed}${made}->${kept}${made}`, made];
}

/**
 * The equations of attention over some axes of tensors (batch, …, steps, …, heads, size): key and query to scores
 * (batch, …, heads, targets, sources), scores and value to what the heads give.
 */
function attentionEquations(
  rank: number,
  axes: readonly number[],
): { readonly scores: string; readonly combine: string; readonly headsAt: number } {
  const target = letters(0, rank);
  let spare = rank;
  const source = [...target].map((c, d) => (axes.includes(d) ? letters(spare++, 1) : c)).join("");
  const batch = [...target].slice(0, -1).filter((_, d) => !axes.includes(d));
  const at = (text: string): string => axes.map((d) => text[d]).join("");
  const product = batch.join("") + at(target) + at(source);
  return {
    scores: `${source},${target}->${product}`,
    combine: `${product},${source}->${target}`,
    headsAt: batch.length - 1,
  };
}
