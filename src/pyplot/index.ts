/** `plt`: figures as with matplotlib's pyplot, drawn through Vega. Functions act on the current figure and axes. */
import { checkOptions, ValueError } from "../engine/tensor/errors.ts";
import type { Axes, Limits, PlotArgument, StepOptions } from "./axes.ts";
import type { NumberData } from "./data.ts";
import {
  type AxesGrid,
  Figure,
  type FigureOptions,
  type OnAxes,
  type SavefigOptions,
  type SharedWith,
  type ShareOptions,
} from "./figure.ts";
import type { AxesImage } from "./image.ts";
import type { Line2D } from "./lines.ts";
import type { HasMappable } from "./mappable.ts";
import type {
  AreaArtist,
  AxisScale,
  BarsArtist,
  PathsArtist,
  PointsArtist,
  ReferenceArtist,
  SpanArtist,
  TextArtist,
} from "./model.ts";
import {
  type AnnotateOptions,
  type AreaOptions,
  type BarhOptions,
  type BarOptions,
  type GridOptions,
  type HistOptions,
  type ImshowOptions,
  isOptions,
  type LabelOptions,
  type LegendOptions,
  type ReferenceOptions,
  readNumber,
  type ScatterOptions,
  type SegmentsOptions,
  type SpanOptions,
  type TextOptions,
  type TickOptions,
  type TickParamsOptions,
} from "./options.ts";
import type { BoxplotContainer, BoxplotOptions } from "./plots/boxplot.ts";
import type { ColorbarOptions } from "./plots/colorbar.ts";
import type { ContourArgument, ContourLabelOptions, ContourSet } from "./plots/contour.ts";
import type { ErrorbarContainer, ErrorbarOptions, StemContainer, StemOptions } from "./plots/errorbar.ts";
import type { Heatmap, HeatmapOptions, Hist2d, Hist2dOptions, Mesh, MeshOptions } from "./plots/grids.ts";
import {
  type ConfusionMatrixOptions,
  CURVE_NAMES,
  drawCurve,
  type HistoryLike,
  type LearningCurvesOptions,
  readCurves,
} from "./plots/learning.ts";
import type { PieContainer, PieOptions } from "./plots/pie.ts";
import { RC_DEFAULTS, updateRc } from "./rc.ts";
import type { ShowOptions } from "./show.ts";

export * as animation from "./animation.ts";
export {
  Axes,
  type AxesSettings,
  type Limits,
  type PlotArgument,
  type Spine,
  type StepOptions,
} from "./axes.ts";

import type { ScaleOptions } from "./axis_settings.ts";

export type { ColorSpec } from "./color.ts";
export { type ColormapName, colormaps } from "./colormap.ts";
export type { NestedNumbers, NumberData, NumberTypedArray, TensorLike } from "./data.ts";
export {
  type AxesGrid,
  Figure,
  type FigureOptions,
  type OnAxes,
  type SavefigOptions,
  type SharedWith,
  type ShareOptions,
} from "./figure.ts";
export { AxesImage } from "./image.ts";
export { Line2D } from "./lines.ts";
export type { HasMappable, MapOptions, Mappable } from "./mappable.ts";
export type { AxisScale, Coordinates, DrawStyle, LegendLocation } from "./model.ts";
export type {
  AnnotateOptions,
  AreaOptions,
  ArrowProps,
  BarhOptions,
  BarOptions,
  BoxOptions,
  GridOptions,
  HistOptions,
  ImshowOptions,
  LabelOptions,
  LegendOptions,
  LineOptions,
  PatchOptions,
  ReferenceOptions,
  ScatterOptions,
  SegmentsOptions,
  SpanOptions,
  TextOptions,
  TickOptions,
  TickParamsOptions,
} from "./options.ts";
export type { BoxplotContainer, BoxplotOptions, BoxStatistics } from "./plots/boxplot.ts";
export type { ColorbarOptions } from "./plots/colorbar.ts";
export type { ContourArgument, ContourLabelOptions, ContourOptions, ContourSet } from "./plots/contour.ts";
export type { ErrorbarContainer, ErrorbarOptions, StemContainer, StemOptions } from "./plots/errorbar.ts";
export type { Heatmap, HeatmapOptions, Hist2d, Hist2dOptions, Mesh, MeshOptions } from "./plots/grids.ts";
export type { ConfusionMatrixOptions, HistoryLike, LearningCurvesOptions } from "./plots/learning.ts";
export type { PieContainer, PieOptions } from "./plots/pie.ts";
export { type FontSize, type RcKey, type RcParams, rcParams } from "./rc.ts";
export type { PageElement, ShowOptions } from "./show.ts";
export * as style from "./style_sheets.ts";
export type { ScaleOptions };

