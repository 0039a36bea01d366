/** What an exported model is called with: the structure of its inputs, with the shape and dtype of each. */
import {
  asDType,
  type DType,
  isPlainObject,
  ShapeError,
  show,
  showShape,
  type Tree,
  treeLeaves,
  treeMap,
  ValueError,
} from "../../engine/index.ts";
import { type KerasShape, KerasTensor, standardizeShape } from "../backend/keras_tensor.ts";
import { floatx } from "../config/config.ts";
import { InputSpec } from "../layers/input_spec.ts";

/** One input as `inputSignature` describes it. The first axis is that of the samples. */
export type InputDescription =
  | KerasTensor
  | InputSpec
  | { readonly shape: KerasShape; readonly dtype?: DType; readonly name?: string };

/** One input. */
export class ExportedInput {
  name: string;
  /** Of one sample; null for lengths that are not known. */
  readonly shape: KerasShape;
  readonly dtype: DType;

  constructor(name: string, shape: KerasShape, dtype: DType) {
    this.name = name;
    this.shape = shape;
    this.dtype = dtype;
  }
}

/** The inputs of a model in their structure, and in a flat list. */
export interface ExportedInputs {
  readonly tree: Tree<ExportedInput>;
  readonly list: readonly ExportedInput[];
}

function isDescription(x: unknown): x is InputDescription {
  if (x instanceof KerasTensor || x instanceof InputSpec) return true;
  return isPlainObject(x) && Array.isArray(x.shape);
}

function described(x: InputDescription, key: string | undefined): ExportedInput {
  if (x.shape === null) throw new ValueError("export: an InputSpec of inputSignature has no shape.");
  const shape = standardizeShape(x.shape, "export");
  if (shape.length === 0)
    throw new ShapeError(
      `export: the first axis of an input is that of the samples. Received: ${showShape(shape)}`,
    );
  return new ExportedInput(x.name ?? key ?? "input", shape.slice(1), asDType(x.dtype ?? floatx(), "export"));
}

function fromSignature(x: unknown, key?: string): Tree<ExportedInput> {
  if (isDescription(x)) return described(x, key);
  if (Array.isArray(x)) return x.map((item) => fromSignature(item));
  if (isPlainObject(x))
    return Object.fromEntries(Object.entries(x).map(([name, item]) => [name, fromSignature(item, name)]));
  throw new ValueError(
    `export: inputSignature describes each input, as { shape: [null, 10], dtype: "float32" }. Received: ${show(x)}`,
  );
}

/**
 * The inputs of a model.
 *
 * @param symbolic the symbolic inputs, if the model has some
 * @param signature what goes before them
 * @throws ValueError when there is neither, or a description is none
 */
export function inputsOf(
  model: string,
  symbolic: Tree<KerasTensor> | undefined,
  signature: Tree<InputDescription> | null | undefined,
): ExportedInputs {
  const from = signature ?? symbolic;
  if (from === undefined) {
    throw new ValueError(
      `export: model "${model}" was not made from symbolic inputs. Say what it is called with: ` +
        "inputSignature: [{ shape: [null, 10] }]",
    );
  }
  let tree = fromSignature(from);
  // As in Keras, the only input may stand in a list.
  if (Array.isArray(tree) && tree.length === 1 && !Array.isArray(symbolic)) tree = tree[0]!;
  const list = treeLeaves(tree) as ExportedInput[];
  const names = uniqueNames(list.map((input) => input.name));
  list.forEach((input, i) => {
    input.name = names[i]!;
  });
  return { tree, list };
}

/** Names, each of its own. */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let n = 1; taken.has(unique); n++) unique = `${name}_${n}`;
    taken.add(unique);
    return unique;
  });
}

/** The structure of inputs or outputs with something else in the place of each. */
export function fill<T>(tree: unknown, leaves: readonly T[]): Tree<T> {
  let at = 0;
  return treeMap(() => leaves[at++], tree) as Tree<T>;
}
