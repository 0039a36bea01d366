/** Models as ONNX files. */
import type { Frozen } from "../../engine/index.ts";
import { type ExportedInputs, uniqueNames } from "./input_signature.ts";
import { probes } from "./onnx/dims.ts";
import { type OnnxFunction, onnxModel, takesComposite } from "./onnx/index.ts";
import { knownShapes, type Predicts, pathOf, rowShapes, tracePrediction } from "./traced_model.ts";

/**
 * The bytes of an ONNX file that computes what a model predicts.
 *
 * @param outputNames of the outputs, as far as they are known
 * @param opset the version of the operators
 */
export async function onnxFile(
  model: Predicts,
  inputs: ExportedInputs,
  outputNames: readonly string[] | undefined,
  opset: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const names = inputs.list.map((input) => input.name);
  const trace = (samples: number): Frozen => {
    const frozen = tracePrediction(model, inputs, knownShapes(inputs, samples, "ONNX"), takesComposite);
    rowShapes(model.name, frozen, samples);
    return frozen;
  };
  const [first, second] = [trace(probes[0]), trace(probes[1])];
  const count = first.graph.results.length;
  const wanted = first.graph.results.map((_, i) => {
    return outputNames?.[i] ?? (count === 1 ? "output" : `output_${i}`);
  });
  const it: OnnxFunction = {
    name: model.name,
    graphs: [first.graph, second.graph],
    composites: [first.composites, second.composites],
    values: first.values,
    inputs: names,
    outputs: uniqueNames([...names, ...wanted]).slice(names.length),
    valueNames: first.values.map(({ of }) => pathOf(of) ?? "constant"),
  };
  return onnxModel(it, opset, "tsuno");
}
