/** `contour` and `contourf`: level lines and bands between levels of numbers on a grid. */
import { checkOptions, ShapeError, show, ValueError } from "../../engine/tensor/errors.ts";
import type { Axes } from "../axes.ts";
import { type Color, type ColorSpec, parseColor } from "../color.ts";
import { finiteRange, isNumberData, type NumberData, readBlock, readVector } from "../data.ts";
import { levelLines, type Outline, outlines } from "../isolines.ts";
import { type HasMappable, type MapOptions, type Mappable, readMap } from "../mappable.ts";
import type { PathsArtist, Ring } from "../model.ts";
import { formatted } from "../number_format.ts";
import { type Keys, MAP_NAMES, readColors, readNumber, splitOptions } from "../options.ts";
import { points } from "../rc.ts";
import { parseLineStyle } from "../styles.ts";
import { linearLabels, linearPositions } from "../ticks.ts";

/** Options of `contour` and `contourf`. */
export interface ContourOptions extends MapOptions {
  /** The levels, rising, or about how many. Default about 7 nice ones. */
  readonly levels?: number | NumberData;
  /** One colour for all, or one for each line or band; in place of a map. */
  readonly colors?: unknown;
  /** Width of the lines in points. Default 1.5. */
  readonly linewidths?: number;
  /** Default "solid"; below zero "dashed" where all lines have one colour. */
  readonly linestyles?: string;
  readonly alpha?: number;
  readonly zorder?: number;
}

const NAMES: Keys<ContourOptions> = [
  ...MAP_NAMES,
  "levels",
  "colors",
  "linewidths",
  "linestyles",
  "alpha",
  "zorder",
];

/** What `contour` and `contourf` take: `z`, or `x, y, z`, then levels, then options. */
export type ContourArgument = NumberData | number | ContourOptions;

/** Level lines or bands, one artist for each level or band. */
export interface ContourSet extends HasMappable {
  readonly levels: readonly number[];
  readonly artists: readonly PathsArtist[];
}

/** Numbers over a grid; positions by column and row, between them linear. */
interface Grid {
  readonly z: Float64Array;
  readonly width: number;
  readonly height: number;
  readonly place: (column: number, row: number) => readonly [x: number, y: number];
}

function between(list: Float64Array, at: number): number {
  const low = Math.min(list.length - 2, Math.floor(at));
  return low < 0 ? list[0]! : list[low]! + (at - low) * (list[low + 1]! - list[low]!);
}

function readGrid(where: string, args: readonly unknown[]): Grid {
  const z = readBlock(`${where}: z`, args.at(-1));
  const [height = 0, width = 0] = z.shape;
  if (z.shape.length !== 2 || height < 2 || width < 2) {
    throw new ShapeError(
      `${where}: z must have shape [rows, columns], at least [2, 2]. Received shape: [${z.shape.join(", ")}]`,
    );
  }
  if (args.length === 1) return { z: z.data, width, height, place: (column, row) => [column, row] };
  const [x, y] = [readBlock(`${where}: x`, args[0]), readBlock(`${where}: y`, args[1])];
  const fail = (): never => {
    throw new ShapeError(
      `${where}: x and y must have shapes [${width}] and [${height}], or both that of z, [${height}, ${width}]. ` +
        `Received shapes: [${x.shape.join(", ")}] and [${y.shape.join(", ")}]`,
    );
  };
  if (x.shape.length === 1 && y.shape.length === 1) {
    if (x.data.length !== width || y.data.length !== height) fail();
    return {
      z: z.data,
      width,
      height,
      place: (column, row) => [between(x.data, column), between(y.data, row)],
    };
  }
  for (const { shape } of [x, y]) {
    if (shape.length !== 2 || shape[0] !== height || shape[1] !== width) fail();
  }
  const bilinear = (data: Float64Array, column: number, row: number): number => {
    const [left, top] = [Math.min(width - 2, Math.floor(column)), Math.min(height - 2, Math.floor(row))];
    const [u, v] = [column - left, row - top];
    const at = (i: number, j: number): number => data[(top + i) * width + left + j]!;
    return (1 - v) * ((1 - u) * at(0, 0) + u * at(0, 1)) + v * ((1 - u) * at(1, 0) + u * at(1, 1));
  };
  return {
    z: z.data,
    width,
    height,
    place: (column, row) => [bilinear(x.data, column, row), bilinear(y.data, column, row)],
  };
}

