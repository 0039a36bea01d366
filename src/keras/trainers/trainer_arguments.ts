/** Checks what `compile`, `fit`, `evaluate`, `predict` and the calls for single batches are given, before anything changes. */
import { checkOptions, show, tensor, ValueError } from "../../engine/index.ts";
import { maxEpochs, maxStepsPerEpoch } from "../config/limits.ts";
import { type Arrays, checkArrays, classWeights, type Data, samplesOf, splitArrays } from "./data.ts";
import { batchesIn, type DataSource, isSource } from "./data_sources.ts";
import type {
  CompileOptions,
  EvaluateOptions,
  FitOptions,
  OnBatchOptions,
  PredictOptions,
} from "./trainer_options.ts";

const compileOptions = [
  ...["optimizer", "loss", "lossWeights", "metrics", "weightedMetrics", "runEagerly", "stepsPerExecution"],
  ...["jitCompile", "autoScaleLoss"],
];
const passOptions = ["batchSize", "verbose", "callbacks", "signal"];
const fitOptions = [
  ...passOptions,
  ...[
    "epochs",
    "initialEpoch",
    "shuffle",
    "classWeight",
    "sampleWeight",
    "stepsPerEpoch",
    "stepsPerExecution",
  ],
  ...["validationData", "validationSplit", "validationSteps", "validationBatchSize", "validationFreq"],
];
const evaluateOptions = [...passOptions, "sampleWeight", "steps", "returnDict"];
const predictOptions = [...passOptions, "steps"];

function positive(value: unknown, name: string, where: string): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 1) {
    throw new ValueError(
      `${where}: expected ${name} to be a whole number of at least 1. Received: ${name}=${show(value)}`,
    );
  }
  return value;
}

function natural(value: unknown, name: string, where: string): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0) {
    throw new ValueError(
      `${where}: expected ${name} to be a whole number that is not negative. Received: ${name}=${show(value)}`,
    );
  }
  return value;
}

/** A number of batches; as in Keras, 0 means all there are. */
function checkLimit(value: number | null | undefined, name: string, where: string): number | undefined {
  return value ? positive(value, name, where) : undefined;
}

function checkVerbose(value: unknown, where: string): 0 | 1 | 2 {
  if (value === "auto" || value === undefined) return 1;
  if (value === 0 || value === 1 || value === 2) return value;
  throw new ValueError(
    `${where}: expected verbose to be "auto", 0, 1 or 2. Received: verbose=${show(value)}`,
  );
}

function checkBoolean(value: unknown, name: string, where: string): void {
  if (typeof value === "boolean") return;
  throw new ValueError(`${where}: expected ${name} to be true or false. Received: ${show(value)}`);
}

function checkStepsPerExecution(value: unknown, where: string): number {
  return value === undefined || value === "auto" ? 1 : positive(value, "stepsPerExecution", where);
}

/** Data sources give targets and weights with their batches. */
function refuseWithSource(
  where: string,
  y: unknown,
  options: Pick<FitOptions, "sampleWeight" | "validationSplit">,
): void {
  const given = Object.entries({ y, sampleWeight: options.sampleWeight }).filter(
    ([, v]) => v !== undefined && v !== null,
  );
  if (given.length > 0) {
    throw new ValueError(
      `${where}: x gives batches, so ${given[0]![0]} must come with them: give batches of [inputs, targets, weights].`,
    );
  }
  if (options.validationSplit) {
    throw new ValueError(`${where}: validationSplit is only supported for arrays. Give validationData.`);
  }
}

/**
 * Checks the options of `compile` that no one else checks.
 *
 * @returns the batches between two calls of batch callbacks
 * @throws ValueError
 */
export function checkCompile(options: CompileOptions): number {
  checkOptions("compile", options, compileOptions);
  checkBoolean(options.runEagerly ?? false, "runEagerly", "compile");
  return checkStepsPerExecution(options.stepsPerExecution, "compile");
}

/** One pass over data, as `evaluate` and `predict` make it. */
export interface PassPlan {
  readonly data: Arrays | DataSource;
  readonly batchSize: number;
  /** How many batches are used; undefined for all there are. */
  readonly limit: number | undefined;
  /** How many batches there will be; null where nobody knows. */
  readonly steps: number | null;
  readonly verbose: 0 | 1 | 2;
}

