/** Where subplots stand in a figure, and how much room their labels take. */

import { textWidth } from "../files/text_metrics.ts";
import type { AxesModel, Canvas, Side, Slot, SubplotCell } from "./model.ts";
import { type Box, type ResolvedAxes, resolveAxes, type TickRoom } from "./resolve.ts";

/** Lengths around the box of axes, in points: matplotlib's defaults. */
export const SPACE = {
  tickPad: 3.5,
  labelPad: 4,
  titlePad: 6,
} as const;

/** The length of minor ticks relative to that of major ones. */
export const MINOR_TICK: number = 2 / 3.5;

/** The height of a line of text relative to its font size. */
export const LINE_HEIGHT = 1.1;

/** The height of tick labels relative to their font size: mostly digits, which reach little below the line. */
const TICK_HEIGHT = 0.9;

/** The upright rectangle around a tick label turned by some degrees, in the unit of the font size. */
export function labelSize(text: string, font: number, degrees: number): { width: number; height: number } {
  const angle = (degrees * Math.PI) / 180;
  const [width, height] = [textWidth(text, font), font * TICK_HEIGHT];
  const [cos, sin] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
  return { width: width * cos + height * sin, height: width * sin + height * cos };
}

/** Points to pixels. */
export function pixels(points: number, dpi: number): number {
  return (points * dpi) / 72;
}

