// Where keras.io describes each name of Keras: its pages are cut by subject, several names on one. Taken from the outline
// that keras.io is generated from; names without a page there get the page of their module.

/** Pages of a single name, by folder. The page is named as the name in snake case, or as it stands after `=`. */
const single = {
  "layers/core_layers": "Input InputSpec Dense EinsumDense Activation Embedding Masking Lambda Identity",
  "layers/convolution_layers":
    "Conv1D=convolution1d Conv2D=convolution2d Conv3D=convolution3d SeparableConv1D=separable_convolution1d " +
    "SeparableConv2D=separable_convolution2d DepthwiseConv1D=depthwise_convolution1d " +
    "DepthwiseConv2D=depthwise_convolution2d Conv1DTranspose=convolution1d_transpose " +
    "Conv2DTranspose=convolution2d_transpose Conv3DTranspose=convolution3d_transpose",
  "layers/pooling_layers":
    "MaxPooling1D MaxPooling2D MaxPooling3D AveragePooling1D AveragePooling2D AveragePooling3D " +
    "GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D " +
    "GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D",
  "layers/recurrent_layers":
    "LSTM=lstm LSTMCell=lstm_cell GRU=gru GRUCell=gru_cell SimpleRNN=simple_rnn TimeDistributed Bidirectional " +
    "ConvLSTM1D=conv_lstm1d ConvLSTM2D=conv_lstm2d ConvLSTM3D=conv_lstm3d RNN=rnn SimpleRNNCell=simple_rnn_cell " +
    "StackedRNNCells=stacked_rnn_cell",
  "layers/preprocessing_layers/text": "TextVectorization",
  "layers/preprocessing_layers/numerical": "Normalization SpectralNormalization Discretization",
  "layers/preprocessing_layers/categorical":
    "CategoryEncoding Hashing HashedCrossing StringLookup IntegerLookup",
  "layers/preprocessing_layers/image_preprocessing":
    "Resizing Rescaling CenterCrop AutoContrast=auto_constrast",
  "layers/preprocessing_layers/image_augmentation":
    "AugMix CutMix Equalization MixUp Pipeline RandAugment RandomBrightness RandomColorDegeneration " +
    "RandomColorJitter RandomContrast RandomCrop RandomElasticTransform RandomErasing RandomFlip " +
    "RandomGaussianBlur RandomGrayscale RandomHue RandomInvert RandomPerspective RandomPosterization " +
    "RandomRotation RandomSaturation RandomSharpness RandomShear RandomTranslation RandomZoom Solarization",
  "layers/preprocessing_layers/audio_preprocessing": "MelSpectrogram",
  "layers/normalization_layers": "BatchNormalization LayerNormalization UnitNormalization GroupNormalization",
  "layers/regularization_layers":
    "Dropout SpatialDropout1D SpatialDropout2D SpatialDropout3D GaussianDropout AlphaDropout GaussianNoise " +
    "ActivityRegularization",
  "layers/attention_layers": "GroupQueryAttention MultiHeadAttention Attention AdditiveAttention",
  "layers/reshaping_layers":
    "Reshape Flatten RepeatVector Permute Cropping1D Cropping2D Cropping3D UpSampling1D UpSampling2D " +
    "UpSampling3D ZeroPadding1D ZeroPadding2D ZeroPadding3D",
  "layers/merging_layers": "Concatenate Average Maximum Minimum Add Subtract Multiply Dot",
  "layers/activation_layers": "ReLU=relu Softmax LeakyReLU=leaky_relu PReLU=prelu ELU=elu",
  layers: "Layer=base_layer",
  models: "Model Sequential",
  callbacks:
    "Callback=base_callback ModelCheckpoint BackupAndRestore TensorBoard=tensorboard EarlyStopping " +
    "LearningRateScheduler ReduceLROnPlateau=reduce_lr_on_plateau RemoteMonitor LambdaCallback " +
    "TerminateOnNaN=terminate_on_nan CSVLogger=csv_logger ProgbarLogger SwapEMAWeights=swap_ema_weights",
  optimizers:
    "SGD=sgd RMSprop=rmsprop Adam AdamW=adamw Adadelta Adagrad Adamax Adafactor Nadam=Nadam Ftrl Lion Lamb " +
    "LossScaleOptimizer Muon",
  "optimizers/learning_rate_schedules":
    "LearningRateSchedule ExponentialDecay PiecewiseConstantDecay PolynomialDecay InverseTimeDecay CosineDecay " +
    "CosineDecayRestarts",
  "models/distillation": "Distiller DistillationLoss LogitsDistillation FeatureDistillation",
  random: "SeedGenerator",
  rematerialization: "RematScope remat",
};

