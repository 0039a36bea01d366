// A plugin for rolldown: namespaces (`export * as ops`) as frozen objects. Rolldown makes objects with a getter for each name,
// of which the package has some 1,800: an import would spend a tenth of its time on making them, and every use of one on
// calling it.

/** What rolldown makes them with. */
const helper = /^import \{ \w+ as __exportAll \} from "[^"]+";\n/m;
/** Where the code of one source ends. */
const end = /^(?:\/\/ (?:src|node_modules)\/|export \{)/m;
const getters = /^var (\w+\$?\w*) = \/\* @__PURE__ \*\/ __exportAll\(\{([^}]*)\}\);$/gm;
const getter = /^\s*(\w+|"[^"]*"): \(\) => ([\w$]+),?$/;

/**
 * A namespace's values are those at the end of its source, as nothing that is exported changes afterwards and no imports
 * go round: whoever comes later sees all of them.
 *
 * @type {import("rolldown").Plugin}
 */
export const plainNamespaces = {
  name: "plain-namespaces",
  renderChunk(code, { fileName }, _options, { magicString }) {
    if (magicString === undefined) throw new Error("plain-namespaces needs experimental.nativeMagicString");
    let left = code.split("__exportAll(").length - 1;
    for (const found of code.matchAll(getters)) {
      left--;
      const [statement, name, list = ""] = found;
      const values = list
        .trim()
        .split("\n")
        .map((line) => {
          const [, key, value] = getter.exec(line) ?? [];
          if (key === undefined)
            throw new Error(`${fileName}: ${name} has a line that is no getter: ${line}`);
          return `${key}: ${value}`;
        });
      const after = found.index + statement.length;
      const at = end.exec(code.slice(after))?.index ?? code.length - after;
      const object = `{ __proto__: null, ${values.join(", ")} }`;
      const tagged = `/* @__PURE__ */ Object.defineProperty(${object}, Symbol.toStringTag, { value: "Module" })`;
      magicString.remove(found.index, after);
      magicString.appendLeft(after + at, `var ${name} = /* @__PURE__ */ Object.freeze(${tagged});\n`);
    }
    if (left > 0) throw new Error(`${fileName}: ${left} namespaces are made otherwise than expected`);
    const { 0: unused = "", index = 0 } = helper.exec(code) ?? {};
    if (unused !== "") magicString.remove(index, index + unused.length);
    return { code: magicString };
  },
  generateBundle(_options, bundle) {
    const texts = Object.values(bundle).map((file) => (file.type === "chunk" ? file.code : ""));
    for (const fileName of Object.keys(bundle)) {
      const name = fileName.split("/").at(-1) ?? "";
      if (name.startsWith("rolldown-runtime-") && !texts.some((text) => text.includes(name)))
        delete bundle[fileName];
    }
  },
};
