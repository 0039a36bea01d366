/** Whole numbers as indices into a vocabulary. */
import type { Tensor } from "../../../engine/index.ts";
import type { Config } from "../../saving/config.ts";
import { checkChoice } from "../../utils/argument_validation.ts";
import { IndexLookup, type IndexLookupOptions } from "./index_lookup.ts";
import { wholeNumbers } from "./token_layer.ts";

/** Options of {@link IntegerLookup}. */
export interface IntegerLookupOptions extends IndexLookupOptions<number> {
  /** The dtype of the vocabulary. Default `"int64"`. */
  readonly vocabularyDtype?: "int64";
}

/**
 * Gives whole numbers their indices in a vocabulary, or, with `invert`, indices their numbers.
 *
 * The vocabulary is given, or found by `adapt`. Output: int32 of the same shape, or encodings of `vocabularySize()` places.
 *
 * @throws ValueError for options that do not fit together
 *
 * @example
 * ```ts
 * const layer = new IntegerLookup({ vocabulary: [12, 36, 1138] });
 * layer([[12, 1138, 7]]).arraySync(); // → [[1, 3, 0]]
 * ```
 */
export class IntegerLookup extends IndexLookup<number> {
  static readonly className: string = "IntegerLookup";

  /**
   * @param options `vocabulary`, `maxTokens`, `numOovIndices` (default 1), `maskToken`, `oovToken` (default -1),
   *   `vocabularyDtype`, `idfWeights`, `invert` (default false), `outputMode` (default `"int"`), `padToMaxTokens` (default
   *   false), `oovMethod` (default `"floormod"`), `salt`, `name`
   */
  constructor(options: IntegerLookupOptions = {}) {
    super(options, { oovToken: -1, own: ["vocabularyDtype"] }, "int64");
    checkChoice(options.vocabularyDtype ?? "int64", ["int64"], "IntegerLookup", "vocabularyDtype");
  }

  protected override tokensToOutput(tokens: readonly number[], shape: readonly number[]): Tensor {
    return wholeNumbers(tokens, shape);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), vocabulary_dtype: "int64" };
  }
}
