/** The embedding layer. */
import {
  divide,
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
import * as regularizers from "../../regularizers/index.ts";
import type { Config } from "../../saving/config.ts";
import type { CallArguments, SymbolicInputs, Tensors } from "../call_inputs.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import type { StoredChange } from "../layer_state.ts";
import { Lora, type LoraLayerOptions, type LoraOptions, loraOptionNames } from "../lora.ts";
import type { QuantizeOptions } from "../quantize_options.ts";
import { readWeightOptions, weightActions, weightConfig, weightOptionNames } from "../weight_options.ts";
import { Quantization, type QuantizationOptions } from "./quantization.ts";

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
  /** How the table is quantized, if the dtype policy says that it is. */
  quantization: Quantization;
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
    this.quantization = Quantization.wanted(options);
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
    if (!this.#buildQuantized()) {
      this.table = this.addWeight({
        name: "embeddings",
        shape: [this.inputDim, this.outputDim],
        ...weightActions(this, "embeddings"),
      });
    }
    if (this.lora.rank !== null) this.enableLora(this.lora.rank, { loraAlpha: this.lora.alpha });
  }

  /**
   * The table, with its trainable change if it has one.
   *
   * @throws StateError before the layer is built
   */
  get embeddings(): Tensor {
    if (this.table === undefined) throw new StateError(`embeddings: layer "${this.name}" is not built yet.`);
    const { scale } = this.quantization;
    if (scale === undefined) return this.lora.changed(this, this.table);
    const table = this.#floats(this.table.value, scale.value);
    return this.lora.added(this, table, (factor) => factor.value);
  }

  override call(inputs: Tensor, _options: CallArguments): Tensor {
    const numbers = isInteger(inputs.dtype) ? inputs : inputs.astype("int32");
    const { scale } = this.quantization;
    if (scale !== undefined) {
      const rows = this.#floats(take(this.table!, numbers, 0), take(scale, numbers, 0));
      return this.lora.added(this, rows, (factor) => take(factor, numbers, 0));
    }
    return take(this.embeddings, numbers, 0).astype(this.computeDtype);
  }

  /** Rows of int8, each with its scale, as floats. */
  #floats(rows: Tensor, scale: Tensor): Tensor {
    return divide(rows.astype(this.computeDtype), scale.reshape([...scale.shape, 1]));
  }

  /** Makes the table in int8, if it is to be. */
  #buildQuantized(): boolean {
    const shape = [this.inputDim, this.outputDim];
    const built = this.quantization.build(this, "embeddings", shape, "embeddings_scale", [this.inputDim]);
    if (built !== undefined) [this.table, this.quantization] = built;
    return built !== undefined;
  }

  /**
   * Makes the table int8 with a scale for each vector.
   *
   * @param mode `"int8"`
   * @param options `config` (default: by the largest magnitudes), `typeCheck` (default true: refuses subclasses)
   * @throws UnsupportedError for another mode; StateError before the layer is built and when it is quantized already
   */
  override quantize(mode: string, options: QuantizeOptions = {}): void {
    const { weight, policy, quantization } = this.quantization.check(
      this,
      Embedding,
      mode,
      this.table,
      options,
    );
    const [values, scale] = quantization.quantize(weight.value, -1);
    this.forgetWeight(weight);
    this.dtypePolicy = policy;
    this.quantization = quantization;
    this.#buildQuantized();
    this.table!.assign(values);
    this.quantization.scale!.assign(scale.reshape(this.inputDim));
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
    this.lora = this.lora.enable(this, "embeddings", this.table, rank, options);
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return [...inputShape, this.outputDim];
  }

  protected override get storedVariables(): readonly Variable[] {
    return this.quantization.stored(super.storedVariables, this.table);
  }

  /** The first factor of the embeddings' trainable change; undefined without LoRA. */
  get loraEmbeddingsA(): Variable | undefined {
    return this.lora.factors?.a;
  }

  /** The second factor. */
  get loraEmbeddingsB(): Variable | undefined {
    return this.lora.factors?.b;
  }

  protected override get storedChange(): StoredChange | undefined {
    const { table, quantization } = this;
    const { scale } = quantization;
    if (scale === undefined) return this.lora.stored(table);
    const floats = (): Tensor => this.#floats(table!.value, scale.value);
    return this.lora.storedQuantized(table!, scale, floats, (changed) => {
      const [values, wide] = quantization.quantize(changed, -1);
      return [values, wide.reshape(this.inputDim)];
    });
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      input_dim: this.inputDim,
      output_dim: this.outputDim,
      ...weightConfig(this, "embeddings"),
      activity_regularizer: this.activityRegularizer && regularizers.serialize(this.activityRegularizer),
      mask_zero: this.maskZero,
      quantization_config: this.quantization.toConfig(),
      ...this.lora.config(),
    };
  }
}
