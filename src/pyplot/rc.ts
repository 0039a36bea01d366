/** The settings of figures, by matplotlib's names: `plt.rcParams["axes.grid"] = true`. Axes keep those of the time when they are made. */
import { didYouMean, show, ValueError } from "../engine/tensor/errors.ts";
import { type Color, type ColorSpec, parseColor, useCycle } from "./color.ts";
import { type ColormapName, colormap } from "./colormap.ts";
import { parseLineStyle } from "./styles.ts";

/** A size in points, or a word relative to `font.size`. */
export type FontSize =
  | number
  | "xx-small"
  | "x-small"
  | "small"
  | "smaller"
  | "medium"
  | "large"
  | "larger"
  | "x-large"
  | "xx-large";

/** Settings of figures. A key that is not here throws when it is set. */
export interface RcParams {
  /** Width and height of a figure in inches. */
  "figure.figsize": readonly [width: number, height: number];
  /** Pixels per inch. */
  "figure.dpi": number;
  "figure.facecolor": ColorSpec;
  "figure.titlesize": FontSize;
  "font.size": number;
  "text.color": ColorSpec;
  "axes.facecolor": ColorSpec;
  "axes.edgecolor": ColorSpec;
  /** Width of the box around axes in points. */
  "axes.linewidth": number;
  "axes.grid": boolean;
  "axes.labelcolor": ColorSpec;
  "axes.labelsize": FontSize;
  /** "auto" is `text.color`. */
  "axes.titlecolor": ColorSpec;
  "axes.titlesize": FontSize;
  /** The colours of lines, one after the other. */
  "axes.prop_cycle": readonly ColorSpec[];
  "axes.spines.left": boolean;
  "axes.spines.right": boolean;
  "axes.spines.top": boolean;
  "axes.spines.bottom": boolean;
  "grid.color": ColorSpec;
  "grid.linestyle": string;
  "grid.linewidth": number;
  "grid.alpha": number;
  "lines.linewidth": number;
  "lines.markersize": number;
  "lines.markeredgewidth": number;
  /** The colours of boxes of `boxplot` and of outlines. */
  "boxplot.boxprops.color": ColorSpec;
  "image.cmap": ColormapName;
  "hist.bins": number;
  "errorbar.capsize": number;
  "legend.frameon": boolean;
  "legend.framealpha": number;
  "legend.fontsize": FontSize;
  /** "inherit" is `axes.facecolor`. */
  "legend.facecolor": ColorSpec;
  "legend.edgecolor": ColorSpec;
  /** How SVG keeps its letters: "none" as text, "path" as outlines that need no font where they are seen (not on a page). */
  "svg.fonttype": "none" | "path";
  "xtick.color": ColorSpec;
  "xtick.labelsize": FontSize;
  "xtick.major.size": number;
  "ytick.color": ColorSpec;
  "ytick.labelsize": FontSize;
  "ytick.major.size": number;
}

/** A name of a setting. */
export type RcKey = keyof RcParams;

/** matplotlib's defaults. */
export const RC_DEFAULTS: Readonly<RcParams> = {
  "figure.figsize": [6.4, 4.8],
  "figure.dpi": 100,
  "figure.facecolor": "white",
  "figure.titlesize": "large",
  "font.size": 10,
  "text.color": "black",
  "axes.facecolor": "white",
  "axes.edgecolor": "black",
  "axes.linewidth": 0.8,
  "axes.grid": false,
  "axes.labelcolor": "black",
  "axes.labelsize": "medium",
  "axes.titlecolor": "auto",
  "axes.titlesize": "large",
  "axes.prop_cycle": [
    "#1f77b4",
    "#ff7f0e",
    "#2ca02c",
    "#d62728",
    "#9467bd",
    "#8c564b",
    "#e377c2",
    "#7f7f7f",
    "#bcbd22",
    "#17becf",
  ],
  "axes.spines.left": true,
  "axes.spines.right": true,
  "axes.spines.top": true,
  "axes.spines.bottom": true,
  "grid.color": "#b0b0b0",
  "grid.linestyle": "-",
  "grid.linewidth": 0.8,
  "grid.alpha": 1,
  "lines.linewidth": 1.5,
  "lines.markersize": 6,
  "lines.markeredgewidth": 1,
  "boxplot.boxprops.color": "black",
  "image.cmap": "viridis",
  "hist.bins": 10,
  "errorbar.capsize": 0,
  "legend.frameon": true,
  "legend.framealpha": 0.8,
  "legend.fontsize": "medium",
  "legend.facecolor": "inherit",
  "legend.edgecolor": "0.8",
  "svg.fonttype": "none",
  "xtick.color": "black",
  "xtick.labelsize": "medium",
  "xtick.major.size": 3.5,
  "ytick.color": "black",
  "ytick.labelsize": "medium",
  "ytick.major.size": 3.5,
};

const RELATIVE: Record<string, number> = {
  "xx-small": 0.579,
  "x-small": 0.694,
  small: 0.833,
  smaller: 0.833,
  medium: 1,
  large: 1.2,
  larger: 1.2,
  "x-large": 1.44,
  "xx-large": 1.728,
};