const figures = new Map<number, Figure>();
let current: Figure | undefined;

/**
 * Makes a new figure current, or the one with this number if it is open.
 *
 * @param number default: one more than the highest in use
 * @param options size in inches (`figsize`, default [6.4, 4.8]), `dpi` (default 100), `facecolor`
 * @example
 * ```ts
 * plt.figure({ figsize: [8, 4] });
 * plt.plot([1, 4, 9]);
 * await plt.savefig("squares.png");
 * ```
 */
export function figure(number?: number | FigureOptions, options?: FigureOptions): Figure {
  const given = typeof number === "number" ? number : undefined;
  const rest = isOptions(number) ? number : options;
  if (given !== undefined && !(Number.isInteger(given) && given >= 0)) {
    throw new ValueError(`figure: the number must be a whole number of at least 0. Received: ${given}`);
  }
  const open = given === undefined ? undefined : figures.get(given);
  const next = open ?? new Figure(given ?? Math.max(0, ...figures.keys()) + 1, rest);
  figures.set(next.number, next);
  current = next;
  return next;
}

/**
 * The current figure, made when there is none.
 *
 * @example
 * ```ts
 * plt.gcf() === plt.gcf(); // → true
 * ```
 */
export function gcf(): Figure {
  return current ?? figure();
}

/**
 * The current axes of the current figure, made when there are none.
 *
 * @example
 * ```ts
 * plt.gca() === plt.gca(); // → true
 * ```
 */
export function gca(): Axes {
  return gcf().gca();
}

/**
 * Makes axes, and the figure they belong to, current.
 *
 * @example
 * ```ts
 * const [, [left, right]] = plt.subplots(1, 2);
 * plt.sca(left);
 * plt.gca() === left; // → true
 * ```
 */
export function sca(axes: Axes): void {
  const owner = [...figures.values()].find((candidate) => candidate.axes.includes(axes));
  if (owner === undefined) throw new ValueError("sca: these axes belong to no open figure.");
  owner.sca(axes);
  current = owner;
}

/**
 * Makes one cell of a grid of axes current: `subplot(2, 2, 1)` or `subplot(221)`.
 *
 * @param index counted from 1 along the rows
 * @param options `sharex`, `sharey`: axes whose x or y axis these share
 *
 * @example
 * ```ts
 * plt.subplot(2, 1, 1);
 * plt.plot([1, 2, 3]);
 * plt.subplot(2, 1, 2);
 * plt.plot([3, 2, 1]);
 * ```
 */
export function subplot(rows: number = 1, columns?: number, index?: number, options?: SharedWith): Axes {
  return gcf().addSubplot(rows, columns, index, options);
}

/** Options of `subplots`: those of a figure, and which axes share their x or y axis. */
export interface SubplotsOptions extends FigureOptions, ShareOptions {}

/**
 * Makes a new figure with a grid of axes.
 *
 * @param options of the figure (`figsize`, `dpi`, `facecolor`); `sharex`, `sharey`: false (default), true or "all", "row",
 * "col"
 * @returns the figure, and its axes: one, a list for a single row or column, or a list of rows
 * @example
 * ```ts
 * const [fig, [left, right]] = plt.subplots(1, 2, { figsize: [8, 3], sharey: true });
 * left.plot([1, 2, 3]);
 * right.scatter([1, 2, 3], [3, 1, 20]);
 * left.getYlim(); // → [0.05, 20.95]
 * await fig.savefig("two.svg");
 * ```
 */
export function subplots<Rows extends number = 1, Columns extends number = 1>(
  rows?: Rows | SubplotsOptions,
  columns?: Columns | SubplotsOptions,
  options?: SubplotsOptions,
): [Figure, AxesGrid<Rows, Columns>] {
  const given = [rows, columns, options].find((value): value is SubplotsOptions => isOptions(value)) ?? {};
  checkOptions("subplots", given, ["figsize", "dpi", "facecolor", "sharex", "sharey"]);
  const { sharex, sharey, ...rest } = given;
  const [down, across] = [typeof rows === "number" ? rows : 1, typeof columns === "number" ? columns : 1];
  const made = figure(rest);
  return [
    made,
    made.subplots(down as Rows, across as Columns, {
      ...(sharex === undefined ? {} : { sharex }),
      ...(sharey === undefined ? {} : { sharey }),
    }),
  ];
}

