// The page of a class, a function or a constant.

import { layout, relativeTo, titleOf } from "./layout.mjs";
import { linkersOf, sourceAddress } from "./links.mjs";
import { codeBlock, escape, typeHtml, words } from "./markup.mjs";
import { nameIn } from "./reference.mjs";

/** @typedef {import("../declarations.mjs").Node} Node */
/** @typedef {import("./layout.mjs").Site} Site */
/** @typedef {import("./markup.mjs").Linker} Linker */
/** @typedef {import("./reference.mjs").Call} Call */
/** @typedef {import("./reference.mjs").Entry} Entry */
/** @typedef {import("./reference.mjs").Member} Member */
/** @typedef {import("./reference.mjs").Module} Module */
/** @typedef {import("./types.mjs").Option} Option */
/** @typedef {(name: string) => string | undefined} NameLink */

/** Longer signatures are written with a line for each parameter. */
const longestLine = 76;

/** @param {Site} site @param {Entry} entry */
export function entryPage(site, entry) {
  const path = site.addresses.get(entry) ?? "";
  const module = site.reference.modules.get(entry.module);
  const { placeLink, nameLink } = linkersOf(site, path, module, entry);
  const { doc } = entry;
  const where = module
    ? `<a href="${relativeTo(path, "index.html")}">API</a> / <a href="index.html">${escape(titleOf(module))}</a> / ${escape(entry.name)}`
    : "";
  const also = [...new Set(entry.also)].filter((name) => !name.startsWith("engine."));
  const prefix = entry.kind === "class" ? "new " : "";
  const signatures = entry.calls.map((call) => signature(call, prefix + entry.name, placeLink)).join("\n");
  const constant = entry.kind === "constant" ? constantSignature(entry, placeLink) : "";
  const extended =
    entry.bases.length === 0 || entry.bases[0] === undefined
      ? ""
      : `<span class="extends">extends <a href="${relativeTo(path, site.addresses.get(entry.bases[0]) ?? "")}">${escape(entry.bases[0].name)}</a></span>`;
  const main = [
    `<p class="where">${where}</p>`,
    `<div class="title"><h1>${escape(entry.name)}</h1><p class="facts"><span class="kind">${entry.kind}</span>${extended}<a class="source" href="${relativeTo(path, sourceAddress(entry.place.file, entry.line))}">source</a></p></div>`,
    `<p class="lead">${words(doc.sentence, nameLink, true)}</p>`,
    doc.deprecated === ""
      ? ""
      : `<p class="deprecated">Deprecated: ${words(doc.deprecated, nameLink, true)}</p>`,
    signatures + constant === ""
      ? ""
      : `<pre class="signature" tabindex="0"><code>${signatures}${constant}</code></pre>`,
    kerasBlock(entry),
    body(doc.body, nameLink),
    doc.examples.length === 0 ? "" : `<h2 id="example">Example</h2>${doc.examples.map(codeBlock).join("")}`,
    parameters(entry.calls, placeLink, nameLink, entry),
    results(entry, placeLink, nameLink),
    throwsList(doc.throws, nameLink),
    doc.see.length === 0
      ? ""
      : `<p class="see">See ${doc.see.map((one) => words(one, nameLink, true)).join(", ")}.</p>`,
    members(site, path, entry, placeLink, nameLink),
    also.length === 0
      ? ""
      : `<p class="also">Also as ${also.map((name) => `<code>${escape(name)}</code>`).join(", ")}.</p>`,
  ].filter((part) => part !== "");
  return layout(site, {
    path,
    title: `${nameIn(entry.module, entry.name)} · Tsuno API`,
    description: doc.sentence.replaceAll("`", ""),
    main: main.join("\n"),
    ...(module && { module }),
    entry,
    kind: "entry",
  });
}

