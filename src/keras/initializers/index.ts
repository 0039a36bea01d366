/** `keras.initializers`: what weights begin with. */
export { Constant, Constant as constant } from "./constant.ts";
export {
  deserialize,
  get,
  type InitializerFunction,
  type InitializerIdentifier,
  type InitializerName,
  type SerializedInitializer,
  serialize,
} from "./get.ts";
export { GlorotNormal, GlorotNormal as glorotNormal } from "./glorot_normal.ts";
export { GlorotUniform, GlorotUniform as glorotUniform } from "./glorot_uniform.ts";
export { HeNormal, HeNormal as heNormal } from "./he_normal.ts";
export { HeUniform, HeUniform as heUniform } from "./he_uniform.ts";
export { Identity, Identity as identity, Identity as IdentityInitializer } from "./identity.ts";
export { Initializer, type InitializerCallOptions } from "./initializer.ts";
export { LecunNormal, LecunNormal as lecunNormal } from "./lecun_normal.ts";
export { LecunUniform, LecunUniform as lecunUniform } from "./lecun_uniform.ts";
export { Ones, Ones as ones } from "./ones.ts";
export {
  Orthogonal,
  Orthogonal as orthogonal,
  Orthogonal as OrthogonalInitializer,
  type OrthogonalOptions,
} from "./orthogonal.ts";
export { RandomInitializer, type SeedOptions } from "./random_initializer.ts";
export { type NormalOptions, RandomNormal, RandomNormal as randomNormal } from "./random_normal.ts";
export { RandomUniform, RandomUniform as randomUniform, type UniformOptions } from "./random_uniform.ts";
export { STFT, STFT as stft, STFT as STFTInitializer, type STFTOptions } from "./stft.ts";
export { TruncatedNormal, TruncatedNormal as truncatedNormal } from "./truncated_normal.ts";
export {
  type FanOptions,
  VarianceScaling,
  VarianceScaling as varianceScaling,
  type VarianceScalingOptions,
} from "./variance_scaling.ts";
export { Zeros, Zeros as zeros } from "./zeros.ts";
