/** `keras.initializers`: what weights begin with. */
export { Constant } from "./constant.ts";
export {
  deserialize,
  get,
  type InitializerFunction,
  type InitializerIdentifier,
  type InitializerName,
  type SerializedInitializer,
  serialize,
} from "./get.ts";
export { GlorotNormal } from "./glorot_normal.ts";
export { GlorotUniform } from "./glorot_uniform.ts";
export { HeNormal } from "./he_normal.ts";
export { HeUniform } from "./he_uniform.ts";
export { Identity } from "./identity.ts";
export { Initializer, type InitializerCallOptions } from "./initializer.ts";
export { LecunNormal } from "./lecun_normal.ts";
export { LecunUniform } from "./lecun_uniform.ts";
export { Ones } from "./ones.ts";
export { Orthogonal, type OrthogonalOptions } from "./orthogonal.ts";
export { RandomInitializer, type SeedOptions } from "./random_initializer.ts";
export { type NormalOptions, RandomNormal } from "./random_normal.ts";
export { RandomUniform, type UniformOptions } from "./random_uniform.ts";
export { STFT, type STFTOptions } from "./stft.ts";
export { TruncatedNormal } from "./truncated_normal.ts";
export { type FanOptions, VarianceScaling, type VarianceScalingOptions } from "./variance_scaling.ts";
export { Zeros } from "./zeros.ts";
