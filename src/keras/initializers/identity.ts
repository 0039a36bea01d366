/** The initializer to the identity matrix. */
import { checkOptions, type Shape, ShapeError, showShape, type Tensor } from "../../engine/index.ts";
import { floatx } from "../config/config.ts";
import { eye } from "../ops/numpy_creation.ts";
import type { Config } from "../saving/config.ts";
import { Initializer, type InitializerCallOptions } from "./initializer.ts";

/**
 * The identity matrix times a factor; for matrices only.
 *
 * @param options `gain`: the factor (default 1)
 *
 * @example
 * ```ts
 * new Identity({ gain: 2 })([2, 2]).arraySync(); // → [[2, 0], [0, 2]]
 * ```
 */
export class Identity extends Initializer {
  static readonly className: string = "Identity";
  readonly gain: number;

  constructor(options: { readonly gain?: number } = {}) {
    super();
    checkOptions("Identity", options, ["gain"]);
    this.gain = options.gain ?? 1;
  }

  /** @throws ShapeError unless the shape has two axes */
  override call(shape: Shape, options: InitializerCallOptions = {}): Tensor {
    const [rows, columns] = shape;
    if (shape.length !== 2 || rows === undefined || columns === undefined) {
      throw new ShapeError(`Identity: only matrices can be identities. Received shape ${showShape(shape)}`);
    }
    const dtype = options.dtype ?? floatx();
    return eye(rows, { M: columns, dtype }).multiply(this.gain).astype(dtype);
  }

  override getConfig(): Config {
    // Keras writes nothing; what it would lose is written.
    return this.gain === 1 ? {} : { gain: this.gain };
  }
}
