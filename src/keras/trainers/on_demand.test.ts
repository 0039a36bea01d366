// What is given to `compile` by name is checked at once and loaded by the first call that needs it.
import { beforeEach, expect, test, vi } from "vitest";

const x = [[0.9], [0.4], [0.1], [0.3]];
const y = [[1], [0], [0], [1]];
// Errors of at most 1: half the square. 0.3 is above 0.1 and below 0.4: of four pairs of yes and no, three are in order.
const huber = (0.01 + 0.16 + 0.01 + 0.49) / 8;
const auc = 3 / 4;

/** A program that has imported models and layers alone. */
async function program() {
  const { Sequential } = await import("../models/sequential.ts");
  const { Input } = await import("../layers/core/input_layer.ts");
  const { Dense } = await import("../layers/core/dense.ts");
  const { StateError, ValueError } = await import("../../engine/index.ts");
  const { lossesOnDemand } = await import("../losses/on_demand.ts");
  const { metricsOnDemand } = await import("../metrics/on_demand.ts");
  /** Predicts its input, whatever it is trained on. */
  const echo = (built = true) => {
    const dense = new Dense(1, { useBias: false, kernelInitializer: "ones" });
    const model = new Sequential(built ? [Input([1]), dense] : [dense]);
    model.trainable = false;
    return model;
  };
  return { echo, StateError, ValueError, lossesOnDemand, metricsOnDemand };
}

const options = { optimizer: "sgd", loss: "huber", metrics: ["auc", "mae"] };

beforeEach(() => {
  vi.doUnmock("../losses/serialization.ts");
  vi.resetModules();
});

test.each(["fit", "evaluate", "trainOnBatch", "testOnBatch"] as const)("%s loads it", async (call) => {
  const { echo, lossesOnDemand, metricsOnDemand } = await program();
  const model = echo();
  model.compile(options);
  expect(model.metricsNames).toEqual(["loss"]);
  expect(lossesOnDemand.find("huber")).toBeUndefined();
  expect(metricsOnDemand.find("auc")).toBeUndefined();
  const logs = async (): Promise<unknown> => {
    switch (call) {
      case "fit": {
        const { history } = await model.fit(x, y, { verbose: 0 });
        return Object.fromEntries(Object.entries(history).map(([name, [value]]) => [name, value]));
      }
      case "evaluate":
        return model.evaluate(x, y, { verbose: 0, returnDict: true });
      default:
        return model[call](x, y, { returnDict: true });
    }
  };
  expect(await logs()).toEqual({
    loss: expect.closeTo(huber, 6),
    auc: expect.closeTo(auc, 6),
    mae: expect.closeTo(0.325, 6),
  });
  expect(model.metricsNames).toEqual(["loss", "auc", "mae"]);
});

test("a wrong name is refused at once, with the message of the full tables", async () => {
  const { echo, ValueError } = await program();
  const model = echo();
  const messageOf = (fn: () => unknown): string => {
    try {
      fn();
    } catch (error) {
      expect(error).toBeInstanceOf(ValueError);
      return (error as Error).message;
    }
    throw new Error("nothing was thrown");
  };
  const loss = messageOf(() => model.compile({ ...options, loss: "hubert" }));
  const metric = messageOf(() => model.compile({ ...options, metrics: ["auk"] }));
  expect(loss).toMatch(/^Unknown loss: "hubert"\. Did you mean "huber"/);
  expect(metric).toMatch(/^Unknown metric: "auk"\. Did you mean /);
  expect(model.compiled).toBe(false);
  const losses = await import("../losses/index.ts");
  const metrics = await import("../metrics/index.ts");
  expect(messageOf(() => losses.get("hubert"))).toBe(loss);
  expect(messageOf(() => metrics.get("auk"))).toBe(metric);
});

test("what tables know is known before they are loaded", async () => {
  const { names: lossNames, aliases: lossAliases } = await import("../losses/names.ts");
  const { names: metricNames, aliases: metricAliases } = await import("../metrics/names.ts");
  const { lossesOnDemand, metricsOnDemand } = await program();
  const snake = ["binary_io_u", "f1_score", "f_beta_score", "log_cosh_error", "top_k_categorical_accuracy"];
  for (const name of [...lossNames.functions, ...lossNames.classes, ...Object.keys(lossAliases), "CTC"])
    expect(() => lossesOnDemand.find(name)).not.toThrow();
  for (const name of [...metricNames.classes, ...Object.keys(metricAliases), ...snake])
    expect(() => metricsOnDemand.find(name)).not.toThrow();
});

test("calls that cannot wait say what to do, unless all is there", async () => {
  const { echo, StateError } = await program();
  const { tensor } = await import("../../engine/index.ts");
  const model = echo();
  model.compile(options);
  const loss = (): number => model.computeLoss(tensor(x), tensor(y), tensor(x)).item();
  expect(loss).toThrow(StateError);
  expect(loss).toThrow(/The loss "huber" is not loaded yet/);
  await import("../metrics/index.ts");
  expect(loss()).toBeCloseTo(huber, 6);
});

test("if it cannot be loaded, nothing has changed", async () => {
  const { echo } = await program();
  vi.doMock("../losses/serialization.ts", () => {
    throw new Error("offline");
  });
  const model = echo(false);
  model.compile({ optimizer: "adam", loss: "huber" });
  await expect(model.fit(x, y, { verbose: 0 })).rejects.toThrow(/mocking a module/);
  expect([model.built, model.optimizer?.built, model.history]).toEqual([false, false, undefined]);
  vi.doUnmock("../losses/serialization.ts");
  const { history } = await model.fit(x, y, { verbose: 0, epochs: 2 });
  expect(history["loss"]).toHaveLength(2);
});

test("of two calls of fit one loads and trains", async () => {
  const { echo, StateError } = await program();
  const model = echo();
  model.compile(options);
  const first = model.fit(x, y, { verbose: 0 });
  await expect(model.fit(x, y, { verbose: 0 })).rejects.toThrow(StateError);
  const others = [model.evaluate(x, y, { verbose: 0 }), model.testOnBatch(x, y)];
  expect((await first).history["loss"]).toEqual([expect.closeTo(huber, 6)]);
  for (const [loss] of await Promise.all(others)) expect(loss).toBeCloseTo(huber, 6);
});

test("configs of what is not loaded stay configs until then", async () => {
  const { echo, lossesOnDemand } = await program();
  const model = echo();
  const loss = {
    module: "keras.losses",
    class_name: "Huber",
    config: { name: "small", reduction: "sum_over_batch_size", delta: 0.5 },
    registered_name: null,
  };
  model.compileFromConfig({ optimizer: "sgd", loss });
  expect(lossesOnDemand.find(loss)).toBeUndefined();
  expect(model.loss).toEqual(loss);
  expect(model.getCompileConfig()["loss"]).toEqual(loss);
  // 0.7 is above δ: δ · |x| - δ² / 2.
  const [value] = await model.evaluate(x, y, { verbose: 0 });
  expect(value).toBeCloseTo(((0.01 + 0.16 + 0.01) / 2 + 0.5 * 0.7 - 0.125) / 4, 6);
});
