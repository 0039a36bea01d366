/** `keras.datasets.cifar10`: 60,000 small pictures of 10 kinds of things. */
import type { TrainAndTest } from "./dataset_files.ts";

/**
 * Small pictures of 10 kinds of things, from airplanes (0) to trucks (9): 50,000 to train with and 10,000 to test with, 32 by 32
 * pixels from 0 to 255 (Krizhevsky, https://www.cs.toronto.edu/~kriz/cifar.html). The file has 163 MB.
 *
 * @returns `[[xTrain, yTrain], [xTest, yTest]]`: `uint8` of shape `(samples, 32, 32, 3)`, and `uint8` labels of shape
 *   `(samples, 1)`
 * @throws FileError when the file is not in the cache and cannot be fetched
 *
 * @example
 * ```ts
 * const shapes = async () => {
 *   const [[x, y]] = await cifar10.loadData();
 *   return [x.shape, y.shape]; // [50000, 32, 32, 3] and [50000, 1]
 * };
 * ```
 */
export async function loadData(): Promise<TrainAndTest> {
  const where = "cifar10.loadData";
  const { fetchCifar, joinBatches, readBatch } = await import("./cifar.ts");
  const hash = "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce";
  const folder = await fetchCifar(
    ...(["cifar-10-python.tar.gz", "cifar-10-batches-py-target", "cifar-10-batches-py", hash] as const),
  );
  const read = (name: string): ReturnType<typeof readBatch> =>
    readBatch(`${folder}/${name}`, "labels", where);
  const train = [];
  for (let i = 1; i <= 5; i++) train.push(await read(`data_batch_${i}`));
  return [joinBatches(train), joinBatches([await read("test_batch")])];
}
