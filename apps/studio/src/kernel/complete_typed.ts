/**
 * Completion from the types of the API: options in object literals, strings that an option may be, members of values whose type
 * a simple look at the text tells. Nothing runs for it.
 */
import { type ApiIndex, type ApiMember, membersOfSymbol, takesOf } from "./api_index.ts";
import type { Completion } from "./protocol.ts";

/** What an expression is. */
type Value =
  | { readonly is: "module"; readonly name: string }
  | { readonly is: "symbol"; readonly id: number }
  | { readonly is: "instance"; readonly id: number }
  | { readonly is: "method"; readonly member: ApiMember };

/** Where the end of a text lies: brackets that are open, and the string, if it is inside of one. */
interface Spot {
  readonly open: readonly {
    readonly bracket: string;
    readonly at: number;
    readonly commas: readonly number[];
  }[];
  /** Where the string begins. */
  readonly string: number | undefined;
}

/** Looks through a text: strings and comments are passed over. */
function spotAtEnd(text: string): Spot | undefined {
  const open: { bracket: string; at: number; commas: number[] }[] = [];
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c === "/" && text[i + 1] === "/") {
      const end = text.indexOf("\n", i);
      if (end < 0) return undefined;
      i = end;
    } else if (c === "/" && text[i + 1] === "*") {
      const end = text.indexOf("*/", i + 2);
      if (end < 0) return undefined;
      i = end + 1;
    } else if (c === '"' || c === "'" || c === "`") {
      const from = i;
      for (i++; i < text.length && text[i] !== c; i++) {
        if (text[i] === "\\") i++;
        // A string that does not end in its line is being written, or has been left.
        else if (text[i] === "\n" && c !== "`") break;
      }
      if (i >= text.length) return { open, string: from };
    } else if ("([{".includes(c)) open.push({ bracket: c, at: i, commas: [] });
    else if (")]}".includes(c)) open.pop();
    else if (c === ",") open.at(-1)?.commas.push(i);
  }
  return { open, string: undefined };
}

/** The expression that ends at a place: names, dots, calls. */
function expressionBefore(text: string, end: number): string {
  let at = end;
  let depth = 0;
  while (at > 0) {
    const c = text[at - 1]!;
    if (")]".includes(c)) depth++;
    else if ("([".includes(c)) {
      if (depth === 0) break;
      depth--;
    } else if (depth === 0 && !/[\w$.]/.test(c)) {
      // A chain may go on in the next line.
      const rest = text.slice(0, at).trimEnd();
      if (/\s/.test(c) && /^\s*\./.test(text.slice(at)) && /[\w$)\]]$/.test(rest)) {
        at = rest.length;
        continue;
      }
      break;
    }
    at--;
  }
  const before = /\bnew\s+$/.exec(text.slice(Math.max(0, at - 12), at));
  return (before === null ? "" : "new ") + text.slice(at, end);
}

/** The expression that begins at a place and ends with its statement. */
function expressionFrom(text: string, start: number): string {
  let depth = 0;
  let at = start;
  for (; at < text.length; at++) {
    const c = text[at]!;
    if ("([{".includes(c)) depth++;
    else if (")]}".includes(c)) depth--;
    if (depth < 0 || (depth === 0 && c === ";")) break;
    if (depth === 0 && c === "\n" && !/^\s*\./.test(text.slice(at))) break;
  }
  return text.slice(start, at).trim();
}

/** What imports of a text name. */
function importsOf(text: string): Map<string, { readonly module: string; readonly name: string }> {
  const found = new Map<string, { module: string; name: string }>();
  for (const [, names = "", space = "", module = ""] of text.matchAll(
    /import\s+(?:\{([^}]*)\}|\*\s+as\s+([\w$]+))\s+from\s+["']([^"']+)["']/g,
  )) {
    if (space !== "") found.set(space, { module, name: "*" });
    for (const part of names.split(",")) {
      const [, name, as] = /^\s*(?:type\s+)?([\w$]+)(?:\s+as\s+([\w$]+))?\s*$/.exec(part) ?? [];
      if (name !== undefined) found.set(as ?? name, { module, name });
    }
  }
  return found;
}

