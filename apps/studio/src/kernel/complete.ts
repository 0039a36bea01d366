/** Names that can follow what has been typed: of living objects, of modules, of the language. */
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
  const chain = /(?:([A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)\.)?([A-Za-z_$][\w$]*)?$/.exec(text)!;
  const [, path, word = ""] = chain;
  const from = text.length - word.length;
  if (path !== undefined) {
    const [root = "", ...rest] = path.split(".");
    const value = rest.reduce<unknown>((at, name) => peek(at, name), peek(source.global, root));
    if (value === undefined || value === null) return { from, options: [] };
    return { from, options: membersOf(value) };
  }
  if (word === "" || /[\d.]$/.test(text.slice(0, from))) return { from, options: [] };
  const declared = [...source.declared].map((label) => ({ label, kind: kindOf(peek(source.global, label)) }));
  const names = new Set(declared.map(({ label }) => label));
  const exports = Object.entries(source.modules).flatMap(([module, content]) =>
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
