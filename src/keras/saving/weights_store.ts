/** The values of a model's layers and optimizer in HDF5, as Keras 3 lays them out: groups by path, `vars/0`, `vars/1`, …. */
import {
  adopt,
  FileError,
  isPlainObject,
  type Shape,
  Tensor,
  type TensorLike,
  tensor,
  toTensor,
} from "../../engine/index.ts";
import {
  type H5Dataset,
  type H5Group,
  type NewData,
  type NewDataset,
  type NewGroup,
  newGroup,
} from "../../files/hdf5/index.ts";
import { type NumberType, numberBytes, numberKinds, viewNumbers } from "../../files/numbers.ts";
import { Variable } from "../backend/variable.ts";
import type { ReadStore, WriteStore } from "./own_state.ts";
import { parseJson, toJson } from "./python_json.ts";

/** Gives what a file has for a path. */
export interface WeightsReader {
  /** The values at a path; none if there is no such path. */
  get(path: string): ReadStore;
  /** Whether the file has anything at a path. */
  has(path: string): boolean;
}

const dtypeNote = "dtype";

const nothing: ReadStore = {
  keys: [],
  shapeOf: (key) => missing(key),
  get: (key) => missing(key),
  load: (key) => missing(key),
};

function missing(key: string): never {
  throw new FileError(`The file has no value ${JSON.stringify(key)} here.`);
}

/** The member of a group at a path; links are refused, as Keras refuses them. */
export function memberAt(root: H5Group, path: string): H5Group | H5Dataset | undefined {
  let at: H5Group | H5Dataset = root;
  for (const part of path.split("/").filter((p) => p !== "")) {
    if (at.kind !== "group") return undefined;
    const next = at.members.get(part);
    if (next === undefined) return undefined;
    if (next.kind === "link") throw new FileError(`Not allowed: HDF5 file with ${next.type} (${path})`);
    at = next;
  }
  return at;
}

/** A value of a file as a tensor. */
export function tensorOf(dataset: H5Dataset): Tensor {
  // h5py does not know bfloat16, so Keras notes it beside the bytes.
  const noted = dataset.attributes.get(dtypeNote);
  const brain = noted?.type === "string" && noted.strings()[0] === "bfloat16";
  const kind = brain ? "bfloat16" : dataset.type;
  const dtype = Object.hasOwn(numberKinds, kind) ? { dtype: numberKinds[kind as NumberType].dtype } : {};
  return tensor(dataset.numbers(brain ? "bfloat16" : undefined), { ...dtype, shape: dataset.shape });
}

/** Puts values of a file into variables, which take copies of their own; what it needs for that it uses again and again. */
export class ValueLoader {
  #room = new Uint8Array(0);