/**
 * Adds axes upon the current ones (or those given) with the same x axis and a y axis of their own at the right.
 *
 * @example
 * ```ts
 * plt.plot([1, 2, 3]);
 * plt.ylabel("loss");
 * plt.twinx();
 * plt.plot([0.2, 0.5, 0.9], "C1");
 * plt.ylabel("accuracy");
 * ```
 */
export function twinx(axes?: Axes): Axes {
  return gcf().twinx(axes);
}

/**
 * Adds axes upon the current ones (or those given) with the same y axis and an x axis of their own at the top.
 *
 * @example
 * ```ts
 * plt.plot([0, 10], [1, 2]);
 * plt.twiny();
 * plt.plot([0, 1], [2, 1], "C1");
 * ```
 */
export function twiny(axes?: Axes): Axes {
  return gcf().twiny(axes);
}

/**
 * Draws lines: `plot(y)`, `plot(x, y)`, `plot(x, y, "r--o", { label: "loss" })`, `plot(x1, y1, x2, y2)`.
 *
 * Format strings are `[marker][line][color]` in any order. Data of shape [n, k] makes k lines; NaN breaks a line.
 *
 * @throws ShapeError when x and y differ in length, ValueError for unknown options or formats
 * @example
 * ```ts
 * plt.plot([0, 1, 2], [0, 1, 4], "r--", { label: "squares" });
 * plt.legend();
 * await plt.savefig("squares.svg");
 * ```
 */
export function plot(first: NumberData, ...rest: PlotArgument[]): Line2D[] {
  return gca().plot(first, ...rest);
}

/**
 * Draws lines in steps: `step(x, y, { where: "pre" })`, "post" or "mid". Takes what {@link plot} takes besides.
 *
 * @example
 * ```ts
 * plt.step([1, 2, 3], [1, 4, 9], { where: "post" });
 * ```
 */
export function step(x: NumberData, y: NumberData, ...rest: (string | StepOptions)[]): Line2D[] {
  return gca().step(x, y, ...rest);
}

/**
 * Draws lines with a logarithmic y axis. Takes what {@link plot} takes.
 *
 * @example
 * ```ts
 * plt.semilogy([1, 0.1, 0.01]);
 * ```
 */
export function semilogy(first: NumberData, ...rest: PlotArgument[]): Line2D[] {
  return gca().semilogy(first, ...rest);
}

/**
 * Draws lines with a logarithmic x axis. Takes what {@link plot} takes.
 *
 * @example
 * ```ts
 * plt.semilogx([1, 10, 100], [1, 2, 3]);
 * ```
 */
export function semilogx(first: NumberData, ...rest: PlotArgument[]): Line2D[] {
  return gca().semilogx(first, ...rest);
}

/**
 * Draws lines with both axes logarithmic. Takes what {@link plot} takes.
 *
 * @example
 * ```ts
 * plt.loglog([1, 10, 100], [1, 100, 10000]);
 * ```
 */
export function loglog(first: NumberData, ...rest: PlotArgument[]): Line2D[] {
  return gca().loglog(first, ...rest);
}

/**
 * Draws separate points; `s` are their areas in square points, `c` a colour, colours, or numbers through `cmap`.
 *
 * @throws ShapeError when x, y, sizes or colours differ in number
 *
 * @example
 * ```ts
 * plt.colorbar(plt.scatter([1, 2, 3], [3, 1, 2], { c: [0, 1, 2], cmap: "viridis" }));
 * ```
 */
export function scatter(x: NumberData, y: NumberData, options?: ScatterOptions): PointsArtist {
  return gca().scatter(x, y, options);
}

/**
 * Counts numbers in bins and draws the counts: `hist(x)`, `hist(x, 20)`, `hist(x, { bins: 20, density: true })`.
 *
 * @returns the counts (or densities) and the edges of the bins
 *
 * @example
 * ```ts
 * const [counts, edges] = plt.hist([1, 1, 2, 5], 2);
 * counts; // → [3, 1]
 * edges; // → [1, 3, 5]
 * ```
 */
export function hist(
  x: NumberData,
  bins?: NumberData | number | HistOptions,
  options?: HistOptions,
): [number[], number[]] {
  return gca().hist(x, bins, options);
}

/**
 * Draws upright bars at numbers or at names: `bar(["a", "b"], [3, 5])`.
 *
 * @example
 * ```ts
 * plt.bar(["cats", "dogs"], [3, 5]);
 * ```
 */
export function bar(
  x: NumberData | readonly string[],
  height: NumberData | number,
  options?: BarOptions,
): BarsArtist {
  return gca().bar(x, height, options);
}

/**
 * Draws bars lying down at numbers or at names.
 *
 * @example
 * ```ts
 * plt.barh(["cats", "dogs"], [3, 5]);
 * ```
 */
