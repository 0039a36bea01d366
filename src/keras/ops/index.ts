/**
 * `keras.ops`: functions of tensors, with Keras's names and semantics.
 *
 * Those of `steps/` can be steps of a graph, each an operation of Keras: its line there gives the module, the class and the
 * parameters as `symbolicFunction` reads them. There is a file of steps for each file of functions, so that a program is
 * bundled with those that it uses. Their documentation stands at the functions themselves.
 */
export {
  isreal,
  matmul,
  reshape,
  shape,
  transpose,
  viewAsComplex,
  viewAsReal,
} from "./complex.ts";
export {
  abs,
  absolute,
  add,
  angle,
  conj,
  conjugate,
  divide,
  exp,
  imag,
  log,
  multiply,
  negative,
  polar,
  real,
  reciprocal,
  sqrt,
  square,
  subtract,
  trueDivide,
} from "./complex_elementwise.ts";
export { type ComplexDType, type ComplexLike, ComplexTensor } from "./complex_tensor.ts";
export * from "./functions.ts";
export * as image from "./image.ts";
export { eig } from "./linalg_eig.ts";
export type { Step } from "./step.ts";
export { jvp, map, vectorizedMap } from "./steps/control.ts";
export { cond, switch } from "./steps/control_branches.ts";
export { foriLoop, whileLoop } from "./steps/control_loops.ts";
export { associativeScan, scan } from "./steps/control_scan.ts";
export {
  cast,
  convertToTensor,
  customGradient,
  dtype,
  ndim,
  saturateCast,
  scatter,
  scatterUpdate,
  size,
  slice,
  sliceUpdate,
  stopGradient,
  view,
} from "./steps/core.ts";
export { fft, fft2, ifft2, irfft, rfft } from "./steps/fft.ts";
export { istft, stft } from "./steps/fft_frames.ts";
export { eigh } from "./steps/linalg_eigen.ts";
export { det, inv, logdet, luFactor, matrixPower, slogdet, solve } from "./steps/linalg_lu.ts";
export { norm } from "./steps/linalg_norm.ts";
export { qr } from "./steps/linalg_qr.ts";
export { lstsq, matrixRank, pinv, svd } from "./steps/linalg_svd.ts";
export { cholesky, choleskyInverse, solveTriangular } from "./steps/linalg_triangular.ts";
export {
  erf,
  erfc,
  erfinv,
  extractSequences,
  gammainc,
  logsumexp,
  segmentMax,
  segmentMin,
  segmentProd,
  segmentSum,
} from "./steps/math.ts";
export {
  celu,
  elu,
  gelu,
  glu,
  hardShrink,
  hardSigmoid,
  hardSilu,
  hardSwish,
  hardTanh,
  leakyRelu,
  logSigmoid,
  logSoftmax,
  relu,
  relu6,
  selu,
  sigmoid,
  silu,
  softmax,
  softplus,
  softShrink,
  softsign,
  sparsemax,
  sparsePlus,
  sparseSigmoid,
  squareplus,
  swish,
  tanhShrink,
  threshold,
} from "./steps/nn_activations.ts";
export { dotProductAttention } from "./steps/nn_attention.ts";
export { conv, convTranspose, depthwiseConv, separableConv } from "./steps/nn_convolutions.ts";
export { ctcLoss } from "./steps/nn_ctc.ts";
export { ctcDecode } from "./steps/nn_ctc_decode.ts";
export {
  binaryCrossentropy,
  categoricalCrossentropy,
  moments,
  multiHot,
  normalize,
  oneHot,
  sparseCategoricalCrossentropy,
} from "./steps/nn_losses.ts";
export { batchNormalization, layerNormalization, rmsNormalization } from "./steps/nn_normalization.ts";
export { adaptiveAveragePool, adaptiveMaxPool, averagePool, maxPool } from "./steps/nn_pooling.ts";
export { depthToSpace, fold, psnr, spaceToDepth, unfold } from "./steps/nn_rearrangement.ts";
export {
  array,
  copy,
  emptyLike,
  fullLike,
  geomspace,
  linspace,
  logspace,
  meshgrid,
  onesLike,
  zerosLike,
} from "./steps/numpy_creation.ts";
export {
  diag,
  diagflat,
  diagonal,
  trace,
  tril,
  triu,
} from "./steps/numpy_diagonals.ts";
export {
  arccos,
  arccosh,
  arcsin,
  arcsinh,
  arctan,
  arctan2,
  arctanh,
  cbrt,
  ceil,
  clip,
  cos,
  cosh,
  deg2rad,
  divideNoNan,
  exp2,
  expm1,
  fabs,
  floor,
  hypot,
  log1p,
  log2,
  log10,
  maximum,
  minimum,
  power,
  rad2deg,
  rsqrt,
  sign,
  sin,
  sinh,
  tan,
  tanh,
} from "./steps/numpy_elementwise.ts";
export { select, take, takeAlongAxis, unravelIndex, where } from "./steps/numpy_indexing.ts";
export {
  cdist,
  corrcoef,
  correlate,
  cross,
  dot,
  einsum,
  inner,
  kron,
  outer,
  tensordot,
  trapezoid,
  vander,
  vdot,
} from "./steps/numpy_linear.ts";
export {
  allclose,
  bitwiseAnd,
  bitwiseInvert,
  bitwiseLeftShift,
  bitwiseNot,
  bitwiseOr,
  bitwiseRightShift,
  bitwiseXor,
  equal,
  greater,
  greaterEqual,
  isclose,
  isfinite,
  isinf,
  isnan,
  isneginf,
  isposinf,
  leftShift,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
  notEqual,
  rightShift,
  signbit,
} from "./steps/numpy_logic.ts";
export {
  nanargmax,
  nanargmin,
  nancumprod,
  nancumsum,
  nanmax,
  nanmean,
  nanmin,
  nanprod,
  nanstd,
  nansum,
  nanvar,
} from "./steps/numpy_nan.ts";
export { pad } from "./steps/numpy_pad.ts";
export {
  all,
  amax,
  amin,
  any,
  argmax,
  argmin,
  average,
  countNonzero,
  cumprod,
  cumsum,
  diff,
  max,
  mean,
  min,
  prod,
  ptp,
  std,
  sum,
  var,
} from "./steps/numpy_reductions.ts";
export {
  floorDivide,
  fmod,
  gcd,
  lcm,
  mod,
  round,
  trunc,
} from "./steps/numpy_rounding.ts";
export {
  append,
  arraySplit,
  broadcastTo,
  concatenate,
  dsplit,
  dstack,
  expandDims,
  flip,
  fliplr,
  flipud,
  hsplit,
  hstack,
  moveaxis,
  ravel,
  repeat,
  roll,
  rot90,
  split,
  squeeze,
  stack,
  swapaxes,
  tile,
  unstack,
  vsplit,
  vstack,
} from "./steps/numpy_shape.ts";
export {
  argpartition,
  argsort,
  bincount,
  digitize,
  histogram,
  inTopK,
  isin,
  median,
  nanmedian,
  nanpercentile,
  nanquantile,
  percentile,
  quantile,
  searchsorted,
  sort,
  topK,
} from "./steps/numpy_sorting.ts";
export {
  fmax,
  fmin,
  heaviside,
  i0,
  ldexp,
  logaddexp,
  logaddexp2,
  nanToNum,
  nextafter,
  sinc,
} from "./steps/numpy_special.ts";
