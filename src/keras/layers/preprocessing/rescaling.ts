/** Numbers scaled and shifted. */
import { show, type Tensor, toTensor, ValueError } from "../../../engine/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Config } from "../../saving/config.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";

/** Options of {@link Rescaling}. */
export interface RescalingOptions extends LayerOptions {
  /** Is added after scaling: a number, or one for each channel. Default 0. */
  readonly offset?: number | readonly number[];
}

/**
 * `scale · x + offset`.
 *
 * Input: any shape. Output: the same shape.
 *
 * @throws ValueError unless `scale` and `offset` are numbers or arrays of numbers
 *
 * @example
 * ```ts
 * new Rescaling(2, { offset: -1 })([[0, 0.5, 1]]).arraySync(); // → [[-1, 0, 1]]
 * ```
 */
export class Rescaling extends Layer {
  static readonly className: string = "Rescaling";
  static override readonly positional: readonly string[] = ["scale"];
  readonly scale: number | readonly number[];
  readonly offset: number | readonly number[];

  /**
   * @param scale a number, or one for each channel
   * @param options `offset` (default 0), and those of every layer
   */
  constructor(scale: number | readonly number[], options: RescalingOptions = {}) {
    super(baseOptions("Rescaling", options, ["offset"]));
    this.scale = numbers(scale, "scale");
    this.offset = numbers(options.offset ?? 0, "offset");
    this.supportsMasking = true;
  }

  override call(x: Tensor): Tensor {
    const dtype = this.computeDtype;
    return x.astype(dtype).multiply(toTensor(this.scale, dtype)).add(toTensor(this.offset, dtype));
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return inputShape;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), scale: this.scale, offset: this.offset };
  }
}

function numbers(value: number | readonly number[], name: string): number | readonly number[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.every((n) => typeof n === "number")) return value;
  throw new ValueError(
    `Rescaling: expected ${name} to be a number or an array of them. Received: ${show(value)}`,
  );
}
