/** The densely connected layer. */
import { add, matmul, show, type Tensor, ValueError } from "../../../engine/index.ts";
import * as activations from "../../activations/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Variable } from "../../backend/variable.ts";
import type * as constraints from "../../constraints/index.ts";
import type { DTypePolicy } from "../../dtype_policies/dtype_policy.ts";
import type * as initializers from "../../initializers/index.ts";
import type { CalibrationTarget } from "../../quantizers/calibration_target.ts";
import type { QuantizationConfig, QuantizationMode } from "../../quantizers/quantization_config.ts";
import type * as regularizers from "../../regularizers/index.ts";
import type { Config } from "../../saving/config.ts";
import { InputSpec } from "../input_spec.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import type { StoredChange } from "../layer_state.ts";
import { Lora, type LoraLayerOptions, type LoraOptions, loraOptionNames } from "../lora.ts";
import type { QuantizeOptions } from "../quantize_options.ts";
import {
  type BiasOptions,
  type KernelOptions,
  readWeightOptions,
  weightActions,
  weightConfig,
  weightOptionNames,
} from "../weight_options.ts";
import {
  checkMode,
  prepareQuantization,
  type QuantizationOptions,
  readQuantizationConfig,
  writeQuantizationConfig,
} from "./quantization/quantization.ts";
import {
  biasBeside,
  buildKernel,
  CalibratedKernel,
  checkLora,
  fillKernel,
  type KernelProduct,
  type QuantizedKernel,
} from "./quantization/quantized_kernel.ts";

/** Options of {@link Dense}. */
export interface DenseOptions
  extends LayerOptions,
    KernelOptions,
    BiasOptions,
    LoraLayerOptions,
    QuantizationOptions {
  /** The function that is applied to the output. Default none, which is `"linear"`. */
  readonly activation?: activations.ActivationIdentifier;
  /** Whether a bias is added. Default true. */
  readonly useBias?: boolean;
}

const optionNames: readonly (keyof DenseOptions)[] = [
  ...(["activation", "useBias", "quantizationConfig"] as const),
  ...weightOptionNames("kernel", "bias"),
  ...loraOptionNames,
];

const modes: readonly QuantizationMode[] = ["int8", "int4", "float8", "ternary", "gptq", "awq"];

/**
 * A densely connected layer: `activation(x · kernel + bias)`, over the last axis of the input.
 *
 * Input: `(batch, …, inputDim)`. Output: `(batch, …, units)`. Weights: `kernel` `(inputDim, units)`, `bias` `(units,)`.
 *
 * @throws ValueError unless `units` is a positive whole number
 *
 * @example
 * ```ts
 * const layer = new Dense(3, { activation: "relu", kernelInitializer: "ones" });
 * layer([[1, 2], [-1, -2]]).arraySync(); // → [[3, 3, 3], [0, 0, 0]]
 * ```
 */
export class Dense extends Layer {
  static readonly className: string = "Dense";
  static override readonly positional: readonly string[] = ["units"];

  readonly units: number;
  readonly activation: activations.Activation;
  readonly useBias: boolean;
  readonly kernelInitializer: initializers.InitializerFunction;
  readonly biasInitializer: initializers.InitializerFunction;
  readonly kernelRegularizer: regularizers.Regularizer | null;
  readonly biasRegularizer: regularizers.Regularizer | null;
  readonly kernelConstraint: constraints.Constraint | null;
  readonly biasConstraint: constraints.Constraint | null;
  /** The trainable change of the kernel, if there is one. */
  lora: Lora;
  /** How the kernel is quantized, if something else is said than the dtype policy says. */
  quantizationConfig: QuantizationConfig | null;
  #quantized: QuantizedKernel | undefined;
  #kernelShape: readonly number[] = [];
  /** The weights; there once the layer is built. That of a quantized layer has integers, several to a byte if they are narrow. */
  kernel: Variable | undefined;
  /** The bias; there once the layer is built, if it has one. */
  bias: Variable | undefined;

