// Models whose steps, losses and loops users write themselves, against real Keras: test/fixtures/training/generate_custom.py
// has the same models in Python. All of it is compiled here.
import { describe, expect, test } from "vitest";
import { gradients, jit, type Tensor, valueAndGrad } from "../../src/engine/index.ts";
import { BatchNormalization, Dense, Input, Layer, type Tensors } from "../../src/keras/layers/index.ts";
import { BinaryCrossentropy, Huber, type Loss } from "../../src/keras/losses/index.ts";
import { Mean, MeanAbsoluteError, MeanSquaredError, type Metric } from "../../src/keras/metrics/index.ts";
import { Model, Sequential, type StepData } from "../../src/keras/models/index.ts";
import * as ops from "../../src/keras/ops/index.ts";
import { Adam, type Optimizer, RMSprop, SGD } from "../../src/keras/optimizers/index.ts";
import { L1, L2 } from "../../src/keras/regularizers/index.ts";
import { type ArrayRecord, expectClose, loadJson, recordToTensor } from "./fixtures.ts";
import { afterTraining, expectAllClose, expectNumbersClose, type Records } from "./model_fixture.ts";

interface Run {
  readonly start: readonly ArrayRecord[];
  readonly history: Readonly<Record<string, readonly number[]>>;
  readonly weights: readonly ArrayRecord[];
  readonly evaluate: Readonly<Record<string, number>>;
  readonly predict: Records;
}

const fixture = loadJson("training/custom.json.gz") as {
  readonly own_steps: Run;
  readonly own_loss: Run;
  readonly gan: Run;
  readonly vae: Run;
  readonly loop: Run & { readonly losses: readonly number[]; readonly metric: readonly number[] };
};

/** The numbers of generate_custom.py. */
function numbers(shape: readonly number[], seed: number): Tensor {
  const size = shape.reduce((n, m) => n * m, 1);
  const data = Array.from({ length: size }, (_, i) => ((((i + 3) * (7 + 2 * seed)) % 23) - 11) / 11);
  return recordToTensor({ shape, dtype: "float32", data });
}

const epochs = 3;
const batchSize = 4;
const x = numbers([10, 3], 1);
const y = numbers([10, 1], 2);
const epsilon = numbers([10, 2], 3);
const held = [numbers([6, 3], 4), numbers([6, 1], 5)] as const;
const options = { epochs, batchSize, shuffle: false, verbose: 0 } as const;
const quiet = { batchSize, verbose: 0 } as const;

function begin(model: Model<Tensors>, run: Run): void {
  model.setWeights(run.start.map((w) => recordToTensor(w)));
}

function expectRun(model: Model<Tensors>, history: Run["history"], run: Run): void {
  expect(Object.keys(history).sort()).toEqual(Object.keys(run.history).sort());
  for (const [name, values] of Object.entries(run.history)) expectNumbersClose(history[name]!, values);
  model.getWeights().forEach((w, i) => {
    expectClose(w, run.weights[i]!, afterTraining);
  });
}

function expectLogs(received: Readonly<Record<string, number>>, expected: Run["evaluate"]): void {
  expect(Object.keys(received).sort()).toEqual(Object.keys(expected).sort());
  expectNumbersClose(
    Object.keys(expected).map((name) => received[name]!),
    Object.values(expected),
  );
}

type Prediction = { readonly value: Tensor; readonly positive: Tensor };

/** Own steps, own metrics as properties, and a list of them. */
class OwnSteps extends Model {
  readonly hidden = new Dense(4, { activation: "tanh" });
  readonly last = new Dense(1);
  readonly lossTracker = new Mean({ name: "loss" });
  readonly others = new MeanAbsoluteError({ name: "mae" });

  override call(inputs: Tensor): Tensor {
    return this.last(this.hidden(inputs));
  }

  override get metrics(): Metric[] {
    return [this.lossTracker, this.others];
  }

