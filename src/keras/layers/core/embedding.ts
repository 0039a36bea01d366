/** The embedding layer. */
import {
  isInteger,
  ShapeError,
  StateError,
  show,
  showShape,
  Tensor,
  type TensorLike,
  take,
  toTensor,
  ValueError,
} from "../../../engine/index.ts";
import type { KerasShape, ShapeTree } from "../../backend/keras_tensor.ts";
import type { Variable } from "../../backend/variable.ts";
import type * as constraints from "../../constraints/index.ts";
import type * as initializers from "../../initializers/index.ts";
import { notEqual } from "../../ops/index.ts";
import type { QuantizationConfig, QuantizationMode } from "../../quantizers/quantization_config.ts";
import * as regularizers from "../../regularizers/index.ts";
import type { Config } from "../../saving/config.ts";
import type { CallArguments, SymbolicInputs, Tensors } from "../call_inputs.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import type { StoredChange } from "../layer_state.ts";
import { Lora, type LoraLayerOptions, type LoraOptions, loraOptionNames } from "../lora.ts";
import type { QuantizeOptions } from "../quantize_options.ts";
import { readWeightOptions, weightActions, weightConfig, weightOptionNames } from "../weight_options.ts";
import {
  blockSizeOf,
  checkMode,
  prepareQuantization,
  type QuantizationOptions,
  readQuantizationConfig,
  writeQuantizationConfig,
} from "./quantization/quantization.ts";
import { type MatrixFormat, QuantizedMatrix, quantizeMatrix } from "./quantization/quantized_matrix.ts";

/** Options of {@link Embedding}. */
export interface EmbeddingOptions extends LayerOptions, LoraLayerOptions, QuantizationOptions {
  /** What the table begins with. Default `"uniform"`. */
  readonly embeddingsInitializer?: initializers.InitializerIdentifier;
  /** A penalty on the table. Default none. */
  readonly embeddingsRegularizer?: regularizers.RegularizerLike | null;
  /** What the table is made to fulfil after each update. Default none. */
  readonly embeddingsConstraint?: constraints.ConstraintLike | null;
  /** Whether the number 0 is padding, which is masked. Default false. */
  readonly maskZero?: boolean;
  /** The table to begin with; the layer is built then. */
  readonly weights?: TensorLike | readonly [Tensor] | null;
}

/** The names of the options of {@link Embedding} that not every layer has, but for `weights`. */
export const embeddingOptionNames: readonly (keyof EmbeddingOptions)[] = [
  ...weightOptionNames("embeddings"),
  ...(["maskZero", "quantizationConfig"] as const),
  ...loraOptionNames,
];

const modes: readonly QuantizationMode[] = ["int8", "int4"];

/** How a table of so many rows is kept in a mode. */
function tableFormat(mode: string, rows: number, columns: number, blockSize: number | null): MatrixFormat {
  const bits = mode === "int4" ? 4 : 8;
  return { rows, columns, bits, dtype: "int8", packedAxis: 1, axis: 1, blockSize };
}

/**
 * Turns whole numbers into vectors: number `n` becomes row `n` of a table that is learned.
 *
 * Input: whole numbers of any shape, from 0 to `inputDim - 1`. Output: that shape with an axis of `outputDim` more. Weight:
 * `embeddings` `(inputDim, outputDim)`. With `maskZero` the steps with 0 are masked for the layers behind.
 *
 * @throws ValueError unless both sizes are positive whole numbers
 *
 * @example
 * ```ts
 * const layer = new Embedding(3, 2, { embeddingsInitializer: "ones" });
 * layer([[0, 2]]).arraySync(); // → [[[1, 1], [1, 1]]]
 * ```
 */
