// In which order and in which groups modules and their names stand.
import { relative } from "node:path";
import { root } from "../setup.mjs";
import { alphabetic } from "./reference.mjs";

/** @typedef {import("./reference.mjs").Entry} Entry */
/** @typedef {import("./reference.mjs").Module} Module */

/** As on keras.io; what is not here follows in alphabetic order, the engine last. */
const first = (
  "tsuno models layers callbacks ops optimizers metrics losses activations initializers regularizers constraints " +
  "data utils saving random config dtype_policies mixed_precision quantizers distillation preprocessing tree " +
  "visualization numpy pyplot"
).split(" ");

/** @param {Iterable<Module>} modules */
export function ordered(modules) {
  const rank = (/** @type {string} */ id) => {
    const at = first.indexOf(id.split("/")[0] ?? "");
    return id === "engine" ? 1000 : at < 0 ? 500 : at;
  };
  return [...modules].sort((a, b) => rank(a.id) - rank(b.id) || alphabetic(a.id, b.id));
}

/** @type {Record<string, string>} */
const titles = {
  core: "Core",
  activations: "Activations",
  attention: "Attention",
  convolutional: "Convolution",
  merging: "Merging",
  normalization: "Normalization",
  pooling: "Pooling",
  preprocessing: "Preprocessing",
  image_preprocessing: "Images",
  regularization: "Regularization",
  reshaping: "Reshaping",
  rnn: "Recurrent",
  "ops/numpy": "NumPy",
  "ops/nn": "Neural networks",
  "ops/linalg": "Linear algebra",
  "ops/core": "Core",
  "ops/fft": "Fourier transforms",
  tensor: "Tensors and errors",
  graph: "Graphs",
  autodiff: "Gradients",
  compiler: "Compiler",
  backends: "Backends",
  runtime: "Running",
};

/** @param {Entry} entry @param {Module} module */
function groupOf({ kind, place, keras }, module) {
  const folder = relative(root, place.file).replaceAll("\\", "/").split("/").at(-2) ?? "";
  if (module.id === "layers" || module.id === "engine")
    return titles[folder] ?? (module.id === "layers" ? "Base" : "Other");
  if (module.id === "ops") return titles[keras?.section ?? ""] ?? "More";
  if (module.id === "metrics" || module.id === "losses") {
    const name = keras?.section.split("/").at(-1) ?? "";
    if (!name.includes("_")) return module.id === "losses" && kind === "function" ? "More functions" : "More";
    return name[0]?.toUpperCase() + name.slice(1).replaceAll("_", " ");
  }
  if (kind === "class") return "Classes";
  return kind === "function" ? "Functions" : "Constants";
}

/**
 * The names of a module but its types, in groups.
 *
 * @param {Module} module
 * @returns {[title: string, names: [name: string, entry: Entry][]][]}
 */
export function groupsOf(module) {
  /** @type {Map<string, [string, Entry][]>} */
  const groups = new Map();
  for (const [name, entry] of module.names) {
    if (entry.kind === "type") continue;
    const title = groupOf(entry, module);
    groups.set(title, [...(groups.get(title) ?? []), [name, entry]]);
  }
  const last = (/** @type {string} */ title) =>
    title === "Base" || title === "Core" ? -1 : /^(More|Other)/.test(title) ? 1 : 0;
  return [...groups].sort(([a], [b]) => last(a) - last(b) || alphabetic(a, b));
}

/** The types of a module that belong to it. @param {Module} module */
export const typesOf = (module) =>
  [...module.names.values()].filter((entry) => entry.kind === "type" && entry.module === module.id);
