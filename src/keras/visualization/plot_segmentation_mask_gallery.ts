/** Images beside themselves with the classes of their pixels: the true ones and the predicted ones. */
import { checkOptions, type Tensor, type TensorLike, tensor, toTensor } from "../../engine/index.ts";
import type { Figure } from "../../pyplot/index.ts";
import { type DrawSegmentationMasksOptions, drawSegmentationMasks } from "./draw_segmentation_masks.ts";
import { bytesOfRange, type Images, readImages } from "./image_batch.ts";
import { GALLERY_OPTIONS, type PlotImageGalleryOptions, plotImageGallery } from "./plot_image_gallery.ts";

/** Options of `plotSegmentationMaskGallery`: its own, and those of `plotImageGallery`. */
export interface PlotSegmentationMaskGalleryOptions
  extends Omit<PlotImageGalleryOptions, "yTrue" | "yPred" | "rows" | "cols">,
    Pick<DrawSegmentationMasksOptions, "colorMapping" | "blend" | "alpha" | "ignoreIndex"> {
  /** The class of each pixel: integers of shape (batch, height, width) or (batch, height, width, 1). */
  readonly yTrue?: TensorLike | null;
  /** The predicted ones. */
  readonly yPred?: TensorLike | null;
}

/**
 * Shows images with segmentation masks: a row for each image, with itself, the true masks and the predicted ones.
 *
 * @param images shape (batch, height, width, 3)
 * @param numClasses how many classes there are
 * @param options `yTrue`, `yPred`, `valueRange` ([0, 255]), `colorMapping`, `blend` (true), `alpha` (0.8), `ignoreIndex` (-1),
 *   and those of {@link plotImageGallery}
 * @returns the figure
 * @throws ShapeError when shapes do not fit
 * @example
 * ```ts
 * const masks = np.zeros([2, 8, 8], { dtype: "int32" });
 * const figure = await plotSegmentationMaskGallery(np.zeros([2, 8, 8, 3]), 2, { yTrue: masks, show: false });
 * figure.axes.length; // → 4
 * ```
 */
export async function plotSegmentationMaskGallery(
  images: Images,
  numClasses: number,
  options: PlotSegmentationMaskGalleryOptions = {},
): Promise<Figure> {
  const where = "plotSegmentationMaskGallery";
  const drawing = ["colorMapping", "blend", "alpha", "ignoreIndex"] as const;
  checkOptions(where, options, [
    ...GALLERY_OPTIONS.filter((name) => name !== "rows" && name !== "cols"),
    ...drawing,
  ]);
  const {
    yTrue = null,
    yPred = null,
    colorMapping = null,
    blend = true,
    alpha = 0.8,
    ignoreIndex = -1,
    valueRange = [0, 255],
    dataFormat = null,
    ...gallery
  } = options;
  const batch = readImages(where, images, dataFormat);
  const [count = 0, height = 0, width = 0, channels = 0] = batch.shape;
  const plain = tensor(bytesOfRange(where, batch, valueRange), { dtype: "uint8", shape: batch.shape });
  const look = { numClasses, colorMapping, blend, alpha, ignoreIndex, dataFormat: "channels_last" } as const;
  const channelsFirst = batch !== toTensor(images);
  const masked = (masks: TensorLike | null): Tensor[] => {
    if (masks === null) return [];
    const given = toTensor(masks).astype("int32");
    const last = channelsFirst && given.shape.length === 4 ? given.transpose([0, 2, 3, 1]) : given;
    return [drawSegmentationMasks(plain, last, look)];
  };
  const columns = [plain, ...masked(yTrue), ...masked(yPred)].map((images) => images.dataSync());
  const size = height * width * channels;
  const all = new Uint8Array(count * columns.length * size);
  for (let i = 0; i < count; i++) {
    columns.forEach((pixels, j) => {
      all.set(pixels.slice(i * size, (i + 1) * size), (i * columns.length + j) * size);
    });
  }
  return plotImageGallery(
    tensor(all, { dtype: "uint8", shape: [count * columns.length, height, width, channels] }),
    { ...gallery, dataFormat: "channels_last", rows: count, cols: columns.length },
  );
}
