/** Lays a model's boxes and arrows out with dagre, and draws them as SVG. Loaded when a diagram is drawn. */
import { FONT_FAMILY, textWidth } from "../../files/text_metrics.ts";
import type { BoxCell, DiagramBox, ModelGraph } from "./model_graph.ts";
import type { DiagramLayoutOptions } from "./model_visualization.ts";

type Point = readonly [x: number, y: number];

const TITLE = 16;
const BODY = 14;
const PAD = 10;
const GAP = 42;
/** Bold letters are wider than those that are measured. */
const BOLD = 1.1;

interface Row {
  readonly height: number;
  readonly cells: readonly {
    readonly width: number;
    readonly text: string;
    readonly fill: string;
    readonly ink: string;
  }[];
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const bold = (text: string): string => `<tspan font-weight="bold">${escaped(text)}</tspan>`;

const FILLS: Readonly<Record<BoxCell["tone"], readonly [fill: string, ink: string]>> = {
  plain: ["#ffffff", "#000000"],
  trainable: ["#228b22", "#ffffff"],
  frozen: ["#b22222", "#ffffff"],
};

/** The rows of a box, all as wide as the widest. */
function rowsOf({ name, className, activation, cells }: DiagramBox): {
  rows: Row[];
  width: number;
  height: number;
} {
  const wide = (plain: string, strong: string, size: number): number =>
    textWidth(plain, size) + BOLD * textWidth(strong, size) + 2 * PAD;
  const title = name === undefined ? bold(className) : `${bold(name)} (${escaped(className)})`;
  const rows: Row[] = [
    {
      height: TITLE + 2 * PAD,
      cells: [
        {
          width: name === undefined ? wide("", className, TITLE) : wide(` (${className})`, name, TITLE),
          text: title,
          fill: "#000000",
          ink: "#ffffff",
        },
      ],
    },
  ];
  if (activation !== undefined) {
    const width = wide("Activation: ", activation, BODY);
    rows.push({
      height: BODY + 2 * PAD,
      cells: [{ width, text: `Activation: ${bold(activation)}`, fill: "#ffffff", ink: "#000000" }],
    });
  }
  if (cells.length > 0) {
    rows.push({
      height: BODY + 2 * PAD,
      cells: cells.map(({ label, value, tone }) => {
        const said = label === "" ? "" : `${label}: `;
        const [fill, ink] = FILLS[tone];
        return { width: wide(said, value, BODY), text: `${said}${bold(value)}`, fill, ink };
      }),
    });
  }
  const total = ({ cells: list }: Row): number => list.reduce((sum, cell) => sum + cell.width, 0);
  const width = Math.max(...rows.map(total));
  const full = rows.map((row) => {
    const stretch = width / total(row);
    return { ...row, cells: row.cells.map((cell) => ({ ...cell, width: cell.width * stretch })) };
  });
  return { rows: full, width, height: rows.reduce((sum, row) => sum + row.height, 0) };
}

const n = (value: number): string => String(Math.round(value * 100) / 100);

function drawBox(rows: readonly Row[], left: number, top: number, width: number, height: number): string {
  const parts: string[] = [];
  let y = top;
  for (const row of rows) {
    let x = left;
    for (const cell of row.cells) {
      const size = row === rows[0] ? TITLE : BODY;
      parts.push(
        `<rect x="${n(x)}" y="${n(y)}" width="${n(cell.width)}" height="${n(row.height)}" fill="${cell.fill}" stroke="#000000"/>`,
        `<text x="${n(x + cell.width / 2)}" y="${n(y + row.height / 2 + 0.36 * size)}" font-size="${size}" fill="${cell.ink}">${cell.text}</text>`,
      );
      x += cell.width;
    }
    y += row.height;
  }
  const frame = `<rect x="${n(left)}" y="${n(top)}" width="${n(width)}" height="${n(height)}" fill="none" stroke="#000000" stroke-width="2"/>`;
  return `<g class="layer">${parts.join("")}${frame}</g>`;
}

/** The path of an arrow through points, along the direction of the diagram first. */
function pathOf(
  points: readonly Point[],
  { splines, rankdir }: DiagramLayoutOptions,
  turnAt: (from: Point, to: Point) => number,
): { readonly d: string; readonly last: Point } {
  const move = ([x, y]: Point): string => `${n(x)},${n(y)}`;
  const ends = [points[0]!, points.at(-1)!] as const;
  if (splines === "line") return { d: `M${move(ends[0])}L${move(ends[1])}`, last: ends[0] };
  if (splines === "polyline") return { d: `M${points.map(move).join("L")}`, last: points.at(-2)! };
  const upright = rankdir === "TB" || rankdir === "BT";
  let d = `M${move(points[0]!)}`;
  let last: Point = points[0]!;
  for (let i = 1; i < points.length; i++) {
    const [from, to] = [points[i - 1]!, points[i]!];
    const aside = upright ? Math.abs(from[0] - to[0]) : Math.abs(from[1] - to[1]);
    if (splines === "ortho") {
      if (aside > 0.5) {
        const at = turnAt(from, to);
        const [a, b]: [Point, Point] = upright
          ? [
              [from[0], at],
              [to[0], at],
            ]
          : [
              [at, from[1]],
              [at, to[1]],
            ];
        d += `L${move(a)}L${move(b)}`;
        last = b;
      }
      d += `L${move(to)}`;
    } else {
      const middle = upright ? (from[1] + to[1]) / 2 : (from[0] + to[0]) / 2;
      const [a, b]: [Point, Point] = upright
        ? [
            [from[0], middle],
            [to[0], middle],
          ]
        : [
            [middle, from[1]],
            [middle, to[1]],
          ];
      d += `C${move(a)} ${move(b)} ${move(to)}`;
      last = b;
    }
    if (i < points.length - 1) last = to;
  }
  return { d, last };
}

/** The head of an arrow at its end. */
function head(tip: Point, before: Point): string {
  const length = Math.hypot(tip[0] - before[0], tip[1] - before[1]) || 1;
  const [ux, uy] = [(tip[0] - before[0]) / length, (tip[1] - before[1]) / length];
  const wing = (side: number): string =>
    `${n(tip[0] - 10 * ux - side * 4.5 * uy)},${n(tip[1] - 10 * uy + side * 4.5 * ux)}`;
  return `<path d="M${n(tip[0])},${n(tip[1])}L${wing(1)}L${wing(-1)}Z" fill="#000000" stroke="none"/>`;
}

/** A model's diagram as SVG. */
export async function modelDiagram(model: ModelGraph, options: DiagramLayoutOptions): Promise<string> {
  const { Graph, layout } = await import("@dagrejs/dagre");
  const graph = new Graph({ compound: true });
  graph.setGraph({
    rankdir: options.rankdir,
    nodesep: 36,
    ranksep: GAP,
    edgesep: 16,
    marginx: 12,
    marginy: 12,
  });
  const boxes = model.boxes.map((box) => ({ box, ...rowsOf(box) }));
  for (const { box, width, height } of boxes) graph.setNode(box.id, { width, height });
  for (const frame of model.frames) graph.setNode(frame.id, {});
  for (const { id, parent } of model.frames) if (parent !== undefined) graph.setParent(id, parent);
  for (const { box } of boxes) if (box.frame !== undefined) graph.setParent(box.id, box.frame);
  for (const [from, to] of model.arrows) graph.setEdge(from, to, {});
  layout(graph);
  const place = (id: string): { x: number; y: number; width: number; height: number } => {
    const {
      x = 0,
      y = 0,
      width = 0,
      height = 0,
    } = graph.node(id) as Partial<Record<"x" | "y" | "width" | "height", number>>;
    return { x: x - width / 2, y: y - height / 2, width, height };
  };
  const places = new Map(boxes.map(({ box }) => [box.id, place(box.id)]));
  const upright = options.rankdir === "TB" || options.rankdir === "BT";
  /** Where an arrow turns: in the gap before the boxes that it comes to, so that it crosses none of them. */
  const turnAt = (from: Point, to: Point): number => {
    const axis = upright ? 1 : 0;
    const onwards = to[axis] > from[axis];
    let edge = to[axis];
    for (const { x, y, width, height } of places.values()) {
      const [low, high] = upright ? [y, y + height] : [x, x + width];
      if (low - 0.5 <= to[axis] && to[axis] <= high + 0.5)
        edge = onwards ? Math.min(edge, low) : Math.max(edge, high);
    }
    return edge + (onwards ? -GAP / 2 : GAP / 2);
  };
  const frames = model.frames.map(({ id, label }) => {
    const { x, y, width, height } = place(id);
    return (
      `<g class="frame"><rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" rx="4" fill="#00000008" stroke="#555555" stroke-dasharray="5 4"/>` +
      `<text x="${n(x + 8)}" y="${n(y + 16)}" font-size="13" fill="#333333" text-anchor="start">${escaped(label)}</text></g>`
    );
  });
  // Dagre lets arrows end anywhere around a box; here they leave at one side and come in at the other, side by side.
  const forwards = options.rankdir === "TB" || options.rankdir === "LR";
  const routes = model.arrows.map(([from, to]) => {
    const { points = [] } = graph.edge(from, to) as { points?: { x: number; y: number }[] };
    // The outermost points are those that dagre put on the boxes and into the gaps beside them.
    const between = points.slice(2, -2).map(({ x, y }): Point => [x, y]);
    return { from, to, between };
  });
  const middle = (id: string): Point => {
    const { x, y, width, height } = places.get(id)!;
    return [x + width / 2, y + height / 2];
  };
  const along = upright ? 0 : 1;
  /** Where the arrows of each box touch its side, in the order of where they come from or go to. */
  const ports = (end: "from" | "to"): Map<(typeof routes)[number], Point> => {
    const found = new Map<(typeof routes)[number], Point>();
    for (const [id, { x, y, width, height }] of places) {
      const other = (route: (typeof routes)[number]): number =>
        ((end === "from" ? route.between[0] : route.between.at(-1)) ??
          middle(end === "from" ? route.to : route.from))[along];
      const mine = routes.filter((route) => route[end] === id).sort((a, b) => other(a) - other(b));
      const far = (end === "from") === forwards;
      mine.forEach((route, i) => {
        const part = (i + 1) / (mine.length + 1);
        found.set(
          route,
          upright ? [x + part * width, far ? y + height : y] : [far ? x + width : x, y + part * height],
        );
      });
    }
    return found;
  };
  const [starts, ends] = [ports("from"), ports("to")];
  const arrows = routes.map((route) => {
    const list = [starts.get(route)!, ...route.between, ends.get(route)!];
    const { d, last } = pathOf(list, options, turnAt);
    return `<g class="arrow"><path d="${d}" fill="none" stroke="#000000" stroke-width="1.5"/>${head(list.at(-1)!, last)}</g>`;
  });
  const drawn = boxes.map(({ box, rows, width, height }) => {
    const { x, y } = places.get(box.id)!;
    return drawBox(rows, x, y, width, height);
  });
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  const [w, h] = [Math.ceil(width), Math.ceil(height)];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" font-family="${FONT_FAMILY}" text-anchor="middle">` +
    `<rect width="${w}" height="${h}" fill="#ffffff"/>${frames.join("")}${arrows.join("")}${drawn.join("")}</svg>`
  );
}
