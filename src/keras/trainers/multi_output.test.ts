/** Training with several inputs and outputs: losses, metrics and weights by list and by name. */
import { describe, expect, test, vi } from "vitest";
import { type Tensor, tensor, ValueError } from "../../engine/index.ts";
import { Callback, LambdaCallback } from "../callbacks/index.ts";
import { Dense, Input } from "../layers/index.ts";
import { Mean } from "../metrics/index.ts";
import { Model, Sequential } from "../models/index.ts";
import { SGD } from "../optimizers/index.ts";
import type { StepData } from "./trainer_options.ts";

const quiet = { verbose: 0, shuffle: false } as const;
const a = tensor([[1], [2], [3]], { dtype: "float32" });
const b = tensor([[2], [0], [1]], { dtype: "float32" });

/** Two inputs, two outputs: p = a, q = a + b at first. */
function twoHeads(): Model<[Tensor, Tensor]> {
  const [x1, x2] = [Input([1], { name: "a" }), Input([1], { name: "b" })];
  const options = { kernelInitializer: "ones", useBias: false } as const;
  const p = new Dense(1, { ...options, name: "p" })(x1);
  const q = new Dense(1, { ...options, name: "q" })(x2);
  return new Model({ inputs: [x1, x2], outputs: [p, q] });
}

describe("several inputs and outputs", () => {
  test("losses, weights and metrics by list and by name", async () => {
    const targets = [tensor([[0], [0], [0]]), tensor([[1], [1], [1]])];
    for (const [loss, lossWeights, metrics, y] of [
      [["mse", "mae"], [1, 10], [["mae"], ["mse"]], targets],
      [
        { p: "mse", q: "mae" },
        { p: 1, q: 10 },
        { p: ["mae"], q: ["mse"] },
        { p: targets[0]!, q: targets[1]! },
      ],
    ] as const) {
      const model = twoHeads();
      model.compile({ optimizer: "sgd", loss, lossWeights, metrics });
      const logs = await model.evaluate([a, b], y, { verbose: 0, batchSize: 2, returnDict: true } as never);
      // mse of p: (1 + 4 + 9) / 3; mae of q: (1 + 1 + 0) / 3.
      const expected = { loss: 34 / 3, p_loss: 14 / 3, p_mae: 2, q_loss: 2 / 3, q_mse: 2 / 3 };
      expect(Object.keys(logs)).toEqual(Object.keys(expected));
      for (const [name, value] of Object.entries(expected)) {
        expect((logs as unknown as Record<string, number>)[name]).toBeCloseTo(value, 5);
      }
    }
  });

  test("predict keeps the structure; sample weights by output", async () => {
    const model = twoHeads();
    const [p, q] = await model.predict([a, b], { batchSize: 2, verbose: 0 });
    expect([p.arraySync(), q.arraySync()]).toEqual([a.arraySync(), b.arraySync()]);
    model.compile({ optimizer: new SGD({ learningRate: 0 }), loss: "mse" });
    const zeros = tensor([[0], [0], [0]]);
    const { history } = await model.fit({ a, b }, [zeros, zeros], {
      ...quiet,
      sampleWeight: [tensor([0, 0, 1]), tensor([1, 0, 0])],
    });
    expect(history["p_loss"]![0]).toBeCloseTo(3, 5);
    expect(history["q_loss"]![0]).toBeCloseTo(4 / 3, 5);
    expect(history["loss"]![0]).toBeCloseTo(13 / 3, 5);
  });

  test("what does not fit is refused", async () => {
    const model = twoHeads();
    expect(() => model.compile({ loss: ["mse", "mae"], lossWeights: [1] })).toThrow(ValueError);
    model.compile({ loss: { p: "mse", other: "mse" } });
    await expect(model.fit([a, b], [a, b], quiet)).rejects.toThrow(/outputs of the model: p, q/);
  });
});

function line(): Sequential {
  const model = new Sequential([Input([1]), new Dense(1, { kernelInitializer: "zeros" })]);
  model.compile({ optimizer: new SGD({ learningRate: 0.05 }), loss: "mse", metrics: ["mae"] });
  return model;
}

const x = tensor([[0], [1], [2], [3], [4]], { dtype: "float32" });
const y = tensor([[1], [3], [5], [7], [9]], { dtype: "float32" });

