/** The files of the CIFAR datasets: dictionaries of Python with pixels and labels. */
import { FileError, type Tensor } from "../../engine/index.ts";
import { fileIn } from "../../files/place.ts";
import { readSource } from "../../files/source.ts";
import { imageDataFormat } from "../config/image_data_format.ts";
import { getFile } from "../utils/file_utils.ts";
import { bytesAs } from "./dataset_files.ts";
import { type PickledArray, readPickle } from "./pickle.ts";

/** Pixels of pictures, channel by channel, and their labels. */
interface Batch {
  readonly pixels: Uint8Array;
  readonly labels: readonly number[];
}

/** Fetches an archive and unpacks it; gives the folder in it. */
export async function fetchCifar(
  name: string,
  fname: string,
  inner: string,
  fileHash: string,
): Promise<string> {
  const origin = `https://www.cs.toronto.edu/~kriz/${name}`;
  return fileIn(await getFile({ fname, origin, extract: true, fileHash }), inner);
}

/** Reads a file of a batch. */
export async function readBatch(path: string, labels: string, where: string): Promise<Batch> {
  const read = readPickle(await readSource(path, where), where);
  const data = (read instanceof Map ? read.get("data") : undefined) as PickledArray | undefined;
  const numbers: unknown = read instanceof Map ? read.get(labels) : undefined;
  if (
    data?.data instanceof Uint8Array &&
    Array.isArray(numbers) &&
    data.data.length === numbers.length * 3072
  )
    return { pixels: data.data, labels: numbers as number[] };
  throw new FileError(`${where}: ${path} holds no pictures with ${labels}`);
}

/** Batches as one: `(samples, 32, 32, 3)`, or `(samples, 3, 32, 32)` where channels come first; labels of shape `(samples, 1)`. */
export function joinBatches(batches: readonly Batch[]): [Tensor, Tensor] {
  const count = batches.reduce((sum, { labels }) => sum + labels.length, 0);
  const pixels = new Uint8Array(count * 3072);
  let at = 0;
  for (const batch of batches) {
    if (imageDataFormat() === "channels_first") pixels.set(batch.pixels, at);
    else {
      for (let i = 0; i < batch.labels.length; i++) {
        for (let c = 0; c < 3; c++)
          for (let p = 0; p < 1024; p++)
            pixels[at + i * 3072 + p * 3 + c] = batch.pixels[i * 3072 + c * 1024 + p]!;
      }
    }
    at += batch.pixels.length;
  }
  const shape = imageDataFormat() === "channels_first" ? [count, 3, 32, 32] : [count, 32, 32, 3];
  const labels = Uint8Array.from(batches.flatMap((batch) => batch.labels));
  return [bytesAs(pixels, shape), bytesAs(labels, [count, 1])];
}
