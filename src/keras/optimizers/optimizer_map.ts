/** Which optimizer changes which weight. */
import { show, ValueError } from "../../engine/index.ts";
import type { Variable } from "../backend/variable.ts";
import type { Config } from "../saving/config.ts";
import { isSerialized, serializeObject } from "../saving/registry.ts";
import { deserializeKerasObject } from "../saving/serialization_lib.ts";
import { Callable } from "../utils/callable.ts";
import { Optimizer } from "./optimizer.ts";

/** A map is called as `map(variable)` and gives its optimizer. */
export interface OptimizerMap {
  (variable: Variable): Optimizer;
}

/**
 * Optimizers by the path of the weight: a path, or a regular expression that matches the whole of it.
 *
 * @param defaultOptimizer for weights that nothing else is said of
 * @param optimizers optimizers by path or pattern
 *
 * @example
 * ```ts
 * const map = new OptimizerMap(new SGD(), { "encoder/.*": new Adam() });
 * [map.get("encoder/kernel").name, map.get("decoder/kernel").name].length; // → 2
 * map.get("encoder/kernel") instanceof Adam; // → true
 * ```
 */
export class OptimizerMap extends Callable {
  static readonly className: string = "OptimizerMap";
  readonly defaultOptimizer: Optimizer;
  readonly #optimizers = new Map<string, Optimizer>();

  /** @throws ValueError for what is no optimizer */
  constructor(defaultOptimizer: Optimizer, optimizers: Readonly<Record<string, Optimizer>> | null = null) {
    super("apply");
    if (!(defaultOptimizer instanceof Optimizer)) {
      throw new ValueError(
        `OptimizerMap: expected defaultOptimizer to be an optimizer. Received: ${show(defaultOptimizer)}`,
      );
    }
    this.defaultOptimizer = defaultOptimizer;
    for (const [key, optimizer] of Object.entries(optimizers ?? {})) this.set(key, optimizer);
  }

  /** The optimizer of a weight; calling the map does the same. */
  apply(variable: Variable): Optimizer {
    return this.get(variable.path);
  }

  /**
   * The optimizer of a path: that of the very path, or of the pattern that matches it, or the default.
   *
   * @throws ValueError when more than one pattern matches
   */
  get(path: string): Optimizer {
    const exact = this.#optimizers.get(path);
    if (exact !== undefined) return exact;
    const found = [...this.#optimizers].filter(([pattern]) => new RegExp(`^(?:${pattern})$`).test(path));
    if (found.length > 1) {
      throw new ValueError(
        `OptimizerMap: multiple optimizers are assigned to variable ${show(path)}: ${found.map(([p]) => show(p)).join(", ")}`,
      );
    }
    return found[0]?.[1] ?? this.defaultOptimizer;
  }

  /**
   * Adds an optimizer for a path or pattern.
   *
   * @throws ValueError when there is one already, or when it is no optimizer or one that works through others
   */
  set(key: string, optimizer: Optimizer): this {
    if (this.#optimizers.has(key))
      throw new ValueError(`OptimizerMap: there is an optimizer for ${show(key)} already.`);
    if (!(optimizer instanceof Optimizer) || optimizer.isWrapper) {
      throw new ValueError(
        `OptimizerMap: expected an optimizer that is no LossScaleOptimizer and no MultiOptimizer. Received: ${show(optimizer)}`,
      );
    }
    this.#optimizers.set(key, optimizer);
    return this;
  }

  /** Removes the optimizer of a path or pattern; says whether there was one. */
  delete(key: string): boolean {
    return this.#optimizers.delete(key);
  }

  get size(): number {
    return this.#optimizers.size;
  }

  /** The paths and patterns. */
  keys(): IterableIterator<string> {
    return this.#optimizers.keys();
  }

  /** The optimizers of the paths and patterns. */
  values(): IterableIterator<Optimizer> {
    return this.#optimizers.values();
  }

  getConfig(): Config {
    const serialize = (o: Optimizer): unknown => serializeObject(o, "keras.optimizers");
    return {
      default_optimizer: serialize(this.defaultOptimizer),
      optimizer_map: Object.fromEntries([...this.#optimizers].map(([key, o]) => [key, serialize(o)])),
    };
  }

  static fromConfig(config: Config): OptimizerMap {
    const make = (o: unknown): Optimizer => (isSerialized(o) ? deserializeKerasObject(o) : o) as Optimizer;
    const map = (config.optimizer_map ?? {}) as Record<string, unknown>;
    return new OptimizerMap(
      make(config.default_optimizer),
      Object.fromEntries(Object.entries(map).map(([key, o]) => [key, make(o)])),
    );
  }
}
