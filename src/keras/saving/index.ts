/** `keras.saving`: objects to Keras's JSON and back. */
export {
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
  type DeserializeOptions,
  deserializeKerasObject,
  type Serializable,
  type SerializedKerasObject,
  serializeKerasObject,
} from "./serialization_lib.ts";
