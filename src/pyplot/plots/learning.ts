/** What people who train look at: curves of loss and metrics, and which classes are taken for which. */
import { checkOptions, ShapeError, show, ValueError } from "../../engine/tensor/errors.ts";
import type { Axes } from "../axes.ts";
import { checkSameLength, type NumberData, readBlock } from "../data.ts";
import type { Line2D } from "../lines.ts";
import { type Keys, readChoice } from "../options.ts";
import { drawHeatmap, type Heatmap, type HeatmapOptions } from "./grids.ts";

/** What `fit` returns, or only its lists of numbers by name. */
export type HistoryLike =
  | { readonly history: Readonly<Record<string, readonly number[]>>; readonly epoch?: readonly number[] }
  | Readonly<Record<string, readonly number[]>>;

/** Options of `learningCurves`. */
export interface LearningCurvesOptions {
  /** Which quantities, one plot each. Default all: the loss first. */
  readonly metrics?: readonly string[];
  /** The scale of the losses' axis. Default "linear". */
  readonly yscale?: "linear" | "log" | "symlog";
  /** Width and height of the figure in inches. Default 5 by 4 for each plot. */
  readonly figsize?: readonly [width: number, height: number];
}

/** The names of `learningCurves`. */
export const CURVE_NAMES: Keys<LearningCurvesOptions> = ["metrics", "yscale", "figsize"];

/** The quantities of a history, each with its curve in training and, where there is one, in validation. */
export function readCurves(
  given: HistoryLike,
  metrics: readonly string[] | undefined,
): {
  readonly epochs: readonly number[];
  readonly names: readonly string[];
  readonly logs: Readonly<Record<string, readonly number[]>>;
} {
  const wrapped =
    typeof given === "object" && given !== null && "history" in given && !Array.isArray(given.history);
  const logs = (wrapped ? given.history : given) as Readonly<Record<string, readonly number[]>>;
  const names = Object.keys(logs ?? {}).filter((name) => !name.startsWith("val_"));
  if (names.length === 0)
    throw new ValueError(`learningCurves needs what fit returned. Received: ${show(given)}`);
  for (const name of metrics ?? []) {
    if (!names.includes(name)) {
      throw new ValueError(`learningCurves: there is no ${show(name)}. There are: ${names.join(", ")}`);
    }
  }
  const count = Math.max(...names.map((name) => logs[name]!.length));
  const epoch = wrapped ? given.epoch : undefined;
  const numbers = epoch?.length === count ? epoch : Array.from({ length: count }, (_, i) => i);
  return { epochs: numbers.map((n) => n + 1), names: metrics ?? names, logs };
}

const MOST_TICKS = 10;

/** Draws one quantity: training and validation. */
export function drawCurve(
  axes: Axes,
  name: string,
  epochs: readonly number[],
  logs: Readonly<Record<string, readonly number[]>>,
): Line2D[] {
  const [train, validation] = [logs[name]!, logs[`val_${name}`]];
  // A single epoch is a point, which a line alone would not show.
  const look = epochs.length === 1 ? { marker: "o" } : {};
  const lines = axes.plot(epochs.slice(0, train.length), train, { label: "train", ...look });
  if (validation !== undefined) {
    // Validation every few epochs has fewer numbers, which belong to the last epoch of each group.
    const every = Math.max(1, Math.round(epochs.length / Math.max(1, validation.length)));
    const at = validation.map((_, i) => epochs[Math.min(epochs.length - 1, (i + 1) * every - 1)]!);
    lines.push(...axes.plot(at, validation, { label: "validation", ...look }));
    axes.legend();
  }
  // Epochs are whole; few of them would get ticks between.
  if (epochs.length <= MOST_TICKS) axes.setXticks(epochs);
  axes.setXlabel("epoch");
  axes.setYlabel(name);
  return lines;
}

