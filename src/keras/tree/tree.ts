/** Nested structures: arrays and plain objects, and what they hold at their ends. */
import {
  checkOptions,
  show,
  treeChildren,
  treeKeys,
  treeLeaves,
  treeMap,
  treeWith,
  ValueError,
} from "../../engine/index.ts";

/** What stands at the ends of a structure of a type. */
export type Leaf<S> = S extends readonly (infer E)[]
  ? Leaf<E>
  : S extends (...args: never[]) => unknown
    ? S
    : S extends { readonly [key: string]: unknown }
      ? Leaf<S[keyof S]>
      : S;

/** A structure of a type with something else at its ends. */
export type Mapped<S, T> = S extends (...args: never[]) => unknown
  ? T
  : S extends readonly unknown[] | { readonly [key: string]: unknown }
    ? { [K in keyof S]: Mapped<S[K], T> }
    : T;

/** The parts of a structure with their places or keys, in order; undefined for a leaf. */
function treeParts(tree: unknown): (readonly [key: string | number, part: unknown])[] | undefined {
  const children = treeChildren(tree);
  if (children === undefined) return undefined;
  const keys = treeKeys(tree as object);
  return children.map((part, i) => [keys[i]!, part]);
}

/** The way to a leaf: places in arrays and keys of objects. */
export type Path = readonly (string | number)[];

/**
 * What a function of {@link traverse} gives to put null in the place of a part; null itself means to go on.
 *
 * @example
 * ```ts
 * tree.traverse((x) => (x === 2 ? tree.MAP_TO_NONE : null), [1, 2]); // → [1, null]
 * ```
 */
export const MAP_TO_NONE: unique symbol = Symbol("MAP_TO_NONE");

/**
 * Whether something is a nested structure: an array or an object written as `{ … }`.
 *
 * @example
 * ```ts
 * [tree.isNested(42), tree.isNested({ foo: 42 }), tree.isNested([])]; // → [false, true, true]
 * ```
 */
export function isNested(structure: unknown): boolean {
  return treeChildren(structure) !== undefined;
}

/**
 * The leaves of a structure, in order: array items by place, members of objects in the order of their keys as text.
 *
 * @example
 * ```ts
 * tree.flatten([[1, 2], [3, [4]], { b: 6, a: 5 }]); // → [1, 2, 3, 4, 5, 6]
 * tree.flatten(null); // → [null]
 * ```
 */
export function flatten<S>(structure: S): Leaf<S>[] {
  return treeLeaves(structure) as Leaf<S>[];
}

/**
 * The leaves of a structure, each with the way to it.
 *
 * @returns pairs `[path, leaf]` in the order of {@link flatten}
 *
 * @example
 * ```ts
 * tree.flattenWithPath([{ foo: 42 }]); // → [[[0, "foo"], 42]]
 * ```
 */
export function flattenWithPath<S>(structure: S): [path: Path, leaf: Leaf<S>][] {
  const walk = (part: unknown, path: Path): [Path, unknown][] =>
    treeParts(part)?.flatMap(([key, child]) => walk(child, [...path, key])) ?? [[path, part]];
  return walk(structure, []) as [Path, Leaf<S>][];
}

/**
 * A structure of what a function gives for the leaves of structures that are nested in the same way.
 *
 * @param func takes a leaf of each structure
 * @returns a structure nested as the first one
 * @throws ValueError without a structure, and when the structures differ
 *
 * @example
 * ```ts
 * tree.mapStructure((a, b) => a * b, { x: [1, 2], y: 3 }, { x: [10, 20], y: 30 }); // → {"x":[10,40],"y":90}
 * ```
 */
export function mapStructure<const S extends readonly unknown[], T>(
  func: (...leaves: { -readonly [K in keyof S]: Leaf<S[K]> }) => T,
  ...structures: S
): Mapped<S[0], T> {
  const [first, ...others] = structures;
  if (structures.length === 0)
    throw new ValueError("mapStructure: expected at least one structure. Received: none");
  for (const other of others) requireSame("mapStructure", first, other);
  const columns = others.map(treeLeaves);
  let next = 0;
  return treeMap((leaf) => {
    const leaves = [leaf, ...columns.map((column) => column[next])];
    next++;
    return func(...(leaves as { -readonly [K in keyof S]: Leaf<S[K]> }));
  }, first) as Mapped<S[0], T>;
}

