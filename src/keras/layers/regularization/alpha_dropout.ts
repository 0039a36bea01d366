/** Dropout that keeps inputs self-normalizing. */
import { add, greaterEqual, multiply, type Tensor, where } from "../../../engine/index.ts";
import { uniform } from "../../random/index.ts";
import type { CallArguments } from "../call_inputs.ts";
import { baseOptions } from "../layer_options.ts";
import { Dropout, type DropoutOptions } from "./dropout.ts";

/** What `selu` tends to for very negative inputs. */
const saturated = -1.6732632423543772 * 1.0507009873554805;

/**
 * While training, sets a part of the inputs to the value where `selu` saturates, and scales and shifts all of them so that
 * mean and variance stay (Klambauer et al., 2017). Otherwise it does nothing.
 *
 * Input: any shape. Output: the same shape.
 *
 * @throws ValueError unless the rate lies between 0 and 1
 *
 * @example
 * ```ts
 * const layer = new AlphaDropout(0.5, { seed: 1 });
 * layer([[1, 2]]).arraySync(); // → [[1, 2]]
 * layer([[1, 2]], { training: true }).shape; // → [1, 2]
 * ```
 */
export class AlphaDropout extends Dropout {
  static override readonly className: string = "AlphaDropout";

  /**
   * @param rate the part that is dropped, from 0 to 1
   * @param options `noiseShape`, `seed`, and those of every layer
   */
  constructor(rate: number, options: DropoutOptions = {}) {
    super(rate, {
      ...baseOptions("AlphaDropout", options, ["noiseShape", "seed"]),
      noiseShape: options.noiseShape ?? null,
      seed: options.seed ?? null,
    });
  }

  override call(x: Tensor, { training }: CallArguments): Tensor {
    if (!training || this.seedGenerator === undefined) return x;
    const { rate } = this;
    const shape = this.noiseShape?.map((n, axis) => n ?? x.shape[axis]!) ?? x.shape;
    const kept = greaterEqual(uniform(shape, { seed: this.seedGenerator }), rate);
    const scale = ((1 - rate) * (1 + rate * saturated ** 2)) ** -0.5;
    return add(multiply(where(kept, x, saturated), scale), -scale * saturated * rate);
  }
}
