// The public API as the sources declare it: every name of every entry point with its signatures, options, members and what
// its docstring says. A declaration has one entry, in the module that it belongs to; other modules that export it refer there.
import { relative } from "node:path";
import {
  docstringBefore,
  exportsOf,
  readModule,
  resolveExport,
  resolveLocal,
  resolveTypeName,
  whole,
} from "../declarations.mjs";
import { publicEntries } from "../entries.mjs";
import { loadSnakeToCamel, readInventory } from "../inventory.mjs";
import { root } from "../setup.mjs";
import { listedOptions, parseDocstring, takeDefault } from "./docstring.mjs";
import { kerasPage } from "./keras_io.mjs";
import { optionsOf } from "./types.mjs";

/** @typedef {import("../declarations.mjs").Node} Node */
/** @typedef {import("../declarations.mjs").Place} Place */
/** @typedef {import("./docstring.mjs").Docstring} Docstring */
/** @typedef {import("./types.mjs").Option} Option */

/**
 * @typedef {object} Parameter
 * @property {string} name
 * @property {Node | undefined} type
 * @property {boolean} optional
 * @property {boolean} rest
 * @property {string | undefined} fallback its default
 * @property {string} text what is said of it
 * @property {Option[] | undefined} options if it stands for options
 */

/**
 * A way to call something.
 *
 * @typedef {object} Call
 * @property {string} file
 * @property {Node | undefined} typeParameters
 * @property {Parameter[]} params
 * @property {Node | undefined} returns
 */

/**
 * @typedef {object} Member
 * @property {string} name
 * @property {"method" | "property" | "call"} kind
 * @property {boolean} isStatic
 * @property {boolean} isOverride
 * @property {string} file
 * @property {number} line
 * @property {Docstring} doc
 * @property {Call[]} calls
 * @property {Node | undefined} type
 */

/** @typedef {"class" | "function" | "constant" | "type"} Kind */

/**
 * @typedef {object} Entry
 * @property {string} module the module that it belongs to
 * @property {string} name
 * @property {Kind} kind
 * @property {Place} place
 * @property {number} line
 * @property {Docstring} doc
 * @property {Call[]} calls of a function, or of a class's constructor
 * @property {Member[]} members those of bases that are not public, too
 * @property {Entry[]} bases public classes that it extends, the nearest first
 * @property {Node[]} declarations
 * @property {string[]} also other names, such as `np.add`
 * @property {{ name: string, args: [string, string?][] | null, url: string, section: string } | undefined} keras
 */

/**
 * @typedef {object} Module
 * @property {string} id its folder in the reference: `layers`, `ops/image`
 * @property {string} specifier what is imported: `tsuno/layers`
 * @property {string} inside the name in that module, if it is an object in it: `image`
 * @property {string} file
 * @property {Docstring} doc
 * @property {Map<string, Entry>} names all that it exports
 * @property {string[]} modules its modules
 */

/**
 * @typedef {object} Reference
 * @property {Map<string, Module>} modules
 * @property {Map<string, Entry>} entries by their places
 * @property {(name: string) => string} toCamel how names of Keras are written here
 */

/** @param {Place} place */
export const keyOf = ({ file, name }) => `${file}#${name}`;

/**
 * Reads all that the package exports.
 *
 * @returns {Promise<Reference>}
 */
export async function readReference() {
  const modules = findModules();
  /** @type {Map<string, Entry>} */
  const entries = new Map();
  for (const module of modules.values()) {
    for (const name of [...exportsOf(module.file)].sort(alphabetic)) {
      const found = resolveExport({ file: module.file, name });
      if (found === undefined || found.name === whole) continue;
      const place = functionBehind(found);
      let entry = entries.get(keyOf(place));
      if (entry === undefined) {
        entry = describe(place, module.id, name);
        entries.set(keyOf(place), entry);
      } else if (isBetterHome(entry, module.id, name)) {
        entry.also.push(nameIn(entry.module, entry.name));
        [entry.module, entry.name] = [module.id, name];
      } else entry.also.push(nameIn(module.id, name));
      module.names.set(name, entry);
    }
  }
  for (const entry of entries.values()) addMembers(entry, entries);
  const toCamel = await loadSnakeToCamel();
  addKerasNames(entries, toCamel);
  return { modules, entries, toCamel };
}

