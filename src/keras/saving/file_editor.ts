/** Looks into weights files, and edits them. */
import {
  checkOptions,
  isPlainObject,
  show,
  showShape,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
} from "../../engine/index.ts";
import { describe, type ReadOptions, readSource, type Source } from "../../files/source.ts";
import { type Target, writeTarget } from "../../files/target.ts";
import type { Variable } from "../backend/variable.ts";
import type { Model } from "../models/model.ts";
import type { Saveable, WriteStore } from "./own_state.ts";
import { isSaveable, itemsOf, membersOf } from "./state_tree.ts";

/** An object of a file, such as a layer: its weights, and the objects in it, by name. */
export type WeightsDict = Map<string, WeightsDict | Tensor>;

/** What a file has. */
export interface WeightsFile {
  readonly weights: WeightsDict;
  /** The names of objects by their paths. */
  readonly names: ReadonlyMap<string, string>;
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly config: unknown;
}

/** What `compare` finds. */
export interface Comparison {
  readonly status: "success" | "error";
  /** How many objects and weights are missing on either side, or have another shape. */
  readonly errorCount: number;
  readonly matchCount: number;
}

const where = "KerasFileEditor";

/**
 * Looks into a weights file, compares it with a model, and edits it: for old files whose model has changed since.
 *
 * @example
 * ```ts
 * const model = new keras.Sequential([keras.Input([2]), new keras.layers.Dense(3)]);
 * await model.saveWeights("/tmp/edited.weights.h5");
 * const editor = await KerasFileEditor.open("/tmp/edited.weights.h5");
 * editor.compare(model).status; // → success
 * editor.renameObject("dense", "dense_9");
 * editor.compare(model).errorCount; // → 2
 * await editor.resaveWeights("/tmp/renamed.weights.h5");
 * ```
 */
export class KerasFileEditor {
  /** What was opened. */
  readonly filepath: string;
  /** `metadata.json` of a `.keras` archive; null for weights alone. */
  readonly metadata: Readonly<Record<string, unknown>> | null;
  /** `config.json` of a `.keras` archive; null for weights alone. */
  readonly config: unknown;
  readonly weightsDict: WeightsDict;
  /** The names of objects in the model that was saved, by their paths. */
  readonly objectMetadata: ReadonlyMap<string, string>;

  private constructor(filepath: string, content: WeightsFile) {
    this.filepath = filepath;
    this.metadata = content.metadata;
    this.config = content.config;
    this.weightsDict = content.weights;
    this.objectMetadata = content.names;
  }

  /**
   * Opens a file.
   *
   * @param source a `.weights.h5` or `.keras` file: a path, a URL, bytes, a `File`, …
   * @throws FileError when it cannot be read, or is damaged
   */
  static async open(source: Source, options: ReadOptions = {}): Promise<KerasFileEditor> {
    checkOptions(where, options, ["onProgress", "signal"]);
    const bytes = await readSource(source, where, options);
    const { readWeightsFile } = await import("./file_editor_io.ts");
    return new KerasFileEditor(describe(source).replaceAll('"', ""), await readWeightsFile(bytes, where));
  }

  /** Prints the objects of the file with the shapes of their weights. */
  summary(): void {
    const lines = [`Keras model file '${this.filepath}'`];
    if (this.metadata !== null) {
      const { keras_version: version, date_saved: date } = this.metadata;
      lines.push(`Saved with Keras ${String(version)} - date: ${String(date)}`);
    }
    lines.push("Weights structure");
    let isFirst = true;
    const list = (dict: WeightsDict, prefix: string, path: string): void => {
      [...dict].forEach(([key, value], i) => {
        const isLast = i === dict.size - 1;
        const connector = isFirst ? "> " : isLast ? "└─ " : "├─ ";
        isFirst = false;
        if (value instanceof Map) {
          const at = path === "" ? key : `${path}/${key}`;
          const name = this.objectMetadata.get(at);
          lines.push(`${prefix}${connector}${key}${name === undefined ? "" : ` ('${name}')`}`);
          list(value, prefix + (isLast ? "    " : "│   "), at);
        } else
          lines.push(`${prefix}${connector}${key}: shape=${showShape(value.shape)}, dtype=${value.dtype}`);
      });
    };
    list(this.weightsDict, "  ", "");
    console.log(lines.join("\n"));
  }

