/** The cell of GRU. */
import {
  add,
  type CompositeAttributes,
  matmul,
  multiply,
  subtract,
  type Tensor,
  type Tree,
} from "../../../engine/index.ts";
import * as activations from "../../activations/index.ts";
import type { Config } from "../../saving/config.ts";
import {
  activationName,
  BaseRNNCell,
  type CellOutput,
  type GatedCellOptions,
  gateActivation,
  gatedOptionNames,
} from "./base_rnn_cell.ts";
import { asList } from "./rnn_cell.ts";

/** Options of {@link GRUCell}. */
export interface GRUCellOptions extends GatedCellOptions {
  /** Whether the reset gate works on the product of the state, not on the state. Default true. */
  readonly resetAfter?: boolean;
}

/**
 * One step of {@link GRU} (Cho et al., 2014): update gate `z` and reset gate `r` are
 * `σ(x · kernel + h · recurrentKernel + bias)` in their parts, the candidate is `g = tanh(x · kernel + r·(h · recurrentKernel))`
 * in its part (with `resetAfter: false`, `(r·h) · recurrentKernel`), and `h' = z·h + (1 - z)·g`. It is called as
 * `cell(x, [h])` and gives `[h', [h']]`.
 *
 * Input: `(batch, features)`, state `(batch, units)`. Weights: `kernel` `(features, 3·units)`, `recurrent_kernel`
 * `(units, 3·units)`, `bias` `(2, 3·units)`, for both products, or `(3·units,)` with `resetAfter: false`.
 *
 * Output: `(batch, units)`, and the new states.
 *
 * @throws ValueError unless `units` is a positive whole number
 *
 * @example
 * ```ts
 * const cell = new GRUCell(2);
 * const [output, states] = cell.apply([np.array([[1, 2, 3]]), cell.getInitialState(1)]);
 * output.shape; // → [1, 2]
 * ```
 */
export class GRUCell extends BaseRNNCell {
  static readonly className: string = "GRUCell";
  readonly recurrentActivation: activations.Activation;
  readonly resetAfter: boolean;

  /**
   * @param units the size of output and state
   * @param options `activation` (default `"tanh"`), `recurrentActivation` (default `"sigmoid"`), `useBias` (default true),
   *   `kernelInitializer` (default `"glorot_uniform"`), `recurrentInitializer` (default `"orthogonal"`), `biasInitializer`
   *   (default `"zeros"`), regularizers and constraints, `dropout` and `recurrentDropout` (default 0), `seed`,
   *   `resetAfter` (default true), `implementation`, and those of every layer
   */
  constructor(units: number, options: GRUCellOptions = {}) {
    super("GRUCell", units, 3, options, [...gatedOptionNames, "resetAfter"]);
    this.recurrentActivation = gateActivation(options);
    this.resetAfter = options.resetAfter ?? true;
  }

  protected override get biasShape(): readonly number[] {
    return this.resetAfter ? [2, 3 * this.units] : [3 * this.units];
  }

  protected override inputBias(): Tensor | undefined {
    return this.resetAfter ? this.bias?.value.at(0) : this.bias?.value;
  }

  protected override get knownAs(): CompositeAttributes | undefined {
    // A class that extends this one may compute something else.
    if (this.constructor !== GRUCell) return undefined;
    return {
      cell: "GRUCell",
      activation: activationName(this.activation),
      recurrentActivation: activationName(this.recurrentActivation),
      resetAfter: this.resetAfter,
    };
  }

  override step(projected: Tensor, states: Tree<Tensor>): CellOutput {
    const [h] = asList(states) as readonly [Tensor];
    const output = this.resetAfter ? this.#resetAfter(projected, h) : this.#resetBefore(projected, h);
    return [output, [output]];
  }

  #resetAfter(projected: Tensor, h: Tensor): Tensor {
    const product = this.recurrentProduct(h);
    const recurrent = this.bias === undefined ? product : add(product, this.bias.value.at(1));
    const gates = add(this.part(projected, 0, 2), this.part(recurrent, 0, 2));
    const reset = this.recurrentActivation(this.part(gates, 1));
    const candidate = this.activation(add(this.part(projected, 2), multiply(reset, this.part(recurrent, 2))));
    return this.#mix(gates, h, candidate);
  }

  #resetBefore(projected: Tensor, h: Tensor): Tensor {
    const kernel = this.recurrentKernel!.value;
    const toGates = (gate: number): Tensor => matmul(this.masked(h, gate), this.part(kernel, gate));
    const gate = (k: number, product: Tensor): Tensor => add(this.part(projected, k), product);
    const reset = this.recurrentActivation(gate(1, toGates(1)));
    const recurrent = matmul(multiply(reset, this.masked(h, 2)), this.part(kernel, 2));
    return this.#mix(gate(0, toGates(0)), h, this.activation(gate(2, recurrent)));
  }

  /** The state and the candidate, mixed by the update gate, which comes first. */
  #mix(gates: Tensor, h: Tensor, candidate: Tensor): Tensor {
    const update = this.recurrentActivation(this.part(gates, 0));
    return add(multiply(update, h), multiply(subtract(1, update), candidate));
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      recurrent_activation: activations.serialize(this.recurrentActivation),
      reset_after: this.resetAfter,
    };
  }
}
