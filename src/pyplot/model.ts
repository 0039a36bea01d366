/** What has been drawn on axes, as plain data: `Axes` fills it, the renderers read it. */
import type { Color } from "./color.ts";
import { finiteRange } from "./data.ts";
import type { LineLabels } from "./line_labels.ts";
import type { Mappable } from "./mappable.ts";
import { fontSize, type RcParams, rcFlag } from "./rc.ts";
import type { LineStyle } from "./styles.ts";
import type { Symlog } from "./symlog.ts";

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
  /** How the curve goes from point to point. */
  readonly drawstyle: DrawStyle;
}

/** Straight from point to point, or in steps before, in the middle between, or after the points. */
export type DrawStyle = "default" | "steps-pre" | "steps-mid" | "steps-post";

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
  /** What the colours mean, where they come from numbers. */
  readonly mappable: Mappable | undefined;
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
  readonly drawstyle: DrawStyle;
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
  /** What the colours mean; undefined for pictures that bring their own. */
  readonly mappable: Mappable | undefined;
}

/** One closed outline (first point again at the end) or one open line, in data coordinates. */
export interface Ring {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Shapes of any outline: filled areas, with holes where rings turn the other way round, or lines. */
export interface PathsArtist extends ArtistBase {
  readonly kind: "paths";
  readonly shapes: readonly (readonly Ring[])[];
  /** No colour, one for all shapes, or one for each. Without a colour nothing is filled. */
  readonly faces: readonly Color[];
  /** The same for the strokes. */
  readonly edges: readonly Color[];
  readonly style: LineStyle;
  readonly width: number;
  /** Whether the axes end where the shapes do. */
  readonly sticky: boolean;
  /** What stands in the lines. */
  labels?: LineLabels | undefined;
}

/** A band across the whole axes between two values, from and to fractions of the box. */
export interface SpanArtist extends ArtistBase {
  readonly kind: "span";
  /** The axis that the values belong to: "y" is a horizontal band. */
  readonly axis: "x" | "y";
  readonly low: number;
  readonly high: number;
  readonly from: number;
  readonly to: number;
  readonly face: Color;
  readonly edge: Stroke | undefined;
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

/** Where a position is counted: along the axes' numbers, or as fractions of the box. */
export type Coordinates = "data" | "axes fraction";

/** The box behind a text; lengths relative to the font size. */
export interface TextBox {
  readonly face: Color;
  readonly edge: Stroke | undefined;
  readonly pad: number;
  readonly round: boolean;
  readonly alpha: number;
}

/** An arrow from a text to what it speaks of. */
export interface ArrowStyle {
  readonly x: number;
  readonly y: number;
  readonly coordinates: Coordinates;
  /** Heads at the text and at the point, open ("->") or filled ("-|>"). */
  readonly tail: "none" | "open" | "filled";
  readonly head: "none" | "open" | "filled";
  readonly stroke: Stroke;
  /** How far the arrow bends aside, relative to its length. */
  readonly bend: number;
  /** Points that the arrow stops short of the text's box and of the point. */
  readonly shrink: readonly [tail: number, head: number];
  /** The size of the heads in points. */
  readonly scale: number;
}

/** Text at a point, with the box behind it and the arrow that leaves it. */
export interface TextArtist extends ArtistBase {
  readonly kind: "text";
  readonly x: number;
  readonly y: number;
  readonly coordinates: Coordinates;
  /** Points right of and above that position. */
  readonly offset: readonly [x: number, y: number];
  readonly text: string;
  readonly color: Color;
  readonly size: number;
  readonly bold: boolean;
  /** Degrees, counter-clockwise. */
  readonly rotation: number;
  readonly align: "left" | "center" | "right";
  readonly baseline: "top" | "middle" | "alphabetic" | "bottom";
  readonly box: TextBox | undefined;
  readonly arrow: ArrowStyle | undefined;
}

/** Anything drawn inside axes. */
export type Artist =
  | LineArtist
  | PointsArtist
  | BarsArtist
  | AreaArtist
  | ImageArtist
  | PathsArtist
  | ReferenceArtist
  | SpanArtist
  | TextArtist;

/** How the numbers of an axis are spread over its length. */
export type AxisScale = "linear" | "log" | "symlog";

/** The ends, scale and ticks of an axis. Axes that share an axis have one of these in common. */
export interface AxisRange {
  scale: AxisScale;
  /** What a symlog scale is made of. */
  symlog: Symlog;
  limits: readonly [low: number, high: number] | undefined;
  ticks: { readonly values: readonly number[]; readonly labels: readonly string[] | undefined } | undefined;
  /** Whether the axis runs backwards when its ends come from the data. */
  inverted: boolean;
  /** The names of bars, in the order of their positions 0, 1, 2, … */
  categories: string[];
  /** The axes whose artists decide about the ends. */
  readonly members: AxesModel[];
}

/** One of the two axes. */
export interface AxisModel {
  range: AxisRange;
  label: string;
  labelSize: number;
  labelColor: Color | undefined;
  tickRotation: number;
  /** Whether the numbers are written beside the ticks. */
  tickLabels: boolean;
  tickColor: Color | undefined;
  tickSize: number;
  tickLength: number;
  grid: { readonly stroke: Stroke; readonly alpha: number } | undefined;
  /** Where ticks and label stand. */
  side: "bottom" | "top" | "left" | "right";
  /** Whether ticks and label are drawn. */
  visible: boolean;
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

/** The part of a cell that axes fill, as fractions from its left and top: less than all beside a colour bar. */
export interface Slot {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Height by width of the box, which then stands in the middle of its place, at the left or the top. */
  readonly shape?: number;
}

/** The four sides of the box around axes. */
export type Side = "left" | "right" | "top" | "bottom";

/** Everything about one pair of axes. */
export interface AxesModel {
  readonly cell: SubplotCell;
  /** The settings at the time when the axes were made. */
  readonly rc: Readonly<RcParams>;
  slot: Slot;
  artists: Artist[];
  title: string;
  titleSize: number;
  titleColor: Color | undefined;
  x: AxisModel;
  y: AxisModel;
  aspect: "auto" | "equal";
  /** Whether ticks, labels and box are drawn. */
  visible: boolean;
  /** Which sides of the box are drawn. */
  readonly spines: Record<Side, boolean>;
  face: Color | undefined;
  legend: LegendModel | undefined;
  /** Whether these axes explain colours of others. */
  readonly isColorbar: boolean;
  /** The axes that these lie upon. */
  readonly twinOf: AxesModel | undefined;
}

/** The size of a figure's canvas. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** Pixels per inch. */
  readonly dpi: number;
}

/** A whole figure, as plain data. */
export interface FigureModel {
  readonly canvas: Canvas;
  readonly axes: readonly AxesModel[];
  readonly title: string;
  readonly titleSize: number;
  readonly titleColor: Color;
  readonly tight: boolean;
  /** The colour behind everything, undefined for none. */
  readonly background: string | undefined;
  /** Whether the picture is cut to what is drawn. */
  readonly crop: boolean;
}

/** How axes are made that are not the usual ones. */
export interface AxesOrigin {
  readonly slot?: Slot;
  readonly isColorbar?: boolean;
  readonly twinOf?: AxesModel;
  /** Axes that share x or y. */
  readonly sharex?: AxesModel;
  readonly sharey?: AxesModel;
}

/** A copy of axes of one figure that later drawing does not reach; arrays of numbers are shared, for they are never changed. */
export function snapshot(models: readonly AxesModel[]): AxesModel[] {
  const copies = new Map<AxesModel, AxesModel>();
  const ranges = new Map<AxisRange, AxisRange>();
  const copyRange = (range: AxisRange): AxisRange => {
    const known = ranges.get(range);
    if (known !== undefined) return known;
    const copy: AxisRange = { ...range, categories: [...range.categories], members: [] };
    ranges.set(range, copy);
    copy.members.push(...range.members.map(copyModel));
    return copy;
  };
  const copyModel = (model: AxesModel): AxesModel => {
    const known = copies.get(model);
    if (known !== undefined) return known;
    const copy: { -readonly [K in keyof AxesModel]: AxesModel[K] } = {
      ...model,
      spines: { ...model.spines },
      artists: model.artists.map((artist) => ({ ...artist })),
    };
    copies.set(model, copy);
    copy.x = { ...model.x, range: copyRange(model.x.range) };
    copy.y = { ...model.y, range: copyRange(model.y.range) };
    if (model.twinOf !== undefined) copy.twinOf = copyModel(model.twinOf);
    return copy;
  };
  return models.map(copyModel);
}

function freshRange(): AxisRange {
  return {
    scale: "linear",
    symlog: { base: 10, linthresh: 2, linscale: 1 },
    limits: undefined,
    ticks: undefined,
    inverted: false,
    categories: [],
    members: [],
  };
}

function freshAxis(name: "x" | "y", rc: Readonly<RcParams>, range: AxisRange): AxisModel {
  return {
    range,
    label: "",
    labelSize: fontSize(rc, "axes.labelsize"),
    labelColor: undefined,
    tickRotation: 0,
    tickLabels: true,
    tickColor: undefined,
    tickSize: fontSize(rc, `${name}tick.labelsize`),
    tickLength: Number(rc[`${name}tick.major.size`]),
    grid: undefined,
    side: name === "x" ? "bottom" : "left",
    visible: true,
  };
}

/** Empty axes in a cell. */
export function freshAxes(cell: SubplotCell, rc: Readonly<RcParams>, origin: AxesOrigin = {}): AxesModel {
  const model: AxesModel = {
    cell,
    rc,
    slot: origin.slot ?? { x: 0, y: 0, width: 1, height: 1 },
    artists: [],
    title: "",
    titleSize: fontSize(rc, "axes.titlesize"),
    titleColor: undefined,
    x: freshAxis("x", rc, origin.sharex?.x.range ?? freshRange()),
    y: freshAxis("y", rc, origin.sharey?.y.range ?? freshRange()),
    aspect: "auto",
    visible: true,
    spines: {
      left: rcFlag(rc, "axes.spines.left"),
      right: rcFlag(rc, "axes.spines.right"),
      top: rcFlag(rc, "axes.spines.top"),
      bottom: rcFlag(rc, "axes.spines.bottom"),
    },
    face: undefined,
    legend: undefined,
    isColorbar: origin.isColorbar ?? false,
    twinOf: origin.twinOf,
  };
  model.x.range.members.push(model);
  model.y.range.members.push(model);
  return model;
}

/** Takes everything off axes; what they share with others stays. */
export function clearAxes(model: AxesModel): void {
  for (const name of ["x", "y"] as const) {
    const { range, side } = model[name];
    if (range.members.length === 1) Object.assign(range, { ...freshRange(), members: range.members });
    model[name] = { ...freshAxis(name, model.rc, range), side };
  }
  model.artists = [];
  model.title = "";
  model.titleSize = fontSize(model.rc, "axes.titlesize");
  model.titleColor = undefined;
  model.aspect = "auto";
  model.visible = true;
  model.legend = undefined;
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

function* coordinates({ shapes }: PathsArtist, axis: "x" | "y"): Iterable<number> {
  for (const rings of shapes) for (const ring of rings) yield* ring[axis];
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
    case "paths": {
      const range = finiteRange(coordinates(artist, axis), accept);
      return { range, sticky: artist.sticky && range !== undefined ? range : [] };
    }
    case "reference":
      return axis === artist.axis ? { range: finiteRange([artist.value], accept), sticky: [] } : none;
    case "span":
      return axis === artist.axis
        ? { range: finiteRange([artist.low, artist.high], accept), sticky: [] }
        : none;
    case "text":
      return none;
  }
}
