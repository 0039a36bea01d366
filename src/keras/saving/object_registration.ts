/** Classes and functions that are not Keras's own, by the names that stand for them in configs. */
import { checkOptions, show, ValueError } from "../../engine/index.ts";

/** Classes and functions that are not Keras's own, by their names. */
export type CustomObjects = Readonly<Record<string, unknown>>;

/** Options of the functions that make objects from configs. */
export interface CustomObjectsOptions {
  /** Classes and functions that are not Keras's own, by the names that configs use. */
  readonly customObjects?: CustomObjects | null;
}

const registered = new Map<string, unknown>();
const names = new WeakMap<object, string>();
let scoped: CustomObjects = {};

/**
 * Registers a class or a function, so that configs can name it.
 *
 * @param package_ default `"Custom"`
 * @param name default: that of the class or function; give one where code is minified
 * @returns a function that registers what it is given and returns it; it serves as a decorator, too
 * @throws ValueError for a class without `getConfig`
 *
 * @example
 * ```ts
 * class Plain extends keras.layers.Layer {}
 * registerKerasSerializable("shop")(Plain);
 * getRegisteredName(Plain); // → "shop>Plain"
 * getRegisteredObject("shop>Plain") === Plain; // → true
 * ```
 */
export function registerKerasSerializable(
  package_ = "Custom",
  name: string | null = null,
): <T extends object>(object: T) => T {
  return (object) => {
    const { prototype, name: own } = object as { prototype?: { getConfig?: unknown }; name?: string };
    const isClass = typeof object === "function" && /^class\b/.test(Function.prototype.toString.call(object));
    if (typeof object !== "function" || (isClass && typeof prototype?.getConfig !== "function")) {
      throw new ValueError(
        `registerKerasSerializable: expected a function, or a class with getConfig(). Received: ${show(object)}`,
      );
    }
    const key = `${package_}>${name ?? own ?? ""}`;
    registered.set(key, object);
    names.set(object, key);
    return object;
  };
}

/**
 * The name under which a class or function is registered; without one, its own name.
 *
 * @example
 * ```ts
 * class Twice extends keras.layers.Layer {}
 * saving.registerKerasSerializable("mine")(Twice);
 * saving.getRegisteredName(Twice); // → mine>Twice
 * ```
 */
export function getRegisteredName(object: object & { readonly name?: string }): string {
  return names.get(object) ?? object.name ?? "";
}

/** The name under which a class or function is registered, if it is. */
export function registeredNameOf(object: object): string | undefined {
  return names.get(object);
}

/**
 * The class or function that a name stands for; `null` if there is none.
 *
 * @param options `customObjects`: where to look after what is registered; `moduleObjects`: where to look last
 *
 * @example
 * ```ts
 * class Twice extends keras.layers.Layer {}
 * saving.getRegisteredObject("Twice", { customObjects: { Twice } }) === Twice; // → true
 * ```
 */
export function getRegisteredObject(
  name: string,
  options: {
    readonly customObjects?: CustomObjects | null;
    readonly moduleObjects?: CustomObjects | null;
  } = {},
): unknown {
  const { customObjects, moduleObjects } = options;
  const found = customObject(name);
  if (found !== undefined) return found;
  for (const objects of [customObjects ?? {}, moduleObjects ?? {}]) {
    if (Object.hasOwn(objects, name)) return objects[name];
  }
  return null;
}

/** The class or function that a scope or a registration gives to a name. */
export function customObject(name: string): unknown {
  return Object.hasOwn(scoped, name) ? scoped[name] : registered.get(name);
}

/** The names that are known now. */
export function customNames(): string[] {
  return [...Object.keys(scoped), ...registered.keys()];
}

/**
 * What is registered, by name: the map itself, so that changing it registers.
 *
 * @example
 * ```ts
 * class Thrice extends keras.layers.Layer {}
 * saving.registerKerasSerializable("mine")(Thrice);
 * saving.getCustomObjects().has("mine>Thrice"); // → true
 * ```
 */
export function getCustomObjects(): Map<string, unknown> {
  return registered;
}

/**
 * Runs a function in which names stand for classes and functions of your own.
 *
 * @param objects by the names that configs use
 *
 * @example
 * ```ts
 * class Same extends keras.layers.Layer {}
 * const config = { class_name: "Same", config: { name: "here" } };
 * const layer = customObjectScope({ Same }, () => deserializeKerasObject(config));
 * layer instanceof Same; // → true
 * ```
 */
export function customObjectScope<R>(objects: CustomObjects, fn: () => R): R {
  const outer = scoped;
  scoped = { ...outer, ...objects };
  try {
    return fn();
  } finally {
    scoped = outer;
  }
}

/**
 * A scope in which names stand for classes and functions of your own. Keras has it as a `with` block; `customObjectScope` is
 * the same as a function.
 *
 * @example
 * ```ts
 * class Same extends keras.layers.Layer {}
 * const scope = new CustomObjectScope({ Same });
 * const layer = scope.run(() => deserializeKerasObject({ class_name: "Same", config: { name: "here" } }));
 * layer instanceof Same; // → true
 * ```
 */
export class CustomObjectScope {
  readonly customObjects: CustomObjects;

  /** @param customObjects by the names that configs use */
  constructor(customObjects: CustomObjects) {
    this.customObjects = customObjects;
  }

  /** Runs a function in the scope. */
  run<R>(fn: () => R): R {
    return customObjectScope(this.customObjects, fn);
  }
}

/** Reads a config with the classes and functions that the options name. */
export function readWith<R>(where: string, options: CustomObjectsOptions, read: () => R): R {
  checkOptions(where, options, ["customObjects"]);
  return customObjectScope(options.customObjects ?? {}, read);
}
