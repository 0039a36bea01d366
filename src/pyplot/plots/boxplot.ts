/** `boxplot`: quartiles, whiskers and outliers of lists of numbers. */
import { checkOptions, ShapeError, show, ValueError } from "../../engine/tensor/errors.ts";
import type { Axes } from "../axes.ts";
import { type Color, type ColorSpec, cycleColor, parseColor } from "../color.ts";
import {
  checkSameLength,
  isTensorLike,
  type NumberData,
  readBlock,
  readColumns,
  readFlat,
  readVector,
} from "../data.ts";
import type { Line2D } from "../lines.ts";
import type { PathsArtist } from "../model.ts";
import { type Keys, type LineOptions, readChoice, readNumber } from "../options.ts";
import { rcColor } from "../rc.ts";

/** Options of `boxplot`. */
export interface BoxplotOptions {
  /** Where the boxes stand. Default 1, 2, 3, … */
  readonly positions?: NumberData;
  /** How broad the boxes are: one for all or one each. Default 0.15 to 0.5, by the room. */
  readonly widths?: NumberData | number;
  /** Texts under the boxes. Default their positions. */
  readonly labels?: readonly string[];
  /** What stands below the boxes. */
  readonly tickLabels?: readonly string[];
  /** "vertical" (default) or "horizontal". */
  readonly orientation?: "vertical" | "horizontal";
  /** Whether boxes stand upright. Default true. */
  readonly vert?: boolean;
  /** How far whiskers reach, in heights of the box. Default 1.5; two numbers are percentiles. */
  readonly whis?: number | readonly [low: number, high: number];
  /** Whether boxes have notches where 95 % of samples' medians would lie. Default false. */
  readonly notch?: boolean;
  /** Whether means are marked. Default false. */
  readonly showmeans?: boolean;
  /** Whether outliers are shown. Default true. */
  readonly showfliers?: boolean;
  /** Whether whiskers end with caps. Default true. */
  readonly showcaps?: boolean;
  /** Whether boxes are drawn. Default true. */
  readonly showbox?: boolean;
  /** Whether the boxes are filled. Default false. */
  readonly patchArtist?: boolean;
  /** `facecolor` of filled boxes, and the look of their outline. */
  readonly boxprops?: {
    readonly facecolor?: ColorSpec;
    readonly color?: ColorSpec;
    readonly linewidth?: number;
  };
  /** The look of the medians. */
  readonly medianprops?: LineOptions;
  /** The look of the points beyond the whiskers. */
  readonly flierprops?: LineOptions;
}

const NAMES: Keys<BoxplotOptions> = [
  "positions",
  "widths",
  "labels",
  "tickLabels",
  "orientation",
  "vert",
  "whis",
  "notch",
  "showmeans",
  "showfliers",
  "showcaps",
  "showbox",
  "patchArtist",
  "boxprops",
  "medianprops",
  "flierprops",
];

/** What a box shows of its numbers. */
export interface BoxStatistics {
  readonly mean: number;
  readonly median: number;
  readonly q1: number;
  readonly q3: number;
  /** Where the notch begins and ends: the median less and more 1.57 times the height of the box over √n. */
  readonly notchLow: number;
  readonly notchHigh: number;
  /** Where the whiskers end. */
  readonly low: number;
  readonly high: number;
  readonly fliers: readonly number[];
}

/** What `boxplot` drew, a list for each part, and the statistics. */
export interface BoxplotContainer {
  readonly boxes: readonly PathsArtist[];
  readonly medians: readonly Line2D[];
  readonly whiskers: readonly Line2D[];
  readonly caps: readonly Line2D[];
  readonly fliers: readonly Line2D[];
  readonly means: readonly Line2D[];
  readonly statistics: readonly BoxStatistics[];
}

