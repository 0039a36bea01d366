/** The densely connected layer. */
import {
  add,
  customGradient,
  divide,
  matmul,
  multiply,
  show,
  type Tensor,
  ValueError,
} from "../../../engine/index.ts";
import * as activations from "../../activations/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Variable } from "../../backend/variable.ts";
import type * as constraints from "../../constraints/index.ts";
import type * as initializers from "../../initializers/index.ts";
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
import { Quantization, type QuantizationOptions } from "./quantization.ts";

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
  /** How the kernel is quantized, if the dtype policy says that it is. */
  quantization: Quantization;
  /** The weights; there once the layer is built. */
  kernel: Variable | undefined;
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
    this.quantization = Quantization.wanted(options);
    this.inputSpec = new InputSpec({ minNdim: 2 });
    this.supportsMasking = true;
  }

  override build(inputShape: KerasShape): void {
    const inputDim = inputShape.at(-1) ?? null;
    if (!this.#buildQuantized(inputDim)) {
      this.kernel = this.addWeight({
        name: "kernel",
        shape: [inputDim, this.units],
        ...weightActions(this, "kernel"),
      });
    }
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

  /** Makes the kernel in int8, if it is to be. */
  #buildQuantized(inputDim: number | null): boolean {
    const shape = [inputDim, this.units];
    const built = this.quantization.build(this, "kernel", shape, "kernel_scale", [this.units]);
    if (built !== undefined) [this.kernel, this.quantization] = built;
    return built !== undefined;
  }

  override call(x: Tensor): Tensor {
    const quantized = this.quantization.scale !== undefined;
    const product = quantized ? this.#quantizedProduct(x) : matmul(x, this.lora.changed(this, this.kernel!));
    return this.activation(this.bias === undefined ? product : add(product, this.bias));
  }

  /**
   * Freezes the kernel and trains a change of low rank in its place.
   *
   * @param rank of the change
   * @param options `loraAlpha` (default the rank), `aInitializer` (default `"he_uniform"`), `bInitializer` (default
   *   `"zeros"`)
   * @throws StateError before the layer is built and when it is done already; ValueError with a kernel constraint
   */
  enableLora(rank: number, options: LoraOptions = {}): void {
    this.lora = this.lora.enable(this, "kernel", this.kernel, rank, options);
  }

  #quantizedProduct(x: Tensor): Tensor {
    const { kernel, computeDtype } = this;
    const [values, scale] = [kernel!.value, this.quantization.scale!.value];
    const product = customGradient((x) => {
      const upstreamToX = (upstream: Tensor): Tensor =>
        matmul(upstream, divide(values.astype(computeDtype), scale).transpose());
      const { inputs } = this.quantization;
      if (inputs === null) return [divide(matmul(x, values.astype(computeDtype)), scale), upstreamToX];
      const [whole, inputScale] = inputs(x, -1);
      const sums = matmul(whole.astype("int32"), values.astype("int32")).astype(computeDtype);
      return [divide(sums, multiply(scale, inputScale)), upstreamToX];
    })(x);
    return this.lora.added(this, product, (factor) => matmul(x, factor));
  }

  /**
   * Makes the kernel int8 with a scale for each unit. Inputs are then quantized at each call, and products are summed in
   * int32. Gradients reach the inputs and the bias, not the kernel.
   *
   * @param mode `"int8"`
   * @param options `config` (default: by the largest magnitudes), `typeCheck` (default true: refuses subclasses)
   * @throws UnsupportedError for another mode; StateError before the layer is built and when it is quantized already
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
  override quantize(mode: string, options: QuantizeOptions = {}): void {
    const { weight, policy, quantization } = this.quantization.check(this, Dense, mode, this.kernel, options);
    const [values, scale] = quantization.quantize(weight.value, 0);
    this.forgetWeight(weight);
    this.dtypePolicy = policy;
    this.quantization = quantization;
    this.#buildQuantized(weight.shape[0]!);
    this.kernel!.assign(values);
    this.quantization.scale!.assign(scale.reshape(this.units));
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return [...inputShape.slice(0, -1), this.units];
  }

  protected override get storedVariables(): readonly Variable[] {
    return this.quantization.stored(super.storedVariables, this.kernel);
  }

  /** The first factor of the kernel's trainable change; undefined without LoRA. */
  get loraKernelA(): Variable | undefined {
    return this.lora.factors?.a;
  }

  /** The second factor. */
  get loraKernelB(): Variable | undefined {
    return this.lora.factors?.b;
  }

  protected override get storedChange(): StoredChange | undefined {
    const { kernel, quantization, computeDtype } = this;
    const { scale } = quantization;
    if (scale === undefined) return this.lora.stored(kernel);
    const floats = (): Tensor => divide(kernel!.value.astype(computeDtype), scale);
    return this.lora.storedQuantized(kernel!, scale, floats, (changed) => {
      const [values, wide] = quantization.quantize(changed, 0);
      return [values, wide.reshape(this.units)];
    });
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      units: this.units,
      activation: activations.serialize(this.activation),
      use_bias: this.useBias,
      ...weightConfig(this, "kernel", "bias"),
      quantization_config: this.quantization.toConfig(),
      ...this.lora.config(),
    };
  }
}
