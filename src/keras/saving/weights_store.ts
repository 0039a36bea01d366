/** The values of a model's layers and optimizer in HDF5, as Keras 3 lays them out: groups by path, `vars/0`, `vars/1`, …. */
import { FileError, type Shape, type Tensor, type TensorLike, tensor, toTensor } from "../../engine/index.ts";
import {
  type H5Dataset,
  type H5Group,
  type NewData,
  type NewDataset,
  type NewGroup,
  newGroup,
} from "../../files/hdf5/index.ts";
import { type NumberType, numberBytes, numberKinds } from "../../files/numbers.ts";
import { Variable } from "../backend/variable.ts";
import type { ReadStore, WriteStore } from "./own_state.ts";

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
  const numbers = dataset.numbers(brain ? "bfloat16" : undefined);
  const kind = brain ? "bfloat16" : dataset.type;
  const dtype = Object.hasOwn(numberKinds, kind) ? { dtype: numberKinds[kind as NumberType].dtype } : {};
  return tensor(numbers, { ...dtype, shape: dataset.shape });
}

/** The values in a group of datasets. */
export function storeOf(group: H5Group): ReadStore {
  const at = (key: string): H5Dataset => {
    const found = memberAt(group, key);
    if (found?.kind !== "dataset") return missing(key);
    return found;
  };
  return {
    keys: [...group.members.keys()],
    shapeOf: (key): Shape => at(key).shape,
    get: (key) => tensorOf(at(key)),
  };
}

/** What an HDF5 file has. */
export function weightsReader(root: H5Group): WeightsReader {
  const groupAt = (path: string): H5Group | undefined => {
    const found = memberAt(root, path);
    return found?.kind === "group" ? found : undefined;
  };
  return {
    get: (path) => {
      let group = groupAt(joinPath(path, "vars"));
      // Keras 2.13 had another name for the layers of a model.
      if (group === undefined && root.members.has("_layer_checkpoint_dependencies"))
        group = groupAt(joinPath(path.replace("layers", "_layer_checkpoint_dependencies"), "vars"));
      return group === undefined ? nothing : storeOf(group);
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
  const t = value instanceof Variable ? value.value : toTensor(value);
  const attributes = new Map<string, NewData>();
  if (t.dtype === "bfloat16") attributes.set(dtypeNote, { shape: [], strings: ["bfloat16"] });
  const bytes = numberBytes(t.dataSync(), t.dtype);
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
