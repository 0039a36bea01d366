/** The options of the drawing functions, their names (with matplotlib's short forms), and how they are read. */
import { checkOptions, show, ValueError } from "../engine/tensor/errors.ts";
import { type Color, type ColorSpec, parseColor } from "./color.ts";
import type { NumberData } from "./data.ts";
import type { MapOptions } from "./mappable.ts";
import type { Coordinates, DrawStyle, LegendLocation } from "./model.ts";
import type { FontSize } from "./rc.ts";

/** Options of `plot` and of all that draws lines. */
export interface LineOptions {
  /** The legend's text. For several columns one text each may be given. */
  readonly label?: string | readonly string[];
  /** Colour; the default is the next of the cycle. */
  readonly color?: ColorSpec;
  /** The same as `color`. */
  readonly c?: ColorSpec;
  /** "-", "--", "-.", ":", "none" or the words for them. Default "-". */
  readonly linestyle?: string;
  /** The same as `linestyle`. */
  readonly ls?: string;
  /** In points. Default 1.5. */
  readonly linewidth?: number;
  /** The same as `linewidth`. */
  readonly lw?: number;
  /** One of o . , s ^ v < > D d p h * + x | _. Default none. */
  readonly marker?: string;
  /** In points. Default 6. */
  readonly markersize?: number;
  /** The same as `markersize`. */
  readonly ms?: number;
  /** The colour inside of markers. */
  readonly markerfacecolor?: ColorSpec;
  /** The same as `markerfacecolor`. */
  readonly mfc?: ColorSpec;
  /** The colour of the edges of markers. */
  readonly markeredgecolor?: ColorSpec;
  /** The same as `markeredgecolor`. */
  readonly mec?: ColorSpec;
  /** The width of the edges of markers, in points. */
  readonly markeredgewidth?: number;
  /** The same as `markeredgewidth`. */
  readonly mew?: number;
  /** "default", or steps: "steps-pre", "steps-mid", "steps-post". */
  readonly drawstyle?: DrawStyle;
  /** Opacity from 0 to 1. Default 1. */
  readonly alpha?: number;
  /** What has more lies above. */
  readonly zorder?: number;
}

/** Options of `scatter`. */
export interface ScatterOptions extends MapOptions {
  /** The text in the legend. */
  readonly label?: string;
  /** Areas in square points: one, or one for each point. Default 36. */
  readonly s?: unknown;
  /** A colour, a list of colours, or numbers that go through `cmap`. */
  readonly c?: unknown;
  /** The colour. */
  readonly color?: ColorSpec;
  /** The shape of the points. Default "o". */
  readonly marker?: string;
  /** The colours of edges. */
  readonly edgecolors?: ColorSpec;
  /** The colour of edges. */
  readonly edgecolor?: ColorSpec;
  /** Width of the edges in points. Default 1.5. */
  readonly linewidths?: number;
  /** The width of lines, in points. */
  readonly linewidth?: number;
  /** From 0, invisible, to 1. */
  readonly alpha?: number;
  /** What has more lies above. */
  readonly zorder?: number;
}

/** Options of `bar`, `barh` and the bars of `hist`. */
export interface PatchOptions {
  /** The text in the legend. */
  readonly label?: string;
  /** One colour, or one for each bar. */
  readonly color?: ColorSpec | readonly ColorSpec[];
  /** The colour of edges. */
  readonly edgecolor?: ColorSpec;
  /** Width of the edges in points. Default 1. */
  readonly linewidth?: number;
  /** From 0, invisible, to 1. */
  readonly alpha?: number;
  /** What has more lies above. */
  readonly zorder?: number;
}

/** Options of `bar`. */
export interface BarOptions extends PatchOptions {
  /** Width of the bars. Default 0.8. */
  readonly width?: unknown;
  /** Where the bars start. Default 0. */
  readonly bottom?: unknown;
  /** "center" (default) or "edge". */
  readonly align?: "center" | "edge";
}

