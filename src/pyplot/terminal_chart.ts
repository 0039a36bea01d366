/** Figures as Unicode text for terminals that cannot show pictures. */
import type { Color } from "./color.ts";
import { labelled } from "./legend_entries.ts";
import { stepped } from "./lines.ts";
import type { Artist, AxesModel, ImageArtist } from "./model.ts";
import { type Box, type ResolvedAxes, resolveAxes } from "./resolve.ts";
import { columnsOf, fit, ink, paint, TerminalCanvas } from "./terminal_canvas.ts";

/** The room and the abilities of a terminal. */
export interface ChartOptions {
  /** Characters across. */
  readonly columns: number;
  /** Characters down for each plot, without its labels. */
  readonly rows: number;
  /** Whether the chart is in colours. */
  readonly color: boolean;
}

interface Pattern {
  readonly on: (step: number) => boolean;
  readonly sample: string;
}

// Without colours, dashes tell the curves apart.
const PATTERNS: readonly Pattern[] = [
  { on: () => true, sample: "───" },
  { on: (step) => step % 8 < 5, sample: "╌╌╌" },
  { on: (step) => step % 4 === 0, sample: "···" },
];

interface Text {
  readonly lines: readonly string[];
  /** How many lines stand above the box. */
  readonly head: number;
  readonly columns: number;
}

/** The part of a segment, given in fractions, that lies within 0..1. */
function clip(
  x0: number,
  y0: number,
  x1: number,
  y1: number,
): readonly [number, number, number, number] | undefined {
  let [enter, leave] = [0, 1];
  const sides = [
    [x0 - x1, x0],
    [x1 - x0, 1 - x0],
    [y0 - y1, y0],
    [y1 - y0, 1 - y0],
  ] as const;
  for (const [step, room] of sides) {
    if (step === 0 && room < 0) return undefined;
    if (step < 0) enter = Math.max(enter, room / step);
    if (step > 0) leave = Math.min(leave, room / step);
  }
  if (!(enter <= leave)) return undefined;
  const at = (t: number): [number, number] => [x0 + t * (x1 - x0), y0 + t * (y1 - y0)];
  return [...at(enter), ...at(leave)];
}

/** Draws the artists of one pair of axes on a canvas of dots. */
class Plotter {
  readonly canvas: TerminalCanvas;
  readonly axes: ResolvedAxes;
  readonly colored: boolean;

  constructor(canvas: TerminalCanvas, axes: ResolvedAxes, colored: boolean) {
    this.canvas = canvas;
    this.axes = axes;
    this.colored = colored;
  }

  fx(value: number): number {
    return this.axes.x.fraction(value);
  }

  fy(value: number): number {
    return 1 - this.axes.y.fraction(value);
  }

  /** Draws a piece of a curve given in fractions; `start` and the result count the steps of its dashes. */
  segment(
    x0: number,
    y0: number,
    x1: number,
    y1: number,
    color: Color,
    on: Pattern["on"],
    start = 0,
  ): number {
    const inside = [x0, y0, x1, y1].every(Number.isFinite) ? clip(x0, y0, x1, y1) : undefined;
    if (inside === undefined) return start;
    const [right, bottom] = [this.canvas.width - 1, this.canvas.height - 1];
    const [a, b, c, d] = inside;
    const from = [Math.round(a * right), Math.round(b * bottom)] as const;
    return this.canvas.line(from, [Math.round(c * right), Math.round(d * bottom)], color, on, start);
  }

  /** Draws a curve through points in data coordinates. */
  curve(x: Float64Array, y: Float64Array, color: Color, on: Pattern["on"]): void {
    let steps = 0;
    for (let i = 1; i < x.length; i++) {
      const [x0, y0] = [this.fx(x[i - 1]!), this.fy(y[i - 1]!)];
      steps = this.segment(x0, y0, this.fx(x[i]!), this.fy(y[i]!), color, on, steps);
    }
  }

