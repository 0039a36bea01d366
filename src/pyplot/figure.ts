/** A figure: a canvas with its axes, and the ways to get pictures out of it. */
import { checkOptions, IndexError, show, ValueError } from "../engine/tensor/errors.ts";
import type { Pixels } from "../files/gif.ts";
import { nodeProcess } from "../files/host.ts";
import { base64 } from "../files/png.ts";
import { writeTarget } from "../files/target.ts";
import { Axes } from "./axes.ts";
import { type Color, type ColorSpec, hex, parseColor } from "./color.ts";
import type { NumberData } from "./data.ts";
import type { HasMappable } from "./mappable.ts";
import { type AxesOrigin, type FigureModel, type SubplotCell, snapshot } from "./model.ts";
import { type LabelOptions, readChoice, readNumber, readText } from "./options.ts";
import { type ColorbarOptions, drawColorbar, planColorbar } from "./plots/colorbar.ts";
import { drawHeatmap, type Heatmap, type HeatmapOptions } from "./plots/grids.ts";
import { type ConfusionMatrixOptions, drawConfusions } from "./plots/learning.ts";
import { currentRc, fontSize, points, type RcParams, rcColor, rcParams } from "./rc.ts";
import { LiveDisplay, present, type ShowOptions } from "./show.ts";
import { type ChartOptions, terminalChart } from "./terminal_chart.ts";

/** Options of `figure` and `subplots`. */
export interface FigureOptions {
  /** Width and height in inches. Default [6.4, 4.8]. */
  readonly figsize?: readonly [width: number, height: number];
  /** Pixels per inch. Default 100. */
  readonly dpi?: number;
  /** The colour of the paper. Default "white". */
  readonly facecolor?: ColorSpec;
}

/** Options of `savefig`. */
export interface SavefigOptions {
  /** Pixels per inch of a PNG. Default the figure's. */
  readonly dpi?: number;
  /** The format. Default: as the name ends. */
  readonly format?: "svg" | "png";
  /** Whether nothing is painted behind the plot. Default false. */
  readonly transparent?: boolean;
  /** The colour of the paper. Default: the figure's. */
  readonly facecolor?: ColorSpec;
  /** "tight" cuts the picture to what is drawn. */
  readonly bboxInches?: "tight";
}

const SAVEFIG_OPTIONS: readonly (keyof SavefigOptions)[] = [
  "dpi",
  "format",
  "transparent",
  "facecolor",
  "bboxInches",
];

/** Which axes share an axis: none, all, those of a row or of a column. */
type Share = "none" | "all" | "row" | "col";

/** Which axes of a grid share their x or y axis. */
export interface ShareOptions {
  /** Default false. True is "all". */
  readonly sharex?: boolean | Share;
  readonly sharey?: boolean | Share;
}

/** Where to draw. */
export interface OnAxes {
  /** Default the current axes. */
  readonly ax?: Axes;
}

/** Axes that new ones share an axis with. */
export interface SharedWith {
  /** Axes whose x axis these share. */
  readonly sharex?: Axes;
  readonly sharey?: Axes;
}

type Repeat<T, N extends number, Out extends T[] = []> = Out["length"] extends N
  ? Out
  : Repeat<T, N, [...Out, T]>;

/** As many of something as a number says; a list of unknown length when the number is not known to the compiler. */
type Several<T, N extends number> = number extends N ? T[] : Repeat<T, N>;

/** The axes of a grid as `subplots` returns them: one, a list, or a list of rows. */
export type AxesGrid<Rows extends number, Columns extends number> = Rows extends 1
  ? Columns extends 1
    ? Axes
    : Several<Axes, Columns>
  : Columns extends 1
    ? Several<Axes, Rows>
    : Several<Several<Axes, Columns>, Rows>;

/** What draws, loaded when the first picture is asked for. */
function loadRenderer(): Promise<typeof import("./render.ts")> {
  return import("./render.ts");
}

/** An SVG larger than this is a burden for a notebook; it gets the PNG alone. */
const LARGEST_NOTEBOOK_SVG = 1_000_000;

/**
 * A figure. Made by `plt.figure` or `plt.subplots`.
 *
 * @example
 * ```ts
 * const fig = plt.figure({ figsize: [8, 3] });
 * fig.addSubplot(1, 2, 1).plot([1, 2, 3]);
 * fig.addSubplot(1, 2, 2).bar(["a", "b"], [3, 5]);
 * await fig.savefig("both.png");
 * ```
 */