/** Options of `barh`. */
export interface BarhOptions extends PatchOptions {
  /** Height of the bars. Default 0.8. */
  readonly height?: unknown;
  /** Where the bars start. Default 0. */
  readonly left?: unknown;
  /** Whether bars lie around their places or begin there. Default "center". */
  readonly align?: "center" | "edge";
}

/** Options of `hist`. */
export interface HistOptions extends PatchOptions {
  /** The number of bins, or their edges. Default 10. */
  readonly bins?: unknown;
  /** The ends of the bins. Default the least and the greatest number. */
  readonly range?: readonly [low: number, high: number];
  /** Whether the area sums to 1. Default false. */
  readonly density?: boolean;
}

/** Options of `imshow`. */
export interface ImshowOptions extends MapOptions {
  /** Whether the first row is at the top. Default "upper". */
  readonly origin?: "upper" | "lower";
  /** Left, right, bottom and top in data coordinates. */
  readonly extent?: readonly [left: number, right: number, bottom: number, top: number];
  /** "equal" (default) for square pixels, or "auto" to fill the axes. */
  readonly aspect?: "equal" | "auto";
  /** "nearest" (default) or "bilinear". */
  readonly interpolation?: "nearest" | "bilinear";
  /** From 0, invisible, to 1. */
  readonly alpha?: number;
  /** What has more lies above. */
  readonly zorder?: number;
}

/** Options of `fillBetween`. */
export interface AreaOptions {
  /** The text in the legend. */
  readonly label?: string;
  /** Where to fill: one truth for each point. Default everywhere. */
  readonly where?: NumberData;
  /** Fills steps, as `step` draws them. */
  readonly step?: "pre" | "post" | "mid";
  /** The colour. */
  readonly color?: ColorSpec;
  /** The colour inside. */
  readonly facecolor?: ColorSpec;
  /** From 0, invisible, to 1. */
  readonly alpha?: number;
  /** What has more lies above. */
  readonly zorder?: number;
}

/** Options of `axhline` and `axvline`. */
export interface ReferenceOptions {
  readonly label?: string;
  readonly color?: ColorSpec;
  readonly c?: ColorSpec;
  readonly linestyle?: string;
  readonly ls?: string;
  readonly linewidth?: number;
  readonly lw?: number;
  readonly alpha?: number;
  readonly zorder?: number;
}

/** Options of `axhspan` and `axvspan`. */
export interface SpanOptions {
  readonly label?: string;
  readonly color?: ColorSpec;
  readonly facecolor?: ColorSpec;
  readonly edgecolor?: ColorSpec;
  /** Width of the edge in points. Default 1. */
  readonly linewidth?: number;
  readonly lw?: number;
  readonly alpha?: number;
  readonly zorder?: number;
}

/** Options of `hlines` and `vlines`. */
export interface SegmentsOptions {
  /** The text in the legend. */
  readonly label?: string;
  /** One colour, or one for each line. Default the first of the cycle. */
  readonly colors?: ColorSpec | readonly ColorSpec[];
  /** The colour. */
  readonly color?: ColorSpec;
  /** "solid", "dashed", "dotted" or "dashdot", or as in `plot`. Default "solid". */
  readonly linestyles?: string;
  /** "-", "--", ":" or "-.". */
  readonly linestyle?: string;
  /** In points. Default 1.5. */
  readonly linewidths?: number;
  /** The width of lines, in points. */
  readonly linewidth?: number;
  /** From 0, invisible, to 1. */
  readonly alpha?: number;
  /** What has more lies above. */
  readonly zorder?: number;
}

