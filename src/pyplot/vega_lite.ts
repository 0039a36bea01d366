/** Describes one pair of axes as a Vega-Lite specification that looks like matplotlib. */

import { FONT_FAMILY, textWidth } from "../files/text_metrics.ts";
import { arrowShape, boxCorners, type Point, placeText } from "./annotation.ts";
import { type Color, hex } from "./color.ts";
import { decorations, LINE_HEIGHT, labelSize, MINOR_TICK, pixels, SPACE } from "./layout.ts";
import { type LegendEntry, type LegendLayout, placeLegend } from "./legend.ts";
import { type LineLabels, placeLabel } from "./line_labels.ts";
import { stepped } from "./lines.ts";
import type {
  Artist,
  ImageArtist,
  MarkerStyle,
  PathsArtist,
  Side,
  SpanArtist,
  Stroke,
  TextArtist,
} from "./model.ts";
import { rcColor } from "./rc.ts";
import type { ResolvedAxes, ResolvedAxis } from "./resolve.ts";
import { dashes, markerShape } from "./styles.ts";

/** A part of a Vega-Lite or Vega specification. */
export type Spec = Readonly<Record<string, unknown>>;

/** A picture that still has to be encoded, and whether it appears mirrored. */
export interface PendingImage {
  readonly image: ImageArtist;
  readonly flipX: boolean;
  readonly flipY: boolean;
}

/**
 * A specification with its data apart: the compiler need not copy the points,
 * and pictures can be encoded meanwhile.
 */
export interface AxesSpec {
  readonly spec: Spec;
  readonly tables: ReadonlyMap<string, readonly object[]>;
  readonly images: ReadonlyMap<string, PendingImage>;
}

/** Settings that all axes share: fonts, and nothing drawn that was not asked for. */
export const CONFIG: Spec = {
  aria: false,
  font: FONT_FAMILY,
  view: { stroke: null, fill: null },
  point: { opacity: 1 },
  axis: { titleFontWeight: "normal" },
};

const ONE_ROW: Spec = { values: [{}] };

/** Shapes are given in pixels of the box. */
const IN_PIXELS: Spec = { type: "identity", scale: 1, translate: [0, 0] };

/** The opacity of a fill or stroke, left out when there is nothing to say. */
function opacity(key: string, color: Color, alpha: number): Spec {
  const value = color.a * alpha;
  return value === 1 ? {} : { [key]: value };
}

/** Builds the layers of one pair of axes. */
class AxesSpecBuilder {
  readonly tables: Map<string, readonly object[]> = new Map();
  readonly images: Map<string, PendingImage> = new Map();
  readonly layers: Spec[] = [];
  readonly axes: ResolvedAxes;
  readonly dpi: number;
  readonly x: Spec;
  readonly y: Spec;

  constructor(axes: ResolvedAxes, dpi: number) {
    this.axes = axes;
    this.dpi = dpi;
    this.x = this.channel("x", axes.x);
    this.y = this.channel("y", axes.y);
  }

  px(points: number): number {
    return pixels(points, this.dpi);
  }

  build(): AxesSpec {
    const { model, box } = this.axes;
    // A layer without data or ink: it carries the scales and axes even when nothing is drawn yet.
    this.layer({ type: "rule", opacity: 0 }, { x: this.x, y: this.y }, this.table([]));
    const sorted = [...this.axes.artists].sort((a, b) => a.zorder - b.zorder);
    for (const artist of sorted) this.artist(artist);
    if (model.visible) this.frame();
    if (model.title !== "") {
      const font = this.px(model.titleSize);
      const above = model.x.visible && model.x.side === "top" && model.visible;
      const { xLabelAt } = decorations(this.axes, this.dpi);
      const axisRoom = above
        ? xLabelAt + (model.x.label === "" ? 0 : this.px(model.x.labelSize) * LINE_HEIGHT)
        : 0;
      const lines = model.title.split("\n").length;
      const y = -this.px(SPACE.titlePad) - axisRoom - (lines - 1) * font * LINE_HEIGHT;
      const color = model.titleColor ?? rcColor(model.rc, "axes.titlecolor");
      this.text(model.title, box.width / 2, y, font, "center", "alphabetic", hex(color));
    }
    const legend = placeLegend(this.axes, this.dpi);
    if (legend !== undefined) this.legend(legend);
    return {
      spec: { width: box.width, height: box.height, layer: this.layers, config: CONFIG },
      tables: this.tables,
      images: this.images,
    };
  }

