/** `keras.ops`: functions of tensors, with Keras's names and semantics. */
export * from "./core.ts";
export * from "./math.ts";
export * from "./nn_activations.ts";
export * from "./nn_attention.ts";
export * from "./nn_convolutions.ts";
export * from "./nn_losses.ts";
export * from "./nn_normalization.ts";
export * from "./nn_pooling.ts";
export * from "./numpy_creation.ts";
export * from "./numpy_elementwise.ts";
export * from "./numpy_indexing.ts";
export * from "./numpy_linear.ts";
export * from "./numpy_logic.ts";
export * from "./numpy_pad.ts";
export * from "./numpy_reductions.ts";
export * from "./numpy_shape.ts";
