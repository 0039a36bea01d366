/** What lookups of strings and of whole numbers share: the vocabulary, and what is made of the indices. */
import {
  StateError,
  show,
  Tensor,
  type Tree,
  toTensor,
  treeLeaves,
  ValueError,
} from "../../../engine/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import { floatx } from "../../config/config.ts";
import type { Config } from "../../saving/config.ts";
import type { ReadAssets, ReadStore, WriteAssets, WriteStore } from "../../saving/own_state.ts";
import { checkChoice } from "../../utils/argument_validation.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { encodeCategories, refuseSparse } from "./encode.ts";
import { hashBucket } from "./fingerprint.ts";
import {
  checkSalt,
  nestTokens,
  type Strings,
  type TokenInputs,
  TokenLayer,
  type Tokens,
  tokensOf,
  wholeNumbers,
} from "./token_layer.ts";

/** What indices become. */
export type LookupMode = "int" | "one_hot" | "multi_hot" | "count" | "tf_idf";

/** Options of all lookups. */
export interface IndexLookupOptions<Token> extends LayerOptions {
  /** The largest size of the vocabulary, with mask and out-of-vocabulary tokens. Default: no limit. */
  readonly maxTokens?: number | null;
  /** How many indices tokens share that are not in the vocabulary; with 0 they are errors. Default 1. */
  readonly numOovIndices?: number;
  /** The token that gets index 0. Default: none. */
  readonly maskToken?: Token | null;
  /** What stands for tokens out of the vocabulary, with `invert`. */
  readonly oovToken?: Token | null;
  /** The tokens in their order, with or without the special ones before them. Default: what `adapt` finds. */
  readonly vocabulary?: readonly Token[] | null;
  /** The weights of the tokens of `vocabulary`, for `"tf_idf"`. */
  readonly idfWeights?: readonly number[] | null;
  /** Whether indices become tokens. Default false. */
  readonly invert?: boolean;
  /** `"int"` (default), or an encoding: see `CategoryEncoding`; `"tf_idf"`: counts times `idfWeights`. */
  readonly outputMode?: LookupMode | "binary" | "tf-idf";
  /** Not supported: there are no sparse tensors. Default false. */
  readonly sparse?: boolean;
  /** Whether encodings have `maxTokens` places even when the vocabulary is smaller. Default false. */
  readonly padToMaxTokens?: boolean;
  /** How whole numbers get one of several out-of-vocabulary indices. Default `"floormod"`. */
  readonly oovMethod?: "floormod" | "farmhash";
  /** One or two whole numbers; with them SipHash is used in place of FarmHash. */
  readonly salt?: number | readonly number[] | null;
  /** The size of the vocabulary, as configs have it. */
  readonly vocabularySize?: number | null;
}

const ownOptions = [
  ...[
    "maxTokens",
    "numOovIndices",
    "maskToken",
    "oovToken",
    "vocabulary",
    "idfWeights",
    "invert",
    "outputMode",
  ],
  ...["sparse", "padToMaxTokens", "oovMethod", "salt", "vocabularySize"],
];

/** The mode under its present name. */
export function lookupMode(mode: unknown, where: string): LookupMode {
  const name = mode === "binary" ? "multi_hot" : mode === "tf-idf" ? "tf_idf" : (mode ?? "int");
  return checkChoice(name, ["int", "one_hot", "multi_hot", "count", "tf_idf"], where, "outputMode");
}

const encoder = new TextEncoder();
/** Where Keras keeps vocabularies. */
const vocabularyFile = "vocabulary.txt";

/** Order of numbers, and of strings by their bytes. */
function compareTokens(a: string | number, b: string | number): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const [x, y] = [encoder.encode(String(a)), encoder.encode(String(b))];
  const i = x.findIndex((byte, at) => byte !== y[at]);
  return i < 0 ? x.length - y.length : x[i]! - (y[i] ?? -1);
}

const mean = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0) / numbers.length;