  blob(x: number, y: number, color: Color): void {
    if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1)) return;
    const [left, top] = [Math.round(x * (this.canvas.width - 2)), Math.round(y * (this.canvas.height - 2))];
    for (const [dx, dy] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ] as const) {
      this.canvas.dot(left + dx, top + dy, color);
    }
  }

  draw(artist: Artist, pattern: Pattern): void {
    switch (artist.kind) {
      case "line": {
        const { stroke, marker } = artist;
        const on = this.colored ? PATTERNS[0]!.on : pattern.on;
        if (stroke.style !== "none") {
          const corners = stepped(artist.x, artist.y, artist.drawstyle);
          this.curve(corners.x, corners.y, stroke.color, on);
        }
        if (marker === undefined) break;
        artist.x.forEach((x, i) => {
          this.blob(this.fx(x), this.fy(artist.y[i]!), marker.face ?? stroke.color);
        });
        break;
      }
      case "points":
        artist.x.forEach((x, i) => {
          this.blob(this.fx(x), this.fy(artist.y[i]!), artist.faces[i % artist.faces.length]!);
        });
        break;
      case "bars":
        artist.x0.forEach((x0, i) => {
          const color = artist.faces[i % artist.faces.length]!;
          this.fill(
            this.fx(x0),
            this.fy(artist.y0[i]!),
            this.fx(artist.x1[i]!),
            this.fy(artist.y1[i]!),
            color,
          );
        });
        break;
      case "area":
        for (const edge of [artist.y0, artist.y1]) {
          const { x, y } = stepped(artist.x, edge, artist.drawstyle);
          this.curve(x, y, artist.face, PATTERNS[2]!.on);
        }
        break;
      case "paths":
        artist.shapes.forEach((rings, i) => {
          const colors = artist.edges.length > 0 ? artist.edges : artist.faces;
          const color = colors[i % Math.max(1, colors.length)];
          if (color === undefined) return;
          for (const { x, y } of rings) this.curve(x, y, color, PATTERNS[0]!.on);
        });
        break;
      case "span": {
        const dots = (step: number): boolean => step % 4 === 0;
        for (const value of [artist.low, artist.high]) {
          const at = artist.axis === "y" ? this.fy(value) : this.fx(value);
          if (artist.axis === "y") this.segment(artist.from, at, artist.to, at, artist.face, dots);
          else this.segment(at, 1 - artist.from, at, 1 - artist.to, artist.face, dots);
        }
        break;
      }
      case "image":
        this.image(artist);
        break;
      case "reference": {
        const at = artist.axis === "y" ? this.fy(artist.value) : this.fx(artist.value);
        const on = (step: number): boolean => step % 2 === 0;
        if (artist.axis === "y") this.segment(artist.from, at, artist.to, at, artist.stroke.color, on);
        else this.segment(at, 1 - artist.from, at, 1 - artist.to, artist.stroke.color, on);
        break;
      }
      case "text": {
        const isData = artist.coordinates === "data";
        const [u, v] = isData ? [this.fx(artist.x), this.fy(artist.y)] : [artist.x, 1 - artist.y];
        const column = Math.round(u * (this.canvas.columns - 1));
        const row = Math.round(v * (this.canvas.rows - 1));
        artist.text.split("\n").forEach((line, i) => {
          const shift = { left: 0, center: 0.5, right: 1 }[artist.align] * columnsOf(line);
          this.canvas.write(column - Math.floor(shift), row + i, line, ink(artist.color));
        });
        break;
      }
    }
  }

  /** Fills a rectangle; a bar keeps one column of dots free, so that neighbours stay apart. */
  fill(x0: number, y0: number, x1: number, y1: number, color: Color): void {
    const { width, height } = this.canvas;
    const limit = (value: number, size: number): number =>
      Math.round(Math.min(1, Math.max(0, value || 0)) * size);
    const [left, right] = [limit(Math.min(x0, x1), width), limit(Math.max(x0, x1), width)];
    const [low, high] = [Number.isFinite(y0) ? y0 : 1, Number.isFinite(y1) ? y1 : 1];
    const [top, bottom] = [limit(Math.min(low, high), height), limit(Math.max(low, high), height)];
    const end = right - left > 3 ? right - 1 : right;
    for (let x = left; x < end; x++) {
      for (let y = top; y < bottom; y++) this.canvas.dot(x, y, color);
    }
  }

  image(artist: ImageArtist): void {
    const { columns, rows } = this.canvas;
    const { x, y } = this.axes;
    const [left, right] = [x.fraction(artist.left), x.fraction(artist.right)];
    const [top, bottom] = [1 - y.fraction(artist.top), 1 - y.fraction(artist.bottom)];
    const pixel = (u: number, v: number): Color | undefined => {
      const column = Math.floor(((u - left) / (right - left)) * artist.width);
      const row = Math.floor(((v - top) / (bottom - top)) * artist.height);
      if (!(column >= 0 && column < artist.width && row >= 0 && row < artist.height)) return undefined;
      const at = 4 * (row * artist.width + column);
      const [r, g, b, a] = artist.rgba.subarray(at, at + 4);
      return { r: r!, g: g!, b: b!, a: a! / 255 };
    };
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const u = (column + 0.5) / columns;
        const [upper, lower] = [pixel(u, (row + 0.25) / rows), pixel(u, (row + 0.75) / rows)];
        if (upper !== undefined && lower !== undefined) this.canvas.pixels(column, row, upper, lower);
      }
    }
  }
}

