/** `keras.visualization`: images with boxes, masks and labels. */
export {
  type DrawBoundingBoxesOptions,
  drawBoundingBoxes,
  type LabeledBoxes,
  type Rgb,
} from "./draw_bounding_boxes.ts";
export { type DrawSegmentationMasksOptions, drawSegmentationMasks } from "./draw_segmentation_masks.ts";
export type { ClassMapping } from "./image_batch.ts";
export { type PlotBoundingBoxGalleryOptions, plotBoundingBoxGallery } from "./plot_bounding_box_gallery.ts";
export { type LegendHandle, type PlotImageGalleryOptions, plotImageGallery } from "./plot_image_gallery.ts";
export {
  type PlotSegmentationMaskGalleryOptions,
  plotSegmentationMaskGallery,
} from "./plot_segmentation_mask_gallery.ts";
