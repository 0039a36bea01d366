/** The text of `predict` in standalone modules: it checks inputs, takes samples through in blocks, and gives rows back. */
import { arrayOf, type DType } from "../../engine/index.ts";

/** A place in the memory of the code, and what it means. */
export interface Port {
  readonly name: string;
  /** Where it lies, in bytes. */
  readonly address: number;
  /** Of one sample. */
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** What a standalone `predict` is called with and gives, as expressions of JavaScript and as types. */
export interface Signature {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** The inputs in a flat list, by the parameter `x`: `[x.image, x.text]`. */
  readonly given: string;
  /** The outputs in their structure, by the list `y`: `y[0]`. */
  readonly result: string;
  /** Samples that go through at once. */
  readonly block: number;
}

/** The name of the typed array that holds a port's numbers. */
const arrayName = (port: Port): string => arrayOf(port.dtype).name;

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

function port(p: Port): string {
  const name = JSON.stringify(p.name);
  return `{ name: ${name}, shape: [${p.shape.join(", ")}], size: ${product(p.shape)}, at: ${p.address}, Type: ${arrayName(p)} }`;
}

/**
 * The text, which expects `buffer`, the memory of the code, and the functions `one` and, for blocks of more than one
 * sample, `many`.
 */
export function predictSource({ inputs, outputs, given, result, block }: Signature): string {
  // A block that is partly filled is worth it from a quarter on.
  const size = block === 1 ? "1" : `n - first > ${Math.floor((block - 1) / 4)} ? ${block} : 1`;
  const run = block === 1 ? "one();" : "size > 1 ? many() : one();";
  return `const inputs = [${inputs.map(port).join(", ")}];
const outputs = [${outputs.map(port).join(", ")}];

function flat(x, { name, shape, size }) {
  const nested = Array.isArray(x), values = nested ? x.flat(1 / 0) : x, n = values?.length / size;
  if (!(nested ? n === x.length : ArrayBuffer.isView(x) && Number.isInteger(n)))
    throw new TypeError(\`predict: \${name} needs samples of shape [\${shape}], in nested arrays or one after the other in a typed array\`);
  return values;
}

function nest(values, [n, ...shape]) {
  if (n === undefined) return values[0];
  const size = values.length / n;
  return Array.from({ length: n }, (_, i) => nest(values.subarray(i * size, (i + 1) * size), shape));
}

function run(given) {
  const values = inputs.map((input, i) => flat(given[i], input)), n = values[0].length / inputs[0].size;
  if (values.some((v, i) => v.length !== n * inputs[i].size)) throw new TypeError("predict: all inputs need the same number of samples");
  const rows = outputs.map(({ Type, size }) => new Type(n * size));
  for (let first = 0; first < n; ) {
    const size = ${size}, last = Math.min(first + size, n);
    inputs.forEach((p, i) => new p.Type(buffer, p.at, size * p.size).set(values[i].slice(first * p.size, last * p.size)));
    ${run}
    outputs.forEach((p, i) => rows[i].set(new p.Type(buffer, p.at, (last - first) * p.size), first * p.size));
    first = last;
  }
  return Array.isArray(given[0]) ? rows.map((r, i) => nest(r, [n, ...outputs[i].shape])) : rows;
}

export function predict(x) {
  const y = run(${given});
  return ${result};
}
`;
}

const nestedType = (rank: number): string => `number${"[]".repeat(rank)}`;

/**
 * The declarations of a module.
 *
 * @param input makes the type of what `predict` takes from those of the inputs; `output` that of what it gives
 */
export function predictTypes(
  about: string,
  { inputs, outputs }: Signature,
  input: (types: readonly string[]) => string,
  output: (types: readonly string[]) => string,
): string {
  const shape = (p: Port): string => `[${["samples", ...p.shape].join(", ")}]`;
  const list = (ports: readonly Port[]): string =>
    ports.map((p) => `\`${p.name}\` ${p.dtype} ${shape(p)}`).join(", ");
  const doc = `/**
 * ${about}
 *
 * @param x ${list(inputs)}: nested arrays, or typed arrays with one sample after the other
 * @returns ${list(outputs)}, as nested or as typed arrays as the first input is
 */`;
  const rank = (p: Port): number => p.shape.length + 1;
  return `/** Numbers, one sample after the other. */
export type Numbers = Float32Array | Float64Array | Int8Array | Uint8Array | Uint8ClampedArray | Int16Array | Uint16Array | Int32Array | Uint32Array;

${doc}
export declare function predict(x: ${input(inputs.map(() => "Numbers"))}): ${output(outputs.map(arrayName))};
export declare function predict(x: ${input(inputs.map((p) => nestedType(rank(p))))}): ${output(outputs.map((p) => nestedType(rank(p))))};
`;
}