/** Base of `IntegerLookup` and `StringLookup`. */
export abstract class IndexLookup<Token extends string | number> extends TokenLayer {
  /** What the tokens are. */
  readonly kind: "string" | "int64";
  readonly maxTokens: number | null;
  readonly numOovIndices: number;
  readonly maskToken: Token | null;
  readonly oovToken: Token | null;
  readonly invert: boolean;
  readonly outputMode: LookupMode;
  readonly padToMaxTokens: boolean;
  readonly oovMethod: "floormod" | "farmhash";
  readonly salt: readonly number[] | null;
  /** The vocabulary that was given to the constructor. */
  readonly inputVocabulary: readonly Token[] | null;
  readonly inputIdfWeights: readonly number[] | null;
  #tokens: readonly Token[] = [];
  #indices: ReadonlyMap<string | number, number> = new Map();
  #weights: readonly number[] | null = null;
  #size: number | null;
  /** Whether the size is that of a vocabulary that this layer has had. */
  #sizeIsFixed = false;

  constructor(
    options: IndexLookupOptions<Token>,
    { oovToken, own }: { readonly oovToken: Token; readonly own: readonly string[] },
    kind: "string" | "int64",
  ) {
    const where = kind === "string" ? "StringLookup" : "IntegerLookup";
    const { trainable: _trainable, dtype: _dtype, ...rest } = options;
    // As in Keras, the dtype and whether the layer is trainable say nothing here.
    super(baseOptions(where, rest, [...ownOptions, ...own]));
    this.kind = kind;
    this.maxTokens = options.maxTokens ?? null;
    this.numOovIndices = options.numOovIndices ?? 1;
    this.maskToken = options.maskToken ?? null;
    this.oovToken = options.oovToken === undefined ? oovToken : options.oovToken;
    this.invert = options.invert ?? false;
    this.outputMode = lookupMode(options.outputMode, where);
    this.padToMaxTokens = options.padToMaxTokens ?? false;
    this.oovMethod = checkChoice(
      options.oovMethod ?? "floormod",
      ["floormod", "farmhash"],
      where,
      "oovMethod",
    );
    this.salt = checkSalt(options.salt, where);
    this.inputVocabulary = options.vocabulary ?? null;
    this.inputIdfWeights = options.idfWeights ?? null;
    this.#size = options.vocabularySize ?? null;
    refuseSparse(where, options.sparse);
    const refuse = (wrong: boolean, message: string): void => {
      if (wrong) throw new ValueError(`${where}: ${message}`);
    };
    const { maxTokens, numOovIndices } = this;
    refuse(
      maxTokens !== null && !(Number.isSafeInteger(maxTokens) && maxTokens > 1),
      `expected maxTokens to be a whole number greater than 1. Received: maxTokens=${show(maxTokens)}`,
    );
    refuse(this.padToMaxTokens && maxTokens === null, "padToMaxTokens needs maxTokens.");
    refuse(
      !(Number.isSafeInteger(numOovIndices) && numOovIndices >= 0),
      `expected numOovIndices to be a whole number from 0 on. Received: numOovIndices=${show(numOovIndices)}`,
    );
    refuse(
      this.salt !== null && kind === "int64" && this.oovMethod !== "farmhash",
      'salt is used with oovMethod "farmhash" only.',
    );
    const mode = this.outputMode;
    refuse(this.invert && mode !== "int", `invert needs outputMode "int". Received: outputMode=${mode}`);
    refuse(
      this.inputIdfWeights !== null && mode !== "tf_idf",
      `idfWeights are used with outputMode "tf_idf" only. Received: outputMode=${mode}`,
    );
    this.built = true;
    if (this.inputVocabulary !== null) this.setVocabulary(this.inputVocabulary, this.inputIdfWeights);
  }

