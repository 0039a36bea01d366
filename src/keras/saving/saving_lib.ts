/**
 * Models in the format of Keras 3: what they are made of as JSON, the values of their variables in HDF5, files of layers.
 * This module is loaded when such a file is touched.
 */
import { FileError, ValueError } from "../../engine/index.ts";
import { type H5Group, newGroup, readHdf5, writeHdf5 } from "../../files/hdf5/index.ts";
import type { ZipFile } from "../../files/zip_write.ts";
import type { Variable } from "../backend/variable.ts";
import type { Model } from "../models/model.ts";
import { modelFromConfig } from "../models/model_from_json.ts";
import { type Assets, fileNames, type ModelFiles, readAssets } from "./model_files.ts";
import type { Saveable } from "./own_state.ts";
import { parseJson, toJson } from "./python_json.ts";
import { withWeightBudget } from "./reading_limits.ts";
import {
  type CustomObjects,
  type Serializable,
  serializeSharing,
  withSharedObjects,
} from "./serialization_lib.ts";
import { loadState, saveState } from "./state.ts";
import { type WeightsReader, weightsReader, weightsWriter } from "./weights_store.ts";

/** The version of Keras whose format is written. */
const kerasVersion = "3.16.0";
/** Numbers in weights that a config may describe beyond those of the file: layers need not save all. */
const beyondFile = 2 ** 24;
/** The longest config that is read. */
const longestConfig = 2 ** 28;

/** What models are made again with. */
export interface FromFileOptions {
  readonly customObjects?: CustomObjects | null;
  readonly compile?: boolean;
  readonly safeMode?: boolean;
}

/** What is saved alone: a model, or a layer that is none's part. */
export type Whole = Saveable & Serializable & { readonly built: boolean };

/** The files of a model. */
export function modelFiles(model: Whole): ZipFile[] {
  if (!model.built) {
    console.warn(
      "You are saving a model that has not yet been built. It might not contain any weights yet. " +
        "Consider building the model first by calling it on some data.",
    );
  }
  const encoder = new TextEncoder();
  const metadata = { keras_version: kerasVersion, date_saved: dateSaved(new Date()) };
  const config = serializeSharing(model);
  const root = newGroup();
  const assets: Assets = new Map();
  saveState(model, weightsWriter(root), {
    make: (path) => ({
      set: (name, bytes) => {
        const folder = assets.get(path) ?? new Map<string, Uint8Array>();
        assets.set(path, folder.set(name, bytes));
      },
    }),
  });
  return [
    { name: fileNames.metadata, bytes: encoder.encode(toJson(metadata)) },
    { name: fileNames.config, bytes: encoder.encode(toJson(config)) },
    { name: fileNames.weights, bytes: writeHdf5(root, "save") },
    ...[...assets].flatMap(([path, files]) =>
      [...files].map(([name, bytes]) => ({ name: `${fileNames.assets}${path}/${name}`, bytes })),
    ),
  ];
}

/** Local time, as Keras writes it. */
function dateSaved(now: Date): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return `${day}@${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
}

/**
 * The model that files hold.
 *
 * @param where what reads, for messages
 */
export async function modelFromFiles(
  files: ModelFiles,
  where: string,
  options: FromFileOptions,
): Promise<Model> {
  return wholeFromFiles(files, where, (config, numbers) =>
    modelWithinBudget(config, numbers, where, options),
  );
}

/**
 * What files hold.
 *
 * @param make makes it of its config, knowing how many numbers there are values for
 */
export async function wholeFromFiles<T extends Saveable>(
  files: ModelFiles,
  where: string,
  make: (config: unknown, numbers: number) => T,
): Promise<T> {
  if (!files.has(fileNames.config))
    throw new ValueError(`${where}: expected a ${fileNames.config} file: this is no model of Keras 3.`);
  if (!files.has(fileNames.weights)) {
    throw new ValueError(`${where}: expected a ${fileNames.weights} file.`);
  }
  const text = await files.read(fileNames.config);
  if (text.length > longestConfig)
    throw new FileError(`${where}: the config takes ${text.length} bytes: refused.`);
  const config = parseJson(new TextDecoder().decode(text), where);
  const weights = await readHdf5(await files.read(fileNames.weights), where);
  const model = make(config, numbersIn(weights));
  const assets = await readAssets(files);
  const none: ReadonlyMap<string, Uint8Array> = new Map();
  loadState(model, {
    weights: weightsReader(weights),
    assets: (path) => assets.get(path) ?? none,
  });
  return model;
}

/** The model that a config describes, which must not have many more weights than there are values for. */
export function modelWithinBudget(
  config: unknown,
  numbers: number,
  where: string,
  { customObjects = null, compile = true, safeMode }: FromFileOptions,
): Model {
  const given = compile || typeof config !== "object" ? config : { ...config, compile_config: null };
  return withinBudget(numbers, () =>
    modelFromConfig(given, where, { customObjects, ...(safeMode !== undefined && { safeMode }) }),
  );
}

/** Runs a function that makes objects of a file's config, which must not want many more numbers than there are. */
export function withinBudget<R>(numbers: number, make: () => R): R {
  return withWeightBudget(numbers + beyondFile, "the file has values for", () => withSharedObjects(make));
}

/** How many numbers the datasets of a file have in all. */
export function numbersIn(group: H5Group): number {
  let count = 0;
  for (const member of group.members.values()) {
    if (member.kind === "group") count += numbersIn(member);
    else if (member.kind === "dataset") count += member.shape.reduce((n, m) => n * m, 1);
  }
  return count;
}

/**
 * Loads values into a model. If some cannot be loaded, unless these are to be skipped, all variables get back the values
 * that they had.
 */
export function loadInto(
  model: Saveable,
  weights: WeightsReader,
  options: { readonly skipMismatch: boolean },
): void {
  keepingValues((before) => loadState(model, { weights, before, ...options }));
}

/** Runs a function that loads values; if it throws, what it has told before it changed it gets its values back. */
export function keepingValues(load: (before: (holder: object) => void) => void): void {
  const kept = new Map<Variable, () => void>();
  try {
    load((holder) => {
      for (const v of (holder as Partial<Pick<Model, "variables">>).variables ?? [])
        if (!kept.has(v)) kept.set(v, v.keep());
    });
  } catch (error) {
    for (const bringBack of kept.values()) bringBack();
    throw error;
  }
}

/** A model's values as a tree of HDF5. */
export function weightsOf(model: Model): ReturnType<typeof newGroup> {
  const root = newGroup();
  saveState(model, weightsWriter(root));
  return root;
}
