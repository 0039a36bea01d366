/** Objects to Keras's JSON and back: class name, config, and the shape that they were built with. */
import { didYouMean, show, ValueError } from "../../engine/index.ts";
import type { Config } from "./config.ts";
import { isSerialized, type SerializableClass, type SerializedObject, serializeObject } from "./registry.ts";

/** An object in Keras's JSON. */
export interface SerializedKerasObject extends SerializedObject {
  readonly build_config?: Config;
}

/** What can be written into JSON. */
export interface Serializable {
  getConfig(): Config;
  /** What makes the weights again, for objects that have some. */
  getBuildConfig?(): Config | null;
}

/** Classes that are not Keras's own, by their names. */
export type CustomObjects = Readonly<Record<string, SerializableClass<unknown>>>;

/** Options of `deserializeKerasObject`. */
export interface DeserializeOptions {
  readonly customObjects?: CustomObjects | null;
}

/** Keras's own classes, as far as this program has used them or they were looked for. */
const known = new Map<string, SerializableClass<unknown>>();
let custom: CustomObjects = {};

/**
 * Notes a class of Keras, so that its name is understood. Classes are noted when they are first used: a table of all
 * would put all of them into every program.
 */
export function learnClass(c: unknown): void {
  const { className } = c as { readonly className?: unknown };
  if (Object.hasOwn(c as object, "className") && typeof className === "string") {
    known.set(className, c as SerializableClass<unknown>);
  }
}

/**
 * An object as Keras writes it.
 *
 * @throws ValueError when it has no `getConfig`
 */
export function serializeKerasObject(object: Serializable): SerializedKerasObject {
  if (typeof (object as Partial<Serializable> | null)?.getConfig !== "function") {
    throw new ValueError(
      `serializeKerasObject: expected an object with getConfig(). Received: ${show(object)}`,
    );
  }
  const { module = "keras" } = object.constructor as { readonly module?: string };
  const build = object.getBuildConfig?.() ?? null;
  return { ...serializeObject(object, module), ...(build !== null && { build_config: build }) };
}

/**
 * The object that JSON describes.
 *
 * @param config what `serializeKerasObject` gave
 * @param options `customObjects`: classes that are not Keras's own, by their names
 * @throws ValueError when the class is unknown
 */
export function deserializeKerasObject(config: unknown, options: DeserializeOptions = {}): unknown {
  if (!isSerialized(config)) {
    throw new ValueError(
      `deserializeKerasObject: expected an object with class_name and config. Received: ${show(config)}`,
    );
  }
  const outer = custom;
  custom = { ...outer, ...options.customObjects };
  try {
    const object = findClass(config).fromConfig((config.config ?? {}) as Config);
    const { build_config: build } = config as Partial<SerializedKerasObject>;
    const buildable = object as { readonly built?: boolean; buildFromConfig?(config: Config): void };
    if (build && buildable.built === false) buildable.buildFromConfig?.(build);
    return object;
  } finally {
    custom = outer;
  }
}

function findClass(config: { readonly class_name: string }): SerializableClass<unknown> {
  const { class_name: name } = config;
  const { registered_name: registered } = config as Partial<SerializedObject>;
  for (const key of [registered, name]) {
    if (typeof key === "string" && Object.hasOwn(custom, key)) return custom[key]!;
  }
  const found = known.get(name);
  if (found !== undefined) return found;
  throw new ValueError(
    `Unknown class: ${show(name)}.${didYouMean(name, [...known.keys(), ...Object.keys(custom)])} ` +
      `If it is your own, give it as customObjects: { ${name} }.`,
  );
}
