/** `keras.datasets.imdb`: 50,000 reviews of movies, for or against. */
import { checkOptions, type Tensor, tensor } from "../../engine/index.ts";
import { readSource } from "../../files/source.ts";
import { fetchFile, listsIn, numbersIn, orders, readNpz, type TrainAndTest } from "./dataset_files.ts";
import { begun, checkSequenceOptions, type Labelled, limited, type SequenceOptions } from "./sequences.ts";

/**
 * Reviews of movies as lists of numbers of words, in the order of how frequent these are: 25,000 to train with and 25,000 to test
 * with; labels are 1 for good ones and 0 for bad ones (Maas et al.: Learning word vectors for sentiment analysis, 2011).
 *
 * @param options `numWords`, `skipTop` (default 0), `maxlen`, `seed` (default 113), `startChar` (default 1), `oovChar`
 *   (default 2), `indexFrom` (default 3), `path` (default `"imdb.npz"`)
 * @returns `[[xTrain, yTrain], [xTest, yTest]]`: lists, for `utils.padSequences`, and labels
 * @throws FileError when the file is not in the cache and cannot be fetched, ValueError when no review is left
 *
 * @example
 * ```ts
 * const padded = async () => {
 *   const [[x, y]] = await imdb.loadData({ numWords: 10_000 });
 *   return [utils.padSequences(x, { maxlen: 80 }), y]; // [25000, 80] and [25000]
 * };
 * ```
 */
export async function loadData(options: SequenceOptions = {}): Promise<TrainAndTest<number[][]>> {
  const where = "imdb.loadData";
  checkSequenceOptions(where, options);
  const hash = "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f";
  const arrays = await readNpz(await fetchFile("imdb.npz", options.path ?? "imdb.npz", hash), where);
  const shuffled = orders(options.seed ?? 113);
  const part = (name: string): Labelled[] => {
    const lists = listsIn(arrays, `x_${name}`, where);
    const labels = numbersIn(arrays, `y_${name}`, where).dataSync();
    const texts = shuffled(lists.length).map((i) => ({ words: lists[i]!, label: labels[i]! }));
    return begun(texts, options, where);
  };
  const [train, test] = [part("train"), part("test")];
  const words = limited([...train, ...test], options);
  const labelsOf = (texts: readonly Labelled[]): Tensor =>
    tensor(
      texts.map(({ label }) => label),
      { dtype: "int32" },
    );
  return [
    [words.slice(0, train.length), labelsOf(train)],
    [words.slice(train.length), labelsOf(test)],
  ];
}

/**
 * The numbers of words by how frequent they are; `loadData` adds `indexFrom` to them.
 *
 * @param options `path`: the name of the file in the cache (default `"imdb_word_index.json"`)
 * @throws FileError when the file is not in the cache and cannot be fetched
 *
 * @example
 * ```ts
 * const numberOf = async (word: string) => (await imdb.getWordIndex())[word];
 * ```
 */
export async function getWordIndex(
  options: { readonly path?: string } = {},
): Promise<Record<string, number>> {
  const where = "imdb.getWordIndex";
  checkOptions(where, options, ["path"]);
  const name = "imdb_word_index.json";
  const file = await fetchFile(name, options.path ?? name, "bfafd718b763782e994055a2d397834f");
  return JSON.parse(new TextDecoder().decode(await readSource(file, where))) as Record<string, number>;
}
