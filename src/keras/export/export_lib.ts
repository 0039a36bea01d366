/** Models for use elsewhere: the formats, their options, and which files are written. */
import {
  checkOptions,
  didYouMean,
  show,
  type Tree,
  UnsupportedError,
  ValueError,
} from "../../engine/index.ts";
import { describe } from "../../files/source.ts";
import { type Target, writeTarget } from "../../files/target.ts";
import type { KerasTensor } from "../backend/keras_tensor.ts";
import { type ExportedInputs, type InputDescription, inputsOf } from "./input_signature.ts";
import type { Predicts } from "./traced_model.ts";

/** What models are exported as. */
export type ExportFormat = "wasm" | "js" | "onnx";

/** Options of `export`. */
export interface ExportOptions {
  /** The format of the file. Default: what the name of the target ends with. */
  readonly format?: ExportFormat;
  /** Whether a line is printed at the end. Default: no. */
  readonly verbose?: boolean | null;
  /**
   * What the model is called with, in the structure of its inputs. Default: its symbolic inputs. The first axis of each is
   * that of the samples, whose number stays open.
   */
  readonly inputSignature?: Tree<InputDescription> | null;
  /** For `"wasm"` and `"js"`: how many samples go through the model at once. Default 16. */
  readonly batchSize?: number;
  /** For `"onnx"`: the version of the operators, 18 to 21. Default 18. */
  readonly opsetVersion?: number | null;
}

/** What `export` needs of a model. */
export interface Exportable extends Predicts {
  readonly symbolicInputs: Tree<KerasTensor> | undefined;
  readonly outputNames: readonly string[] | undefined;
}

const formats: readonly ExportFormat[] = ["wasm", "js", "onnx"];
const endings: Readonly<Record<string, ExportFormat>> = { wasm: "wasm", js: "js", mjs: "js", onnx: "onnx" };
/** Formats of Keras that need frameworks in Python. */
const foreign = ["tf_saved_model", "openvino", "litert", "torch"];

function nameOfTarget(target: Target): string | undefined {
  return typeof target === "string" ? target : target instanceof URL ? target.pathname : undefined;
}

function formatOf(target: Target, format: unknown): ExportFormat {
  if (format !== undefined) {
    if (formats.includes(format as ExportFormat)) return format as ExportFormat;
    if (foreign.includes(format as string)) {
      throw new UnsupportedError(
        `export: ${show(format)} can only be written by Keras in Python, which opens this model's .keras file. ` +
          `Here there are: ${formats.join(", ")}`,
      );
    }
    const hint = typeof format === "string" ? didYouMean(format, formats) : "";
    throw new ValueError(`export: no format ${show(format)}.${hint} Available: ${formats.join(", ")}`);
  }
  const ending = /\.(\w+)$/.exec(nameOfTarget(target) ?? "")?.[1]?.toLowerCase();
  if (ending !== undefined && Object.hasOwn(endings, ending)) return endings[ending]!;
  throw new ValueError(
    `export: say in which format, such as { format: "wasm" }; the target ${describe(target)} does not tell. ` +
      `Available: ${formats.join(", ")}`,
  );
}

/** The target beside another one, with another ending. */
function beside(target: Target, ending: string): Target {
  const replaced = (name: string): string => `${name.replace(/\.wasm$/i, "")}.${ending}`;
  if (typeof target === "string") return replaced(target);
  if (!(target instanceof URL)) {
    throw new ValueError(
      'export: the format "wasm" writes three files, so it needs a name: a path, a file URL, opfs://… or indexeddb://…. ' +
        `Received: ${describe(target)}`,
    );
  }
  const url = new URL(target);
  url.pathname = replaced(url.pathname);
  return url;
}

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** Writes a model for use elsewhere; see `Model.export`. */
export async function exportModel(
  model: Exportable,
  target: Target,
  options: ExportOptions = {},
): Promise<void> {
  const known = ["format", "verbose", "inputSignature", "batchSize", "opsetVersion"];
  checkOptions("export", options, known);
  const format = formatOf(target, options.format);
  const block = options.batchSize ?? 16;
  if (!Number.isInteger(block) || block < 1)
    throw new ValueError(`export: batchSize must be a positive whole number. Received: ${show(block)}`);
  const inputs = inputsOf(model.name, model.symbolicInputs, options.inputSignature);
  const opset = options.opsetVersion ?? 18;
  if (!Number.isInteger(opset) || opset < 18 || opset > 21)
    throw new ValueError(`export: opsetVersion must be 18, 19, 20 or 21. Received: ${show(opset)}`);
  const files: [Target, string | Uint8Array<ArrayBuffer>][] = [];
  if (format === "onnx") {
    const { onnxFile } = await import("./onnx_file.ts");
    files.push([target, await onnxFile(model, inputs, model.outputNames, opset)]);
  } else files.push(...(await standalone(model, target, inputs, format, block)));
  for (const [to, content] of files)
    await writeTarget(to, typeof content === "string" ? encode(content) : content, "export");
  if (options.verbose) console.log(`Saved artifact at ${describe(target)}.`);
}

/** The files of a standalone module. */
async function standalone(
  model: Exportable,
  target: Target,
  inputs: ExportedInputs,
  format: "wasm" | "js",
  block: number,
): Promise<[Target, string | Uint8Array<ArrayBuffer>][]> {
  const { standaloneFiles } = await import("./standalone.ts");
  if (format === "js") {
    const { js } = await standaloneFiles(model, inputs, model.outputNames, format, block, "");
    return [[target, js]];
  }

  const last = nameOfTarget(beside(target, "wasm"))!.split(/[\\/]/).at(-1)!;
  const stem = (target instanceof URL ? decodeURIComponent(last) : last).replace(/\.wasm$/i, "");
  const { wasm, js, types } = await standaloneFiles(model, inputs, model.outputNames, format, block, stem);
  return [
    [beside(target, "wasm"), wasm!],
    [beside(target, "js"), js],
    [beside(target, "d.ts"), types],
  ];
}