  /**
   * Compares the file with a model, prints what differs, and counts.
   *
   * @param referenceModel a model that is built
   */
  compare(referenceModel: Model): Comparison {
    const lines = ["Running comparison"];
    const reference = specOf(referenceModel);
    let [errors, matches] = [0, 0];
    const checked = new Set<string>();
    const check = (
      wanted: WeightsDict | Spec,
      given: WeightsDict | Spec | undefined,
      path: string,
      [inWanted, inGiven]: readonly [string, string],
    ): void => {
      for (const [key, value] of wanted) {
        const at = `${path}/${key}`;
        if (checked.has(at)) continue;
        const other = given?.get(key);
        const isObject = value instanceof Map;
        if (other === undefined || isObject !== other instanceof Map) {
          errors++;
          checked.add(at);
          lines.push(
            `...${isObject ? "Object" : "Weight"} ${at} present in ${inWanted}, missing from ${inGiven}`,
          );
          if (isObject)
            lines.push(
              `    In ${inWanted}, ${at} contains the following keys: ${[...value.keys()].join(", ")}`,
            );
        } else if (isObject) check(value, other as Spec, at, [inWanted, inGiven]);
        else {
          const [mine, its] = [showShape(value.shape), showShape((other as Tensor).shape)];
          checked.add(at);
          if (mine === its) matches++;
          else {
            errors++;
            lines.push(`...Weight shape mismatch for ${at}`);
            lines.push(`    In ${inWanted}: shape=${mine}`, `    In ${inGiven}: shape=${its}`);
          }
        }
      }
    };
    check(reference, this.weightsDict, "", ["reference model", "saved file"]);
    check(this.weightsDict, reference, "", ["saved file", "reference model"]);
    const plural = (n: number): string => (n === 1 ? "" : "s");
    lines.push("─────────────────────");
    if (errors === 0) {
      lines.push("Comparison successful: saved file is compatible with the reference model");
      lines.push(`    Found ${matches} matching weight${plural(matches)}`);
    } else {
      lines.push(
        `Found ${errors} error${plural(errors)}: saved file is not compatible with the reference model`,
      );
    }
    console.log(lines.join("\n"));
    return { status: errors === 0 ? "success" : "error", errorCount: errors, matchCount: matches };
  }

  /**
   * Renames an object.
   *
   * @param objectName its name, or its path, such as `layers/dense_2`
   * @param newName the new name, not a path
   * @throws ValueError when there is no such object, or its name occurs several times
   */
  renameObject(objectName: string, newName: string): void {
    if (newName.includes("/")) {
      throw new ValueError(
        `Argument newName should be a leaf name, not a full path name. Received: newName=${show(newName)}`,
      );
    }
    const [holder, key] = this.#find(objectName);
    const entries = [...holder];
    holder.clear();
    for (const [name, value] of entries) holder.set(name === key ? newName : name, value);
  }

  /**
   * Removes an object with all that is in it.
   *
   * @param objectName its name, or its path
   * @throws ValueError when there is no such object, or its name occurs several times
   */
  deleteObject(objectName: string): void {
    const [holder, key] = this.#find(objectName);
    holder.delete(key);
  }

  /**
   * Adds an object.
   *
   * @param objectPath its path; what is before its name must be there
   * @param weights its weights by name, `{ 0: kernel, 1: bias }`
   * @throws ValueError when the path is not there
   */
  addObject(objectPath: string, weights: Readonly<Record<string, TensorLike>>): void {
    const added = dictOf(weights);
    const parts = objectPath.split("/");
    const name = parts.pop()!;
    let at = this.weightsDict;
    for (const part of parts) {
      const next = at.get(part);
      if (!(next instanceof Map)) throw new ValueError(`Path ${show(parts.join("/"))} not found in model.`);
      at = next;
    }
    at.set(name, added);
  }

