/** Attention by sums. */
import { multiply, sum, type Tensor, tanh } from "../../../engine/index.ts";
import type { KerasShape, ShapeTree } from "../../backend/keras_tensor.ts";
import type { Config } from "../../saving/config.ts";
import { baseOptions } from "../layer_options.ts";
import { type AdditiveAttentionOptions, Attention, sumOfPairs } from "./attention.ts";

/**
 * Additive attention (Bahdanau et al., 2015): the values weighted by `softmax(Σ scale · tanh(query + key))`. It is called on
 * a list: `layer([query, value])` or `layer([query, value, key])`.
 *
 * Input: query `(batch, targets, size)`, value `(batch, sources, features)`, key `(batch, sources, size)`. Output:
 * `(batch, targets, features)`; with `returnAttentionScores` `[output, scores]`, scores being `(batch, targets, sources)`.
 * Weight: `scale` `(size,)`.
 *
 * @throws ValueError for inputs that are no list of two or three
 *
 * @example
 * ```ts
 * const layer = new AdditiveAttention({ useScale: false });
 * layer([np.ones([1, 1, 2]), np.ones([1, 3, 2])]).arraySync(); // → [[[1, 1]]]
 * ```
 */
export class AdditiveAttention extends Attention {
  static override readonly className: string = "AdditiveAttention";

  /**
   * @param options `useScale` (default true): whether each feature's part of the score has a weight; `dropout` (default 0),
   *   `seed`, and those of every layer
   */
  constructor(options: AdditiveAttentionOptions = {}) {
    const { useScale = true, dropout = 0, seed = null } = options;
    super({
      ...baseOptions("AdditiveAttention", options, ["useScale", "dropout", "seed"]),
      ...{ useScale, dropout, seed },
    });
  }

  override build(inputShape: ShapeTree): void {
    this.checkInputs(inputShape);
    const [query] = inputShape as readonly KerasShape[];
    if (this.useScale) {
      this.scale = this.addWeight({
        name: "scale",
        shape: [query?.at(-1) ?? null],
        initializer: "glorot_uniform",
      });
    }
  }

  protected override scores(query: Tensor, key: Tensor): Tensor {
    const each = tanh(sumOfPairs(query, key));
    return sum(this.scale === undefined ? each : multiply(this.scale, each), -1);
  }

  override getConfig(): Config {
    const { score_mode: _, ...config } = super.getConfig();
    return config;
  }
}
