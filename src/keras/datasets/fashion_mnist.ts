/** `keras.datasets.fashion_mnist`: 70,000 pictures of clothes. */
import { FileError, type Tensor } from "../../engine/index.ts";
import { readSource } from "../../files/source.ts";
import { gunzip } from "../../files/unpack_stream.ts";
import { bytesAs, fetchFile, type TrainAndTest } from "./dataset_files.ts";

const where = "fashionMnist.loadData";

async function read(name: string): Promise<Uint8Array> {
  const path = await fetchFile(name, name, null, "datasets/fashion-mnist");
  return gunzip(await readSource(path, where), where);
}

async function part(name: string): Promise<[Tensor, Tensor]> {
  const labels = (await read(`${name}-labels-idx1-ubyte.gz`)).subarray(8);
  const pixels = (await read(`${name}-images-idx3-ubyte.gz`)).subarray(16);
  if (pixels.length !== labels.length * 28 * 28)
    throw new FileError(
      `${where}: expected ${labels.length} pictures in the file. Received ${pixels.length} bytes`,
    );
  return [bytesAs(pixels, [labels.length, 28, 28]), bytesAs(labels, [labels.length])];
}

/**
 * Clothes of 10 kinds, from T-shirts (0) to ankle boots (9): 60,000 to train with and 10,000 to test with, grey pictures of 28 by
 * 28 pixels from 0 to 255 (Xiao, Rasul, Vollgraf: Fashion-MNIST, https://arxiv.org/abs/1708.07747).
 *
 * @returns `[[xTrain, yTrain], [xTest, yTest]]`: `uint8` of shape `(samples, 28, 28)`, and `uint8` labels
 * @throws FileError when the files are not in the cache and cannot be fetched
 *
 * @example
 * ```ts
 * const shapes = async () => {
 *   const [[x, y]] = await fashionMnist.loadData();
 *   return [x.shape, y.shape]; // [60000, 28, 28] and [60000]
 * };
 * ```
 */
export async function loadData(): Promise<TrainAndTest> {
  return [await part("train"), await part("t10k")];
}
