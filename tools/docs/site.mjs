// All files of the reference: pages of modules, names, types and sources, the index that the search reads, and assets.
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { readModule } from "../declarations.mjs";
import { root } from "../setup.mjs";
import { entryPage } from "./entry_page.mjs";
import { layout, titleOf } from "./layout.mjs";
import { sourceAddress } from "./links.mjs";
import { markdownOf } from "./markdown.mjs";
import { escape, highlightLines } from "./markup.mjs";
import { homePage, modulePage, typesPage } from "./module_pages.mjs";
import { typesOf } from "./outline.mjs";
import { nameIn } from "./reference.mjs";

/** @typedef {import("./layout.mjs").Site} Site */
/** @typedef {import("./reference.mjs").Entry} Entry */
/** @typedef {import("./reference.mjs").Reference} Reference */

/**
 * @param {Reference} reference
 * @returns {Map<string, string>} texts by their paths
 */
export function siteOf(reference) {
  /** @type {Site} */
  const site = { reference, addresses: addressesOf(reference) };
  /** @type {Map<string, string>} */
  const files = new Map([["index.html", homePage(site)]]);
  for (const module of reference.modules.values()) {
    files.set(`${module.id}/index.html`, modulePage(site, module));
    files.set(`${module.id}/index.md`, markdownOf(module));
    if (typesOf(module).length > 0) files.set(`${module.id}/types.html`, typesPage(site, module));
  }
  for (const [entry, address] of site.addresses)
    if (entry.kind !== "type") files.set(address, entryPage(site, entry));
  for (const file of sourcesOf(reference)) {
    const [path = ""] = sourceAddress(file, 1).split("#");
    files.set(path, sourcePage(site, path, file));
  }
  files.set("assets/search-index.js", searchIndex(site));
  for (const name of ["style.css", "page.js"])
    files.set(`assets/${name}`, readFileSync(fileURLToPath(new URL(name, import.meta.url)), "utf8"));
  return files;
}

/**
 * The addresses of entries. File systems that do not tell `Add` from `add` are common, so that functions which share the
 * name of a class have another.
 *
 * @param {Reference} reference
 */
function addressesOf(reference) {
  /** @type {Map<Entry, string>} */
  const addresses = new Map();
  const taken = new Set(
    ["index", "types"].flatMap((one) => [...reference.modules.keys()].map((id) => `${id}/${one}`)),
  );
  const rank = (/** @type {Entry} */ { kind }) => (kind === "class" ? 0 : 1);
  for (const entry of [...reference.entries.values()].sort((a, b) => rank(a) - rank(b))) {
    if (entry.kind === "type") {
      addresses.set(entry, `${entry.module}/types.html#${entry.name}`);
      continue;
    }
    let path = `${entry.module}/${entry.name}`;
    if (taken.has(path.toLowerCase())) path += `-${entry.kind}`;
    taken.add(path.toLowerCase());
    addresses.set(entry, `${path}.html`);
  }
  return addresses;
}

/** The sources that pages refer to. @param {Reference} reference */
function sourcesOf({ entries }) {
  return new Set(
    [...entries.values()].flatMap((one) => [one.place.file, ...one.members.map(({ file }) => file)]),
  );
}

/** @param {Site} site @param {string} path @param {string} file */
function sourcePage(site, path, file) {
  const name = relative(root, file).replaceAll("\\", "/");
  const lines = highlightLines(readModule(file).text.trimEnd());
  const main = `<p class="where">Source</p><h1>${escape(name)}</h1>
<pre class="code listing" tabindex="0"><code>${lines.map((line, i) => `<span id="L${i + 1}" data-line="${i + 1}">${line}</span>`).join("\n")}</code></pre>`;
  return layout(site, {
    path,
    title: `${name} · Tsuno API`,
    description: `The source of ${name}.`,
    main,
    kind: "source",
  });
}

/** What the search knows: [name as written, address, kind, sentence, other names]. @param {Site} site */
function searchIndex({ addresses, reference }) {
  const rows = [...addresses].map(([entry, address]) => {
    const options = entry.calls.flatMap(({ params }) =>
      params.flatMap((one) => (one.options ?? []).map(({ name }) => name)),
    );
    const names = [
      ...entry.also,
      entry.keras?.name ?? "",
      ...(entry.keras?.args ?? []).map(([name]) => name),
    ];
    const sentence = entry.doc.sentence.replaceAll("`", "").slice(0, 110);
    return [
      nameIn(entry.module, entry.name),
      address,
      entry.kind,
      sentence,
      [...names, ...options].join(" "),
    ];
  });
  for (const module of reference.modules.values())
    rows.push([
      titleOf(module),
      `${module.id}/index.html`,
      "module",
      module.doc.sentence.replaceAll("`", ""),
      "",
    ]);
  return `globalThis.tsunoIndex=${JSON.stringify(rows)};\n`;
}
