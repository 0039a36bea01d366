// Mistakes are told early, by typed errors that say what was expected and what came, and they change nothing.
import { describe, expect, test, vi } from "vitest";
import {
  DisposedError,
  DTypeError,
  IndexError,
  ShapeError,
  StateError,
  type Tensor,
  TsunoError,
  tensor,
  UnsupportedError,
  ValueError,
} from "../src/engine/index.ts";
import { np } from "../src/index.ts";
import { EarlyStopping, LambdaCallback, LearningRateScheduler } from "../src/keras/callbacks/index.ts";
import * as initializers from "../src/keras/initializers/index.ts";
import {
  Activation,
  Dense,
  Dropout,
  Flatten,
  Input,
  type KerasShape,
  Layer,
  Reshape,
} from "../src/keras/layers/index.ts";
import * as losses from "../src/keras/losses/index.ts";
import * as metrics from "../src/keras/metrics/index.ts";
import { Sequential } from "../src/keras/models/index.ts";
import * as optimizers from "../src/keras/optimizers/index.ts";
import { setRandomSeed } from "../src/keras/utils/index.ts";

const quiet = { verbose: 0 } as const;
const x: Tensor = tensor(
  Float32Array.from({ length: 24 }, (_, i) => Math.sin(i)),
  { shape: [8, 3] },
);
const y: Tensor = tensor(
  Float32Array.from({ length: 8 }, (_, i) => Math.cos(i)),
  { shape: [8, 1] },
);

/** Inputs with a feature too few. */
const narrow: Tensor = x.at([], [0, 2]);

function network(): Sequential {
  return new Sequential([Input([3]), new Dense(4, { name: "hidden" }), new Dense(2, { name: "out" })]);
}

/** A model that was trained a little. */
async function trained(): Promise<Sequential> {
  const model = network();
  model.compile({ optimizer: "adam", loss: "mse", metrics: ["mae"] });
  await model.fit(x, y, { ...quiet, epochs: 2 });
  return model;
}

/** Everything that a failed call must leave as it was. */
function stateOf(model: Sequential): unknown {
  const { optimizer, loss, history, compiled } = model;
  const variables = [...model.variables, ...(optimizer?.variables ?? [])];
  return {
    built: [model.built, ...model.layers.map((layer) => layer.built), optimizer?.built],
    names: variables.map((v) => v.path),
    values: variables.map((v) => [...v.value.dataSync()]),
    metrics: model.metrics.map((m) => [m.name, m.variables.map((v) => [...v.value.dataSync()])]),
    identity: [optimizer, loss, history, compiled],
  };
}

type Kind = abstract new (...args: never[]) => Error;

/** Expects a call to fail with an error of a class that says so, and to change nothing: no state and no random numbers. */
async function expectRefusal(
  model: Sequential,
  call: () => unknown,
  kind: Kind,
  ...says: RegExp[]
): Promise<void> {
  const before = stateOf(model);
  setRandomSeed(17);
  const error = await Promise.resolve()
    .then(call)
    .then(
      () => undefined,
      (e: unknown) => e,
    );
  expect(error).toBeInstanceOf(kind);
  if (kind !== Error) expect(error).toBeInstanceOf(TsunoError);
  for (const pattern of says) expect((error as Error).message).toMatch(pattern);
  expect(stateOf(model)).toEqual(before);
  const drawn = new initializers.RandomNormal()([2]).arraySync();
  setRandomSeed(17);
  expect(drawn).toEqual(new initializers.RandomNormal()([2]).arraySync());
}

/** Expects the model to be trained as if nothing had been. */
async function stillWorks(model: Sequential): Promise<void> {
  const { epoch } = await model.fit(x, y, { ...quiet, epochs: 2 });
  expect(epoch).toEqual([0, 1]);
}

const never = (value: unknown): never => value as never;

