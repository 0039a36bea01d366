/** The cell of SimpleRNN. */
import { add, type CompositeAttributes, type Tensor, type Tree } from "../../../engine/index.ts";
import {
  activationName,
  BaseRNNCell,
  type CellOutput,
  cellOptionNames,
  type RNNCellOptions,
} from "./base_rnn_cell.ts";
import { asList } from "./rnn_cell.ts";

/**
 * One step of {@link SimpleRNN}: `h' = activation(x · kernel + bias + h · recurrentKernel)`. It is called as
 * `cell(x, [h])` and gives `[h', [h']]`.
 *
 * Input: `(batch, features)`, state `(batch, units)`. Weights: `kernel` `(features, units)`, `recurrent_kernel`
 * `(units, units)`, `bias` `(units,)`.
 *
 * Output: `(batch, units)`, and the new states.
 *
 * @throws ValueError unless `units` is a positive whole number
 *
 * @example
 * ```ts
 * const cell = new SimpleRNNCell(1, { kernelInitializer: "ones", recurrentInitializer: "ones", activation: "linear" });
 * const [output, states] = cell.apply([np.array([[1, 2]]), [np.array([[3]])]]);
 * output.arraySync(); // → [[6]]
 * ```
 */
export class SimpleRNNCell extends BaseRNNCell {
  static readonly className: string = "SimpleRNNCell";

  /**
   * @param units the size of output and state
   * @param options `activation` (default `"tanh"`), `useBias` (default true), `kernelInitializer` (default
   *   `"glorot_uniform"`), `recurrentInitializer` (default `"orthogonal"`), `biasInitializer` (default `"zeros"`),
   *   regularizers and constraints of the three, `dropout` and `recurrentDropout` (default 0), `seed`, and those of every layer
   */
  constructor(units: number, options: RNNCellOptions = {}) {
    super("SimpleRNNCell", units, 1, options, cellOptionNames);
  }

  protected override get knownAs(): CompositeAttributes | undefined {
    // A class that extends this one may compute something else.
    if (this.constructor !== SimpleRNNCell) return undefined;
    return {
      cell: "SimpleRNNCell",
      activation: activationName(this.activation),
    };
  }

  override step(projected: Tensor, states: Tree<Tensor>): CellOutput {
    const [h] = asList(states) as readonly [Tensor];
    const output = this.activation(add(projected, this.recurrentProduct(h)));
    return [output, [output]];
  }
}