/** NumPy's percentile of rising numbers, linear between neighbours. */
function percentile(sorted: Float64Array, percent: number): number {
  const at = ((sorted.length - 1) * percent) / 100;
  const low = Math.floor(at);
  const [a, b] = [sorted[low]!, sorted[Math.min(low + 1, sorted.length - 1)]!];
  return a + (at - low) * (b - a);
}

/** The statistics of one box. */
export function boxStatistics(
  values: Float64Array,
  whis: number | readonly [low: number, high: number],
): BoxStatistics {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const none = Number.NaN;
  if (sorted.length === 0)
    return {
      mean: none,
      median: none,
      q1: none,
      q3: none,
      notchLow: none,
      notchHigh: none,
      low: none,
      high: none,
      fliers: [],
    };
  const [q1, median, q3] = [25, 50, 75].map((percent) => percentile(sorted, percent)) as [
    number,
    number,
    number,
  ];
  const [least, greatest] =
    typeof whis === "number"
      ? [q1 - whis * (q3 - q1), q3 + whis * (q3 - q1)]
      : [percentile(sorted, whis[0]), percentile(sorted, whis[1])];
  const notch = (1.57 * (q3 - q1)) / Math.sqrt(sorted.length);
  // Whiskers end at numbers that are there, and never inside of the box.
  const low = Math.min(q1, sorted.find((value) => value >= least) ?? q1);
  const high = Math.max(q3, sorted.findLast((value) => value <= greatest) ?? q3);
  return {
    mean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
    median,
    q1,
    q3,
    notchLow: median - notch,
    notchHigh: median + notch,
    low,
    high,
    fliers: [...sorted].filter((value) => value < low || value > high),
  };
}

/** One list of numbers for each box: the columns of a matrix, the lists of a list, or one list. */
function readGroups(x: unknown): Float64Array[] {
  const isList =
    Array.isArray(x) && x.length > 0 && x.every((item) => typeof item === "object" && item !== null);
  if (isList && !isTensorLike(x)) return x.map((item: unknown) => readFlat("boxplot: x", item));
  const { shape } = readBlock("boxplot: x", x);
  if (shape.length > 2)
    throw new ShapeError(`boxplot: x can have at most 2 dimensions. Received shape: [${shape.join(", ")}]`);
  return readColumns("boxplot: x", x).columns;
}

