/** Adam with weight decay. */
import { show, ValueError } from "../../engine/index.ts";
import { Adam, type AdamOptions } from "./adam.ts";

/** Options of {@link AdamW}. */
export type AdamWOptions = AdamOptions;

/**
 * Adam with weight decay that does not pass through the running means (Loshchilov and Hutter, 2017).
 *
 * @param options `learningRate` (default 0.001), `weightDecay` (default 0.004), `beta1` (default 0.9), `beta2` (default
 *   0.999), `epsilon` (default 1e-7), `amsgrad` (default false), and those of all optimizers
 *
 * @example
 * ```ts
 * const w = new Variable([1], { dtype: "float32" });
 * new AdamW({ learningRate: 0.5 }).apply([[0]], [w]);
 * w.value.item().toFixed(3); // → "0.998"
 * ```
 */
export class AdamW extends Adam {
  static override readonly className: string = "AdamW";

  /** @throws ValueError when `weightDecay` is null */
  constructor(options: AdamWOptions = {}) {
    super({ weightDecay: 0.004, ...options });
    if (this.weightDecay === null) {
      throw new ValueError(
        `AdamW: expected a number as weight decay. Received: weightDecay=${show(this.weightDecay)}`,
      );
    }
  }
}
