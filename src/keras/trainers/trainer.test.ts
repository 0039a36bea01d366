import { afterEach, describe, expect, test, vi } from "vitest";
import { StateError, type Tensor, tensor, ValueError } from "../../engine/index.ts";
import type { Variable } from "../backend/variable.ts";
import { Callback, EarlyStopping, History, LambdaCallback, type Logs } from "../callbacks/index.ts";
import { Dense, Dropout, Input, type KerasShape, Layer } from "../layers/index.ts";
import { Sequential } from "../models/index.ts";
import * as ops from "../ops/index.ts";
import { Adam, SGD } from "../optimizers/index.ts";
import { setRandomSeed } from "../utils/index.ts";
import type { StepData } from "./trainer_options.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Numbers that look random, but are the same in each run. */
function numbers(count: number, seed = 1): number[] {
  return Array.from({ length: count }, (_, i) => Math.sin((i + seed) * 12.9898) % 1);
}

const samples = 23;
const x: Tensor = tensor(numbers(samples * 3), { shape: [samples, 3] });
const y: Tensor = tensor(numbers(samples, 7), { shape: [samples, 1] });

function network(dropout = 0): Sequential {
  return new Sequential([
    Input([3]),
    new Dense(6, { activation: "tanh" }),
    new Dropout(dropout),
    new Dense(1),
  ]);
}

function compiled(dropout = 0): Sequential {
  const model = network(dropout);
  model.compile({ optimizer: new Adam({ learningRate: 0.02 }), loss: "mse", metrics: ["mae"] });
  return model;
}

/** Everything that training changes, as numbers. */
function stateOf(model: Sequential): number[][] {
  const variables = [...model.variables, ...(model.optimizer?.variables ?? [])];
  return variables.map((v) => [...v.value.dataSync()]);
}

/** Makes calls of programs seem to take so long that they are cut as wanted. */
function pretendDuration(milliseconds: () => number): void {
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => (now += milliseconds()));
}

const quiet = { verbose: 0 } as const;

