/** What depthwise convolutions of one and two dimensions share. */
import type { Tensor } from "../../../engine/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Variable } from "../../backend/variable.ts";
import type * as constraints from "../../constraints/index.ts";
import type * as initializers from "../../initializers/index.ts";
import { depthwiseConv } from "../../ops/nn_convolutions.ts";
import type { Padding, PerAxis } from "../../ops/window_arguments.ts";
import type * as regularizers from "../../regularizers/index.ts";
import type { Config } from "../../saving/config.ts";
import { positiveInteger } from "../../utils/argument_validation.ts";
import { readWeightOptions, weightActions, weightConfig, weightOptionNames } from "../weight_options.ts";
import { KernelLayer, type KernelLayerOptions } from "./kernel_layer.ts";

/** Options of depthwise convolutions. */
export interface DepthwiseConvLayerOptions extends KernelLayerOptions {
  /**
   * `"valid"`: windows lie in the input; `"same"`: zeros around it, so that there are as many windows as `input /
   * strides`. Default `"valid"`.
   */
  readonly padding?: Padding;
  /** How many filters each channel has. Default 1. */
  readonly depthMultiplier?: number;
  /** What the kernel begins with. Default `"glorot_uniform"`. */
  readonly depthwiseInitializer?: initializers.InitializerIdentifier;
  /** A penalty on the kernel. Default none. */
  readonly depthwiseRegularizer?: regularizers.RegularizerLike | null;
  /** What the kernel is made to fulfil after each update. Default none. */
  readonly depthwiseConstraint?: constraints.ConstraintLike | null;
}

const optionNames: readonly (keyof DepthwiseConvLayerOptions)[] = [
  "depthMultiplier",
  ...weightOptionNames("depthwise"),
];

/** A depthwise convolution of any number of dimensions. */
export abstract class BaseDepthwiseConv extends KernelLayer {
  static override readonly positional: readonly string[] = ["kernelSize"];

  readonly depthMultiplier: number;
  readonly depthwiseInitializer: initializers.InitializerFunction;
  readonly depthwiseRegularizer: regularizers.Regularizer | null;
  readonly depthwiseConstraint: constraints.Constraint | null;
  /** The weights; there once the layer is built. */
  kernel: Variable | undefined;

  constructor(where: string, rank: number, kernelSize: PerAxis, options: DepthwiseConvLayerOptions) {
    super(where, rank, kernelSize, options, optionNames);
    this.depthMultiplier = positiveInteger(options.depthMultiplier ?? 1, where, "depthMultiplier");
    [this.depthwiseInitializer, this.depthwiseRegularizer, this.depthwiseConstraint] = readWeightOptions(
      options,
      "depthwise",
      "glorot_uniform",
    );
  }

  override build(inputShape: KerasShape): void {
    const channels = this.fixChannels(inputShape);
    this.computeOutputShape(inputShape);
    this.kernel = this.addWeight({
      name: "kernel",
      shape: [...this.kernelSize, channels, this.depthMultiplier],
      ...weightActions(this, "depthwise"),
    });
    this.addBias(channels * this.depthMultiplier);
  }

  override call(x: Tensor): Tensor {
    const padding = this.padding as Padding;
    return this.finish(depthwiseConv(x, this.kernel!, { ...this.windows, padding }));
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    const channels = inputShape.at(this.dataFormat === "channels_last" ? -1 : 1)!;
    const filters = channels * this.depthMultiplier;
    return this.outputShape(inputShape, filters, (n, axis) => this.windowsAlong(n, axis));
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      depth_multiplier: this.depthMultiplier,
      ...weightConfig(this, "depthwise"),
    };
  }
}
