/**
 * The host's side of training: which part of the work each call of the program does, and what callbacks hear of it.
 * Small epochs run many to a call, large ones in slices; either way the event loop gets its turn.
 */
import { type Stages, settle } from "../../engine/index.ts";
import type { PastEpochs } from "../callbacks/index.ts";
import { type Arrays, samplesOf } from "./data.ts";
import {
  everything,
  type Logged,
  nothing,
  type Portion,
  type Programs,
  type TrainOutput,
} from "./programs.ts";
import type { Host } from "./run_host.ts";
import type { SampleOrders } from "./sample_orders.ts";
import { TimeSlice } from "./time_slice.ts";
import type { FitPlan } from "./trainer_arguments.ts";

/** Values of the loss and metrics by name. */
export type Logs = Record<string, number>;

/** What training and predicting tell. All methods may take their time. */
export interface Listener {
  /** Whether someone hears of single batches, so that they must run one by one. */
  readonly wantsBatches: boolean;
  /** Whether someone may act between epochs, so that they must run one by one. */
  readonly wantsEpochs: boolean;
  /** Whether someone hears of each epoch by itself, also of those that are over. */
  readonly wantsEach: boolean;
  /** Whether someone may act before or after a validation, so that it must run apart from the training. */
  readonly wantsTests: boolean;
  /** How many seconds each epoch took that is over when it is told of; 0 for those to come. */
  took(seconds: number): void;
  /** Hears of several epochs at once that are over, in place of each. */
  onEpochs(epochs: PastEpochs): void | Promise<void>;
  onEpochBegin(epoch: number): void | Promise<void>;
  onEpochEnd(epoch: number, logs: Logs): void | Promise<void>;
  onTrainBatchBegin(batch: number): void | Promise<void>;
  onTrainBatchEnd(batch: number, logs: Logs): void | Promise<void>;
  onTestBegin(): void | Promise<void>;
  onTestEnd(logs: Logs): void | Promise<void>;
  onTestBatchBegin(batch: number): void | Promise<void>;
  onTestBatchEnd(batch: number, logs: Logs): void | Promise<void>;
  onPredictBatchBegin(batch: number): void | Promise<void>;
  onPredictBatchEnd(batch: number, logs: Logs): void | Promise<void>;
}

/** One call of `fit`. */
export interface TrainingRun
  extends Pass,
    Pick<Host, "programs" | "position">,
    Pick<FitPlan, "batchSize" | "validationBatchSize" | "epochs" | "validates"> {
  readonly data: Arrays;
  readonly validation: Arrays | null;
  readonly orders: SampleOrders;
  readonly listener: Listener;
}

const record = (names: readonly string[], values: ArrayLike<number>, from = 0): Logs =>
  Object.fromEntries(names.map((name, i) => [name, values[from + i]!]));

