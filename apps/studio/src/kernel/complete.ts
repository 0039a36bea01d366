/** Names that can follow what has been typed: of living objects, of the API's types, of modules, of the language. */
import type { ApiIndex } from "./api_index.ts";
import { about, completeTyped } from "./complete_typed.ts";
import type { Completion } from "./protocol.ts";

const keywords =
  "async await break case catch class const continue default do else export extends false finally for from function if import in instanceof let new null of return static super switch this throw true try typeof undefined var void while yield".split(
    " ",
  );

/** Standard names that are worth offering. */
const standard =
  "Array Boolean console Date Error JSON Map Math Number Object Promise RegExp Set String".split(" ");

function kindOf(value: unknown): Completion["kind"] {
  if (typeof value === "function")
    return /^class\b/.test(Function.prototype.toString.call(value)) ? "class" : "function";
  if (typeof value === "object" && value !== null)
    return Object.prototype.toString.call(value) === "[object Module]" ? "namespace" : "variable";
  return "constant";
}

/** A property if looking at it runs nobody's code. */
function peek(object: unknown, name: string): unknown {
  for (let at: unknown = object; at !== null && at !== undefined; at = Object.getPrototypeOf(at)) {
    const property = Object.getOwnPropertyDescriptor(Object(at), name);
    if (property !== undefined) return "value" in property ? property.value : undefined;
  }
  return undefined;
}

/** All names of an object, its own first, those of every object left out. */
function membersOf(object: unknown): Completion[] {
  const seen = new Map<string, Completion>();
  for (
    let at: unknown = Object(object);
    at !== null && at !== Object.prototype && at !== Function.prototype;
    at = Object.getPrototypeOf(at)
  ) {
    for (const name of Object.getOwnPropertyNames(at)) {
      if (seen.has(name) || name === "constructor" || name.startsWith("_") || !/^[A-Za-z$]/.test(name))
        continue;
      const property = Object.getOwnPropertyDescriptor(at, name)!;
      seen.set(name, {
        label: name,
        kind: "value" in property ? kindOf(property.value) : "property",
      });
    }
  }
  return [...seen.values()];
}

/** What stands before the cursor and may be completed. */
export interface CompletionSource {
  readonly global: object;
  /** Names that cells have declared. */
  readonly declared: Iterable<string>;
  readonly modules: Readonly<Record<string, object>>;
  /** What the types say, once that is loaded. */
  readonly api?: ApiIndex | undefined;
  /** The sources of cells that have run. */
  readonly before?: string;
}

/** What all modules export, by what their types say, as far as it begins with a word. */
function exportsOf({ modules, symbols }: ApiIndex, word: string): Completion[] {
  const start = word.toLowerCase();
  return Object.entries(modules).flatMap(([module, names]) =>
    // Parts of modules are reached through these.
    module.includes("#")
      ? []
      : Object.entries(names).flatMap(([label, found]): Completion[] => {
          if (!label.toLowerCase().startsWith(start)) return [];
          if (typeof found === "string") return [{ label, kind: "namespace", detail: module }];
          const { kind, doc } = symbols[found]!;
          if (kind === "interface") return [];
          return [{ label, kind: kind === "const" ? "constant" : kind, ...about({ doc }), detail: module }];
        }),
  );
}

/**
 * Completions for the end of a text.
 *
 * @returns where the word begins, and what it may become
 */
export function complete(text: string, source: CompletionSource): { from: number; options: Completion[] } {
  const line = text.slice(text.lastIndexOf("\n") + 1);
  const inModule = /from\s+["']([\w/]*)$/.exec(line);
  if (inModule !== null) {
    const options = Object.keys(source.modules).map((label) => ({ label, kind: "namespace" as const }));
    return { from: text.length - inModule[1]!.length, options };
  }
  const typed = source.api && completeTyped(text, source.before ?? "", source.api);
  // Living objects know more members than types do, types know what these are for.
  if (typed !== undefined && !/\.\s*[\w$]*$/.test(text)) return typed;
  const chain = /(?:([A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)\.)?([A-Za-z_$][\w$]*)?$/.exec(text)!;
  const [, path, word = ""] = chain;
  const from = text.length - word.length;
  if (path !== undefined) {
    const [root = "", ...rest] = path.split(".");
    const value = rest.reduce<unknown>((at, name) => peek(at, name), peek(source.global, root));
    if (value === undefined || value === null) return typed ?? { from, options: [] };
    const known = new Map(typed?.options.map((one) => [one.label, one]));
    return { from, options: membersOf(value).map((one) => ({ ...one, ...known.get(one.label) })) };
  }
  if (typed !== undefined) return typed;
  if (word === "" || /[\d.]$/.test(text.slice(0, from))) return { from, options: [] };
  const declared = [...source.declared].map((label) => ({ label, kind: kindOf(peek(source.global, label)) }));
  const names = new Set(declared.map(({ label }) => label));
  const exports = source.api
    ? exportsOf(source.api, word).filter(({ label }) => !names.has(label))
    : Object.entries(source.modules).flatMap(([module, content]) =>
        Object.entries(content)
          .filter(([label]) => !names.has(label) && label.toLowerCase().startsWith(word.toLowerCase()))
          .map(([label, value]) => ({ label, kind: kindOf(value), detail: module })),
      );
  return {
    from,
    options: [
      ...declared,
      ...standard.map((label) => ({ label, kind: kindOf(peek(globalThis, label)) })),
      ...keywords.map((label) => ({ label, kind: "constant" as const })),
      ...exports,
    ],
  };
}