/** Options of `confusionMatrix`: those of `heatmap` besides. */
export interface ConfusionMatrixOptions
  extends Omit<HeatmapOptions, "annot" | "xticklabels" | "yticklabels"> {
  /** The names of the classes. Default their numbers. */
  readonly labels?: readonly string[];
  /** Shares instead of counts: of the "true" class, of the "pred"icted one, or of "all". Default counts. */
  readonly normalize?: "true" | "pred" | "all";
}

/** A class for each sample: class numbers, or probabilities, one column for each class. */
function readClasses(where: string, value: unknown): Float64Array {
  const { data, shape } = readBlock(where, value);
  const [count = 0, columns = 1] = shape;
  if (shape.length > 2)
    throw new ShapeError(
      `${where} must have shape [n] or [n, classes]. Received shape: [${shape.join(", ")}]`,
    );
  if (shape.length === 2 && columns > 1) {
    return Float64Array.from({ length: count }, (_, i) => {
      const row = data.subarray(i * columns, (i + 1) * columns);
      return row.indexOf(Math.max(...row));
    });
  }
  // One column of probabilities is that of class 1.
  if (data.some((item) => !Number.isInteger(item)) && data.every((item) => item >= 0 && item <= 1)) {
    return data.map((item) => (item > 0.5 ? 1 : 0));
  }
  if (data.some((item) => !Number.isInteger(item) || item < 0)) {
    throw new ValueError(
      `${where} must be class numbers from 0 on, or probabilities. Received: ${show([...data.slice(0, 8)])}`,
    );
  }
  return data;
}

/** How often each class (row) was taken for each class (column). */
export function countConfusions(yTrue: unknown, yPred: unknown, classes: number | undefined): number[][] {
  const [truth, guess] = [
    readClasses("confusionMatrix: yTrue", yTrue),
    readClasses("confusionMatrix: yPred", yPred),
  ];
  checkSameLength("confusionMatrix", ["yTrue", [truth.length]], ["yPred", [guess.length]]);
  const most = Math.max(-1, ...truth, ...guess) + 1;
  const count = classes ?? most;
  if (count < most)
    throw new ShapeError(`confusionMatrix: there are classes up to ${most - 1}, but only ${count} labels.`);
  const matrix = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  truth.forEach((row, i) => {
    matrix[row]![guess[i]!]!++;
  });
  return matrix;
}

/** Draws which classes were taken for which. */
export function drawConfusions(
  axes: Axes,
  yTrue: NumberData,
  yPred: NumberData,
  options: ConfusionMatrixOptions,
): { readonly matrix: number[][]; readonly heatmap: Heatmap } {
  const { labels, normalize, ...look } = options;
  const mapNames = ["cmap", "norm", "vmin", "vmax", "fmt", "cbar", "square", "fontsize"] as const;
  checkOptions("confusionMatrix", options, ["labels", "normalize", ...mapNames]);
  readChoice("confusionMatrix: normalize", normalize, "all", ["true", "pred", "all"]);
  const counts = countConfusions(yTrue, yPred, labels?.length);
  const sum = (list: readonly number[]): number => list.reduce((total, value) => total + value, 0);
  const columns = counts.map((_, j) => sum(counts.map((row) => row[j]!)));
  const all = sum(columns);
  const matrix = counts.map((row) =>
    row.map((value, j) => {
      const wholes = { true: sum(row), pred: columns[j]!, all };
      return normalize === undefined ? value : value / (wholes[normalize] || 1);
    }),
  );
  const names = labels ?? counts.map((_, i) => String(i));
  const heatmap = drawHeatmap(axes, matrix, {
    cmap: "Blues",
    square: true,
    ...(normalize === undefined ? {} : { fmt: 2 }),
    ...look,
    annot: true,
    xticklabels: names,
    yticklabels: names,
  });
  axes.setXlabel("predicted");
  axes.setYlabel("true");
  return { matrix, heatmap };
}
