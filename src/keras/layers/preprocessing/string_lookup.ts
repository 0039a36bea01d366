/** Strings as indices into a vocabulary. */
import type { Tensor } from "../../../engine/index.ts";
import type { Config } from "../../saving/config.ts";
import type { CallOptions } from "../call_inputs.ts";
import { IndexLookup, type IndexLookupOptions, nestedStrings } from "./index_lookup.ts";
import type { Strings, TokenInputs } from "./token_layer.ts";

/** Options of {@link StringLookup}. */
export interface StringLookupOptions<Invert extends boolean = boolean> extends IndexLookupOptions<string> {
  /** Whether numbers become words, not words numbers. Default false. */
  readonly invert?: Invert;
  /** How strings are written in files; JavaScript's are Unicode. Default `"utf-8"`. */
  readonly encoding?: string;
}

export interface StringLookup<Invert extends boolean = false> {
  /** Calls the layer on strings in (nested) arrays, or, with `invert`, on indices. */
  (inputs: TokenInputs, options?: CallOptions): Invert extends true ? Strings : Tensor;
}

/**
 * Gives strings their indices in a vocabulary, or, with `invert`, indices their strings.
 *
 * The vocabulary is given, or found by `adapt`. Input: (nested) arrays of strings. Output: int32 of the same shape, or
 * encodings of `vocabularySize()` places.
 *
 * @throws ValueError for options that do not fit together
 *
 * @example
 * ```ts
 * const vocabulary = ["bird", "cat"];
 * new StringLookup({ vocabulary })([["cat", "emu", "bird"]]).arraySync(); // → [[2, 0, 1]]
 * new StringLookup({ vocabulary, invert: true })([2, 0]); // → ["cat", "[UNK]"]
 * ```
 */
export class StringLookup<Invert extends boolean = false> extends IndexLookup<string> {
  static readonly className: string = "StringLookup";
  readonly encoding: string;

  /**
   * @param options `vocabulary`, `maxTokens`, `numOovIndices` (default 1), `maskToken`, `oovToken` (default `"[UNK]"`),
   *   `idfWeights`, `invert` (default false), `outputMode` (default `"int"`), `padToMaxTokens` (default false), `oovMethod`,
   *   `salt`, `encoding` (default `"utf-8"`), `name`
   */
  constructor(options: StringLookupOptions<Invert> = {}) {
    super(options, { oovToken: "[UNK]", own: ["encoding"] }, "string");
    this.encoding = options.encoding ?? "utf-8";
  }

  protected override tokensToOutput(tokens: readonly string[], shape: readonly number[]): Tensor {
    // The type of the call says that these are strings; only whole numbers can be a layer's output for the base.
    return nestedStrings(tokens, shape) as unknown as Tensor;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), encoding: this.encoding };
  }
}