/** @returns {Map<string, Module>} */
function findModules() {
  const files = new Map(publicEntries().map(({ subpath, source }) => [`${root}/${source}`, subpath]));
  /** @type {Map<string, Module>} */
  const modules = new Map();
  /** @param {string} file @param {string} id @param {string} specifier @param {string} inside */
  const add = (file, id, specifier, inside) => {
    const { text } = readModule(file);
    const comment = /^\/\*\*[^]*?\*\//.exec(text)?.[0] ?? "";
    /** @type {Module} */
    const module = {
      id,
      specifier,
      inside,
      file,
      doc: parseDocstring(docstringBefore(comment, comment.length)),
      names: new Map(),
      modules: [],
    };
    modules.set(id, module);
    for (const name of exportsOf(file)) {
      const place = resolveExport({ file, name });
      if (place?.name !== whole || files.has(place.file)) continue;
      module.modules.push(`${id}/${name}`);
      add(place.file, `${id}/${name}`, specifier, name);
    }
  };
  for (const [file, subpath] of files)
    add(file, subpath === "." ? "tsuno" : subpath.slice(2), `tsuno${subpath.slice(1)}`, "");
  return modules;
}

/** @param {string} a @param {string} b */
export const alphabetic = (a, b) => a.localeCompare(b, "en", { sensitivity: "base" }) || (a < b ? -1 : 1);

/** How a program that has imported the package's namespaces writes a name. @param {string} module @param {string} name */
export function nameIn(module, name) {
  if (module === "tsuno") return name;
  const short = /** @type {Record<string, string>} */ ({
    numpy: "np",
    pyplot: "plt",
    dtype_policies: "dtypePolicies",
    mixed_precision: "mixedPrecision",
  });
  return `${module.replace(/^\w+/, (first) => short[first] ?? first).replaceAll("/", ".")}.${name}`;
}

/**
 * Operations of graphs are constants that stand for functions: `const add: Step<typeof f.add>`. The functions are what one
 * reads about.
 *
 * @param {Place} place
 * @returns {Place}
 */
function functionBehind(place) {
  const [node] = readModule(place.file).locals.get(place.name) ?? [];
  const written = node?.type === "VariableDeclarator" ? node.id.typeAnnotation?.typeAnnotation : undefined;
  const type = written ?? (node?.init?.type === "TSAsExpression" ? node.init.typeAnnotation : undefined);
  /** @param {Node | undefined} one @returns {Node | undefined} */
  const queried = (one) =>
    one?.type === "TSTypeQuery"
      ? one.exprName
      : one?.type === "TSIntersectionType"
        ? one.types.map(queried).find(Boolean)
        : one?.type === "TSTypeReference" && one.typeName.name === "Step"
          ? queried(one.typeArguments.params[0])
          : undefined;
  const name = queried(type);
  // Steps of other types stand beside the functions of their names, too.
  const sameName = place.file.includes("/steps/")
    ? resolveExport({ ...place, file: place.file.replace("/steps/", "/") })
    : undefined;
  const behind = (name && resolveTypeName(place.file, name)) ?? sameName;
  return behind === undefined ? place : functionBehind(behind);
}

/** Whether a module is where people look for a declaration rather than where it was found. @param {Entry} entry @param {string} module @param {string} name */
function isBetterHome({ place, module: before, name: known }, module, name) {
  const rank = (/** @type {string} */ id, /** @type {string} */ as) => {
    const folder = relative(root, place.file).replaceAll("\\", "/");
    const home = folder.startsWith(`src/keras/${id}/`) || folder.startsWith(`src/${id}/`);
    const own = as === place.name ? 0 : 1;
    if (id === "engine") return 40 + own;
    if (id === "numpy") return 50 + own;
    if (id.includes("/")) return 20 + own;
    if (home) return own;
    return (id === "tsuno" ? 8 : 10) + own;
  };
  return rank(module, name) < rank(before, known);
}

