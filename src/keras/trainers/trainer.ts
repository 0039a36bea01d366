/** What every model can: be compiled, trained, evaluated and asked for predictions. */
import {
  arrayOf,
  checkOptions,
  gradients,
  makeGraph,
  type Profile,
  profile,
  type Shape,
  StateError,
  show,
  sizeOf,
  Tensor,
  type TypedArray,
  tensor,
  treeMap,
  untraced,
  ValueError,
  withOrigin,
} from "../../engine/index.ts";
import { KerasTensor, mapShapes, type ShapeTree } from "../backend/keras_tensor.ts";
import { Variable } from "../backend/variable.ts";
import { type Callback, CallbackList, type CallbackListOptions, type History } from "../callbacks/index.ts";
import { aboutToBuild, buildSafely } from "../layers/build_journal.ts";
import type { LayerInputs, Tensors } from "../layers/call_inputs.ts";
import { type AnyLayer, Layer } from "../layers/layer.ts";
import { Mean, Metric } from "../metrics/index.ts";
import * as optimizers from "../optimizers/index.ts";
import { CompileLoss, checkLosses, type Losses, type LossWeights } from "./compile_loss.ts";
import { CompileMetrics, checkMetrics, hasMetrics, type Metrics } from "./compile_metrics.ts";
import {
  type Arrays,
  checkArrays,
  classWeights,
  type Data,
  type DataTree,
  ResidentArrays,
  samplesOf,
  splitArrays,
  tensorsOf,
} from "./data.ts";
import { type DataSource, isSource } from "./data_sources.ts";
import { MetricShares } from "./metric_shares.ts";
import { type Output, outputsOf } from "./outputs.ts";
import {
  type Batch,
  everything,
  type Logged,
  logged,
  nothing,
  type Portion,
  Programs,
  type Results,
  type Steps,
} from "./programs.ts";
import { SampleOrders } from "./sample_orders.ts";
import type { StreamHost } from "./streaming.ts";
import { inBreaths, TimeSlice } from "./time_slice.ts";
import { compileTraining, inSlices, type Logs, logsOf, type TrainingRun, train } from "./training_loop.ts";

/** Options of `compile`. */
export interface CompileOptions {
  /** A name, a config or an optimizer. Default `"rmsprop"`. */
  readonly optimizer?: optimizers.OptimizerIdentifier;
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
  readonly batchSize?: number | null;
  readonly verbose?: "auto" | 0 | 1 | 2;
  readonly sampleWeight?: Data;
  readonly callbacks?: readonly Callback[] | null;
  /** How many batches are used. Default: all there are. */
  readonly steps?: number | null;
  /** Whether the values come by name. Default false. */
  readonly returnDict?: boolean;
  readonly signal?: AbortSignal | null;
}

/** Options of `predict`. */
export interface PredictOptions {
  readonly batchSize?: number | null;
  readonly verbose?: "auto" | 0 | 1 | 2;
  readonly callbacks?: readonly Callback[] | null;
  /** How many batches are used. Default: all there are. */
  readonly steps?: number | null;
  readonly signal?: AbortSignal | null;
}

/** Options of `trainOnBatch` and `testOnBatch`. */
export interface OnBatchOptions {
  readonly sampleWeight?: Data;
  readonly classWeight?: Readonly<Record<string, number>> | null;
  /** Whether the metrics start anew. Default true. */
  readonly resetMetrics?: boolean;
  /** Whether the values come by name. Default false. */
  readonly returnDict?: boolean;
}

const compileOptions = [
  ...["optimizer", "loss", "lossWeights", "metrics", "weightedMetrics", "runEagerly", "stepsPerExecution"],
  ...["jitCompile", "autoScaleLoss"],
];
const fitOptions = [
  ...[
    "batchSize",
    "epochs",
    "verbose",
    "callbacks",
    "validationSplit",
    "validationData",
    "shuffle",
    "classWeight",
  ],
  ...["sampleWeight", "initialEpoch", "validationBatchSize", "validationFreq", "stepsPerExecution", "signal"],
  ...["stepsPerEpoch", "validationSteps"],
];

/** What `compile` made. */
export interface Compiled {
  readonly optimizer: optimizers.Optimizer;
  readonly loss: Losses | null;
  readonly lossWeights: LossWeights | undefined;
  readonly metrics: Metrics;
  readonly weightedMetrics: Metrics;
  readonly runEagerly: boolean;
  readonly stepsPerExecution: number | "auto";
  readonly lossTracker: Mean;
  /** Which layers were trained. */
  readonly trainable: Map<AnyLayer, boolean>;
  /** Made when the outputs are first known. */
  built: { readonly loss: CompileLoss | undefined; readonly metrics: CompileMetrics | undefined } | undefined;
}

/** Data as a step gets it: inputs, targets and weights. */
export type StepData<X = Tensors, Y = Tensors> = readonly [x: X, y: Y, sampleWeight?: Tensors | undefined];

/** Batches that one call of the prediction program does at most. */
const predictRoom = 64;

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

function checkVerbose(value: unknown, where: string): 0 | 1 | 2 {
  if (value === "auto" || value === undefined) return 1;
  if (value === 0 || value === 1 || value === 2) return value;
  throw new ValueError(
    `${where}: expected verbose to be "auto", 0, 1 or 2. Received: verbose=${show(value)}`,
  );
}

