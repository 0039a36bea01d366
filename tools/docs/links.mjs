// Where names lead.
import { relative } from "node:path";
import { readModule, resolveLocal } from "../declarations.mjs";
import { root } from "../setup.mjs";
import { relativeTo } from "./layout.mjs";
import { keyOf } from "./reference.mjs";

/** @typedef {import("./layout.mjs").Site} Site */
/** @typedef {import("./reference.mjs").Module} Module */
/** @typedef {import("./reference.mjs").Entry} Entry */

/**
 * What finds the addresses of names and declarations, seen from a page.
 *
 * @param {Site} site
 * @param {string} path
 * @param {Module} [module] where names are looked for
 * @param {Entry} [entry] whose file knows names, too
 */
export function linkersOf(site, path, module, entry) {
  /** @param {import("../declarations.mjs").Place} place */
  const placeLink = (place) => {
    const found = site.reference.entries.get(keyOf(place));
    const address = found && site.addresses.get(found);
    return address && relativeTo(path, address);
  };
  /** @param {string} name `Dense`, `Layer.build`, `layers.Dense` */
  const nameLink = (name) => {
    const parts = name.split(".");
    for (const [count, member] of /** @type {const} */ ([
      [parts.length, ""],
      [parts.length - 1, parts.at(-1)],
    ])) {
      const inner = parts.slice(0, count);
      const last = inner.at(-1) ?? "";
      const spaces = [
        inner.slice(0, -1).join("/"),
        ...(inner.length === 1 && module ? [module.id, "tsuno"] : []),
      ];
      const found =
        spaces.map((id) => site.reference.modules.get(id)?.names.get(last)).find(Boolean) ??
        (inner.length === 1 && entry ? inFile(entry.place.file, last) : undefined);
      const address = found && site.addresses.get(found);
      if (address === undefined) continue;
      return relativeTo(path, member === "" || address.includes("#") ? address : `${address}#${member}`);
    }
    return undefined;
  };
  /** @param {string} file @param {string} name */
  const inFile = (file, name) => {
    const place = readModule(file).locals.has(name) ? { file, name } : resolveLocal(file, name);
    return place && site.reference.entries.get(keyOf(place));
  };
  return { placeLink, nameLink };
}

/** The page of a source, at a line. @param {string} file @param {number} line */
export function sourceAddress(file, line) {
  const path = relative(root, file)
    .replaceAll("\\", "/")
    .replace(/^src\//, "")
    .replace(/\.ts$/, "");
  return `source/${path}.html#L${line}`;
}
