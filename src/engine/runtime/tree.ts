/** Trees: arrays and plain objects whose leaves are tensors and other values. */

/** A structure of arrays and plain objects. */
export type Tree<T> = T | readonly Tree<T>[] | { readonly [key: string]: Tree<T> };

/** Whether a value is an object that was written as `{ … }`. */
export function isPlainObject(x: unknown): x is Record<string, unknown> {
  if (typeof x !== "object" || x === null) return false;
  const prototype: unknown = Object.getPrototypeOf(x);
  return prototype === Object.prototype || prototype === null;
}

/** The leaves, in order: array items by place, object members in the order of their keys. */
export function treeLeaves(tree: unknown): unknown[] {
  if (Array.isArray(tree)) return tree.flatMap(treeLeaves);
  if (isPlainObject(tree))
    return Object.keys(tree)
      .sort()
      .flatMap((k) => treeLeaves(tree[k]));
  return [tree];
}

/** The same structure with other leaves. */
export function treeMap(fn: (leaf: unknown) => unknown, tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.map((t) => treeMap(fn, t));
  if (!isPlainObject(tree)) return fn(tree);
  const out: Record<string, unknown> = {};
  for (const key of Object.keys(tree).sort()) out[key] = treeMap(fn, tree[key]);
  return out;
}
