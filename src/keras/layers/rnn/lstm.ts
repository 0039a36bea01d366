/** The long short-term memory layer. */
import type * as activations from "../../activations/index.ts";
import { gatedOptionNames } from "./base_rnn_cell.ts";
import { LSTMCell, type LSTMCellOptions } from "./lstm_cell.ts";
import type { RNNOptions } from "./rnn.ts";
import { type CudnnOptions, cellOptions, checkCudnn, UnitsRNN } from "./units_rnn.ts";

/** Options of {@link LSTM}. */
export interface LSTMOptions<S extends boolean = boolean>
  extends LSTMCellOptions,
    RNNOptions<S>,
    CudnnOptions {}

/**
 * Long short-term memory (Hochreiter and Schmidhuber, 1997): a recurrent layer that keeps two states, the output `h` and
 * the carry `c`. With `z = xₜ · kernel + hₜ₋₁ · recurrentKernel + bias` cut into `i, f, g, o`,
 * `cₜ = σ(f)·cₜ₋₁ + σ(i)·tanh(g)` and `hₜ = σ(o)·tanh(cₜ)`.
 *
 * Input: `(batch, steps, features)`. Output: `(batch, units)`, with `returnSequences` `(batch, steps, units)`; with
 * `returnState` `[output, h, c]`.
 *
 * @throws ValueError unless `units` is a positive whole number
 *
 * @example
 * ```ts
 * const x = np.ones([2, 5, 3]);
 * new LSTM(4)(x).shape; // → [2, 4]
 * const [sequences, h, c] = new LSTM(4, { returnSequences: true, returnState: true })(x);
 * [sequences.shape, h?.shape, c?.shape]; // → [[2, 5, 4], [2, 4], [2, 4]]
 * ```
 */
export class LSTM<S extends boolean = false> extends UnitsRNN<S, LSTMCell> {
  static override readonly className: string = "LSTM";
  readonly useCudnn: boolean | "auto";

  /**
   * @param units the size of output and states
   * @param options those of {@link LSTMCell}, `returnSequences`, `returnState`, `goBackwards`, `stateful`, `unroll`,
   *   `zeroOutputForMask` (default false), `useCudnn` (default `"auto"`), and those of every layer
   */
  constructor(units: number, options: LSTMOptions<S> = {}) {
    const own = cellOptions("LSTM", options, [...gatedOptionNames, "unitForgetBias"], ["useCudnn"]);
    const useCudnn = checkCudnn("LSTM", options);
    super(new LSTMCell(units, { ...own, name: "lstm_cell" }), options);
    this.useCudnn = useCudnn;
  }

  get recurrentActivation(): activations.Activation {
    return this.cell.recurrentActivation;
  }

  get unitForgetBias(): boolean {
    return this.cell.unitForgetBias;
  }
}
