/**
 * Models and weights to files and back. What does the work is loaded when a file is touched, so that programs that touch none
 * are no larger.
 */
import { checkOptions, FileError, isPlainObject, show, ValueError } from "../../engine/index.ts";
import { fileIn, isPlace, makePlace, splitPlace } from "../../files/place.ts";
import { describe, type ReadOptions, readSource, type Source } from "../../files/source.ts";
import { type Target, writeTarget } from "../../files/target.ts";
import { isZip, openZip } from "../../files/zip.ts";
import { writeZip } from "../../files/zip_write.ts";
import type { Model } from "../models/model.ts";
import type { FromFileOptions } from "./saving_lib.ts";
import type { CustomObjects } from "./serialization_lib.ts";

/** Options of `saveModel` and `model.save`. */
export interface SaveOptions {
  /** Whether a file that is there is replaced. Default true. */
  readonly overwrite?: boolean;
  /** Whether the model goes into one `.keras` archive; if not, into a folder. Default true. */
  readonly zipped?: boolean | null;
  /** Whether a legacy `.h5` file has the optimizer's state. Default true. */
  readonly includeOptimizer?: boolean;
}

/** Options of `loadModel`. */
export interface LoadOptions extends ReadOptions {
  /** Classes and functions of your own, by the names that the file uses. Default: those that are registered. */
  readonly customObjects?: CustomObjects | null;
  /** Whether the model is compiled as it was when it was saved, with the state of its optimizer. Default true. */
  readonly compile?: boolean;
  /** As in Keras, but code in a file is never run: `false` only tells more of it. Default true. */
  readonly safeMode?: boolean;
  /** How many bytes the archive may expand to. Default 8 GiB. */
  readonly maxBytes?: number;
}

/** Options of `saveWeights`. */
export interface SaveWeightsOptions {
  /** Whether files that are there are replaced. Default true. */
  readonly overwrite?: boolean;
  /** How many GB one file has at most: larger weights go into several, with a list `….weights.json`. Default: one file. */
  readonly maxShardSize?: number | null;
}

/** Options of `loadWeights`. */
export interface LoadWeightsOptions extends ReadOptions {
  /** Whether layers whose values are not in the file, or do not fit, are left as they are. Default false: an error. */
  readonly skipMismatch?: boolean;
  /** For legacy files: whether layers are found by name instead of by place. Default false. */
  readonly byName?: boolean;
}

const readOptions = ["onProgress", "signal"];
const loadOptions = [...readOptions, "customObjects", "compile", "safeMode", "maxBytes"];

/** The name of a source or a target, where it has one. */
function nameOf(x: unknown): string | undefined {
  if (typeof x === "string") return x;
  if (x instanceof URL) return x.pathname;
  const { name } = (x ?? {}) as { readonly name?: unknown };
  return typeof name === "string" ? name : undefined;
}

const isLegacyName = (name: string): boolean => /\.(h5|hdf5)$/.test(name);

/**
 * Saves a model: what it is made of, its weights, how it was compiled, the state of its optimizer. Keras opens the file.
 *
 * @param model the model
 * @param target a path that ends in `.keras`, or another target; `.h5` for the legacy format
 * @param options `overwrite` (default true), `zipped` (default true; false: into a folder), `includeOptimizer` (default true;
 *   for `.h5`)
 * @throws ValueError for another ending, FileError when the file cannot be written; what was there before stays
 *
 * @example
 * ```ts
 * const model = new keras.Sequential([keras.Input([2]), new keras.layers.Dense(3)]);
 * await saveModel(model, "/tmp/small.keras");
 * const again = await loadModel("/tmp/small.keras");
 * again.countParams(); // → 9
 * ```
 */