  /**
   * Removes a weight of an object.
   *
   * @param objectName the object's name, or its path
   * @param weightName such as `"0"`
   * @throws ValueError when there is no such weight
   */
  deleteWeight(objectName: string, weightName: string): void {
    const object = this.#object(objectName);
    if (!object.has(weightName)) {
      throw new ValueError(
        `Weight ${weightName} not found in object ${objectName}. Weights found: ${[...object.keys()].join(", ")}`,
      );
    }
    object.delete(weightName);
  }

  /**
   * Adds weights to an object.
   *
   * @param objectName the object's name, or its path
   * @param weights by name
   * @throws ValueError when there is no such object
   */
  addWeights(objectName: string, weights: Readonly<Record<string, TensorLike>>): void {
    const added = dictOf(weights);
    const object = this.#object(objectName);
    for (const [name, value] of added) object.set(name, value);
  }

  /**
   * Saves the weights.
   *
   * @param target a path that ends in `.weights.h5`, or another target
   * @throws ValueError for another ending, FileError when the file cannot be written
   */
  async save(target: Target): Promise<void> {
    if (typeof target === "string" && !target.endsWith(".weights.h5")) {
      throw new ValueError(
        `Invalid filepath argument: expected a \`.weights.h5\` extension. Received: filepath=${target}`,
      );
    }
    const { weightsFile } = await import("./file_editor_io.ts");
    await writeTarget(target, weightsFile(this.weightsDict, this.objectMetadata, where), where);
  }

  /** The same as `save`. */
  resaveWeights(target: Target): Promise<void> {
    return this.save(target);
  }

  /** What holds an object, and its name there. */
  #find(name: string): [WeightsDict, string] {
    if (name.includes("/")) {
      const parts = name.split("/");
      const last = parts.pop()!;
      let at: WeightsDict | Tensor | undefined = this.weightsDict;
      for (const part of parts) at = at instanceof Map ? at.get(part) : undefined;
      if (at instanceof Map && at.has(last)) return [at, last];
      throw new ValueError(`Path ${show(name)} not found in model.`);
    }
    const found: WeightsDict[] = [];
    const look = (dict: WeightsDict): void => {
      if (dict.has(name)) found.push(dict);
      for (const value of dict.values()) if (value instanceof Map) look(value);
    };
    look(this.weightsDict);
    if (found.length > 1)
      throw new ValueError(
        `Name ${show(name)} occurs more than once in the model; try passing a complete path`,
      );
    const [holder] = found;
    if (holder !== undefined) return [holder, name];
    throw new ValueError(
      `Source name ${show(name)} does not appear in the model. Use summary() to list all objects.`,
    );
  }

  #object(name: string): WeightsDict {
    const [holder, key] = this.#find(name);
    const object = holder.get(key);
    if (object instanceof Map) return object;
    throw new ValueError(`${show(name)} is a weight, not an object.`);
  }
}

/** The shapes of a model's weights, in the structure of a file. */
type Spec = Map<string, Spec | Pick<Tensor, "shape">>;

function specOf(model: Saveable): Spec {
  const visited = new Set<unknown>();
  const visit = (saveable: Saveable): Spec => {
    const spec: Spec = new Map();
    if (visited.has(saveable)) return spec;
    visited.add(saveable);
    const store: WriteStore = {
      set: (key, value) => {
        spec.set(key, {
          shape: "shape" in (value as Variable) ? (value as Variable).shape : toTensor(value).shape,
        });
      },
    };
    saveable.saveOwnVariables(store);
    for (const { names, child } of membersOf(saveable)) add(spec, names[0]!, child);
    return spec;
  };
  const add = (spec: Spec, name: string, child: unknown): void => {
    const inner: Spec = new Map();
    if (isSaveable(child)) for (const [key, value] of visit(child)) inner.set(key, value);
    else for (const item of itemsOf(child as readonly unknown[])) add(inner, item.name, item.child);
    if (inner.size > 0) spec.set(name, inner);
  };
  return visit(model);
}

function dictOf(weights: Readonly<Record<string, TensorLike>>): WeightsDict {
  if (!isPlainObject(weights)) {
    throw new ValueError(
      `Argument weights should be an object of weights by their names (usually "0", "1", …). Received: ${show(weights)}`,
    );
  }
  return new Map(Object.entries(weights).map(([name, value]) => [name, toTensor(value)]));
}