export function barh(
  y: NumberData | readonly string[],
  width: NumberData | number,
  options?: BarhOptions,
): BarsArtist {
  return gca().barh(y, width, options);
}

/**
 * Shows a matrix through a colour map (`cmap`, default "viridis"), or an RGB(A) picture.
 *
 * @param data shape [height, width], [height, width, 1], or [height, width, 3 or 4] with floats in 0..1 or
 * integers in 0..255
 *
 * @example
 * ```ts
 * plt.imshow([[0, 1], [2, 3]], { cmap: "gray" });
 * ```
 */
export function imshow(data: NumberData, options?: ImshowOptions): AxesImage {
  return gca().imshow(data, options);
}

/**
 * Draws points with bars for their errors.
 *
 * @param options `yerr`, `xerr`: one error, one for each point, or two rows (below and above); `fmt`, `ecolor`, `capsize` …
 * @throws ShapeError when numbers of points and errors differ, ValueError for negative errors
 * @example
 * ```ts
 * const { caps } = plt.errorbar([1, 2], [3, 4], { yerr: [0.5, 1], fmt: "o", capsize: 3 });
 * caps.map((line) => line.getYdata()); // → [[2.5, 3], [3.5, 5]]
 * ```
 */
export function errorbar(x: NumberData, y: NumberData, options?: ErrorbarOptions): ErrorbarContainer {
  return gca().errorbar(x, y, options);
}

/**
 * Draws points on stalks: `stem(y)`, `stem(x, y, { linefmt: "C1--", markerfmt: "s", bottom: 1 })`.
 *
 * @example
 * ```ts
 * plt.stem([3, 1, 2]);
 * ```
 */
export function stem(first: NumberData, ...rest: (NumberData | StemOptions)[]): StemContainer {
  return gca().stem(first, ...rest);
}

/**
 * Draws shares of a whole as wedges of a circle.
 *
 * @param options `labels`, `explode`, `colors`, `autopct` ("%1.1f%%"), `startangle`, `counterclock`, `radius`,
 * `wedgeprops: { width }` for a ring …
 * @example
 * ```ts
 * const { autotexts } = plt.pie([1, 3], { labels: ["cats", "dogs"], autopct: "%1.1f%%" });
 * autotexts.map(({ text }) => text); // → ["25.0%", "75.0%"]
 * ```
 */
export function pie(x: NumberData, options?: PieOptions): PieContainer {
  return gca().pie(x, options);
}

/**
 * Draws quartiles, whiskers and outliers of lists of numbers.
 *
 * @param x one list, a list of lists, or a matrix, whose columns are the lists
 * @param options `labels`, `positions`, `widths`, `orientation`, `whis` (1.5), `showmeans`, `showfliers`, `patchArtist` …
 * @example
 * ```ts
 * const { statistics } = plt.boxplot([[1, 2, 3, 4, 5, 6, 7, 8, 30]]);
 * [statistics[0]?.median, statistics[0]?.fliers]; // → [5, [30]]
 * ```
 */
export function boxplot(x: NumberData | readonly NumberData[], options?: BoxplotOptions): BoxplotContainer {
  return gca().boxplot(x, options);
}

/**
 * Draws level lines of numbers on a grid: `contour(z)`, `contour(x, y, z)`, `contour(x, y, z, 10)`,
 * `contour(x, y, z, [0, 0.5], { colors: "k" })`.
 *
 * @param options `levels`, `cmap`, `norm`, `vmin`, `vmax`, `colors`, `linewidths` (1.5), `linestyles`, `alpha`
 * @throws ShapeError when the shapes do not fit, ValueError when the levels do not rise
 * @example
 * ```ts
 * const { levels } = plt.contour([[0, 1], [2, 3]]);
 * levels; // → [0, 0.4, 0.8, 1.2, 1.6, 2, 2.4, 2.8, 3.2]
 * ```
 */
export function contour(first: NumberData, ...rest: ContourArgument[]): ContourSet {
  return gca().contour(first, ...rest);
}

/**
 * Writes numbers into the level lines of {@link contour}, along them, in a gap of the line.
 *
 * @param options `levels` (default all), `fontsize`, `colors` (default those of the lines), `inline` (true), `inlineSpacing` (5
 *   points), `fmt` (`"%1.1f"`, or a function)
 * @throws ValueError for bands, or levels that have no line
 * @example
 * ```ts
 * const lines = plt.contour([[0, 1], [2, 3]], [1, 2]);
 * plt.clabel(lines, { fmt: "%d", fontsize: 9 }).levels; // → [1, 2]
 * ```
 */
