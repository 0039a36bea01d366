/** The cell of ConvLSTM1D, ConvLSTM2D and ConvLSTM3D. */
import { type Shape, ShapeError, show, showShape, type Tensor, ValueError } from "../../../engine/index.ts";
import { type DataFormat, standardizeDataFormat } from "../../backend/data_format.ts";
import type { KerasShape, ShapeTree } from "../../backend/keras_tensor.ts";
import { conv } from "../../ops/nn_convolutions.ts";
import {
  checkPadding,
  type Padding,
  type PerAxis,
  perAxis,
  windowsAlong,
} from "../../ops/window_arguments.ts";
import type { Config } from "../../saving/config.ts";
import { InputSpec } from "../input_spec.ts";
import type { RNNCellOptions } from "./base_rnn_cell.ts";
import { inputOf } from "./base_rnn_cell.ts";
import { LSTMCell, type LSTMCellOptions } from "./lstm_cell.ts";

/** Options of the cell. */
export interface ConvLSTMCellOptions extends RNNCellOptions {
  /** The activation of the gates. Default `"sigmoid"`. */
  readonly recurrentActivation?: LSTMCellOptions["recurrentActivation"];
  /** Whether the bias of the forget gate begins with 1. Default true. */
  readonly unitForgetBias?: boolean;
  /** Steps between windows of the inputs. Default 1. */
  readonly strides?: PerAxis;
  /** How the inputs are padded, `"valid"` (default) or `"same"`; states always are with `"same"`. */
  readonly padding?: Padding;
  /** `"channels_last"` (default) or `"channels_first"`. */
  readonly dataFormat?: DataFormat | null;
  /** Steps between the elements of a window of the inputs. Default 1. */
  readonly dilationRate?: PerAxis;
}

/** The names of the options that say how windows lie. */
export const convLSTMWindowNames: readonly (keyof ConvLSTMCellOptions)[] = [
  ...(["strides", "padding", "dataFormat", "dilationRate"] as const),
];

/** An LSTM's step whose products are convolutions: of the inputs with the layer's windows, of the state with `"same"`. */
export class ConvLSTMCell extends LSTMCell {
  static override readonly className: string = "ConvLSTMCell";
  static override readonly positional: readonly string[] = ["rank", "filters", "kernelSize"];
  /** The number of axes of space. */
  readonly rank: number;
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: Padding;
  readonly dataFormat: DataFormat;
  readonly dilationRate: readonly number[];
  #stateSpace: readonly number[] | undefined;

  constructor(
    where: string,
    rank: number,
    filters: number,
    kernelSize: PerAxis,
    options: ConvLSTMCellOptions = {},
  ) {
    const { strides = 1, padding = "valid", dataFormat, dilationRate = 1, ...own } = options;
    if (!(Number.isSafeInteger(filters) && filters > 0)) {
      throw new ValueError(
        `${where}: expected filters to be a positive whole number. Received: ${show(filters)}`,
      );
    }
    // Every gate has masks of dropout of its own.
    super(filters, { ...own, implementation: 1 });
    this.rank = rank;
    this.kernelSize = perAxis(kernelSize, rank, where, "kernelSize");
    this.strides = perAxis(strides, rank, where, "strides");
    this.padding = checkPadding(padding, ["valid", "same"], where);
    this.dataFormat = standardizeDataFormat(dataFormat, where);
    this.dilationRate = perAxis(dilationRate, rank, where, "dilationRate");
    if (Math.max(...this.strides) > 1 && Math.max(...this.dilationRate) > 1) {
      throw new ValueError(
        `${where}: strides and dilationRate cannot both be larger than 1. ` +
          `Received: strides=${show(this.strides)}, dilationRate=${show(this.dilationRate)}`,
      );
    }
    this.inputSpec = new InputSpec({ ndim: rank + 2 });
  }

  get filters(): number {
    return this.units;
  }

  override build(inputShape: ShapeTree): void {
    const shape = inputOf(inputShape);
    if (shape.slice(1).includes(null)) {
      throw new ShapeError(
        `Layer "${this.name}": expected inputs whose space and channels have known lengths. ` +
          `Received shape ${showShape(shape)}`,
      );
    }
    const space = this.#split(this.#outputShape(shape)).space as readonly number[];
    super.build(shape);
    this.#stateSpace = space;
  }

  #split(shape: KerasShape): { readonly space: KerasShape; readonly channels: number | null } {
    const last = this.dataFormat === "channels_last";
    return {
      space: last ? shape.slice(1, -1) : shape.slice(2),
      channels: (last ? shape.at(-1) : shape[1]) ?? null,
    };
  }

  #join(samples: number | null, space: KerasShape, channels: number): KerasShape {
    return this.dataFormat === "channels_last"
      ? [samples, ...space, channels]
      : [samples, channels, ...space];
  }

  #outputShape(inputShape: KerasShape): KerasShape {
    const where = `Layer "${this.name}"`;
    const space = this.#split(inputShape).space.map((n, d) =>
      windowsAlong(n, this.kernelSize[d]!, this.strides[d]!, this.dilationRate[d]!, this.padding, where),
    );
    return this.#join(inputShape[0] ?? null, space, this.filters);
  }

  protected override kernelShape(inputShape: KerasShape): KerasShape {
    return [...this.kernelSize, this.#split(inputShape).channels];
  }

  protected override get recurrentKernelShape(): readonly number[] {
    return [...this.kernelSize, this.filters];
  }

  protected override stateShape(samples: number): Shape {
    return this.#join(samples, this.#stateSpace!, this.filters) as Shape;
  }

  protected override get gateAxis(): number {
    return this.dataFormat === "channels_last" ? -1 : -1 - this.rank;
  }

  protected override inputBias(): Tensor | undefined {
    const bias = super.inputBias();
    return this.dataFormat === "channels_last" ? bias : bias?.reshape(-1, ...this.kernelSize.map(() => 1));
  }

  protected override inputProduct(inputs: Tensor, kernel: Tensor): Tensor {
    const { strides, padding, dataFormat, dilationRate } = this;
    const options = { strides, padding, dataFormat, dilationRate };
    if (inputs.ndim === this.rank + 2) return conv(inputs, kernel, options);
    // All steps at once, as if they were samples.
    const [steps, samples, ...rest] = inputs.shape;
    const product = conv(inputs.reshape(steps! * samples!, ...rest), kernel, options);
    return product.reshape(steps!, samples!, ...product.shape.slice(1));
  }

  protected override stateProduct(state: Tensor, kernel: Tensor): Tensor {
    return conv(state, kernel, { padding: "same", dataFormat: this.dataFormat });
  }

  override computeOutputShape(inputShape: ShapeTree): ShapeTree {
    const shape = this.#outputShape(inputOf(inputShape));
    return [shape, [shape, shape]];
  }

  override getConfig(): Config {
    const { units: _, ...config } = super.getConfig();
    return {
      ...config,
      filters: this.filters,
      kernel_size: this.kernelSize,
      strides: this.strides,
      padding: this.padding,
      data_format: this.dataFormat,
      dilation_rate: this.dilationRate,
    };
  }
}
