/** What `compile` makes of its options: the optimizer, and the losses and metrics of a model. */
import { type Tensor, ValueError } from "../../engine/index.ts";
import type { Variable } from "../backend/variable.ts";
import type { Buildable } from "../layers/build_journal.ts";
import type { Tensors } from "../layers/call_inputs.ts";
import type { AnyLayer } from "../layers/layer.ts";
import { lossesOnDemand } from "../losses/on_demand.ts";
import { Mean } from "../metrics/mean.ts";
import type { Metric } from "../metrics/metric.ts";
import { metricsOnDemand } from "../metrics/on_demand.ts";
import * as optimizers from "../optimizers/index.ts";
import type { CompiledWith } from "./compile_config.ts";
import { CompileLoss, checkLosses, type Losses, type LossWeights } from "./compile_loss.ts";
import { CompileMetrics, checkMetrics, hasMetrics, type Metrics } from "./compile_metrics.ts";
import { type DataTree, tensorsOf } from "./data.ts";
import type { Output } from "./outputs.ts";
import { checkCompile } from "./trainer_arguments.ts";
import type { CompileOptions } from "./trainer_options.ts";

/** The losses and metrics of outputs that are known. */
interface ForOutputs {
  readonly loss: CompileLoss | undefined;
  readonly metrics: CompileMetrics | undefined;
}

/** Gives the outputs of a model; asked once, when targets are first seen. */
export type DescribeOutputs = () => readonly Output[];

/** A model's optimizer, losses and metrics. */
export class Compiled implements Buildable {
  readonly optimizer: optimizers.Optimizer;
  readonly loss: Losses | null;
  readonly runEagerly: boolean;
  /** Batches between two calls of batch callbacks. */
  readonly stepsPerExecution: number;
  /** What it was made of. */
  readonly madeOf: CompiledWith;
  readonly #lossWeights: LossWeights | undefined;
  readonly #metrics: Metrics;
  readonly #weightedMetrics: Metrics;
  readonly #lossTracker = new Mean({ name: "loss" });
  /** Which layers were trained. */
  readonly #trainable: Map<AnyLayer, boolean>;
  #forOutputs: ForOutputs | undefined;
  #needsLosses: boolean;
  #needsMetrics: boolean;

