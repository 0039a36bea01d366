/** Automatic names: `dense`, `dense_1`, `dense_2`, as Keras counts them. */

import { checkOptions } from "../../engine/index.ts";

const counts = new Map<string, number>();

/** `"LayerNormalization"` → `"layer_normalization"`, `"Conv2D"` → `"conv2d"`, as Keras does it. */
export function toSnakeCase(name: string): string {
  return name
    .replace(/\W+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}

/** A name that was not given before: the name itself first, then with `_1`, `_2`, …. */
export function uniquify(name: string): string {
  const used = counts.get(name);
  counts.set(name, (used ?? 0) + 1);
  return used === undefined ? name : `${name}_${used}`;
}

/** The automatic name of the next object of a class. */
export function autoName(className: string): string {
  return uniquify(toSnakeCase(className));
}

/** Counts the uses of a prefix: 1 at the first call, then 2, …. */
export function getUid(prefix = ""): number {
  const next = (counts.get(prefix) ?? 0) + 1;
  counts.set(prefix, next);
  return next;
}

/**
 * Begins anew with automatic names, as in a fresh process: the next dense layer is called `dense`.
 *
 * @param options `freeMemory` (default true): whether the host's garbage collector runs, where programs may ask for that
 *   (`node --expose-gc`)
 *
 * @example
 * ```ts
 * clearSession();
 * [new layers.Dense(1).name, new layers.Dense(1).name]; // → ["dense", "dense_1"]
 * ```
 */
export function clearSession(options: { readonly freeMemory?: boolean } = {}): void {
  checkOptions("clearSession", options, ["freeMemory"]);
  counts.clear();
  if (options.freeMemory ?? true) (globalThis as { gc?: () => void }).gc?.();
}