export async function saveModel(model: Model, target: Target, options: SaveOptions = {}): Promise<void> {
  checkOptions("save", options, ["overwrite", "zipped", "includeOptimizer"]);
  const { overwrite = true, includeOptimizer = true } = options;
  const zipped = options.zipped ?? true;
  const name = nameOf(target);
  if (name !== undefined && zipped && isLegacyName(name)) {
    const { legacyFile } = await import("./legacy_h5_write.ts");
    await writeTarget(target, legacyFile(model, includeOptimizer), "save", { overwrite });
    return;
  }
  if (zipped && name !== undefined && !name.endsWith(".keras")) {
    throw new ValueError(
      "Invalid filepath extension for saving. Please add either a `.keras` extension for the native Keras format " +
        `(recommended) or a \`.h5\` extension. Received: filepath=${name}`,
    );
  }
  if (!zipped && (name === undefined || name.endsWith(".keras"))) {
    throw new ValueError(
      `When using zipped: false, the target is a folder that does not end in \`.keras\`. Received: filepath=${describe(target)}`,
    );
  }
  const { modelFiles } = await import("./saving_lib.ts");
  const files = modelFiles(model);
  if (zipped) {
    await writeTarget(target, await writeZip(files), "save", { overwrite });
    return;
  }
  const folder = target as string | URL;
  if (!overwrite && (await isPlace(folder)))
    throw new FileError(`save: ${describe(folder)} exists already, and overwrite is false`);
  for (const { name: file, bytes } of files) {
    const path = fileIn(folder, file);
    await makePlace(path.slice(0, path.lastIndexOf("/")));
    await writeTarget(path, bytes as Uint8Array<ArrayBuffer>[], "save");
  }
}

/**
 * The model that a file holds, as Keras or `model.save` wrote it: with its weights, compiled as it was, with the state of its
 * optimizer.
 *
 * @param source a path, a URL, bytes, a `File`, …; a `.keras` archive, a folder with the same files, a legacy `.h5`,
 *   or the `model.json` of TensorFlow.js
 * @param options `customObjects`: classes and functions of your own by their names; `compile` (default true); `safeMode`
 *   (default true; code in a file is never run, whatever it says); `onProgress`, `signal`, `maxBytes` (default 8 GiB)
 * @throws ValueError when a class is unknown, or the values do not fit; FileError when the file is damaged or cannot be read
 *
 * @example
 * ```ts
 * const model = new keras.Sequential([keras.Input([1]), new keras.layers.Dense(1, { kernelInitializer: "ones" })]);
 * await model.save("/tmp/line.keras");
 * const again = await loadModel("/tmp/line.keras");
 * (await again.predict([[2], [3]], { verbose: 0 })).arraySync(); // → [[2], [3]]
 * ```
 */
