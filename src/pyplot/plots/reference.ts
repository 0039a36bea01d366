/** Lines and bands across the axes, and lines from one value to another. */
import { checkOptions } from "../../engine/tensor/errors.ts";
import type { Axes } from "../axes.ts";
import { cycleColor, parseColor, visibleColor } from "../color.ts";
import { checkSameLength, type NumberData, readVector } from "../data.ts";
import type { PathsArtist, ReferenceArtist, Ring, SpanArtist } from "../model.ts";
import {
  OPTION_NAMES,
  type ReferenceOptions,
  readColors,
  readNumber,
  readText,
  type SegmentsOptions,
  type SpanOptions,
  splitOptions,
} from "../options.ts";
import { parseLineStyle } from "../styles.ts";

/** Draws a line across the whole axes: value, start and end as fractions, options. */
export function drawReference(
  axes: Axes,
  where: string,
  axis: "x" | "y",
  args: readonly unknown[],
): ReferenceArtist {
  const { positional, options: o } = splitOptions<ReferenceOptions>(where, args, OPTION_NAMES.reference);
  const value = readNumber(`${where}: ${axis}`, positional[0], 0);
  const from = readNumber(`${where}: start`, positional[1], 0, 0, 1);
  const to = readNumber(`${where}: end`, positional[2], 1, 0, 1);
  const style = parseLineStyle(`${where}: linestyle`, o.linestyle ?? o.ls ?? "-");
  const width = readNumber(`${where}: linewidth`, o.linewidth ?? o.lw, axes.model.rc["lines.linewidth"], 0);
  const alpha = readNumber(`${where}: alpha`, o.alpha, 1, 0, 1);
  const zorder = readNumber(`${where}: zorder`, o.zorder, 2);
  const label = readText(`${where}: label`, o.label);
  // Not from the cycle: in matplotlib too these lines are the first colour unless told otherwise.
  const color = parseColor(`${where}: color`, o.color ?? o.c ?? "C0");
  const stroke = { color, style, width };
  return axes.addArtist({ kind: "reference", axis, value, from, to, stroke, label, alpha, zorder });
}

/** Draws a band across the whole axes: two values, start and end as fractions, options. */
export function drawSpan(axes: Axes, where: string, axis: "x" | "y", args: readonly unknown[]): SpanArtist {
  const { positional, options: o } = splitOptions<SpanOptions>(where, args, OPTION_NAMES.span);
  const low = readNumber(`${where}: ${axis}min`, positional[0], 0);
  const high = readNumber(`${where}: ${axis}max`, positional[1], 1);
  const from = readNumber(`${where}: start`, positional[2], 0, 0, 1);
  const to = readNumber(`${where}: end`, positional[3], 1, 0, 1);
  const alpha = readNumber(`${where}: alpha`, o.alpha, 1, 0, 1);
  const zorder = readNumber(`${where}: zorder`, o.zorder, 1);
  const width = readNumber(`${where}: linewidth`, o.linewidth ?? o.lw, 1, 0);
  const label = readText(`${where}: label`, o.label);
  const face = parseColor(`${where}: color`, o.facecolor ?? o.color ?? "C0");
  const edgeSpec = o.edgecolor ?? o.color;
  const edge = edgeSpec === undefined ? undefined : visibleColor(parseColor(`${where}: edgecolor`, edgeSpec));
  const stroke = edge === undefined ? undefined : { color: edge, style: "-" as const, width };
  return axes.addArtist({
    kind: "span",
    axis,
    low,
    high,
    from,
    to,
    face,
    edge: stroke,
    label,
    alpha,
    zorder,
  });
}

/** Draws lines at values of one axis, each from one value of the other to another. */
export function drawSegments(
  axes: Axes,
  where: string,
  axis: "x" | "y",
  at: NumberData | number,
  from: NumberData | number,
  to: NumberData | number,
  options: SegmentsOptions,
): PathsArtist {
  checkOptions(where, options, OPTION_NAMES.segments);
  const values = readVector(`${where}: ${axis}`, at);
  const ends = (name: string, value: unknown): Float64Array => {
    const list = readVector(`${where}: ${name}`, value);
    if (list.length === 1) return new Float64Array(values.length).fill(list[0]!);
    checkSameLength(where, [axis, [values.length]], [name, [list.length]]);
    return list;
  };
  const other = axis === "x" ? "y" : "x";
  const [low, high] = [ends(`${other}min`, from), ends(`${other}max`, to)];
  const edges = readColors(`${where}: colors`, options.colors ?? options.color) ?? [cycleColor(0)];
  if (edges.length !== 1) checkSameLength(where, [axis, [values.length]], ["colors", [edges.length]]);
  const shapes = Array.from(values, (value, i): Ring[] => {
    const along = Float64Array.of(low[i]!, high[i]!);
    const across = Float64Array.of(value, value);
    return [axis === "x" ? { x: across, y: along } : { x: along, y: across }];
  });
  return axes.addArtist({
    kind: "paths",
    shapes,
    faces: [],
    edges,
    style: parseLineStyle(`${where}: linestyles`, options.linestyles ?? options.linestyle ?? "-"),
    width: readNumber(
      `${where}: linewidths`,
      options.linewidths ?? options.linewidth,
      axes.model.rc["lines.linewidth"],
      0,
    ),
    sticky: false,
    label: readText(`${where}: label`, options.label),
    alpha: readNumber(`${where}: alpha`, options.alpha, 1, 0, 1),
    zorder: readNumber(`${where}: zorder`, options.zorder, 2),
  });
}
