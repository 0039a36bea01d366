/** Additive normal noise. */
import { add, show, type Tensor, ValueError } from "../../../engine/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import { normal, SeedGenerator } from "../../random/index.ts";
import type { Config } from "../../saving/config.ts";
import type { CallArguments } from "../call_inputs.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";

/** Options of {@link GaussianNoise}. */
export interface GaussianNoiseOptions extends LayerOptions {
  /** Determines the noise. Default: determined by `utils.setRandomSeed`. */
  readonly seed?: number | null;
}

/**
 * While training, adds normal noise of mean 0 to the inputs. Otherwise it does nothing.
 *
 * Input: any shape. Output: the same shape.
 *
 * @throws ValueError unless the deviation lies between 0 and 1
 *
 * @example
 * ```ts
 * const layer = new GaussianNoise(0.1, { seed: 1 });
 * layer([[1, 2]]).arraySync(); // → [[1, 2]]
 * layer([[1, 2]], { training: true }).shape; // → [1, 2]
 * ```
 */
export class GaussianNoise extends Layer {
  static readonly className: string = "GaussianNoise";
  static override readonly positional: readonly string[] = ["stddev"];
  readonly stddev: number;
  readonly seed: number | null;
  /** Where random numbers come from. */
  readonly seedGenerator: SeedGenerator | undefined;

  /**
   * @param stddev the standard deviation of the noise, from 0 to 1
   * @param options `seed`, and those of every layer
   */
  constructor(stddev: number, options: GaussianNoiseOptions = {}) {
    super(baseOptions("GaussianNoise", options, ["seed"]));
    if (!(typeof stddev === "number" && stddev >= 0 && stddev <= 1)) {
      throw new ValueError(
        `GaussianNoise: expected a stddev between 0 and 1. Received: stddev=${show(stddev)}`,
      );
    }
    this.stddev = stddev;
    this.seed = options.seed ?? null;
    if (stddev > 0) this.seedGenerator = new SeedGenerator(this.seed);
    this.supportsMasking = true;
    this.built = true;
  }

  override call(x: Tensor, { training }: CallArguments): Tensor {
    if (!training || this.seedGenerator === undefined) return x;
    const options = { stddev: this.stddev, dtype: this.computeDtype, seed: this.seedGenerator };
    return add(x, normal(x.shape, options));
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return inputShape;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), stddev: this.stddev, seed: this.seed };
  }
}
