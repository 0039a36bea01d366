/** One plot of a figure: the methods that draw on it and label it. */
import { checkOptions, ShapeError, show, ValueError } from "../engine/tensor/errors.ts";
import { binCounts, binEdges } from "./bins.ts";
import { type Color, cycleColor, parseColor } from "./color.ts";
import { colormap } from "./colormap.ts";
import {
  checkSameLength,
  finiteRange,
  isNumberData,
  type NumberData,
  readBlock,
  readColumns,
  readFlat,
  readVector,
} from "./data.ts";
import { imageArtist } from "./image.ts";
import { LEGEND_LOCATIONS, labelled } from "./legend.ts";
import {
  type AreaArtist,
  type Artist,
  type AxesModel,
  type AxisModel,
  type AxisScale,
  type BarsArtist,
  freshAxes,
  type ImageArtist,
  type LegendLocation,
  type LineArtist,
  type MarkerStyle,
  type PointsArtist,
  type ReferenceArtist,
  type Stroke,
  type SubplotCell,
  type TextArtist,
} from "./model.ts";
import {
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
  type PatchOptions,
  type ReferenceOptions,
  readChoice,
  readColors,
  readNumber,
  readText,
  type ScatterOptions,
  splitOptions,
  type TextOptions,
  type TickOptions,
} from "./options.ts";
import { resolveAxes } from "./resolve.ts";
import { type Format, parseFormat, parseLineStyle, parseMarker } from "./styles.ts";

/** What `plot` takes after its first argument: more data, format strings, and options at the end. */
export type PlotArgument = NumberData | string | LineOptions;

/** The ends of an axis; what is left out stays as it is. */
export type Limits = readonly [low: number, high: number];

