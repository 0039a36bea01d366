/** What layers take when they are quantized. */
import type { QuantizationConfigLike } from "../quantizers/quantization_config.ts";

/** Options of a layer's `quantize`. */
export interface QuantizeOptions {
  /** How. Default: `new Int8QuantizationConfig()`. */
  readonly config?: QuantizationConfigLike | null;
  /** Whether subclasses of layers that know how are refused. Default true. */
  readonly typeCheck?: boolean;
}