export async function loadModel(source: Source, options: LoadOptions = {}): Promise<Model> {
  checkOptions("loadModel", options, loadOptions);
  const where = "loadModel";
  const { maxBytes } = options;
  const made = chosen(options);
  if ((typeof source === "string" || source instanceof URL) && (await isPlace(source))) {
    const [{ modelFromFiles }, { filesOfFolder }] = await Promise.all([
      import("./saving_lib.ts"),
      import("./model_files.ts"),
    ]);
    return modelFromFiles(await filesOfFolder(source, where, options), where, made);
  }
  const bytes = await readSource(source, where, options);
  if (isZip(bytes)) {
    const { modelFromFiles } = await import("./saving_lib.ts");
    return modelFromFiles(openZip(bytes, where, maxBytes === undefined ? {} : { maxBytes }), where, made);
  }
  const { isHdf5 } = await import("../../files/hdf5/index.ts");
  if (isHdf5(bytes)) {
    const { legacyModel } = await import("./legacy_h5_read.ts");
    return legacyModel(bytes, where, made);
  }
  // An opening bracket, after what may stand before it: a model.json.
  if (/^\uFEFF?\s*\{/.test(new TextDecoder().decode(bytes.subarray(0, 64))))
    return tfjs(new TextDecoder().decode(bytes), siblings(source, where, options), where, made);
  throw new FileError(
    `loadModel: ${describe(source)} is no model: expected a \`.keras\` archive, a legacy HDF5 file (\`.h5\`), or the model.json of TensorFlow.js. ` +
      `Received ${bytes.length} bytes of something else.`,
  );
}

/** A model of TensorFlow.js as several files: its `model.json` and the shards of its weights, by their names or with them. */
export type TfjsFiles = Readonly<Record<string, Source>> | readonly File[];

async function tfjs(
  text: string,
  shard: (name: string) => Promise<Uint8Array>,
  where: string,
  options: FromFileOptions,
): Promise<Model> {
  const { tfjsModel } = await import("./tfjs.ts");
  return tfjsModel(text, shard, where, options);
}

/** Reads files that lie beside another one. */
function siblings(
  source: Source,
  where: string,
  options: LoadOptions,
): (name: string) => Promise<Uint8Array> {
  const reading = options.signal === undefined ? {} : { signal: options.signal };
  return async (name) => {
    if (source instanceof URL || (typeof source === "string" && /^(https?|file):/.test(source))) {
      const url = new URL(name, source);
      // What an address asks for besides its path, such as a key, the shards ask for too.
      url.search = new URL(source).search;
      return readSource(url, where, reading);
    }
    if (typeof source === "string") return readSource(fileIn(splitPlace(source).place, name), where, reading);
    throw new ValueError(
      `${where}: the weights are in other files, such as ${JSON.stringify(name)}, and ${describe(source)} does not say where. ` +
        'Give all files: loadTfjsModel({ "model.json": …, "group1-shard1of1.bin": … }), or a list of `File`s.',
    );
  };
}

/**
 * The layers model that TensorFlow.js saved, or its converter made of a Keras model: with its weights, compiled as it was,
 * with a new optimizer. It is a model like any other: it can be trained and saved, also as `.keras`.
 *
 * @param source the path or URL of `model.json`, beside which the weights lie; or all files, as a list of `File`s or by their
 *   names
 * @param options `customObjects`: classes and functions of your own by their names; `compile` (default true); `safeMode`
 *   (default true); `onProgress`, `signal`
 * @throws ValueError when a class is unknown, or weights do not fit; FileError when a file is damaged or cannot be read
 *
 * @example
 * ```ts
 * const dense = { class_name: "Dense", config: { name: "d", units: 1, batch_input_shape: [null, 2], use_bias: false } };
 * const model = await loadTfjsModel({
 *   "model.json": new TextEncoder().encode(
 *     JSON.stringify({
 *       modelTopology: { class_name: "Sequential", config: { name: "s", layers: [dense] } },
 *       weightsManifest: [{ paths: ["w.bin"], weights: [{ name: "d/kernel", shape: [2, 1], dtype: "float32" }] }],
 *     }),
 *   ),
 *   "w.bin": new Float32Array([1, 2]),
 * });
 * (await model.predict([[3, 4]], { verbose: 0 })).arraySync(); // → [[11]]
 * ```
 */
export async function loadTfjsModel(source: Source | TfjsFiles, options: LoadOptions = {}): Promise<Model> {
  const where = "loadTfjsModel";
  checkOptions(where, options, loadOptions);
  const files = filesByName(source);
  if (files === undefined) {
    const bytes = await readSource(source as Source, where, options);
    return tfjs(
      new TextDecoder().decode(bytes),
      siblings(source as Source, where, options),
      where,
      chosen(options),
    );
  }
  const isJson = (name: string): boolean => name.endsWith(".json");
  const names = [...files.keys()];
  const main = names.find((name) => name === "model.json") ?? names.find(isJson);
  if (main === undefined)
    throw new ValueError(`${where}: there is no model.json among the files: ${names.join(", ")}`);
  const shard = async (name: string): Promise<Uint8Array> => {
    // A list of files has their own names alone.
    const found = files.get(name) ?? files.get(name.split("/").at(-1)!);
    if (found === undefined)
      throw new ValueError(
        `${where}: the file ${JSON.stringify(name)} of weights is missing. Received: ${names.join(", ")}`,
      );
    return readSource(found, where);
  };
  const bytes = await readSource(files.get(main)!, where, options);
  return tfjs(new TextDecoder().decode(bytes), shard, where, chosen(options));
}

/** How models are made again. */
function chosen({ customObjects, compile = true, safeMode }: LoadOptions): FromFileOptions {
  return {
    compile,
    ...(customObjects !== undefined && { customObjects }),
    ...(safeMode !== undefined && { safeMode }),
  };
}

function filesByName(source: Source | TfjsFiles): ReadonlyMap<string, Source> | undefined {
  if (Array.isArray(source)) return new Map(source.map((file: File) => [file.name, file]));
  return isPlainObject(source) ? new Map(Object.entries(source as Record<string, Source>)) : undefined;
}

/**
 * Saves the weights of a model, with the state of its optimizer if it is compiled.
 *
 * @param target a path that ends in `.weights.h5`, or another target; `.weights.json` with `maxShardSize`
 * @param options `overwrite` (default true), `maxShardSize` in GB (default: one file)
 * @throws ValueError when the model is not built, or for another ending; FileError when the file cannot be written
 *
 * @example
 * ```ts
 * const model = new keras.Sequential([keras.Input([2]), new keras.layers.Dense(3)]);
 * await saveWeights(model, "/tmp/small.weights.h5");
 * await loadWeights(model, "/tmp/small.weights.h5");
 * ```
 */
export async function saveWeights(
  model: Model,
  target: Target,
  options: SaveWeightsOptions = {},
): Promise<void> {
  checkOptions("saveWeights", options, ["overwrite", "maxShardSize"]);
  const { overwrite = true } = options;
  const maxShardSize = options.maxShardSize ?? null;
  const name = nameOf(target);
  if (maxShardSize !== null && !(typeof maxShardSize === "number" && maxShardSize > 0))
    throw new ValueError(`saveWeights: expected maxShardSize in GB. Received: ${show(maxShardSize)}`);
  if (maxShardSize === null && name !== undefined && !name.endsWith(".weights.h5"))
    throw new ValueError(`The filename must end in \`.weights.h5\`. Received: filepath=${name}`);
  if (maxShardSize !== null && !/\.weights\.(h5|json)$/.test(name ?? "")) {
    throw new ValueError(
      `The filename must end in \`.weights.json\` when maxShardSize is given. Received: filepath=${describe(target)}`,
    );
  }
  needBuilt(model, "saving");
  const { weightsOf } = await import("./saving_lib.ts");
  const tree = weightsOf(model);
  if (maxShardSize !== null) {
    const { writeShards } = await import("./sharded_weights.ts");
    const list = String(target).replace(/\.h5$/, ".json");
    await writeShards(
      target instanceof URL ? new URL(list) : list,
      tree,
      maxShardSize * 1024 ** 3,
      overwrite,
    );
    return;
  }
  const { writeHdf5 } = await import("../../files/hdf5/index.ts");
  await writeTarget(target, writeHdf5(tree, "saveWeights"), "saveWeights", { overwrite });
}

function needBuilt(model: Model, what: string): void {
  if (model.built) return;
  throw new ValueError(
    `You are ${what} weights ${what === "saving" ? "of" : "into"} a model that has not yet been built. ` +
      "Try building the model first by calling it on some data or by using `build()`.",
  );
}

/**
 * Loads weights into a model. If they do not fit, the model keeps those that it has.
 *
 * @param source `.weights.h5`, `.weights.json` with the files that it lists, `.keras`, or a legacy `.h5`; a path, a URL,
 *   bytes, a `File`, …
 * @param options `skipMismatch` (default false): whether what does not fit is left as it is; `byName` (default false), for
 *   legacy files; `onProgress`, `signal`
 * @throws ValueError when the model is not built, or values do not fit; FileError when the file is damaged
 *
 * @example
 * ```ts
 * const model = new keras.Sequential([new keras.layers.Dense(1, { inputShape: [2] })]);
 * await saving.saveWeights(model, "dense.weights.h5");
 * await saving.loadWeights(model, "dense.weights.h5");
 * ```
 */
export async function loadWeights(
  model: Model,
  source: Source,
  options: LoadWeightsOptions = {},
): Promise<void> {
  checkOptions("loadWeights", options, [...readOptions, "skipMismatch", "byName"]);
  const where = "loadWeights";
  const { skipMismatch = false, byName = false } = options;
  needBuilt(model, "loading");
  const isText = typeof source === "string" || source instanceof URL;
  if (isText && (nameOf(source) ?? "").endsWith(".json")) {
    const [{ readShards }, { loadInto }] = await Promise.all([
      import("./sharded_weights.ts"),
      import("./saving_lib.ts"),
    ]);
    loadInto(model, await readShards(source, where, options), { skipMismatch });
    return;
  }
  let bytes = await readSource(source, where, options);
  if (isZip(bytes)) {
    const { fileNames } = await import("./model_files.ts");
    bytes = await openZip(bytes, where).read(fileNames.weights);
  }
  const { isHdf5, readHdf5 } = await import("../../files/hdf5/index.ts");
  if (!isHdf5(bytes)) {
    throw new FileError(
      `loadWeights: ${describe(source)} has no weights: expected \`.weights.h5\`, \`.weights.json\`, \`.keras\` or a legacy ` +
        "`.h5` file.",
    );
  }
  const root = await readHdf5(bytes, where);
  if (root.attributes.has("layer_names") || root.members.has("model_weights")) {
    const { loadLegacyWeights } = await import("./legacy_h5_read.ts");
    loadLegacyWeights(model, root, where, { skipMismatch, byName });
    return;
  }
  if (byName)
    throw new ValueError(
      "loadWeights: byName is for legacy `.h5` files; this one has the format of Keras 3.",
    );
  const [{ loadInto }, { weightsReader }] = await Promise.all([
    import("./saving_lib.ts"),
    import("./weights_store.ts"),
  ]);
  loadInto(model, weightsReader(root), { skipMismatch });
}
