/**
 * `keras.ops`: functions of tensors, with Keras's names and semantics.
 *
 * Those listed here can be steps of a graph, each an operation of Keras: the line gives the module, the class and the
 * parameters as `symbolicFunction` reads them. Their documentation stands at the functions themselves.
 */
import type { Tensor } from "../../engine/index.ts";
import type { KerasTensor } from "../backend/keras_tensor.ts";
import * as f from "./functions.ts";
import { type Step, step } from "./step.ts";

export * from "./functions.ts";
export * as image from "./image.ts";
export type { Step };

/** A function of one row of a symbolic tensor. */
type SymbolicMap = (f: (row: Tensor) => Tensor, xs: KerasTensor) => KerasTensor;

/** {@link f.associativeScan} of a symbolic tensor. */
type SymbolicAssociativeScan = (
  f: (a: Tensor, b: Tensor) => Tensor,
  elems: KerasTensor,
  options?: f.AssociativeScanOptions,
) => KerasTensor;

/** {@link f.scan} of symbolic tensors. */
type SymbolicScan = (
  f: (carry: Tensor, row: Tensor) => readonly [carry: Tensor, output: Tensor],
  init: KerasTensor,
  options?: f.ScanOptions<KerasTensor>,
) => [carry: KerasTensor, outputs: KerasTensor];

