/** Histograms of images made even. */
import {
  cast,
  full,
  greater,
  lessEqual,
  sum,
  type Tensor,
  type TensorLike,
  toTensor,
  where,
} from "../../../../engine/index.ts";
import { channelAxis } from "../../../ops/image_layout.ts";
import { segmentSum } from "../../../ops/math.ts";
import { clip } from "../../../ops/numpy_elementwise.ts";
import { take } from "../../../ops/numpy_indexing.ts";
import { cumsum } from "../../../ops/numpy_reductions.ts";
import { round } from "../../../ops/numpy_rounding.ts";
import { stack, unstack } from "../../../ops/numpy_shape.ts";
import type { Config } from "../../../saving/config.ts";
import { positiveInteger } from "../../../utils/argument_validation.ts";
import {
  BaseImagePreprocessingLayer,
  type ImageLayerOptions,
  type TransformOptions,
} from "./base_image_preprocessing_layer.ts";
import { type Range, valueRange } from "./factors.ts";
import { bytes, moveRange } from "./value_range.ts";

/** Options of {@link Equalization}. */
export interface EqualizationOptions extends ImageLayerOptions {
  /** The lowest and the highest value of pixels. Default `[0, 255]`. */
  readonly valueRange?: Range;
  /** Into how many parts the range of values is cut. Default 256. */
  readonly bins?: number;
}

/**
 * While training, spreads values so that all of them are about as frequent: each becomes the part of pixels that are not
 * brighter. A channel's histogram is that of the whole batch; channels of one value stay as they are.
 *
 * Input and output: an image or a batch; or an object of `images` and what belongs to them.
 *
 * Input: images `(batch, height, width, channels)` or a single one, alone or as `{ images, labels, boundingBoxes,
 * segmentationMasks }`. Output: the same, with the same shapes.
 *
 * @throws ValueError unless `valueRange` is a pair of numbers and `bins` a positive whole number
 *
 * @example
 * ```ts
 * new Equalization()([[[10], [20], [30]]]).arraySync(); // → [[[0], [128], [255]]]
 * ```
 */
export class Equalization extends BaseImagePreprocessingLayer<never> {
  static readonly className: string = "Equalization";
  readonly valueRange: Range;
  readonly bins: number;

  /**
   * @param options `valueRange` (default `[0, 255]`), `bins` (default 256), `dataFormat`, `boundingBoxFormat`, and those of
   *   every layer
   */
  constructor(options: EqualizationOptions = {}) {
    super("Equalization", options, ["valueRange", "bins"]);
    this.valueRange = valueRange(options.valueRange ?? bytes, "Equalization");
    this.bins = positiveInteger(options.bins ?? 256, "Equalization", "bins");
  }

  override transformImages(
    images: TensorLike,
    _transformation: null = null,
    { training = true }: TransformOptions = {},
  ): Tensor {
    const given = toTensor(images);
    if (!training) return given;
    const axis = channelAxis(given.ndim, this.dataFormat, "Equalization");
    const channels = unstack(given.astype(this.computeDtype), { axis });
    return stack(
      channels.map((channel) => this.#equalize(channel)),
      { axis },
    );
  }

  #equalize(given: Tensor): Tensor {
    const last = this.bins - 1;
    const channel = moveRange(given, this.valueRange, bytes);
    const indices = clip(channel.multiply(last).divide(255).astype("int32"), 0, last).flatten();
    const one = full(indices.shape, 1, "int32");
    const histogram = segmentSum(one, indices, { numSegments: this.bins });
    const counts = cumsum(histogram).astype("float64");
    const isUsed = greater(histogram, 0);
    const least = where(isUsed, counts, indices.size + 1).min();
    const room = counts.at(last).subtract(least);
    const parts = counts
      .subtract(least)
      .multiply(255)
      .divide(where(lessEqual(room, 0), 1, room));
    const table = clip(round(parts), ...bytes).astype(this.computeDtype);
    const places = clip(channel.divide(255).multiply(last), 0, last).astype("int32");
    const flat = lessEqual(sum(cast(isUsed, "int32")), 1);
    return moveRange(where(flat, channel, take(table, places)), bytes, this.valueRange);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), bins: this.bins, value_range: this.valueRange };
  }
}