/** Room around something, in pixels. */
export interface Margins {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** How the cells of a figure are spaced: outer margins, and gaps in pixels or relative to the size of a cell. */
interface Spacing extends Margins {
  readonly gapX: (total: number, count: number) => number;
  readonly gapY: (total: number, count: number) => number;
}

/** How far the labels reach out of the box of axes, and where the axis labels stand. */
export interface Decorations extends Margins {
  /** From the left edge of the box to the right edge of the y label. */
  readonly yLabelAt: number;
  /** From the bottom of the box to the top of the x label. */
  readonly xLabelAt: number;
}

/** The height of one or more lines of text. */
export function textHeight(text: string, font: number): number {
  return text.split("\n").length * font * LINE_HEIGHT;
}

/** Measures ticks, labels and title of axes. */
export function decorations({ model, box, x, y }: ResolvedAxes, dpi: number): Decorations {
  const px = (points: number): number => pixels(points, dpi);
  const titleRoom =
    model.title === "" ? 0 : px(SPACE.titlePad) + textHeight(model.title, px(model.titleSize));
  const around = { left: 0, right: 0, top: titleRoom, bottom: 0 };
  if (!model.visible) return { ...around, yLabelAt: 0, xLabelAt: 0 };
  const sizeOf = (axis: typeof x, label: string): { width: number; height: number } =>
    labelSize(label, px(axis.model.tickSize), axis.model.tickRotation);
  const labels = (axis: typeof x): string[] =>
    axis.ticks.ticks.map(({ label }) => label).filter((label) => label !== "");
  const reach = (axis: typeof x): number =>
    axis.ticks.ticks.length === 0 ? 0 : px(axis.model.tickLength + SPACE.tickPad);
  const yWidth = Math.max(0, ...labels(y).map((label) => sizeOf(y, label).width));
  const xHeight = Math.max(0, ...labels(x).map((label) => sizeOf(x, label).height));
  const yLabelAt = reach(y) + yWidth + px(SPACE.labelPad);
  const xLabelAt = reach(x) + xHeight + px(SPACE.labelPad);
  const offsetRoom = (axis: typeof x): number =>
    axis.ticks.offsetText === "" ? 0 : px(axis.model.tickSize) * LINE_HEIGHT;
  const labelRoom = (axis: typeof x, at: number): number =>
    axis.model.label === ""
      ? at - px(SPACE.labelPad)
      : at + textHeight(axis.model.label, px(axis.model.labelSize));
  const include = (side: Side, room: number): void => {
    around[side] = Math.max(around[side], room);
  };
  if (y.model.visible) {
    include(y.model.side, labelRoom(y, yLabelAt));
    include("top", offsetRoom(y));
  }
  if (x.model.visible) {
    const room = Math.max(labelRoom(x, xLabelAt), offsetRoom(x) + xLabelAt * Math.sign(offsetRoom(x)));
    if (x.model.side === "top" && model.title !== "") around.top += room;
    else include(x.model.side, room);
    for (const { value, label } of x.ticks.ticks) {
      const half = sizeOf(x, label).width / 2;
      const at = x.fraction(value) * box.width;
      include("left", half - at);
      include("right", at + half - box.width);
    }
  }
  return { ...around, yLabelAt, xLabelAt };
}

/** Matplotlib's room for ticks: every label gets three font sizes across, two down, never more than nine steps. */
export function tickRoom(dpi: number): TickRoom {
  return (name, box, { tickSize }) => {
    const points = ((name === "x" ? box.width : box.height) * 72) / dpi;
    const each = Math.max(1, tickSize) * (name === "x" ? 3 : 2);
    return Math.min(9, Math.max(1, Math.floor(points / each)));
  };
}

/** The part of a cell that axes may fill. */
function slotBox(cell: Box, { x, y, width, height }: Slot): Box {
  const [left, top] = [Math.round(cell.x + x * cell.width), Math.round(cell.y + y * cell.height)];
  return {
    x: left,
    y: top,
    width: Math.max(1, Math.round(cell.x + (x + width) * cell.width) - left),
    height: Math.max(1, Math.round(cell.y + (y + height) * cell.height) - top),
  };
}

function cellBox(cell: SubplotCell, spacing: Spacing, canvas: Canvas): Box {
  const totalX = canvas.width - spacing.left - spacing.right;
  const totalY = canvas.height - spacing.top - spacing.bottom;
  const [gapX, gapY] = [spacing.gapX(totalX, cell.columns), spacing.gapY(totalY, cell.rows)];
  const width = Math.max(1, (totalX - gapX * (cell.columns - 1)) / cell.columns);
  const height = Math.max(1, (totalY - gapY * (cell.rows - 1)) / cell.rows);
  const x = Math.round(spacing.left + cell.column * (width + gapX));
  const y = Math.round(spacing.top + cell.row * (height + gapY));
  return { x, y, width: Math.round(width), height: Math.round(height) };
}

function defaultSpacing({ width, height }: Canvas): Spacing {
  // A gap is a fifth of a cell, and n cells with n - 1 gaps fill the total.
  const gap = (total: number, count: number): number => (0.2 * total) / (count + 0.2 * (count - 1));
  return {
    left: 0.125 * width,
    right: 0.1 * width,
    top: 0.12 * height,
    bottom: 0.11 * height,
    gapX: gap,
    gapY: gap,
  };
}

/** Axes with their place, and the cell that they stand in. */
interface Placed {
  readonly cell: Box;
  readonly axes: ResolvedAxes;
}

function tightSpacing(all: readonly Placed[], canvas: Canvas, headRoom: number, fontSize: number): Spacing {
  const pad = pixels(1.08 * fontSize, canvas.dpi);
  const outer = { left: 0, right: 0, top: 0, bottom: 0 };
  const inner = { left: 0, right: 0, top: 0, bottom: 0 };
  for (const { cell, axes } of all) {
    const { rows, columns, row, column } = axes.model.cell;
    const { box } = axes;
    const around = decorations(axes, canvas.dpi);
    // What lies within the cell, as beside a colour bar or a square picture, needs no room around it.
    const beyond: Margins = {
      left: around.left - (box.x - cell.x),
      right: around.right - (cell.x + cell.width - box.x - box.width),
      top: around.top - (box.y - cell.y),
      bottom: around.bottom - (cell.y + cell.height - box.y - box.height),
    };
    const edge = {
      left: column === 0,
      right: column === columns - 1,
      top: row === 0,
      bottom: row === rows - 1,
    };
    for (const side of ["left", "right", "top", "bottom"] as const) {
      const target = edge[side] ? outer : inner;
      target[side] = Math.max(target[side], beyond[side]);
    }
  }
  return {
    left: outer.left + pad,
    right: outer.right + pad,
    top: outer.top + pad + headRoom,
    bottom: outer.bottom + pad,
    gapX: () => inner.left + inner.right + pad,
    gapY: () => inner.top + inner.bottom + pad,
  };
}

/**
 * Places all axes of a figure.
 *
 * @param tight whether the margins shrink or grow to what the labels need
 * @param headRoom pixels that the figure's own title takes, heeded when tight
 */
export function placeAxes(
  models: readonly AxesModel[],
  canvas: Canvas,
  tight: boolean,
  headRoom: number,
): ResolvedAxes[] {
  const room = tickRoom(canvas.dpi);
  const fontSize = models[0]?.rc["font.size"] ?? 10;
  const place = (spacing: Spacing): Placed[] =>
    models.map((model) => {
      const cell = cellBox(model.cell, spacing, canvas);
      return { cell, axes: resolveAxes(model, slotBox(cell, model.slot), room) };
    });
  let placed = place(defaultSpacing(canvas));
  // Which ticks there are depends on the sizes that their labels decide: two rounds settle it.
  for (let round = 0; tight && round < 2; round++) {
    placed = place(tightSpacing(placed, canvas, headRoom, fontSize));
  }
  return placed.map(({ axes }) => axes);
}
