/** `keras.activations`: the functions that layers apply to their outputs. */
export * from "./activations.ts";
export {
  type Activation,
  type ActivationIdentifier,
  type ActivationName,
  deserialize,
  get,
  type SerializedActivation,
  serialize,
} from "./get.ts";
