/** `keras.utils`: seeds, names, preparing data. */
export { isKerasTensor } from "../backend/keras_tensor.ts";
export { getSourceInputs } from "../backend/source_inputs.ts";
export {
  disableInteractiveLogging,
  enableInteractiveLogging,
  isInteractiveLoggingEnabled,
} from "../config/interactive_logging.ts";
export { standardizeDtype } from "../config/standardize_dtype.ts";
export {
  type FeatureData,
  type FeatureKind,
  FeatureSpace,
  type FeatureSpaceOptions,
} from "../layers/preprocessing/feature_space.ts";
export {
  CustomObjectScope,
  customObjectScope,
  deserializeKerasObject,
  getCustomObjects,
  getRegisteredName,
  getRegisteredObject,
  registerKerasSerializable,
  serializeKerasObject,
} from "../saving/index.ts";
export { packXYSampleWeight, unpackXYSampleWeight } from "../trainers/data_adapter_utils.ts";
export { PyDataset, PyDataset as Sequence, type PyDatasetOptions } from "../trainers/py_dataset.ts";
export { type AudioDirectoryOptions, audioDatasetFromDirectory } from "./audio_dataset_utils.ts";
export * as boundingBoxes from "./bounding_boxes/index.ts";
export { Config } from "./config.ts";
export { type SplitDatasetOptions, splitDataset } from "./dataset_utils.ts";
export {
  DirectoryDataset,
  type DirectoryOptions,
  type LabelMode,
  type Subset,
} from "./directory_dataset.ts";
export { type GetFileOptions, getFile } from "./file_utils.ts";
export { type ImageDirectoryOptions, imageDatasetFromDirectory } from "./image_dataset_utils.ts";
export {
  type ArrayToImgOptions,
  arrayToImg,
  type ColorMode,
  type ImgToArrayOptions,
  imgToArray,
  type LoadImgOptions,
  loadImg,
  type SaveImgOptions,
  saveImg,
} from "./image_utils.ts";
export { Img, type ImgMode } from "./img.ts";
export type { BoxCell, DiagramBox, DiagramFrame, DiagramOptions, ModelGraph } from "./model_graph.ts";
export {
  ModelDot,
  type ModelToDotOptions,
  modelToDot,
  type PlotModelOptions,
  plotModel,
  type Splines,
} from "./model_visualization.ts";
export { clearSession } from "./naming.ts";
export { normalize, toCategorical } from "./numerical_utils.ts";
export { Progbar, type ProgbarOptions } from "./progbar.ts";
export { setRandomSeed } from "./rng_utils.ts";
export { type PadSequencesOptions, padSequences } from "./sequence_utils.ts";
export { type TextDirectoryOptions, textDatasetFromDirectory } from "./text_dataset_utils.ts";
export { type TimeseriesOptions, timeseriesDatasetFromArray } from "./timeseries_dataset_utils.ts";
