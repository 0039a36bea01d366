/** Softmax as a layer. */
import { exp, greater, type Tensor, where } from "../../../engine/index.ts";
import { softmax } from "../../activations/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import { logsumexp } from "../../ops/math.ts";
import type { Config } from "../../saving/config.ts";
import type { CallArguments } from "../call_inputs.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";

/** Options of {@link Softmax}. */
export interface SoftmaxOptions extends LayerOptions {
  /** The axis, or axes, over which the outputs sum to 1. Default -1. */
  readonly axis?: number | readonly number[];
}

/**
 * Softmax: `exp(x) / Σ exp(x)` over an axis. With a mask of the input's shape, what is masked counts nothing.
 *
 * Input: any shape. Output: the same shape.
 *
 * @example
 * ```ts
 * new Softmax()([[1, 1]]).arraySync(); // → [[0.5, 0.5]]
 * ```
 */
export class Softmax extends Layer {
  static readonly className: string = "Softmax";
  readonly axis: number | readonly number[];

  constructor(options: SoftmaxOptions = {}) {
    super(baseOptions("Softmax", options, ["axis"]));
    this.axis = options.axis ?? -1;
    this.supportsMasking = true;
    this.built = true;
  }

  protected override get notesMask(): boolean {
    return true;
  }

  override call(x: Tensor, { mask }: CallArguments): Tensor {
    if (mask === undefined) return this.#softmax(x);
    const given = mask as Tensor;
    const kept = given.dtype === "bool" ? given : greater(given, 0.5);
    // Where all of an axis is masked, softmax alone would give equal shares.
    return where(kept, this.#softmax(where(kept, x, -1e9)), 0);
  }

  #softmax(x: Tensor): Tensor {
    if (typeof this.axis === "number") return softmax(x, { axis: this.axis });
    if (this.axis.length === 1) return softmax(x, { axis: this.axis[0]! });
    return exp(x.subtract(logsumexp(x, { axis: this.axis, keepdims: true })));
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return inputShape;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), axis: this.axis };
  }
}