  /**
   * @param layers the model and all layers in it
   * @param policy the name of the model's dtype policy
   * @throws ValueError for identifiers that mean nothing and unknown options
   */
  constructor(options: CompileOptions, layers: readonly AnyLayer[], policy: string) {
    this.stepsPerExecution = checkCompile(options);
    const { loss = null, runEagerly = false, autoScaleLoss = true } = options;
    const optimizer = optimizers.get(options.optimizer ?? "rmsprop");
    const scales = autoScaleLoss && policy === "mixed_float16" && !optimizer.isWrapper;
    this.#lossWeights = options.lossWeights ?? undefined;
    this.#needsLosses = !checkLosses(loss, this.#lossWeights);
    this.#metrics = options.metrics ?? [];
    this.#weightedMetrics = options.weightedMetrics ?? [];
    const plainAreThere = checkMetrics(this.#metrics, "metrics");
    const weightedAreThere = checkMetrics(this.#weightedMetrics, "weightedMetrics");
    this.#needsMetrics = !(plainAreThere && weightedAreThere);
    this.optimizer = scales
      ? new optimizers.LossScaleOptimizer(optimizer, { name: "loss_scale_optimizer" })
      : optimizer;
    // In Keras's configs, too, the optimizer is what was given, and wrapped anew.
    this.madeOf = { ...options, optimizer };
    this.loss = loss;
    this.runEagerly = runEagerly;
    this.#trainable = new Map(layers.map((layer) => [layer, layer.trainable]));
  }

  /** Whether losses or metrics are only names so far. Nothing can be built before they are loaded. */
  get mustLoad(): boolean {
    return this.#needsLosses || this.#needsMetrics;
  }

  /** Loads what the names of losses and metrics stand for. */
  async load(): Promise<void> {
    await Promise.all([
      this.#needsLosses ? lossesOnDemand.load() : undefined,
      this.#needsMetrics ? metricsOnDemand.load() : undefined,
    ]);
    this.#needsLosses = false;
    this.#needsMetrics = false;
  }

  beforeBuild(): () => void {
    const before = this.#forOutputs;
    return () => {
      this.#forOutputs = before;
    };
  }

  /** Makes the losses and metrics for targets, if there are any and nothing is made yet. */
  build(y: DataTree | undefined, describe: DescribeOutputs): void {
    if (y !== undefined && (this.loss !== null || this.#measures)) this.#for(y, describe);
  }

  get #measures(): boolean {
    return hasMetrics(this.#metrics) || hasMetrics(this.#weightedMetrics);
  }

  #for(y: Tensors | DataTree, describe: DescribeOutputs): ForOutputs {
    if (this.#forOutputs !== undefined) return this.#forOutputs;
    const outputs = describe();
    this.#forOutputs = {
      loss: this.loss === null ? undefined : new CompileLoss(this.loss, this.#lossWeights, outputs),
      metrics: this.#measures
        ? new CompileMetrics(this.#metrics, this.#weightedMetrics, outputs, y)
        : undefined,
    };
    return this.#forOutputs;
  }

  /** The mean loss, then the metrics and the means of single losses, once the outputs are known. */
  get metrics(): Metric[] {
    const { metrics, loss } = this.#forOutputs ?? {};
    return [this.#lossTracker, ...(metrics?.metrics ?? []), ...(loss?.metrics ?? [])];
  }

  /** What a metric is called in logs. */
  nameOf(metric: Metric): string {
    return this.#forOutputs?.metrics?.names.get(metric) ?? metric.name;
  }

  /**
   * The loss of a batch, with those that layers added.
   *
   * @throws ValueError when there is none
   */
  computeLoss(
    y: Tensors | undefined,
    yPred: Tensors,
    sampleWeight: Tensors | undefined,
    added: readonly Tensor[],
    describe: DescribeOutputs,
  ): Tensor {
    const own = y && this.#for(y, describe).loss?.call(y, tensorsOf(yPred), sampleWeight);
    const parts = own === undefined ? added : [own, ...added];
    if (parts.length === 0) {
      throw new ValueError(
        "No loss to compute. Give compile() a loss, fit() targets y, or let layers add losses with addLoss().",
      );
    }
    return parts.reduce((a, b) => a.add(b));
  }

  /** Adds the loss of a batch to the mean, each sample counting the same. */
  trackLoss(loss: Tensor, x: Tensors): void {
    this.#lossTracker.updateState(loss, { sampleWeight: tensorsOf(x)[0]!.shape[0]! });
  }

  /** Updates the metrics with a batch. */
  updateMetrics(
    y: Tensors | undefined,
    yPred: Tensors,
    sampleWeight: Tensors | undefined,
    describe: DescribeOutputs,
  ): void {
    if (y !== undefined) this.#for(y, describe).metrics?.updateState(y, tensorsOf(yPred), sampleWeight);
  }

  /** Says, once, when layers were frozen or thawed since. */
  warnOfTrainable(): void {
    const changed = [...this.#trainable].filter(([layer, trainable]) => layer.trainable !== trainable);
    if (changed.length === 0) return;
    console.warn(
      "A layer's `trainable` state has changed since the model was compiled. Compile the model again before calling " +
        `fit() so that the change takes effect. Changed layers: ${changed.map(([layer]) => layer.name).join(", ")}`,
    );
    for (const [layer] of changed) this.#trainable.set(layer, layer.trainable);
  }

  /** Trains; then moving averages take the place of the weights, even if the training was aborted. */
  async averaging<R>(variables: readonly Variable[], training: () => Promise<R>): Promise<R> {
    try {
      return await training();
    } finally {
      // Not if there was no step at all.
      if (this.optimizer.built && this.optimizer.iterations.item() > 0)
        this.optimizer.finalizeVariableValues(variables);
    }
  }
}
