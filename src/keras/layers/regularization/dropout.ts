/** Dropout. */
import { show, type Tensor, ValueError } from "../../../engine/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import { dropout, SeedGenerator } from "../../random/index.ts";
import type { Config } from "../../saving/config.ts";
import type { CallArguments } from "../call_inputs.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";

/** Options of {@link Dropout}. */
export interface DropoutOptions extends LayerOptions {
  /** The shape of the mask, which is broadcast; `null` for the length of the input. Default: that of the input. */
  readonly noiseShape?: readonly (number | null)[] | null;
  /** Determines what is dropped. Default: determined by `utils.setRandomSeed`. */
  readonly seed?: number | null;
}

/**
 * While training, sets a part of the inputs to 0 at random and scales the others by `1 / (1 - rate)`, so that the expected
 * sum stays. Otherwise it does nothing.
 *
 * Input: any shape. Output: the same shape.
 *
 * @throws ValueError unless the rate lies between 0 and 1
 *
 * @example
 * ```ts
 * const layer = new Dropout(0.5, { seed: 1 });
 * layer([[1, 2]]).arraySync(); // → [[1, 2]]
 * layer([[1, 2]], { training: true }).shape; // → [1, 2]
 * ```
 */
export class Dropout extends Layer {
  static readonly className: string = "Dropout";
  static override readonly positional: readonly string[] = ["rate"];
  readonly rate: number;
  readonly noiseShape: readonly (number | null)[] | null;
  readonly seed: number | null;
  /** Where random numbers come from. */
  readonly seedGenerator: SeedGenerator | undefined;

  /**
   * @param rate the part that becomes 0, from 0 to 1
   * @param options `noiseShape`, `seed`, and those of every layer
   */
  constructor(rate: number, options: DropoutOptions = {}) {
    super(baseOptions("Dropout", options, ["noiseShape", "seed"]));
    if (!(typeof rate === "number" && rate >= 0 && rate <= 1)) {
      throw new ValueError(`Dropout: expected a rate between 0 and 1. Received: rate=${show(rate)}`);
    }
    this.rate = rate;
    this.seed = options.seed ?? null;
    this.noiseShape = options.noiseShape ?? null;
    const isLength = (n: unknown): boolean => n === null || (Number.isSafeInteger(n) && (n as number) > 0);
    if (this.noiseShape !== null && !(Array.isArray(this.noiseShape) && this.noiseShape.every(isLength))) {
      throw new ValueError(
        `Dropout: expected noiseShape to be an array of positive whole numbers or null. Received: ${show(this.noiseShape)}`,
      );
    }
    if (rate > 0) this.seedGenerator = new SeedGenerator(this.seed);
    this.supportsMasking = true;
    this.built = true;
  }

  override call(x: Tensor, { training }: CallArguments): Tensor {
    if (!training || this.seedGenerator === undefined) return x;
    return dropout(x, this.rate, { noiseShape: this.noiseShape, seed: this.seedGenerator });
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return inputShape;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), rate: this.rate, seed: this.seed, noise_shape: this.noiseShape };
  }
}
