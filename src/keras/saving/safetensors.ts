/**
 * safetensors: tensors by name, as a length, a JSON header and the numbers. Every size and place that the header names is
 * checked before anything is read.
 */
import {
  byteWidth,
  checkOptions,
  type DType,
  FileError,
  isPlainObject,
  show,
  sizeOf,
  type Tensor,
  type TensorLike,
  tensor,
  toTensor,
} from "../../engine/index.ts";
import { type NumberKind, numberBytes, numberKinds, readNumbers } from "../../files/numbers.ts";
import { type ReadOptions, readSource, type Source } from "../../files/source.ts";
import { type Target, writeTarget } from "../../files/target.ts";
import { parseJson } from "./python_json.ts";

const written: Readonly<Record<DType, string>> = {
  bool: "BOOL",
  uint8: "U8",
  int8: "I8",
  uint16: "U16",
  int16: "I16",
  bfloat16: "BF16",
  float16: "F16",
  int32: "I32",
  uint32: "U32",
  float32: "F32",
  float64: "F64",
};

/** The kinds of numbers by the names that headers have for them. */
const kinds: Readonly<Record<string, NumberKind>> = {
  BOOL: numberKinds.bool,
  U8: numberKinds.uint8,
  I8: numberKinds.int8,
  U16: numberKinds.uint16,
  I16: numberKinds.int16,
  F16: numberKinds.float16,
  BF16: numberKinds.bfloat16,
  U32: numberKinds.uint32,
  I32: numberKinds.int32,
  F32: numberKinds.float32,
  U64: numberKinds.uint64,
  I64: numberKinds.int64,
  F64: numberKinds.float64,
};

const metadataKey = "__metadata__";
/** Longer headers are refused, as the reference implementation does. */
const longestHeader = 100_000_000;

/**
 * Writes tensors as a safetensors file.
 *
 * @param target a path or any other target
 * @param tensors by name
 * @param options `metadata`: texts by name. Default: none.
 * @throws FileError when it cannot be written; what was there before stays
 *
 * @example
 * ```ts
 * await saveSafetensors("/tmp/weights.safetensors", { kernel: [[1, 2]], bias: [3] }, { metadata: { made: "here" } });
 * const { tensors, metadata } = await loadSafetensors("/tmp/weights.safetensors");
 * [tensors.kernel!.arraySync(), metadata.made]; // → [[[1, 2]], "here"]
 * ```
 */
export async function saveSafetensors(
  target: Target,
  tensors: Readonly<Record<string, TensorLike>>,
  options: { readonly metadata?: Readonly<Record<string, string>> } = {},
): Promise<void> {
  checkOptions("saveSafetensors", options, ["metadata"]);
  const header: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  if (options.metadata !== undefined) header[metadataKey] = options.metadata;
  let length = 0;
  // The widest first, so that every tensor lies at a multiple of its own width.
  const ordered = Object.entries(tensors)
    .map(([name, value]) => [name, toTensor(value)] as const)
    .sort(([, a], [, b]) => byteWidth(b.dtype) - byteWidth(a.dtype));
  const parts = ordered.map(([name, t]) => {
    const values = numberBytes(t.dataSync(), t.dtype);
    const offsets = [length, length + values.length];
    length += values.length;
    header[name] = { dtype: written[t.dtype], shape: t.shape, data_offsets: offsets };
    return values;
  });
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = Math.ceil((8 + text.length) / 8) * 8;
  const out = new Uint8Array(start + length).fill(0x20, 8, start);
  new DataView(out.buffer).setBigUint64(0, BigInt(start - 8), true);
  out.set(text, 8);
  let at = start;
  for (const values of parts) {
    out.set(values, at);
    at += values.length;
  }
  await writeTarget(target, out, "saveSafetensors");
}

/** What a safetensors file holds. */
export interface SafetensorsFile {
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * The tensors of a safetensors file. 64-bit integers become 32-bit ones, into which they must fit.
 *
 * @param source a path, a URL, bytes, a `File`, … (see `Source`)
 * @throws FileError when it cannot be read, or its header does not fit its bytes
 *
 * @example
 * ```ts
 * await saving.saveSafetensors("weights.safetensors", { w: [1, 2] });
 * const { tensors } = await saving.loadSafetensors("weights.safetensors");
 * tensors["w"]?.arraySync(); // → [1, 2]
 * ```
 */
export async function loadSafetensors(source: Source, options: ReadOptions = {}): Promise<SafetensorsFile> {
  checkOptions("loadSafetensors", options, ["onProgress", "signal"]);
  return decodeSafetensors(await readSource(source, "loadSafetensors", options), "loadSafetensors");
}

/**
 * The same from bytes that are there already.
 *
 * @param where what reads, for messages
 */
export function decodeSafetensors(bytes: Uint8Array, where: string): SafetensorsFile {
  const fail = (what: string): never => {
    throw new FileError(`${where}: ${what}`);
  };
  if (bytes.length < 8) return fail("this is no safetensors file");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > longestHeader || 8 + length > bytes.length)
    return fail("this is no safetensors file, or it is cut off");
  const header =
    headerOf(bytes.subarray(8, 8 + length)) ?? fail("the header of the safetensors file is damaged");
  const start = 8 + length;
  const tensors = Object.create(null) as Record<string, Tensor>;
  const metadata = Object.create(null) as Record<string, string>;
  const taken: [number, number][] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (!isPlainObject(entry)) return fail(`the header's entry ${JSON.stringify(name)} is damaged`);
    if (name === metadataKey) {
      for (const [key, text] of Object.entries(entry)) {
        if (typeof text !== "string") return fail(`the header's metadata ${JSON.stringify(key)} is no text`);
        metadata[key] = text;
      }
      continue;
    }
    const { dtype, shape, data_offsets: offsets } = entry;
    const kind = typeof dtype === "string" && Object.hasOwn(kinds, dtype) ? kinds[dtype]! : undefined;
    if (kind === undefined)
      return fail(`${JSON.stringify(name)} has a dtype that is not read: ${show(dtype)}`);
    if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2)
      return fail(`the header's entry ${JSON.stringify(name)} is damaged`);
    const [from, to] = offsets as [number, number];
    const size = sizeOf(shape);
    if (from > to || start + to > bytes.length || to - from !== size * kind.bytes) {
      return fail(
        `${JSON.stringify(name)} takes ${size * kind.bytes} bytes for its shape; the header gives it ${from} to ${to}`,
      );
    }
    if (from < to) taken.push([from, to]);
    tensors[name] = tensor(readNumbers(view, start + from, size, kind, true, fail), {
      dtype: kind.dtype,
      shape,
    });
  }
  taken.sort(([a], [b]) => a - b);
  if (taken.some(([from], i) => i > 0 && from < taken[i - 1]![1])) return fail("tensors of the file overlap");
  return { tensors, metadata };
}

function headerOf(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const header = parseJson(new TextDecoder("utf-8", { fatal: true }).decode(bytes), "header");
    return isPlainObject(header) ? header : undefined;
  } catch {
    return undefined;
  }
}

function isSizes(x: unknown): x is number[] {
  return Array.isArray(x) && x.every((n) => Number.isSafeInteger(n) && (n as number) >= 0);
}
