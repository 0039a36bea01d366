/** Texts as indices of their words. */
import { ShapeError, show, type Tensor, ValueError } from "../../../engine/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Config } from "../../saving/config.ts";
import type { ReadAssets, ReadStore, WriteAssets, WriteStore } from "../../saving/own_state.ts";
import { checkChoice } from "../../utils/argument_validation.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { batchesOfTokens, type LookupMode, lookupMode } from "./index_lookup.ts";
import { StringLookup } from "./string_lookup.ts";
import { type TokenInputs, TokenLayer, type Tokens, tokensOf, wholeNumbers } from "./token_layer.ts";

/** Changes a text before it is split. */
export type Standardize =
  | "lower_and_strip_punctuation"
  | "lower"
  | "strip_punctuation"
  | ((text: string) => string);

/** Makes tokens of a text. */
export type Split = "whitespace" | "character" | ((text: string) => readonly string[]);

/** Options of {@link TextVectorization}. */
export interface TextVectorizationOptions extends LayerOptions {
  /** The largest size of the vocabulary, with mask and out-of-vocabulary tokens. Default: no limit. */
  readonly maxTokens?: number | null;
  /** What is done to each text; `null` for nothing. Default `"lower_and_strip_punctuation"`. */
  readonly standardize?: Standardize | null;
  /** How each text is split; `null` for not at all. Default `"whitespace"`. */
  readonly split?: Split | null;
  /** Up to how many neighbouring tokens make one more, or the numbers of them. Default: none do. */
  readonly ngrams?: number | readonly number[] | null;
  /** `"int"` (default), or an encoding: see `StringLookup`. */
  readonly outputMode?: LookupMode | "binary" | "tf-idf";
  /** The length of each row, for `"int"`. Default: that of the longest text. */
  readonly outputSequenceLength?: number | null;
  /** Whether encodings have `maxTokens` places even when the vocabulary is smaller. Default false. */
  readonly padToMaxTokens?: boolean;
  /** The tokens in their order. Default: what `adapt` finds. */
  readonly vocabulary?: readonly string[] | null;
  /** The weights of the tokens of `vocabulary`, for `"tf_idf"`. */
  readonly idfWeights?: readonly number[] | null;
  /** Not supported: there are no sparse tensors. Default false. */
  readonly sparse?: boolean;
  /** Not supported: there are no ragged tensors. Default false. */
  readonly ragged?: boolean;
  /** The encoding of the texts. Default `"utf-8"`. */
  readonly encoding?: string;
  /** The size of the vocabulary, as configs have it. */
  readonly vocabularySize?: number | null;
}

