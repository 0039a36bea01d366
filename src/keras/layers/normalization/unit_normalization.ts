/** Vectors of norm 1. */
import type { Tensor } from "../../../engine/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import { normalize } from "../../ops/nn_losses.ts";
import type { Config } from "../../saving/config.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { axesOf, checkAxis } from "./base_normalization.ts";

/** Options of {@link UnitNormalization}. */
export interface UnitNormalizationOptions extends LayerOptions {
  /** The axis or axes of each vector. Default -1. */
  readonly axis?: number | readonly number[];
}

/**
 * Scales vectors to norm 1: `x / √Σx²`.
 *
 * Input: any shape. Output: the same.
 *
 * @throws ShapeError when the input does not have one of the axes
 *
 * @example
 * ```ts
 * new UnitNormalization()([[3, 4]]).arraySync(); // → [[0.6, 0.8]]
 * ```
 */
export class UnitNormalization extends Layer {
  static readonly className: string = "UnitNormalization";
  readonly axis: number | readonly number[];

  /** @param options `axis` (default -1), and those of every layer */
  constructor(options: UnitNormalizationOptions = {}) {
    super(baseOptions("UnitNormalization", options, ["axis"]));
    this.axis = checkAxis(options.axis ?? -1, "UnitNormalization");
    this.supportsMasking = true;
    this.built = true;
  }

  override call(x: Tensor): Tensor {
    return normalize(x, { axis: axesOf(this.axis, x.shape, `Layer "${this.name}"`), epsilon: 1e-12 });
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    axesOf(this.axis, inputShape, `Layer "${this.name}"`);
    return inputShape;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), axis: this.axis };
  }
}
