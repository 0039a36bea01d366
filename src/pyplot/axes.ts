/** One plot of a figure: the methods that draw on it and label it. */
import { checkOptions, show, ValueError } from "../engine/tensor/errors.ts";
import {
  invert,
  type Limits,
  limitsOf,
  type ScaleOptions,
  setLabel,
  setLimits,
  setScale,
  setTickParams,
  setTicks,
} from "./axis_settings.ts";
import { parseColor } from "./color.ts";
import { ColorCycle } from "./cycle.ts";
import { type NumberData, readBlock } from "./data.ts";
import { AxesImage } from "./image.ts";
import { LEGEND_LOCATIONS, labelled } from "./legend_entries.ts";
import type { Line2D } from "./lines.ts";
import {
  type AreaArtist,
  type Artist,
  type AxesModel,
  type AxesOrigin,
  type AxisModel,
  type AxisScale,
  type BarsArtist,
  type Coordinates,
  clearAxes,
  freshAxes,
  type LegendLocation,
  type PathsArtist,
  type PointsArtist,
  type ReferenceArtist,
  type Side,
  type SpanArtist,
  type Stroke,
  type SubplotCell,
  type TextArtist,
} from "./model.ts";
import {
  type AnnotateOptions,
  type AreaOptions,
  type BarhOptions,
  type BarOptions,
  type GridOptions,
  type HistOptions,
  type ImshowOptions,
  type LabelOptions,
  type LegendOptions,
  type LineOptions,
  OPTION_NAMES,
  type ReferenceOptions,
  readChoice,
  readNumber,
  readText,
  type ScatterOptions,
  type SegmentsOptions,
  type SpanOptions,
  type TextOptions,
  type TickOptions,
  type TickParamsOptions,
} from "./options.ts";
import { drawBars, drawBarsAcross, drawHistogram } from "./plots/bars.ts";
import { type BoxplotContainer, type BoxplotOptions, drawBoxes } from "./plots/boxplot.ts";
import {
  type ContourArgument,
  type ContourLabelOptions,
  type ContourSet,
  drawContours,
  labelContours,
} from "./plots/contour.ts";
import {
  drawErrorbar,
  drawStem,
  type ErrorbarContainer,
  type ErrorbarOptions,
  type StemContainer,
  type StemOptions,
} from "./plots/errorbar.ts";
import { drawArea } from "./plots/fill_between.ts";
import {
  drawHist2d,
  drawMesh,
  type Hist2d,
  type Hist2dOptions,
  type Mesh,
  type MeshOptions,
} from "./plots/grids.ts";
import { drawPie, type PieContainer, type PieOptions } from "./plots/pie.ts";
import { drawLines, type PlotArgument } from "./plots/plot.ts";
import { drawReference, drawSegments, drawSpan } from "./plots/reference.ts";
import { drawPoints } from "./plots/scatter.ts";
import { drawAnnotation, drawText } from "./plots/text.ts";
import { currentRc, points, type RcParams, rcFlag } from "./rc.ts";
import { parseLineStyle } from "./styles.ts";

export type { Limits } from "./axis_settings.ts";
export type { PlotArgument } from "./plots/plot.ts";

/** Options of `step`. */
export interface StepOptions extends Omit<LineOptions, "drawstyle"> {
  /** Default "pre". */
  readonly where?: "pre" | "mid" | "post";
}

/** One side of the box around axes. */
export interface Spine {
  /** Shows or hides it. */
  setVisible(visible: boolean): void;
}

/** What `set` takes. */
export interface AxesSettings {
  readonly title?: string;
  readonly xlabel?: string;
  readonly ylabel?: string;
  readonly xlim?: Limits;
  readonly ylim?: Limits;
  readonly xscale?: AxisScale;
  readonly yscale?: AxisScale;
  readonly xticks?: NumberData;
  readonly yticks?: NumberData;
  readonly aspect?: "equal" | "auto";
  readonly facecolor?: string;
}

/**
 * One plot of a figure. Made by `plt.subplots`, `plt.subplot` or `figure.addSubplot`.
 *
 * The methods are matplotlib's, in camelCase: `set_title` is `setTitle`.
 *
 * @example
 * ```ts
 * const [fig, ax] = plt.subplots();
 * ax.plot([0, 1, 2], [0, 1, 4], "o-", { label: "squares" });
 * ax.setTitle("Squares");
 * ax.legend();
 * await fig.savefig("squares.svg");
 * ```
 */