export class Figure {
  /** The number that `plt.figure(number)` finds it by. */
  readonly number: number;
  #size: readonly [number, number];
  readonly #dpi: number;
  readonly #facecolor: string | undefined;
  readonly #axes: Axes[] = [];
  #current: Axes | undefined;
  readonly #rc: Readonly<RcParams>;
  #title = "";
  #titleSize: number;
  #titleColor: Color;
  #tight = false;
  #live: LiveDisplay | undefined;

  constructor(number: number, options: FigureOptions = {}) {
    checkOptions("figure", options, ["figsize", "dpi", "facecolor"]);
    this.number = number;
    this.#rc = currentRc();
    this.#titleSize = fontSize(this.#rc, "figure.titlesize");
    this.#titleColor = rcColor(this.#rc, "text.color");
    this.#size = readSize(options.figsize ?? this.#rc["figure.figsize"]);
    this.#dpi = readNumber("figure: dpi", options.dpi, this.#rc["figure.dpi"], 1);
    this.#facecolor = background("figure: facecolor", options.facecolor ?? this.#rc["figure.facecolor"]);
  }

  /** All axes, in the order they were added. */
  get axes(): readonly Axes[] {
    return this.#axes;
  }

  /** Pixels per inch. */
  get dpi(): number {
    return this.#dpi;
  }

  /** The size in inches. */
  getSizeInches(): readonly [width: number, height: number] {
    return this.#size;
  }

  /** Changes the size, in inches. */
  setSizeInches(width: number, height: number): void {
    this.#size = readSize([width, height]);
  }

