/** `plt.style`: matplotlib's style sheets, sets of settings by name. */
import { didYouMean, show, ValueError } from "../engine/tensor/errors.ts";
import { currentRc, RC_DEFAULTS, type RcParams, updateRc } from "./rc.ts";

/** A style: settings, not all of them. */
export type StyleSheet = Partial<RcParams>;

const SEABORN: StyleSheet = {
  "axes.labelcolor": "0.15",
  "image.cmap": "Greys",
  "legend.frameon": false,
  "text.color": "0.15",
  "xtick.color": "0.15",
  "xtick.major.size": 0,
  "ytick.color": "0.15",
  "ytick.major.size": 0,
};
const DARKGRID: StyleSheet = {
  ...SEABORN,
  "axes.edgecolor": "white",
  "axes.facecolor": "#EAEAF2",
  "axes.grid": true,
  "axes.linewidth": 0,
  "grid.color": "white",
};
const WHITE: StyleSheet = {
  ...SEABORN,
  "axes.edgecolor": "0.15",
  "axes.linewidth": 1.25,
  "grid.color": "0.8",
};

const cycle = (...colors: readonly string[]): StyleSheet => ({ "axes.prop_cycle": colors });

const SHEETS: Readonly<Record<string, StyleSheet>> = {
  default: RC_DEFAULTS,
  bmh: {
    "axes.edgecolor": "#bcbcbc",
    "axes.facecolor": "#eeeeee",
    "axes.grid": true,
    "axes.labelsize": "large",
    "axes.titlesize": "x-large",
    ...cycle(
      "#348ABD",
      "#A60628",
      "#7A68A6",
      "#467821",
      "#D55E00",
      "#CC79A7",
      "#56B4E9",
      "#009E73",
      "#F0E442",
      "#0072B2",
    ),
    "grid.color": "#b2b2b2",
    "grid.linestyle": "--",
    "grid.linewidth": 0.5,
    "lines.linewidth": 2,
  },
  dark_background: {
    "axes.edgecolor": "white",
    "axes.facecolor": "black",
    "axes.labelcolor": "white",
    ...cycle(
      "#8dd3c7",
      "#feffb3",
      "#bfbbd9",
      "#fa8174",
      "#81b1d2",
      "#fdb462",
      "#b3de69",
      "#bc82bd",
      "#ccebc4",
      "#ffed6f",
    ),
    "boxplot.boxprops.color": "white",
    "figure.facecolor": "black",
    "grid.color": "white",
    "text.color": "white",
    "xtick.color": "white",
    "ytick.color": "white",
  },
  fivethirtyeight: {
    "axes.edgecolor": "#f0f0f0",
    "axes.facecolor": "#f0f0f0",
    "axes.grid": true,
    "axes.labelsize": "large",
    "axes.linewidth": 3,
    "axes.titlesize": "x-large",
    ...cycle("#008fd5", "#fc4f30", "#e5ae38", "#6d904f", "#8b8b8b", "#810f7c"),
    "figure.facecolor": "#f0f0f0",
    "font.size": 14,
    "grid.color": "#cbcbcb",
    "grid.linewidth": 1,
    "lines.linewidth": 4,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
  },
  ggplot: {
    "axes.edgecolor": "white",
    "axes.facecolor": "#E5E5E5",
    "axes.grid": true,
    "axes.labelcolor": "#555555",
    "axes.labelsize": "large",
    "axes.linewidth": 1,
    "axes.titlesize": "x-large",
    ...cycle("#E24A33", "#348ABD", "#988ED5", "#777777", "#FBC15E", "#8EBA42", "#FFB5B8"),
    "grid.color": "white",
    "xtick.color": "#555555",
    "ytick.color": "#555555",
  },
  grayscale: {
    ...cycle("0.00", "0.40", "0.60", "0.70"),
    "figure.facecolor": "0.75",
    "grid.color": "black",
    "image.cmap": "gray",
  },
  "seaborn-v0_8": {
    ...DARKGRID,
    "axes.labelsize": 11,
    "axes.titlesize": 12,
    ...cycle("#4C72B0", "#55A868", "#C44E52", "#8172B2", "#CCB974", "#64B5CD"),
    "figure.figsize": [8, 5.5],
    "grid.linewidth": 1,
    "legend.fontsize": 10,
    "lines.linewidth": 1.75,
    "lines.markeredgewidth": 0,
    "lines.markersize": 7,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
  },
  "seaborn-v0_8-bright": cycle("#003FFF", "#03ED3A", "#E8000B", "#8A2BE2", "#FFC400", "#00D7FF"),
  "seaborn-v0_8-colorblind": cycle("#0072B2", "#009E73", "#D55E00", "#CC79A7", "#F0E442", "#56B4E9"),
  "seaborn-v0_8-dark": { ...DARKGRID, "axes.grid": false },
  "seaborn-v0_8-dark-palette": cycle("#001C7F", "#017517", "#8C0900", "#7600A1", "#B8860B", "#006374"),
  "seaborn-v0_8-darkgrid": DARKGRID,
  "seaborn-v0_8-deep": cycle("#4C72B0", "#55A868", "#C44E52", "#8172B2", "#CCB974", "#64B5CD"),
  "seaborn-v0_8-muted": cycle("#4878CF", "#6ACC65", "#D65F5F", "#B47CC7", "#C4AD66", "#77BEDB"),
  "seaborn-v0_8-pastel": cycle("#92C6FF", "#97F0AA", "#FF9F9A", "#D0BBFF", "#FFFEA3", "#B0E0E6"),
  "seaborn-v0_8-ticks": { ...WHITE, "xtick.major.size": 6, "ytick.major.size": 6 },
  "seaborn-v0_8-white": WHITE,
  "seaborn-v0_8-whitegrid": {
    ...SEABORN,
    "axes.edgecolor": "0.8",
    "axes.grid": true,
    "axes.linewidth": 1,
    "grid.color": "0.8",
  },
  Solarize_Light2: {
    "axes.edgecolor": "#eee8d5",
    "axes.facecolor": "#eee8d5",
    "axes.grid": true,
    "axes.labelcolor": "#657b83",
    "axes.labelsize": 12,
    "axes.titlesize": 16,
    ...cycle("#268BD2", "#2AA198", "#859900", "#B58900", "#CB4B16", "#DC322F", "#D33682", "#6C71C4"),
    "figure.facecolor": "#FDF6E3",
    "grid.color": "#fdf6e3",
    "grid.linewidth": 1,
    "lines.linewidth": 2,
    "xtick.color": "#657b83",
    "ytick.color": "#657b83",
  },
  "tableau-colorblind10": cycle(
    "#006BA4",
    "#FF800E",
    "#ABABAB",
    "#595959",
    "#5F9ED1",
    "#C85200",
    "#898989",
    "#A2C8EC",
    "#FFBC79",
    "#CFCFCF",
  ),
};