/** The steps that matplotlib's contours choose from. */
const STEPS = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10] as const;

function readLevels(where: string, wanted: unknown, z: Float64Array, filled: boolean): number[] {
  const [low, high] = finiteRange(z) ?? [0, 1];
  if (wanted !== undefined && typeof wanted !== "number") {
    const levels = [...readVector(`${where}: levels`, wanted)];
    const rising = levels.every((level, i) => Number.isFinite(level) && (i === 0 || level > levels[i - 1]!));
    if (!rising || levels.length < (filled ? 2 : 1)) {
      const least = filled ? "at least two rising numbers" : "rising numbers";
      throw new ValueError(`${where}: levels must be ${least}. Received: ${show(levels)}`);
    }
    return levels;
  }
  const count = wanted ?? 7;
  if (!Number.isInteger(count) || count < 1) {
    throw new ValueError(`${where}: levels must be a positive integer or rising numbers. Received: ${count}`);
  }
  const [from, to] = low === high ? [low - 0.5, high + 0.5] : [low, high];
  const all = linearPositions(from, to, count + 1, STEPS, 1);
  const first = Math.max(
    0,
    all.findLastIndex((level) => level < low),
  );
  const over = all.findIndex((level) => level > high);
  const last = over < 0 ? all.length : over + 1;
  return last - first < 3 ? all : all.slice(first, last);
}

/** Options of `clabel`. */
export interface ContourLabelOptions {
  /** Which levels get numbers. Default all. */
  readonly levels?: NumberData;
  /** Points, or a name of a size. Default the settings' `font.size`. */
  readonly fontsize?: number | string;
  /** One for all numbers. Default those of the lines. */
  readonly colors?: ColorSpec;
  /** Whether lines are broken where their numbers stand. Default true. */
  readonly inline?: boolean;
  /** Points between numbers and lines. Default 5. */
  readonly inlineSpacing?: number;
  /** A format of Python (`"%1.1f"`) or a function. Default as ticks are written. */
  readonly fmt?: string | ((level: number) => string);
}

/** Writes numbers into level lines. */
export function labelContours(axes: Axes, set: ContourSet, options: ContourLabelOptions): ContourSet {
  const where = "clabel";
  checkOptions(where, options, ["levels", "fontsize", "colors", "inline", "inlineSpacing", "fmt"]);
  if (set.mappable?.filled === true)
    throw new ValueError(`${where}: numbers stand in lines, those of contour; contourf draws bands.`);
  const chosen =
    options.levels === undefined ? set.levels : [...readVector(`${where}: levels`, options.levels)];
  const unknown = chosen.find((level) => !set.levels.includes(level));
  if (unknown !== undefined)
    throw new ValueError(`${where}: levels must be some of ${show(set.levels)}. Received: ${unknown}`);
  const { rc } = axes.model;
  const size = points(`${where}: fontsize`, options.fontsize ?? rc["font.size"], rc["font.size"]);
  const color = options.colors === undefined ? undefined : parseColor(`${where}: colors`, options.colors);
  const spacing = readNumber(`${where}: inlineSpacing`, options.inlineSpacing, 5, 0);
  const inline = options.inline ?? true;
  const { labels } = linearLabels(set.levels, Math.min(...set.levels), Math.max(...set.levels));
  const { fmt } = options;
  set.levels.forEach((level, i) => {
    if (!chosen.includes(level)) return;
    const text =
      fmt === undefined ? labels[i]! : typeof fmt === "string" ? formatted(where, fmt, level) : fmt(level);
    set.artists[i]!.labels = { text, size, color, inline, spacing };
  });
  return set;
}

function ring({ columns, rows }: Outline, order: Iterable<number>, { place }: Grid): Ring {
  const points = Array.from(order, (i) => place(columns[i]!, rows[i]!));
  return { x: Float64Array.from(points, ([x]) => x), y: Float64Array.from(points, ([, y]) => y) };
}

