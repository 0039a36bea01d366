/** Datasets of the files below a folder: which files, which labels, which part. */
import { adopt, checkOptions, show, type Tensor, UnsupportedError, ValueError } from "../../engine/index.ts";
import { filesBelow, folderIn, foldersIn, nameOfPlace, type Place } from "../../files/folder.ts";
import type { Source } from "../../files/source.ts";
import { Dataset } from "../data/dataset.ts";
import { fromIterable } from "../data/sources.ts";
import { makeDefaultSeed } from "../random/default_seed.ts";
import { shuffleLikeNumpy } from "../random/mersenne_twister.ts";
import { printMsg } from "./io_utils.ts";
import { checkFormat } from "./timeseries_dataset_utils.ts";

/** How labels are written. */
export type LabelMode = "int" | "categorical" | "binary" | null;

/** Which part of the files. */
export type Subset = "training" | "validation" | "both" | null;

/** Options that all datasets of folders have. */
export interface DirectoryOptions {
  /**
   * `"inferred"` (default): the number of the folder in which a file lies; null: none; or a number for each file, in the order
   * of their paths.
   */
  readonly labels?: "inferred" | readonly number[] | null;
  /** `"int"` (default): int32 numbers; `"categorical"`: one-hot vectors; `"binary"`: 0 or 1 of float32; null: no labels. */
  readonly labelMode?: LabelMode;
  /** The folders that are classes, in the order of their numbers. Default: all, sorted. */
  readonly classNames?: readonly string[] | null;
  /** Samples per batch; null for single samples. Default 32. */
  readonly batchSize?: number | null;
  /** Whether the order is random, and another one in each pass; else it is that of the paths. Default true. */
  readonly shuffle?: boolean;
  /** A whole number that makes the order repeatable. */
  readonly seed?: number | null;
  /** The part of the files that is kept for validation, between 0 and 1. */
  readonly validationSplit?: number | null;
  /** With `validationSplit`: `"training"`, `"validation"`, or `"both"`, which gives two datasets. */
  readonly subset?: Subset;
  /** Whether folders that links point at are gone through. Default false. */
  readonly followLinks?: boolean;
  /** Which library's datasets Keras makes, `"tf"` or `"grain"`. Here there is one kind, and it changes nothing. */
  readonly format?: "tf" | "grain";
  /** Whether numbers of files and classes are printed. Default true. */
  readonly verbose?: boolean;
}

/** The names of {@link DirectoryOptions}. */
export const directoryOptions: readonly string[] = [
  ...["labels", "labelMode", "classNames", "batchSize", "shuffle", "seed", "validationSplit", "subset"],
  ...["followLinks", "format", "verbose"],
];

/** One dataset, or with `subset: "both"` those for training and for validation. */
export type OneOrBoth<T, O> = O extends { readonly subset: "both" }
  ? [training: DirectoryDataset<T>, validation: DirectoryDataset<T>]
  : DirectoryDataset<T>;

/**
 * A dataset of the files below a folder.
 *
 * @example
 * ```ts
 * import { mkdirSync, writeFileSync } from "node:fs";
 *
 * for (const mood of ["happy", "sad"]) mkdirSync(`moods/${mood}`, { recursive: true });
 * writeFileSync("moods/happy/a.txt", "Hurray!");
 * writeFileSync("moods/sad/b.txt", "Oh no.");
 * const moods = await keras.utils.textDatasetFromDirectory("moods", { verbose: false });
 * moods instanceof keras.data.Dataset; // → true
 * moods.classNames; // → ["happy", "sad"]
 * ```
 */
export class DirectoryDataset<T> extends Dataset<T> {
  /** The names of the classes, in the order of their numbers; null without labels. */
  readonly classNames: readonly string[] | null;
  /** The paths of the files, before each pass shuffles them. */
  readonly filePaths: readonly string[];

  /** For the functions that make datasets of folders. */
  constructor(dataset: Dataset<T>, classNames: readonly string[] | null, filePaths: readonly string[]) {
    super({ open: () => dataset.open(), cardinality: dataset.cardinality, batchSize: dataset.batchSize });
    this.classNames = classNames;
    this.filePaths = filePaths;
  }
}