export function clabel(contours: ContourSet, options?: ContourLabelOptions): ContourSet {
  return gca().clabel(contours, options);
}

/**
 * Fills the bands between levels of numbers on a grid. Takes what {@link contour} takes.
 *
 * @example
 * ```ts
 * plt.contourf([[0, 1], [1, 2]], { levels: [0, 0.5, 1, 1.5, 2] });
 * ```
 */
export function contourf(first: NumberData, ...rest: ContourArgument[]): ContourSet {
  return gca().contourf(first, ...rest);
}

/**
 * Draws the cells of a grid as colours: `pcolormesh(c)` or `pcolormesh(x, y, c)`, x and y the cells' edges or middles.
 *
 * @example
 * ```ts
 * plt.colorbar(plt.pcolormesh([[0, 1], [2, 3]]));
 * ```
 */
export function pcolormesh(first: NumberData, ...rest: (NumberData | MeshOptions)[]): Mesh {
  return gca().pcolormesh(first, ...rest);
}

/**
 * Counts points in the cells of a grid and draws the counts.
 *
 * @returns the counts (first axis x), the edges of x and y, and what was drawn, for `colorbar`
 *
 * @example
 * ```ts
 * const [counts] = plt.hist2d([0, 0, 1], [0, 0, 1], { bins: 2 });
 * counts; // → [[2, 0], [0, 1]]
 * ```
 */
export function hist2d(x: NumberData, y: NumberData, options?: Hist2dOptions): Hist2d {
  return gca().hist2d(x, y, options);
}

/**
 * Draws a matrix as colours with its numbers, and a colour bar beside it; what seaborn calls `heatmap`.
 *
 * @param options `annot` (write the numbers, or given texts), `fmt` (digits after the point, or a function),
 * `xticklabels`, `yticklabels`, `cmap`, `vmin`, `vmax`, `cbar` (true), `square` (false), `ax` (the current axes)
 * @example
 * ```ts
 * const { texts } = plt.heatmap([[0.25, 1], [2, 10]], { annot: true, fmt: 1 });
 * texts.map(({ text }) => text); // → ["0.3", "1.0", "2.0", "10.0"]
 * ```
 */
export function heatmap(data: NumberData, options?: HeatmapOptions & OnAxes): Heatmap {
  return gcf().heatmap(data, options);
}

/**
 * Draws how often each class (rows) was taken for each class (columns), on the current axes.
 *
 * @param yTrue the classes: numbers from 0 on, or one-hot rows
 * @param yPred the predicted ones: numbers, or probabilities as `model.predict` gives them
 * @param options `labels` (names of the classes), `normalize` ("true", "pred" or "all"), `ax`, and those of `heatmap`
 * @returns the matrix
 * @example
 * ```ts
 * plt.confusionMatrix([0, 1, 1, 1], [0, 1, 0, 1], { labels: ["cat", "dog"] }); // → [[1, 0], [1, 2]]
 * ```
 */
export function confusionMatrix(
  yTrue: NumberData,
  yPred: NumberData,
  options?: ConfusionMatrixOptions & OnAxes,
): number[][] {
  return gcf().confusionMatrix(yTrue, yPred, options);
}

/**
 * Makes a figure of the curves of a training: one plot for the loss and for each metric, with training and validation.
 *
 * @param history what `fit` returned
 * @param options `metrics` (which; default all), `yscale` of the losses ("linear"), `figsize`
 * @example
 * ```ts
 * const [fig, axes] = plt.learningCurves({ loss: [1, 0.5], val_loss: [1.1, 0.7] });
 * axes[0]?.getLegendLabels(); // → ["train", "validation"]
 * await fig.savefig("curves.svg");
 * ```
 */
export function learningCurves(
  history: HistoryLike,
  options: LearningCurvesOptions = {},
): [figure: Figure, axes: Axes[]] {
  checkOptions("learningCurves", options, CURVE_NAMES);
  const { epochs, names, logs } = readCurves(history, options.metrics);
  const figsize = options.figsize ?? ([5 * names.length + 1, 4] as const);
  const made = figure({ figsize });
  const axes = names.map((name, i) => {
    const one = made.addSubplot(1, names.length, i + 1);
    drawCurve(one, name, epochs, logs);
    if (options.yscale !== undefined && name.endsWith("loss")) one.setYscale(options.yscale);
    return one;
  });
  made.tightLayout();
  return [made, axes];
}

/**
 * Fills the area between two curves; the second may be a number, default 0.
 *
 * @example
 * ```ts
 * plt.fillBetween([0, 1, 2], [1, 3, 2], 0, { alpha: 0.3 });
 * ```
 */
