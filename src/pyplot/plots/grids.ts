/** `pcolormesh`, `hist2d` and `heatmap`: numbers of the cells of a grid as colours. */
import { checkOptions, ShapeError } from "../../engine/tensor/errors.ts";
import type { Axes } from "../axes.ts";
import { binEdges } from "../bins.ts";
import { checkSameLength, type NumberBlock, type NumberData, readBlock, readFlat } from "../data.ts";
import { AxesImage } from "../image.ts";
import { type HasMappable, type MapOptions, type Mappable, readMap } from "../mappable.ts";
import type { BarsArtist, TextArtist } from "../model.ts";
import { type Keys, MAP_NAMES, readNumber, splitOptions } from "../options.ts";

/** Options of `pcolormesh`. */
export interface MeshOptions extends MapOptions {
  /** From 0, invisible, to 1. */
  readonly alpha?: number;
  /** What has more lies above. */
  readonly zorder?: number;
}

const MESH_NAMES: Keys<MeshOptions> = [...MAP_NAMES, "alpha", "zorder"];

/** Coloured cells of a grid. */
export interface Mesh extends HasMappable {
  readonly artist: AxesImage | BarsArtist;
}

/** The edges of cells, from edges or from middles. */
function readEdges(where: string, name: string, value: unknown, count: number): Float64Array {
  const block = readBlock(`${where}: ${name}`, value);
  const [first = 0, second] = block.shape;
  // Of a grid of positions, as np.meshgrid makes it, one row or column says all.
  const list =
    second === undefined
      ? block.data
      : name === "x"
        ? block.data.slice(0, second)
        : Float64Array.from({ length: first }, (_, row) => block.data[row * second]!);
  if (list.length === count + 1) return list;
  if (list.length !== count || count === 0) {
    throw new ShapeError(
      `${where}: ${name} must have ${count + 1} edges or ${count} middles of cells. Received shape: [${block.shape.join(", ")}]`,
    );
  }
  if (count === 1) return Float64Array.of(list[0]! - 0.5, list[0]! + 0.5);
  const between = Array.from({ length: count - 1 }, (_, i) => (list[i]! + list[i + 1]!) / 2);
  const [start, end] = [2 * list[0]! - between[0]!, 2 * list[count - 1]! - between.at(-1)!];
  return Float64Array.of(start, ...between, end);
}

const isEven = (edges: Float64Array): boolean => {
  const step = (edges.at(-1)! - edges[0]!) / (edges.length - 1);
  return edges.every((edge, i) => Math.abs(edge - edges[0]! - i * step) <= 1e-9 * Math.abs(step));
};

/** Draws cells; even ones as a picture, others as rectangles. */
function drawCells(
  axes: Axes,
  where: string,
  block: NumberBlock,
  x: Float64Array,
  y: Float64Array,
  options: MeshOptions,
): Mesh {
  const width = block.shape[1] ?? 0;
  if (isEven(x) && isEven(y)) {
    const extent = [x[0]!, x.at(-1)!, y[0]!, y.at(-1)!] as const;
    const image = new AxesImage(where, block, { ...options, origin: "lower", extent }, axes.model.rc);
    axes.addArtist(image);
    return { artist: image, mappable: image.mappable };
  }
  const alpha = readNumber(`${where}: alpha`, options.alpha, 1, 0, 1);
  const mappable: Mappable = readMap(where, block.data, options, axes.model.rc, alpha);
  const cell = (pick: (row: number, column: number) => number): Float64Array =>
    Float64Array.from(block.data, (_, i) => pick(Math.floor(i / width), i % width));
  const artist = axes.addArtist<BarsArtist>({
    kind: "bars",
    x0: cell((_, column) => x[column]!),
    x1: cell((_, column) => x[column + 1]!),
    y0: cell((row) => y[row]!),
    y1: cell((row) => y[row + 1]!),
    faces: Array.from(block.data, mappable.color),
    edge: undefined,
    along: "y",
    label: undefined,
    alpha,
    zorder: readNumber(`${where}: zorder`, options.zorder, 0),
  });
  // Cells end where their grid does.
  axes.setXlim(x[0], x.at(-1));
  axes.setYlim(y[0], y.at(-1));
  return { artist, mappable };
}