  layer(mark: Spec, encoding: Spec = {}, data: Spec = ONE_ROW): void {
    this.layers.push({ data, mark, encoding });
  }

  /** Adds areas or lines of any outline, given in pixels, each with colours of its own. */
  shapes(
    rows: readonly {
      readonly rings: readonly (readonly Point[])[];
      readonly face?: Color;
      readonly edge?: Color;
    }[],
    look: Spec,
  ): void {
    const [filled, stroked] = [
      rows.some(({ face }) => face !== undefined),
      rows.some(({ edge }) => edge !== undefined),
    ];
    const data = this.table(
      rows.map(({ rings, face, edge }) => ({
        type: "Feature",
        geometry: { type: filled ? "Polygon" : "MultiLineString", coordinates: rings },
        f: face === undefined ? null : hex(face),
        s: edge === undefined ? null : hex(edge),
      })),
    );
    const color = (field: string): Spec => ({ field, type: "nominal", scale: null });
    this.layers.push({
      data,
      projection: IN_PIXELS,
      mark: { type: "geoshape", fill: null, ...look },
      encoding: { ...(filled ? { fill: color("f") } : {}), ...(stroked ? { stroke: color("s") } : {}) },
    });
  }

  /** Sets rows aside under a name. */
  table(rows: readonly object[]): Spec {
    const name = `table_${this.tables.size}`;
    this.tables.set(name, rows);
    return { name, format: { parse: null } };
  }

  /** The encoding of x or y: scale, ticks, labels and grid. */
  channel(name: "x" | "y", axis: ResolvedAxis): Spec {
    const { model, ticks } = axis;
    const { rc, visible } = this.axes.model;
    const { yLabelAt, xLabelAt } = decorations(this.axes, this.dpi);
    const { box } = this.axes;
    const labels = Object.fromEntries(ticks.ticks.map(({ value, label }) => [String(value), label]));
    const minor = ticks.ticks.filter((tick) => tick.minor).map(({ value }) => value);
    const isMinor = `indexof(${JSON.stringify(minor)}, datum.value) >= 0`;
    const choose = (small: unknown, normal: unknown): unknown =>
      minor.length === 0 ? normal : { condition: { test: isMinor, value: small }, value: normal };
    const { grid } = model;
    const tickColor = hex(model.tickColor ?? rcColor(rc, `${name}tick.color`));
    const length = this.px(model.tickLength);
    const drawn = visible && model.visible;
    const far = model.side === "top" || model.side === "right";
    const outwards = far ? 1 : -1;
    const style: Spec = {
      orient: model.side,
      values: ticks.ticks.map(({ value }) => value),
      labelExpr: `${JSON.stringify(labels)}[datum.value]`,
      labelFontSize: this.px(model.tickSize),
      labelPadding: this.px(SPACE.tickPad),
      labelColor: tickColor,
      labelFlush: false,
      labelOverlap: false,
      labelBound: false,
      labels: drawn && model.tickLabels,
      ...(model.tickRotation === 0 ? {} : this.rotation(name, axis)),
      ticks: drawn,
      tickSize: choose(length * MINOR_TICK, length),
      tickWidth: choose(this.px(0.6), this.px(0.8)),
      tickColor,
      domain: false,
      title: model.label === "" || !drawn ? null : model.label.split("\n"),
      titleColor: hex(model.labelColor ?? rcColor(rc, "axes.labelcolor")),
      titleFontSize: this.px(model.labelSize),
      titleLineHeight: this.px(model.labelSize) * LINE_HEIGHT,
      titleAnchor: "middle",
      ...(name === "x"
        ? { titleX: box.width / 2, titleY: -outwards * xLabelAt, titleBaseline: far ? "bottom" : "top" }
        : {
            titleX: outwards * yLabelAt,
            titleY: box.height / 2,
            titleAngle: -90,
            titleBaseline: far ? "top" : "bottom",
          }),
      grid: grid !== undefined && visible,
      ...(grid === undefined
        ? {}
        : {
            gridColor: hex(grid.stroke.color),
            gridWidth: this.px(grid.stroke.width),
            gridDash: dashes(grid.stroke.style, this.px(grid.stroke.width)) ?? [],
            gridOpacity: choose(0, grid.alpha * grid.stroke.color.a),
          }),
    };
    const { scale } = axis;
    return {
      field: name,
      type: "quantitative",
      scale: {
        type: scale,
        domain: [axis.low, axis.high],
        nice: false,
        ...(scale === "linear" ? { zero: false } : {}),
      },
      axis: style,
    };
  }