/** @param {Place} place @param {string} module @param {string} name @returns {Entry} */
function describe(place, module, name) {
  const { text, locals } = readModule(place.file);
  const declarations = locals.get(place.name) ?? [];
  const main =
    declarations.find((one) => !/^TSInterface|^TSTypeAlias/.test(one.type)) ?? declarations[0] ?? {};
  const doc = parseDocstring(docstringBefore(text, main.docAt ?? 0));
  /** @type {Entry} */
  const entry = {
    module,
    name,
    kind: kindOf(main),
    place,
    line: lineOf(text, main.start ?? 0),
    doc,
    calls: [],
    members: [],
    bases: [],
    declarations,
    also: [],
    keras: undefined,
  };
  const overloads = declarations.filter((one) => one.type === "TSDeclareFunction");
  const functions =
    overloads.length > 0 ? overloads : declarations.filter((one) => one.type === "FunctionDeclaration");
  if (entry.kind === "function" && functions.length === 0)
    functions.push(main.id.typeAnnotation.typeAnnotation);
  entry.calls = functions.map((one) => callOf(place.file, one, doc));
  return entry;
}

/** @param {Node} node @returns {Kind} */
function kindOf(node) {
  if (node["type"] === "ClassDeclaration") return "class";
  if (/Function/.test(node["type"])) return "function";
  if (/^TSInterface|^TSTypeAlias/.test(node["type"])) return "type";
  return node["id"]?.typeAnnotation?.typeAnnotation.type === "TSFunctionType" ? "function" : "constant";
}

/** @param {string} file @param {Node} node @param {Docstring} doc @returns {Call} */
function callOf(file, node, doc) {
  const { text } = readModule(file);
  return {
    file,
    typeParameters: node["typeParameters"] ?? undefined,
    returns: node["returnType"] ?? undefined,
    params: (node["params"] ?? []).map((/** @type {Node} */ param) => {
      const inner = param["left"] ?? param["argument"] ?? param["parameter"] ?? param;
      const name = inner.name ?? "options";
      const type = (inner.typeAnnotation ?? param["typeAnnotation"])?.typeAnnotation;
      const said = takeDefault(doc.params.get(name) ?? "");
      const options = name === "options" || name === "args" ? optionsOf(file, type) : undefined;
      const written =
        param["right"] &&
        param["right"].type !== "ObjectExpression" &&
        text.slice(param["right"].start, param["right"].end);
      return {
        name,
        type,
        optional: param["type"] === "AssignmentPattern" || inner.optional === true,
        rest: param["type"] === "RestElement",
        fallback: options ? undefined : written ? `\`${written}\`` : said.value,
        text: said.text,
        options: options && withDefaults(options, doc.params.get(name) ?? ""),
      };
    }),
  };
}

/**
 * Options with what a docstring says of them, whose defaults go before those of the options themselves.
 *
 * @param {Option[]} options
 * @param {string} text
 */
function withDefaults(options, text) {
  const listed = listedOptions(text);
  return options.map((one) => {
    const said = listed.get(one.name);
    const fallback = said?.value ?? one.fallback;
    return { ...one, fallback, text: one.text || (said?.text ?? ""), isListed: said?.value !== undefined };
  });
}

/** Fills in constructor, members and bases of a class. @param {Entry} entry @param {Map<string, Entry>} entries */
function addMembers(entry, entries) {
  if (entry.kind !== "class") return;
  /** @type {Map<string, Member>} */
  const members = new Map();
  /** @type {Place | undefined} */
  let at = entry.place;
  for (let isOwn = true, depth = 0; at !== undefined && depth < 12; depth++) {
    const known = entries.get(keyOf(at));
    if (depth > 0 && known !== undefined) {
      entry.bases.push(known);
      isOwn = false;
    }
    /** @type {Place} */
    const { file, name } = at;
    /** @type {Node[]} */
    const declarations = readModule(file).locals.get(name) ?? [];
    const declared = declarations.find((one) => one["type"] === "ClassDeclaration");
    if (declared === undefined) break;
    if (entry.calls.length === 0) entry.calls = constructorOf(file, declared, entry.doc);
    for (const one of declarations.flatMap((each) => membersOf(file, each))) {
      const before = members.get(one.name);
      // What is said of a method stands where the method is first described.
      if (before === undefined) {
        if (isOwn) members.set(one.name, one);
      } else if (before.doc.sentence === "" && isOwn) members.set(one.name, { ...before, doc: one.doc });
    }
    at =
      declared["superClass"]?.type === "Identifier"
        ? resolveLocal(file, declared["superClass"].name)
        : undefined;
  }
  const options = entry.calls.flatMap(({ params }) => params.flatMap((one) => one.options ?? []));
  entry.members = [...members.values()].map((one) => {
    if (one.kind !== "property" || one.doc.sentence !== "") return one;
    // Properties that keep what the constructor got are described there.
    const given = options.find(({ name }) => name === one.name)?.text ?? parameterText(entry, one.name);
    return { ...one, doc: { ...one.doc, sentence: given } };
  });
}

