// Reads modules with the parser of rolldown, sources or declarations alike: what each declares, imports and exports, and
// where a name that one of them uses is declared. TypeScript itself has no compiler that JavaScript could call.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseSync } from "rolldown/utils";

/** @typedef {Record<string, any>} Node */
/** @typedef {{ file: string, name: string }} Place */
/** @typedef {{ text: string, locals: Map<string, Node[]>, imports: Map<string, Place>, exports: Map<string, Place>, stars: string[] }} Module */

/** The name that stands for a module as a whole. */
export const whole = "*";

/** @type {Map<string, Module>} */
const modules = new Map();

/**
 * A module; `locals` has all declarations of a name, in their order, each with `docAt`, where its comment ends.
 *
 * @param {string} file a source, or declarations
 * @returns {Module}
 */
export function readModule(file) {
  const known = modules.get(file);
  if (known !== undefined) return known;
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  /** @type {Module} */
  const module = { text, locals: new Map(), imports: new Map(), exports: new Map(), stars: [] };
  modules.set(file, module);
  const isDeclarations = file.endsWith(".d.ts");
  const at = (/** @type {Node} */ source) =>
    join(dirname(file), isDeclarations ? source.value.replace(/\.js$/, ".d.ts") : source.value);
  const { program } = parseSync(file, text, { lang: isDeclarations ? "dts" : "ts" });
  for (const node of /** @type {Node[]} */ (/** @type {unknown} */ (program.body))) {
    if (node.type === "ImportDeclaration" && node.source.value.startsWith(".")) {
      for (const s of node.specifiers)
        module.imports.set(s.local.name, {
          file: at(node.source),
          name: s.type === "ImportNamespaceSpecifier" ? whole : s.imported.name,
        });
    } else if (node.type === "ExportAllDeclaration" && node.source.value.startsWith(".")) {
      if (node.exported) module.exports.set(node.exported.name, { file: at(node.source), name: whole });
      else module.stars.push(at(node.source));
    } else if (node.type === "ExportNamedDeclaration" && !node.declaration) {
      for (const s of node.specifiers)
        module.exports.set(s.exported.name, {
          file: node.source ? at(node.source) : file,
          name: s.local.name,
        });
    } else {
      const exported = node.type === "ExportNamedDeclaration";
      const declaration = exported ? node.declaration : node;
      for (const one of declaration.type === "VariableDeclaration"
        ? declaration.declarations
        : [declaration]) {
        const name = one.id?.name;
        if (name === undefined) continue;
        module.locals.set(name, [...(module.locals.get(name) ?? []), { ...one, docAt: node.start }]);
        if (exported) module.exports.set(name, { file, name });
      }
    }
  }
  return module;
}

/** Where a name that a module exports is declared. @param {Place} place @returns {Place | undefined} */
export function resolveExport({ file, name }, depth = 0) {
  if (name === whole) return { file, name };
  const module = readModule(file);
  const target = module.exports.get(name);
  if (depth > 20) return undefined;
  if (target !== undefined)
    return target.file === file
      ? resolveLocal(file, target.name, depth + 1)
      : resolveExport(target, depth + 1);
  for (const star of module.stars) {
    const found = resolveExport({ file: star, name }, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where a name that is used in a module is declared. @param {string} file @param {string} name */
export function resolveLocal(file, name, depth = 0) {
  const module = readModule(file);
  if (module.locals.has(name)) return { file, name };
  const imported = module.imports.get(name);
  return imported && resolveExport(imported, depth + 1);
}

/**
 * Where what the name of a type stands for is declared.
 *
 * @param {string} file
 * @param {Node} name an identifier, or one behind the name of a module
 * @returns {Place | undefined}
 */
export function resolveTypeName(file, name) {
  if (name.type === "Identifier") return resolveLocal(file, name.name);
  if (name.type !== "TSQualifiedName" || name.left.type !== "Identifier") return undefined;
  const space = resolveLocal(file, name.left.name);
  return space?.name === whole ? resolveExport({ file: space.file, name: name.right.name }) : undefined;
}

/** All names that a module exports. @param {string} file @returns {Set<string>} */
export function exportsOf(file) {
  const module = readModule(file);
  return new Set([...module.exports.keys(), ...module.stars.flatMap((star) => [...exportsOf(star)])]);
}

/**
 * The text of the docstring before a place, without its stars.
 *
 * @param {string} text
 * @param {number} at
 */
export function docstringBefore(text, at) {
  const before = text.slice(0, at).trimEnd();
  if (!before.endsWith("*/")) return undefined;
  const start = before.lastIndexOf("/*");
  if (before[start + 2] !== "*") return undefined;
  return before
    .slice(start + 3, -2)
    .replace(/^\s*\* ?/gm, "")
    .trim();
}