  /**
   * Rotated tick labels. Matplotlib centres the upright rectangle around the turned text on its tick,
   * so every label has a distance of its own.
   */
  rotation(name: "x" | "y", { model, ticks }: ResolvedAxis): Spec {
    const font = this.px(model.tickSize);
    const pad = this.px(SPACE.tickPad);
    const condition = ticks.ticks.map(({ value, label }) => {
      const { width, height } = labelSize(label, font, model.tickRotation);
      return { test: `datum.value === ${value}`, value: pad + (name === "x" ? height : width) / 2 };
    });
    return {
      labelAngle: -model.tickRotation,
      labelAlign: "center",
      labelBaseline: "middle",
      labelPadding: condition.length === 0 ? pad : { condition, value: pad },
    };
  }

  artist(artist: Artist): void {
    const { alpha } = artist;
    const [x, y] = [this.x, this.y];
    switch (artist.kind) {
      case "line": {
        const { drawstyle } = artist;
        const table = (points: { x: Float64Array; y: Float64Array }): Spec =>
          this.table(Array.from(points.x, (value, i) => ({ x: value, y: points.y[i]! })));
        const data = table(artist);
        if (artist.stroke.style !== "none") {
          const mark = {
            type: "line",
            clip: true,
            ...this.stroke(artist.stroke, alpha),
            strokeJoin: "round",
          };
          const corners = drawstyle === "default" ? data : table(stepped(artist.x, artist.y, drawstyle));
          this.layer(mark, { x, y, order: { value: null } }, corners);
        }
        if (artist.marker !== undefined) {
          this.layer({ ...this.marker(artist.marker, alpha), clip: true }, { x, y }, data);
        }
        break;
      }
      case "points":
        this.points(artist);
        break;
      case "bars": {
        const many = artist.faces.length > 1;
        const rows = Array.from(artist.x0, (x0, i) => ({
          x: x0,
          x2: artist.x1[i]!,
          // A log axis has no zero to stand on: its lower end serves.
          y: this.visible("y", artist.y0[i]!),
          y2: this.visible("y", artist.y1[i]!),
          c: hex(artist.faces[i % artist.faces.length]!),
        }));
        const face = artist.faces[0];
        const mark = {
          type: "rect",
          clip: true,
          ...(many || face === undefined ? {} : { fill: hex(face) }),
          ...(face === undefined ? {} : opacity("fillOpacity", face, alpha)),
          ...(artist.edge === undefined ? {} : this.stroke(artist.edge, alpha)),
        };
        const fill = many ? { fill: { field: "c", type: "nominal", scale: null } } : {};
        this.layer(mark, { x, y, x2: { field: "x2" }, y2: { field: "y2" }, ...fill }, this.table(rows));
        break;
      }
      case "area": {
        const lower = stepped(artist.x, artist.y0, artist.drawstyle);
        const upper = stepped(artist.x, artist.y1, artist.drawstyle);
        const rows = Array.from(lower.x, (value, i) => ({
          x: value,
          y: this.visible("y", lower.y[i]!),
          y2: this.visible("y", upper.y[i]!),
        }));
        const mark = {
          type: "area",
          clip: true,
          fill: hex(artist.face),
          ...opacity("fillOpacity", artist.face, alpha),
        };
        this.layer(mark, { x, y, y2: { field: "y2" }, order: { value: null } }, this.table(rows));
        break;
      }
      case "image": {
        const data = this.table([{ x: artist.left, x2: artist.right, y: artist.bottom, y2: artist.top }]);
        this.images.set(data.name as string, {
          image: artist,
          flipX: this.axes.x.fraction(artist.left) > this.axes.x.fraction(artist.right),
          flipY: this.axes.y.fraction(artist.bottom) > this.axes.y.fraction(artist.top),
        });
        const mark = { type: "image", clip: true, aspect: false, smooth: artist.smooth, ...opacityOf(alpha) };
        const url = { field: "url", type: "nominal" };
        this.layer(mark, { x, y, x2: { field: "x2" }, y2: { field: "y2" }, url }, data);
        break;
      }
      case "reference":
        this.reference(artist);
        break;
      case "paths":
        this.paths(artist);
        break;
      case "span":
        this.span(artist);
        break;
      case "text":
        this.words(artist);
        break;
    }
  }

