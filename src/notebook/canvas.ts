/** Drawing by hand: one picture, or many with their classes. */
import { show, type Tensor, tensor, ValueError } from "../engine/index.ts";
import { ask } from "./ask.ts";
import { pixelsOf, type RasterizeOptions, rasterize, type Stroke } from "./strokes.ts";

/** What somebody has drawn. */
export interface Drawing {
  /** The lines, none if nothing has been drawn. */
  readonly strokes: readonly Stroke[];
  /** Their picture: shape `(size, size)`, from 0 (paper) to 1 (ink). */
  readonly image: Tensor;
}

/** Drawings with the classes that they were drawn for. */
export interface Drawings {
  readonly strokes: readonly (readonly Stroke[])[];
  /** Shape `(n, size, size)`, from 0 (paper) to 1 (ink). */
  readonly images: Tensor;
  /** The numbers of their classes: shape `(n,)`, int32. */
  readonly labels: Tensor;
}

/** A drawing with the number of its class. */
interface Labelled {
  readonly label: number;
  readonly strokes: readonly Stroke[];
}

const isStrokes = (given: unknown): given is readonly Stroke[] =>
  Array.isArray(given) &&
  given.every(
    (stroke) =>
      Array.isArray(stroke) &&
      stroke.every((point) => Array.isArray(point) && point.length === 2 && point.every(Number.isFinite)),
  );

/**
 * A square to draw on under the cell, with mouse, pen or finger. In Tsuno Studio the cell runs again after each line;
 * elsewhere nothing has been drawn.
 *
 * @param name its label
 * @param options `size`, `thickness`, `center`, as `rasterize` has them
 * @returns the lines, and their picture
 * @example
 * ```ts
 * const { strokes, image } = canvas("Draw a digit");
 * [strokes.length, image.shape]; // → [0, [28, 28]]
 * ```
 */
export function canvas(name: string, options: RasterizeOptions = {}): Drawing {
  const strokes = ask<readonly Stroke[]>(
    { kind: "canvas", name },
    [],
    isStrokes,
    () => `${name}: (a place to draw on in Tsuno Studio; here nothing is drawn)`,
  );
  return { strokes, image: rasterize(strokes, options) };
}

/**
 * A square to draw on, with a button for each class, under the cell: draw, press the button of what it is, draw the next. In
 * Tsuno Studio the cell runs again for each drawing; elsewhere there are none.
 *
 * @param name its label
 * @param classes the names on the buttons
 * @param options `size`, `thickness`, `center`, as `rasterize` has them
 * @returns all drawings: their lines, their pictures, the numbers of their classes
 * @throws ValueError for no classes
 * @example
 * ```ts
 * const { images, labels } = drawings("Examples", ["cross", "circle"]);
 * [images.shape, labels.shape]; // → [[0, 28, 28], [0]]
 * ```
 */
export function drawings(name: string, classes: readonly string[], options: RasterizeOptions = {}): Drawings {
  const where = `drawings ${show(name)}`;
  if (classes.length === 0) throw new ValueError(`${where}: expected at least one class. Received: []`);
  const all = ask<readonly Labelled[]>(
    { kind: "drawings", name, classes },
    [],
    (given): given is readonly Labelled[] =>
      Array.isArray(given) &&
      given.every(
        (one: Partial<Labelled> | null) => isStrokes(one?.strokes) && classes[one.label ?? -1] !== undefined,
      ),
    () => `${name}: (a place to draw examples in Tsuno Studio; here there are none)`,
  );
  const { size = 28 } = options;
  const pixels = new Float32Array(all.length * size * size);
  all.forEach(({ strokes }, i) => pixels.set(pixelsOf(strokes, options, where), i * size * size));
  return {
    strokes: all.map(({ strokes }) => strokes),
    images: tensor(pixels).reshape(all.length, size, size),
    labels: tensor(Int32Array.from(all, ({ label }) => label)),
  };
}
