/** Trees of tensors taken apart and put together again, for functions that carry them through loops. */
import {
  isPlainObject,
  type Tensor,
  type TensorLike,
  toTensor,
  treeChildren,
  treeKeys,
  treeLeaves,
  treeMap,
  treeWith,
} from "../../engine/index.ts";

/** A type with tensors in place of what can be one. */
export type Tensors<T> = T extends number | boolean | Tensor
  ? Tensor
  : T extends null | undefined
    ? T
    : T extends readonly unknown[] | { readonly [key: string]: unknown }
      ? { [K in keyof T]: Tensors<T[K]> }
      : Tensor;

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

/** Values that a loop carries: their tensors, and how to find those of a later round. */
export interface Carried extends Taken {
  /** The tensors of a value that is nested in the same way, undefined if it is not; plain numbers get the dtype of theirs. */
  readonly again: (value: unknown) => readonly Tensor[] | undefined;
}

/** Takes apart one tensor, which may be written as nested numbers, or a tree of tensors. */
export function carry(value: unknown): Carried {
  return isTree(value) ? carryTree(value) : carryOne(value);
}

/** Takes apart an array or an object; what it holds may be trees, too. */
export function carryTree(tree: object): Carried {
  const parts = treeChildren(tree)!.map(carry);
  const leaves = parts.flatMap((part) => part.leaves);
  return {
    leaves,
    build(values) {
      let at = 0;
      return treeWith(
        tree,
        parts.map((part) => part.build(values.slice(at, (at += part.leaves.length)))),
      );
    },
    again(value) {
      const children = treeChildren(value);
      if (children === undefined || Array.isArray(tree) !== Array.isArray(value)) return undefined;
      if (treeKeys(tree).join() !== treeKeys(value as object).join()) return undefined;
      const found = parts.map((part, i) => part.again(children[i]));
      return found.every((one) => one !== undefined) ? found.flat() : undefined;
    },
  };
}

function carryOne(value: unknown): Carried {
  const first = toTensor(value as TensorLike);
  return {
    leaves: [first],
    build: ([one]) => one,
    again(next) {
      if (isTree(next)) return undefined;
      const isPlain = typeof next === "number" || typeof next === "boolean";
      return [toTensor(next as TensorLike, isPlain ? first.dtype : undefined)];
    },
  };
}

/** Whether something is no tensor by itself: plain objects, and arrays that hold more than nested numbers. */
function isTree(value: unknown): value is object {
  if (isPlainObject(value)) return true;
  return Array.isArray(value) && value.some((x) => (typeof x === "object" && !Array.isArray(x)) || isTree(x));
}

/** How a tree is nested, such as `{a: *, b: [*, *]}`; its tensors are stars. */
export function structureOf(tree: unknown): string {
  const children = treeChildren(tree);
  if (children === undefined) return isNothing(tree) ? "null" : "*";
  const inside = children.map(structureOf);
  if (Array.isArray(tree)) return `[${inside.join(", ")}]`;
  const keys = treeKeys(tree as object);
  return `{${inside.map((text, i) => `${keys[i]}: ${text}`).join(", ")}}`;
}
