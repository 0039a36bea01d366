/** Named values, for the settings of an experiment. */
import { didYouMean, StateError, ValueError } from "../../engine/index.ts";

/** What JavaScript itself asks objects for: a config that has no such value just says so. */
const askedByHost: ReadonlySet<string> = new Set(["then", "toJSON", "inspect", "asymmetricMatch"]);

/** What a config can do besides holding its values. */
class ConfigBase<T extends object> implements Iterable<string> {
  readonly #values: Map<string, unknown>;
  #frozen = false;

  /** @param values to begin with */
  constructor(values?: T) {
    this.#values = new Map(Object.entries(values ?? {}));
    // biome-ignore lint/correctness/noConstructorReturn: the values are properties, which only a proxy can tell apart.
    return new Proxy(this, {
      get: (target, key) => {
        if (typeof key === "symbol" || key in target) {
          const own: unknown = Reflect.get(target, key, target);
          return typeof own === "function" ? (own.bind(target) as unknown) : own;
        }
        if (target.#values.has(key)) return target.#values.get(key);
        if (askedByHost.has(key)) return undefined;
        throw new ValueError(
          `Config: there is no ${JSON.stringify(key)}.${didYouMean(key, target.#values.keys())}`,
        );
      },
      set: (target, key, value) => {
        target.#checkName(key);
        target.#change().set(key as string, value);
        return true;
      },
      deleteProperty: (target, key) => target.#change().delete(String(key)),
      has: (target, key) => target.#values.has(String(key)),
      ownKeys: (target) => [...target.#values.keys()],
      getOwnPropertyDescriptor: (target, key) =>
        typeof key === "string" && target.#values.has(key)
          ? {
              value: target.#values.get(key),
              configurable: true,
              enumerable: true,
              writable: !target.#frozen,
            }
          : undefined,
    });
  }

  #change(): Map<string, unknown> {
    if (this.#frozen) throw new StateError("Config: it is frozen, so nothing in it can be changed.");
    return this.#values;
  }

  #checkName(key: string | symbol): void {
    if (typeof key === "string" && !(key in this)) return;
    throw new ValueError(`Config: ${String(key)} cannot be the name of a value.`);
  }

  /** Whether changes are refused. */
  get frozen(): boolean {
    return this.#frozen;
  }

  /** How many values there are. */
  get size(): number {
    return this.#values.size;
  }

  /** Refuses changes from now on. */
  freeze(): void {
    this.#frozen = true;
  }

  /** Allows changes again. */
  unfreeze(): void {
    this.#frozen = false;
  }

  /** The values in a plain object. */
  asDict(): T {
    return Object.fromEntries(this.#values) as T;
  }

  /** The values as JSON. */
  toJson(): string {
    return JSON.stringify(this.asDict());
  }

  /** The names, in the order in which they came. */
  keys(): IterableIterator<string> {
    return this.#values.keys();
  }

  /** The values, in the order in which they came. */
  values(): IterableIterator<unknown> {
    return this.#values.values();
  }

  /** Names and values, in the order in which they came. */
  items(): IterableIterator<[string, unknown]> {
    return this.#values.entries();
  }

  /** The value of a name; another one if there is none. */
  get<K extends keyof T & string, D = undefined>(name: K, otherwise?: D): T[K] | D {
    return (this.#values.has(name) ? this.#values.get(name) : otherwise) as T[K] | D;
  }

  /**
   * Takes a value out.
   *
   * @throws ValueError when there is none and no other one is given
   */
  pop<K extends keyof T & string>(name: K, otherwise?: T[K]): T[K] {
    const values = this.#change();
    if (!values.has(name) && otherwise === undefined) {
      throw new ValueError(`Config: there is no ${JSON.stringify(name)}.${didYouMean(name, values.keys())}`);
    }
    const value = values.has(name) ? values.get(name) : otherwise;
    values.delete(name);
    return value as T[K];
  }

  /** Sets several values. */
  update(values: Partial<T>): void {
    for (const key of Object.keys(values)) this.#checkName(key);
    for (const [key, value] of Object.entries(values)) this.#change().set(key, value);
  }

  toString(): string {
    return `<Config ${JSON.stringify(this.asDict())}>`;
  }

  /** The names, sorted. */
  [Symbol.iterator](): Iterator<string> {
    return [...this.#values.keys()].sort()[Symbol.iterator]();
  }
}

/** Named values as properties. */
export type Config<T extends object = Record<string, unknown>> = ConfigBase<T> & T;

/**
 * Named values that are set and read as properties. A frozen config refuses changes; an unknown name is an error that says
 * which one is near.
 *
 * @example
 * ```ts
 * const config = new Config<{ learningRate: number; useEma?: boolean }>({ learningRate: 0.1 });
 * config.useEma = true;
 * config.toJson(); // → {"learningRate":0.1,"useEma":true}
 * config.freeze();
 * config.learningRate = 1; // → throws StateError: Config: it is frozen …
 * (config as never as { learnigRate: number }).learnigRate; // → throws ValueError: Config: there is no "learnigRate". Did you mean "learningRate"?
 * ```
 */
export const Config: new <T extends object = Record<string, unknown>>(values?: T) => Config<T> =
  ConfigBase as never;
