/** Trees: arrays and plain objects whose leaves are tensors and other values. */

/** A structure of arrays and plain objects. */
export type Tree<T> = T | readonly Tree<T>[] | { readonly [key: string]: Tree<T> };

/** Whether a value is an object that was written as `{ … }`. */
export function isPlainObject(x: unknown): x is Record<string, unknown> {
  if (typeof x !== "object" || x === null) return false;
  const prototype: unknown = Object.getPrototypeOf(x);
  return prototype === Object.prototype || prototype === null;
}

/** What a structure is made of: array items by place, object members in the order of their keys; undefined for a leaf. */
export function treeChildren(tree: unknown): readonly unknown[] | undefined {
  if (Array.isArray(tree)) return tree;
  return isPlainObject(tree) ? sortedKeys(tree).map((key) => tree[key]) : undefined;
}

/** The places or keys of `treeChildren`. */
export function treeKeys(tree: object): readonly (number | string)[] {
  return Array.isArray(tree) ? tree.map((_, i) => i) : sortedKeys(tree);
}

/** A structure of the same kind with other children, which come in the order of `treeChildren`; members keep their order. */
export function treeWith(tree: object, children: readonly unknown[]): unknown {
  if (Array.isArray(tree)) return [...children];
  const places = new Map(sortedKeys(tree).map((key, i) => [key, i]));
  return Object.fromEntries(Object.keys(tree).map((key) => [key, children[places.get(key)!]]));
}

function sortedKeys(tree: object): string[] {
  return Object.keys(tree).sort();
}

/** The leaves, in order. */
export function treeLeaves(tree: unknown): unknown[] {
  return treeChildren(tree)?.flatMap(treeLeaves) ?? [tree];
}

/** The same structure with other leaves; the function is called for them in order. */
export function treeMap(fn: (leaf: unknown) => unknown, tree: unknown): unknown {
  const children = treeChildren(tree);
  if (children === undefined) return fn(tree);
  return treeWith(
    tree as object,
    children.map((child) => treeMap(fn, child)),
  );
}
