/** `tsuno/data`: lazy pipelines that feed `fit`, `evaluate` and `predict`. */
export { type BatchOptions, Dataset, type MapOptions, type ShuffleOptions } from "./dataset.ts";
export type { ArrayTree, Batched, RowOf } from "./elements.ts";
export { type Elements, fromArrays, fromIterable, type WebStream, zip } from "./sources.ts";
