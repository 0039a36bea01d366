/** Where the numbers of level lines stand: in the line, along it, where it is straightest and no other number is near. */

type Point = readonly [x: number, y: number];

/** The label of lines. */
export interface LineLabels {
  readonly text: string;
  /** In points. */
  readonly size: number;
  /** Undefined: that of the line. */
  readonly color:
    | { readonly r: number; readonly g: number; readonly b: number; readonly a: number }
    | undefined;
  /** Whether the line is broken there. */
  readonly inline: boolean;
  /** Points between the text and the line on both sides. */
  readonly spacing: number;
}

/** A place for a label: its middle, and how it is turned, in degrees clockwise. */
export interface LabelPlace {
  readonly at: Point;
  readonly angle: number;
}

/** Walks along a line. */
class Path {
  readonly points: readonly Point[];
  /** How long the line is up to each point. */
  readonly lengths: number[] = [0];

  constructor(points: readonly Point[]) {
    this.points = points;
    for (let i = 1; i < points.length; i++) {
      const [[x0, y0], [x1, y1]] = [points[i - 1]!, points[i]!];
      this.lengths.push(this.lengths.at(-1)! + Math.hypot(x1 - x0, y1 - y0));
    }
  }

  get length(): number {
    return this.lengths.at(-1)!;
  }

  at(length: number): Point {
    const next = Math.max(
      1,
      this.lengths.findIndex((l) => l >= length),
    );
    const [from, to] = [this.lengths[next - 1]!, this.lengths[next]!];
    const part = to > from ? (length - from) / (to - from) : 0;
    const [[x0, y0], [x1, y1]] = [this.points[next - 1]!, this.points[next]!];
    return [x0 + part * (x1 - x0), y0 + part * (y1 - y0)];
  }

  /** The piece between two lengths. */
  piece(from: number, to: number): Point[] {
    const inside = this.points.filter((_, i) => this.lengths[i]! > from && this.lengths[i]! < to);
    return [this.at(from), ...inside, this.at(to)];
  }
}

/** How far a piece of a line strays from the straight line between its ends. */
function crookedness(points: readonly Point[]): number {
  const [[x0, y0], [x1, y1]] = [points[0]!, points.at(-1)!];
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (length === 0) return Number.POSITIVE_INFINITY;
  return Math.max(...points.map(([x, y]) => Math.abs((x1 - x0) * (y0 - y) - (x0 - x) * (y1 - y0)) / length));
}

/**
 * Finds a place for a label in a line, in pixels.
 *
 * @param width how long the label is
 * @param gap how much of the line on each side of it goes, too; undefined where lines stay whole
 * @param taken the middles of the labels that are there already
 * @param box what the label must lie in
 * @returns what is left of the line, and the place unless the line is too short
 */
export function placeLabel(
  line: readonly Point[],
  width: number,
  gap: number | undefined,
  taken: readonly Point[],
  box: { readonly width: number; readonly height: number },
): { readonly pieces: readonly (readonly Point[])[]; readonly place?: LabelPlace } {
  const whole = { pieces: [line] };
  const extent = (axis: 0 | 1): number => {
    const values = line.map((point) => point[axis]);
    return Math.max(...values) - Math.min(...values);
  };
  if (line.length < 2 || Math.max(extent(0), extent(1)) <= 1.2 * width) return whole;
  const path = new Path(line);
  const half = width / 2 + (gap ?? 0);
  let best: { readonly middle: number; readonly badness: number } | undefined;
  for (let middle = half; middle <= path.length - half; middle += width / 4) {
    const [x, y] = path.at(middle);
    const inside = x > half && x < box.width - half && y > half && y < box.height - half;
    if (!inside || taken.some(([tx, ty]) => Math.hypot(tx - x, ty - y) < 1.2 * width)) continue;
    const badness = crookedness(path.piece(middle - width / 2, middle + width / 2));
    if (best === undefined || badness < best.badness - 1e-9) best = { middle, badness };
  }
  if (best === undefined) return whole;
  const { middle } = best;
  const [[x0, y0], [x1, y1]] = [path.at(middle - width / 2), path.at(middle + width / 2)];
  const turned = (Math.atan2(y1 - y0, x1 - x0) * 180) / Math.PI;
  // Never upside down.
  const angle = turned > 90 ? turned - 180 : turned <= -90 ? turned + 180 : turned;
  const place: LabelPlace = { at: [(x0 + x1) / 2, (y0 + y1) / 2], angle };
  if (gap === undefined) return { ...whole, place };
  return { pieces: [path.piece(0, middle - half), path.piece(middle + half, path.length)], place };
}