  get #oovStart(): number {
    return this.maskToken !== null && this.outputMode === "int" ? 1 : 0;
  }

  get #tokenStart(): number {
    return this.#oovStart + this.numOovIndices;
  }

  /** The number of tokens, with mask and out-of-vocabulary tokens. */
  vocabularySize(): number {
    return this.#tokens.length + this.#tokenStart;
  }

  /**
   * The tokens in the order of their indices.
   *
   * @param includeSpecialTokens whether mask and out-of-vocabulary tokens are among them; default true
   */
  getVocabulary(includeSpecialTokens: boolean = true): Token[] {
    if (!includeSpecialTokens) return [...this.#tokens];
    return [...this.#specialTokens(), ...this.#tokens] as Token[];
  }

  #specialTokens(): (Token | null)[] {
    const oov = Array.from({ length: this.numOovIndices }, () => this.oovToken);
    return this.#oovStart === 1 ? [this.maskToken, ...oov] : oov;
  }

  /**
   * Sets the vocabulary in place of what `adapt` finds.
   *
   * @param vocabulary the tokens, with or without the special ones before them
   * @param idfWeights the weight of each, with `outputMode: "tf_idf"`
   * @throws ValueError when it is empty, too large, or has a token twice; then nothing changes
   */
  setVocabulary(vocabulary: readonly Token[], idfWeights: readonly number[] | null = null): void {
    const where = `Layer "${this.name}"`;
    const isToken = (x: unknown): boolean =>
      this.kind === "string" ? typeof x === "string" : Number.isSafeInteger(x);
    if (!Array.isArray(vocabulary) || vocabulary.length === 0 || !vocabulary.every(isToken)) {
      const tokens = this.kind === "string" ? "strings" : "whole numbers";
      throw new ValueError(
        `${where}: expected a vocabulary of one or more ${tokens}. Received: ${show(vocabulary)}`,
      );
    }
    if ((this.outputMode === "tf_idf") !== (idfWeights !== null)) {
      throw new ValueError(
        `${where}: idfWeights must be given with outputMode "tf_idf", and only then. ` +
          `Received: outputMode=${this.outputMode}, idfWeights=${show(idfWeights)}`,
      );
    }
    const special = this.#specialTokens();
    const hasSpecial = special.every((token, i) => vocabulary[i] === token);
    const tokens = hasSpecial ? vocabulary.slice(special.length) : [...vocabulary];
    const seen = new Set<Token>();
    const repeated = tokens.filter((token) => seen.size === seen.add(token).size);
    if (repeated.length > 0) {
      throw new ValueError(`${where}: the vocabulary has tokens more than once: ${show(repeated)}`);
    }
    const reserved = [this.maskToken, this.invert ? this.oovToken : null];
    const misplaced = reserved.find((token) => token !== null && tokens.includes(token));
    if (misplaced !== undefined) {
      throw new ValueError(
        `${where}: special tokens may stand only at the start of the vocabulary, in the order ${show(special)}. ` +
          `Received ${show(misplaced)} at index ${vocabulary.lastIndexOf(misplaced)}`,
      );
    }
    if (this.maxTokens !== null && special.length + tokens.length > this.maxTokens) {
      throw new ValueError(
        `${where}: the vocabulary of ${special.length + tokens.length} tokens is larger than maxTokens=${this.maxTokens}`,
      );
    }
    if (idfWeights !== null && idfWeights.length !== vocabulary.length) {
      throw new ValueError(
        `${where}: expected as many idfWeights as tokens, ${vocabulary.length}. Received: ${idfWeights.length}`,
      );
    }
    const front = hasSpecial || idfWeights === null ? [] : special.map(() => mean(idfWeights));
    this.#learn(tokens, idfWeights === null ? null : [...front, ...idfWeights]);
  }

  #learn(tokens: readonly Token[], weights: readonly number[] | null): void {
    const size = this.#tokenStart + tokens.length;
    const mayChange = this.outputMode === "int" || this.padToMaxTokens;
    if (!mayChange && this.#sizeIsFixed && size !== this.#size) {
      throw new StateError(
        `Layer "${this.name}": the size of the vocabulary cannot change with outputMode=${this.outputMode} and ` +
          `without padToMaxTokens. It is ${this.#size}; the new one is ${size}`,
      );
    }
    this.#tokens = tokens;
    this.#indices = new Map(tokens.map((token, i) => [token, i + this.#tokenStart]));
    const places = this.padToMaxTokens ? this.maxTokens! : size;
    this.#weights = weights && Array.from({ length: places }, (_, i) => Math.fround(weights[i] ?? 0));
    this.#size = size;
    this.#sizeIsFixed = true;
  }

  /**
   * Finds the vocabulary: the most frequent tokens first, equally frequent ones from the last in their order to the first.
   *
   * @param data an array; each of its rows is a document for `"tf_idf"`; or batches from a generator
   * @param options `steps`: how many batches to read at most
   * @throws ValueError when a vocabulary was given to the constructor
   */
  adapt(data: TokenInputs | Iterable<TokenInputs>, options: { readonly steps?: number | null } = {}): void {
    this.adaptTokens(batchesOfTokens(data, options.steps ?? null), (batch) => this.#documents(batch));
  }

  #documents({ shape, values }: Tokens): (string | number)[][] {
    const length = shape.length < 2 ? values.length : values.length / shape[0]!;
    const count = shape.length < 2 ? 1 : shape[0]!;
    return Array.from({ length: count }, (_, i) => values.slice(i * length, (i + 1) * length));
  }

  /** Finds the vocabulary in batches of documents. */
  adaptTokens<B>(
    batches: Iterable<B>,
    documentsOf: (batch: B) => readonly (readonly (string | number)[])[],
  ): void {
    if (this.inputVocabulary !== null) {
      throw new ValueError(`Layer "${this.name}": a vocabulary was given, so there is nothing to adapt.`);
    }
    const counts = new Map<Token, number>();
    const documentCounts = new Map<Token, number>();
    let documents = 0;
    const count = (map: Map<Token, number>, token: Token): void => {
      map.set(token, (map.get(token) ?? 0) + 1);
    };
    for (const batch of batches) {
      for (const document of documentsOf(batch) as readonly (readonly Token[])[]) {
        documents++;
        for (const token of document) count(counts, token);
        for (const token of new Set(document)) count(documentCounts, token);
      }
    }
    if (counts.size === 0) return;
    if (this.maskToken !== null) counts.delete(this.maskToken);
    if (this.oovToken !== null) counts.delete(this.oovToken);
    const sorted = [...counts].sort(([a, n], [b, m]) => m - n || compareTokens(b, a)).map(([token]) => token);
    const limit = this.maxTokens === null ? sorted.length : this.maxTokens - this.#tokenStart;
    const tokens = sorted.slice(0, limit);
    const weights = tokens.map((token) =>
      Math.fround(Math.log(1 + documents / (1 + documentCounts.get(token)!))),
    );
    const front = Array.from({ length: this.#tokenStart }, () => mean(weights));
    this.#learn(tokens, this.outputMode === "tf_idf" ? [...front, ...weights] : null);
  }

  /** The indices of tokens; -1 for the mask where it has no place. */
  indicesOf(values: readonly (string | number)[]): number[] {
    const encodes = this.outputMode !== "int";
    if (encodes && !this.padToMaxTokens && this.#size === null) {
      throw new StateError(
        `Layer "${this.name}": with outputMode=${this.outputMode}, give a vocabulary or call adapt before the layer.`,
      );
    }
    return values.map((value) => {
      if (this.maskToken !== null && value === this.maskToken) return encodes ? -1 : 0;
      const index = this.#indices.get(value);
      if (index !== undefined) return index;
      if (this.numOovIndices === 0) {
        throw new ValueError(
          `Layer "${this.name}": ${show(value)} is not in the vocabulary, and there is no index for such tokens ` +
            "with numOovIndices=0.",
        );
      }
      return this.#oovStart + this.#oovIndex(value);
    });
  }

  #oovIndex(value: string | number): number {
    const n = this.numOovIndices;
    if (n === 1) return 0;
    if (typeof value === "number" && this.oovMethod === "floormod") return ((value % n) + n) % n;
    return hashBucket(String(value), n, this.salt);
  }

  /** Indices as the output mode has them. */
  encode(indices: Tensor): Tensor {
    const depth = this.padToMaxTokens ? this.maxTokens! : (this.#size ?? 0);
    if (this.outputMode !== "tf_idf") return encodeCategories(indices, this.outputMode, depth, "int32");
    if (this.#weights === null) {
      throw new StateError(`Layer "${this.name}": "tf_idf" needs weights; give idfWeights or call adapt.`);
    }
    return encodeCategories(indices, "count", depth, floatx()).multiply(
      toTensor([...this.#weights], floatx()),
    );
  }

  protected override compute(inputs: TokenInputs): Tensor {
    const { shape, values } = tokensOf(inputs, `Layer "${this.name}"`);
    const expected = this.kind === "string" && !this.invert ? "string" : "number";
    if (values.some((value) => typeof value !== expected)) {
      throw new ValueError(`Layer "${this.name}": expected ${expected}s. Received: ${show(inputs)}`);
    }
    if (!this.invert) return this.encode(wholeNumbers(this.indicesOf(values), shape));
    const tokens = values.map((value) => {
      if (this.maskToken !== null && value === 0) return this.maskToken;
      return this.#tokens[(value as number) - this.#tokenStart] ?? this.oovToken;
    });
    return this.tokensToOutput(tokens as Token[], shape);
  }

  /** What `invert` gives. */
  protected abstract tokensToOutput(tokens: readonly Token[], shape: readonly number[]): Tensor;

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    if (this.outputMode === "int") return inputShape;
    const depth = this.padToMaxTokens ? this.maxTokens : this.#size;
    if (this.outputMode !== "one_hot") return [...inputShape.slice(0, -1), depth];
    return inputShape.length > 1 && inputShape.at(-1) === 1
      ? [...inputShape.slice(0, -1), depth]
      : [...inputShape, depth];
  }

  override getBuildConfig(): null {
    return null;
  }

  override saveOwnVariables(store: WriteStore): void {
    if (this.#weights !== null) store.set("idf_weights", Float32Array.from(this.#weights));
  }

  override loadOwnVariables(store: ReadStore): void {
    if (this.outputMode === "tf_idf" && store.keys.includes("idf_weights"))
      this.#weights = [...store.get("idf_weights").dataSync()];
  }

  /** Puts the vocabulary into a file of its own, one token on each line, unless the config has it. */
  saveAssets(assets: WriteAssets): void {
    if (this.inputVocabulary !== null) return;
    assets.set(vocabularyFile, encoder.encode(this.getVocabulary().join("\n")));
  }

  /** Takes the vocabulary from its file. */
  loadAssets(assets: ReadAssets): void {
    if (this.inputVocabulary !== null) return;
    const file = assets.get(vocabularyFile);
    if (file === undefined)
      throw new ValueError(`Layer "${this.name}": there is no ${vocabularyFile} for it in the file.`);
    const lines = new TextDecoder().decode(file).split(/\r\n|\r|\n/);
    while (lines.at(-1) === "") lines.pop();
    // What was never adapted has a vocabulary without tokens of its own.
    if (lines.length <= this.#tokenStart) return;
    const tokens = lines.map((line) => (this.kind === "string" ? line : Number(line))) as Token[];
    this.setVocabulary(tokens, this.#weights === null ? null : this.#weights.slice(0, tokens.length));
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      invert: this.invert,
      max_tokens: this.maxTokens,
      num_oov_indices: this.numOovIndices,
      oov_token: this.oovToken,
      mask_token: this.maskToken,
      output_mode: this.outputMode,
      sparse: false,
      pad_to_max_tokens: this.padToMaxTokens,
      idf_weights: this.inputIdfWeights,
      vocabulary: this.inputVocabulary,
      vocabulary_size: this.#size,
      oov_method: this.oovMethod,
      salt: this.salt,
    };
  }
}

/** The batches of data; an array is one batch, whose elements are documents of their own when it has one axis. */
export function* batchesOfTokens(
  data: TokenInputs | Iterable<TokenInputs>,
  steps: number | null,
): Generator<Tokens> {
  const isArray =
    typeof data !== "object" || Array.isArray(data) || ArrayBuffer.isView(data) || data instanceof Tensor;
  if (isArray || !(Symbol.iterator in data)) {
    const { shape, values } = tokensOf(data as TokenInputs, "adapt");
    yield { shape: shape.length === 1 ? [...shape, 1] : shape, values };
    return;
  }
  let read = 0;
  for (const batch of data as Iterable<TokenInputs>) {
    if (steps !== null && read++ >= steps) return;
    yield tokensOf(batch, "adapt");
  }
}

/** Strings in nested arrays, as `invert` gives them. */
export function nestedStrings(tokens: readonly string[], shape: readonly number[]): Strings {
  const nested: Tree<string> = nestTokens(tokens, shape);
  return treeLeaves(nested).length === 1 && shape.length === 0 ? tokens[0]! : (nested as Strings);
}
