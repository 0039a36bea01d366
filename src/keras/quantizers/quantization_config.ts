/** How the weights and inputs of layers are quantized. */
import { checkOptions, show, ValueError } from "../../engine/index.ts";
import type { Config } from "../saving/config.ts";
import { isSerialized, resolve, type SerializedObject } from "../saving/registry.ts";
import { AbsMaxQuantizer } from "./abs_max_quantizer.ts";
import type { Quantizer } from "./quantizer.ts";
import { deserialize, serialize } from "./serialization.ts";

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
export class Int8QuantizationConfig {
  static readonly className: string = "Int8QuantizationConfig";
  static readonly module: string = "keras.quantizers";
  readonly mode: "int8" = "int8" as const;
  readonly weightQuantizer: Quantizer | null;
  readonly activationQuantizer: Quantizer | null;

  constructor(options: Int8QuantizationOptions = {}) {
    checkOptions("Int8QuantizationConfig", options, ["weightQuantizer", "activationQuantizer"]);
    this.weightQuantizer = options.weightQuantizer ?? null;
    const { activationQuantizer = new AbsMaxQuantizer() } = options;
    this.activationQuantizer = activationQuantizer;
    const dtype = this.weightQuantizer?.outputDtype ?? "int8";
    if (dtype !== "int8") {
      throw new ValueError(
        `Int8QuantizationConfig: expected a weightQuantizer with outputDtype "int8". Received: ${show(dtype)}`,
      );
    }
  }

  getConfig(): Config {
    const write = (quantizer: Quantizer | null): SerializedObject | null => quantizer && serialize(quantizer);
    return {
      weight_quantizer: write(this.weightQuantizer),
      activation_quantizer: write(this.activationQuantizer),
    };
  }

  static fromConfig(config: Config): Int8QuantizationConfig {
    const read = (written: unknown): Quantizer | null =>
      written === null || written === undefined ? null : deserialize(written as SerializedObject);
    return new Int8QuantizationConfig({
      weightQuantizer: read(config.weight_quantizer),
      activationQuantizer: read(config.activation_quantizer),
    });
  }
}

/** Whatever says how a layer is quantized: the config itself, or its JSON. */
export type QuantizationConfigLike = Int8QuantizationConfig | SerializedObject;

/**
 * How a layer is quantized, from what its options say.
 *
 * @throws ValueError for what is no such config
 */
export function quantizationConfig(
  given: QuantizationConfigLike | null | undefined,
): Int8QuantizationConfig | null {
  if (given === null || given === undefined || given instanceof Int8QuantizationConfig) return given ?? null;
  if (isSerialized(given)) {
    return resolve<Int8QuantizationConfig>("quantization config", given, {
      classes: { Int8QuantizationConfig },
    });
  }
  throw new ValueError(`Expected an Int8QuantizationConfig. Received: ${show(given)}`);
}