/** What is said besides the sentence; shapes of inputs and outputs become a list. @param {string} text @param {NameLink} nameLink */
function body(text, nameLink) {
  if (text === "") return "";
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => {
      if (!/^(Inputs?|Outputs?|Weights): /.test(paragraph)) return words(paragraph, nameLink);
      const rows = paragraph
        .replace(/\s+/g, " ")
        .split(/(?<=[.)`] ?)(?=(?:Inputs?|Outputs?|Weights): )/)
        .map((row) => {
          const [, name = "", shape = ""] = /^(\w+): (.*)$/.exec(row.trim()) ?? [];
          return `<div><dt>${name}</dt><dd>${words(shape, nameLink, true)}</dd></div>`;
        });
      return `<dl class="shapes">${rows.join("")}</dl>`;
    })
    .join("\n");
}

/** @param {Entry} entry */
function kerasBlock({ keras }) {
  if (keras === undefined) return "";
  const args = keras.args?.map(([name, fallback]) => (fallback === undefined ? name : `${name}=${fallback}`));
  const short = args === undefined ? "" : `(${args.join(", ")})`;
  return `<p class="keras"><span>In Keras</span> <a href="${keras.url}" rel="external"><code>${escape(keras.name)}</code></a><code>${escape(short)}</code></p>`;
}

/**
 * @param {Call} call
 * @param {string} name
 * @param {Linker} placeLink
 */
export function signature(call, name, placeLink) {
  const { file, typeParameters } = call;
  const head = `${escape(name).replace(/^new /, '<span class="t-keyword">new</span> ')}${typeParametersHtml(file, typeParameters, placeLink)}`;
  const params = call.params.map(
    (one) =>
      `${one.rest ? "..." : ""}${escape(one.name)}${one.optional ? "?" : ""}: ${typeHtml(file, one.type, placeLink)}`,
  );
  const returns = call.returns === undefined ? "" : `: ${typeHtml(file, call.returns, placeLink)}`;
  const line = `${head}(${params.join(", ")})${returns}`;
  if (line.replace(/<[^>]*>/g, "").length <= longestLine || params.length === 0) return line;
  return `${head}(\n${params.map((one) => `  ${one},\n`).join("")})${returns}`;
}

/** @param {string} file @param {Node | undefined} node @param {Linker} placeLink */
export function typeParametersHtml(file, node, placeLink) {
  const params = node?.["params"] ?? [];
  if (params.length === 0) return "";
  return `&lt;${params.map((/** @type {Node} */ one) => typeHtml(file, one, placeLink)).join(", ")}&gt;`;
}

/** @param {Entry} entry @param {Linker} placeLink */
function constantSignature({ name, place, declarations }, placeLink) {
  const [declared] = declarations;
  const type = typeHtml(place.file, declared?.["id"]?.typeAnnotation ?? undefined, placeLink);
  return `<span class="t-keyword">const</span> ${escape(name)}${type === "" ? "" : `: ${type}`}`;
}

/**
 * @param {Call[]} calls
 * @param {Linker} placeLink
 * @param {NameLink} nameLink
 * @param {Entry | undefined} entry whose options the page is about
 */
function parameters(calls, placeLink, nameLink, entry, prefix = "") {
  /** @type {Map<string, string>} */
  const rows = new Map();
  /** @type {Option[]} */
  let options = [];
  for (const { params, file } of calls) {
    for (const one of params) {
      if (one.options !== undefined) options = [...options, ...one.options];
      else if (!rows.has(one.name))
        rows.set(
          one.name,
          row(
            one.name,
            typeHtml(file, one.type, placeLink),
            one.fallback,
            words(one.text, nameLink, true),
            prefix,
            !one.optional && !one.rest,
          ),
        );
    }
  }
  const own = [...rows.values()].filter((html) => entry !== undefined || html.includes("<dd>"));
  const optionRows = splitOptions(options, entry);
  if (own.length + options.length === 0) return "";
  const lists = [
    own.length === 0 ? "" : `<dl class="params">${own.join("")}</dl>`,
    optionRows.own.length === 0
      ? ""
      : `${entry ? "<h3>Options</h3>" : ""}${optionList(optionRows.own, placeLink, nameLink, prefix)}`,
    optionRows.common.length === 0
      ? ""
      : `<details class="common"><summary>Options of every ${optionRows.of}: ${optionRows.common.map((one) => `<code>${one.name}</code>`).join(", ")}</summary>${optionList(optionRows.common, placeLink, nameLink, prefix)}</details>`,
  ].join("");
  return entry ? `<h2 id="parameters">Parameters</h2>${lists}` : lists;
}

/** Options that whole families share are folded away. @type {Record<string, string>} */
const families = {
  LayerOptions: "layer",
  OptimizerOptions: "optimizer",
  LossOptions: "loss",
  MetricOptions: "metric",
};

/** @param {Option[]} options @param {Entry | undefined} entry */
function splitOptions(options, entry) {
  const unique = inKerasOrder([...new Map(options.map((one) => [one.name, one])).values()], entry);
  const isBase = Object.values(families).includes(entry?.name.toLowerCase() ?? "");
  const common = isBase
    ? []
    : unique.filter(
        (one) => !one.isListed && one.from !== undefined && Object.hasOwn(families, one.from.name),
      );
  return {
    own: unique.filter((one) => !common.includes(one)),
    common,
    of: families[common[0]?.from?.name ?? ""] ?? "",
  };
}

/** Options as Keras's signature has them, then those that only we have. @param {Option[]} options @param {Entry | undefined} entry */
function inKerasOrder(options, entry) {
  const order = (entry?.keras?.args ?? []).map(([name]) => plainName(name));
  const rank = (/** @type {Option} */ { name }) => (order.indexOf(plainName(name)) + 1000) % 1000;
  return [...options].sort((a, b) => rank(a) - rank(b));
}

/** `kernel_size` and `kernelSize` are one. @param {string} name */
const plainName = (name) => name.replaceAll("_", "").toLowerCase();

/** @param {Option[]} options @param {Linker} placeLink @param {NameLink} nameLink @param {string} prefix */
export function optionList(options, placeLink, nameLink, prefix = "") {
  const rows = options.map(({ name, type, file, text, fallback, optional }) =>
    row(name, typeHtml(file, type, placeLink), fallback, words(text, nameLink, true), prefix, !optional),
  );
  return `<dl class="params">${rows.join("")}</dl>`;
}

/**
 * @param {string} name
 * @param {string} type HTML
 * @param {string | undefined} fallback Markdown
 * @param {string} text HTML
 * @param {string} prefix of the anchor
 * @param {boolean} required
 */
function row(name, type, fallback, text, prefix, required) {
  const code = fallback === undefined ? "" : fallback.replace(/^`([^`]*)`$/, "$1");
  const said =
    fallback === undefined ? "" : words(isValue(code) ? `\`${code}\`` : fallback, () => undefined, true);
  const tail =
    said === ""
      ? required
        ? ""
        : '<span class="default">optional</span>'
      : `<span class="default">default ${said}</span>`;
  const dd =
    text === "" ? "" : `<dd>${text[0]?.toUpperCase()}${text.slice(1)}${/[.!?:]$/.test(text) ? "" : "."}</dd>`;
  return `<div id="${prefix}p-${name}"><dt><code class="name">${name}</code> <code class="ptype">${type}</code>${tail}</dt>${dd}</div>`;
}

/** Whether a default is a value rather than words. @param {string} text */
const isValue = (text) => /^(-?[\d.]+(e-?\d+)?|true|false|null|".*"|\[.*\]|\{.*\})$/.test(text);

/** @param {Entry} entry @param {Linker} placeLink @param {NameLink} nameLink */
function results(entry, placeLink, nameLink) {
  const { returns } = entry.doc;
  if (returns === "") return "";
  const [call] = entry.calls;
  const type = call?.returns
    ? `<code class="ptype">${typeHtml(call.file, call.returns, placeLink)}</code> `
    : "";
  return `<h2 id="returns">Returns</h2><p>${entry.kind === "function" ? type : ""}${words(returns, nameLink, true)}</p>`;
}

/** @param {string[]} throws @param {NameLink} nameLink */
function throwsList(throws, nameLink, heading = true) {
  if (throws.length === 0) return "";
  const rows = throws
    .flatMap((one) => one.split(/;\s+(?=\{?[A-Z]\w*Error\b)/))
    .map((one) => {
      const [, name = "", when = one] = /^\{?(?:@link )?([A-Z]\w*)\}?\s*([^]*)$/.exec(one.trim()) ?? [];
      const to = nameLink(name);
      const error = `<code>${name}</code>`;
      return `<li>${name === "" ? "" : to === undefined ? error : `<a href="${to}">${error}</a>`} ${words(when, nameLink, true)}</li>`;
    });
  return `${heading ? '<h2 id="throws">Throws</h2>' : '<p class="label">Throws</p>'}<ul class="throws">${rows.join("")}</ul>`;
}

/** @param {Site} site @param {string} path @param {Entry} entry @param {Linker} placeLink @param {NameLink} nameLink */
function members(site, path, entry, placeLink, nameLink) {
  const hidden = new Set(["className", "positional"]);
  const said = entry.members.filter(
    (one) => !hidden.has(one.name) && (one.doc.sentence !== "" || !one.isOverride),
  );
  // Layers are called as all layers are, unless more is said.
  const calls = said.filter(
    (one) => one.kind === "call" && (one.doc.sentence !== "" || entry.bases.length === 0),
  );
  const methods = said.filter((one) => one.kind === "method");
  const properties = said.filter((one) => one.kind === "property");
  const parts = [];
  if (calls.length > 0)
    parts.push(
      `<h2 id="calling">Calling it</h2>${calls.map((one) => method(path, { ...one, name: "call-signature" }, instanceName(entry), placeLink, nameLink)).join("")}`,
    );
  if (methods.length > 0)
    parts.push(
      `<h2 id="methods">Methods</h2>${methods.map((one) => method(path, one, one.isStatic ? `${entry.name}.${one.name}` : one.name, placeLink, nameLink)).join("")}`,
    );
  const given = new Set(
    entry.calls.flatMap(({ params }) =>
      params.flatMap((one) => [one.name, ...(one.options ?? []).map(({ name }) => name)]),
    ),
  );
  const kept = properties.filter(({ name }) => given.has(name));
  const others = properties.filter((one) => !kept.includes(one));
  if (properties.length > 0) {
    const rows = others.map(
      (one) =>
        `<div id="${one.name}"><dt><code class="name">${one.isStatic ? `${entry.name}.` : ""}${one.name}</code> <code class="ptype">${typeHtml(one.file, one.type, placeLink)}</code></dt>${one.doc.sentence === "" ? "" : `<dd>${words(`${one.doc.sentence} ${one.doc.body}`, nameLink, true)}</dd>`}</div>`,
    );
    const same = kept.map(({ name }) => `<code id="${name}">${name}</code>`).join(", ");
    parts.push(
      `<h2 id="properties">Properties</h2>${same === "" ? "" : `<p>As the parameters say: ${same}.</p>`}${rows.length === 0 ? "" : `<dl class="params">${rows.join("")}</dl>`}`,
    );
  }
  const seen = new Set(
    entry.members.map((one) => one.name).filter((name) => said.some((one) => one.name === name)),
  );
  for (const base of entry.bases) {
    const address = site.addresses.get(base) ?? "";
    const links = base.members
      .filter(
        (one) =>
          one.name !== "" &&
          !hidden.has(one.name) &&
          !seen.has(one.name) &&
          (one.doc.sentence !== "" || !one.isOverride),
      )
      .map((one) => {
        seen.add(one.name);
        return `<a href="${relativeTo(path, `${address}#${one.name}`)}">${one.name}</a>`;
      });
    if (links.length > 0)
      parts.push(
        `<details class="inherited"><summary>From <a href="${relativeTo(path, address)}">${escape(base.name)}</a>: ${links.length} more</summary><p>${links.join(" ")}</p></details>`,
      );
  }
  return parts.join("\n");
}

/** @param {Entry} entry */
const instanceName = ({ name }) => (name[0] ?? "").toLowerCase() + name.slice(1);

/** @param {string} path @param {Member} member @param {string} shown @param {Linker} placeLink @param {NameLink} nameLink */
function method(path, member, shown, placeLink, nameLink) {
  const { doc } = member;
  const signatures = member.calls.map((call) => signature(call, shown, placeLink)).join("\n");
  const returned =
    doc.returns === ""
      ? ""
      : `<p><span class="label">Returns</span> ${words(doc.returns, nameLink, true)}</p>`;
  return `<section class="method" id="${member.name}" aria-label="${escape(shown)}"><h3><code>${signatures}</code></h3><a class="source" href="${relativeTo(path, sourceAddress(member.file, member.line))}" aria-label="source of ${escape(shown)}">source</a>
<p>${words(doc.sentence, nameLink, true)}</p>${doc.body === "" ? "" : words(doc.body, nameLink)}
${parameters(member.calls, placeLink, nameLink, undefined, `${member.name}-`)}${returned}${throwsList(doc.throws, nameLink, false)}${doc.examples.map(codeBlock).join("")}</section>`;
}
