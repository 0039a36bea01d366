// The first page, and the pages of modules: all names with a sentence each, and the module's types.

import { readModule } from "../declarations.mjs";
import { optionList, typeParametersHtml } from "./entry_page.mjs";
import { layout, relativeTo, slug, titleOf } from "./layout.mjs";
import { linkersOf, sourceAddress } from "./links.mjs";
import { codeBlock, escape, typeHtml, words } from "./markup.mjs";
import { groupsOf, ordered, typesOf } from "./outline.mjs";
import { optionsOf } from "./types.mjs";

/** @typedef {import("./layout.mjs").Site} Site */
/** @typedef {import("./reference.mjs").Module} Module */
/** @typedef {import("./reference.mjs").Entry} Entry */

const quickStart = `import * as keras from "tsuno";

const model = new keras.Sequential([
  new keras.layers.Dense(16, { activation: "relu", inputShape: [2] }),
  new keras.layers.Dense(1, { activation: "sigmoid" }),
]);
model.compile({ optimizer: "adam", loss: "binary_crossentropy", metrics: ["accuracy"] });
await model.fit([[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]], { epochs: 200, verbose: 0 });`;

const fromKeras = [
  [
    "keras.layers.Dense(64, activation='relu')",
    'new keras.layers.Dense(64, { activation: "relu" })',
    "Classes are made with <code>new</code>. What Keras requires comes by position, all else in one object of options.",
  ],
  [
    "use_bias=False",
    "useBias: false",
    'Functions and arguments are in camelCase. Names in strings, such as <code>"glorot_uniform"</code>, stay as they are.',
  ],
  [
    "model.fit(x, y, epochs=5)",
    "await model.fit(x, y, { epochs: 5 })",
    "What takes time (<code>fit</code>, <code>evaluate</code>, <code>predict</code>, saving, loading) gives a promise.",
  ],
  [
    "x.numpy()",
    "await x.array()",
    "Tensors are computed when they are read. Arguments may be tensors, typed arrays or nested arrays.",
  ],
  [
    "x * y + 1",
    "x.multiply(y).add(1)",
    "TypeScript has no operators for tensors; they have methods, and there are <code>ops</code> and <code>np</code>.",
  ],
];

/** @param {Site} site */
export function homePage(site) {
  const modules = ordered(site.reference.modules.values());
  const cards = modules
    .map((module) => {
      const count = [...module.names.values()].filter((one) => one.kind !== "type").length;
      const about = sentenceOf(module);
      return `<li><a href="${module.id}/index.html"><strong>${escape(titleOf(module))}</strong> <span>${count}</span></a><p>${words(about, () => undefined, true)}</p></li>`;
    })
    .join("\n");
  const rows = fromKeras
    .map(
      ([python = "", ours = "", why = ""]) =>
        `<div><code class="python">${escape(python)}</code><code>${escape(ours)}</code><p>${why}</p></div>`,
    )
    .join("\n");
  const main = `<h1>Tsuno API reference</h1>
<p class="lead">Keras 3 for TypeScript: the same modules, classes, arguments, defaults and numbers. Every name here was taken from the sources, and every example runs in the tests.</p>
${codeBlock(quickStart)}
<h2 id="from-keras">Coming from Keras</h2>
<p>Search for the name that you know: <code>global_average_pooling2d</code>, <code>keras.ops.top_k</code> and <code>kernel_size</code> all lead to the right page.</p>
<div class="pairs">${rows}</div>
<h2 id="modules">Modules</h2>
<ul class="cards">
${cards}
</ul>`;
  return layout(site, {
    path: "index.html",
    title: "Tsuno API reference",
    description: "The API reference of Tsuno, Keras 3 for TypeScript.",
    main,
    kind: "home",
  });
}

/** What a module is for: the first sentence of its file, without its name. @param {Module} module */
function sentenceOf(module) {
  const { sentence } = module.doc;
  const said = sentence.replace(/^`?[\w.]+`?: /, "");
  return said === "" ? "" : said[0]?.toUpperCase() + said.slice(1);
}