/** A file and its label. */
interface Sample {
  readonly path: string;
  readonly source: Source;
  readonly label: number;
}

/** What one kind of dataset makes of files. */
export interface Loader<X> {
  readonly where: string;
  /** What its files are called in messages, such as `"images"`. */
  readonly what: string;
  /** The endings that count. */
  readonly formats: readonly string[];
  readonly load: (source: Source) => Promise<X>;
  /** Makes batches. Default: `dataset.batch(batchSize)`. */
  readonly batch?: (dataset: Dataset<unknown>, batchSize: number) => Dataset<unknown>;
}

/** Files that are read at the same time. */
const parallel = 8;

/**
 * Datasets of the files below a folder.
 *
 * @throws ValueError for options that cannot be or do not fit the files, FileError when there is no such folder
 */
export async function datasetFromDirectory<X>(
  directory: Place,
  options: DirectoryOptions,
  loader: Loader<X>,
): Promise<unknown> {
  const { where } = loader;
  checkLabels(options, where);
  checkFormat(where, options.format);
  checkSplit(options, where);
  const { shuffle = true, batchSize = 32, subset = null, validationSplit, verbose = true } = options;
  if (batchSize !== null && !(Number.isInteger(batchSize) && batchSize > 0)) {
    throw new ValueError(
      `${where}: expected batchSize to be a positive whole number or null. Received: batchSize=${show(batchSize)}`,
    );
  }
  const seed = options.seed ?? makeDefaultSeed() % 1e6;
  const hasLabels = options.labels !== null && options.labelMode !== null;
  const { samples, classNames } = await indexDirectory(
    directory,
    hasLabels ? options : { ...options, labels: null },
    loader,
    verbose,
  );
  const labelMode = hasLabels ? (options.labelMode ?? "int") : null;
  if (labelMode === "binary" && classNames?.length !== 2) {
    throw new ValueError(
      `${where}: with labelMode "binary" there must be two classes. Received: classNames=${show(classNames)}`,
    );
  }
  if (shuffle) shuffleLikeNumpy(samples, seed);
  const make = (part: readonly Sample[], isShuffled: boolean, kind: string): DirectoryDataset<unknown> => {
    if (part.length === 0) {
      throw new ValueError(
        `${where}: no ${kind}${loader.what} found in ${nameOfPlace(directory)}. Expected files with ${loader.formats.join(", ")}`,
      );
    }
    const order: Dataset<number> = fromIterable(part.map((_, i) => i));
    const buffer = batchSize === null ? 1024 : batchSize * 8;
    const loaded = (isShuffled ? order.shuffle(buffer, { seed }) : order).map(
      async (i): Promise<unknown> => {
        const { source, label } = part[i]!;
        const x = await loader.load(source);
        return labelMode === null ? x : [x, labelOf(label, labelMode, classNames!.length)];
      },
      { parallel },
    );
    const batches: Dataset<unknown> =
      batchSize === null ? loaded : (loader.batch?.(loaded, batchSize) ?? loaded.batch(batchSize));
    return new DirectoryDataset(
      batches.prefetch(),
      classNames,
      part.map(({ path }) => path),
    );
  };
  if (!validationSplit || subset === null) return make(samples, shuffle, "");
  const held = Math.trunc(validationSplit * samples.length);
  const cut = samples.length - held;
  const parts = {
    training: () => {
      printMsg(`Using ${cut} files for training.`);
      return make(samples.slice(0, cut), shuffle, "training ");
    },
    validation: () => {
      printMsg(`Using ${held} files for validation.`);
      return make(samples.slice(cut), shuffle && subset !== "both", "validation ");
    },
  };
  return subset === "both" ? [parts.training(), parts.validation()] : parts[subset]();
}

function checkLabels(
  { labels = "inferred", labelMode = "int", classNames }: DirectoryOptions,
  where: string,
): void {
  const isList = Array.isArray(labels) && labels.every(Number.isInteger);
  if (labels !== "inferred" && labels !== null && !isList) {
    throw new ValueError(
      `${where}: expected labels to be "inferred", null, or a whole number for each file. Received: labels=${show(labels)}`,
    );
  }
  if (labelMode !== null && !["int", "categorical", "binary"].includes(labelMode)) {
    throw new ValueError(
      `${where}: expected labelMode to be "int", "categorical", "binary" or null. Received: labelMode=${show(labelMode)}`,
    );
  }
  if ((classNames ?? null) !== null && (labels !== "inferred" || labelMode === null)) {
    throw new ValueError(
      `${where}: classNames can only be given with labels "inferred". Received: labels=${show(labels)}, labelMode=${show(labelMode)}, classNames=${show(classNames)}`,
    );
  }
}

