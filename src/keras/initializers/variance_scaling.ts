/** The initializer whose spread depends on the shape. */
import { checkOptions, type Shape, show, sizeOf, type Tensor, ValueError } from "../../engine/index.ts";
import { normal, truncatedNormal, uniform } from "../random/random.ts";
import type { Config } from "../saving/config.ts";
import type { InitializerCallOptions } from "./initializer.ts";
import { RandomInitializer, type SeedOptions } from "./random_initializer.ts";

/** Options of {@link VarianceScaling}'s subclasses. */
export interface FanOptions extends SeedOptions {
  /** With `outputAxes`: the axes whose lengths multiplied are the number of inputs. Default: by the usual rule. */
  readonly inputAxes?: readonly number[] | null;
  /** With `inputAxes`: the axes whose lengths multiplied are the number of outputs. Default: by the usual rule. */
  readonly outputAxes?: readonly number[] | null;
}

const modes = ["fan_in", "fan_out", "fan_avg"] as const;
const distributions = ["uniform", "truncated_normal", "untruncated_normal"] as const;

/** Options of {@link VarianceScaling}. */
export interface VarianceScalingOptions extends FanOptions {
  /** What the variance is multiplied with. Default 1. */
  readonly scale?: number;
  /** What the variance is divided by: the number of inputs, of outputs, or the mean of both. Default `"fan_in"`. */
  readonly mode?: (typeof modes)[number];
  /** The distribution. Default `"truncated_normal"`, which `"normal"` means too. */
  readonly distribution?: (typeof distributions)[number] | "normal";
}

/** How many inputs and outputs a weight of a shape connects. */
export function computeFans(
  shape: Shape,
  inputAxes: readonly number[] | null = null,
  outputAxes: readonly number[] | null = null,
): [number, number] {
  if (inputAxes !== null && outputAxes !== null) {
    const product = (axes: readonly number[]): number => axes.reduce((n, a) => n * (shape.at(a) ?? 1), 1);
    return [product(inputAxes), product(outputAxes)];
  }
  if (shape.length < 2) return [sizeOf(shape), sizeOf(shape)];
  // A matrix, or the kernel of a convolution: (…window, inputs, outputs).
  const window = sizeOf(shape.slice(0, -2));
  return [shape.at(-2)! * window, shape.at(-1)! * window];
}

/**
 * Random numbers of variance scale / n, n being the number of inputs, of outputs, or their mean.
 *
 * @example
 * ```ts
 * const w = new VarianceScaling({ scale: 2, distribution: "uniform", seed: 1 })([8, 4]);
 * ```
 */
export class VarianceScaling extends RandomInitializer {
  static readonly className: string = "VarianceScaling";
  readonly scale: number;
  readonly mode: (typeof modes)[number];
  readonly distribution: (typeof distributions)[number];
  readonly inputAxes: readonly number[] | null;
  readonly outputAxes: readonly number[] | null;

  constructor(options: VarianceScalingOptions = {}) {
    checkOptions("VarianceScaling", options, [
      "scale",
      "mode",
      "distribution",
      "seed",
      "inputAxes",
      "outputAxes",
    ]);
    super(options.seed);
    const { scale = 1, mode = "fan_in" } = options;
    const lower = String(options.distribution ?? "truncated_normal").toLowerCase();
    const distribution = distributions.find((d) => d === (lower === "normal" ? "truncated_normal" : lower));
    if (!(scale > 0))
      throw new ValueError(`VarianceScaling: scale is a positive number. Received: ${show(scale)}`);
    if (!modes.includes(mode)) {
      throw new ValueError(`VarianceScaling: mode is one of ${modes.join(", ")}. Received: ${show(mode)}`);
    }
    if (distribution === undefined) {
      throw new ValueError(
        `VarianceScaling: distribution is one of ${distributions.join(", ")}. Received: ${show(options.distribution)}`,
      );
    }
    this.scale = scale;
    this.mode = mode;
    this.distribution = distribution;
    this.inputAxes = options.inputAxes ?? null;
    this.outputAxes = options.outputAxes ?? null;
  }

  override call(shape: Shape, options: InitializerCallOptions = {}): Tensor {
    const [inputs, outputs] = computeFans(shape, this.inputAxes, this.outputAxes);
    const n = { fan_in: inputs, fan_out: outputs, fan_avg: (inputs + outputs) / 2 }[this.mode];
    const variance = this.scale / Math.max(1, n);
    const common = { dtype: options.dtype ?? null, seed: this.seed };
    switch (this.distribution) {
      case "uniform": {
        const limit = Math.sqrt(3 * variance);
        return uniform(shape, { minval: -limit, maxval: limit, ...common });
      }
      case "truncated_normal":
        // The standard deviation of what lies within two deviations is smaller by this factor.
        return truncatedNormal(shape, { stddev: Math.sqrt(variance) / 0.8796256610342398, ...common });
      case "untruncated_normal":
        return normal(shape, { stddev: Math.sqrt(variance), ...common });
    }
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      scale: this.scale,
      mode: this.mode,
      distribution: this.distribution,
      ...this.axesConfig(),
    };
  }

  protected axesConfig(): Config {
    return { input_axes: this.inputAxes, output_axes: this.outputAxes };
  }
}
