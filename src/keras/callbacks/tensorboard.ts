/** Writes what training logs into files that TensorBoard shows. */
import {
  checkOptions,
  type Shape,
  show,
  type Tensor,
  UnsupportedError,
  ValueError,
} from "../../engine/index.ts";
import type { Variable } from "../backend/variable.ts";
import { Callback, type CallbackModel, type Logs } from "./callback.ts";
import { EventFile } from "./event_file.ts";
import { hostFiles } from "./host_files.ts";
import { learningRateOf, singleOptimizers } from "./optimizer_of.ts";
import {
  eventRecord,
  histogramSummary,
  imageSummary,
  modelSummary,
  scalarSummary,
} from "./tensorboard_events.ts";

/** Options of {@link TensorBoard}. */
export interface TensorBoardOptions {
  /** The folder of the log. Default `"logs"`. */
  readonly logDir?: string;
  /** After how many epochs the distributions of the weights are written; 0 for never. Default 0. */
  readonly histogramFreq?: number;
  /** Whether the model is written, for the page of graphs. Default true. */
  readonly writeGraph?: boolean;
  /** Whether the weights are written as pictures, too, with their distributions. Default false. */
  readonly writeImages?: boolean;
  /** Whether it is written how many steps run in a second. Default false. */
  readonly writeStepsPerSecond?: boolean;
  /** `"epoch"`, `"batch"`, or a number of batches after which the logs of a batch are written. Default `"epoch"`. */
  readonly updateFreq?: "epoch" | "batch" | number;
  /** 0: `model.profile` tells where the time goes. */
  readonly profileBatch?: 0;
  /** After how many epochs the embeddings are written; 0 for never. Default 0. */
  readonly embeddingsFreq?: number;
  /** Files with the labels of embeddings: one for all, or by the names of their layers. */
  readonly embeddingsMetadata?: string | Readonly<Record<string, string>> | null;
}

/** What is shown of a model. Models have all of it; what stands in for one in a test need not. */
interface ShownModel {
  readonly layers?: readonly { readonly name: string; readonly weights: readonly Variable[] }[];
  toJson?(): string;
}

/** How many pictures of one weight are shown. */
const mostPictures = 3;

/**
 * Writes event files for TensorBoard: `tensorboard --logdir logs`. Training goes to the folder `train`, validation and
 * evaluation to `validation`. By epoch: `epoch_loss` and the other logs, the learning rate, and with `histogramFreq` the
 * distributions of all weights; by batch, with `updateFreq`: `batch_loss` and so on; for each validation its logs by the
 * number of updates.
 *
 * @throws UnsupportedError in `fit`, where there are no files
 *
 * @example
 * ```ts
 * const callback = new TensorBoard({ logDir: "logs/first", histogramFreq: 1 });
 * callback.updateFreq; // → epoch
 * ```
 */
export class TensorBoard extends Callback {
  readonly logDir: string;
  readonly histogramFreq: number;
  readonly writeGraph: boolean;
  readonly writeImages: boolean;
  readonly writeStepsPerSecond: boolean;
  /** A number of batches, or `"epoch"`. */
  readonly updateFreq: number | "epoch";
  readonly embeddingsFreq: number;
  readonly embeddingsMetadata: string | Readonly<Record<string, string>> | null;
  #train: EventFile;
  #validation: EventFile;
  /** Numbers of batches, from 1. */
  #trained = 0;
  #batchBegan = 0;
  #epochBegan = { time: 0, iterations: 0 };

  /**
   * @param options `logDir` (default `"logs"`), `histogramFreq` (0), `writeGraph` (true), `writeImages` (false),
   *   `writeStepsPerSecond` (false), `updateFreq` (`"epoch"`), `profileBatch` (0), `embeddingsFreq` (0), `embeddingsMetadata`
   */
  constructor(options: TensorBoardOptions = {}) {
    super();
    checkOptions("TensorBoard", options, [
      ...["logDir", "histogramFreq", "writeGraph", "writeImages", "writeStepsPerSecond", "updateFreq"],
      ...["profileBatch", "embeddingsFreq", "embeddingsMetadata"],
    ]);
    this.logDir = options.logDir ?? "logs";
    this.histogramFreq = count(options.histogramFreq ?? 0, "histogramFreq", 0);
    this.writeGraph = options.writeGraph ?? true;
    this.writeImages = options.writeImages ?? false;
    this.writeStepsPerSecond = options.writeStepsPerSecond ?? false;
    const { updateFreq = "epoch" } = options;
    this.updateFreq = updateFreq === "batch" ? 1 : updateFreq;
    if (this.updateFreq !== "epoch") count(this.updateFreq, "updateFreq", 1);
    if (options.profileBatch)
      throw new UnsupportedError(
        "TensorBoard: profileBatch must be 0. model.profile() tells where the time goes.",
      );
    this.embeddingsFreq = count(options.embeddingsFreq ?? 0, "embeddingsFreq", 0);
    this.embeddingsMetadata = options.embeddingsMetadata ?? null;
    this.#train = this.#file("train");
    this.#validation = this.#file("validation");
    // Whoever has methods for batches gets them one by one, which is slower: only if they are wanted.
    if (this.updateFreq !== "epoch") {
      this.onTrainBatchBegin = () => this.#beginBatch();
      this.onTrainBatchEnd = (_batch, logs) => this.#endBatch(logs);
    }
  }

