/** Sequences of different lengths as one array. */
import {
  arrayOf,
  asDType,
  checkOptions,
  type DType,
  ShapeError,
  sameShape,
  show,
  showShape,
  sizeOf,
  type Tensor,
  type TensorLike,
  tensor,
  toTensor,
  ValueError,
} from "../../engine/index.ts";
import { checkChoice } from "./argument_validation.ts";

/** Options of {@link padSequences}. */
export interface PadSequencesOptions {
  /** The length that all get. Default: that of the longest. */
  readonly maxlen?: number | null;
  /** The dtype of the result. Default `"int32"`. */
  readonly dtype?: DType;
  /** Where short sequences are filled up. Default `"pre"`. */
  readonly padding?: "pre" | "post";
  /** Where long sequences lose elements. Default `"pre"`. */
  readonly truncating?: "pre" | "post";
  /** What they are filled up with. Default 0. */
  readonly value?: number;
}

const sides = ["pre", "post"] as const;

/**
 * Makes sequences one array, all of one length.
 *
 * @param sequences arrays of numbers, or of rows of one shape
 * @param options `maxlen` (default: the longest), `dtype` (default `"int32"`, in which fractions are cut), `padding` and
 *   `truncating` (`"pre"`, the default, or `"post"`), `value` (default 0)
 * @returns shape (sequences, maxlen, …)
 * @throws ValueError, ShapeError when an element is no sequence or its rows have another shape
 *
 * @example
 * ```ts
 * padSequences([[1], [2, 3], [4, 5, 6]]).arraySync(); // → [[0, 0, 1], [0, 2, 3], [4, 5, 6]]
 * padSequences([[1], [2, 3, 4]], { maxlen: 2, padding: "post" }).arraySync(); // → [[1, 0], [3, 4]]
 * ```
 */
export function padSequences(sequences: readonly TensorLike[], options: PadSequencesOptions = {}): Tensor {
  const where = "padSequences";
  checkOptions(where, options, ["maxlen", "dtype", "padding", "truncating", "value"]);
  const padding = checkChoice(options.padding ?? "pre", sides, where, "padding");
  const truncating = checkChoice(options.truncating ?? "pre", sides, where, "truncating");
  const dtype = asDType(options.dtype ?? "int32", where);
  if (!Array.isArray(sequences))
    throw new ValueError(`${where}: expected an array of sequences. Received: ${show(sequences)}`);
  const all = sequences.map((sequence: TensorLike, i) => {
    const t = toTensor(sequence);
    if (t.ndim > 0) return t;
    throw new ValueError(`${where}: expected sequences. Received at position ${i}: ${show(sequence)}`);
  });
  const longest = Math.max(0, ...all.map((t) => t.shape[0]!));
  const maxlen = options.maxlen ?? longest;
  if (!Number.isInteger(maxlen) || maxlen < 0) {
    throw new ValueError(
      `${where}: expected maxlen to be a whole number that is not negative. Received: ${show(maxlen)}`,
    );
  }
  const row = all.find((t) => t.shape[0]! > 0)?.shape.slice(1) ?? [];
  const width = sizeOf(row);
  const values = new (arrayOf(dtype))(all.length * maxlen * width).fill(options.value ?? 0);
  for (const [i, t] of all.entries()) {
    const length = t.shape[0]!;
    if (length === 0) continue;
    if (!sameShape(t.shape.slice(1), row)) {
      throw new ShapeError(
        `${where}: expected sequences of elements of one shape, ${showShape(row)}. Received at position ${i}: ${showShape(t.shape.slice(1))}`,
      );
    }
    const kept = Math.min(length, maxlen);
    const from = truncating === "pre" ? length - kept : 0;
    const to = padding === "pre" ? maxlen - kept : 0;
    const rows = t.astype(dtype).dataSync();
    values.set(rows.subarray(from * width, (from + kept) * width), (i * maxlen + to) * width);
  }
  return tensor(values, { shape: [all.length, maxlen, ...row], dtype });
}