const punctuation = /[!"#$%&()*+,\-./:;<=>?@[\\\]^_`{|}~']/g;

/**
 * Makes rows of whole numbers, or encodings, of texts: standardizes each, splits it into tokens, combines neighbours, and
 * looks the tokens up in a vocabulary, which is given or found by `adapt`.
 *
 * Input: a list of texts, or one of lists with one text each. Output: int32 of shape `(texts, longest)`, or
 * `(texts, vocabularySize())`. Index 0 is for padding, 1 for tokens that are not in the vocabulary. Only the letters A to Z
 * become small, as in TensorFlow.
 *
 * @throws ValueError for options that do not fit together
 *
 * @example
 * ```ts
 * const layer = new TextVectorization({ outputSequenceLength: 4 });
 * layer.adapt(["foo bar", "bar baz", "baz bada boom"]);
 * layer(["Foo, qux! bar", "qux baz"]).arraySync(); // → [[4, 1, 3, 0], [1, 2, 0, 0]]
 * ```
 */
export class TextVectorization extends TokenLayer {
  static readonly className: string = "TextVectorization";
  readonly standardize: Standardize | null;
  readonly split: Split | null;
  readonly ngrams: number | readonly number[] | null;
  readonly outputMode: LookupMode;
  readonly outputSequenceLength: number | null;
  readonly encoding: string;
  readonly #lookup: StringLookup;

  /**
   * @param options `maxTokens`, `standardize` (default `"lower_and_strip_punctuation"`), `split` (default `"whitespace"`),
   *   `ngrams`, `outputMode` (default `"int"`), `outputSequenceLength`, `padToMaxTokens` (default false), `vocabulary`,
   *   `idfWeights`, `encoding` (default `"utf-8"`), and those of every layer
   */
  constructor(options: TextVectorizationOptions = {}) {
    const where = "TextVectorization";
    const own = ["maxTokens", "standardize", "split", "ngrams", "outputMode", "outputSequenceLength"];
    const more = [
      "padToMaxTokens",
      "vocabulary",
      "idfWeights",
      "sparse",
      "ragged",
      "encoding",
      "vocabularySize",
    ];
    super(baseOptions(where, options, [...own, ...more]));
    const { standardize = "lower_and_strip_punctuation", split = "whitespace" } = options;
    const ways = ["lower_and_strip_punctuation", "lower", "strip_punctuation"] as const;
    const splits = ["whitespace", "character"] as const;
    this.standardize =
      standardize === null || typeof standardize === "function"
        ? standardize
        : checkChoice(standardize, ways, where, "standardize");
    this.split =
      split === null || typeof split === "function" ? split : checkChoice(split, splits, where, "split");
    this.ngrams = options.ngrams ?? null;
    const sizes = typeof this.ngrams === "number" ? [this.ngrams] : (this.ngrams ?? []);
    if (!sizes.every((n) => Number.isSafeInteger(n) && n > 0)) {
      throw new ValueError(
        `${where}: expected ngrams to be whole numbers from 1 on. Received: ngrams=${show(options.ngrams)}`,
      );
    }
    this.outputMode = lookupMode(options.outputMode, where);
    const length = options.outputSequenceLength ?? null;
    if (length !== null && !(this.outputMode === "int" && Number.isSafeInteger(length) && length >= 0)) {
      throw new ValueError(
        `${where}: expected outputSequenceLength to be a whole number, with outputMode "int" only. ` +
          `Received: outputSequenceLength=${show(length)}, outputMode=${this.outputMode}`,
      );
    }
    if (options.ragged === true) throw new ValueError(`${where}: ragged tensors are not supported.`);
    this.outputSequenceLength = length;
    this.encoding = options.encoding ?? "utf-8";
    this.#lookup = new StringLookup({
      maxTokens: options.maxTokens ?? null,
      vocabulary: options.vocabulary ?? null,
      idfWeights: options.idfWeights ?? null,
      padToMaxTokens: options.padToMaxTokens ?? false,
      maskToken: "",
      outputMode: this.outputMode,
      sparse: options.sparse ?? false,
      encoding: this.encoding,
      vocabularySize: options.vocabularySize ?? null,
    });
    this.built = true;
  }

  /**
   * Finds the vocabulary: the most frequent tokens first, equally frequent ones from the last in their order to the first.
   *
   * @param data a list of texts, each a document for `"tf_idf"`; or batches from a generator
   * @param options `steps`: how many batches to read at most
   * @throws ValueError when a vocabulary was given to the constructor
   */
  adapt(data: TokenInputs | Iterable<TokenInputs>, options: { readonly steps?: number | null } = {}): void {
    this.#lookup.adaptTokens(batchesOfTokens(data, options.steps ?? null), (batch) => this.#rows(batch));
  }

  /** The tokens in the order of their indices; `includeSpecialTokens` (default true): with those for padding and the rest. */
  getVocabulary(includeSpecialTokens: boolean = true): string[] {
    return this.#lookup.getVocabulary(includeSpecialTokens);
  }

  /** The number of tokens, with those for padding and for what is not in the vocabulary. */
  vocabularySize(): number {
    return this.#lookup.vocabularySize();
  }

  /**
   * Sets the vocabulary in place of what `adapt` finds.
   *
   * @param vocabulary the tokens, with or without the special ones before them
   * @param idfWeights the weight of each, with `outputMode: "tf_idf"`
   */
  setVocabulary(vocabulary: readonly string[], idfWeights: readonly number[] | null = null): void {
    this.#lookup.setVocabulary(vocabulary, idfWeights);
  }

  /** The tokens of each text. */
  #rows({ shape, values }: Tokens): string[][] {
    if (values.some((value) => typeof value !== "string")) {
      throw new ValueError(`Layer "${this.name}": expected strings. Received: ${show(values)}`);
    }
    const texts = (values as string[]).map((text) => this.#standardized(text));
    if (this.split === null) {
      const length = shape.length === 0 ? 1 : shape.at(-1)!;
      const rows = Array.from({ length: length === 0 ? 0 : texts.length / length }, (_, i) =>
        texts.slice(i * length, (i + 1) * length),
      );
      return rows.map((row) => this.#combined(row));
    }
    if (shape.length > 2 || (shape.length === 2 && shape[1] !== 1)) {
      throw new ShapeError(
        `Layer "${this.name}": expected texts of shape (samples,) or (samples, 1). Received shape (${shape.join(", ")})`,
      );
    }
    return texts.map((text) => this.#combined(this.#tokens(text)));
  }

  #standardized(text: string): string {
    if (typeof this.standardize === "function") return this.standardize(text);
    const lower = this.standardize?.startsWith("lower") ?? false;
    const small = lower ? text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : text;
    return this.standardize?.endsWith("strip_punctuation") ? small.replace(punctuation, "") : small;
  }

  #tokens(text: string): string[] {
    if (typeof this.split === "function") return [...this.split(text)];
    if (this.split === "character") return [...text];
    return text.split(/[ \t\n\v\f\r]+/).filter((token) => token !== "");
  }

  #combined(tokens: readonly string[]): string[] {
    if (this.ngrams === null) return [...tokens];
    const upTo = this.ngrams;
    const sizes = typeof upTo === "number" ? Array.from({ length: upTo }, (_, i) => i + 1) : upTo;
    return sizes.flatMap((n) =>
      Array.from({ length: Math.max(tokens.length - n + 1, 0) }, (_, i) => tokens.slice(i, i + n).join(" ")),
    );
  }

  protected override compute(inputs: TokenInputs): Tensor {
    const texts = tokensOf(inputs, `Layer "${this.name}"`);
    const rows = this.#rows(texts);
    const indices = rows.map((row) => this.#lookup.indicesOf(row));
    const longest = Math.max(0, ...rows.map((row) => row.length));
    const length = this.outputSequenceLength ?? longest;
    const padding = this.outputMode === "int" ? 0 : -1;
    const padded = indices.flatMap((row) => Array.from({ length }, (_, i) => row[i] ?? padding));
    // A single text gives one row without an axis of samples, as do texts that are not split.
    const outer = this.split === null ? texts.shape.slice(0, -1) : texts.shape.slice(0, 1);
    return this.#lookup.encode(wholeNumbers(padded, [...outer, length]));
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    if (this.outputMode === "int") return [inputShape[0] ?? null, this.outputSequenceLength];
    const unsplit = inputShape.length <= 1 ? [...inputShape, 1] : inputShape;
    return this.#lookup.computeOutputShape(this.split === null ? unsplit : [...inputShape, null]);
  }

  override getBuildConfig(): null {
    return null;
  }

  override saveOwnVariables(store: WriteStore): void {
    this.#lookup.saveOwnVariables(store);
  }

  override loadOwnVariables(store: ReadStore): void {
    this.#lookup.loadOwnVariables(store);
  }

  /** Puts the vocabulary into a file of its own. */
  saveAssets(assets: WriteAssets): void {
    this.#lookup.saveAssets(assets);
  }

  /** Takes the vocabulary from its file. */
  loadAssets(assets: ReadAssets): void {
    this.#lookup.loadAssets(assets);
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      max_tokens: this.#lookup.maxTokens,
      standardize: this.standardize,
      split: this.split,
      ngrams: this.ngrams,
      output_mode: this.outputMode,
      output_sequence_length: this.outputSequenceLength,
      pad_to_max_tokens: this.#lookup.padToMaxTokens,
      sparse: false,
      ragged: false,
      vocabulary: this.#lookup.inputVocabulary,
      idf_weights: this.#lookup.inputIdfWeights,
      encoding: this.encoding,
      vocabulary_size: this.vocabularySize(),
    };
  }
}