export class Axes {
  /** What has been drawn so far, as plain data. */
  readonly model: AxesModel;
  /** The colours of what names none. */
  readonly cycle: ColorCycle;
  /** For `transform` of `text`: positions in the axes' own numbers. */
  readonly transData: Coordinates = "data";
  /** For `transform` of `text`: fractions of the box, [0, 0] at its left bottom, [1, 1] at its right top. */
  readonly transAxes: Coordinates = "axes fraction";

  /**
   * @param rc default: the settings as they are now
   */
  constructor(cell: SubplotCell, rc: Readonly<RcParams> = currentRc(), origin: AxesOrigin = {}) {
    this.model = freshAxes(cell, rc, origin);
    this.cycle = new ColorCycle(rc);
    if (rcFlag(rc, "axes.grid") && origin.isColorbar !== true) this.grid(true);
  }

  /** The four sides of the box: `ax.spines.top.setVisible(false)`. */
  get spines(): Readonly<Record<Side, Spine>> {
    const side = (name: Side): Spine => ({
      setVisible: (visible) => {
        this.model.spines[name] = visible;
      },
    });
    return { left: side("left"), right: side("right"), top: side("top"), bottom: side("bottom") };
  }

  /** Adds what has been made elsewhere. */
  addArtist<T extends Artist>(artist: T): T {
    this.model.artists.push(artist);
    return artist;
  }

  /**
   * Draws lines: `plot(y)`, `plot(x, y)`, `plot(x, y, "r--o")`, `plot(x1, y1, "b-", x2, y2, "g:")`.
   *
   * Data of shape [n, k] makes k lines. NaN breaks a line.
   *
   * @returns the lines
   * @throws ShapeError when x and y differ in length, ValueError for unknown options or formats
   */
  plot(first: NumberData, ...rest: PlotArgument[]): Line2D[] {
    return drawLines(this, "plot", [first, ...rest]);
  }

  /** Draws lines with a logarithmic y axis. Takes what {@link plot} takes. */
  semilogy(first: NumberData, ...rest: PlotArgument[]): Line2D[] {
    const lines = this.plot(first, ...rest);
    this.setYscale("log");
    return lines;
  }

  /** Draws lines with a logarithmic x axis. Takes what {@link plot} takes. */
  semilogx(first: NumberData, ...rest: PlotArgument[]): Line2D[] {
    const lines = this.plot(first, ...rest);
    this.setXscale("log");
    return lines;
  }

  /** Draws lines with both axes logarithmic. Takes what {@link plot} takes. */
  loglog(first: NumberData, ...rest: PlotArgument[]): Line2D[] {
    const lines = this.semilogx(first, ...rest);
    this.setYscale("log");
    return lines;
  }

  /**
   * Draws lines in steps. Takes what {@link plot} takes, and `where`: "pre" (default, the step before each point), "post" or
   * "mid".
   */
  step(x: NumberData, y: NumberData, ...rest: (string | StepOptions)[]): Line2D[] {
    const last = rest.at(-1);
    const { where, ...options } = typeof last === "object" ? last : {};
    const drawstyle = `steps-${readChoice("step: where", where, "pre", ["pre", "mid", "post"])}` as const;
    return drawLines(this, "step", [
      x,
      y,
      ...rest.filter((item) => typeof item === "string"),
      { ...options, drawstyle },
    ]);
  }

  /**
   * Draws points with bars for their errors.
   *
   * @param options `yerr`, `xerr`: one error, one for each point, or two rows (below and above); `fmt` (format of the line,
   * "none" for bars alone), `ecolor`, `elinewidth`, `capsize` (default 0), `capthick`, and those of `plot`
   * @throws ShapeError when numbers of points and errors differ, ValueError for negative errors
   */
  errorbar(x: NumberData, y: NumberData, options: ErrorbarOptions = {}): ErrorbarContainer {
    return drawErrorbar(this, x, y, options);
  }

  /** Draws points on stalks: `stem(y)`, `stem(x, y)`, `stem(x, y, { linefmt: "C1--", markerfmt: "s", bottom: 1 })`. */
  stem(first: NumberData, ...rest: (NumberData | StemOptions)[]): StemContainer {
    return drawStem(this, first, rest);
  }

  /**
   * Draws shares of a whole as wedges of a circle, and takes the axes' box away.
   *
   * @param options `labels`, `explode`, `colors`, `autopct` ("%1.1f%%"), `startangle`, `counterclock`, `radius`,
   * `wedgeprops: { width }` for a ring …
   * @throws ValueError for negative shares
   */
  pie(x: NumberData, options: PieOptions = {}): PieContainer {
    return drawPie(this, x, options);
  }