/** The legend's lines: samples with their texts, as many in a line as fit. */
function legendLines(
  artists: readonly Artist[],
  patterns: ReadonlyMap<Artist, Pattern>,
  room: number,
  colored: boolean,
): string[] {
  const lines: { text: string; columns: number }[] = [];
  for (const artist of labelled(artists)) {
    const label = artist.label ?? "";
    const { sample, color } = sampleOf(artist, patterns, colored);
    const columns = columnsOf(sample) + 1 + columnsOf(label);
    const text = `${colored ? paint(sample, color) : sample} ${label}`;
    const last = lines.at(-1);
    if (last !== undefined && last.columns + 3 + columns <= room) {
      last.text += `   ${text}`;
      last.columns += 3 + columns;
    } else lines.push({ text, columns });
  }
  return lines.map(({ text, columns }) => {
    const before = Math.max(0, Math.floor((room - columns) / 2));
    return " ".repeat(before) + text + " ".repeat(Math.max(0, room - before - columns));
  });
}

function sampleOf(
  artist: Artist,
  patterns: ReadonlyMap<Artist, Pattern>,
  colored: boolean,
): { sample: string; color: Color | undefined } {
  switch (artist.kind) {
    case "line": {
      const curve = colored ? PATTERNS[0]!.sample : (patterns.get(artist) ?? PATTERNS[0]!).sample;
      return { sample: artist.stroke.style === "none" ? "•" : curve, color: ink(artist.stroke.color) };
    }
    case "points":
      return { sample: "•", color: artist.faces[0] && ink(artist.faces[0]) };
    case "bars":
      return { sample: "██", color: artist.faces[0] && ink(artist.faces[0]) };
    case "area":
      return { sample: "░░", color: ink(artist.face) };
    case "reference":
      return { sample: "╌╌╌", color: ink(artist.stroke.color) };
    case "paths": {
      const [face, edge] = [artist.faces[0], artist.edges[0]];
      const color = face ?? edge;
      return { sample: face === undefined ? "───" : "██", color: color && ink(color) };
    }
    case "span":
      return { sample: "░░", color: ink(artist.face) };
    case "image":
    case "text":
      return { sample: "", color: undefined };
  }
}

/** One pair of axes, and what lies upon them, as lines of text, all equally wide. */
function axesText(
  model: AxesModel,
  twins: readonly AxesModel[],
  { columns, rows, color }: ChartOptions,
): Text {
  const room = (axis: "x" | "y", box: Box): number =>
    axis === "x"
      ? Math.min(9, Math.max(1, Math.floor(box.width / 18)))
      : Math.min(9, Math.max(1, Math.floor(box.height / 12)));
  // Labels of the y axis need room before the plot's width is known; they hardly depend on it.
  const measured = resolveAxes(model, { x: 0, y: 0, width: 2 * columns, height: 4 * rows }, room);
  const labelColumns = Math.max(0, ...measured.y.ticks.ticks.map(({ label }) => columnsOf(label)));
  const gutter = model.visible ? labelColumns + 1 : 0;
  const inner = Math.max(8, columns - gutter - 2);
  const axes = resolveAxes(model, { x: 0, y: 0, width: 2 * inner, height: 4 * rows }, room);
  const width = Math.max(4, Math.ceil(axes.box.width / 2));
  const height = Math.max(2, Math.ceil(axes.box.height / 4));
  const canvas = new TerminalCanvas(width, height, color);
  const patterns = new Map<Artist, Pattern>();
  let curves = 0;
  for (const one of [model, ...twins]) {
    const place = one === model ? axes : resolveAxes(one, axes.box, room);
    const plotter = new Plotter(canvas, place, color);
    const rows = place.artists.map((artist, i) => ({ artist, own: one.artists[i]! }));
    for (const { artist, own } of rows.sort((a, b) => a.artist.zorder - b.artist.zorder)) {
      const pattern = PATTERNS[artist.kind === "line" ? curves++ % PATTERNS.length : 0]!;
      patterns.set(own, pattern);
      plotter.draw(artist, pattern);
    }
  }
  const total = gutter + width + 2;
  const body = model.visible ? framed(canvas, axes, gutter) : canvas.lines().map((line) => ` ${line} `);
  const yLabel = [model.y.label, axes.y.ticks.offsetText].filter((part) => part !== "").join("  ");
  const xLabel = [model.x.label, axes.x.ticks.offsetText].filter((part) => part !== "").join("  ");
  const explained = [model, ...twins].filter(({ legend }) => legend !== undefined);
  const legend = legendLines(
    explained.flatMap(({ artists }) => artists),
    patterns,
    total,
    color,
  );
  const under = (text: string): string => " ".repeat(gutter) + fit(text, total - gutter, "center");
  const head = [
    ...(model.title === "" ? [] : [under(model.title)]),
    ...(yLabel === "" ? [] : [fit(yLabel, total, "left")]),
  ];
  const lines = [...head, ...body, ...(xLabel === "" ? [] : [under(xLabel)]), ...legend];
  return { lines, head: head.length, columns: total };
}

