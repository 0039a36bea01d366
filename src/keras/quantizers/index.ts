/** `keras.quantizers`: floats as narrow integers with scales, and how layers are quantized. */
export { type AbsMaxOptions, absMaxQuantize } from "./abs_max_quantize.ts";
export { absMaxQuantizeGroupedWithZeroPoint, type GroupedOptions } from "./abs_max_quantize_grouped.ts";
export { AbsMaxQuantizer, type AbsMaxQuantizerOptions } from "./abs_max_quantizer.ts";
export { AWQConfig, type AWQOptions } from "./awq_config.ts";
export type {
  CalibrationData,
  CalibrationOptions,
  QuantizationLayerStructure,
  Tokenizer,
} from "./calibration.ts";
export { type FakeQuantOptions, fakeQuantWithMinMaxVars } from "./fake_quant_with_min_max_vars.ts";
export {
  computeFloat8AmaxHistory,
  computeFloat8Scale,
  type Float8,
  quantizeAndDequantize,
} from "./float8.ts";
export { GPTQConfig, type GPTQOptions } from "./gptq_config.ts";
export { packInt2, unpackInt2 } from "./pack_int2.ts";
export { packInt4, unpackInt4 } from "./pack_int4.ts";
export { packTernary, type TernaryPackingOptions, unpackTernary } from "./pack_ternary.ts";
export type { Packed, PackedDType, PackingOptions } from "./packed_fields.ts";
export {
  Float8QuantizationConfig,
  Int4QuantizationConfig,
  type Int4QuantizationOptions,
  Int8QuantizationConfig,
  type Int8QuantizationOptions,
  QuantizationConfig,
  type QuantizationConfigOptions,
  type QuantizationMode,
  TernaryQuantizationConfig,
} from "./quantization_config.ts";
export { QuantizationReport, type SkipReason } from "./quantization_report.ts";
export { Quantizer } from "./quantizer.ts";
export { deserialize, get, serialize } from "./serialization.ts";
