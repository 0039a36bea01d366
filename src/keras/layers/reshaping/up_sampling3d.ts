/** Volumes made larger by whole factors. */
import { type DType, type Tensor } from "../../../engine/index.ts";
import { type DataFormat, standardizeDataFormat } from "../../backend/data_format.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import { repeat } from "../../ops/numpy_shape.ts";
import { type PerAxis, perAxis } from "../../ops/window_arguments.ts";
import type { Config } from "../../saving/config.ts";
import { firstDType } from "../call_inputs.ts";
import { InputSpec } from "../input_spec.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { firstSpatialAxis, mapSpatial } from "./spatial.ts";

/** Options of {@link UpSampling3D}. */
export interface UpSampling3DOptions extends LayerOptions {
  /** The factors of the three axes. Default 2. */
  readonly size?: PerAxis;
  /** `"channels_last"` (default) or `"channels_first"`. */
  readonly dataFormat?: DataFormat | null;
}

/**
 * Repeats the elements of volumes along their three axes of space.
 *
 * Input: `(batch, dim1, dim2, dim3, channels)`. Output: the same with each axis of space `size` times as long.
 *
 * @throws ValueError unless the factors are positive whole numbers
 *
 * @example
 * ```ts
 * new UpSampling3D({ size: [1, 2, 3] })(ops.ones([1, 2, 2, 2, 1])).shape; // → [1, 2, 4, 6, 1]
 * ```
 */
export class UpSampling3D extends Layer {
  static readonly className: string = "UpSampling3D";
  readonly size: readonly number[];
  readonly dataFormat: DataFormat;

  /** @param options `size` (default 2), `dataFormat`, and those of every layer */
  constructor(options: UpSampling3DOptions = {}) {
    super(baseOptions("UpSampling3D", options, ["size", "dataFormat"]));
    this.size = perAxis(options.size ?? 2, 3, "UpSampling3D", "size");
    this.dataFormat = standardizeDataFormat(options.dataFormat, "UpSampling3D");
    this.inputSpec = new InputSpec({ ndim: 5 });
  }

  override call(x: Tensor): Tensor {
    const first = firstSpatialAxis(this.dataFormat);
    return this.size.reduce((y, times, i) => repeat(y, times, { axis: first + i }), x);
  }

  protected override outputDType(inputs: unknown): DType {
    return firstDType(inputs);
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return mapSpatial(inputShape, this.dataFormat, 3, (n, axis) => n * this.size[axis]!);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), size: this.size, data_format: this.dataFormat };
  }
}
