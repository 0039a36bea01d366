/** Paths of variables: the names of the layers and scopes that they are made in, from the outside in. */
import { show, ValueError } from "../../engine/index.ts";

/** Something that gives its name to what is made inside it. */
export interface ScopeOwner {
  readonly name: string;
}

interface Scope {
  readonly owner: ScopeOwner;
  readonly path: string;
}

const scopes: Scope[] = [];

/** The path of what is made now, such as `sequential/dense`; empty outside of all layers. */
export function currentPath(): string {
  return scopes.at(-1)?.path ?? "";
}

/**
 * Runs a function whose variables have the owner's name in their paths. An owner that is the innermost already does not
 * count twice.
 *
 * @param parent the path that the owner stands in; a layer keeps the one that it was first used in
 */
export function inScopeOf<R>(owner: ScopeOwner, parent: string, fn: () => R): R {
  if (scopes.at(-1)?.owner === owner) return fn();
  scopes.push({ owner, path: joinPath(parent, owner.name) });
  try {
    return fn();
  } finally {
    scopes.pop();
  }
}

/**
 * Runs a function in which variables and layers get a name into their paths. Keras has it as a `with` block.
 *
 * @throws ValueError for a name with a slash
 *
 * @example
 * ```ts
 * const v = nameScope("outer", () => nameScope("inner", () => new Variable(1, { name: "v" })));
 * v.path; // → "outer/inner/v"
 * ```
 */
export function nameScope<R>(name: string, fn: () => R): R {
  if (typeof name !== "string" || name.includes("/")) {
    throw new ValueError(`nameScope: expected a name without "/". Received: ${show(name)}`);
  }
  return inScopeOf({ name }, currentPath(), fn);
}

/** A path with one more name. */
export function joinPath(path: string, name: string): string {
  return path === "" ? name : `${path}/${name}`;
}
