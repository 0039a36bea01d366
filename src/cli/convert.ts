/** `tsuno convert`: from one format to another, told by the ending of the name. */
import { type Tensor, ValueError } from "../engine/index.ts";
import type { Model } from "../keras/models/index.ts";
import { openFile } from "./open.ts";

/** Options of the command. */
export interface ConvertOptions {
  readonly batchSize?: number;
  readonly opset?: number;
  /** The shapes of the inputs, where the model leaves lengths open. */
  readonly inputs?: readonly (readonly (number | null)[])[];
  readonly force: boolean;
}

/** Endings, longest first, with what is written. */
const endings = [
  ".weights.h5",
  ".keras",
  ".h5",
  ".hdf5",
  ".onnx",
  ".wasm",
  ".js",
  ".mjs",
  ".json",
  ".safetensors",
  ".npz",
  ".npy",
] as const;

type Ending = (typeof endings)[number];

const forArrays: readonly Ending[] = [".safetensors", ".npz", ".npy"];

/**
 * Converts a file.
 *
 * @throws ValueError when the file does not hold what the ending asks for
 */
export async function convert(from: string, to: string, options: ConvertOptions): Promise<void> {
  const ending = endings.find((end) => to.toLowerCase().endsWith(end));
  if (ending === undefined)
    throw new ValueError(
      `${to} ends in none of these: ${endings.join(" ")}. The ending says what is written.`,
    );
  const { fileExists } = await import("../files/place.ts");
  if (!options.force && (await fileExists(to)))
    throw new ValueError(`${to} exists already; --force replaces it.`);
  const { format, model, arrays } = await openFile(from);
  if (forArrays.includes(ending)) return writeArrays(to, ending, arrays);
  if (model === undefined)
    throw new ValueError(`${from} holds ${format} and no model, so it can become: ${forArrays.join(" ")}`);
  return writeModel(model, to, ending, options);
}

async function writeArrays(to: string, ending: Ending, arrays: ReadonlyMap<string, Tensor>): Promise<void> {
  const byName = Object.fromEntries(arrays);
  if (ending === ".safetensors") {
    const { saveSafetensors } = await import("../keras/saving/index.ts");
    return saveSafetensors(to, byName);
  }
  const { save, savez } = await import("../numpy/io/save.ts");
  if (ending === ".npz") return savez(to, byName);
  if (arrays.size !== 1)
    throw new ValueError(`.npy holds one array, and there are ${arrays.size}: take .npz or .safetensors.`);
  return save(to, [...arrays.values()][0]!);
}

async function writeModel(model: Model, to: string, ending: Ending, options: ConvertOptions): Promise<void> {
  switch (ending) {
    case ".weights.h5":
      return model.saveWeights(to);
    case ".keras":
    case ".h5":
    case ".hdf5":
      return model.save(to);
    case ".json": {
      const { writeTarget } = await import("../files/target.ts");
      return writeTarget(to, new TextEncoder().encode(model.toJson()), "convert");
    }
    default: {
      const signature = options.inputs?.map((shape) => ({ shape }));
      return model.export(to, {
        ...(options.batchSize !== undefined && { batchSize: options.batchSize }),
        ...(options.opset !== undefined && { opsetVersion: options.opset }),
        ...(signature && { inputSignature: signature }),
      });
    }
  }
}