const BLACK: Color = { r: 0, g: 0, b: 0, a: 1 };

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
  #lineColors = 0;
  #patchColors = 0;

  constructor(cell: SubplotCell) {
    this.model = freshAxes(cell);
  }

  #add<T extends Artist>(artist: T): T {
    this.model.artists.push(artist);
    return artist;
  }

  #lineColor(): Color {
    return cycleColor(this.#lineColors++);
  }

  #patchColor(): Color {
    return cycleColor(this.#patchColors++);
  }

  /**
   * Draws lines: `plot(y)`, `plot(x, y)`, `plot(x, y, "r--o")`, `plot(x1, y1, "b-", x2, y2, "g:")`.
   *
   * Data of shape [n, k] makes k lines. NaN breaks a line.
   *
   * @returns the lines
   * @throws ShapeError when x and y differ in length, ValueError for unknown options or formats
   */
  plot(first: NumberData, ...rest: PlotArgument[]): LineArtist[] {
    const { positional, options } = splitOptions<LineOptions>("plot", [first, ...rest], OPTION_NAMES.plot);
    const lines: LineArtist[] = [];
    let at = 0;
    let column = 0;
    while (at < positional.length) {
      const one = positional[at++];
      const two = isNumberData(positional[at]) ? positional[at++] : undefined;
      const format = typeof positional[at] === "string" ? (positional[at++] as string) : "";
      if (!isNumberData(one)) throw new ValueError(`plot: expected numbers before ${show(one)}.`);
      const y = readColumns("plot: y", two ?? one);
      const x = two === undefined ? undefined : readColumns("plot: x", one);
      if (x !== undefined) checkSameLength("plot", ["x", x.shape], ["y", y.shape]);
      if (
        x !== undefined &&
        x.columns.length > 1 &&
        y.columns.length > 1 &&
        x.columns.length !== y.columns.length
      ) {
        throw new ShapeError(
          `plot: x has ${x.columns.length} columns but y has ${y.columns.length}. ` +
            `Received shapes [${x.shape.join(", ")}] and [${y.shape.join(", ")}].`,
        );
      }
      const parsed = parseFormat("plot", format);
      for (let j = 0; j < Math.max(y.columns.length, x?.columns.length ?? 0); j++) {
        const ys = y.columns[Math.min(j, y.columns.length - 1)]!;
        const xs = x?.columns[Math.min(j, x.columns.length - 1)] ?? Float64Array.from(ys, (_, i) => i);
        lines.push(this.#line(xs, ys, parsed, options, column++));
      }
    }
    this.model.artists.push(...lines);
    return lines;
  }

  #line(x: Float64Array, y: Float64Array, format: Format, options: LineOptions, column: number): LineArtist {
    const o = options;
    const given = o.color ?? o.c;
    const label = Array.isArray(o.label) ? o.label[column] : o.label;
    const style = o.linestyle ?? o.ls;
    const linestyle =
      style === undefined ? (format.linestyle ?? "-") : parseLineStyle("plot: linestyle", style);
    const markerName = o.marker === undefined ? format.marker : parseMarker("plot: marker", o.marker);
    const alpha = readNumber("plot: alpha", o.alpha, 1, 0, 1);
    const width = readNumber("plot: linewidth", o.linewidth ?? o.lw, 1.5, 0);
    const size = readNumber("plot: markersize", o.markersize ?? o.ms, 6, 0);
    const edgeWidth = readNumber("plot: markeredgewidth", o.markeredgewidth ?? o.mew, 1, 0);
    const [face, edge] = [o.markerfacecolor ?? o.mfc, o.markeredgecolor ?? o.mec];
    const faceColor = face === undefined ? undefined : visible(parseColor("plot: markerfacecolor", face));
    const edgeColor = edge === undefined ? undefined : visible(parseColor("plot: markeredgecolor", edge));
    const zorder = readNumber("plot: zorder", o.zorder, 2);
    const text = readText("plot: label", label);
    // Everything was read: only now may the colour cycle advance.
    const color =
      given === undefined ? (format.color ?? this.#lineColor()) : parseColor("plot: color", given);
    const marker: MarkerStyle | undefined =
      markerName === undefined
        ? undefined
        : {
            name: markerName,
            size,
            face: face === undefined ? color : faceColor,
            edge: edge === undefined ? color : edgeColor,
            edgeWidth,
          };
    return {
      kind: "line",
      x,
      y,
      stroke: { color, style: linestyle, width },
      marker,
      label: text,
      alpha,
      zorder,
    };
  }

  /** Draws lines with a logarithmic y axis. Takes what {@link plot} takes. */
  semilogy(first: NumberData, ...rest: PlotArgument[]): LineArtist[] {
    const lines = this.plot(first, ...rest);
    this.setYscale("log");
    return lines;
  }

  /** Draws lines with a logarithmic x axis. Takes what {@link plot} takes. */
  semilogx(first: NumberData, ...rest: PlotArgument[]): LineArtist[] {
    const lines = this.plot(first, ...rest);
    this.setXscale("log");
    return lines;
  }

  /** Draws lines with both axes logarithmic. Takes what {@link plot} takes. */
  loglog(first: NumberData, ...rest: PlotArgument[]): LineArtist[] {
    const lines = this.semilogx(first, ...rest);
    this.setYscale("log");
    return lines;
  }

  /**
   * Draws separate points, their size and colour free for each.
   *
   * @throws ShapeError when x, y, sizes or colours differ in number
   */
  scatter(x: NumberData, y: NumberData, options: ScatterOptions = {}): PointsArtist {
    checkOptions("scatter", options, OPTION_NAMES.scatter);
    const [xs, ys] = [readFlat("scatter: x", x), readFlat("scatter: y", y)];
    checkSameLength("scatter", ["x", [xs.length]], ["y", [ys.length]]);
    const areas = options.s === undefined ? Float64Array.of(36) : readFlat("scatter: s", options.s);
    if (areas.length !== 1) checkSameLength("scatter", ["x", [xs.length]], ["s", [areas.length]]);
    const marker = options.marker === undefined ? "o" : parseMarker("scatter: marker", options.marker);
    if (marker === undefined)
      throw new ValueError("scatter: marker must name a shape; without one nothing shows.");
    const edgeSpec = options.edgecolors ?? options.edgecolor;
    const edge =
      edgeSpec === undefined || edgeSpec === "face" ? undefined : parseColor("scatter: edgecolors", edgeSpec);
    const alpha = readNumber("scatter: alpha", options.alpha, 1, 0, 1);
    const edgeWidth = readNumber("scatter: linewidths", options.linewidths ?? options.linewidth, 1.5, 0);
    const zorder = readNumber("scatter: zorder", options.zorder, 1);
    const label = readText("scatter: label", options.label);
    const faces = this.#scatterColors(options, xs.length) ?? [this.#patchColor()];
    return this.#add({
      kind: "points",
      x: xs,
      y: ys,
      areas,
      faces,
      edge,
      edgeWidth,
      marker,
      label,
      alpha,
      zorder,
    });
  }

  #scatterColors(options: ScatterOptions, count: number): readonly Color[] | undefined {
    const spec = options.c ?? options.color;
    if (spec === undefined) return undefined;
    const rgb = Array.isArray(spec) && (spec.length === 3 || spec.length === 4) && count !== spec.length;
    const numbers =
      isNumberData(spec) && !rgb && !(Array.isArray(spec) && spec.some((item) => typeof item === "string"));
    if (!numbers) {
      const colors = readColors("scatter: c", spec) ?? [];
      if (colors.length !== 1) checkSameLength("scatter", ["x", [count]], ["c", [colors.length]]);
      return colors;
    }
    const values = readFlat("scatter: c", spec);
    checkSameLength("scatter", ["x", [count]], ["c", [values.length]]);
    const map = colormap("scatter: cmap", options.cmap ?? "viridis");
    const [low, high] = finiteRange(values) ?? [0, 1];
    const from = readNumber("scatter: vmin", options.vmin, low);
    const to = readNumber("scatter: vmax", options.vmax, high);
    return Array.from(values, (value) => map(to === from ? 0 : (value - from) / (to - from)));
  }

  /**
   * Draws upright bars at numbers or at names.
   *
   * @param x the middles of the bars, or their names
   * @param height one number for each bar
   * @throws ShapeError when the numbers of positions, heights, widths or bottoms differ
   */
  bar(x: NumberData | readonly string[], height: NumberData | number, options: BarOptions = {}): BarsArtist {
    checkOptions("bar", options, OPTION_NAMES.bar);
    const { width, bottom, align, ...look } = options;
    return this.#bars("bar", "y", x, height, width, bottom, align, look);
  }

  /**
   * Draws bars lying down at numbers or at names.
   *
   * @param y the middles of the bars, or their names
   * @param width one number for each bar
   * @throws ShapeError when the numbers of positions, widths, heights or lefts differ
   */
  barh(y: NumberData | readonly string[], width: NumberData | number, options: BarhOptions = {}): BarsArtist {
    checkOptions("barh", options, OPTION_NAMES.barh);
    const { height, left, align, ...look } = options;
    return this.#bars("barh", "x", y, width, height, left, align, look);
  }

  #bars(
    where: string,
    along: "x" | "y",
    positions: unknown,
    lengths: unknown,
    thickness: unknown,
    base: unknown,
    align: unknown,
    look: PatchOptions,
  ): BarsArtist {
    const axis = along === "y" ? this.model.x : this.model.y;
    const isNames = (value: unknown): value is string[] =>
      Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string");
    const count = isNames(positions) ? positions.length : readVector(`${where}: positions`, positions).length;
    const each = (name: string, value: unknown, fallback: number): Float64Array => {
      const list = value === undefined ? Float64Array.of(fallback) : readVector(`${where}: ${name}`, value);
      if (list.length === 1) return new Float64Array(count).fill(list[0]!);
      checkSameLength(where, ["the positions", [count]], [name, [list.length]]);
      return list;
    };
    const sizes = each(along === "y" ? "height" : "width", lengths, 0);
    const widths = each(along === "y" ? "width" : "height", thickness, 0.8);
    const bases = each(along === "y" ? "bottom" : "left", base, 0);
    const shift = readChoice(`${where}: align`, align, "center", ["center", "edge"]) === "center" ? 0.5 : 0;
    const style = this.#patchLook(where, look, count, () => this.#patchColor());
    const middles = isNames(positions)
      ? Float64Array.from(positions, (name) => category(axis, name))
      : readVector(`${where}: positions`, positions);
    const low = middles.map((middle, i) => middle - shift * widths[i]!);
    const high = low.map((start, i) => start + widths[i]!);
    const ends = bases.map((start, i) => start + sizes[i]!);
    const place =
      along === "y" ? { x0: low, x1: high, y0: bases, y1: ends } : { x0: bases, x1: ends, y0: low, y1: high };
    return this.#add({ kind: "bars", ...place, ...style, along });
  }

  #patchLook(
    where: string,
    look: PatchOptions,
    count: number,
    next: () => Color,
  ): Pick<BarsArtist, "faces" | "edge" | "label" | "alpha" | "zorder"> {
    const colors = readColors(`${where}: color`, look.color);
    if (colors !== undefined && colors.length !== 1) {
      checkSameLength(where, ["the bars", [count]], ["color", [colors.length]]);
    }
    const width = readNumber(`${where}: linewidth`, look.linewidth, 1, 0);
    const edge =
      look.edgecolor === undefined ? undefined : visible(parseColor(`${where}: edgecolor`, look.edgecolor));
    const alpha = readNumber(`${where}: alpha`, look.alpha, 1, 0, 1);
    const zorder = readNumber(`${where}: zorder`, look.zorder, 1);
    const label = readText(`${where}: label`, look.label);
    const stroke: Stroke | undefined = edge === undefined ? undefined : { color: edge, style: "-", width };
    return { faces: colors ?? [next()], edge: stroke, label, alpha, zorder };
  }

  /**
   * Counts numbers in bins and draws the counts as bars.
   *
   * @param x numbers of any shape; NaN is left out
   * @param binsOrOptions the number of bins or their edges, or the options
   * @returns the counts (or densities) and the edges of the bins
   * @throws ValueError when the bins are no positive integer and no rising edges
   */
  hist(
    x: NumberData,
    binsOrOptions?: NumberData | number | HistOptions,
    more?: HistOptions,
  ): [number[], number[]] {
    const args = [binsOrOptions, more].filter((value) => value !== undefined);
    const { positional, options } = splitOptions<HistOptions>("hist", args, OPTION_NAMES.hist);
    const values = readFlat("hist: x", x);
    const edges = binEdges(values, positional[0] ?? options.bins ?? 10, options.range);
    const counts = binCounts(values, edges, options.density ?? false);
    const { bins: _bins, range: _range, density: _density, ...look } = options;
    // Histograms share the cycle of the lines, as in matplotlib; other patches have their own.
    const style = this.#patchLook("hist", look, counts.length, () => this.#lineColor());
    this.#add({
      kind: "bars",
      x0: edges.slice(0, -1),
      x1: edges.slice(1),
      y0: new Float64Array(counts.length),
      y1: counts,
      ...style,
      along: "y",
    });
    return [[...counts], [...edges]];
  }

  /**
   * Shows a matrix through a colour map, or an RGB(A) picture.
   *
   * @param data shape [height, width], [height, width, 1], or [height, width, 3 or 4] with floats in 0..1 or
   * integers in 0..255
   * @throws ShapeError for other shapes
   */
  imshow(data: NumberData, options: ImshowOptions = {}): ImageArtist {
    checkOptions("imshow", options, OPTION_NAMES.imshow);
    const aspect = readChoice("imshow: aspect", options.aspect, "equal", ["equal", "auto"]);
    const artist = this.#add(imageArtist(readBlock("imshow", data), options));
    this.model.aspect = aspect;
    return artist;
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
    checkOptions("fillBetween", options, OPTION_NAMES.area);
    const xs = readVector("fillBetween: x", x);
    const curve = (name: string, value: unknown): Float64Array => {
      const list = readVector(`fillBetween: ${name}`, value);
      if (list.length === 1) return new Float64Array(xs.length).fill(list[0]!);
      checkSameLength("fillBetween", ["x", [xs.length]], [name, [list.length]]);
      return list;
    };
    const [upper, lower] = [curve("y1", y1), curve("y2", y2)];
    const alpha = readNumber("fillBetween: alpha", options.alpha, 1, 0, 1);
    const zorder = readNumber("fillBetween: zorder", options.zorder, 1);
    const label = readText("fillBetween: label", options.label);
    const face =
      options.color === undefined ? this.#patchColor() : parseColor("fillBetween: color", options.color);
    return this.#add({ kind: "area", x: xs, y0: lower, y1: upper, face, label, alpha, zorder });
  }

  /**
   * Draws a horizontal line across the axes.
   *
   * @param y where. Default 0
   * @param xmin where it starts, as a fraction of the axes. Default 0
   * @param xmax where it ends. Default 1
   */
  axhline(y?: number | ReferenceOptions, ...rest: (number | ReferenceOptions)[]): ReferenceArtist {
    return this.#reference("axhline", "y", y === undefined ? rest : [y, ...rest]);
  }

  /**
   * Draws a vertical line across the axes.
   *
   * @param x where. Default 0
   * @param ymin where it starts, as a fraction of the axes. Default 0
   * @param ymax where it ends. Default 1
   */
  axvline(x?: number | ReferenceOptions, ...rest: (number | ReferenceOptions)[]): ReferenceArtist {
    return this.#reference("axvline", "x", x === undefined ? rest : [x, ...rest]);
  }

  #reference(where: string, axis: "x" | "y", args: readonly unknown[]): ReferenceArtist {
    const { positional, options: o } = splitOptions<ReferenceOptions>(where, args, OPTION_NAMES.reference);
    const value = readNumber(`${where}: ${axis}`, positional[0], 0);
    const from = readNumber(`${where}: start`, positional[1], 0, 0, 1);
    const to = readNumber(`${where}: end`, positional[2], 1, 0, 1);
    const style = parseLineStyle(`${where}: linestyle`, o.linestyle ?? o.ls ?? "-");
    const width = readNumber(`${where}: linewidth`, o.linewidth ?? o.lw, 1.5, 0);
    const alpha = readNumber(`${where}: alpha`, o.alpha, 1, 0, 1);
    const zorder = readNumber(`${where}: zorder`, o.zorder, 2);
    const label = readText(`${where}: label`, o.label);
    // Not from the cycle: in matplotlib too these lines are the first colour unless told otherwise.
    const color = parseColor(`${where}: color`, o.color ?? o.c ?? "C0");
    return this.#add({
      kind: "reference",
      axis,
      value,
      from,
      to,
      stroke: { color, style, width },
      label,
      alpha,
      zorder,
    });
  }

  /** Writes text at a point in data coordinates. */
  text(x: number, y: number, text: string, options: TextOptions = {}): TextArtist {
    checkOptions("text", options, OPTION_NAMES.text);
    const baselines = { top: "top", center: "middle", baseline: "alphabetic", bottom: "bottom" } as const;
    const va = readChoice("text: va", options.va, "baseline", ["top", "center", "baseline", "bottom"]);
    return this.#add({
      kind: "text",
      x: readNumber("text: x", x, 0),
      y: readNumber("text: y", y, 0),
      text: readText("text", text) ?? "",
      color: options.color === undefined ? BLACK : parseColor("text: color", options.color),
      size: readNumber("text: fontsize", options.fontsize, 10, 0),
      align: readChoice("text: ha", options.ha, "left", ["left", "center", "right"]),
      baseline: baselines[va],
      label: undefined,
      alpha: readNumber("text: alpha", options.alpha, 1, 0, 1),
      zorder: readNumber("text: zorder", options.zorder, 3),
    });
  }

  /** Sets the title above the axes. */
  setTitle(title: string, options: LabelOptions = {}): void {
    checkOptions("title", options, OPTION_NAMES.label);
    const size = readNumber("title: fontsize", options.fontsize, 12, 0);
    this.model.title = readText("title", title) ?? "";
    this.model.titleSize = size;
  }

  /** Sets the label under the x axis. */
  setXlabel(label: string, options: LabelOptions = {}): void {
    setLabel("xlabel", this.model.x, label, options);
  }

  /** Sets the label beside the y axis. */
  setYlabel(label: string, options: LabelOptions = {}): void {
    setLabel("ylabel", this.model.y, label, options);
  }

  /** Sets the ends of the x axis: `setXlim(0, 10)` or `setXlim([0, 10])`; undefined keeps an end. */
  setXlim(low: number | Limits | undefined, high?: number): Limits {
    return this.#setLimits("xlim", "x", low, high);
  }

  /** Sets the ends of the y axis: `setYlim(0, 1)` or `setYlim([0, 1])`; undefined keeps an end. */
  setYlim(low: number | Limits | undefined, high?: number): Limits {
    return this.#setLimits("ylim", "y", low, high);
  }

  /** The ends of the x axis. */
  getXlim(): Limits {
    return this.#limits("x");
  }

  /** The ends of the y axis. */
  getYlim(): Limits {
    return this.#limits("y");
  }

  #limits(name: "x" | "y"): Limits {
    // Limits do not depend on the size of the box, so any box will do.
    const resolved = resolveAxes(this.model, { x: 0, y: 0, width: 1, height: 1 }, () => 1)[name];
    return [resolved.low, resolved.high];
  }

  #setLimits(
    where: string,
    name: "x" | "y",
    first: number | Limits | undefined,
    second: number | undefined,
  ): Limits {
    const [low, high] = typeof first === "object" ? first : [first, second];
    const now = this.#limits(name);
    const next: Limits = [
      readNumber(`${where}: low`, low, now[0]),
      readNumber(`${where}: high`, high, now[1]),
    ];
    if (next[0] === next[1])
      throw new ValueError(`${where}: the ends must differ. Received: ${next[0]} twice`);
    if (this.model[name].scale === "log" && Math.min(...next) <= 0) {
      throw new ValueError(
        `${where}: the ends of a logarithmic axis must be positive. Received: ${next.join(", ")}`,
      );
    }
    this.model[name].limits = next;
    return next;
  }

  /** Spreads the x axis linearly or logarithmically. */
  setXscale(scale: AxisScale): void {
    setScale("xscale", this.model.x, scale);
  }

  /** Spreads the y axis linearly or logarithmically. */
  setYscale(scale: AxisScale): void {
    setScale("yscale", this.model.y, scale);
  }

  /**
   * Sets where the x axis has ticks; an empty list removes them.
   *
   * @param labels their texts. Default the numbers
   */
  setXticks(ticks: NumberData, labels?: readonly string[], options?: TickOptions): void {
    setTicks("xticks", this.model.x, ticks, labels, options);
  }

  /**
   * Sets where the y axis has ticks; an empty list removes them.
   *
   * @param labels their texts. Default the numbers
   */
  setYticks(ticks: NumberData, labels?: readonly string[], options?: TickOptions): void {
    setTicks("yticks", this.model.y, ticks, labels, options);
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
    const location = readChoice<LegendLocation>("legend: loc", options.loc, "best", LEGEND_LOCATIONS);
    const legend = {
      location,
      fontSize: readNumber("legend: fontsize", options.fontsize, 10, 0),
      title: readText("legend: title", options.title) ?? "",
      frame: options.frameon ?? true,
      frameAlpha: readNumber("legend: framealpha", options.framealpha, 0.8, 0, 1),
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
    const stroke: Stroke = {
      color: parseColor("grid: color", options.color ?? "#b0b0b0"),
      style: parseLineStyle("grid: linestyle", options.linestyle ?? options.ls ?? "-"),
      width: readNumber("grid: linewidth", options.linewidth ?? options.lw, 0.8, 0),
    };
    const alpha = readNumber("grid: alpha", options.alpha, 1, 0, 1);
    for (const axis of axes) axis.grid = on ? { stroke, alpha } : undefined;
  }

  /** Removes everything drawn and every label. */
  clear(): void {
    Object.assign(this.model, freshAxes(this.model.cell));
    this.#lineColors = 0;
    this.#patchColors = 0;
  }
}