/**
 * What a function gives for the parts of structures that stand at the ends of another, shallower one.
 *
 * @param shallowStructure says how far to go down; what it holds does not matter
 * @param func takes a part of each structure
 * @throws ValueError without a structure, and when one is not nested as the shallow one, at least that deep
 *
 * @example
 * ```ts
 * tree.mapStructureUpTo([null, [null]], JSON.stringify, [[1, 1], [[2, 2]]]); // → ["[1,1]", ["[2,2]"]]
 * ```
 */
export function mapStructureUpTo<S, T>(
  shallowStructure: S,
  func: (...parts: never[]) => T,
  ...structures: readonly unknown[]
): Mapped<S, T> {
  if (structures.length === 0) {
    throw new ValueError("mapStructureUpTo: expected at least one structure. Received: none");
  }
  const columns = structures.map((structure) => partsUpTo(shallowStructure, structure));
  let next = 0;
  return treeMap(() => {
    const parts = columns.map((column) => column[next]);
    next++;
    return func(...(parts as never[]));
  }, shallowStructure) as Mapped<S, T>;
}

/** The parts of a structure at the ends of a shallower one. */
function partsUpTo(shallow: unknown, structure: unknown): unknown[] {
  const parts = treeParts(shallow);
  if (parts === undefined) return [structure];
  if (!sameLevel(shallow, structure)) {
    throw new ValueError(
      `mapStructureUpTo: expected a structure nested as ${show(shallow)}. Received: ${show(structure)}`,
    );
  }
  const children = treeParts(structure)!;
  return parts.flatMap(([, child], i) => partsUpTo(child, children[i]![1]));
}

/** Whether two structures are of one kind and have the same keys, whatever stands there. */
function sameLevel(a: unknown, b: unknown): boolean {
  const [x, y] = [treeParts(a), treeParts(b)];
  if (x === undefined || y === undefined) return x === y;
  return (
    Array.isArray(a) === Array.isArray(b) && x.length === y.length && x.every(([key], i) => key === y[i]![0])
  );
}

function requireSame(where: string, a: unknown, b: unknown): void {
  const same = (x: unknown, y: unknown): boolean => {
    if (!sameLevel(x, y)) return false;
    const others = treeParts(y);
    return treeParts(x)?.every(([, child], i) => same(child, others![i]![1])) ?? true;
  };
  if (same(a, b)) return;
  throw new ValueError(
    `${where}: the two structures don't have the same nested structure. Received: ${show(a)} and ${show(b)}`,
  );
}

/**
 * Checks that two structures are nested in the same way; their leaves may differ.
 *
 * @param options `checkTypes`: without effect, as in Keras, which has it for old programs
 * @throws ValueError when they are not
 *
 * @example
 * ```ts
 * tree.assertSameStructure([{ a: 0 }], [{ a: "x" }]);
 * tree.assertSameStructure([0], [[0]]); // → throws ValueError: assertSameStructure: the two structures don't have the same nested structure
 * ```
 */
export function assertSameStructure(
  a: unknown,
  b: unknown,
  options: { readonly checkTypes?: boolean | null } = {},
): void {
  checkOptions("assertSameStructure", options, ["checkTypes"]);
  requireSame("assertSameStructure", a, b);
}

/**
 * Checks that the leaves of two structures are found at the same places and under the same keys.
 *
 * @throws ValueError that names the paths which only one of them has
 *
 * @example
 * ```ts
 * tree.assertSamePaths([0, { a: 1 }], [2, { a: 3 }]);
 * tree.assertSamePaths([0], { a: 1 }); // → throws ValueError: assertSamePaths: expected the same paths
 * ```
 */