export function fillBetween(
  x: NumberData,
  y1: NumberData | number,
  y2?: NumberData | number,
  options?: AreaOptions,
): AreaArtist {
  return gca().fillBetween(x, y1, y2, options);
}

/**
 * Draws a horizontal line across the axes: `axhline(0.5, { color: "k", linestyle: "--" })`.
 *
 * @example
 * ```ts
 * plt.axhline(0.5, { color: "k", linestyle: "--" });
 * ```
 */
export function axhline(
  y?: number | ReferenceOptions,
  ...rest: (number | ReferenceOptions)[]
): ReferenceArtist {
  return gca().axhline(y, ...rest);
}

/**
 * Draws a vertical line across the axes: `axvline(0.5, { color: "k", linestyle: "--" })`.
 *
 * @example
 * ```ts
 * plt.axvline(0.5, { color: "k", linestyle: "--" });
 * ```
 */
export function axvline(
  x?: number | ReferenceOptions,
  ...rest: (number | ReferenceOptions)[]
): ReferenceArtist {
  return gca().axvline(x, ...rest);
}

/**
 * Fills a horizontal band across the axes: `axhspan(0.2, 0.4, { alpha: 0.3 })`.
 *
 * @example
 * ```ts
 * plt.axhspan(0.2, 0.4, { alpha: 0.3 });
 * ```
 */
export function axhspan(ymin: number, ymax: number, ...rest: (number | SpanOptions)[]): SpanArtist {
  return gca().axhspan(ymin, ymax, ...rest);
}

/**
 * Fills a vertical band across the axes: `axvspan(0.2, 0.4, { alpha: 0.3 })`.
 *
 * @example
 * ```ts
 * plt.axvspan(0.2, 0.4, { alpha: 0.3 });
 * ```
 */
export function axvspan(xmin: number, xmax: number, ...rest: (number | SpanOptions)[]): SpanArtist {
  return gca().axvspan(xmin, xmax, ...rest);
}

/**
 * Draws a horizontal line at each y, from xmin to xmax.
 *
 * @example
 * ```ts
 * plt.hlines([1, 2], 0, 5);
 * ```
 */
export function hlines(
  y: NumberData | number,
  xmin: NumberData | number,
  xmax: NumberData | number,
  options?: SegmentsOptions,
): PathsArtist {
  return gca().hlines(y, xmin, xmax, options);
}

/**
 * Draws a vertical line at each x, from ymin to ymax.
 *
 * @example
 * ```ts
 * plt.vlines([1, 2], 0, 5);
 * ```
 */
export function vlines(
  x: NumberData | number,
  ymin: NumberData | number,
  ymax: NumberData | number,
  options?: SegmentsOptions,
): PathsArtist {
  return gca().vlines(x, ymin, ymax, options);
}

/**
 * Writes text at a point in data coordinates.
 *
 * @example
 * ```ts
 * plt.plot([1, 3, 2]);
 * plt.text(1, 3, "the top");
 * ```
 */
export function text(x: number, y: number, content: string, options?: TextOptions): TextArtist {
  return gca().text(x, y, content, options);
}

/**
 * Writes text about a point, with an arrow to it if `arrowprops` are given.
 *
 * @param options `xytext`, where the text stands; `textcoords: "offset points"` counts it from the point
 *
 * @example
 * ```ts
 * plt.plot([1, 3, 2]);
 * plt.annotate("the top", [1, 3], { xytext: [1.5, 2.8], arrowprops: { arrowstyle: "->" } });
 * ```
 */
export function annotate(
  content: string,
  xy: readonly [x: number, y: number],
  options?: AnnotateOptions,
): TextArtist {
  return gca().annotate(content, xy, options);
}

/**
 * Adds a bar that explains colours.
 *
 * @param mappable what `imshow`, `scatter`, `contour`, `contourf`, `hist2d` … returned
 * @example
 * ```ts
 * const image = plt.imshow([[0, 1], [2, 3]]);
 * const bar = plt.colorbar(image, { label: "value" });
 * bar.getYlim(); // → [0, 3]
 * await plt.savefig("matrix.png");
 * ```
 */
export function colorbar(mappable: HasMappable, options?: ColorbarOptions): Axes {
  return gcf().colorbar(mappable, options);
}

/**
 * Sets the title above the axes.
 *
 * @example
 * ```ts
 * plt.plot([3, 2, 1]);
 * plt.title("Loss");
 * ```
 */
export function title(label: string, options?: LabelOptions): void {
  gca().setTitle(label, options);
}

