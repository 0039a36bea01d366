/** What ConvLSTM1D, ConvLSTM2D and ConvLSTM3D share: an LSTM over sequences of images. */
import type * as activations from "../../activations/index.ts";
import type { DataFormat } from "../../backend/data_format.ts";
import type { KerasShape, ShapeTree } from "../../backend/keras_tensor.ts";
import type { Padding, PerAxis } from "../../ops/window_arguments.ts";
import { InputSpec } from "../input_spec.ts";
import { cellOptionNames, inputOf } from "./base_rnn_cell.ts";
import { ConvLSTMCell, type ConvLSTMCellOptions, convLSTMWindowNames } from "./conv_lstm_cell.ts";
import type { RNNOptions } from "./rnn.ts";
import { cellOptions, OwnCellRNN } from "./units_rnn.ts";

/** Options of ConvLSTM1D, ConvLSTM2D and ConvLSTM3D. */
export interface ConvLSTMOptions<S extends boolean = boolean> extends ConvLSTMCellOptions, RNNOptions<S> {}

/** A convolutional LSTM with any number of axes of space. */
export abstract class ConvLSTM<S extends boolean> extends OwnCellRNN<S, ConvLSTMCell> {
  static override readonly positional: readonly string[] = ["filters", "kernelSize"];

  /**
   * @param where the class
   * @param rank the number of axes of space
   */
  constructor(
    where: string,
    rank: number,
    filters: number,
    kernelSize: PerAxis,
    options: ConvLSTMOptions<S>,
  ) {
    const names = [...cellOptionNames, "recurrentActivation", "unitForgetBias", ...convLSTMWindowNames];
    const own = { ...cellOptions(where, options, names), name: "conv_lstm_cell" };
    super(new ConvLSTMCell(where, rank, filters, kernelSize, own), options);
    this.inputSpec = new InputSpec({ ndim: rank + 3 });
  }

  override build(inputShape: ShapeTree): void {
    super.build(inputShape);
    // The states have the space of these inputs.
    const lengths = inputOf(inputShape).map((n, axis) => [axis, axis < 2 ? null : n] as const);
    this.inputSpec = new InputSpec({ ndim: lengths.length, axes: Object.fromEntries(lengths) });
  }

  get filters(): number {
    return this.cell.filters;
  }

  get kernelSize(): readonly number[] {
    return this.cell.kernelSize;
  }

  get strides(): readonly number[] {
    return this.cell.strides;
  }

  get padding(): Padding {
    return this.cell.padding;
  }

  get dataFormat(): DataFormat {
    return this.cell.dataFormat;
  }

  get dilationRate(): readonly number[] {
    return this.cell.dilationRate;
  }

  get recurrentActivation(): activations.Activation {
    return this.cell.recurrentActivation;
  }

  get unitForgetBias(): boolean {
    return this.cell.unitForgetBias;
  }

  override computeOutputShape(inputShape: ShapeTree): ShapeTree {
    const [batch = null, steps = null, ...rest] = inputOf(inputShape);
    const [state] = this.cell.computeOutputShape([batch, ...rest]) as readonly [KerasShape, KerasShape[]];
    const output = this.returnSequences ? [batch, steps, ...state.slice(1)] : state;
    return this.returnState ? [output, state, state] : output;
  }
}