export function assertSamePaths(a: unknown, b: unknown): void {
  const [inA, inB] = [a, b].map((x) => new Set(flattenWithPath(x).map(([path]) => JSON.stringify(path))));
  const only = (x: Set<string>, y: Set<string>): string =>
    `[${[...x].filter((path) => !y.has(path)).join(", ")}]`;
  const [missing, extra] = [only(inA!, inB!), only(inB!, inA!)];
  if (missing === "[]" && extra === "[]") return;
  throw new ValueError(
    `assertSamePaths: expected the same paths. Only in a: ${missing}; only in b: ${extra}`,
  );
}

/**
 * A flat list put into a structure: the inverse of {@link flatten}.
 *
 * @param structure what it holds does not matter
 * @param flatSequence as many items as the structure has leaves
 * @throws ValueError for another number of items
 *
 * @example
 * ```ts
 * tree.packSequenceAs({ b: [0, 0], a: 0 }, [1, 2, 3]); // → {"b":[2,3],"a":1}
 * ```
 */
export function packSequenceAs<S, const T>(structure: S, flatSequence: readonly T[]): Mapped<S, T> {
  const places = treeLeaves(structure).length;
  if (!Array.isArray(flatSequence) || flatSequence.length !== places) {
    throw new ValueError(
      `packSequenceAs: expected a list of ${places} items, one for each leaf. Received: ${show(flatSequence)}`,
    );
  }
  let next = 0;
  return treeMap(() => flatSequence[next++], structure) as Mapped<S, T>;
}

/**
 * Goes through a structure and its parts, depth first, and gives a structure in which parts may have been replaced.
 *
 * @param func takes a part (the whole structure, what is nested in it, the leaves). If it gives null or undefined, the part
 *   stays and, from the top, its own parts are next; else what it gives stands in the place of the part, and
 *   {@link MAP_TO_NONE} means null
 * @param structure is not changed
 * @param options `topDown` (default true): a part before its own parts; else after them, as they have become
 *
 * @example
 * ```ts
 * const seen: unknown[] = [];
 * tree.traverse((x) => void seen.push(x), [[1], 2]);
 * seen; // → [[[1], 2], [1], 1, 2]
 * ```
 */
export function traverse(
  func: (part: unknown) => unknown,
  structure: unknown,
  options: { readonly topDown?: boolean } = {},
): unknown {
  checkOptions("traverse", options, ["topDown"]);
  const { topDown = true } = options;
  const children = (part: unknown): unknown => {
    const parts = treeChildren(part)?.map(walk);
    return parts === undefined ? part : treeWith(part as object, parts);
  };
  const walk = (part: unknown): unknown => {
    const before = topDown ? part : children(part);
    const given = func(before) ?? null;
    if (given === null) return topDown ? children(part) : before;
    return given === MAP_TO_NONE ? null : given;
  };
  return walk(structure);
}

/**
 * A structure with tuples for its lists: arrays that cannot be changed.
 *
 * @param structure is not changed itself
 *
 * @example
 * ```ts
 * const fixed = tree.listsToTuples([[1], { a: [2] }]);
 * fixed; // → [[1], {"a":[2]}]
 * [Object.isFrozen(fixed), Object.isFrozen(fixed[0])]; // → [true, true]
 * ```
 */
export function listsToTuples<S>(structure: S): S {
  return traverse((part) => (Array.isArray(part) ? Object.freeze(part) : null), structure, {
    topDown: false,
  }) as S;
}

/**
 * {@link mapStructure} for structures of shapes: arrays of whole numbers and nulls are leaves.
 *
 * @param func takes a shape
 *
 * @example
 * ```ts
 * tree.mapShapeStructure((shape) => shape.length, { x: [null, 2], y: [[3], []] }); // → {"x":2,"y":[1,0]}
 * ```
 */
export function mapShapeStructure(
  func: (shape: readonly (number | null)[]) => unknown,
  structure: unknown,
): unknown {
  const isShape = (part: unknown): part is readonly (number | null)[] =>
    Array.isArray(part) && part.every((n) => n === null || Number.isInteger(n));
  const walk = (part: unknown): unknown => {
    if (isShape(part)) return func(part);
    const children = treeChildren(part);
    // A leaf that is no shape is for the function to refuse or take.
    if (children === undefined) return func(part as readonly (number | null)[]);
    return treeWith(part as object, children.map(walk));
  };
  return walk(structure);
}