describe("data", () => {
  const bad: [string, unknown, unknown, Kind, ...RegExp[]][] = [
    ["too few features", narrow, y, ShapeError, /layer "hidden"/, /length 3/, /\(8, 2\)|\(None, 2\)/],
    ["one axis too many", x.reshape(2, 4, 3), y.slice(0, 2), ShapeError, /\(None, 3\)/, /\(\d, 4, 3\)/],
    ["targets of another width", x, x, ShapeError, /mean_squared_error|mse|broadcast|shape/i],
    ["too few targets", x, y.slice(0, 5), ValueError, /cardinality.*x: 8, y: 5/],
    [
      "no samples",
      tensor(new Float32Array(0), { shape: [0, 3] }),
      tensor(new Float32Array(0), { shape: [0, 1] }),
      ValueError,
      /at least one sample.*\(0, 3\)/,
    ],
    ["an empty array", [], [], ValueError],
    ["a scalar", 3, y, ShapeError, /x needs an axis of samples.*scalar: 3/],
    ["no inputs", undefined, y, ValueError, /expected input data x.*undefined/],
    ["no targets", x, undefined, ValueError, /No loss to compute/],
    [
      "ragged rows",
      [
        [1, 2, 3],
        [1, 2],
      ],
      [[1], [2]],
      ShapeError,
      /fit: x cannot be used as an array/,
    ],
    ["text", [["a", "b", "c"]], [[1]], ValueError, /fit: x cannot be used as an array/],
    ["an object", { a: 1 }, y, ValueError, /fit: x/],
    ["a function", () => x, y, ValueError, /fit: x/],
    ["missing numbers", [[1, null, 2]], [[1]], ValueError, /fit: x/],
  ];
  test.each(bad)("%s", async (_, inputs, targets, kind, ...says) => {
    const model = await trained();
    await expectRefusal(model, () => model.fit(never(inputs), never(targets), quiet), kind, ...says);
    await stillWorks(model);
  });

  test("evaluate, predict and single batches refuse the same", async () => {
    const model = await trained();
    await expectRefusal(
      model,
      () => model.evaluate(narrow, y, quiet),
      ShapeError,
      /layer "hidden"/,
      /length 3/,
    );
    await expectRefusal(model, () => model.evaluate(x, x, quiet), ShapeError);
    await expectRefusal(model, () => model.predict(narrow, quiet), ShapeError, /layer "hidden"/);
    await expectRefusal(model, () => model.predictOnBatch(narrow), ShapeError, /layer "hidden"/);
    await expectRefusal(model, () => model.trainOnBatch(narrow, y), ShapeError, /layer "hidden"/);
    await expectRefusal(model, () => model.trainOnBatch(x, x), ShapeError);
    await expectRefusal(
      model,
      () => model.testOnBatch(x, y.slice(0, 3)),
      ValueError,
      /testOnBatch.*x: 8, y: 3/,
    );
    await expectRefusal(model, () => model.predict([], quiet), ValueError, /predict/);
    await stillWorks(model);
  });

  test("validation data", async () => {
    const model = await trained();
    const fit = (validationData: unknown) => () =>
      model.fit(x, y, { ...quiet, validationData: never(validationData) });
    await expectRefusal(model, fit([narrow, y]), ShapeError, /layer "hidden"/, /in the validation data/);
    await expectRefusal(model, fit([x, x]), ShapeError, /in the validation data/);
    await expectRefusal(model, fit([x, y.slice(0, 2)]), ValueError, /validationData.*x: 8, y: 2/);
    await expectRefusal(model, fit([x]), ValueError, /validationData to be \[x, y\]/);
    await expectRefusal(model, fit([]), ValueError, /validationData/);
    await expectRefusal(model, fit(x), ValueError, /validationData/);
    await expectRefusal(model, fit([x, y, y, y]), ValueError, /validationData/);
    await stillWorks(model);
  });

  test("sample weights and class weights", async () => {
    const model = await trained();
    const fit = (options: object) => () => model.fit(x, y, { ...quiet, ...options });
    await expectRefusal(model, fit({ sampleWeight: [1, 2] }), ValueError, /x: 8, y: 8, sampleWeight: 2/);
    await expectRefusal(
      model,
      fit({ sampleWeight: tensor(new Float32Array(24), { shape: [8, 3] }) }),
      ShapeError,
    );
    await expectRefusal(model, fit({ classWeight: { 0: "a" } }), ValueError, /classWeight.*0: "a"/);
    await expectRefusal(model, fit({ classWeight: { cat: 2 } }), ValueError, /classWeight.*cat: 2/);
    await expectRefusal(model, fit({ classWeight: { 0: Number.NaN } }), ValueError, /classWeight.*0: NaN/);
    await expectRefusal(
      model,
      fit({ classWeight: { 0: 1 }, sampleWeight: y.reshape(8) }),
      ValueError,
      /classWeight or sampleWeight/,
    );
    await stillWorks(model);
  });

  test("class numbers of a wrong dtype or shape", async () => {
    const model = new Sequential([Input([3]), new Dense(4)]);
    model.compile({ loss: "categorical_crossentropy" });
    await expectRefusal(
      model,
      () => model.fit(x, tensor([0, 1, 2, 3, 0, 1, 2, 3]), quiet),
      ValueError,
      /do not fit together.*\(8,\).*\(8, 4\)/,
    );
  });
});

