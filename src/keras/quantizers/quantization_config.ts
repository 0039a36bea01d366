/** How the weights and inputs of layers are quantized. */
import { checkOptions, show, ValueError } from "../../engine/index.ts";
import type { Config } from "../saving/config.ts";
import type { SerializedObject } from "../saving/registry.ts";
import { AbsMaxQuantizer } from "./abs_max_quantizer.ts";
import type { Quantizer } from "./quantizer.ts";
import { deserialize, serialize } from "./serialization.ts";

/** The ways to quantize. */
export type QuantizationMode = "int8" | "int4" | "float8" | "ternary" | "gptq" | "awq";

/** Options of {@link QuantizationConfig}. */
export interface QuantizationConfigOptions {
  /** Quantizes weights. Default: by the largest magnitude along the axes that are summed over. */
  readonly weightQuantizer?: Quantizer | null;
  /** Quantizes inputs at each call; null leaves them as they are. */
  readonly activationQuantizer?: Quantizer | null;
}

const quantizers = ["weightQuantizer", "activationQuantizer"] as const;

/**
 * Base of what says how layers are quantized, to extend: `mode` says in which way.
 *
 * @param options `weightQuantizer`, `activationQuantizer` (default null)
 *
 * @example
 * ```ts
 * new Int4QuantizationConfig() instanceof QuantizationConfig; // → true
 * ```
 */
export abstract class QuantizationConfig {
  static readonly className: string = "QuantizationConfig";
  static readonly module: string = "keras.quantizers";
  readonly weightQuantizer: Quantizer | null;
  readonly activationQuantizer: Quantizer | null;

  constructor(options: QuantizationConfigOptions = {}) {
    checkOptions("QuantizationConfig", options, quantizers);
    this.weightQuantizer = options.weightQuantizer ?? null;
    this.activationQuantizer = options.activationQuantizer ?? null;
  }

  /** In which way layers are quantized. */
  abstract readonly mode: QuantizationMode;

  /** The name that the policy of a layer begins with, which says what a layer needs to be built from its config. */
  get policyMode(): string {
    return this.mode;
  }

  getConfig(): Config {
    const write = (quantizer: Quantizer | null): SerializedObject | null => quantizer && serialize(quantizer);
    return {
      weight_quantizer: write(this.weightQuantizer),
      activation_quantizer: write(this.activationQuantizer),
    };
  }
}

/** The quantizers that a config has. */
function quantizersOf(config: Config): Required<QuantizationConfigOptions> {
  const read = (written: unknown): Quantizer | null =>
    written === null || written === undefined ? null : deserialize(written as SerializedObject);
  return {
    weightQuantizer: read(config.weight_quantizer),
    activationQuantizer: read(config.activation_quantizer),
  };
}

function checkWeightQuantizer(where: string, quantizer: Quantizer | null): void {
  if (quantizer === null || quantizer.outputDtype === "int8") return;
  throw new ValueError(
    `${where}: expected a weightQuantizer with outputDtype "int8". Received: ${show(quantizer.outputDtype)}`,
  );
}

/** Options of {@link Int8QuantizationConfig}. */
export interface Int8QuantizationOptions {
  /** Quantizes weights. Default: by the largest magnitude along the axes that are summed over. */
  readonly weightQuantizer?: Quantizer | null;
  /** Quantizes inputs at each call; null leaves them as they are. Default: by the largest magnitude. */
  readonly activationQuantizer?: Quantizer | null;
}

/**
 * How `quantize("int8")` works: weights become int8 with a scale, and so do inputs at each call; products are summed in
 * int32.
 *
 * @param options `weightQuantizer` (default: by the largest magnitude), `activationQuantizer` (the same; null: none)
 * @throws ValueError for a weight quantizer of another dtype
 *
 * @example
 * ```ts
 * new Int8QuantizationConfig({ activationQuantizer: null }).mode; // → "int8"
 * ```
 */
export class Int8QuantizationConfig extends QuantizationConfig {
  static override readonly className: string = "Int8QuantizationConfig";
  readonly mode: "int8" = "int8" as const;

  constructor(options: Int8QuantizationOptions = {}) {
    checkOptions("Int8QuantizationConfig", options, quantizers);
    const { weightQuantizer = null, activationQuantizer = new AbsMaxQuantizer() } = options;
    checkWeightQuantizer("Int8QuantizationConfig", weightQuantizer);
    super({ weightQuantizer, activationQuantizer });
  }

  static fromConfig(config: Config): Int8QuantizationConfig {
    return new Int8QuantizationConfig(quantizersOf(config));
  }
}

/** Options of {@link Int4QuantizationConfig}. */
export interface Int4QuantizationOptions {
  /** Quantizes weights to whole numbers from -8 to 7; not together with a block size. */
  readonly weightQuantizer?: Quantizer | null;
  /** Quantizes inputs at each call; not together with a block size. Default null: inputs stay as they are. */
  readonly activationQuantizer?: Quantizer | null;
  /** How many numbers that are summed over share a scale and a zero; null or -1 for all of a channel. Default 128. */
  readonly blockSize?: number | null;
}