/** Finds out what expressions are. */
class Types {
  readonly #api: ApiIndex;
  readonly #text: string;
  readonly #imports: ReturnType<typeof importsOf>;

  constructor(api: ApiIndex, text: string) {
    this.#api = api;
    this.#text = text;
    this.#imports = importsOf(text);
  }

  #exported(module: string, name: string): Value | undefined {
    if (name === "*") return { is: "module", name: module };
    const names = this.#api.modules[module];
    const found = names !== undefined && Object.hasOwn(names, name) ? names[name] : undefined;
    if (found === undefined) return undefined;
    return typeof found === "string" ? { is: "module", name: found } : { is: "symbol", id: found };
  }

  #named(name: string, depth: number): Value | undefined {
    const imported = this.#imports.get(name);
    if (imported !== undefined) return this.#exported(imported.module, imported.name);
    const declarations = [
      ...this.#text.matchAll(
        new RegExp(`\\b(?:const|let|var)\\s+${name.replaceAll("$", "\\$")}\\s*(?::[^=\\n]+)?=\\s*`, "g"),
      ),
    ];
    const last = declarations.at(-1);
    return last && this.valueOf(expressionFrom(this.#text, last.index + last[0].length), depth + 1);
  }

  #member(value: Value, name: string): Value | undefined {
    if (value.is === "module") return this.#exported(value.name, name);
    if (value.is === "method") return undefined;
    const symbol = this.#api.symbols[value.id]!;
    const isConstant = value.is === "symbol" && symbol.kind === "const" && symbol.to !== undefined;
    const member =
      value.is === "instance"
        ? membersOfSymbol(this.#api, value.id).get(name)
        : isConstant
          ? membersOfSymbol(this.#api, symbol.to).get(name)
          : symbol.statics?.[name];
    if (member?.kind === "method") return { is: "method", member };
    return member?.to === undefined ? undefined : { is: "instance", id: member.to };
  }

  #call(value: Value, isNew: boolean): Value | undefined {
    if (value.is === "symbol" && isNew) return { is: "instance", id: value.id };
    const to =
      value.is === "method"
        ? value.member.to
        : value.is === "symbol"
          ? this.#api.symbols[value.id]!.to
          : undefined;
    return to === undefined ? undefined : { is: "instance", id: to };
  }

  /** What an expression is, if it is names, dots and calls. */
  valueOf(expression: string, depth = 0): Value | undefined {
    if (depth > 8) return undefined;
    const bare = expression.replace(/^\(?\s*await\s+/, "").trim();
    const isNew = /^new\s+/.test(bare);
    let rest = bare.replace(/^new\s+/, "");
    const root = /^[A-Za-z_$][\w$]*/.exec(rest)?.[0];
    if (root === undefined) return undefined;
    let value = this.#named(root, depth);
    rest = rest.slice(root.length);
    let made = false;
    while (value !== undefined && rest.trim() !== "") {
      rest = rest.trimStart();
      const name = /^\.\s*([A-Za-z_$][\w$]*)/.exec(rest);
      if (name !== null) {
        value = this.#member(value, name[1]!);
        rest = rest.slice(name[0].length);
      } else if (rest.startsWith("(")) {
        const end = closing(rest);
        if (end === undefined) return undefined;
        value = this.#call(value, isNew && !made);
        made = true;
        rest = rest.slice(end + 1);
      } else return undefined;
    }
    return value;
  }

  /** What a value takes as its arguments. */
  takes(value: Value | undefined): readonly (number | null)[] {
    if (value?.is === "method") return value.member.takes ?? [];
    return value?.is === "symbol" ? takesOf(this.#api, value.id) : [];
  }

  /** Completions for the members of a value. */
  members(value: Value): Completion[] {
    if (value.is === "method") return [];
    if (value.is === "module") {
      return Object.entries(this.#api.modules[value.name] ?? {}).flatMap(([label, found]): Completion[] => {
        if (typeof found === "string") return [{ label, kind: "namespace" }];
        const { kind, signature, doc } = this.#api.symbols[found]!;
        if (kind === "interface") return [];
        return [{ label, kind: kind === "const" ? "constant" : kind, ...about({ signature, doc }) }];
      });
    }
    const symbol = this.#api.symbols[value.id]!;
    const isConstant = value.is === "symbol" && symbol.to !== undefined && symbol.kind === "const";
    const members =
      value.is === "instance" || isConstant
        ? membersOfSymbol(this.#api, isConstant ? symbol.to : value.id)
        : Object.entries(symbol.statics ?? {});
    return [...members].map(([label, member]) => ({
      label,
      kind: member.kind === "method" ? ("function" as const) : ("property" as const),
      ...about(member),
    }));
  }
}

/** Where the bracket with which a text begins is closed. */
function closing(text: string): number | undefined {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if ("([{".includes(text[i]!)) depth++;
    else if (")]}".includes(text[i]!) && --depth === 0) return i;
  }
  return undefined;
}

/** What is said of a name beside it, and below. */
export function about(of: { readonly signature?: string | undefined; readonly doc?: string | undefined }): {
  detail?: string;
  info?: string;
} {
  const { doc } = of;
  const signature = of.signature?.replace(/^: /, "");
  const detail = signature !== undefined && signature.length > 60 ? `${signature.slice(0, 59)}…` : signature;
  return { ...(detail !== undefined && { detail }), ...(doc !== undefined && { info: doc }) };
}

/**
 * Completions for the end of a text, as far as types tell.
 *
 * @param before what ran before: imports and declarations that count, too
 */
export function completeTyped(
  text: string,
  before: string,
  api: ApiIndex,
): { from: number; options: Completion[] } | undefined {
  const spot = spotAtEnd(text);
  if (spot === undefined) return undefined;
  const types = new Types(api, `${before}\n${text}`);
  const literal = spot.open.at(-1);
  const call = spot.open.at(-2);
  if (literal?.bracket === "{" && call?.bracket === "(" && /[(,]\s*$/.test(text.slice(0, literal.at))) {
    const callee = types.valueOf(expressionBefore(text, call.at).replace(/^new\s+/, ""));
    const options = types.takes(callee)[call.commas.length];
    const known = options === undefined || options === null ? undefined : membersOfSymbol(api, options);
    if (known !== undefined && known.size > 0) {
      const part = text.slice((literal.commas.at(-1) ?? literal.at) + 1);
      const value = /^\s*([\w$]+)\s*:\s*["']([\w$]*)$/.exec(part);
      if (value !== null && spot.string !== undefined) {
        const strings = known.get(value[1]!)?.strings ?? [];
        const completions = strings.map((label): Completion => ({ label, kind: "constant" }));
        return { from: text.length - value[2]!.length, options: completions };
      }
      const key = /^\s*([\w$]*)$/.exec(part);
      if (key !== null && spot.string === undefined) {
        const used = new Set([...text.slice(literal.at).matchAll(/([\w$]+)\s*:/g)].map(([, name]) => name));
        const completions = [...known]
          .filter(([name]) => !used.has(name))
          .map(([label, member]): Completion => ({ label, kind: "property", ...about(member) }));
        return { from: text.length - key[1]!.length, options: completions };
      }
    }
  }
  if (spot.string !== undefined) return { from: text.length, options: [] };
  const word = /\.\s*([A-Za-z_$][\w$]*)?$/.exec(text);
  if (word === null) return undefined;
  const value = types.valueOf(expressionBefore(text, word.index));
  return value && { from: text.length - (word[1] ?? "").length, options: types.members(value) };
}
