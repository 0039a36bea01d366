/**
 * The metrics of a model have one state, but several calls may gather numbers in it at a time: `fit`, and in a callback
 * or beside it `evaluate`. Each gets a share: its state is put aside while another call goes on.
 */
import type { Tensor } from "../../engine/index.ts";
import type { Variable } from "../backend/variable.ts";

/** One call's share of the state. */
export interface MetricShare {
  /** Brings back the state in which this call left the metrics. To be called before each use. */
  readonly enter: () => void;
  /** Whether `enter` would have to put aside what another call has left. */
  readonly isAway: () => boolean;
  /** Leaves the state to whoever looks at the metrics next. */
  readonly close: () => void;
}

/** Gives shares of a state. It costs nothing as long as calls do not overlap. */
export class MetricShares {
  readonly #state: () => readonly Variable[];
  /** Puts aside the state of the call that used the metrics last. */
  #putAside: (() => void) | undefined;

  /** @param state the variables that are shared */
  constructor(state: () => readonly Variable[]) {
    this.#state = state;
  }

  /** A new share, which begins with whatever state there is. */
  open(): MetricShare {
    let aside: readonly (readonly [Variable, Tensor])[] = [];
    const putAside = (): void => {
      aside = this.#state().map((v) => [v, v.value]);
    };
    return {
      enter: () => {
        if (this.#putAside === putAside) return;
        this.#putAside?.();
        for (const [variable, value] of aside) variable.assign(value);
        this.#putAside = putAside;
      },
      isAway: () => this.#putAside !== putAside && (this.#putAside !== undefined || aside.length > 0),
      close: () => {
        if (this.#putAside === putAside) this.#putAside = undefined;
      },
    };
  }
}
