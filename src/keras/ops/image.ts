/** `keras.ops.image`: functions of images, which can be steps of a graph as those of `index.ts` can. */
import * as color from "./image_color.ts";
import * as filters from "./image_filters.ts";
import * as patches from "./image_patches.ts";
import * as resizing from "./image_resize.ts";
import * as sampling from "./image_sampling.ts";
import { type Step, step } from "./step.ts";

export type { GaussianBlurOptions, SsimOptions } from "./image_filters.ts";
export type { ImageOptions } from "./image_layout.ts";
export type {
  CropImagesOptions,
  ExtractPatchesOptions,
  PadImagesOptions,
  ReconstructPatchesOptions,
} from "./image_patches.ts";
export type {
  ResizeInterpolation,
  ResizeOptions,
  ScaleAndTranslateOptions,
  ScaleMethod,
} from "./image_resize.ts";
export type {
  AffineTransformOptions,
  ElasticTransformOptions,
  FillMode,
  MapCoordinatesOptions,
  PerspectiveTransformOptions,
  SampleInterpolation,
} from "./image_sampling.ts";

export const affineTransform: Step<typeof sampling.affineTransform> = /* @__PURE__ */ step(
  sampling.affineTransform,
  'image AffineTransform images transform | interpolation!="bilinear" fill_mode!="constant" fill_value!=0 data_format!=null',
);
export const cropImages: Step<typeof patches.cropImages> = /* @__PURE__ */ step(
  patches.cropImages,
  "image CropImages images | top_cropping!=null left_cropping!=null bottom_cropping!=null right_cropping!=null target_height!=null target_width!=null data_format!=null",
);
export const elasticTransform: Step<typeof sampling.elasticTransform> = /* @__PURE__ */ step(
  sampling.elasticTransform,
  'image ElasticTransform images | alpha!=20 sigma!=5 interpolation!="bilinear" fill_mode!="reflect" fill_value!=0 seed!=null data_format!=null',
);
export const extractPatches: Step<typeof patches.extractPatches> = /* @__PURE__ */ step(
  patches.extractPatches,
  'image ExtractPatches images size! | strides!=null dilation_rate!=1 padding!="valid" data_format!=null',
);
/** See {@link extractPatches}; of volumes, also with one number for a cube. */
export const extractPatches3d: Step<typeof patches.extractPatches3d> = ((
  volumes: Parameters<typeof patches.extractPatches3d>[0],
  size: Parameters<typeof patches.extractPatches3d>[1],
  ...rest: readonly patches.ExtractPatchesOptions[]
) => extractPatches(volumes, typeof size === "number" ? [size, size, size] : size, ...rest)) as Step<
  typeof patches.extractPatches3d
>;
export const gaussianBlur: Step<typeof filters.gaussianBlur> = /* @__PURE__ */ step(
  filters.gaussianBlur,
  "image GaussianBlur images | kernel_size!=[3,3] sigma!=[1,1] data_format!=null",
);
export const hsvToRgb: Step<typeof color.hsvToRgb> = /* @__PURE__ */ step(
  color.hsvToRgb,
  "image HSVToRGB images | data_format!=null",
);
export const mapCoordinates: Step<typeof sampling.mapCoordinates> = /* @__PURE__ */ step(
  sampling.mapCoordinates,
  'image MapCoordinates inputs coordinates order! | fill_mode!="constant" fill_value!=0',
);
export const padImages: Step<typeof patches.padImages> = /* @__PURE__ */ step(
  patches.padImages,
  "image PadImages images | top_padding!=null left_padding!=null bottom_padding!=null right_padding!=null target_height!=null target_width!=null data_format!=null",
);
export const perspectiveTransform: Step<typeof sampling.perspectiveTransform> = /* @__PURE__ */ step(
  sampling.perspectiveTransform,
  'image PerspectiveTransform images start_points end_points | interpolation!="bilinear" fill_value!=0 data_format!=null',
);
export const reconstructPatches: Step<typeof patches.reconstructPatches> = /* @__PURE__ */ step(
  patches.reconstructPatches,
  'image ReconstructPatches patches size! output_size! | strides!=null padding!="valid" data_format!=null',
);
export const resize: Step<typeof resizing.resize> = /* @__PURE__ */ step(
  resizing.resize,
  'image Resize images size! | interpolation!="bilinear" antialias!=false crop_to_aspect_ratio!=false pad_to_aspect_ratio!=false fill_mode!="constant" fill_value!=0 data_format!=null',
);
export const rgbToGrayscale: Step<typeof color.rgbToGrayscale> = /* @__PURE__ */ step(
  color.rgbToGrayscale,
  "image RGBToGrayscale images | data_format!=null",
);
export const rgbToHsv: Step<typeof color.rgbToHsv> = /* @__PURE__ */ step(
  color.rgbToHsv,
  "image RGBToHSV images | data_format!=null",
);
export const scaleAndTranslate: Step<typeof resizing.scaleAndTranslate> = /* @__PURE__ */ step(
  resizing.scaleAndTranslate,
  "image ScaleAndTranslate images output_shape scale translation spatial_dims! method! | antialias!=true",
);
export const sobelEdges: Step<typeof filters.sobelEdges> = /* @__PURE__ */ step(
  filters.sobelEdges,
  "image SobelEdges images | data_format!=null",
);
export const ssim: Step<typeof filters.ssim> = /* @__PURE__ */ step(
  filters.ssim,
  "image SSIM image1 image2 | max_val!=1 filter_size!=11 filter_sigma!=1.5 k1!=0.01 k2!=0.03 data_format!=null",
);
