/** Objects to Keras's JSON and back: class name, config, and the shape that they were built with. */
import {
  checkOptions,
  type DType,
  didYouMean,
  isPlainObject,
  show,
  Tensor,
  toTensor,
  UnsupportedError,
  ValueError,
} from "../../engine/index.ts";
import { SymbolicTensor } from "../backend/symbolic_tensor.ts";
import type { Config } from "./config.ts";
import {
  type CustomObjects,
  customNames,
  customObject,
  customObjectScope,
  getRegisteredName,
} from "./object_registration.ts";
import { isSerialized, type SerializableClass, type SerializedObject, serializeObject } from "./registry.ts";
import { isUnsafeAllowed, withSafeMode } from "./safe_mode.ts";

export type { CustomObjects };

/** An object in Keras's JSON. */
export interface SerializedKerasObject extends SerializedObject {
  readonly build_config?: Config;
  readonly compile_config?: Config;
}

/** What can be written into JSON. */
export interface Serializable {
  getConfig(): Config;
  /** What makes the weights again, for objects that have some. */
  getBuildConfig?(): Config | null;
  /** How the object was compiled, for models. */
  getCompileConfig?(): Config | null;
}

/** Options of `deserializeKerasObject`. */
export interface DeserializeOptions {
  /** Classes and functions of your own, by the names that the config uses. */
  readonly customObjects?: CustomObjects | null;
  /** As in Keras, but code in a config is never run: `false` only tells more of it. Default true. */
  readonly safeMode?: boolean | null;
}

/** Keras's own classes, as far as this program has used them or they were looked for: by module and name, and by name. */
const known = new Map<string, SerializableClass<unknown>>();

/** Functions as steps of a graph have names that layers have, too; only their module tells them apart. */
const isOperationModule = (module: unknown): boolean =>
  typeof module === "string" && module.startsWith("keras.src.ops.");

/**
 * Notes a class of Keras, so that its name is understood. Classes are noted when they are first used: a table of all
 * would put all of them into every program.
 */
export function learnClass(c: unknown): void {
  const { className, module } = c as { readonly className?: unknown; readonly module?: unknown };
  if (!Object.hasOwn(c as object, "className") || typeof className !== "string") return;
  const Class = c as SerializableClass<unknown>;
  known.set(isOperationModule(module) ? `${String(module)}>${className}` : className, Class);
}

/** What makes further classes known, once a name is met that is not. */
const learners = new Set<() => void>();

/** Gives a function that makes many classes known; it is called when a name is met that is not known. */
export function learnWhenNeeded(learn: () => void): void {
  learners.add(learn);
}

/** How often objects were met while they are written, or the numbers of those that were met more than once. */
let sharing:
  | { readonly counts: Map<object, number>; readonly ids: Map<object, number> | undefined }
  | undefined;
/** Objects that were read, by the numbers that stand for those that occur more than once. */
let sharedObjects: Map<unknown, unknown> | undefined;

function sharedIdOf(object: object): number | undefined {
  if (sharing === undefined) return undefined;
  const { counts, ids } = sharing;
  if (ids !== undefined) return ids.get(object);
  counts.set(object, (counts.get(object) ?? 0) + 1);
  return undefined;
}

/** The same as `serializeKerasObject`; what occurs more than once, as a layer in two models inside, has a number. */
export function serializeSharing(object: Serializable): SerializedKerasObject {
  const counts = new Map<object, number>();
  try {
    sharing = { counts, ids: undefined };
    const once = serializeKerasObject(object);
    const several = [...counts].filter(([, count]) => count > 1).map(([shared]) => shared);
    if (several.length === 0) return once;
    sharing = { counts, ids: new Map(several.map((shared, i) => [shared, i + 1])) };
    return serializeKerasObject(object);
  } finally {
    sharing = undefined;
  }
}

/** Runs a function that reads configs; what has one number is one object. */
export function withSharedObjects<R>(read: () => R): R {
  const outer = sharedObjects;
  sharedObjects = new Map();
  try {
    return read();
  } finally {
    sharedObjects = outer;
  }
}

