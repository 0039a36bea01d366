/** Quantizers by name and by config. */
import { type CustomObjectsOptions, readWith } from "../saving/object_registration.ts";
import { resolve, type SerializedObject, serializeObject } from "../saving/registry.ts";
import { AbsMaxQuantizer } from "./abs_max_quantizer.ts";
import { Quantizer } from "./quantizer.ts";

const classes = { AbsMaxQuantizer };

/**
 * The quantizer that an identifier means: a name, a config, or the quantizer itself; null stays null.
 *
 * @throws ValueError when there is no such quantizer
 *
 * @example
 * ```ts
 * quantizers.get("abs_max_quantizer")?.outputDtype; // → "int8"
 * ```
 */
export function get(identifier: string | SerializedObject | Quantizer | null): Quantizer | null {
  return identifier === null ? null : resolve<Quantizer>("quantizer", identifier, { classes });
}

/**
 * A quantizer as Keras writes it into a config.
 *
 * @example
 * ```ts
 * quantizers.serialize(new AbsMaxQuantizer()).class_name; // → "AbsMaxQuantizer"
 * ```
 */
export function serialize(quantizer: Quantizer): SerializedObject {
  return serializeObject(quantizer, Quantizer.module);
}

/**
 * A quantizer from what `serialize` gave.
 *
 * @param options `customObjects`: classes of your own, by their names
 * @throws ValueError for a class that is no quantizer
 *
 * @example
 * ```ts
 * quantizers.deserialize(quantizers.serialize(new AbsMaxQuantizer())).outputDtype; // → "int8"
 * ```
 */
export function deserialize(
  config: { readonly class_name: string; readonly config?: unknown },
  options: CustomObjectsOptions = {},
): Quantizer {
  return readWith("quantizers.deserialize", options, () =>
    resolve<Quantizer>("quantizer", config, { classes }),
  );
}
