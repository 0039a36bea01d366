/** Lines and letters on the pixels of an image, as OpenCV draws them. */
import { glyph } from "./hershey.ts";

/** An image whose pixels can be drawn on: channels last, a byte each. */
export interface Canvas {
  readonly data: Uint8Array;
  /** Where the image begins among the bytes. */
  readonly start: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** A colour, one number from 0 to 255 for each channel. */
export type Pixel = readonly number[];

function dot({ data, start, height, width, channels }: Canvas, x: number, y: number, color: Pixel): void {
  if (x < 0 || y < 0 || x >= width || y >= height) return;
  for (let c = 0; c < channels; c++) data[start + (y * width + x) * channels + c] = color[c] ?? 0;
}

/** The brush of a thickness: single pixels, or a disc. */
function stamp(canvas: Canvas, x: number, y: number, radius: number, color: Pixel): void {
  for (let dy = -radius; dy <= radius; dy++) {
    for (let dx = -radius; dx <= radius; dx++) {
      if (dx * dx + dy * dy <= radius * radius) dot(canvas, x + dx, y + dy, color);
    }
  }
}

/** Draws a line from pixel to pixel, both included. */
export function drawLine(
  canvas: Canvas,
  from: readonly [x: number, y: number],
  to: readonly [x: number, y: number],
  color: Pixel,
  thickness: number,
): void {
  const radius = thickness < 2 ? 0 : Math.ceil(thickness / 2);
  const [dx, dy] = [Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1])];
  const [stepX, stepY] = [Math.sign(to[0] - from[0]), Math.sign(to[1] - from[1])];
  let [x, y] = from;
  let error = dx - dy;
  for (let i = Math.max(dx, dy); i >= 0; i--) {
    stamp(canvas, x, y, radius, color);
    const twice = 2 * error;
    if (twice > -dy) {
      error -= dy;
      x += stepX;
    }
    if (twice < dx) {
      error += dx;
      y += stepY;
    }
  }
}

/** Draws the outline of a rectangle between two corners, both included. */
export function drawRectangle(
  canvas: Canvas,
  [x1, y1, x2, y2]: readonly [x1: number, y1: number, x2: number, y2: number],
  color: Pixel,
  thickness: number,
): void {
  drawLine(canvas, [x1, y1], [x2, y1], color, thickness);
  drawLine(canvas, [x2, y1], [x2, y2], color, thickness);
  drawLine(canvas, [x2, y2], [x1, y2], color, thickness);
  drawLine(canvas, [x1, y2], [x1, y1], color, thickness);
}

/**
 * Writes text.
 *
 * @param x, y the left end of the line that the letters stand on
 * @param scale 1 makes capitals 21 pixels high
 */
export function drawText(
  canvas: Canvas,
  text: string,
  x: number,
  y: number,
  scale: number,
  color: Pixel,
  thickness: number,
): void {
  let at = x;
  for (const character of text) {
    const { strokes, advance } = glyph(character);
    for (const stroke of strokes) {
      const points = stroke.map(
        ([px, py]) => [Math.round(at + px * scale), Math.round(y + py * scale)] as const,
      );
      if (points.length === 1) drawLine(canvas, points[0]!, points[0]!, color, thickness);
      for (let i = 1; i < points.length; i++) drawLine(canvas, points[i - 1]!, points[i]!, color, thickness);
    }
    at += advance * scale;
  }
}
