/** The table that `model.summary()` prints, as Keras prints it. */
import {
  byteWidth,
  type DType,
  type Shape,
  show,
  showShape,
  sizeOf,
  ValueError,
} from "../../engine/index.ts";
import { mapShapes, type ShapeTree } from "../backend/keras_tensor.ts";
import type { Node } from "../backend/node.ts";
import { classNameOf } from "../saving/registry.ts";
import { type Column, renderTable, roundHalfEven } from "./text_table.ts";

/** Options of `summary` that say what the text is like. */
export interface SummaryOptions {
  /** Characters per line. Default: 88 (100 with `showTrainable`), or 4 less than the terminal has if that is less. */
  readonly lineLength?: number | null;
  /** Where each column ends, as fractions of the line. Default `[0.45, 0.8, 1]`. */
  readonly positions?: readonly number[] | null;
  /** Whether the layers of models inside are listed. Default false. */
  readonly expandNested?: boolean;
  /** Whether a column says which layers are trained. Default false. */
  readonly showTrainable?: boolean;
  /** The first and the last layer that are listed: names, or regular expressions that match their beginnings. */
  readonly layerRange?: readonly [string, string] | null;
}

/** A variable, as far as the summary counts it. */
interface Counted {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** A layer, as far as the summary shows it. */
interface ListedLayer {
  readonly name: string;
  readonly built: boolean;
  readonly trainable: boolean;
  readonly weights: readonly Counted[];
  readonly inboundNodes: readonly Node[];
  readonly buildShape: ShapeTree | undefined;
  readonly layers?: readonly ListedLayer[];
  computeOutputShape(inputShape: ShapeTree): ShapeTree;
  countParams(): number;
}

/** A model, as far as the summary shows it. */
interface ListedModel {
  readonly name: string;
  readonly layers: readonly ListedLayer[];
  readonly trainableWeights: readonly Counted[];
  readonly nonTrainableWeights: readonly Counted[];
  readonly optimizer?: { readonly built: boolean; readonly variables: readonly Counted[] } | undefined;
}

/** The summary of a model. */
export function summaryText(model: ListedModel, options: SummaryOptions = {}): string {
  const { expandNested = false, showTrainable = false } = options;
  const lineLength = options.lineLength ?? Math.min(showTrainable ? 100 : 88, terminalWidth() - 4);
  const columns = columnsFor(options.positions ?? [0.45, 0.8, 1], lineLength, showTrainable);
  const rows = inRange(model.layers, options.layerRange ?? null).flatMap((layer) =>
    rowsOf(layer, 0, expandNested, showTrainable),
  );
  const optimizer = model.optimizer?.built ? model.optimizer.variables : [];
  const total = [...model.trainableWeights, ...model.nonTrainableWeights, ...optimizer];
  return [
    `Model: "${model.name}"`,
    renderTable(columns, rows, lineLength),
    countLine("Total", total),
    countLine("Trainable", model.trainableWeights),
    countLine("Non-trainable", model.nonTrainableWeights),
    ...(model.optimizer?.built ? [countLine("Optimizer", optimizer)] : []),
  ].join("\n");
}

function terminalWidth(): number {
  const host = globalThis as { process?: { env?: { COLUMNS?: string }; stdout?: { columns?: number } } };
  return Number(host.process?.env?.COLUMNS) || host.process?.stdout?.columns || 80;
}

function columnsFor(positions: readonly number[], lineLength: number, showTrainable: boolean): Column[] {
  const headers = ["Layer (type)", "Output Shape", "Param #"];
  const justify: Column["justify"][] = ["left", "left", "right"];
  let ends = positions;
  if (showTrainable) {
    ends = [...positions.map((p) => p * 0.9), 1];
    headers.push("Trainable");
    justify.push("center");
  }
  if (ends.length !== headers.length) {
    throw new ValueError(
      `summary: expected ${positions.length - ends.length + headers.length} positions. Received: ${show(positions)}`,
    );
  }
  let used = 0;
  return headers.map((header, i) => {
    const width = Math.trunc(ends[i]! * lineLength) - used;
    if (!(width >= 4))
      throw new ValueError(`summary: a line of ${lineLength} is too short for the column "${header}".`);
    used += width;
    return { header, justify: justify[i]!, width };
  });
}

function inRange(
  layers: readonly ListedLayer[],
  range: readonly [string, string] | null,
): readonly ListedLayer[] {
  if (range === null) return layers;
  const places = range.map((pattern) => {
    const start = new RegExp(`^(?:${pattern})`);
    return layers.flatMap((layer, i) => (start.test(layer.name) ? [i] : []));
  });
  const [first = [], last = []] = places;
  if (first.length === 0 || last.length === 0) {
    throw new ValueError(
      `summary: expected layerRange to name layers of the model. Received: ${show(range)}`,
    );
  }
  const [low, high] = [Math.min(...first), Math.max(...last)];
  return low > high ? layers.slice(Math.min(...last), Math.max(...first) + 1) : layers.slice(low, high + 1);
}

function rowsOf(
  layer: ListedLayer,
  level: number,
  expandNested: boolean,
  showTrainable: boolean,
): string[][] {
  const prefix = level === 0 ? "" : `${"   ".repeat(level)}└ `;
  const trained = layer.weights.length === 0 ? "-" : layer.trainable ? "Y" : "N";
  const row = [
    `${prefix}${layer.name} (${classNameOf(layer)})`,
    outputShape(layer),
    layer.built ? layer.countParams().toLocaleString("en-US") : "0 (unbuilt)",
    ...(showTrainable ? [trained] : []),
  ];
  const nested = expandNested ? (layer.layers ?? []) : [];
  return [row, ...nested.flatMap((inner) => rowsOf(inner, level + 1, expandNested, showTrainable))];
}

/** The shape that the last symbolic call gave, or that follows from the shape that the layer was built with. */
function outputShape(layer: ListedLayer): string {
  const node = layer.inboundNodes.at(-1);
  if (node !== undefined) {
    const shapes = node.outputTensors.map((t) => showShape(t.shape));
    return shapes.length === 1 ? shapes[0]! : `[${shapes.join(", ")}]`;
  }
  if (layer.buildShape === undefined) return "?";
  const shapes: string[] = [];
  mapShapes(layer.computeOutputShape(layer.buildShape), (shape) => shapes.push(showShape(shape)));
  return shapes.length === 1 ? shapes[0]! : `[${shapes.join(", ")}]`;
}

function countLine(what: string, variables: readonly Counted[]): string {
  let count = 0;
  let bytes = 0;
  for (const { shape, dtype } of new Set(variables)) {
    count += sizeOf(shape);
    bytes += sizeOf(shape) * byteWidth(dtype);
  }
  return ` ${what} params: ${count.toLocaleString("en-US")} (${readableBytes(bytes)})`;
}

/** 1536 → `1.50 KB`. */
function readableBytes(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB", "PB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${(roundHalfEven(value * 100) / 100).toFixed(2)} ${units[unit]}`;
}
