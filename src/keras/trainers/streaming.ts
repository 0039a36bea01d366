/**
 * Training, evaluating and predicting batch by batch: for data that comes from iterables, generators, sequences and
 * streams, for numbers of steps, and for steps that run without being compiled.
 */
import { concatenate, settle, type Tensor, treeMap } from "../../engine/index.ts";
import { buildSafely } from "../layers/build_journal.ts";
import { Batches, fromArrays, fromSource } from "./batches.ts";
import { type Arrays, type DataTree, samplesOf, tensorsOf } from "./data.ts";
import { type DataSource, isSource } from "./data_sources.ts";
import { type Logged, logged } from "./programs.ts";
import type { Host } from "./run_host.ts";
import { SampleOrders } from "./sample_orders.ts";
import { TimeSlice } from "./time_slice.ts";
import type { FitPlan, PassPlan } from "./trainer_arguments.ts";
import { type Logs, logsOf, someoneActs, withValidation } from "./training_loop.ts";
import type { TrainingPosition } from "./training_position.ts";

/** How long logs that nobody acts on may be out of date. */
const refreshMs = 50;

function step(host: Host, phase: "train" | "test", batch: Arrays): Logged | Promise<Logged> {
  const { steps, programs } = host;
  if (!host.eager) return programs[`${phase}OnBatch`].aside(batch, false);
  if (phase === "train") steps.trainStep(batch);
  else steps.testStep(batch);
  return logged(steps.results(phase));
}

/** Runs one pass over batches. */
async function pass(
  host: Host,
  phase: "train" | "test",
  batches: Batches,
  limit: number | undefined,
  weigh: (batch: Arrays) => Arrays,
  position?: TrainingPosition,
): Promise<{ readonly logs: Logs; readonly complete: boolean }> {
  const { callbacks, stepsPerExecution } = host;
  const name = phase === "train" ? "Train" : "Test";
  const slice = new TimeSlice();
  const total = limit ?? batches.steps;
  let last: Logged | undefined;
  let told = 0;
  let heard = 0;
  let logs: Logs = {};
  // Batches before that were done when the training was interrupted.
  const from = position?.batch ?? 0;
  if (from === 0) await host.run(() => host.steps.resetMetrics());
  const tell = async (done: number): Promise<void> => {
    told = performance.now();
    heard = done;
    logs = logsOf(last!);
    await callbacks[`on${name}BatchEnd`](done - 1, logs);
  };
  let done = 0;
  const complete = await batches.pass(limit, async (batch, i) => {
    host.checkAborted();
    if (i < from) return true;
    if (i % stepsPerExecution === 0) await callbacks[`on${name}BatchBegin`](i);
    const ready = weigh(batch);
    last = await host.run(() =>
      buildSafely(() => {
        host.prepare(ready, phase === "train");
        return step(host, phase, ready);
      }),
    );
    if (callbacks.wantsBatches) await settle();
    done = i + 1;
    if (position !== undefined) position.batch = done;
    const ends = done % stepsPerExecution === 0 || done === total;
    // Reading the logs waits for the device: not for each batch of a fast model.
    const due = callbacks.wantsBatches || done === total || performance.now() - told >= refreshMs;
    if (ends && due) await tell(done);
    await slice.breatheIfDue();
    return !(ends && phase === "train" && host.shouldStop());
  });
  // That it was the last batch may not have been known before.
  if (done > heard) await tell(done);
  // All batches were done when the training was interrupted: what they gave stands in the metrics.
  if (last === undefined && from > 0) logs = logsOf(logged(host.steps.results(phase)));
  return { logs, complete };
}

const asItIs = (batch: Arrays): Arrays => batch;

function warnOfEnd(): void {
  console.warn(
    "Your input ran out of data; interrupting training. Make sure that your data source gives at least " +
      "stepsPerEpoch * epochs batches. You may need to repeat it.",
  );
}

