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

function encode(p: Portion): Tensor {
  const part = (v: Portion["validation"]): number[] => [
    Number(v.begin),
    v.start,
    v.stop,
    Number(v.tail),
    Number(v.end),
  ];
  return tensor(Int32Array.from([p.epochs, ...part(p), ...part(p.validation)]));
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
  control: (i: number) => Tensor,
  first: number,
  samples: number,
  batchSize: number,
  reset: () => void,
  step: (at: Tensor, size: number) => void,
): void {
  const [begin, start, stop, tail] = [first, first + 1, first + 2, first + 3].map(control) as [
    Tensor,
    Tensor,
    Tensor,
    Tensor,
  ];
  when(begin, reset);
  if (samples >= batchSize) {
    loop(stop.subtract(start), [], (i) => {
      step(i.add(start).multiply(batchSize), batchSize);
      return [];
    });
  }
  const rest = samples % batchSize;
  if (rest > 0) when(tail, () => step(tensor(samples - rest), rest));
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
    return this.#train(data, validation, orders, encode(portion), batchSize, validationBatchSize);
  }

  readonly #train = jit(
    (
      data: Arrays,
      validation: Arrays | null,
      orders: Tensor,
      controls: Tensor,
      batchSize: number,
      validationBatchSize: number,
    ) => {
      const control = (i: number): Tensor => controls.at(i);
      const samples = data.x.shape[0]!;
      const columns = this.#logged().names.length;
      const empty = full([orders.shape[0]!, columns * (validation === null ? 1 : 2)], 0);
      const reset = (): void => this.#steps.resetMetrics();
      const [history] = loop(control(0), [empty], (epoch, rows) => {
        const order = dynamicSlice(orders, [epoch, 0], [1, samples]).reshape(samples);
        pass(control, 1, samples, batchSize, reset, (at, size) => {
          const chosen = dynamicSlice(order, [at], [size]);
          this.#steps.trainStep(rowsOf(data, (t) => take(t, chosen)));
        });
        let written = this.#write(rows, control(5), epoch, 0);
        if (validation !== null) {
          pass(control, 6, validation.x.shape[0]!, validationBatchSize, reset, (at, size) => {
            this.#steps.testStep(block(validation, at, size));
          });
          written = this.#write(written, control(10), epoch, columns);
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
    return this.#evaluate(data, encode({ ...nothing, epochs: 1, validation: portion }), batchSize);
  }

  readonly #evaluate = jit(
    (data: Arrays, controls: Tensor, batchSize: number) => {
      pass(
        (i) => controls.at(i),
        6,
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
    return this.#predict(x, tensor(Int32Array.from([first, batches])), batchSize, room);
  }

  readonly #predict = jit(
    (x: Tensor, controls: Tensor, batchSize: number, room: number) => {
      const batch = (at: Tensor): Tensor =>
        this.#steps.predictStep(block({ x, y: undefined, sampleWeight: undefined }, at, batchSize).x);
      if (room === 1) return batch(controls.at(0));
      const like = batch(controls.at(0));
      const last = minimum(controls.at(1), room);
      const zeros = like.shape.slice(1).map(() => 0);
      const empty = full([room * batchSize, ...like.shape.slice(1)], 0, like.dtype);
      const [out] = loop(last, [empty], (i, rows) => {
        const at = i.multiply(batchSize);
        return [dynamicUpdateSlice(rows, batch(at.add(controls.at(0))), [at, ...zeros])];
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
