/** `bar`, `barh` and `hist`: rectangles that stand on a base. */
import { checkOptions } from "../../engine/tensor/errors.ts";
import type { Axes } from "../axes.ts";
import { binCounts, binEdges } from "../bins.ts";
import { type Color, parseColor, visibleColor } from "../color.ts";
import { checkSameLength, type NumberData, readFlat, readVector } from "../data.ts";
import type { AxisModel, BarsArtist, Stroke } from "../model.ts";
import {
  type BarhOptions,
  type BarOptions,
  type HistOptions,
  OPTION_NAMES,
  type PatchOptions,
  readChoice,
  readColors,
  readNumber,
  readText,
  splitOptions,
} from "../options.ts";

/** Draws upright bars. */
export function drawBars(
  axes: Axes,
  x: NumberData | readonly string[],
  height: NumberData | number,
  options: BarOptions,
): BarsArtist {
  checkOptions("bar", options, OPTION_NAMES.bar);
  const { width, bottom, align, ...look } = options;
  return bars(axes, "bar", "y", x, height, width, bottom, align, look);
}

/** Draws bars lying down. */
export function drawBarsAcross(
  axes: Axes,
  y: NumberData | readonly string[],
  width: NumberData | number,
  options: BarhOptions,
): BarsArtist {
  checkOptions("barh", options, OPTION_NAMES.barh);
  const { height, left, align, ...look } = options;
  return bars(axes, "barh", "x", y, width, height, left, align, look);
}

/** Counts numbers in bins and draws the counts. */
export function drawHistogram(
  axes: Axes,
  x: NumberData,
  bins: NumberData | number | HistOptions | undefined,
  more: HistOptions | undefined,
): [counts: number[], edges: number[]] {
  const args = [bins, more].filter((value) => value !== undefined);
  const { positional, options } = splitOptions<HistOptions>("hist", args, OPTION_NAMES.hist);
  const values = readFlat("hist: x", x);
  const edges = binEdges(
    "hist",
    values,
    positional[0] ?? options.bins ?? axes.model.rc["hist.bins"],
    options.range,
  );
  const counts = binCounts(values, edges, options.density ?? false);
  const { bins: _bins, range: _range, density: _density, ...look } = options;
  // Histograms share the cycle of the lines, as in matplotlib; other patches have their own.
  const style = patchLook("hist", look, counts.length, () => axes.cycle.line());
  axes.addArtist({
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

function bars(
  axes: Axes,
  where: string,
  along: "x" | "y",
  positions: unknown,
  lengths: unknown,
  thickness: unknown,
  base: unknown,
  align: unknown,
  look: PatchOptions,
): BarsArtist {
  const axis = along === "y" ? axes.model.x : axes.model.y;
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
  const style = patchLook(where, look, count, () => axes.cycle.patch());
  const middles = isNames(positions)
    ? Float64Array.from(positions, (name) => category(axis, name))
    : readVector(`${where}: positions`, positions);
  const low = middles.map((middle, i) => middle - shift * widths[i]!);
  const high = low.map((start, i) => start + widths[i]!);
  const ends = bases.map((start, i) => start + sizes[i]!);
  const place =
    along === "y" ? { x0: low, x1: high, y0: bases, y1: ends } : { x0: bases, x1: ends, y0: low, y1: high };
  return axes.addArtist({ kind: "bars", ...place, ...style, along });
}

function patchLook(
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
    look.edgecolor === undefined
      ? undefined
      : visibleColor(parseColor(`${where}: edgecolor`, look.edgecolor));
  const alpha = readNumber(`${where}: alpha`, look.alpha, 1, 0, 1);
  const zorder = readNumber(`${where}: zorder`, look.zorder, 1);
  const label = readText(`${where}: label`, look.label);
  const stroke: Stroke | undefined = edge === undefined ? undefined : { color: edge, style: "-", width };
  return { faces: colors ?? [next()], edge: stroke, label, alpha, zorder };
}

/** The position of a name on an axis; new names stand after the others. */
function category({ range }: AxisModel, name: string): number {
  const known = range.categories.indexOf(name);
  return known >= 0 ? known : range.categories.push(name) - 1;
}
