/** Marching squares: the outlines of the regions of a grid that lie at or above a level. */

/** A closed outline in grid coordinates, the region on its right as rows count downwards. `real[i]` says whether the piece from point i to i + 1 is part of the level line, not of the edge of the grid. */
export interface Outline {
  readonly columns: readonly number[];
  readonly rows: readonly number[];
  readonly real: readonly boolean[];
}

// For each of the 16 ways in which the corners of a cell lie above the level (1 left top, 2 right top, 4 right bottom, 8 left
// bottom): pieces from side to side (0 top, 1 right, 2 bottom, 3 left), the region on the right when rows count downwards.
const PIECES: readonly (readonly (readonly [from: number, to: number])[])[] = [
  [],
  [[0, 3]],
  [[1, 0]],
  [[1, 3]],
  [[2, 1]],
  [
    [0, 3],
    [2, 1],
  ],
  [[2, 0]],
  [[2, 3]],
  [[3, 2]],
  [[0, 2]],
  [
    [1, 0],
    [3, 2],
  ],
  [[1, 2]],
  [[3, 1]],
  [[0, 1]],
  [[3, 0]],
  [],
];
/** The two saddles when the middle of the cell lies above the level: the regions are joined. */
const JOINED: Readonly<Record<number, readonly (readonly [number, number])[]>> = {
  5: [
    [0, 1],
    [2, 3],
  ],
  10: [
    [1, 2],
    [3, 0],
  ],
};

/**
 * The outlines of a level. Missing values (NaN) and what lies beyond the grid count as below every level, so that outlines
 * are closed and go along the edge; these pieces are not real.
 *
 * @param values row by row
 */
export function outlines(values: Float64Array, width: number, height: number, level: number): Outline[] {
  const at = (column: number, row: number): number => {
    if (column < 0 || row < 0 || column >= width || row >= height) return Number.NEGATIVE_INFINITY;
    const value = values[row * width + column]!;
    return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
  };
  const stride = width + 2;
  // A side of a cell has a number: those across first (left end), then those down (upper end).
  const across = (column: number, row: number): number => (row + 1) * stride + column + 1;
  const down = (column: number, row: number): number => stride * (height + 2) + across(column, row);
  /** From the side where a piece begins to where it ends. */
  const next = new Map<number, { readonly to: number; readonly real: boolean }>();
  const points = new Map<number, readonly [column: number, row: number]>();
  // Between a value and one that is missing the outline goes through the value's own place.
  const part = (a: number, b: number): number =>
    a === Number.NEGATIVE_INFINITY ? 1 : b === Number.NEGATIVE_INFINITY ? 0 : (level - a) / (b - a);
  for (let row = -1; row < height; row++) {
    for (let column = -1; column < width; column++) {
      const corners = [
        at(column, row),
        at(column + 1, row),
        at(column + 1, row + 1),
        at(column, row + 1),
      ] as const;
      let code = 0;
      corners.forEach((value, i) => {
        if (value >= level) code |= 1 << i;
      });
      if (code === 0 || code === 15) continue;
      const middle = (corners[0] + corners[1] + corners[2] + corners[3]) / 4;
      const pieces = (middle >= level ? JOINED[code] : undefined) ?? PIECES[code]!;
      const real = corners.every((value) => value !== Number.NEGATIVE_INFINITY);
      const [a, b, c, d] = corners;
      const side = (which: number): number => {
        switch (which) {
          case 0: {
            const id = across(column, row);
            points.set(id, [column + part(a, b), row]);
            return id;
          }
          case 1: {
            const id = down(column + 1, row);
            points.set(id, [column + 1, row + part(b, c)]);
            return id;
          }
          case 2: {
            const id = across(column, row + 1);
            points.set(id, [column + part(d, c), row + 1]);
            return id;
          }
          default: {
            const id = down(column, row);
            points.set(id, [column, row + part(a, d)]);
            return id;
          }
        }
      };
      for (const [from, to] of pieces) next.set(side(from), { to: side(to), real });
    }
  }
  return traced(next, points);
}

function traced(
  next: Map<number, { readonly to: number; readonly real: boolean }>,
  points: ReadonlyMap<number, readonly [number, number]>,
): Outline[] {
  const found: Outline[] = [];
  for (const start of next.keys()) {
    const outline = { columns: [] as number[], rows: [] as number[], real: [] as boolean[] };
    for (let id = start, piece = next.get(id); piece !== undefined; piece = next.get(id)) {
      next.delete(id);
      const [column, row] = points.get(id)!;
      outline.columns.push(column);
      outline.rows.push(row);
      outline.real.push(piece.real);
      id = piece.to;
    }
    if (outline.columns.length > 0) found.push(outline);
  }
  return found;
}

/** The level lines of an outline: its real pieces joined, as lists of the numbers of points. */
export function levelLines({ columns, real }: Outline): number[][] {
  const count = columns.length;
  if (real.every(Boolean)) return [[...columns.keys(), 0]];
  const first = real.indexOf(false);
  const lines: number[][] = [];
  let line: number[] | undefined;
  for (let step = 1; step <= count; step++) {
    const i = (first + step) % count;
    if (real[i]) {
      line ??= [i];
      line.push((i + 1) % count);
    } else if (line !== undefined) {
      lines.push(line);
      line = undefined;
    }
  }
  if (line !== undefined) lines.push(line);
  return lines;
}
