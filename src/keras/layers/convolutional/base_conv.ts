/** What convolutions of one, two and three dimensions share. */
import { matmul, StateError, show, type Tensor, ValueError } from "../../../engine/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Variable } from "../../backend/variable.ts";
import * as constraints from "../../constraints/index.ts";
import * as initializers from "../../initializers/index.ts";
import { conv } from "../../ops/nn_convolutions.ts";
import type { Padding, PerAxis } from "../../ops/window_arguments.ts";
import * as regularizers from "../../regularizers/index.ts";
import type { Config } from "../../saving/config.ts";
import { positiveInteger } from "../../utils/argument_validation.ts";
import type { LoraOptions } from "../core/dense.ts";
import { KernelLayer, type KernelLayerOptions } from "./kernel_layer.ts";

/** Options of convolutions. */
export interface ConvLayerOptions extends KernelLayerOptions {
  /** Into how many parts channels and filters are cut; each part of the filters sees one part of the channels. Default 1. */
  readonly groups?: number;
  /** Default `"glorot_uniform"`. */
  readonly kernelInitializer?: initializers.InitializerIdentifier;
  readonly kernelRegularizer?: regularizers.RegularizerLike | null;
  readonly kernelConstraint?: constraints.ConstraintLike | null;
  /** The rank of a trainable change to the kernel, which itself is frozen (LoRA). */
  readonly loraRank?: number | null;
  /** The change is scaled by `loraAlpha / loraRank`. Default: the rank. */
  readonly loraAlpha?: number | null;
}

const optionNames: readonly (keyof ConvLayerOptions)[] = [
  ...([
    "groups",
    "kernelInitializer",
    "kernelRegularizer",
    "kernelConstraint",
    "loraRank",
    "loraAlpha",
  ] as const),
];

/** A convolution of any number of dimensions. */
export abstract class BaseConv extends KernelLayer {
  static override readonly positional: readonly string[] = ["filters", "kernelSize"];

  readonly filters: number;
  readonly groups: number;
  readonly kernelInitializer: initializers.InitializerFunction;
  readonly kernelRegularizer: regularizers.Regularizer | null;
  readonly kernelConstraint: constraints.Constraint | null;
  loraRank: number | null;
  loraAlpha: number | null;
  /** The weights; there once the layer is built. */
  kernel: Variable | undefined;
  loraKernelA: Variable | undefined;
  loraKernelB: Variable | undefined;

  constructor(where: string, rank: number, filters: number, kernelSize: PerAxis, options: ConvLayerOptions) {
    super(where, rank, kernelSize, options, optionNames);
    this.filters = positiveInteger(filters, where, "filters");
    this.groups = positiveInteger(options.groups ?? 1, where, "groups");
    if (this.filters % this.groups !== 0) {
      throw new ValueError(
        `${where}: expected filters to be a multiple of groups. Received: filters=${filters}, groups=${show(options.groups)}`,
      );
    }
    this.refuseStridedDilation(where);
    this.kernelInitializer = initializers.get(options.kernelInitializer ?? "glorot_uniform");
    this.kernelRegularizer = regularizers.get(options.kernelRegularizer);
    this.kernelConstraint = constraints.get(options.kernelConstraint);
    this.loraRank = options.loraRank ?? null;
    this.loraAlpha = options.loraAlpha ?? this.loraRank;
  }

  override build(inputShape: KerasShape): void {
    const channels = this.fixChannels(inputShape);
    if (channels % this.groups !== 0) {
      throw new ValueError(
        `Layer "${this.name}": expected a number of channels that is a multiple of groups=${this.groups}. ` +
          `Received: ${channels} channels`,
      );
    }
    // Windows that do not fit are found out before there are weights.
    this.computeOutputShape(inputShape);
    this.kernel = this.addWeight({
      name: "kernel",
      shape: [...this.kernelSize, channels / this.groups, this.filters],
      initializer: this.kernelInitializer,
      regularizer: this.kernelRegularizer,
      constraint: this.kernelConstraint,
    });
    this.addBias(this.filters);
    if (this.loraRank !== null) this.enableLora(this.loraRank, { loraAlpha: this.loraAlpha });
  }

  override call(x: Tensor): Tensor {
    return this.finish(
      conv(x, this.effectiveKernel(), { ...this.windows, padding: this.padding as Padding }),
    );
  }

  /** The kernel with its trainable change, if it has one. */
  protected effectiveKernel(): Tensor {
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
      shape: [...this.kernel.shape.slice(0, -1), rank],
      initializer: options.aInitializer ?? "he_uniform",
      dtype: "float32",
      regularizer,
    });
    this.loraKernelB = this.addWeight({
      name: "lora_kernel_b",
      shape: [rank, this.filters],
      initializer: options.bInitializer ?? "zeros",
      dtype: "float32",
      regularizer,
    });
    this.kernel.trainable = false;
    this.loraRank = rank;
    this.loraAlpha = options.loraAlpha ?? rank;
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return this.outputShape(inputShape, this.filters, (n, axis) => this.windowsAlong(n, axis));
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      filters: this.filters,
      groups: this.groups,
      kernel_initializer: initializers.serialize(this.kernelInitializer as initializers.Initializer),
      kernel_regularizer: this.kernelRegularizer && regularizers.serialize(this.kernelRegularizer),
      kernel_constraint: this.kernelConstraint && constraints.serialize(this.kernelConstraint),
      ...(this.loraRank !== null && { lora_rank: this.loraRank, lora_alpha: this.loraAlpha }),
    };
  }
}
