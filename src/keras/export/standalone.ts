/** Models as modules that need nothing of the library: WebAssembly with a little JavaScript, or JavaScript alone. */
import { isPlainObject, type Tree, toJavaScript, toWasm } from "../../engine/index.ts";
import { base64 } from "../../files/png.ts";
import { type ExportedInputs, fill, uniqueNames } from "./input_signature.ts";
import { type Port, predictSource, predictTypes, type Signature } from "./predict_source.ts";
import { knownShapes, outside, type Predicts, rowShapes, tracePrediction } from "./traced_model.ts";

/** A member of an object, as JavaScript and TypeScript write it. */
const key = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

/** A structure as text. */
function write(tree: unknown, leaf: (x: unknown) => string, separator = ","): string {
  if (Array.isArray(tree)) return `[${tree.map((x) => write(x, leaf, separator)).join(", ")}]`;
  if (!isPlainObject(tree)) return leaf(tree);
  const members = Object.entries(tree).map(([name, x]) => `${key(name)}: ${write(x, leaf, separator)}`);
  return `{ ${members.join(`${separator} `)} }`;
}

/** Where each leaf is found in a structure. */
function places(tree: unknown, at: string): Tree<string> {
  if (Array.isArray(tree)) return tree.map((x, i) => places(x, `${at}?.[${i}]`));
  if (!isPlainObject(tree)) return at;
  return Object.fromEntries(
    Object.entries(tree).map(([name, x]) => [name, places(x, `${at}?.[${JSON.stringify(name)}]`)]),
  );
}

const flatten = (tree: unknown): unknown[] => {
  if (Array.isArray(tree)) return tree.flatMap(flatten);
  return isPlainObject(tree)
    ? Object.keys(tree)
        .sort()
        .flatMap((name) => flatten(tree[name]))
    : [tree];
};

/** The programs of a model, traced for one sample and for a block of them. */
function programsOf(model: Predicts, inputs: ExportedInputs, format: string, block: number) {
  const sizes = block === 1 ? [["one", 1] as const] : [["one", 1] as const, ["many", block] as const];
  const traced = sizes.map(([name, samples]) => {
    const frozen = tracePrediction(model, inputs, knownShapes(inputs, samples, format));
    return { name, frozen, rows: rowShapes(model.name, frozen, samples) };
  });
  const [{ frozen, rows }] = traced as [(typeof traced)[number]];
  const functions = traced.map(({ name, frozen: f }) => ({ name, graph: f.graph, values: f.values }));
  return { functions, frozen, rows };
}

/** Files of a standalone module by what their names end with. */
export interface StandaloneFiles {
  readonly wasm?: Uint8Array<ArrayBuffer>;
  readonly js: string;
  readonly types: string;
}

/**
 * A model as a standalone module.
 *
 * @param outputNames of the outputs, as far as they are known
 * @param block samples that go through at once
 * @param stem the name of the WebAssembly file without its ending
 */
export async function standaloneFiles(
  model: Predicts,
  inputs: ExportedInputs,
  outputNames: readonly string[] | undefined,
  format: "wasm" | "js",
  block: number,
  stem: string,
): Promise<StandaloneFiles> {
  const { functions, frozen, rows } = programsOf(model, inputs, format, block);
  const made = format === "wasm" ? await toWasm(functions) : await toJavaScript(functions);
  const names = uniqueNames(
    rows.map((_, i) => outputNames?.[i] ?? (rows.length === 1 ? "output" : `output_${i}`)),
  );
  const outputs = rows.map((shape, i): Port => {
    const { dtype } = frozen.graph.results[frozen.graph.results.length > i ? i : 0]!;
    return { name: names[i]!, address: made.outputs[i]!, shape, dtype };
  });
  const signature: Signature = {
    inputs: inputs.list.map(({ name, shape, dtype }, i) => {
      return { name, dtype: outside(dtype), shape: shape as readonly number[], address: made.inputs[i]! };
    }),
    outputs,
    given: `[${flatten(places(inputs.tree, "x")).join(", ")}]`,
    result: write(frozen.output, (n) => `y[${String(n)}]`),
    block,
  };
  const about = `The predictions of the model "${model.name}".`;
  const types = predictTypes(
    about,
    signature,
    (list) => write(fill(inputs.tree, list), String, ";"),
    (list) => write(frozen.output, (n) => list[n as number]!, ";"),
  );
  const predict = predictSource(signature);
  if (made.code instanceof Uint8Array) {
    return { wasm: made.code, js: loader(about, stem) + predict, types };
  }
  const { code, data } = made.code;
  return {
    js: `// ${about} Made by Tsuno; it needs nothing else.\n${code}\n${decoder(data)}${predict}`,
    types,
  };
}

/** Finds and starts the module, in Node and in browsers. */
function loader(about: string, stem: string): string {
  return `// ${about} Made by Tsuno; it needs nothing but ${stem}.wasm beside it.
const url = new URL(${JSON.stringify(`./${encodeURIComponent(stem)}.wasm`)}, import.meta.url);
const fs = url.protocol === "file:" && globalThis.process?.getBuiltinModule?.("node:fs");
async function load() {
  const response = await fetch(url);
  if (!response.ok) throw new Error(\`\${url}: status \${response.status}\`);
  return response.arrayBuffer();
}
const { instance } = await WebAssembly.instantiate(fs ? fs.readFileSync(url) : await load());
const { memory: { buffer }, one, many } = instance.exports;
`;
}

/** Puts the numbers of the model into memory. */
function decoder(data: Uint8Array): string {
  return `const { buffer } = B;
const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const digit = new Uint8Array(128);
for (let k = 0; k < 64; k++) digit[digits.charCodeAt(k)] = k;
const weights = "${base64(data)}";
for (let k = 0, at = 0; k < weights.length; k += 4, at += 3) {
  let word = 0;
  for (let n = 0; n < 4; n++) word = word << 6 | digit[weights.charCodeAt(k + n)];
  B[at] = word >> 16, B[at + 1] = word >> 8, B[at + 2] = word;
}

`;
}
