/** Datasets in two parts. */
import { checkOptions, show, ValueError } from "../../engine/index.ts";
import { Dataset } from "../data/dataset.ts";
import { type ArrayTree, type RowOf, tableOf } from "../data/elements.ts";
import { type Flow, nextOf } from "../data/flow.ts";
import { fromTable } from "../data/sources.ts";
import { makeDefaultSeed } from "../random/default_seed.ts";
import { SplitMix32 } from "../random/split_mix.ts";
import { roundHalfToEven } from "./numerical_utils.ts";

/** Options of {@link splitDataset}. At least one of the sizes must be given. */
export interface SplitDatasetOptions {
  /** The fraction of the samples, below 1, or their number, from 1, that go to the left. Default: what the right leaves. */
  readonly leftSize?: number | null;
  /** The same for the right. Default: what the left leaves. */
  readonly rightSize?: number | null;
  /** Whether the samples are shuffled before. Default false. */
  readonly shuffle?: boolean;
  /** A whole number that makes the order repeatable. */
  readonly seed?: number | null;
  /** Which library's datasets Keras makes. Here there is one kind, and it changes nothing. */
  readonly preferredBackend?: string | null;
}

/** The numbers of samples on both sides. */
function sizesOf(left: number | null, right: number | null, total: number): readonly [number, number] {
  if (left === null && right === null)
    throw new ValueError("splitDataset: at least one of leftSize and rightSize must be given.");
  for (const [name, size] of Object.entries({ leftSize: left, rightSize: right })) {
    if (size === null || (Number.isInteger(size) ? size > 0 && size < total : size > 0 && size < 1)) continue;
    throw new ValueError(
      `splitDataset: expected ${name} to be a whole number from 1 to ${total - 1}, or a fraction between 0 and 1. Received: ${name}=${show(size)}`,
    );
  }
  const counted = (size: number | null): number | null =>
    size === null || Number.isInteger(size) ? size : roundHalfToEven(size * total);
  const [l, r] = [counted(left), counted(right)];
  const sizes = [l ?? total - r!, r ?? total - l!] as const;
  if (sizes[0] + sizes[1] > total || sizes.includes(0)) {
    throw new ValueError(
      `splitDataset: ${total} samples cannot be split into leftSize=${sizes[0]} and rightSize=${sizes[1]}: no part may be empty, and together they must not be more than there are.`,
    );
  }
  return sizes;
}

/**
 * Splits samples into two datasets, for training and testing.
 *
 * @param dataset one array, several in an array or object, or a dataset, which is read to its end; one of batches is split by samples and
 *   batched again
 * @param options `leftSize`, `rightSize`, `shuffle` (default false), `seed`, `preferredBackend` (changes nothing
 *   here)
 * @throws ValueError when a part would be empty or both together are larger than the whole
 *
 * @example
 * ```ts
 * const [train, test] = await splitDataset([np.ones([5, 2]), np.zeros([5])], { leftSize: 0.8 });
 * [train.cardinality, test.cardinality]; // → [4, 1]
 * ```
 */
export async function splitDataset<T>(
  dataset: Dataset<T>,
  options: SplitDatasetOptions,
): Promise<[left: Dataset<T>, right: Dataset<T>]>;
export async function splitDataset<const A extends ArrayTree>(
  dataset: A,
  options: SplitDatasetOptions,
): Promise<[left: Dataset<RowOf<A>>, right: Dataset<RowOf<A>>]>;
export async function splitDataset(
  dataset: ArrayTree | Dataset<unknown>,
  options: SplitDatasetOptions,
): Promise<[Dataset<unknown>, Dataset<unknown>]> {
  checkOptions("splitDataset", options, ["leftSize", "rightSize", "shuffle", "seed", "preferredBackend"]);
  const { leftSize = null, rightSize = null, shuffle = false, seed } = options;
  const given: Dataset<unknown> =
    dataset instanceof Dataset ? dataset : fromTable(tableOf(dataset, "splitDataset", false));
  const { batchSize } = given;
  const samples = await samplesOf(batchSize === undefined ? given : given.unbatch());
  const [left, right] = sizesOf(leftSize, rightSize, samples.length);
  if (shuffle) {
    const random = new SplitMix32(seed ?? makeDefaultSeed());
    for (let i = samples.length - 1; i > 0; i--) {
      const j = Math.floor((random.next() / 2 ** 32) * (i + 1));
      [samples[i], samples[j]] = [samples[j], samples[i]];
    }
  }
  const part = (elements: readonly unknown[]): Dataset<unknown> => {
    function* open(): Flow {
      yield* elements;
    }
    const rows = new Dataset<unknown>({ open, cardinality: elements.length });
    return batchSize === undefined ? rows : rows.batch(batchSize);
  };
  return [part(samples.slice(0, left)), part(samples.slice(-right))];
}

async function samplesOf(dataset: Dataset<unknown>): Promise<unknown[]> {
  if (dataset.cardinality === Number.POSITIVE_INFINITY)
    throw new ValueError("splitDataset: a dataset without end cannot be split. Use take() first.");
  const samples: unknown[] = [];
  const flow = dataset.open();
  for (let step = await nextOf(flow); step.done !== true; step = await nextOf(flow)) samples.push(step.value);
  return samples;
}