describe("data that comes in batches", () => {
  function* pairs(): Generator<[Tensor, Tensor]> {
    for (let i = 0; i < 5; i += 2) yield [x.slice(i, Math.min(i + 2, 5)), y.slice(i, Math.min(i + 2, 5))];
  }
  const sources = {
    iterable: () => ({ [Symbol.iterator]: pairs }),
    "async iterable": () => ({
      async *[Symbol.asyncIterator]() {
        for (const pair of pairs()) {
          await Promise.resolve();
          yield pair;
        }
      },
    }),
    sequence: () => ({ length: 3, getItem: (i: number) => [...pairs()][i]! }),
  };

  for (const [name, source] of Object.entries(sources)) {
    test(`${name}: as the same arrays`, async () => {
      const [one, other] = [line(), line()];
      const expected = await one.fit(x, y, { ...quiet, epochs: 3, batchSize: 2, validationData: [x, y] });
      const got = await other.fit(source(), undefined, { ...quiet, epochs: 3, validationData: source() });
      for (const [key, values] of Object.entries(expected.history)) {
        values.forEach((v, i) => expect(got.history[key]![i]).toBeCloseTo(v, 5));
      }
      const [loss] = await one.evaluate(x, y, { verbose: 0 });
      const [streamed] = await other.evaluate(source(), undefined, { verbose: 0 });
      expect(streamed).toBeCloseTo(loss!, 4);
      const shape = (await other.predict(source(), { verbose: 0 })).shape;
      expect(shape).toEqual([5, 1]);
    });
  }

  test("a web stream, and a generator that ends too early", async () => {
    const stream = new ReadableStream<[Tensor, Tensor]>({
      start(controller) {
        for (const pair of pairs()) controller.enqueue(pair);
        controller.close();
      },
    });
    const heard: number[] = [];
    class Watcher extends Callback {
      override readonly passive: boolean = true;
      override onTrainBatchEnd(batch: number): void {
        heard.push(batch);
      }
    }
    const { history } = await line().fit(stream as never, undefined, {
      ...quiet,
      callbacks: [new Watcher()],
    });
    expect(history["loss"]).toHaveLength(1);
    expect(heard.at(-1)).toBe([...pairs()].length - 1);
    const warn = vi.spyOn(console, "warn").mockReturnValue(undefined);
    const short = await line().fit(pairs(), undefined, { ...quiet, epochs: 2, stepsPerEpoch: 2 });
    expect(short.history["loss"]).toHaveLength(2);
    expect(warn.mock.calls[0]![0]).toContain("ran out of data");
    warn.mockRestore();
  });

  test("stepsPerEpoch goes on where the last epoch ended", async () => {
    const [one, other] = [line(), line()];
    await one.fit(x, y, { ...quiet, epochs: 2, batchSize: 1, stepsPerEpoch: 2 });
    await other.fit(x.slice(0, 4), y.slice(0, 4), { ...quiet, batchSize: 1 });
    expect(one.getWeights()[0]!.item()).toBeCloseTo(other.getWeights()[0]!.item(), 6);
  });
});

test("a training step of one's own logs what it likes", async () => {
  class Own extends Sequential {
    readonly tracker = new Mean({ name: "mine" });
    override trainStep([input, target]: StepData<Tensor, Tensor>): Record<string, Tensor> {
      const logs = super.trainStep([input, target]);
      this.tracker.updateState(target);
      return { loss: logs["loss"]!, mine: this.tracker.result(), batch: input.sum() };
    }
  }
  const model = new Own([Input([1]), new Dense(1)]);
  model.compile({ optimizer: "sgd", loss: "mse" });
  const { history } = await model.fit(x, y, { ...quiet, epochs: 2, batchSize: 2 });
  expect(Object.keys(history)).toEqual(["batch", "loss", "mine"]);
  expect(history["mine"]).toEqual([5, 5]);
  expect(history["batch"]).toEqual([4, 4]);
});

test("eager steps give the same numbers", async () => {
  const [one, other] = [line(), line()];
  await one.fit(x, y, { ...quiet, epochs: 2, batchSize: 2 });
  other.compile({ optimizer: new SGD({ learningRate: 0.05 }), loss: "mse", runEagerly: true });
  await other.fit(x, y, { ...quiet, epochs: 2, batchSize: 2 });
  expect(other.getWeights()[0]!.item()).toBeCloseTo(one.getWeights()[0]!.item(), 5);
});

test("logs of a step's own count even where they have the names of the metrics", async () => {
  class Own extends Sequential {
    override trainStep([input]: StepData<Tensor, Tensor>): Record<string, Tensor> {
      return { loss: input.sum() };
    }
  }
  const model = new Own([Input([1]), new Dense(1)]);
  model.compile({ optimizer: "sgd", loss: "mse" });
  const { history } = await model.fit(x, y, { ...quiet, batchSize: 2 });
  // The last batch has the last input only, or the last two.
  const rest = x.shape[0]! % 2 === 0 ? 2 : 1;
  expect(history["loss"]).toEqual([
    x
      .slice(x.shape[0]! - rest)
      .sum()
      .item(),
  ]);
});

test("single batches run eagerly, too", async () => {
  let runs = 0;
  class Counting extends Sequential {
    override trainStep(data: StepData): ReturnType<Sequential["trainStep"]> {
      runs++;
      return super.trainStep(data);
    }
  }
  const model = new Counting([Input([1]), new Dense(1, { kernelInitializer: "ones" })]);
  model.compile({ optimizer: "sgd", loss: "mse", runEagerly: true });
  const [first] = await model.trainOnBatch([[1]], [[3]]);
  await model.trainOnBatch([[1]], [[3]]);
  expect(runs).toBe(2);
  expect(first).toBe(4);
});

test("a source that promises is asked for the next batch while the last one is at work", async () => {
  const asked: number[] = [];
  const begun: [batch: number, asked: number][] = [];
  const source = {
    length: 3,
    getItem: async (i: number): Promise<[Tensor, Tensor]> => {
      asked.push(i);
      return [tensor([[i]]), tensor([[i]])];
    },
  };
  const listener = new LambdaCallback({
    onTrainBatchBegin: (batch) => void begun.push([batch, asked.length]),
  });
  await line().fit(source, undefined, { ...quiet, callbacks: [listener] });
  expect(asked).toEqual([0, 1, 2]);
  expect(begun).toEqual([
    [0, 2],
    [1, 3],
    [2, 3],
  ]);
});