/** Batches of arrays in given orders, or of a source, of which only batches by number can be shuffled. */
function open(
  where: string,
  data: Arrays | DataSource,
  batchSize: number,
  shuffle = false,
  orders?: SampleOrders,
): Batches {
  if (isSource(data)) return new Batches(where, fromSource(data, shuffle));
  return new Batches(where, fromArrays(data, batchSize, orders && (() => orders.next())));
}

/** Trains; gives the logs of the last epoch. */
export async function fitStream(host: Host, plan: FitPlan): Promise<Logs> {
  const { data, batchSize } = plan;
  const shuffles = plan.shuffle && !isSource(data);
  const orders = shuffles ? new SampleOrders(samplesOf(data), true) : undefined;
  // Passes that end in the midst of the samples have no order of their own.
  host.position.begin(plan.initialEpoch, plan.limit === undefined ? orders : undefined);
  let batches = open("fit", data, batchSize, plan.shuffle, orders);
  const validation =
    plan.validation && open("fit (validationData)", plan.validation, plan.validationBatchSize);
  try {
    const first = plan.weigh(await batches.peek());
    buildSafely(() => host.prepare(first, true));
    host.begin();
    host.callbacks.setSamples(first.x, first.y, host);
    await host.callbacks.onTrainBegin();
    if (host.position.moved) {
      // What was read ahead belongs to the first epoch.
      batches.close();
      batches = open("fit", data, batchSize, plan.shuffle, orders);
    }
    return await fitBatches(host, plan, batches, validation);
  } finally {
    batches.close();
    validation?.close();
    orders?.dispose();
  }
}

async function fitBatches(
  host: Host,
  plan: FitPlan,
  batches: Batches,
  validation: Batches | null,
): Promise<Logs> {
  const { callbacks, position } = host;
  let logs: Logs = {};
  for (let { epoch } = position; epoch < plan.epochs; epoch++) {
    await callbacks.onEpochBegin(epoch);
    const trained = await pass(host, "train", batches, plan.limit, plan.weigh, position);
    logs = trained.logs;
    if (!trained.complete) warnOfEnd();
    if (someoneActs(callbacks)) await settle();
    if (validation !== null && plan.validates(epoch)) {
      await callbacks.onTestBegin();
      const { logs: own } = await pass(host, "test", validation, plan.validationLimit, asItIs);
      if (someoneActs(callbacks)) await settle();
      await callbacks.onTestEnd(own);
      logs = withValidation(logs, own);
    }
    position.epoch = epoch + 1;
    position.batch = 0;
    await callbacks.onEpochEnd(epoch, logs);
    if (host.shouldStop() || Object.keys(trained.logs).length === 0) break;
  }
  return logs;
}

/** Evaluates; gives the logs. */
export async function evaluateStream(host: Host, { data, batchSize, limit }: PassPlan): Promise<Logs> {
  const batches = open("evaluate", data, batchSize);
  try {
    const first = await batches.peek();
    buildSafely(() => host.prepare(first, false));
    await host.callbacks.onTestBegin();
    const { logs, complete } = await pass(host, "test", batches, limit, asItIs);
    if (!complete) warnOfEnd();
    await settle();
    await host.callbacks.onTestEnd(logs);
    return logs;
  } finally {
    batches.close();
  }
}

/** Predicts; gives the outputs of all batches. */
export async function predictStream(host: Host, { data, batchSize, limit }: PassPlan): Promise<DataTree> {
  const batches = open("predict", data, batchSize);
  try {
    return await predictBatches(host, batches, limit);
  } finally {
    batches.close();
  }
}

async function predictBatches(host: Host, batches: Batches, limit: number | undefined): Promise<DataTree> {
  const { callbacks } = host;
  const slice = new TimeSlice();
  const parts: Tensor[][] = [];
  let structure: DataTree = null;
  await batches.peek();
  await callbacks.onPredictBegin();
  const complete = await batches.pass(limit, async ({ x }, i) => {
    host.checkAborted();
    await callbacks.onPredictBatchBegin(i);
    structure = await buildSafely(() =>
      host.eager ? host.steps.predictStep(x) : host.programs.predictOnBatch.aside(x),
    );
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
