/** Structures of symbolic tensors: the inputs and outputs of graphs. */
import { type Tree, treeMap } from "../../engine/index.ts";
import { KerasTensor } from "./keras_tensor.ts";
import type { valueType } from "./symbolic_tensor.ts";

/** Symbolic tensors in the structure of the inputs or outputs of a graph. */
export type SymbolicTree = Tree<KerasTensor>;

/** Symbolic tensors where there are tensors later. */
export type SymbolicFor<Out> =
  | { readonly [valueType]: Out }
  | { readonly [K in keyof Out]: SymbolicFor<Out[K]> };

/** A structure of symbolic tensors turned into one of something else; members of objects keep their order. */
export function mapInOrder(tree: SymbolicTree, fn: (x: KerasTensor) => unknown): unknown {
  if (tree instanceof KerasTensor) return fn(tree);
  if (Array.isArray(tree)) return (tree as readonly SymbolicTree[]).map((x) => mapInOrder(x, fn));
  return Object.fromEntries(Object.entries(tree).map(([key, x]) => [key, mapInOrder(x, fn)]));
}

/** The leaves of a structure replaced, in order. */
export function pack(structure: unknown, leaves: readonly unknown[]): unknown {
  let at = 0;
  return treeMap(() => leaves[at++], structure);
}