  /**
   * Draws quartiles, whiskers and outliers.
   *
   * @param x one list, a list of lists, or a matrix, whose columns are the lists
   * @param options `labels`, `positions`, `widths`, `orientation`, `whis` (1.5), `showmeans`, `showfliers`, `patchArtist` …
   * @returns what was drawn, and the statistics
   */
  boxplot(x: NumberData | readonly NumberData[], options: BoxplotOptions = {}): BoxplotContainer {
    return drawBoxes(this, x, options);
  }

  /**
   * Draws level lines of numbers on a grid: `contour(z)`, `contour(x, y, z)`, `contour(x, y, z, 10)`,
   * `contour(x, y, z, [0, 0.5], { colors: "k" })`.
   *
   * @returns the levels and one artist for each, for `colorbar`
   * @throws ShapeError when the shapes do not fit, ValueError when the levels do not rise
   */
  contour(first: NumberData, ...rest: ContourArgument[]): ContourSet {
    return drawContours(this, "contour", [first, ...rest]);
  }

  /**
   * Writes numbers into the level lines of {@link contour}, along them, in a gap of the line.
   *
   * @param options `levels` (default all), `fontsize`, `colors` (default those of the lines), `inline` (true), `inlineSpacing` (5
   *   points), `fmt`
   * @throws ValueError for bands, or levels that have no line
   */
  clabel(contours: ContourSet, options: ContourLabelOptions = {}): ContourSet {
    return labelContours(this, contours, options);
  }

  /** Fills the bands between levels of numbers on a grid. Takes what {@link contour} takes. */
  contourf(first: NumberData, ...rest: ContourArgument[]): ContourSet {
    return drawContours(this, "contourf", [first, ...rest]);
  }

  /**
   * Draws the cells of a grid as colours: `pcolormesh(c)` or `pcolormesh(x, y, c)`, with x and y the edges or the middles of
   * the cells.
   */
  pcolormesh(first: NumberData, ...rest: (NumberData | MeshOptions)[]): Mesh {
    return drawMesh(this, [first, ...rest]);
  }

  /**
   * Counts points in the cells of a grid and draws the counts.
   *
   * @param options `bins` (10, edges, or one of these for each axis), `range`, `density`, `cmin`, `cmax`, `cmap`, `norm` …
   * @returns the counts (first axis x), the edges of x and y, and what was drawn, for `colorbar`
   */
  hist2d(x: NumberData, y: NumberData, options: Hist2dOptions = {}): Hist2d {
    return drawHist2d(this, x, y, options);
  }

  /**
   * Draws separate points, their size and colour free for each.
   *
   * @throws ShapeError when x, y, sizes or colours differ in number
   */
  scatter(x: NumberData, y: NumberData, options: ScatterOptions = {}): PointsArtist {
    return drawPoints(this, x, y, options);
  }

  /**
   * Draws upright bars at numbers or at names.
   *
   * @param x the middles of the bars, or their names
   * @param height one number for each bar
   * @throws ShapeError when the numbers of positions, heights, widths or bottoms differ
   */
  bar(x: NumberData | readonly string[], height: NumberData | number, options: BarOptions = {}): BarsArtist {
    return drawBars(this, x, height, options);
  }

  /**
   * Draws bars lying down at numbers or at names.
   *
   * @param y the middles of the bars, or their names
   * @param width one number for each bar
   * @throws ShapeError when the numbers of positions, widths, heights or lefts differ
   */
  barh(y: NumberData | readonly string[], width: NumberData | number, options: BarhOptions = {}): BarsArtist {
    return drawBarsAcross(this, y, width, options);
  }

  /**
   * Counts numbers in bins and draws the counts as bars.
   *
   * @param x numbers of any shape; NaN is left out
   * @param bins the number of bins or their edges, or the options
   * @returns the counts (or densities) and the edges of the bins
   * @throws ValueError when the bins are no positive integer and no rising edges
   */
  hist(x: NumberData, bins?: NumberData | number | HistOptions, options?: HistOptions): [number[], number[]] {
    return drawHistogram(this, x, bins, options);
  }

