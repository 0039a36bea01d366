/** Labels, scales, limits and ticks: what the methods of `Axes` do to one of its two axes. */
import { checkOptions, ValueError } from "../engine/tensor/errors.ts";
import { parseColor } from "./color.ts";
import { checkSameLength, type NumberData, readVector } from "./data.ts";
import type { AxesModel, AxisModel, AxisScale } from "./model.ts";
import {
  type LabelOptions,
  OPTION_NAMES,
  readChoice,
  readNumber,
  readText,
  type TickOptions,
  type TickParamsOptions,
} from "./options.ts";
import { points } from "./rc.ts";
import { limits } from "./resolve.ts";
import type { Symlog } from "./symlog.ts";

/** The ends of an axis; what is left out stays as it is. */
export type Limits = readonly [low: number, high: number];

/** The ends of an axis as they are now. */
export function limitsOf(model: AxesModel, name: "x" | "y"): Limits {
  return limits(model, name);
}

/** Sets the ends of an axis. */
export function setLimits(
  model: AxesModel,
  name: "x" | "y",
  first: number | Limits | undefined,
  second: number | undefined,
): Limits {
  const where = `${name}lim`;
  const { range } = model[name];
  const [low, high] = typeof first === "object" ? first : [first, second];
  const now = limitsOf(model, name);
  const next: Limits = [readNumber(`${where}: low`, low, now[0]), readNumber(`${where}: high`, high, now[1])];
  if (next[0] === next[1]) throw new ValueError(`${where}: the ends must differ. Received: ${next[0]} twice`);
  if (range.scale === "log" && Math.min(...next) <= 0) {
    throw new ValueError(
      `${where}: the ends of a logarithmic axis must be positive. Received: ${next.join(", ")}`,
    );
  }
  range.limits = next;
  range.inverted = next[0] > next[1];
  return next;
}

/** Turns an axis round. */
export function invert({ range }: AxisModel): void {
  range.inverted = !range.inverted;
  if (range.limits !== undefined) range.limits = [range.limits[1], range.limits[0]];
}

/** Sets the label of an axis. */
export function setLabel(model: AxesModel, name: "x" | "y", label: string, options: LabelOptions = {}): void {
  const where = `${name}label`;
  checkOptions(where, options, OPTION_NAMES.label);
  const axis = model[name];
  const size = points(
    `${where}: fontsize`,
    options.fontsize ?? model.rc["axes.labelsize"],
    model.rc["font.size"],
  );
  const color = options.color === undefined ? undefined : parseColor(`${where}: color`, options.color);
  axis.label = readText(where, label) ?? "";
  axis.labelSize = size;
  axis.labelColor = color;
}

/** Options of a symlog scale. */
export interface ScaleOptions {
  /** The number whose powers are equally far apart. Default 10. */
  readonly base?: number;
  /** Up to which distance from zero a symlog scale is linear. Default 2. */
  readonly linthresh?: number;
  /** How many powers of the base each half of the linear part is as long as. Default 1. */
  readonly linscale?: number;
}

function readSymlog(where: string, options: ScaleOptions): Symlog {
  const base = readNumber(`${where}: base`, options.base, 10);
  const linthresh = readNumber(`${where}: linthresh`, options.linthresh, 2);
  const linscale = readNumber(`${where}: linscale`, options.linscale, 1);
  if (!(base > 1)) throw new ValueError(`${where}: base must be larger than 1. Received: ${base}`);
  for (const [name, value] of Object.entries({ linthresh, linscale }))
    if (!(value > 0)) throw new ValueError(`${where}: ${name} must be positive. Received: ${value}`);
  return { base, linthresh, linscale };
}

/** Spreads an axis linearly, logarithmically, or so on both sides of a linear middle. */
export function setScale(
  where: string,
  { range }: AxisModel,
  scale: AxisScale,
  options: ScaleOptions = {},
): void {
  const choice = readChoice(where, scale, "linear", ["linear", "log", "symlog"]);
  checkOptions(where, options, choice === "symlog" ? ["base", "linthresh", "linscale"] : []);
  if (choice === "symlog") range.symlog = readSymlog(where, options);
  if (choice === "log" && range.limits !== undefined && Math.min(...range.limits) <= 0)
    range.limits = undefined;
  range.scale = choice;
}

/** Sets where an axis has ticks, and their texts. */
export function setTicks(
  model: AxesModel,
  name: "x" | "y",
  ticks: NumberData,
  labels: readonly string[] | undefined,
  options: TickOptions = {},
): void {
  const where = `${name}ticks`;
  checkOptions(where, options, OPTION_NAMES.ticks);
  const axis = model[name];
  const values = [...readVector(where, ticks)];
  if (labels !== undefined) checkSameLength(where, ["ticks", [values.length]], ["labels", [labels.length]]);
  const rotation = readNumber(`${where}: rotation`, options.rotation, axis.tickRotation);
  const size =
    options.fontsize === undefined
      ? axis.tickSize
      : points(`${where}: fontsize`, options.fontsize, model.rc["font.size"]);
  axis.tickRotation = rotation;
  axis.tickSize = size;
  axis.range.ticks = { values, labels: labels === undefined ? undefined : [...labels] };
}

/** Changes the look of ticks and their labels. */
export function setTickParams(model: AxesModel, options: TickParamsOptions): void {
  checkOptions("tickParams", options, OPTION_NAMES.tickParams);
  const which = readChoice("tickParams: axis", options.axis, "both", ["x", "y", "both"]);
  const size =
    options.labelsize === undefined
      ? undefined
      : points("tickParams: labelsize", options.labelsize, model.rc["font.size"]);
  const color = options.colors === undefined ? undefined : parseColor("tickParams: colors", options.colors);
  const turned = options.rotation ?? options.labelrotation;
  const rotation = turned === undefined ? undefined : readNumber("tickParams: rotation", turned, 0);
  const length =
    options.length === undefined ? undefined : readNumber("tickParams: length", options.length, 0, 0);
  for (const name of ["x", "y"] as const) {
    if (which !== "both" && which !== name) continue;
    const axis = model[name];
    axis.tickSize = size ?? axis.tickSize;
    axis.tickColor = color ?? axis.tickColor;
    axis.tickRotation = rotation ?? axis.tickRotation;
    axis.tickLength = length ?? axis.tickLength;
  }
  model.x.tickLabels = options.labelbottom ?? model.x.tickLabels;
  model.y.tickLabels = options.labelleft ?? model.y.tickLabels;
}
