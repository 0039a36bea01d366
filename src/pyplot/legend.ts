/** The legend: its entries, its size, and the place where it covers least. */

import { textWidth } from "../files/text_metrics.ts";
import { LINE_HEIGHT, pixels } from "./layout.ts";
import { labelled } from "./legend_entries.ts";
import { stepped } from "./lines.ts";
import type { Artist, LegendLocation, LegendModel } from "./model.ts";
import type { Box, ResolvedAxes } from "./resolve.ts";

/** One row of a legend; `y` is its middle, in pixels from the top of the axes' box. */
export interface LegendEntry {
  readonly artist: Artist;
  readonly label: string;
  readonly y: number;
}

/** A legend with its place settled, in pixels relative to the axes' box. */
export interface LegendLayout {
  readonly frame: Box;
  readonly fontSize: number;
  readonly entries: readonly LegendEntry[];
  readonly handleX: number;
  readonly handleWidth: number;
  readonly textX: number;
  readonly title: { readonly text: string; readonly x: number; readonly y: number } | undefined;
  readonly radius: number;
}

// Matplotlib's tie-breaking order, and where a box stands: 0 left or top, 1 right or bottom.
const PLACES: Record<Exclude<LegendLocation, "best">, readonly [x: number, y: number]> = {
  "upper right": [1, 0],
  "upper left": [0, 0],
  "lower left": [0, 1],
  "lower right": [1, 1],
  right: [1, 0.5],
  "center left": [0, 0.5],
  "center right": [1, 0.5],
  "lower center": [0.5, 1],
  "upper center": [0.5, 0],
  center: [0.5, 0.5],
};

interface Obstacle {
  /** Corner points, NaN between pieces. */
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  readonly joined: boolean;
}

/** What the legend should not cover, in pixels. */
function obstacles({ artists, box, x, y }: ResolvedAxes): Obstacle[] {
  const toX = (value: number): number => x.fraction(value) * box.width;
  const toY = (value: number): number => (1 - y.fraction(value)) * box.height;
  const found: Obstacle[] = [];
  for (const artist of artists) {
    if (artist.kind === "line") {
      const corners = stepped(artist.x, artist.y, artist.drawstyle);
      found.push({ xs: corners.x.map(toX), ys: corners.y.map(toY), joined: artist.stroke.style !== "none" });
    } else if (artist.kind === "points") {
      found.push({ xs: artist.x.map(toX), ys: artist.y.map(toY), joined: false });
    } else if (artist.kind === "bars") {
      artist.x0.forEach((_, i) => {
        const [left, right] = [toX(artist.x0[i]!), toX(artist.x1[i]!)];
        const [bottom, top] = [toY(artist.y0[i]!), toY(artist.y1[i]!)];
        const xs = Float64Array.of(left, left, right, right, left);
        found.push({ xs, ys: Float64Array.of(bottom, top, top, bottom, bottom), joined: true });
      });
    } else if (artist.kind === "area") {
      for (const edge of [artist.y0, artist.y1]) {
        found.push({ xs: artist.x.map(toX), ys: edge.map(toY), joined: true });
      }
    }
  }
  return found;
}

/** Whether the segment a-b meets the box, by clipping it against the four sides. */
function crosses(box: Box, ax: number, ay: number, bx: number, by: number): boolean {
  let [enter, leave] = [0, 1];
  const sides = [
    [ax - bx, ax - box.x],
    [bx - ax, box.x + box.width - ax],
    [ay - by, ay - box.y],
    [by - ay, box.y + box.height - ay],
  ] as const;
  for (const [step, room] of sides) {
    if (step === 0 && room < 0) return false;
    if (step < 0) enter = Math.max(enter, room / step);
    if (step > 0) leave = Math.min(leave, room / step);
  }
  return enter <= leave;
}

/** How much a legend at this place covers: points inside it, and curves that pass through. */
function badness(box: Box, all: readonly Obstacle[]): number {
  let sum = 0;
  for (const { xs, ys, joined } of all) {
    let crossed = false;
    for (let i = 0; i < xs.length; i++) {
      const [px, py] = [xs[i]!, ys[i]!];
      if (px > box.x && px < box.x + box.width && py > box.y && py < box.y + box.height) sum++;
      crossed ||= joined && i > 0 && crosses(box, xs[i - 1]!, ys[i - 1]!, px, py);
    }
    if (crossed) sum++;
  }
  return sum;
}

/** Lays the legend out; undefined when it was not asked for or nothing has a label. */
export function placeLegend(axes: ResolvedAxes, dpi: number): LegendLayout | undefined {
  const legend: LegendModel | undefined = axes.model.legend;
  const artists = labelled(axes.model.artists);
  if (legend === undefined || (artists.length === 0 && legend.title === "")) return undefined;
  const font = pixels(legend.fontSize, dpi);
  const pad = 0.4 * font;
  const row = font * (LINE_HEIGHT + 0.4);
  const handleWidth = 2 * font;
  const textX = pad + handleWidth + 0.8 * font;
  const labels = artists.map(({ label }) => label ?? "");
  const titleRoom = legend.title === "" ? 0 : row;
  const textWidths = labels.map((label) => textX + textWidth(label, font) + pad);
  const width = Math.max(textWidth(legend.title, font) + 2 * pad, ...textWidths);
  const height = titleRoom + row * artists.length - 0.4 * font + 2 * pad;
  const gap = 0.5 * font;
  const at = ([right, down]: readonly [number, number]): Box => ({
    x: gap + right * (axes.box.width - width - 2 * gap),
    y: gap + down * (axes.box.height - height - 2 * gap),
    width,
    height,
  });
  let frame = at(PLACES[legend.location === "best" ? "upper right" : legend.location]);
  if (legend.location === "best") {
    const all = obstacles(axes);
    let least = Number.POSITIVE_INFINITY;
    for (const place of Object.values(PLACES)) {
      const bad = badness(at(place), all);
      if (bad < least) [least, frame] = [bad, at(place)];
    }
  }
  const firstRow = frame.y + pad + titleRoom + (font * LINE_HEIGHT) / 2;
  return {
    frame,
    fontSize: font,
    entries: artists.map((artist, i) => ({ artist, label: labels[i]!, y: firstRow + i * row })),
    handleX: frame.x + pad,
    handleWidth,
    textX: frame.x + textX,
    title:
      legend.title === ""
        ? undefined
        : { text: legend.title, x: frame.x + width / 2, y: frame.y + pad + (font * LINE_HEIGHT) / 2 },
    radius: 0.2 * font,
  };
}
