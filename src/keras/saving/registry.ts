/**
 * Finds what an identifier means: a name such as `"relu"` or `"GlorotUniform"`, a config as Keras writes it, a class, or
 * the thing itself. Each module (activations, initializers, losses, …) has one table and calls `resolve` with it.
 */
import { didYouMean, StateError, show, ValueError } from "../../engine/index.ts";
import { toSnakeCase } from "../utils/naming.ts";
import type { Config } from "./config.ts";
import { customObject, registeredNameOf } from "./object_registration.ts";

/** A class whose instances can be made from their config. */
export interface SerializableClass<T> {
  readonly prototype: T;
  fromConfig(config: Config): T;
}

/** Names of classes and functions, as Keras has them. */
export interface Names {
  readonly classes: readonly string[];
  readonly functions: readonly string[];
}

/** What names a module knows. */
export interface Table<T> {
  /** Classes by their Keras names. Their names in snake_case are understood too, unless a function has that name. */
  readonly classes?: Readonly<Record<string, SerializableClass<T>>>;
  /** Functions by their Keras names. */
  readonly functions?: Readonly<Record<string, T>>;
  /** Further names, for names of `classes` or `functions`. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** All names, where the table has not everything that they stand for. */
  readonly names?: Names;
}

/** How Keras writes an object into a config. */
export interface SerializedObject {
  readonly module: string;
  readonly class_name: string;
  readonly config: Config;
  readonly registered_name: string | null;
}

/** A config with a class name. */
export function isSerialized(
  x: unknown,
): x is { readonly class_name: string; readonly config?: unknown; readonly registered_name?: unknown } {
  return (
    typeof x === "object" && x !== null && typeof (x as { class_name?: unknown }).class_name === "string"
  );
}

/**
 * The thing that an identifier means. Names give a function, or an instance with default options.
 *
 * @param kind what is looked for, for the error message, such as `"activation"`
 * @param identifier a name, a config `{ class_name, config }`, a class, or an object or function, which is returned as it is
 * @throws ValueError when there is no such thing, with the name that was probably meant; StateError when the table has its
 *   name alone
 */
export function resolve<T extends object>(kind: string, identifier: unknown, table: Table<T>): T {
  const found = find(kind, identifier, table);
  if (found !== undefined) return found;
  throw new StateError(
    `The ${kind} ${show(identifier)} is not loaded yet: fit(), evaluate() and the calls for single batches load what is ` +
      "given by name. Await one of them first, or give an instance.",
  );
}

/** The same; undefined where the table has the name alone. */
export function find<T extends object>(kind: string, identifier: unknown, table: Table<T>): T | undefined {
  if (typeof identifier === "string") return named(kind, identifier, {}, table);
  if (isSerialized(identifier)) {
    const { class_name: name, config, registered_name: registered } = identifier;
    // Functions are written with their name in place of a config.
    if (name === "function" && typeof config === "string") return named(kind, config, {}, table);
    const isMine = typeof registered === "string" && customObject(registered) !== undefined;
    return named(kind, isMine ? registered : name, (config ?? {}) as Config, table);
  }
  if (isClass(identifier)) return identifier.fromConfig({}) as T;
  if ((typeof identifier === "object" && identifier !== null) || typeof identifier === "function")
    return identifier as T;
  throw new ValueError(`Could not interpret ${kind} identifier: ${show(identifier)}`);
}

function isClass(x: unknown): x is SerializableClass<unknown> {
  return (
    typeof x === "function" && typeof (x as Partial<SerializableClass<unknown>>).fromConfig === "function"
  );
}

function named<T extends object>(kind: string, name: string, config: Config, table: Table<T>): T | undefined {
  const { classes = {}, functions = {}, aliases = {} } = table;
  const mine = customObject(name);
  if (mine !== undefined) return (isClass(mine) ? mine.fromConfig(config) : mine) as T;
  const target = own(aliases, name) ?? name;
  const fn = own(functions, target);
  if (fn !== undefined) return fn;
  const found =
    own(classes, target) ?? Object.entries(classes).find(([key]) => toSnakeCase(key) === target)?.[1];
  if (found !== undefined) return found.fromConfig(config);
  const { names = { functions: Object.keys(functions), classes: Object.keys(classes) } } = table;
  if (isAmong(names, target)) return undefined;
  const known = [...names.functions, ...names.classes, ...Object.keys(aliases)];
  throw new ValueError(
    `Unknown ${kind}: ${show(name)}.${didYouMean(name, known)} Available: ${known.join(", ")}`,
  );
}

function isAmong({ functions, classes }: Names, name: string): boolean {
  return functions.includes(name) || classes.some((known) => known === name || toSnakeCase(known) === name);
}

function own<V>(record: Readonly<Record<string, V>>, key: string): V | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/**
 * The Keras name of an object's class. Classes of this package say it as a static `className`, because minifiers rename
 * classes; those of users have it from their declaration.
 */
export function classNameOf(object: object): string {
  const { constructor } = object as { constructor: { className?: unknown; name: string } };
  const { className } = constructor;
  return Object.hasOwn(constructor, "className") && typeof className === "string"
    ? className
    : constructor.name;
}

/**
 * How an object's class is called in Python, which tells names that are made of it. It is the name of the class, but for those
 * that Keras exports under another one.
 */
export function pythonNameOf(object: object): string {
  const { constructor } = object as { constructor: { pythonName?: unknown } };
  const { pythonName } = constructor;
  return Object.hasOwn(constructor, "pythonName") && typeof pythonName === "string"
    ? pythonName
    : classNameOf(object);
}

/**
 * An object as Keras writes it into a config.
 *
 * @param object has `getConfig`
 * @param module where Keras keeps its class, such as `"keras.initializers"`; classes of users have the name under which
 *   they are registered, or their own
 */
export function serializeObject(object: { getConfig(): Config }, module: string): SerializedObject {
  const name = classNameOf(object);
  const builtIn = Object.hasOwn(object.constructor, "className");
  // What Keras does not export is named by its class.
  const ownName = module.startsWith("keras.src.") ? name : null;
  return {
    module: builtIn ? module : "Custom",
    class_name: name,
    config: object.getConfig(),
    registered_name: builtIn ? ownName : (registeredNameOf(object.constructor) ?? name),
  };
}
