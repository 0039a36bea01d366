/** The densely connected layer. */
import {
  add,
  matmul,
  StateError,
  show,
  type Tensor,
  UnsupportedError,
  ValueError,
} from "../../../engine/index.ts";
import * as activations from "../../activations/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Variable } from "../../backend/variable.ts";
import * as constraints from "../../constraints/index.ts";
import * as initializers from "../../initializers/index.ts";
import * as regularizers from "../../regularizers/index.ts";
import type { Config } from "../../saving/config.ts";
import { InputSpec } from "../input_spec.ts";
import { Layer, type LayerClass } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { refuseQuantized } from "./quantization.ts";

/** Options of {@link Dense}. */
export interface DenseOptions extends LayerOptions {
  /** Default none, which is `"linear"`. */
  readonly activation?: activations.ActivationIdentifier;
  /** Whether a bias is added. Default true. */
  readonly useBias?: boolean;
  /** Default `"glorot_uniform"`. */
  readonly kernelInitializer?: initializers.InitializerIdentifier;
  /** Default `"zeros"`. */
  readonly biasInitializer?: initializers.InitializerIdentifier;
  readonly kernelRegularizer?: regularizers.RegularizerLike | null;
  readonly biasRegularizer?: regularizers.RegularizerLike | null;
  readonly kernelConstraint?: constraints.ConstraintLike | null;
  readonly biasConstraint?: constraints.ConstraintLike | null;
  /** The rank of a trainable change to the kernel, which itself is frozen (LoRA). */
  readonly loraRank?: number | null;
  /** The change is scaled by `loraAlpha / loraRank`. Default: the rank. */
  readonly loraAlpha?: number | null;
}

const optionNames: readonly (keyof DenseOptions)[] = [
  ...(["activation", "useBias", "kernelInitializer", "biasInitializer", "kernelRegularizer"] as const),
  ...(["biasRegularizer", "kernelConstraint", "biasConstraint", "loraRank", "loraAlpha"] as const),
];

/** Options of `enableLora`. */
export interface LoraOptions {
  /** Default: the rank. */
  readonly loraAlpha?: number | null;
  /** Default `"he_uniform"`. */
  readonly aInitializer?: initializers.InitializerIdentifier;
  /** Default `"zeros"`. */
  readonly bInitializer?: initializers.InitializerIdentifier;
}

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
  loraRank: number | null;
  loraAlpha: number | null;
  /** The weights; there once the layer is built. */
  kernel: Variable | undefined;
  bias: Variable | undefined;
  loraKernelA: Variable | undefined;
  loraKernelB: Variable | undefined;

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
    this.kernelInitializer = initializers.get(options.kernelInitializer ?? "glorot_uniform");
    this.biasInitializer = initializers.get(options.biasInitializer ?? "zeros");
    this.kernelRegularizer = regularizers.get(options.kernelRegularizer);
    this.biasRegularizer = regularizers.get(options.biasRegularizer);
    this.kernelConstraint = constraints.get(options.kernelConstraint);
    this.biasConstraint = constraints.get(options.biasConstraint);
    this.loraRank = options.loraRank ?? null;
    this.loraAlpha = options.loraAlpha ?? this.loraRank;
    this.inputSpec = new InputSpec({ minNdim: 2 });
    this.supportsMasking = true;
  }

  override build(inputShape: KerasShape): void {
    refuseQuantized(this);
    const inputDim = inputShape.at(-1) ?? null;
    this.kernel = this.addWeight({
      name: "kernel",
      shape: [inputDim, this.units],
      initializer: this.kernelInitializer,
      regularizer: this.kernelRegularizer,
      constraint: this.kernelConstraint,
    });
    if (this.useBias) {
      this.bias = this.addWeight({
        name: "bias",
        shape: [this.units],
        initializer: this.biasInitializer,
        regularizer: this.biasRegularizer,
        constraint: this.biasConstraint,
      });
    }
    this.inputSpec = new InputSpec({ minNdim: 2, axes: { [-1]: inputDim } });
    if (this.loraRank !== null) this.enableLora(this.loraRank, { loraAlpha: this.loraAlpha });
  }

  override call(x: Tensor): Tensor {
    const product = matmul(x, this.#effectiveKernel());
    return this.activation(this.bias === undefined ? product : add(product, this.bias));
  }

  #effectiveKernel(): Tensor {
    const kernel = this.kernel!.value;
    if (this.loraKernelA === undefined || this.loraKernelB === undefined) return kernel;
    const change = matmul(this.loraKernelA, this.loraKernelB).multiply(this.loraAlpha! / this.loraRank!);
    return kernel.add(change).astype(this.computeDtype);
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
    if (this.kernelConstraint !== null) {
      throw new ValueError(
        `enableLora: layer "${this.name}" has a kernelConstraint, which does not go together with LoRA.`,
      );
    }
    if (this.kernel === undefined) throw new StateError(`enableLora: layer "${this.name}" is not built yet.`);
    if (this.loraKernelA !== undefined)
      throw new StateError(`enableLora: layer "${this.name}" has LoRA already.`);
    const regularizer = this.kernelRegularizer;
    this.loraKernelA = this.addWeight({
      name: "lora_kernel_a",
      shape: [this.kernel.shape[0], rank],
      initializer: options.aInitializer ?? "he_uniform",
      dtype: "float32",
      regularizer,
    });
    this.loraKernelB = this.addWeight({
      name: "lora_kernel_b",
      shape: [rank, this.units],
      initializer: options.bInitializer ?? "zeros",
      dtype: "float32",
      regularizer,
    });
    this.kernel.trainable = false;
    this.loraRank = rank;
    this.loraAlpha = options.loraAlpha ?? rank;
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
      kernel_initializer: initializers.serialize(this.kernelInitializer as initializers.Initializer),
      bias_initializer: initializers.serialize(this.biasInitializer as initializers.Initializer),
      kernel_regularizer: this.kernelRegularizer && regularizers.serialize(this.kernelRegularizer),
      bias_regularizer: this.biasRegularizer && regularizers.serialize(this.biasRegularizer),
      kernel_constraint: this.kernelConstraint && constraints.serialize(this.kernelConstraint),
      bias_constraint: this.biasConstraint && constraints.serialize(this.biasConstraint),
      quantization_config: null,
      ...(this.loraRank !== null && { lora_rank: this.loraRank, lora_alpha: this.loraAlpha }),
    };
  }

  static override fromConfig<T>(this: LayerClass<T>, config: Config): T {
    const { quantization_config: quantization = null, ...rest } = config;
    if (quantization !== null) throw new UnsupportedError("Dense: quantized layers are not supported.");
    return Layer.fromConfig.call(this, rest) as T;
  }
}
