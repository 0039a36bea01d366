/** The densely connected layer whose kernel is -1, 0 or 1. */
import { abs, matmul, show, stopGradient, type Tensor, ValueError } from "../../../engine/index.ts";
import * as activations from "../../activations/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Variable } from "../../backend/variable.ts";
import type * as constraints from "../../constraints/index.ts";
import type * as initializers from "../../initializers/index.ts";
import type { QuantizationMode } from "../../quantizers/quantization_config.ts";
import * as regularizers from "../../regularizers/index.ts";
import type { Config } from "../../saving/config.ts";
import { positiveInteger } from "../../utils/argument_validation.ts";
import { InputSpec } from "../input_spec.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import type { QuantizeOptions } from "../quantize_options.ts";
import {
  type BiasOptions,
  type KernelOptions,
  readWeightOptions,
  weightActions,
  weightConfig,
  weightOptionNames,
} from "../weight_options.ts";
import { checkMode, prepareQuantization } from "./quantization/quantization.ts";
import { TernaryKernel, ternaryOf } from "./quantization/quantized_kernel.ts";

/** Options of {@link TernaryDense}. */
export interface TernaryDenseOptions extends LayerOptions, KernelOptions, BiasOptions {
  /** Up to which magnitude numbers of the kernel count as 0. Default null: half of their mean magnitude. */
  readonly threshold?: number | null;
  /** The function that is applied to the output. Default none, which is `"linear"`. */
  readonly activation?: activations.ActivationIdentifier;
  /** Whether a bias is added. Default true. */
  readonly useBias?: boolean;
}

const optionNames: readonly (keyof TernaryDenseOptions)[] = [
  ...(["threshold", "activation", "useBias"] as const),
  ...weightOptionNames("kernel", "bias"),
];

const modes: readonly QuantizationMode[] = ["ternary"];

/**
 * A densely connected layer that computes with the signs of its kernel, and 0 where its magnitude is small (Li et al., 2016;
 * Ma et al., 2024): `activation(beta · x · ternary(kernel) + bias)`. Without a threshold `beta` is the mean magnitude of the
 * kernel, otherwise 1. Gradients go to the kernel as if it were used as it is.
 *
 * Input: `(batch, …, inputDim)`. Output: `(batch, …, units)`. Weights: `kernel` `(inputDim, units)`, `bias` `(units,)`.
 *
 * @throws ValueError unless `units` is a positive whole number and `threshold` is not negative
 *
 * @example
 * ```ts
 * const layer = new TernaryDense(1, { threshold: 0.5, useBias: false });
 * layer.build([null, 3]);
 * layer.setWeights([[[0.9], [-0.6], [0.1]]]);
 * layer([[10, 1, 100]]).arraySync(); // → [[9]]
 * ```
 */
export class TernaryDense extends Layer {
  static readonly className: string = "TernaryDense";
  static override readonly positional: readonly string[] = ["units"];
  readonly units: number;
  readonly threshold: number | null;
  readonly activation: activations.Activation;
  readonly useBias: boolean;
  readonly kernelInitializer: initializers.InitializerFunction;
  readonly biasInitializer: initializers.InitializerFunction;
  readonly kernelRegularizer: regularizers.Regularizer | null;
  readonly biasRegularizer: regularizers.Regularizer | null;
  readonly kernelConstraint: constraints.Constraint | null;
  readonly biasConstraint: constraints.Constraint | null;
  #quantized: TernaryKernel | undefined;
  /** The weights; there once the layer is built. That of a quantized layer has five numbers to a byte. */
  kernel: Variable | undefined;
  bias: Variable | undefined;

  /**
   * @param units the number of outputs
   * @param options `threshold` (default null: half of the kernel's mean magnitude), `activation` (default none), `useBias`
   *   (default true), `kernelInitializer` (default `"glorot_uniform"`), `biasInitializer` (default `"zeros"`),
   *   regularizers and constraints of kernel and bias, `activityRegularizer`, and those of every layer
   */
  constructor(units: number, options: TernaryDenseOptions = {}) {
    super(baseOptions("TernaryDense", options, optionNames));
    this.units = positiveInteger(units, "TernaryDense", "units");
    this.threshold = options.threshold ?? null;
    if (this.threshold !== null && !(typeof this.threshold === "number" && this.threshold >= 0)) {
      throw new ValueError(
        `TernaryDense: expected threshold to be a number that is not negative, or null. Received: threshold=${show(options.threshold)}`,
      );
    }
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
    this.inputSpec = new InputSpec({ minNdim: 2 });
    this.supportsMasking = true;
  }

  override build(inputShape: KerasShape): void {
    const inputDim = inputShape.at(-1) ?? null;
    const shape = [inputDim, this.units];
    if (this.quantizationMode !== null) {
      checkMode(this, this.quantizationMode, modes);
      this.#quantized = new TernaryKernel(this, shape as [number, number]);
    }
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
  }

  override call(x: Tensor): Tensor {
    const product = this.#quantized?.product(x) ?? this.#product(x);
    return this.activation(this.bias === undefined ? product : product.add(this.bias.value));
  }

  #product(x: Tensor): Tensor {
    const kernel = this.kernel!.value;
    const [ternary] = ternaryOf(kernel, this.threshold);
    // The ternary kernel on the way there, the kernel itself on the way back.
    const product = matmul(x, kernel.add(stopGradient(ternary.subtract(kernel))));
    return this.threshold === null ? product.multiply(abs(kernel).mean()) : product;
  }

  /**
   * Keeps of the kernel only what the layer computes with: -1, 0 and 1, five to a byte, and the scale. Results stay.
   *
   * @param mode `"ternary"`, which is the default
   * @param options `config`, `typeCheck` (default true: refuses subclasses)
   * @throws UnsupportedError for another mode and subclasses; StateError before the layer is built and when it is quantized
   *   already
   */
  override quantize(mode: string | null = "ternary", options: QuantizeOptions = {}): void {
    const candidate = { layer: this, Class: TernaryDense, modes, policy: this.ownPolicy };
    const isQuantized = this.#quantized !== undefined;
    const { policy } = prepareQuantization({ ...candidate, isQuantized }, mode, options);
    const weight = this.kernel!;
    const values = ternaryOf(weight.value, this.threshold);
    this.dtypePolicy = policy;
    this.#quantized = new TernaryKernel(this, weight.shape as [number, number]);
    this.#quantized.assign(...values);
    this.kernel = this.#quantized.kernel;
    this.forgetWeight(weight);
  }

  protected override get storedVariables(): readonly Variable[] {
    const own = super.storedVariables;
    if (this.#quantized === undefined || this.kernel === undefined) return own;
    return this.#quantized.stored(this.kernel, this.bias === undefined ? [] : [this.bias]);
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return [...inputShape.slice(0, -1), this.units];
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      units: this.units,
      threshold: this.threshold,
      activation: activations.serialize(this.activation),
      use_bias: this.useBias,
      ...weightConfig(this, "kernel", "bias"),
      activity_regularizer: this.activityRegularizer && regularizers.serialize(this.activityRegularizer),
    };
  }
}
