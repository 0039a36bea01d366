/** `pie`: shares of a whole as wedges of a circle. */
import { checkOptions, ValueError } from "../../engine/tensor/errors.ts";
import type { Axes } from "../axes.ts";
import { parseColor, visibleColor } from "../color.ts";
import { checkSameLength, type NumberData, readVector } from "../data.ts";
import type { PathsArtist, Ring, TextArtist } from "../model.ts";
import { formatted } from "../number_format.ts";
import { type Keys, readColors, readNumber } from "../options.ts";
import { propCycle } from "../rc.ts";

/** Options of `pie`. */
export interface PieOptions {
  /** A text outside of each wedge. */
  readonly labels?: readonly string[];
  /** How far each wedge is moved out, relative to the radius. */
  readonly explode?: NumberData;
  /** The colours of the wedges, one after the other. Default the cycle. */
  readonly colors?: unknown;
  /** The text inside of each wedge: `"%1.1f%%"`, or a function of the share in per cent. Default none. */
  readonly autopct?: string | ((percent: number) => string);
  /** Where these texts stand, relative to the radius. Default 0.6. */
  readonly pctdistance?: number;
  /** Where the labels stand. Default 1.1. */
  readonly labeldistance?: number;
  /** Degrees from the x axis where the first wedge begins. Default 0. */
  readonly startangle?: number;
  /** Whether wedges follow each other counter-clockwise. Default true. */
  readonly counterclock?: boolean;
  /** Default 1. */
  readonly radius?: number;
  /** `width` makes a ring; `edgecolor` and `linewidth` are those of the wedges. */
  readonly wedgeprops?: { readonly width?: number; readonly edgecolor?: string; readonly linewidth?: number };
  /** The look of the texts. */
  readonly textprops?: { readonly fontsize?: number; readonly color?: string };
  /** Whether the numbers are divided by their sum. Default true; else they must not exceed 1 together. */
  readonly normalize?: boolean;
}

const NAMES: Keys<PieOptions> = [
  "labels",
  "explode",
  "colors",
  "autopct",
  "pctdistance",
  "labeldistance",
  "startangle",
  "counterclock",
  "radius",
  "wedgeprops",
  "textprops",
  "normalize",
];

/** What `pie` drew. */
export interface PieContainer {
  readonly wedges: readonly PathsArtist[];
  readonly texts: readonly TextArtist[];
  readonly autotexts: readonly TextArtist[];
}

/** A wedge from one angle to another, with a corner for each degree or so. */
function wedge(
  center: readonly [number, number],
  inner: number,
  outer: number,
  from: number,
  to: number,
): Ring {
  const steps = Math.max(2, Math.ceil(Math.abs(to - from) / (Math.PI / 120)));
  const arc = (radius: number): [number, number][] =>
    Array.from({ length: steps + 1 }, (_, i) => {
      const angle = from + ((to - from) * i) / steps;
      return [center[0] + radius * Math.cos(angle), center[1] + radius * Math.sin(angle)];
    });
  const points = [...arc(outer), ...(inner > 0 ? arc(inner).reverse() : [[...center] as [number, number]])];
  points.push(points[0]!);
  return { x: Float64Array.from(points, ([x]) => x), y: Float64Array.from(points, ([, y]) => y) };
}

/** Draws shares as wedges. */
export function drawPie(axes: Axes, x: NumberData, options: PieOptions): PieContainer {
  checkOptions("pie", options, NAMES);
  const values = readVector("pie: x", x);
  const sum = values.reduce((total, value) => total + value, 0);
  if (values.some((value) => !(value >= 0))) throw new ValueError("pie: the shares must not be negative.");
  const normalize = options.normalize ?? true;
  if (!normalize && sum > 1 + 1e-12)
    throw new ValueError(`pie: without normalize the sum must be at most 1. Received: ${sum}`);
  const { labels } = options;
  if (labels !== undefined) checkSameLength("pie", ["x", [values.length]], ["labels", [labels.length]]);
  const explode = options.explode === undefined ? undefined : readVector("pie: explode", options.explode);
  if (explode !== undefined) checkSameLength("pie", ["x", [values.length]], ["explode", [explode.length]]);
  const colors = readColors("pie: colors", options.colors);
  const radius = readNumber("pie: radius", options.radius, 1, 0);
  const props = options.wedgeprops ?? {};
  checkOptions("pie: wedgeprops", props, ["width", "edgecolor", "linewidth"]);
  const texts = options.textprops ?? {};
  checkOptions("pie: textprops", texts, ["fontsize", "color"]);
  const thickness = readNumber("pie: wedgeprops: width", props.width, radius, 0, radius);
  const edge =
    props.edgecolor === undefined ? undefined : visibleColor(parseColor("pie: edgecolor", props.edgecolor));
  const width = readNumber("pie: linewidth", props.linewidth, 1, 0);
  const labelAt = readNumber("pie: labeldistance", options.labeldistance, 1.1, 0);
  const percentAt = readNumber("pie: pctdistance", options.pctdistance, 0.6, 0);
  const turn = options.counterclock === false ? -1 : 1;
  let angle = (readNumber("pie: startangle", options.startangle, 0) * Math.PI) / 180;
  const drawn = { wedges: [] as PathsArtist[], texts: [] as TextArtist[], autotexts: [] as TextArtist[] };
  values.forEach((value, i) => {
    const share = normalize ? (sum === 0 ? 0 : value / sum) : value;
    const next = angle + turn * 2 * Math.PI * share;
    const middle = (angle + next) / 2;
    const [cos, sin] = [Math.cos(middle), Math.sin(middle)];
    const out = (explode?.[i] ?? 0) * radius;
    const center = [out * cos, out * sin] as const;
    const at = (distance: number): [number, number] => [
      center[0] + distance * radius * cos,
      center[1] + distance * radius * sin,
    ];
    drawn.wedges.push(
      axes.addArtist<PathsArtist>({
        kind: "paths",
        shapes: [[wedge(center, radius - thickness, radius, angle, next)]],
        faces: [colors === undefined ? propCycle(axes.model.rc, i) : colors[i % colors.length]!],
        edges: edge === undefined ? [] : [edge],
        style: "-",
        width,
        sticky: false,
        label: labels?.[i],
        alpha: 1,
        zorder: 1,
      }),
    );
    const label = labels?.[i];
    if (label !== undefined && label !== "") {
      const ha = at(labelAt)[0] > 0 ? "left" : "right";
      drawn.texts.push(axes.text(...at(labelAt), label, { ...texts, ha, va: "center" }));
    }
    if (options.autopct !== undefined) {
      const { autopct } = options;
      const text =
        typeof autopct === "string" ? formatted("pie: autopct", autopct, 100 * share) : autopct(100 * share);
      drawn.autotexts.push(axes.text(...at(percentAt), text, { ...texts, ha: "center", va: "center" }));
    }
    angle = next;
  });
  axes.setAspect("equal");
  axes.setXlim(-1.25 * radius, 1.25 * radius);
  axes.setYlim(-1.25 * radius, 1.25 * radius);
  axes.setXticks([]);
  axes.setYticks([]);
  for (const side of ["left", "right", "top", "bottom"] as const) axes.spines[side].setVisible(false);
  return drawn;
}