  load(variable: Variable, dataset: H5Dataset): void {
    const { type, shape } = dataset;
    const kind = Object.hasOwn(numberKinds, type) ? numberKinds[type as NumberType] : undefined;
    if (kind?.dtype !== variable.dtype) variable.assign(tensorOf(dataset));
    else {
      const numbers = viewNumbers(this.#aligned(dataset.bytes(), kind.bytes), kind) ?? dataset.numbers();
      variable.assign(adopt(numbers, shape, variable.dtype));
    }
  }

  /** The same bytes where numbers of some width may lie. */
  #aligned(bytes: Uint8Array, width: number): Uint8Array {
    if (bytes.byteOffset % width === 0) return bytes;
    if (this.#room.length < bytes.length) this.#room = new Uint8Array(bytes.length);
    this.#room.set(bytes);
    return this.#room.subarray(0, bytes.length);
  }
}

/** The values in a group of datasets. */
export function storeOf(group: H5Group, loader: ValueLoader = new ValueLoader()): ReadStore {
  const at = (key: string): H5Dataset => {
    const found = memberAt(group, key);
    if (found?.kind !== "dataset") return missing(key);
    return found;
  };
  return {
    keys: [...group.members.keys()],
    shapeOf: (key): Shape => at(key).shape,
    get: (key) => tensorOf(at(key)),
    load: (key, variable) => {
      loader.load(variable, at(key));
    },
  };
}

/** What an HDF5 file has. */
export function weightsReader(root: H5Group): WeightsReader {
  const groupAt = (path: string): H5Group | undefined => {
    const found = memberAt(root, path);
    return found?.kind === "group" ? found : undefined;
  };
  const loader = new ValueLoader();
  return {
    get: (path) => {
      let group = groupAt(joinPath(path, "vars"));
      // Keras 2.13 had another name for the layers of a model.
      if (group === undefined && root.members.has("_layer_checkpoint_dependencies"))
        group = groupAt(joinPath(path.replace("layers", "_layer_checkpoint_dependencies"), "vars"));
      return group === undefined ? nothing : storeOf(group, loader);
    },
    has: (path) => memberAt(root, path) !== undefined,
  };
}

export function joinPath(path: string, name: string): string {
  return path === "" ? name : `${path}/${name}`;
}

/** Takes the values for paths. */
export interface WeightsWriter {
  make(path: string, name: string): WriteStore;
}

/** A dataset with a value. */
export function datasetOf(value: Variable | TensorLike): NewDataset {
  // Variables hand out a copy of their memory, tensors a second one.
  const t = value instanceof Variable ? value : toTensor(value);
  const numbers = t instanceof Variable ? t.memory.read() : t.dataSync();
  const attributes = new Map<string, NewData>();
  if (t.dtype === "bfloat16") attributes.set(dtypeNote, { shape: [], strings: ["bfloat16"] });
  const bytes = numberBytes(numbers, t.dtype);
  return { kind: "dataset", data: { shape: t.shape, type: t.dtype, bytes }, attributes };
}

/** The group at a path, which is made if it is not there. */
export function groupAt(root: NewGroup, path: string): NewGroup {
  let at = root;
  for (const part of path.split("/").filter((p) => p !== "")) {
    let next = at.members.get(part);
    if (next?.kind !== "group") at.members.set(part, (next = newGroup()));
    at = next;
  }
  return at;
}

/** Fills the tree of a file. */
export function weightsWriter(root: NewGroup): WeightsWriter {
  return {
    make: (path, name) => {
      const group = groupAt(root, joinPath(path, "vars"));
      group.attributes.set("name", { shape: [], strings: [name] });
      return { set: (key, value) => group.members.set(key, datasetOf(value)) };
    },
  };
}

const treeText = "json";

/** Writes a value made of lists, objects, texts, numbers and tensors into a group of its own: JSON, and tensors by number. */
export function writeTree(root: NewGroup, name: string, value: unknown): void {
  const group = groupAt(root, name);
  const plain = (x: unknown): unknown => {
    if (x instanceof Tensor) {
      const place = String(group.members.size);
      group.members.set(place, datasetOf(x));
      return { $tensor: place };
    }
    if (Array.isArray(x)) return x.map(plain);
    if (isPlainObject(x)) return Object.fromEntries(Object.entries(x).map(([key, v]) => [key, plain(v)]));
    return x;
  };
  group.attributes.set(treeText, { shape: [], strings: [toJson(plain(value))] });
}

/** What `writeTree` wrote; undefined if there is no such group. */
export function readTree(root: H5Group, name: string): unknown {
  const group = memberAt(root, name);
  const text = group?.kind === "group" ? group.attributes.get(treeText)?.strings()[0] : undefined;
  if (group?.kind !== "group" || text === undefined) return undefined;
  const whole = (x: unknown): unknown => {
    if (Array.isArray(x)) return x.map(whole);
    if (!isPlainObject(x)) return x;
    if (typeof x["$tensor"] !== "string")
      return Object.fromEntries(Object.entries(x).map(([key, v]) => [key, whole(v)]));
    const found = memberAt(group, x["$tensor"]);
    return found?.kind === "dataset" ? tensorOf(found) : missing(x["$tensor"]);
  };
  return whole(parseJson(text, "backup"));
}
