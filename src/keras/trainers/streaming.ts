/**
 * Training, evaluating and predicting batch by batch: for data that comes from iterables, generators, sequences and
 * streams, for numbers of steps, and for steps that run without being compiled.
 */
import { concatenate, type Tensor, treeMap } from "../../engine/index.ts";
import type { CallbackList } from "../callbacks/index.ts";
import { buildSafely } from "../layers/build_journal.ts";
import type { Batches } from "./batches.ts";
import { type Arrays, type DataTree, tensorsOf } from "./data.ts";
import { type Logged, logged, type Programs, type Steps } from "./programs.ts";
import { TimeSlice } from "./time_slice.ts";
import { type Logs, logsOf, withValidation } from "./training_loop.ts";

/** What the work needs of a model. */
export interface StreamHost {
  readonly steps: Steps;
  readonly programs: Programs;
  /** Whether steps run without being compiled. */
  readonly eager: boolean;
  readonly callbacks: CallbackList;
  readonly stepsPerExecution: number;
  /** Builds what is not built yet. */
  prepare(batch: Arrays, training: boolean): void;
  /** To be called before the metrics are used. */
  enter(): void;
  checkAborted(): void;
  shouldStop(): boolean;
}

/** One call of `fit`. */
export interface StreamedFit {
  readonly batches: Batches;
  readonly stepsPerEpoch: number | undefined;
  readonly validation: Batches | undefined;
  readonly validationSteps: number | undefined;
  readonly validates: (epoch: number) => boolean;
  readonly initialEpoch: number;
  readonly epochs: number;
  /** Gives the samples of the training their weights. */
  readonly weigh: (batch: Arrays) => Arrays;
  /** Called once everything is known to fit. */
  readonly begin: () => void;
}

/** How long logs that nobody acts on may be out of date. */
const refreshMs = 50;

function step(host: StreamHost, phase: "train" | "test", batch: Arrays): Logged {
  const { steps, programs } = host;
  if (!host.eager) {
    return phase === "train" ? programs.trainOnBatch(batch, false) : programs.testOnBatch(batch, false);
  }
  if (phase === "train") steps.trainStep(batch);
  else steps.testStep(batch);
  return logged(steps.results(phase));
}

/** Runs one pass over batches. */
async function pass(
  host: StreamHost,
  phase: "train" | "test",
  batches: Batches,
  limit: number | undefined,
  weigh: (batch: Arrays) => Arrays,
): Promise<{ readonly logs: Logs; readonly complete: boolean }> {
  const { callbacks, stepsPerExecution } = host;
  const name = phase === "train" ? "Train" : "Test";
  const slice = new TimeSlice();
  const total = limit ?? batches.steps;
  let last: Logged | undefined;
  let told = 0;
  let logs: Logs = {};
  host.enter();
  host.steps.resetMetrics();
  const tell = async (done: number): Promise<void> => {
    const now = performance.now();
    // Reading the logs waits for the device: not for each batch of a fast model.
    if (!callbacks.wantsBatches && done !== total && now - told < refreshMs) return;
    told = now;
    logs = logsOf(last!);
    await callbacks[`on${name}BatchEnd`](done - 1, logs);
  };
  let done = 0;
  const complete = await batches.pass(limit, async (batch, i) => {
    host.checkAborted();
    if (i % stepsPerExecution === 0) await callbacks[`on${name}BatchBegin`](i);
    host.enter();
    const ready = weigh(batch);
    last = buildSafely(() => {
      host.prepare(ready, phase === "train");
      return step(host, phase, ready);
    });
    done = i + 1;
    const ends = done % stepsPerExecution === 0 || done === total;
    if (ends) await tell(done);
    await slice.breatheIfDue();
    return !(ends && phase === "train" && host.shouldStop());
  });
  if (last !== undefined) logs = logsOf(last);
  return { logs, complete };
}

const asItIs = (batch: Arrays): Arrays => batch;

function warnOfEnd(): void {
  console.warn(
    "Your input ran out of data; interrupting training. Make sure that your data source gives at least " +
      "stepsPerEpoch * epochs batches. You may need to repeat it.",
  );
}

/** Trains; gives the logs of the last epoch. */
export async function fitStream(host: StreamHost, run: StreamedFit): Promise<Logs> {
  const { callbacks } = host;
  const first = run.weigh(await run.batches.peek());
  buildSafely(() => host.prepare(first, true));
  run.begin();
  await callbacks.onTrainBegin();
  let logs: Logs = {};
  for (let epoch = run.initialEpoch; epoch < run.epochs; epoch++) {
    await callbacks.onEpochBegin(epoch);
    const trained = await pass(host, "train", run.batches, run.stepsPerEpoch, run.weigh);
    logs = trained.logs;
    if (!trained.complete) warnOfEnd();
    if (run.validation !== undefined && run.validates(epoch)) {
      await callbacks.onTestBegin();
      const { logs: own } = await pass(host, "test", run.validation, run.validationSteps, asItIs);
      await callbacks.onTestEnd(own);
      logs = withValidation(logs, own);
    }
    await callbacks.onEpochEnd(epoch, logs);
    if (host.shouldStop() || Object.keys(trained.logs).length === 0) break;
  }
  return logs;
}

/** Evaluates; gives the logs. */
export async function evaluateStream(
  host: StreamHost,
  batches: Batches,
  limit: number | undefined,
): Promise<Logs> {
  const first = await batches.peek();
  buildSafely(() => host.prepare(first, false));
  await host.callbacks.onTestBegin();
  const { logs, complete } = await pass(host, "test", batches, limit, asItIs);
  if (!complete) warnOfEnd();
  await host.callbacks.onTestEnd(logs);
  return logs;
}

/** Predicts; gives the outputs of all batches. */
export async function predictStream(
  host: Pick<StreamHost, "steps" | "programs" | "eager" | "callbacks" | "checkAborted">,
  batches: Batches,
  limit: number | undefined,
): Promise<DataTree> {
  const { callbacks } = host;
  const slice = new TimeSlice();
  const parts: Tensor[][] = [];
  let structure: DataTree = null;
  await batches.peek();
  await callbacks.onPredictBegin();
  const complete = await batches.pass(limit, async ({ x }, i) => {
    host.checkAborted();
    await callbacks.onPredictBatchBegin(i);
    structure = buildSafely(() => (host.eager ? host.steps.predictStep(x) : host.programs.predictOnBatch(x)));
    tensorsOf(structure).forEach((t, n) => {
      (parts[n] ??= []).push(t);
    });
    await callbacks.onPredictBatchEnd(i, {});
    await slice.breatheIfDue();
    return true;
  });
  if (!complete) warnOfEnd();
  await callbacks.onPredictEnd();
  let n = 0;
  return treeMap(() => concatenate(parts[n++]!), structure) as DataTree;
}
