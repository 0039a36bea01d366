/** `errorbar` and `stem`: points with bars for their errors, and points on stalks. */
import { checkOptions, ShapeError, show, ValueError } from "../../engine/tensor/errors.ts";
import type { Axes } from "../axes.ts";
import { type Color, parseColor } from "../color.ts";
import { checkSameLength, type NumberData, readBlock, readVector } from "../data.ts";
import type { Line2D } from "../lines.ts";
import type { PathsArtist, Ring } from "../model.ts";
import { type Keys, LINE_NAMES, type LineOptions, readNumber, splitOptions } from "../options.ts";
import { parseFormat } from "../styles.ts";

/** Options of `errorbar`: those of the line, and of the bars. */
export interface ErrorbarOptions extends LineOptions {
  /** One error for all, one for each point, or two rows: below and above. Default none. */
  readonly yerr?: NumberData | number;
  readonly xerr?: NumberData | number;
  /** The format of line and markers; "none" draws the bars alone. Default "". */
  readonly fmt?: string;
  /** The colour of the bars. Default that of the line. */
  readonly ecolor?: string | readonly number[];
  /** Width of the bars in points. Default that of lines. */
  readonly elinewidth?: number;
  /** Half the length of the caps in points. Default 0, none. */
  readonly capsize?: number;
  /** Thickness of the caps in points. Default 1. */
  readonly capthick?: number;
}

/** What `errorbar` drew. */
export interface ErrorbarContainer {
  readonly line: Line2D | undefined;
  readonly caps: readonly Line2D[];
  readonly bars: readonly PathsArtist[];
}

const NAMES: Keys<ErrorbarOptions> = [
  ...LINE_NAMES,
  "yerr",
  "xerr",
  "fmt",
  "ecolor",
  "elinewidth",
  "capsize",
  "capthick",
];

/** The errors below and above each point. */
function readErrors(name: string, value: unknown, count: number): [Float64Array, Float64Array] {
  const { data, shape } = readBlock(`errorbar: ${name}`, value);
  if (data.some((error) => error < 0))
    throw new ValueError(`errorbar: ${name} must not be negative. Received: ${show(value)}`);
  if (data.length === 1)
    return [new Float64Array(count).fill(data[0]!), new Float64Array(count).fill(data[0]!)];
  if (shape.length === 2 && shape[0] === 2 && shape[1] === count)
    return [data.slice(0, count), data.slice(count)];
  if (shape.length === 1 && shape[0] === count) return [data, data];
  throw new ShapeError(
    `errorbar: ${name} must be a number or have shape [${count}] or [2, ${count}]. Received shape: [${shape.join(", ")}]`,
  );
}

/** A stroke from one end to the other for each point. */
function strokes(
  axes: Axes,
  shapes: readonly Ring[],
  color: Color,
  width: number,
  alpha: number,
): PathsArtist {
  return axes.addArtist({
    kind: "paths",
    shapes: shapes.map((ring) => [ring]),
    faces: [],
    edges: [color],
    style: "-",
    width,
    sticky: false,
    label: undefined,
    alpha,
    zorder: 2,
  });
}

