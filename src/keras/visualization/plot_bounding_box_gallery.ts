/** Images side by side with the boxes that are there and those that were found. */
import { checkOptions, tensor, ValueError } from "../../engine/index.ts";
import type { Figure } from "../../pyplot/index.ts";
import type { BoundingBoxFormat } from "../utils/bounding_boxes/index.ts";
import { drawBoxes, type LabeledBoxes, type Rgb } from "./draw_bounding_boxes.ts";
import { bytesOfRange, type ClassMapping, type Images, readImages } from "./image_batch.ts";
import { GALLERY_OPTIONS, type PlotImageGalleryOptions, plotImageGallery } from "./plot_image_gallery.ts";

/** Options of `plotBoundingBoxGallery`: its own, and those of `plotImageGallery`. */
export interface PlotBoundingBoxGalleryOptions extends Omit<PlotImageGalleryOptions, "yTrue" | "yPred"> {
  /** The boxes that are there. */
  readonly yTrue?: LabeledBoxes | null;
  /** Those that were found. */
  readonly yPred?: LabeledBoxes | null;
  /** The color of the true boxes. Default `[0, 188, 212]`. */
  readonly trueColor?: Rgb;
  /** The color of the predicted boxes. Default `[255, 235, 59]`. */
  readonly predColor?: Rgb;
  /** The width of the lines, in pixels. Default 2. */
  readonly lineThickness?: number;
  /** The size of labels. Default 1. */
  readonly fontScale?: number;
  /** The width of the strokes of labels, in pixels. Default: that of the lines. */
  readonly textThickness?: number | null;
  /** The names of the classes. */
  readonly classMapping?: ClassMapping | null;
  /** Other names for the boxes that are there, and for those that were found. */
  readonly groundTruthMapping?: ClassMapping | null;
  /** The names of the classes of predicted boxes, by their numbers. Default: `classMapping`. */
  readonly predictionMapping?: ClassMapping | null;
  /** Whether a legend says which colour is which. Default false. */
  readonly legend?: boolean;
}

/**
 * Shows images with boxes side by side, or saves them.
 *
 * @param images shape (batch, height, width, channels)
 * @param boundingBoxFormat as in `utils.boundingBoxes.convertFormat`: "xyxy", "xywh", "rel_xyxy" …
 * @param options `yTrue`, `yPred` (`{ boxes, labels, confidences }`), `valueRange`, `trueColor`, `predColor`,
 *   `lineThickness` (2), `fontScale` (1), `textThickness`, `classMapping`, `groundTruthMapping`, `predictionMapping`,
 *   `legend` (false), and those of {@link plotImageGallery}
 * @returns the figure
 * @throws ShapeError when shapes do not fit; ValueError for `legend` together with `legendHandles`
 * @example
 * ```ts
 * const boxes = { boxes: [[[1, 1, 6, 6]]], labels: [[0]] };
 * const options = { yTrue: boxes, legend: true, show: false };
 * const figure = await plotBoundingBoxGallery(np.zeros([1, 8, 8, 3]), "xyxy", options);
 * figure.axes.at(-1)?.getLegendLabels(); // → ["Ground Truth", "Prediction"]
 * ```
 */
export async function plotBoundingBoxGallery(
  images: Images,
  boundingBoxFormat: BoundingBoxFormat,
  options: PlotBoundingBoxGalleryOptions = {},
): Promise<Figure> {
  const where = "plotBoundingBoxGallery";
  checkOptions(where, options, [
    ...GALLERY_OPTIONS,
    "trueColor",
    "predColor",
    "lineThickness",
    "fontScale",
    "textThickness",
    "classMapping",
    "groundTruthMapping",
    "predictionMapping",
    "legend",
  ]);
  const {
    yTrue = null,
    yPred = null,
    trueColor = [0, 188, 212],
    predColor = [255, 235, 59],
    lineThickness = 2,
    fontScale = 1,
    textThickness = null,
    classMapping = null,
    groundTruthMapping = null,
    predictionMapping = null,
    legend = false,
    dataFormat,
    valueRange = [0, 255],
    ...gallery
  } = options;
  if (legend && (gallery.legendHandles ?? null) !== null) {
    throw new ValueError(`${where}: give legend or legendHandles, not both.`);
  }
  const batch = readImages(where, images, dataFormat);
  const bytes = bytesOfRange(where, batch, valueRange);
  const look = { lineThickness, fontScale, textThickness: textThickness ?? lineThickness };
  const layers = [
    { boxes: yTrue, color: trueColor, classMapping: groundTruthMapping ?? classMapping },
    { boxes: yPred, color: predColor, classMapping: predictionMapping ?? classMapping },
  ];
  for (const { boxes, ...own } of layers) {
    if (boxes !== null) drawBoxes(where, bytes, batch.shape, boxes, boundingBoxFormat, { ...look, ...own });
  }
  const legendHandles = [
    { label: "Ground Truth", color: trueColor },
    { label: "Prediction", color: predColor },
  ];
  return plotImageGallery(tensor(bytes, { dtype: "uint8", shape: batch.shape }), {
    ...gallery,
    dataFormat: "channels_last",
    ...(legend ? { legendHandles } : {}),
  });
}
