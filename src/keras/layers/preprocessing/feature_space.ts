/** Tables with columns of all kinds as vectors for models. */
import {
  checkOptions,
  concatenate,
  isInteger,
  isPlainObject,
  StateError,
  show,
  Tensor,
  type TensorLike,
  toTensor,
  treeLeaves,
  UnsupportedError,
  ValueError,
} from "../../../engine/index.ts";
import type { ReadOptions, Source } from "../../../files/source.ts";
import type { Target } from "../../../files/target.ts";
import { KerasTensor } from "../../backend/keras_tensor.ts";
import { Dataset } from "../../data/dataset.ts";
import { fromArrays } from "../../data/sources.ts";
import type { Config } from "../../saving/config.ts";
import { isSerialized } from "../../saving/registry.ts";
import { deserializeKerasObject, learnClass, serializeKerasObject } from "../../saving/serialization_lib.ts";
import { checkChoice } from "../../utils/argument_validation.ts";
import { autoName } from "../../utils/naming.ts";
import { Progbar } from "../../utils/progbar.ts";
import type { CallOptions, LayerInputs, SymbolicInputs, SymbolicOf } from "../call_inputs.ts";
import { Identity } from "../core/identity.ts";
import { Input } from "../core/input_layer.ts";
import { type AnyLayer, Layer } from "../layer.ts";
import { Concatenate } from "../merging/concatenate.ts";
import { CategoryEncoding } from "./category_encoding.ts";
import { Discretization } from "./discretization.ts";
import { Cross, Feature, type FeatureDType, type FeatureOutputMode } from "./feature.ts";
import { HashedCrossing } from "./hashed_crossing.ts";
import { Hashing } from "./hashing.ts";
import { IndexLookup } from "./index_lookup.ts";
import { IntegerLookup } from "./integer_lookup.ts";
import { Normalization } from "./normalization.ts";
import { Rescaling } from "./rescaling.ts";
import { StringLookup } from "./string_lookup.ts";
import { TextVectorization } from "./text_vectorization.ts";
import { type Strings, TokenLayer } from "./token_layer.ts";

/** Kinds of features by their names. */
export type FeatureKind =
  | "float"
  | "float_normalized"
  | "float_rescaled"
  | "float_discretized"
  | "integer_categorical"
  | "string_categorical"
  | "integer_hashed"
  | "string_hashed";

/** The values of a feature: numbers or texts, of one sample or of several. */
export type FeatureValues = TensorLike | Strings;

/** Values by the names of features. */
export type FeatureData = Readonly<Record<string, FeatureValues>>;

/** Options of {@link FeatureSpace}. */
export interface FeatureSpaceOptions<Mode extends "concat" | "dict" = "concat" | "dict"> {
  /** `"concat"` (default): one vector per sample; `"dict"`: each feature by itself. */
  readonly outputMode?: Mode;
  /** Features that are crossed: lists of names, or what `FeatureSpace.cross` gives. */
  readonly crosses?: readonly (readonly string[] | Cross)[] | null;
  /** How many bins crosses have that are lists of names. Default 32. */
  readonly crossingDim?: number;
  /** How many bins hashed features have that are given by their kind. Default 32. */
  readonly hashingDim?: number;
  /** How many bins discretized features have that are given by their kind. Default 32. */
  readonly numDiscretizationBins?: number;
  /** What the feature space is called. Default: automatic. */
  readonly name?: string | null;
}

/** What a space gives. */
type Encoded<Mode, T> = Mode extends "dict" ? Readonly<Record<string, T>> : T;

interface Named {
  /** What the feature's layer is called. Default: automatic. */
  readonly name?: string;
}

interface CategoricalOptions extends Named {
  /** The most values that are told apart. Default: any number. */
  readonly maxTokens?: number | null;
  /** How many numbers stand for values that `adapt` has not seen. Default 1. */
  readonly numOovIndices?: number;
  /** What comes out: a number for each value, or a vector. Default `"one_hot"`. */
  readonly outputMode?: FeatureOutputMode;
}

interface HashedOptions extends Named {
  /** What comes out: a number for each value, or a vector. Default `"one_hot"`. */
  readonly outputMode?: FeatureOutputMode;
}

/** How many samples are learned from at a time. */
const adaptBatch = 32;

const isText = (values: unknown): boolean => typeof treeLeaves(values)[0] === "string";

