/** Calibration: the data, and the way through the blocks of a model one after the other. */
import {
  concatenate,
  isPlainObject,
  ShapeError,
  show,
  slice,
  Tensor,
  type TensorLike,
  toTensor,
  ValueError,
} from "../../engine/index.ts";
import { Progbar } from "../utils/progbar.ts";
import type { CalibratedValues, CalibrationTarget } from "./calibration_target.ts";
import { QuantizationConfig } from "./quantization_config.ts";

/** What makes numbers of texts. */
export type Tokenizer = { tokenize(text: string): TensorLike } | ((text: string) => TensorLike);

/** A layer, as far as calibration uses it. */
export interface CalibratedLayer {
  readonly name: string;
  readonly path: string;
  apply(inputs: Tensor): unknown;
  call(inputs: Tensor, options: never): unknown;
  flattenLayers(): readonly CalibratedLayer[];
  readonly calibrationTarget?: CalibrationTarget | undefined;
}

/** How data goes through a model that is calibrated. */
export interface QuantizationLayerStructure {
  /** What makes the inputs of the first block: an embedding, say. Default: nothing. */
  readonly preBlockLayers?: readonly CalibratedLayer[];
  /** The blocks, each of which takes what the one before gives. Their dense layers are quantized. */
  readonly sequentialBlocks: readonly CalibratedLayer[];
}

/** Options of configs that have calibration data. */
export interface CalibrationOptions {
  /** How many samples of the data are used. Default 128. */
  readonly numSamples?: number;
  /** How many numbers a sample has. Default 512. */
  readonly sequenceLength?: number;
  /** How many weights share a scale; -1 for all of an output. Default 128. */
  readonly groupSize?: number;
  /** How data goes through the model. Default: what the model's `getQuantizationLayerStructure` says. */
  readonly quantizationLayerStructure?: QuantizationLayerStructure | null;
}

/** Calibration data: texts, or numbers. */
export type CalibrationData = Iterable<string | TensorLike> | Tensor;

/** Base of the configs whose layers are calibrated. */
export abstract class CalibratingConfig extends QuantizationConfig {
  readonly dataset: CalibrationData | null;
  readonly tokenizer: Tokenizer | null;
  abstract readonly weightBits: number;
  readonly numSamples: number;
  readonly sequenceLength: number;
  readonly groupSize: number;
  readonly quantizationLayerStructure: QuantizationLayerStructure | null;

  constructor(
    where: string,
    dataset: CalibrationData | null,
    tokenizer: Tokenizer | null,
    options: CalibrationOptions,
  ) {
    super();
    const { numSamples = 128, sequenceLength = 512, groupSize = 128 } = options;
    this.dataset = dataset;
    this.tokenizer = tokenizer;
    this.numSamples = positive(where, "numSamples", numSamples);
    this.sequenceLength = positive(where, "sequenceLength", sequenceLength);
    if (groupSize !== -1) positive(where, "groupSize", groupSize);
    this.groupSize = groupSize;
    this.quantizationLayerStructure = options.quantizationLayerStructure ?? null;
  }

  override get policyMode(): string {
    return `${this.mode}/${this.weightBits}/${this.groupSize}`;
  }

  /** What gathers the inputs of a layer and then finds its values. */
  protected abstract calibrator(target: CalibrationTarget): Calibrator;

  /** How many samples go through a block at once. */
  protected abstract readonly batchSize: number;

  /**
   * Checks that there is all that is needed, before layers change.
   *
   * @throws ValueError without data, a tokenizer or blocks
   */
  check(structure: QuantizationLayerStructure | null): QuantizationLayerStructure {
    if (this.dataset === null || this.tokenizer === null) {
      throw new ValueError(`quantize: mode "${this.mode}" needs a dataset and a tokenizer in its config.`);
    }
    if (structure === null || !isPlainObject(structure)) {
      throw new ValueError(
        `quantize: mode "${this.mode}" needs to know how data goes through the model: give the config a quantizationLayerStructure ` +
          "{ preBlockLayers, sequentialBlocks }, or override the model's getQuantizationLayerStructure(mode).",
      );
    }
    if (!Array.isArray(structure.sequentialBlocks) || structure.sequentialBlocks.length === 0) {
      throw new ValueError(
        `quantize: the structure has no sequentialBlocks to quantize. Received: ${show(Object.keys(structure))}`,
      );
    }
    return structure;
  }

  /** The data as samples of numbers. */
  samples(): readonly Tensor[] {
    return calibrationSamples(this.dataset!, this.tokenizer!, this.sequenceLength, this.numSamples);
  }

