/** A callback made of functions. */
import { checkOptions } from "../../engine/index.ts";
import { batchHooks, Callback, callHooks, epochHooks, type Hook } from "./callback.ts";

/** Options of {@link LambdaCallback}: a function for each method that callbacks have. */
export type LambdaCallbackOptions = { readonly [H in Hook]?: Callback[H] };

/**
 * A callback made of functions.
 *
 * @param options `onEpochBegin`, `onEpochEnd`, `onTrainBegin`, `onTrainEnd`, `onTrainBatchBegin`, `onTrainBatchEnd` and the
 *   other methods of `Callback`
 *
 * @example
 * ```ts
 * const seen: number[] = [];
 * const callback = new LambdaCallback({ onEpochEnd: (epoch) => void seen.push(epoch) });
 * callback.onEpochEnd(3);
 * seen; // → [3]
 * ```
 */
export class LambdaCallback extends Callback {
  constructor(options: LambdaCallbackOptions = {}) {
    super();
    checkOptions("LambdaCallback", options, [...epochHooks, ...callHooks, ...batchHooks]);
    for (const [hook, fn] of Object.entries(options)) {
      if (fn) Object.defineProperty(this, hook, { value: fn, writable: true, configurable: true });
    }
  }
}
