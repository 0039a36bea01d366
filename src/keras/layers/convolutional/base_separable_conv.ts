/** What separable convolutions of one and two dimensions share. */
import type { Tensor } from "../../../engine/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Variable } from "../../backend/variable.ts";
import type * as constraints from "../../constraints/index.ts";
import type * as initializers from "../../initializers/index.ts";
import { separableConv } from "../../ops/nn_convolutions.ts";
import type { Padding, PerAxis } from "../../ops/window_arguments.ts";
import type * as regularizers from "../../regularizers/index.ts";
import type { Config } from "../../saving/config.ts";
import { positiveInteger } from "../../utils/argument_validation.ts";
import { readWeightOptions, weightActions, weightConfig, weightOptionNames } from "../weight_options.ts";
import { KernelLayer, type KernelLayerOptions } from "./kernel_layer.ts";

/** Options of separable convolutions. */
export interface SeparableConvLayerOptions extends KernelLayerOptions {
  /**
   * `"valid"`: windows lie in the input; `"same"`: zeros around it, so that there are as many windows as `input /
   * strides`. Default `"valid"`.
   */
  readonly padding?: Padding;
  /** How many filters each channel has in the first, depthwise step. Default 1. */
  readonly depthMultiplier?: number;
  /** What the kernel over space begins with. Default `"glorot_uniform"`. */
  readonly depthwiseInitializer?: initializers.InitializerIdentifier;
  /** What the kernel over channels begins with. Default `"glorot_uniform"`. */
  readonly pointwiseInitializer?: initializers.InitializerIdentifier;
  /** A penalty on the kernel over space. Default none. */
  readonly depthwiseRegularizer?: regularizers.RegularizerLike | null;
  /** A penalty on the kernel over channels. Default none. */
  readonly pointwiseRegularizer?: regularizers.RegularizerLike | null;
  /** What the kernel over space is made to fulfil after each update. Default none. */
  readonly depthwiseConstraint?: constraints.ConstraintLike | null;
  /** What the kernel over channels is made to fulfil after each update. Default none. */
  readonly pointwiseConstraint?: constraints.ConstraintLike | null;
}

const optionNames: readonly (keyof SeparableConvLayerOptions)[] = [
  "depthMultiplier",
  ...weightOptionNames("depthwise", "pointwise"),
];

/** A separable convolution of any number of dimensions. */
export abstract class BaseSeparableConv extends KernelLayer {
  static override readonly positional: readonly string[] = ["filters", "kernelSize"];

  readonly filters: number;
  readonly depthMultiplier: number;
  readonly depthwiseInitializer: initializers.InitializerFunction;
  readonly pointwiseInitializer: initializers.InitializerFunction;
  readonly depthwiseRegularizer: regularizers.Regularizer | null;
  readonly pointwiseRegularizer: regularizers.Regularizer | null;
  readonly depthwiseConstraint: constraints.Constraint | null;
  readonly pointwiseConstraint: constraints.Constraint | null;
  /** The weights; there once the layer is built. */
  depthwiseKernel: Variable | undefined;
  pointwiseKernel: Variable | undefined;

  constructor(
    where: string,
    rank: number,
    filters: number,
    kernelSize: PerAxis,
    options: SeparableConvLayerOptions,
  ) {
    super(where, rank, kernelSize, options, optionNames);
    this.filters = positiveInteger(filters, where, "filters");
    this.depthMultiplier = positiveInteger(options.depthMultiplier ?? 1, where, "depthMultiplier");
    [this.depthwiseInitializer, this.depthwiseRegularizer, this.depthwiseConstraint] = readWeightOptions(
      options,
      "depthwise",
      "glorot_uniform",
    );
    [this.pointwiseInitializer, this.pointwiseRegularizer, this.pointwiseConstraint] = readWeightOptions(
      options,
      "pointwise",
      "glorot_uniform",
    );
  }

  override build(inputShape: KerasShape): void {
    const channels = this.fixChannels(inputShape);
    this.computeOutputShape(inputShape);
    this.depthwiseKernel = this.addWeight({
      name: "depthwise_kernel",
      shape: [...this.kernelSize, channels, this.depthMultiplier],
      ...weightActions(this, "depthwise"),
    });
    this.pointwiseKernel = this.addWeight({
      name: "pointwise_kernel",
      shape: [...this.kernelSize.map(() => 1), channels * this.depthMultiplier, this.filters],
      ...weightActions(this, "pointwise"),
    });
    this.addBias(this.filters);
  }

  override call(x: Tensor): Tensor {
    const options = { ...this.windows, padding: this.padding as Padding };
    return this.finish(separableConv(x, this.depthwiseKernel!, this.pointwiseKernel!, options));
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return this.outputShape(inputShape, this.filters, (n, axis) => this.windowsAlong(n, axis));
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      filters: this.filters,
      depth_multiplier: this.depthMultiplier,
      ...weightConfig(this, "depthwise", "pointwise"),
    };
  }
}