function checkSteps(value: unknown, where: string): number | "auto" {
  return value === undefined || value === "auto" ? "auto" : positive(value, "stepsPerExecution", where);
}

const alwaysGoOn = (): boolean => false;

/** Base of models: the training, evaluating and predicting half. */
export abstract class Trainer<Out extends Tensors = Tensor> extends Layer<Out> {
  /** Set by callbacks to end the training after the current epoch or batch. */
  stopTraining = false;
  /** What the last `fit` logged. */
  history: History | undefined;
  #compiled: Compiled | undefined;
  #fitting = false;
  readonly #shares = new MetricShares(() => this.metrics.flatMap((m) => m.variables));
  /** The share of the calls for single batches. */
  readonly #batches = this.#shares.open();
  /** There before `compile` too, because predicting needs none. */
  #programs = this.#newPrograms();
  /** What steps of a model's own log besides the metrics, as of the last batch. */
  readonly #ownLogs = { train: new Map<string, Variable>(), test: new Map<string, Variable>() };
  /** The kinds of steps whose logs are known. */
  readonly #learned = new Set<"train" | "test">();
  /** What metrics gave, by which steps' logs are known to be those of metrics. */
  readonly #results = new WeakSet<Tensor>();

  get #steps(): Steps {
    return {
      trainStep: (batch) => this.#note("train", this.trainStep(stepData(batch))),
      testStep: (batch) => this.#note("test", this.testStep(stepData(batch))),
      predictStep: (x) => this.predictStep([x as Tensors, undefined as never]),
      results: (phase) => {
        const own = this.#ownLogs[phase];
        if (own.size === 0) return this.getMetricsResult();
        return Object.fromEntries([...own].map(([name, v]) => [name, v.value]));
      },
      resetMetrics: () => this.resetMetrics(),
    };
  }

  #newPrograms(): Programs {
    return new Programs(this.#steps);
  }

  /** Keeps what a step logged, if it is something else than all metrics as they are. */
  #note(phase: "train" | "test", logs: Results): void {
    if (!this.#hasOwn(phase)) return;
    const names = Object.keys(logs).sort();
    const areMetrics = names.every((name) => this.#results.has(logs[name]!));
    if (areMetrics && names.join() === Object.keys(this.getMetricsResult()).sort().join()) return;
    const own = this.#ownLogs[phase];
    for (const name of names) {
      let variable = own.get(name);
      if (variable === undefined) {
        variable = untraced(() => new Variable(0, { dtype: "float32", trainable: false, name: "log" }));
        own.set(name, variable);
      }
      variable.assign(logs[name]!.astype("float32").mean());
    }
  }

  /** Whether the model has a step of its own. */
  #hasOwn(phase: "train" | "test"): boolean {
    const name = phase === "train" ? "trainStep" : "testStep";
    return this[name] !== Trainer.prototype[name];
  }

  /** Steps of a model's own are traced once before they are compiled, to learn what they log. */
  #learnLogs(batch: Batch, phase: "train" | "test"): void {
    if (!this.#hasOwn(phase) || this.#learned.has(phase)) return;
    this.#learned.add(phase);
    const steps = this.#steps;
    makeGraph((b: Batch) => (phase === "train" ? steps.trainStep(b) : steps.testStep(b)), batch);
  }

  /** Drops the compiled programs, because what they were traced from has changed. */
  protected forgetPrograms(): void {
    this.#programs = this.#newPrograms();
    this.#ownLogs.train.clear();
    this.#ownLogs.test.clear();
    this.#learned.clear();
  }

  /** Whether `compile` was called. */
  get compiled(): boolean {
    return this.#compiled !== undefined;
  }

  /** The optimizer; undefined before `compile`. */
  get optimizer(): optimizers.Optimizer | undefined {
    return this.#compiled?.optimizer;
  }

  /** The loss, or the losses, that `compile` was given. */
  get loss(): Losses | null | undefined {
    return this.#compiled?.loss;
  }

  /** Whether steps run without being compiled. */
  get runEagerly(): boolean {
    return this.#compiled?.runEagerly ?? false;
  }

  /**
   * The metrics: the mean loss, then those that `compile` was given and the means of single losses, once the outputs are
   * known, then those that the model and its layers have as properties.
   */
  get metrics(): Metric[] {
    const c = this.#compiled;
    const own =
      c === undefined
        ? []
        : [c.lossTracker, ...(c.built?.metrics?.metrics ?? []), ...(c.built?.loss?.metrics ?? [])];
    const held = this.flattenLayers().flatMap((layer) =>
      layer instanceof Trainer && layer !== (this as unknown) ? [] : metricsIn(layer),
    );
    return [...new Set([...own, ...held])];
  }

  get metricsNames(): string[] {
    return this.metrics.map((m) => m.name);
  }

  /**
   * Says how the model is trained.
   *
   * @param options `optimizer` (default `"rmsprop"`), `loss`, `lossWeights`, `metrics`, `weightedMetrics`, `runEagerly` (default
   *   false), `stepsPerExecution` (default `"auto"`), `jitCompile` (default `"auto"`), `autoScaleLoss` (default true)
   * @throws ValueError for identifiers that mean nothing and unknown options; the model is left as it was
   *
   * @example
   * ```ts
   * const model = new keras.Sequential([keras.Input([1]), new keras.layers.Dense(1)]);
   * model.compile({ optimizer: "sgd", loss: "mse", metrics: ["mae"] });
   * model.metricsNames; // → ["loss"]
   * ```
   */
  compile(options: CompileOptions = {}): void {
    checkOptions("compile", options, compileOptions);
    const { loss = null, runEagerly = false, autoScaleLoss = true } = options;
    let optimizer = optimizers.get(options.optimizer ?? "rmsprop");
    if (autoScaleLoss && this.dtypePolicy.name === "mixed_float16" && !optimizer.isWrapper) {
      optimizer = new optimizers.LossScaleOptimizer(optimizer, { name: "loss_scale_optimizer" });
    }
    checkLosses(loss, options.lossWeights ?? undefined);
    const [metrics, weightedMetrics] = [options.metrics ?? [], options.weightedMetrics ?? []];
    checkMetrics(metrics, "metrics");
    checkMetrics(weightedMetrics, "weightedMetrics");
    const stepsPerExecution = checkSteps(options.stepsPerExecution, "compile");
    if (typeof runEagerly !== "boolean")
      throw new ValueError(`compile: expected runEagerly to be true or false. Received: ${show(runEagerly)}`);
    this.#compiled = {
      optimizer,
      loss,
      lossWeights: options.lossWeights ?? undefined,
      metrics,
      weightedMetrics,
      runEagerly,
      stepsPerExecution,
      lossTracker: new Mean({ name: "loss" }),
      trainable: new Map(this.flattenLayers().map((layer) => [layer, layer.trainable])),
      built: undefined,
    };
    this.forgetPrograms();
  }

  get #stepsPerExecution(): number {
    const steps = this.#compiled?.stepsPerExecution ?? 1;
    return steps === "auto" ? 1 : steps;
  }

  #needCompiled(where: string): Compiled {
    if (this.#compiled !== undefined) return this.#compiled;
    throw new StateError(
      `You must call compile() before calling ${where}(), for example model.compile({ optimizer: "sgd", loss: "mse" }).`,
    );
  }

  // --- Steps: traced into the programs; models may override them --------------------------------------------------------

  /**
   * One update: forward, loss, backward, new weights, metrics.
   *
   * @param data inputs, targets and weights of a batch
   * @returns what is logged, scalars by name: the metrics
   */
  trainStep(data: StepData): Results {
    const [x, y, sampleWeight] = data;
    const { optimizer } = this.#needCompiled("fit");
    const yPred = this.apply(x as LayerInputs, { training: true });
    const loss = withOrigin("loss", () => this.computeLoss(x, y, yPred, sampleWeight, true));
    this.#trackLoss(loss, x);
    const variables = this.trainableVariables;
    const grads = gradients(
      optimizer.scaleLoss(loss),
      variables.map((v) => v.value),
    );
    withOrigin("optimizer", () => optimizer.apply(grads, variables));
    return withOrigin("metrics", () => this.computeMetrics(x, y, yPred, sampleWeight));
  }

  /** Loss and metrics of one batch. */
  testStep(data: StepData): Results {
    const [x, y, sampleWeight] = data;
    const yPred = this.apply(x as LayerInputs, { training: false });
    const loss = withOrigin("loss", () => this.computeLoss(x, y, yPred, sampleWeight, false));
    this.#trackLoss(loss, x);
    return withOrigin("metrics", () => this.computeMetrics(x, y, yPred, sampleWeight));
  }

  /** The outputs for one batch. */
  predictStep(data: StepData): Out {
    return this.apply(data[0] as LayerInputs, { training: false });
  }

  #trackLoss(loss: Tensor, x: Tensors): void {
    const { lossTracker } = this.#needCompiled("fit");
    lossTracker.updateState(loss, { sampleWeight: tensorsOf(x)[0]!.shape[0]! });
  }

  /**
   * The loss of a batch: that of `compile`, with the losses that layers added.
   *
   * @param y targets
   * @param yPred outputs of the model
   * @param sampleWeight how much each sample counts
   * @param training whether it is for an update
   * @returns a scalar
   * @throws ValueError when there is no loss at all
   */
  computeLoss(
    _x: Tensors,
    y: Tensors | undefined,
    yPred: Tensors,
    sampleWeight?: Tensors,
    _training = true,
  ): Tensor {
    const c = this.#needCompiled("fit");
    const parts: Tensor[] = [];
    if (y !== undefined) {
      const { loss } = this.#buildOutputs(c, y, () => outputsOf(yPred, this.namesOfOutputs()));
      const value = loss?.call(y, tensorsOf(yPred), sampleWeight);
      if (value !== undefined) parts.push(value);
    }
    parts.push(...this.losses);
    if (parts.length === 0) {
      throw new ValueError(
        "No loss to compute. Give compile() a loss, fit() targets y, or let layers add losses with addLoss().",
      );
    }
    return parts.reduce((a, b) => a.add(b));
  }

  /**
   * Updates the metrics of `compile` with a batch.
   *
   * @returns the results of all metrics by name
   */
  computeMetrics(_x: Tensors, y: Tensors | undefined, yPred: Tensors, sampleWeight?: Tensors): Results {
    const c = this.#needCompiled("evaluate");
    if (y !== undefined) {
      const { metrics } = this.#buildOutputs(c, y, () => outputsOf(yPred, this.namesOfOutputs()));
      metrics?.updateState(y, tensorsOf(yPred), sampleWeight);
    }
    return this.getMetricsResult();
  }

  /** The results of all metrics by name. */
  getMetricsResult(): Record<string, Tensor> {
    const out: Record<string, Tensor> = {};
    const names = this.#compiled?.built?.metrics?.names;
    for (const m of this.metrics) {
      const result = m.result();
      if (result instanceof Tensor) out[names?.get(m) ?? m.name] = result;
      else Object.assign(out, result);
    }
    for (const result of Object.values(out)) this.#results.add(result);
    return out;
  }

  /** Lets all metrics start anew. */
  resetMetrics(): void {
    for (const m of this.metrics) m.resetState();
  }

  // --- Preparation ------------------------------------------------------------------------------------------------------

  /** Builds the model, the metrics and the optimizer for the data. To be called in `buildSafely`, with what may fail after. */
  #prepare(c: Compiled, data: Arrays, training: boolean): void {
    const { built } = c;
    aboutToBuild({ beforeBuild: () => () => void (c.built = built) });
    aboutToBuild(c.optimizer);
    this.#buildFor(data.x);
    if (data.y !== undefined && (c.loss !== null || hasMetrics(c.metrics) || hasMetrics(c.weightedMetrics))) {
      this.#buildOutputs(c, data.y, () => this.describeOutputs(data.x));
    }
    if (training && !c.optimizer.built) c.optimizer.build(this.trainableVariables);
    // Eager steps say what they log when they run, and may do what cannot be traced.
    if (c.runEagerly) return;
    if (training) this.#learnLogs(data, "train");
    this.#learnLogs(data, "test");
  }

  /** Builds the model for the shapes of inputs. */
  #buildFor(x: DataTree): void {
    if (!this.built) this.build(shapesWithoutSamples(x));
  }

  /** What stands for the names of the outputs in logs; models that know their layers do. */
  protected namesOfOutputs(): readonly string[] | undefined {
    return undefined;
  }

  /** The outputs for inputs of given shapes. */
  protected describeOutputs(x: DataTree): Output[] {
    const shapes = this.computeOutputShape(shapesWithoutSamples(x));
    const described = mapShapes(shapes, (shape) => new KerasTensor(shape));
    return outputsOf(described, this.namesOfOutputs());
  }

  /** The losses and metrics for the outputs, made when they are first known. */
  #buildOutputs(
    c: Compiled,
    y: Tensors | DataTree,
    describe: () => readonly Output[],
  ): NonNullable<Compiled["built"]> {
    if (c.built !== undefined) return c.built;
    const outputs = describe();
    const measured = hasMetrics(c.metrics) || hasMetrics(c.weightedMetrics);
    c.built = {
      loss: c.loss === null ? undefined : new CompileLoss(c.loss, c.lossWeights, outputs),
      metrics: measured ? new CompileMetrics(c.metrics, c.weightedMetrics, outputs, y) : undefined,
    };
    return c.built;
  }

  #callbacks(list: readonly Callback[] | null | undefined, options: CallbackListOptions): CallbackList {
    if (list !== null && list !== undefined && !Array.isArray(list)) {
      throw new ValueError(`expected callbacks to be an array. Received: ${show(list)}`);
    }
    return new CallbackList(list ?? [], { ...options, model: this });
  }

  #abortCheck(signal: AbortSignal | null | undefined): () => void {
    return () => signal?.throwIfAborted();
  }

  // --- Training ---------------------------------------------------------------------------------------------------------

  /**
   * Trains the model on arrays, or on batches from an iterable, a generator, a sequence or a web stream.
   *
   * @param x inputs, one array or several in arrays and objects, whose first axis counts the samples; or a source of batches
   *   [inputs, targets] or [inputs, targets, weights]
   * @param y targets in the structure of the outputs, or by the names of the outputs; not with a source
   * @param options `batchSize` (32), `epochs` (1), `verbose` ("auto"), `callbacks`, `validationSplit` (0),
   *   `validationData`, `shuffle` (true), `classWeight`, `sampleWeight`, `initialEpoch` (0), `validationBatchSize`,
   *   `validationFreq` (1), `stepsPerEpoch`, `validationSteps`, `stepsPerExecution`, `signal`
   * @returns the history: `history.history.loss` and so on, one number per epoch
   * @throws StateError before `compile`; ValueError, ShapeError for bad data or options, before anything has changed
   *
   * @example
   * ```ts
   * const model = new keras.Sequential([keras.Input([1]), new keras.layers.Dense(1)]);
   * model.compile({ optimizer: "sgd", loss: "mse" });
   * const history = await model.fit([[0], [1], [2]], [[1], [3], [5]], { epochs: 200, verbose: 0 });
   * history.epoch.length; // → 200
   * ```
   */
  async fit(x: Data | DataSource, y?: Data, options: FitOptions = {}): Promise<History> {
    const compiled = this.#needCompiled("fit");
    checkOptions("fit", options, fitOptions);
    const batchSize = positive(options.batchSize ?? 32, "batchSize", "fit");
    const epochs = natural(options.epochs ?? 1, "epochs", "fit");
    const initialEpoch = natural(options.initialEpoch ?? 0, "initialEpoch", "fit");
    const verbose = checkVerbose(options.verbose, "fit");
    const { validationSplit = 0, shuffle = true } = options;
    if (!(typeof validationSplit === "number" && validationSplit >= 0 && validationSplit < 1)) {
      throw new ValueError(
        `fit: expected validationSplit in [0, 1). Received: validationSplit=${show(validationSplit)}`,
      );
    }
    if (typeof shuffle !== "boolean")
      throw new ValueError(`fit: expected shuffle to be true or false. Received: ${show(shuffle)}`);
    const stepsPerEpoch = options.stepsPerEpoch
      ? positive(options.stepsPerEpoch, "stepsPerEpoch", "fit")
      : undefined;
    const validationSteps = options.validationSteps
      ? positive(options.validationSteps, "validationSteps", "fit")
      : undefined;
    if (isSource(x)) refuseWithSource("fit", y, options);
    let data = isSource(x) ? undefined : checkArrays("fit", x, y, options.sampleWeight);
    let validation: Arrays | DataSource | null = null;
    if (isSource(options.validationData)) validation = options.validationData;
    else if (options.validationData) {
      const given: unknown = options.validationData;
      if (!Array.isArray(given) || given.length < 2 || given.length > 3) {
        throw new ValueError(
          `fit: expected validationData to be [x, y] or [x, y, sampleWeight]. Received: ${show(given)}`,
        );
      }
      const [vx, vy, vw] = given as Data[];
      validation = checkArrays("fit (validationData)", vx!, vy, vw);
    } else if (validationSplit > 0 && data !== undefined)
      [data, validation] = splitArrays(data, validationSplit);
    // Classes have weights in the training alone.
    const weigh = (batch: Arrays): Arrays =>
      options.classWeight ? this.#weighClasses(batch, options.classWeight, "fit") : batch;
    if (data !== undefined) data = weigh(data);
    const validationBatchSize = positive(
      options.validationBatchSize ?? batchSize,
      "validationBatchSize",
      "fit",
    );
    const validates = validationSchedule(options.validationFreq ?? 1);
    const perExecution =
      options.stepsPerExecution === undefined
        ? compiled.stepsPerExecution
        : checkSteps(options.stepsPerExecution, "fit");
    options.signal?.throwIfAborted();
    if (this.#fitting) {
      throw new StateError(
        `fit: model "${this.name}" is being trained already. Await the earlier call of fit() first.`,
      );
    }
    this.#warnOfTrainable(compiled);
    if (
      data === undefined ||
      isSource(validation) ||
      compiled.runEagerly ||
      stepsPerEpoch !== undefined ||
      validationSteps !== undefined
    ) {
      const { Batches, fromArrays, fromSource } = await import("./batches.ts");
      const { fitStream } = await import("./streaming.ts");
      const orders = data && shuffle ? new SampleOrders(samplesOf(data), true) : undefined;
      const origin = isSource(x)
        ? fromSource(x)
        : fromArrays(data!, batchSize, orders && (() => orders.next()));
      const batches = new Batches("fit", origin);
      const validating =
        validation &&
        new Batches(
          "fit (validationData)",
          isSource(validation) ? fromSource(validation) : fromArrays(validation, validationBatchSize),
        );
      const callbacks = this.#callbacks(options.callbacks, {
        addHistory: true,
        addProgbar: verbose !== 0,
        params: { verbose, epochs, steps: stepsPerEpoch ?? batches.steps ?? null },
      });
      const share = this.#shares.open();
      const host = this.#streamHost(compiled, callbacks, perExecution, options.signal, share.enter);
      this.#fitting = true;
      try {
        const logs = await this.#untilAveraged(compiled, () =>
          fitStream(host, {
            batches,
            stepsPerEpoch,
            validation: validating ?? undefined,
            validationSteps,
            validates,
            initialEpoch,
            epochs,
            // Arrays have got their weights as a whole.
            weigh: isSource(x) ? weigh : (batch) => batch,
            begin: () => {
              this.stopTraining = false;
              this.history = callbacks.history!;
            },
          }),
        );
        await callbacks.onTrainEnd(logs);
      } finally {
        this.#fitting = false;
        share.close();
        batches.close();
        validating?.close();
        orders?.dispose();
      }
      return callbacks.history!;
    }
    const steps = Math.ceil(samplesOf(data) / batchSize);
    const callbacks = this.#callbacks(options.callbacks, {
      addHistory: true,
      addProgbar: verbose !== 0,
      params: { verbose, epochs, steps },
    });

    const resident = new ResidentArrays(data);
    const residentValidation = validation && new ResidentArrays(validation);
    const orders = new SampleOrders(samplesOf(data), shuffle);
    const share = this.#shares.open();
    const run: TrainingRun = {
      programs: this.#programs,
      data: resident.arrays,
      validation: residentValidation?.arrays ?? null,
      orders,
      batchSize,
      validationBatchSize,
      initialEpoch,
      epochs,
      validates,
      stepsPerExecution: perExecution === "auto" ? 1 : perExecution,
      listener: callbacks,
      shouldStop: () => this.stopTraining,
      checkAborted: this.#abortCheck(options.signal),
      enter: share.enter,
    };
    this.#fitting = true;
    let logs: Logs;
    try {
      const stages = buildSafely(() => {
        this.#prepare(compiled, data, true);
        const all = compileTraining(run);
        all.next();
        return all;
      });
      // From here on whoever wants to stop is heard.
      this.stopTraining = false;
      await inBreaths(stages);
      this.history = callbacks.history!;
      await callbacks.onTrainBegin();
      logs = await this.#untilAveraged(compiled, () => train(run));
      await callbacks.onTrainEnd(logs);
    } finally {
      this.#fitting = false;
      share.close();
      resident.dispose();
      residentValidation?.dispose();
      orders.dispose();
    }
    return callbacks.history!;
  }

  /** Trains; then moving averages take the place of the weights, even if the training was aborted. */
  async #untilAveraged(c: Compiled, training: () => Promise<Logs>): Promise<Logs> {
    try {
      return await training();
    } finally {
      // Not if there was no step at all.
      if (c.optimizer.built && c.optimizer.iterations.item() > 0)
        c.optimizer.finalizeVariableValues(this.trainableVariables);
    }
  }

  #streamHost(
    c: Compiled,
    callbacks: CallbackList,
    stepsPerExecution: number | "auto",
    signal: AbortSignal | null | undefined,
    enter: () => void,
  ): StreamHost {
    return {
      steps: this.#steps,
      programs: this.#programs,
      eager: c.runEagerly,
      callbacks,
      stepsPerExecution: stepsPerExecution === "auto" ? 1 : stepsPerExecution,
      prepare: (batch, training) => this.#prepare(c, batch, training),
      enter,
      checkAborted: this.#abortCheck(signal),
      shouldStop: () => this.stopTraining,
    };
  }

  /** Says when layers were frozen or thawed since `compile`. */
  #warnOfTrainable(c: Compiled): void {
    const changed = [...c.trainable].filter(([layer, trainable]) => layer.trainable !== trainable);
    if (changed.length === 0) return;
    console.warn(
      "A layer's `trainable` state has changed since the model was compiled. Compile the model again before calling " +
        `fit() so that the change takes effect. Changed layers: ${changed.map(([layer]) => layer.name).join(", ")}`,
    );
    for (const [layer] of changed) c.trainable.set(layer, layer.trainable);
  }

  #weighClasses(data: Arrays, classWeight: Readonly<Record<string, number>>, where: string): Arrays {
    if (data.sampleWeight !== undefined)
      throw new ValueError(`${where}: give classWeight or sampleWeight, not both.`);
    return { ...data, sampleWeight: tensor(classWeights(data.y, classWeight)) };
  }

  /**
   * The loss and metrics of the model on arrays.
   *
   * @param options `batchSize` (32), `verbose` ("auto"), `sampleWeight`, `callbacks`, `steps`, `returnDict` (false), `signal`
   * @returns the loss, then the metrics in the order of `metricsNames`; by name with `returnDict`
   * @throws as `fit`
   *
   * @example
   * ```ts
   * const model = new keras.Sequential([keras.Input([1]), new keras.layers.Dense(1, { kernelInitializer: "ones" })]);
   * model.compile({ loss: "mse" });
   * const [loss] = await model.evaluate([[1], [2]], [[2], [2]], { verbose: 0 });
   * loss; // → 0.5
   * ```
   */
  async evaluate(
    x: Data | DataSource,
    y: Data | undefined,
    options: EvaluateOptions & { readonly returnDict: true },
  ): Promise<Logs>;
  async evaluate(x: Data | DataSource, y?: Data, options?: EvaluateOptions): Promise<number[]>;
  async evaluate(x: Data | DataSource, y?: Data, options: EvaluateOptions = {}): Promise<Logs | number[]> {
    const compiled = this.#needCompiled("evaluate");
    checkOptions("evaluate", options, [
      "batchSize",
      "verbose",
      "sampleWeight",
      "callbacks",
      "returnDict",
      "signal",
      "steps",
    ]);
    const batchSize = positive(options.batchSize ?? 32, "batchSize", "evaluate");
    const verbose = checkVerbose(options.verbose, "evaluate");
    const limit = options.steps ? positive(options.steps, "steps", "evaluate") : undefined;
    if (isSource(x)) refuseWithSource("evaluate", y, options);
    if (isSource(x) || limit !== undefined || compiled.runEagerly) {
      const { Batches, fromArrays, fromSource } = await import("./batches.ts");
      const { evaluateStream } = await import("./streaming.ts");
      const batches = new Batches(
        "evaluate",
        isSource(x)
          ? fromSource(x)
          : fromArrays(checkArrays("evaluate", x, y, options.sampleWeight), batchSize),
      );
      const callbacks = this.#callbacks(options.callbacks, {
        addProgbar: verbose !== 0,
        params: { verbose, epochs: 1, steps: limit ?? batches.steps ?? null },
      });
      const share = this.#shares.open();
      try {
        const host = this.#streamHost(
          compiled,
          callbacks,
          this.#stepsPerExecution,
          options.signal,
          share.enter,
        );
        return this.#inOrder(await evaluateStream(host, batches, limit), options.returnDict);
      } finally {
        share.close();
        batches.close();
      }
    }
    const data = checkArrays("evaluate", x, y, options.sampleWeight);
    const steps = Math.ceil(samplesOf(data) / batchSize);
    const callbacks = this.#callbacks(options.callbacks, {
      addProgbar: verbose !== 0,
      params: { verbose, epochs: 1, steps },
    });
    const resident = new ResidentArrays(data);
    const share = this.#shares.open();
    const run = (part: Portion["validation"]): Logs => {
      share.enter();
      return logsOf(this.#programs.evaluate(resident.arrays, part, batchSize));
    };
    try {
      let last: Logs = {};
      // What does not fit throws before anything has changed.
      buildSafely(() => {
        this.#prepare(compiled, data, false);
        run(nothing);
      });
      await callbacks.onTestBegin();
      const pass = {
        stepsPerExecution: this.#stepsPerExecution,
        shouldStop: alwaysGoOn,
        checkAborted: this.#abortCheck(options.signal),
      };
      await inSlices(
        pass,
        new TimeSlice(),
        everything(samplesOf(data), batchSize),
        callbacks,
        "Test",
        (part) => {
          last = run(part);
          return last;
        },
      );
      await callbacks.onTestEnd(last);
      return this.#inOrder(last, options.returnDict);
    } finally {
      share.close();
      resident.dispose();
    }
  }

  /**
   * The outputs of the model for inputs.
   *
   * @returns one row per sample
   */
  async predict(x: Data | DataSource, options: PredictOptions = {}): Promise<Out> {
    checkOptions("predict", options, ["batchSize", "verbose", "callbacks", "steps", "signal"]);
    const batchSize = positive(options.batchSize ?? 32, "batchSize", "predict");
    const verbose = checkVerbose(options.verbose, "predict");
    const limit = options.steps ? positive(options.steps, "steps", "predict") : undefined;
    if (isSource(x) || limit !== undefined || this.runEagerly) {
      const { Batches, fromArrays, fromSource } = await import("./batches.ts");
      const { predictStream } = await import("./streaming.ts");
      const origin = isSource(x) ? fromSource(x) : fromArrays(checkArrays("predict", x), batchSize);
      const batches = new Batches("predict", origin);
      const callbacks = this.#callbacks(options.callbacks, {
        addProgbar: verbose !== 0,
        params: { verbose, epochs: 1, steps: limit ?? batches.steps ?? null },
      });
      const host = {
        steps: this.#steps,
        programs: this.#programs,
        eager: this.runEagerly,
        callbacks,
        checkAborted: this.#abortCheck(options.signal),
      };
      try {
        return (await predictStream(host, batches, limit)) as Out;
      } finally {
        batches.close();
      }
    }
    const data = checkArrays("predict", x);
    this.#buildFor(data.x);
    const samples = samplesOf(data);
    const all = everything(samples, batchSize);
    const callbacks = this.#callbacks(options.callbacks, {
      addProgbar: verbose !== 0,
      params: { verbose, epochs: 1, steps: all.stop + Number(all.tail) },
    });
    const resident = new ResidentArrays(data);
    const room = Math.min(predictRoom, all.stop);
    let structure: DataTree = null;
    let outputs: { readonly rows: TypedArray; readonly shape: Shape }[] | undefined;
    const run = (first: number, count: number, size: number): void => {
      structure = this.#programs.predict(resident.arrays.x, first, count, size, size < batchSize ? 1 : room);
      const tensors = tensorsOf(structure);
      outputs ??= tensors.map((t) => {
        const shape = t.shape.slice(1);
        return { rows: new (arrayOf(t.dtype))(samples * sizeOf(shape)), shape };
      });
      for (const [n, { rows, shape }] of outputs.entries()) {
        const width = sizeOf(shape);
        rows.set(tensors[n]!.dataSync().subarray(0, count * size * width), first * width);
      }
    };
    const pass = {
      stepsPerExecution: this.#stepsPerExecution,
      shouldStop: alwaysGoOn,
      checkAborted: this.#abortCheck(options.signal),
    };
    try {
      await callbacks.onPredictBegin();
      await inSlices(pass, new TimeSlice(), all, callbacks, "Predict", ({ start, stop, tail }) => {
        for (let at = start; at < stop; at += room) run(at * batchSize, Math.min(room, stop - at), batchSize);
        if (tail) run(all.stop * batchSize, 1, samples % batchSize);
        return {};
      });
      await callbacks.onPredictEnd();
    } finally {
      resident.dispose();
    }
    let n = 0;
    return treeMap(() => {
      const { rows, shape } = outputs![n++]!;
      return tensor(rows, { shape: [samples, ...shape] });
    }, structure) as Out;
  }

  /**
   * Trains (or predicts, without targets) and measures every kernel: where the time goes, layer by layer. The same work
   * runs once before, unmeasured, so that the host has compiled the code well.
   *
   * @param options as of `fit`, or of `predict`; `verbose` is 0 by default
   * @returns rows by kernel, the longest first: time, share, runs, GFLOP/s, GB/s, and the layer that it comes from;
   *   `String(profile)` is a table
   * @throws as `fit` and `predict`
   *
   * @example
   * ```ts
   * const model = new keras.Sequential([keras.Input([4]), new keras.layers.Dense(2, { name: "only" })]);
   * const { rows } = await model.profile(np.ones([8, 4]));
   * rows.some((row) => row.origin.includes("only")); // → true
   * ```
   */
  async profile(x: Data, y?: Data | null, options: FitOptions = {}): Promise<Profile> {
    const quiet = { verbose: 0, ...options } as const;
    const training = y !== undefined && y !== null;
    const work = (): Promise<unknown> => (training ? this.fit(x, y, quiet) : this.predict(x, quiet));
    return profile(work, { warmUp: work });
  }

  // --- Single batches ---------------------------------------------------------------------------------------------------

  /**
   * One update from one batch.
   *
   * @param options `sampleWeight`, `classWeight`, `resetMetrics` (default true), `returnDict` (default false)
   * @returns the loss before the update, then the metrics; by name with `returnDict`
   */
  async trainOnBatch(
    x: Data,
    y: Data | undefined,
    options: OnBatchOptions & { readonly returnDict: true },
  ): Promise<Logs>;
  async trainOnBatch(x: Data, y?: Data, options?: OnBatchOptions): Promise<number[]>;
  async trainOnBatch(x: Data, y?: Data, options: OnBatchOptions = {}): Promise<Logs | number[]> {
    const compiled = this.#needCompiled("trainOnBatch");
    const data = this.#onBatch("trainOnBatch", x, y, options);
    return this.#oneBatch(options, () => {
      this.#prepare(compiled, data, true);
      return this.#runBatch(compiled, "train", data, options.resetMetrics ?? true);
    });
  }

  /** The loss and metrics of one batch. Options as of `trainOnBatch`. */
  async testOnBatch(
    x: Data,
    y: Data | undefined,
    options: OnBatchOptions & { readonly returnDict: true },
  ): Promise<Logs>;
  async testOnBatch(x: Data, y?: Data, options?: OnBatchOptions): Promise<number[]>;
  async testOnBatch(x: Data, y?: Data, options: OnBatchOptions = {}): Promise<Logs | number[]> {
    const compiled = this.#needCompiled("testOnBatch");
    const data = this.#onBatch("testOnBatch", x, y, options);
    return this.#oneBatch(options, () => {
      this.#prepare(compiled, data, false);
      return this.#runBatch(compiled, "test", data, options.resetMetrics ?? true);
    });
  }

  #runBatch(c: Compiled, phase: "train" | "test", batch: Batch, reset: boolean): Logged {
    if (!c.runEagerly) return this.#programs[`${phase}OnBatch`](batch, reset);
    if (reset) this.resetMetrics();
    this.#steps[`${phase}Step`](batch);
    return logged(this.#steps.results(phase));
  }

  #oneBatch(options: OnBatchOptions, step: () => Logged): Logs | number[] {
    this.#batches.enter();
    const logs = logsOf(buildSafely(step));
    return this.#inOrder(logs, options.returnDict);
  }

  /** Logs as users want them: the loss first, then the metrics as they were given to `compile`. */
  #inOrder(logs: Logs, byName: boolean | undefined): Logs | number[] {
    if (byName) return logs;
    // As in Keras, where a metric whose name was made unique comes at the end, too.
    const first = this.metricsNames.filter((name) => name in logs);
    const rest = Object.keys(logs).filter((name) => !first.includes(name));
    return [...first, ...rest].map((name) => logs[name]!);
  }

  /** The outputs for one batch. */
  async predictOnBatch(x: Data): Promise<Out> {
    const data = checkArrays("predictOnBatch", x);
    this.#buildFor(data.x);
    const predicted = this.runEagerly
      ? this.#steps.predictStep(data.x)
      : this.#programs.predictOnBatch(data.x);
    return predicted as Out;
  }

  #onBatch(where: string, x: Data, y: Data | null | undefined, options: OnBatchOptions): Arrays {
    checkOptions(where, options, ["sampleWeight", "classWeight", "resetMetrics", "returnDict"]);
    const data = checkArrays(where, x, y, options.sampleWeight);
    return options.classWeight ? this.#weighClasses(data, options.classWeight, where) : data;
  }
}

/** Data sources give targets and weights with their batches. */
function refuseWithSource(
  where: string,
  y: unknown,
  options: { readonly sampleWeight?: unknown; readonly validationSplit?: number },
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

/** The shapes of inputs, whatever the number of samples. */
function shapesWithoutSamples(x: DataTree): ShapeTree {
  return treeMap((leaf) => (leaf instanceof Tensor ? [null, ...leaf.shape.slice(1)] : leaf), x) as ShapeTree;
}

/** A batch as the steps of models get it. */
function stepData({ x, y, sampleWeight }: Batch): StepData {
  return [x as Tensors, y as Tensors, sampleWeight as Tensors | undefined];
}

/** The metrics that a layer has as properties. */
function metricsIn(layer: AnyLayer): Metric[] {
  return Object.values(layer as unknown as Record<string, unknown>).flatMap((value) => {
    if (value instanceof Metric) return [value];
    return Array.isArray(value) ? value.filter((item) => item instanceof Metric) : [];
  });
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