/** The box behind a text. */
export interface BoxOptions {
  /** "square" (default) or "round". */
  readonly boxstyle?: "square" | "round";
  /** Room around the text relative to its font size. Default 0.3. */
  readonly pad?: number;
  /** Default the first colour of the cycle. */
  readonly facecolor?: ColorSpec;
  readonly fc?: ColorSpec;
  /** Default "black". */
  readonly edgecolor?: ColorSpec;
  readonly ec?: ColorSpec;
  readonly linewidth?: number;
  readonly lw?: number;
  readonly alpha?: number;
}

/** Options of `text`. */
export interface TextOptions {
  /** The colour of the text. */
  readonly color?: ColorSpec;
  /** In points, or a word. Default 10. */
  readonly fontsize?: FontSize;
  /** The size, in points, or "small", "large" and so on. */
  readonly size?: FontSize;
  /** How bold the text is. Default "normal". */
  readonly fontweight?: "normal" | "bold";
  /** The same as `fontweight`. */
  readonly weight?: "normal" | "bold";
  /** Degrees, counter-clockwise. Default 0. */
  readonly rotation?: number;
  /** Horizontal alignment. Default "left". */
  readonly ha?: "left" | "center" | "right";
  /** The same as `ha`. */
  readonly horizontalalignment?: "left" | "center" | "right";
  /** Vertical alignment. Default "baseline". */
  readonly va?: "top" | "center" | "baseline" | "bottom";
  /** The same as `va`. */
  readonly verticalalignment?: "top" | "center" | "baseline" | "bottom";
  /** A box behind the text. Default none. */
  readonly bbox?: BoxOptions;
  /** Where x and y count: `ax.transData` (default) or `ax.transAxes`, fractions of the box. */
  readonly transform?: Coordinates;
  /** From 0, invisible, to 1. */
  readonly alpha?: number;
  /** What has more lies above. */
  readonly zorder?: number;
}

/** The look of the arrow of `annotate`. */
export interface ArrowProps {
  /** "-", "->" (default), "<-", "<->", "-|>", "<|-" or "<|-|>". */
  readonly arrowstyle?: "-" | "->" | "<-" | "<->" | "-|>" | "<|-" | "<|-|>";
  /** "arc3" (straight, default), or bent: "arc3,rad=0.2". */
  readonly connectionstyle?: string;
  readonly color?: ColorSpec;
  readonly linestyle?: string;
  readonly ls?: string;
  /** In points. Default 1. */
  readonly linewidth?: number;
  readonly lw?: number;
  /** Points that the arrow stops short of the text and of the point. Default 2. */
  readonly shrinkA?: number;
  readonly shrinkB?: number;
  /** The size of the heads in points. Default the font size. */
  readonly mutationScale?: number;
  readonly alpha?: number;
}

/** Options of `annotate`. */
export interface AnnotateOptions extends Omit<TextOptions, "transform"> {
  /** Where the text stands. Default at the point itself. */
  readonly xytext?: readonly [x: number, y: number];
  /** What `xy` counts. Default "data". */
  readonly xycoords?: Coordinates;
  /** What `xytext` counts. Default as `xycoords`; "offset points" counts points from `xy`. */
  readonly textcoords?: Coordinates | "offset points";
  /** Draws an arrow from the text to the point. Default none. */
  readonly arrowprops?: ArrowProps;
}

/** Options of titles and axis labels. */
export interface LabelOptions {
  /** In points, or a word. Default "large" (12) for titles, "medium" (10) for axis labels. */
  readonly fontsize?: FontSize;
  /** The colour. */
  readonly color?: ColorSpec;
}

/** Options of `xticks` and `yticks`. */
export interface TickOptions {
  /** Degrees, counter-clockwise. Default 0. */
  readonly rotation?: number;
  /** In points, or a word. Default "medium" (10). */
  readonly fontsize?: FontSize;
}