export interface FeatureSpace<Mode extends "concat" | "dict"> {
  /** Encodes samples, or one sample. */
  (data: FeatureData, options?: CallOptions): Encoded<Mode, Tensor>;
}

/**
 * Makes vectors of tables: each feature goes through a preprocessing layer, crosses are added, whole numbers become one-hot
 * vectors, and all are concatenated in the order of their names.
 *
 * `adapt` must have seen data before, unless no feature learns from any. Called with columns by name, of one sample or of
 * several, it gives one vector per sample, or with `outputMode: "dict"` the encoded features by name. Programs hold no
 * texts, and lookups and hashes work outside of programs: apply a space to the data before the model, for example with
 * `dataset.map`.
 *
 * @example
 * ```ts
 * const table = { age: [20, 30, 40, 50], city: ["Rome", "Oslo", "Rome", "Bern"] };
 * const space = new FeatureSpace({ age: "float_normalized", city: "string_categorical" });
 * await space.adapt(table, { verbose: 0 });
 * space(table).shape; // → [4, 5]
 * space({ age: 35, city: "Rome" }).arraySync(); // → [0, 0, 1, 0, 0]
 * ```
 */
export class FeatureSpace<Mode extends "concat" | "dict" = "concat"> extends Layer<Encoded<Mode, Tensor>> {
  static override readonly module: string = "keras.utils";
  static readonly className: string = "FeatureSpace";
  static override readonly positional: readonly string[] = ["features"];
  readonly features: Readonly<Record<string, Feature>>;
  readonly crosses: readonly Cross[];
  readonly outputMode: Mode;
  readonly crossingDim: number;
  readonly hashingDim: number;
  readonly numDiscretizationBins: number;
  /** The layers of the features, by name. */
  readonly preprocessors: Readonly<Record<string, AnyLayer>>;
  /** The layers of the crosses, by name. */
  readonly crossers: Readonly<Record<string, HashedCrossing>>;
  /** What makes one-hot vectors, by name; made with the first call. */
  readonly oneHotEncoders: Record<string, CategoryEncoding> = {};
  /** Features that learn from data. */
  readonly #learning: readonly string[];
  #adapted: boolean;
  #inputs: Readonly<Record<string, KerasTensor>> | undefined;
  #encoded: Encoded<Mode, KerasTensor> | undefined;