/** How a program gets a module. @param {Module} module */
function importLine({ specifier, inside, id }) {
  if (id === "tsuno") return `import * as keras from "tsuno";`;
  const local = inside || specifier.replace(/^tsuno\//, "");
  const camel = local.replace(/_(\w)/g, (_, c) => c.toUpperCase());
  if (inside) return `import { ${inside} } from "${specifier}";`;
  const short = { numpy: "np", pyplot: "plt" }[camel] ?? camel;
  return `import * as ${short} from "${specifier}";`;
}

/** @param {Site} site @param {Module} module */
export function modulePage(site, module) {
  const path = `${module.id}/index.html`;
  const { nameLink } = linkersOf(site, path, module);
  const groups = groupsOf(module)
    .map(([title, names]) => {
      const rows = names
        .map(([name, entry]) => {
          const other = entry.name !== name || entry.module !== module.id;
          const see =
            other && entry.name !== name ? ` <span class="same">= ${escape(entry.name)}</span>` : "";
          return `<div><dt><a href="${relativeTo(path, site.addresses.get(entry) ?? "")}">${escape(name)}</a>${see}</dt><dd>${words(entry.doc.sentence, linkersOf(site, path, module, entry).nameLink, true)}</dd></div>`;
        })
        .join("\n");
      return `<section aria-labelledby="${slug(title)}"><h2 id="${slug(title)}">${escape(title)} <span class="count">${names.length}</span></h2>\n<dl class="names">${rows}</dl></section>`;
    })
    .join("\n");
  const types = typesOf(module);
  const typeList =
    types.length === 0
      ? ""
      : `<section aria-labelledby="types"><h2 id="types">Types <span class="count">${types.length}</span></h2><p class="types">${types
          .map((one) => `<a href="types.html#${one.name}">${escape(one.name)}</a>`)
          .join(" ")}</p></section>`;
  const inner = module.modules
    .map((id) => site.reference.modules.get(id))
    .map((one) => one && `<a href="${relativeTo(path, `${one.id}/index.html`)}">${escape(titleOf(one))}</a>`)
    .join(", ");
  const keras = kerasModule(module);
  const main = `<p class="where"><a href="${relativeTo(path, "index.html")}">API</a> / ${escape(titleOf(module))} <a class="source" href="index.md">as Markdown</a></p>
<h1>${escape(titleOf(module))}</h1>
<p class="lead">${words(sentenceOf(module), nameLink, true)}</p>
${codeBlock(importLine(module))}
${module.doc.body === "" ? "" : words(module.doc.body, nameLink)}
${keras}${inner === "" ? "" : `<p>Modules inside: ${inner}.</p>`}
${groups}
${typeList}`;
  return layout(site, {
    path,
    title: `${titleOf(module)} · Tsuno API`,
    description: sentenceOf(module).replaceAll("`", ""),
    main,
    module,
    kind: "module",
  });
}

/** @param {Module} module */
function kerasModule(module) {
  const known = [...module.names.values()].find((one) => one.keras !== undefined && one.module === module.id);
  if (known?.keras === undefined || module.id === "tsuno") return "";
  const name = known.keras.name.split(".").slice(0, -1).join(".");
  const page = `https://keras.io/api/${name.split(".")[1]}/`;
  return `<p class="keras">In Keras: <a href="${page}" rel="external"><code>${name}</code></a></p>\n`;
}

/** The page of the types that belong to a module. @param {Site} site @param {Module} module */
export function typesPage(site, module) {
  const path = `${module.id}/types.html`;
  const sections = typesOf(module).map((entry) => {
    const { nameLink, placeLink } = linkersOf(site, path, module, entry);
    const said = words(entry.doc.sentence, nameLink, true);
    const body = entry.doc.body === "" ? "" : words(entry.doc.body, nameLink);
    return `<section class="type" aria-labelledby="${entry.name}"><h2 id="${entry.name}">${escape(entry.name)} ${sourceLink(path, entry)}</h2>
<p>${said}</p>${body}
${typeBody(entry, placeLink, nameLink)}</section>`;
  });
  const main = `<p class="where"><a href="${relativeTo(path, "index.html")}">API</a> / <a href="index.html">${escape(titleOf(module))}</a> / types</p>
<h1>Types of ${escape(titleOf(module))}</h1>
${sections.join("\n")}`;
  return layout(site, {
    path,
    title: `Types of ${titleOf(module)} · Tsuno API`,
    description: `The types of ${titleOf(module)}.`,
    main,
    module,
    kind: "types",
  });
}

/** @param {string} path @param {Entry} entry */
function sourceLink(path, { place, line }) {
  return `<a class="source" href="${relativeTo(path, sourceAddress(place.file, line))}">source</a>`;
}

/** @param {Entry} entry @param {import("./markup.mjs").Linker} placeLink @param {(name: string) => string | undefined} nameLink */
function typeBody(entry, placeLink, nameLink) {
  const { file } = entry.place;
  const [declared] = entry.declarations;
  if (declared === undefined) return "";
  const args = typeParametersHtml(file, declared["typeParameters"], placeLink);
  if (declared["type"] === "TSTypeAliasDeclaration")
    return `<pre class="signature"><code><span class="t-keyword">type</span> ${entry.name}${args} = ${typeHtml(file, declared["typeAnnotation"], placeLink)}</code></pre>`;
  const options = optionsOf(file, {
    type: "TSTypeReference",
    typeName: { type: "Identifier", name: entry.place.name },
  });
  if (options !== undefined && args === "") return optionList(options, placeLink, nameLink, `${entry.name}-`);
  const { text } = readModule(file);
  const body = text.slice(declared["start"], declared["end"]);
  return codeBlock(body);
}
