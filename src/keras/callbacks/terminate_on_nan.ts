/** Ends training when the loss is no number any more. */
import { checkOptions, ValueError } from "../../engine/index.ts";
import { printMsg } from "../utils/io_utils.ts";
import { Callback, type Logs } from "./callback.ts";

/** Options of {@link TerminateOnNaN}. */
export interface TerminateOnNaNOptions {
  /** Whether it throws in place of ending the training. Default false. */
  readonly raiseError?: boolean;
}

/**
 * Ends training when the loss is NaN or infinite.
 *
 * @param options `raiseError` (default false)
 *
 * @example
 * ```ts
 * new TerminateOnNaN().raiseError; // → false
 * ```
 */
export class TerminateOnNaN extends Callback {
  readonly raiseError: boolean;

  constructor(options: TerminateOnNaNOptions = {}) {
    super();
    checkOptions("TerminateOnNaN", options, ["raiseError"]);
    this.raiseError = options.raiseError ?? false;
  }

  /** @throws ValueError for such a loss if `raiseError` is set */
  override onBatchEnd(batch: number, logs: Logs = {}): void {
    const loss = logs["loss"];
    if (loss === undefined || Number.isFinite(loss)) return;
    if (this.raiseError) {
      throw new ValueError(
        `NaN or Inf loss encountered at batch ${batch}. Loss value: ${loss}. Terminating training immediately.`,
      );
    }
    printMsg(`Batch ${batch}: Invalid loss, terminating training`);
    this.model.stopTraining = true;
  }
}
