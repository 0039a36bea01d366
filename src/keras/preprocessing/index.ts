/** `keras.preprocessing`: older names of what `keras.utils` has. */
export { type TimeseriesOptions, timeseriesDatasetFromArray } from "../utils/timeseries_dataset_utils.ts";
export * as sequence from "./sequence.ts";
