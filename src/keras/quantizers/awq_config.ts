/** How layers are quantized by AWQ. */
import { checkOptions, show, ValueError } from "../../engine/index.ts";
import { type Config, fromConfig } from "../saving/config.ts";
import { AWQ } from "./awq.ts";
import {
  CalibratingConfig,
  type CalibrationData,
  type CalibrationOptions,
  type Calibrator,
  positive,
  type Tokenizer,
} from "./calibration.ts";
import type { CalibrationTarget } from "./calibration_target.ts";

/** Options of {@link AWQConfig}. */
export interface AWQOptions extends CalibrationOptions {
  /** 4, which is the default. */
  readonly weightBits?: 4;
  /** How many mixtures of activations and weights are tried as factors. Default 20. */
  readonly numGridPoints?: number;
  /** Whether it is tried, too, what cutting off the largest weights brings. Default true. */
  readonly applyClip?: boolean;
}

const optionNames: readonly (keyof AWQOptions)[] = [
  ...(["weightBits", "numSamples", "sequenceLength", "groupSize", "numGridPoints", "applyClip"] as const),
  "quantizationLayerStructure",
];

/**
 * How `model.quantize("awq")` works (Lin et al., 2023): weights become whole numbers of 4 bits, after those of inputs that have
 * large activations were made larger, so that rounding changes less of them.
 *
 * @param dataset texts, or numbers, such as those that the model is used with
 * @param tokenizer what makes numbers of texts: a function, or an object with `tokenize`
 * @param options `weightBits` (4), `numSamples` (default 128), `sequenceLength` (default 512), `groupSize` (default 128),
 *   `numGridPoints` (default 20), `applyClip` (default true), `quantizationLayerStructure` (default: that of the model)
 * @throws ValueError for numbers that cannot be
 *
 * @example
 * ```ts
 * new AWQConfig([[1, 2, 3]], (text) => [text.length], { groupSize: 64 }).policyMode; // → "awq/4/64"
 * ```
 */
export class AWQConfig extends CalibratingConfig {
  static override readonly className: string = "AWQConfig";
  readonly mode: "awq" = "awq" as const;
  readonly weightBits: 4 = 4 as const;
  readonly numGridPoints: number;
  readonly applyClip: boolean;

  constructor(dataset: CalibrationData | null, tokenizer: Tokenizer | null, options: AWQOptions = {}) {
    checkOptions("AWQConfig", options, optionNames);
    super("AWQConfig", dataset, tokenizer, options);
    const { weightBits = 4, numGridPoints = 20 } = options;
    if (weightBits !== 4)
      throw new ValueError(`AWQConfig: expected 4 bits. Received: weightBits=${show(weightBits)}`);
    this.numGridPoints = positive("AWQConfig", "numGridPoints", numGridPoints);
    this.applyClip = options.applyClip ?? true;
  }

  protected override readonly batchSize: number = 1;

  protected override calibrator(target: CalibrationTarget): Calibrator {
    return new AWQ(target.matrix(), this);
  }

  override getConfig(): Config {
    return {
      // The data is needed once and not kept.
      ...{ dataset: null, tokenizer: null, quantization_layer_structure: null },
      weight_bits: this.weightBits,
      num_samples: this.numSamples,
      sequence_length: this.sequenceLength,
      group_size: this.groupSize,
      num_grid_points: this.numGridPoints,
      apply_clip: this.applyClip,
    };
  }

  static fromConfig(config: Config): AWQConfig {
    const { dataset = null, tokenizer = null, ...options } = config;
    return new AWQConfig(
      dataset as CalibrationData | null,
      tokenizer as Tokenizer | null,
      fromConfig(options),
    );
  }
}