  /** The middles of the numbers in level lines. */
  readonly labelPlaces: Point[] = [];

  paths({ shapes, faces, edges, style, width, alpha, labels }: PathsArtist): void {
    const { box, x, y } = this.axes;
    const points = (ring: PathsArtist["shapes"][number][number]): Point[] =>
      Array.from(ring.x, (value, i) => [
        x.fraction(this.visible("x", value)) * box.width,
        (1 - y.fraction(this.visible("y", ring.y[i]!))) * box.height,
      ]);
    const color = (list: readonly Color[], i: number): Color | undefined =>
      list[i % Math.max(1, list.length)];
    const rows = shapes.map((rings, i) => {
      const [face, edge] = [color(faces, i), color(edges, i)];
      const lines = rings.map(points);
      return {
        rings: labels === undefined ? lines : lines.flatMap((line) => this.numbered(line, labels, edge)),
        ...(face === undefined ? {} : { face }),
        ...(edge === undefined ? {} : { edge }),
      };
    });
    const { stroke: _, ...dashing } =
      edges[0] === undefined ? { stroke: undefined } : this.stroke({ color: edges[0], style, width }, alpha);
    this.shapes(rows, {
      clip: true,
      strokeJoin: "round",
      ...dashing,
      ...(faces[0] === undefined ? {} : opacity("fillOpacity", faces[0], alpha)),
    });
  }

  /** Writes a number into a line; gives what is left of the line. */
  numbered(line: readonly Point[], labels: LineLabels, edge: Color | undefined): readonly Point[][] {
    const fontSize = this.px(labels.size);
    const width = textWidth(labels.text, fontSize);
    const gap = labels.inline ? this.px(labels.spacing) : undefined;
    const { pieces, place } = placeLabel(line, width, gap, this.labelPlaces, this.axes.box);
    if (place !== undefined) {
      this.labelPlaces.push(place.at);
      const { at, angle } = place;
      const fill = hex(labels.color ?? edge ?? rcColor(this.axes.model.rc, "text.color"));
      const look = { fontSize, align: "center", baseline: "middle", fill, angle, clip: true };
      this.layer({ type: "text", text: labels.text, x: at[0], y: at[1], ...look });
    }
    return pieces.map((piece) => [...piece]);
  }

  span({ axis, low, high, from, to, face, edge, alpha }: SpanArtist): void {
    const { width, height } = this.axes.box;
    const data = this.table([{ [axis]: low, [`${axis}2`]: high }]);
    const mark = {
      type: "rect",
      clip: true,
      fill: hex(face),
      ...opacity("fillOpacity", face, alpha),
      ...(edge === undefined ? {} : this.stroke(edge, alpha)),
    };
    const along =
      axis === "x"
        ? {
            x: this.x,
            x2: { field: "x2" },
            y: { value: (1 - from) * height },
            y2: { value: (1 - to) * height },
          }
        : { y: this.y, y2: { field: "y2" }, x: { value: from * width }, x2: { value: to * width } };
    this.layer(mark, along, data);
  }

