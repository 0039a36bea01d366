/** Masks travel with tensors: which of a tensor's steps count and which are padding. */
import { type Tensor, type Tree, treeLeaves, treeMap } from "../../engine/index.ts";

const masks = new WeakMap<Tensor, Tensor>();

/** A mask, or masks in the structure of the tensors that they belong to, with `null` for tensors without. */
export type Masks = Tree<Tensor | null>;

/** The mask that is attached to a tensor. */
export function getKerasMask(x: Tensor): Tensor | undefined {
  return masks.get(x);
}

/** Attaches a mask to a tensor: booleans, one for each sample and step. */
export function setKerasMask(x: Tensor, mask: Tensor): void {
  masks.set(x, mask);
}

/** The masks of tensors, in the same structure; nothing if there are none at all. */
export function masksOf(tensors: unknown): Masks | undefined {
  const leaves = treeLeaves(tensors);
  if (!leaves.some((x) => masks.has(x as Tensor))) return undefined;
  return treeMap((x) => masks.get(x as Tensor) ?? null, tensors) as Masks;
}
