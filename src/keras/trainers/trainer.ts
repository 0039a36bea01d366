/** What every model can: be compiled, trained, evaluated and asked for predictions. */
import {
  arrayOf,
  checkOptions,
  gradients,
  type Profile,
  profile,
  Resident,
  type Shape,
  StateError,
  show,
  sizeOf,
  Tensor,
  type TensorLike,
  type TypedArray,
  tensor,
  ValueError,
  withOrigin,
} from "../../engine/index.ts";
import { type Callback, CallbackList, type CallbackListOptions, type History } from "../callbacks/index.ts";
import { aboutToBuild, buildSafely } from "../layers/build_journal.ts";
import type { Tensors } from "../layers/call_inputs.ts";
import { Layer } from "../layers/layer.ts";
import type { Loss } from "../losses/index.ts";
import { Mean, type Metric } from "../metrics/index.ts";
import * as optimizers from "../optimizers/index.ts";
import {
  checkMetrics,
  compileLoss,
  compileMetric,
  type LossLike,
  logNames,
  type MetricLike,
} from "./compile_utils.ts";
import { type Arrays, checkArrays, classWeights, ResidentArrays, samplesOf, splitArrays } from "./data.ts";
import { MetricShares } from "./metric_shares.ts";
import { type Batch, everything, type Logged, nothing, type Portion, Programs } from "./programs.ts";
import { SampleOrders } from "./sample_orders.ts";
import { TimeSlice } from "./time_slice.ts";
import { compileTraining, inSlices, type Logs, logsOf, type TrainingRun, train } from "./training_loop.ts";

/** Options of `compile`. */
export interface CompileOptions {
  /** A name, a config or an optimizer. Default `"rmsprop"`. */
  readonly optimizer?: optimizers.OptimizerIdentifier;
  /** A name, a config, a loss or a function of (yTrue, yPred). */
  readonly loss?: LossLike | null;
  /** What is measured besides the loss, without sample weights. */
  readonly metrics?: readonly MetricLike[] | null;
  /** What is measured with sample weights. */
  readonly weightedMetrics?: readonly MetricLike[] | null;
  /** Batches between two calls of batch callbacks. Default `"auto"`: 1 if there are such callbacks. */
  readonly stepsPerExecution?: number | "auto";
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
  readonly validationData?:
    | readonly [TensorLike, TensorLike]
    | readonly [TensorLike, TensorLike, TensorLike]
    | null;
  /** Whether the samples come in a new order in each epoch. Default true. */
  readonly shuffle?: boolean;
  /** How much each class counts in the loss, by its number. */
  readonly classWeight?: Readonly<Record<string, number>> | null;
  /** How much each sample counts in the loss. */
  readonly sampleWeight?: TensorLike | null;
  /** The number of the first epoch, to go on with an earlier training. Default 0. */
  readonly initialEpoch?: number;
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
  readonly sampleWeight?: TensorLike | null;
  readonly callbacks?: readonly Callback[] | null;
  /** Whether the values come by name. Default false. */
  readonly returnDict?: boolean;
  readonly signal?: AbortSignal | null;
}

/** Options of `predict`. */
export interface PredictOptions {
  readonly batchSize?: number | null;
  readonly verbose?: "auto" | 0 | 1 | 2;
  readonly callbacks?: readonly Callback[] | null;
  readonly signal?: AbortSignal | null;
}

/** Options of `trainOnBatch` and `testOnBatch`. */
export interface OnBatchOptions {
  readonly sampleWeight?: TensorLike | null;
  readonly classWeight?: Readonly<Record<string, number>> | null;
  /** Whether the metrics start anew. Default true. */
  readonly resetMetrics?: boolean;
  /** Whether the values come by name. Default false. */
  readonly returnDict?: boolean;
}

const compileOptions = ["optimizer", "loss", "metrics", "weightedMetrics", "stepsPerExecution"];
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
];