  /**
   * @param features by name: their kinds, or what `FeatureSpace.float()` and so on give
   * @param options `outputMode` (default `"concat"`), `crosses`, `crossingDim` (32), `hashingDim` (32),
   *   `numDiscretizationBins` (32), `name`
   * @throws ValueError when there are no features, for unknown kinds, and for crosses of unknown features
   */
  constructor(
    features: Readonly<Record<string, FeatureKind | Feature>>,
    options: FeatureSpaceOptions<Mode> = {},
  ) {
    super(options.name === undefined || options.name === null ? {} : { name: options.name });
    const own = ["crosses", "crossingDim", "hashingDim", "numDiscretizationBins", "outputMode", "name"];
    checkOptions("FeatureSpace", options, own);
    if (!isPlainObject(features) || Object.keys(features).length === 0)
      throw new ValueError(`FeatureSpace: expected features by name. Received: ${show(features)}`);
    const mode = options.outputMode ?? "concat";
    this.outputMode = checkChoice(mode, ["concat", "dict"], "FeatureSpace", "outputMode") as Mode;
    this.crossingDim = options.crossingDim ?? 32;
    this.hashingDim = options.hashingDim ?? 32;
    this.numDiscretizationBins = options.numDiscretizationBins ?? 32;
    this.features = Object.fromEntries(
      Object.entries(features).map(([name, feature]) => [name, this.#feature(name, feature)]),
    );
    this.crosses = (options.crosses ?? []).map((cross) => this.#cross(cross));
    this.preprocessors = Object.fromEntries(
      Object.entries(this.features).map(([name, { preprocessor }]) => [name, preprocessor]),
    );
    this.crossers = Object.fromEntries(
      this.crosses.map((cross) => [cross.name, new HashedCrossing(cross.crossingDim, { name: cross.name })]),
    );
    this.#learning = Object.keys(this.features).filter((name) => learns(this.preprocessors[name]!));
    this.#adapted = this.#learning.length === 0;
    // Built is what has nothing to learn any more: a config that is read then learns it.
    this.built = this.#adapted;
  }

  #feature(name: string, given: unknown): Feature {
    const feature = fromConfigs(given);
    if (feature instanceof Feature) return feature;
    switch (feature) {
      case "float":
        return FeatureSpace.float({ name });
      case "float_normalized":
        return FeatureSpace.floatNormalized({ name });
      case "float_rescaled":
        return FeatureSpace.floatRescaled({ name });
      case "float_discretized":
        return FeatureSpace.floatDiscretized(this.numDiscretizationBins, { name });
      case "integer_categorical":
        return FeatureSpace.integerCategorical({ name });
      case "string_categorical":
        return FeatureSpace.stringCategorical({ name });
      case "integer_hashed":
        return FeatureSpace.integerHashed(this.hashingDim, { name });
      case "string_hashed":
        return FeatureSpace.stringHashed(this.hashingDim, { name });
      default:
        throw new ValueError(`FeatureSpace: invalid type of feature "${name}": ${show(feature)}`);
    }
  }

  #cross(given: unknown): Cross {
    const cross = fromConfigs(given);
    const names = cross instanceof Cross ? cross.featureNames : cross;
    if (!Array.isArray(names) || !names.every((name) => typeof name === "string" && name in this.features)) {
      throw new ValueError(
        `FeatureSpace: expected crosses of features of the space: ${Object.keys(this.features).join(", ")}. Received: ${show(names)}`,
      );
    }
    return cross instanceof Cross ? cross : new Cross(names as string[], this.crossingDim);
  }

  // --- Kinds of features ------------------------------------------------------------------------------------------------

  /** Numbers as they are. */
  static float(options: Named = {}): Feature {
    const name = nameOf("float", options, ["name"]);
    return new Feature("float32", new TFDIdentity({ name: `${name}_preprocessor` }), "float");
  }

  /** Numbers with mean 0 and variance 1. */
  static floatNormalized(options: Named = {}): Feature {
    const name = nameOf("floatNormalized", options, ["name"]);
    return new Feature("float32", new Normalization({ axis: -1, name: `${name}_preprocessor` }), "float");
  }

  /** Numbers times `scale` (default 1), plus `offset` (default 0). */
  static floatRescaled(options: Named & { readonly scale?: number; readonly offset?: number } = {}): Feature {
    const name = nameOf("floatRescaled", options, ["name", "scale", "offset"]);
    const { scale = 1, offset = 0 } = options;
    return new Feature("float32", new Rescaling(scale, { offset, name: `${name}_preprocessor` }), "float");
  }

  /** Numbers in bins: `numBins` with as many values in each; with `null`, those between `binBoundaries`. */
  static floatDiscretized(
    numBins: number | null,
    options: HashedOptions & { readonly binBoundaries?: readonly number[] | null } = {},
  ): Feature {
    const name = nameOf("floatDiscretized", options, ["name", "binBoundaries", "outputMode"]);
    const binBoundaries = options.binBoundaries ?? null;
    const preprocessor = new Discretization({ numBins, binBoundaries, name: `${name}_preprocessor` });
    return new Feature("float32", preprocessor, options.outputMode ?? "one_hot");
  }

  /** Whole numbers by their places in a vocabulary. */
  static integerCategorical(options: CategoricalOptions = {}): Feature {
    const name = nameOf("integerCategorical", options, categorical);
    const { maxTokens = null, numOovIndices = 1, outputMode = "one_hot" } = options;
    const preprocessor = new IntegerLookup({ maxTokens, numOovIndices, name: `${name}_preprocessor` });
    return new Feature("int32", preprocessor, outputMode);
  }

  /** Texts by their places in a vocabulary. */
  static stringCategorical(options: CategoricalOptions = {}): Feature {
    const name = nameOf("stringCategorical", options, categorical);
    const { maxTokens = null, numOovIndices = 1, outputMode = "one_hot" } = options;
    const preprocessor = new StringLookup({ maxTokens, numOovIndices, name: `${name}_preprocessor` });
    return new Feature("string", preprocessor, outputMode);
  }

  /** Whole numbers in bins by their hashes. */
  static integerHashed(numBins: number, options: HashedOptions = {}): Feature {
    const name = nameOf("integerHashed", options, ["name", "outputMode"]);
    const preprocessor = new Hashing(numBins, { name: `${name}_preprocessor` });
    return new Feature("int32", preprocessor, options.outputMode ?? "one_hot");
  }

  /** Texts in bins by their hashes. */
  static stringHashed(numBins: number, options: HashedOptions = {}): Feature {
    const name = nameOf("stringHashed", options, ["name", "outputMode"]);
    const preprocessor = new Hashing(numBins, { name: `${name}_preprocessor` });
    return new Feature("string", preprocessor, options.outputMode ?? "one_hot");
  }

  /** A feature with a layer of one's own. */
  static feature(dtype: FeatureDType, preprocessor: AnyLayer, outputMode: FeatureOutputMode): Feature {
    return new Feature(dtype, preprocessor, outputMode);
  }

  /** Several features as one, in `crossingDim` bins by the hash of their combination. */
  static cross(
    featureNames: readonly string[],
    crossingDim: number,
    options: { readonly outputMode?: "int" | "one_hot" } = {},
  ): Cross {
    checkOptions("cross", options, ["outputMode"]);
    return new Cross(featureNames, crossingDim, options.outputMode);
  }

  // --- Learning and encoding --------------------------------------------------------------------------------------------

  /**
   * Learns vocabularies, means and borders of bins.
   *
   * @param dataset columns by name, or a dataset of samples or batches by name
   * @param options `verbose` (default 1): whether progress is shown
   * @throws ValueError when a feature is missing in the data
   */
  async adapt(
    dataset: Dataset<FeatureData> | FeatureData,
    options: { readonly verbose?: 0 | 1 } = {},
  ): Promise<void> {
    checkOptions("adapt", options, ["verbose"]);
    if (this.#learning.length > 0) {
      const batches = await this.#batches(dataset, options.verbose ?? 1);
      for (const name of this.#learning) {
        const values = batches.map((batch) => this.#column(name, batch[name]!).values);
        const preprocessor = this.preprocessors[name] as AnyLayer & { adapt(data: Iterable<unknown>): void };
        // A generator: lists could be taken for one array.
        preprocessor.adapt(each(values));
      }
      for (const name of Object.keys(this.oneHotEncoders)) delete this.oneHotEncoders[name];
      this.#inputs = undefined;
      this.#encoded = undefined;
    }
    this.#adapted = true;
    this.built = true;
  }

  async #batches(dataset: Dataset<FeatureData> | FeatureData, verbose: 0 | 1): Promise<FeatureData[]> {
    let source: Dataset<unknown>;
    if (dataset instanceof Dataset) source = dataset;
    else if (isPlainObject(dataset)) source = fromArrays(dataset as Readonly<Record<string, TensorLike>>);
    else {
      throw new ValueError(`adapt: expected a dataset, or columns by name. Received: ${show(dataset)}`);
    }
    const [first] = await source.take(1).toArray();
    const [name] = this.#learning as [string];
    if (!isPlainObject(first) || !(name in first))
      throw new ValueError(`adapt: expected values by name, with "${name}". Received: ${show(first)}`);
    if (rankOf(first[name]) === 0) source = source.batch(adaptBatch);
    const steps = source.cardinality ?? null;
    const progress = new Progbar(steps, { verbose, unitName: "step" });
    const batches: FeatureData[] = [];
    for await (const batch of source) {
      for (const feature of this.#learning) {
        if ((batch as FeatureData)[feature] !== undefined) continue;
        throw new ValueError(`adapt: the data has no values of feature "${feature}".`);
      }
      progress.update(batches.push(batch as FeatureData));
    }
    if (steps === null) progress.update(batches.length, [], true);
    return batches;
  }

  /** The values of a feature with an axis of samples and one of values, and whether it was one sample. */
  #column(name: string, given: FeatureValues): { readonly values: FeatureValues; readonly single: boolean } {
    const { dtype } = this.features[name]!;
    if (dtype === "string") {
      if (!isText(given))
        throw new ValueError(`FeatureSpace: expected texts for feature "${name}". Received: ${show(given)}`);
      if (typeof given === "string") return { values: [[given]], single: true };
      const rows = given as readonly Strings[];
      const flat = rows.every((row) => typeof row === "string");
      return { values: flat ? rows.map((row) => [row]) : rows, single: false };
    }
    if (isText(given))
      throw new ValueError(`FeatureSpace: expected numbers for feature "${name}". Received: ${show(given)}`);
    const t = toTensor(given as TensorLike, dtype);
    return { values: t.ndim < 2 ? t.reshape(-1, 1) : t, single: t.ndim === 0 };
  }

