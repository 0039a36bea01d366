/** A model's prediction as a graph of its own, with the numbers that it reads. */
import {
  type DType,
  type Frozen,
  freeze,
  full,
  isHalf,
  ShapeError,
  showShape,
  type TakesComposite,
  Tensor,
  treeMap,
  UnsupportedError,
} from "../../engine/index.ts";
import type { Tensors } from "../layers/call_inputs.ts";
import { type ExportedInputs, fill } from "./input_signature.ts";

/** What is exported. */
export interface Predicts {
  readonly name: string;
  predictStep(data: readonly [x: Tensors, y: never]): Tensors;
}

/** The dtype in which numbers go in and out: 16-bit floats come and go as float32, as JavaScript has them. */
export const outside = (dtype: DType): DType => (isHalf(dtype) ? "float32" : dtype);

/**
 * Traces a model's prediction.
 *
 * @param shapes of the inputs, in the order of their list
 * @param takes says which computations with a name are kept as such; default: none
 * @throws UnsupportedError when predicting changes the model
 */
export function tracePrediction(
  model: Predicts,
  inputs: ExportedInputs,
  shapes: readonly (readonly number[])[],
  takes?: TakesComposite,
): Frozen {
  const tensors = inputs.list.map(({ dtype }, i) => full(shapes[i]!, 0, outside(dtype)));
  const predict = (given: readonly Tensor[]): unknown => {
    const x = fill<Tensor>(
      inputs.tree,
      given.map((t, i) => t.astype(inputs.list[i]!.dtype)),
    );
    const y = model.predictStep([x, undefined as never]);
    return treeMap((t) => (t instanceof Tensor ? t.astype(outside(t.dtype)) : t), y);
  };
  const frozen = freeze(predict, [tensors], takes);
  const [state] = frozen.assigned;
  if (state !== undefined) {
    throw new UnsupportedError(
      `export: model "${model.name}" changes ${pathOf(state) ?? "a variable"} when it predicts; what is exported has no state. ` +
        "A stateful layer can be made anew with stateful: false and the same weights.",
    );
  }
  return frozen;
}

/** How a variable is called, if it is one of Keras's. */
export function pathOf(of: object): string | undefined {
  return "path" in of && typeof of.path === "string" ? of.path : undefined;
}

/**
 * The shapes of the inputs for so many samples.
 *
 * @throws ShapeError when other lengths are not known
 */
export function knownShapes(inputs: ExportedInputs, samples: number, format: string): number[][] {
  return inputs.list.map(({ name, shape }) => {
    if (shape.includes(null)) {
      throw new ShapeError(
        `export: a ${format} module is compiled for one shape, but the input "${name}" has the shape ` +
          `${showShape([null, ...shape])}. Say which one it is to be: inputSignature: [{ shape: [null, …] }]`,
      );
    }
    return [samples, ...(shape as readonly number[])];
  });
}

/** Checks that every output has a row for each sample; gives the shapes of the rows. */
export function rowShapes(model: string, { graph }: Frozen, samples: number): number[][] {
  return graph.results.map(({ shape }, i) => {
    if (shape[0] === samples) return shape.slice(1);
    throw new ShapeError(
      `export: output ${i} of model "${model}" has no axis of samples: for ${samples} samples its shape is ${showShape(shape)}`,
    );
  });
}