/** @param {Entry} entry @param {string} name */
function parameterText(entry, name) {
  return entry.calls.flatMap(({ params }) => params).find((one) => one.name === name)?.text ?? "";
}

/** @param {string} file @param {Node} declared @param {Docstring} doc @returns {Call[]} */
function constructorOf(file, declared, doc) {
  const { text } = readModule(file);
  const all = declared["body"].body.filter((/** @type {Node} */ one) => one["kind"] === "constructor");
  const overloads = all.filter((/** @type {Node} */ one) => one["value"].body === null);
  return (overloads.length > 0 ? overloads : all).map((/** @type {Node} */ one) => {
    const own = parseDocstring(docstringBefore(text, one["start"]));
    doc.throws.push(...own.throws.filter((each) => !doc.throws.includes(each)));
    for (const [name, said] of own.params) if (!doc.params.has(name)) doc.params.set(name, said);
    if (doc.body === "" && own.sentence !== "" && own.sentence !== doc.sentence) doc.body = own.sentence;
    return callOf(file, { ...one["value"], typeParameters: declared["typeParameters"] }, doc);
  });
}

/** The public members that a class or an interface declares. @param {string} file @param {Node} declared @returns {Member[]} */
export function membersOf(file, declared) {
  const { text } = readModule(file);
  /** @type {Map<string, Member & { implemented?: boolean }>} */
  const found = new Map();
  for (const node of /** @type {Node[]} */ (declared["body"]?.body ?? [])) {
    const isCall = node["type"] === "TSCallSignatureDeclaration";
    const named =
      node["key"]?.type === "Identifier" && !node["computed"] && !node["key"].name.startsWith("_");
    if (
      !isCall &&
      (!named || /private|protected/.test(node["accessibility"] ?? "") || node["kind"] === "constructor")
    )
      continue;
    const fn = isCall ? node : node["value"]?.params ? node["value"] : node["params"] ? node : undefined;
    const isMethod = fn !== undefined && node["kind"] !== "get" && node["kind"] !== "set";
    const name = isCall ? "" : node["key"].name;
    const key = `${node["static"] ? "static " : ""}${name}`;
    const doc = parseDocstring(docstringBefore(text, node["start"]));
    const before = found.get(key);
    if (before !== undefined) {
      // Overloads come before what implements them, getters before setters.
      if (isMethod && !node["value"]?.body) before.calls.push(callOf(file, fn, doc));
      continue;
    }
    if (node["kind"] === "set") continue;
    found.set(key, {
      name,
      kind: isCall ? "call" : isMethod ? "method" : "property",
      isStatic: node["static"] === true,
      isOverride: node["override"] === true,
      file,
      line: lineOf(text, node["start"]),
      doc,
      calls: isMethod ? [callOf(file, fn, doc)] : [],
      type: isMethod
        ? undefined
        : (node["kind"] === "get" ? fn?.returnType : node["typeAnnotation"])?.typeAnnotation,
    });
  }
  return [...found.values()];
}

/** @param {string} text @param {number} at */
function lineOf(text, at) {
  let line = 1;
  for (let i = text.indexOf("\n"); i >= 0 && i < at; i = text.indexOf("\n", i + 1)) line++;
  return line;
}

/** @param {Map<string, Entry>} entries @param {(name: string) => string} toCamel */
function addKerasNames(entries, toCamel) {
  const { names } = readInventory();
  /** @type {Map<string, string>} */
  const byOurName = new Map();
  for (const full of Object.keys(names)) {
    const parts = full.split(".").slice(1);
    const ours = parts.map((part, i) => (i === 0 && parts.length > 1 ? part : toCamel(part)));
    byOurName.set(ours.join("."), full);
  }
  for (const entry of entries.values()) {
    const places = [
      entry.module === "tsuno" ? entry.name : `${entry.module.replaceAll("/", ".")}.${entry.name}`,
      ...entry.also,
    ];
    const full = places.map((one) => byOurName.get(one)).find(Boolean);
    const known = full === undefined ? undefined : names[full];
    if (full === undefined || known === undefined || entry.kind === "type") continue;
    const page = kerasPage(full, known.kind, (name) => Object.hasOwn(names, name));
    entry.keras = { name: full, args: known.args, ...page };
  }
}
