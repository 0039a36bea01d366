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
import type { OperationGraph } from "../backend/graph.ts";
import { mapShapes, type ShapeTree } from "../backend/keras_tensor.ts";
import type { Node } from "../backend/node.ts";
import { pythonNameOf } from "../saving/registry.ts";
import { type Column, renderTable, roundHalfEven } from "./text_table.ts";

/** Options of `summary` that say what the text is like. */
export interface SummaryOptions {
  /**
   * Characters per line. Default: 88, or 108 for a graph that branches, with `showTrainable` 12 more; but 4 less than the
   * terminal has if that is less.
   */
  readonly lineLength?: number | null;
  /** Where each column ends, as fractions of the line. Default `[0.45, 0.8, 1]`, `[0.3, 0.56, 0.74, 1]` for a graph that branches. */
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

/** A layer or a function of a graph, as far as the summary shows it. */
interface ListedLayer {
  readonly name: string;
  readonly inboundNodes: readonly Node[];
  readonly built?: boolean;
  readonly trainable?: boolean;
  readonly weights?: readonly Counted[];
  readonly buildShape?: ShapeTree | undefined;
  readonly layers?: readonly ListedLayer[];
  computeOutputShape?(inputShape: ShapeTree): ShapeTree;
  countParams?(): number;
}

/** A model, as far as the summary shows it. */
interface ListedModel {
  readonly name: string;
  readonly layers: readonly ListedLayer[];
  readonly trainableWeights: readonly Counted[];
  readonly nonTrainableWeights: readonly Counted[];
  readonly optimizer?: { readonly built: boolean; readonly variables: readonly Counted[] } | undefined;
}

/** What a table shows of each layer. */
interface Layout {
  readonly expandNested: boolean;
  readonly showTrainable: boolean;
  /** The graph, if a column says what each layer is connected to. */
  readonly connections: OperationGraph | undefined;
}

/**
 * The summary of a model.
 *
 * @param graph of a functional model; if it branches, a column says what each layer is connected to
 */
export function summaryText(
  model: ListedModel,
  options: SummaryOptions = {},
  graph?: OperationGraph,
): string {
  const { expandNested = false, showTrainable = false } = options;
  const layout = { expandNested, showTrainable, connections: graph?.isChain === false ? graph : undefined };
  const preferred = (layout.connections ? 108 : 88) + (showTrainable ? 12 : 0);
  const lineLength = options.lineLength ?? Math.min(preferred, terminalWidth() - 4);
  const columns = columnsFor(layout, options.positions ?? null, lineLength);
  const layers = inRange(graph?.operations ?? model.layers, options.layerRange ?? null);
  const rows = layers.flatMap((layer) => rowsOf(layer, 0, layout));
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

function columnsFor(
  { showTrainable, connections }: Layout,
  positions: readonly number[] | null,
  lineLength: number,
): Column[] {
  const headers = ["Layer (type)", "Output Shape", "Param #"];
  const justify: Column["justify"][] = ["left", "left", "right"];
  let ends = positions ?? (connections ? [0.3, 0.56, 0.74, 1] : [0.45, 0.8, 1]);
  if (connections) {
    headers.push("Connected to");
    justify.push("left");
  }
  if (ends.length !== headers.length) {
    throw new ValueError(`summary: expected ${headers.length} positions. Received: ${show(positions)}`);
  }
  if (showTrainable) {
    ends = [...ends.map((p) => p * 0.9), 1];
    headers.push("Trainable");
    justify.push("center");
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

function rowsOf(layer: ListedLayer, level: number, layout: Layout): string[][] {
  const prefix = level === 0 ? "" : `${"   ".repeat(level)}└ `;
  const trained = (layer.weights ?? []).length === 0 ? "-" : layer.trainable ? "Y" : "N";
  const row = [
    `${prefix}${layer.name} (${pythonNameOf(layer)})`,
    outputShape(layer),
    layer.built === false ? "0 (unbuilt)" : (layer.countParams?.() ?? 0).toLocaleString("en-US"),
    ...(layout.connections ? [connectionsOf(layer, layout.connections)] : []),
    ...(layout.showTrainable ? [trained] : []),
  ];
  const nested = layout.expandNested ? (layer.layers ?? []) : [];
  return [row, ...nested.flatMap((inner) => rowsOf(inner, level + 1, layout))];
}

/** What the calls of a layer in the graph take: for each tensor, whose it is, of which call, and which of its outputs. */
function connectionsOf(layer: ListedLayer, graph: OperationGraph): string {
  const tensors = layer.inboundNodes.flatMap((node) => (graph.nodes.has(node) ? node.inputTensors : []));
  const places = tensors.map(({ history }) => {
    const { node, tensorIndex } = history!;
    return `${node.operation.name}[${node.index}][${tensorIndex}]`;
  });
  return places.length === 0 ? "-" : places.join(", ");
}

/** The shape that the last symbolic call gave, or that follows from the shape that the layer was built with. */
function outputShape(layer: ListedLayer): string {
  const shapes: string[] = [];
  const node = layer.inboundNodes.at(-1);
  if (node !== undefined) shapes.push(...node.outputTensors.map((t) => showShape(t.shape)));
  else if (layer.buildShape === undefined || layer.computeOutputShape === undefined) return "?";
  else mapShapes(layer.computeOutputShape(layer.buildShape), (shape) => shapes.push(showShape(shape)));
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
