/** Evaluates with the moving averages of the weights. */
import { checkOptions, ValueError } from "../../engine/index.ts";
import { Callback } from "./callback.ts";
import { optimizerOf, singleOptimizers } from "./optimizer_of.ts";

/** Options of {@link SwapEMAWeights}. */
export interface SwapEMAWeightsOptions {
  /** Whether the averages are in place between epochs, too, for other callbacks. Default false. */
  readonly swapOnEpoch?: boolean;
}

/**
 * Puts the moving averages of the weights in their place while the model is evaluated or predicts, and the weights back
 * afterwards. For optimizers with `useEma: true`.
 *
 * @throws ValueError when the optimizer keeps no moving averages
 *
 * @example
 * ```ts
 * const callback = new SwapEMAWeights({ swapOnEpoch: true });
 * callback.swapOnEpoch; // → true
 * ```
 */
export class SwapEMAWeights extends Callback {
  readonly swapOnEpoch: boolean;
  #swapped = false;

  /** @param options `swapOnEpoch` (default false): for callbacks that come after this one, such as `ModelCheckpoint` */
  constructor(options: SwapEMAWeightsOptions = {}) {
    super();
    checkOptions("SwapEMAWeights", options, ["swapOnEpoch"]);
    this.swapOnEpoch = options.swapOnEpoch ?? false;
  }

  /** Puts averages or weights into the model, if they are not there. */
  #show(averages: boolean): void {
    if (this.#swapped === averages) return;
    for (const { variable, average } of this.#averages()) {
      const [weight, mean] = [variable.value, average.value];
      variable.assign(mean);
      average.assign(weight);
    }
    this.#swapped = averages;
  }

  #averages(): ReturnType<ReturnType<typeof optimizerOf>["movingAverages"]> {
    const optimizers = singleOptimizers(optimizerOf(this.model)).filter((o) => o.useEma);
    if (optimizers.length === 0)
      throw new ValueError("SwapEMAWeights: expected an optimizer with useEma: true.");
    return optimizers.flatMap((o) => o.movingAverages());
  }

  override onTrainBegin(): void {
    this.#averages();
  }

  override onEpochBegin(): void {
    if (this.swapOnEpoch) this.#show(false);
  }

  override onEpochEnd(epoch: number): void {
    if (!this.swapOnEpoch) return;
    this.#show(true);
    // The end of fit() puts the averages in place of the weights once more.
    if (epoch === (this.params.epochs ?? 0) - 1 || this.model.stopTraining)
      for (const { variable, average } of this.#averages()) average.assign(variable.value);
  }

  override onTestBegin(): void {
    this.#show(true);
  }

  override onTestEnd(): void {
    this.#show(false);
  }

  override onPredictBegin(): void {
    this.#show(true);
  }

  override onPredictEnd(): void {
    this.#show(false);
  }
}
