/** Where subplots stand in a figure, and how much room their labels take. */
import type { AxesModel, SubplotCell } from "./model.ts";
import { type Box, type ResolvedAxes, resolveAxes } from "./resolve.ts";
import { textWidth } from "./text_metrics.ts";

/** The size of a figure's canvas. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** Pixels per inch. */
  readonly dpi: number;
}

/** Lengths around the box of axes, in points: matplotlib's defaults. */
export const SPACE = {
  tickLength: 3.5,
  minorTickLength: 2,
  tickPad: 3.5,
  labelPad: 4,
  titlePad: 6,
  tickFont: 10,
} as const;

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

/** Measures ticks, labels and title of axes. */
export function decorations({ model, box, x, y }: ResolvedAxes, dpi: number): Decorations {
  const px = (points: number): number => pixels(points, dpi);
  const font = px(SPACE.tickFont);
  const titleRoom = model.title === "" ? 0 : px(SPACE.titlePad + model.titleSize * LINE_HEIGHT);
  if (!model.visible) return { left: 0, right: 0, top: titleRoom, bottom: 0, yLabelAt: 0, xLabelAt: 0 };
  const major = (ticks: typeof x.ticks): string[] =>
    ticks.ticks.map(({ label }) => label).filter((label) => label !== "");
  const reach = (ticks: typeof x.ticks): number =>
    ticks.ticks.length === 0 ? 0 : px(SPACE.tickLength + SPACE.tickPad);
  const yWidth = Math.max(
    0,
    ...major(y.ticks).map((label) => labelSize(label, font, model.y.tickRotation).width),
  );
  const xHeight = Math.max(
    0,
    ...major(x.ticks).map((label) => labelSize(label, font, model.x.tickRotation).height),
  );
  const yLabelAt = reach(y.ticks) + yWidth + px(SPACE.labelPad);
  const xLabelAt = reach(x.ticks) + xHeight + px(SPACE.labelPad);
  const offsetRoom = (axis: typeof x): number => (axis.ticks.offsetText === "" ? 0 : font * LINE_HEIGHT);
  const labelRoom = (axis: typeof x, at: number): number =>
    axis.model.label === "" ? at - px(SPACE.labelPad) : at + px(axis.model.labelSize) * LINE_HEIGHT;
  const overhang = x.ticks.ticks.map(({ value, label }) => {
    const half = labelSize(label, font, model.x.tickRotation).width / 2;
    const at = x.fraction(value) * box.width;
    return { left: half - at, right: at + half - box.width };
  });
  return {
    left: Math.max(labelRoom(y, yLabelAt), ...overhang.map(({ left }) => left)),
    right: Math.max(0, ...overhang.map(({ right }) => right)),
    top: Math.max(titleRoom, offsetRoom(y)),
    bottom: Math.max(labelRoom(x, xLabelAt), offsetRoom(x) + xLabelAt * Math.sign(offsetRoom(x))),
    yLabelAt,
    xLabelAt,
  };
}

/** Matplotlib's room for ticks: every label gets three font sizes across, two down, never more than nine steps. */
export function tickRoom(dpi: number): (axis: "x" | "y", box: Box) => number {
  return (axis, box) => {
    const points = ((axis === "x" ? box.width : box.height) * 72) / dpi;
    const each = SPACE.tickFont * (axis === "x" ? 3 : 2);
    return Math.min(9, Math.max(1, Math.floor(points / each)));
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

function tightSpacing(all: readonly ResolvedAxes[], canvas: Canvas, headRoom: number): Spacing {
  const pad = pixels(1.08 * SPACE.tickFont, canvas.dpi);
  const outer = { left: 0, right: 0, top: 0, bottom: 0 };
  const inner = { left: 0, right: 0, top: 0, bottom: 0 };
  for (const axes of all) {
    const { rows, columns, row, column } = axes.model.cell;
    const around = decorations(axes, canvas.dpi);
    const edge = {
      left: column === 0,
      right: column === columns - 1,
      top: row === 0,
      bottom: row === rows - 1,
    };
    for (const side of ["left", "right", "top", "bottom"] as const) {
      const target = edge[side] ? outer : inner;
      target[side] = Math.max(target[side], around[side]);
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
  const place = (spacing: Spacing): ResolvedAxes[] =>
    models.map((model) => resolveAxes(model, cellBox(model.cell, spacing, canvas), room));
  let placed = place(defaultSpacing(canvas));
  // Which ticks there are depends on the sizes that their labels decide: two rounds settle it.
  for (let round = 0; tight && round < 2; round++) placed = place(tightSpacing(placed, canvas, headRoom));
  return placed;
}
