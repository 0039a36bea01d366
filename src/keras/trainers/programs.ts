/**
 * The compiled programs of a model. The whole of training is one program, in which epochs and batches are loops: gather
 * a batch, forward, backward, update, metrics, validation, logs. How much of it one call runs is said by run-time counts,
 * so that the same program trains a thousand small epochs at once or a few steps of a large one.
 */
import type { Jitted, Stages, Tensor } from "../../engine/index.ts";
import {
  concatenate,
  dynamicSlice,
  dynamicUpdateSlice,
  full,
  jit,
  loop,
  minimum,
  outline,
  TsunoError,
  take,
  tensor,
  treeMap,
  ValueError,
} from "../../engine/index.ts";
import { type Arrays, type DataTree, mapArrays, samplesOf, tensorsOf } from "./data.ts";

/** One batch, as steps get it. */
export type Batch = Arrays;

/** Values by name. */
export type Results = Readonly<Record<string, Tensor>>;

/** What the programs need of a model. */
export interface Steps {
  readonly trainStep: (batch: Batch) => void;
  readonly testStep: (batch: Batch) => void;
  readonly predictStep: (x: DataTree) => DataTree;
  /** What is logged of steps of a kind, as scalars by name, as it stands. */
  readonly results: (phase: "train" | "test") => Results;
  readonly resetMetrics: () => void;
}

/** How much a call of the training program runs. */
export interface Portion {
  /** Rounds of everything below. */
  readonly epochs: number;
  /** Whether the metrics start anew. */
  readonly begin: boolean;
  /** Full batches from `start` up to `stop`. */
  readonly start: number;
  readonly stop: number;
  /** Whether the last, smaller batch runs. */
  readonly tail: boolean;
  /** Whether the results are written to the history. */
  readonly end: boolean;
  /** The same for the validation data. */
  readonly validation: Omit<Portion, "epochs" | "validation">;
}

/** No part of one data set. */
export const nothing: Portion["validation"] = { begin: false, start: 0, stop: 0, tail: false, end: false };

/** All of one data set. */
export function everything(samples: number, batchSize: number): Portion["validation"] {
  const stop = Math.floor(samples / batchSize);
  return { begin: true, start: 0, stop, tail: samples % batchSize !== 0, end: true };
}

/** The run-time counts of a portion, each a scalar of its own: loops take them as they are. */
interface Controls {
  readonly epochs: Tensor;
  readonly begin: Tensor;
  readonly start: Tensor;
  readonly count: Tensor;
  readonly tail: Tensor;
  readonly end: Tensor;
}

/** Counts that are used over and over: a call with a callback for each small epoch would spend its time on making them. */
const counts: Tensor[] = [];

function count(n: number): Tensor {
  return n < 64 ? (counts[n] ??= tensor(n)) : tensor(n);
}

function encode(p: Portion["validation"], epochs = 1): Controls {
  return {
    epochs: count(epochs),
    begin: count(Number(p.begin)),
    start: count(p.start),
    count: count(p.stop - p.start),
    tail: count(Number(p.tail)),
    end: count(Number(p.end)),
  };
}

function controlsOf(portion: Portion): readonly [training: Controls, validating: Controls] {
  return [encode(portion, portion.epochs), encode(portion.validation)];
}

/** Runs a body if a run-time flag is 1. */
function when(flag: Tensor, body: () => void): void {
  loop(flag, [], () => {
    body();
    return [];
  });
}

/**
 * Results of metrics as one vector, ordered by name as Keras orders its logs.
 *
 * @throws ValueError when one is no scalar
 */
export function logged(results: Results): Logged {
  const names = Object.keys(results).sort();
  if (names.length === 0) return { names, values: full([0], 0) };
  const scalars = names.map((name) => {
    const { size } = results[name]!;
    if (size === 1) return results[name]!.astype("float32").reshape(1);
    throw new ValueError(
      `The metric "${name}" gives ${size} numbers, but logs have one number for each metric. Let it give one, for example ` +
        `with a single threshold or average: "macro", or update it in a loop of your own.`,
    );
  });
  return { names, values: concatenate(scalars) };
}