/**
 * An object as Keras writes it: objects with `getConfig`, functions, tensors, and arrays and plain objects of them.
 *
 * @throws ValueError for what cannot be written
 *
 * @example
 * ```ts
 * const { class_name, config } = serializeKerasObject(new layers.Flatten({ name: "flat" }));
 * class_name; // → "Flatten"
 * config["name"]; // → "flat"
 * ```
 */
export function serializeKerasObject<T>(object: T): T extends Serializable ? SerializedKerasObject : unknown;
export function serializeKerasObject(object: unknown): unknown {
  if (object === undefined || object === null) return null;
  if (["string", "number", "boolean"].includes(typeof object)) return object;
  if (Array.isArray(object)) return object.map((x: unknown) => serializeKerasObject(x));
  if (object instanceof SymbolicTensor) {
    const { shape, dtype, history } = object;
    const from =
      history === undefined ? null : [history.node.operation.name, history.node.index, history.tensorIndex];
    return { class_name: "__keras_tensor__", config: { shape, dtype, keras_history: from } };
  }
  if (object instanceof Tensor) {
    return { class_name: "__tensor__", config: { value: object.arraySync(), dtype: object.dtype } };
  }
  if (ArrayBuffer.isView(object)) return Array.from(object as Float32Array);
  if (isPlainObject(object)) {
    return Object.fromEntries(Object.entries(object).map(([key, x]) => [key, serializeKerasObject(x)]));
  }
  const serializable = object as Partial<Serializable>;
  if (typeof serializable.getConfig === "function") {
    const { module = "keras" } = object.constructor as { readonly module?: string };
    const build = serializable.getBuildConfig?.() ?? null;
    const compile = serializable.getCompileConfig?.() ?? null;
    const shared = sharedIdOf(object);
    return {
      ...serializeObject(serializable as Serializable, module),
      ...(build !== null && { build_config: build }),
      ...(compile !== null && { compile_config: compile }),
      ...(shared !== undefined && { shared_object_id: shared }),
    };
  }
  if (typeof object === "function") return serializeFunction(object as (...args: never[]) => unknown);
  throw new ValueError(
    `serializeKerasObject: expected an object with getConfig(). Received: ${show(object)}`,
  );
}

/** Functions behind what was written of them here: a config that never left the program still has them. */
const writtenFunctions = new WeakMap<object, (...args: never[]) => unknown>();

/** A function by its name if it has one that is registered; else its source, for people to read: it is never run. */
function serializeFunction(fn: (...args: never[]) => unknown): SerializedObject | Config {
  const registered = getRegisteredName(fn);
  if (customObject(registered) === fn || customObject(fn.name) === fn) {
    return {
      module: "builtins",
      class_name: "function",
      config: registered as unknown as Config,
      registered_name: "function",
    };
  }
  const config = { value: fn.toString(), language: "javascript" };
  writtenFunctions.set(config, fn);
  return { class_name: "__lambda__", config };
}

/** Whether a config holds the code of a function. */
export function isCode(config: unknown): boolean {
  return isSerialized(config) && config.class_name === "__lambda__";
}

/**
 * The object that JSON describes.
 *
 * @param config what `serializeKerasObject` gave
 * @param options `customObjects`: classes and functions that are not Keras's own, by their names; `safeMode` (default
 *   true): as in Keras; code in a config is never run, whatever it says
 * @throws ValueError when the class is unknown, or for the code of a function
 *
 * @example
 * ```ts
 * const config = serializeKerasObject(new layers.Dense(3, { name: "last" }));
 * (deserializeKerasObject(config) as keras.layers.Dense).units; // → 3
 * ```
 */
export function deserializeKerasObject(config: unknown, options: DeserializeOptions = {}): unknown {
  checkOptions("deserializeKerasObject", options, ["customObjects", "safeMode"]);
  if (config === null || config === undefined) {
    throw new ValueError(
      `deserializeKerasObject: expected an object with class_name and config. Received: ${show(config)}`,
    );
  }
  const read = (): unknown => customObjectScope(options.customObjects ?? {}, () => readAny(config));
  return withSafeMode(options.safeMode ?? undefined, read);
}

