/** Saves and loads the values of everything in a model, in Keras's order, so that each shared thing has Keras's path. */
import { ValueError } from "../../engine/index.ts";
import type { ReadAssets, ReadStore, Saveable, WriteAssets } from "./own_state.ts";
import { classNameOf } from "./registry.ts";
import { type Child, isSaveable, itemsOf, membersOf } from "./state_tree.ts";
import { joinPath, type WeightsReader, type WeightsWriter } from "./weights_store.ts";

/** Files of layers, by their paths. */
export interface AssetsWriter {
  make(path: string): WriteAssets;
}

/** Saves the values, and the files of layers if they are wanted. */
export function saveState(root: Saveable, weights: WeightsWriter, assets?: AssetsWriter): void {
  const visited = new Set<Child>();
  const visit = (child: Child, path: string): void => {
    if (visited.has(child)) return;
    visited.add(child);
    if (!isSaveable(child)) {
      for (const { name, child: item } of itemsOf(child)) visit(item, joinPath(path, name));
      return;
    }
    child.saveOwnVariables(weights.make(path, child.name));
    if (assets !== undefined) child.saveAssets?.(assets.make(path));
    for (const { names, child: member } of membersOf(child)) visit(member, joinPath(path, names[0]!));
  };
  visit(root, "");
}

/** Where values come from. */
export interface LoadOptions {
  readonly weights: WeightsReader;
  /** The files of the layer at a path. Default: files are not loaded. */
  readonly assets?: (path: string) => ReadAssets;
  /** What is told before an object's values are changed. */
  readonly before?: (saveable: Saveable) => void;
  /** Whether objects whose values do not fit stay as they are. Default false: that is an error. */
  readonly skipMismatch?: boolean;
}

/**
 * Loads the values.
 *
 * @throws ValueError when there are objects whose values are not in the file or do not fit; all others are loaded
 */
export function loadState(root: Saveable, options: LoadOptions): void {
  const { weights, assets, before, skipMismatch = false } = options;
  const done = new Set<Child>();
  const errors = new Map<Saveable, unknown>();
  const loadOwn = (saveable: Saveable, path: string): boolean => {
    try {
      const store: ReadStore = weights.get(path);
      before?.(saveable);
      saveable.loadOwnVariables(store);
      if (assets !== undefined) saveable.loadAssets?.(assets(path));
      errors.delete(saveable);
      return true;
    } catch (error) {
      errors.set(saveable, error);
      return false;
    }
  };
  const visit = (child: Child, path: string, within: ReadonlySet<Child>): void => {
    if (done.has(child) || within.has(child)) return;
    const inside = new Set(within).add(child);
    if (!isSaveable(child)) {
      for (const { name, child: item } of itemsOf(child)) visit(item, joinPath(path, name), inside);
      return;
    }
    // What is not found under the first path may be found under a later one, so it is not done yet.
    const failed = errors.size;
    const loaded = loadOwn(child, path);
    for (const { names, child: member } of membersOf(child)) {
      const name = names.find((n) => weights.has(joinPath(path, n))) ?? names[0]!;
      visit(member, joinPath(path, name), inside);
    }
    if (loaded && errors.size <= failed) done.add(child);
  };
  visit(root, "", new Set());
  if (errors.size === 0) return;
  const [[first, error]] = errors as unknown as [[Saveable, unknown]];
  const label = (s: Saveable): string => `${classNameOf(s)} "${s.name}"`;
  const message =
    `A total of ${errors.size} objects could not be loaded. Example error message for ${label(first)}:\n\n` +
    `${error instanceof Error ? error.message : String(error)}\n\n` +
    `List of objects that could not be loaded: ${[...errors.keys()].map(label).join(", ")}`;
  if (skipMismatch) console.warn(message);
  else throw new ValueError(message, { cause: error });
}