  /**
   * Shows a matrix through a colour map, or an RGB(A) picture.
   *
   * @param data shape [height, width], [height, width, 1], or [height, width, 3 or 4] with floats in 0..1 or
   * integers in 0..255
   * @throws ShapeError for other shapes
   */
  imshow(data: NumberData, options: ImshowOptions = {}): AxesImage {
    checkOptions("imshow", options, OPTION_NAMES.imshow);
    const aspect = readChoice("imshow: aspect", options.aspect, "equal", ["equal", "auto"]);
    const image = new AxesImage("imshow", readBlock("imshow", data), options, this.model.rc);
    this.model.aspect = aspect;
    return this.addArtist(image);
  }

  /**
   * Fills the area between two curves.
   *
   * @param y2 the other curve or a number. Default 0
   * @throws ShapeError when the lengths differ
   */
  fillBetween(
    x: NumberData,
    y1: NumberData | number,
    y2: NumberData | number = 0,
    options: AreaOptions = {},
  ): AreaArtist {
    return drawArea(this, x, y1, y2, options);
  }

  /**
   * Draws a horizontal line across the axes.
   *
   * @param y where. Default 0
   * @param xmin where it starts, as a fraction of the axes. Default 0
   * @param xmax where it ends. Default 1
   */
  axhline(y?: number | ReferenceOptions, ...rest: (number | ReferenceOptions)[]): ReferenceArtist {
    return drawReference(this, "axhline", "y", y === undefined ? rest : [y, ...rest]);
  }

  /**
   * Draws a vertical line across the axes.
   *
   * @param x where. Default 0
   * @param ymin where it starts, as a fraction of the axes. Default 0
   * @param ymax where it ends. Default 1
   */
  axvline(x?: number | ReferenceOptions, ...rest: (number | ReferenceOptions)[]): ReferenceArtist {
    return drawReference(this, "axvline", "x", x === undefined ? rest : [x, ...rest]);
  }

  /**
   * Fills a horizontal band across the axes: `axhspan(0.2, 0.4, { alpha: 0.3 })`.
   *
   * @param rest where the band starts and ends across the axes, as fractions (default 0 and 1), and options
   */
  axhspan(ymin: number, ymax: number, ...rest: (number | SpanOptions)[]): SpanArtist {
    return drawSpan(this, "axhspan", "y", [ymin, ymax, ...rest]);
  }

  /**
   * Fills a vertical band across the axes: `axvspan(0.2, 0.4, { alpha: 0.3 })`.
   *
   * @param rest where the band starts and ends up the axes, as fractions (default 0 and 1), and options
   */
  axvspan(xmin: number, xmax: number, ...rest: (number | SpanOptions)[]): SpanArtist {
    return drawSpan(this, "axvspan", "x", [xmin, xmax, ...rest]);
  }

  /** Draws a horizontal line at each y, from xmin to xmax. */
  hlines(
    y: NumberData | number,
    xmin: NumberData | number,
    xmax: NumberData | number,
    options: SegmentsOptions = {},
  ): PathsArtist {
    return drawSegments(this, "hlines", "y", y, xmin, xmax, options);
  }

  /** Draws a vertical line at each x, from ymin to ymax. */
  vlines(
    x: NumberData | number,
    ymin: NumberData | number,
    ymax: NumberData | number,
    options: SegmentsOptions = {},
  ): PathsArtist {
    return drawSegments(this, "vlines", "x", x, ymin, ymax, options);
  }

  /** Writes text at a point: in data coordinates, or in fractions of the box with `transform: ax.transAxes`. */
  text(x: number, y: number, text: string, options: TextOptions = {}): TextArtist {
    return drawText(this, x, y, text, options);
  }

  /**
   * Writes text about a point, with an arrow to it if `arrowprops` are given.
   *
   * @example
   * ```ts
   * const [fig, ax] = plt.subplots();
   * ax.plot([0, 1, 0]);
   * ax.annotate("the top", [1, 1], { xytext: [1.5, 0.8], arrowprops: { arrowstyle: "->" } });
   * await fig.savefig("top.svg");
   * ```
   */
  annotate(text: string, xy: readonly [x: number, y: number], options: AnnotateOptions = {}): TextArtist {
    return drawAnnotation(this, text, xy, options);
  }

  /** Sets the title above the axes. */
  setTitle(title: string, options: LabelOptions = {}): void {
    checkOptions("title", options, OPTION_NAMES.label);
    const { rc } = this.model;
    const size = points("title: fontsize", options.fontsize ?? rc["axes.titlesize"], rc["font.size"]);
    const color = options.color === undefined ? undefined : parseColor("title: color", options.color);
    this.model.title = readText("title", title) ?? "";
    this.model.titleSize = size;
    this.model.titleColor = color;
  }

