/** Rectangles at random places of images. */
import {
  bitwiseAnd,
  broadcastTo,
  greaterEqual,
  iota,
  less,
  type Shape,
  type Tensor,
} from "../../../../engine/index.ts";
import type { DataFormat } from "../../../backend/data_format.ts";
import { type Seed, uniform } from "../../../random/index.ts";
import { type ImageSizes, perImage } from "./image_batch.ts";

/** Rectangles, one for each image. */
export interface Rectangles {
  /** True inside of them, in the shape of the images. */
  readonly masks: Tensor;
  /** The part of the image that they take, one for each. */
  readonly area: Tensor;
}

/**
 * Draws a place for rectangles of given sizes.
 *
 * @param along the parts of the height and the width that they take, shape (batch,) each
 */
export function drawRectangles(
  { batch, height, width, shape }: ImageSizes,
  along: { readonly height: Tensor; readonly width: Tensor },
  dataFormat: DataFormat,
  seed: Seed,
): Rectangles {
  const row = dataFormat === "channels_last" ? 1 : 2;
  const span = (part: Tensor, n: number, axis: number): readonly [inside: Tensor, length: Tensor] => {
    const length = part.multiply(n);
    const start = uniform([batch], { seed }).multiply(length.negate().add(n));
    const place = iota(oneAxis(shape, axis), axis, "float32");
    const [from, to] = [perImage(start), perImage(start.add(length))];
    return [bitwiseAnd(greaterEqual(place, from), less(place, to)), length];
  };
  const [insideX, wide] = span(along.width, width, row + 1);
  const [insideY, high] = span(along.height, height, row);
  return {
    masks: broadcastTo(bitwiseAnd(insideX, insideY), shape),
    area: wide.multiply(high).divide(width * height),
  };
}

/** The length of one axis, and 1 for the others. */
function oneAxis(shape: Shape, axis: number): Shape {
  return shape.map((n, i) => (i === axis ? n : 1));
}
