/** Opens files of every format that the library reads, told by what is in them. */
import { FileError, isPlainObject, type Tensor } from "../engine/index.ts";
import type { H5Group } from "../files/hdf5/index.ts";
import { isPlace } from "../files/place.ts";
import { readSource } from "../files/source.ts";
import { isZip, openZip } from "../files/zip.ts";
import type { Model } from "../keras/models/index.ts";

/** What a file holds. */
export interface Opened {
  /** The format, for people. */
  readonly format: string;
  readonly model?: Model;
  /** Arrays by name: the weights of a model, or what else is in the file. */
  readonly arrays: ReadonlyMap<string, Tensor>;
  /** Texts by name that came along. */
  readonly notes?: Readonly<Record<string, string>>;
}

const starts = (bytes: Uint8Array, text: string, at = 0): boolean =>
  [...text].every((letter, i) => bytes[at + i] === letter.charCodeAt(0));

/** The weights of a model by their paths. */
function weightsOf(model: Model): Map<string, Tensor> {
  const arrays = new Map<string, Tensor>();
  for (const { path, value } of model.weights) {
    let name = path;
    for (let n = 1; arrays.has(name); n++) name = `${path}_${n}`;
    arrays.set(name, value);
  }
  return arrays;
}

/**
 * Opens a file.
 *
 * @throws FileError when the format is not known
 */
export async function openFile(path: string): Promise<Opened> {
  const { loadModel } = await import("../keras/saving/index.ts");
  const ofModel = (format: string, model: Model): Opened => ({ format, model, arrays: weightsOf(model) });
  if (await isPlace(path)) return ofModel("a Keras 3 model in a folder", await loadModel(path));
  const bytes = await readSource(path, "open");
  if (isZip(bytes)) {
    const { names } = openZip(bytes, "open");
    if (names.includes("config.json")) return ofModel("a Keras 3 model (.keras)", await loadModel(path));
    if (names.some((name) => name.endsWith(".npy"))) {
      const { loadz } = await import("../numpy/io/save.ts");
      return { format: "NumPy arrays (.npz)", arrays: new Map(Object.entries(await loadz(bytes))) };
    }
    throw new FileError(`${path} is a zip archive, but neither a .keras model nor NumPy's .npz`);
  }
  if (starts(bytes, "\x93NUMPY")) {
    const { load } = await import("../numpy/io/save.ts");
    return { format: "a NumPy array (.npy)", arrays: new Map([["array", await load(bytes)]]) };
  }
  const { isHdf5, readHdf5 } = await import("../files/hdf5/index.ts");
  if (isHdf5(bytes)) {
    const file = await readHdf5(bytes, "open");
    if (file.attributes.has("model_config"))
      return ofModel("a model in Keras's legacy format (.h5)", await loadModel(path));
    return { format: "weights in HDF5 (.h5)", arrays: await arraysIn(file) };
  }
  if (/^\uFEFF?\s*[{[]/.test(new TextDecoder().decode(bytes.subarray(0, 64)))) return openJson(path, bytes);
  if (starts(bytes, "{", 8)) {
    const { loadSafetensors } = await import("../keras/saving/index.ts");
    const { tensors, metadata } = await loadSafetensors(bytes);
    return { format: "safetensors", arrays: new Map(Object.entries(tensors)), notes: metadata };
  }
  throw new FileError(
    `${path} has no format that is read: .keras, .h5, .weights.h5, model.json of TensorFlow.js, JSON of a model, ` +
      ".safetensors, .npy, .npz",
  );
}

async function openJson(path: string, bytes: Uint8Array): Promise<Opened> {
  const text = new TextDecoder().decode(bytes);
  const { parseJson } = await import("../keras/saving/python_json.ts");
  const json = parseJson(text, path);
  if (isPlainObject(json) && "modelTopology" in json) {
    const { loadTfjsModel } = await import("../keras/saving/index.ts");
    const model = await loadTfjsModel(path);
    return { format: "a layers model of TensorFlow.js", model, arrays: weightsOf(model) };
  }
  const { modelFromJson } = await import("../keras/models/index.ts");
  const model = modelFromJson(text);
  return { format: "the JSON of a model, without weights", model, arrays: new Map() };
}

/** The datasets of numbers in a file of HDF5, by their paths. */
async function arraysIn(file: H5Group): Promise<Map<string, Tensor>> {
  const { tensorOf } = await import("../keras/saving/weights_store.ts");
  const arrays = new Map<string, Tensor>();
  const walk = (group: H5Group, under: string): void => {
    for (const [name, member] of group.members) {
      if (member.kind === "group") walk(member, `${under}${name}/`);
      else if (member.kind === "dataset" && !["string", "opaque", "other"].includes(member.type))
        arrays.set(`${under}${name}`, tensorOf(member));
    }
  };
  walk(file, "");
  return arrays;
}
