/** `keras.ops.image`: functions of images. */
export { hsvToRgb, rgbToGrayscale, rgbToHsv } from "./image_color.ts";
export {
  type GaussianBlurOptions,
  gaussianBlur,
  type SsimOptions,
  sobelEdges,
  ssim,
} from "./image_filters.ts";
export type { ImageOptions } from "./image_layout.ts";
export {
  type CropImagesOptions,
  cropImages,
  type ExtractPatchesOptions,
  extractPatches,
  extractPatches3d,
  type PadImagesOptions,
  padImages,
  type ReconstructPatchesOptions,
  reconstructPatches,
} from "./image_patches.ts";
export {
  type ResizeInterpolation,
  type ResizeOptions,
  resize,
  type ScaleAndTranslateOptions,
  type ScaleMethod,
  scaleAndTranslate,
} from "./image_resize.ts";
export {
  type AffineTransformOptions,
  affineTransform,
  type ElasticTransformOptions,
  elasticTransform,
  type FillMode,
  type MapCoordinatesOptions,
  mapCoordinates,
  type PerspectiveTransformOptions,
  perspectiveTransform,
  type SampleInterpolation,
} from "./image_sampling.ts";