function checkSplit(options: DirectoryOptions, where: string): void {
  const { validationSplit = null, subset = null, shuffle = true, seed = null } = options;
  if (validationSplit !== null && !(validationSplit > 0 && validationSplit < 1)) {
    throw new ValueError(
      `${where}: expected validationSplit to be between 0 and 1. Received: validationSplit=${show(validationSplit)}`,
    );
  }
  if ((validationSplit === null) !== (subset === null)) {
    throw new ValueError(`${where}: validationSplit and subset must be given together, or none of them.`);
  }
  if (subset !== null && !["training", "validation", "both"].includes(subset)) {
    throw new ValueError(
      `${where}: expected subset to be "training", "validation" or "both". Received: subset=${show(subset)}`,
    );
  }
  if (validationSplit !== null && shuffle && seed === null) {
    throw new ValueError(
      `${where}: with validationSplit and shuffle a seed must be given, so that no file is in both parts.`,
    );
  }
}

async function indexDirectory(
  directory: Place,
  options: DirectoryOptions,
  { where, formats }: Loader<unknown>,
  verbose: boolean,
): Promise<{ samples: Sample[]; classNames: readonly string[] | null }> {
  const { labels = "inferred", followLinks = false } = options;
  const root = nameOfPlace(directory).replace(/[/\\]$/, "");
  const samples: Sample[] = [];
  const index = async (place: Place, under: string, label: number): Promise<void> => {
    for (const { path, source } of await filesBelow(place, followLinks, where)) {
      const name = path.toLowerCase();
      if (formats.some((ending) => name.endsWith(ending)))
        samples.push({ path: [root, under, path].filter((part) => part !== "").join("/"), source, label });
    }
  };
  let classNames: readonly string[] | null = null;
  if (labels === "inferred") {
    const folders = (await foldersIn(directory, where)).filter((name) => !name.startsWith("."));
    const unknown = (options.classNames ?? []).filter((name) => !folders.includes(name));
    if (unknown.length > 0) {
      throw new ValueError(
        `${where}: expected classNames to be names of folders in ${root}: ${show(folders)}. Received: ${show(unknown)}`,
      );
    }
    classNames = options.classNames ?? folders;
    for (const [label, name] of classNames.entries())
      await index(await folderIn(directory, name, where), name, label);
  } else {
    await index(directory, "", 0);
    if (labels !== null) {
      if (labels.length !== samples.length) {
        throw new ValueError(
          `${where}: expected a label for each of the ${samples.length} files in ${root}. Received: ${labels.length}`,
        );
      }
      classNames = [...new Set(labels)].sort((a, b) => a - b).map(String);
      labels.forEach((label, i) => {
        samples[i] = { ...samples[i]!, label };
      });
    }
  }
  if (verbose) {
    const classes = classNames === null ? "" : ` belonging to ${classNames.length} classes`;
    printMsg(`Found ${samples.length} files${classes}.`);
  }
  return { samples, classNames };
}

function labelOf(label: number, mode: Exclude<LabelMode, null>, classes: number): number | Tensor {
  if (mode === "int") return label;
  if (mode === "binary") return adopt(Float32Array.of(label), [1], "float32");
  const oneHot = new Float32Array(classes);
  if (label >= 0 && label < classes) oneHot[label] = 1;
  return adopt(oneHot, [classes], "float32");
}

/** Checks the names of options. */
export function checkDirectoryOptions(where: string, options: object, more: readonly string[]): void {
  checkOptions(where, options, [...directoryOptions, ...more]);
}

/** Refuses ragged tensors. */
export function refuseRagged(where: string, ragged: boolean | undefined): void {
  if (ragged !== true) return;
  throw new UnsupportedError(
    `${where}: there are no ragged tensors. Batches are filled up with zeros; batchSize null gives each sample its own length.`,
  );
}
