/** What a model keeps between calls: what `compile` made, compiled programs, what steps log, the state of the metrics. */
import { makeGraph, StateError, settle, Tensor, treeMap } from "../../engine/index.ts";
import { notebook } from "../../files/notebook.ts";
import type { ShapeTree } from "../backend/keras_tensor.ts";
import type { Variable } from "../backend/variable.ts";
import type { CallbackList, History } from "../callbacks/index.ts";
import { aboutToBuild, buildSafely } from "../layers/build_journal.ts";
import type { Tensors } from "../layers/call_inputs.ts";
import type { Metric } from "../metrics/metric.ts";
import type { Compiled } from "./compiled.ts";
import type { Arrays, DataTree } from "./data.ts";
import { type MetricShare, MetricShares } from "./metric_shares.ts";
import type { Output } from "./outputs.ts";
import { type Batch, type Logged, logged, Programs, type Results, type Steps } from "./programs.ts";
import type { Host } from "./run_host.ts";
import { type Phase, StepLogs } from "./step_logs.ts";
import type { StepData } from "./trainer_options.ts";
import { type Logs, logsOf } from "./training_loop.ts";
import { TrainingPosition } from "./training_position.ts";

/** A model as its state sees it. */
export interface Trainee {
  readonly name: string;
  readonly built: boolean;
  readonly metrics: readonly Metric[];
  readonly trainableVariables: readonly Variable[];
  stopTraining: boolean;
  history: History | undefined;
  trainingPosition: TrainingPosition | undefined;
  build(shapes: ShapeTree): void;
  trainStep(data: StepData): Results;
  testStep(data: StepData): Results;
  predictStep(data: StepData): Tensors;
  getMetricsResult(): Results;
  resetMetrics(): void;
}

/** What models tell their state alone. */
export interface Insights {
  /** Whether a model overrides a step. */
  readonly hasOwnStep: (phase: Phase) => boolean;
  /** The outputs for inputs. */
  readonly describeOutputs: (x: DataTree) => readonly Output[];
}

/** The shapes of inputs, whatever the number of samples. */
export function shapesWithoutSamples(x: DataTree): ShapeTree {
  return treeMap((leaf) => (leaf instanceof Tensor ? [null, ...leaf.shape.slice(1)] : leaf), x) as ShapeTree;
}

/** A batch as the steps of models get it. */
function stepData({ x, y, sampleWeight }: Batch): StepData {
  return [x as Tensors, y as Tensors, sampleWeight as Tensors | undefined];
}

/** The state of one model. */
export class TrainingState {
  readonly #model: Trainee;
  readonly #insights: Insights;
  readonly #shares: MetricShares;
  /** The share of the calls for single batches. */
  readonly #batches: ReturnType<MetricShares["open"]>;
  readonly #steps: Steps;
  readonly logs: StepLogs;
  #compiled: Compiled | undefined;
  /** There before `compile` too, because predicting needs none. */
  #programs: Programs;
  #fitting = false;
  /** What was compiled when all metrics were last given a batch for their variables. */
  #measured: Compiled | undefined;
  /** The end of all that is being done with the metrics. */
  #lastTurn: Promise<void> | undefined;