/** The outlines of a level as rings that end where they begin. */
function rings(grid: Grid, level: number, backwards: boolean): Ring[] {
  return outlines(grid.z, grid.width, grid.height, level).map((outline) => {
    const order = [...outline.columns.keys(), 0];
    return ring(outline, backwards ? order.reverse() : order, grid);
  });
}

/** Draws level lines, or bands between levels, on axes. */
export function drawContours(
  axes: Axes,
  where: "contour" | "contourf",
  args: readonly ContourArgument[],
): ContourSet {
  const filled = where === "contourf";
  const { positional, options } = splitOptions<ContourOptions>(where, args, NAMES);
  const data = positional.filter((value) => isNumberData(value));
  // `contour(z)`, `contour(z, levels)`, `contour(x, y, z)`, `contour(x, y, z, levels)`
  const hasLevels = positional.length === 2 || positional.length === 4;
  const grids = hasLevels ? positional.slice(0, -1) : positional;
  if (
    ![1, 2, 3, 4].includes(positional.length) ||
    grids.some((value) => !data.includes(value as NumberData))
  ) {
    throw new ValueError(
      `${where} takes z, or x, y and z, then perhaps levels. Received ${positional.length} arguments.`,
    );
  }
  const grid = readGrid(where, grids);
  const levels = readLevels(
    where,
    (hasLevels ? positional.at(-1) : undefined) ?? options.levels,
    grid.z,
    filled,
  );
  const alpha = readNumber(`${where}: alpha`, options.alpha, 1, 0, 1);
  const zorder = readNumber(`${where}: zorder`, options.zorder, filled ? 1 : 2);
  const width = readNumber(`${where}: linewidths`, options.linewidths, axes.model.rc["lines.linewidth"], 0);
  const base = readMap(where, levels, options, axes.model.rc, alpha);
  const count = filled ? levels.length - 1 : levels.length;
  const middle = (i: number): number => (filled ? (levels[i]! + levels[i + 1]!) / 2 : levels[i]!);
  const given =
    typeof options.colors === "string"
      ? [parseColor(`${where}: colors`, options.colors)]
      : readColors(`${where}: colors`, options.colors);
  const colors = Array.from(
    { length: count },
    (_, i): Color => (given === undefined ? base.color(middle(i)) : given[i % given.length]!),
  );
  const style =
    options.linestyles === undefined ? undefined : parseLineStyle(`${where}: linestyles`, options.linestyles);
  const mappable: Mappable = { ...base, levels, colors, filled, alpha };
  const look = { kind: "paths", width, sticky: true, label: undefined, alpha, zorder } as const;
  const artists = colors.map((color, i): PathsArtist => {
    if (!filled) {
      const level = levels[i]!;
      const lines = outlines(grid.z, grid.width, grid.height, level).flatMap((outline) =>
        levelLines(outline).map((order) => [ring(outline, order, grid)]),
      );
      const dashed = given?.length === 1 && level < 0;
      return { ...look, shapes: lines, faces: [], edges: [color], style: style ?? (dashed ? "--" : "-") };
    }
    // A band is what lies above its lower level less what lies above its upper one. Opaque bands reach up to the last level,
    // and the next ones lie over them: so no background shines through between neighbours.
    const lower = i === 0 ? levels[0]! : above(levels[i]!);
    const upper = above(alpha < 1 || color.a < 1 ? levels[i + 1]! : levels.at(-1)!);
    const shape = [...rings(grid, lower, false), ...rings(grid, upper, true)];
    return { ...look, shapes: shape.length === 0 ? [] : [shape], faces: [color], edges: [], style: "-" };
  });
  // The grid's own ends are the ends of the axes, also where no line reaches them.
  const corners = [grid.place(0, 0), grid.place(grid.width - 1, grid.height - 1)];
  axes.addArtist({
    ...look,
    shapes: [[{ x: Float64Array.from(corners, ([x]) => x), y: Float64Array.from(corners, ([, y]) => y) }]],
    faces: [],
    edges: [],
    style: "none",
  });
  for (const artist of artists) axes.addArtist(artist);
  return { levels, artists, mappable };
}

/** Just above a level: bands contain their upper ends, and the lowest one its lower end too. */
function above(level: number): number {
  return level + Math.max(Math.abs(level), Number.MIN_VALUE / Number.EPSILON) * 4 * Number.EPSILON;
}