describe("fit", () => {
  test("gives the same bits however it is cut into calls", async () => {
    let turn = 0;
    const durations: readonly (() => number)[] = [
      () => 0, // everything at once
      () => 1000, // batch by batch
      () => 0.1 * (turn++ % 7), // sometimes this, sometimes that
    ];
    const results = [];
    for (const duration of durations) {
      pretendDuration(duration);
      setRandomSeed(5);
      const model = compiled(0.3);
      const options = { ...quiet, batchSize: 4, validationSplit: 0.2, validationBatchSize: 2 };
      const { history } = await model.fit(x, y, { ...options, epochs: 30 });
      const more = await model.fit(x, y, { ...options, epochs: 5, validationFreq: 2 });
      const losses = await model.evaluate(x, y, { ...quiet, batchSize: 5 });
      const outputs = (await model.predict(x, { ...quiet, batchSize: 2 })).arraySync();
      results.push({ history, more: more.history, losses, outputs, state: stateOf(model) });
      vi.restoreAllMocks();
    }
    expect(results[0]!.history["val_mae"]).toHaveLength(30);
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });

  test("gives the same bits whoever listens", async () => {
    const run = async (callbacks: Callback[]): Promise<unknown> => {
      setRandomSeed(3);
      const model = compiled(0.3);
      const { history } = await model.fit(x, y, { ...quiet, batchSize: 4, epochs: 8, callbacks });
      return [history, stateOf(model)];
    };
    const alone = await run([]);
    expect(await run([new LambdaCallback({ onEpochEnd: () => {} })])).toEqual(alone);
    expect(await run([new LambdaCallback({ onTrainBatchEnd: () => {} })])).toEqual(alone);
  });

  test("tells of many epochs at once what it tells of each", async () => {
    pretendDuration(() => 0);
    class Listening extends Callback {
      override readonly passive: boolean = true;
      readonly heard: [number, Logs][] = [];
      override onEpochEnd(epoch: number, logs: Logs = {}): void {
        this.heard.push([epoch, { ...logs }]);
        logs["twice"] = 2 * logs["loss"]!;
      }
    }
    class Counting extends History {
      override onEpochEnd(epoch: number, logs?: Logs): void {
        super.onEpochEnd(epoch + 100, logs);
      }
    }
    const run = async (callbacks: Callback[]): Promise<History> => {
      setRandomSeed(3);
      const options = { ...quiet, batchSize: 4, validationSplit: 0.2, initialEpoch: 2, epochs: 40 };
      return compiled(0.3).fit(x, y, { ...options, callbacks });
    };
    const { history, epoch } = await run([]);
    expect(epoch).toEqual(Array.from({ length: 38 }, (_, i) => i + 2));
    expect(Object.keys(history)).toEqual(["loss", "mae", "val_loss", "val_mae"]);
    const listening = new Listening();
    const each = await run([listening]);
    expect(each.history).toEqual({ ...history, twice: history["loss"]!.map((v) => 2 * v) });
    expect(listening.heard.map(([e]) => e)).toEqual(epoch);
    expect(listening.heard.map(([, logs]) => logs["val_mae"])).toEqual(history["val_mae"]);
    const counting = await run([new Counting()]);
    expect(counting.epoch).toEqual(epoch.map((e) => e + 100));
    expect(counting.history).toEqual(history);
  });

  test("depends on the seed", async () => {
    const run = async (seed: number): Promise<unknown> => {
      setRandomSeed(seed);
      const model = compiled(0.3);
      const { history } = await model.fit(x, y, { ...quiet, batchSize: 4, epochs: 4 });
      return [history, stateOf(model)];
    };
    const first = await run(1);
    expect(await run(1)).toEqual(first);
    expect(await run(2)).not.toEqual(first);
  });

  test("shuffles the samples of each epoch anew, and only if it is asked to", async () => {
    const sampleItself = (t: Tensor, p: Tensor): Tensor => t.add(p.multiply(0));
    const run = async (shuffle: boolean, seed: number): Promise<number[]> => {
      const model = new Sequential([Input([1]), new Dense(1, { kernelInitializer: "ones" })]);
      model.compile({ optimizer: new SGD({ learningRate: 0 }), loss: sampleItself });
      const seen: number[] = [];
      const callback = new LambdaCallback({ onTrainBatchEnd: (_, logs) => void seen.push(logs!["loss"]!) });
      setRandomSeed(seed);
      const values = tensor([[0], [1], [2], [3], [4], [5]]);
      await model.fit(values, values, { ...quiet, batchSize: 1, epochs: 2, shuffle, callbacks: [callback] });
      // From running means to the samples themselves.
      return seen.map((mean, i) => Math.round(mean * ((i % 6) + 1) - (i % 6 ? seen[i - 1]! * (i % 6) : 0)));
    };
    expect(await run(false, 1)).toEqual([0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5]);
    const order = await run(true, 1);
    const [first, second] = [order.slice(0, 6), order.slice(6)];
    expect([...first].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
    expect([...second].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(second).not.toEqual(first);
    expect(await run(true, 1)).toEqual(order);
    expect(await run(true, 2)).not.toEqual(order);
  });

  test("weighs the losses of batches by their sizes", async () => {
    const model = new Sequential([Input([1]), new Dense(1, { kernelInitializer: "zeros" })]);
    model.compile({ optimizer: new SGD({ learningRate: 0 }), loss: "mae" });
    const targets = tensor([[1], [1], [1], [9]]);
    const { history } = await model.fit(targets, targets, { ...quiet, batchSize: 3, shuffle: false });
    // (3 · 1 + 1 · 9) / 4, not (1 + 9) / 2.
    expect(history["loss"]).toEqual([3]);
  });

  test("validates with the last samples, whatever the order of the others", async () => {
    const model = compiled();
    const split = await model.fit(x, y, { ...quiet, batchSize: 4, epochs: 2, validationSplit: 0.25 });
    const [loss, mae] = await model.evaluate(x.slice(17), y.slice(17), quiet);
    expect(split.history["val_loss"]![1]).toBeCloseTo(loss!, 6);
    expect(split.history["val_mae"]![1]).toBeCloseTo(mae!, 6);
  });

  test("goes on where the last fit ended", async () => {
    setRandomSeed(1);
    const [twice, once] = [compiled(), compiled()];
    once.setWeights(twice.getWeights());
    const options = { ...quiet, batchSize: 4, shuffle: false };
    const first = await twice.fit(x, y, { ...options, epochs: 2 });
    const second = await twice.fit(x, y, { ...options, epochs: 5, initialEpoch: 2 });
    const whole = await once.fit(x, y, { ...options, epochs: 5 });
    expect([...first.history["loss"]!, ...second.history["loss"]!]).toEqual(whole.history["loss"]);
    expect([first.epoch, second.epoch]).toEqual([
      [0, 1],
      [2, 3, 4],
    ]);
    expect(twice.getWeights().map((w) => w.arraySync())).toEqual(once.getWeights().map((w) => w.arraySync()));
    expect(twice.optimizer!.iterations.item()).toBe(5 * 6);
  });

  test("gives its history, which the model has already while it trains", async () => {
    const model = compiled();
    const given = new History();
    let during: unknown;
    const callback = new LambdaCallback({ onTrainBegin: () => void (during = model.history) });
    const history = await model.fit(x, y, { ...quiet, epochs: 2, callbacks: [given, callback] });
    expect(history).toBe(given);
    expect([during, model.history]).toEqual([given, given]);
    expect(history.params).toEqual({ verbose: 0, epochs: 2, steps: 1 });
    expect(Object.keys(history.history)).toEqual(["loss", "mae"]);
    expect(await model.fit(x, y, quiet)).not.toBe(given);
  });

  test("lets the event loop turn", async () => {
    let [turns, done] = [0, false];
    const turn = (): void => {
      turns++;
      if (!done) setImmediate(turn);
    };
    const model = compiled();
    pretendDuration(() => 30);
    setImmediate(turn);
    await model.fit(x, y, { ...quiet, batchSize: 4, epochs: 20 });
    const fitting = turns;
    await model.evaluate(x, y, { ...quiet, batchSize: 4 });
    await model.predict(x, { ...quiet, batchSize: 4 });
    done = true;
    // Every batch seems to take longer than a slice of time.
    expect(fitting).toBeGreaterThanOrEqual(20 * 6);
    expect(turns - fitting).toBeGreaterThanOrEqual(2 * 6);
  });

  test("lets timers fire during long trainings", async () => {
    const big = tensor(numbers(400 * 64), { shape: [400, 64] });
    const model = new Sequential([Input([64]), new Dense(128, { activation: "relu" }), new Dense(64)]);
    model.compile({ optimizer: "adam", loss: "mse" });
    await model.fit(big, big, quiet);
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const start = performance.now();
    let rounds = 0;
    while (performance.now() - start < 300) {
      await model.fit(big, big, { ...quiet, epochs: 50 });
      rounds++;
    }
    clearInterval(timer);
    // More often than between two calls, so in the midst of them.
    expect(ticks).toBeGreaterThan(rounds);
  });

  test("can be stopped from outside, in the midst of an epoch too", async () => {
    const model = compiled();
    pretendDuration(() => 1000);
    const promise = model.fit(x, y, { ...quiet, batchSize: 1, epochs: 1000 });
    await new Promise((resolve) => setImmediate(resolve));
    model.stopTraining = true;
    const { epoch } = await promise;
    expect(epoch).toEqual([0]);
    expect(model.optimizer!.iterations.item()).toBeLessThan(samples);
    expect((await model.fit(x, y, { ...quiet, epochs: 2 })).epoch).toEqual([0, 1]);
  });

  test("rejects with the reason of an AbortSignal, and the model stays usable", async () => {
    const model = compiled();
    const controller = new AbortController();
    const reason = new Error("enough");
    const callback = new LambdaCallback({
      onEpochEnd: (epoch) => {
        if (epoch === 2) controller.abort(reason);
      },
    });
    const options = { ...quiet, signal: controller.signal, callbacks: [callback] };
    await expect(model.fit(x, y, { ...options, epochs: 10 })).rejects.toBe(reason);
    expect(model.optimizer!.iterations.item()).toBe(3);
    expect(model.history!.epoch).toEqual([0, 1, 2]);
    const before = stateOf(model);
    await expect(model.fit(x, y, options)).rejects.toBe(reason);
    await expect(model.evaluate(x, y, { ...quiet, signal: controller.signal })).rejects.toBe(reason);
    await expect(model.predict(x, { ...quiet, signal: controller.signal })).rejects.toBe(reason);
    expect(stateOf(model)).toEqual(before);
    expect((await model.fit(x, y, { ...quiet, epochs: 2 })).epoch).toEqual([0, 1]);
  });

  test("ends with the error of a callback, and the model stays usable", async () => {
    const model = compiled();
    const fails = new LambdaCallback({
      onTrainBatchEnd: async () => {
        throw new Error("from a callback");
      },
    });
    await expect(model.fit(x, y, { ...quiet, callbacks: [fails] })).rejects.toThrow("from a callback");
    expect((await model.fit(x, y, quiet)).epoch).toEqual([0]);
  });

  test("puts moving averages in place of the weights, but not before there are any", async () => {
    const model = network();
    model.compile({ optimizer: new SGD({ learningRate: 0.1, useEma: true, emaMomentum: 0.5 }), loss: "mse" });
    const before = stateOf(model);
    await model.fit(x, y, { ...quiet, epochs: 0 });
    expect(model.weights.map((v) => [...v.value.dataSync()])).toEqual(before.slice(0, 4));
    const batch = new AbortController();
    const stop = new LambdaCallback({ onEpochEnd: () => batch.abort() });
    const options = { ...quiet, epochs: 3, callbacks: [stop], signal: batch.signal };
    await expect(model.fit(x, y, options)).rejects.toThrow("aborted");
    const average = model.optimizer!.variables.find((v) => v.path.endsWith("_kernel_average"));
    expect(model.weights[0]!.value.arraySync()).toEqual(average?.value.arraySync());
  });

  test("saves many calls by stepsPerExecution, which fit can have for itself", async () => {
    const model = compiled();
    const ends: number[] = [];
    const callback = new LambdaCallback({ onTrainBatchEnd: (batch) => void ends.push(batch) });
    const options = { ...quiet, batchSize: 4, callbacks: [callback] };
    await model.fit(x, y, { ...options, stepsPerExecution: 4 });
    expect(ends).toEqual([3, 5]);
    await model.fit(x, y, options);
    expect(ends.slice(2)).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe("compile", () => {
  test("again resets optimizer, metrics and programs, but no weights", async () => {
    const model = compiled();
    await model.fit(x, y, { ...quiet, epochs: 2 });
    const weights = model.getWeights().map((w) => w.arraySync());
    model.compile({ optimizer: "sgd", loss: "mae" });
    expect(model.getWeights().map((w) => w.arraySync())).toEqual(weights);
    expect(model.optimizer!.iterations.item()).toBe(0);
    const [loss] = await model.evaluate(x, y, quiet);
    const error = ops.mean(ops.abs((await model.predict(x, quiet)).subtract(y))).item();
    expect(loss).toBeCloseTo(error, 6);
    expect(model.metricsNames).toEqual(["loss"]);
  });

  test("sees which layers are frozen", async () => {
    const model = compiled();
    const [first, , last] = model.layers;
    await model.fit(x, y, quiet);
    first!.trainable = false;
    model.compile({ optimizer: "adam", loss: "mse" });
    const [kernel, head] = [first!.getWeights()[0]!.arraySync(), last!.getWeights()[0]!.arraySync()];
    await model.fit(x, y, quiet);
    expect(first!.getWeights()[0]!.arraySync()).toEqual(kernel);
    expect(last!.getWeights()[0]!.arraySync()).not.toEqual(head);
    // The step counter, the learning rate and two slots for each of the two weights that are left.
    expect(model.optimizer!.variables).toHaveLength(2 + 2 * 2);
  });

  test("finds the crossentropy and the accuracy that the shapes ask for", async () => {
    const model = new Sequential([Input([3]), new Dense(4, { activation: "softmax" })]);
    model.compile({ loss: "crossentropy", metrics: ["ACC", "ce"] });
    const labels = tensor(
      numbers(samples).map((v) => Math.floor(Math.abs(v) * 4)),
      { dtype: "int32" },
    );
    const [loss, , metric] = await model.evaluate(x, labels, quiet);
    expect(metric).toBeCloseTo(loss!, 5);
    expect(model.metricsNames).toEqual(["loss", "ACC", "ce"]);
  });
});

describe("several calls at a time", () => {
  test("train different models as if they were alone", async () => {
    const run = async (together: boolean): Promise<unknown> => {
      setRandomSeed(9);
      const models = [compiled(), compiled()];
      const options = { ...quiet, batchSize: 4, epochs: 20, shuffle: false };
      const runs = models.map((model) => () => model.fit(x, y, options));
      if (together) await Promise.all(runs.map((fit) => fit()));
      else for (const fit of runs) await fit();
      return models.map(stateOf);
    };
    const alone = await run(false);
    pretendDuration(() => 1000);
    expect(await run(true)).toEqual(alone);
  });

  test("cannot train one model", async () => {
    const model = compiled();
    const first = model.fit(x, y, { ...quiet, epochs: 3 });
    await expect(model.fit(x, y, quiet)).rejects.toThrow(StateError);
    await expect(model.fit(x, y, quiet)).rejects.toThrow(/is being trained already/);
    expect((await first).epoch).toEqual([0, 1, 2]);
    expect(model.optimizer!.iterations.item()).toBe(3);
    expect((await model.fit(x, y, quiet)).epoch).toEqual([0]);
  });

  test("do not mix up the metrics of one model", async () => {
    setRandomSeed(4);
    const options = { ...quiet, batchSize: 4, epochs: 3, shuffle: false };
    const [busy, alone] = [compiled(), compiled()];
    alone.setWeights(busy.getWeights());
    const evaluated: unknown[] = [];
    const meddler = new LambdaCallback({
      onTrainBatchEnd: async () => {
        evaluated.push(await busy.evaluate(x.slice(0, 5), y.slice(0, 5), quiet));
        await busy.testOnBatch(x, y);
      },
    });
    const meddled = await busy.fit(x, y, { ...options, callbacks: [meddler] });
    expect(meddled.history).toEqual((await alone.fit(x, y, options)).history);
    expect(evaluated).toHaveLength(18);

    pretendDuration(() => 1000);
    const expected = await alone.evaluate(x, y, { ...quiet, batchSize: 2 });
    const both = [2, 2].map((batchSize) => alone.evaluate(x, y, { ...quiet, batchSize }));
    expect(await Promise.all(both)).toEqual([expected, expected]);
  });
});

describe("what users define", () => {
  class Scale extends Layer {
    factor!: Variable;
    override build(inputShape: KerasShape): void {
      this.factor = this.addWeight({ shape: [inputShape.at(-1)], initializer: "ones", name: "factor" });
    }
    override call(inputs: Tensor): Tensor {
      return inputs.multiply(this.factor);
    }
  }

  test("layers, losses and metrics are trained with", async () => {
    const model = new Sequential([Input([2]), new Scale()]);
    const squares = (yTrue: Tensor, yPred: Tensor): Tensor =>
      ops.mean(ops.square(yTrue.subtract(yPred)), { axis: -1 });
    function largest_error(yTrue: Tensor, yPred: Tensor): Tensor {
      return ops.max(ops.abs(yTrue.subtract(yPred)), { axis: -1 });
    }
    model.compile({ optimizer: new SGD({ learningRate: 0.2 }), loss: squares, metrics: [largest_error] });
    const inputs = tensor([
      [1, 2],
      [2, 1],
      [1, 1],
    ]);
    const targets = inputs.multiply(tensor([3, -1]));
    const { history } = await model.fit(inputs, targets, { ...quiet, epochs: 60, batchSize: 2 });
    expect(Object.keys(history)).toEqual(["largest_error", "loss"]);
    const [factor] = model.getWeights();
    expect(factor!.at(0).item()).toBeCloseTo(3, 3);
    expect(factor!.at(1).item()).toBeCloseTo(-1, 3);
    expect(model.weights[0]!.path).toBe("sequential/scale/factor".replace("sequential", model.name));
    expect(history["largest_error"]!.at(-1)).toBeLessThan(1e-2);
  });

  test("training steps of one's own are compiled like the built-in one", async () => {
    class Signed extends Sequential {
      override trainStep([inputs, targets]: StepData<Tensor, Tensor>): Record<string, Tensor> {
        return super.trainStep([inputs, targets.multiply(-1)]);
      }
    }
    const model = new Signed([Input([1]), new Dense(1, { useBias: false })]);
    model.compile({ optimizer: new SGD({ learningRate: 0.3 }), loss: "mse" });
    await model.fit(tensor([[1], [-1]]), tensor([[2], [-2]]), { ...quiet, epochs: 50 });
    expect(model.getWeights()[0]!.item()).toBeCloseTo(-2, 4);
  });

  test("callbacks may take their time", async () => {
    const told: string[] = [];
    class Slow extends Callback {
      override async onEpochBegin(epoch: number): Promise<void> {
        await new Promise((resolve) => setTimeout(resolve, 5));
        told.push(`begin ${epoch}`);
      }
      override async onTrainBatchEnd(batch: number): Promise<void> {
        await Promise.resolve();
        told.push(`batch ${batch}`);
      }
      override async onEpochEnd(epoch: number, logs: Record<string, number> = {}): Promise<void> {
        await new Promise((resolve) => setTimeout(resolve, 5));
        told.push(`end ${epoch} ${Object.keys(logs).join(" ")}`);
        logs["extra"] = epoch * 10;
        if (epoch === 1) this.model.stopTraining = true;
      }
    }
    const { history } = await compiled().fit(x, y, {
      ...quiet,
      batchSize: 12,
      epochs: 9,
      callbacks: [new Slow()],
    });
    expect(told).toEqual([
      ...["begin 0", "batch 0", "batch 1", "end 0 loss mae"],
      ...["begin 1", "batch 0", "batch 1", "end 1 loss mae"],
    ]);
    expect(history["extra"]).toEqual([0, 10]);
  });

  test("EarlyStopping finds weighted metrics under the names they are logged by", async () => {
    const model = network();
    model.compile({ loss: "mse", metrics: ["mae"], weightedMetrics: ["mae"] });
    const callback = new EarlyStopping({ monitor: "weighted_mae", mode: "min", patience: 50 });
    await model.fit(x, y, { ...quiet, epochs: 2, callbacks: [callback] });
    expect(callback.best).toBeGreaterThan(0);
  });
});

describe("single batches", () => {
  test("start the metrics anew unless they are told not to", async () => {
    const model = new Sequential([Input([1]), new Dense(1, { kernelInitializer: "zeros" })]);
    model.compile({ optimizer: new SGD({ learningRate: 0 }), loss: "mae" });
    const one = tensor([[1]]);
    expect(await model.testOnBatch(one, one)).toEqual([1]);
    expect(await model.testOnBatch(one, one.multiply(3), { resetMetrics: false })).toEqual([2]);
    expect(await model.trainOnBatch(one, one.multiply(5), { returnDict: true })).toEqual({ loss: 5 });
    expect(model.optimizer!.iterations.item()).toBe(1);
  });

  test("predict without being compiled", async () => {
    const model = new Sequential([new Dense(2, { kernelInitializer: "ones" })]);
    expect((await model.predictOnBatch([[1, 2]])).arraySync()).toEqual([[3, 3]]);
    expect((await model.predict([[1, 2]], quiet)).arraySync()).toEqual([[3, 3]]);
    await expect(model.evaluate([[1, 2]], [[1, 2]])).rejects.toThrow(StateError);
    await expect(model.predict([], quiet)).rejects.toThrow(ValueError);
  });
});