/** Options of `tickParams`. */
export interface TickParamsOptions {
  /** The axis that is changed. Default "both". */
  readonly axis?: "x" | "y" | "both";
  /** The size of the labels, in points. */
  readonly labelsize?: FontSize;
  /** The colour of ticks and their labels. */
  readonly colors?: ColorSpec;
  /** Degrees, counter-clockwise. */
  readonly rotation?: number;
  /** The same as `rotation`. */
  readonly labelrotation?: number;
  /** In points; 0 hides the ticks but not their labels. */
  readonly length?: number;
  /** Whether the x axis has labels. */
  readonly labelbottom?: boolean;
  /** Whether the y axis has labels. */
  readonly labelleft?: boolean;
}

/** Options of `legend`. */
export interface LegendOptions {
  /** Where it stands. Default "best": where it covers least. */
  readonly loc?: LegendLocation;
  /** In points, or a word. Default "medium" (10). */
  readonly fontsize?: FontSize;
  /** What stands above it. */
  readonly title?: string;
  /** Whether it has a frame. Default true. */
  readonly frameon?: boolean;
  /** How much the frame hides, from 0 to 1. Default 0.8. */
  readonly framealpha?: number;
}

/** Options of `grid`. */
export interface GridOptions {
  /** The axis whose lines are shown. Default "both". */
  readonly axis?: "x" | "y" | "both";
  /** The colour. */
  readonly color?: ColorSpec;
  /** "-", "--", ":" or "-.". */
  readonly linestyle?: string;
  /** The same as `linestyle`. */
  readonly ls?: string;
  /** The width of lines, in points. */
  readonly linewidth?: number;
  /** The same as `linewidth`. */
  readonly lw?: number;
  /** From 0, invisible, to 1. */
  readonly alpha?: number;
}

/** Names of options. */
export type Keys<T> = readonly (keyof T & string)[];

const LINE_LOOK = ["color", "c", "linestyle", "ls", "linewidth", "lw", "alpha"] as const;
/** The names of {@link MapOptions}. */
export const MAP_NAMES: Keys<MapOptions> = ["cmap", "norm", "vmin", "vmax"];
/** The names of {@link LineOptions}. */
export const LINE_NAMES: Keys<LineOptions> = [
  ...LINE_LOOK,
  "label",
  "marker",
  "markersize",
  "ms",
  "markerfacecolor",
  "mfc",
  "markeredgecolor",
  "mec",
  "markeredgewidth",
  "mew",
  "drawstyle",
  "zorder",
];
const PATCH_NAMES = ["label", "color", "edgecolor", "linewidth", "alpha", "zorder"] as const;
const TEXT_NAMES = [
  "color",
  "fontsize",
  "size",
  "fontweight",
  "weight",
  "rotation",
  "ha",
  "horizontalalignment",
  "va",
  "verticalalignment",
  "bbox",
  "alpha",
  "zorder",
] as const;

