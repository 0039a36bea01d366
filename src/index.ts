/** Tsuno: Keras 3 for TypeScript. */
export {
  DisposedError,
  type DType,
  DTypeError,
  FileError,
  IndexError,
  type Shape,
  ShapeError,
  StateError,
  Tensor,
  type TensorLike,
  TsunoError,
  UnsupportedError,
  ValueError,
} from "./engine/index.ts";
export * as activations from "./keras/activations/index.ts";
export { device } from "./keras/backend/device_scope.ts";
export { KerasTensor } from "./keras/backend/keras_tensor.ts";
export { nameScope } from "./keras/backend/name_scope.ts";
export { Operation } from "./keras/backend/operation.ts";
export { type RematMode, RematScope, type RematScopeOptions, remat } from "./keras/backend/remat.ts";
export { StatelessScope, type StatelessScopeOptions } from "./keras/backend/stateless_scope.ts";
export { SymbolicScope } from "./keras/backend/symbolic_scope.ts";
export { Variable } from "./keras/backend/variable.ts";
export * as callbacks from "./keras/callbacks/index.ts";
export * as config from "./keras/config/index.ts";
export * as constraints from "./keras/constraints/index.ts";
export * as data from "./keras/data/index.ts";
export * as datasets from "./keras/datasets/index.ts";
export * as distillation from "./keras/distillation/index.ts";
export * as dtypePolicies from "./keras/dtype_policies/index.ts";
export { DTypePolicy, FloatDTypePolicy } from "./keras/dtype_policies/index.ts";
export * as initializers from "./keras/initializers/index.ts";
export { Initializer } from "./keras/initializers/index.ts";
export * as layers from "./keras/layers/index.ts";
export { Input, InputSpec, Layer } from "./keras/layers/index.ts";
export * as losses from "./keras/losses/index.ts";
export { Loss } from "./keras/losses/index.ts";
export * as metrics from "./keras/metrics/index.ts";
export { Metric } from "./keras/metrics/index.ts";
export * as mixedPrecision from "./keras/mixed_precision/index.ts";
export * as models from "./keras/models/index.ts";
export { Model, Sequential } from "./keras/models/index.ts";
export { Function } from "./keras/ops/function.ts";
export * as ops from "./keras/ops/index.ts";
export * as optimizers from "./keras/optimizers/index.ts";
export { Optimizer } from "./keras/optimizers/index.ts";
export * as quantizers from "./keras/quantizers/index.ts";
export { Quantizer } from "./keras/quantizers/index.ts";
export * as random from "./keras/random/index.ts";
export * as regularizers from "./keras/regularizers/index.ts";
export { Regularizer } from "./keras/regularizers/index.ts";
export * as saving from "./keras/saving/index.ts";
export * as tree from "./keras/tree/index.ts";
export * as utils from "./keras/utils/index.ts";
export * as visualization from "./keras/visualization/index.ts";
export * as np from "./numpy/index.ts";
export * as plt from "./pyplot/index.ts";
export { __version__, version } from "./version.ts";