/** What `compile` made. */
interface Compiled {
  readonly optimizer: optimizers.Optimizer;
  readonly loss: Loss | undefined;
  readonly metrics: readonly MetricLike[];
  readonly weightedMetrics: readonly MetricLike[];
  readonly stepsPerExecution: number | "auto";
  readonly lossTracker: Mean;
  /** Made when the shapes of targets and predictions are first known. */
  built: { readonly plain: readonly Metric[]; readonly weighted: readonly Metric[] } | undefined;
}

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

  #newPrograms(): Programs {
    return new Programs({
      trainStep: (batch) => this.trainStep(batch),
      testStep: (batch) => this.testStep(batch),
      predictStep: (x) => this.predictStep(x),
      results: () => this.getMetricsResult(),
      resetMetrics: () => this.resetMetrics(),
    });
  }

  /** Drops the compiled programs, because what they were traced from has changed. */
  protected forgetPrograms(): void {
    this.#programs = this.#newPrograms();
  }

  /** Whether `compile` was called. */
  get compiled(): boolean {
    return this.#compiled !== undefined;
  }

  /** The optimizer; undefined before `compile`. */
  get optimizer(): optimizers.Optimizer | undefined {
    return this.#compiled?.optimizer;
  }

  /** The loss that `compile` was given. */
  get loss(): Loss | undefined {
    return this.#compiled?.loss;
  }

  /** The metrics: the mean loss, then those that `compile` was given, once their shapes are known. */
  get metrics(): Metric[] {
    const c = this.#compiled;
    return c === undefined ? [] : [c.lossTracker, ...(c.built?.plain ?? []), ...(c.built?.weighted ?? [])];
  }

  get metricsNames(): string[] {
    return this.metrics.map((m) => m.name);
  }

  /**
   * Says how the model is trained.
   *
   * @param options `optimizer` (default `"rmsprop"`), `loss`, `metrics`, `weightedMetrics`, `stepsPerExecution`
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
    const { metrics, weightedMetrics } = options;
    const optimizer = optimizers.get(options.optimizer ?? "rmsprop");
    const loss = compileLoss(options.loss);
    checkMetrics(metrics ?? [], "metrics");
    checkMetrics(weightedMetrics ?? [], "weightedMetrics");
    const stepsPerExecution = checkSteps(options.stepsPerExecution, "compile");
    this.#compiled = {
      optimizer,
      loss,
      metrics: metrics ?? [],
      weightedMetrics: weightedMetrics ?? [],
      stepsPerExecution,
      lossTracker: new Mean({ name: "loss" }),
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

  /** One update: forward, loss, backward, new weights, metrics. */
  trainStep({ x, y, sampleWeight }: Batch): void {
    const { optimizer, lossTracker } = this.#needCompiled("fit");
    const yPred = this.apply(x, { training: true }) as Tensor;
    const loss = withOrigin("loss", () => this.computeLoss({ x, y, sampleWeight }, yPred, true));
    lossTracker.updateState(loss, { sampleWeight: x.shape[0]! });
    const variables = this.trainableVariables;
    const grads = gradients(
      optimizer.scaleLoss(loss),
      variables.map((v) => v.value),
    );
    withOrigin("optimizer", () => optimizer.apply(grads, variables));
    withOrigin("metrics", () => this.computeMetrics({ x, y, sampleWeight }, yPred));
  }

  /** Loss and metrics of one batch. */
  testStep(batch: Batch): void {
    const { lossTracker } = this.#needCompiled("evaluate");
    const yPred = this.apply(batch.x, { training: false }) as Tensor;
    const loss = withOrigin("loss", () => this.computeLoss(batch, yPred, false));
    lossTracker.updateState(loss, { sampleWeight: batch.x.shape[0]! });
    withOrigin("metrics", () => this.computeMetrics(batch, yPred));
  }

  /** The outputs for one batch. */
  predictStep(x: Tensor): Tensor {
    return this.apply(x, { training: false }) as Tensor;
  }

  /** The loss of a batch with the losses that layers added. */
  computeLoss({ y, sampleWeight }: Batch, yPred: Tensor, _training: boolean): Tensor {
    const { loss } = this.#needCompiled("fit");
    const parts: Tensor[] = [];
    if (loss !== undefined && y !== undefined) parts.push(loss(y, yPred, { sampleWeight }));
    parts.push(...this.losses);
    if (parts.length === 0) {
      throw new ValueError(
        "No loss to compute. Give compile() a loss, fit() targets y, or let layers add losses with addLoss().",
      );
    }
    return parts.reduce((a, b) => a.add(b));
  }

  /** Updates the metrics with a batch. */
  computeMetrics({ y, sampleWeight }: Batch, yPred: Tensor): void {
    const built = this.#needCompiled("evaluate").built;
    if (y === undefined || built === undefined) return;
    for (const m of built.plain) m.updateState(y, yPred);
    for (const m of built.weighted) m.updateState(y, yPred, { sampleWeight });
  }

  /** The results of all metrics by name. */
  getMetricsResult(): Record<string, Tensor> {
    const out: Record<string, Tensor> = {};
    const built = this.#compiled?.built;
    const names = logNames(built?.plain ?? [], built?.weighted ?? []);
    for (const m of this.metrics) {
      const result = m.result();
      if (result instanceof Tensor) out[names.get(m) ?? m.name] = result;
      else Object.assign(out, result);
    }
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
    const shape = [null, ...data.x.shape.slice(1)];
    if (!this.built) this.build(shape);
    if (
      c.built === undefined &&
      (c.metrics.length > 0 || c.weightedMetrics.length > 0) &&
      data.y !== undefined
    ) {
      const yPred = this.#outputShape(shape);
      const make = (m: MetricLike): Metric => compileMetric(m, data.y!.shape, yPred);
      c.built = { plain: c.metrics.map(make), weighted: c.weightedMetrics.map(make) };
    }
    if (training && !c.optimizer.built) c.optimizer.build(this.trainableVariables);
  }

  #outputShape(inputShape: readonly (number | null)[]): number[] {
    const shape = this.computeOutputShape(inputShape) as readonly (number | null)[];
    return shape.map((n) => n ?? 1);
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
   * Trains the model on arrays.
   *
   * @param x inputs; the first axis counts the samples
   * @param y targets
   * @param options `batchSize` (32), `epochs` (1), `verbose` ("auto"), `callbacks`, `validationSplit` (0),
   *   `validationData`, `shuffle` (true), `classWeight`, `sampleWeight`, `initialEpoch` (0), `validationBatchSize`,
   *   `validationFreq` (1), `stepsPerExecution`, `signal`
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
  async fit(x: TensorLike, y?: TensorLike | null, options: FitOptions = {}): Promise<History> {
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
    let data = checkArrays("fit", x, y, options.sampleWeight);
    let validation: Arrays | null = null;
    if (options.validationData) {
      const given: unknown = options.validationData;
      if (!Array.isArray(given) || given.length < 2 || given.length > 3) {
        throw new ValueError(
          `fit: expected validationData to be [x, y] or [x, y, sampleWeight]. Received: ${show(given)}`,
        );
      }
      const [vx, vy, vw] = options.validationData;
      validation = checkArrays("fit (validationData)", vx, vy, vw);
    } else if (validationSplit > 0) [data, validation] = splitArrays(data, validationSplit);
    // Classes count differently in training only.
    if (options.classWeight) data = this.#weighClasses(data, options.classWeight, "fit");
    // Classes have weights in the training alone.
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
      buildSafely(() => {
        this.#prepare(compiled, data, true);
        compileTraining(run);
      });
      this.stopTraining = false;
      this.history = callbacks.history!;
      await callbacks.onTrainBegin();
      try {
        logs = await train(run);
      } finally {
        // Moving averages take the place of the weights even if the training was aborted, but not if there was none.
        const { optimizer } = compiled;
        if (optimizer.useEma && optimizer.iterations.item() > 0)
          optimizer.finalizeVariableValues(this.trainableVariables);
      }
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

  #weighClasses(data: Arrays, classWeight: Readonly<Record<string, number>>, where: string): Arrays {
    if (data.sampleWeight !== undefined)
      throw new ValueError(`${where}: give classWeight or sampleWeight, not both.`);
    return { ...data, sampleWeight: tensor(classWeights(data.y, classWeight)) };
  }

  /**
   * The loss and metrics of the model on arrays.
   *
   * @param options `batchSize` (32), `verbose` ("auto"), `sampleWeight`, `callbacks`, `returnDict` (false), `signal`
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
    x: TensorLike,
    y: TensorLike | null | undefined,
    options: EvaluateOptions & { readonly returnDict: true },
  ): Promise<Logs>;
  async evaluate(x: TensorLike, y?: TensorLike | null, options?: EvaluateOptions): Promise<number[]>;
  async evaluate(
    x: TensorLike,
    y?: TensorLike | null,
    options: EvaluateOptions = {},
  ): Promise<Logs | number[]> {
    const compiled = this.#needCompiled("evaluate");
    checkOptions("evaluate", options, [
      "batchSize",
      "verbose",
      "sampleWeight",
      "callbacks",
      "returnDict",
      "signal",
    ]);
    const batchSize = positive(options.batchSize ?? 32, "batchSize", "evaluate");
    const verbose = checkVerbose(options.verbose, "evaluate");
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
  async predict(x: TensorLike, options: PredictOptions = {}): Promise<Tensor> {
    checkOptions("predict", options, ["batchSize", "verbose", "callbacks", "signal"]);
    const batchSize = positive(options.batchSize ?? 32, "batchSize", "predict");
    const verbose = checkVerbose(options.verbose, "predict");
    const data = checkArrays("predict", x);
    const shape = [null, ...data.x.shape.slice(1)];
    if (!this.built) this.build(shape);
    const samples = samplesOf(data);
    const all = everything(samples, batchSize);
    const callbacks = this.#callbacks(options.callbacks, {
      addProgbar: verbose !== 0,
      params: { verbose, epochs: 1, steps: all.stop + Number(all.tail) },
    });
    const resident = new Resident(data.x);
    const room = Math.min(predictRoom, all.stop);
    let rows: TypedArray | undefined;
    let rowShape: Shape = [];
    const run = (first: number, count: number, size: number): void => {
      const out = this.#programs.predict(resident.tensor, first, count, size, size < batchSize ? 1 : room);
      const values = out.dataSync();
      if (rows === undefined) {
        rowShape = out.shape.slice(1);
        rows = new (arrayOf(out.dtype))(samples * sizeOf(rowShape));
      }
      const width = sizeOf(rowShape);
      rows.set(values.subarray(0, count * size * width), first * width);
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
    return tensor(rows!, { shape: [samples, ...rowShape] });
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
  async profile(x: TensorLike, y?: TensorLike | null, options: FitOptions = {}): Promise<Profile> {
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
    x: TensorLike,
    y: TensorLike | null | undefined,
    options: OnBatchOptions & { readonly returnDict: true },
  ): Promise<Logs>;
  async trainOnBatch(x: TensorLike, y?: TensorLike | null, options?: OnBatchOptions): Promise<number[]>;
  async trainOnBatch(
    x: TensorLike,
    y?: TensorLike | null,
    options: OnBatchOptions = {},
  ): Promise<Logs | number[]> {
    const compiled = this.#needCompiled("trainOnBatch");
    const data = this.#onBatch("trainOnBatch", x, y, options);
    return this.#oneBatch(options, () => {
      this.#prepare(compiled, data, true);
      return this.#programs.trainOnBatch(data, options.resetMetrics ?? true);
    });
  }

  /** The loss and metrics of one batch. Options as of `trainOnBatch`. */
  async testOnBatch(
    x: TensorLike,
    y: TensorLike | null | undefined,
    options: OnBatchOptions & { readonly returnDict: true },
  ): Promise<Logs>;
  async testOnBatch(x: TensorLike, y?: TensorLike | null, options?: OnBatchOptions): Promise<number[]>;
  async testOnBatch(
    x: TensorLike,
    y?: TensorLike | null,
    options: OnBatchOptions = {},
  ): Promise<Logs | number[]> {
    const compiled = this.#needCompiled("testOnBatch");
    const data = this.#onBatch("testOnBatch", x, y, options);
    return this.#oneBatch(options, () => {
      this.#prepare(compiled, data, false);
      return this.#programs.testOnBatch(data, options.resetMetrics ?? true);
    });
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
  async predictOnBatch(x: TensorLike): Promise<Tensor> {
    const data = checkArrays("predictOnBatch", x);
    if (!this.built) this.build([null, ...data.x.shape.slice(1)]);
    return this.#programs.predictOnBatch(data.x);
  }

  #onBatch(where: string, x: TensorLike, y: TensorLike | null | undefined, options: OnBatchOptions): Arrays {
    checkOptions(where, options, ["sampleWeight", "classWeight", "resetMetrics", "returnDict"]);
    const data = checkArrays(where, x, y, options.sampleWeight);
    return options.classWeight ? this.#weighClasses(data, options.classWeight, where) : data;
  }
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
