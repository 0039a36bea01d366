/** Datasets of sound. */
import { adopt, show, type Tensor, ValueError } from "../../engine/index.ts";
import type { Place } from "../../files/folder.ts";
import { readSource, type Source } from "../../files/source.ts";
import { readWav, type Sound } from "../../files/wav.ts";
import { Dataset } from "../data/dataset.ts";
import { collate, materialize } from "../data/elements.ts";
import { type Flow, Pending } from "../data/flow.ts";
import {
  checkDirectoryOptions,
  type DirectoryOptions,
  datasetFromDirectory,
  type OneOrBoth,
  refuseRagged,
} from "./directory_dataset.ts";
import type { Batches } from "./directory_types.ts";
import { roundHalfToEven } from "./numerical_utils.ts";
import { resampleSound } from "./resample_sound.ts";

/** Options of {@link audioDatasetFromDirectory}. */
export interface AudioDirectoryOptions extends DirectoryOptions {
  /** Frames in a second that all sounds get. Default: those of each file. */
  readonly samplingRate?: number | null;
  /** Frames that all sounds get: they are cut off, or filled up with zeros. Default: the longest of a batch. */
  readonly outputSequenceLength?: number | null;
  /** Only false: there are no ragged tensors. */
  readonly ragged?: boolean;
}

const where = "audioDatasetFromDirectory";

/**
 * A dataset of the `.wav` files below a folder: batches of shape `(batch, frames, channels)`, float32 from -1 to 1, or tuples of
 * these and labels. Shorter sounds of a batch are filled up with zeros. Files are read when they are needed.
 *
 * @param directory with a folder for each class: a path, `opfs://…` or `indexeddb://…`, or the handle of a folder
 * @param options `labels` (default `"inferred"`), `labelMode` (`"int"`), `classNames`, `batchSize` (32), `samplingRate` (that of
 *   each file), `outputSequenceLength`, `shuffle` (true), `seed`, `validationSplit`, `subset`, `followLinks` (false),
 *   `verbose` (true), `ragged` (only false), `format` (changes nothing here)
 * @returns a dataset with `classNames` and `filePaths`; with `subset: "both"` two of them
 * @throws ValueError for options that cannot be or do not fit the files, FileError when there is no such folder, and while it is
 *   gone through for damaged files
 *
 * @example
 * ```ts
 * await audioDatasetFromDirectory("sounds", { samplingRate: 0.5 });
 * // → throws ValueError: audioDatasetFromDirectory: expected samplingRate to be a positive whole number. Received: samplingRate=0.5
 * ```
 */
export async function audioDatasetFromDirectory<const O extends AudioDirectoryOptions = Record<never, never>>(
  directory: Place,
  options?: O,
): Promise<OneOrBoth<Batches<Tensor, Tensor, O>, O>> {
  const given: AudioDirectoryOptions = options ?? {};
  checkDirectoryOptions(where, given, ["samplingRate", "outputSequenceLength", "ragged"]);
  refuseRagged(where, given.ragged);
  const { samplingRate = null, outputSequenceLength = null } = given;
  for (const [name, value] of Object.entries({ samplingRate, outputSequenceLength })) {
    if (value === null || (Number.isInteger(value) && value > 0)) continue;
    throw new ValueError(
      `${where}: expected ${name} to be a positive whole number. Received: ${name}=${show(value)}`,
    );
  }
  const load = async (source: Source): Promise<Tensor> => {
    let sound = readWav(await readSource(source, where), where);
    if (samplingRate !== null) sound = atRate(sound, samplingRate);
    const { channels, frames } = sound;
    const length = outputSequenceLength ?? frames.length / channels;
    return adopt(ofLength(frames, length * channels), [length, channels], "float32");
  };
  const dataset = await datasetFromDirectory(directory, given, {
    where,
    what: "audio files",
    formats: [".wav"],
    load,
    batch: (samples, size) =>
      new Dataset({
        open: () => paddedBatches(samples.open(), size),
        cardinality: samples.cardinality === undefined ? undefined : Math.ceil(samples.cardinality / size),
        batchSize: size,
      }),
  });
  return dataset as OneOrBoth<Batches<Tensor, Tensor, O>, O>;
}

function atRate(sound: Sound, rate: number): Sound {
  const { channels, frames } = sound;
  const count = frames.length / channels;
  if (sound.rate === rate || count === 0) return sound;
  const wanted = Math.max(1, roundHalfToEven((count * rate) / sound.rate));
  const out = new Float32Array(wanted * channels);
  for (let c = 0; c < channels; c++) {
    const channel = Float32Array.from({ length: count }, (_, i) => frames[i * channels + c]!);
    resampleSound(channel, wanted).forEach((value, i) => {
      out[i * channels + c] = value;
    });
  }
  return { rate, channels, frames: out };
}

/** Numbers cut off, or filled up with zeros. */
function ofLength(values: Float32Array, length: number): Float32Array {
  if (values.length >= length) return values.slice(0, length);
  const out = new Float32Array(length);
  out.set(values);
  return out;
}

/** Batches of sounds that are as long as the longest of them. */
function* paddedBatches(source: Flow, size: number): Flow {
  let group: unknown[] = [];
  for (const element of source) {
    if (element instanceof Pending) {
      yield element;
      continue;
    }
    group.push(materialize(element));
    if (group.length < size) continue;
    yield collate(padded(group));
    group = [];
  }
  if (group.length > 0) yield collate(padded(group));
}

function padded(elements: readonly unknown[]): unknown[] {
  const soundOf = (element: unknown): Tensor => (Array.isArray(element) ? element[0] : element) as Tensor;
  const length = Math.max(...elements.map((element) => soundOf(element).shape[0]!));
  return elements.map((element) => {
    const sound = soundOf(element);
    const channels = sound.shape[1]!;
    const values = ofLength(sound.dataSync() as Float32Array, length * channels);
    const longer = adopt(values, [length, channels], "float32");
    return Array.isArray(element) ? [longer, element[1]] : longer;
  });
}
