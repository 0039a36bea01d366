/** Images made larger by whole factors. */
import { type DType, didYouMean, show, type Tensor, ValueError } from "../../../engine/index.ts";
import { type DataFormat, standardizeDataFormat } from "../../backend/data_format.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import { type ResizeInterpolation, resize, resizeInterpolations } from "../../ops/image_resize.ts";
import { repeat } from "../../ops/numpy_shape.ts";
import { type PerAxis, perAxis } from "../../ops/window_arguments.ts";
import type { Config } from "../../saving/config.ts";
import { firstDType } from "../call_inputs.ts";
import { InputSpec } from "../input_spec.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { firstSpatialAxis, mapSpatial } from "./spatial.ts";

/** Options of {@link UpSampling2D}. */
export interface UpSampling2DOptions extends LayerOptions {
  /** The factors of height and width. Default 2. */
  readonly size?: PerAxis;
  /** `"channels_last"` (default) or `"channels_first"`. */
  readonly dataFormat?: DataFormat | null;
  /** `"nearest"` (default) repeats rows and columns; the others interpolate, see `ops.image.resize`. */
  readonly interpolation?: ResizeInterpolation;
}

/**
 * Makes images larger by whole factors.
 *
 * Input: `(batch, height, width, channels)`. Output: `(batch, size[0] · height, size[1] · width, channels)`.
 *
 * @throws ValueError for factors or kinds of interpolation that cannot be
 *
 * @example
 * ```ts
 * new UpSampling2D({ size: [1, 2] })([[[[1], [2]]]]).arraySync(); // → [[[[1], [1], [2], [2]]]]
 * ```
 */
export class UpSampling2D extends Layer {
  static readonly className: string = "UpSampling2D";
  readonly size: readonly number[];
  readonly dataFormat: DataFormat;
  readonly interpolation: ResizeInterpolation;

  /** @param options `size` (default 2), `dataFormat`, `interpolation` (default `"nearest"`), and those of every layer */
  constructor(options: UpSampling2DOptions = {}) {
    super(baseOptions("UpSampling2D", options, ["size", "dataFormat", "interpolation"]));
    this.size = perAxis(options.size ?? 2, 2, "UpSampling2D", "size");
    this.dataFormat = standardizeDataFormat(options.dataFormat, "UpSampling2D");
    const name = String(options.interpolation ?? "nearest").toLowerCase();
    if (!(resizeInterpolations as readonly string[]).includes(name)) {
      throw new ValueError(
        `UpSampling2D: expected interpolation to be one of ${resizeInterpolations.join(", ")}. ` +
          `Received: ${show(options.interpolation)}.${didYouMean(name, resizeInterpolations)}`,
      );
    }
    this.interpolation = name as ResizeInterpolation;
    this.inputSpec = new InputSpec({ ndim: 4 });
  }

  override call(x: Tensor): Tensor {
    const { dataFormat, interpolation } = this;
    const first = firstSpatialAxis(dataFormat);
    const [rows, columns] = this.size as [number, number];
    if (interpolation === "nearest") {
      return repeat(repeat(x, rows, { axis: first }), columns, { axis: first + 1 });
    }
    const size = [x.shape[first]! * rows, x.shape[first + 1]! * columns] as const;
    return resize(x, size, { interpolation, dataFormat });
  }

  protected override outputDType(inputs: unknown): DType {
    return firstDType(inputs);
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return mapSpatial(inputShape, this.dataFormat, 2, (n, axis) => n * this.size[axis]!);
  }

  override getConfig(): Config {
    const { size, dataFormat, interpolation } = this;
    return { ...super.getConfig(), size, data_format: dataFormat, interpolation };
  }
}
