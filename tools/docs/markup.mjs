// Makes HTML of words, code and types.
import { typescriptLanguage } from "@codemirror/lang-javascript";
import { classHighlighter, highlightCode } from "@lezer/highlight";
import { Marked } from "marked";
import { readModule, resolveLocal, resolveTypeName } from "../declarations.mjs";

/** @typedef {import("../declarations.mjs").Node} Node */
/** @typedef {import("../declarations.mjs").Place} Place */
/** @typedef {(place: Place) => string | undefined} Linker gives the address of the page on a declaration */

/** @param {string} text */
export const escape = (text) =>
  text.replace(
    /[&<>"]/g,
    (c) =>
      /** @type {Record<string, string>} */ ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c] ??
      c,
  );

/**
 * TypeScript in colours, a line each.
 *
 * @param {string} code
 * @returns {string[]}
 */
export function highlightLines(code) {
  const lines = [""];
  const last = () => lines.length - 1;
  highlightCode(
    code,
    typescriptLanguage.parser.parse(code),
    classHighlighter,
    (text, classes) => {
      const shown = escape(text);
      const kinds = classes
        .replaceAll("tok-", "")
        .split(" ")
        .filter((one) => colored.has(one));
      const kind = text.startsWith("// →") ? "result" : kinds[0];
      lines[last()] += kind === undefined ? shown : `<span class="t-${kind}">${shown}</span>`;
    },
    () => void lines.push(""),
  );
  return lines;
}

const colored = new Set([
  "keyword",
  "string",
  "number",
  "comment",
  "className",
  "typeName",
  "bool",
  "operator",
]);

/** @param {string} code */
export const codeBlock = (code) =>
  `<pre class="code" tabindex="0"><code>${markResults(highlightLines(code)).join("\n")}</code></pre>`;

/** Comment lines below an arrow go on with what came out. @param {string[]} lines */
function markResults(lines) {
  let inResult = false;
  return lines.map((line) => {
    const goesOn = inResult && /^<span class="t-comment">\/\/ [^→]/.test(line);
    inResult = goesOn || line.includes('class="t-result"');
    return goesOn ? line.replace("t-comment", "t-result") : line;
  });
}

/**
 * What a docstring says, as HTML.
 *
 * @param {string} text Markdown
 * @param {(name: string) => string | undefined} linkOf the address of what `{@link name}` names
 * @param {boolean} [inline]
 */
export function words(text, linkOf, inline = false) {
  const linked = text.replace(/\{@link\s+([\w.]+)(?:\s*\|?\s*([^}]*))?\}/g, (_, name, label) => {
    const to = linkOf(name);
    const shown = `\`${label || name}\``;
    return to === undefined ? shown : `[${shown}](${to})`;
  });
  const html = inline ? marked.parseInline(linked) : marked.parse(linked);
  return String(html);
}

const marked = new Marked({
  renderer: {
    code: ({ text }) => codeBlock(text),
    // Docstrings are ours, yet what looks like a tag in them is text: `Promise<number>`.
    html: ({ text }) => escape(text),
  },
});

/** Types that are shown for what they are: names of few words that the package does not export. */
const longestExpansion = 90;

/**
 * A type as it is written, with links to what it names. Short aliases that are not public are shown for what they stand
 * for.
 *
 * @param {string} file
 * @param {Node | undefined} node
 * @param {Linker} linkOf
 * @returns {string}
 */
export function typeHtml(file, node, linkOf, depth = 0) {
  if (node === undefined) return "";
  const inner = node["type"] === "TSTypeAnnotation" ? node["typeAnnotation"] : node;
  const { text } = readModule(file);
  return typeTextHtml(file, text.slice(inner.start, inner.end), linkOf, depth);
}

/**
 * @param {string} file where the names of the type mean what they mean
 * @param {string} text
 * @param {Linker} linkOf
 */
export function typeTextHtml(file, text, linkOf, depth = 0) {
  const plain = text
    .replace(/\/\*[^]*?\*\//g, "")
    .replace(/\s+/g, " ")
    .replace(/^\| /, "");
  const tokens = /("[^"]*"|'[^']*'|`[^`]*`)|([A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)?)(?=(\??:)?)|(\d[\w.]*)/g;
  let out = "";
  let end = 0;
  for (const match of plain.matchAll(tokens)) {
    out += escape(plain.slice(end, match.index));
    end = match.index + match[0].length;
    const [all, string, name, colon, number] = match;
    if (string !== undefined) out += `<span class="t-string">${escape(string)}</span>`;
    else if (number !== undefined) out += `<span class="t-number">${escape(number)}</span>`;
    else if (colon !== undefined || name === undefined) out += escape(all);
    else out += nameHtml(file, name, linkOf, depth);
  }
  return out + escape(plain.slice(end));
}

const keywords = new Set("readonly keyof typeof extends infer new is in unique asserts abstract".split(" "));
const basic = new Set(
  "string number boolean null undefined void unknown never object bigint symbol true false this any".split(
    " ",
  ),
);

/** @param {string} file @param {string} name @param {Linker} linkOf @param {number} depth */
function nameHtml(file, name, linkOf, depth) {
  if (keywords.has(name)) return `<span class="t-keyword">${name}</span>`;
  if (basic.has(name)) return `<span class="t-type">${name}</span>`;
  const [first = "", second] = name.split(".");
  const place =
    second === undefined
      ? resolveLocal(file, first)
      : resolveTypeName(file, {
          type: "TSQualifiedName",
          left: { type: "Identifier", name: first },
          right: { type: "Identifier", name: second },
        });
  const to = place && linkOf(place);
  if (to !== undefined) return `<a href="${to}" class="t-type">${second ?? first}</a>`;
  const [declared] = (place && readModule(place.file).locals.get(place.name)) ?? [];
  if (place && declared?.["type"] === "TSTypeAliasDeclaration" && !declared["typeParameters"] && depth < 3) {
    const alias = declared["typeAnnotation"];
    if (alias.end - alias.start <= longestExpansion) {
      const html = typeHtml(place.file, alias, linkOf, depth + 1);
      return alias.type === "TSUnionType" && depth > 0 ? `(${html})` : html;
    }
  }
  return `<span class="t-type">${escape(name)}</span>`;
}