  /**
   * @param units the number of outputs
   * @param options `activation` (default none), `useBias` (default true), `kernelInitializer` (default
   *   `"glorot_uniform"`), `biasInitializer` (default `"zeros"`), regularizers and constraints of kernel and bias,
   *   `activityRegularizer`, `loraRank`, `loraAlpha`, `quantizationConfig`, and those of every layer
   */
  constructor(units: number, options: DenseOptions = {}) {
    super(baseOptions("Dense", options, optionNames));
    if (!(Number.isSafeInteger(units) && units > 0)) {
      throw new ValueError(
        `Dense: expected units to be a positive whole number. Received: units=${show(units)}`,
      );
    }
    this.units = units;
    this.activation = activations.get(options.activation);
    this.useBias = options.useBias ?? true;
    [this.kernelInitializer, this.kernelRegularizer, this.kernelConstraint] = readWeightOptions(
      options,
      "kernel",
      "glorot_uniform",
    );
    [this.biasInitializer, this.biasRegularizer, this.biasConstraint] = readWeightOptions(
      options,
      "bias",
      "zeros",
    );
    this.lora = Lora.wanted(options);
    this.quantizationConfig = readQuantizationConfig(options);
    this.inputSpec = new InputSpec({ minNdim: 2 });
    this.supportsMasking = true;
  }

  override build(inputShape: KerasShape): void {
    const inputDim = inputShape.at(-1) ?? null;
    const shape = [inputDim, this.units];
    this.#kernelShape = shape as number[];
    const mode = this.quantizationMode;
    if (mode !== null) this.#buildQuantized(mode);
    this.kernel =
      this.#quantized?.kernel ?? this.addWeight({ name: "kernel", shape, ...weightActions(this, "kernel") });
    if (this.useBias) {
      this.bias = this.addWeight({
        name: "bias",
        shape: [this.units],
        ...weightActions(this, "bias"),
      });
    }
    this.inputSpec = new InputSpec({ minNdim: 2, axes: { [-1]: inputDim } });
    if (this.lora.rank !== null) this.enableLora(this.lora.rank, { loraAlpha: this.lora.alpha });
  }

  /** Makes the variables of a quantized kernel. */
  #buildQuantized(mode: string, float?: Variable): QuantizedKernel {
    checkMode(this, mode, modes);
    const later = (): Variable => this.kernel!;
    const product = denseProduct(this, this.ownPolicy, this.#kernelShape);
    this.#quantized = buildKernel(mode, product, this.quantizationConfig, { now: float, later });
    return this.#quantized;
  }

  override call(x: Tensor, { training = false }: { readonly training?: boolean } = {}): Tensor {
    const quantized = this.#quantized;
    const product =
      quantized === undefined
        ? matmul(x, this.lora.changed(this, this.kernel!))
        : this.lora.added(this, quantized.product(x, training), (factor) => matmul(x, factor));
    if (this.bias === undefined) return this.activation(product);
    return this.activation(add(product, biasBeside(this.bias, this)));
  }