/** Draws points with bars for their errors. */
export function drawErrorbar(
  axes: Axes,
  x: NumberData,
  y: NumberData,
  options: ErrorbarOptions,
): ErrorbarContainer {
  checkOptions("errorbar", options, NAMES);
  const { yerr, xerr, fmt = "", ecolor, elinewidth, capsize, capthick, ...look } = options;
  const { rc } = axes.model;
  const [xs, ys] = [readVector("errorbar: x", x), readVector("errorbar: y", y)];
  checkSameLength("errorbar", ["x", [xs.length]], ["y", [ys.length]]);
  const up = yerr === undefined ? undefined : readErrors("yerr", yerr, xs.length);
  const across = xerr === undefined ? undefined : readErrors("xerr", xerr, xs.length);
  const width = readNumber("errorbar: elinewidth", elinewidth, rc["lines.linewidth"], 0);
  const cap = readNumber("errorbar: capsize", capsize, rc["errorbar.capsize"], 0);
  const thick = readNumber("errorbar: capthick", capthick, rc["lines.markeredgewidth"], 0);
  const given = ecolor === undefined ? undefined : parseColor("errorbar: ecolor", ecolor);
  const alpha = readNumber("errorbar: alpha", look.alpha, 1, 0, 1);
  const hidden = fmt.toLowerCase() === "none";
  const format = hidden ? "" : fmt;
  parseFormat("errorbar: fmt", format);
  const spec = look.color ?? look.c;
  const [line] = hidden ? [] : axes.plot(xs, ys, format, { zorder: 2.1, ...look });
  const color =
    given ??
    line?.stroke.color ??
    (spec === undefined ? axes.cycle.line() : parseColor("errorbar: color", spec));
  const [bars, caps]: [PathsArtist[], Line2D[]] = [[], []];
  const addCaps = (atX: Float64Array, atY: Float64Array, marker: string): void => {
    if (cap === 0) return;
    const style = {
      ls: "none",
      marker,
      ms: 2 * cap,
      mew: thick,
      alpha,
      color: asSpec(color),
      label: "_nolegend_",
    };
    caps.push(...axes.plot(atX, atY, style));
  };
  if (across !== undefined) {
    const [low, high] = [
      xs.map((value, i) => value - across[0][i]!),
      xs.map((value, i) => value + across[1][i]!),
    ];
    const shapes = Array.from(low, (left, i) => ({
      x: Float64Array.of(left, high[i]!),
      y: Float64Array.of(ys[i]!, ys[i]!),
    }));
    bars.push(strokes(axes, shapes, color, width, alpha));
    addCaps(low, ys, "|");
    addCaps(high, ys, "|");
  }
  if (up !== undefined) {
    const [low, high] = [ys.map((value, i) => value - up[0][i]!), ys.map((value, i) => value + up[1][i]!)];
    const shapes = Array.from(low, (bottom, i) => ({
      x: Float64Array.of(xs[i]!, xs[i]!),
      y: Float64Array.of(bottom, high[i]!),
    }));
    bars.push(strokes(axes, shapes, color, width, alpha));
    addCaps(xs, low, "_");
    addCaps(xs, high, "_");
  }
  return { line, caps, bars };
}

const asSpec = ({ r, g, b, a }: Color): readonly number[] => [r / 255, g / 255, b / 255, a];

/** Options of `stem`. */
export interface StemOptions {
  /** The format of the stalks: a colour and a line style. Default "C0-". */
  readonly linefmt?: string;
  /** The format of the points. Default "o" in the colour of the stalks. */
  readonly markerfmt?: string;
  /** The format of the base line. Default "C3-". */
  readonly basefmt?: string;
  /** Where the stalks begin. Default 0. */
  readonly bottom?: number;
  readonly label?: string;
}

const STEM_NAMES: Keys<StemOptions> = ["linefmt", "markerfmt", "basefmt", "bottom", "label"];

/** What `stem` drew. */
export interface StemContainer {
  readonly markerline: Line2D;
  readonly stemlines: PathsArtist;
  readonly baseline: Line2D;
}

/** Draws points on stalks: `stem(y)` or `stem(x, y)`. */
export function drawStem(
  axes: Axes,
  first: NumberData,
  rest: readonly (NumberData | StemOptions)[],
): StemContainer {
  const { positional, options } = splitOptions<StemOptions>("stem", [first, ...rest], STEM_NAMES);
  if (positional.length > 2)
    throw new ValueError(`stem takes y, or x and y. Received ${positional.length} arguments.`);
  const y = readVector("stem: y", positional.at(-1));
  const x =
    positional.length === 2 ? readVector("stem: x", positional[0]) : Float64Array.from(y, (_, i) => i);
  checkSameLength("stem", ["x", [x.length]], ["y", [y.length]]);
  const stalk = parseFormat("stem: linefmt", options.linefmt ?? "C0-");
  const point = parseFormat("stem: markerfmt", options.markerfmt ?? "o");
  parseFormat("stem: basefmt", options.basefmt ?? "C3-");
  const bottom = readNumber("stem: bottom", options.bottom, 0);
  const color = stalk.color ?? parseColor("stem", "C0");
  const stemlines = axes.addArtist<PathsArtist>({
    kind: "paths",
    shapes: Array.from(x, (value, i) => [
      { x: Float64Array.of(value, value), y: Float64Array.of(bottom, y[i]!) },
    ]),
    faces: [],
    edges: [color],
    style: stalk.linestyle ?? "-",
    width: axes.model.rc["lines.linewidth"],
    sticky: false,
    label: undefined,
    alpha: 1,
    zorder: 2,
  });
  const [markerline] = axes.plot(x, y, options.markerfmt ?? "o", {
    ...(point.linestyle === undefined ? { ls: "none" } : {}),
    ...(point.color === undefined ? { color: asSpec(color) } : {}),
    ...(options.label === undefined ? {} : { label: options.label }),
  });
  const ends = [Math.min(...x), Math.max(...x)];
  const [baseline] = axes.plot(ends, [bottom, bottom], options.basefmt ?? "C3-");
  return { markerline: markerline!, stemlines, baseline: baseline! };
}
