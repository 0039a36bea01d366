/** What layers take when they are quantized. */
import type { QuantizationConfig } from "../quantizers/quantization_config.ts";
import type { SerializedObject } from "../saving/registry.ts";

/** Options of a layer's `quantize`. */
export interface QuantizeOptions {
  /** How. Default: a config of the mode. */
  readonly config?: QuantizationConfig | SerializedObject | null;
  /** Whether subclasses of layers that know how are refused. Default true. */
  readonly typeCheck?: boolean;
}
