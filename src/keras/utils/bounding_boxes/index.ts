/** `keras.utils.bounding_boxes`: boxes around what is seen in images. */
export {
  type AffineBoxesOptions,
  affineTransform,
  type BoundingBoxes,
  type ClipToImageSizeOptions,
  type ConvertFormatOptions,
  type CornersOptions,
  clipToImageSize,
  convertFormat,
  crop,
  type ImageSizeOptions,
  type PadBoxesOptions,
  pad,
} from "./converters.ts";
export {
  type DecodeDeltasToBoxesOptions,
  type DeltaFormat,
  decodeDeltasToBoxes,
  type EncodeBoxToDeltasOptions,
  encodeBoxToDeltas,
} from "./deltas.ts";
export type { BoundingBoxFormat } from "./formats.ts";
export { type ComputeCiouOptions, type ComputeIouOptions, computeCiou, computeIou } from "./iou.ts";
