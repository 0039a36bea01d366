/**
 * The host's side of training: which part of the work each call of the program does, and what callbacks hear of it.
 * Small epochs run many to a call, large ones in slices; either way the event loop gets its turn.
 */
import { type Arrays, samplesOf } from "./data.ts";
import { everything, type Logged, nothing, type Portion, type Programs } from "./programs.ts";
import type { SampleOrders } from "./sample_orders.ts";
import { TimeSlice } from "./time_slice.ts";

/** Values of the loss and metrics by name. */
export type Logs = Record<string, number>;

/** What training tells. All methods may take their time. */
export interface Listener {
  /** Whether someone hears of single batches, so that they must run one by one. */
  readonly wantsBatches: boolean;
  /** Whether someone may act between epochs, so that they must run one by one. */
  readonly wantsEpochs: boolean;
  onEpochBegin(epoch: number): void | Promise<void>;
  onEpochEnd(epoch: number, logs: Logs): void | Promise<void>;
  onTrainBatchBegin(batch: number): void | Promise<void>;
  onTrainBatchEnd(batch: number, logs: Logs): void | Promise<void>;
  onTestBegin(): void | Promise<void>;
  onTestEnd(logs: Logs): void | Promise<void>;
  onTestBatchBegin(batch: number): void | Promise<void>;
  onTestBatchEnd(batch: number, logs: Logs): void | Promise<void>;
}

/** One call of `fit`. */
export interface TrainingRun {
  readonly programs: Programs;
  readonly data: Arrays;
  readonly validation: Arrays | null;
  readonly orders: SampleOrders;
  readonly batchSize: number;
  readonly validationBatchSize: number;
  readonly initialEpoch: number;
  readonly epochs: number;
  /** Whether the validation data is evaluated after an epoch. */
  readonly validates: (epoch: number) => boolean;
  /** Batches between two calls of batch callbacks. */
  readonly stepsPerExecution: number;
  readonly listener: Listener;
  readonly shouldStop: () => boolean;
  /** Throws if the caller wants to have the training aborted. */
  readonly checkAborted: () => void;
}

const record = (names: readonly string[], values: ArrayLike<number>, from = 0, prefix = ""): Logs =>
  Object.fromEntries(names.map((name, i) => [prefix + name, values[from + i]!]));

/** The logs as they stand at the end of a call. */
export function logsOf({ names, values }: Logged): Logs {
  return record(names, values.dataSync());
}

export async function train(run: TrainingRun): Promise<void> {
  const slice = new TimeSlice();
  const whole = everything(samplesOf(run.data), run.batchSize);
  const steps = whole.stop + Number(whole.tail);
  let epoch = run.initialEpoch;
  while (epoch < run.epochs && !run.shouldStop()) {
    run.checkAborted();
    // A unit of time is one batch; validation batches are cheaper and count as one, too.
    const fits = Math.floor(slice.units() / (steps + validationSteps(run, epoch)));
    const alone = run.listener.wantsEpochs || run.listener.wantsBatches;
    if (fits >= 1 && !run.listener.wantsBatches) {
      const many = Math.min(alone ? 1 : fits, run.epochs - epoch, run.orders.epochs);
      let count = 1;
      while (count < many && run.validates(epoch + count) === run.validates(epoch)) count++;
      await wholeEpochs(run, slice, epoch, count, steps);
      epoch += count;
    } else {
      await slicedEpoch(run, slice, epoch);
      epoch++;
    }
    await slice.breatheIfDue();
  }
}

function validationSteps(run: TrainingRun, epoch: number): number {
  if (run.validation === null || !run.validates(epoch)) return 0;
  return Math.ceil(samplesOf(run.validation) / run.validationBatchSize);
}

