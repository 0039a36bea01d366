/** What `compile`, `fit`, `evaluate`, `predict` and the calls for single batches take. */

import type { Callback } from "../callbacks/index.ts";
import type { Tensors } from "../layers/call_inputs.ts";
import type { OptimizerIdentifier } from "../optimizers/index.ts";
import type { Losses, LossWeights } from "./compile_loss.ts";
import type { Metrics } from "./compile_metrics.ts";
import type { Data } from "./data.ts";
import type { DataSource } from "./data_sources.ts";

/** Options of `compile`. */
export interface CompileOptions {
  /** A name, a config or an optimizer. Default `"rmsprop"`. */
  readonly optimizer?: OptimizerIdentifier;
  /** A name, a config, a loss or a function of (yTrue, yPred); several by output, in a list or by name. */
  readonly loss?: Losses | null;
  /** How much each loss counts. Default: all the same. */
  readonly lossWeights?: LossWeights | null;
  /** What is measured besides the loss, without sample weights; for several outputs by output, in a list or by name. */
  readonly metrics?: Metrics | null;
  /** What is measured with sample weights. */
  readonly weightedMetrics?: Metrics | null;
  /** Whether steps run without being compiled, so that tensors in them can be looked at. Slow. Default false. */
  readonly runEagerly?: boolean;
  /** Batches between two calls of batch callbacks. Default `"auto"`: 1 if there are such callbacks. */
  readonly stepsPerExecution?: number | "auto";
  /** As in Keras; everything is compiled unless `runEagerly` is set. Default `"auto"`. */
  readonly jitCompile?: boolean | "auto";
  /** Whether a model of dtype policy `"mixed_float16"` gets its optimizer wrapped in `LossScaleOptimizer`. Default true. */
  readonly autoScaleLoss?: boolean;
}

/** Options of `fit`. */
export interface FitOptions {
  /** Samples per update. Default 32. */
  readonly batchSize?: number | null;
  /** How often all samples are used. Default 1. */
  readonly epochs?: number;
  /** `"auto"` and 1: a progress bar; 2: a line per epoch; 0: nothing. Default `"auto"`. */
  readonly verbose?: "auto" | 0 | 1 | 2;
  /** What hears of the training and may act on it, besides the progress bar and the history. Default none. */
  readonly callbacks?: readonly Callback[] | null;
  /** The fraction of the samples, the last ones, that is kept for validation. Default 0. */
  readonly validationSplit?: number;
  /** Inputs, targets and perhaps weights for validation; takes precedence over `validationSplit`. */
  readonly validationData?: readonly [Data, Data] | readonly [Data, Data, Data] | DataSource | null;
  /** Whether the samples come in a new order in each epoch. Default true. */
  readonly shuffle?: boolean;
  /** How much each class counts in the loss, by its number. */
  readonly classWeight?: Readonly<Record<string, number>> | null;
  /** How much each sample counts in the loss; for several outputs by output, in a list or by name. */
  readonly sampleWeight?: Data;
  /** The number of the first epoch, to go on with an earlier training. Default 0. */
  readonly initialEpoch?: number;
  /** Batches per epoch; the next epoch goes on where the last one ended. Default: all there are. */
  readonly stepsPerEpoch?: number | null;
  /** Batches per validation. Default: all there are. */
  readonly validationSteps?: number | null;
  /** Samples per batch of the validation. Default: as `batchSize`. */
  readonly validationBatchSize?: number | null;
  /** Validation after every so many epochs, or after the epochs (from 1) that are listed. Default 1. */
  readonly validationFreq?: number | readonly number[];
  /** As in `compile`, for this call. */
  readonly stepsPerExecution?: number | "auto";
  /** Ends the training early; `fit` then rejects with the signal's reason. */
  readonly signal?: AbortSignal | null;
}

/** Options of `evaluate`. */
export interface EvaluateOptions {
  /** Samples per batch. Default 32. */
  readonly batchSize?: number | null;
  /** `"auto"` and 1: a progress bar; 2: a line; 0: nothing. Default `"auto"`. */
  readonly verbose?: "auto" | 0 | 1 | 2;
  /** How much each sample counts in loss and weighted metrics. Default: all the same. */
  readonly sampleWeight?: Data;
  /** What hears of the batches. Default none. */
  readonly callbacks?: readonly Callback[] | null;
  /** How many batches are used. Default: all there are. */
  readonly steps?: number | null;
  /** Whether the values come by name. Default false. */
  readonly returnDict?: boolean;
  /** Ends the call early; `evaluate` then rejects with the signal's reason. */
  readonly signal?: AbortSignal | null;
}

/** Options of `predict`. */
export interface PredictOptions {
  /** Samples per batch. Default 32. */
  readonly batchSize?: number | null;
  /** `"auto"` and 1: a progress bar; 2: a line; 0: nothing. Default `"auto"`. */
  readonly verbose?: "auto" | 0 | 1 | 2;
  /** What hears of the batches. Default none. */
  readonly callbacks?: readonly Callback[] | null;
  /** How many batches are used. Default: all there are. */
  readonly steps?: number | null;
  /** Ends the call early; `predict` then rejects with the signal's reason. */
  readonly signal?: AbortSignal | null;
}

/** Options of `trainOnBatch` and `testOnBatch`. */
export interface OnBatchOptions {
  /** How much each sample counts in loss and weighted metrics. Default: all the same. */
  readonly sampleWeight?: Data;
  /** How much each class counts in the loss, by its number. Default: all the same. */
  readonly classWeight?: Readonly<Record<string, number>> | null;
  /** Whether the metrics start anew. Default true. */
  readonly resetMetrics?: boolean;
  /** Whether the values come by name. Default false. */
  readonly returnDict?: boolean;
}

/** Data as a step gets it: inputs, targets and weights. */
export type StepData<X = Tensors, Y = Tensors> = readonly [x: X, y: Y, sampleWeight?: Tensors | undefined];
