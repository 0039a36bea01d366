// What is wrong with the reference: names without words or examples, links that lead nowhere, defaults that are not Keras's.
import { defaultsUnlikeKeras } from "./defaults.mjs";

/** @typedef {import("./reference.mjs").Entry} Entry */
/** @typedef {import("./reference.mjs").Reference} Reference */

/**
 * @param {Reference} reference
 * @param {Map<string, string>} files
 * @returns {string[]} sentences
 */
export function problemsOf(reference, files) {
  return [...wordless(reference), ...wrongDefaults(reference), ...brokenLinks(files)];
}

/** @param {Reference} reference */
function wordless({ entries, modules }) {
  const problems = [];
  for (const entry of entries.values()) {
    const name = `${entry.module}.${entry.name}`;
    if (entry.doc.sentence === "") problems.push(`${name} has no sentence in its docstring`);
    // The engine is for those who build upon it; its types speak for many of its names.
    if (entry.module === "engine" || entry.kind === "type" || entry.kind === "constant") continue;
    if (entry.doc.examples.length === 0) problems.push(`${name} has no example in its docstring`);
    for (const { params } of entry.calls)
      for (const option of params.flatMap((one) => one.options ?? []))
        if (option.text === "") problems.push(`Nothing is said of the option ${option.name} of ${name}`);
  }
  for (const { id, doc } of modules.values())
    if (doc.sentence === "") problems.push(`The module ${id} says nothing`);
  return problems;
}

/** @param {Reference} reference */
function wrongDefaults({ entries, toCamel }) {
  return [...entries.values()].flatMap((entry) =>
    defaultsUnlikeKeras(entry, toCamel).map(
      ({ option, ours, keras }) =>
        `${entry.module}.${entry.name}: the default of ${option} is ${keras} in Keras; the docstring says ${ours ?? "nothing"}`,
    ),
  );
}

/** @param {Map<string, string>} files */
function brokenLinks(files) {
  const problems = [];
  /** @type {Map<string, Set<string>>} */
  const anchors = new Map();
  const anchorsOf = (/** @type {string} */ path) => {
    const known =
      anchors.get(path) ??
      new Set([...(files.get(path) ?? "").matchAll(/ id="([^"]+)"/g)].map(([, id = ""]) => id));
    anchors.set(path, known);
    return known;
  };
  for (const [path, html] of files) {
    if (!path.endsWith(".html")) continue;
    const seen = new Set();
    for (const [, target = ""] of html.matchAll(/ (?:href|src)="([^"]+)"/g)) {
      if (seen.has(target) || /^(https?:|data:)/.test(target)) continue;
      seen.add(target);
      const url = new URL(target, `https://docs/${path}`);
      const page = url.pathname.slice(1);
      const anchor = decodeURIComponent(url.hash.slice(1));
      if (!files.has(page)) problems.push(`${path} links to ${target}, which is not there`);
      else if (anchor !== "" && !anchorsOf(page).has(anchor))
        problems.push(`${path} links to ${target}, which has no such anchor`);
    }
  }
  return problems;
}
