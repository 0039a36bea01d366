/** Images in another size. */
import { type Tensor } from "../../../engine/index.ts";
import { type DataFormat, standardizeDataFormat } from "../../backend/data_format.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import { type ResizeInterpolation, resize, resizeInterpolations } from "../../ops/image_resize.ts";
import { perAxis } from "../../ops/window_arguments.ts";
import type { Config } from "../../saving/config.ts";
import { checkChoice } from "../../utils/argument_validation.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";

/** Options of {@link Resizing}. */
export interface ResizingOptions extends LayerOptions {
  /** How pixels between pixels are found. Default `"bilinear"`. */
  readonly interpolation?: ResizeInterpolation;
  /** Whether the middle is cut out first so that proportions stay. Default false. */
  readonly cropToAspectRatio?: boolean;
  /** Whether borders are added first so that proportions stay. Default false. */
  readonly padToAspectRatio?: boolean;
  /** How the image goes on outside, with `padToAspectRatio`. Default `"constant"`. */
  readonly fillMode?: "constant";
  /** The value of what is filled in. Default 0. */
  readonly fillValue?: number;
  /** Whether images that become smaller are smoothed first. Default false. */
  readonly antialias?: boolean;
  /** `"channels_last"` (default) or `"channels_first"`. */
  readonly dataFormat?: DataFormat | null;
}

/**
 * Brings images into one size; see `ops.image.resize`.
 *
 * Input: an image or a batch. Output: the same with the given height and width.
 *
 * @throws ValueError for sizes and options that cannot be
 *
 * @example
 * ```ts
 * new Resizing(1, 2)(ops.ones([1, 4, 4, 3])).shape; // → [1, 1, 2, 3]
 * ```
 */
export class Resizing extends Layer {
  static readonly className: string = "Resizing";
  static override readonly positional: readonly string[] = ["height", "width"];
  readonly height: number;
  readonly width: number;
  readonly interpolation: ResizeInterpolation;
  readonly cropToAspectRatio: boolean;
  readonly padToAspectRatio: boolean;
  readonly fillMode: "constant";
  readonly fillValue: number;
  readonly antialias: boolean;
  readonly dataFormat: DataFormat;

  /**
   * @param height, width of the output
   * @param options `interpolation` (default `"bilinear"`), `cropToAspectRatio`, `padToAspectRatio` (default false),
   *   `fillMode` (`"constant"`), `fillValue` (default 0), `antialias` (default false), `dataFormat`, and those of every layer
   */
  constructor(height: number, width: number, options: ResizingOptions = {}) {
    const own = [
      "interpolation",
      "cropToAspectRatio",
      "padToAspectRatio",
      "fillMode",
      "fillValue",
      "antialias",
    ];
    super(baseOptions("Resizing", options, [...own, "dataFormat"]));
    [this.height, this.width] = perAxis([height, width], 2, "Resizing", "size") as [number, number];
    const method = options.interpolation ?? "bilinear";
    this.interpolation = checkChoice(method, resizeInterpolations, "Resizing", "interpolation");
    this.cropToAspectRatio = options.cropToAspectRatio ?? false;
    this.padToAspectRatio = options.padToAspectRatio ?? false;
    this.fillMode = checkChoice(options.fillMode ?? "constant", ["constant"], "Resizing", "fillMode");
    this.fillValue = options.fillValue ?? 0;
    this.antialias = options.antialias ?? false;
    this.dataFormat = standardizeDataFormat(options.dataFormat, "Resizing");
  }

  override call(x: Tensor): Tensor {
    const { interpolation, cropToAspectRatio, padToAspectRatio, fillValue, antialias, dataFormat } = this;
    return resize(x.astype(this.computeDtype), [this.height, this.width], {
      interpolation,
      cropToAspectRatio,
      padToAspectRatio,
      fillValue,
      antialias,
      dataFormat,
    });
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    const row = inputShape.length - (this.dataFormat === "channels_last" ? 3 : 2);
    return inputShape.map((n, i) => (i === row ? this.height : i === row + 1 ? this.width : n));
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      height: this.height,
      width: this.width,
      interpolation: this.interpolation,
      crop_to_aspect_ratio: this.cropToAspectRatio,
      pad_to_aspect_ratio: this.padToAspectRatio,
      fill_mode: this.fillMode,
      fill_value: this.fillValue,
      antialias: this.antialias,
      data_format: this.dataFormat,
    };
  }
}