/** The logs of an epoch, ordered by name like all logs. */
export function withValidation(logs: Logs, validation: Logs): Logs {
  const renamed = Object.entries(validation).map(([name, value]) => [`val_${name}`, value] as const);
  return Object.fromEntries([...Object.entries(logs), ...renamed].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The logs as they stand at the end of a call. */
export function logsOf({ names, values }: Logged): Logs {
  return record(names, values.dataSync());
}

/**
 * Compiles the training program without running it, in parts: what does not fit throws in the first, before anything has
 * changed.
 */
export function compileTraining(run: TrainingRun): Stages<void> {
  return run.programs.prepareTraining(...trainArguments(run, { epochs: 0, ...nothing, validation: nothing }));
}

/** Trains; gives the logs of the last epoch. */
export async function train(run: TrainingRun): Promise<Logs> {
  const { listener } = run;
  const slice = new TimeSlice();
  const whole = everything(samplesOf(run.data), run.batchSize);
  const steps = whole.stop + Number(whole.tail);
  const alone = listener.wantsEpochs || listener.wantsBatches;
  let logs: Logs = {};
  for (let { epoch } = run.position; epoch < run.epochs; epoch = run.position.epoch) {
    run.checkAborted();
    // A unit of time is one batch; validation batches are cheaper and count as one, too.
    const fits = Math.floor(slice.units() / (steps + validationSteps(run, epoch)));
    const most = Math.min(alone ? 1 : fits, run.epochs - epoch, run.orders.epochs);
    let count = 1;
    while (count < most && run.validates(epoch + count) === run.validates(epoch)) count++;
    if (count === 1 || run.shouldStop()) {
      await listener.onEpochBegin(epoch);
      const apart = listener.wantsTests && validationSteps(run, epoch) > 0;
      // Whoever has asked to stop by now gets one execution, not a whole epoch.
      const inMidst = run.position.batch > 0;
      const atOnce = fits >= 1 && !listener.wantsBatches && !apart && !run.shouldStop() && !inMidst;
      logs = atOnce ? await wholeEpochs(run, slice, epoch, 1, steps) : await slicedEpoch(run, slice, epoch);
    } else logs = await wholeEpochs(run, slice, epoch, count, steps);
    await slice.breatheIfDue();
    if (run.shouldStop()) break;
  }
  return logs;
}

function validationSteps(run: TrainingRun, epoch: number): number {
  if (run.validation === null || !run.validates(epoch)) return 0;
  return Math.ceil(samplesOf(run.validation) / run.validationBatchSize);
}

/** One epoch, or several, in one call. Who listens hears of several afterwards. */
async function wholeEpochs(
  run: TrainingRun,
  slice: TimeSlice,
  first: number,
  count: number,
  steps: number,
): Promise<Logs> {
  const { listener } = run;
  const validates = run.validation !== null && run.validates(first);
  const part = everything(samplesOf(run.data), run.batchSize);
  const validation = validates ? everything(samplesOf(run.validation), run.validationBatchSize) : nothing;
  run.orders.draw(count);
  const units = count * (steps + validationSteps(run, first));
  const start = performance.now();
  const { names, validationNames, rows } = await run.run(() =>
    slice.run(units, () => call(run, { epochs: count, ...part, validation })),
  );
  if (someoneActs(listener)) await settle();
  const width = names.length + validationNames.length;
  const own = validationNames.map((name, i): Column => [name, names.length + i]);
  const plain = names.map((name, i): Column => [name, i]);
  const all = [...plain, ...own.map(([name, i]): Column => [`val_${name}`, i])];
  const columns = validates ? all.sort(([a], [b]) => (a < b ? -1 : 1)) : plain;
  const at = (e: number): Logs => readColumns(columns, rows, e * width);
  if (count > 1 && !listener.wantsEach) {
    run.position.epoch = first + count;
    await listener.onEpochs({ first, count, columns: valuesOf(columns, rows, width, count) });
    return at(count - 1);
  }
  let logs: Logs = {};
  // Thousands of tiny epochs: whoever listens without taking time is not waited for.
  let heard: void | Promise<void>;
  if (count > 1) listener.took((performance.now() - start) / 1000 / count);
  try {
    for (let e = 0; e < count; e++) {
      if (count > 1) {
        heard = listener.onEpochBegin(first + e);
        if (heard !== undefined) await heard;
      }
      if (validates) {
        heard = listener.onTestBegin();
        if (heard !== undefined) await heard;
        heard = listener.onTestEnd(readColumns(own, rows, e * width));
        if (heard !== undefined) await heard;
      }
      logs = at(e);
      run.position.epoch = first + e + 1;
      heard = listener.onEpochEnd(first + e, logs);
      if (heard !== undefined) await heard;
    }
  } finally {
    listener.took(0);
  }
  return logs;
}

/** A name in the logs, and the column of a row of results that holds its value. */
type Column = readonly [name: string, column: number];

function readColumns(columns: readonly Column[], rows: ArrayLike<number>, from: number): Logs {
  const logs: Logs = {};
  for (const [name, column] of columns) logs[name] = rows[from + column]!;
  return logs;
}

/** The values of each name in so many rows. */
function valuesOf(
  columns: readonly Column[],
  rows: ArrayLike<number>,
  width: number,
  count: number,
): PastEpochs["columns"] {
  const values = (column: number): number[] => {
    const list: number[] = [];
    for (let e = 0; e < count; e++) list.push(rows[e * width + column]!);
    return list;
  };
  return Object.fromEntries(columns.map(([name, column]) => [name, values(column)]));
}

/** What a call of the training program gives, with the numbers of its history. */
type Trained = TrainOutput & { readonly rows: ArrayLike<number> };

/** Calls the training program. */
async function call(run: TrainingRun, portion: Portion): Promise<Trained> {
  const out = await run.programs.train(...trainArguments(run, portion));
  return { ...out, rows: out.history.dataSync() };
}

/** Whether someone may look at variables, or change them, before the end. */
export function someoneActs({
  wantsEpochs,
  wantsBatches,
  wantsTests,
}: Pick<Listener, "wantsEpochs" | "wantsBatches" | "wantsTests">): boolean {
  return wantsEpochs || wantsBatches || wantsTests;
}

function trainArguments(run: TrainingRun, portion: Portion): Parameters<Programs["train"]> {
  const { data, validation, orders, batchSize, validationBatchSize } = run;
  return [data, validation, orders.tensor, portion, batchSize, validationBatchSize];
}

/** One epoch in as many calls as it takes. */
async function slicedEpoch(run: TrainingRun, slice: TimeSlice, epoch: number): Promise<Logs> {
  const { listener } = run;
  const { position } = run;
  run.orders.draw(1);
  let last: Trained | undefined;
  const all = everything(samplesOf(run.data), run.batchSize);
  const work = async (part: Portion["validation"]): Promise<Logs> => {
    last = await call(run, { epochs: 1, ...part, validation: nothing });
    return logsOf(last);
  };
  const from = position.batch;
  // All batches were done when it was interrupted: what they gave stands in the metrics.
  if (from >= all.stop + Number(all.tail))
    await run.run(() => work({ begin: false, start: 0, stop: 0, tail: false, end: true }));
  await inSlices(run, slice, all, listener, "Train", work, {
    from,
    done: (batch) => {
      position.batch = batch;
    },
  });
  let logs = record(last!.names, last!.rows);
  if (someoneActs(listener)) await settle();
  if (run.validation !== null && run.validates(epoch)) {
    await listener.onTestBegin();
    const every = everything(samplesOf(run.validation), run.validationBatchSize);
    // Who stops the training still gets the whole validation of its last epoch.
    const pass = { ...run, shouldStop: () => false };
    await inSlices(pass, slice, every, listener, "Test", async (part) => {
      last = await call(run, { epochs: 1, ...nothing, validation: part });
      return logsOf({ names: last.validationNames, values: last.validationValues });
    });
    if (someoneActs(listener)) await settle();
    const own = record(last!.validationNames, last!.rows, last!.names.length);
    await listener.onTestEnd(own);
    logs = withValidation(logs, own);
  }
  position.epoch = epoch + 1;
  position.batch = 0;
  await listener.onEpochEnd(epoch, logs);
  return logs;
}

/** What batch hooks belong to. */
type Phase = "Train" | "Test" | "Predict";

/** What bounds a pass over data. */
export type Pass = Pick<Host, "run" | "stepsPerExecution" | "shouldStop" | "checkAborted">;

/**
 * Runs all batches of a data set, several to a call. Whoever shows progress hears of each call as of its last batch;
 * whoever listens to batches gets `stepsPerExecution` of them at a time.
 *
 * @param progress the batch to begin with, and who notes how many are done
 */
export async function inSlices(
  run: Pass,
  slice: TimeSlice,
  all: Portion["validation"],
  listener: Pick<Listener, "wantsBatches" | `on${Phase}Batch${"Begin" | "End"}`>,
  phase: Phase,
  work: (part: Portion["validation"]) => Promise<Logs>,
  progress?: { readonly from: number; readonly done: (batches: number) => void },
): Promise<void> {
  const steps = all.stop + Number(all.tail);
  let done = progress?.from ?? 0;
  while (done < steps) {
    run.checkAborted();
    const single = listener.wantsBatches || run.shouldStop();
    const stop = Math.min(done + (single ? run.stepsPerExecution : slice.units()), steps);
    if (listener.wantsBatches) await listener[`on${phase}BatchBegin`](done);
    // The small last batch ends the pass; the results go into the history with it.
    const ends = stop === steps;
    const part = {
      begin: done === 0,
      start: Math.min(done, all.stop),
      stop: Math.min(stop, all.stop),
      tail: ends && all.tail,
      end: ends,
    };
    const count = stop - done;
    const now = await run.run(() => slice.run(count, () => work(part)));
    progress?.done(stop);
    if (listener.wantsBatches) await settle();
    await listener[`on${phase}BatchEnd`](stop - 1, now);
    done = stop;
    await slice.breatheIfDue();
    // Stopped in its midst: the epoch ends here, with what has been logged so far.
    if (!ends && run.shouldStop()) {
      await run.run(() => work({ begin: false, start: 0, stop: 0, tail: false, end: true }));
      return;
    }
  }
}
