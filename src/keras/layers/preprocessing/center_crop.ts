/** The middle of images. */
import { type Tensor } from "../../../engine/index.ts";
import { type DataFormat, standardizeDataFormat } from "../../backend/data_format.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import { resize } from "../../ops/image_resize.ts";
import { perAxis } from "../../ops/window_arguments.ts";
import type { Config } from "../../saving/config.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";

/** Options of {@link CenterCrop}. */
export interface CenterCropOptions extends LayerOptions {
  /** `"channels_last"` (default) or `"channels_first"`. */
  readonly dataFormat?: DataFormat | null;
}

/**
 * Cuts out the middle of images. Images that are smaller than that are resized, their proportions kept by cutting.
 *
 * Input: an image or a batch. Output: the same with the given height and width.
 *
 * @throws ValueError unless height and width are positive whole numbers
 *
 * @example
 * ```ts
 * new CenterCrop(1, 1)([[[[1], [2], [3]]]]).arraySync(); // → [[[[2]]]]
 * ```
 */
export class CenterCrop extends Layer {
  static readonly className: string = "CenterCrop";
  static override readonly positional: readonly string[] = ["height", "width"];
  readonly height: number;
  readonly width: number;
  readonly dataFormat: DataFormat;

  /**
   * @param height, width of the output
   * @param options `dataFormat`, and those of every layer
   */
  constructor(height: number, width: number, options: CenterCropOptions = {}) {
    super(baseOptions("CenterCrop", options, ["dataFormat"]));
    [this.height, this.width] = perAxis([height, width], 2, "CenterCrop", "size") as [number, number];
    this.dataFormat = standardizeDataFormat(options.dataFormat, "CenterCrop");
  }

  #firstAxis(rank: number): number {
    return rank - (this.dataFormat === "channels_last" ? 3 : 2);
  }

  override call(given: Tensor): Tensor {
    const x = given.astype(this.computeDtype);
    const row = this.#firstAxis(x.ndim);
    const [high, wide] = [x.shape[row]! - this.height, x.shape[row + 1]! - this.width];
    if (high < 0 || wide < 0) {
      return resize(x, [this.height, this.width], { cropToAspectRatio: true, dataFormat: this.dataFormat });
    }
    const [top, left] = [Math.floor(high / 2), Math.floor(wide / 2)];
    const ranges = new Map([
      [row, [top, top + this.height]],
      [row + 1, [left, left + this.width]],
    ]);
    return x.at(...x.shape.map((_, axis) => ranges.get(axis) ?? []));
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    const row = this.#firstAxis(inputShape.length);
    return inputShape.map((n, i) => (i === row ? this.height : i === row + 1 ? this.width : n));
  }

  override getConfig(): Config {
    const { height, width, dataFormat } = this;
    return { ...super.getConfig(), height, width, data_format: dataFormat };
  }
}
