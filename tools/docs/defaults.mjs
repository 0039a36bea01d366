// Defaults of options beside those of Keras.

/** @typedef {import("./reference.mjs").Entry} Entry */

/**
 * Defaults that are not Keras's on purpose, or that are said in other words, by the names of entry and option.
 *
 * @type {Map<string, string>}
 */
const known = new Map([
  ["optimizers.LossScaleOptimizer.initialScale", "2¹⁵"],
  ["quantizers.Int8QuantizationConfig.activationQuantizer", "by the largest magnitude"],
  ["quantizers.Int4QuantizationConfig.activationQuantizer", "null: inputs stay as they are"],
  ["utils.plotModel.toFile", `"model.png" where there are files (Node, Deno, Bun), nothing on a page`],
]);

/**
 * What the documentation says of defaults and Keras does not, for options and parameters that Keras has, too.
 *
 * @param {Entry} entry
 * @param {(name: string) => string} toCamel
 * @returns {{ option: string, ours: string | undefined, keras: string }[]}
 */
export function defaultsUnlikeKeras(entry, toCamel) {
  /** @type {Map<string, string | undefined>} */
  const ours = new Map();
  for (const { params } of entry.calls)
    for (const one of params)
      for (const { name, fallback } of one.options ?? [one])
        if (ours.get(name) === undefined) ours.set(name, fallback);
  const found = [];
  for (const [arg, fallback] of entry.keras?.args ?? []) {
    const option = toCamel(arg);
    if (fallback === undefined || fallback === "None" || !ours.has(option)) continue;
    const said = ours.get(option);
    if (known.get(`${entry.module}.${entry.name}.${option}`) === said && said !== undefined) continue;
    if (said === undefined || !sameValue(said, fallback, entry))
      found.push({ option, ours: said, keras: fallback });
  }
  return found;
}

/**
 * Whether the words of a default and a value of Python are one: `1` and `(1, 1)`, `"valid"` and `'valid'`.
 *
 * @param {string} ours Markdown; a remark may follow the value
 * @param {string} python
 * @param {Entry} entry
 */
function sameValue(ours, python, entry) {
  const value = ours.replace(/^`([^`]*)`.*$/s, "$1").replace(/^([^\s[]+?)[,;:] .*$/s, "$1");
  const said = ours.startsWith("the class's name in snake_case") ? `'${snakeCase(entry.name)}'` : value;
  const [a, b] = [parts(said), parts(python)];
  if (a.length === 1 && b.length > 1) return b.every((one) => one === a[0]);
  return a.join() === b.join();
}

/** The values of a list, or of one; numbers as they print, words without quotes. @param {string} text */
function parts(text) {
  return text
    .replace(/[()[\]'"\s]/g, "")
    .toLowerCase()
    .split(",")
    .filter((one) => one !== "")
    .map((one) => (Number.isNaN(Number(one)) ? one.replace(/^backend\./, "") : String(Number(one))));
}

/** @param {string} name */
const snakeCase = (name) => name.replace(/(?<=[a-z0-9])[A-Z]|(?<=[A-Z])[A-Z](?=[a-z])/g, "_$&").toLowerCase();
