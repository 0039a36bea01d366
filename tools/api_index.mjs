// A compact index of the public API, for completion in Tsuno Studio: names, signatures, what the documentation says of them,
// members of classes, options. Read from the declarations in dist/ with the parser; TypeScript itself runs in no browser.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseSync } from "rolldown/utils";
import { publicEntries } from "./entries.mjs";
import { root } from "./setup.mjs";

/** @typedef {Record<string, any>} Node */
/** @typedef {import("../apps/studio/src/kernel/api_index.ts").ApiSymbol} Finished */
/** @typedef {{ -readonly [K in keyof Finished]: Finished[K] }} ApiSymbol */
/** @typedef {import("../apps/studio/src/kernel/api_index.ts").ApiMember} ApiMember */
/** @typedef {{ file: string, name: string }} Place */
/** @typedef {{ text: string, locals: Map<string, Node>, imports: Map<string, Place>, exports: Map<string, Place>, stars: string[] }} Module */

const whole = "*";
/** Types whose first argument is what one gets. */
const seeThrough = new Set(["Promise", "Readonly", "Partial", "Required", "Omit", "Pick", "NoInfer"]);

/** @type {Map<string, Module>} */
const modules = new Map();

/** @param {string} file @returns {Module} */
function read(file) {
  const known = modules.get(file);
  if (known !== undefined) return known;
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  /** @type {Module} */
  const module = { text, locals: new Map(), imports: new Map(), exports: new Map(), stars: [] };
  modules.set(file, module);
  const at = (/** @type {Node} */ source) => join(dirname(file), source.value.replace(/\.js$/, ".d.ts"));
  const { program } = parseSync(file, text, { lang: "dts" });
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
      const start = node.start;
      for (const one of declaration.type === "VariableDeclaration"
        ? declaration.declarations
        : [declaration]) {
        const name = one.id?.name;
        if (name === undefined) continue;
        // Overloads and interfaces beside classes: the first one speaks for them.
        const before = module.locals.get(name);
        if (before === undefined || before.type === "TSInterfaceDeclaration")
          module.locals.set(name, { ...one, docAt: start });
        if (exported) module.exports.set(name, { file, name });
      }
    }
  }
  return module;
}

