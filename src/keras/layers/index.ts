/** `keras.layers`: what models are made of. */
export type { KerasShape, ShapeTree } from "../backend/keras_tensor.ts";
export * from "./all.ts";
export type { CallArguments, CallOptions, LayerInputs, OptionalTensors, Tensors } from "./call_inputs.ts";
export { Input } from "./core/input_layer.ts";
export { InputSpec, type InputSpecOptions } from "./input_spec.ts";
export { type AnyLayer, Layer, type LayerClass } from "./layer.ts";
export type { LayerOptions } from "./layer_options.ts";
export type { AddWeightOptions } from "./layer_state.ts";
export type { Lora, LoraOptions } from "./lora.ts";
export { add } from "./merging/add.ts";
export { average } from "./merging/average.ts";
export { concatenate } from "./merging/concatenate.ts";
export { dot } from "./merging/dot.ts";
export { maximum } from "./merging/maximum.ts";
export { minimum } from "./merging/minimum.ts";
export { multiply } from "./merging/multiply.ts";
export { subtract } from "./merging/subtract.ts";
export { deserialize, serialize } from "./serialization.ts";