  constructor(model: Trainee, insights: Insights) {
    this.#model = model;
    this.#insights = insights;
    this.#shares = new MetricShares(() => model.metrics.flatMap((m) => m.variables));
    this.#batches = this.#shares.open();
    this.logs = new StepLogs(insights.hasOwnStep, () => model.getMetricsResult());
    this.#steps = {
      trainStep: (batch) => this.logs.note("train", model.trainStep(stepData(batch))),
      testStep: (batch) => this.logs.note("test", model.testStep(stepData(batch))),
      predictStep: (x) => model.predictStep([x as Tensors, undefined as never]),
      results: (phase) => this.logs.results(phase),
      resetMetrics: () => model.resetMetrics(),
    };
    this.#programs = new Programs(this.#steps);
  }

  /** What `compile` made; undefined before. */
  get compiled(): Compiled | undefined {
    return this.#compiled;
  }

  set compiled(compiled: Compiled) {
    this.#compiled = compiled;
    this.forgetPrograms();
  }

  /** What `compile` made, without which `where` cannot work. */
  need(where: string): Compiled {
    if (this.#compiled !== undefined) return this.#compiled;
    throw new StateError(
      `You must call compile() before calling ${where}(), for example model.compile({ optimizer: "sgd", loss: "mse" }).`,
    );
  }

  /** Drops the compiled programs, because what they were traced from has changed. */
  forgetPrograms(): void {
    this.#programs = new Programs(this.#steps);
    this.logs.forget();
  }

  /** Builds the model for inputs, if it is not built yet. */
  build(x: DataTree): void {
    if (!this.#model.built) this.#model.build(shapesWithoutSamples(x));
  }

  /** Builds the model, the metrics and the optimizer. To be called in `buildSafely`, with what may fail after. */
  #prepare(data: Arrays, training: boolean): void {
    const compiled = this.need("fit");
    const { optimizer } = compiled;
    aboutToBuild(compiled);
    aboutToBuild(optimizer);
    this.build(data.x);
    compiled.build(data.y, () => this.#insights.describeOutputs(data.x));
    if (training && !optimizer.built) optimizer.build(this.#model.trainableVariables);
    // Eager steps say what they log when they run, and may do what cannot be traced.
    if (compiled.runEagerly) return;
    if (training) this.logs.learn("train", this.#steps.trainStep, data);
    this.logs.learn("test", this.#steps.testStep, data);
    // Metrics that make variables for the first batch make them now: the loops of a program set them to 0 before each pass.
    if (compiled === this.#measured || compiled.metrics.every((m) => m.built)) return;
    makeGraph(this.#steps.testStep, data);
    this.#measured = compiled;
  }

  /** Keeps a second call of `fit` out while one is at work. */
  async whileFitting<R>(work: () => Promise<R>): Promise<R> {
    if (this.#fitting) {
      throw new StateError(
        `fit: model "${this.#model.name}" is being trained already. Await the earlier call of fit() first.`,
      );
    }
    this.#fitting = true;
    try {
      return await work();
    } finally {
      this.#fitting = false;
    }
  }

  /** Gives the model to one call of `fit`, `evaluate` or `predict`, which shares the metrics with others. */
  async lend<R>(
    callbacks: CallbackList,
    signal: AbortSignal | null | undefined,
    stepsPerExecution: number,
    work: (host: Host) => Promise<R>,
  ): Promise<R> {
    const model = this.#model;
    const share = this.#shares.open();
    // In a notebook the user may interrupt the cell.
    const interrupted = notebook()?.signal;
    const position = new TrainingPosition(() => {
      share.enter();
      return model.metrics.flatMap((m) => m.variables);
    });
    try {
      return await work({
        steps: this.#steps,
        programs: this.#programs,
        eager: this.#compiled?.runEagerly ?? false,
        callbacks,
        position,
        stepsPerExecution,
        build: (x) => this.build(x),
        prepare: (batch, training) => this.#prepare(batch, training),
        begin: () => {
          model.stopTraining = false;
          model.history = callbacks.history;
          model.trainingPosition = position;
        },
        run: (work) => this.#inTurn(share, work),
        checkAborted: () => {
          signal?.throwIfAborted();
          interrupted?.throwIfAborted();
        },
        shouldStop: () => model.stopTraining,
      });
    } finally {
      share.close();
      if (model.trainingPosition === position) model.trainingPosition = undefined;
    }
  }

  /** Runs work that uses the metrics: with a share of theirs, and after all such work that was asked for before. */
  async #inTurn<R>(share: MetricShare, work: () => R | Promise<R>): Promise<R> {
    const before = this.#lastTurn;
    let over = (): void => {};
    const mine = new Promise<void>((resolve) => {
      over = resolve;
    });
    this.#lastTurn = mine;
    try {
      if (before !== undefined) await before;
      if (share.isAway()) await settle();
      share.enter();
      return await work();
    } finally {
      if (this.#lastTurn === mine) this.#lastTurn = undefined;
      over();
    }
  }

  /** Runs the step of one batch; gives what is logged. */
  async onBatch(phase: Phase, data: Batch, reset: boolean): Promise<Logs> {
    const { runEagerly } = this.need(`${phase}OnBatch`);
    const step = (): Logged | Promise<Logged> => {
      if (!runEagerly) return this.#programs[`${phase}OnBatch`].aside(data, reset);
      if (reset) this.#model.resetMetrics();
      this.#steps[`${phase}Step`](data);
      return logged(this.#steps.results(phase));
    };
    const out = await this.#inTurn(this.#batches, () =>
      buildSafely(() => {
        this.#prepare(data, phase === "train");
        return step();
      }),
    );
    await settle();
    return logsOf(out);
  }

  /** The outputs for one batch. */
  predictOnBatch(x: DataTree): DataTree | Promise<DataTree> {
    this.build(x);
    return this.#compiled?.runEagerly ? this.#steps.predictStep(x) : this.#programs.predictOnBatch.aside(x);
  }
}
