// Which options a type stands for, with what is said of each: interfaces with all that they extend, intersections, and the
// mapped types that make the options of weights.
import { docstringBefore, readModule, resolveTypeName } from "../declarations.mjs";
import { parseDocstring, takeDefault } from "./docstring.mjs";

/** @typedef {import("../declarations.mjs").Node} Node */
/** @typedef {import("../declarations.mjs").Place} Place */
/** @typedef {import("./docstring.mjs").Docstring} Docstring */

/**
 * @typedef {object} Option
 * @property {string} name
 * @property {string} file where its type is written
 * @property {Node | undefined} type
 * @property {boolean} optional
 * @property {string} text what is said of it
 * @property {string | undefined} fallback its default
 * @property {Place | undefined} from the declaration that has it
 * @property {boolean} [isListed] whether the docstring of what takes it gives it a default of its own
 */

/** Names of types that are strings: the values of type parameters. @typedef {Map<string, string[]>} Environment */

/**
 * The options of a type; undefined if it is not one of options.
 *
 * @param {string} file
 * @param {Node | undefined | null} type
 * @returns {Option[] | undefined}
 */
export function optionsOf(file, type, depth = 0, /** @type {Environment} */ names = new Map()) {
  if (depth > 12) return undefined;
  const again = (/** @type {Node} */ inner) => optionsOf(file, inner, depth + 1, names);
  switch (type?.type) {
    case "TSTypeAnnotation":
    case "TSParenthesizedType":
    case "TSTypeOperator":
      return again(type.typeAnnotation);
    case "TSTypeLiteral":
      return members(file, type.members, undefined);
    case "TSIntersectionType": {
      const parts = type.types.map(again);
      return parts.some((/** @type {unknown} */ one) => one === undefined) ? undefined : unite(parts);
    }
    case "TSUnionType": {
      const parts = type.types.filter(
        (/** @type {Node} */ one) => !/^TS(Null|Undefined)Keyword$/.test(one.type),
      );
      return parts.length === 1 ? again(parts[0]) : undefined;
    }
    case "TSMappedType":
      return mapped(file, type, names);
    case "TSTypeReference":
      return referenced(file, type, depth, names);
    default:
      return undefined;
  }
}

/** @param {string} file @param {Node} type @param {number} depth @param {Environment} names */
function referenced(file, type, depth, names) {
  const { typeName: name, typeArguments } = type;
  const args = typeArguments?.params ?? [];
  const utility = name.type === "Identifier" ? name.name : "";
  if (["Partial", "Readonly", "Required", "NoInfer", "NonNullable"].includes(utility))
    return optionsOf(file, args[0], depth + 1, names);
  if (utility === "Omit" || utility === "Pick") {
    const keys = strings(args[1], names);
    return optionsOf(file, args[0], depth + 1, names)?.filter(
      (one) => keys.includes(one.name) === (utility === "Pick"),
    );
  }
  const place = resolveTypeName(file, name);
  const declarations = place && readModule(place.file).locals.get(place.name);
  const declared = declarations?.find((one) => /^TS(Interface|TypeAlias)Declaration$/.test(one.type));
  if (place === undefined || declared === undefined) return undefined;
  /** @type {Environment} */
  const inner = new Map(
    (declared.typeParameters?.params ?? []).map((/** @type {Node} */ p, /** @type {number} */ i) => [
      p.name.name ?? p.name,
      args[i] ? strings(args[i], names) : [],
    ]),
  );
  if (declared.type === "TSTypeAliasDeclaration")
    return optionsOf(place.file, declared.typeAnnotation, depth + 1, inner);
  const isCallable = declared.body.body.some((/** @type {Node} */ one) =>
    /Call|Construct|Method/.test(one.type),
  );
  if (isCallable) return undefined;
  return unite([
    members(place.file, declared.body.body, place),
    ...(declared.extends ?? []).map((/** @type {Node} */ one) =>
      optionsOf(
        place.file,
        { type: "TSTypeReference", typeName: heritage(one.expression), typeArguments: one.typeArguments },
        depth + 1,
        inner,
      ),
    ),
  ]);
}

/** What an interface extends, as the name of a type. @param {Node} name @returns {Node} */
function heritage(name) {
  return name.type === "MemberExpression"
    ? { type: "TSQualifiedName", left: name.object, right: name.property }
    : name;
}

/** The string literals that a type is. @param {Node | undefined} type @param {Environment} names @returns {string[]} */
function strings(type, names) {
  if (type?.type === "TSUnionType")
    return type.types.flatMap((/** @type {Node} */ one) => strings(one, names));
  if (type?.type === "TSTypeReference") return names.get(type.typeName.name) ?? [];
  return typeof type?.literal?.value === "string" ? [type.literal.value] : [];
}

/** `{ [K in keyof W as `${W}Initializer`]: T }`. @param {string} file @param {Node} type @param {Environment} names */
function mapped(file, type, names) {
  const template = type.constraint;
  if (template?.type !== "TSTemplateLiteralType") return undefined;
  const [before, after] = template.quasis.map((/** @type {Node} */ one) => one.value.cooked);
  return strings(template.types[0], names).map((name) => ({
    name: `${before}${name}${after}`,
    file,
    type: type.typeAnnotation,
    optional: true,
    text: "",
    fallback: undefined,
    from: undefined,
  }));
}

/**
 * @param {string} file
 * @param {Node[]} nodes
 * @param {Place | undefined} from
 * @returns {Option[]}
 */
function members(file, nodes, from) {
  const { text } = readModule(file);
  return nodes
    .filter((node) => node.key?.type === "Identifier")
    .map((node) => {
      const { sentence, body } = parseDocstring(docstringBefore(text, node.start));
      const said = takeDefault(`${sentence} ${body}`.trim().replace(/\s+/g, " "));
      return {
        name: node.key.name,
        file,
        type: node.typeAnnotation?.typeAnnotation ?? node.typeAnnotation,
        optional: node.optional === true,
        text: said.text,
        fallback: said.value,
        from,
      };
    });
}

/** All of several lists; the first one that has a name has it. @param {(Option[] | undefined)[]} lists */
function unite(lists) {
  /** @type {Map<string, Option>} */
  const all = new Map();
  for (const one of lists.flatMap((list) => list ?? [])) if (!all.has(one.name)) all.set(one.name, one);
  return [...all.values()];
}
