/** Layers to Keras's JSON and back. */
import {
  type DeserializeOptions,
  deserializeKerasObject,
  learnClass,
  type Serializable,
  type SerializedKerasObject,
  serializeKerasObject,
} from "../saving/serialization_lib.ts";
import * as all from "./all.ts";
import type { AnyLayer } from "./layer.ts";

/**
 * A layer as Keras writes it.
 *
 * @example
 * ```ts
 * layers.serialize(new layers.Dense(2)).class_name; // → Dense
 * ```
 */
export function serialize(layer: AnyLayer): SerializedKerasObject {
  const serializable: Serializable = layer;
  return serializeKerasObject(serializable);
}

/**
 * The layer that JSON describes.
 *
 * @param options `customObjects`: classes of your own by their names
 * @throws ValueError when the class is unknown
 *
 * @example
 * ```ts
 * const config = serialize(new Dense(3, { name: "last" }));
 * deserialize(config).name; // → "last"
 * ```
 */
export function deserialize(config: SerializedKerasObject, options: DeserializeOptions = {}): AnyLayer {
  learnLayers();
  return deserializeKerasObject(config, options) as AnyLayer;
}

/** Makes the names of all layers known. */
export function learnLayers(): void {
  for (const Class of Object.values(all)) learnClass(Class);
}
