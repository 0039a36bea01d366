/** The tree of what is saved: which layers and optimizers an object holds, and under which paths Keras keeps them. */

import { toSnakeCase } from "../utils/naming.ts";
import { camelToSnake } from "./config.ts";
import type { Saveable } from "./own_state.ts";
import { pythonNameOf } from "./registry.ts";

/** An object that can be saved, or a list or a plain object of such. */
export type Child = Saveable | readonly unknown[] | Readonly<Record<string, unknown>>;

/** A model, as far as the tree needs it. */
interface ModelLike {
  readonly layers: readonly unknown[];
  /** Whether its layers come first: those of graphs and stacks do. */
  readonly savesLayersFirst: boolean;
  readonly optimizer: unknown;
}

/** Whether an object is a layer, a model or an optimizer. */
export function isSaveable(x: unknown): x is Saveable {
  const saveable = x as Partial<Saveable> | null;
  return (
    (typeof x === "object" || typeof x === "function") &&
    x !== null &&
    typeof saveable?.saveOwnVariables === "function" &&
    typeof saveable.loadOwnVariables === "function"
  );
}

function isModelLike(x: object): x is ModelLike {
  return "savesLayersFirst" in x;
}

function isContainer(x: unknown): x is readonly unknown[] | Readonly<Record<string, unknown>> {
  if (typeof x !== "object" || x === null) return false;
  const prototype: unknown = Object.getPrototypeOf(x);
  return Array.isArray(x) || prototype === Object.prototype || prototype === null;
}

/** A member of an object, with the names that it may have in files; it is written under the first. */
export interface Member {
  readonly names: readonly string[];
  readonly child: Child;
}

/**
 * What an object holds, in the order in which Keras goes through it: by name, private things last, but the layers of graphs
 * and stacks first. Names are those of Python: `hiddenLayer` is `hidden_layer`.
 */
export function membersOf(saveable: Saveable): Member[] {
  const given = (saveable.constructor as { readonly stateNames?: Readonly<Record<string, string>> })
    .stateNames;
  const found: Member[] = [];
  for (const [name, child] of Object.entries(saveable)) {
    if (!isSaveable(child) && !isContainer(child)) continue;
    const plain = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    // Who writes `dense1` in Python may have meant `dense1` or `dense_1`.
    const names = [given?.[name] ?? plain, plain, name, camelToSnake(name)];
    found.push({ names: [...new Set(names)], child });
  }
  let first: Member[] = [];
  if (isModelLike(saveable)) {
    const layers: Member = { names: ["layers"], child: saveable.layers };
    if (saveable.savesLayersFirst) first = [layers];
    else found.push(layers);
    if (isSaveable(saveable.optimizer)) found.push({ names: ["optimizer"], child: saveable.optimizer });
  }
  const key = ({ names: [name] }: Member): string => (name!.startsWith("_") ? `~${name}` : name!);
  found.sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return [...first, ...found];
}

/**
 * What a list or a plain object holds, with names made of classes, because names that users give differ between two
 * instances of a model: `dense`, `dense_1`, `container`.
 */
export function itemsOf(container: Child): { readonly name: string; readonly child: Child }[] {
  const used = new Map<string, number>();
  const unique = (name: string): string => {
    const count = used.get(name);
    used.set(name, (count ?? -1) + 1);
    return count === undefined ? name : `${name}_${count + 1}`;
  };
  return Object.values(container)
    .filter((child: unknown): child is Child => isSaveable(child) || isContainer(child))
    .map((child) => {
      const name = isSaveable(child) ? toSnakeCase(pythonNameOf(child)) : "container";
      return { name: unique(name), child };
    });
}
