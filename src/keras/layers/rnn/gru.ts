/** The gated recurrent unit. */
import type * as activations from "../../activations/index.ts";
import { gatedOptionNames } from "./base_rnn_cell.ts";
import { GRUCell, type GRUCellOptions } from "./gru_cell.ts";
import type { RNNOptions } from "./rnn.ts";
import { type CudnnOptions, cellOptions, checkCudnn, UnitsRNN } from "./units_rnn.ts";

/** Options of {@link GRU}. */
export interface GRUOptions<S extends boolean = boolean>
  extends GRUCellOptions,
    RNNOptions<S>,
    CudnnOptions {}

/**
 * Gated recurrent units (Cho et al., 2014): a recurrent layer whose state is a mixture of the state before and of a
 * candidate, `hₜ = z·hₜ₋₁ + (1 - z)·g`; see {@link GRUCell} for the gates.
 *
 * Input: `(batch, steps, features)`. Output: `(batch, units)`, with `returnSequences` `(batch, steps, units)`; with
 * `returnState` a list of it and the last state.
 *
 * @throws ValueError unless `units` is a positive whole number
 *
 * @example
 * ```ts
 * const x = np.ones([2, 5, 3]);
 * new GRU(4)(x).shape; // → [2, 4]
 * const [sequences, h] = new GRU(4, { returnSequences: true, returnState: true })(x);
 * [sequences.shape, h?.shape]; // → [[2, 5, 4], [2, 4]]
 * ```
 */
export class GRU<S extends boolean = false> extends UnitsRNN<S, GRUCell> {
  static override readonly className: string = "GRU";
  readonly useCudnn: boolean | "auto";

  /**
   * @param units the size of output and state
   * @param options those of {@link GRUCell}, `returnSequences`, `returnState`, `goBackwards`, `stateful`, `unroll`,
   *   `zeroOutputForMask` (default false), `useCudnn` (default `"auto"`), and those of every layer
   */
  constructor(units: number, options: GRUOptions<S> = {}) {
    const own = cellOptions("GRU", options, [...gatedOptionNames, "resetAfter"], ["useCudnn"]);
    const useCudnn = checkCudnn("GRU", options);
    super(new GRUCell(units, { ...own, name: "gru_cell" }), options);
    this.useCudnn = useCudnn;
  }

  get recurrentActivation(): activations.Activation {
    return this.cell.recurrentActivation;
  }

  get resetAfter(): boolean {
    return this.cell.resetAfter;
  }
}