export const absolute: Step<typeof f.absolute> = /* @__PURE__ */ step(f.absolute, "numpy Absolute x");
export const adaptiveAveragePool: Step<typeof f.adaptiveAveragePool> = /* @__PURE__ */ step(
  f.adaptiveAveragePool,
  "nn AdaptiveAveragePool inputs output_size! | data_format!=null",
);
export const adaptiveMaxPool: Step<typeof f.adaptiveMaxPool> = /* @__PURE__ */ step(
  f.adaptiveMaxPool,
  "nn AdaptiveMaxPool inputs output_size! | data_format!=null",
);
export const add: Step<typeof f.add> = /* @__PURE__ */ step(f.add, "numpy Add x1 x2");
export const all: Step<typeof f.all> = /* @__PURE__ */ step(
  f.all,
  "numpy All x | axis!=null keepdims!=false",
);
export const allclose: Step<typeof f.allclose> = /* @__PURE__ */ step(
  f.allclose,
  "numpy AllClose x1 x2 | rtol!=0.00001 atol!=1e-8 equal_nan!=false",
);
export const amax: Step<typeof f.amax> = /* @__PURE__ */ step(
  f.amax,
  "numpy Amax x | axis!=null keepdims!=false",
);
export const amin: Step<typeof f.amin> = /* @__PURE__ */ step(
  f.amin,
  "numpy Amin x | axis!=null keepdims!=false",
);
export const angle: Step<typeof f.angle> = /* @__PURE__ */ step(f.angle, "numpy Angle x");
export const any: Step<typeof f.any> = /* @__PURE__ */ step(
  f.any,
  "numpy Any x | axis!=null keepdims!=false",
);
export const append: Step<typeof f.append> = /* @__PURE__ */ step(
  f.append,
  "numpy Append x1 x2 | axis!=null",
);
export const arccos: Step<typeof f.arccos> = /* @__PURE__ */ step(f.arccos, "numpy Arccos x");
export const arccosh: Step<typeof f.arccosh> = /* @__PURE__ */ step(f.arccosh, "numpy Arccosh x");
export const arcsin: Step<typeof f.arcsin> = /* @__PURE__ */ step(f.arcsin, "numpy Arcsin x");
export const arcsinh: Step<typeof f.arcsinh> = /* @__PURE__ */ step(f.arcsinh, "numpy Arcsinh x");
export const arctan: Step<typeof f.arctan> = /* @__PURE__ */ step(f.arctan, "numpy Arctan x");
export const arctan2: Step<typeof f.arctan2> = /* @__PURE__ */ step(f.arctan2, "numpy Arctan2 x1 x2");
export const arctanh: Step<typeof f.arctanh> = /* @__PURE__ */ step(f.arctanh, "numpy Arctanh x");
export const argmax: Step<typeof f.argmax> = /* @__PURE__ */ step(
  f.argmax,
  "numpy Argmax x | axis!=null keepdims!=false",
);
export const argmin: Step<typeof f.argmin> = /* @__PURE__ */ step(
  f.argmin,
  "numpy Argmin x | axis!=null keepdims!=false",
);
export const argpartition: Step<typeof f.argpartition> = /* @__PURE__ */ step(
  f.argpartition,
  "numpy Argpartition x kth! | axis!=-1",
);
export const argsort: Step<typeof f.argsort> = /* @__PURE__ */ step(f.argsort, "numpy Argsort x | axis!=-1");
export const array: Step<typeof f.array> = /* @__PURE__ */ step(f.array, "numpy Array x | dtype!=null");
export const arraySplit: Step<typeof f.arraySplit> = /* @__PURE__ */ step(
  f.arraySplit,
  "numpy ArraySplit x indices_or_sections! | axis!=0",
);
export const associativeScan: SymbolicAssociativeScan & typeof f.associativeScan = /* @__PURE__ */ step(
  f.associativeScan,
  "core AssociativeScan f elems | reverse!=false axis!=0",
);
export const average: Step<typeof f.average> = /* @__PURE__ */ step(
  f.average,
  "numpy Average x | axis!=null weights=null",
);
export const averagePool: Step<typeof f.averagePool> = /* @__PURE__ */ step(
  f.averagePool,
  'nn AveragePool inputs pool_size! | strides!=null padding!="valid" data_format!=null',
);
export const batchNormalization: Step<typeof f.batchNormalization> = /* @__PURE__ */ step(
  f.batchNormalization,
  "nn BatchNorm x mean variance axis! | offset=null scale=null epsilon!=0.001",
);
export const binaryCrossentropy: Step<typeof f.binaryCrossentropy> = /* @__PURE__ */ step(
  f.binaryCrossentropy,
  "nn BinaryCrossentropy target output | from_logits!=false",
);
export const bincount: Step<typeof f.bincount> = /* @__PURE__ */ step(
  f.bincount,
  "numpy Bincount x | weights!=null minlength!=0 sparse!=false",
);
export const bitwiseAnd: Step<typeof f.bitwiseAnd> = /* @__PURE__ */ step(
  f.bitwiseAnd,
  "numpy BitwiseAnd x y",
);
export const bitwiseInvert: Step<typeof f.bitwiseInvert> = /* @__PURE__ */ step(
  f.bitwiseInvert,
  "numpy BitwiseInvert x",
);
export const bitwiseLeftShift: Step<typeof f.bitwiseLeftShift> = /* @__PURE__ */ step(
  f.bitwiseLeftShift,
  "numpy BitwiseLeftShift x y",
);
export const bitwiseNot: Step<typeof f.bitwiseNot> = /* @__PURE__ */ step(f.bitwiseNot, "numpy BitwiseNot x");
export const bitwiseOr: Step<typeof f.bitwiseOr> = /* @__PURE__ */ step(f.bitwiseOr, "numpy BitwiseOr x y");
export const bitwiseRightShift: Step<typeof f.bitwiseRightShift> = /* @__PURE__ */ step(
  f.bitwiseRightShift,
  "numpy BitwiseRightShift x y",
);
export const bitwiseXor: Step<typeof f.bitwiseXor> = /* @__PURE__ */ step(
  f.bitwiseXor,
  "numpy BitwiseXor x y",
);
export const broadcastTo: Step<typeof f.broadcastTo> = /* @__PURE__ */ step(
  f.broadcastTo,
  "numpy BroadcastTo x shape!",
);
export const cast: Step<typeof f.cast> = /* @__PURE__ */ step(f.cast, "core Cast x dtype!");
export const categoricalCrossentropy: Step<typeof f.categoricalCrossentropy> = /* @__PURE__ */ step(
  f.categoricalCrossentropy,
  "nn CategoricalCrossentropy target output | from_logits!=false axis!=-1",
);
export const cbrt: Step<typeof f.cbrt> = /* @__PURE__ */ step(f.cbrt, "numpy Cbrt x");
export const cdist: Step<typeof f.cdist> = /* @__PURE__ */ step(f.cdist, "math CDist x y");
export const ceil: Step<typeof f.ceil> = /* @__PURE__ */ step(f.ceil, "numpy Ceil x");
export const celu: Step<typeof f.celu> = /* @__PURE__ */ step(f.celu, "nn Celu x | alpha!=1");
export const cholesky: Step<typeof f.cholesky> = /* @__PURE__ */ step(
  f.cholesky,
  "linalg Cholesky x | upper!=false",
);
export const choleskyInverse: Step<typeof f.choleskyInverse> = /* @__PURE__ */ step(
  f.choleskyInverse,
  "linalg CholeskyInverse x | upper!=false",
);
export const clip: Step<typeof f.clip> = /* @__PURE__ */ step(f.clip, "numpy Clip x x_min! x_max!");
export const concatenate: Step<typeof f.concatenate> = /* @__PURE__ */ step(
  f.concatenate,
  "numpy Concatenate xs | axis!=0",
);
export const conjugate: Step<typeof f.conjugate> = /* @__PURE__ */ step(f.conjugate, "numpy Conjugate x");
export const conv: Step<typeof f.conv> = /* @__PURE__ */ step(
  f.conv,
  'nn Conv inputs kernel | strides!=1 padding!="valid" data_format!=null dilation_rate!=1',
);
export const convertToTensor: Step<typeof f.convertToTensor> = /* @__PURE__ */ step(
  f.convertToTensor,
  "core ConvertToTensor x | dtype!=null sparse!=null ragged!=null",
);
export const convTranspose: Step<typeof f.convTranspose> = /* @__PURE__ */ step(
  f.convTranspose,
  'nn ConvTranspose inputs kernel | strides!=1 padding!="valid" output_padding!=null data_format!=null dilation_rate!=1',
);
export const copy: Step<typeof f.copy> = /* @__PURE__ */ step(f.copy, "numpy Copy x");
export const corrcoef: Step<typeof f.corrcoef> = /* @__PURE__ */ step(f.corrcoef, "numpy Corrcoef x");
export const correlate: Step<typeof f.correlate> = /* @__PURE__ */ step(
  f.correlate,
  'numpy Correlate x1 x2 | mode!="valid"',
);
export const cos: Step<typeof f.cos> = /* @__PURE__ */ step(f.cos, "numpy Cos x");
export const cosh: Step<typeof f.cosh> = /* @__PURE__ */ step(f.cosh, "numpy Cosh x");
export const countNonzero: Step<typeof f.countNonzero> = /* @__PURE__ */ step(
  f.countNonzero,
  "numpy CountNonzero x | axis!=null",
);
export const cross: Step<typeof f.cross> = /* @__PURE__ */ step(
  f.cross,
  "numpy Cross x1 x2 | axisa!=-1 axisb!=-1 axisc!=-1 axis!=null",
);
export const ctcDecode: Step<typeof f.ctcDecode> = /* @__PURE__ */ step(
  f.ctcDecode,
  'nn CTCDecode inputs sequence_lengths | strategy!="greedy" beam_width!=100 top_paths!=1 merge_repeated!=true mask_index!=0',
);
export const ctcLoss: Step<typeof f.ctcLoss> = /* @__PURE__ */ step(
  f.ctcLoss,
  "nn CTCLoss target output target_length output_length | mask_index!=0",
);
export const cumprod: Step<typeof f.cumprod> = /* @__PURE__ */ step(
  f.cumprod,
  "numpy Cumprod x | axis!=null dtype!=null",
);
export const cumsum: Step<typeof f.cumsum> = /* @__PURE__ */ step(
  f.cumsum,
  "numpy Cumsum x | axis!=null dtype!=null",
);
export const deg2rad: Step<typeof f.deg2rad> = /* @__PURE__ */ step(f.deg2rad, "numpy Deg2rad x");
export const depthToSpace: Step<typeof f.depthToSpace> = /* @__PURE__ */ step(
  f.depthToSpace,
  'nn DepthToSpace x block_size! | data_format!="channels_last"',
);
export const depthwiseConv: Step<typeof f.depthwiseConv> = /* @__PURE__ */ step(
  f.depthwiseConv,
  'nn DepthwiseConv inputs kernel | strides!=1 padding!="valid" data_format!=null dilation_rate!=1',
);
export const det: Step<typeof f.det> = /* @__PURE__ */ step(f.det, "linalg Det x");
export const diag: Step<typeof f.diag> = /* @__PURE__ */ step(f.diag, "numpy Diag x | k!=0");
export const diagflat: Step<typeof f.diagflat> = /* @__PURE__ */ step(f.diagflat, "numpy Diagflat x | k!=0");
export const diagonal: Step<typeof f.diagonal> = /* @__PURE__ */ step(
  f.diagonal,
  "numpy Diagonal x | offset!=0 axis1!=0 axis2!=1",
);
export const diff: Step<typeof f.diff> = /* @__PURE__ */ step(f.diff, "numpy Diff a | n!=1 axis!=-1");
export const digitize: Step<typeof f.digitize> = /* @__PURE__ */ step(f.digitize, "numpy Digitize x bins");
export const divide: Step<typeof f.divide> = /* @__PURE__ */ step(f.divide, "numpy Divide x1 x2");
export const divideNoNan: Step<typeof f.divideNoNan> = /* @__PURE__ */ step(
  f.divideNoNan,
  "numpy DivideNoNan x1 x2",
);
export const dot: Step<typeof f.dot> = /* @__PURE__ */ step(f.dot, "numpy Dot x1 x2");
export const dotProductAttention: Step<typeof f.dotProductAttention> = /* @__PURE__ */ step(
  f.dotProductAttention,
  "nn DotProductAttention query key value | bias=null mask=null scale=null is_causal!=false flash_attention!=null attn_logits_soft_cap!=null",
);
export const dsplit: Step<typeof f.dsplit> = /* @__PURE__ */ step(
  f.dsplit,
  "numpy Dsplit x indices_or_sections!",
);
export const dstack: Step<typeof f.dstack> = /* @__PURE__ */ step(f.dstack, "numpy Dstack xs");
export const eigh: Step<typeof f.eigh> = /* @__PURE__ */ step(f.eigh, "linalg Eigh x");
export const einsum: Step<typeof f.einsum> = /* @__PURE__ */ step(
  f.einsum,
  "numpy Einsum subscripts! *operands",
);
export const elu: Step<typeof f.elu> = /* @__PURE__ */ step(f.elu, "nn Elu x | alpha!=1");
export const emptyLike: Step<typeof f.emptyLike> = /* @__PURE__ */ step(
  f.emptyLike,
  "numpy EmptyLike x | dtype!=null",
);
export const equal: Step<typeof f.equal> = /* @__PURE__ */ step(f.equal, "numpy Equal x1 x2");
export const erf: Step<typeof f.erf> = /* @__PURE__ */ step(f.erf, "math Erf x");
export const erfc: Step<typeof f.erfc> = /* @__PURE__ */ step(f.erfc, "math Erfc x");
export const erfinv: Step<typeof f.erfinv> = /* @__PURE__ */ step(f.erfinv, "math Erfinv x");
export const exp: Step<typeof f.exp> = /* @__PURE__ */ step(f.exp, "numpy Exp x");
export const exp2: Step<typeof f.exp2> = /* @__PURE__ */ step(f.exp2, "numpy Exp2 x");
export const expandDims: Step<typeof f.expandDims> = /* @__PURE__ */ step(
  f.expandDims,
  "numpy ExpandDims x axis!",
);
export const expm1: Step<typeof f.expm1> = /* @__PURE__ */ step(f.expm1, "numpy Expm1 x");
export const extractSequences: Step<typeof f.extractSequences> = /* @__PURE__ */ step(
  f.extractSequences,
  "math ExtractSequences x sequence_length! sequence_stride!",
);
export const fabs: Step<typeof f.fabs> = /* @__PURE__ */ step(f.fabs, "numpy Fabs x");
export const fft: Step<typeof f.fft> = /* @__PURE__ */ step(f.fft, "math FFT x");
export const fft2: Step<typeof f.fft2> = /* @__PURE__ */ step(f.fft2, "math FFT2 x");
export const flip: Step<typeof f.flip> = /* @__PURE__ */ step(f.flip, "numpy Flip x | axis!=null");
export const fliplr: Step<typeof f.fliplr> = /* @__PURE__ */ step(f.fliplr, "numpy Fliplr x");
export const flipud: Step<typeof f.flipud> = /* @__PURE__ */ step(f.flipud, "numpy Flipud x");
export const floor: Step<typeof f.floor> = /* @__PURE__ */ step(f.floor, "numpy Floor x");
export const floorDivide: Step<typeof f.floorDivide> = /* @__PURE__ */ step(
  f.floorDivide,
  "numpy FloorDivide x1 x2",
);
export const fmax: Step<typeof f.fmax> = /* @__PURE__ */ step(f.fmax, "numpy Fmax x1 x2");
export const fmin: Step<typeof f.fmin> = /* @__PURE__ */ step(f.fmin, "numpy Fmin x1 x2");
export const fmod: Step<typeof f.fmod> = /* @__PURE__ */ step(f.fmod, "numpy Fmod x1 x2");
export const fold: Step<typeof f.fold> = /* @__PURE__ */ step(
  f.fold,
  "nn Fold x output_size! kernel_size! | dilation!=1 padding!=0 stride!=1",
);
export const foriLoop: Step<typeof f.foriLoop> = /* @__PURE__ */ step(
  f.foriLoop,
  "core ForiLoop lower! upper! body_fun! init_val",
);
export const fullLike: Step<typeof f.fullLike> = /* @__PURE__ */ step(
  f.fullLike,
  "numpy FullLike x fill_value | dtype!=null",
);
export const gammainc: Step<typeof f.gammainc> = /* @__PURE__ */ step(f.gammainc, "math Gammainc x1 x2");
export const gcd: Step<typeof f.gcd> = /* @__PURE__ */ step(f.gcd, "numpy Gcd x1 x2");
export const gelu: Step<typeof f.gelu> = /* @__PURE__ */ step(f.gelu, "nn Gelu x | approximate!=true");
export const geomspace: Step<typeof f.geomspace> = /* @__PURE__ */ step(
  f.geomspace,
  "numpy Geomspace start stop | num!=50 endpoint!=true dtype!=null axis!=0",
);
export const glu: Step<typeof f.glu> = /* @__PURE__ */ step(f.glu, "nn Glu x | axis!=-1");
export const greater: Step<typeof f.greater> = /* @__PURE__ */ step(f.greater, "numpy Greater x1 x2");
export const greaterEqual: Step<typeof f.greaterEqual> = /* @__PURE__ */ step(
  f.greaterEqual,
  "numpy GreaterEqual x1 x2",
);
export const hardShrink: Step<typeof f.hardShrink> = /* @__PURE__ */ step(
  f.hardShrink,
  "nn HardShrink x | threshold!=0.5",
);
export const hardSigmoid: Step<typeof f.hardSigmoid> = /* @__PURE__ */ step(
  f.hardSigmoid,
  "nn HardSigmoid x",
);
export const hardSilu: Step<typeof f.hardSilu> = /* @__PURE__ */ step(f.hardSilu, "nn HardSilu x");
export const hardTanh: Step<typeof f.hardTanh> = /* @__PURE__ */ step(f.hardTanh, "nn HardTanh x");
export const heaviside: Step<typeof f.heaviside> = /* @__PURE__ */ step(f.heaviside, "numpy Heaviside x1 x2");
export const histogram: Step<typeof f.histogram> = /* @__PURE__ */ step(
  f.histogram,
  "numpy Histogram x | bins!=10 range!=null",
);
export const hsplit: Step<typeof f.hsplit> = /* @__PURE__ */ step(
  f.hsplit,
  "numpy Hsplit x indices_or_sections!",
);
export const hstack: Step<typeof f.hstack> = /* @__PURE__ */ step(f.hstack, "numpy Hstack xs");
export const hypot: Step<typeof f.hypot> = /* @__PURE__ */ step(f.hypot, "numpy Hypot x1 x2");
export const i0: Step<typeof f.i0> = /* @__PURE__ */ step(f.i0, "numpy I0 x");
export const ifft2: Step<typeof f.ifft2> = /* @__PURE__ */ step(f.ifft2, "math IFFT2 x");
export const imag: Step<typeof f.imag> = /* @__PURE__ */ step(f.imag, "numpy Imag x");
export const inner: Step<typeof f.inner> = /* @__PURE__ */ step(f.inner, "numpy Inner x1 x2");
export const inTopK: Step<typeof f.inTopK> = /* @__PURE__ */ step(
  f.inTopK,
  "math InTopK targets predictions k!",
);
export const inv: Step<typeof f.inv> = /* @__PURE__ */ step(f.inv, "linalg Inv x");
export const irfft: Step<typeof f.irfft> = /* @__PURE__ */ step(f.irfft, "math IRFFT x | fft_length!=null");
export const isclose: Step<typeof f.isclose> = /* @__PURE__ */ step(
  f.isclose,
  "numpy Isclose x1 x2 | rtol=0.00001 atol=1e-8 equal_nan!=false",
);
export const isfinite: Step<typeof f.isfinite> = /* @__PURE__ */ step(f.isfinite, "numpy Isfinite x");
export const isin: Step<typeof f.isin> = /* @__PURE__ */ step(
  f.isin,
  "numpy IsIn x1 x2 | assume_unique!=false invert!=false",
);
export const isinf: Step<typeof f.isinf> = /* @__PURE__ */ step(f.isinf, "numpy Isinf x");
export const isnan: Step<typeof f.isnan> = /* @__PURE__ */ step(f.isnan, "numpy Isnan x");
export const isneginf: Step<typeof f.isneginf> = /* @__PURE__ */ step(f.isneginf, "numpy Isneginf x");
export const isposinf: Step<typeof f.isposinf> = /* @__PURE__ */ step(f.isposinf, "numpy Isposinf x");
export const isreal: Step<typeof f.isreal> = /* @__PURE__ */ step(f.isreal, "numpy Isreal x");
export const istft: Step<typeof f.istft> = /* @__PURE__ */ step(
  f.istft,
  'math ISTFT x sequence_length! sequence_stride! fft_length! | length!=null window!="hann" center!=true',
);
export const kron: Step<typeof f.kron> = /* @__PURE__ */ step(f.kron, "numpy Kron x1 x2");
export const layerNormalization: Step<typeof f.layerNormalization> = /* @__PURE__ */ step(
  f.layerNormalization,
  "nn LayerNorm x | gamma=null beta=null axis!=-1 epsilon!=null",
);
export const lcm: Step<typeof f.lcm> = /* @__PURE__ */ step(f.lcm, "numpy Lcm x1 x2");
export const ldexp: Step<typeof f.ldexp> = /* @__PURE__ */ step(f.ldexp, "numpy Ldexp x1 x2");
export const leakyRelu: Step<typeof f.leakyRelu> = /* @__PURE__ */ step(
  f.leakyRelu,
  "nn LeakyRelu x | negative_slope!=0.2",
);
export const leftShift: Step<typeof f.leftShift> = /* @__PURE__ */ step(f.leftShift, "numpy LeftShift x y");
export const less: Step<typeof f.less> = /* @__PURE__ */ step(f.less, "numpy Less x1 x2");
export const lessEqual: Step<typeof f.lessEqual> = /* @__PURE__ */ step(f.lessEqual, "numpy LessEqual x1 x2");
export const linspace: Step<typeof f.linspace> = /* @__PURE__ */ step(
  f.linspace,
  "numpy Linspace start stop | num!=50 endpoint!=true retstep!=false dtype!=null axis!=0",
);
export const log: Step<typeof f.log> = /* @__PURE__ */ step(f.log, "numpy Log x");
export const log10: Step<typeof f.log10> = /* @__PURE__ */ step(f.log10, "numpy Log10 x");
export const log1p: Step<typeof f.log1p> = /* @__PURE__ */ step(f.log1p, "numpy Log1p x");
export const log2: Step<typeof f.log2> = /* @__PURE__ */ step(f.log2, "numpy Log2 x");
export const logaddexp: Step<typeof f.logaddexp> = /* @__PURE__ */ step(f.logaddexp, "numpy Logaddexp x1 x2");
export const logaddexp2: Step<typeof f.logaddexp2> = /* @__PURE__ */ step(
  f.logaddexp2,
  "numpy Logaddexp2 x1 x2",
);
export const logdet: Step<typeof f.logdet> = /* @__PURE__ */ step(f.logdet, "math Logdet x");
export const logicalAnd: Step<typeof f.logicalAnd> = /* @__PURE__ */ step(
  f.logicalAnd,
  "numpy LogicalAnd x1 x2",
);
export const logicalNot: Step<typeof f.logicalNot> = /* @__PURE__ */ step(f.logicalNot, "numpy LogicalNot x");
export const logicalOr: Step<typeof f.logicalOr> = /* @__PURE__ */ step(f.logicalOr, "numpy LogicalOr x1 x2");
export const logicalXor: Step<typeof f.logicalXor> = /* @__PURE__ */ step(
  f.logicalXor,
  "numpy LogicalXor x1 x2",
);
export const logSigmoid: Step<typeof f.logSigmoid> = /* @__PURE__ */ step(f.logSigmoid, "nn LogSigmoid x");
export const logSoftmax: Step<typeof f.logSoftmax> = /* @__PURE__ */ step(
  f.logSoftmax,
  "nn LogSoftmax x | axis!=-1",
);
export const logspace: Step<typeof f.logspace> = /* @__PURE__ */ step(
  f.logspace,
  "numpy Logspace start stop | num!=50 endpoint!=true base!=10 dtype!=null axis!=0",
);
export const logsumexp: Step<typeof f.logsumexp> = /* @__PURE__ */ step(
  f.logsumexp,
  "math Logsumexp x | axis!=null keepdims!=false",
);
export const lstsq: Step<typeof f.lstsq> = /* @__PURE__ */ step(f.lstsq, "linalg Lstsq a b | rcond!=null");
export const luFactor: Step<typeof f.luFactor> = /* @__PURE__ */ step(f.luFactor, "linalg LuFactor x");
export const map: SymbolicMap & typeof f.map = /* @__PURE__ */ step(f.map, "core Map f xs");
export const matmul: Step<typeof f.matmul> = /* @__PURE__ */ step(f.matmul, "numpy Matmul x1 x2");
export const matrixPower: Step<typeof f.matrixPower> = /* @__PURE__ */ step(
  f.matrixPower,
  "linalg MatrixPower x n!",
);
export const matrixRank: Step<typeof f.matrixRank> = /* @__PURE__ */ step(
  f.matrixRank,
  "linalg MatrixRank x | tol!=null",
);
export const max: Step<typeof f.max> = /* @__PURE__ */ step(
  f.max,
  "numpy Max x | axis!=null keepdims!=false initial!=null",
);
export const maximum: Step<typeof f.maximum> = /* @__PURE__ */ step(f.maximum, "numpy Maximum x1 x2");
export const maxPool: Step<typeof f.maxPool> = /* @__PURE__ */ step(
  f.maxPool,
  'nn MaxPool inputs pool_size! | strides!=null padding!="valid" data_format!=null',
);
export const mean: Step<typeof f.mean> = /* @__PURE__ */ step(
  f.mean,
  "numpy Mean x | axis!=null keepdims!=false",
);
export const median: Step<typeof f.median> = /* @__PURE__ */ step(
  f.median,
  "numpy Median x | axis!=null keepdims!=false",
);
export const meshgrid: Step<typeof f.meshgrid> = /* @__PURE__ */ step(
  f.meshgrid,
  'numpy Meshgrid *x | indexing!="xy"',
);
export const min: Step<typeof f.min> = /* @__PURE__ */ step(
  f.min,
  "numpy Min x | axis!=null keepdims!=false initial!=null",
);
export const minimum: Step<typeof f.minimum> = /* @__PURE__ */ step(f.minimum, "numpy Minimum x1 x2");
export const mod: Step<typeof f.mod> = /* @__PURE__ */ step(f.mod, "numpy Mod x1 x2");
export const moments: Step<typeof f.moments> = /* @__PURE__ */ step(
  f.moments,
  "nn Moments x axes! | keepdims!=false synchronized!=false",
);
export const moveaxis: Step<typeof f.moveaxis> = /* @__PURE__ */ step(
  f.moveaxis,
  "numpy Moveaxis x source! destination!",
);
export const multiHot: Step<typeof f.multiHot> = /* @__PURE__ */ step(
  f.multiHot,
  "nn MultiHot inputs num_classes!=null | axis!=-1 dtype!=null sparse!=false",
);
export const multiply: Step<typeof f.multiply> = /* @__PURE__ */ step(f.multiply, "numpy Multiply x1 x2");
export const nanargmax: Step<typeof f.nanargmax> = /* @__PURE__ */ step(
  f.nanargmax,
  "numpy Nanargmax x | axis!=null keepdims!=false",
);
export const nanargmin: Step<typeof f.nanargmin> = /* @__PURE__ */ step(
  f.nanargmin,
  "numpy Nanargmin x | axis!=null keepdims!=false",
);
export const nancumprod: Step<typeof f.nancumprod> = /* @__PURE__ */ step(
  f.nancumprod,
  "numpy Nancumprod x | axis!=null dtype!=null",
);
export const nancumsum: Step<typeof f.nancumsum> = /* @__PURE__ */ step(
  f.nancumsum,
  "numpy Nancumsum x | axis!=null dtype!=null",
);
export const nanmax: Step<typeof f.nanmax> = /* @__PURE__ */ step(
  f.nanmax,
  "numpy Nanmax x | axis!=null keepdims!=false",
);
export const nanmean: Step<typeof f.nanmean> = /* @__PURE__ */ step(
  f.nanmean,
  "numpy Nanmean x | axis!=null keepdims!=false",
);
export const nanmedian: Step<typeof f.nanmedian> = /* @__PURE__ */ step(
  f.nanmedian,
  "numpy Nanmedian x | axis!=null keepdims!=false",
);
export const nanmin: Step<typeof f.nanmin> = /* @__PURE__ */ step(
  f.nanmin,
  "numpy Nanmin x | axis!=null keepdims!=false",
);
export const nanpercentile: Step<typeof f.nanpercentile> = /* @__PURE__ */ step(
  f.nanpercentile,
  'numpy Nanpercentile x q | axis!=null method!="linear" keepdims!=false',
);
export const nanprod: Step<typeof f.nanprod> = /* @__PURE__ */ step(
  f.nanprod,
  "numpy Nanprod x | axis!=null keepdims!=false",
);
export const nanquantile: Step<typeof f.nanquantile> = /* @__PURE__ */ step(
  f.nanquantile,
  'numpy Nanquantile x q | axis!=null method!="linear" keepdims!=false',
);
export const nanstd: Step<typeof f.nanstd> = /* @__PURE__ */ step(
  f.nanstd,
  "numpy Nanstd x | axis!=null keepdims!=false",
);
export const nansum: Step<typeof f.nansum> = /* @__PURE__ */ step(
  f.nansum,
  "numpy Nansum x | axis!=null keepdims!=false",
);
export const nanToNum: Step<typeof f.nanToNum> = /* @__PURE__ */ step(
  f.nanToNum,
  "numpy NanToNum x | nan!=0 posinf!=null neginf!=null",
);
export const nanvar: Step<typeof f.nanvar> = /* @__PURE__ */ step(
  f.nanvar,
  "numpy Nanvar x | axis!=null keepdims!=false",
);
export const negative: Step<typeof f.negative> = /* @__PURE__ */ step(f.negative, "numpy Negative x");
export const nextafter: Step<typeof f.nextafter> = /* @__PURE__ */ step(f.nextafter, "numpy Nextafter x1 x2");
export const norm: Step<typeof f.norm> = /* @__PURE__ */ step(
  f.norm,
  "linalg Norm x | ord!=null axis!=null keepdims!=false",
);
export const normalize: Step<typeof f.normalize> = /* @__PURE__ */ step(
  f.normalize,
  "nn Normalize x | axis!=-1 order!=2 epsilon!=null",
);
export const notEqual: Step<typeof f.notEqual> = /* @__PURE__ */ step(f.notEqual, "numpy NotEqual x1 x2");
export const oneHot: Step<typeof f.oneHot> = /* @__PURE__ */ step(
  f.oneHot,
  "nn OneHot x num_classes! | axis!=-1 dtype!=null sparse!=false",
);
export const onesLike: Step<typeof f.onesLike> = /* @__PURE__ */ step(
  f.onesLike,
  "numpy OnesLike x | dtype!=null",
);
export const outer: Step<typeof f.outer> = /* @__PURE__ */ step(f.outer, "numpy Outer x1 x2");
export const pad: Step<typeof f.pad> = /* @__PURE__ */ step(
  f.pad,
  'numpy Pad x pad_width! | mode!="constant" constant_values=null',
);
export const percentile: Step<typeof f.percentile> = /* @__PURE__ */ step(
  f.percentile,
  'numpy Percentile x q | axis!=null method!="linear" keepdims!=false',
);
export const pinv: Step<typeof f.pinv> = /* @__PURE__ */ step(f.pinv, "linalg Pinv x | rcond!=null");
export const power: Step<typeof f.power> = /* @__PURE__ */ step(f.power, "numpy Power x1 x2");
export const prod: Step<typeof f.prod> = /* @__PURE__ */ step(
  f.prod,
  "numpy Prod x | axis!=null keepdims!=false dtype!=null",
);
export const psnr: Step<typeof f.psnr> = /* @__PURE__ */ step(f.psnr, "nn PSNR x1 x2 max_val!");
export const ptp: Step<typeof f.ptp> = /* @__PURE__ */ step(
  f.ptp,
  "numpy Ptp x | axis!=null keepdims!=false",
);
export const qr: Step<typeof f.qr> = /* @__PURE__ */ step(f.qr, 'linalg Qr x | mode!="reduced"');
export const quantile: Step<typeof f.quantile> = /* @__PURE__ */ step(
  f.quantile,
  'numpy Quantile x q | axis!=null method!="linear" keepdims!=false',
);
export const rad2deg: Step<typeof f.rad2deg> = /* @__PURE__ */ step(f.rad2deg, "numpy Rad2deg x");
export const ravel: Step<typeof f.ravel> = /* @__PURE__ */ step(f.ravel, "numpy Ravel x");
export const real: Step<typeof f.real> = /* @__PURE__ */ step(f.real, "numpy Real x");
export const reciprocal: Step<typeof f.reciprocal> = /* @__PURE__ */ step(f.reciprocal, "numpy Reciprocal x");
export const relu: Step<typeof f.relu> = /* @__PURE__ */ step(f.relu, "nn Relu x");
export const relu6: Step<typeof f.relu6> = /* @__PURE__ */ step(f.relu6, "nn Relu6 x");
export const repeat: Step<typeof f.repeat> = /* @__PURE__ */ step(
  f.repeat,
  "numpy Repeat x repeats! | axis!=null",
);
export const reshape: Step<typeof f.reshape> = /* @__PURE__ */ step(f.reshape, "numpy Reshape x newshape!");
export const rfft: Step<typeof f.rfft> = /* @__PURE__ */ step(f.rfft, "math RFFT x | fft_length!=null");
export const rightShift: Step<typeof f.rightShift> = /* @__PURE__ */ step(
  f.rightShift,
  "numpy RightShift x y",
);
export const rmsNormalization: Step<typeof f.rmsNormalization> = /* @__PURE__ */ step(
  f.rmsNormalization,
  "nn RMSNorm x | scale=null axis!=-1 epsilon!=null",
);
export const roll: Step<typeof f.roll> = /* @__PURE__ */ step(f.roll, "numpy Roll x shift! | axis!=null");
export const rot90: Step<typeof f.rot90> = /* @__PURE__ */ step(
  f.rot90,
  "numpy Rot90 array | k!=1 axes!=[0,1]",
);
export const round: Step<typeof f.round> = /* @__PURE__ */ step(f.round, "numpy Round x | decimals!=0");
export const rsqrt: Step<typeof f.rsqrt> = /* @__PURE__ */ step(f.rsqrt, "math Rsqrt x");
export const saturateCast: Step<typeof f.saturateCast> = /* @__PURE__ */ step(
  f.saturateCast,
  "core SaturateCast x dtype!",
);
export const scan: SymbolicScan & typeof f.scan = /* @__PURE__ */ step(
  f.scan,
  "core Scan f init | xs=null length!=null reverse!=false unroll!=1",
);
export const scatter: Step<typeof f.scatter> = /* @__PURE__ */ step(
  f.scatter,
  "core Scatter indices values shape!",
);
export const scatterUpdate: Step<typeof f.scatterUpdate> = /* @__PURE__ */ step(
  f.scatterUpdate,
  "core ScatterUpdate inputs indices updates | reduction!=null",
);
export const searchsorted: Step<typeof f.searchsorted> = /* @__PURE__ */ step(
  f.searchsorted,
  'numpy SearchSorted sorted_sequence values | side!="left"',
);
export const segmentMax: Step<typeof f.segmentMax> = /* @__PURE__ */ step(
  f.segmentMax,
  "math SegmentMax data segment_ids | num_segments!=null sorted!=false",
);
export const segmentMin: Step<typeof f.segmentMin> = /* @__PURE__ */ step(
  f.segmentMin,
  "math SegmentMin data segment_ids | num_segments!=null sorted!=false",
);
export const segmentProd: Step<typeof f.segmentProd> = /* @__PURE__ */ step(
  f.segmentProd,
  "math SegmentProd data segment_ids | num_segments!=null sorted!=false",
);
export const segmentSum: Step<typeof f.segmentSum> = /* @__PURE__ */ step(
  f.segmentSum,
  "math SegmentSum data segment_ids | num_segments!=null sorted!=false",
);
export const select: Step<typeof f.select> = /* @__PURE__ */ step(
  f.select,
  "numpy Select condlist choicelist | default=0",
);
export const selu: Step<typeof f.selu> = /* @__PURE__ */ step(f.selu, "nn Selu x");
export const separableConv: Step<typeof f.separableConv> = /* @__PURE__ */ step(
  f.separableConv,
  'nn SeparableConv inputs depthwise_kernel pointwise_kernel | strides!=1 padding!="valid" data_format!=null dilation_rate!=1',
);
export const sigmoid: Step<typeof f.sigmoid> = /* @__PURE__ */ step(f.sigmoid, "nn Sigmoid x");
export const sign: Step<typeof f.sign> = /* @__PURE__ */ step(f.sign, "numpy Sign x");
export const signbit: Step<typeof f.signbit> = /* @__PURE__ */ step(f.signbit, "numpy Signbit x");
export const silu: Step<typeof f.silu> = /* @__PURE__ */ step(f.silu, "nn Silu x");
export const sin: Step<typeof f.sin> = /* @__PURE__ */ step(f.sin, "numpy Sin x");
export const sinc: Step<typeof f.sinc> = /* @__PURE__ */ step(f.sinc, "numpy Sinc x");
export const sinh: Step<typeof f.sinh> = /* @__PURE__ */ step(f.sinh, "numpy Sinh x");
export const slice: Step<typeof f.slice> = /* @__PURE__ */ step(
  f.slice,
  "core Slice inputs start_indices shape!",
);
export const sliceUpdate: Step<typeof f.sliceUpdate> = /* @__PURE__ */ step(
  f.sliceUpdate,
  "core SliceUpdate inputs start_indices updates",
);
export const slogdet: Step<typeof f.slogdet> = /* @__PURE__ */ step(f.slogdet, "numpy Slogdet x");
export const softmax: Step<typeof f.softmax> = /* @__PURE__ */ step(f.softmax, "nn Softmax x | axis!=-1");
export const softplus: Step<typeof f.softplus> = /* @__PURE__ */ step(f.softplus, "nn Softplus x");
export const softShrink: Step<typeof f.softShrink> = /* @__PURE__ */ step(
  f.softShrink,
  "nn SoftShrink x | threshold!=0.5",
);
export const softsign: Step<typeof f.softsign> = /* @__PURE__ */ step(f.softsign, "nn Softsign x");
export const solve: Step<typeof f.solve> = /* @__PURE__ */ step(f.solve, "linalg Solve a b");
export const solveTriangular: Step<typeof f.solveTriangular> = /* @__PURE__ */ step(
  f.solveTriangular,
  "linalg SolveTriangular a b | lower!=false",
);
export const sort: Step<typeof f.sort> = /* @__PURE__ */ step(f.sort, "numpy Sort x | axis!=-1");
export const spaceToDepth: Step<typeof f.spaceToDepth> = /* @__PURE__ */ step(
  f.spaceToDepth,
  'nn SpaceToDepth x block_size! | data_format!="channels_last"',
);
export const sparseCategoricalCrossentropy: Step<typeof f.sparseCategoricalCrossentropy> =
  /* @__PURE__ */ step(
    f.sparseCategoricalCrossentropy,
    "nn SparseCategoricalCrossentropy target output | from_logits!=false axis!=-1",
  );
