// Callbacks: what they are told, what they do, what they print.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { StateError, type Tensor, type TensorLike, tensor, ValueError } from "../../engine/index.ts";
import { Variable } from "../backend/variable.ts";
import { Dense } from "../layers/index.ts";
import { BinaryAccuracy } from "../metrics/index.ts";
import { Sequential } from "../models/index.ts";
import { Adam, SGD } from "../optimizers/index.ts";
import type { Output } from "../utils/io_utils.ts";
import {
  Callback,
  CallbackList,
  type CallbackModel,
  CSVLogger,
  EarlyStopping,
  History,
  LambdaCallback,
  LearningRateScheduler,
  type Logs,
  ProgbarLogger,
  ReduceLROnPlateau,
  TerminateOnNaN,
} from "./index.ts";

class TestModel implements CallbackModel {
  stopTraining = false;
  optimizer = new SGD({ learningRate: 0.5 });
  metrics = [new BinaryAccuracy({ name: "acc" })];
  weight = new Variable([0], { dtype: "float32" });
  getWeights(): Tensor[] {
    return [this.weight.value];
  }
  setWeights(weights: readonly TensorLike[]): void {
    this.weight.assign(weights[0]!);
  }
}

/** Tells a callback of epochs with given logs, until it stops the training. */
function train(callback: Callback, epochs: readonly Logs[]): { model: TestModel; ran: number } {
  const model = new TestModel();
  callback.setModel(model);
  void callback.onTrainBegin();
  let ran = 0;
  for (const logs of epochs) {
    if (model.stopTraining) break;
    void callback.onEpochBegin(ran);
    model.weight.assign([ran]);
    void callback.onEpochEnd(ran, logs);
    ran++;
  }
  void callback.onTrainEnd();
  return { model, ran };
}

const losses = (...values: number[]): Logs[] => values.map((loss) => ({ loss }));

afterEach(() => {
  vi.restoreAllMocks();
});

describe("Callback and CallbackList", () => {
  it("calls callbacks in order and waits for promises", async () => {
    const told: string[] = [];
    const slow = new LambdaCallback({
      onEpochEnd: async () => {
        await Promise.resolve();
        told.push("slow");
      },
    });
    const quick = new LambdaCallback({
      onEpochEnd: (epoch, logs) => void told.push(`quick ${epoch} ${logs?.["loss"]}`),
    });
    const list = new CallbackList([slow, [quick]], { addHistory: true });
    await list.onEpochEnd(3, { loss: 0.5 });
    expect(told).toEqual(["slow", "quick 3 0.5"]);
    expect(list.history?.history).toEqual({ loss: [0.5] });
    expect(list.history?.epoch).toEqual([3]);
    expect(new CallbackList([quick]).onEpochEnd(0)).toBeUndefined();
  });

  it("knows who must hear of what", () => {
    const wants = (...callbacks: Callback[]): [boolean, boolean] => {
      const list = new CallbackList(callbacks, { addHistory: true, addProgbar: true });
      return [list.wantsBatches, list.wantsEpochs];
    };
    class Counter extends Callback {
      override onTrainBatchEnd(): void {}
    }
    expect(wants()).toEqual([false, false]);
    expect(wants(new LambdaCallback({ onTrainEnd: () => {} }))).toEqual([false, false]);
    expect(wants(new EarlyStopping())).toEqual([false, true]);
    expect(wants(new TerminateOnNaN())).toEqual([true, false]);
    expect(wants(new Counter())).toEqual([true, false]);
    expect(wants(new LambdaCallback({ onBatchEnd: () => {} }))).toEqual([true, false]);
    expect(wants(new CSVLogger("x.csv"))).toEqual([false, false]);
  });

  it("adds a history and a progress bar only where there are none", () => {
    const own = [new History(), new ProgbarLogger()];
    const list = new CallbackList(own, { addHistory: true, addProgbar: true });
    expect(list.callbacks).toEqual(own);
    expect(list.history).toBe(own[0]);
  });

  it("passes model and params on, and refuses what is no callback", () => {
    const callback = new Callback();
    expect(() => callback.model).toThrow(StateError);
    const model = new TestModel();
    void new CallbackList([callback], { model, params: { epochs: 3 } });
    expect(callback.model).toBe(model);
    expect(callback.params).toEqual({ epochs: 3 });
    expect(() => new CallbackList([{} as Callback])).toThrow(ValueError);
    expect(() => new LambdaCallback({ onEpochEnds: () => {} } as never)).toThrow(/Did you mean "onEpochEnd"/);
  });

  it("lets the train methods stand for the batch methods", () => {
    const told: number[] = [];
    const callback = new LambdaCallback({ onBatchEnd: (batch) => void told.push(batch) });
    void callback.onTrainBatchEnd(7, {});
    expect(told).toEqual([7]);
  });
});

