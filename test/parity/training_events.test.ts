// Which callbacks hear what, in which order, and when training stops: as in real Keras.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { Tensor } from "../../src/engine/index.ts";
import { Callback, type Logs } from "../../src/keras/callbacks/index.ts";
import { Dense, Input } from "../../src/keras/layers/index.ts";
import { Sequential } from "../../src/keras/models/index.ts";
import { snakeToCamel } from "../../src/keras/saving/config.ts";
import { type ArrayRecord, recordToTensor } from "./fixtures.ts";

/** The hook, the number of the epoch or batch, and the names in the logs, sorted. */
type Event = readonly [string, number | null, readonly string[] | null];

interface Listening {
  readonly x: ArrayRecord;
  readonly y: ArrayRecord;
  readonly validation: readonly [ArrayRecord, ArrayRecord];
  readonly cases: readonly {
    readonly name: string;
    readonly steps_per_execution: number;
    readonly calls: readonly ("fit" | "evaluate" | "predict")[];
    readonly stop: readonly [string, number?] | null;
    readonly only_epochs: boolean;
    readonly fit: {
      readonly epochs?: number;
      readonly initial_epoch?: number;
      readonly validation_freq?: number;
    };
    readonly validation: boolean;
    readonly epoch: readonly number[];
    readonly events: readonly Event[];
  }[];
}

const file = new URL("../fixtures/training/events.json.gz", import.meta.url);
const fixture = JSON.parse(gunzipSync(readFileSync(file)).toString("utf8")) as Listening;

const hooks = [
  ...["on_epoch_begin", "on_epoch_end", "on_train_batch_begin", "on_train_batch_end"],
  ...["on_test_batch_begin", "on_test_batch_end", "on_predict_batch_begin", "on_predict_batch_end"],
  ...["on_train_begin", "on_train_end", "on_test_begin", "on_test_end"],
  ...["on_predict_begin", "on_predict_end"],
];

class Recorder extends Callback {
  readonly events: Event[] = [];

  constructor(stop: readonly [string, number?] | null, onlyEpochs: boolean) {
    super();
    for (const hook of hooks) {
      if (onlyEpochs && hook.includes("batch")) continue;
      const hear = (...args: readonly (number | Logs | undefined)[]): void => {
        const [number = null] = args.filter((a) => typeof a === "number");
        const logs = args.find((a) => typeof a === "object");
        const names = hook.includes("predict") ? null : Object.keys(logs ?? {}).sort();
        this.events.push([hook, number, names]);
        if (stop?.[0] === hook && (stop[1] ?? null) === number) this.model.stopTraining = true;
      };
      Object.defineProperty(this, snakeToCamel(hook), { value: hear });
    }
  }
}

/**
 * The events of Keras as they are here. Keras always gives logs, empty ones where there is nothing to log; and where the
 * last execution is shorter than the others, it counts on beyond the last batch.
 */
function asHere(events: readonly Event[]): Event[] {
  let fitting = false;
  return events.map(([hook, number, names]) => {
    if (hook === "on_train_begin" || hook === "on_train_end") fitting = hook === "on_train_begin";
    const lastBatch = fitting && hook.includes("test") ? 1 : 3;
    const last = hook.includes("batch_end") ? Math.min(number!, lastBatch) : number;
    return [hook, last, hook.includes("predict") ? null : (names ?? [])];
  });
}

describe("callbacks hear what they hear in Keras", () => {
  test.each(fixture.cases.map((c) => [c.name, c] as const))("%s", async (_, one) => {
    const model = new Sequential([Input([3]), new Dense(5, { activation: "tanh" }), new Dense(1)]);
    model.compile({
      optimizer: "sgd",
      loss: "mse",
      metrics: ["mae"],
      stepsPerExecution: one.steps_per_execution,
    });
    const recorder = new Recorder(one.stop, one.only_epochs);
    const [x, y, xv, yv] = [fixture.x, fixture.y, ...fixture.validation].map(recordToTensor) as [
      Tensor,
      Tensor,
      Tensor,
      Tensor,
    ];
    const options = { batchSize: 3, verbose: 0, callbacks: [recorder] } as const;
    const { epochs = 1, initial_epoch: initialEpoch = 0, validation_freq: validationFreq = 1 } = one.fit;
    for (const call of one.calls) {
      if (call === "evaluate") await model.evaluate(x, y, options);
      else if (call === "predict") await model.predict(x, options);
      else {
        const history = await model.fit(x, y, {
          ...options,
          epochs,
          initialEpoch,
          validationFreq,
          validationData: one.validation ? [xv, yv] : null,
        });
        expect(history.epoch).toEqual(one.epoch);
      }
    }
    expect(recorder.events).toEqual(asHere(one.events));
  });
});
