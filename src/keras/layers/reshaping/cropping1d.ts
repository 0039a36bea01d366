/** Cuts away the borders of sequences. */
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { BaseCropping } from "./base_cropping.ts";

/** Options of {@link Cropping1D}. */
export interface Cropping1DOptions extends LayerOptions {
  /** How many elements are cut away before and behind: one number, or one for each side. Default `[1, 1]`. */
  readonly cropping?: number | readonly [number, number];
}

/**
 * Cuts away the borders of sequences.
 *
 * Input: `(batch, steps, channels)`. Output: the same with shorter axes of space.
 *
 * @throws ValueError for widths that cannot be; ShapeError when nothing would be left
 *
 * @example
 * ```ts
 * new Cropping1D()([[[1], [2], [3]]]).arraySync(); // → [[[2]]]
 * ```
 */
export class Cropping1D extends BaseCropping {
  static readonly className: string = "Cropping1D";

  /** @param options `cropping` (default `[1, 1]`), and those of every layer */
  constructor(options: Cropping1DOptions = {}) {
    const base = baseOptions("Cropping1D", options, ["cropping"]);
    super("Cropping1D", 1, options.cropping ?? [1, 1], null, base);
  }
}
