/** Trees: arrays and plain objects whose leaves are tensors and other values. */

/** A structure of arrays and plain objects. */
export type Tree<T> = T | readonly Tree<T>[] | { readonly [key: string]: Tree<T> };

const treeNode: unique symbol = Symbol("treeNode");

/** How objects of a class are nodes of trees although they are neither arrays nor plain objects. */
export interface TreeNode<T> {
  children(it: T): readonly unknown[];
  /** Such an object with other children, which may be anything while a tree is gone through. */
  with(children: readonly unknown[]): unknown;
}

/** Makes the objects of a class nodes of trees, so that `jit` takes and gives them. */
export function defineTreeNode<T extends object>(prototype: T, node: TreeNode<T>): void {
  Object.defineProperty(prototype, treeNode, { value: node });
}

function nodeOf(x: unknown): TreeNode<unknown> | undefined {
  return typeof x === "object" && x !== null
    ? (x as { readonly [treeNode]?: TreeNode<unknown> })[treeNode]
    : undefined;
}

/** Whether a value is an object that was written as `{ … }`. */
export function isPlainObject(x: unknown): x is Record<string, unknown> {
  if (typeof x !== "object" || x === null) return false;
  const prototype: unknown = Object.getPrototypeOf(x);
  return prototype === Object.prototype || prototype === null;
}

/** What a structure is made of: array items by place, object members in the order of their keys; undefined for a leaf. */
export function treeChildren(tree: unknown): readonly unknown[] | undefined {
  if (Array.isArray(tree)) return tree;
  return isPlainObject(tree) ? sortedKeys(tree).map((key) => tree[key]) : nodeOf(tree)?.children(tree);
}

/** The places or keys of `treeChildren`. */
export function treeKeys(tree: object): readonly (number | string)[] {
  const list = Array.isArray(tree) ? tree : nodeOf(tree)?.children(tree);
  return list?.map((_, i) => i) ?? sortedKeys(tree);
}

/** A structure of the same kind with other children, which come in the order of `treeChildren`; members keep their order. */
export function treeWith(tree: object, children: readonly unknown[]): unknown {
  if (Array.isArray(tree)) return [...children];
  const node = nodeOf(tree);
  if (node !== undefined) return node.with(children);
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
