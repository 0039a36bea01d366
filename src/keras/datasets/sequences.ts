/** Texts as lists of numbers of words, and what is done with them before they are given out. */
import { checkOptions, ValueError } from "../../engine/index.ts";

/** Options that datasets of texts have. */
export interface SequenceOptions {
  /** The name of the file in the cache. Default: that of the dataset. */
  readonly path?: string;
  /** Words from this number on are left out: more frequent words have smaller numbers. Default: none. */
  readonly numWords?: number | null;
  /** Words before this number are left out: the most frequent ones. Default 0. */
  readonly skipTop?: number;
  /** Longer texts are left out. Default: none. */
  readonly maxlen?: number | null;
  /** Makes the order, which is NumPy's. Default 113. */
  readonly seed?: number;
  /** What each text begins with; null for nothing. Default 1. */
  readonly startChar?: number | null;
  /** What stands for words that are left out; null for nothing. Default 2. */
  readonly oovChar?: number | null;
  /** What is added to all numbers of words. Default 3. */
  readonly indexFrom?: number;
}

/** A text and its label. */
export interface Labelled {
  readonly words: readonly number[];
  readonly label: number;
}

/** Checks the names of options. */
export function checkSequenceOptions(where: string, options: object, more: readonly string[] = []): void {
  checkOptions(where, options, [
    ...["path", "numWords", "skipTop", "maxlen", "seed", "startChar", "oovChar", "indexFrom"],
    ...more,
  ]);
}

/** Texts that begin with the start, with numbers moved, and not too long: shorter than `maxlen`, as Keras has it. */
export function begun(texts: readonly Labelled[], options: SequenceOptions, where: string): Labelled[] {
  const { startChar = 1, indexFrom = 3, maxlen } = options;
  const start = startChar === null ? [] : [startChar];
  const moved = texts.map(({ words, label }) => ({
    words: [...start, ...words.map((w) => w + indexFrom)],
    label,
  }));
  if (!maxlen) return moved;
  const kept = moved.filter(({ words }) => words.length < maxlen);
  if (kept.length > 0) return kept;
  throw new ValueError(`${where}: no text is shorter than maxlen=${maxlen}. Increase maxlen.`);
}

/** Replaces, or leaves out, words that are too frequent or too rare. */
export function limited(texts: readonly Labelled[], options: SequenceOptions): number[][] {
  const { skipTop = 0, oovChar = 2 } = options;
  let numWords = options.numWords ?? 0;
  if (numWords === 0) for (const { words } of texts) for (const w of words) if (w > numWords) numWords = w;
  const isKept = (w: number): boolean => w >= skipTop && w < numWords;
  return texts.map(({ words }) =>
    oovChar === null ? words.filter(isKept) : words.map((w) => (isKept(w) ? w : oovChar)),
  );
}
