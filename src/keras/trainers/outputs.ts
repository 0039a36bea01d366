/** The outputs of a model in a flat list, and what belongs to each: targets, weights, losses, metrics. */
import { isPlainObject, type Shape, show, ValueError } from "../../engine/index.ts";
import { isSerialized } from "../saving/registry.ts";

/** What is known of an output before there is data. */
interface Described {
  readonly shape: readonly (number | null)[];
}

/** One output. */
export interface Output {
  /** Where it stands in the structure of the outputs. */
  readonly path: readonly (string | number)[];
  /** The name of the layer that gives it, in functional models. */
  readonly name: string | undefined;
  readonly shape: Shape;
}

const isLeaf = (x: unknown): boolean => (!Array.isArray(x) && !isPlainObject(x)) || isSerialized(x);

/** The outputs in order: array items by place, object members in the order of their keys. */
export function outputsOf(structure: unknown, names: readonly string[] | undefined): Output[] {
  const found: { path: (string | number)[]; shape: Shape }[] = [];
  const walk = (x: unknown, path: (string | number)[]): void => {
    if (Array.isArray(x)) {
      x.forEach((item, i) => {
        walk(item, [...path, i]);
      });
    } else if (isPlainObject(x)) for (const key of Object.keys(x).sort()) walk(x[key], [...path, key]);
    else found.push({ path, shape: (x as Described).shape.map((n) => n ?? 1) });
  };
  walk(structure, []);
  const named = names?.length === found.length ? names : undefined;
  return found.map((output, i) => ({ ...output, name: named?.[i] }));
}

/** The name of an output by which it is found in objects: that of its layer, or its key. */
function keyOf(output: Output): string | undefined {
  const last = output.path.at(-1);
  return typeof last === "string" ? last : output.name;
}

/** The value at a path; undefined where there is none. */
function at(tree: unknown, path: readonly (string | number)[]): unknown {
  let value = tree;
  for (const key of path) {
    if (Array.isArray(value) && typeof key === "number") value = value[key];
    else if (isPlainObject(value) && Object.hasOwn(value, key)) value = value[key];
    else return undefined;
  }
  return value;
}

function leavesOf(tree: unknown): unknown[] {
  if (isLeaf(tree)) return [tree];
  if (Array.isArray(tree)) return tree.flatMap(leavesOf);
  const object = tree as Record<string, unknown>;
  return Object.keys(object)
    .sort()
    .flatMap((key) => leavesOf(object[key]));
}

/**
 * What belongs to each output: by the structure of the outputs, by the names of their layers, or in a flat list.
 *
 * @param what how it is called in errors
 * @param options `repeat`: whether a single value stands for all outputs; `partial`: whether outputs may be left out
 * @throws ValueError when the structures do not fit
 */
export function align(
  what: string,
  tree: unknown,
  outputs: readonly Output[],
  options: { readonly repeat?: boolean; readonly partial?: boolean } = {},
): unknown[] {
  if (isLeaf(tree)) {
    if (outputs.length === 1 || options.repeat) return outputs.map(() => tree);
  } else if (isPlainObject(tree)) {
    const nested = outputs.map((o) => at(tree, o.path));
    if (outputs.every((o) => typeof o.path[0] === "string")) {
      const known = new Set(outputs.map((o) => String(o.path[0])));
      if (Object.keys(tree).every((key) => known.has(key))) {
        if (options.partial || nested.every((x) => x !== undefined)) return nested;
      }
    }
    const names = outputs.map(keyOf);
    const fits = Object.keys(tree).every((key) => names.includes(key));
    if (fits && (options.partial || names.every((name) => name !== undefined && Object.hasOwn(tree, name)))) {
      return names.map((name) => (name === undefined ? undefined : tree[name]));
    }
  } else {
    const nested = outputs.map((o) => at(tree, o.path));
    const list = tree as readonly unknown[];
    if (outputs.every((o) => o.path.length > 0) && nested.every((x) => x !== undefined)) return nested;
    if (list.length === outputs.length) return [...list];
    const leaves = leavesOf(tree);
    if (leaves.length === outputs.length) return leaves;
    if (options.repeat && leaves.length === 1) return outputs.map(() => leaves[0]);
  }
  const known = outputs.map((o) => o.name ?? `[${o.path.join("][")}]`);
  throw new ValueError(
    `${what} does not match the ${outputs.length} output${outputs.length === 1 ? "" : "s"} of the model: ${known.join(", ")}. Received: ${describe(tree)}`,
  );
}

function describe(tree: unknown): string {
  if (isLeaf(tree)) return show(tree);
  if (Array.isArray(tree)) return `an array of ${tree.length}`;
  return `an object with ${Object.keys(tree as object).join(", ")}`;
}

/** Whether it is one value and no structure of values. */
export { isLeaf, leavesOf };
