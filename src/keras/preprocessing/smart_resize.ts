/** Pictures in another size whose proportions stay. */
import {
  checkOptions,
  ShapeError,
  show,
  showShape,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
} from "../../engine/index.ts";
import { type DataFormat, standardizeDataFormat } from "../backend/data_format.ts";
import { type ResizeInterpolation, resize } from "../ops/image_resize.ts";

/** Options of {@link smartResize}. */
export interface SmartResizeOptions {
  /** How pixels between pixels are found. Default `"bilinear"`. */
  readonly interpolation?: ResizeInterpolation;
  /** Whether channels come last or first. Default `"channels_last"`. */
  readonly dataFormat?: DataFormat;
}

/**
 * Pictures in another size: the middle that has its proportions is cut out and resized, so that nothing is stretched.
 *
 * @param x one picture, or a batch
 * @param size `[height, width]`
 * @param options `interpolation` (default `"bilinear"`), `dataFormat` (default `"channels_last"`)
 * @throws ShapeError for other numbers of axes, ValueError for options that cannot be
 *
 * @example
 * ```ts
 * import { image } from "tsuno/preprocessing";
 *
 * image.smartResize(np.ones([4, 8, 3]), [2, 2]).shape; // → [2, 2, 3]
 * ```
 */
export function smartResize(
  x: TensorLike,
  size: readonly [height: number, width: number],
  options: SmartResizeOptions = {},
): Tensor {
  const where = "smartResize";
  checkOptions(where, options, ["interpolation", "dataFormat"]);
  const dataFormat = standardizeDataFormat(options.dataFormat ?? "channels_last", where);
  if (!Array.isArray(size) || size.length !== 2)
    throw new ValueError(`${where}: expected size to be [height, width]. Received: size=${show(size)}`);
  const img = toTensor(x);
  if (img.ndim !== 3 && img.ndim !== 4) {
    throw new ShapeError(
      `${where}: expected a picture of three axes or a batch of four. Received shape ${showShape(img.shape)}`,
    );
  }
  const { interpolation = "bilinear" } = options;
  return resize(img, size, { interpolation, cropToAspectRatio: true, dataFormat });
}
