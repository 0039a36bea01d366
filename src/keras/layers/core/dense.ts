/** The densely connected layer. */
import { add, matmul, show, type Tensor, UnsupportedError, ValueError } from "../../../engine/index.ts";
import * as activations from "../../activations/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Variable } from "../../backend/variable.ts";
import type * as constraints from "../../constraints/index.ts";
import type * as initializers from "../../initializers/index.ts";
import type * as regularizers from "../../regularizers/index.ts";
import type { Config } from "../../saving/config.ts";
import { InputSpec } from "../input_spec.ts";
import { Layer, type LayerClass } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { Lora, type LoraLayerOptions, type LoraOptions, loraOptionNames } from "../lora.ts";
import {
  type BiasOptions,
  type KernelOptions,
  readWeightOptions,
  weightActions,
  weightConfig,
  weightOptionNames,
} from "../weight_options.ts";
import { refuseQuantized } from "./quantization.ts";

/** Options of {@link Dense}. */
export interface DenseOptions extends LayerOptions, KernelOptions, BiasOptions, LoraLayerOptions {
  /** Default none, which is `"linear"`. */
  readonly activation?: activations.ActivationIdentifier;
  /** Whether a bias is added. Default true. */
  readonly useBias?: boolean;
}

const optionNames: readonly (keyof DenseOptions)[] = [
  ...(["activation", "useBias"] as const),
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
  /** The weights; there once the layer is built. */
  kernel: Variable | undefined;
  bias: Variable | undefined;

  /**
   * @param units the number of outputs
   * @param options `activation` (default none), `useBias` (default true), `kernelInitializer` (default
   *   `"glorot_uniform"`), `biasInitializer` (default `"zeros"`), regularizers and constraints of kernel and bias,
   *   `activityRegularizer`, `loraRank`, `loraAlpha`, and those of every layer
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
    this.inputSpec = new InputSpec({ minNdim: 2 });
    this.supportsMasking = true;
  }

  override build(inputShape: KerasShape): void {
    refuseQuantized(this);
    const inputDim = inputShape.at(-1) ?? null;
    this.kernel = this.addWeight({
      name: "kernel",
      shape: [inputDim, this.units],
      ...weightActions(this, "kernel"),
    });
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

  override call(x: Tensor): Tensor {
    const product = matmul(x, this.lora.changed(this, this.kernel!));
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

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return [...inputShape.slice(0, -1), this.units];
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      units: this.units,
      activation: activations.serialize(this.activation),
      use_bias: this.useBias,
      ...weightConfig(this, "kernel", "bias"),
      quantization_config: null,
      ...this.lora.config(),
    };
  }

  static override fromConfig<T>(this: LayerClass<T>, config: Config): T {
    const { quantization_config: quantization = null, ...rest } = config;
    if (quantization !== null) throw new UnsupportedError("Dense: quantized layers are not supported.");
    return Layer.fromConfig.call(this, rest) as T;
  }
}
