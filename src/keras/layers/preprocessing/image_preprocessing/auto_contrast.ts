/** Images stretched over the whole range of values. */
import { divide, equal, type Tensor, type TensorLike, toTensor, where } from "../../../../engine/index.ts";
import { clip } from "../../../ops/numpy_elementwise.ts";
import type { Config } from "../../../saving/config.ts";
import { BaseImagePreprocessingLayer, type ImageLayerOptions } from "./base_image_preprocessing_layer.ts";
import { type Range, valueRange } from "./factors.ts";
import { asBatch } from "./image_batch.ts";
import { bytes, moveRange } from "./value_range.ts";

/** Options of {@link AutoContrast}. */
export interface AutoContrastOptions extends ImageLayerOptions {
  /** The lowest and the highest value of pixels. Default `[0, 255]`. */
  readonly valueRange?: Range;
}

/**
 * Stretches each channel of each image so that its lowest value becomes the lowest that there can be and its highest the
 * highest; channels of one value stay as they are. It does so while not training, too.
 *
 * Input and output: an image or a batch; or an object of `images` and what belongs to them.
 *
 * Input: images `(batch, height, width, channels)` or a single one, alone or as `{ images, labels, boundingBoxes,
 * segmentationMasks }`. Output: the same, with the same shapes.
 *
 * @throws ValueError unless `valueRange` is a pair of numbers
 *
 * @example
 * ```ts
 * new AutoContrast({ valueRange: [0, 1] })([[[0.25], [0.5], [0.75]]]).arraySync(); // → [[[0], [0.5], [1]]]
 * ```
 */
export class AutoContrast extends BaseImagePreprocessingLayer<never> {
  static readonly className: string = "AutoContrast";
  readonly valueRange: Range;

  /** @param options `valueRange` (default `[0, 255]`), `dataFormat`, `boundingBoxFormat`, and those of every layer */
  constructor(options: AutoContrastOptions = {}) {
    super("AutoContrast", options, ["valueRange"]);
    this.valueRange = valueRange(options.valueRange ?? bytes, "AutoContrast");
  }

  override transformImages(images: TensorLike): Tensor {
    return asBatch(toTensor(images), (batch) => this.#stretch(batch));
  }

  #stretch(given: Tensor): Tensor {
    const original = given.astype(this.computeDtype);
    const x = moveRange(original, this.valueRange, bytes);
    // As in Keras these axes, whatever the data format.
    const [low, high] = [x.min([1, 2], { keepdims: true }), x.max([1, 2], { keepdims: true })];
    const range = high.subtract(low);
    const isFlat = equal(range, 0);
    const scale = divide(255, where(isFlat, 1, range));
    const stretched = clip(x.multiply(scale).subtract(low.multiply(scale)), ...bytes);
    return where(isFlat, original, moveRange(stretched, bytes, this.valueRange));
  }

  override getConfig(): Config {
    return { ...super.getConfig(), value_range: this.valueRange };
  }
}
