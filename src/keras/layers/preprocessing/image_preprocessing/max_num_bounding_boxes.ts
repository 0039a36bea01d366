/** The same number of bounding boxes for each image. */
import { type Tensor, type TensorLike, toTensor } from "../../../../engine/index.ts";
import type { KerasShape, ShapeTree } from "../../../backend/keras_tensor.ts";
import { pad } from "../../../ops/numpy_pad.ts";
import type { Config } from "../../../saving/config.ts";
import { positiveInteger } from "../../../utils/argument_validation.ts";
import type { BoundingBoxes } from "../../../utils/bounding_boxes/index.ts";
import { BaseImagePreprocessingLayer, type ImageLayerOptions } from "./base_image_preprocessing_layer.ts";

/** Options of {@link MaxNumBoundingBoxes}. */
export interface MaxNumBoundingBoxesOptions extends ImageLayerOptions {
  /** What stands in boxes and labels that are added. Default -1. */
  readonly fillValue?: number;
}

/**
 * Gives each image the same number of bounding boxes: those after it are dropped, missing ones are added.
 *
 * Input and output: an object of `images`, `boundingBoxes` and what else belongs to them; all but the boxes stays.
 *
 * @throws ValueError unless `maxNumber` is a positive whole number
 *
 * @example
 * ```ts
 * const layer = new MaxNumBoundingBoxes(2, { boundingBoxFormat: "xyxy" });
 * const { boundingBoxes } = layer({
 *   images: np.ones([1, 4, 4, 3]),
 *   boundingBoxes: { boxes: [[[0, 0, 2, 2]]], labels: [[1]] },
 * });
 * boundingBoxes?.labels?.arraySync(); // → [[1, -1]]
 * ```
 */
export class MaxNumBoundingBoxes extends BaseImagePreprocessingLayer<never> {
  static readonly className: string = "MaxNumBoundingBoxes";
  static override readonly positional: readonly string[] = ["maxNumber"];
  readonly maxNumber: number;
  readonly fillValue: number;

  /**
   * @param maxNumber how many boxes each image has then
   * @param options `fillValue` (default -1), `dataFormat`, `boundingBoxFormat`, and those of every layer
   */
  constructor(maxNumber: number, options: MaxNumBoundingBoxesOptions = {}) {
    super("MaxNumBoundingBoxes", options, ["fillValue"]);
    this.maxNumber = positiveInteger(maxNumber, "MaxNumBoundingBoxes", "maxNumber");
    this.fillValue = Math.trunc(options.fillValue ?? -1);
  }

  override transformImages(images: TensorLike): Tensor {
    return toTensor(images);
  }

  override transformBoundingBoxes(boundingBoxes: BoundingBoxes): BoundingBoxes<Tensor> {
    const { boxes, labels, ...rest } = boundingBoxes;
    const few = (x: TensorLike): Tensor => {
      const kept = toTensor(x).at([], [0, this.maxNumber]);
      const missing = this.maxNumber - kept.shape[1]!;
      const widths = kept.shape.map((_, axis): [number, number] => [0, axis === 1 ? missing : 0]);
      return missing === 0 ? kept : pad(kept, widths, { constantValues: this.fillValue });
    };
    return { ...rest, boxes: few(boxes), ...(labels !== undefined && { labels: few(labels) }) };
  }

  override computeOutputShape(inputShape: ShapeTree): ShapeTree {
    if (Array.isArray(inputShape)) return inputShape;
    const shapes = inputShape as { readonly [key: string]: ShapeTree };
    if (!("boundingBoxes" in shapes)) return inputShape;
    const boxes = Object.entries(shapes.boundingBoxes as { readonly [key: string]: KerasShape }).map(
      ([key, shape]) => [key, shape.map((n, axis) => (axis === 1 ? this.maxNumber : n))],
    );
    return { ...shapes, boundingBoxes: Object.fromEntries(boxes) as ShapeTree };
  }

  override getConfig(): Config {
    const { maxNumber, fillValue } = this;
    // Keras writes the number only.
    return {
      ...super.getConfig(),
      max_number: maxNumber,
      ...(fillValue !== -1 && { fill_value: fillValue }),
    };
  }
}