describe("options", () => {
  const bad: readonly (readonly [object, Kind, RegExp])[] = [
    [{ batchsize: 3 }, ValueError, /fit: unknown option "batchsize"\. Did you mean "batchSize"\?/],
    [{ batch_size: 3 }, ValueError, /unknown option "batch_size"\. Did you mean "batchSize"\?/],
    [{ epoch: 3 }, ValueError, /unknown option "epoch"\. Did you mean "epochs"\?/],
    [{ batchSize: 0 }, ValueError, /batchSize to be a whole number of at least 1.*batchSize=0/],
    [{ batchSize: -2 }, ValueError, /batchSize=-2/],
    [{ batchSize: 2.5 }, ValueError, /batchSize=2\.5/],
    [{ batchSize: "8" }, ValueError, /batchSize="8"/],
    [{ batchSize: Number.NaN }, ValueError, /batchSize=NaN/],
    [{ validationBatchSize: 0 }, ValueError, /validationBatchSize=0/],
    [{ epochs: -1 }, ValueError, /epochs.*not negative.*epochs=-1/],
    [{ epochs: 1.5 }, ValueError, /epochs=1\.5/],
    [{ initialEpoch: -1 }, ValueError, /initialEpoch=-1/],
    [{ verbose: 3 }, ValueError, /verbose to be "auto", 0, 1 or 2.*verbose=3/],
    [{ shuffle: "yes" }, ValueError, /shuffle to be true or false.*"yes"/],
    [{ validationSplit: 1 }, ValueError, /validationSplit in \[0, 1\).*validationSplit=1/],
    [{ validationSplit: -0.1 }, ValueError, /validationSplit=-0\.1/],
    [{ validationSplit: Number.NaN }, ValueError, /validationSplit=NaN/],
    [{ validationSplit: "0.1" }, ValueError, /validationSplit="0\.1"/],
    [{ validationSplit: 0.95 }, ValueError, /8 samples cannot be split/],
    [{ validationFreq: 0 }, ValueError, /validationFreq=0/],
    [{ validationFreq: [0] }, ValueError, /validationFreq/],
    [{ validationFreq: ["1"] }, ValueError, /validationFreq/],
    [{ stepsPerExecution: 0 }, ValueError, /stepsPerExecution=0/],
    [{ callbacks: new EarlyStopping() }, ValueError, /callbacks to be an array.*EarlyStopping/],
    [{ callbacks: [{ onEpochEnd: () => {} }] }, ValueError, /instances of Callback.*onEpochEnd/],
  ];
  test.each(bad)("of fit: %o", async (options, kind, says) => {
    const model = await trained();
    await expectRefusal(model, () => model.fit(x, y, { ...quiet, ...options }), kind, says);
    await stillWorks(model);
  });

  test("of evaluate, predict and single batches", async () => {
    const model = await trained();
    const wrong = never({ batchsize: 3 });
    await expectRefusal(
      model,
      () => model.evaluate(x, y, wrong),
      ValueError,
      /evaluate.*Did you mean "batchSize"/,
    );
    await expectRefusal(
      model,
      () => model.predict(x, wrong),
      ValueError,
      /predict.*Did you mean "batchSize"/,
    );
    await expectRefusal(
      model,
      () => model.trainOnBatch(x, y, never({ sampleWeights: 3 })),
      ValueError,
      /trainOnBatch.*Did you mean "sampleWeight"/,
    );
    await expectRefusal(
      model,
      () => model.evaluate(x, y, { ...quiet, batchSize: 0 }),
      ValueError,
      /evaluate.*batchSize=0/,
    );
    await expectRefusal(
      model,
      () => model.predict(x, { ...quiet, batchSize: 0 }),
      ValueError,
      /predict.*batchSize=0/,
    );
    await expectRefusal(
      model,
      () => model.evaluate(x, y, never(null)),
      ValueError,
      /evaluate: options must be an object .*null/,
    );
    await expectRefusal(
      model,
      () => model.fit(x, y, never(null)),
      ValueError,
      /fit: options must be an object .*null/,
    );
  });

  test("of compile leave the model compiled as it was", async () => {
    const model = await trained();
    const compile = (options: object) => () => model.compile(options);
    await expectRefusal(
      model,
      compile({ optimiser: "sgd" }),
      ValueError,
      /compile: unknown option "optimiser"\. Did you mean "optimizer"\?/,
    );
    await expectRefusal(
      model,
      compile({ optimizer: "amad" }),
      ValueError,
      /optimizer.*"amad"/,
      /Did you mean "adam"\?/i,
    );
    await expectRefusal(model, compile({ optimizer: 3 }), ValueError, /3/);
    await expectRefusal(model, compile({ optimizer: {} }), ValueError, /optimizer/);
    await expectRefusal(model, compile({ optimizer: () => 1 }), ValueError, /optimizer/);
    await expectRefusal(
      model,
      compile({ loss: "mean_sqared_error" }),
      ValueError,
      /loss.*"mean_sqared_error".*Did you mean "mean_squared_error"/i,
    );
    await expectRefusal(model, compile({ loss: { a: 1 } }), ValueError, /loss.*\{a\}/);
    await expectRefusal(
      model,
      compile({ metrics: ["acuracy"] }),
      ValueError,
      /metric.*"acuracy".*Did you mean "accuracy"/i,
    );
    await expectRefusal(model, compile({ metrics: "mae" }), ValueError, /metrics is an array.*"mae"/);
    await expectRefusal(model, compile({ weightedMetrics: [{}] }), ValueError, /weightedMetrics/);
    await expectRefusal(model, compile({ metrics: [null] }), ValueError, /metrics|metric/);
    await expectRefusal(model, compile({ stepsPerExecution: 0 }), ValueError, /stepsPerExecution=0/);
    await stillWorks(model);
  });

  test("of layers, optimizers, losses, metrics and callbacks", () => {
    const wrong: readonly (readonly [() => unknown, RegExp])[] = [
      [
        () => new Dense(4, never({ activaton: "relu" })),
        /Dense: unknown option "activaton"\. Did you mean "activation"\?/,
      ],
      [() => new Dense(4, never({ input_shape: [3] })), /Did you mean "inputShape"\?/],
      [() => new Dense(0), /units.*0/],
      [() => new Dense(2.5), /2\.5/],
      [() => new Dense(never("4")), /"4"/],
      [() => new Dense(4, { activation: never("rleu") }), /activation.*"rleu".*Did you mean "relu"/],
      [() => new Dense(4, { kernelInitializer: never("glorot") }), /initializer.*"glorot"/],
      [() => new Dense(4, never({ kernelRegularizer: "l3" })), /regularizer.*"l3"/],
      [() => new Dense(4, never({ dtype: "float31" })), /float31/],
      [() => new Dropout(1.5), /1\.5/],
      [() => new Dropout(Number.NaN), /NaN/],
      [() => new Activation(never("sofmax")), /Did you mean "softmax"/],
      [() => Input([3, -1]), /-1/],
      [() => new optimizers.SGD({ learningRate: Number.NaN }), /learningRate=NaN/],
      [() => new optimizers.Adam({ learningRate: Number.POSITIVE_INFINITY }), /learningRate=Infinity/],
      [() => new optimizers.SGD(never({ lr: 0.1 })), /SGD: unknown option "lr"/],
      [() => new optimizers.SGD(never({ learningrate: 0.1 })), /Did you mean "learningRate"\?/],
      [() => new losses.Huber(never({ detla: 1 })), /Did you mean "delta"\?/],
      [() => new losses.MeanSquaredError({ reduction: never("avg") }), /reduction.*"avg"/],
      [() => new metrics.MeanSquaredError(never({ nmae: "a" })), /Did you mean "name"\?/],
      [() => new EarlyStopping(never({ patients: 2 })), /Did you mean "patience"\?/],
      [() => new EarlyStopping({ mode: never("maximum") }), /mode.*"maximum"/],
      [() => new LambdaCallback(never({ onEpochEnds: () => {} })), /Did you mean "onEpochEnd"\?/],
    ];
    for (const [call, says] of wrong) {
      expect(call).toThrow(ValueError);
      expect(call).toThrow(says);
    }
  });

  test("a learning rate that is no number", async () => {
    const model = await trained();
    await expectRefusal(
      model,
      () => {
        model.optimizer!.learningRate = Number.NaN;
      },
      ValueError,
      /learningRate=NaN/,
    );
    const scheduler = new LearningRateScheduler(() => Number.NaN);
    const fit = (): unknown => model.fit(x, y, { ...quiet, callbacks: [scheduler] });
    // The call has begun, so that the history is new; weights and optimizer are as they were.
    const weights = model.getWeights().map((w) => w.arraySync());
    await expect(fit()).rejects.toThrow(/finite number.*NaN for epoch 0/);
    expect(model.getWeights().map((w) => w.arraySync())).toEqual(weights);
    expect(model.optimizer!.learningRate.item()).toBeCloseTo(0.001, 7);
    await stillWorks(model);
  });
});