/** Pages of several names: those of whole modules, and those of the names that are listed. */
const shared = {
  activations: "layers/activations",
  initializers: "layers/initializers",
  regularizers: "layers/regularizers",
  constraints: "layers/constraints",
  random: "random/random_ops",
  config: "utils/config_utils",
  dtype_policies: "mixed_precision/policy",
  mixed_precision: "mixed_precision/policy",
  "ops.numpy": "ops/numpy",
  "ops.nn": "ops/nn",
  "ops.linalg": "ops/linalg",
  "ops.image": "ops/image",
  ops: "ops/core",
  distribution: "distribution",
};

const listed = {
  "metrics/base_metric": "metrics.Metric",
  "metrics/accuracy_metrics":
    "metrics.Accuracy metrics.BinaryAccuracy metrics.CategoricalAccuracy metrics.SparseCategoricalAccuracy " +
    "metrics.TopKCategoricalAccuracy metrics.SparseTopKCategoricalAccuracy",
  "metrics/probabilistic_metrics":
    "metrics.BinaryCrossentropy metrics.CategoricalCrossentropy metrics.SparseCategoricalCrossentropy " +
    "metrics.KLDivergence metrics.Poisson",
  "metrics/regression_metrics":
    "metrics.MeanSquaredError metrics.RootMeanSquaredError metrics.MeanAbsoluteError " +
    "metrics.MeanAbsolutePercentageError metrics.MeanSquaredLogarithmicError metrics.CosineSimilarity " +
    "metrics.LogCoshError metrics.R2Score",
  "metrics/classification_metrics":
    "metrics.AUC metrics.Precision metrics.Recall metrics.TruePositives metrics.TrueNegatives " +
    "metrics.FalsePositives metrics.FalseNegatives metrics.PrecisionAtRecall metrics.RecallAtPrecision " +
    "metrics.SensitivityAtSpecificity metrics.SpecificityAtSensitivity metrics.F1Score metrics.FBetaScore",
  "metrics/segmentation_metrics":
    "metrics.IoU metrics.BinaryIoU metrics.OneHotIoU metrics.OneHotMeanIoU metrics.MeanIoU",
  "metrics/hinge_metrics": "metrics.Hinge metrics.SquaredHinge metrics.CategoricalHinge",
  "metrics/metrics_wrappers": "metrics.MeanMetricWrapper metrics.Mean metrics.Sum",
  "losses/probabilistic_losses":
    "losses.BinaryCrossentropy losses.BinaryFocalCrossentropy losses.CategoricalCrossentropy " +
    "losses.CategoricalFocalCrossentropy losses.SparseCategoricalCrossentropy losses.Poisson losses.CTC " +
    "losses.KLDivergence losses.binary_crossentropy losses.categorical_crossentropy " +
    "losses.sparse_categorical_crossentropy losses.poisson losses.ctc losses.kl_divergence",
  "losses/regression_losses":
    "losses.MeanSquaredError losses.MeanAbsoluteError losses.MeanAbsolutePercentageError " +
    "losses.MeanSquaredLogarithmicError losses.CosineSimilarity losses.Huber losses.LogCosh losses.Tversky " +
    "losses.Dice losses.mean_squared_error losses.mean_absolute_error losses.mean_absolute_percentage_error " +
    "losses.mean_squared_logarithmic_error losses.cosine_similarity losses.huber losses.log_cosh " +
    "losses.tversky losses.dice",
  "losses/hinge_losses":
    "losses.Hinge losses.SquaredHinge losses.CategoricalHinge losses.hinge losses.squared_hinge " +
    "losses.categorical_hinge",
  "models/model_saving_apis/model_saving_and_loading":
    "saving.save_model saving.load_model models.save_model models.load_model",
  "models/model_saving_apis/weights_saving_and_loading": "saving.save_weights saving.load_weights",
  "models/model_saving_apis/model_config_serialization": "models.clone_model models.model_from_json",
  "models/model_saving_apis/serialization_utils":
    "saving.serialize_keras_object saving.deserialize_keras_object saving.custom_object_scope " +
    "saving.CustomObjectScope saving.get_custom_objects saving.register_keras_serializable",
  "models/model_saving_apis/keras_file_editor": "saving.KerasFileEditor",
  "models/model_saving_apis/export": "export.ExportArchive",
  "data_loading/image":
    "utils.image_dataset_from_directory utils.load_img utils.img_to_array utils.save_img utils.array_to_img",
  "data_loading/timeseries": "utils.timeseries_dataset_from_array utils.pad_sequences",
  "data_loading/text": "utils.text_dataset_from_directory",
  "data_loading/audio": "utils.audio_dataset_from_directory",
  "utils/experiment_management_utils": "utils.Config",
  "utils/model_plotting_utils": "utils.plot_model utils.model_to_dot",
  "utils/feature_space": "utils.FeatureSpace",
  "utils/tensor_utils": "utils.get_source_inputs utils.is_keras_tensor",
  "utils/python_utils":
    "utils.set_random_seed utils.split_dataset utils.pack_x_y_sample_weight utils.get_file utils.Progbar " +
    "utils.PyDataset utils.to_categorical utils.normalize",
  "utils/config_utils": "version utils.clear_session",
  "ops/fft": "ops.fft ops.fft2 ops.ifft2 ops.rfft ops.stft ops.irfft ops.istft",
  "ops/linalg":
    "ops.cholesky ops.det ops.eig ops.eigh ops.inv ops.logdet ops.lstsq ops.lu_factor ops.norm ops.qr ops.solve " +
    "ops.solve_triangular ops.svd",
};