  /** A text with its box and its arrow. */
  words(artist: TextArtist): void {
    const { box, arrow, rotation, alpha } = artist;
    const place = placeText(this.axes, artist, this.dpi);
    if (arrow !== undefined) {
      const shape = arrowShape(this.axes, artist, arrow, this.dpi);
      const { stroke: _, ...look } = this.stroke(arrow.stroke, alpha);
      if (shape !== undefined) {
        this.shapes([{ rings: [shape.line], edge: arrow.stroke.color }], { ...look, clip: false });
        for (const { points, filled } of shape.heads) {
          const paint = filled ? { face: arrow.stroke.color } : {};
          this.shapes([{ rings: [points], edge: arrow.stroke.color, ...paint }], {
            strokeWidth: this.px(arrow.stroke.width),
            ...opacity("opacity", arrow.stroke.color, alpha),
            strokeJoin: "miter",
            clip: false,
          });
        }
      }
    }
    if (box !== undefined) {
      const pad = box.pad * place.font;
      const fill = { fill: hex(box.face), ...opacity("fillOpacity", box.face, box.alpha * alpha) };
      const outline = box.edge === undefined ? {} : this.stroke(box.edge, box.alpha * alpha);
      const corners = boxCorners(place, pad, rotation);
      if (rotation === 0) {
        const [x, y, x2, y2] = [...corners[0]!, ...corners[2]!] as [number, number, number, number];
        this.rect({ x, y, x2, y2 }, { ...fill, ...outline, cornerRadius: box.round ? pad : 0 });
      } else {
        const { fill: _, ...faint } = fill;
        const ring = [...corners, corners[0]!];
        const edge = box.edge === undefined ? {} : { edge: box.edge.color };
        this.shapes([{ rings: [ring], face: box.face, ...edge }], { ...outline, ...faint, clip: false });
      }
    }
    const mark = {
      type: "text",
      text: artist.text.split("\n"),
      align: artist.align,
      baseline: artist.baseline,
      fontSize: place.font,
      lineHeight: place.font * LINE_HEIGHT,
      ...(artist.bold ? { fontWeight: "bold" } : {}),
      ...(rotation === 0 ? {} : { angle: -rotation }),
      ...(place.shift === 0 ? {} : { dy: place.shift }),
      fill: hex(artist.color),
      ...opacity("fillOpacity", artist.color, alpha),
    };
    const byData = artist.coordinates === "data" && artist.offset.every((points) => points === 0);
    if (byData) this.layer(mark, { x: this.x, y: this.y }, this.table([{ x: artist.x, y: artist.y }]));
    else this.layer({ ...mark, x: place.at[0], y: place.at[1] });
  }

  points(artist: Artist & { kind: "points" }): void {
    const { faces, areas, alpha } = artist;
    const { filled, shape, scale } = markerShape(artist.marker);
    const unit = this.px(scale) ** 2;
    const many = faces.length > 1;
    const rows = Array.from(artist.x, (value, i) => ({
      x: value,
      y: artist.y[i]!,
      s: unit * areas[i % areas.length]!,
      c: hex(faces[i % faces.length]!),
    }));
    const face = faces[0];
    if (face === undefined) return;
    const edge = artist.edge ?? face;
    const mark = {
      type: "point",
      clip: true,
      shape,
      filled,
      ...(many ? {} : { fill: filled ? hex(face) : "transparent", stroke: hex(edge) }),
      ...(many && artist.edge !== undefined ? { stroke: hex(edge) } : {}),
      ...(filled ? opacity("fillOpacity", face, alpha) : {}),
      ...opacity("strokeOpacity", edge, alpha),
      strokeWidth: this.px(artist.edgeWidth),
    };
    const color = { field: "c", type: "nominal", scale: null };
    const paint = many
      ? { ...(filled ? { fill: color } : {}), ...(artist.edge === undefined ? { stroke: color } : {}) }
      : {};
    const size = { field: "s", type: "quantitative", scale: null };
    this.layer(mark, { x: this.x, y: this.y, size, ...paint }, this.table(rows));
  }