describe("EarlyStopping", () => {
  it("ends training after as many bad epochs as patience allows", () => {
    const { model, ran } = train(
      new EarlyStopping({ monitor: "loss", patience: 2 }),
      losses(1, 0.5, 0.6, 0.55, 0.4),
    );
    expect([ran, model.stopTraining]).toEqual([4, true]);
  });

  it("counts only changes of minDelta, and epochs from startFromEpoch on", () => {
    const callback = new EarlyStopping({ monitor: "loss", patience: 1, minDelta: 0.1 });
    expect(train(callback, losses(1, 0.95, 0.5)).ran).toBe(2);
    const late = new EarlyStopping({ monitor: "loss", patience: 1, startFromEpoch: 3 });
    expect(train(late, losses(1, 2, 3, 4, 5, 6)).ran).toBe(5);
  });

  it("puts the best weights back and says so", () => {
    const print = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    const callback = new EarlyStopping({
      monitor: "loss",
      patience: 2,
      restoreBestWeights: true,
      verbose: 1,
    });
    const { model } = train(callback, losses(1, 0.5, 0.6, 0.7));
    expect(model.weight.value.arraySync()).toEqual([1]);
    expect([callback.bestEpoch, callback.stoppedEpoch]).toEqual([1, 3]);
    expect(print.mock.calls.map(([text]) => text)).toEqual([
      "Epoch 4: early stopping\n",
      "Restoring model weights from the end of the best epoch: 2.\n",
    ]);
  });

  it("finds out which way is better", () => {
    const rising = [0.5, 0.6, 0.7].map((acc) => ({ val_acc: acc }));
    expect(train(new EarlyStopping({ monitor: "val_acc", patience: 1 }), rising).ran).toBe(3);
    expect(train(new EarlyStopping({ monitor: "val_acc", mode: "min", patience: 1 }), rising).ran).toBe(2);
    expect(() => train(new EarlyStopping({ monitor: "other" }), [{ other: 1 }])).toThrow(/mode/);
    expect(() => new EarlyStopping({ mode: "mx" as never })).toThrow(ValueError);
    expect(() => new EarlyStopping({ patinece: 3 } as never)).toThrow(/Did you mean "patience"/);
  });

  it("wants the baseline to be reached, and warns of values that are missing", () => {
    expect(
      train(new EarlyStopping({ monitor: "loss", patience: 2, baseline: 0.1 }), losses(1, 0.9, 0.95, 0.7))
        .ran,
    ).toBe(3);
    const warn = vi.spyOn(console, "warn").mockReturnValue(undefined);
    expect(train(new EarlyStopping({ patience: 1 }), losses(1, 2, 3)).ran).toBe(3);
    expect(warn.mock.calls[0]![0]).toContain(
      "`val_loss` which is not available. Available metrics are: loss",
    );
  });
});

describe("callbacks of the learning rate", () => {
  it("sets and logs what the schedule gives", () => {
    const logs: Logs[] = [{}, {}];
    const { model } = train(new LearningRateScheduler((epoch, rate) => rate / (epoch + 1)), logs);
    expect(model.optimizer.learningRate.item()).toBe(0.25);
    expect(logs).toEqual([{ learning_rate: 0.5 }, { learning_rate: 0.25 }]);
    expect(() => train(new LearningRateScheduler(() => Number.NaN), [{}])).toThrow(ValueError);
    expect(() => new LearningRateScheduler(0.1 as never)).toThrow(ValueError);
  });

  it("makes the rate smaller on a plateau, with cooldown and a floor", () => {
    const callback = new ReduceLROnPlateau({
      monitor: "loss",
      factor: 0.5,
      patience: 2,
      cooldown: 1,
      minLr: 0.2,
    });
    const logs = losses(1, 1, 1, 1, 1, 1, 1);
    const { model } = train(callback, logs);
    expect(logs.map((l) => Math.round(l["learning_rate"]! * 100) / 100)).toEqual([
      0.5, 0.5, 0.5, 0.25, 0.25, 0.2, 0.2,
    ]);
    expect(model.optimizer.learningRate.item()).toBeCloseTo(0.2, 6);
    expect(() => new ReduceLROnPlateau({ factor: 1 })).toThrow(ValueError);
  });
});