  /** Sets the label under the x axis. */
  setXlabel(label: string, options: LabelOptions = {}): void {
    setLabel(this.model, "x", label, options);
  }

  /** Sets the label beside the y axis. */
  setYlabel(label: string, options: LabelOptions = {}): void {
    setLabel(this.model, "y", label, options);
  }

  /** Sets the ends of the x axis: `setXlim(0, 10)` or `setXlim([0, 10])`; undefined keeps an end. */
  setXlim(low: number | Limits | undefined, high?: number): Limits {
    return setLimits(this.model, "x", low, high);
  }

  /** Sets the ends of the y axis: `setYlim(0, 1)` or `setYlim([0, 1])`; undefined keeps an end. */
  setYlim(low: number | Limits | undefined, high?: number): Limits {
    return setLimits(this.model, "y", low, high);
  }

  /** The ends of the x axis. */
  getXlim(): Limits {
    return limitsOf(this.model, "x");
  }

  /** The ends of the y axis. */
  getYlim(): Limits {
    return limitsOf(this.model, "y");
  }

  /** Turns the x axis round. */
  invertXaxis(): void {
    invert(this.model.x);
  }

  /** Turns the y axis round. */
  invertYaxis(): void {
    invert(this.model.y);
  }

  /**
   * Spreads the x axis linearly, logarithmically, or so on both sides of a linear middle ("symlog").
   *
   * @param options of "symlog": `linthresh`, up to which distance from zero it is linear (2); `linscale`, how many powers each
   *   half of that is as long as (1); `base` (10)
   * @throws ValueError for another scale, or options that do not fit
   */
  setXscale(scale: AxisScale, options: ScaleOptions = {}): void {
    setScale("xscale", this.model.x, scale, options);
  }

  /**
   * Spreads the y axis linearly, logarithmically, or so on both sides of a linear middle ("symlog").
   *
   * @param options of "symlog": `linthresh`, up to which distance from zero it is linear (2); `linscale`, how many powers each
   *   half of that is as long as (1); `base` (10)
   * @throws ValueError for another scale, or options that do not fit
   */
  setYscale(scale: AxisScale, options: ScaleOptions = {}): void {
    setScale("yscale", this.model.y, scale, options);
  }

  /**
   * Sets where the x axis has ticks; an empty list removes them.
   *
   * @param labels their texts. Default the numbers
   */
  setXticks(ticks: NumberData, labels?: readonly string[], options?: TickOptions): void {
    setTicks(this.model, "x", ticks, labels, options);
  }

  /**
   * Sets where the y axis has ticks; an empty list removes them.
   *
   * @param labels their texts. Default the numbers
   */
  setYticks(ticks: NumberData, labels?: readonly string[], options?: TickOptions): void {
    setTicks(this.model, "y", ticks, labels, options);
  }

  /**
   * Sets the texts of the ticks that {@link setXticks} has set.
   *
   * @throws ValueError when no ticks are set, ShapeError for another number of texts
   */
  setXticklabels(labels: readonly string[], options?: TickOptions): void {
    setTicks(this.model, "x", fixedTicksOf(this.model.x, "setXticklabels"), labels, options);
  }

  /** Sets the texts of the ticks that {@link setYticks} has set. */
  setYticklabels(labels: readonly string[], options?: TickOptions): void {
    setTicks(this.model, "y", fixedTicksOf(this.model.y, "setYticklabels"), labels, options);
  }

  /** Changes the look of the ticks and their labels: `tickParams({ axis: "x", labelsize: 8, rotation: 45 })`. */
  tickParams(options: TickParamsOptions): void {
    setTickParams(this.model, options);
  }

  /** Several settings at once: `ax.set({ title: "Loss", xlabel: "epoch", yscale: "log" })`. */
  set(settings: AxesSettings): void {
    const setters: {
      readonly [K in keyof AxesSettings]-?: (value: NonNullable<AxesSettings[K]>) => unknown;
    } = {
      title: (value) => this.setTitle(value),
      xlabel: (value) => this.setXlabel(value),
      ylabel: (value) => this.setYlabel(value),
      xscale: (value) => this.setXscale(value),
      yscale: (value) => this.setYscale(value),
      xlim: (value) => this.setXlim(value),
      ylim: (value) => this.setYlim(value),
      xticks: (value) => this.setXticks(value),
      yticks: (value) => this.setYticks(value),
      aspect: (value) => this.setAspect(value),
      facecolor: (value) => this.setFacecolor(value),
    };
    const names = Object.keys(setters) as (keyof AxesSettings)[];
    checkOptions("set", settings, names);
    for (const name of names) {
      const value = settings[name];
      if (value !== undefined) (setters[name] as (value: unknown) => unknown)(value);
    }
  }