function readAny(config: unknown): unknown {
  if (typeof config === "string") {
    const found = customObject(config);
    return found === undefined ? config : found;
  }
  if (Array.isArray(config)) return config.map(readAny);
  if (!isPlainObject(config)) return config;
  if (!isSerialized(config)) {
    return Object.fromEntries(Object.entries(config).map(([key, x]) => [key, readAny(x)]));
  }
  const inner = (config.config ?? {}) as Record<string, unknown>;
  switch (config.class_name) {
    case "__tensor__":
    case "__numpy__":
      return toTensor(inner.value as number[], inner.dtype as DType);
    case "__bytes__":
      return new TextEncoder().encode(String(inner.value));
    case "__slice__":
      return { start: inner.start ?? null, stop: inner.stop ?? null, step: inner.step ?? null };
    case "__ellipsis__":
      return "...";
    case "__lambda__":
      return readLambda(inner);
    case "function":
      return readFunction(config);
    default:
  }
  const { shared_object_id: shared } = config as { readonly shared_object_id?: unknown };
  const before = sharedObjects?.get(shared);
  if (before !== undefined) return before;
  const object = findClass(config).fromConfig(inner);
  if (shared !== undefined && shared !== null) sharedObjects?.set(shared, object);
  const { build_config: build, compile_config: compile } = config as Partial<SerializedKerasObject>;
  const restorable = object as {
    readonly built?: boolean;
    buildFromConfig?(config: Config): void;
    compileFromConfig?(config: Config): void;
  };
  if (build && restorable.built === false) restorable.buildFromConfig?.(build);
  if (compile && Object.keys(compile).length > 0) restorable.compileFromConfig?.(compile);
  return object;
}

/** Functions are written with their name in place of a config. */
function readFunction(config: { readonly class_name: string; readonly config?: unknown }): unknown {
  const { registered_name: registered } = config as Partial<SerializedObject>;
  for (const name of [registered, config.config]) {
    const found = typeof name === "string" ? customObject(name) : undefined;
    if (found !== undefined) return found;
  }
  throw new ValueError(
    `Unknown function: ${show(config.config)}. If it is your own, give it as customObjects, or register it.`,
  );
}

/** The function that was written; its code is never run. */
function readLambda(config: Record<string, unknown>): unknown {
  const written = writtenFunctions.get(config);
  if (written !== undefined) return written;
  const remedy =
    "Give the function yourself: register it with registerKerasSerializable() before the model is saved, or give it under " +
    "the name of its Lambda layer, customObjects: { [layerName]: fn }, or give a class that extends Layer in place of all " +
    "Lambda layers, customObjects: { Lambda: MyLayer }.";
  if (!isUnsafeAllowed()) {
    throw new ValueError(
      "The config holds the code of a function, as that of a Lambda layer. Code from a file could do anything when it runs, " +
        `so it is disallowed. ${remedy}`,
    );
  }
  const language =
    config["language"] === "javascript" ? "the source of a function" : "the bytecode of a Python lambda";
  throw new UnsupportedError(
    `The config holds ${language}. Nothing in a file is ever run, also when safeMode is false. ${remedy}`,
  );
}

function findClass(config: { readonly class_name: string }): SerializableClass<unknown> {
  const { class_name: name } = config;
  const { registered_name: registered, module } = config as Partial<SerializedObject>;
  for (const key of [registered, name]) {
    const found = typeof key === "string" ? customObject(key) : undefined;
    if (found !== undefined) return found as SerializableClass<unknown>;
  }
  const key = isOperationModule(module) ? `${module}>${name}` : name;
  if (!known.has(key)) {
    for (const learn of learners) learn();
    learners.clear();
  }
  const found = known.get(key);
  if (found !== undefined) return found;
  throw new ValueError(
    `Unknown class: ${show(name)}.${didYouMean(name, [...known.keys(), ...customNames()])} ` +
      `If it is your own, give it as customObjects: { ${name} }.`,
  );
}