/** Several epochs in one call. Who listens hears of them afterwards, or is asked before if it is one only. */
async function wholeEpochs(
  run: TrainingRun,
  slice: TimeSlice,
  first: number,
  count: number,
  steps: number,
): Promise<void> {
  const { listener } = run;
  const validates = run.validation !== null && run.validates(first);
  if (count === 1) await listener.onEpochBegin(first);
  const part = everything(samplesOf(run.data), run.batchSize);
  const validation = validates ? everything(samplesOf(run.validation), run.validationBatchSize) : nothing;
  run.orders.draw(count);
  const units = count * (steps + validationSteps(run, first));
  const { names, rows } = slice.run(units, () => call(run, { epochs: count, ...part, validation }));
  const width = names.length * (run.validation === null ? 1 : 2);
  for (let e = 0; e < count; e++) {
    if (count > 1) await listener.onEpochBegin(first + e);
    const logs = record(names, rows, e * width);
    if (validates) {
      await listener.onTestBegin();
      const own = record(names, rows, e * width + names.length);
      await listener.onTestEnd(own);
      for (const [name, value] of Object.entries(own)) logs[`val_${name}`] = value;
    }
    await listener.onEpochEnd(first + e, logs);
  }
}

/** Calls the training program. */
function call(run: TrainingRun, portion: Portion): Logged & { readonly rows: ArrayLike<number> } {
  const { data, validation, orders, batchSize, validationBatchSize } = run;
  const out = run.programs.train(data, validation, orders.tensor, portion, batchSize, validationBatchSize);
  return { ...out, rows: out.history.dataSync() };
}

/** One epoch in as many calls as it takes. */
async function slicedEpoch(run: TrainingRun, slice: TimeSlice, epoch: number): Promise<void> {
  const { listener } = run;
  await listener.onEpochBegin(epoch);
  run.orders.draw(1);
  let last: ReturnType<typeof call> | undefined;
  await inSlices(run, slice, everything(samplesOf(run.data), run.batchSize), listener, "Train", (part) => {
    last = call(run, { epochs: 1, ...part, validation: nothing });
    return last;
  });
  const logs: Logs = record(last!.names, last!.rows);
  if (run.validation !== null && run.validates(epoch)) {
    await listener.onTestBegin();
    const all = everything(samplesOf(run.validation), run.validationBatchSize);
    await inSlices(run, slice, all, listener, "Test", (part) => {
      last = call(run, { epochs: 1, ...nothing, validation: part });
      return last;
    });
    const own = record(last!.names, last!.rows, last!.names.length);
    await listener.onTestEnd(own);
    for (const [name, value] of Object.entries(own)) logs[`val_${name}`] = value;
  }
  await listener.onEpochEnd(epoch, logs);
}

/** What batch hooks belong to. */
type Phase = "Train" | "Test";

/** What bounds a pass over data. */
export interface Pass {
  readonly stepsPerExecution: number;
  readonly shouldStop: () => boolean;
  readonly checkAborted: () => void;
}

/**
 * Runs all batches of a data set, several to a call. Whoever shows progress hears of each call as of its last batch;
 * whoever listens to batches gets `stepsPerExecution` of them at a time.
 */
export async function inSlices(
  run: Pass,
  slice: TimeSlice,
  all: Portion["validation"],
  listener: Pick<Listener, "wantsBatches" | `on${Phase}Batch${"Begin" | "End"}`>,
  phase: Phase,
  work: (part: Portion["validation"]) => Logged,
): Promise<void> {
  const steps = all.stop + Number(all.tail);
  let done = 0;
  while (done < steps) {
    run.checkAborted();
    const most = listener.wantsBatches ? run.stepsPerExecution : slice.units();
    const stop = Math.min(done + most, steps);
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
    const now = slice.run(stop - done, () => work(part));
    await listener[`on${phase}BatchEnd`](stop - 1, logsOf(now));
    done = stop;
    await slice.breatheIfDue();
    // Stopped by a batch callback: the epoch ends here, with what has been logged so far.
    if (!ends && listener.wantsBatches && run.shouldStop()) {
      work({ begin: false, start: 0, stop: 0, tail: false, end: true });
      return;
    }
  }
}
