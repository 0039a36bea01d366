/** Masks travel with tensors, symbolic ones too: which of a tensor's steps count and which are padding. */
import { type Tensor, type Tree, treeLeaves, treeMap } from "../../engine/index.ts";
import type { KerasTensor } from "./keras_tensor.ts";
import type { SymbolicTensor } from "./symbolic_tensor.ts";

const masks = new WeakMap<Tensor | SymbolicTensor, Tensor | SymbolicTensor>();

/** A mask, or masks in the structure of the tensors that they belong to, with `null` for tensors without. */
export type Masks = Tree<Tensor | null>;

/** Masks of tensors or of symbolic tensors. */
export type AnyMasks = Tree<Tensor | KerasTensor | null>;

/** The mask that is attached to a tensor. */
export function getKerasMask(x: Tensor): Tensor | undefined;
export function getKerasMask(x: Tensor | SymbolicTensor): Tensor | SymbolicTensor | undefined;
export function getKerasMask(x: Tensor | SymbolicTensor): Tensor | SymbolicTensor | undefined {
  return masks.get(x);
}

/** Attaches a mask to a tensor: booleans, one for each sample and step. */
export function setKerasMask(x: Tensor, mask: Tensor): void;
export function setKerasMask(x: Tensor | SymbolicTensor, mask: Tensor | SymbolicTensor): void;
export function setKerasMask(x: Tensor | SymbolicTensor, mask: Tensor | SymbolicTensor): void {
  masks.set(x, mask);
}

/** The masks of tensors, in the same structure; nothing if there are none at all. */
export function masksOf(tensors: unknown): AnyMasks | undefined {
  const leaves = treeLeaves(tensors);
  if (!leaves.some((x) => masks.has(x as Tensor))) return undefined;
  return treeMap((x) => masks.get(x as Tensor) ?? null, tensors) as AnyMasks;
}