/** Where a name that a module exports is declared. @param {Place} place @returns {Place | undefined} */
function resolveExport({ file, name }, depth = 0) {
  if (name === whole) return { file, name };
  const module = read(file);
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
function resolveLocal(file, name, depth = 0) {
  const module = read(file);
  if (module.locals.has(name)) return { file, name };
  const imported = module.imports.get(name);
  return imported && resolveExport(imported, depth + 1);
}

/** All names that a module exports. @param {string} file @returns {Set<string>} */
function exportsOf(file) {
  const module = read(file);
  return new Set([...module.exports.keys(), ...module.stars.flatMap((star) => [...exportsOf(star)])]);
}

/** @type {Map<string, number>} */
const ids = new Map();
/** @type {ApiSymbol[]} */
const symbols = [];

/** The first paragraph of the comment before a place. @param {string} text @param {number} at */
function docBefore(text, at) {
  const before = text.slice(0, at).trimEnd();
  if (!before.endsWith("*/")) return undefined;
  const comment = before.slice(before.lastIndexOf("/**") + 3, -2);
  const [first = ""] = comment
    .replace(/^\s*\* ?/gm, "")
    .trim()
    .split(/\n\s*\n|\n?@/);
  const doc = first
    .replace(/\{@link (\w+)\}/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
  return doc === "" ? undefined : doc;
}

/** The text of a node, on one line. @param {string} text @param {Node | undefined | null} node */
const textOf = (text, node) => (!node ? "" : text.slice(node.start, node.end).replace(/\s+/g, " "));

/** The symbol of a type, and the strings that it allows. @param {string} file @param {Node | undefined} type @returns {{ to?: number, strings: string[] }} */
function typeOf(file, type) {
  switch (type?.type) {
    case "TSTypeAnnotation":
      return typeOf(file, type.typeAnnotation);
    case "TSParenthesizedType":
      return typeOf(file, type.typeAnnotation);
    case "TSTypeOperator":
      return type.typeAnnotation.type === "TSArrayType" ? { strings: [] } : typeOf(file, type.typeAnnotation);
    case "TSLiteralType":
      return { strings: typeof type.literal.value === "string" ? [type.literal.value] : [] };
    case "TSUnionType": {
      const all = type.types.map((/** @type {Node} */ one) => typeOf(file, one));
      const to = all.find((/** @type {{ to?: number }} */ one) => one.to !== undefined)?.to;
      const strings = all.flatMap((/** @type {{ strings: string[] }} */ one) => one.strings);
      return { ...(to !== undefined && { to }), strings };
    }
    case "TSIntersectionType": {
      const parts = type.types.flatMap((/** @type {Node} */ one) => typeOf(file, one).to ?? []);
      return { to: symbols.push({ name: "", kind: "interface", from: parts }) - 1, strings: [] };
    }
    case "TSTypeLiteral":
      return { to: symbols.push(shape(file, "", type.members)) - 1, strings: [] };
    case "TSTypeQuery":
      return typeOf(file, { type: "TSTypeReference", typeName: type.exprName });
    case "TSTypeReference": {
      const name = type.typeName;
      if (name.type === "Identifier" && seeThrough.has(name.name))
        return typeOf(file, type.typeArguments?.params[0]);
      let place;
      if (name.type === "TSQualifiedName" && name.left.type === "Identifier") {
        const space = resolveLocal(file, name.left.name);
        if (space?.name === whole) place = resolveExport({ file: space.file, name: name.right.name });
      } else if (name.type === "Identifier") place = resolveLocal(file, name.name);
      if (place === undefined || place.name === whole) return { strings: [] };
      const to = symbolAt(place);
      return { to, strings: [...(symbols[to]?.strings ?? [])] };
    }
    default:
      return { strings: [] };
  }
}

/** @param {string} file @param {Node} fn @returns {Pick<ApiMember, "signature" | "takes" | "to">} */
function callable(file, fn) {
  const { text } = read(file);
  const params = fn.params ?? [];
  const returns = fn.returnType;
  const { to } = typeOf(file, returns);
  return {
    signature: `(${params.map((/** @type {Node} */ p) => textOf(text, p)).join(", ")})${textOf(text, returns)}`,
    takes: params.map(
      (/** @type {Node} */ p) => typeOf(file, (p.left ?? p.argument ?? p).typeAnnotation).to ?? null,
    ),
    ...(to !== undefined && { to }),
  };
}

/** The members of a class or an interface. @param {string} file @param {string} name @param {Node[]} nodes @returns {ApiSymbol} */
function shape(file, name, nodes) {
  const { text } = read(file);
  /** @type {Record<string, ApiMember>} */
  const members = {};
  /** @type {Record<string, ApiMember>} */
  const statics = {};
  /** @type {ApiSymbol} */
  const symbol = { name, kind: "interface", members };
  for (const node of nodes) {
    if (node.key?.type !== "Identifier" || node.computed || node.accessibility === "private") continue;
    const key = node.key.name;
    const fn = node.value?.params ? node.value : node.params ? node : undefined;
    const isMethod = fn !== undefined && node.kind !== "get" && node.kind !== "set";
    const doc = docBefore(text, node.start);
    if (key === "constructor") {
      if (symbol.takes === undefined) Object.assign(symbol, callable(file, fn), { to: undefined });
      if (doc !== undefined) symbol.constructs = doc;
      continue;
    }
    const target = node.static ? statics : members;
    if (key in target || key.startsWith("_")) continue;
    const type = node.kind === "get" ? fn?.returnType : node.typeAnnotation;
    const { to, strings } = isMethod ? { to: undefined, strings: [] } : typeOf(file, type);
    target[key] = {
      kind: isMethod ? "method" : "property",
      ...(doc && { doc }),
      ...(isMethod
        ? callable(file, fn)
        : {
            signature: textOf(text, type).slice(0, 120),
            ...(to !== undefined && { to }),
            ...(strings.length && { strings }),
          }),
    };
  }
  if (Object.keys(statics).length > 0) symbol.statics = statics;
  return symbol;
}

/** The number of the symbol that is declared at a place. @param {Place} place @returns {number} */
function symbolAt({ file, name }) {
  const key = `${file}#${name}`;
  const known = ids.get(key);
  if (known !== undefined) return known;
  const id = symbols.length;
  ids.set(key, id);
  /** @type {ApiSymbol} */
  const placeholder = { name, kind: "const" };
  symbols.push(placeholder);
  const { locals, text } = read(file);
  const node = locals.get(name);
  if (node === undefined) return id;
  const doc = docBefore(text, node.docAt);
  if (doc !== undefined) placeholder.doc = doc;
  switch (node.type) {
    case "ClassDeclaration": {
      Object.assign(placeholder, shape(file, name, node.body.body), { kind: "class" });
      const parent =
        node.superClass?.type === "Identifier" ? resolveLocal(file, node.superClass.name) : undefined;
      if (parent !== undefined && parent.name !== whole) placeholder.from = [symbolAt(parent)];
      break;
    }
    case "TSInterfaceDeclaration":
      Object.assign(placeholder, shape(file, name, node.body.body));
      placeholder.from = (node.extends ?? []).flatMap((/** @type {Node} */ one) => {
        const { to } = typeOf(file, {
          type: "TSTypeReference",
          typeName: one.expression,
          typeArguments: one.typeArguments,
        });
        return to ?? [];
      });
      break;
    case "TSTypeAliasDeclaration": {
      const { to, strings } = typeOf(file, node.typeAnnotation);
      Object.assign(placeholder, {
        kind: "interface",
        ...(to !== undefined && { from: [to] }),
        ...(strings.length && { strings }),
      });
      break;
    }
    case "VariableDeclarator": {
      const annotation = node.id.typeAnnotation;
      const { to } = typeOf(file, annotation);
      Object.assign(placeholder, {
        signature: textOf(text, annotation).slice(0, 160),
        ...(to !== undefined && { to }),
      });
      const fn = annotation?.typeAnnotation;
      // Steps of graphs have the signatures of the functions that they stand for.
      if (fn?.type === "TSTypeReference" && fn.typeName.name === "Step") {
        const step = typeOf(file, fn.typeArguments?.params[0]).to;
        if (step !== undefined) Object.assign(placeholder, { ...symbols[step], ...(doc && { doc }), name });
      }
      if (fn?.type === "TSFunctionType") Object.assign(placeholder, callable(file, fn), { kind: "function" });
      break;
    }
    default:
      if (node.params !== undefined) Object.assign(placeholder, callable(file, node), { kind: "function" });
  }
  return id;
}

/** The index of all that the package exports. */
export function apiIndex() {
  const files = new Map(
    publicEntries().map(({ subpath, output }) => [
      join(root, "dist", `${output}.d.ts`),
      `tsuno${subpath.slice(1)}`,
    ]),
  );
  /** @type {Record<string, Record<string, number | string>>} */
  const byModule = {};
  /** @param {string} file @param {string} specifier */
  const add = (file, specifier) => {
    if (specifier in byModule) return;
    /** @type {Record<string, number | string>} */
    const names = {};
    byModule[specifier] = names;
    for (const name of exportsOf(file)) {
      const place = resolveExport({ file, name });
      if (place === undefined) continue;
      if (place.name === whole) {
        const inner = files.get(place.file) ?? `${specifier}#${name}`;
        add(place.file, inner);
        names[name] = inner;
      } else names[name] = symbolAt(place);
    }
  };
  for (const [file, specifier] of files) add(file, specifier);
  return { modules: byModule, symbols };
}
