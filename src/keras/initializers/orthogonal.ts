/** The initializer to orthogonal matrices. */
import {
  checkOptions,
  type Shape,
  ShapeError,
  showShape,
  sizeOf,
  type Tensor,
  tensor,
} from "../../engine/index.ts";
import { floatx } from "../config/config.ts";
import { normal } from "../random/random.ts";
import type { Config } from "../saving/config.ts";
import type { InitializerCallOptions } from "./initializer.ts";
import { RandomInitializer, type SeedOptions } from "./random_initializer.ts";

/** Options of {@link Orthogonal}. */
export interface OrthogonalOptions extends SeedOptions {
  /** The factor of the matrix. Default 1. */
  readonly gain?: number;
}

/**
 * A random matrix with orthonormal columns (or rows, if there are fewer of these), times `gain`; all orthogonal matrices
 * are equally likely. Longer shapes are flattened but for their last axis. (Saxe et al., 2014)
 *
 * @example
 * ```ts
 * const q = new Orthogonal({ seed: 1 })([3, 2]);
 * keras.ops.matmul(keras.ops.transpose(q), q).arraySync(); // → [[1.000, 0.000], [0.000, 1.000]]
 * ```
 */
export class Orthogonal extends RandomInitializer {
  static readonly className: string = "Orthogonal";
  readonly gain: number;

  constructor(options: OrthogonalOptions = {}) {
    checkOptions("Orthogonal", options, ["gain", "seed"]);
    super(options.seed);
    this.gain = options.gain ?? 1;
  }

  /** @throws ShapeError when the shape has fewer than two axes, StateError inside a compiled function */
  override call(shape: Shape, options: InitializerCallOptions = {}): Tensor {
    if (shape.length < 2) {
      throw new ShapeError(
        `Orthogonal: expected a shape of at least two axes. Received: ${showShape(shape)}`,
      );
    }
    const columns = shape[shape.length - 1]!;
    const rows = sizeOf(shape.slice(0, -1));
    const [long, short] = [Math.max(rows, columns), Math.min(rows, columns)];
    // Each row of `vectors` is one direction, so that they lie together in memory.
    const vectors = Float64Array.from(
      normal([short, long], { seed: this.seed, dtype: "float64" }).dataSync(),
    );
    orthonormalize(vectors, short, long);
    const scaled = vectors.map((v) => v * this.gain);
    const q = tensor(scaled, { shape: [short, long], dtype: options.dtype ?? floatx() });
    return (rows >= columns ? q.T : q).reshape(shape);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), gain: this.gain };
  }
}

/**
 * Gram and Schmidt's method on the rows of a matrix. Twice, because rounding leaves a remainder the first time. The
 * diagonal of the triangular factor is positive, which makes the result uniform.
 */
function orthonormalize(rows: Float64Array, count: number, length: number): void {
  for (let i = 0; i < count; i++) {
    const row = rows.subarray(i * length, (i + 1) * length);
    for (let round = 0; round < 2; round++) {
      for (let j = 0; j < i; j++) {
        const other = rows.subarray(j * length, (j + 1) * length);
        let dot = 0;
        for (let k = 0; k < length; k++) dot += row[k]! * other[k]!;
        for (let k = 0; k < length; k++) row[k] = row[k]! - dot * other[k]!;
      }
    }
    let norm = 0;
    for (let k = 0; k < length; k++) norm += row[k]! * row[k]!;
    norm = Math.sqrt(norm);
    for (let k = 0; k < length; k++) row[k] = row[k]! / norm;
  }
}
