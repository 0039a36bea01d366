/** `keras.datasets.reuters`: 11,228 pieces of news on 46 topics. */
import { checkOptions, type Tensor, tensor } from "../../engine/index.ts";
import { readSource } from "../../files/source.ts";
import {
  checkTestSplit,
  fetchFile,
  listsIn,
  numbersIn,
  orders,
  readNpz,
  type TrainAndTest,
} from "./dataset_files.ts";
import { begun, checkSequenceOptions, type Labelled, limited, type SequenceOptions } from "./sequences.ts";

/** Options of {@link loadData}. */
export interface ReutersOptions extends SequenceOptions {
  /** The part that is kept for testing. Default 0.2. */
  readonly testSplit?: number;
}

/**
 * Pieces of news as lists of numbers of words, in the order of how frequent these are, with their topics from 0 to 45
 * (Lewis: Reuters-21578, 1987).
 *
 * @param options `numWords`, `skipTop` (default 0), `maxlen`, `testSplit` (default 0.2), `seed` (default 113), `startChar`
 *   (default 1), `oovChar` (default 2), `indexFrom` (default 3), `path` (default `"reuters.npz"`)
 * @returns `[[xTrain, yTrain], [xTest, yTest]]`: lists, for `utils.padSequences`, and labels
 * @throws FileError when the file is not in the cache and cannot be fetched, ValueError when no piece is left
 *
 * @example
 * ```ts
 * const topics = async () => {
 *   const [[, y]] = await reuters.loadData({ numWords: 1000 });
 *   return Array.from(y.dataSync(), (topic) => reuters.getLabelNames()[topic]);
 * };
 * ```
 */
export async function loadData(options: ReutersOptions = {}): Promise<TrainAndTest<number[][]>> {
  const where = "reuters.loadData";
  checkSequenceOptions(where, options, ["testSplit"]);
  const { testSplit = 0.2 } = options;
  checkTestSplit(testSplit, where);
  const hash = "d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916";
  const arrays = await readNpz(await fetchFile("reuters.npz", options.path ?? "reuters.npz", hash), where);
  const lists = listsIn(arrays, "x", where);
  const labels = numbersIn(arrays, "y", where).dataSync();
  const order = orders(options.seed ?? 113)(lists.length);
  // Without a start Keras moves the numbers, too.
  const texts = begun(
    order.map((i): Labelled => ({ words: lists[i]!, label: labels[i]! })),
    options,
    where,
  );
  const words = limited(texts, options);
  const cut = Math.trunc(words.length * (1 - testSplit));
  const part = (from: number, to: number): [number[][], Tensor] => [
    words.slice(from, to),
    tensor(
      texts.slice(from, to).map(({ label }) => label),
      { dtype: "int32" },
    ),
  ];
  return [part(0, cut), part(cut, words.length)];
}

/**
 * The numbers of words by how frequent they are; `loadData` adds `indexFrom` to them.
 *
 * @param options `path`: the name of the file in the cache (default `"reuters_word_index.json"`)
 * @throws FileError when the file is not in the cache and cannot be fetched
 *
 * @example
 * ```ts
 * const numberOf = async (word: string) => (await reuters.getWordIndex())[word];
 * ```
 */
export async function getWordIndex(
  options: { readonly path?: string } = {},
): Promise<Record<string, number>> {
  const where = "reuters.getWordIndex";
  checkOptions(where, options, ["path"]);
  const name = "reuters_word_index.json";
  const file = await fetchFile(name, options.path ?? name, "4d44cc38712099c9e383dc6e5f11a921");
  return JSON.parse(new TextDecoder().decode(await readSource(file, where))) as Record<string, number>;
}

/**
 * The names of the topics, in the order of the labels.
 *
 * @example
 * ```ts
 * [reuters.getLabelNames().length, reuters.getLabelNames()[3]]; // → [46, "earn"]
 * ```
 */
export function getLabelNames(): readonly string[] {
  return names;
}

const names: readonly string[] = [
  ...["cocoa", "grain", "veg-oil", "earn", "acq", "wheat", "copper", "housing", "money-supply", "coffee"],
  ...["sugar", "trade", "reserves", "ship", "cotton", "carcass", "crude", "nat-gas", "cpi", "money-fx"],
  ...["interest", "gnp", "meal-feed", "alum", "oilseed", "gold", "tin", "strategic-metal", "livestock"],
  ...["retail", "ipi", "iron-steel", "rubber", "heat", "jobs", "lei", "bop", "zinc", "orange", "pet-chem"],
  ...["dlr", "gas", "silver", "wpi", "hog", "lead"],
];
