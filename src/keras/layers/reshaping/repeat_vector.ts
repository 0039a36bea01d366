/** Repeated vectors. */
import { broadcastTo, show, type Tensor, ValueError } from "../../../engine/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Config } from "../../saving/config.ts";
import { InputSpec } from "../input_spec.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";

/**
 * Repeats each sample as steps of a sequence.
 *
 * Input: `(batch, features)`. Output: `(batch, n, features)`.
 *
 * @throws ValueError unless `n` is a positive whole number
 *
 * @example
 * ```ts
 * new RepeatVector(2)([[1, 2]]).arraySync(); // → [[[1, 2], [1, 2]]]
 * ```
 */
export class RepeatVector extends Layer {
  static readonly className: string = "RepeatVector";
  static override readonly positional: readonly string[] = ["n"];
  readonly n: number;

  /**
   * @param n how many steps
   * @param options those of every layer
   */
  constructor(n: number, options: LayerOptions = {}) {
    super(baseOptions("RepeatVector", options, []));
    if (!(Number.isSafeInteger(n) && n > 0)) {
      throw new ValueError(`RepeatVector: expected n to be a positive whole number. Received: n=${show(n)}`);
    }
    this.n = n;
    this.inputSpec = new InputSpec({ ndim: 2 });
  }

  override call(x: Tensor): Tensor {
    const [samples, features] = x.shape as [number, number];
    return broadcastTo(x.reshape(samples, 1, features), [samples, this.n, features]);
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return [inputShape[0] ?? null, this.n, inputShape[1] ?? null];
  }

  override getConfig(): Config {
    return { ...super.getConfig(), n: this.n };
  }
}
