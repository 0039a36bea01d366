/** Trees of tensors taken apart and put together again, for functions that carry them through loops. */
import { type Tensor, type TensorLike, toTensor, treeLeaves, treeMap } from "../../engine/index.ts";

/** A tree taken apart: its tensors, and how to put others in their places. */
export interface Taken {
  readonly leaves: readonly Tensor[];
  readonly build: (leaves: readonly Tensor[]) => unknown;
}

const isNothing = (x: unknown): boolean => x === null || x === undefined;

/**
 * Arrays of numbers are trees too: what a caller gives is taken as it is nested, but numbers become scalars. Null and
 * undefined hold no tensor and stay where they are.
 */
export function takeApart(tree: unknown): Taken {
  const leaves = treeLeaves(tree)
    .filter((x) => !isNothing(x))
    .map((x) => toTensor(x as TensorLike));
  return {
    leaves,
    build(values) {
      let next = 0;
      return treeMap((x) => (isNothing(x) ? x : values[next++]), tree);
    },
  };
}