/** A colour unless it is fully transparent, as "none" is. */
function visible(color: Color): Color | undefined {
  return color.a === 0 ? undefined : color;
}

/** The position of a name on an axis; new names stand after the others. */
function category(axis: AxisModel, name: string): number {
  const known = axis.categories.indexOf(name);
  return known >= 0 ? known : axis.categories.push(name) - 1;
}

function setLabel(where: string, axis: AxisModel, label: string, options: LabelOptions): void {
  checkOptions(where, options, OPTION_NAMES.label);
  const size = readNumber(`${where}: fontsize`, options.fontsize, 10, 0);
  axis.label = readText(where, label) ?? "";
  axis.labelSize = size;
}

function setScale(where: string, axis: AxisModel, scale: AxisScale): void {
  const choice = readChoice(where, scale, "linear", ["linear", "log"]);
  if (choice === "log" && axis.limits !== undefined && Math.min(...axis.limits) <= 0) axis.limits = undefined;
  axis.scale = choice;
}

function setTicks(
  where: string,
  axis: AxisModel,
  ticks: NumberData,
  labels: readonly string[] | undefined,
  options: TickOptions = {},
): void {
  checkOptions(where, options, OPTION_NAMES.ticks);
  const values = [...readVector(where, ticks)];
  if (labels !== undefined) checkSameLength(where, ["ticks", [values.length]], ["labels", [labels.length]]);
  axis.tickRotation = readNumber(`${where}: rotation`, options.rotation, 0);
  axis.ticks = { values, labels };
}
