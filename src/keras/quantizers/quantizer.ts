/** What makes integers of floats. */
import { type Axes, asDType, type DType, type Tensor, type TensorLike } from "../../engine/index.ts";
import type { Config } from "../saving/config.ts";
import { Callable } from "../utils/callable.ts";

export interface Quantizer {
  /** Quantizes: `quantizer(x, axis)` is `quantizer.apply(x, axis)`. */
  (x: TensorLike, axis?: Axes): [values: Tensor, scale: Tensor];
}

/**
 * Base of quantizers, to extend: `apply` gives integers and their scale.
 *
 * @param options `outputDtype`: the dtype of what is quantized (default `"int8"`)
 *
 * @example
 * ```ts
 * new AbsMaxQuantizer().outputDtype; // → "int8"
 * ```
 */
export abstract class Quantizer extends Callable {
  static readonly className: string = "Quantizer";
  static readonly module: string = "keras.quantizers";
  readonly outputDtype: DType;

  constructor(options: { readonly outputDtype?: DType } = {}) {
    super("apply");
    this.outputDtype = asDType(options.outputDtype ?? "int8", "Quantizer");
  }

  /**
   * Integers in place of floats.
   *
   * @param axis what shares a scale
   */
  abstract apply(x: TensorLike, axis?: Axes): [values: Tensor, scale: Tensor];

  abstract getConfig(): Config;
}
