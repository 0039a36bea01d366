/** Categories as vectors. */
import { show, type Tensor, type TensorLike, toTensor, ValueError } from "../../../engine/index.ts";
import type { Config } from "../../saving/config.ts";
import { checkChoice } from "../../utils/argument_validation.ts";
import type { CallArguments } from "../call_inputs.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { encodeCategories, refuseSparse } from "./encode.ts";

/** Options of {@link CategoryEncoding}. */
export interface CategoryEncodingOptions extends LayerOptions {
  /** How many categories there are. Required. */
  readonly numTokens?: number;
  /** `"one_hot"`: each category a vector; `"multi_hot"` (default): which of them occur in a sample; `"count"`: how often. */
  readonly outputMode?: "one_hot" | "multi_hot" | "count";
  /** Not supported: there are no sparse tensors. Default false. */
  readonly sparse?: boolean;
}

/**
 * Encodes whole numbers from 0 on, which name categories, as vectors of `numTokens` numbers.
 *
 * A call can take `countWeights`: what each element counts for, with `outputMode: "count"`.
 *
 * Input: whole numbers `(batch, numbers)`. Output: `(batch, numTokens)`; with `outputMode: "one_hot"` `(batch,
 * numbers, numTokens)`.
 *
 * @throws ValueError without `numTokens`, for unknown modes, and for weights in other modes
 *
 * @example
 * ```ts
 * new CategoryEncoding({ numTokens: 3 })([[0, 2], [1, 1]]).arraySync(); // → [[1, 0, 1], [0, 1, 0]]
 * ```
 */
export class CategoryEncoding extends Layer {
  static readonly className: string = "CategoryEncoding";
  readonly numTokens: number;
  readonly outputMode: "one_hot" | "multi_hot" | "count";

  /** @param options `numTokens` (required), `outputMode` (default `"multi_hot"`), and those of every layer */
  constructor(options: CategoryEncodingOptions) {
    super(baseOptions("CategoryEncoding", options, ["numTokens", "outputMode", "sparse"]));
    const { numTokens } = options;
    if (!(Number.isSafeInteger(numTokens) && numTokens! > 0)) {
      throw new ValueError(
        `CategoryEncoding: expected numTokens to be a positive whole number. Received: numTokens=${show(numTokens)}`,
      );
    }
    this.numTokens = numTokens!;
    this.outputMode = checkChoice(
      options.outputMode ?? "multi_hot",
      ["one_hot", "multi_hot", "count"],
      "CategoryEncoding",
      "outputMode",
    );
    refuseSparse("CategoryEncoding", options.sparse);
    this.built = true;
  }

  protected override callOptionNames(): readonly string[] {
    return ["countWeights"];
  }

  override call(x: Tensor, options: CallArguments): Tensor {
    const weights = options.countWeights as TensorLike | null | undefined;
    if (weights !== null && weights !== undefined && this.outputMode !== "count") {
      throw new ValueError(
        `CategoryEncoding: countWeights are used with outputMode "count" only. Received: ${this.outputMode}`,
      );
    }
    const counted =
      weights === null || weights === undefined ? undefined : toTensor(weights, this.computeDtype);
    return encodeCategories(x, this.outputMode, this.numTokens, this.computeDtype, counted);
  }

  override getConfig(): Config {
    const { numTokens, outputMode } = this;
    return { ...super.getConfig(), num_tokens: numTokens, output_mode: outputMode, sparse: false };
  }
}