  #checkAdapted(): void {
    if (this.#adapted) return;
    throw new StateError(
      `FeatureSpace "${this.name}": call adapt(dataset) before using it, for ${this.#learning.join(", ")}.`,
    );
  }

  /**
   * Encodes values; `space(data)` is the same.
   *
   * @param data numbers and texts by the names of the features: one each for one sample, or lists for several
   * @throws StateError before `adapt`; ValueError when features are missing
   */
  override apply(data: FeatureData | LayerInputs, options?: CallOptions): Encoded<Mode, Tensor>;
  override apply(data: SymbolicInputs, options?: CallOptions): SymbolicOf<Encoded<Mode, Tensor>>;
  override apply(
    data: FeatureData | LayerInputs | SymbolicInputs,
    options: CallOptions = {},
  ): Encoded<Mode, Tensor> & SymbolicOf<Encoded<Mode, Tensor>> {
    checkOptions(`Layer "${this.name}"`, options, ["training", "mask"]);
    this.#checkAdapted();
    if (!isPlainObject(data))
      throw new ValueError(`A FeatureSpace can only be called with values by name. Received: ${show(data)}`);
    const names = Object.keys(this.features);
    const missing = names.filter((name) => data[name] === undefined);
    const unknown = Object.keys(data).filter((name) => !names.includes(name));
    if (missing.length + unknown.length > 0) {
      throw new ValueError(
        `FeatureSpace "${this.name}": expected values of the features ${names.join(", ")}. Received: ${show(data)}`,
      );
    }
    if (treeLeaves(data).some((value) => value instanceof KerasTensor)) {
      this.#checkSymbolic();
      return this.#encode(data) as never;
    }
    const columns = names.map((name) => [name, this.#column(name, data[name] as FeatureValues)] as const);
    const single = columns.some(([, { single: one }]) => one);
    const encoded = this.#encode(Object.fromEntries(columns.map(([name, { values }]) => [name, values])));
    const squeeze = (t: Tensor): Tensor => (single && t.shape[0] === 1 ? t.reshape(t.shape.slice(1)) : t);
    if (encoded instanceof Tensor) return squeeze(encoded) as never;
    return Object.fromEntries(
      Object.entries(encoded).map(([name, t]) => [name, squeeze(t as Tensor)]),
    ) as never;
  }

  override call(inputs: Tensor): Encoded<Mode, Tensor> {
    return this.apply(inputs);
  }

  /** Everything from columns on; symbolic tensors stay symbolic. */
  #encode(columns: Readonly<Record<string, unknown>>): Tensor | Record<string, unknown> {
    const run = (layer: AnyLayer, x: unknown): Tensor => layer.apply(x as LayerInputs) as Tensor;
    const own = Object.fromEntries(
      Object.keys(this.features).map((name) => [name, run(this.preprocessors[name]!, columns[name])]),
    );
    const crossed = Object.fromEntries(
      this.crosses.map(({ name, featureNames }) => [
        name,
        run(
          this.crossers[name]!,
          featureNames.map((feature) => own[feature]),
        ),
      ]),
    );
    const parts = [...Object.entries(own).sort(byName), ...Object.entries(crossed).sort(byName)];
    const modes = new Map<string, FeatureOutputMode>([
      ...Object.entries(this.features).map(([name, f]) => [name, f.outputMode] as const),
      ...this.crosses.map((cross) => [cross.name, cross.outputMode] as const),
    ]);
    const encoded = parts.map(([name, value]) => {
      if (modes.get(name) !== "one_hot") return [name, value] as const;
      return [name, run(this.#oneHotEncoder(name, value), value)] as const;
    });
    if (this.outputMode === "dict") return Object.fromEntries(encoded);
    for (const [name, { dtype }] of encoded) {
      if (!isInteger(dtype)) continue;
      throw new ValueError(
        `FeatureSpace "${this.name}": feature "${name}" has not been encoded and so cannot be concatenated: its dtype is ${dtype}. ` +
          'Use outputMode: "dict".',
      );
    }
    const values = encoded.map(([, value]) => value);
    if (values.length === 1) return values[0]!;
    if (values.every((value) => value instanceof Tensor)) return concatenate(values, -1);
    return new Concatenate({ axis: -1 }).apply(values);
  }

  #oneHotEncoder(name: string, value: Tensor): CategoryEncoding {
    const known = this.oneHotEncoders[name];
    if (known !== undefined) return known;
    const preprocessor = this.preprocessors[name] ?? this.crossers[name]!;
    if (!isInteger(value.dtype)) {
      throw new ValueError(
        `FeatureSpace: feature "${name}" has outputMode "one_hot", so its preprocessor must give whole numbers. It gives ${value.dtype}.`,
      );
    }
    const numTokens = categoriesOf(preprocessor);
    if (numTokens === undefined) {
      throw new ValueError(
        `FeatureSpace: feature "${name}" has outputMode "one_hot", but of its preprocessor it is not known how many numbers there are. ` +
          'Use outputMode: "int".',
      );
    }
    return (this.oneHotEncoders[name] = new CategoryEncoding({ numTokens, outputMode: "multi_hot" }));
  }

  // --- As a part of graphs ----------------------------------------------------------------------------------------------

  /** What keeps the space out of graphs. */
  #outsiders(): string[] {
    const tokens = Object.keys(this.features).filter(
      (name) => this.preprocessors[name] instanceof TokenLayer,
    );
    return [...tokens, ...Object.keys(this.crossers)];
  }

  #checkSymbolic(): void {
    const outsiders = this.#outsiders();
    if (outsiders.length === 0) return;
    throw new UnsupportedError(
      `FeatureSpace "${this.name}": lookups, hashes and crosses work outside of programs, so it cannot be a part of a graph: ` +
        `${outsiders.join(", ")}. Apply it to the data before the model, which begins at getEncodedFeatures().`,
    );
  }

