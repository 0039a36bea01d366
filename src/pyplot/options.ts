/** The options of the drawing functions, their names (with matplotlib's short forms), and how they are read. */
import { checkOptions, show, ValueError } from "../engine/tensor/errors.ts";
import { type Color, type ColorSpec, parseColor } from "./color.ts";
import type { ColormapName } from "./colormap.ts";
import type { LegendLocation } from "./model.ts";

/** Options of `plot` and of all that draws lines. */
export interface LineOptions {
  /** The legend's text. For several columns one text each may be given. */
  readonly label?: string | readonly string[];
  /** Colour; the default is the next of the cycle. */
  readonly color?: ColorSpec;
  readonly c?: ColorSpec;
  /** "-", "--", "-.", ":", "none" or the words for them. Default "-". */
  readonly linestyle?: string;
  readonly ls?: string;
  /** In points. Default 1.5. */
  readonly linewidth?: number;
  readonly lw?: number;
  /** One of o . , s ^ v < > D d p h * + x | _. Default none. */
  readonly marker?: string;
  /** In points. Default 6. */
  readonly markersize?: number;
  readonly ms?: number;
  readonly markerfacecolor?: ColorSpec;
  readonly mfc?: ColorSpec;
  readonly markeredgecolor?: ColorSpec;
  readonly mec?: ColorSpec;
  readonly markeredgewidth?: number;
  readonly mew?: number;
  /** Opacity from 0 to 1. Default 1. */
  readonly alpha?: number;
  readonly zorder?: number;
}

/** Options of `scatter`. */
export interface ScatterOptions {
  readonly label?: string;
  /** Areas in square points: one, or one for each point. Default 36. */
  readonly s?: unknown;
  /** A colour, a list of colours, or numbers that go through `cmap`. */
  readonly c?: unknown;
  readonly color?: ColorSpec;
  /** Default "o". */
  readonly marker?: string;
  /** Default "viridis". */
  readonly cmap?: ColormapName;
  readonly vmin?: number;
  readonly vmax?: number;
  readonly edgecolors?: ColorSpec;
  readonly edgecolor?: ColorSpec;
  /** Width of the edges in points. Default 1.5. */
  readonly linewidths?: number;
  readonly linewidth?: number;
  readonly alpha?: number;
  readonly zorder?: number;
}

/** Options of `bar`, `barh` and the bars of `hist`. */
export interface PatchOptions {
  readonly label?: string;
  /** One colour, or one for each bar. */
  readonly color?: ColorSpec | readonly ColorSpec[];
  readonly edgecolor?: ColorSpec;
  /** Width of the edges in points. Default 1. */
  readonly linewidth?: number;
  readonly alpha?: number;
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
export interface ImshowOptions {
  /** Default "viridis". */
  readonly cmap?: ColormapName;
  /** The numbers at the ends of the colour map. Default the least and the greatest. */
  readonly vmin?: number;
  readonly vmax?: number;
  /** Whether the first row is at the top. Default "upper". */
  readonly origin?: "upper" | "lower";
  /** Left, right, bottom and top in data coordinates. */
  readonly extent?: readonly [left: number, right: number, bottom: number, top: number];
  /** "equal" (default) for square pixels, or "auto" to fill the axes. */
  readonly aspect?: "equal" | "auto";
  /** "nearest" (default) or "bilinear". */
  readonly interpolation?: "nearest" | "bilinear";
  readonly alpha?: number;
  readonly zorder?: number;
}

/** Options of `fillBetween`. */
export interface AreaOptions {
  readonly label?: string;
  readonly color?: ColorSpec;
  readonly alpha?: number;
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

/** Options of `text`. */
export interface TextOptions {
  readonly color?: ColorSpec;
  /** In points. Default 10. */
  readonly fontsize?: number;
  /** Horizontal alignment. Default "left". */
  readonly ha?: "left" | "center" | "right";
  /** Vertical alignment. Default "baseline". */
  readonly va?: "top" | "center" | "baseline" | "bottom";
  readonly alpha?: number;
  readonly zorder?: number;
}

/** Options of titles and axis labels. */
export interface LabelOptions {
  /** In points. Default 12 for titles, 10 for axis labels. */
  readonly fontsize?: number;
}

/** Options of `xticks` and `yticks`. */
export interface TickOptions {
  /** Degrees, counter-clockwise. Default 0. */
  readonly rotation?: number;
}

/** Options of `legend`. */
export interface LegendOptions {
  /** Default "best": where it covers least. */
  readonly loc?: LegendLocation;
  /** In points. Default 10. */
  readonly fontsize?: number;
  readonly title?: string;
  /** Default true. */
  readonly frameon?: boolean;
  /** Default 0.8. */
  readonly framealpha?: number;
}

/** Options of `grid`. */
export interface GridOptions {
  /** Default "both". */
  readonly axis?: "x" | "y" | "both";
  readonly color?: ColorSpec;
  readonly linestyle?: string;
  readonly ls?: string;
  readonly linewidth?: number;
  readonly lw?: number;
  readonly alpha?: number;
}

type Keys<T> = readonly (keyof T & string)[];

const LINE_LOOK = ["color", "c", "linestyle", "ls", "linewidth", "lw", "alpha"] as const;

/** The names that each function takes. */
export const OPTION_NAMES: {
  readonly plot: Keys<LineOptions>;
  readonly scatter: Keys<ScatterOptions>;
  readonly patch: Keys<PatchOptions>;
  readonly bar: Keys<BarOptions>;
  readonly barh: Keys<BarhOptions>;
  readonly hist: Keys<HistOptions>;
  readonly imshow: Keys<ImshowOptions>;
  readonly area: Keys<AreaOptions>;
  readonly reference: Keys<ReferenceOptions>;
  readonly text: Keys<TextOptions>;
  readonly label: Keys<LabelOptions>;
  readonly ticks: Keys<TickOptions>;
  readonly legend: Keys<LegendOptions>;
  readonly grid: Keys<GridOptions>;
} = {
  plot: [
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
    "zorder",
  ],
  scatter: [
    "label",
    "s",
    "c",
    "color",
    "marker",
    "cmap",
    "vmin",
    "vmax",
    "edgecolors",
    "edgecolor",
    "linewidths",
    "linewidth",
    "alpha",
    "zorder",
  ],
  patch: ["label", "color", "edgecolor", "linewidth", "alpha", "zorder"],
  bar: ["width", "bottom", "align", "label", "color", "edgecolor", "linewidth", "alpha", "zorder"],
  barh: ["height", "left", "align", "label", "color", "edgecolor", "linewidth", "alpha", "zorder"],
  hist: ["bins", "range", "density", "label", "color", "edgecolor", "linewidth", "alpha", "zorder"],
  imshow: ["cmap", "vmin", "vmax", "origin", "extent", "aspect", "interpolation", "alpha", "zorder"],
  area: ["label", "color", "alpha", "zorder"],
  reference: [...LINE_LOOK, "label", "zorder"],
  text: ["color", "fontsize", "ha", "va", "alpha", "zorder"],
  label: ["fontsize"],
  ticks: ["rotation"],
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