/** Draws boxes. */
export function drawBoxes(axes: Axes, x: unknown, options: BoxplotOptions): BoxplotContainer {
  checkOptions("boxplot", options, NAMES);
  const groups = readGroups(x);
  const count = groups.length;
  const positions =
    options.positions === undefined
      ? Float64Array.from(groups, (_, i) => i + 1)
      : readVector("boxplot: positions", options.positions);
  checkSameLength("boxplot", ["x", [count]], ["positions", [positions.length]]);
  const labels = options.tickLabels ?? options.labels;
  if (labels !== undefined) checkSameLength("boxplot", ["x", [count]], ["labels", [labels.length]]);
  const orientation = readChoice(
    "boxplot: orientation",
    options.orientation,
    options.vert === false ? "horizontal" : "vertical",
    ["vertical", "horizontal"],
  );
  const upright = orientation === "vertical";
  const spread = Math.max(...positions) - Math.min(...positions);
  const fallback = Math.min(0.5, Math.max(0.15, 0.15 * spread));
  const given =
    options.widths === undefined ? Float64Array.of(fallback) : readVector("boxplot: widths", options.widths);
  if (given.length !== 1) checkSameLength("boxplot", ["x", [count]], ["widths", [given.length]]);
  const whis = options.whis ?? 1.5;
  const okay = typeof whis === "number" ? whis >= 0 : whis.length === 2 && whis[0] < whis[1];
  if (!okay)
    throw new ValueError(
      `boxplot: whis must be a number of at least 0 or two rising percentiles. Received: ${show(whis)}`,
    );
  const props = options.boxprops ?? {};
  checkOptions("boxplot: boxprops", props, ["facecolor", "color", "linewidth"]);
  const base = rcColor(axes.model.rc, "boxplot.boxprops.color");
  const edge = props.color === undefined ? base : parseColor("boxplot: boxprops: color", props.color);
  const filled = options.patchArtist ?? false;
  const face: Color | undefined = filled
    ? props.facecolor === undefined
      ? cycleColor(0)
      : parseColor("boxplot: boxprops: facecolor", props.facecolor)
    : undefined;
  const lineWidth = readNumber("boxplot: boxprops: linewidth", props.linewidth, 1, 0);
  const black = [base.r / 255, base.g / 255, base.b / 255];
  const statistics = groups.map((values) => boxStatistics(values, whis));
  const line = (
    across: readonly number[],
    along: readonly number[],
    format: string,
    look: LineOptions,
  ): Line2D =>
    axes.plot(...(upright ? ([across, along] as const) : ([along, across] as const)), format, look)[0]!;
  const thin: LineOptions = { color: black, lw: 1, label: "_nolegend_" };
  const drawn = {
    boxes: [] as PathsArtist[],
    medians: [] as Line2D[],
    whiskers: [] as Line2D[],
    caps: [] as Line2D[],
    fliers: [] as Line2D[],
    means: [] as Line2D[],
  };
  const notched = options.notch ?? false;
  statistics.forEach(({ mean, median, q1, q3, notchLow, notchHigh, low, high, fliers }, i) => {
    const at = positions[i]!;
    const half = given[i % given.length]! / 2;
    /** Half of the width at the median. */
    const waist = notched ? half / 2 : half;
    drawn.whiskers.push(line([at, at], [q1, low], "-", thin), line([at, at], [q3, high], "-", thin));
    if (options.showcaps ?? true) {
      for (const end of [low, high]) {
        drawn.caps.push(line([at - half / 2, at + half / 2], [end, end], "-", thin));
      }
    }
    if (options.showbox ?? true) {
      const right = notched ? [half, half, waist, half, half] : [half, half];
      const up = notched ? [q1, notchLow, median, notchHigh, q3] : [q1, q3];
      const across = Float64Array.from(
        [-half, ...right, ...right.map((side) => -side).reverse()],
        (side) => at + side,
      );
      const along = Float64Array.of(q1, ...up, ...up.toReversed());
      drawn.boxes.push(
        axes.addArtist<PathsArtist>({
          kind: "paths",
          shapes: [[upright ? { x: across, y: along } : { x: along, y: across }]],
          faces: face === undefined ? [] : [face],
          edges: [edge],
          style: "-",
          width: lineWidth,
          sticky: false,
          label: undefined,
          alpha: 1,
          zorder: filled ? 1.9 : 2,
        }),
      );
    }
    drawn.medians.push(
      line([at - waist, at + waist], [median, median], "-", {
        color: "C1",
        lw: 1,
        zorder: 2.1,
        label: "_nolegend_",
        ...options.medianprops,
      }),
    );
    if (options.showmeans ?? false) {
      drawn.means.push(line([at], [mean], "^", { color: "C2", ms: 6, label: "_nolegend_", zorder: 2.2 }));
    }
    if (options.showfliers ?? true) {
      const look: LineOptions = { mfc: "none", mec: black, color: black, ms: 6, label: "_nolegend_" };
      drawn.fliers.push(
        line(
          fliers.map(() => at),
          fliers,
          "o",
          { ...look, ...options.flierprops },
        ),
      );
    }
  });
  const margin = 0.5;
  const ends = [Math.min(...positions) - margin, Math.max(...positions) + margin] as const;
  const ticks = [...positions];
  const texts = labels ?? ticks.map(String);
  if (upright) {
    axes.setXlim(ends);
    axes.setXticks(ticks, texts);
  } else {
    axes.setYlim(ends);
    axes.setYticks(ticks, texts);
  }
  return { ...drawn, statistics };
}
