/** What transposed convolutions of one, two and three dimensions share. */
import { show, type Tensor, ValueError } from "../../../engine/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Variable } from "../../backend/variable.ts";
import type * as constraints from "../../constraints/index.ts";
import type * as initializers from "../../initializers/index.ts";
import { convTranspose } from "../../ops/nn_convolutions.ts";
import { type Padding, type PerAxis, perAxis, spanOf, transposedSides } from "../../ops/window_arguments.ts";
import type * as regularizers from "../../regularizers/index.ts";
import type { Config } from "../../saving/config.ts";
import { positiveInteger } from "../../utils/argument_validation.ts";
import {
  type KernelOptions,
  readWeightOptions,
  weightActions,
  weightConfig,
  weightOptionNames,
} from "../weight_options.ts";
import { KernelLayer, type KernelLayerOptions } from "./kernel_layer.ts";

/** Options of transposed convolutions. */
export interface ConvTransposeLayerOptions extends KernelLayerOptions, KernelOptions {
  /**
   * `"valid"`: every window lies in the output; `"same"`: the output has `strides` times the size of the input.
   * Default `"valid"`.
   */
  readonly padding?: Padding;
  /** Elements more at the end of each axis, fewer than its stride. Default none: the size becomes `n·stride` for `"same"`. */
  readonly outputPadding?: PerAxis | null;
}

const optionNames: readonly (keyof ConvTransposeLayerOptions)[] = [
  "outputPadding",
  ...weightOptionNames("kernel"),
];

/** A transposed convolution of any number of dimensions. */
export abstract class BaseConvTranspose extends KernelLayer {
  static override readonly positional: readonly string[] = ["filters", "kernelSize"];

  readonly filters: number;
  readonly outputPadding: readonly number[] | null;
  readonly kernelInitializer: initializers.InitializerFunction;
  readonly kernelRegularizer: regularizers.Regularizer | null;
  readonly kernelConstraint: constraints.Constraint | null;
  /** The weights; there once the layer is built. */
  kernel: Variable | undefined;

  constructor(
    where: string,
    rank: number,
    filters: number,
    kernelSize: PerAxis,
    options: ConvTransposeLayerOptions,
  ) {
    super(where, rank, kernelSize, options, optionNames);
    this.filters = positiveInteger(filters, where, "filters");
    this.refuseStridedDilation(where);
    const { outputPadding = null } = options;
    this.outputPadding =
      outputPadding === null ? null : perAxis(outputPadding, rank, where, "outputPadding", 0);
    if (this.outputPadding?.some((more, d) => more >= this.strides[d]!)) {
      throw new ValueError(
        `${where}: expected outputPadding to be smaller than strides along each axis. ` +
          `Received: outputPadding=${show(outputPadding)}, strides=${show(this.strides)}`,
      );
    }
    [this.kernelInitializer, this.kernelRegularizer, this.kernelConstraint] = readWeightOptions(
      options,
      "kernel",
      "glorot_uniform",
    );
  }

  override build(inputShape: KerasShape): void {
    const channels = this.fixChannels(inputShape);
    this.kernel = this.addWeight({
      name: "kernel",
      shape: [...this.kernelSize, this.filters, channels],
      ...weightActions(this, "kernel"),
    });
    this.addBias(this.filters);
  }

  override call(x: Tensor): Tensor {
    const { outputPadding } = this;
    const padding = this.padding as Padding;
    return this.finish(convTranspose(x, this.kernel!, { ...this.windows, padding, outputPadding }));
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return this.outputShape(inputShape, this.filters, (n, d) => {
      if (n === null) return null;
      const [k, s, dilation] = [this.kernelSize[d]!, this.strides[d]!, this.dilationRate[d]!];
      const more = this.outputPadding?.[d] ?? null;
      const [low, high] = transposedSides(k, s, dilation, this.padding as Padding, more);
      return (n - 1) * s + 1 + low + high - spanOf(k, dilation) + 1;
    });
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      filters: this.filters,
      output_padding: this.outputPadding,
      ...weightConfig(this, "kernel"),
    };
  }
}
