/**
 * The compiled programs of a model. The whole of training is one program, in which epochs and batches are loops: gather
 * a batch, forward, backward, update, metrics, validation, logs. How much of it one call runs is said by run-time counts,
 * so that the same program trains a thousand small epochs at once or a few steps of a large one.
 */
import type { Tensor } from "../../engine/index.ts";
import {
  concatenate,
  dynamicSlice,
  dynamicUpdateSlice,
  full,
  jit,
  loop,
  minimum,
  take,
  tensor,
} from "../../engine/index.ts";
import type { Arrays } from "./data.ts";

/** One batch, as steps get it. */
export interface Batch {
  readonly x: Tensor;
  readonly y: Tensor | undefined;
  readonly sampleWeight: Tensor | undefined;
}

/** What the programs need of a model. */
export interface Steps {
  trainStep(batch: Batch): void;
  testStep(batch: Batch): void;
  predictStep(x: Tensor): Tensor;
  /** Results of the metrics by name, as scalars. */
  results(): Record<string, Tensor>;
  resetMetrics(): void;
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

function encode(p: Portion["validation"], epochs = 1): Controls {
  return {
    epochs: tensor(epochs),
    begin: tensor(Number(p.begin)),
    start: tensor(p.start),
    count: tensor(p.stop - p.start),
    tail: tensor(Number(p.tail)),
    end: tensor(Number(p.end)),
  };
}

/** Runs a body if a run-time flag is 1. */
function when(flag: Tensor, body: () => void): void {
  loop(flag, [], () => {
    body();
    return [];
  });
}

/** Results of metrics as one vector, ordered by name as Keras orders its logs. */
function vector(results: Record<string, Tensor>): Logged {
  const names = Object.keys(results).sort();
  if (names.length === 0) return { names, values: full([0], 0) };
  return { names, values: concatenate(names.map((n) => results[n]!.astype("float32").reshape(1))) };
}

const rowsOf = (data: Arrays, pick: (t: Tensor) => Tensor): Batch => ({
  x: pick(data.x),
  y: data.y === undefined ? undefined : pick(data.y),
  sampleWeight: data.sampleWeight === undefined ? undefined : pick(data.sampleWeight),
});

/** Neighbouring rows, from a place known at run time. */
function block(data: Arrays, at: Tensor, size: number): Batch {
  const zeros = (t: Tensor): number[] => t.shape.slice(1).map(() => 0);
  return rowsOf(data, (t) => dynamicSlice(t, [at, ...zeros(t)], [size, ...t.shape.slice(1)]));
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

/** The metrics as they stand at the end of a call. */
export interface Logged {
  readonly names: readonly string[];
  /** Values in the order of the names. */
  readonly values: Tensor;
}

/** What a call of the training program gives. */
export interface TrainOutput extends Logged {
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
  ): TrainOutput {
    const controls = [encode(portion, portion.epochs), encode(portion.validation)] as const;
    return this.#train(data, validation, orders, controls, batchSize, validationBatchSize);
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
      const samples = data.x.shape[0]!;
      const columns = this.#logged().names.length;
      const empty = full([orders.shape[0]!, columns * (validation === null ? 1 : 2)], 0);
      const reset = (): void => this.#steps.resetMetrics();
      const [history] = loop(training.epochs, [empty], (epoch, rows) => {
        pass(training, samples, batchSize, reset, (at, size) => {
          const chosen = dynamicSlice(orders, [epoch, at], [1, size]).reshape(size);
          this.#steps.trainStep(rowsOf(data, (t) => take(t, chosen)));
        });
        let written = this.#write(rows, training.end, epoch, 0);
        if (validation !== null) {
          pass(validating, validation.x.shape[0]!, validationBatchSize, reset, (at, size) => {
            this.#steps.testStep(block(validation, at, size));
          });
          written = this.#write(written, validating.end, epoch, columns);
        }
        return [written];
      });
      return { history, ...this.#logged() };
    },
    { name: "train" },
  );

  /** Writes the logs into a row, if the flag says so. */
  #write(rows: Tensor, flag: Tensor, epoch: Tensor, column: number): Tensor {
    const [out] = loop(flag, [rows], (_, h) => {
      const { values } = this.#logged();
      return [dynamicUpdateSlice(h, values.reshape(1, values.size), [epoch, column])];
    });
    return out;
  }

  /** Evaluates a portion of the data. */
  evaluate(data: Arrays, portion: Portion["validation"], batchSize: number): Logged {
    return this.#evaluate(data, encode(portion), batchSize);
  }

  readonly #evaluate = jit(
    (data: Arrays, controls: Controls, batchSize: number) => {
      pass(
        controls,
        data.x.shape[0]!,
        batchSize,
        () => this.#steps.resetMetrics(),
        (at, size) => {
          this.#steps.testStep(block(data, at, size));
        },
      );
      return this.#logged();
    },
    { name: "evaluate" },
  );

  /**
   * Predicts a run of full batches.
   *
   * @param first the first sample
   * @param batches how many batches, at most `room`
   * @returns room · batchSize rows, of which the first batches · batchSize count
   */
  predict(x: Tensor, first: number, batches: number, batchSize: number, room: number): Tensor {
    return this.#predict(x, tensor(first), tensor(batches), batchSize, room);
  }

  readonly #predict = jit(
    (x: Tensor, first: Tensor, batches: Tensor, batchSize: number, room: number) => {
      const batch = (at: Tensor): Tensor =>
        this.#steps.predictStep(block({ x, y: undefined, sampleWeight: undefined }, at, batchSize).x);
      if (room === 1) return batch(first);
      const like = batch(first);
      const last = minimum(batches, room);
      const zeros = like.shape.slice(1).map(() => 0);
      const empty = full([room * batchSize, ...like.shape.slice(1)], 0, like.dtype);
      const [out] = loop(last, [empty], (i, rows) => {
        const at = i.multiply(batchSize);
        return [dynamicUpdateSlice(rows, batch(at.add(first)), [at, ...zeros])];
      });
      return out;
    },
    { name: "predict" },
  );

  /** One update from one batch; gives the metrics. */
  readonly trainOnBatch: (batch: Batch, reset: boolean) => Logged = jit(
    (batch: Batch, reset: boolean) => {
      if (reset) this.#steps.resetMetrics();
      this.#steps.trainStep(batch);
      return this.#logged();
    },
    { name: "trainOnBatch" },
  );

  /** The loss and metrics of one batch. */
  readonly testOnBatch: (batch: Batch, reset: boolean) => Logged = jit(
    (batch: Batch, reset: boolean) => {
      if (reset) this.#steps.resetMetrics();
      this.#steps.testStep(batch);
      return this.#logged();
    },
    { name: "testOnBatch" },
  );

  /** The outputs for one batch. */
  readonly predictOnBatch: (x: Tensor) => Tensor = jit((x: Tensor) => this.#steps.predictStep(x), {
    name: "predictOnBatch",
  });

  #logged(): Logged {
    return vector(this.#steps.results());
  }
}
