/** The files of Keras's datasets: where they come from, and what they hold. */
import { type DType, FileError, type Tensor, tensor, ValueError } from "../../engine/index.ts";
import { readSource } from "../../files/source.ts";
import { decodeNpy } from "../../numpy/io/npy.ts";
import { NumberColumn } from "../data/elements.ts";
import { mersenneTwister, shuffleLikeNumpy } from "../random/mersenne_twister.ts";
import { getFile } from "../utils/file_utils.ts";

const folder = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/";

/** Samples and labels, to train with and to test with. */
export type TrainAndTest<X = Tensor> = [train: [x: X, y: Tensor], test: [x: X, y: Tensor]];

/** Fetches a file of Keras's own folder. */
export function fetchFile(
  name: string,
  fname: string,
  fileHash: string | null,
  cacheSubdir = "datasets",
): Promise<string> {
  return getFile({ origin: folder + name, fname, fileHash, cacheSubdir });
}

/** The arrays of an `.npz` archive; those of objects are lists of lists of numbers. */
export async function readNpz(path: string, where: string): Promise<Record<string, Tensor | number[][]>> {
  const { openZip } = await import("../../files/zip.ts");
  const archive = openZip(await readSource(path, where), where);
  const arrays: Record<string, Tensor | number[][]> = {};
  for (const name of archive.names) {
    const bytes = await archive.read(name);
    arrays[name.replace(/\.npy$/, "")] = isOfObjects(bytes)
      ? await readObjects(bytes, where)
      : decodeNpy(bytes, where);
  }
  return arrays;
}

/** An array of numbers by its name. */
export function numbersIn(
  arrays: Readonly<Record<string, Tensor | number[][]>>,
  name: string,
  where: string,
): Tensor {
  const found = arrays[name];
  if (found !== undefined && !Array.isArray(found)) return found;
  throw new FileError(`${where}: the file has no array ${JSON.stringify(name)} of numbers`);
}

/** Lists of numbers by their name. */
export function listsIn(
  arrays: Readonly<Record<string, Tensor | number[][]>>,
  name: string,
  where: string,
): number[][] {
  const found = arrays[name];
  if (Array.isArray(found)) return found;
  if (found?.ndim === 2) return found.arraySync() as number[][];
  throw new FileError(`${where}: the file has no lists ${JSON.stringify(name)}`);
}

const headerOf = (bytes: Uint8Array): { readonly text: string; readonly end: number } => {
  const start = bytes[6] === 1 ? 10 : 12;
  const length = bytes[8]! + 256 * bytes[9]! + (start === 12 ? 65536 * bytes[10]! : 0);
  return { text: new TextDecoder().decode(bytes.subarray(start, start + length)), end: start + length };
};

const isOfObjects = (bytes: Uint8Array): boolean => /'descr':\s*'\|O'/.test(headerOf(bytes).text);

async function readObjects(bytes: Uint8Array, where: string): Promise<number[][]> {
  const { readPickle } = await import("./pickle.ts");
  const array = readPickle(bytes.subarray(headerOf(bytes).end), where) as { readonly data?: unknown } | null;
  const lists = array?.data;
  const isList = (x: unknown): boolean => Array.isArray(x) && x.every((n) => typeof n === "number");
  if (Array.isArray(lists) && lists.every(isList)) return lists as number[][];
  throw new FileError(`${where}: expected lists of numbers in the file`);
}

/** Rows of a tensor. */
export function rowsOf(array: Tensor, rows: readonly number[]): Tensor {
  return new NumberColumn(array).gather(rows);
}

/** A function that gives the numbers from 0 on in an order that is NumPy's for the seed, another one in each call. */
export function orders(seed: number): (count: number) => number[] {
  const next = mersenneTwister(seed);
  return (count) => {
    const order = Array.from({ length: count }, (_, i) => i);
    shuffleLikeNumpy(order, next);
    return order;
  };
}

/** Checks a part that is kept for testing. */
export function checkTestSplit(testSplit: number, where: string): void {
  if (testSplit >= 0 && testSplit < 1) return;
  throw new ValueError(
    `${where}: expected testSplit to be at least 0 and below 1. Received: testSplit=${testSplit}`,
  );
}

/** Shuffled rows in two parts, as Keras has them for its tables. */
export function splitTable(x: Tensor, y: Tensor, testSplit: number, seed: number): TrainAndTest {
  const order = orders(seed)(x.shape[0]!);
  const cut = Math.trunc(order.length * (1 - testSplit));
  const part = (rows: readonly number[]): [Tensor, Tensor] => [rowsOf(x, rows), rowsOf(y, rows)];
  return [part(order.slice(0, cut)), part(order.slice(cut))];
}

/** A tensor of bytes. */
export function bytesAs(values: Uint8Array, shape: readonly number[], dtype: DType = "uint8"): Tensor {
  return tensor(values, { shape, dtype });
}
