/** `scatter`: separate points, their size and colour free for each. */
import { checkOptions, ValueError } from "../../engine/tensor/errors.ts";
import type { Axes } from "../axes.ts";
import { type Color, parseColor } from "../color.ts";
import { checkSameLength, isNumberData, type NumberData, readFlat } from "../data.ts";
import { type Mappable, readMap } from "../mappable.ts";
import type { PointsArtist } from "../model.ts";
import { OPTION_NAMES, readColors, readNumber, readText, type ScatterOptions } from "../options.ts";
import { parseMarker } from "../styles.ts";

/** Draws points on axes. */
export function drawPoints(axes: Axes, x: NumberData, y: NumberData, options: ScatterOptions): PointsArtist {
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
  const { faces, mappable } = readFaces(axes, options, xs.length, alpha);
  return axes.addArtist({
    kind: "points",
    x: xs,
    y: ys,
    areas,
    faces: faces ?? [axes.cycle.patch()],
    edge,
    edgeWidth,
    marker,
    mappable,
    label,
    alpha,
    zorder,
  });
}

function readFaces(
  axes: Axes,
  options: ScatterOptions,
  count: number,
  alpha: number,
): { faces?: readonly Color[]; mappable: Mappable | undefined } {
  const spec = options.c ?? options.color;
  if (spec === undefined) return { mappable: undefined };
  const rgb = Array.isArray(spec) && (spec.length === 3 || spec.length === 4) && count !== spec.length;
  const numbers =
    isNumberData(spec) && !rgb && !(Array.isArray(spec) && spec.some((item) => typeof item === "string"));
  if (!numbers) {
    const colors = readColors("scatter: c", spec) ?? [];
    if (colors.length !== 1) checkSameLength("scatter", ["x", [count]], ["c", [colors.length]]);
    return { faces: colors, mappable: undefined };
  }
  const values = readFlat("scatter: c", spec);
  checkSameLength("scatter", ["x", [count]], ["c", [values.length]]);
  const mappable = readMap("scatter", values, options, axes.model.rc, alpha);
  return { faces: Array.from(values, mappable.color), mappable };
}