  reference({ axis, value, from, to, stroke, alpha }: Artist & { kind: "reference" }): void {
    const { width, height } = this.axes.box;
    const data = this.table([{ [axis]: value }]);
    const mark = { type: "rule", clip: true, ...this.stroke(stroke, alpha) };
    const across =
      axis === "y"
        ? { y: this.y, x: { value: from * width }, x2: { value: to * width } }
        : { x: this.x, y: { value: (1 - from) * height }, y2: { value: (1 - to) * height } };
    this.layer(mark, across, data);
  }

  /** A value that the scale can show: on a log axis what is not positive becomes the lower end. */
  visible(name: "x" | "y", value: number): number {
    const axis = this.axes[name];
    return axis.scale === "log" && value <= 0 ? Math.min(axis.low, axis.high) : value;
  }

  stroke({ color, style, width }: Stroke, alpha: number): Spec {
    const pattern = dashes(style, this.px(width));
    return {
      stroke: hex(color),
      strokeWidth: this.px(width),
      ...opacity("strokeOpacity", color, alpha),
      ...(pattern === undefined ? { strokeCap: "square" } : { strokeDash: pattern, strokeCap: "butt" }),
    };
  }

  marker({ name, size, face, edge, edgeWidth }: MarkerStyle, alpha: number): Spec {
    const { shape, scale, filled } = markerShape(name);
    return {
      type: "point",
      shape,
      filled,
      size: this.px(size * scale) ** 2,
      fill: filled && face !== undefined ? hex(face) : "transparent",
      ...(edge === undefined ? {} : { stroke: hex(edge), strokeWidth: this.px(edgeWidth) }),
      ...opacityOf(alpha),
    };
  }

  text(
    text: string,
    x: number,
    y: number,
    fontSize: number,
    align: string,
    baseline: string,
    color: string,
  ): void {
    const lines = { text: text.split("\n"), lineHeight: fontSize * LINE_HEIGHT };
    this.layer({ type: "text", ...lines, x, y, fontSize, align, baseline, fill: color });
  }

  /** The box around the axes, and what stands once at the end of each axis. */
  frame(): void {
    const { box, x, y } = this.axes;
    const { rc, spines } = this.axes.model;
    const width = rc["axes.linewidth"];
    const line = { stroke: hex(rcColor(rc, "axes.edgecolor")), strokeWidth: this.px(width) };
    // Half a pixel in, as ticks are: a line of one pixel then fills one row of pixels.
    const at = { x: 0.5, y: 0.5, x2: box.width + 0.5, y2: box.height + 0.5 };
    const sides = Object.keys(spines) as Side[];
    if (width === 0) return;
    if (sides.every((side) => spines[side])) {
      this.rect(at, { ...line, filled: false, strokeJoin: "miter" });
    } else {
      const ends: Record<Side, typeof at> = {
        left: { ...at, x2: at.x },
        right: { ...at, x: at.x2 },
        top: { ...at, y2: at.y },
        bottom: { ...at, y: at.y2 },
      };
      for (const side of sides) {
        if (!spines[side]) continue;
        const encoding = Object.fromEntries(
          Object.entries(ends[side]).map(([key, value]) => [key, { value }]),
        );
        this.layer({ type: "rule", ...line, strokeCap: "square" }, encoding);
      }
    }
    const { xLabelAt } = decorations(this.axes, this.dpi);
    const color = (axis: ResolvedAxis, name: "x" | "y"): string =>
      hex(axis.model.tickColor ?? rcColor(rc, `${name}tick.color`));
    if (x.ticks.offsetText !== "" && x.model.visible) {
      const [place, baseline]: [number, string] =
        x.model.side === "top" ? [-xLabelAt, "bottom"] : [box.height + xLabelAt, "top"];
      const font = this.px(x.model.tickSize);
      this.text(x.ticks.offsetText, box.width, place, font, "right", baseline, color(x, "x"));
    }
    if (y.ticks.offsetText !== "" && y.model.visible) {
      const [place, align]: [number, string] = y.model.side === "right" ? [box.width, "right"] : [0, "left"];
      const font = this.px(y.model.tickSize);
      this.text(y.ticks.offsetText, place, -this.px(3), font, align, "alphabetic", color(y, "y"));
    }
  }