/**
 * How `quantize("int4")` works: weights become whole numbers of 4 bits, two to a byte, with a scale and a zero for each block
 * of a channel, or a scale for each channel. They are floats again when a layer is called.
 *
 * @param options `blockSize` (default 128; null or -1: a scale for each channel), `weightQuantizer`, `activationQuantizer`
 * @throws ValueError for another block size, for quantizers together with one, and for a weight quantizer of another range or
 *   dtype
 *
 * @example
 * ```ts
 * new Int4QuantizationConfig({ blockSize: 64 }).policyMode; // → "int4/64"
 * ```
 */
export class Int4QuantizationConfig extends QuantizationConfig {
  static override readonly className: string = "Int4QuantizationConfig";
  readonly mode: "int4" = "int4" as const;
  readonly blockSize: number | null;

  constructor(options: Int4QuantizationOptions = {}) {
    const where = "Int4QuantizationConfig";
    checkOptions(where, options, [...quantizers, "blockSize"]);
    const { weightQuantizer = null, activationQuantizer = null, blockSize = 128 } = options;
    if (blockSize !== null && blockSize !== -1 && !(Number.isSafeInteger(blockSize) && blockSize > 0)) {
      throw new ValueError(
        `${where}: expected blockSize to be null, -1 or a positive whole number. Received: blockSize=${show(blockSize)}`,
      );
    }
    const blocks = blockSize !== null && blockSize > 0;
    if (blocks && (weightQuantizer !== null || activationQuantizer !== null)) {
      throw new ValueError(
        `${where}: quantizers do not go together with blocks. Set blockSize to null or -1, or leave them out. Received: blockSize=${blockSize}`,
      );
    }
    const range = (weightQuantizer as Partial<AbsMaxQuantizer> | null)?.valueRange;
    if (weightQuantizer !== null && !(range?.[0] === -8 && range[1] === 7)) {
      throw new ValueError(
        `${where}: expected a weightQuantizer with valueRange [-8, 7]. Received: valueRange=${show(range)}`,
      );
    }
    checkWeightQuantizer(where, weightQuantizer);
    super({ weightQuantizer, activationQuantizer });
    this.blockSize = blockSize;
  }

  override get policyMode(): string {
    return `int4/${this.blockSize ?? -1}`;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), block_size: this.blockSize };
  }

  static fromConfig(config: Config): Int4QuantizationConfig {
    // Older files have no block size: their scales are those of channels.
    return new Int4QuantizationConfig({
      ...quantizersOf(config),
      blockSize: (config.block_size ?? null) as number | null,
    });
  }
}

/**
 * How `quantize("float8")` works: layers train with inputs, kernels and gradients rounded to 8-bit floats, whose scales follow
 * from the largest magnitudes of the last steps. It has no options.
 *
 * @example
 * ```ts
 * new Float8QuantizationConfig().mode; // → "float8"
 * ```
 */
export class Float8QuantizationConfig extends QuantizationConfig {
  static override readonly className: string = "Float8QuantizationConfig";
  readonly mode: "float8" = "float8" as const;

  override getConfig(): Config {
    return {};
  }

  static fromConfig(_config: Config = {}): Float8QuantizationConfig {
    return new Float8QuantizationConfig();
  }
}

/**
 * How `quantize("ternary")` works: kernels become -1, 0 and 1 with one scale (Ma et al., 2024), five to a byte. It has no
 * options.
 *
 * @example
 * ```ts
 * new TernaryQuantizationConfig().mode; // → "ternary"
 * ```
 */
export class TernaryQuantizationConfig extends QuantizationConfig {
  static override readonly className: string = "TernaryQuantizationConfig";
  readonly mode: "ternary" = "ternary" as const;

  override getConfig(): Config {
    return {};
  }

  static fromConfig(_config: Config = {}): TernaryQuantizationConfig {
    return new TernaryQuantizationConfig();
  }
}

const modes: readonly QuantizationMode[] = ["int8", "float8", "int4", "ternary", "gptq", "awq"];

function checkMode(mode: unknown): void {
  if (modes.includes(mode as QuantizationMode)) return;
  throw new ValueError(
    `quantize: expected one of the modes ${modes.join(", ")}. Received: mode=${show(mode)}`,
  );
}

/**
 * How layers are to be quantized, of a mode and a config of which one may be missing.
 *
 * @throws ValueError for an unknown mode, a mode that needs a config, what is no config, and for both that contradict
 */
export function resolveQuantization(
  mode: string | null | undefined,
  config: QuantizationConfig | null | undefined,
): QuantizationConfig {
  if (mode !== null && mode !== undefined) checkMode(mode);
  if (config === null || config === undefined) {
    switch (mode) {
      case "int8":
        return new Int8QuantizationConfig();
      case "int4":
        return new Int4QuantizationConfig();
      case "float8":
        return new Float8QuantizationConfig();
      case "ternary":
        return new TernaryQuantizationConfig();
      case "gptq":
      case "awq":
        throw new ValueError(
          `quantize: mode "${mode}" needs a config: ${mode === "gptq" ? "a GPTQConfig" : "an AWQConfig"}, which has the data that the layers are calibrated with.`,
        );
      default:
        throw new ValueError("quantize: expected a mode or a config.");
    }
  }
  if (!(config instanceof QuantizationConfig)) {
    throw new ValueError(`quantize: expected config to be a QuantizationConfig. Received: ${show(config)}`);
  }
  if (mode !== null && mode !== undefined && config.mode !== mode) {
    throw new ValueError(`quantize: the config is for ${show(config.mode)}. Received: mode=${show(mode)}`);
  }
  checkMode(config.mode);
  return config;
}
