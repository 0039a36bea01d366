/** Attention whose heads share keys and values. */
import { ShapeError, type Tensor, ValueError } from "../../../engine/index.ts";
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

/** Options of {@link GroupQueryAttention}. */
export interface GroupQueryAttentionOptions extends BaseMultiHeadAttentionOptions {}

export interface GroupQueryAttention extends AttentionCall {}

/**
 * Attention whose query heads come in groups, each of which shares one head of keys and values (Ainslie et al., 2023). With
 * as many heads of keys as of queries it is that of `MultiHeadAttention`, with one head of keys "multi-query attention"
 * (Shazeer, 2019). It is called on a query and a value: `layer(query, value, { key, useCausalMask, … })`.
 *
 * Input: query `(batch, targets, features)`, value and key `(batch, sources, features)`. Output: as the query; with
 * `returnAttentionScores` `[output, scores]`, scores being `(batch, heads, targets, sources)`.
 *
 * @throws ValueError unless the number of query heads is a multiple of that of key and value heads
 *
 * @example
 * ```ts
 * const layer = new GroupQueryAttention(4, 4, 2);
 * const x = np.ones([1, 3, 8]);
 * layer(x, x).shape; // → [1, 3, 8]
 * layer.keyDense?.kernel?.shape; // → [8, 2, 4]
 * ```
 */
export class GroupQueryAttention extends BaseMultiHeadAttention {
  static readonly className: string = "GroupQueryAttention";
  static readonly pythonName: string = "GroupedQueryAttention";
  static override readonly positional: readonly string[] = ["headDim", "numQueryHeads", "numKeyValueHeads"];
  static override readonly stateNames: Readonly<Record<string, string>> = {
    queryDense: "_query_dense",
    keyDense: "_key_dense",
    gateDense: "_gate_dense",
    valueDense: "_value_dense",
    outputDense: "_output_dense",
    softmax: "_softmax",
    dropoutLayer: "_dropout_layer",
  };
  readonly headDim: number;
  readonly numQueryHeads: number;
  readonly numKeyValueHeads: number;

  /**
   * @param headDim the size of each head
   * @param numQueryHeads the number of heads of queries
   * @param numKeyValueHeads the number of heads of keys and values, which divides the former
   * @param options `dropout` (default 0), `useBias` (default true), `slidingWindow`, `useGate` (default false), `seed`,
   *   initializers, regularizers and constraints of the projections, and those of every layer
   */
  constructor(
    headDim: number,
    numQueryHeads: number,
    numKeyValueHeads: number,
    options: GroupQueryAttentionOptions = {},
  ) {
    super("GroupQueryAttention", options, []);
    this.headDim = checkPositive(headDim, "GroupQueryAttention", "headDim");
    this.numQueryHeads = checkPositive(numQueryHeads, "GroupQueryAttention", "numQueryHeads");
    this.numKeyValueHeads = checkPositive(numKeyValueHeads, "GroupQueryAttention", "numKeyValueHeads");
    if (numQueryHeads % numKeyValueHeads !== 0) {
      throw new ValueError(
        "GroupQueryAttention: numQueryHeads must be a multiple of numKeyValueHeads. " +
          `Received: numQueryHeads=${numQueryHeads}, numKeyValueHeads=${numKeyValueHeads}`,
      );
    }
  }

  override build(inputShape: ShapeTree): void {
    const { query, value, key } = threeShapes(inputShape, `Layer "${this.name}"`);
    const { headDim, numQueryHeads, numKeyValueHeads } = this;
    const features = query.at(-1)!;
    const targets: KerasShape = [null, numQueryHeads, headDim];
    const sources: KerasShape = [null, numKeyValueHeads, headDim];
    this.queryDense = this.projection("query", "bqm,muh->bquh", targets, "uh");
    this.queryDense.build(query);
    this.keyDense = this.projection("key", "bkm,mvh->bkvh", sources, "vh");
    this.keyDense.build(key);
    if (this.useGate) {
      this.gateDense = this.projection("gate", "bqm,muh->bquh", targets, "uh", { activation: "sigmoid" });
      this.gateDense.build(query);
    }
    this.valueDense = this.projection("value", "bkm,mvh->bkvh", sources, "vh");
    this.valueDense.build(value);
    this.makeScoring(-1);
    this.outputDense = this.projection("attention_output", "bquh,uhm->bqm", [null, features], "m");
    this.outputDense.build([null, null, numQueryHeads, headDim]);
  }

  protected override get scale(): number {
    return 1 / Math.sqrt(this.headDim);
  }

  protected override attend(
    { query, key, value }: Readonly<Record<"query" | "key" | "value", Tensor>>,
    mask: Tensor | undefined,
    training: boolean,
  ): [Tensor, Tensor] {
    const { numQueryHeads: heads, numKeyValueHeads: groups, headDim } = this;
    const [batch, targets] = query.shape as [number, number];
    const grouped = query.reshape(batch, targets, groups, heads / groups, headDim);
    const scores = einsum("bqvgh,bkvh->bvgqk", grouped, key);
    const whole = [batch, heads, ...scores.shape.slice(3)];
    const [shares, kept] = this.shares(scores.reshape(whole), mask, 1, training);
    const output = einsum("bvgqk,bkvh->bqvgh", kept.reshape(scores.shape), value);
    return [output.reshape(query.shape), shares];
  }

  protected override scoresShape([query, value]: readonly [KerasShape, KerasShape, KerasShape?]): KerasShape {
    return [query[0] ?? null, this.numQueryHeads, query[1] ?? null, value[1] ?? null];
  }

  override computeOutputShape(inputShape: ShapeTree): KerasShape {
    const { query, value } = threeShapes(inputShape, `Layer "${this.name}"`);
    if (query.at(-1) === value.at(-1)) return query;
    throw new ShapeError(
      `Layer "${this.name}": query and value must have the same last axis. Received: ${query.at(-1)} and ${value.at(-1)}`,
    );
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      head_dim: this.headDim,
      num_query_heads: this.numQueryHeads,
      num_key_value_heads: this.numKeyValueHeads,
      ...this.attentionConfig(),
    };
  }
}
