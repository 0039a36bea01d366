/** The cell of LSTM. */
import {
  add,
  type CompositeAttributes,
  concatenate,
  multiply,
  type Tensor,
  type Tree,
} from "../../../engine/index.ts";
import * as activations from "../../activations/index.ts";
import * as initializers from "../../initializers/index.ts";
import type { Config } from "../../saving/config.ts";
import {
  activationName,
  BaseRNNCell,
  type CellOutput,
  type GatedCellOptions,
  gateActivation,
  gatedOptionNames,
} from "./base_rnn_cell.ts";

/** Options of {@link LSTMCell}. */
export interface LSTMCellOptions extends GatedCellOptions {
  /** Whether the bias of the forget gate begins with 1. Default true. */
  readonly unitForgetBias?: boolean;
}

/** A bias of which the second of four parts is 1. */
export function forgetBias(
  initializer: initializers.InitializerFunction,
  units: number,
): initializers.InitializerFunction {
  const ones = initializers.get("ones");
  return (_, options) =>
    concatenate([initializer([units], options), ones([units], options), initializer([2 * units], options)]);
}

/**
 * One step of {@link LSTM} (Hochreiter and Schmidhuber, 1997): with `z = x · kernel + h · recurrentKernel + bias` cut into
 * `i, f, g, o`, `c' = σ(f)·c + σ(i)·tanh(g)` and `h' = σ(o)·tanh(c')`. It is called as `cell(x, [h, c])` and gives
 * `[h', [h', c']]`.
 *
 * Input: `(batch, features)`, states `(batch, units)`. Weights: `kernel` `(features, 4·units)`, `recurrent_kernel`
 * `(units, 4·units)`, `bias` `(4·units,)`.
 *
 * Output: `(batch, units)`, and the new states.
 *
 * @throws ValueError unless `units` is a positive whole number
 *
 * @example
 * ```ts
 * const cell = new LSTMCell(2);
 * const [output, states] = cell.apply([np.array([[1, 2, 3]]), cell.getInitialState(1)]);
 * output.shape; // → [1, 2]
 * ```
 */
export class LSTMCell extends BaseRNNCell {
  static readonly className: string = "LSTMCell";
  readonly recurrentActivation: activations.Activation;
  readonly unitForgetBias: boolean;

  /**
   * @param units the size of output and states
   * @param options `activation` (default `"tanh"`), `recurrentActivation` (default `"sigmoid"`), `useBias` (default true),
   *   `kernelInitializer` (default `"glorot_uniform"`), `recurrentInitializer` (default `"orthogonal"`), `biasInitializer`
   *   (default `"zeros"`), `unitForgetBias` (default true), regularizers and constraints, `dropout` and `recurrentDropout`
   *   (default 0), `seed`, `implementation`, and those of every layer
   */
  constructor(units: number, options: LSTMCellOptions = {}) {
    super("LSTMCell", units, 4, options, [...gatedOptionNames, "unitForgetBias"]);
    this.recurrentActivation = gateActivation(options);
    this.unitForgetBias = options.unitForgetBias ?? true;
  }

  override get stateSize(): readonly number[] {
    return [this.units, this.units];
  }

  protected override get firstBias(): initializers.InitializerFunction {
    return this.unitForgetBias ? forgetBias(this.biasInitializer, this.units) : this.biasInitializer;
  }

  protected override get knownAs(): CompositeAttributes | undefined {
    // A class that extends this one may compute something else.
    if (this.constructor !== LSTMCell) return undefined;
    return {
      cell: "LSTMCell",
      activation: activationName(this.activation),
      recurrentActivation: activationName(this.recurrentActivation),
    };
  }

  override step(projected: Tensor, states: Tree<Tensor>): CellOutput {
    const [h, c] = states as readonly [Tensor, Tensor];
    const z = add(projected, this.recurrentProduct(h));
    const gate = (k: number): Tensor => this.recurrentActivation(this.part(z, k));
    const kept = multiply(gate(1), c);
    const carry = add(kept, multiply(gate(0), this.activation(this.part(z, 2))));
    const output = multiply(gate(3), this.activation(carry));
    return [output, [output, carry]];
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      recurrent_activation: activations.serialize(this.recurrentActivation),
      unit_forget_bias: this.unitForgetBias,
    };
  }
}
