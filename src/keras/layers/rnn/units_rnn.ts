/** What recurrent layers share whose cell is made from the layer's own options. */

import { checkOptions, show, ValueError } from "../../../engine/index.ts";
import type * as activations from "../../activations/index.ts";
import type * as constraints from "../../constraints/index.ts";
import type * as initializers from "../../initializers/index.ts";
import * as regularizers from "../../regularizers/index.ts";
import type { Config } from "../../saving/config.ts";
import { InputSpec } from "../input_spec.ts";
import { Layer, type LayerClass } from "../layer.ts";
import { type LayerOptions, layerOptionNames, pickOptions } from "../layer_options.ts";
import type { BaseRNNCell, GatedCellOptions } from "./base_rnn_cell.ts";
import { RNN, type RNNOptions, rnnOptionNames } from "./rnn.ts";

/** Options of recurrent layers that could run on cuDNN elsewhere. */
export interface CudnnOptions {
  /** Only `"auto"` (default) and false: there is no cuDNN here. */
  readonly useCudnn?: boolean | "auto";
}

/** The options of a cell among those of its layer. */
export function cellOptions(
  where: string,
  options: LayerOptions,
  own: readonly string[],
  more: readonly string[] = [],
): GatedCellOptions {
  checkOptions(where, options, [...own, ...more, ...rnnOptionNames, ...layerOptionNames]);
  return pickOptions(options, [...own, "dtype", "trainable"]);
}

/** Refuses what only cuDNN could do. */
export function checkCudnn(where: string, { useCudnn = "auto" }: CudnnOptions): boolean | "auto" {
  if (!useCudnn || useCudnn === "auto") return useCudnn;
  throw new ValueError(
    `${where}: expected useCudnn to be "auto" or false; there is no cuDNN here. Received: useCudnn=${show(useCudnn)}`,
  );
}

/** A recurrent layer with a cell of its own class. */
export abstract class OwnCellRNN<S extends boolean, C extends BaseRNNCell> extends RNN<S> {
  declare readonly cell: C;

  /** @param options those of the layer; the cell has its own already */
  constructor(cell: C, options: RNNOptions<S>) {
    super(cell, pickOptions(options, [...rnnOptionNames, ...layerOptionNames]));
  }

  get activation(): activations.Activation {
    return this.cell.activation;
  }

  get useBias(): boolean {
    return this.cell.useBias;
  }

  get kernelInitializer(): initializers.InitializerFunction {
    return this.cell.kernelInitializer;
  }

  get recurrentInitializer(): initializers.InitializerFunction {
    return this.cell.recurrentInitializer;
  }

  get biasInitializer(): initializers.InitializerFunction {
    return this.cell.biasInitializer;
  }

  get kernelRegularizer(): regularizers.Regularizer | null {
    return this.cell.kernelRegularizer;
  }

  get recurrentRegularizer(): regularizers.Regularizer | null {
    return this.cell.recurrentRegularizer;
  }

  get biasRegularizer(): regularizers.Regularizer | null {
    return this.cell.biasRegularizer;
  }

  get kernelConstraint(): constraints.Constraint | null {
    return this.cell.kernelConstraint;
  }

  get recurrentConstraint(): constraints.Constraint | null {
    return this.cell.recurrentConstraint;
  }

  get biasConstraint(): constraints.Constraint | null {
    return this.cell.biasConstraint;
  }

  get dropout(): number {
    return this.cell.dropout;
  }

  get recurrentDropout(): number {
    return this.cell.recurrentDropout;
  }

  override getConfig(): Config {
    const { cell: _, ...config } = super.getConfig();
    return {
      ...this.cell.getConfig(),
      activity_regularizer: this.activityRegularizer && regularizers.serialize(this.activityRegularizer),
      ...config,
    };
  }

  static override fromConfig<T>(this: LayerClass<T>, config: Config): T {
    return Layer.fromConfig.call(this, config) as T;
  }
}

/** SimpleRNN, LSTM and GRU: sequences of vectors. */
export abstract class UnitsRNN<S extends boolean, C extends BaseRNNCell> extends OwnCellRNN<S, C> {
  static override readonly positional: readonly string[] = ["units"];

  constructor(cell: C, options: RNNOptions<S>) {
    super(cell, options);
    this.inputSpec = new InputSpec({ ndim: 3 });
  }

  get units(): number {
    return this.cell.units;
  }
}