describe("order of calls", () => {
  test("training and evaluating need compile", async () => {
    const model = network();
    const says = /You must call compile\(\) before calling (fit|evaluate|trainOnBatch|testOnBatch)\(\)/;
    await expectRefusal(model, () => model.fit(x, y), StateError, says);
    await expectRefusal(model, () => model.evaluate(x, y), StateError, says);
    await expectRefusal(model, () => model.trainOnBatch(x, y), StateError, says);
    await expectRefusal(model, () => model.testOnBatch(x, y), StateError, says);
    await expect(model.predict(x, quiet)).resolves.toBeDefined();
  });

  test("a model without layers cannot be trained", async () => {
    const model = new Sequential();
    model.compile({ loss: "mse" });
    await expectRefusal(model, () => model.fit(x, y, quiet), StateError, /no layers/);
  });

  test("weights of another number or shape are refused, all or none", async () => {
    const model = await trained();
    const [kernel, bias, ...rest] = model.getWeights();
    await expectRefusal(model, () => model.setWeights([kernel!]), ValueError, /4 weights.*list of 1/);
    await expectRefusal(
      model,
      () => model.setWeights([kernel!.multiply(2), bias!, rest[1]!, rest[0]!]),
      ShapeError,
      /out\/kernel.*\(4, 2\).*\(2,\)/,
    );
    await stillWorks(model);
  });

  test("tensors that were given back cannot be read", async () => {
    const model = await trained();
    const gone = tensor([[1, 2, 3]]);
    gone.dispose();
    expect(() => gone.dataSync()).toThrow(DisposedError);
    await expect(gone.data()).rejects.toThrow(DisposedError);
    await expectRefusal(model, () => model.fit(gone, [[1]], quiet), DisposedError, /disposed/);
    await expectRefusal(model, () => model.fit([[1, 2, 3]], gone, quiet), TsunoError);
    await expectRefusal(model, () => model.predict(gone, quiet), DisposedError, /disposed/);
    await stillWorks(model);
  });

  test("shapes that do not go together are told by layers when they are added", () => {
    const model = new Sequential([Input([6])]);
    expect(() => model.add(new Reshape([4, 2]))).toThrow(ShapeError);
    expect(() => model.add(new Reshape([4, 2]))).toThrow(/6.*8|8.*6|\(6\).*\(4, 2\)|\(4, 2\).*6/s);
    model.add(new Reshape([3, 2]));
    model.add(new Flatten());
    expect(model.outputShape).toEqual([null, 6]);
  });

  test("indices and axes out of range", () => {
    expect(() => np.array([1, 2, 3]).at(3)).toThrow(IndexError);
    expect(() => np.sum(np.array([1, 2]), { axis: 2 })).toThrow(IndexError);
    expect(() => network().getLayer(5)).toThrow(IndexError);
    expect(() => network().getLayer("hiden")).toThrow(/Did you mean "hidden"\?/);
    expect([ShapeError, DTypeError, IndexError].every((E) => E.prototype instanceof ValueError)).toBe(true);
    expect([ValueError, StateError, UnsupportedError].every((E) => E.prototype instanceof TsunoError)).toBe(
      true,
    );
  });
});

