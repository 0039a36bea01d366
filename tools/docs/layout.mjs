// What all pages of the reference have in common: head, bar, and the list of modules.

import { escape } from "./markup.mjs";
import { groupsOf, ordered } from "./outline.mjs";
import { nameIn } from "./reference.mjs";

/** @typedef {import("./reference.mjs").Entry} Entry */
/** @typedef {import("./reference.mjs").Module} Module */
/** @typedef {import("./reference.mjs").Reference} Reference */

/**
 * @typedef {object} Site
 * @property {Reference} reference
 * @property {Map<Entry, string>} addresses of the pages on entries, with anchors for those that have no page of their own
 */

/** @param {Module} module */
export const titleOf = (module) => (module.id === "tsuno" ? "tsuno" : nameIn(module.id, "").slice(0, -1));

/**
 * The way from one page to another, or to an anchor of it.
 *
 * @param {string} from
 * @param {string} to
 */
export function relativeTo(from, to) {
  const [page = "", anchor] = to.split("#");
  if (page === from) return anchor === undefined ? (from.split("/").at(-1) ?? "") : `#${anchor}`;
  const here = from.split("/").slice(0, -1);
  const there = page.split("/");
  while (here.length > 0 && there.length > 1 && here[0] === there[0]) {
    here.shift();
    there.shift();
  }
  return "../".repeat(here.length) + there.join("/") + (anchor === undefined ? "" : `#${anchor}`);
}

const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Cpath d='M6 27C9 14 15 7 27 5c-3 9-6 17-12 22z' fill='%23e4572e'/%3E%3C/svg%3E";

/**
 * @param {Site} site
 * @param {object} page
 * @param {string} page.path
 * @param {string} page.title
 * @param {string} page.description plain text
 * @param {string} page.main HTML
 * @param {Module} [page.module] the one whose names the list shows
 * @param {Entry} [page.entry] the one that the page is about
 * @param {string} [page.kind] a class for the styles
 */
export function layout(site, { path, title, description, main, module, entry, kind = "" }) {
  const to = (/** @type {string} */ target) => relativeTo(path, target);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${escape(description)}">
<title>${escape(title)}</title>
<link rel="icon" href="${icon}">
<link rel="stylesheet" href="${to("assets/style.css")}">
<script>{const t=localStorage.getItem("tsuno-theme");if(t)document.documentElement.dataset.theme=t}</script>
<script src="${to("assets/page.js")}" defer data-root="${to("index.html").slice(0, -"index.html".length)}"></script>
</head>
<body class="page-${kind}">
<a class="skip" href="#main">Skip to content</a>
<header>
<a class="logo" href="${to("index.html")}">Tsuno <span>API</span></a>
<search><input id="search" type="search" placeholder="Search, in Keras’s names too" aria-label="Search the reference" role="combobox" aria-expanded="false" aria-controls="found" aria-autocomplete="list" autocomplete="off" spellcheck="false"><kbd aria-hidden="true">/</kbd><ul id="found" role="listbox" aria-label="Found" hidden></ul></search>
<button id="theme" type="button" aria-label="Light or dark" title="Light or dark"><svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true"><path d="M12 3a9 9 0 1 0 0 18V3Z" fill="currentColor"/><circle cx="12" cy="12" r="8.25" fill="none" stroke="currentColor" stroke-width="1.5"/></svg></button>
</header>
<div class="columns">
<details class="menu"><summary>Modules</summary><nav aria-label="Modules"><ul>
${menu(site, path, module, entry)}
</ul></nav></details>
<main id="main">
${main}
</main>
</div>
</body>
</html>
`;
}

/** @param {Site} site @param {string} path @param {Module | undefined} current @param {Entry | undefined} entry */
function menu(site, path, current, entry) {
  return ordered(site.reference.modules.values())
    .map((module) => {
      const here = module === current;
      const link = `<a href="${relativeTo(path, `${module.id}/index.html`)}"${
        here ? ` aria-current="${entry ? "true" : "page"}"` : ""
      }>${escape(titleOf(module))}</a>`;
      return `<li>${link}${here ? names(site, path, module, entry) : ""}</li>`;
    })
    .join("\n");
}

/** The names of the groups of a module; only one's own group is listed where there are many. @param {Site} site @param {string} path @param {Module} module @param {Entry | undefined} entry */
function names(site, path, module, entry) {
  const groups = groupsOf(module);
  const parts = groups.map(([title, list]) => {
    const isOwn = list.some(([, one]) => one === entry);
    const anchor = `${module.id}/index.html#${slug(title)}`;
    const head =
      groups.length > 1 ? `<a class="group" href="${relativeTo(path, anchor)}">${escape(title)}</a>` : "";
    if (!isOwn) return head && `<li>${head}</li>`;
    const links = list.map(
      ([name, one]) =>
        `<li><a href="${relativeTo(path, site.addresses.get(one) ?? "")}"${
          one === entry && name === entry.name ? ' aria-current="page"' : ""
        }>${escape(name)}</a></li>`,
    );
    return `<li>${head}<ul>${links.join("")}</ul></li>`;
  });
  return `<ul>${parts.join("")}</ul>`;
}

/** @param {string} title */
export const slug = (title) => title.toLowerCase().replace(/[^a-z0-9]+/g, "-");