  /**
   * Adds axes in a cell of a grid, or makes the ones that are there current.
   *
   * @param rows rows of the grid, or all three digits in one: `addSubplot(221)`. Default 1
   * @param columns columns of the grid. Default 1
   * @param index the cell, counted from 1 along the rows. Default 1
   * @param options `sharex` and `sharey`: axes whose x or y axis these share
   * @throws IndexError when the grid has no such cell
   */
  addSubplot(rows: number = 1, columns?: number, index?: number, options: SharedWith = {}): Axes {
    checkOptions("subplot", options, ["sharex", "sharey"]);
    const cell = readCell(rows, columns, index);
    const same = ({ cell: other, isColorbar, twinOf }: Axes["model"]): boolean =>
      !isColorbar &&
      twinOf === undefined &&
      (Object.keys(cell) as (keyof SubplotCell)[]).every((key) => other[key] === cell[key]);
    let axes = this.#axes.find(({ model }) => same(model));
    axes ??= this.#add(cell, {
      ...(options.sharex === undefined ? {} : { sharex: options.sharex.model }),
      ...(options.sharey === undefined ? {} : { sharey: options.sharey.model }),
    });
    this.#current = axes;
    return axes;
  }

  #add(cell: SubplotCell, origin: AxesOrigin): Axes {
    const axes = new Axes(cell, currentRc(), origin);
    this.#axes.push(axes);
    return axes;
  }

  /**
   * Adds axes that were made by themselves, over those that are there.
   *
   * @throws ValueError when this figure has them already
   */
  addAxes(axes: Axes): Axes {
    if (this.#axes.includes(axes)) throw new ValueError("addAxes: this figure has these axes already.");
    this.#axes.push(axes);
    return axes;
  }

  /**
   * Adds a whole grid of axes.
   *
   * @param options `sharex`, `sharey`: whether axes share their x or y axis: false (default), true or "all", "row", "col".
   * Tick labels then stand only at the outer axes
   * @returns one pair of axes, a list for a single row or column, or a list of rows
   */
  subplots<Rows extends number = 1, Columns extends number = 1>(
    rows: Rows = 1 as Rows,
    columns: Columns = 1 as Columns,
    options: ShareOptions = {},
  ): AxesGrid<Rows, Columns> {
    checkOptions("subplots", options, ["sharex", "sharey"]);
    const [shareX, shareY] = [readShare("sharex", options.sharex), readShare("sharey", options.sharey)];
    const grid: Axes[][] = [];
    for (let row = 0; row < rows; row++) {
      const line: Axes[] = [];
      grid.push(line);
      for (let column = 0; column < columns; column++) {
        const first = (share: Share): Axes | undefined =>
          share === "none"
            ? undefined
            : share === "all"
              ? grid[0]![0]
              : share === "row"
                ? line[0]
                : grid[0]![column];
        const [sharex, sharey] = [first(shareX), first(shareY)];
        const partners: SharedWith = {
          ...(sharex === undefined ? {} : { sharex }),
          ...(sharey === undefined ? {} : { sharey }),
        };
        const axes = this.addSubplot(rows, columns, row * columns + column + 1, partners);
        if ((shareX === "all" || shareX === "col") && row < rows - 1) axes.model.x.tickLabels = false;
        if ((shareY === "all" || shareY === "row") && column > 0) axes.model.y.tickLabels = false;
        line.push(axes);
      }
    }
    // matplotlib leaves the last of a new grid current, too.
    const squeezed =
      rows === 1 ? (columns === 1 ? grid[0]?.[0] : grid[0]) : columns === 1 ? grid.flat() : grid;
    return squeezed as AxesGrid<Rows, Columns>;
  }

  /**
   * Adds axes upon others that share their x axis and have a y axis of their own at the right.
   *
   * @throws ValueError when the axes belong to another figure
   */
  twinx(axes: Axes = this.gca()): Axes {
    return this.#twin("twinx", axes, "x");
  }

  /** Adds axes upon others that share their y axis and have an x axis of their own at the top. */
  twiny(axes: Axes = this.gca()): Axes {
    return this.#twin("twiny", axes, "y");
  }

  #twin(where: string, axes: Axes, shared: "x" | "y"): Axes {
    this.#own(where, axes);
    const { model } = axes;
    const twin = this.#add(model.cell, {
      twinOf: model,
      slot: model.slot,
      ...(shared === "x" ? { sharex: model } : { sharey: model }),
    });
    twin.model[shared].visible = false;
    // Two grids over each other would not be read.
    twin.grid(false);
    if (shared === "x") twin.model.y.side = "right";
    else twin.model.x.side = "top";
    this.#current = twin;
    return twin;
  }

  #own(where: string, axes: Axes): void {
    if (!this.#axes.includes(axes)) throw new ValueError(`${where}: these axes belong to another figure.`);
  }

  /**
   * Adds a bar that explains the colours of an image, of points coloured by numbers, or of contours. It takes its room from
   * the axes that these are drawn on.
   *
   * @param mappable what `imshow`, `scatter`, `contour`, `contourf`, `hist2d` … returned
   * @param options `ax` (default: the axes that hold the mappable), `orientation` ("vertical"), `label`, `ticks`, `fraction`
   * (0.15), `pad` (0.05, across 0.15), `aspect` (20), `shrink` (1)
   * @throws ValueError when its colours do not come from numbers
   */
  colorbar(mappable: HasMappable, options: ColorbarOptions = {}): Axes {
    const holds = ({ model }: Axes): boolean =>
      model.artists.some((artist) => "mappable" in artist && artist.mappable === mappable.mappable);
    const parent = options.ax ?? this.#axes.find(holds) ?? this.gca();
    this.#own("colorbar", parent);
    const plan = planColorbar(mappable, parent.model.slot, options);
    const bar = new Axes(parent.model.cell, parent.model.rc, { slot: plan.bar, isColorbar: true });
    drawColorbar(bar, plan, options);
    // Twins lie in the same place and must go on doing so.
    const place = parent.model.slot;
    for (const { model } of this.#axes) {
      if (model.slot === place && model.cell === parent.model.cell) model.slot = plan.parent;
    }
    this.#axes.push(bar);
    return bar;
  }

  /** The current axes, made when there are none. */
  gca(): Axes {
    return this.#current ?? this.addSubplot();
  }

  /** Makes axes of this figure current. */
  sca(axes: Axes): void {
    this.#own("sca", axes);
    this.#current = axes;
  }

  /** Sets the title above all axes. */
  suptitle(title: string, options: LabelOptions = {}): void {
    checkOptions("suptitle", options, ["fontsize", "color"]);
    const size = points(
      "suptitle: fontsize",
      options.fontsize ?? this.#rc["figure.titlesize"],
      this.#rc["font.size"],
    );
    const color = parseColor("suptitle: color", options.color ?? this.#rc["text.color"]);
    this.#title = readText("suptitle", title) ?? "";
    this.#titleSize = size;
    this.#titleColor = color;
  }

  /** Gives labels and titles the room they need, so that subplots do not overlap. */
  tightLayout(): void {
    this.#tight = true;
  }

  /** Removes all axes and the title. */
  clear(): void {
    this.#axes.length = 0;
    this.#current = undefined;
    this.#title = "";
  }

  /** What the figure is now; what is drawn later does not reach it. */
  #model(facecolor: string | undefined, crop: boolean): FigureModel {
    const [width, height] = this.#size;
    return {
      canvas: {
        width: Math.round(width * this.#dpi),
        height: Math.round(height * this.#dpi),
        dpi: this.#dpi,
      },
      axes: snapshot(this.#axes.map((axes) => axes.model)),
      title: this.#title,
      titleSize: this.#titleSize,
      titleColor: this.#titleColor,
      tight: this.#tight,
      background: facecolor,
      crop,
    };
  }

  /**
   * Writes the figure to a file; in a page it becomes a download.
   *
   * What is drawn after the call does not reach the file, even before the promise is fulfilled.
   *
   * @param path ends in `.svg` or `.png`, unless `format` says which
   * @throws ValueError for other formats, UnsupportedError where the host can do neither
   */
  async savefig(path: string, options: SavefigOptions = {}): Promise<void> {
    checkOptions("savefig", options, SAVEFIG_OPTIONS);
    if (typeof path !== "string")
      throw new ValueError(`savefig: path must be a string. Received: ${show(path)}`);
    const format: unknown = options.format ?? /\.(\w+)$/.exec(path)?.[1]?.toLowerCase();
    if (format !== "svg" && format !== "png") {
      throw new ValueError(`savefig: the format must be svg or png. Received: ${show(format ?? path)}`);
    }
    const tight: unknown = options.bboxInches;
    if (tight !== undefined && tight !== "tight") {
      throw new ValueError(`savefig: bboxInches must be "tight". Received: ${show(tight)}`);
    }
    const dpi = readNumber("savefig: dpi", options.dpi, this.#dpi, 1);
    const facecolor =
      options.transparent === true
        ? undefined
        : options.facecolor === undefined
          ? this.#facecolor
          : background("savefig: facecolor", options.facecolor);
    const model = this.#model(facecolor, tight === "tight");
    const outlined = rcParams["svg.fonttype"] === "path";
    const { renderSvg, rasterize, outlineText } = await loadRenderer();
    const svg = await renderSvg(model);
    const isText = format === "svg";
    const bytes = isText
      ? new TextEncoder().encode(outlined ? outlineText(svg) : svg)
      : await rasterize(svg, dpi / this.#dpi);
    await writeTarget(path, bytes, "savefig", { type: isText ? "image/svg+xml" : "image/png" });
  }

  /** The figure as SVG text. */
  async toSVG(): Promise<string> {
    const model = this.#model(this.#facecolor, false);
    const { renderSvg } = await loadRenderer();
    return renderSvg(model);
  }

  /**
   * The figure as the bytes of a PNG.
   *
   * @param options.dpi pixels per inch. Default the figure's
   */
  async toPNG(options: { readonly dpi?: number } = {}): Promise<Uint8Array> {
    checkOptions("toPNG", options, ["dpi"]);
    const zoom = readNumber("toPNG: dpi", options.dpi, this.#dpi, 1) / this.#dpi;
    const svg = await this.toSVG();
    const { rasterize } = await loadRenderer();
    return rasterize(svg, zoom);
  }

  /**
   * The figure as pixels, four bytes (red, green, blue, opacity) each.
   *
   * @param options.dpi pixels per inch. Default the figure's
   * @example
   * ```ts
   * const { width, height, rgba } = await plt.figure({ figsize: [2, 1] }).toPixels({ dpi: 50 });
   * [width, height, rgba.length]; // → [100, 50, 20000]
   * ```
   */
  async toPixels(options: { readonly dpi?: number } = {}): Promise<Pixels> {
    checkOptions("toPixels", options, ["dpi"]);
    const zoom = readNumber("toPixels: dpi", options.dpi, this.#dpi, 1) / this.#dpi;
    const svg = await this.toSVG();
    const { rasterizePixels } = await loadRenderer();
    return rasterizePixels(svg, zoom);
  }

  /** The figure as a chart of Unicode characters. */
  toText(options: Partial<ChartOptions> = {}): string {
    checkOptions("toText", options, ["columns", "rows", "color"]);
    const models = this.#axes.map((axes) => axes.model);
    return terminalChart(models, this.#title, { columns: 80, rows: 16, color: false, ...options });
  }

  /**
   * Shows the figure, or, when it has been drawn before, changes what is shown: for figures that change while a program runs.
   * In a notebook and in a page the picture changes in its place, in a terminal the chart does; elsewhere each call saves a
   * frame to a file and the first one says where.
   */
  async draw(): Promise<void> {
    this.#live ??= new LiveDisplay(this.number);
    return this.#live.draw(this);
  }

  /**
   * Draws a matrix as colours with its numbers, and a colour bar beside it; what seaborn calls `heatmap`.
   *
   * @param options `annot` (write the numbers, or given texts), `fmt` (digits after the point, or a function),
   * `xticklabels`, `yticklabels`, `cmap`, `vmin`, `vmax`, `cbar` (true), `square` (false), `ax` (the current axes)
   * @throws ShapeError for what is no matrix, or labels of another number
   */
  heatmap(data: NumberData, options: HeatmapOptions & OnAxes = {}): Heatmap {
    const { ax, ...rest } = options;
    if (ax !== undefined) this.#own("heatmap", ax);
    const axes = ax ?? this.gca();
    const heatmap = drawHeatmap(axes, data, rest);
    if (heatmap.cbar) this.colorbar(heatmap, { ax: axes });
    return heatmap;
  }

  /**
   * Draws how often each class (rows) was taken for each class (columns).
   *
   * @param yTrue the classes: numbers from 0 on, or one-hot rows
   * @param yPred the predicted ones: numbers, or probabilities as `model.predict` gives them
   * @param options `labels` (names of the classes), `normalize` ("true", "pred" or "all"), `ax`, and those of `heatmap`
   * @returns the matrix
   */
  confusionMatrix(
    yTrue: NumberData,
    yPred: NumberData,
    options: ConfusionMatrixOptions & OnAxes = {},
  ): number[][] {
    const { ax, ...rest } = options;
    if (ax !== undefined) this.#own("confusionMatrix", ax);
    const axes = ax ?? this.gca();
    const { matrix, heatmap } = drawConfusions(axes, yTrue, yPred, rest);
    if (heatmap.cbar) this.colorbar(heatmap, { ax: axes });
    return matrix;
  }

  /** Shows the figure where it can be seen: see `plt.show`. */
  async show(options: ShowOptions = {}): Promise<void> {
    checkOptions("show", options, ["element"]);
    return present(this, options);
  }

  /** matplotlib's one-line description. */
  toString(): string {
    const [width, height] = this.#size.map((inches) => Math.round(inches * this.#dpi));
    return `<Figure size ${width}x${height} with ${this.#axes.length} Axes>`;
  }

  static {
    // Defined rather than written as a method: declarations cannot express a name that `Symbol.for` computes.
    Object.defineProperty(Figure.prototype, Symbol.for("Jupyter.display"), {
      value: function (this: Figure): Promise<Record<string, string>> {
        return this.toNotebook();
      },
    });
  }

  /** What notebooks show: SVG, PNG where the host can make one, and a line of text; cut to what is drawn, as Jupyter does. */
  async toNotebook(): Promise<Record<string, string>> {
    const model = this.#model(this.#facecolor, true);
    const { rasterize, renderSvg } = await loadRenderer();
    const svg = await renderSvg(model);
    const png = nodeProcess() === undefined ? {} : { "image/png": base64(await rasterize(svg, 1)) };
    const picture = svg.length > LARGEST_NOTEBOOK_SVG && "image/png" in png ? {} : { "image/svg+xml": svg };
    return { ...picture, ...png, "text/plain": this.toString() };
  }
}

function readShare(name: string, value: boolean | Share | undefined): Share {
  const word = typeof value === "boolean" ? (value ? "all" : "none") : value;
  return readChoice(`subplots: ${name}`, word, "none", ["none", "all", "row", "col"]);
}

function background(where: string, spec: ColorSpec): string | undefined {
  const color = parseColor(where, spec);
  return color.a === 0 ? undefined : hex(color);
}

function readSize(size: readonly number[]): readonly [number, number] {
  const [width, height] = size;
  const ok = size.length === 2 && size.every((inches) => Number.isFinite(inches) && inches > 0);
  if (!ok)
    throw new ValueError(`figure: figsize must be two positive numbers of inches. Received: ${show(size)}`);
  return [width!, height!];
}

function readCell(rows: number, columns: number | undefined, index: number | undefined): SubplotCell {
  if (columns === undefined && index === undefined && rows >= 111 && rows <= 999) {
    return readCell(Math.floor(rows / 100), Math.floor(rows / 10) % 10, rows % 10);
  }
  const [r, c, i] = [rows, columns ?? 1, index ?? 1];
  const positive = (value: number): boolean => Number.isInteger(value) && value >= 1;
  if (!positive(r) || !positive(c)) {
    throw new ValueError(`subplot: rows and columns must be positive integers. Received: ${r}, ${c}`);
  }
  if (!positive(i) || i > r * c) {
    throw new IndexError(
      `subplot: index must be from 1 to ${r * c} in a grid of ${r} by ${c}. Received: ${i}`,
    );
  }
  return { rows: r, columns: c, row: Math.floor((i - 1) / c), column: (i - 1) % c };
}