export class Embedding extends Layer {
  static readonly className: string = "Embedding";
  static override readonly positional: readonly string[] = ["inputDim", "outputDim"];
  readonly inputDim: number;
  readonly outputDim: number;
  readonly embeddingsInitializer: initializers.InitializerFunction;
  readonly embeddingsRegularizer: regularizers.Regularizer | null;
  readonly embeddingsConstraint: constraints.Constraint | null;
  readonly maskZero: boolean;
  /** The trainable change of the table, if there is one. */
  lora: Lora;
  /** How the table is quantized, if something else is said than the dtype policy says. */
  quantizationConfig: QuantizationConfig | null;
  /** The table, if it is quantized. */
  protected quantized: QuantizedMatrix | undefined;
  /** The weights; there once the layer is built. */
  protected table: Variable | undefined;

  /**
   * @param inputDim how many numbers there are
   * @param outputDim the size of the vectors
   * @param options `embeddingsInitializer` (default `"uniform"`), `embeddingsRegularizer`, `embeddingsConstraint`,
   *   `maskZero` (default false), `weights` (the table to begin with), `loraRank`, `loraAlpha`, `quantizationConfig`, and those
   *   of every layer
   */
  constructor(inputDim: number, outputDim: number, options: EmbeddingOptions = {}) {
    super(baseOptions("Embedding", options, [...embeddingOptionNames, "weights"]));
    const check = (value: unknown, name: string): number => {
      if (Number.isSafeInteger(value) && (value as number) > 0) return value as number;
      throw new ValueError(
        `Embedding: expected ${name} to be a positive whole number. Received: ${name}=${show(value)}`,
      );
    };
    this.inputDim = check(inputDim, "inputDim");
    this.outputDim = check(outputDim, "outputDim");
    [this.embeddingsInitializer, this.embeddingsRegularizer, this.embeddingsConstraint] = readWeightOptions(
      options,
      "embeddings",
      "uniform",
    );
    this.maskZero = options.maskZero ?? false;
    this.supportsMasking = this.maskZero;
    this.autocast = false;
    this.lora = Lora.wanted(options);
    this.quantizationConfig = readQuantizationConfig(options);
    if (options.weights !== undefined && options.weights !== null) this.#begin(options.weights);
  }