/** Draws the cells of a grid: `pcolormesh(c)` or `pcolormesh(x, y, c)`. */
export function drawMesh(axes: Axes, args: readonly (NumberData | MeshOptions)[]): Mesh {
  const { positional, options } = splitOptions<MeshOptions>("pcolormesh", args, MESH_NAMES);
  const block = readBlock("pcolormesh: c", positional.at(-1));
  const [height = 0, width = 0] = block.shape;
  if (block.shape.length !== 2 || height === 0 || width === 0 || ![1, 3].includes(positional.length)) {
    throw new ShapeError(
      `pcolormesh takes c of shape [rows, columns], or x, y and c. Received ${positional.length} arguments, c of shape [${block.shape.join(", ")}]`,
    );
  }
  const whole = (count: number): Float64Array => Float64Array.from({ length: count + 1 }, (_, i) => i);
  const three = positional.length === 3;
  const x = three ? readEdges("pcolormesh", "x", positional[0], width) : whole(width);
  const y = three ? readEdges("pcolormesh", "y", positional[1], height) : whole(height);
  return drawCells(axes, "pcolormesh", block, x, y, options);
}

/** Options of `hist2d`. */
export interface Hist2dOptions extends MeshOptions {
  /** The number of bins or their edges, for both axes or one for each. Default 10. */
  readonly bins?: number | readonly [x: number | NumberData, y: number | NumberData];
  /** The ends of the bins: `[[xmin, xmax], [ymin, ymax]]`. Default those of the data. */
  readonly range?: readonly [x: readonly [number, number], y: readonly [number, number]];
  /** Whether the volume sums to 1. Default false. */
  readonly density?: boolean;
  /** Counts below this (above that) stay empty. */
  readonly cmin?: number;
  /** Cells with more points stay empty. */
  readonly cmax?: number;
}

/** Counts points in the cells of a grid: the counts (first axis x, as in NumPy), the edges, and what was drawn. */
export type Hist2d = [counts: number[][], xedges: number[], yedges: number[], mesh: Mesh];

/** Where a value falls among edges; the last bin includes its upper end. */
function binOf(value: number, edges: Float64Array): number {
  const bins = edges.length - 1;
  if (!(value >= edges[0]! && value <= edges[bins]!)) return -1;
  let [low, high] = [0, bins];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (value >= edges[middle]!) low = middle;
    else high = middle;
  }
  return low;
}

/** Counts points in cells and draws the counts. */
export function drawHist2d(axes: Axes, x: NumberData, y: NumberData, options: Hist2dOptions): Hist2d {
  checkOptions("hist2d", options, [...MESH_NAMES, "bins", "range", "density", "cmin", "cmax"]);
  const { bins = 10, range, density = false, cmin, cmax, ...look } = options;
  const [xs, ys] = [readFlat("hist2d: x", x), readFlat("hist2d: y", y)];
  checkSameLength("hist2d", ["x", [xs.length]], ["y", [ys.length]]);
  const [across, up] = typeof bins === "number" ? [bins, bins] : bins;
  const [xedges, yedges] = [
    binEdges("hist2d", xs, across, range?.[0]),
    binEdges("hist2d", ys, up, range?.[1]),
  ];
  const [width, height] = [xedges.length - 1, yedges.length - 1];
  const counts = Array.from({ length: width }, () => new Array<number>(height).fill(0));
  let total = 0;
  xs.forEach((value, i) => {
    const [column, row] = [binOf(value, xedges), binOf(ys[i]!, yedges)];
    if (column < 0 || row < 0) return;
    counts[column]![row]!++;
    total++;
  });
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < height; j++) {
      const area = (xedges[i + 1]! - xedges[i]!) * (yedges[j + 1]! - yedges[j]!);
      if (density) counts[i]![j] = total === 0 ? 0 : counts[i]![j]! / total / area;
      const count = counts[i]![j]!;
      if ((cmin !== undefined && count < cmin) || (cmax !== undefined && count > cmax))
        counts[i]![j] = Number.NaN;
    }
  }
  const data = Float64Array.from(
    { length: width * height },
    (_, i) => counts[i % width]![Math.floor(i / width)]!,
  );
  const block = { data, shape: [height, width], integer: false };
  const mesh = drawCells(axes, "hist2d", block, xedges, yedges, look);
  return [counts, [...xedges], [...yedges], mesh];
}

