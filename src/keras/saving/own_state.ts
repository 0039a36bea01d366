/** What layers and optimizers keep in files: their own variables by number, and files of their own. */
import type { Shape, Tensor, TensorLike } from "../../engine/index.ts";
import type { Variable } from "../backend/variable.ts";

/** The values that a file has for one layer or optimizer, by name; each is read when it is asked for. */
export interface ReadStore {
  readonly keys: readonly string[];
  /** The shape of a value. */
  shapeOf(key: string): Shape;
  /** @throws FileError when the file has no such value, or it is damaged */
  get(key: string): Tensor;
  /** Puts a value into a variable. */
  load(key: string, variable: Variable): void;
}

/** Takes the values of one layer or optimizer, by name. */
export interface WriteStore {
  set(key: string, value: Variable | TensorLike): void;
}

/** The files of one layer, by name. */
export type ReadAssets = ReadonlyMap<string, Uint8Array>;
/** Takes the files of one layer. */
export interface WriteAssets {
  set(name: string, bytes: Uint8Array): void;
}

/** What can be saved: a layer, a model, an optimizer. */
export interface Saveable {
  readonly name: string;
  saveOwnVariables(store: WriteStore): void;
  loadOwnVariables(store: ReadStore): void;
  /** Layers that have files do. */
  saveAssets?(assets: WriteAssets): void;
  loadAssets?(assets: ReadAssets): void;
}
