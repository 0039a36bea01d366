/** Lines drawn by hand, and the pictures that they make. */
import { checkOptions, show, type Tensor, tensor, ValueError } from "../engine/index.ts";

/** One line, from where the pen came down to where it left: points of a square whose corners are (0, 0), above left, and (1, 1). */
export type Stroke = readonly (readonly [x: number, y: number])[];

/** Options of {@link rasterize}. */
export interface RasterizeOptions {
  /** Pixels in a row, and rows. Default 28. */
  readonly size?: number;
  /** How thick lines are, in pixels. Default: an eleventh of the size. */
  readonly thickness?: number;
  /** Whether what is drawn is moved to the middle and scaled to 20/28 of the picture, as in MNIST. Default true. */
  readonly center?: boolean;
}

const margin = 4 / 28;

/** The strokes in the middle of the picture, as large as they may be; a dot stays a dot. */
function centered(strokes: readonly Stroke[]): readonly Stroke[] {
  const points = strokes.flat();
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const scale = (1 - 2 * margin) / Math.max(right - left, bottom - top, 0.05);
  const move = (v: number, low: number, high: number): number => 0.5 + (v - (low + high) / 2) * scale;
  return strokes.map((stroke) =>
    stroke.map(([x, y]) => [move(x, left, right), move(y, top, bottom)] as const),
  );
}

/** Adds a straight line to a picture: every pixel gets how much of it the line covers, and keeps what it had if that is more. */
function addLine(
  pixels: Float32Array,
  size: number,
  radius: number,
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
): void {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const squared = dx * dx + dy * dy;
  const reach = radius + 0.5;
  const within = (v: number): number => Math.min(size - 1, Math.max(0, v));
  const [firstRow, lastRow] = [
    within(Math.floor(Math.min(y0, y1) - reach)),
    within(Math.ceil(Math.max(y0, y1) + reach)),
  ];
  const [first, last] = [
    within(Math.floor(Math.min(x0, x1) - reach)),
    within(Math.ceil(Math.max(x0, x1) + reach)),
  ];
  for (let row = firstRow; row <= lastRow; row++) {
    for (let column = first; column <= last; column++) {
      const [px, py] = [column + 0.5 - x0, row + 0.5 - y0];
      const along = squared === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / squared));
      const ink = reach - Math.hypot(px - along * dx, py - along * dy);
      const at = row * size + column;
      if (ink > pixels[at]!) pixels[at] = Math.min(1, ink);
    }
  }
}

/** The pixels of strokes, row by row, from 0 (paper) to 1 (ink). */
export function pixelsOf(strokes: readonly Stroke[], options: RasterizeOptions, where: string): Float32Array {
  checkOptions(where, options, ["size", "thickness", "center"]);
  const { size = 28, center = true } = options;
  const { thickness = size / 11 } = options;
  if (!(Number.isInteger(size) && size > 0 && size <= 1024))
    throw new ValueError(`${where}: expected a size from 1 to 1024. Received: ${show(size)}`);
  if (!(thickness > 0))
    throw new ValueError(`${where}: expected a thickness above 0. Received: ${show(thickness)}`);
  const pixels = new Float32Array(size * size);
  const drawn = strokes.filter((stroke) => stroke.length > 0);
  for (const stroke of center && drawn.length > 0 ? centered(drawn) : drawn) {
    const points = stroke.map(([x, y]) => [x * size, y * size] as const);
    points.forEach((point, i) => addLine(pixels, size, thickness / 2, points[i - 1] ?? point, point));
  }
  return pixels;
}

/**
 * The picture of lines drawn by hand.
 *
 * @param strokes lines of points in a square whose corners are (0, 0), above left, and (1, 1)
 * @param options `size` (default 28), `thickness` in pixels (default: an eleventh of the size), `center` (default true: as in
 *   MNIST, what is drawn fills the middle of the picture)
 * @returns shape `(size, size)`, from 0 (paper) to 1 (ink)
 * @throws ValueError for a size or a thickness that is none
 * @example
 * ```ts
 * rasterize([[[0.5, 0.5]]], { size: 3, thickness: 1, center: false }).array(); // → [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
 * ```
 */
export function rasterize(strokes: readonly Stroke[], options: RasterizeOptions = {}): Tensor {
  const { size = 28 } = options;
  return tensor(pixelsOf(strokes, options, "rasterize")).reshape(size, size);
}
