// A compact index of the public API, for completion in Tsuno Studio: names, signatures, what the documentation says of them,
// members of classes, options. Read from the declarations in dist/ with the parser; TypeScript itself runs in no browser.
import { join } from "node:path";
import {
  docstringBefore,
  exportsOf,
  readModule,
  resolveExport,
  resolveLocal,
  resolveTypeName,
  whole,
} from "./declarations.mjs";
import { publicEntries } from "./entries.mjs";
import { root } from "./setup.mjs";

/** @typedef {import("./declarations.mjs").Node} Node */
/** @typedef {import("./declarations.mjs").Place} Place */
/** @typedef {import("../apps/studio/src/kernel/api_index.ts").ApiSymbol} Finished */
/** @typedef {{ -readonly [K in keyof Finished]: Finished[K] }} ApiSymbol */
/** @typedef {import("../apps/studio/src/kernel/api_index.ts").ApiMember} ApiMember */

/** Types whose first argument is what one gets. */
const seeThrough = new Set(["Promise", "Readonly", "Partial", "Required", "Omit", "Pick", "NoInfer"]);

/** @type {Map<string, number>} */
const ids = new Map();
/** @type {ApiSymbol[]} */
const symbols = [];

/** The first paragraph of the comment before a place. @param {string} text @param {number} at */
function docBefore(text, at) {
  const [first = ""] = docstringBefore(text, at)?.split(/\n\s*\n|\n?@/) ?? [];
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
      const place = resolveTypeName(file, name);
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
  const { text } = readModule(file);
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
  const { text } = readModule(file);
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
  const { locals, text } = readModule(file);
  const all = locals.get(name) ?? [];
  // Overloads: the first one speaks for them; classes for the interfaces beside them.
  const node = all.find((one) => one.type !== "TSInterfaceDeclaration") ?? all.at(-1);
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