/**
 * Sets the title above the whole figure.
 *
 * @example
 * ```ts
 * plt.subplots(1, 2);
 * plt.suptitle("Two models");
 * ```
 */
export function suptitle(label: string, options?: LabelOptions): void {
  gcf().suptitle(label, options);
}

/**
 * Sets the label under the x axis.
 *
 * @example
 * ```ts
 * plt.plot([3, 2, 1]);
 * plt.xlabel("epoch");
 * ```
 */
export function xlabel(label: string, options?: LabelOptions): void {
  gca().setXlabel(label, options);
}

/**
 * Sets the label beside the y axis.
 *
 * @example
 * ```ts
 * plt.plot([3, 2, 1]);
 * plt.ylabel("loss");
 * ```
 */
export function ylabel(label: string, options?: LabelOptions): void {
  gca().setYlabel(label, options);
}

/**
 * Sets the ends of the x axis, or without arguments only tells them.
 *
 * @example
 * ```ts
 * plt.figure();
 * plt.plot([3, 2, 1]);
 * plt.xlim(0, 5); // → [0, 5]
 * ```
 */
export function xlim(low?: number | Limits, high?: number): Limits {
  const axes = gca();
  return low === undefined && high === undefined ? axes.getXlim() : axes.setXlim(low, high);
}

/**
 * Sets the ends of the y axis, or without arguments only tells them.
 *
 * @example
 * ```ts
 * plt.figure();
 * plt.plot([3, 2, 1]);
 * plt.ylim(0, 5); // → [0, 5]
 * ```
 */
export function ylim(low?: number | Limits, high?: number): Limits {
  const axes = gca();
  return low === undefined && high === undefined ? axes.getYlim() : axes.setYlim(low, high);
}

/**
 * Spreads the x axis linearly, logarithmically, or so on both sides of a linear middle ("symlog").
 *
 * @param options of "symlog": `linthresh`, up to which distance from zero it is linear (2); `linscale`, how many powers each
 *   half of that is as long as (1); `base` (10)
 * @throws ValueError for another scale, or options that do not fit
 * @example
 * ```ts
 * plt.plot([1, 10, 100], [1, 2, 3]);
 * plt.xscale("log");
 * ```
 */
export function xscale(scale: AxisScale, options: ScaleOptions = {}): void {
  gca().setXscale(scale, options);
}

/**
 * Spreads the y axis linearly, logarithmically, or so on both sides of a linear middle ("symlog").
 *
 * @param options of "symlog": `linthresh`, up to which distance from zero it is linear (2); `linscale`, how many powers each
 *   half of that is as long as (1); `base` (10)
 * @throws ValueError for another scale, or options that do not fit
 * @example
 * ```ts
 * plt.plot([-1000, 0, 1000]);
 * plt.yscale("symlog", { linthresh: 10 });
 * ```
 */
export function yscale(scale: AxisScale, options: ScaleOptions = {}): void {
  gca().setYscale(scale, options);
}

/**
 * Sets where the x axis has ticks, and their texts; `xticks([])` removes them.
 *
 * @example
 * ```ts
 * plt.plot([3, 2, 1]);
 * plt.xticks([0, 1, 2], ["one", "two", "three"]);
 * ```
 */
export function xticks(ticks: NumberData, labels?: readonly string[], options?: TickOptions): void {
  gca().setXticks(ticks, labels, options);
}

/**
 * Sets where the y axis has ticks, and their texts; `yticks([])` removes them.
 *
 * @example
 * ```ts
 * plt.plot([3, 2, 1]);
 * plt.yticks([1, 2, 3]);
 * ```
 */
export function yticks(ticks: NumberData, labels?: readonly string[], options?: TickOptions): void {
  gca().setYticks(ticks, labels, options);
}

/**
 * Changes the look of the ticks and their labels: `tickParams({ axis: "x", rotation: 45 })`.
 *
 * @example
 * ```ts
 * plt.plot([3, 2, 1]);
 * plt.tickParams({ axis: "x", rotation: 45 });
 * ```
 */
export function tickParams(options: TickParamsOptions): void {
  gca().tickParams(options);
}

/**
 * "off" hides ticks, labels and box, "on" shows them; "equal" makes units alike on both axes, "auto" fills.
 *
 * @example
 * ```ts
 * plt.imshow([[0, 1], [2, 3]]);
 * plt.axis("off");
 * ```
 */
export function axis(what: "on" | "off" | "equal" | "auto"): void {
  gca().axis(what);
}

/**
 * Shows a legend of all that has a label; a list gives the texts in the order of drawing.
 *
 * @example
 * ```ts
 * plt.plot([3, 2, 1], { label: "loss" });
 * plt.legend();
 * ```
 */