  /** Finds the values of all layers that wait for them, block by block. */
  calibrate(
    { preBlockLayers = [], sequentialBlocks }: QuantizationLayerStructure,
    samples: readonly Tensor[],
    verbose: boolean,
  ): void {
    const through = (layers: readonly CalibratedLayer[], x: Tensor): Tensor =>
      layers.reduce((y, layer) => firstOf(layer.apply(y)), x);
    let inputs = samples.map((sample) => settled(through(preBlockLayers, sample)));
    const progress = verbose ? new Progbar(sequentialBlocks.length) : undefined;
    sequentialBlocks.forEach((block, at) => {
      const batches = batched(inputs, this.batchSize);
      const waiting = block.flattenLayers().filter((layer) => layer.calibrationTarget !== undefined);
      const calibrators = new Map(
        waiting.map((layer) => [layer, this.calibrator(layer.calibrationTarget!)] as const),
      );
      if (waiting.length > 0) {
        watching(calibrators, () => {
          for (const batch of batches) settled(firstOf(block.apply(batch)));
        });
      }
      for (const [layer, calibrator] of calibrators) layer.calibrationTarget!.finish(calibrator.values());
      if (at < sequentialBlocks.length - 1) {
        inputs = batches.flatMap((batch) => unbatched(settled(firstOf(block.apply(batch)))));
      }
      progress?.update(at + 1);
    });
  }
}

/** What finds the values of a kernel. */
export interface Calibrator {
  /** Sees inputs of the layer, `(samples, inputs)`. */
  see(inputs: Tensor): void;
  values(): CalibratedValues;
}

/** Checks a positive whole number. */
export function positive(where: string, name: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new ValueError(
    `${where}: expected ${name} to be a positive whole number${name === "groupSize" ? ", or -1" : ""}. Received: ${name}=${show(value)}`,
  );
}

/** A tensor computed now. */
function settled(x: Tensor): Tensor {
  x.dataSync();
  return x;
}

/** Of several outputs the first. */
function firstOf(outputs: unknown): Tensor {
  const [first] = Array.isArray(outputs) ? outputs : [outputs];
  if (first instanceof Tensor) return first;
  throw new ValueError(
    `quantize: expected the layers of the structure to give tensors. Received: ${show(outputs)}`,
  );
}

/** Lets calibrators see what layers are called with while a function runs. */
function watching(calibrators: ReadonlyMap<CalibratedLayer, Calibrator>, run: () => void): void {
  try {
    for (const [layer, calibrator] of calibrators) {
      const call = layer.call.bind(layer);
      const watched = (inputs: Tensor, options: never): unknown => {
        const width = layer.calibrationTarget!.matrix().shape[0]!;
        calibrator.see(inputs.reshape([inputs.size / width, width]).astype("float32"));
        return call(inputs, options);
      };
      Object.defineProperty(layer, "call", { value: watched, configurable: true, enumerable: false });
    }
    run();
  } finally {
    for (const layer of calibrators.keys()) Reflect.deleteProperty(layer, "call");
  }
}

/** Samples in batches; a sample without an axis of samples gets one. */
function batched(samples: readonly Tensor[], size: number): Tensor[] {
  const rows = samples.map((x) => (x.ndim === 2 ? x.reshape([1, ...x.shape]) : x));
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, i) => {
    const some = rows.slice(i * size, (i + 1) * size);
    return some.length === 1 ? some[0]! : concatenate(some);
  });
}

/** The samples of a batch. */
function unbatched(batch: Tensor): Tensor[] {
  const { shape } = batch;
  const zeros = shape.map(() => 0);
  return Array.from({ length: shape[0]! }, (_, i) =>
    settled(slice(batch, [i, ...zeros.slice(1)], [i + 1, ...shape.slice(1)])),
  );
}

/**
 * Calibration data as samples of one length: the data one after the other, repeated if it is too short, cut at regular
 * distances.
 *
 * @returns `samples` tensors of shape `(1, length)` and dtype int32
 */
export function calibrationSamples(
  dataset: CalibrationData,
  tokenizer: Tokenizer,
  length: number,
  samples: number,
): Tensor[] {
  if (typeof dataset === "string" || !(dataset instanceof Tensor || isIterable(dataset))) {
    throw new ValueError(
      `quantize: expected the dataset to be an iterable of texts or numbers. Received: ${show(dataset)}`,
    );
  }
  const items = dataset instanceof Tensor ? [dataset] : [...dataset];
  const tokens: number[] = [];
  for (const item of items) {
    const numbers =
      typeof item !== "string"
        ? item
        : typeof tokenizer === "function"
          ? tokenizer(item)
          : tokenizer.tokenize(item);
    for (const token of toTensor(numbers).dataSync()) tokens.push(Math.trunc(Number(token)));
  }
  if (tokens.length === 0) throw new ValueError("quantize: the dataset is empty.");
  const { length: own } = tokens;
  const whole = Math.max(own, own * Math.ceil((samples * length) / own));
  const last = whole - length;
  if (last < 0)
    throw new ShapeError(`quantize: expected at least ${length} numbers in the dataset. Received: ${own}`);
  // Where Keras begins depends on how Python happens to hash a tuple; here it is the beginning.
  const stride = Math.max(1, Math.floor((last + 1) / samples));
  return Array.from({ length: samples }, (_, i) => {
    const start = (i * stride) % (last + 1);
    const window = Int32Array.from({ length }, (_, j) => tokens[(start + j) % own]!);
    return toTensor(window, "int32").reshape([1, length]);
  });
}

function isIterable(x: unknown): x is Iterable<unknown> {
  return typeof x === "object" && x !== null && Symbol.iterator in x;
}