  override trainStep([inputs, targets]: StepData<Tensor, Tensor>): Record<string, Tensor> {
    const predicted = this.apply(inputs, { training: true });
    const loss = ops
      .mean(ops.square(targets.subtract(predicted)))
      .add(ops.mean(ops.abs(predicted)).multiply(0.1));
    const weights = this.trainableWeights;
    this.optimizer!.apply(
      gradients(
        loss,
        weights.map((w) => w.value),
      ),
      weights,
    );
    this.lossTracker.updateState(loss);
    this.others.updateState(targets, predicted);
    return { loss: this.lossTracker.result(), mae: this.others.result() };
  }

  override testStep([inputs, targets]: StepData<Tensor, Tensor>): Record<string, Tensor> {
    const predicted = this.apply(inputs, { training: false });
    this.lossTracker.updateState(ops.mean(ops.square(targets.subtract(predicted))));
    this.others.updateState(targets, predicted);
    return { loss: this.lossTracker.result(), mae: this.others.result() };
  }
}

/** Gives more than the model does. */
class OwnPrediction extends OwnSteps {
  override predictStep([inputs]: StepData<Tensor>): never {
    const value = this.apply(inputs, { training: false });
    const prediction: Prediction = { value, positive: ops.greater(value, 0).astype("float32") };
    return prediction as never;
  }
}

/** Only the loss is one's own. */
class OwnLoss extends Model {
  readonly hidden = new Dense(3, { activation: "relu", activityRegularizer: new L2(0.01) });
  readonly norm = new BatchNormalization({ momentum: 0.8 });
  readonly last = new Dense(1, { kernelRegularizer: new L1(0.01) });
  readonly seen = new Mean({ name: "seen" });

  override call(inputs: Tensor, { training }: { readonly training: boolean }): Tensor {
    return this.last(this.norm(this.hidden(inputs), { training }));
  }

  override computeLoss(
    inputs: Tensor,
    targets: Tensor,
    predicted: Tensor,
    weights?: Tensor,
    training = true,
  ): Tensor {
    const loss = super.computeLoss(inputs, targets, predicted, weights, training);
    this.seen.updateState(targets);
    return loss.add(ops.mean(ops.square(inputs)).multiply(ops.mean(predicted)).multiply(0.05));
  }
}

/** Two networks with an optimizer each. */
class Gan extends Model<readonly Tensor[]> {
  readonly generator = new Sequential([new Dense(4, { activation: "tanh" }), new Dense(2)]);
  readonly discriminator = new Sequential([new Dense(4, { activation: "tanh" }), new Dense(1)]);
  readonly dTracker = new Mean({ name: "d_loss" });
  readonly gTracker = new Mean({ name: "g_loss" });
  readonly dOptimizer: Optimizer = new Adam({ learningRate: 0.02 });
  readonly gOptimizer: Optimizer = new RMSprop({ learningRate: 0.01 });
  readonly lossFn: Loss = new BinaryCrossentropy({ fromLogits: true });

  override call([real, noise]: readonly [Tensor, Tensor]): readonly Tensor[] {
    return [this.discriminator(real), this.discriminator(this.generator(noise))];
  }

  override get metrics(): Metric[] {
    return [this.dTracker, this.gTracker];
  }

  #update(loss: Tensor, network: Sequential, optimizer: Optimizer): void {
    const weights = network.trainableWeights;
    optimizer.apply(
      gradients(
        loss,
        weights.map((w) => w.value),
      ),
      weights,
    );
  }

  override trainStep([[real, noise]]: StepData<readonly [Tensor, Tensor]>): Record<string, Tensor> {
    const samples = real.shape[0]!;
    const both = ops.concatenate([this.generator(noise), real]);
    const labels = ops.concatenate([ops.ones([samples, 1]), ops.zeros([samples, 1])]);
    const dLoss = this.lossFn(labels, this.discriminator(both));
    this.#update(dLoss, this.discriminator, this.dOptimizer);
    const gLoss = this.lossFn(ops.zeros([samples, 1]), this.discriminator(this.generator(noise)));
    this.#update(gLoss, this.generator, this.gOptimizer);
    this.dTracker.updateState(dLoss);
    this.gTracker.updateState(gLoss);
    return { d_loss: this.dTracker.result(), g_loss: this.gTracker.result() };
  }
}