  rect(at: { x: number; y: number; x2: number; y2: number }, style: Spec): void {
    const encoding = Object.fromEntries(Object.entries(at).map(([key, value]) => [key, { value }]));
    this.layer({ type: "rect", ...style }, encoding);
  }

  legend({ frame, fontSize, entries, handleX, handleWidth, textX, title, radius }: LegendLayout): void {
    const { legend, rc } = this.axes.model;
    const color = hex(rcColor(rc, "text.color"));
    if (legend?.frame === true) {
      const at = { x: frame.x, y: frame.y, x2: frame.x + frame.width, y2: frame.y + frame.height };
      const style = {
        fill: hex(rcColor(rc, "legend.facecolor")),
        stroke: hex(rcColor(rc, "legend.edgecolor")),
        strokeWidth: this.px(1),
        cornerRadius: radius,
      };
      this.rect(at, { ...style, opacity: legend.frameAlpha });
    }
    if (title !== undefined) this.text(title.text, title.x, title.y, fontSize, "center", "middle", color);
    for (const entry of entries) {
      this.handle(entry, handleX, handleWidth, fontSize);
      this.text(entry.label, textX, entry.y, fontSize, "left", "middle", color);
    }
  }

  /** The sample of an artist's style beside its text in the legend. */
  handle({ artist, y }: LegendEntry, x: number, width: number, font: number): void {
    const middle = { x: x + width / 2, y };
    const line = (stroke: Stroke): void => {
      const span = { x: { value: x }, x2: { value: x + width }, y: { value: y } };
      this.layer({ type: "rule", ...this.stroke(stroke, artist.alpha), strokeCap: "butt" }, span);
    };
    const patch = (face: Color | undefined, edge: Stroke | undefined): void => {
      const fill =
        face === undefined
          ? { fillOpacity: 0 }
          : { fill: hex(face), ...opacity("fillOpacity", face, artist.alpha) };
      const outline = edge === undefined ? {} : this.stroke(edge, artist.alpha);
      this.rect({ x, y: y - 0.35 * font, x2: x + width, y2: y + 0.35 * font }, { ...fill, ...outline });
    };
    switch (artist.kind) {
      case "line":
        if (artist.stroke.style !== "none") line(artist.stroke);
        if (artist.marker !== undefined)
          this.layer({ ...this.marker(artist.marker, artist.alpha), ...middle });
        break;
      case "points": {
        const face = artist.faces[0];
        const style = {
          name: artist.marker,
          size: Math.sqrt(artist.areas[0] ?? 36),
          edgeWidth: artist.edgeWidth,
        };
        this.layer({
          ...this.marker({ ...style, face, edge: artist.edge ?? face }, artist.alpha),
          ...middle,
        });
        break;
      }
      case "bars":
        patch(artist.faces[0], artist.edge);
        break;
      case "area":
        patch(artist.face, undefined);
        break;
      case "reference":
        line(artist.stroke);
        break;
      case "paths": {
        const edge = artist.edges[0];
        const stroke =
          edge === undefined ? undefined : { color: edge, style: artist.style, width: artist.width };
        if (artist.faces.length > 0) patch(artist.faces[0], stroke);
        else if (stroke !== undefined) line(stroke);
        break;
      }
      case "span":
        patch(artist.face, artist.edge);
        break;
      case "image":
      case "text":
        break;
    }
  }
}

const opacityOf = (alpha: number): Spec => (alpha === 1 ? {} : { opacity: alpha });

/** The Vega-Lite specification of axes, and the data that belong into it. */
export function axesSpec(axes: ResolvedAxes, dpi: number): AxesSpec {
  return new AxesSpecBuilder(axes, dpi).build();
}
