/** `keras.saving`: objects to Keras's JSON and back. */
export { type Comparison, KerasFileEditor, type WeightsDict } from "./file_editor.ts";
export {
  CustomObjectScope,
  type CustomObjects,
  type CustomObjectsOptions,
  customObjectScope,
  getCustomObjects,
  getRegisteredName,
  getRegisteredObject,
  registerKerasSerializable,
} from "./object_registration.ts";
export { loadSafetensors, type SafetensorsFile, saveSafetensors } from "./safetensors.ts";
export {
  type LoadOptions,
  type LoadWeightsOptions,
  loadModel,
  loadTfjsModel,
  loadWeights,
  type SaveOptions,
  type SaveWeightsOptions,
  saveModel,
  saveWeights,
  type TfjsFiles,
} from "./saving_api.ts";
export {
  type DeserializeOptions,
  deserializeKerasObject,
  type Serializable,
  type SerializedKerasObject,
  serializeKerasObject,
} from "./serialization_lib.ts";