/**
 * A font size in points.
 *
 * @throws ValueError for what is neither a number of at least 0 nor one of matplotlib's words
 */
export function points(where: string, size: unknown, base: number): number {
  if (typeof size === "number" && Number.isFinite(size) && size >= 0) return size;
  const factor = typeof size === "string" ? RELATIVE[size] : undefined;
  if (factor !== undefined) return base * factor;
  throw new ValueError(
    `${where} must be a number of points of at least 0, or one of ${Object.keys(RELATIVE).map(show).join(", ")}. ` +
      `Received: ${show(size)}`,
  );
}

/** Words that stand for another setting. */
const WORDS: Partial<Record<RcKey, string>> = { "axes.titlecolor": "auto", "legend.facecolor": "inherit" };

/** Refuses a value that a setting cannot have. */
function check(key: RcKey, value: unknown): void {
  const where = `rcParams["${key}"]`;
  const fallback: unknown = RC_DEFAULTS[key];
  const positive = (item: unknown): boolean => typeof item === "number" && Number.isFinite(item) && item > 0;
  const fail = (wanted: string): never => {
    throw new ValueError(`${where} must be ${wanted}. Received: ${show(value)}`);
  };
  if (value === WORDS[key] && value !== undefined) return;
  if (key === "axes.prop_cycle") {
    if (!Array.isArray(value) || value.length === 0) return fail("a list of colours");
    for (const item of value) parseColor(where, item);
  } else if (key === "figure.figsize") {
    if (!Array.isArray(value) || value.length !== 2 || !value.every(positive))
      fail("two positive numbers of inches");
  } else if (key === "image.cmap") colormap(where, String(value));
  else if (key === "svg.fonttype") {
    if (value !== "none" && value !== "path") fail('"none" or "path"');
  } else if (key === "grid.linestyle") parseLineStyle(where, value);
  else if (key.endsWith("color")) parseColor(where, value);
  else if (key.endsWith("size") && typeof fallback === "string") points(where, value, 10);
  else if (typeof fallback === "boolean") {
    if (typeof value !== "boolean") fail("true or false");
  } else if (!(typeof value === "number" && Number.isFinite(value) && value >= 0)) {
    fail("a number of at least 0");
  }
}

const KEYS = Object.keys(RC_DEFAULTS) as RcKey[];

function checked(): RcParams {
  const values: Record<string, unknown> = { ...RC_DEFAULTS };
  const params = {};
  for (const key of KEYS) {
    Object.defineProperty(params, key, {
      enumerable: true,
      get: () => values[key],
      set: (value: unknown) => {
        check(key, value);
        values[key] = value;
        if (key === "axes.prop_cycle")
          useCycle((value as readonly ColorSpec[]).map((spec) => parseColor(key, spec)));
      },
    });
  }
  return Object.seal(params) as RcParams;
}

/**
 * The settings of the figures that are made from now on.
 *
 * @example
 * ```ts
 * plt.rcParams["axes.grid"] = true;
 * plt.rcParams["lines.linewidth"] = 3;
 * plt.figure().gca().plot([1, 2])[0]?.stroke.width; // → 3
 * plt.rcParams["lines.linewidth"] = -1; // → throws ValueError: a number of at least 0
 * plt.rcdefaults();
 * ```
 */
export const rcParams: RcParams = /* @__PURE__ */ checked();

/** The settings as they are now; later changes do not reach the result. */
export function currentRc(): Readonly<RcParams> {
  return { ...rcParams };
}

/**
 * Changes several settings; when one is refused, none is changed.
 *
 * @throws ValueError for unknown names and bad values
 */
export function updateRc(where: string, changes: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(changes)) {
    if (!Object.hasOwn(RC_DEFAULTS, key)) {
      throw new ValueError(`${where}: ${show(key)} is not a setting.${didYouMean(key, KEYS)}`);
    }
    check(key as RcKey, value);
  }
  Object.assign(rcParams, changes);
}

/** A font size of the settings in points. */
export function fontSize(rc: Readonly<RcParams>, key: RcKey): number {
  return points(key, rc[key], rc["font.size"]);
}

/** Whether a setting is on. */
export function rcFlag(rc: Readonly<RcParams>, key: RcKey): boolean {
  return rc[key] === true;
}

/** A colour of the settings, with the words that stand for other settings resolved. */
export function rcColor(rc: Readonly<RcParams>, key: RcKey): Color {
  const value = rc[key];
  if (value === "auto") return rcColor(rc, "text.color");
  if (value === "inherit") return rcColor(rc, "axes.facecolor");
  return parseColor(key, value);
}

/** A colour of the cycle of these settings, counted without end. */
export function propCycle(rc: Readonly<RcParams>, index: number): Color {
  const cycle = rc["axes.prop_cycle"];
  return parseColor("axes.prop_cycle", cycle[index % cycle.length]);
}
