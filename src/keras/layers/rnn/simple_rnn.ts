/** The simple recurrent layer. */
import type { Config } from "../../saving/config.ts";
import { cellOptionNames, type RNNCellOptions } from "./base_rnn_cell.ts";
import type { RNNOptions } from "./rnn.ts";
import { SimpleRNNCell } from "./simple_rnn_cell.ts";
import { cellOptions, UnitsRNN } from "./units_rnn.ts";

/** Options of {@link SimpleRNN}. */
export interface SimpleRNNOptions<S extends boolean = boolean> extends RNNCellOptions, RNNOptions<S> {}

/**
 * A recurrent layer whose output is fed back: `hₜ = activation(xₜ · kernel + bias + hₜ₋₁ · recurrentKernel)`.
 *
 * Input: `(batch, steps, features)`. Output: `(batch, units)`, with `returnSequences` `(batch, steps, units)`; with
 * `returnState` a list of it and the last state.
 *
 * @throws ValueError unless `units` is a positive whole number
 *
 * @example
 * ```ts
 * const ones = { kernelInitializer: "ones", recurrentInitializer: "ones", activation: "linear" } as const;
 * const layer = new SimpleRNN(1, { ...ones, returnSequences: true });
 * layer([[[1], [2], [3]]]).arraySync(); // → [[[1], [3], [6]]]
 * ```
 */
export class SimpleRNN<S extends boolean = false> extends UnitsRNN<S, SimpleRNNCell> {
  static override readonly className: string = "SimpleRNN";

  /**
   * @param units the size of the output
   * @param options those of {@link SimpleRNNCell}, `returnSequences`, `returnState`, `goBackwards`, `stateful`, `unroll`,
   *   `zeroOutputForMask` (default false), and those of every layer
   */
  constructor(units: number, options: SimpleRNNOptions<S> = {}) {
    const own = cellOptions("SimpleRNN", options, cellOptionNames);
    super(new SimpleRNNCell(units, { ...own, name: "simple_rnn_cell" }), options);
  }

  override getConfig(): Config {
    // As in Keras, which leaves the seed out here.
    const { seed: _, ...config } = super.getConfig();
    return config;
  }
}
