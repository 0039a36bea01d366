/** Multiplicative normal noise. */
import { multiply, show, type Tensor, ValueError } from "../../../engine/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import { normal, SeedGenerator } from "../../random/index.ts";
import type { Config } from "../../saving/config.ts";
import type { CallArguments } from "../call_inputs.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";

/** Options of {@link GaussianDropout}. */
export interface GaussianDropoutOptions extends LayerOptions {
  /** Determines the noise. Default: determined by `utils.setRandomSeed`. */
  readonly seed?: number | null;
}

/**
 * While training, multiplies the inputs with normal noise of mean 1 and deviation `√(rate / (1 - rate))`, which is that of
 * dropout with the same rate (Srivastava et al., 2014). Otherwise it does nothing.
 *
 * Input: any shape. Output: the same shape.
 *
 * @throws ValueError unless the rate lies between 0 and 1
 *
 * @example
 * ```ts
 * const layer = new GaussianDropout(0.5, { seed: 1 });
 * layer([[1, 2]]).arraySync(); // → [[1, 2]]
 * layer([[1, 2]], { training: true }).shape; // → [1, 2]
 * ```
 */
export class GaussianDropout extends Layer {
  static readonly className: string = "GaussianDropout";
  static override readonly positional: readonly string[] = ["rate"];
  readonly rate: number;
  readonly seed: number | null;
  /** Where random numbers come from. */
  readonly seedGenerator: SeedGenerator | undefined;

  /**
   * @param rate the rate of the dropout that the noise is like, from 0 to 1
   * @param options `seed`, and those of every layer
   */
  constructor(rate: number, options: GaussianDropoutOptions = {}) {
    super(baseOptions("GaussianDropout", options, ["seed"]));
    if (!(typeof rate === "number" && rate >= 0 && rate <= 1)) {
      throw new ValueError(`GaussianDropout: expected a rate between 0 and 1. Received: rate=${show(rate)}`);
    }
    this.rate = rate;
    this.seed = options.seed ?? null;
    if (rate > 0) this.seedGenerator = new SeedGenerator(this.seed);
    this.supportsMasking = true;
    this.built = true;
  }

  override call(x: Tensor, { training }: CallArguments): Tensor {
    if (!training || this.seedGenerator === undefined) return x;
    const stddev = Math.sqrt(this.rate / (1 - this.rate));
    const options = { mean: 1, stddev, dtype: this.computeDtype, seed: this.seedGenerator };
    return multiply(x, normal(x.shape, options));
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return inputShape;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), rate: this.rate, seed: this.seed };
  }
}