/** One call of `fit`. */
export interface FitPlan extends PassPlan {
  readonly validation: Arrays | DataSource | null;
  readonly validationBatchSize: number;
  readonly validationLimit: number | undefined;
  /** Whether there is validation after an epoch. */
  readonly validates: (epoch: number) => boolean;
  readonly initialEpoch: number;
  readonly epochs: number;
  readonly shuffle: boolean;
  /** Batches between two calls of batch callbacks. */
  readonly stepsPerExecution: number;
  /** Gives the samples of a batch from a source their weights; arrays have got theirs as a whole. */
  readonly weigh: (batch: Arrays) => Arrays;
}

/** A pass over all of some arrays. */
export type WholePass = PassPlan & { readonly data: Arrays };

/** Training with all of some arrays, and validation with all of others. */
export type WholeFit = FitPlan & { readonly data: Arrays; readonly validation: Arrays | null };

/** Whether all data is there and all of it is used, so that nothing needs to be done batch by batch. */
export function isWholePass(plan: PassPlan): plan is WholePass {
  return !isSource(plan.data) && plan.limit === undefined;
}

/** The same of training and its validation. */
export function isWholeFit(plan: FitPlan): plan is WholeFit {
  return isWholePass(plan) && !isSource(plan.validation) && plan.validationLimit === undefined;
}

function checkPass(
  where: string,
  x: Data | DataSource,
  y: Data | undefined,
  options: PredictOptions & Pick<EvaluateOptions, "sampleWeight">,
  limit: number | undefined,
): PassPlan {
  const batchSize = positive(options.batchSize ?? 32, "batchSize", where);
  const verbose = checkVerbose(options.verbose, where);
  if (isSource(x)) {
    refuseWithSource(where, y, options);
    return { data: x, batchSize, limit, steps: limit ?? batchesIn(x) ?? null, verbose };
  }
  const data = checkArrays(where, x, y, options.sampleWeight);
  return { data, batchSize, limit, steps: limit ?? Math.ceil(samplesOf(data) / batchSize), verbose };
}

/** A pass within `config.maxStepsPerEpoch()`. What has no more batches than that needs no limit. */
function capped<P extends Pick<PassPlan, "data" | "batchSize" | "limit">>(plan: P): P {
  const most = maxStepsPerEpoch();
  const { data, batchSize, limit } = plan;
  const batches = (isSource(data) ? batchesIn(data) : Math.ceil(samplesOf(data) / batchSize)) ?? Infinity;
  if (most === null || Math.min(limit ?? Infinity, batches) <= most) return plan;
  console.warn(`Limiting the steps of an epoch to ${most}, as config.setMaxStepsPerEpoch says.`);
  return { ...plan, limit: most, steps: most };
}

/** A number of epochs within `config.maxEpochs()`. */
function cappedEpochs(epochs: number): number {
  const most = maxEpochs();
  if (most === null || epochs <= most) return epochs;
  console.warn(`Limiting the epochs to ${most}, as config.setMaxEpochs says.`);
  return most;
}

/**
 * Checks the arguments of `evaluate`.
 *
 * @throws ValueError, ShapeError
 */
export function checkEvaluate(x: Data | DataSource, y: Data | undefined, options: EvaluateOptions): PassPlan {
  checkOptions("evaluate", options, evaluateOptions);
  return capped(checkPass("evaluate", x, y, options, checkLimit(options.steps, "steps", "evaluate")));
}

/**
 * Checks the arguments of `predict`.
 *
 * @throws ValueError, ShapeError
 */
export function checkPredict(x: Data | DataSource, options: PredictOptions): PassPlan {
  checkOptions("predict", options, predictOptions);
  return capped(checkPass("predict", x, undefined, options, checkLimit(options.steps, "steps", "predict")));
}

/**
 * Checks the arguments of `fit`.
 *
 * @param stepsPerExecution as `compile` got it
 * @throws ValueError, ShapeError
 */
