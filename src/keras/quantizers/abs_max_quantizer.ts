/** Quantizes by the largest magnitude. */
import {
  type Axes,
  checkOptions,
  type DType,
  show,
  type Tensor,
  type TensorLike,
  ValueError,
} from "../../engine/index.ts";
import { epsilon } from "../config/config.ts";
import { type Config, fromConfig } from "../saving/config.ts";
import { absMaxQuantize } from "./abs_max_quantize.ts";
import { Quantizer } from "./quantizer.ts";

/** Options of {@link AbsMaxQuantizer}. */
export interface AbsMaxQuantizerOptions {
  /** What shares a scale, unless the call says it. Default -1. */
  readonly axis?: number | readonly number[] | null;
  /** The smallest and the largest integer. Default `[-127, 127]`. */
  readonly valueRange?: readonly [low: number, high: number];
  /** Is added to the largest magnitude. Default `epsilon()`. */
  readonly epsilon?: number;
  /** The dtype of the whole numbers. Default `"int8"`. */
  readonly outputDtype?: DType;
}

/**
 * Quantizes so that the largest magnitude along an axis becomes the largest integer.
 *
 * @param options `axis` (default -1), `valueRange` (default `[-127, 127]`), `epsilon`, `outputDtype` (default `"int8"`)
 * @throws ValueError when int8 does not hold the range
 *
 * @example
 * ```ts
 * const [values, scale] = new AbsMaxQuantizer()([[1, -2]]);
 * [values.arraySync(), scale.item()]; // → [[[64, -127]], 63.5]
 * ```
 */
export class AbsMaxQuantizer extends Quantizer {
  static override readonly className: string = "AbsMaxQuantizer";
  readonly axis: number | readonly number[] | null;
  readonly valueRange: readonly [low: number, high: number];
  readonly epsilon: number;

  constructor(options: AbsMaxQuantizerOptions = {}) {
    checkOptions("AbsMaxQuantizer", options, ["axis", "valueRange", "epsilon", "outputDtype"]);
    const { outputDtype = "int8", valueRange = [-127, 127] } = options;
    if (outputDtype === "int8" && !(valueRange[0] >= -128 && valueRange[1] <= 127)) {
      throw new ValueError(
        `AbsMaxQuantizer: expected a valueRange within [-128, 127] for int8. Received: ${show(valueRange)}`,
      );
    }
    super({ outputDtype });
    this.axis = options.axis ?? null;
    this.valueRange = valueRange;
    this.epsilon = options.epsilon ?? epsilon();
  }

  override apply(x: TensorLike, axis?: Axes): [Tensor, Tensor] {
    const { valueRange, epsilon, outputDtype: dtype } = this;
    return absMaxQuantize(x, axis ?? this.axis ?? -1, { valueRange, epsilon, dtype });
  }

  override getConfig(): Config {
    return {
      value_range: this.valueRange,
      epsilon: this.epsilon,
      output_dtype: this.outputDtype,
      ...(this.axis !== null && { axis: typeof this.axis === "number" ? [this.axis] : this.axis }),
    };
  }

  static fromConfig(config: Config): AbsMaxQuantizer {
    return new AbsMaxQuantizer(fromConfig(config));
  }
}