  /** Paints the inside of the box. */
  setFacecolor(color: string | readonly number[]): void {
    this.model.face = parseColor("setFacecolor", color);
  }

  /** "off" hides ticks, labels and box, "on" shows them; "equal" makes units alike on both axes, "auto" fills. */
  axis(what: "on" | "off" | "equal" | "auto"): void {
    const choice = readChoice("axis", what, "on", ["on", "off", "equal", "auto"]);
    if (choice === "on" || choice === "off") this.model.visible = choice === "on";
    else this.model.aspect = choice;
  }

  /** "equal" makes units alike on both axes, "auto" fills the room. */
  setAspect(aspect: "equal" | "auto"): void {
    this.model.aspect = readChoice("aspect", aspect, "auto", ["equal", "auto"]);
  }

  /**
   * Shows a legend of all that has a label.
   *
   * @param labels texts for what was drawn, in order. Default the `label` options
   */
  legend(labels?: readonly string[] | LegendOptions, more?: LegendOptions): void {
    const args = [labels, more].filter((value) => value !== undefined);
    const last = args.at(-1);
    const options = (Array.isArray(last) ? {} : (last ?? {})) as LegendOptions;
    checkOptions("legend", options, OPTION_NAMES.legend);
    const { rc } = this.model;
    const location = readChoice<LegendLocation>("legend: loc", options.loc, "best", LEGEND_LOCATIONS);
    const legend = {
      location,
      fontSize: points("legend: fontsize", options.fontsize ?? rc["legend.fontsize"], rc["font.size"]),
      title: readText("legend: title", options.title) ?? "",
      frame: options.frameon ?? rc["legend.frameon"],
      frameAlpha: readNumber("legend: framealpha", options.framealpha, rc["legend.framealpha"], 0, 1),
    };
    if (Array.isArray(labels)) {
      const named = this.model.artists.filter(({ kind }) => kind !== "image" && kind !== "text");
      for (const [i, label] of labels.entries()) {
        const artist = named[i];
        if (artist !== undefined) artist.label = readText("legend: labels", label);
      }
    }
    this.model.legend = legend;
  }

  /** What the legend lists, in order. */
  getLegendLabels(): string[] {
    return labelled(this.model.artists).map(({ label }) => label ?? "");
  }

  /**
   * Shows or hides grid lines.
   *
   * @param visible default: the opposite of now, or true when options are given
   */
  grid(visible?: boolean | GridOptions, more?: GridOptions): void {
    const options = (typeof visible === "object" ? visible : more) ?? {};
    checkOptions("grid", options, OPTION_NAMES.grid);
    const which = readChoice("grid: axis", options.axis, "both", ["x", "y", "both"]);
    const axes: AxisModel[] = which === "both" ? [this.model.x, this.model.y] : [this.model[which]];
    const styled = Object.keys(options).some((key) => key !== "axis");
    const toggled = styled || axes.some(({ grid }) => grid === undefined);
    const on = typeof visible === "boolean" ? visible : toggled;
    const { rc } = this.model;
    const stroke: Stroke = {
      color: parseColor("grid: color", options.color ?? rc["grid.color"]),
      style: parseLineStyle("grid: linestyle", options.linestyle ?? options.ls ?? rc["grid.linestyle"]),
      width: readNumber("grid: linewidth", options.linewidth ?? options.lw, rc["grid.linewidth"], 0),
    };
    const alpha = readNumber("grid: alpha", options.alpha, rc["grid.alpha"], 0, 1);
    for (const axis of axes) axis.grid = on ? { stroke, alpha } : undefined;
  }

  /** Removes everything drawn and every label. */
  clear(): void {
    clearAxes(this.model);
    this.cycle.reset();
    if (rcFlag(this.model.rc, "axes.grid")) this.grid(true);
  }
}

/** The ticks that were set; what the numbers of others are called cannot be said. */
function fixedTicksOf({ range }: AxisModel, where: string): readonly number[] {
  if (range.ticks !== undefined) return range.ticks.values;
  throw new ValueError(
    `${where}: set the ticks first, with ${where.replace("ticklabels", "ticks")}(${show([0, 1])}).`,
  );
}
