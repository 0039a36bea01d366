/** All layers, one export line each; classes are found here by their names. */
export { Activation } from "./activations/activation.ts";
export { ELU, type ELUOptions } from "./activations/elu.ts";
export { LeakyReLU, type LeakyReLUOptions } from "./activations/leaky_relu.ts";
export { ReLU, type ReLUOptions } from "./activations/relu.ts";
export { Softmax, type SoftmaxOptions } from "./activations/softmax.ts";
export { Dense, type DenseOptions, type LoraOptions } from "./core/dense.ts";
export { Identity } from "./core/identity.ts";
export { InputLayer, type InputOptions } from "./core/input_layer.ts";
export {
  ActivityRegularization,
  type ActivityRegularizationOptions,
} from "./regularization/activity_regularization.ts";
export { Dropout, type DropoutOptions } from "./regularization/dropout.ts";
export { type DataFormat, Flatten, type FlattenOptions } from "./reshaping/flatten.ts";
export { Permute } from "./reshaping/permute.ts";
export { RepeatVector } from "./reshaping/repeat_vector.ts";
export { Reshape } from "./reshaping/reshape.ts";
