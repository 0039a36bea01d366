/** Lines of `plot`, which can be changed after they were drawn. */
import { ShapeError } from "../engine/tensor/errors.ts";
import { type Color, type ColorSpec, parseColor, visibleColor } from "./color.ts";
import { checkSameLength, readVector } from "./data.ts";
import type { DrawStyle, LineArtist, MarkerStyle, Stroke } from "./model.ts";
import { type LineOptions, readChoice, readNumber, readText } from "./options.ts";
import type { RcParams } from "./rc.ts";
import { type Format, parseLineStyle, parseMarker } from "./styles.ts";

/** The ways from point to point. */
export const DRAW_STYLES: readonly DrawStyle[] = ["default", "steps-pre", "steps-mid", "steps-post"];

/**
 * A line as `plot` returns it. Its methods change what the next picture shows, as animations do.
 *
 * @example
 * ```ts
 * const [line] = plt.plot([0, 1, 2], [0, 1, 4]);
 * line?.setYdata([0, 2, 8]);
 * line?.getYdata(); // → [0, 2, 8]
 * ```
 */
export class Line2D implements LineArtist {
  readonly kind = "line" as const;
  x: Float64Array;
  y: Float64Array;
  stroke: Stroke;
  marker: MarkerStyle | undefined;
  drawstyle: DrawStyle;
  label: string | undefined;
  alpha: number;
  zorder: number;

  constructor(fields: Omit<LineArtist, "kind">) {
    this.x = fields.x;
    this.y = fields.y;
    this.stroke = fields.stroke;
    this.marker = fields.marker;
    this.drawstyle = fields.drawstyle;
    this.label = fields.label;
    this.alpha = fields.alpha;
    this.zorder = fields.zorder;
  }

  /** The x coordinates. */
  getXdata(): number[] {
    return [...this.x];
  }

  /** The y coordinates. */
  getYdata(): number[] {
    return [...this.y];
  }

  /**
   * Replaces the points.
   *
   * @throws ShapeError when x and y differ in length; then nothing has changed
   */
  setData(x: unknown, y: unknown): void {
    const [xs, ys] = [readVector("setData: x", x), readVector("setData: y", y)];
    checkSameLength("setData", ["x", [xs.length]], ["y", [ys.length]]);
    this.x = xs;
    this.y = ys;
  }

  /** Replaces the x coordinates; there must be as many as before. */
  setXdata(x: unknown): void {
    this.x = sameLength("setXdata", readVector("setXdata", x), this.x);
  }

  /** Replaces the y coordinates; there must be as many as before. */
  setYdata(y: unknown): void {
    this.y = sameLength("setYdata", readVector("setYdata", y), this.y);
  }

  /** Changes the colour of the line; markers keep theirs. */
  setColor(color: ColorSpec): void {
    this.stroke = { ...this.stroke, color: parseColor("setColor", color) };
  }

  /** Changes the width, in points. */
  setLinewidth(width: number): void {
    this.stroke = { ...this.stroke, width: readNumber("setLinewidth", width, 1.5, 0) };
  }

  /** Changes the legend's text. */
  setLabel(label: string): void {
    this.label = readText("setLabel", label);
  }

  /** Changes the opacity, from 0 to 1. */
  setAlpha(alpha: number): void {
    this.alpha = readNumber("setAlpha", alpha, 1, 0, 1);
  }
}

function sameLength(where: string, next: Float64Array, now: Float64Array): Float64Array {
  if (next.length === now.length) return next;
  throw new ShapeError(
    `${where}: the line has ${now.length} points. Received ${next.length} numbers; setData changes both coordinates.`,
  );
}

/**
 * Reads one line.
 *
 * @param column which of the `label`s is its own
 * @param next the colour when neither the options nor the format name one; asked for last, when nothing can fail any more
 */
export function readLine(
  where: string,
  x: Float64Array,
  y: Float64Array,
  format: Format,
  options: LineOptions,
  column: number,
  rc: Readonly<RcParams>,
  next: () => Color,
): Line2D {
  const o = options;
  const given = o.color ?? o.c;
  const label = Array.isArray(o.label) ? o.label[column] : o.label;
  const spec = o.linestyle ?? o.ls;
  const style = spec === undefined ? (format.linestyle ?? "-") : parseLineStyle(`${where}: linestyle`, spec);
  const name = o.marker === undefined ? format.marker : parseMarker(`${where}: marker`, o.marker);
  const alpha = readNumber(`${where}: alpha`, o.alpha, 1, 0, 1);
  const width = readNumber(`${where}: linewidth`, o.linewidth ?? o.lw, rc["lines.linewidth"], 0);
  const size = readNumber(`${where}: markersize`, o.markersize ?? o.ms, rc["lines.markersize"], 0);
  const edgeWidth = readNumber(
    `${where}: markeredgewidth`,
    o.markeredgewidth ?? o.mew,
    rc["lines.markeredgewidth"],
    0,
  );
  const drawstyle = readChoice(`${where}: drawstyle`, o.drawstyle, "default", DRAW_STYLES);
  const [face, edge] = [o.markerfacecolor ?? o.mfc, o.markeredgecolor ?? o.mec];
  const faceColor =
    face === undefined ? undefined : visibleColor(parseColor(`${where}: markerfacecolor`, face));
  const edgeColor =
    edge === undefined ? undefined : visibleColor(parseColor(`${where}: markeredgecolor`, edge));
  const zorder = readNumber(`${where}: zorder`, o.zorder, 2);
  const text = readText(`${where}: label`, label);
  const color = given === undefined ? (format.color ?? next()) : parseColor(`${where}: color`, given);
  const marker: MarkerStyle | undefined =
    name === undefined
      ? undefined
      : {
          name,
          size,
          face: face === undefined ? color : faceColor,
          edge: edge === undefined ? color : edgeColor,
          edgeWidth,
        };
  return new Line2D({
    x,
    y,
    stroke: { color, style, width },
    marker,
    drawstyle,
    label: text,
    alpha,
    zorder,
  });
}

/** The corners of a line drawn in steps. */
export function stepped(
  x: Float64Array,
  y: Float64Array,
  drawstyle: DrawStyle,
): { x: Float64Array; y: Float64Array } {
  if (drawstyle === "default" || x.length < 2) return { x, y };
  const [xs, ys] = [[x[0]!], [y[0]!]];
  for (let i = 1; i < x.length; i++) {
    const middle = (x[i - 1]! + x[i]!) / 2;
    const at = drawstyle === "steps-pre" ? x[i - 1]! : drawstyle === "steps-post" ? x[i]! : middle;
    xs.push(at, at, x[i]!);
    ys.push(y[i - 1]!, y[i]!, y[i]!);
  }
  return { x: Float64Array.from(xs), y: Float64Array.from(ys) };
}
