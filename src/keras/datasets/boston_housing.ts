/** `keras.datasets.boston_housing`: prices of houses in the suburbs of Boston. */
import { checkOptions } from "../../engine/index.ts";
import {
  checkTestSplit,
  fetchFile,
  numbersIn,
  readNpz,
  splitTable,
  type TrainAndTest,
} from "./dataset_files.ts";

/** Options of {@link loadData}. */
export interface BostonHousingOptions {
  /** The name of the file in the cache. Default `"boston_housing.npz"`. */
  readonly path?: string;
  /** The part that is kept for testing. Default 0.2. */
  readonly testSplit?: number;
  /** Makes the order, which is NumPy's. Default 113. */
  readonly seed?: number;
}

/**
 * 13 attributes of 506 areas in the suburbs of Boston, and the median prices of houses there in thousands of dollars. One
 * attribute makes assumptions about race, so that the data are of use only for studying such problems
 * (http://lib.stat.cmu.edu/datasets/boston).
 *
 * @param options `path`, `testSplit` (default 0.2), `seed` (default 113)
 * @returns `[[xTrain, yTrain], [xTest, yTest]]`: `float64` of shape `(samples, 13)` and `(samples,)`
 * @throws FileError when the file is not in the cache and cannot be fetched, ValueError for a part that cannot be
 *
 * @example
 * ```ts
 * const shapes = async () => {
 *   const [[x], [xTest]] = await bostonHousing.loadData({ testSplit: 0.1 });
 *   return [x.shape, xTest.shape]; // [455, 13] and [51, 13]
 * };
 * ```
 */
export async function loadData(options: BostonHousingOptions = {}): Promise<TrainAndTest> {
  const where = "bostonHousing.loadData";
  checkOptions(where, options, ["path", "testSplit", "seed"]);
  const { path = "boston_housing.npz", testSplit = 0.2, seed = 113 } = options;
  checkTestSplit(testSplit, where);
  const hash = "f553886a1f8d56431e820c5b82552d9d95cfcb96d1e678153f8839538947dff5";
  const arrays = await readNpz(await fetchFile("boston_housing.npz", path, hash), where);
  return splitTable(numbersIn(arrays, "x", where), numbersIn(arrays, "y", where), testSplit, seed);
}
