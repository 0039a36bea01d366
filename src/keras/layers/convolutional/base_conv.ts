/** What convolutions of one, two and three dimensions share. */
import { show, type Tensor, ValueError } from "../../../engine/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Variable } from "../../backend/variable.ts";
import type * as constraints from "../../constraints/index.ts";
import type * as initializers from "../../initializers/index.ts";
import { conv } from "../../ops/nn_convolutions.ts";
import type { Padding, PerAxis } from "../../ops/window_arguments.ts";
import type * as regularizers from "../../regularizers/index.ts";
import type { Config } from "../../saving/config.ts";
import { positiveInteger } from "../../utils/argument_validation.ts";
import type { StoredChange } from "../layer_state.ts";
import { Lora, type LoraLayerOptions, type LoraOptions, loraOptionNames } from "../lora.ts";
import {
  type KernelOptions,
  readWeightOptions,
  weightActions,
  weightConfig,
  weightOptionNames,
} from "../weight_options.ts";
import { KernelLayer, type KernelLayerOptions } from "./kernel_layer.ts";

/** Options of convolutions. */
export interface ConvLayerOptions extends KernelLayerOptions, KernelOptions, LoraLayerOptions {
  /** Into how many parts channels and filters are cut; each part of the filters sees one part of the channels. Default 1. */
  readonly groups?: number;
}

const optionNames: readonly (keyof ConvLayerOptions)[] = [
  "groups",
  ...weightOptionNames("kernel"),
  ...loraOptionNames,
];

/** A convolution of any number of dimensions. */
export abstract class BaseConv extends KernelLayer {
  static override readonly positional: readonly string[] = ["filters", "kernelSize"];

  readonly filters: number;
  readonly groups: number;
  readonly kernelInitializer: initializers.InitializerFunction;
  readonly kernelRegularizer: regularizers.Regularizer | null;
  readonly kernelConstraint: constraints.Constraint | null;
  /** The trainable change of the kernel, if there is one. */
  lora: Lora;
  /** The weights; there once the layer is built. */
  kernel: Variable | undefined;

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
    [this.kernelInitializer, this.kernelRegularizer, this.kernelConstraint] = readWeightOptions(
      options,
      "kernel",
      "glorot_uniform",
    );
    this.lora = Lora.wanted(options);
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
      ...weightActions(this, "kernel"),
    });
    this.addBias(this.filters);
    if (this.lora.rank !== null) this.enableLora(this.lora.rank, { loraAlpha: this.lora.alpha });
  }

  override call(x: Tensor): Tensor {
    return this.finish(
      conv(x, this.effectiveKernel(), { ...this.windows, padding: this.padding as Padding }),
    );
  }

  /** The kernel with its trainable change, if it has one. */
  protected effectiveKernel(): Tensor {
    return this.lora.changed(this, this.kernel!);
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
    return this.outputShape(inputShape, this.filters, (n, axis) => this.windowsAlong(n, axis));
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
    return this.lora.stored(this.kernel);
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      filters: this.filters,
      groups: this.groups,
      ...weightConfig(this, "kernel"),
      ...this.lora.config(),
    };
  }
}
