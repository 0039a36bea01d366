/** Windows over a time series. */
import {
  checkOptions,
  ShapeError,
  show,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
} from "../../engine/index.ts";
import type { Dataset } from "../data/dataset.ts";
import { NumberColumn } from "../data/elements.ts";
import { fromTable } from "../data/sources.ts";

/** Options of {@link timeseriesDatasetFromArray}. */
export interface TimeseriesOptions {
  /** How far apart the windows begin. Default 1. */
  readonly sequenceStride?: number;
  /** How far apart the steps in a window are. Default 1. */
  readonly samplingRate?: number;
  /** Windows per batch; null for single windows. Default 128. */
  readonly batchSize?: number | null;
  /** Whether the windows come in random order, a new one in each pass. Default false. */
  readonly shuffle?: boolean;
  /** A whole number that makes the order repeatable. */
  readonly seed?: number | null;
  /** The first step that is used. Default 0. */
  readonly startIndex?: number | null;
  /** The first step that is not used any more. Default: the number of steps. */
  readonly endIndex?: number | null;
  /** As in Keras; both give the same kind of data set. Default `"tf"`. */
  readonly format?: "tf" | "grain";
}

/** Checks the name of a kind of datasets of Keras. */
export function checkFormat(where: string, format: string | undefined): void {
  if (format === undefined || format === "tf" || format === "grain") return;
  throw new ValueError(`${where}: expected format to be "tf" or "grain". Received: format=${show(format)}`);
}

const where = "timeseriesDatasetFromArray";

function checkIndex(name: string, value: number, least: number, below: number): void {
  if (Number.isInteger(value) && value >= least && value < below) return;
  throw new ValueError(
    `${where}: expected ${name} to be a whole number of at least ${least} and below ${below}, for ${below} steps of data. Received: ${name}=${show(value)}`,
  );
}

/** Windows over the rows of an array. */
class WindowColumn {
  readonly length: number;
  readonly #steps: NumberColumn;
  readonly #size: number;
  readonly #rate: number;

  constructor(steps: NumberColumn, size: number, rate: number) {
    this.#steps = steps;
    this.#size = size;
    this.#rate = rate;
    this.length = Math.max(0, steps.length - (size - 1) * rate);
  }

  row(start: number): Tensor {
    return this.#steps.gather(this.#window(start));
  }

  gather(starts: readonly number[]): Tensor {
    return this.#steps.gather(
      starts.flatMap((start) => this.#window(start)),
      [starts.length, this.#size],
    );
  }

  #window(start: number): number[] {
    return Array.from({ length: this.#size }, (_, i) => start + i * this.#rate);
  }
}

/**
 * Windows over a time series, in batches: the window that begins at step i takes the steps i, i + rate, i + 2 · rate, ….
 *
 * @param data consecutive steps, along the first axis
 * @param targets for each i the target of the window that begins at step i; null for windows alone
 * @param sequenceLength how many steps a window has
 * @param options `sequenceStride` (default 1), `samplingRate` (1), `batchSize` (128), `shuffle` (false), `seed`,
 *   `startIndex`, `endIndex`, `format` (changes nothing here)
 * @returns a dataset of windows, or of tuples of windows and targets
 * @throws ValueError for options that do not fit the data
 *
 * @example
 * ```ts
 * const series = np.arange(6);
 * const next = series.slice(3);
 * const [batch] = await timeseriesDatasetFromArray(series.slice(0, -1), next, 3).toArray();
 * batch!.map((t) => t.arraySync()); // → [[[0, 1, 2], [1, 2, 3], [2, 3, 4]], [3, 4, 5]]
 * ```
 */
export function timeseriesDatasetFromArray(
  data: TensorLike,
  targets: null | undefined,
  sequenceLength: number,
  options?: TimeseriesOptions,
): Dataset<Tensor>;
export function timeseriesDatasetFromArray(
  data: TensorLike,
  targets: TensorLike,
  sequenceLength: number,
  options?: TimeseriesOptions,
): Dataset<readonly [Tensor, Tensor]>;
export function timeseriesDatasetFromArray(
  data: TensorLike,
  targets: TensorLike | null | undefined,
  sequenceLength: number,
  options: TimeseriesOptions = {},
): Dataset<unknown> {
  checkOptions(where, options, [
    ...["sequenceStride", "samplingRate", "batchSize", "shuffle", "seed", "startIndex", "endIndex", "format"],
  ]);
  checkFormat(where, options.format);
  const { sequenceStride = 1, samplingRate = 1, batchSize = 128, shuffle = false, seed } = options;
  const steps = toTensor(data);
  if (steps.ndim === 0)
    throw new ShapeError(`${where}: expected data with an axis of steps. Received: ${show(data)}`);
  const length = steps.shape[0]!;
  const start = options.startIndex ?? 0;
  const end = options.endIndex ?? length;
  if (start !== 0) checkIndex("startIndex", start, 0, length);
  if (end !== length) checkIndex("endIndex", end, start + 1, length);
  checkIndex("samplingRate", samplingRate, 1, length);
  checkIndex("sequenceStride", sequenceStride, 1, length);
  if (!Number.isInteger(sequenceLength) || sequenceLength < 1) {
    throw new ValueError(
      `${where}: expected sequenceLength to be a whole number of at least 1. Received: ${show(sequenceLength)}`,
    );
  }
  const windows = new WindowColumn(new NumberColumn(steps.slice(start, end)), sequenceLength, samplingRate);
  const aims = targets === null || targets === undefined ? undefined : toTensor(targets);
  const count = Math.min(windows.length, aims?.shape[0] ?? windows.length);
  if (aims !== undefined && aims.shape[0]! - start < count) {
    throw new ValueError(
      `${where}: expected a target for each of the ${count} windows that begin at step ${start} or later. Received ${aims.shape[0]} targets`,
    );
  }
  const starts = Array.from({ length: Math.ceil(count / sequenceStride) }, (_, i) => i * sequenceStride);
  const table =
    aims === undefined
      ? { tree: windows, length: windows.length }
      : { tree: [windows, new NumberColumn(aims.slice(start, start + count))], length: count };
  const dataset = fromTable<unknown>(table, starts);
  const ordered =
    shuffle && starts.length > 0 ? dataset.shuffle(starts.length, { seed: seed ?? null }) : dataset;
  return batchSize === null ? ordered : ordered.batch(batchSize);
}
