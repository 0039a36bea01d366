/** The index of the public API that the build makes (`tools/api_index.mjs`), and how to find things in it. */

/** A member of a class or an interface. */
export interface ApiMember {
  readonly kind: "method" | "property";
  readonly doc?: string;
  /** Parameters and result, or the type, as written. */
  readonly signature?: string;
  /** The symbols of the parameters' types. */
  readonly takes?: readonly (number | null)[];
  /** The symbol of the result's type, or of the property's. */
  readonly to?: number;
  /** Strings that it may be. */
  readonly strings?: readonly string[];
}

/** A declaration. */
export interface ApiSymbol {
  readonly name: string;
  readonly kind: "class" | "function" | "interface" | "const";
  readonly doc?: string;
  /** What the documentation says of the constructor. */
  readonly constructs?: string;
  readonly signature?: string;
  readonly takes?: readonly (number | null)[];
  readonly to?: number;
  /** What it extends, or stands for. */
  readonly from?: readonly number[];
  readonly members?: Readonly<Record<string, ApiMember>>;
  readonly statics?: Readonly<Record<string, ApiMember>>;
  readonly strings?: readonly string[];
}

/** The whole index. */
export interface ApiIndex {
  /** What modules export: symbols by their numbers, modules by their names. */
  readonly modules: Readonly<Record<string, Readonly<Record<string, number | string>>>>;
  readonly symbols: readonly ApiSymbol[];
}

/** All members of a symbol, inherited ones too. */
export function membersOfSymbol(
  api: ApiIndex,
  id: number,
  seen: Set<number> = new Set(),
): Map<string, ApiMember> {
  const found = new Map<string, ApiMember>();
  if (seen.has(id)) return found;
  seen.add(id);
  const { members = {}, from = [] } = api.symbols[id]!;
  for (const [name, member] of Object.entries(members)) found.set(name, member);
  for (const parent of from)
    for (const [name, member] of membersOfSymbol(api, parent, seen))
      if (!found.has(name)) found.set(name, member);
  return found;
}

/** What a constructor or a function takes; a class without a constructor takes what its parent does. */
export function takesOf(api: ApiIndex, id: number): readonly (number | null)[] {
  const { takes, kind, from = [] } = api.symbols[id]!;
  return takes ?? (kind === "class" && from[0] !== undefined ? takesOf(api, from[0]) : []);
}
