/** Paths of variables: the names of the layers that are being built or called, from the outside in. */

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
export function nameScope<R>(owner: ScopeOwner, parent: string, fn: () => R): R {
  if (scopes.at(-1)?.owner === owner) return fn();
  scopes.push({ owner, path: joinPath(parent, owner.name) });
  try {
    return fn();
  } finally {
    scopes.pop();
  }
}

/** A path with one more name. */
export function joinPath(path: string, name: string): string {
  return path === "" ? name : `${path}/${name}`;
}
