/** `keras.datasets.cifar100`: 60,000 small pictures of 100 kinds of things. */
import { checkOptions, show, ValueError } from "../../engine/index.ts";
import type { TrainAndTest } from "./dataset_files.ts";

/**
 * Small pictures of 100 kinds of things in 20 groups: 50,000 to train with and 10,000 to test with, 32 by 32 pixels from 0 to 255
 * (Krizhevsky, https://www.cs.toronto.edu/~kriz/cifar.html). The file has 161 MB.
 *
 * @param options `labelMode`: `"fine"` (default), the kinds, or `"coarse"`, the groups
 * @returns `[[xTrain, yTrain], [xTest, yTest]]`: `uint8` of shape `(samples, 32, 32, 3)`, and `uint8` labels of shape
 *   `(samples, 1)`
 * @throws FileError when the file is not in the cache and cannot be fetched, ValueError for another label mode
 *
 * @example
 * ```ts
 * const groups = async () => {
 *   const [[, y]] = await cifar100.loadData({ labelMode: "coarse" });
 *   return np.max(y).item(); // 19
 * };
 * ```
 */
export async function loadData(
  options: { readonly labelMode?: "fine" | "coarse" } = {},
): Promise<TrainAndTest> {
  const where = "cifar100.loadData";
  checkOptions(where, options, ["labelMode"]);
  const { labelMode = "fine" } = options;
  if (labelMode !== "fine" && labelMode !== "coarse")
    throw new ValueError(
      `${where}: expected labelMode to be "fine" or "coarse". Received: labelMode=${show(labelMode)}`,
    );
  const { fetchCifar, joinBatches, readBatch } = await import("./cifar.ts");
  const hash = "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7";
  const folder = await fetchCifar(
    ...(["cifar-100-python.tar.gz", "cifar-100-python-target", "cifar-100-python", hash] as const),
  );
  const part = async (name: string): Promise<TrainAndTest[0]> =>
    joinBatches([await readBatch(`${folder}/${name}`, `${labelMode}_labels`, where)]);
  return [await part("train"), await part("test")];
}