/** The names that each function takes. */
export const OPTION_NAMES: {
  readonly scatter: Keys<ScatterOptions>;
  readonly bar: Keys<BarOptions>;
  readonly barh: Keys<BarhOptions>;
  readonly hist: Keys<HistOptions>;
  readonly imshow: Keys<ImshowOptions>;
  readonly area: Keys<AreaOptions>;
  readonly reference: Keys<ReferenceOptions>;
  readonly span: Keys<SpanOptions>;
  readonly segments: Keys<SegmentsOptions>;
  readonly text: Keys<TextOptions>;
  readonly annotate: Keys<AnnotateOptions>;
  readonly arrow: Keys<ArrowProps>;
  readonly box: Keys<BoxOptions>;
  readonly label: Keys<LabelOptions>;
  readonly ticks: Keys<TickOptions>;
  readonly tickParams: Keys<TickParamsOptions>;
  readonly legend: Keys<LegendOptions>;
  readonly grid: Keys<GridOptions>;
} = {
  scatter: [
    ...MAP_NAMES,
    "label",
    "s",
    "c",
    "color",
    "marker",
    "edgecolors",
    "edgecolor",
    "linewidths",
    "linewidth",
    "alpha",
    "zorder",
  ],
  bar: [...PATCH_NAMES, "width", "bottom", "align"],
  barh: [...PATCH_NAMES, "height", "left", "align"],
  hist: [...PATCH_NAMES, "bins", "range", "density"],
  imshow: [...MAP_NAMES, "origin", "extent", "aspect", "interpolation", "alpha", "zorder"],
  area: ["label", "where", "step", "color", "facecolor", "alpha", "zorder"],
  reference: [...LINE_LOOK, "label", "zorder"],
  span: ["label", "color", "facecolor", "edgecolor", "linewidth", "lw", "alpha", "zorder"],
  segments: [
    "label",
    "colors",
    "color",
    "linestyles",
    "linestyle",
    "linewidths",
    "linewidth",
    "alpha",
    "zorder",
  ],
  text: [...TEXT_NAMES, "transform"],
  annotate: [...TEXT_NAMES, "xytext", "xycoords", "textcoords", "arrowprops"],
  arrow: [
    "arrowstyle",
    "connectionstyle",
    "color",
    "linestyle",
    "ls",
    "linewidth",
    "lw",
    "shrinkA",
    "shrinkB",
    "mutationScale",
    "alpha",
  ],
  box: ["boxstyle", "pad", "facecolor", "fc", "edgecolor", "ec", "linewidth", "lw", "alpha"],
  label: ["fontsize", "color"],
  ticks: ["rotation", "fontsize"],
  tickParams: [
    "axis",
    "labelsize",
    "colors",
    "rotation",
    "labelrotation",
    "length",
    "labelbottom",
    "labelleft",
  ],
  legend: ["loc", "fontsize", "title", "frameon", "framealpha"],
  grid: [...LINE_LOOK.filter((name) => name !== "c"), "axis"],
};

/** Whether a value is an options object rather than data. */
export function isOptions(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Tensors have classes of their own; a literal that offers dataSync is data too.
  return (prototype === Object.prototype || prototype === null) && !("dataSync" in value);
}

/**
 * Splits the trailing options object off a list of arguments, and checks its names.
 *
 * @throws ValueError for unknown names, or when an argument follows the options
 */
export function splitOptions<T extends object>(
  where: string,
  args: readonly unknown[],
  names: Keys<T>,
): { readonly positional: readonly unknown[]; readonly options: T } {
  const last = args.at(-1);
  const options = isOptions(last) ? last : {};
  const positional = isOptions(last) ? args.slice(0, -1) : args;
  if (positional.some(isOptions)) throw new ValueError(`${where}: the options must be the last argument.`);
  checkOptions(where, options, names);
  return { positional, options: options as T };
}

/** A finite number of an option or its default. */
export function readNumber(
  where: string,
  value: unknown,
  fallback: number,
  low?: number,
  high?: number,
): number {
  if (value === undefined) return fallback;
  const ok =
    typeof value === "number" &&
    Number.isFinite(value) &&
    (low === undefined || value >= low) &&
    (high === undefined || value <= high);
  if (ok) return value;
  const range =
    low === undefined ? "" : high === undefined ? ` of at least ${low}` : ` from ${low} to ${high}`;
  throw new ValueError(`${where} must be a finite number${range}. Received: ${show(value)}`);
}

/** One of a few words. */
export function readChoice<T extends string>(
  where: string,
  value: unknown,
  fallback: T,
  choices: readonly T[],
): T {
  if (value === undefined) return fallback;
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw new ValueError(`${where} must be one of ${choices.map(show).join(", ")}. Received: ${show(value)}`);
}

/** Text, or nothing. */
export function readText(where: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  throw new ValueError(`${where} must be a string. Received: ${show(value)}`);
}

/** A colour or a list of them. */
export function readColors(where: string, value: unknown): readonly Color[] | undefined {
  if (value === undefined) return undefined;
  const list = Array.isArray(value) && value.some((item) => typeof item !== "number") ? value : [value];
  return list.map((item) => parseColor(where, item));
}
