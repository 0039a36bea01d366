/** Datasets of pictures. */
import { adopt, show, type Tensor, ValueError } from "../../engine/index.ts";
import type { Place } from "../../files/folder.ts";
import { channelsOf } from "../../files/image/raster.ts";
import { readSource, type Source } from "../../files/source.ts";
import { type DataFormat, standardizeDataFormat } from "../backend/data_format.ts";
import {
  checkDirectoryOptions,
  type DirectoryOptions,
  datasetFromDirectory,
  type OneOrBoth,
} from "./directory_dataset.ts";
import type { Batches } from "./directory_types.ts";
import {
  cropToAspect,
  type DirectoryInterpolation,
  directoryInterpolations,
  type Floats,
  padToAspect,
  resizeFloats,
} from "./float_resample.ts";
import { type ColorMode, checkColorMode, inColorMode } from "./image_utils.ts";

/** Options of {@link imageDatasetFromDirectory}. */
export interface ImageDirectoryOptions extends DirectoryOptions {
  /** Default `"rgb"`. */
  readonly colorMode?: ColorMode;
  /** The size of all pictures: height and width, or one number for both. Default 256 by 256. */
  readonly imageSize?: number | readonly [height: number, width: number];
  /** Default `"bilinear"`. */
  readonly interpolation?: DirectoryInterpolation;
  /** Whether the middle is cut out first so that proportions stay. Default false. */
  readonly cropToAspectRatio?: boolean;
  /** Whether black borders are added first so that proportions stay. Default false. */
  readonly padToAspectRatio?: boolean;
  /** Whether channels come last or first. Default: `config.imageDataFormat()`. */
  readonly dataFormat?: DataFormat | null;
}

const where = "imageDatasetFromDirectory";

/**
 * A dataset of the pictures below a folder (`.png`, `.jpg`, `.jpeg`, `.bmp`, `.gif`, of which the first picture): batches of
 * shape `(batch, height, width, channels)`, float32 from 0 to 255, or tuples of these and labels. Pictures are read when they
 * are needed.
 *
 * @param directory with a folder for each class: a path, `opfs://…` or `indexeddb://…`, or the handle of a folder
 * @param options `labels` (default `"inferred"`), `labelMode` (`"int"`), `classNames`, `colorMode` (`"rgb"`), `batchSize` (32),
 *   `imageSize` (`[256, 256]`), `shuffle` (true), `seed`, `validationSplit`, `subset`, `interpolation` (`"bilinear"`),
 *   `followLinks` (false), `cropToAspectRatio` (false), `padToAspectRatio` (false), `dataFormat`, `verbose` (true), `format`
 *   (changes nothing here)
 * @returns a dataset with `classNames` and `filePaths`; with `subset: "both"` two of them
 * @throws ValueError for options that cannot be or do not fit the files, FileError when there is no such folder, and while it is
 *   gone through for damaged pictures
 *
 * @example
 * ```ts
 * import { mkdirSync } from "node:fs";
 *
 * for (const [name, value] of Object.entries({ dark: 0, light: 255 })) {
 *   mkdirSync(`pictures/${name}`, { recursive: true });
 *   await saveImg(`pictures/${name}/0.png`, np.full([4, 6, 3], value), { scale: false });
 * }
 * const pictures = await imageDatasetFromDirectory("pictures", { imageSize: [2, 2], shuffle: false, verbose: false });
 * pictures.classNames; // → ["dark", "light"]
 * const [batch] = await pictures.toArray();
 * [batch![0].shape, batch![1].arraySync()]; // → [[2, 2, 2, 3], [0, 1]]
 * ```
 */
export async function imageDatasetFromDirectory<const O extends ImageDirectoryOptions = Record<never, never>>(
  directory: Place,
  options?: O,
): Promise<OneOrBoth<Batches<Tensor, Tensor, O>, O>> {
  const given: ImageDirectoryOptions = options ?? {};
  checkDirectoryOptions(where, given, [
    ...["colorMode", "imageSize", "interpolation", "cropToAspectRatio", "padToAspectRatio", "dataFormat"],
  ]);
  const { imageSize = [256, 256], cropToAspectRatio = false, padToAspectRatio = false } = given;
  const colorMode = checkColorMode(given.colorMode ?? "rgb", where);
  const size: readonly [number, number] = typeof imageSize === "number" ? [imageSize, imageSize] : imageSize;
  if (size.length !== 2 || !size.every((n) => Number.isInteger(n) && n > 0))
    throw new ValueError(
      `${where}: expected imageSize to be [height, width]. Received: imageSize=${show(imageSize)}`,
    );
  const method = String(given.interpolation ?? "bilinear").toLowerCase() as DirectoryInterpolation;
  if (!directoryInterpolations.includes(method)) {
    throw new ValueError(
      `${where}: expected interpolation to be one of ${directoryInterpolations.map(show).join(", ")}. Received: interpolation=${show(given.interpolation)}`,
    );
  }
  if (cropToAspectRatio && padToAspectRatio)
    throw new ValueError(`${where}: only one of cropToAspectRatio and padToAspectRatio can be true.`);
  const format = standardizeDataFormat(given.dataFormat, where);
  const load = async (source: Source): Promise<Tensor> => {
    const { decodeImage } = await import("../../files/image/decode.ts");
    const raster = inColorMode(await decodeImage(await readSource(source, where), where), colorMode);
    const channels = channelsOf[raster.mode];
    let floats: Floats = { ...raster, channels, data: Float32Array.from(raster.data) };
    if (cropToAspectRatio) floats = cropToAspect(floats, ...size);
    else if (padToAspectRatio) floats = padToAspect(floats, ...size);
    const { data } = resizeFloats(floats, ...size, method);
    const image = adopt(data, [...size, channels], "float32");
    return format === "channels_first" ? image.transpose([2, 0, 1]) : image;
  };
  const formats = [".bmp", ".gif", ".jpeg", ".jpg", ".png"];
  const dataset = await datasetFromDirectory(directory, given, { where, what: "images", formats, load });
  return dataset as OneOrBoth<Batches<Tensor, Tensor, O>, O>;
}