describe("TerminateOnNaN", () => {
  it("ends training, or throws", () => {
    const print = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    const callback = new TerminateOnNaN();
    const model = new TestModel();
    callback.setModel(model);
    void callback.onTrainBatchEnd(0, { loss: 1 });
    expect(model.stopTraining).toBe(false);
    void callback.onTrainBatchEnd(1, { loss: Number.NaN });
    expect(model.stopTraining).toBe(true);
    expect(print.mock.calls[0]![0]).toBe("Batch 1: Invalid loss, terminating training\n");
    expect(() => new TerminateOnNaN({ raiseError: true }).onBatchEnd(2, { loss: Infinity })).toThrow(
      ValueError,
    );
  });
});

describe("ProgbarLogger", () => {
  it("prints epochs as Keras does", () => {
    const written: string[] = [];
    let now = 0;
    const output: Output = { dynamic: false, write: (text) => written.push(text), now: () => now };
    const logger = new ProgbarLogger({ output });
    logger.setParams({ verbose: "auto", epochs: 2, steps: 3 });
    logger.onTrainBegin();
    for (let epoch = 0; epoch < 2; epoch++) {
      logger.onEpochBegin(epoch);
      for (let batch = 0; batch < 3; batch++) {
        now += 0.004;
        logger.onTrainBatchEnd(batch, { loss: 1 });
      }
      logger.onTestBegin();
      logger.onTestEnd({ loss: 9 });
      logger.onEpochEnd(epoch, { loss: 0.1234, val_loss: 0.1 });
    }
    const line = `3/3 ${"━".repeat(20)} 0s 4ms/step - loss: 0.1234 - val_loss: 0.1000\n`;
    expect(written).toEqual(["Epoch 1/2\n", line, "Epoch 2/2\n", line]);
  });

  it("shows how long steps took that are over when it hears of them, many epochs at once", async () => {
    let text = "";
    const output = {
      dynamic: false,
      write: (more: string) => {
        text += more;
      },
      now: () => performance.now() / 1000,
    };
    const model = new Sequential([new Dense(64, { inputShape: [64] }), new Dense(64), new Dense(1)]);
    model.compile({ optimizer: "sgd", loss: "mse" });
    const x = tensor(new Float32Array(32 * 64)).reshape(32, 64);
    const y = tensor(new Float32Array(32)).reshape(32, 1);
    await model.fit(x, y, { verbose: 0 });
    const start = performance.now();
    const epochs = 600;
    await model.fit(x, y, { epochs, batchSize: 8, callbacks: [new ProgbarLogger({ output })] });
    const microseconds = 1000 * (performance.now() - start);
    const shown = text.split("\n").flatMap((line) => {
      const [, number, unit] = /(\d+)([um])s\/step/.exec(line) ?? [];
      return number === undefined ? [] : [4 * Number(number) * (unit === "m" ? 1000 : 1)];
    });
    expect(shown.length).toBe(epochs);
    const sum = shown.reduce((a, b) => a + b, 0);
    expect(sum).toBeGreaterThan(microseconds / 4);
    expect(sum).toBeLessThan(1.25 * microseconds);
  });

  it("prints evaluation and prediction too, and nothing with verbose 0", () => {
    const written: string[] = [];
    const output: Output = { dynamic: false, write: (text) => written.push(text), now: () => 0 };
    const logger = new ProgbarLogger({ output });
    logger.setParams({ verbose: 1, epochs: 1, steps: 2 });
    logger.onTestBegin();
    logger.onTestBatchEnd(1, { loss: 2 });
    logger.onTestEnd({ loss: 2 });
    logger.onPredictBegin();
    logger.onPredictEnd();
    const bar = `2/2 ${"━".repeat(20)} 0s 0s/step`;
    expect(written).toEqual([`${bar} - loss: 2.0000\n`, `${bar}\n`]);
    logger.setParams({ verbose: 0, epochs: 2, steps: 2 });
    logger.onEpochBegin(0);
    logger.onEpochEnd(0, { loss: 1 });
    expect(written).toHaveLength(2);
  });
});

describe("CSVLogger", () => {
  it("writes and appends lines", () => {
    const folder = mkdtempSync(join(tmpdir(), "csv-"));
    try {
      const file = join(folder, "log.csv");
      train(new CSVLogger(file, { separator: ";" }), [{ loss: 0.5, val_loss: 1 }]);
      train(new CSVLogger(file, { separator: ";", append: true }), [{ loss: 0.25 }]);
      expect(readFileSync(file, "utf8")).toBe("epoch;loss;val_loss\r\n0;0.5;1\r\n0;0.25;NA\r\n");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

it("keeps snapshots of weights although training goes on", () => {
  const model = new TestModel();
  const before = model.getWeights();
  new Adam({ learningRate: 1 }).apply([tensor([1], { dtype: "float32" })], [model.weight]);
  expect(before[0]!.arraySync()).toEqual([0]);
});
