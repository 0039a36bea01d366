/** From what was asked to what is drawn: limits with margins, ticks, and the box in pixels. */
import type { Artist, AxesModel, AxisModel, ImageArtist } from "./model.ts";
import { extentOf } from "./model.ts";
import { bend, bent, symlogTicks } from "./symlog.ts";
import { type AxisTicks, fixedTicks, linearTicks, logTicks } from "./ticks.ts";

/** A rectangle in pixels, y downwards. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * An axis with its limits and ticks settled. `low` may exceed `high`: then it runs backwards. Those of a symlog scale are places
 * on the axis, as its artists have them, and the scale is linear.
 */
export interface ResolvedAxis {
  readonly model: AxisModel;
  readonly scale: "linear" | "log";
  readonly low: number;
  readonly high: number;
  readonly ticks: AxisTicks;
  /** The place of a value as a fraction of the axis. */
  readonly fraction: (value: number) => number;
}

/** Axes with all that a renderer needs. */
export interface ResolvedAxes {
  readonly model: AxesModel;
  /** What is drawn, the values put where they belong. */
  readonly artists: readonly Artist[];
  readonly box: Box;
  readonly x: ResolvedAxis;
  readonly y: ResolvedAxis;
}

/** How many steps of ticks an axis has room for. */
export type TickRoom = (name: "x" | "y", box: Box, axis: AxisModel) => number;

const MARGIN = 0.05;

/** A range that is not empty and, on a log axis, positive. */
function nonSingular(low: number, high: number, log: boolean): [number, number] {
  if (log && low === high) return [low / 10, high * 10];
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (high - low > size * 1e-15) return [low, high];
  return size === 0 ? [-MARGIN, MARGIN] : [low - MARGIN * size, high + MARGIN * size];
}

/** How values are spread along an axis, and back. */
function spread({
  range,
}: AxisModel): readonly [to: (value: number) => number, from: (place: number) => number] {
  if (range.scale === "log") return [Math.log10, (v) => 10 ** v];
  if (range.scale === "linear") return [(v) => v, (v) => v];
  const { to, from } = bend(range.symlog);
  return [to, from];
}

/** The limits of an axis: the user's, or those of the data, also of axes that share it, with a margin. */
export function limits(model: AxesModel, name: "x" | "y"): [number, number] {
  const { range } = model[name];
  if (range.limits !== undefined) return [...range.limits];
  const log = range.scale === "log";
  const artists = range.members.flatMap((member) => member.artists);
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const sticky = new Set<number>();
  for (const artist of artists) {
    const extent = extentOf(artist, name, range.scale);
    for (const value of extent.sticky) sticky.add(value);
    if (extent.range === undefined) continue;
    low = Math.min(low, extent.range[0]);
    high = Math.max(high, extent.range[1]);
  }
  const image = artists.find((artist): artist is ImageArtist => artist.kind === "image");
  const upsideDown =
    image !== undefined && (name === "x" ? image.left > image.right : image.bottom > image.top);
  const backwards = upsideDown !== range.inverted;
  if (low > high) [low, high] = log ? [1, 10] : [0, 1];
  else {
    const [stickLow, stickHigh] = [sticky.has(low), sticky.has(high)];
    [low, high] = nonSingular(low, high, log);
    const [to, from] = spread(model[name]);
    const margin = MARGIN * (to(high) - to(low));
    if (!stickLow) low = from(to(low) - margin);
    if (!stickHigh) high = from(to(high) + margin);
  }
  return backwards ? [high, low] : [low, high];
}

function resolveAxis(axis: AxisModel, [low, high]: [number, number], bins: number): ResolvedAxis {
  const { range } = axis;
  const log = range.scale === "log";
  const [least, greatest] = low < high ? [low, high] : [high, low];
  let ticks: AxisTicks;
  if (range.ticks !== undefined) ticks = fixedTicks(range.ticks.values, range.ticks.labels, least, greatest);
  else if (range.categories.length > 0) {
    ticks = fixedTicks([...range.categories.keys()], range.categories, least, greatest);
  } else if (range.scale === "symlog") ticks = symlogTicks(least, greatest, range.symlog);
  else ticks = log ? logTicks(least, greatest, bins) : linearTicks(least, greatest, bins);
  if (!axis.tickLabels) {
    ticks = { ticks: ticks.ticks.map((tick) => ({ ...tick, label: "" })), offsetText: "" };
  }
  if (range.scale === "symlog") {
    const [place] = spread(axis);
    const [from, to] = [place(low), place(high)];
    return {
      model: axis,
      scale: "linear",
      low: from,
      high: to,
      ticks: { ...ticks, ticks: ticks.ticks.map((tick) => ({ ...tick, value: place(tick.value) })) },
      fraction: (at) => (at - from) / (to - from),
    };
  }
  const to = log ? Math.log10 : (value: number) => value;
  const [start, length] = [to(low), to(high) - to(low)];
  const scale = log ? "log" : "linear";
  return { model: axis, scale, low, high, ticks, fraction: (value) => (to(value) - start) / length };
}

/**
 * Settles limits, ticks and, for equal aspect, the part of the cell that the box fills.
 *
 * @param cell the room given to the axes
 * @param room how many tick steps fit
 */
export function resolveAxes(model: AxesModel, cell: Box, room: TickRoom): ResolvedAxes {
  const [x, y] = [limits(model, "x"), limits(model, "y")];
  let box = cell;
  const { shape } = model.slot;
  if (shape !== undefined) {
    // As tall and as wide as its shape allows, in the middle of the side where it begins.
    const [width, height] = [
      Math.min(cell.width, cell.height / shape),
      Math.min(cell.height, cell.width * shape),
    ];
    box = {
      x: Math.round(shape > 1 ? cell.x : cell.x + (cell.width - width) / 2),
      y: Math.round(shape > 1 ? cell.y + (cell.height - height) / 2 : cell.y),
      width: Math.round(width),
      height: Math.round(height),
    };
  }
  if (model.aspect === "equal") {
    const [across, down] = [Math.abs(x[1] - x[0]), Math.abs(y[1] - y[0])];
    const unit = Math.min(cell.width / across, cell.height / down);
    const [width, height] = [Math.round(across * unit), Math.round(down * unit)];
    box = {
      x: Math.round(cell.x + (cell.width - width) / 2),
      y: Math.round(cell.y + (cell.height - height) / 2),
      width,
      height,
    };
  }
  const [toX, toY] = (["x", "y"] as const).map((name) =>
    model[name].range.scale === "symlog" ? bend(model[name].range.symlog).to : undefined,
  );
  return {
    model,
    artists: toX || toY ? model.artists.map((artist) => bent(artist, toX, toY)) : model.artists,
    box,
    x: resolveAxis(model.x, x, room("x", box, model.x)),
    y: resolveAxis(model.y, y, room("y", box, model.y)),
  };
}
