/** A loss made of a function. */
import type { Tensor } from "../../engine/index.ts";
import { type Config, fromConfig, toConfig } from "../saving/config.ts";
import { Loss, type LossOptions } from "./loss.ts";
import { squeezeOrExpandToSameRank } from "./operands.ts";

/** The loss of each sample, as a function of labels and predictions. */
export type LossFunction = (yTrue: Tensor, yPred: Tensor) => Tensor;

/** A loss function that has options. */
export type LossFunctionWithOptions<O extends object | undefined> = (
  yTrue: Tensor,
  yPred: Tensor,
  options: O,
) => Tensor;

/**
 * Makes a loss of a function. Options that losses do not have are given to the function.
 *
 * @example
 * ```ts
 * const loss = new LossFunctionWrapper(losses.huber, { name: "small", delta: 0.5 });
 * loss([[0]], [[2]]).item(); // → 0.875
 * ```
 */
export class LossFunctionWrapper<O extends object | undefined = object> extends Loss {
  static override readonly className: string = "LossFunctionWrapper";
  readonly fn: LossFunctionWithOptions<O>;
  readonly #fnOptions: NonNullable<O>;

  /**
   * @param fn takes labels, predictions and its options, and gives the loss of each sample
   * @param options those of {@link Loss}, and those of the function
   */
  constructor(fn: LossFunctionWithOptions<O>, options: LossOptions & Partial<NonNullable<O>> = {}) {
    const { reduction, name, dtype, ...fnOptions } = options;
    super({
      ...(reduction !== undefined && { reduction }),
      ...(name !== undefined && { name }),
      ...(dtype !== undefined && { dtype }),
    });
    this.fn = fn;
    this.#fnOptions = fnOptions as unknown as NonNullable<O>;
  }

  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    const [t, y] = squeezeOrExpandToSameRank(yTrue, yPred);
    return this.fn(t, y, this.#fnOptions);
  }

  /** The options; a plain wrapper's has the function itself as `fn`, which `losses.serialize` writes as its name. */
  override getConfig(): Config {
    const plain = Object.getPrototypeOf(this) === LossFunctionWrapper.prototype;
    return { ...super.getConfig(), ...(plain && { fn: this.fn }), ...toConfig(this.#fnOptions) };
  }

  static override fromConfig<T>(this: new (...args: never[]) => T, config: Config): T {
    const { fn, ...options } = fromConfig(config);
    return new this(...((fn === undefined ? [options] : [fn, options]) as never[]));
  }
}
