/** Images side by side, with labels and predictions. */
import {
  checkOptions,
  show,
  type Tensor,
  type TensorLike,
  tensor,
  toTensor,
  ValueError,
} from "../../engine/index.ts";
import type { Figure } from "../../pyplot/index.ts";
import type { DataFormat } from "../config/image_data_format.ts";
import type { Rgb } from "./draw_bounding_boxes.ts";
import { bytesOfRange, type ClassMapping, className, type Images, readImages } from "./image_batch.ts";

/** One line of a legend: a colour (0 to 255) and what it means. */
export interface LegendHandle {
  readonly label: string;
  readonly color: Rgb;
}

/** Options of `plotImageGallery`. */
export interface PlotImageGalleryOptions {
  /** The classes of the images. */
  readonly yTrue?: TensorLike | null;
  /** The predicted ones. */
  readonly yPred?: TensorLike | null;
  /** The names of the classes; needed with `yTrue` and `yPred`. */
  readonly labelMap?: ClassMapping | null;
  /** The number of rows. Default: the root of the number of images. */
  readonly rows?: number | null;
  /** The number of columns. Default: as many as the images need. */
  readonly cols?: number | null;
  /** The numbers of black and white. Default [0, 255]. */
  readonly valueRange?: readonly [low: number, high: number];
  /** Inches for each image. Default 2. */
  readonly scale?: number;
  /** Where the gallery is saved. Default nowhere: it is shown. */
  readonly path?: string | null;
  /** Whether it is shown. Default when there is no `path`. */
  readonly show?: boolean | null;
  /** Whether a saved file has no background. Default true. */
  readonly transparent?: boolean;
  /** Dots per inch of a saved file. Default 60. */
  readonly dpi?: number;
  /** What the legend below the images shows. Default none. */
  readonly legendHandles?: readonly LegendHandle[] | null;
  /** Where the channels are. Default `config.imageDataFormat()`. */
  readonly dataFormat?: DataFormat | null;
}

/** The names of the options, for functions that hand them on. */
export const GALLERY_OPTIONS: readonly (keyof PlotImageGalleryOptions)[] = [
  "yTrue",
  "yPred",
  "labelMap",
  "rows",
  "cols",
  "valueRange",
  "scale",
  "path",
  "show",
  "transparent",
  "dpi",
  "legendHandles",
  "dataFormat",
];

function readCount(name: string, value: number | null | undefined, fallback: number): number {
  if (value === null || value === undefined || value === 0) return fallback;
  if (Number.isInteger(value) && value > 0) return value;
  throw new ValueError(`plotImageGallery: ${name} must be a positive integer. Received: ${show(value)}`);
}

/** The words above an image. */
function titleOf(
  truth: ArrayLike<number> | undefined,
  guess: ArrayLike<number> | undefined,
  names: ClassMapping | null | undefined,
  index: number,
): string {
  const part = (word: string, ids: ArrayLike<number> | undefined): string[] =>
    ids === undefined || index >= ids.length
      ? []
      : [`${word}: ${className(names, ids[index]!) ?? "Unknown"}`];
  return [...part("Label", truth), ...part("Pred", guess)].join("  ");
}

/**
 * Shows images side by side, or saves them.
 *
 * @param images shape (batch, height, width, channels)
 * @param options `yTrue`, `yPred` with `labelMap`; `rows`, `cols`, `valueRange` ([0, 255]), `scale` (2 inches), `path`,
 *   `show`, `transparent` (true), `dpi` (60), `legendHandles`, `dataFormat`
 * @returns the figure
 * @throws ShapeError unless images are a batch; ValueError for labels without `labelMap`, or `path` together with `show`
 * @example
 * ```ts
 * const images = np.zeros([4, 8, 8, 3]);
 * const labels = { yTrue: [0, 1, 1, 0], labelMap: { 0: "cat", 1: "dog" } };
 * const figure = await plotImageGallery(images, { ...labels, show: false });
 * figure.axes.map((axes) => axes.model.title); // → ["Label: cat", "Label: dog", "Label: dog", "Label: cat"]
 * ```
 */
export async function plotImageGallery(
  images: Images,
  options: PlotImageGalleryOptions = {},
): Promise<Figure> {
  checkOptions("plotImageGallery", options, GALLERY_OPTIONS);
  const {
    yTrue = null,
    yPred = null,
    labelMap = null,
    scale = 2,
    path = null,
    legendHandles = null,
  } = options;
  const { valueRange = [0, 255], transparent = true, dpi = 60 } = options;
  if (path !== null && options.show === true) {
    throw new ValueError("plotImageGallery: expects either path, or show to be true, not both.");
  }
  if ((yTrue !== null || yPred !== null) && labelMap === null) {
    throw new ValueError("plotImageGallery: with yTrue or yPred, labelMap must be given, too.");
  }
  const batch: Tensor = readImages("plotImageGallery", images, options.dataFormat);
  const [count = 0, height = 0, width = 0, channels = 0] = batch.shape;
  const rows = readCount("rows", options.rows, Math.max(1, Math.ceil(Math.sqrt(count))));
  const cols = readCount("cols", options.cols, Math.max(1, Math.ceil(count / rows)));
  const bytes = bytesOfRange("plotImageGallery", batch, valueRange);
  const [truth, guess] = [yTrue, yPred].map((ids) => (ids === null ? undefined : toTensor(ids).dataSync()));
  const plt = await import("../../pyplot/index.ts");
  const figure = plt.figure({ figsize: [cols * scale, rows * scale], facecolor: "none" });
  const size = height * width * channels;
  for (let index = 0; index < rows * cols; index++) {
    const axes = figure.addSubplot(rows, cols, index + 1);
    axes.axis("off");
    if (index >= count) continue;
    const pixels = bytes.subarray(index * size, (index + 1) * size);
    const gray = channels === 1 ? ({ cmap: "gray", vmin: 0, vmax: 255 } as const) : {};
    axes.imshow(tensor(pixels, { dtype: "uint8", shape: [height, width, channels] }), gray);
    const title = titleOf(truth, guess, labelMap, index);
    if (title !== "") axes.setTitle(title, { fontsize: 8 });
  }
  figure.tightLayout();
  if (legendHandles !== null) {
    const over = new plt.Axes({ rows: 1, columns: 1, row: 0, column: 0 });
    for (const { label, color } of legendHandles) {
      const patch = over.axhspan(0, 0, { facecolor: color.map((part) => part / 255) });
      patch.label = label;
    }
    over.axis("off");
    over.legend({ loc: "lower center" });
    figure.addAxes(over);
  }
  if (path !== null) await figure.savefig(path, { bboxInches: "tight", transparent, dpi });
  else if (options.show ?? true) await figure.show();
  if (path !== null || (options.show ?? true)) plt.close(figure);
  return figure;
}