export const sparsemax: Step<typeof f.sparsemax> = /* @__PURE__ */ step(
  f.sparsemax,
  "nn Sparsemax x | axis!=-1",
);
export const sparsePlus: Step<typeof f.sparsePlus> = /* @__PURE__ */ step(f.sparsePlus, "nn SparsePlus x");
export const sparseSigmoid: Step<typeof f.sparseSigmoid> = /* @__PURE__ */ step(
  f.sparseSigmoid,
  "nn SparseSigmoid x",
);
export const split: Step<typeof f.split> = /* @__PURE__ */ step(
  f.split,
  "numpy Split x indices_or_sections! | axis!=0",
);
export const sqrt: Step<typeof f.sqrt> = /* @__PURE__ */ step(f.sqrt, "numpy Sqrt x");
export const square: Step<typeof f.square> = /* @__PURE__ */ step(f.square, "numpy Square x");
export const squareplus: Step<typeof f.squareplus> = /* @__PURE__ */ step(
  f.squareplus,
  "nn Squareplus x | b!=4",
);
export const squeeze: Step<typeof f.squeeze> = /* @__PURE__ */ step(
  f.squeeze,
  "numpy Squeeze x | axis!=null",
);
export const stack: Step<typeof f.stack> = /* @__PURE__ */ step(f.stack, "numpy Stack x | axis!=0");
export const std: Step<typeof f.std> = /* @__PURE__ */ step(
  f.std,
  "numpy Std x | axis!=null keepdims!=false",
);
export const stft: Step<typeof f.stft> = /* @__PURE__ */ step(
  f.stft,
  'math STFT x sequence_length! sequence_stride! fft_length! | window!="hann" center!=true',
);
export const stopGradient: Step<typeof f.stopGradient> = /* @__PURE__ */ step(
  f.stopGradient,
  "core StopGradient variable",
);
export const subtract: Step<typeof f.subtract> = /* @__PURE__ */ step(f.subtract, "numpy Subtract x1 x2");
export const sum: Step<typeof f.sum> = /* @__PURE__ */ step(
  f.sum,
  "numpy Sum x | axis!=null keepdims!=false",
);
export const svd: Step<typeof f.svd> = /* @__PURE__ */ step(
  f.svd,
  "linalg SVD x | full_matrices!=true compute_uv!=true",
);
export const swapaxes: Step<typeof f.swapaxes> = /* @__PURE__ */ step(
  f.swapaxes,
  "numpy Swapaxes x axis1! axis2!",
);
export const take: Step<typeof f.take> = /* @__PURE__ */ step(f.take, "numpy Take x indices | axis!=null");
export const takeAlongAxis: Step<typeof f.takeAlongAxis> = /* @__PURE__ */ step(
  f.takeAlongAxis,
  "numpy TakeAlongAxis x indices | axis!=null",
);
export const tan: Step<typeof f.tan> = /* @__PURE__ */ step(f.tan, "numpy Tan x");
export const tanh: Step<typeof f.tanh> = /* @__PURE__ */ step(f.tanh, "numpy Tanh x");
export const tanhShrink: Step<typeof f.tanhShrink> = /* @__PURE__ */ step(f.tanhShrink, "nn TanhShrink x");
export const tensordot: Step<typeof f.tensordot> = /* @__PURE__ */ step(
  f.tensordot,
  "numpy Tensordot x1 x2 | axes!=2",
);
export const threshold: Step<typeof f.threshold> = /* @__PURE__ */ step(
  f.threshold,
  "nn Threshold x threshold! default_value!",
);
export const tile: Step<typeof f.tile> = /* @__PURE__ */ step(f.tile, "numpy Tile x repeats!");
export const topK: Step<typeof f.topK> = /* @__PURE__ */ step(f.topK, "math TopK x k! | sorted!=true");
export const trace: Step<typeof f.trace> = /* @__PURE__ */ step(
  f.trace,
  "numpy Trace x | offset!=0 axis1!=0 axis2!=1",
);
export const transpose: Step<typeof f.transpose> = /* @__PURE__ */ step(
  f.transpose,
  "numpy Transpose x | axes!=null",
);
export const trapezoid: Step<typeof f.trapezoid> = /* @__PURE__ */ step(
  f.trapezoid,
  "numpy Trapezoid y | x!=null dx!=1 axis!=-1",
);
export const tril: Step<typeof f.tril> = /* @__PURE__ */ step(f.tril, "numpy Tril x | k!=0");
export const triu: Step<typeof f.triu> = /* @__PURE__ */ step(f.triu, "numpy Triu x | k!=0");
export const trueDivide: Step<typeof f.trueDivide> = /* @__PURE__ */ step(
  f.trueDivide,
  "numpy TrueDivide x1 x2",
);
export const trunc: Step<typeof f.trunc> = /* @__PURE__ */ step(f.trunc, "numpy Trunc x");
export const unfold: Step<typeof f.unfold> = /* @__PURE__ */ step(
  f.unfold,
  "nn Unfold x kernel_size! | dilation!=1 padding!=0 stride!=1",
);
export const unravelIndex: Step<typeof f.unravelIndex> = /* @__PURE__ */ step(
  f.unravelIndex,
  "numpy UnravelIndex indices shape!",
);
export const unstack: Step<typeof f.unstack> = /* @__PURE__ */ step(
  f.unstack,
  "core Unstack x | num!=null axis!=0",
);
export const vander: Step<typeof f.vander> = /* @__PURE__ */ step(
  f.vander,
  "numpy Vander x | N!=null increasing!=false",
);
const variance: Step<typeof f.var> = /* @__PURE__ */ step(f.var, "numpy Var x | axis!=null keepdims!=false");
export const vdot: Step<typeof f.vdot> = /* @__PURE__ */ step(f.vdot, "numpy Vdot x1 x2");
export const vectorizedMap: SymbolicMap & typeof f.vectorizedMap = /* @__PURE__ */ step(
  f.vectorizedMap,
  "core VectorizedMap function! elements",
);
export const view: Step<typeof f.view> = /* @__PURE__ */ step(f.view, "numpy View x | dtype!=null");
export const vsplit: Step<typeof f.vsplit> = /* @__PURE__ */ step(
  f.vsplit,
  "numpy Vsplit x indices_or_sections!",
);
export const vstack: Step<typeof f.vstack> = /* @__PURE__ */ step(f.vstack, "numpy Vstack xs");
export const where: Step<typeof f.where> = /* @__PURE__ */ step(
  f.where,
  "numpy Where condition x1=null x2=null",
);
export const whileLoop: Step<typeof f.whileLoop> = /* @__PURE__ */ step(
  f.whileLoop,
  "core WhileLoop cond! body! loop_vars | maximum_iterations!=null",
);
export const zerosLike: Step<typeof f.zerosLike> = /* @__PURE__ */ step(
  f.zerosLike,
  "numpy ZerosLike x | dtype!=null",
);

export { absolute as abs, conjugate as conj, hardSilu as hardSwish, silu as swish, variance as var };
