/** Where texts, the boxes behind them and their arrows lie, in pixels. */

import { textWidth } from "../files/text_metrics.ts";
import { LINE_HEIGHT, pixels } from "./layout.ts";
import type { ArrowStyle, TextArtist } from "./model.ts";
import type { ResolvedAxes } from "./resolve.ts";

/** A position in pixels from the left top of the box of axes. */
export type Point = readonly [x: number, y: number];

/** The position of a pair of coordinates. */
export function position(
  { box, x, y }: ResolvedAxes,
  at: { readonly x: number; readonly y: number; readonly coordinates: TextArtist["coordinates"] },
): Point {
  const isData = at.coordinates === "data";
  const [across, up] = isData ? [x.fraction(at.x), y.fraction(at.y)] : [at.x, at.y];
  return [across * box.width, (1 - up) * box.height];
}

/** A text's anchor, and the rectangle around it before it is turned, relative to that anchor. */
export interface TextPlace {
  readonly at: Point;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** How far down the first line must go, so that all lines stand as the alignment says. */
  readonly shift: number;
  readonly font: number;
}

// How far letters reach above their line; below it they fill up the font size.
const ASCENT = 0.76;

/** Places a text. */
export function placeText(axes: ResolvedAxes, artist: TextArtist, dpi: number): TextPlace {
  const font = pixels(artist.size, dpi);
  const [x, y] = position(axes, artist);
  const [dx, dy] = artist.offset.map((points) => pixels(points, dpi)) as [number, number];
  const extra = (artist.text.split("\n").length - 1) * font * LINE_HEIGHT;
  const width = textWidth(artist.text, font);
  const left = { left: 0, center: -0.5, right: -1 }[artist.align] * width;
  const height = font + extra;
  const top = { top: 0, middle: -height / 2, alphabetic: -ASCENT * font, bottom: -height }[artist.baseline];
  const shift = { top: 0, middle: -extra / 2, alphabetic: 0, bottom: -extra }[artist.baseline];
  return { at: [x + dx, y - dy], left, top, width, height, shift, font };
}

/** The corners of the box around a text, turned with it; clockwise from the left top. */
export function boxCorners(place: TextPlace, pad: number, degrees: number): Point[] {
  const angle = (-degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const { at, left, top, width, height } = place;
  const [x0, x1, y0, y1] = [left - pad, left + width + pad, top - pad, top + height + pad];
  return (
    [
      [x0, y0],
      [x1, y0],
      [x1, y1],
      [x0, y1],
    ] as const
  ).map(([x, y]) => [at[0] + x * cos - y * sin, at[1] + x * sin + y * cos]);
}

/** An arrow: its line, and its heads as open or closed lines. */
export interface ArrowShape {
  readonly line: readonly Point[];
  readonly heads: readonly { readonly points: readonly Point[]; readonly filled: boolean }[];
}

const distance = (a: Point, b: Point): number => Math.hypot(b[0] - a[0], b[1] - a[1]);

/** The line without what lies within `length` of its start. */
function shortened(line: readonly Point[], length: number): Point[] {
  let rest = length;
  for (let i = 1; i < line.length; i++) {
    const [a, b] = [line[i - 1]!, line[i]!];
    const step = distance(a, b);
    if (step > rest) {
      const t = rest / step;
      return [[a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])], ...line.slice(i)];
    }
    rest -= step;
  }
  return [];
}

function headAt(tip: Point, before: Point, scale: number, kind: ArrowStyle["head"]): ArrowShape["heads"] {
  const length = distance(before, tip);
  if (kind === "none" || length === 0) return [];
  const [ux, uy] = [(tip[0] - before[0]) / length, (tip[1] - before[1]) / length];
  const [back, aside] = [0.4 * scale, 0.2 * scale];
  const wing = (side: number): Point => [
    tip[0] - back * ux - side * aside * uy,
    tip[1] - back * uy + side * aside * ux,
  ];
  const points = [wing(1), tip, wing(-1)];
  return [{ points: kind === "filled" ? [...points, wing(1)] : points, filled: kind === "filled" }];
}

/** Steps along an arrow: enough for a bent one to look round. */
const STEPS = 64;

/** The arrow from a text to its point, or undefined when the two are too close for one. */
export function arrowShape(
  axes: ResolvedAxes,
  artist: TextArtist,
  arrow: ArrowStyle,
  dpi: number,
): ArrowShape | undefined {
  const place = placeText(axes, artist, dpi);
  const pad = artist.box === undefined ? pixels(4, dpi) / 2 : artist.box.pad * place.font;
  const corners = boxCorners(place, pad, artist.rotation);
  const from: Point = [(corners[0]![0] + corners[2]![0]) / 2, (corners[0]![1] + corners[2]![1]) / 2];
  const to = position(axes, arrow);
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const control: Point = [(from[0] + to[0]) / 2 - arrow.bend * dy, (from[1] + to[1]) / 2 + arrow.bend * dx];
  const curve = Array.from({ length: STEPS + 1 }, (_, i): Point => {
    const t = i / STEPS;
    const [a, b, c] = [(1 - t) ** 2, 2 * t * (1 - t), t ** 2];
    return [a * from[0] + b * control[0] + c * to[0], a * from[1] + b * control[1] + c * to[1]];
  });
  // The part outside of the text's box: the corners go round clockwise, so inside is right of every side.
  const inside = (point: Point): boolean =>
    corners.every((corner, i) => {
      const next = corners[(i + 1) % 4]!;
      return (
        (next[0] - corner[0]) * (point[1] - corner[1]) - (next[1] - corner[1]) * (point[0] - corner[0]) >= 0
      );
    });
  const first = curve.findIndex((point) => !inside(point));
  if (first < 0) return undefined;
  let line = shortened(curve.slice(Math.max(0, first - 1)), pixels(arrow.shrink[0], dpi));
  line = shortened(line.reverse(), pixels(arrow.shrink[1], dpi)).reverse();
  if (line.length < 2) return undefined;
  const scale = pixels(arrow.scale, dpi);
  const [start, end] = [line[0]!, line.at(-1)!];
  const heads = [
    ...headAt(end, line.at(-2)!, scale, arrow.head),
    ...headAt(start, line[1]!, scale, arrow.tail),
  ];
  return { line: arrow.bend === 0 ? [start, end] : line, heads };
}