/** The canvas in its box, with ticks and their labels. */
function framed(canvas: TerminalCanvas, { x, y }: ResolvedAxes, gutter: number): string[] {
  const yLabels = new Map<number, string>();
  for (const { value, label } of y.ticks.ticks) {
    const row = Math.round((1 - y.fraction(value)) * (canvas.rows - 1));
    if (label !== "" && !yLabels.has(row)) yLabels.set(row, label);
  }
  const edge = Array.from({ length: canvas.columns }, () => "─");
  const under = new TerminalCanvas(gutter + canvas.columns + 2, 1, false);
  let free = 0;
  for (const { value, label } of x.ticks.ticks) {
    if (label === "") continue;
    const column = Math.round(x.fraction(value) * (canvas.columns - 1));
    edge[column] = "┬";
    const size = columnsOf(label);
    const start = Math.min(
      under.columns - size,
      Math.max(0, gutter + 1 + column - Math.floor((size - 1) / 2)),
    );
    if (start < free) continue;
    under.write(start, 0, label, undefined);
    free = start + size + 1;
  }
  const indent = " ".repeat(gutter);
  const middle = canvas.lines().map((line, row) => {
    const label = yLabels.get(row);
    return `${fit(label ?? "", Math.max(0, gutter - 1), "right")} ${label === undefined ? "│" : "┤"}${line}│`;
  });
  return [
    `${indent}┌${"─".repeat(canvas.columns)}┐`,
    ...middle,
    `${indent}└${edge.join("")}┘`,
    ...(x.ticks.ticks.some(({ label }) => label !== "") ? under.lines() : []),
  ];
}

/** Puts texts side by side, their boxes on one level. */
function beside(texts: readonly Text[]): string[] {
  const head = Math.max(...texts.map((text) => text.head));
  const level = texts.map((text) => {
    const blank = " ".repeat(text.columns);
    return { blank, lines: [...Array<string>(head - text.head).fill(blank), ...text.lines] };
  });
  const height = Math.max(...level.map(({ lines }) => lines.length));
  return Array.from({ length: height }, (_, i) =>
    level
      .map(({ lines, blank }) => lines[i] ?? blank)
      .join("  ")
      .trimEnd(),
  );
}

const NARROWEST = 36;

/**
 * Draws a figure as text: curves in Braille dots, boxes around the axes, tick labels, legends under them.
 *
 * @param title the figure's own title
 */
export function terminalChart(models: readonly AxesModel[], title: string, options: ChartOptions): string {
  const rows = new Map<number, AxesModel[]>();
  const twinsOf = (model: AxesModel): AxesModel[] => models.filter(({ twinOf }) => twinOf === model);
  for (const model of models) {
    // A bar of colours says nothing in characters.
    if (model.isColorbar || model.twinOf !== undefined) continue;
    const key = model.cell.row / model.cell.rows;
    rows.set(key, [...(rows.get(key) ?? []), model]);
  }
  const lines: string[] = title === "" ? [] : [fit(title, options.columns, "center").trimEnd()];
  for (const [, group] of [...rows].sort(([a], [b]) => a - b)) {
    const share = Math.floor((options.columns - 2 * (group.length - 1)) / group.length);
    if (share >= NARROWEST || group.length === 1) {
      lines.push(
        ...beside(group.map((model) => axesText(model, twinsOf(model), { ...options, columns: share }))),
      );
    } else {
      for (const model of group) lines.push(...beside([axesText(model, twinsOf(model), options)]));
    }
  }
  return lines.join("\n");
}
