// The reference as plain Markdown, a page for each module: for readers in terminals and for programs that read.
import { readModule } from "../declarations.mjs";
import { titleOf } from "./layout.mjs";
import { groupsOf } from "./outline.mjs";
import { nameIn } from "./reference.mjs";

/** @typedef {import("../declarations.mjs").Node} Node */
/** @typedef {import("./reference.mjs").Call} Call */
/** @typedef {import("./reference.mjs").Entry} Entry */
/** @typedef {import("./reference.mjs").Module} Module */

/** @param {Module} module */
export function markdownOf(module) {
  const parts = [`# ${titleOf(module)}`, plain(module.doc.sentence), plain(module.doc.body)];
  for (const [title, names] of groupsOf(module)) {
    const own = names.filter(([name, entry]) => entry.module === module.id && entry.name === name);
    if (own.length > 0) parts.push(`## ${title}`, ...own.map(([, entry]) => section(entry)));
    const others = names.filter(([name, entry]) => entry.module !== module.id || entry.name !== name);
    if (others.length > 0)
      parts.push(
        others
          .map(([name, entry]) => `- \`${name}\`: see \`${nameIn(entry.module, entry.name)}\``)
          .join("\n"),
      );
  }
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** @param {Entry} entry */
function section(entry) {
  const { doc, keras, kind, calls, name } = entry;
  const signatures = calls.map((call) => `${kind === "class" ? "new " : ""}${name}${signature(call)}`);
  const args = keras?.args?.map((arg) => arg.join("=")).join(", ");
  const params = calls.flatMap((call) => call.params);
  const options = [
    ...new Map(params.flatMap((one) => one.options ?? []).map((one) => [one.name, one])).values(),
  ];
  const rows = [...params.filter((one) => one.options === undefined && one.text !== ""), ...options].map(
    (one) => {
      const fallback = one.fallback === undefined ? "" : ` Default: ${plain(one.fallback)}.`;
      return `- \`${one.name}\`: ${plain(one.text)}${/[.!?]$/.test(one.text) ? "" : "."}${fallback}`;
    },
  );
  return [
    `### ${name}`,
    plain(doc.sentence),
    signatures.length === 0 ? "" : `\`\`\`ts\n${signatures.join("\n")}\n\`\`\``,
    keras === undefined ? "" : `In Keras: \`${keras.name}${args === undefined ? "" : `(${args})`}\``,
    plain(doc.body),
    rows.join("\n"),
    doc.returns === "" ? "" : `Returns ${plain(doc.returns)}.`,
    doc.throws.map((one) => `Throws ${plain(one)}.`).join("\n\n"),
    ...doc.examples.map((code) => `\`\`\`ts\n${code}\n\`\`\``),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** @param {Call} call */
function signature({ file, params, returns }) {
  const { text } = readModule(file);
  const written = (/** @type {Node | undefined} */ node) =>
    node === undefined ? "" : text.slice(node["start"], node["end"]).replace(/\s+/g, " ");
  const list = params.map(
    (one) => `${one.rest ? "..." : ""}${one.name}${one.optional ? "?" : ""}: ${written(one.type)}`,
  );
  return `(${list.join(", ")})${written(returns)}`;
}

/** @param {string} text */
const plain = (text) => text.replace(/\{@link\s+([\w.]+)[^}]*\}/g, "`$1`").trim();