  /**
   * Symbolic inputs by the names of the features.
   *
   * @throws UnsupportedError when a feature is looked up, hashed or crossed, which programs cannot do
   */
  getInputs(): Readonly<Record<string, KerasTensor>> {
    this.#checkAdapted();
    this.#checkSymbolic();
    return (this.#inputs ??= Object.fromEntries(
      Object.entries(this.features).map(([name, { dtype }]) => [
        name,
        Input([1], { dtype: dtype === "string" ? "int32" : dtype, name }),
      ]),
    ));
  }

  /**
   * Symbolic tensors like what the space gives, for models to begin with. They come from `getInputs()`, if the whole space
   * can be a part of a graph; else the model is called with what the space gives.
   *
   * @throws StateError before `adapt`
   */
  getEncodedFeatures(): Encoded<Mode, KerasTensor> {
    this.#checkAdapted();
    if (this.#encoded !== undefined) return this.#encoded;
    if (this.#outsiders().length === 0) {
      return (this.#encoded = this.#encode(this.getInputs()) as unknown as Encoded<Mode, KerasTensor>);
    }
    const sample = Object.entries(this.features).map(([name, f]) => [
      name,
      [[f.dtype === "string" ? "" : 0]],
    ]);
    const encoded = this.apply(Object.fromEntries(sample) as FeatureData) as Tensor | Record<string, Tensor>;
    const like = (t: Tensor, name?: string): KerasTensor =>
      Input(t.shape.slice(1), { dtype: t.dtype, ...(name !== undefined && { name }) });
    const symbolic =
      encoded instanceof Tensor
        ? like(encoded)
        : Object.fromEntries(Object.entries(encoded).map(([name, t]) => [name, like(t, name)]));
    return (this.#encoded = symbolic as Encoded<Mode, KerasTensor>);
  }

  // --- Configs ----------------------------------------------------------------------------------------------------------

  override getConfig(): Config {
    return {
      features: serializeKerasObject(this.features),
      output_mode: this.outputMode,
      crosses: serializeKerasObject(this.crosses),
      crossing_dim: this.crossingDim,
      hashing_dim: this.hashingDim,
      num_discretization_bins: this.numDiscretizationBins,
    };
  }

  override getBuildConfig(): Config {
    return Object.fromEntries(
      Object.entries(this.preprocessors).map(([name, layer]) => [name, layer.getBuildConfig()]),
    );
  }

  /**
   * Saves the space, with all that it has learned, as Keras's does.
   *
   * @param target a path that ends in `.keras`, or another target
   * @param options `overwrite` (default true)
   * @throws ValueError for another ending, FileError when the file cannot be written
   *
   * @example
   * ```ts
   * const space = new utils.FeatureSpace({ size: "float_normalized" }, { outputMode: "concat" });
   * await space.adapt({ size: [1, 2, 3] }, { verbose: 0 });
   * await space.save("/tmp/space.keras");
   * const again = await utils.FeatureSpace.load("/tmp/space.keras");
   * (again.apply({ size: [2] }) as Tensor).arraySync(); // → [[0]]
   * ```
   */
  async save(target: Target, options: { readonly overwrite?: boolean } = {}): Promise<void> {
    checkOptions("FeatureSpace.save", options, ["overwrite"]);
    if (typeof target === "string" && !target.endsWith(".keras"))
      throw new ValueError(`FeatureSpace.save: expected a path that ends in \`.keras\`. Received: ${target}`);
    const [{ modelFiles }, { writeZip }, { writeTarget }] = await Promise.all([
      import("../../saving/saving_lib.ts"),
      import("../../../files/zip_write.ts"),
      import("../../../files/target.ts"),
    ]);
    await writeTarget(target, await writeZip(modelFiles(this)), "FeatureSpace.save", options);
  }

  /**
   * A space that was saved, here or by Keras.
   *
   * @param source a path, a URL, bytes, a `File`, …
   * @param options `onProgress`, `signal`
   * @throws ValueError when the file holds something else, FileError when it is damaged or cannot be read
   */
  static async load(source: Source, options: ReadOptions = {}): Promise<FeatureSpace> {
    const where = "FeatureSpace.load";
    checkOptions(where, options, ["onProgress", "signal"]);
    const [{ wholeFromFiles, withinBudget }, { openZip }, { readSource }] = await Promise.all([
      import("../../saving/saving_lib.ts"),
      import("../../../files/zip.ts"),
      import("../../../files/source.ts"),
    ]);
    learnClass(FeatureSpace);
    const archive = openZip(await readSource(source, where, options), where);
    return wholeFromFiles(archive, where, (config, numbers) => {
      const made = withinBudget(numbers, () => deserializeKerasObject(config));
      if (made instanceof FeatureSpace) return made as FeatureSpace;
      throw new ValueError(`${where}: the file holds no FeatureSpace.`);
    });
  }

  /** Builds the layers of the features; what they have learned is read after that. */
  override buildFromConfig(config: Config): void {
    for (const [name, own] of Object.entries(config)) {
      const layer = this.preprocessors[name];
      if (layer !== undefined && !layer.built && own !== null) layer.buildFromConfig(own as Config);
    }
    this.#adapted = true;
    this.built = true;
  }
}

/** What is written of a feature or a cross, made again. */
function fromConfigs(given: unknown): unknown {
  if (!isSerialized(given)) return given;
  const layers = [
    TFDIdentity,
    Normalization,
    Rescaling,
    Discretization,
    IntegerLookup,
    StringLookup,
    Hashing,
  ];
  for (const Class of [Feature, Cross, TextVectorization, ...layers]) learnClass(Class);
  return deserializeKerasObject(given);
}

/** The feature as it is. */
export class TFDIdentity extends Identity {
  static override readonly module: string = "keras.src.layers.preprocessing.feature_space";
  static override readonly className: string = "TFDIdentity";
}

const categorical = ["name", "maxTokens", "numOovIndices", "outputMode"];

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

function nameOf(kind: string, options: Named, known: readonly string[]): string {
  checkOptions(`FeatureSpace.${kind}`, options, known);
  return options.name ?? autoName(kind.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

function* each<T>(values: readonly T[]): Generator<T> {
  yield* values;
}

/** The number of axes of one element. */
function rankOf(value: unknown): number {
  if (value instanceof Tensor) return value.ndim;
  if (ArrayBuffer.isView(value)) return 1;
  return Array.isArray(value) ? 1 + rankOf(value[0]) : 0;
}

/** Whether a layer learns from data, and has not been told what it would learn. */
function learns(layer: AnyLayer): boolean {
  if (layer instanceof Normalization) return layer.inputMean === null;
  if (layer instanceof Discretization) return layer.binBoundaries === null;
  if (layer instanceof IndexLookup) return layer.inputVocabulary === null;
  if (layer instanceof TextVectorization) return layer.getConfig()["vocabulary"] === null;
  return "adapt" in layer;
}

/** How many different whole numbers a layer gives; undefined where nobody knows. */
function categoriesOf(layer: AnyLayer): number | undefined {
  if (layer instanceof IndexLookup) return layer.vocabularySize();
  if (layer instanceof CategoryEncoding) return layer.numTokens;
  if (layer instanceof Discretization) return layer.numBins ?? layer.binBoundaries!.length + 1;
  return layer instanceof HashedCrossing || layer instanceof Hashing ? layer.numBins : undefined;
}