/** Neighbouring rows, from a place known at run time. */
function block(data: Arrays, at: Tensor, size: number): Batch {
  const zeros = (t: Tensor): number[] => t.shape.slice(1).map(() => 0);
  return mapArrays(data, (t) => dynamicSlice(t, [at, ...zeros(t)], [size, ...t.shape.slice(1)]));
}

/** Runs a step over a portion of one data set. */
function pass(
  controls: Controls,
  samples: number,
  batchSize: number,
  reset: () => void,
  step: (at: Tensor, size: number) => void,
): void {
  when(controls.begin, reset);
  if (samples >= batchSize) {
    loop(controls.count, [], (i) => {
      step(i.add(controls.start).multiply(batchSize), batchSize);
      return [];
    });
  }
  const rest = samples % batchSize;
  if (rest > 0) when(controls.tail, () => step(tensor(samples - rest), rest));
}

/** Says in errors that it was the validation data. */
function inValidation(step: () => void): void {
  try {
    step();
  } catch (error) {
    if (!(error instanceof TsunoError)) throw error;
    const Class = error.constructor as new (message: string, options: ErrorOptions) => TsunoError;
    throw new Class(`${error.message}\n  in the validation data`, { cause: error });
  }
}

/** The metrics as they stand at the end of a call. */
export interface Logged {
  readonly names: readonly string[];
  /** Values in the order of the names. */
  readonly values: Tensor;
}

/** What a call of the training program gives. */
export interface TrainOutput extends Logged {
  /** The names of the logs of the validation. */
  readonly validationNames: readonly string[];
  readonly validationValues: Tensor;
  /** One row per epoch: training logs, then validation logs. */
  readonly history: Tensor;
}

/** The programs of one compiled model. They are traced when they are first needed, once per kind of data. */
export class Programs {
  readonly #steps: Steps;

  constructor(steps: Steps) {
    this.#steps = steps;
  }

  /**
   * Trains.
   *
   * @param orders for each epoch the order of the samples
   */
  train(
    data: Arrays,
    validation: Arrays | null,
    orders: Tensor,
    portion: Portion,
    batchSize: number,
    validationBatchSize: number,
  ): TrainOutput | Promise<TrainOutput> {
    return this.#train.aside(data, validation, orders, controlsOf(portion), batchSize, validationBatchSize);
  }

  /** Compiles what `train` runs, in parts; the first one traces the steps. */
  prepareTraining(
    ...[data, validation, orders, portion, ...sizes]: Parameters<Programs["train"]>
  ): Stages<void> {
    return this.#train.prepare(data, validation, orders, controlsOf(portion), ...sizes);
  }

  readonly #train = jit(
    (
      data: Arrays,
      validation: Arrays | null,
      orders: Tensor,
      [training, validating]: readonly [Controls, Controls],
      batchSize: number,
      validationBatchSize: number,
    ) => {
      const samples = samplesOf(data);
      const columns = this.#logged("train").names.length;
      const empties = { names: [], values: full([0], 0) };
      const validationLogged = (): Logged => (validation === null ? empties : this.#logged("test"));
      const { names: validationNames } = validationLogged();
      const empty = full([orders.shape[0]!, columns + validationNames.length], 0);
      const reset = (): void => this.#steps.resetMetrics();
      const [history] = loop(training.epochs, [empty], (epoch, rows) => {
        pass(training, samples, batchSize, reset, (at, size) => {
          const chosen = dynamicSlice(orders, [epoch, at], [1, size]).reshape(size);
          this.#steps.trainStep(mapArrays(data, (t) => take(t, chosen)));
        });
        let written = this.#write(rows, training.end, epoch, 0, "train");
        if (validation !== null) {
          pass(validating, samplesOf(validation), validationBatchSize, reset, (at, size) => {
            inValidation(() => this.#steps.testStep(block(validation, at, size)));
          });
          written = this.#write(written, validating.end, epoch, columns, "test");
        }
        return [written];
      });
      return {
        history,
        validationNames,
        validationValues: validationLogged().values,
        ...this.#logged("train"),
      };
    },
    { name: "train" },
  );

  /** Writes the logs into a row, if the flag says so. */
  #write(rows: Tensor, flag: Tensor, epoch: Tensor, column: number, phase: "train" | "test"): Tensor {
    const [out] = loop(flag, [rows], (_, h) => {
      const { values } = this.#logged(phase);
      return [dynamicUpdateSlice(h, values.reshape(1, values.size), [epoch, column])];
    });
    return out;
  }