export function checkFit(
  x: Data | DataSource,
  y: Data | undefined,
  options: FitOptions,
  stepsPerExecution: number,
): FitPlan {
  checkOptions("fit", options, fitOptions);
  const { validationSplit = 0, shuffle = true, classWeight } = options;
  const epochs = cappedEpochs(natural(options.epochs ?? 1, "epochs", "fit"));
  const initialEpoch = natural(options.initialEpoch ?? 0, "initialEpoch", "fit");
  if (!(typeof validationSplit === "number" && validationSplit >= 0 && validationSplit < 1)) {
    throw new ValueError(
      `fit: expected validationSplit in [0, 1). Received: validationSplit=${show(validationSplit)}`,
    );
  }
  checkBoolean(shuffle, "shuffle", "fit");
  const limit = checkLimit(options.stepsPerEpoch, "stepsPerEpoch", "fit");
  const validationLimit = checkLimit(options.validationSteps, "validationSteps", "fit");
  if (isSource(x)) refuseWithSource("fit", y, options);
  const whole = checkPass("fit", x, y, options, limit);
  const given = checkValidationData(options.validationData);
  const [kept, validation] =
    given === null && validationSplit > 0 && !isSource(whole.data)
      ? splitArrays(whole.data, validationSplit)
      : [whole.data, given];
  // Classes have weights in the training alone.
  const weigh = (batch: Arrays): Arrays => (classWeight ? weighClasses(batch, classWeight, "fit") : batch);
  const data = isSource(kept) ? kept : weigh(kept);
  const steps = isSource(data) ? whole.steps : (limit ?? Math.ceil(samplesOf(data) / whole.batchSize));
  const validationBatchSize = positive(
    options.validationBatchSize ?? whole.batchSize,
    "validationBatchSize",
    "fit",
  );
  return {
    ...capped({ ...whole, data, steps }),
    validation,
    validationBatchSize,
    validationLimit:
      validation === null
        ? validationLimit
        : capped({ data: validation, batchSize: validationBatchSize, limit: validationLimit }).limit,
    validates: validationSchedule(options.validationFreq ?? 1),
    initialEpoch,
    epochs,
    shuffle,
    stepsPerExecution:
      options.stepsPerExecution === undefined
        ? stepsPerExecution
        : checkStepsPerExecution(options.stepsPerExecution, "fit"),
    weigh: isSource(x) ? weigh : (batch) => batch,
  };
}

/**
 * Checks the arguments of `trainOnBatch` and `testOnBatch`.
 *
 * @throws ValueError, ShapeError
 */
export function checkOnBatch(
  where: string,
  x: Data,
  y: Data | null | undefined,
  options: OnBatchOptions,
): Arrays {
  checkOptions(where, options, ["sampleWeight", "classWeight", "resetMetrics", "returnDict"]);
  const data = checkArrays(where, x, y, options.sampleWeight);
  return options.classWeight ? weighClasses(data, options.classWeight, where) : data;
}

function checkValidationData(given: FitOptions["validationData"]): Arrays | DataSource | null {
  if (isSource(given)) return given;
  if (!given) return null;
  const parts: unknown = given;
  if (!Array.isArray(parts) || parts.length < 2 || parts.length > 3) {
    throw new ValueError(
      `fit: expected validationData to be [x, y] or [x, y, sampleWeight]. Received: ${show(parts)}`,
    );
  }
  const [x, y, sampleWeight] = parts as Data[];
  return checkArrays("fit (validationData)", x!, y, sampleWeight);
}

function weighClasses(data: Arrays, classWeight: Readonly<Record<string, number>>, where: string): Arrays {
  if (data.sampleWeight !== undefined)
    throw new ValueError(`${where}: give classWeight or sampleWeight, not both.`);
  return { ...data, sampleWeight: tensor(classWeights(data.y, classWeight)) };
}

/** After which epochs there is validation. */
function validationSchedule(freq: number | readonly number[]): (epoch: number) => boolean {
  if (Array.isArray(freq)) {
    for (const epoch of freq) positive(epoch, "validationFreq", "fit");
    return (epoch) => freq.includes(epoch + 1);
  }
  const every = positive(freq, "validationFreq", "fit");
  return (epoch) => (epoch + 1) % every === 0;
}