  /** Builds the layer with a table, alone or in a list. */
  #begin(weights: TensorLike | readonly [Tensor]): void {
    const [only] = Array.isArray(weights) && weights[0] instanceof Tensor ? weights : [weights];
    const table = toTensor(only as TensorLike, this.variableDtype);
    const shape = [this.inputDim, this.outputDim];
    if (showShape(table.shape) !== showShape(shape)) {
      throw new ShapeError(
        `Embedding: expected weights of shape ${showShape(shape)}. Received shape ${showShape(table.shape)}`,
      );
    }
    if (this.quantizationMode !== null)
      throw new ValueError(
        "Embedding: weights are floats, but the dtype policy says that they are quantized.",
      );
    this.build([null]);
    this.table!.assign(table);
  }

  override build(_inputShape?: ShapeTree): void {
    const shape = [this.inputDim, this.outputDim];
    const mode = this.quantizationMode;
    if (mode !== null) this.buildQuantized(mode);
    this.table =
      this.quantized?.variables.values ??
      this.addWeight({ name: "embeddings", shape, ...weightActions(this, "embeddings") });
    if (this.lora.rank !== null) this.enableLora(this.lora.rank, { loraAlpha: this.lora.alpha });
  }

  /**
   * The table, with its trainable change if it has one.
   *
   * @throws StateError before the layer is built
   */
  get embeddings(): Tensor {
    if (this.table === undefined) throw new StateError(`embeddings: layer "${this.name}" is not built yet.`);
    if (this.quantized === undefined) return this.lora.changed(this, this.table);
    const table = this.quantized.floats().astype(this.computeDtype);
    return this.lora.added(this, table, (factor) => factor.value);
  }

  override call(inputs: Tensor, _options: CallArguments): Tensor {
    const numbers = isInteger(inputs.dtype) ? inputs : inputs.astype("int32");
    if (this.quantized !== undefined) {
      const rows = this.quantized.rows(numbers).astype(this.computeDtype);
      return this.lora.added(this, rows, (factor) => take(factor, numbers, 0));
    }
    return take(this.embeddings, numbers, 0).astype(this.computeDtype);
  }

  /** Makes the variables of a quantized table. */
  protected buildQuantized(mode: string): QuantizedMatrix {
    checkMode(this, mode, modes);
    const format = tableFormat(mode, this.inputDim, this.outputDim, this.blockSize);
    this.quantized = QuantizedMatrix.build(this, "embeddings", format, undefined, "int8");
    return this.quantized;
  }

  /** How many numbers of a vector share a scale; null for all. */
  protected get blockSize(): number | null {
    return this.quantizationMode === "int4" ? blockSizeOf(this.quantizationConfig, this.ownPolicy) : null;
  }

  /**
   * Makes the table int8 with a scale for each vector, or numbers of 4 bits with a scale and a zero for each block of 128
   * numbers of a vector, or as an `Int4QuantizationConfig` says.
   *
   * @param mode `"int8"` or `"int4"`. Default: that of the config.
   * @param options `config` (default: that of the mode), `typeCheck` (default true: refuses subclasses)
   * @throws ValueError for an unknown mode and where mode and config contradict; UnsupportedError for another mode and
   *   subclasses; StateError before the layer is built and when it is quantized already
   */
  override quantize(mode?: string | null, options: QuantizeOptions = {}): void {
    const candidate = { layer: this, Class: this.quantizableClass, modes, policy: this.ownPolicy };
    const isQuantized = this.quantized !== undefined;
    const { config, policy } = prepareQuantization({ ...candidate, isQuantized }, mode, options);
    const weight = this.table!;
    this.quantizationConfig = config;
    this.dtypePolicy = policy;
    const quantized = this.buildQuantized(config.mode);
    quantized.assign(quantizeMatrix(weight.value, quantized.format, config.weightQuantizer));
    this.table = quantized.variables.values;
    this.forgetWeight(weight);
  }

  /** The class that knows how to quantize. */
  protected get quantizableClass(): unknown {
    return Embedding;
  }

  override computeMask(inputs: Tensors | SymbolicInputs): Tensor | null {
    return this.maskZero ? notEqual(inputs as Tensor, 0) : null;
  }

  /**
   * Freezes the table and trains a change of low rank in its place.
   *
   * @param rank of the change
   * @param options `loraAlpha` (default the rank), `aInitializer` (default `"he_uniform"`), `bInitializer` (default
   *   `"zeros"`)
   * @throws StateError before the layer is built and when it is done already; ValueError with a constraint
   */
  enableLora(rank: number, options: LoraOptions = {}): void {
    const shape = [this.inputDim, this.outputDim];
    this.lora = this.lora.enable(this, "embeddings", this.table, rank, options, shape);
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return [...inputShape, this.outputDim];
  }

  protected override get storedVariables(): readonly Variable[] {
    return this.quantized?.all ?? super.storedVariables;
  }

  /** The first factor of the embeddings' trainable change; undefined without LoRA. */
  get loraEmbeddingsA(): Variable | undefined {
    return this.lora.factors?.a;
  }

  /** The second factor. */
  get loraEmbeddingsB(): Variable | undefined {
    return this.lora.factors?.b;
  }

  /** The change lies in the table. */
  protected override get storedChange(): StoredChange | undefined {
    return this.lora.stored(this.table, this.quantized);
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      input_dim: this.inputDim,
      output_dim: this.outputDim,
      ...weightConfig(this, "embeddings"),
      activity_regularizer: this.activityRegularizer && regularizers.serialize(this.activityRegularizer),
      mask_zero: this.maskZero,
      quantization_config: writeQuantizationConfig(this.quantizationConfig),
      ...this.lora.config(),
    };
  }
}
