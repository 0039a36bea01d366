/** How layers are quantized by GPTQ. */
import { checkOptions, show, ValueError } from "../../engine/index.ts";
import { type Config, fromConfig } from "../saving/config.ts";
import {
  CalibratingConfig,
  type CalibrationData,
  type CalibrationOptions,
  type Calibrator,
  positive,
  type Tokenizer,
} from "./calibration.ts";
import type { CalibrationTarget } from "./calibration_target.ts";
import { GPTQ } from "./gptq.ts";

/** Options of {@link GPTQConfig}. */
export interface GPTQOptions extends CalibrationOptions {
  /** 2, 3, 4 or 8. Default 4. */
  readonly weightBits?: 2 | 3 | 4 | 8;
  /** How many samples go through a block at once. Default 8. */
  readonly calibrationBatchSize?: number;
  /** Whether each output has scales of its own. Default true. */
  readonly perChannel?: boolean;
  /** The part of its mean that is added to the diagonal of the Hessian. Default 0.01. */
  readonly hessianDamping?: number;
  /** Whether the zero lies in the middle of the integers. Default false. */
  readonly symmetric?: boolean;
  /** Whether the inputs with the largest activations come first. Default false. */
  readonly activationOrder?: boolean;
}

const optionNames: readonly (keyof GPTQOptions)[] = [
  ...(["weightBits", "numSamples", "calibrationBatchSize", "perChannel", "sequenceLength"] as const),
  ...(["hessianDamping", "groupSize", "symmetric", "activationOrder"] as const),
  "quantizationLayerStructure",
];

/**
 * How `model.quantize("gptq")` works (Frantar et al., 2022): the weights of one input after the other are rounded, and what
 * that changes is made good, as far as it can be, by the weights that are still to come, given what inputs the layer sees.
 *
 * @param dataset texts, or numbers, such as those that the model is used with
 * @param tokenizer what makes numbers of texts: a function, or an object with `tokenize`
 * @param options `weightBits` (default 4), `numSamples` (default 128), `calibrationBatchSize` (default 8), `perChannel` (default
 *   true), `sequenceLength` (default 512), `hessianDamping` (default 0.01), `groupSize` (default 128), `symmetric` (default
 *   false), `activationOrder` (default false), `quantizationLayerStructure` (default: that of the model)
 * @throws ValueError for numbers that cannot be
 *
 * @example
 * ```ts
 * const dense = new keras.layers.Dense(4);
 * const model = new keras.Sequential([keras.Input([8]), new keras.layers.Embedding(10, 8), dense]);
 * const config = new GPTQConfig([[1, 2, 3, 4, 5, 6, 7, 8]], (text) => [...text].map(Number), {
 *   ...{ numSamples: 4, sequenceLength: 8, groupSize: 4 },
 *   quantizationLayerStructure: { preBlockLayers: [model.getLayer(0)], sequentialBlocks: [dense] },
 * });
 * model.quantize("gptq", { config, verbose: false }).quantized.map(([, mode, policy]) => [mode, policy]);
 * // → [["gptq", "gptq/4/4_from_float32"]]
 * ```
 */
export class GPTQConfig extends CalibratingConfig {
  static override readonly className: string = "GPTQConfig";
  readonly mode: "gptq" = "gptq" as const;
  readonly weightBits: 2 | 3 | 4 | 8;
  readonly calibrationBatchSize: number;
  readonly perChannel: boolean;
  readonly hessianDamping: number;
  readonly symmetric: boolean;
  readonly activationOrder: boolean;

  constructor(dataset: CalibrationData | null, tokenizer: Tokenizer | null, options: GPTQOptions = {}) {
    checkOptions("GPTQConfig", options, optionNames);
    super("GPTQConfig", dataset, tokenizer, options);
    const { weightBits = 4, calibrationBatchSize = 8, hessianDamping = 0.01 } = options;
    if (![2, 3, 4, 8].includes(weightBits)) {
      throw new ValueError(
        `GPTQConfig: expected 2, 3, 4 or 8 bits. Received: weightBits=${show(weightBits)}`,
      );
    }
    if (!(hessianDamping >= 0 && hessianDamping <= 1)) {
      throw new ValueError(
        `GPTQConfig: expected hessianDamping to be between 0 and 1. Received: hessianDamping=${show(hessianDamping)}`,
      );
    }
    this.weightBits = weightBits;
    this.calibrationBatchSize = positive("GPTQConfig", "calibrationBatchSize", calibrationBatchSize);
    this.perChannel = options.perChannel ?? true;
    this.hessianDamping = hessianDamping;
    this.symmetric = options.symmetric ?? false;
    this.activationOrder = options.activationOrder ?? false;
  }

  protected override get batchSize(): number {
    return this.calibrationBatchSize;
  }

  protected override calibrator(target: CalibrationTarget): Calibrator {
    return new GPTQ(target.matrix(), this);
  }

  override getConfig(): Config {
    return {
      // The data is needed once and not kept.
      ...{ dataset: null, tokenizer: null, quantization_layer_structure: null },
      weight_bits: this.weightBits,
      num_samples: this.numSamples,
      calibration_batch_size: this.calibrationBatchSize,
      per_channel: this.perChannel,
      sequence_length: this.sequenceLength,
      hessian_damping: this.hessianDamping,
      group_size: this.groupSize,
      symmetric: this.symmetric,
      activation_order: this.activationOrder,
    };
  }

  static fromConfig(config: Config): GPTQConfig {
    const { dataset = null, tokenizer = null, ...options } = config;
    return new GPTQConfig(
      dataset as CalibrationData | null,
      tokenizer as Tokenizer | null,
      fromConfig(options),
    );
  }
}