/** The divergence of a code from a normal distribution is a loss of the layer. */
class Sampling extends Layer {
  readonly kl = new Mean({ name: "kl" });

  override call([mean, logVar, noise]: readonly [Tensor, Tensor, Tensor]): Tensor {
    const kl = ops.mean(logVar.add(1).subtract(ops.square(mean)).subtract(ops.exp(logVar))).multiply(-0.5);
    this.addLoss(kl.multiply(0.5));
    this.kl.updateState(kl);
    return mean.add(ops.exp(logVar.multiply(0.5)).multiply(noise));
  }
}

class Vae extends Model {
  readonly encoder = new Dense(3, { activation: "tanh" });
  readonly mean = new Dense(2);
  readonly logVar = new Dense(2);
  readonly sampling = new Sampling();
  readonly decoder = new Dense(3);

  override call([inputs, noise]: readonly [Tensor, Tensor]): Tensor {
    const h = this.encoder(inputs);
    return this.decoder(this.sampling([this.mean(h), this.logVar(h), noise]));
  }
}

describe("as in Keras", () => {
  test("steps of one's own, with metrics of one's own", async () => {
    const run = fixture.own_steps;
    const model = new OwnPrediction();
    model(x);
    begin(model, run);
    model.compile({ optimizer: new Adam({ learningRate: 0.05 }) });
    const { history } = await model.fit(x, y, { ...options, validationData: held });
    expectRun(model, history, run);
    expectLogs(await model.evaluate(...held, { ...quiet, returnDict: true }), run.evaluate);
    expectAllClose(await model.predict(held[0], quiet), run.predict, afterTraining);
  });

  test("the same in eager mode, and by batches", async () => {
    const run = fixture.own_steps;
    const eager = new OwnSteps();
    eager(x);
    begin(eager, run);
    eager.compile({ optimizer: new Adam({ learningRate: 0.05 }), runEagerly: true });
    const { history } = await eager.fit(x, y, { ...options, validationData: held });
    expectRun(eager, history, run);
    const batched = new OwnSteps();
    batched(x);
    begin(batched, run);
    batched.compile({ optimizer: new Adam({ learningRate: 0.05 }) });
    for (let epoch = 0; epoch < epochs; epoch++) {
      for (const at of [0, 4, 8]) {
        const stop = Math.min(10, at + batchSize);
        await batched.trainOnBatch(x.slice(at, stop), y.slice(at, stop));
      }
    }
    batched.getWeights().forEach((w, i) => {
      expectClose(w, run.weights[i]!, afterTraining);
    });
  });

  test("a loss of one's own on top of that of compile, regularizers, weights of samples", async () => {
    const run = fixture.own_loss;
    const model = new OwnLoss();
    model(x);
    begin(model, run);
    model.compile({
      optimizer: new SGD({ learningRate: 0.05, momentum: 0.9 }),
      loss: "mse",
      metrics: ["mae"],
    });
    const sampleWeight = Array.from({ length: 10 }, (_, i) => 0.5 + i / 9);
    const { history } = await model.fit(x, y, { ...options, sampleWeight, validationData: held });
    expectRun(model, history, run);
    expectLogs(await model.evaluate(...held, { ...quiet, returnDict: true }), run.evaluate);
    expectAllClose(await model.predict(held[0], quiet), run.predict, afterTraining);
  });

  test("two networks against each other, with two optimizers", async () => {
    const run = fixture.gan;
    const model = new Gan();
    const real = numbers([10, 2], 1);
    model([real, epsilon]);
    begin(model, run);
    model.compile();
    const { history } = await model.fit([real, epsilon], null, options);
    expectRun(model, history, run);
  });

  test("losses and metrics that layers add", async () => {
    const run = fixture.vae;
    const model = new Vae();
    model([x, epsilon]);
    begin(model, run);
    model.compile({ optimizer: new Adam({ learningRate: 0.03 }), loss: "mse" });
    const { history } = await model.fit([x, epsilon], x, options);
    expectRun(model, history, run);
    expectLogs(await model.evaluate([x, epsilon], x, { ...quiet, returnDict: true }), run.evaluate);
    expectAllClose(await model.predict([x, epsilon], quiet), run.predict, afterTraining);
  });

  test("a loop without fit, compiled and not", () => {
    const run = fixture.loop;
    for (const compile of [jit, (fn: (xb: Tensor, yb: Tensor) => Tensor) => fn]) {
      const model = new Sequential([Input([3]), new Dense(4, { activation: "tanh" }), new Dense(1)]);
      begin(model, run);
      const optimizer = new Adam({ learningRate: 0.05 });
      optimizer.build(model.trainableVariables);
      const lossFn = new Huber();
      const metric = new MeanSquaredError();
      const step = compile((xb: Tensor, yb: Tensor): Tensor => {
        const predicted = model(xb, { training: true });
        const loss = lossFn(yb, predicted);
        const weights = model.trainableWeights;
        optimizer.apply(
          gradients(
            loss,
            weights.map((w) => w.value),
          ),
          weights,
        );
        metric.updateState(yb, predicted);
        return loss;
      });
      const losses: number[] = [];
      const results: number[] = [];
      for (let epoch = 0; epoch < epochs; epoch++) {
        metric.resetState();
        for (const at of [0, 4, 8]) {
          const stop = Math.min(10, at + batchSize);
          losses.push(step(x.slice(at, stop), y.slice(at, stop)).item());
        }
        results.push(metric.result().item());
      }
      expectNumbersClose(losses, run.losses);
      expectNumbersClose(results, run.metric);
      model.getWeights().forEach((w, i) => {
        expectClose(w, run.weights[i]!, afterTraining);
      });
    }
  });

  test("a loop over values of the variables, without side effects, compiled and not", () => {
    const run = fixture.loop;
    const model = new Sequential([Input([3]), new Dense(4, { activation: "tanh" }), new Dense(1)]);
    begin(model, run);
    const optimizer = new Adam({ learningRate: 0.05 });
    optimizer.build(model.trainableVariables);
    const lossFn = new Huber();
    const metric = new MeanSquaredError();
    const untouched = [...model.variables, ...optimizer.variables].map((v) => v.value.arraySync());
    type Values = readonly Tensor[];
    type State = { readonly weights: Values; readonly slots: Values; readonly sums: Values };
    const step = (
      { weights, slots, sums }: State,
      xb: Tensor,
      yb: Tensor,
    ): State & { readonly loss: Tensor } => {
      const lossOf = (...values: Tensor[]): Tensor => lossFn(yb, model.statelessCall(values, [], xb)[0]);
      const [loss, grads] = valueAndGrad(lossOf, { argnums: weights.map((_, i) => i) })(...weights);
      const [predicted] = model.statelessCall(weights, [], xb);
      const [changed, changedSlots] = optimizer.statelessApply(slots, grads, weights);
      const changedSums = metric.statelessUpdateState(sums, yb, predicted);
      return { loss, weights: changed, slots: changedSlots, sums: changedSums };
    };
    // Without being compiled, each of its many small operations is: one round is enough.
    for (const [compiled, rounds] of [
      [jit(step), epochs],
      [step, 1],
    ] as const) {
      let weights: Values = model.trainableVariables.map((v) => v.value);
      let slots: Values = optimizer.variables.map((v) => v.value);
      const losses: number[] = [];
      const results: number[] = [];
      for (let epoch = 0; epoch < rounds; epoch++) {
        let sums: Values = metric.statelessResetState();
        for (const at of [0, 4, 8]) {
          const stop = Math.min(10, at + batchSize);
          const after = compiled({ weights, slots, sums }, x.slice(at, stop), y.slice(at, stop));
          ({ weights, slots, sums } = after);
          losses.push(after.loss.item());
        }
        results.push(metric.statelessResult(sums).item());
      }
      expectNumbersClose(losses, run.losses.slice(0, losses.length));
      expectNumbersClose(results, run.metric.slice(0, rounds));
      if (rounds < epochs) continue;
      weights.forEach((w, i) => {
        expectClose(w, run.weights[i]!, afterTraining);
      });
    }
    expect([...model.variables, ...optimizer.variables].map((v) => v.value.arraySync())).toEqual(untouched);
    expect(metric.result().item()).toBe(0);
  });
});
