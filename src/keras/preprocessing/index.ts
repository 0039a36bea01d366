/** `keras.preprocessing`: older names of what `keras.utils` has. */
export { type ImageDirectoryOptions, imageDatasetFromDirectory } from "../utils/image_dataset_utils.ts";
export { type TextDirectoryOptions, textDatasetFromDirectory } from "../utils/text_dataset_utils.ts";
export { type TimeseriesOptions, timeseriesDatasetFromArray } from "../utils/timeseries_dataset_utils.ts";
export * as image from "./image.ts";
export * as sequence from "./sequence.ts";