  /** Evaluates a portion of the data. */
  evaluate(data: Arrays, portion: Portion["validation"], batchSize: number): Logged | Promise<Logged> {
    return this.#evaluate.aside(data, encode(portion), batchSize);
  }

  /** Compiles what `evaluate` runs, in parts; the first one traces the step. */
  prepareEvaluation(data: Arrays, batchSize: number): Stages<void> {
    return this.#evaluate.prepare(data, encode(nothing), batchSize);
  }

  readonly #evaluate = jit(
    (data: Arrays, controls: Controls, batchSize: number) => {
      pass(
        controls,
        samplesOf(data),
        batchSize,
        () => this.#steps.resetMetrics(),
        (at, size) => {
          this.#steps.testStep(block(data, at, size));
        },
      );
      return this.#logged("test");
    },
    { name: "evaluate" },
  );

  /**
   * Predicts a run of full batches.
   *
   * @param first the first sample
   * @param batches how many batches, at most `room`
   * @returns for each output room · batchSize rows, of which the first batches · batchSize count
   */
  predict(
    x: DataTree,
    first: number,
    batches: number,
    batchSize: number,
    room: number,
  ): DataTree | Promise<DataTree> {
    return this.#predict.aside(x, tensor(first), tensor(batches), batchSize, room);
  }

  readonly #predict = jit(
    (x: DataTree, first: Tensor, batches: Tensor, batchSize: number, room: number) => {
      const batch = (at: Tensor): DataTree =>
        this.#steps.predictStep(block({ x, y: undefined, sampleWeight: undefined }, at, batchSize).x);
      if (room === 1) return batch(first);
      // Of layers that keep a state, and of seeds, this one must leave no trace.
      const structure = outline(() => batch(first));
      const like = tensorsOf(structure);
      const zeros = like.map((t) => t.shape.slice(1).map(() => 0));
      const empty = like.map((t) => full([room * batchSize, ...t.shape.slice(1)], 0, t.dtype));
      const rows = loop(minimum(batches, room), empty, (i, ...before) => {
        const at = i.multiply(batchSize);
        const values = tensorsOf(batch(at.add(first)));
        return before.map((t, n) => dynamicUpdateSlice(t, values[n]!, [at, ...zeros[n]!]));
      });
      let n = 0;
      return treeMap(() => rows[n++], structure) as DataTree;
    },
    { name: "predict" },
  );

  /** One update from one batch; gives the metrics. */
  readonly trainOnBatch: Jitted<[batch: Batch, reset: boolean], Logged> = jit(
    (batch: Batch, reset: boolean) => {
      if (reset) this.#steps.resetMetrics();
      this.#steps.trainStep(batch);
      return this.#logged("train");
    },
    { name: "trainOnBatch" },
  );

  /** The loss and metrics of one batch. */
  readonly testOnBatch: Jitted<[batch: Batch, reset: boolean], Logged> = jit(
    (batch: Batch, reset: boolean) => {
      if (reset) this.#steps.resetMetrics();
      this.#steps.testStep(batch);
      return this.#logged("test");
    },
    { name: "testOnBatch" },
  );

  /** The outputs for one batch. */
  readonly predictOnBatch: Jitted<[x: DataTree], DataTree> = jit(
    (x: DataTree) => this.#steps.predictStep(x),
    { name: "predictOnBatch" },
  );

  #logged(phase: "train" | "test"): Logged {
    return logged(this.#steps.results(phase));
  }
}