/** @type {Map<string, string>} */
const places = new Map();
for (const [folder, names] of Object.entries(single)) {
  for (const entry of names.split(" ")) {
    const [name = "", page = snake(name)] = entry.split("=");
    places.set(name, `${folder}/${page}`);
  }
}
for (const [page, names] of Object.entries(listed))
  for (const name of names.split(" ")) places.set(name, page);

/** @param {string} name */
function snake(name) {
  return name.replace(/(?<=[a-z0-9])[A-Z]|(?<=[A-Z])[A-Z](?=[a-z])/g, "_$&").toLowerCase();
}

/**
 * The page of keras.io on a name, and the folder of pages that it belongs to.
 *
 * @param {string} name such as `keras.layers.Dense`
 * @param {"class" | "function" | string} kind
 * @param {(name: string) => boolean} exists whether Keras has a name, to tell `ops.numpy.add` from `ops.cast`
 * @returns {{ url: string, section: string }}
 */
export function kerasPage(name, kind, exists) {
  const path = name.replace(/^keras\./, "");
  const [module = "", ...inside] = path.split(".");
  const last = inside.at(-1) ?? module;
  const found = places.get(path) ?? (ofClasses.test(path) ? places.get(last) : undefined);
  if (found === undefined && inside.length === 0) return { url: "https://keras.io/api/", section: "" };
  const part = ["numpy", "nn", "linalg", "image"].find((one) => exists(`keras.ops.${one}.${last}`));
  const shelf = module === "ops" && part !== undefined ? `ops.${part}` : module;
  const page = found ?? lookUp(shared, shelf) ?? module;
  const anchor = `#${last.toLowerCase().replaceAll("_", "")}-${kind === "class" ? "class" : "function"}`;
  const isAlone = found !== undefined && lookUp(listed, page) === undefined;
  return {
    url: `https://keras.io/api/${page}/${page === module ? "" : anchor}`,
    section: isAlone ? page.split("/").slice(0, -1).join("/") : page,
  };
}

/** Names of which `single` knows the last part alone. */
const ofClasses = /^(\w+|(layers|models|callbacks|optimizers|random|distillation)\..*)$/;

/** @param {Record<string, string>} table @param {string} key */
function lookUp(table, key) {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
