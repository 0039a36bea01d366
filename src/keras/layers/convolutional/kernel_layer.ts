/** What all convolutional layers share: windows, bias and activation. */
import { ShapeError, show, showShape, type Tensor, ValueError } from "../../../engine/index.ts";
import * as activations from "../../activations/index.ts";
import { type DataFormat, standardizeDataFormat } from "../../backend/data_format.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Variable } from "../../backend/variable.ts";
import type * as constraints from "../../constraints/index.ts";
import type * as initializers from "../../initializers/index.ts";
import {
  checkPadding,
  type Padding,
  type PerAxis,
  perAxis,
  windowsAlong,
} from "../../ops/window_arguments.ts";
import * as regularizers from "../../regularizers/index.ts";
import type { Config } from "../../saving/config.ts";
import { InputSpec } from "../input_spec.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import {
  type BiasOptions,
  readWeightOptions,
  weightActions,
  weightConfig,
  weightOptionNames,
} from "../weight_options.ts";

/** Options of all convolutional layers. */
export interface KernelLayerOptions extends LayerOptions, BiasOptions {
  /** Steps between windows. Default 1. */
  readonly strides?: PerAxis;
  /** `"valid"` (default) or `"same"`; for `Conv1D` also `"causal"`. */
  readonly padding?: Padding | "causal";
  /** `"channels_last"` (default) or `"channels_first"`. */
  readonly dataFormat?: DataFormat | null;
  /** Steps between the elements of a window. Default 1. */
  readonly dilationRate?: PerAxis;
  /** The function that is applied to the output. Default none, which is `"linear"`. */
  readonly activation?: activations.ActivationIdentifier;
  /** Whether a bias is added. Default true. */
  readonly useBias?: boolean;
}

/** The names of the options of all convolutional layers. */
export const kernelLayerOptionNames: readonly (keyof KernelLayerOptions)[] = [
  ...(["strides", "padding", "dataFormat", "dilationRate", "activation", "useBias"] as const),
  ...weightOptionNames("bias"),
];

/** A layer with windows, a bias and an activation. */
export abstract class KernelLayer extends Layer {
  /** The number of axes of space. */
  readonly rank: number;
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: Padding | "causal";
  readonly dataFormat: DataFormat;
  readonly dilationRate: readonly number[];
  readonly activation: activations.Activation;
  readonly useBias: boolean;
  readonly biasInitializer: initializers.InitializerFunction;
  readonly biasRegularizer: regularizers.Regularizer | null;
  readonly biasConstraint: constraints.Constraint | null;
  /** There once the layer is built. */
  bias: Variable | undefined;

  /**
   * @param where the class
   * @param own the names of the options that only this class has
   */
  constructor(
    where: string,
    rank: number,
    kernelSize: PerAxis,
    options: KernelLayerOptions,
    own: readonly string[],
  ) {
    super(baseOptions(where, options, [...own, ...kernelLayerOptionNames]));
    this.rank = rank;
    this.kernelSize = perAxis(kernelSize, rank, where, "kernelSize");
    this.strides = perAxis(options.strides ?? 1, rank, where, "strides");
    this.dilationRate = perAxis(options.dilationRate ?? 1, rank, where, "dilationRate");
    const paddings =
      where === "Conv1D" ? (["valid", "same", "causal"] as const) : (["valid", "same"] as const);
    this.padding = checkPadding<Padding | "causal">(options.padding ?? "valid", paddings, where);
    this.dataFormat = standardizeDataFormat(options.dataFormat, where);
    this.activation = activations.get(options.activation);
    this.useBias = options.useBias ?? true;
    [this.biasInitializer, this.biasRegularizer, this.biasConstraint] = readWeightOptions(
      options,
      "bias",
      "zeros",
    );
    this.inputSpec = new InputSpec({ ndim: rank + 2 });
  }

  /** Refuses strides together with dilation. */
  protected refuseStridedDilation(where: string): void {
    if (Math.max(...this.strides) === 1 || Math.max(...this.dilationRate) === 1) return;
    throw new ValueError(
      `${where}: strides and dilationRate cannot both be larger than 1. ` +
        `Received: strides=${show(this.strides)}, dilationRate=${show(this.dilationRate)}`,
    );
  }

  /** The number of channels of the inputs, which is fixed from now on. */
  protected fixChannels(inputShape: KerasShape): number {
    const axis = this.dataFormat === "channels_last" ? -1 : 1;
    const channels = inputShape.at(axis) ?? null;
    if (channels === null) {
      throw new ShapeError(
        `Layer "${this.name}": the number of channels must be known. Received shape ${showShape(inputShape)}`,
      );
    }
    this.inputSpec = new InputSpec({ ndim: this.rank + 2, axes: { [axis]: channels } });
    return channels;
  }

  /** Makes the bias, if the layer has one. */
  protected addBias(filters: number): void {
    if (!this.useBias) return;
    this.bias = this.addWeight({
      name: "bias",
      shape: [filters],
      ...weightActions(this, "bias"),
    });
  }

  /** The options of the operation that the layer runs. */
  protected get windows(): {
    readonly strides: readonly number[];
    readonly dilationRate: readonly number[];
    readonly dataFormat: DataFormat;
  } {
    return { strides: this.strides, dilationRate: this.dilationRate, dataFormat: this.dataFormat };
  }

  /** Adds the bias and applies the activation. */
  protected finish(x: Tensor): Tensor {
    if (this.bias === undefined) return this.activation(x);
    const bias = this.bias.value;
    const last = this.dataFormat === "channels_last";
    return this.activation(x.add(last ? bias : bias.reshape(-1, ...this.kernelSize.map(() => 1))));
  }

  /** An output's shape from its space and its number of channels. */
  protected outputShape(
    inputShape: KerasShape,
    filters: number,
    along: (n: number | null, axis: number) => number | null,
  ): KerasShape {
    const last = this.dataFormat === "channels_last";
    const space = (last ? inputShape.slice(1, -1) : inputShape.slice(2)).map(along);
    const [samples = null] = inputShape;
    return last ? [samples, ...space, filters] : [samples, filters, ...space];
  }

  /** The number of windows along an axis of space. */
  protected windowsAlong(n: number | null, axis: number): number | null {
    return windowsAlong(
      n,
      this.kernelSize[axis]!,
      this.strides[axis]!,
      this.dilationRate[axis]!,
      this.padding,
      `Layer "${this.name}"`,
    );
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      kernel_size: this.kernelSize,
      strides: this.strides,
      padding: this.padding,
      data_format: this.dataFormat,
      dilation_rate: this.dilationRate,
      activation: activations.serialize(this.activation),
      use_bias: this.useBias,
      ...weightConfig(this, "bias"),
      activity_regularizer: this.activityRegularizer && regularizers.serialize(this.activityRegularizer),
    };
  }
}
