/** What has been drawn on axes, as plain data: `Axes` fills it, the renderers read it. */
import type { Color } from "./color.ts";
import { finiteRange } from "./data.ts";
import type { LineStyle } from "./styles.ts";

interface ArtistBase {
  /** The legend's text; artists without one do not appear there. */
  label: string | undefined;
  readonly alpha: number;
  /** Higher is drawn later. */
  readonly zorder: number;
}

/** A stroke: of a line, a reference line or an outline. Width in points. */
export interface Stroke {
  readonly color: Color;
  readonly style: LineStyle;
  readonly width: number;
}

/** Markers of one line. Sizes in points; a face or edge of undefined is not drawn. */
export interface MarkerStyle {
  readonly name: string;
  readonly size: number;
  readonly face: Color | undefined;
  readonly edge: Color | undefined;
  readonly edgeWidth: number;
}

/** A curve through points, with or without markers. */
export interface LineArtist extends ArtistBase {
  readonly kind: "line";
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly stroke: Stroke;
  readonly marker: MarkerStyle | undefined;
}

/** Separate markers; sizes are areas in square points, one or one each, as are the colours. */
export interface PointsArtist extends ArtistBase {
  readonly kind: "points";
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly areas: Float64Array;
  readonly faces: readonly Color[];
  readonly edge: Color | undefined;
  readonly edgeWidth: number;
  readonly marker: string;
}

/** Rectangles standing on a base line, whose side gets no margin. */
export interface BarsArtist extends ArtistBase {
  readonly kind: "bars";
  readonly x0: Float64Array;
  readonly x1: Float64Array;
  readonly y0: Float64Array;
  readonly y1: Float64Array;
  readonly faces: readonly Color[];
  readonly edge: Stroke | undefined;
  /** The axis that the bars grow along. */
  readonly along: "x" | "y";
}

/** The area between two curves over the same x. */
export interface AreaArtist extends ArtistBase {
  readonly kind: "area";
  readonly x: Float64Array;
  readonly y0: Float64Array;
  readonly y1: Float64Array;
  readonly face: Color;
}

/** A picture in data coordinates. */
export interface ImageArtist extends ArtistBase {
  readonly kind: "image";
  readonly width: number;
  readonly height: number;
  /** Row by row from the top, four bytes a pixel. */
  readonly rgba: Uint8ClampedArray;
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
  readonly smooth: boolean;
}

/** A line across the whole axes at one value, from and to fractions of the box. */
export interface ReferenceArtist extends ArtistBase {
  readonly kind: "reference";
  /** The axis that `value` belongs to: "y" is a horizontal line. */
  readonly axis: "x" | "y";
  readonly value: number;
  readonly from: number;
  readonly to: number;
  readonly stroke: Stroke;
}

/** Text at a point in data coordinates. */
export interface TextArtist extends ArtistBase {
  readonly kind: "text";
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly color: Color;
  readonly size: number;
  readonly align: "left" | "center" | "right";
  readonly baseline: "top" | "middle" | "alphabetic" | "bottom";
}

/** Anything drawn inside axes. */
export type Artist =
  | LineArtist
  | PointsArtist
  | BarsArtist
  | AreaArtist
  | ImageArtist
  | ReferenceArtist
  | TextArtist;

/** How the numbers of an axis are spread over its length. */
export type AxisScale = "linear" | "log";

/** One of the two axes. */
export interface AxisModel {
  label: string;
  labelSize: number;
  scale: AxisScale;
  limits: readonly [low: number, high: number] | undefined;
  ticks: { readonly values: readonly number[]; readonly labels: readonly string[] | undefined } | undefined;
  tickRotation: number;
  grid: { readonly stroke: Stroke; readonly alpha: number } | undefined;
  /** The names of bars, in the order of their positions 0, 1, 2, … */
  categories: string[];
}

/** Where a legend may stand. */
export type LegendLocation =
  | "best"
  | "upper right"
  | "upper left"
  | "lower left"
  | "lower right"
  | "right"
  | "center left"
  | "center right"
  | "lower center"
  | "upper center"
  | "center";

/** A legend that was asked for. */
export interface LegendModel {
  readonly location: LegendLocation;
  readonly fontSize: number;
  readonly title: string;
  readonly frame: boolean;
  readonly frameAlpha: number;
}

/** The cell of a grid of subplots that axes fill; rows and columns count from 0. */
export interface SubplotCell {
  readonly rows: number;
  readonly columns: number;
  readonly row: number;
  readonly column: number;
}

/** Everything about one pair of axes. */
export interface AxesModel {
  readonly cell: SubplotCell;
  artists: Artist[];
  title: string;
  titleSize: number;
  x: AxisModel;
  y: AxisModel;
  aspect: "auto" | "equal";
  /** Whether ticks, labels and box are drawn. */
  visible: boolean;
  legend: LegendModel | undefined;
}

function freshAxis(): AxisModel {
  return {
    label: "",
    labelSize: 10,
    scale: "linear",
    limits: undefined,
    ticks: undefined,
    tickRotation: 0,
    grid: undefined,
    categories: [],
  };
}

/** Empty axes in a cell. */
export function freshAxes(cell: SubplotCell): AxesModel {
  return {
    cell,
    artists: [],
    title: "",
    titleSize: 12,
    x: freshAxis(),
    y: freshAxis(),
    aspect: "auto",
    visible: true,
    legend: undefined,
  };
}

/** What an artist covers along one axis, and the values there that want no margin beyond them. */
export interface Extent {
  readonly range: readonly [low: number, high: number] | undefined;
  readonly sticky: readonly number[];
}

function* both(a: Iterable<number>, b: Iterable<number>): Iterable<number> {
  yield* a;
  yield* b;
}

/** The extent of an artist along an axis, only of positive values where the scale can show no others. */
export function extentOf(artist: Artist, axis: "x" | "y", scale: AxisScale): Extent {
  const accept = scale === "log" ? (value: number) => value > 0 : Number.isFinite;
  const none: Extent = { range: undefined, sticky: [] };
  switch (artist.kind) {
    case "line":
    case "points":
      return { range: finiteRange(artist[axis], accept), sticky: [] };
    case "bars": {
      const values = axis === "x" ? both(artist.x0, artist.x1) : both(artist.y0, artist.y1);
      const base = axis === "x" ? artist.x0 : artist.y0;
      return { range: finiteRange(values, accept), sticky: axis === artist.along ? [...new Set(base)] : [] };
    }
    case "area": {
      const values = axis === "x" ? artist.x : both(artist.y0, artist.y1);
      return { range: finiteRange(values, accept), sticky: [] };
    }
    case "image": {
      const ends = axis === "x" ? [artist.left, artist.right] : [artist.bottom, artist.top];
      return { range: finiteRange(ends, accept), sticky: ends };
    }
    case "reference":
      return axis === artist.axis ? { range: finiteRange([artist.value], accept), sticky: [] } : none;
    case "text":
      return none;
  }
}
