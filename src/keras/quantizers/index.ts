/** `keras.quantizers`: floats as integers with a scale. */
export { type AbsMaxOptions, absMaxQuantize } from "./abs_max_quantize.ts";
export { AbsMaxQuantizer, type AbsMaxQuantizerOptions } from "./abs_max_quantizer.ts";
export { Int8QuantizationConfig, type Int8QuantizationOptions } from "./quantization_config.ts";
export { Quantizer } from "./quantizer.ts";
export { deserialize, get, serialize } from "./serialization.ts";
