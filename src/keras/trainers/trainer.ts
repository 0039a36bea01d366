/** What every model can: be compiled, trained, evaluated and asked for predictions. */
import {
  gradients,
  type Profile,
  profile,
  settle,
  show,
  Tensor,
  ValueError,
  withOrigin,
} from "../../engine/index.ts";
import { KerasTensor, mapShapes } from "../backend/keras_tensor.ts";
import { type Callback, CallbackList, type CallbackListOptions, type History } from "../callbacks/index.ts";
import type { LayerInputs, Tensors } from "../layers/call_inputs.ts";
import { type AnyLayer, Layer } from "../layers/layer.ts";
import { Metric } from "../metrics/metric.ts";
import type { Optimizer } from "../optimizers/index.ts";
import type { Config } from "../saving/config.ts";
import { evaluateArrays, fitArrays, predictArrays } from "./array_runs.ts";
import { compileConfig, compileOptionsFrom } from "./compile_config.ts";
import type { Losses } from "./compile_loss.ts";
import { Compiled, type DescribeOutputs } from "./compiled.ts";
import { checkArrays, type Data, type DataTree } from "./data.ts";
import type { DataSource } from "./data_sources.ts";
import { type Output, outputsOf } from "./outputs.ts";
import type { Results } from "./programs.ts";
import type { Phase } from "./step_logs.ts";
import {
  checkEvaluate,
  checkFit,
  checkOnBatch,
  checkPredict,
  isWholeFit,
  isWholePass,
  type PassPlan,
} from "./trainer_arguments.ts";
import type {
  CompileOptions,
  EvaluateOptions,
  FitOptions,
  OnBatchOptions,
  PredictOptions,
  StepData,
} from "./trainer_options.ts";
import type { Logs } from "./training_loop.ts";
import type { TrainingPosition } from "./training_position.ts";
import { shapesWithoutSamples, TrainingState } from "./training_state.ts";