  #file(part: string): EventFile {
    return new EventFile(`${this.logDir}/${part}`);
  }

  #scalars(file: EventFile, step: number, prefix: string, logs: Logs, suffix = ""): void {
    const seconds = Date.now() / 1000;
    for (const [name, value] of Object.entries(logs))
      file.add(eventRecord(seconds, step, scalarSummary(`${prefix}${name}${suffix}`, value)));
  }

  override setModel(model: CallbackModel): void {
    super.setModel(model);
    this.#train = this.#file("train");
    this.#validation = this.#file("validation");
  }

  override onTrainBegin(): void {
    this.#trained = 0;
    // Throws before the training if there is nowhere to write to.
    hostFiles("TensorBoard");
    const model = this.model as CallbackModel & ShownModel;
    if (this.writeGraph && model.toJson !== undefined) {
      try {
        this.#train.add(eventRecord(Date.now() / 1000, 0, modelSummary("keras", model.toJson())));
      } catch (error) {
        console.warn(
          `TensorBoard: the graph is left out, for the model cannot be written as JSON: ${String(error)}`,
        );
      }
    }
    if (this.embeddingsFreq > 0) this.#configureEmbeddings();
    this.#train.flush();
  }

  override onTrainEnd(): void {
    this.#train.flush();
    this.#validation.flush();
  }

  override onEpochBegin(): void {
    if (this.writeStepsPerSecond)
      this.#epochBegan = { time: performance.now(), iterations: this.#iterations() };
  }

  override async onEpochEnd(epoch: number, logs: Logs = {}): Promise<void> {
    const own: Logs = {};
    const validation: Logs = {};
    for (const [name, value] of Object.entries(logs)) {
      if (name.startsWith("val_")) validation[name.slice(4)] = value;
      else own[name] = value;
    }
    if (Object.keys(logs).length > 0) {
      Object.assign(own, this.#learningRates());
      if (this.writeStepsPerSecond) {
        const { time, iterations } = this.#epochBegan;
        own["steps_per_second"] = (this.#iterations() - iterations) / ((performance.now() - time) / 1000);
      }
      this.#scalars(this.#train, epoch, "epoch_", own);
      this.#scalars(this.#validation, epoch, "epoch_", validation);
    }
    if (this.histogramFreq > 0 && epoch % this.histogramFreq === 0) await this.#writeWeights(epoch);
    if (this.embeddingsFreq > 0 && epoch % this.embeddingsFreq === 0) this.#writeEmbeddings(epoch);
    this.#train.flush();
    this.#validation.flush();
  }

  override onTestEnd(logs: Logs = {}): void {
    if (this.model.optimizer === undefined) return;
    this.#scalars(this.#validation, this.#iterations(), "evaluation_", logs, "_vs_iterations");
    this.#validation.flush();
  }

  #beginBatch(): void {
    this.#trained++;
    this.#batchBegan = performance.now();
  }

  #endBatch(logs: Logs = {}): void {
    if (this.#trained % Number(this.updateFreq) !== 0) return;
    const seconds = (performance.now() - this.#batchBegan) / 1000;
    const all = this.writeStepsPerSecond ? { steps_per_second: 1 / seconds, ...logs } : logs;
    this.#scalars(this.#train, this.#trained, "batch_", all);
  }

  #iterations(): number {
    return this.model.optimizer?.iterations.item() ?? 0;
  }

  #learningRates(): Logs {
    const { optimizer } = this.model;
    if (optimizer === undefined) return {};
    const several = singleOptimizers(optimizer);
    if (several.length === 1) return { learning_rate: learningRateOf(this.model) };
    return Object.fromEntries(several.map((o) => [`learning_rate_${o.name}`, o.learningRate.item()]));
  }

  async #writeWeights(epoch: number): Promise<void> {
    const seconds = Date.now() / 1000;
    for (const layer of this.#layers()) {
      for (const weight of layer.weights) {
        const name = weight.path.replaceAll(":", "_");
        const { value } = weight;
        this.#train.add(eventRecord(seconds, epoch, histogramSummary(`${name}/histogram`, value.dataSync())));
        if (!this.writeImages) continue;
        const pictures = await weightPictures(value);
        if (pictures === undefined) continue;
        const { width, height, files } = pictures;
        this.#train.add(eventRecord(seconds, epoch, imageSummary(`${name}/image`, width, height, files)));
      }
    }
  }

  #layers(): NonNullable<ShownModel["layers"]> {
    return (this.model as CallbackModel & ShownModel).layers ?? [];
  }

  /** The embeddings, each with the name of its layer. */
  #embeddings(): { readonly name: string; readonly weight: Variable }[] {
    return this.#layers().flatMap((layer) => {
      const { className } = layer.constructor as { readonly className?: string };
      const [weight] = layer.weights;
      return className === "Embedding" && weight !== undefined ? [{ name: layer.name, weight }] : [];
    });
  }

  /** Says to the projector where the embeddings are. */
  #configureEmbeddings(): void {
    const metadata = this.embeddingsMetadata;
    const embeddings = this.#embeddings();
    const unknown =
      typeof metadata === "string"
        ? []
        : Object.keys(metadata ?? {}).filter((name) => !embeddings.some((e) => e.name === name));
    if (unknown.length > 0) {
      throw new ValueError(
        `TensorBoard: embeddingsMetadata names layers that are no embeddings of the model: ${unknown.join(", ")}`,
      );
    }
    const entries = embeddings.map(({ name }) => {
      const labels = typeof metadata === "string" ? metadata : metadata?.[name];
      const lines = [`tensor_name: ${quoted(name)}`, `tensor_path: ${quoted(vectorsFile(name))}`];
      if (labels !== undefined) lines.push(`metadata_path: ${quoted(labels)}`);
      return `embeddings {\n${lines.map((line) => `  ${line}\n`).join("")}}\n`;
    });
    const fs = hostFiles("TensorBoard");
    fs.mkdirSync(`${this.logDir}/train`, { recursive: true });
    fs.writeFileSync(`${this.logDir}/projector_config.pbtxt`, entries.join(""));
    this.#writeEmbeddings(0);
  }

  /** Writes the embeddings as tables of text, the form that the projector reads without TensorFlow. */
  #writeEmbeddings(_epoch: number): void {
    const fs = hostFiles("TensorBoard");
    for (const { name, weight } of this.#embeddings()) {
      const [rows, width] = weight.shape as [number, number];
      const values = weight.value.dataSync();
      const lines = Array.from({ length: rows }, (_, i) =>
        values.subarray(i * width, (i + 1) * width).join("\t"),
      );
      fs.writeFileSync(`${this.logDir}/${vectorsFile(name)}`, `${lines.join("\n")}\n`);
    }
  }
}