/** Options of `heatmap`. */
export interface HeatmapOptions extends MapOptions {
  /** Whether the numbers are written into the cells, or what is written instead, of the same shape. Default false. */
  readonly annot?: boolean | NumberData | readonly (readonly string[])[];
  /** How numbers are written: digits after the point, or a function. Default as short as they are, at most 3 significant digits. */
  readonly fmt?: number | ((value: number) => string);
  /** What stands below the columns. */
  readonly xticklabels?: readonly string[];
  /** What stands beside the rows. */
  readonly yticklabels?: readonly string[];
  /** Whether a colour bar stands beside. Default true. */
  readonly cbar?: boolean;
  /** Whether cells are squares. Default false. */
  readonly square?: boolean;
  /** Size of the numbers. Default "medium" (10). */
  readonly fontsize?: number;
}

const MOST_LABELS = 20;

const HEATMAP_NAMES: Keys<HeatmapOptions> = [
  ...MAP_NAMES,
  "annot",
  "fmt",
  "xticklabels",
  "yticklabels",
  "cbar",
  "square",
  "fontsize",
];

/** What `heatmap` drew. */
export interface Heatmap extends HasMappable {
  readonly image: AxesImage;
  readonly texts: readonly TextArtist[];
  /** Whether a colour bar is wanted. */
  readonly cbar: boolean;
}

/** Draws a matrix with its numbers; what seaborn calls `heatmap`. */
export function drawHeatmap(axes: Axes, data: NumberData, options: HeatmapOptions): Heatmap {
  checkOptions("heatmap", options, HEATMAP_NAMES);
  const {
    annot = false,
    fmt,
    xticklabels,
    yticklabels,
    cbar = true,
    square = false,
    fontsize,
    ...map
  } = options;
  const block = readBlock("heatmap", data);
  const [height = 0, width = 0] = block.shape;
  if (block.shape.length !== 2)
    throw new ShapeError(
      `heatmap expects shape [rows, columns]. Received shape: [${block.shape.join(", ")}]`,
    );
  if (xticklabels !== undefined)
    checkSameLength("heatmap", ["the columns", [width]], ["xticklabels", [xticklabels.length]]);
  if (yticklabels !== undefined)
    checkSameLength("heatmap", ["the rows", [height]], ["yticklabels", [yticklabels.length]]);
  const short = (value: number): string => String(Number(value.toPrecision(3)));
  const write = typeof fmt === "number" ? (value: number) => value.toFixed(fmt) : (fmt ?? short);
  const words = readWords(annot, block, write);
  const image = new AxesImage("heatmap", block, map, axes.model.rc);
  axes.addArtist(image);
  axes.setAspect(square ? "equal" : "auto");
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
  // Columns and rows are counted, so their numbers are whole; of many only some are named.
  if (xticklabels !== undefined || width <= MOST_LABELS) axes.setXticks(numbers(width), xticklabels);
  if (yticklabels !== undefined || height <= MOST_LABELS) axes.setYticks(numbers(height), yticklabels);
  const { mappable } = image;
  const texts = words.map((word, i) => {
    const color = mappable?.color(block.data[i]!) ?? { r: 255, g: 255, b: 255, a: 1 };
    // Dark letters on light colours, by the luminance that eyes see.
    const light = (0.2126 * color.r + 0.7152 * color.g + 0.0722 * color.b) / 255 > 0.5 || color.a === 0;
    return axes.text(i % width, Math.floor(i / width), word, {
      ha: "center",
      va: "center",
      color: light ? "0.15" : "white",
      ...(fontsize === undefined ? {} : { fontsize }),
    });
  });
  return { image, texts, mappable, cbar };
}

function readWords(
  annot: NonNullable<HeatmapOptions["annot"]>,
  block: NumberBlock,
  write: (value: number) => string,
): string[] {
  if (annot === false) return [];
  if (annot === true) return Array.from(block.data, (value) => (Number.isNaN(value) ? "" : write(value)));
  const rows: readonly unknown[] = Array.isArray(annot) ? annot : [];
  const isText =
    rows.length > 0 &&
    rows.every((row) => Array.isArray(row) && row.every((item) => typeof item === "string"));
  const given = isText
    ? (rows as readonly (readonly string[])[]).flat()
    : Array.from(readBlock("heatmap: annot", annot).data, write);
  if (given.length === block.data.length) return given;
  throw new ShapeError(
    `heatmap: annot must have the shape of the data, [${block.shape.join(", ")}]. Received ${given.length} texts.`,
  );
}