describe("a user's code that throws", () => {
  /** Throws in `call` when asked to: only while training, or always. */
  class Fragile extends Layer {
    breaks: "never" | "training" | "always" = "never";
    override call(inputs: Tensor, { training }: { readonly training: boolean }): Tensor {
      if (this.breaks === "always" || (this.breaks === "training" && training)) throw new Error("it broke");
      return inputs;
    }
    override computeOutputShape(shape: KerasShape): KerasShape {
      return shape;
    }
  }

  test.each(["training", "always"] as const)(
    "a layer, in a model that has been trained (%s)",
    async (breaks) => {
      const fragile = new Fragile();
      const model = new Sequential([Input([3]), new Dense(4), fragile, new Dense(2)]);
      model.compile({ optimizer: "adam", loss: "mse", metrics: ["mae"] });
      await model.fit(x, y, { ...quiet, epochs: 2 });
      fragile.breaks = breaks;
      // Another batch size, so that the model is traced again.
      await expectRefusal(model, () => model.fit(x, y, { ...quiet, batchSize: 3 }), Error, /it broke/);
      await expectRefusal(model, () => model.trainOnBatch(x, y), Error, /it broke/);
      if (breaks === "always") {
        await expectRefusal(model, () => model.evaluate(x, y, { ...quiet, batchSize: 3 }), Error, /it broke/);
        await expectRefusal(model, () => model.predict(x, { ...quiet, batchSize: 3 }), Error, /it broke/);
      }
      fragile.breaks = "never";
      await stillWorks(model);
      await model.fit(x, y, { ...quiet, batchSize: 3 });
    },
  );

  test.each(["training", "always"] as const)(
    "a layer, in a model that is not built yet (%s)",
    async (breaks) => {
      const fragile = new Fragile();
      fragile.breaks = breaks;
      const model = new Sequential([new Dense(4), fragile, new Dense(2)]);
      model.compile({ optimizer: "adam", loss: "mse", metrics: ["mae"] });
      await expectRefusal(model, () => model.fit(x, y, quiet), Error, /it broke/);
      expect([model.built, model.optimizer!.built, model.metricsNames]).toEqual([false, false, ["loss"]]);
      fragile.breaks = "never";
      // Nothing remembers the shape of the first try.
      const wide = tensor(new Float32Array(40), { shape: [8, 5] });
      await model.fit(wide, y, quiet);
      expect(model.optimizer!.iterations.item()).toBe(1);
      expect(model.weights[0]!.shape).toEqual([5, 4]);
    },
  );

  test("a layer in its build", async () => {
    let broken = true;
    class Unbuildable extends Layer {
      override build(): void {
        this.addWeight({ shape: [2] });
        if (broken) throw new Error("no building today");
      }
      override call(inputs: Tensor): Tensor {
        return inputs;
      }
    }
    const model = new Sequential([new Dense(4), new Unbuildable(), new Dense(2)]);
    model.compile({ optimizer: "adam", loss: "mse" });
    await expectRefusal(model, () => model.fit(x, y, quiet), Error, /no building today/);
    expect(model.weights).toHaveLength(0);
    broken = false;
    await stillWorks(model);
    expect(model.weights).toHaveLength(5);
  });

  test("a loss, a metric, a step of the model", async () => {
    let broken = true;
    const breaks = <T>(value: T): T => {
      if (broken) throw new RangeError("out of luck");
      return value;
    };
    const squares = (t: Tensor, p: Tensor): Tensor => t.subtract(p).multiply(t.subtract(p)).mean(-1);
    class Stepping extends Sequential {
      override trainStep(batch: Parameters<Sequential["trainStep"]>[0]): ReturnType<Sequential["trainStep"]> {
        const logs = super.trainStep(batch);
        if (this.name === "stepping_of_test") breaks(0);
        return logs;
      }
    }
    const layers = [new Dense(4), new Dense(2)];
    const models = [
      [new Sequential([...layers]), { loss: (t: Tensor, p: Tensor) => breaks(squares(t, p)) }],
      [
        new Sequential([new Dense(4), new Dense(2)]),
        { loss: "mse", metrics: [(t: Tensor, p: Tensor) => breaks(squares(t, p))] },
      ],
      [
        new Stepping([new Dense(4), new Dense(2)], { name: "stepping_of_test" }),
        { loss: "mse", metrics: ["mae"] },
      ],
    ] as const;
    for (const [model, options] of models) {
      broken = true;
      model.compile({ optimizer: "adam", ...options });
      await expectRefusal(model, () => model.fit(x, y, quiet), Error, /out of luck/);
      broken = false;
      await stillWorks(model);
      expect(model.optimizer!.iterations.item()).toBe(2);
    }
  });

  test("a layer that reads a tensor while it is compiled, or gives no tensor", async () => {
    let wrong: "reads" | "text" | "nothing" = "reads";
    class Wrong extends Layer {
      override call(inputs: Tensor): Tensor {
        if (wrong === "reads") return inputs.multiply(inputs.sum().item());
        if (wrong === "text") return never("no tensor");
        return inputs;
      }
      override computeOutputShape(shape: KerasShape): KerasShape {
        return shape;
      }
    }
    const model = new Sequential([new Dense(4), new Wrong({ name: "wrong" }), new Dense(2)]);
    model.compile({ optimizer: "adam", loss: "mse" });
    await expectRefusal(model, () => model.fit(x, y, quiet), StateError, /in layer "wrong"/);
    wrong = "text";
    await expectRefusal(
      model,
      () => model.fit(x, y, quiet),
      ValueError,
      /layer "wrong" should return tensors.*"no tensor"/,
    );
    wrong = "nothing";
    await stillWorks(model);
  });

  test("nothing is told to callbacks or printed of a call that is refused", async () => {
    const model = await trained();
    const told = vi.fn<() => void>();
    const callbacks = [new LambdaCallback({ onTrainBegin: told, onTestBegin: told, onEpochBegin: told })];
    const write = vi.spyOn(process.stdout, "write");
    await expectRefusal(model, () => model.fit(x, x, { callbacks }), ShapeError);
    await expectRefusal(model, () => model.evaluate(x, x, { callbacks }), ShapeError);
    expect(told).not.toHaveBeenCalled();
    expect(write).not.toHaveBeenCalled();
    write.mockRestore();
  });
});