function count(value: number, name: string, least: number): number {
  if (Number.isInteger(value) && value >= least) return value;
  throw new ValueError(
    `TensorBoard: expected ${name} to be a whole number of at least ${least}. Received: ${show(value)}`,
  );
}

const vectorsFile = (layer: string): string => `train/${layer.replaceAll("/", "_")}.tsv`;

const quoted = (text: string): string => JSON.stringify(text);

/** Where the axes of a weight lie in pictures: how many, how high, how wide; undefined where it makes none. */
function pictureAxes(
  shape: Shape,
): { readonly shape: Shape; readonly order?: readonly number[] } | undefined {
  const sizes = shape.filter((n) => n !== 1);
  if (sizes.length === 0) return undefined;
  if (sizes.length === 1) return { shape: [1, sizes[0]!, 1, 1] };
  if (sizes.length === 2) {
    const [rows, columns] = sizes as [number, number];
    return rows > columns
      ? { shape: [1, columns, rows, 1], order: [1, 0] }
      : { shape: [1, rows, columns, 1] };
  }
  if (sizes.length === 3) return { shape: [sizes[2]!, sizes[0]!, sizes[1]!, 1], order: [2, 0, 1] };
  return sizes.length === 4 && [3, 4].includes(sizes[3]!) ? { shape: sizes } : undefined;
}

/** A weight as pictures, of which 0 is black and 1 is white. */
async function weightPictures(
  weight: Tensor,
): Promise<{ readonly width: number; readonly height: number; readonly files: Uint8Array[] } | undefined> {
  const axes = pictureAxes(weight.shape);
  if (axes === undefined) return undefined;
  const { encodePng } = await import("../../files/png.ts");
  const squeezed = weight.reshape(weight.shape.filter((n) => n !== 1));
  const values = (axes.order === undefined ? squeezed : squeezed.transpose(axes.order)).dataSync();
  const [pictures, height, width, channels] = axes.shape as [number, number, number, number];
  const files: Uint8Array[] = [];
  for (let p = 0; p < Math.min(pictures, mostPictures); p++) {
    const pixels = new Uint8ClampedArray(4 * height * width);
    for (let i = 0; i < height * width; i++) {
      const at = (p * height * width + i) * channels;
      for (let c = 0; c < 4; c++) {
        const opaque = c === 3 && channels < 4;
        pixels[4 * i + c] = opaque ? 255 : Math.floor(values[at + Math.min(c, channels - 1)]! * 255.5);
      }
    }
    files.push(await encodePng(pixels, width, height));
  }
  return { width, height, files };
}
