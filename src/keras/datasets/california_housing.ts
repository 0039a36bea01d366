/** `keras.datasets.california_housing`: prices of houses in California. */
import { checkOptions, show, ValueError } from "../../engine/index.ts";
import {
  checkTestSplit,
  fetchFile,
  numbersIn,
  readNpz,
  splitTable,
  type TrainAndTest,
} from "./dataset_files.ts";

/** Options of {@link loadData}. */
export interface CaliforniaHousingOptions {
  /** `"large"` (default): all 20,640 districts; `"small"`: the first 600. */
  readonly version?: "large" | "small";
  /** The name of the file in the cache. Default `"california_housing.npz"`. */
  readonly path?: string;
  /** The part that is kept for testing. Default 0.2. */
  readonly testSplit?: number;
  /** Makes the order, which is NumPy's. Default 113. */
  readonly seed?: number;
}

/**
 * 8 attributes of districts of California (longitude, latitude, age, rooms, bedrooms, population, households, income), and the
 * median prices of houses there in dollars (Pace, Barry: Sparse spatial autoregressions, 1997).
 *
 * @param options `version` (default `"large"`), `path`, `testSplit` (default 0.2), `seed` (default 113)
 * @returns `[[xTrain, yTrain], [xTest, yTest]]`: shapes `(samples, 8)` and `(samples,)`
 * @throws FileError when the file is not in the cache and cannot be fetched, ValueError for options that cannot be
 *
 * @example
 * ```ts
 * const small = async () => {
 *   const [[x], [xTest]] = await californiaHousing.loadData({ version: "small" });
 *   return [x.shape, xTest.shape]; // [480, 8] and [120, 8]
 * };
 * ```
 */
export async function loadData(options: CaliforniaHousingOptions = {}): Promise<TrainAndTest> {
  const where = "californiaHousing.loadData";
  checkOptions(where, options, ["version", "path", "testSplit", "seed"]);
  const { version = "large", path = "california_housing.npz", testSplit = 0.2, seed = 113 } = options;
  checkTestSplit(testSplit, where);
  if (version !== "large" && version !== "small")
    throw new ValueError(
      `${where}: expected version to be "large" or "small". Received: version=${show(version)}`,
    );
  const hash = "1a2e3a52e0398de6463aebe6f4a8da34fb21fbb6b934cf88c3425e766f2a1a6f";
  const arrays = await readNpz(await fetchFile("california_housing.npz", path, hash), where);
  const [x, y] = ["x", "y"].map((name) => {
    const all = numbersIn(arrays, name, where);
    return version === "small" ? all.slice(0, 600) : all;
  }) as [TrainAndTest[0][0], TrainAndTest[0][1]];
  return splitTable(x, y, testSplit, seed);
}
