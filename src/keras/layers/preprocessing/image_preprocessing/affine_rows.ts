/** Affine maps of images as the rows of numbers that `ops.image.affineTransform` takes. */
import {
  broadcastTo,
  concatenate,
  cos,
  sin,
  type Tensor,
  type TensorLike,
  toTensor,
} from "../../../../engine/index.ts";

/**
 * Rows `[a0, a1, a2, b0, b1, b2, 0, 0]`.
 *
 * @param batch the number of rows
 * @param entries the first six, each a number or one for each row
 */
export function affineRows(batch: number, entries: readonly TensorLike[]): Tensor {
  const columns = [...entries, 0, 0].map((entry) => {
    const t = toTensor(entry, "float32");
    return broadcastTo(t.ndim === 0 ? t.reshape(1, 1) : t.reshape(-1, 1), [batch, 1]);
  });
  return concatenate(columns, 1);
}

/** The rows of turns around the middle of the image, by angles in degrees. */
export function rotationRows(angle: Tensor, height: number, width: number): Tensor {
  const radians = angle.multiply(Math.PI / 180);
  const [c, s] = [cos(radians), sin(radians)];
  const [cx, cy] = [(width - 1) / 2, (height - 1) / 2];
  const a2 = c.multiply(-cx).add(s.multiply(cy)).add(cx);
  const b2 = s.multiply(-cx).subtract(c.multiply(cy)).add(cy);
  return affineRows(angle.shape[0]!, [c, s.negate(), a2, s, c, b2]);
}