  /**
   * Freezes the kernel and trains a change of low rank in its place.
   *
   * @param rank of the change
   * @param options `loraAlpha` (default the rank), `aInitializer` (default `"he_uniform"`), `bInitializer` (default
   *   `"zeros"`)
   * @throws StateError before the layer is built and when it is done already; ValueError with a kernel constraint;
   *   UnsupportedError for a quantized kernel unless it is of int8 or int4
   */
  enableLora(rank: number, options: LoraOptions = {}): void {
    checkLora(this, this.quantizationMode);
    this.lora = this.lora.enable(this, "kernel", this.kernel, rank, options, this.#kernelShape);
  }

  /**
   * Makes the kernel narrow, so that it takes less memory.
   *
   * - `"int8"`: with a scale for each unit. Inputs are then quantized at each call, and products are summed in int32.
   * - `"int4"`: with a scale and a zero for each block of 128 numbers of a unit, or as an `Int4QuantizationConfig` says.
   * - `"ternary"`: -1, 0 and 1 with one scale.
   * - `"float8"`: the kernel stays as it is, but is trained and used as if it, its inputs and its gradients were of 8 bits.
   * - `"gptq"`, `"awq"`: makes room for what the model's `quantize` finds out; until then the layer computes as before.
   *
   * Gradients reach the inputs and the bias, not the kernel, but for `"float8"`.
   *
   * @param mode default: that of the config
   * @param options `config` (default: that of the mode), `typeCheck` (default true: refuses subclasses)
   * @throws ValueError for an unknown mode and where mode and config contradict; StateError before the layer is built and
   *   when it is quantized already; UnsupportedError for subclasses, and with LoRA unless for int8 and int4
   *
   * @example
   * ```ts
   * const layer = new Dense(1, { kernelInitializer: "ones" });
   * layer([[1, 2]]);
   * layer.quantize("int8");
   * layer.kernel?.dtype; // → "int8"
   * layer([[1, 2]]).item(); // → 3.008
   * ```
   */
  override quantize(mode?: string | null, options: QuantizeOptions = {}): void {
    const candidate = { layer: this, Class: Dense, modes, policy: this.ownPolicy };
    const isQuantized = this.#quantized !== undefined;
    const { config, policy } = prepareQuantization({ ...candidate, isQuantized }, mode, options);
    if (this.lora.factors !== undefined) checkLora(this, config.mode);
    const weight = this.kernel!;
    this.quantizationConfig = config;
    this.dtypePolicy = policy;
    const quantized = this.#buildQuantized(config.mode, weight);
    fillKernel(quantized, weight.value, config);
    this.kernel = quantized.kernel ?? weight;
    if (this.kernel !== weight) this.forgetWeight(weight);
  }

  /** The kernel that GPTQ or AWQ is to quantize; undefined where there is none. */
  get calibrationTarget(): CalibrationTarget | undefined {
    const quantized = this.#quantized;
    if (!(quantized instanceof CalibratedKernel && quantized.isFloat)) return undefined;
    return {
      matrix: () => quantized.matrix(),
      finish: (result) => {
        this.forgetWeight(quantized.finish(result));
        this.kernel = quantized.kernel;
      },
    };
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return [...inputShape.slice(0, -1), this.units];
  }

  protected override get storedVariables(): readonly Variable[] {
    const own = super.storedVariables;
    const { kernel, bias } = this;
    const quantized = this.#quantized;
    if (quantized === undefined || kernel === undefined) return own;
    return quantized.stored(kernel, bias === undefined ? [] : [bias]);
  }

  /** The first factor of the kernel's trainable change; undefined without LoRA. */
  get loraKernelA(): Variable | undefined {
    return this.lora.factors?.a;
  }

  /** The second factor. */
  get loraKernelB(): Variable | undefined {
    return this.lora.factors?.b;
  }

  /** The change lies in the kernel. */
  protected override get storedChange(): StoredChange | undefined {
    return this.lora.stored(this.kernel, this.#quantized);
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      units: this.units,
      activation: activations.serialize(this.activation),
      use_bias: this.useBias,
      ...weightConfig(this, "kernel", "bias"),
      quantization_config: writeQuantizationConfig(this.quantizationConfig),
      ...this.lora.config(),
    };
  }
}

/** The product of a dense layer with a kernel of a shape, for kernels that are quantized. */
function denseProduct(layer: Dense, policy: DTypePolicy, shape: readonly number[]): KernelProduct {
  const [rows, columns] = shape as readonly [number, number];
  return {
    ...{ layer, policy, shape, matrix: [rows, columns], zeroName: "kernel_zero" },
    calibratedMatrix: () => [rows, columns],
    apply: (x, kernel) => matmul(x, kernel),
    toInputs: (upstream, kernel) => matmul(upstream, kernel.transpose()),
    kernelAxes: [0],
    inputAxes: [-1],
    scaleShape: [columns],
    toOutput: (scale, from) => (from === "kernel" ? scale.reshape([columns]) : scale),
    toKernel: (scale) => scale,
  };
}