/** The names that {@link use} knows. */
export const available: readonly string[] = /* @__PURE__ */ Object.keys(SHEETS);

/**
 * Takes on a style: by its name, as settings, or several of them, the later ones over the earlier ones. "default" goes back.
 *
 * @throws ValueError for a name that is not in {@link available}, and for unknown settings; then nothing has changed
 * @example
 * ```ts
 * plt.style.use("ggplot");
 * plt.rcParams["axes.facecolor"]; // → #E5E5E5
 * plt.style.use(["dark_background", { "lines.linewidth": 3 }]);
 * plt.rcParams["figure.facecolor"]; // → black
 * plt.style.use("default");
 * plt.style.use("gplot"); // → throws ValueError: Did you mean "ggplot"?
 * ```
 */
export function use(style: string | StyleSheet | readonly (string | StyleSheet)[]): void {
  const list = Array.isArray(style) ? style : [style];
  updateRc("style.use", Object.assign({}, ...list.map(sheet)));
}

/**
 * Does something in a style, and goes back to the settings of before.
 *
 * @param draw what to do; a promise is waited for
 * @returns what `draw` returned
 *
 * @example
 * ```ts
 * const before = plt.rcParams["axes.grid"];
 * plt.style.context("ggplot", () => plt.plot([1, 2, 3]));
 * plt.rcParams["axes.grid"] === before; // → true
 * ```
 */
export function context<T>(style: string | StyleSheet | readonly (string | StyleSheet)[], draw: () => T): T {
  const before = currentRc();
  const restore = (): void => updateRc("style.context", before);
  use(style);
  let result: T;
  try {
    result = draw();
  } catch (error) {
    restore();
    throw error;
  }
  if (result instanceof Promise) return result.finally(restore) as T;
  restore();
  return result;
}

function sheet(style: string | StyleSheet): StyleSheet {
  if (typeof style !== "string") return style;
  if (Object.hasOwn(SHEETS, style)) return SHEETS[style]!;
  throw new ValueError(
    `style.use: ${show(style)} is not a style.${didYouMean(style, available)} There are: ${available.join(", ")}`,
  );
}