/** Base of models: the training, evaluating and predicting half. */
export abstract class Trainer<Out extends Tensors = Tensor> extends Layer<Out> {
  /** Set by callbacks to end the training after the current epoch or batch. */
  stopTraining = false;
  /** What the last `fit` logged. */
  history: History | undefined;
  /** Where the call of `fit` stands that is at work; callbacks may keep it, and make the training begin elsewhere. */
  trainingPosition: TrainingPosition | undefined;
  readonly #state = new TrainingState(this, {
    hasOwnStep: (phase) => this[`${phase}Step`] !== Trainer.prototype[`${phase}Step`],
    describeOutputs: (x) => this.describeOutputs(x),
  });

  /** Drops the compiled programs, because what they were traced from has changed. */
  protected forgetPrograms(): void {
    this.#state.forgetPrograms();
  }

  // --- Compiling --------------------------------------------------------------------------------------------------------

  /**
   * Says how the model is trained. Losses and metrics that few programs name are loaded by the first call that trains or
   * evaluates.
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
    this.#state.compiled = new Compiled(options, this.flattenLayers(), this.dtypePolicy.name);
  }

  /** How the model was compiled, as Keras's JSON has it; empty before `compile`. */
  getCompileConfig(): Config {
    const { compiled } = this.#state;
    return compiled === undefined ? {} : compileConfig(compiled.madeOf);
  }

  /**
   * Compiles the model with what `getCompileConfig` gave, in any backend of Keras, and makes the variables of the optimizer.
   *
   * @throws ValueError when a class or a function is unknown
   */
  compileFromConfig(config: Config): void {
    if (this.compile !== Trainer.prototype.compile) {
      console.warn(
        "compile() was not called as part of model loading because the model has a compile() of its own. Define " +
          "getCompileConfig() and compileFromConfig(config) as well, or call compile() after loading.",
      );
      return;
    }
    this.compile(compileOptionsFrom(config));
    if (this.built) this.optimizer?.build(this.trainableVariables);
  }

  /** Whether `compile` was called. */
  get compiled(): boolean {
    return this.#state.compiled !== undefined;
  }

  /** The optimizer; undefined before `compile`. */
  get optimizer(): Optimizer | undefined {
    return this.#state.compiled?.optimizer;
  }

  /** The loss, or the losses, that `compile` was given; `compileFromConfig` gives configs of those that are not loaded yet. */
  get loss(): Losses | null | undefined {
    return this.#state.compiled?.loss;
  }

  /** Whether steps run without being compiled. */
  get runEagerly(): boolean {
    return this.#state.compiled?.runEagerly ?? false;
  }

  /**
   * The metrics: the mean loss, then those that `compile` was given and the means of single losses, once the outputs are
   * known, then those that the model and its layers have as properties.
   */
  get metrics(): Metric[] {
    const held = this.flattenLayers().flatMap((layer) =>
      layer instanceof Trainer && layer !== (this as unknown) ? [] : metricsIn(layer),
    );
    return [...new Set([...(this.#state.compiled?.metrics ?? []), ...held])];
  }

  /** The names of the metrics, in their order. */
  get metricsNames(): string[] {
    return this.metrics.map((m) => m.name);
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
    const compiled = this.#state.need("fit");
    const { optimizer } = compiled;
    const yPred = this.apply(x as LayerInputs, { training: true });
    const loss = withOrigin("loss", () => this.computeLoss(x, y, yPred, sampleWeight, true));
    compiled.trackLoss(loss, x);
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
    this.#state.need("evaluate").trackLoss(loss, x);
    return withOrigin("metrics", () => this.computeMetrics(x, y, yPred, sampleWeight));
  }

  /** The outputs for one batch. */
  predictStep(data: StepData): Out {
    return this.apply(data[0] as LayerInputs, { training: false });
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
    const compiled = this.#state.need("fit");
    return compiled.computeLoss(y, yPred, sampleWeight, this.losses, this.#outputsLike(yPred));
  }

  /**
   * Updates the metrics of `compile` with a batch.
   *
   * @returns the results of all metrics by name
   */
  computeMetrics(_x: Tensors, y: Tensors | undefined, yPred: Tensors, sampleWeight?: Tensors): Results {
    this.#state.need("evaluate").updateMetrics(y, yPred, sampleWeight, this.#outputsLike(yPred));
    return this.getMetricsResult();
  }

  /** The results of all metrics by name. */
  getMetricsResult(): Record<string, Tensor> {
    const { compiled, logs } = this.#state;
    const out: Record<string, Tensor> = {};
    for (const m of this.metrics) {
      const result = m.result();
      if (result instanceof Tensor) out[compiled?.nameOf(m) ?? m.name] = result;
      else Object.assign(out, result);
    }
    logs.noteResults(out);
    return out;
  }

  /** Lets all metrics start anew. */
  resetMetrics(): void {
    for (const m of this.metrics) m.resetState();
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

  #outputsLike(yPred: Tensors): DescribeOutputs {
    return () => outputsOf(yPred, this.namesOfOutputs());
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
    const compiled = this.#state.need("fit");
    const plan = checkFit(x, y, options, compiled.stepsPerExecution);
    options.signal?.throwIfAborted();
    return this.#state.whileFitting(async () => {
      if (compiled.mustLoad) await compiled.load();
      compiled.warnOfTrainable();
      const callbacks = this.#callbacks(options.callbacks, plan, { addHistory: true });
      await this.#state.lend(callbacks, options.signal, plan.stepsPerExecution, async (host) => {
        const logs = await compiled.averaging(this.trainableVariables, async () => {
          try {
            if (!host.eager && isWholeFit(plan)) return await fitArrays(host, plan);
            const { fitStream } = await import("./streaming.ts");
            return await fitStream(host, plan);
          } finally {
            await settle();
          }
        });
        await callbacks.onTrainEnd(logs);
      });
      return callbacks.history!;
    });
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
    const compiled = this.#state.need("evaluate");
    const { stepsPerExecution } = compiled;
    const plan = checkEvaluate(x, y, options);
    if (compiled.mustLoad) await compiled.load();
    const callbacks = this.#callbacks(options.callbacks, plan);
    const logs = await this.#state.lend(callbacks, options.signal, stepsPerExecution, async (host) => {
      if (!host.eager && isWholePass(plan)) return evaluateArrays(host, plan);
      const { evaluateStream } = await import("./streaming.ts");
      return evaluateStream(host, plan);
    });
    return this.#inOrder(logs, options.returnDict);
  }

  /**
   * The outputs of the model for inputs.
   *
   * @returns one row per sample
   */
  async predict(x: Data | DataSource, options: PredictOptions = {}): Promise<Out> {
    const plan = checkPredict(x, options);
    const callbacks = this.#callbacks(options.callbacks, plan);
    const { stepsPerExecution = 1 } = this.#state.compiled ?? {};
    const outputs = await this.#state.lend(callbacks, options.signal, stepsPerExecution, async (host) => {
      if (!host.eager && isWholePass(plan)) return predictArrays(host, plan);
      const { predictStream } = await import("./streaming.ts");
      return predictStream(host, plan);
    });
    return outputs as Out;
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

  #callbacks(
    list: readonly Callback[] | null | undefined,
    { verbose, steps, epochs = 1 }: PassPlan & { readonly epochs?: number },
    options: CallbackListOptions = {},
  ): CallbackList {
    if (list !== null && list !== undefined && !Array.isArray(list)) {
      throw new ValueError(`expected callbacks to be an array. Received: ${show(list)}`);
    }
    const params = { verbose, epochs, steps };
    return new CallbackList(list ?? [], { ...options, addProgbar: verbose !== 0, params, model: this });
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
    return this.#onBatch("train", x, y, options);
  }

  /** The loss and metrics of one batch. Options as of `trainOnBatch`. */
  async testOnBatch(
    x: Data,
    y: Data | undefined,
    options: OnBatchOptions & { readonly returnDict: true },
  ): Promise<Logs>;
  async testOnBatch(x: Data, y?: Data, options?: OnBatchOptions): Promise<number[]>;
  async testOnBatch(x: Data, y?: Data, options: OnBatchOptions = {}): Promise<Logs | number[]> {
    return this.#onBatch("test", x, y, options);
  }

  /** The outputs for one batch. */
  async predictOnBatch(x: Data): Promise<Out> {
    return this.#state.predictOnBatch(checkArrays("predictOnBatch", x).x) as Out;
  }

  async #onBatch(
    phase: Phase,
    x: Data,
    y: Data | undefined,
    options: OnBatchOptions,
  ): Promise<Logs | number[]> {
    const where = `${phase}OnBatch`;
    const compiled = this.#state.need(where);
    const data = checkOnBatch(where, x, y, options);
    if (compiled.mustLoad) await compiled.load();
    const logs = await this.#state.onBatch(phase, data, options.resetMetrics ?? true);
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
}

/** The metrics that a layer has as properties. */
function metricsIn(layer: AnyLayer): Metric[] {
  return Object.values(layer as unknown as Record<string, unknown>).flatMap((value) => {
    if (value instanceof Metric) return [value];
    return Array.isArray(value) ? value.filter((item) => item instanceof Metric) : [];
  });
}