export function legend(labels?: readonly string[] | LegendOptions, options?: LegendOptions): void {
  gca().legend(labels, options);
}

/**
 * Shows or hides grid lines: `grid()` toggles, `grid(true, { axis: "y", linestyle: ":" })`.
 *
 * @example
 * ```ts
 * plt.plot([3, 2, 1]);
 * plt.grid(true, { axis: "y", linestyle: ":" });
 * ```
 */
export function grid(visible?: boolean | GridOptions, options?: GridOptions): void {
  gca().grid(visible, options);
}

/**
 * Changes several settings of one group: `rc("lines", { linewidth: 2 })` is `rcParams["lines.linewidth"] = 2`.
 *
 * @example
 * ```ts
 * plt.rc("lines", { linewidth: 2 });
 * plt.rcParams["lines.linewidth"]; // → 2
 * plt.rcdefaults();
 * ```
 */
export function rc(group: string, settings: Readonly<Record<string, unknown>>): void {
  const named = Object.entries(settings).map(([key, value]) => [`${group}.${key}`, value]);
  updateRc("rc", Object.fromEntries(named));
}

/**
 * Makes all settings the defaults again.
 *
 * @example
 * ```ts
 * plt.rcParams["lines.linewidth"] = 5;
 * plt.rcdefaults();
 * plt.rcParams["lines.linewidth"]; // → 1.5
 * ```
 */
export function rcdefaults(): void {
  updateRc("rcdefaults", RC_DEFAULTS);
}

/**
 * Gives labels and titles the room they need, so that subplots do not overlap.
 *
 * @example
 * ```ts
 * plt.subplots(2, 2);
 * plt.tightLayout();
 * ```
 */
export function tightLayout(): void {
  gcf().tightLayout();
}

/**
 * Removes everything from the current axes.
 *
 * @example
 * ```ts
 * plt.plot([1, 2, 3]);
 * plt.cla();
 * plt.plot([3, 2, 1]);
 * ```
 */
export function cla(): void {
  gca().clear();
}

/**
 * Removes everything from the current figure.
 *
 * @example
 * ```ts
 * plt.plot([1, 2, 3]);
 * plt.clf();
 * ```
 */
export function clf(): void {
  gcf().clear();
}

/**
 * Writes the current figure to a file (`.svg` or `.png`); in a page it becomes a download.
 *
 * @param options `dpi` of a PNG, `format`, `transparent`, `facecolor`, `bboxInches: "tight"`
 *
 * @example
 * ```ts
 * plt.figure();
 * plt.plot([1, 2, 3]);
 * await plt.savefig("line.svg");
 * ```
 */
export function savefig(path: string, options?: SavefigOptions): Promise<void> {
  return gcf().savefig(path, options);
}

/**
 * Shows all open figures and closes them.
 *
 * In a page they are put into it; in a notebook they are displayed; in a terminal that can (kitty, iTerm2, WezTerm,
 * Ghostty) they are drawn inline, in others as a chart of Unicode characters, with a PNG saved and named.
 *
 * @param options.element in a page, where to put them. Default `document.body`
 *
 * @example
 * ```ts
 * plt.plot([1, 3, 2]);
 * await plt.show();
 * ```
 */
export async function show(options: ShowOptions = {}): Promise<void> {
  checkOptions("show", options, ["element"]);
  const open = [...figures.values()].sort((a, b) => a.number - b.number);
  // Closed before waiting: what is drawn next, even without `await`, belongs to a new figure.
  close("all");
  for (const one of open) await one.show(options);
}

/**
 * Shows the current figure while the program goes on, or changes what it has shown, and waits: see `figure.draw`.
 *
 * @param interval seconds
 *
 * @example
 * ```ts
 * plt.plot([1, 3, 2]);
 * await plt.pause(0.001);
 * ```
 */
export async function pause(interval: number): Promise<void> {
  const seconds = readNumber("pause: interval", interval, 0, 0);
  await gcf().draw();
  await new Promise((done) => setTimeout(done, 1000 * seconds));
}

/**
 * Closes the current figure, the one given by itself or its number, or "all".
 *
 * @example
 * ```ts
 * plt.figure();
 * plt.close("all");
 * ```
 */
export function close(which?: Figure | number | "all"): void {
  const target = which === undefined ? current : typeof which === "number" ? figures.get(which) : which;
  if (target === "all") figures.clear();
  else if (target !== undefined && figures.get(target.number) === target) figures.delete(target.number);
  if (current !== undefined && figures.get(current.number) !== current) {
    current = [...figures.values()].at(-1);
  }
}
