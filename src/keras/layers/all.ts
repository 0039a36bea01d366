/** All layers, one export line each; classes are found here by their names. */
export type { DataFormat } from "../backend/data_format.ts";
export type { PerAxis } from "../ops/window_arguments.ts";
export { Activation } from "./activations/activation.ts";
export { ELU, type ELUOptions } from "./activations/elu.ts";
export { LeakyReLU, type LeakyReLUOptions } from "./activations/leaky_relu.ts";
export { PReLU, type PReLUOptions } from "./activations/prelu.ts";
export { ReLU, type ReLUOptions } from "./activations/relu.ts";
export { Softmax, type SoftmaxOptions } from "./activations/softmax.ts";
export { AdditiveAttention } from "./attention/additive_attention.ts";
export {
  type AdditiveAttentionOptions,
  Attention,
  type AttentionOptions,
  type ScoredCallOptions,
} from "./attention/attention.ts";
export { type AttentionCallOptions } from "./attention/base_multi_head_attention.ts";
export { GroupQueryAttention, type GroupQueryAttentionOptions } from "./attention/grouped_query_attention.ts";
export { MultiHeadAttention, type MultiHeadAttentionOptions } from "./attention/multi_head_attention.ts";
export { type ConvLayerOptions } from "./convolutional/base_conv.ts";
export { type ConvTransposeLayerOptions } from "./convolutional/base_conv_transpose.ts";
export { type DepthwiseConvLayerOptions } from "./convolutional/base_depthwise_conv.ts";
export { type SeparableConvLayerOptions } from "./convolutional/base_separable_conv.ts";
export { Conv1D, Conv1D as Convolution1D } from "./convolutional/conv1d.ts";
export {
  Conv1DTranspose,
  Conv1DTranspose as Convolution1DTranspose,
} from "./convolutional/conv1d_transpose.ts";
export { Conv2D, Conv2D as Convolution2D, type Conv2DOptions } from "./convolutional/conv2d.ts";
export {
  Conv2DTranspose,
  Conv2DTranspose as Convolution2DTranspose,
} from "./convolutional/conv2d_transpose.ts";
export { Conv3D, Conv3D as Convolution3D, type Conv3DOptions } from "./convolutional/conv3d.ts";
export {
  Conv3DTranspose,
  Conv3DTranspose as Convolution3DTranspose,
} from "./convolutional/conv3d_transpose.ts";
export { DepthwiseConv1D } from "./convolutional/depthwise_conv1d.ts";
export { DepthwiseConv2D } from "./convolutional/depthwise_conv2d.ts";
export {
  SeparableConv1D,
  SeparableConv1D as SeparableConvolution1D,
} from "./convolutional/separable_conv1d.ts";
export {
  SeparableConv2D,
  SeparableConv2D as SeparableConvolution2D,
} from "./convolutional/separable_conv2d.ts";
export { Dense, type DenseOptions } from "./core/dense.ts";
export { EinsumDense, type EinsumDenseOptions } from "./core/einsum_dense.ts";
export { Embedding, type EmbeddingOptions } from "./core/embedding.ts";
export { Identity } from "./core/identity.ts";
export {
  type InputFunctionOptions,
  InputLayer,
  type InputLayerOptions,
  type InputOptions,
} from "./core/input_layer.ts";
export { Lambda, type LambdaFunction, type LambdaOptions } from "./core/lambda_layer.ts";
export { Masking, type MaskingOptions } from "./core/masking.ts";
export { ReversibleEmbedding, type ReversibleEmbeddingOptions } from "./core/reversible_embedding.ts";
export { TernaryDense, type TernaryDenseOptions } from "./core/ternary_dense.ts";
export { Wrapper } from "./core/wrapper.ts";
export { Add } from "./merging/add.ts";
export { Average } from "./merging/average.ts";
export { Concatenate, type ConcatenateOptions } from "./merging/concatenate.ts";
export { Dot, type DotFunctionOptions, type DotOptions } from "./merging/dot.ts";
export { Maximum } from "./merging/maximum.ts";
export { Minimum } from "./merging/minimum.ts";
export { Multiply } from "./merging/multiply.ts";
export { Subtract } from "./merging/subtract.ts";
export {
  BatchNormalization,
  type BatchNormalizationOptions,
  type RenormClipping,
} from "./normalization/batch_normalization.ts";
export { GroupNormalization, type GroupNormalizationOptions } from "./normalization/group_normalization.ts";
export { LayerNormalization, type LayerNormalizationOptions } from "./normalization/layer_normalization.ts";
export { RMSNormalization, type RMSNormalizationOptions } from "./normalization/rms_normalization.ts";
export {
  SpectralNormalization,
  type SpectralNormalizationOptions,
} from "./normalization/spectral_normalization.ts";
export { UnitNormalization, type UnitNormalizationOptions } from "./normalization/unit_normalization.ts";
export { AdaptiveAveragePooling1D } from "./pooling/adaptive_average_pooling1d.ts";
export { AdaptiveAveragePooling2D } from "./pooling/adaptive_average_pooling2d.ts";
export { AdaptiveAveragePooling3D } from "./pooling/adaptive_average_pooling3d.ts";
export { AdaptiveMaxPooling1D } from "./pooling/adaptive_max_pooling1d.ts";
export { AdaptiveMaxPooling2D } from "./pooling/adaptive_max_pooling2d.ts";
export { AdaptiveMaxPooling3D } from "./pooling/adaptive_max_pooling3d.ts";
export { AveragePooling1D, AveragePooling1D as AvgPool1D } from "./pooling/average_pooling1d.ts";
export { AveragePooling2D, AveragePooling2D as AvgPool2D } from "./pooling/average_pooling2d.ts";
export { AveragePooling3D, AveragePooling3D as AvgPool3D } from "./pooling/average_pooling3d.ts";
export { type AdaptivePoolingOptions } from "./pooling/base_adaptive_pooling.ts";
export { type GlobalPoolingOptions } from "./pooling/base_global_pooling.ts";
export { type PoolingLayerOptions } from "./pooling/base_pooling.ts";
export {
  GlobalAveragePooling1D,
  GlobalAveragePooling1D as GlobalAvgPool1D,
} from "./pooling/global_average_pooling1d.ts";
export {
  GlobalAveragePooling2D,
  GlobalAveragePooling2D as GlobalAvgPool2D,
} from "./pooling/global_average_pooling2d.ts";
export {
  GlobalAveragePooling3D,
  GlobalAveragePooling3D as GlobalAvgPool3D,
} from "./pooling/global_average_pooling3d.ts";
export { GlobalMaxPooling1D, GlobalMaxPooling1D as GlobalMaxPool1D } from "./pooling/global_max_pooling1d.ts";
export { GlobalMaxPooling2D, GlobalMaxPooling2D as GlobalMaxPool2D } from "./pooling/global_max_pooling2d.ts";
export { GlobalMaxPooling3D, GlobalMaxPooling3D as GlobalMaxPool3D } from "./pooling/global_max_pooling3d.ts";
export { MaxPooling1D, MaxPooling1D as MaxPool1D } from "./pooling/max_pooling1d.ts";
export { MaxPooling2D, MaxPooling2D as MaxPool2D } from "./pooling/max_pooling2d.ts";
export { MaxPooling3D, MaxPooling3D as MaxPool3D } from "./pooling/max_pooling3d.ts";
export { CategoryEncoding, type CategoryEncodingOptions } from "./preprocessing/category_encoding.ts";
export { CenterCrop, type CenterCropOptions } from "./preprocessing/center_crop.ts";
export { Discretization, type DiscretizationOptions } from "./preprocessing/discretization.ts";
export { HashedCrossing, type HashedCrossingOptions } from "./preprocessing/hashed_crossing.ts";
export { Hashing, type HashingOptions } from "./preprocessing/hashing.ts";
export {
  AugMix,
  type AugMixOptions,
  type AugMixTransformation,
} from "./preprocessing/image_preprocessing/aug_mix.ts";
export { AutoContrast, type AutoContrastOptions } from "./preprocessing/image_preprocessing/auto_contrast.ts";
export {
  type ImageLayerOptions,
  type RandomTransformationOptions,
  type TransformOptions,
} from "./preprocessing/image_preprocessing/base_image_preprocessing_layer.ts";
export {
  ContrastLimitedAdaptiveHistogramEqualization,
  type ContrastLimitedAdaptiveHistogramEqualizationOptions,
} from "./preprocessing/image_preprocessing/contrast_limited_adaptive_histogram_equalization.ts";
export {
  CutMix,
  type CutMixOptions,
  type CutMixTransformation,
} from "./preprocessing/image_preprocessing/cut_mix.ts";
export { Equalization, type EqualizationOptions } from "./preprocessing/image_preprocessing/equalization.ts";
export { type Factor, type Range } from "./preprocessing/image_preprocessing/factors.ts";
export {
  type FillOptions,
  type InterpolationOptions,
} from "./preprocessing/image_preprocessing/geometric_layer.ts";
export { type ImageBatch } from "./preprocessing/image_preprocessing/image_batch.ts";
export {
  MaxNumBoundingBoxes,
  type MaxNumBoundingBoxesOptions,
} from "./preprocessing/image_preprocessing/max_num_bounding_boxes.ts";
export {
  MixUp,
  type MixUpOptions,
  type MixUpTransformation,
} from "./preprocessing/image_preprocessing/mix_up.ts";
export {
  RandAugment,
  type RandAugmentOptions,
  type RandAugmentTransformation,
} from "./preprocessing/image_preprocessing/rand_augment.ts";
export {
  type BrightnessTransformation,
  RandomBrightness,
} from "./preprocessing/image_preprocessing/random_brightness.ts";
export {
  type FactorTransformation,
  RandomColorDegeneration,
} from "./preprocessing/image_preprocessing/random_color_degeneration.ts";
export {
  type ColorJitterTransformation,
  RandomColorJitter,
  type RandomColorJitterOptions,
} from "./preprocessing/image_preprocessing/random_color_jitter.ts";
export {
  type ContrastTransformation,
  RandomContrast,
} from "./preprocessing/image_preprocessing/random_contrast.ts";
export { type CropTransformation, RandomCrop } from "./preprocessing/image_preprocessing/random_crop.ts";
export {
  type ElasticTransformation,
  RandomElasticTransform,
  type RandomElasticTransformOptions,
} from "./preprocessing/image_preprocessing/random_elastic_transform.ts";
export {
  type ErasingTransformation,
  RandomErasing,
  type RandomErasingOptions,
} from "./preprocessing/image_preprocessing/random_erasing.ts";
export {
  type FlipMode,
  type FlipTransformation,
  RandomFlip,
  type RandomFlipOptions,
} from "./preprocessing/image_preprocessing/random_flip.ts";
export {
  type BlurTransformation,
  RandomGaussianBlur,
  type RandomGaussianBlurOptions,
} from "./preprocessing/image_preprocessing/random_gaussian_blur.ts";
export {
  RandomGrayscale,
  type RandomGrayscaleOptions,
} from "./preprocessing/image_preprocessing/random_grayscale.ts";
export { RandomHue } from "./preprocessing/image_preprocessing/random_hue.ts";
export { type RandomImageOptions } from "./preprocessing/image_preprocessing/random_image_layer.ts";
export {
  type InvertTransformation,
  RandomInvert,
  type RandomInvertOptions,
} from "./preprocessing/image_preprocessing/random_invert.ts";
export {
  type PerspectiveTransformation,
  RandomPerspective,
  type RandomPerspectiveOptions,
} from "./preprocessing/image_preprocessing/random_perspective.ts";
export {
  type PosterizationTransformation,
  RandomPosterization,
} from "./preprocessing/image_preprocessing/random_posterization.ts";
export {
  RandomRotation,
  type RotationTransformation,
} from "./preprocessing/image_preprocessing/random_rotation.ts";
export { RandomSaturation } from "./preprocessing/image_preprocessing/random_saturation.ts";
export { RandomSharpness } from "./preprocessing/image_preprocessing/random_sharpness.ts";
export {
  RandomShear,
  type RandomShearOptions,
  type ShearTransformation,
} from "./preprocessing/image_preprocessing/random_shear.ts";
export {
  RandomTranslation,
  type TranslationTransformation,
} from "./preprocessing/image_preprocessing/random_translation.ts";
export {
  RandomZoom,
  type RandomZoomOptions,
  type ZoomTransformation,
} from "./preprocessing/image_preprocessing/random_zoom.ts";
export {
  Solarization,
  type SolarizationOptions,
  type SolarizationTransformation,
} from "./preprocessing/image_preprocessing/solarization.ts";
export { type ValueRangeOptions } from "./preprocessing/image_preprocessing/value_range.ts";
export { type IndexLookupOptions, type LookupMode } from "./preprocessing/index_lookup.ts";
export { IntegerLookup, type IntegerLookupOptions } from "./preprocessing/integer_lookup.ts";
export { MelSpectrogram, type MelSpectrogramOptions } from "./preprocessing/mel_spectrogram.ts";
export { Normalization, type NormalizationOptions } from "./preprocessing/normalization.ts";
export { Pipeline, type PipelineOptions } from "./preprocessing/pipeline.ts";
export { Rescaling, type RescalingOptions } from "./preprocessing/rescaling.ts";
export { Resizing, type ResizingOptions } from "./preprocessing/resizing.ts";
export {
  type STFTMode,
  STFTSpectrogram,
  type STFTSpectrogramOptions,
} from "./preprocessing/stft_spectrogram.ts";
export { StringLookup, type StringLookupOptions } from "./preprocessing/string_lookup.ts";
export {
  type Split,
  type Standardize,
  TextVectorization,
  type TextVectorizationOptions,
} from "./preprocessing/text_vectorization.ts";
export { type Strings, type TokenInputs } from "./preprocessing/token_layer.ts";
export {
  ActivityRegularization,
  type ActivityRegularizationOptions,
} from "./regularization/activity_regularization.ts";
export { AlphaDropout } from "./regularization/alpha_dropout.ts";
export {
  type SpatialDropoutFormatOptions,
  type SpatialDropoutOptions,
} from "./regularization/base_spatial_dropout.ts";
export { Dropout, type DropoutOptions } from "./regularization/dropout.ts";
export { GaussianDropout, type GaussianDropoutOptions } from "./regularization/gaussian_dropout.ts";
export { GaussianNoise, type GaussianNoiseOptions } from "./regularization/gaussian_noise.ts";
export { SpatialDropout1D } from "./regularization/spatial_dropout1d.ts";
export { SpatialDropout2D } from "./regularization/spatial_dropout2d.ts";
export { SpatialDropout3D } from "./regularization/spatial_dropout3d.ts";
export { Cropping1D, type Cropping1DOptions } from "./reshaping/cropping1d.ts";
export { Cropping2D, type Cropping2DOptions } from "./reshaping/cropping2d.ts";
export { Cropping3D, type Cropping3DOptions } from "./reshaping/cropping3d.ts";
export { Flatten, type FlattenOptions } from "./reshaping/flatten.ts";
export { Permute } from "./reshaping/permute.ts";
export { RepeatVector } from "./reshaping/repeat_vector.ts";
export { Reshape } from "./reshaping/reshape.ts";
export { UpSampling1D, type UpSampling1DOptions } from "./reshaping/up_sampling1d.ts";
export { UpSampling2D, type UpSampling2DOptions } from "./reshaping/up_sampling2d.ts";
export { UpSampling3D, type UpSampling3DOptions } from "./reshaping/up_sampling3d.ts";
export { ZeroPadding1D, type ZeroPadding1DOptions } from "./reshaping/zero_padding1d.ts";
export { ZeroPadding2D, type ZeroPadding2DOptions } from "./reshaping/zero_padding2d.ts";
export { ZeroPadding3D, type ZeroPadding3DOptions } from "./reshaping/zero_padding3d.ts";
export { type CellOutput, type GatedCellOptions, type RNNCellOptions } from "./rnn/base_rnn_cell.ts";
export {
  Bidirectional,
  type BidirectionalOptions,
  type MergeMode,
  type SequenceLayer,
} from "./rnn/bidirectional.ts";
export { type ConvLSTMOptions } from "./rnn/conv_lstm.ts";
export { type ConvLSTMCellOptions } from "./rnn/conv_lstm_cell.ts";
export { ConvLSTM1D } from "./rnn/conv_lstm1d.ts";
export { ConvLSTM2D } from "./rnn/conv_lstm2d.ts";
export { ConvLSTM3D } from "./rnn/conv_lstm3d.ts";
export { GRU, type GRUOptions } from "./rnn/gru.ts";
export { GRUCell, type GRUCellOptions } from "./rnn/gru_cell.ts";
export { LSTM, type LSTMOptions } from "./rnn/lstm.ts";
export { LSTMCell, type LSTMCellOptions } from "./rnn/lstm_cell.ts";
export { RNN, type RNNOptions, type RNNOutput } from "./rnn/rnn.ts";
export { type RNNCell, type StateSize } from "./rnn/rnn_cell.ts";
export { SimpleRNN, type SimpleRNNOptions } from "./rnn/simple_rnn.ts";
export { SimpleRNNCell } from "./rnn/simple_rnn_cell.ts";
export { StackedRNNCells } from "./rnn/stacked_rnn_cells.ts";
export { TimeDistributed } from "./rnn/time_distributed.ts";
export { type CudnnOptions } from "./rnn/units_rnn.ts";
