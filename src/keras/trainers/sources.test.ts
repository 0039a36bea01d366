// Training from data that comes batch by batch: the same numbers as from arrays, whatever the source.
import { describe, expect, test } from "vitest";
import { tensor } from "../../engine/index.ts";
import { Callback } from "../callbacks/index.ts";
import { fromArrays, fromIterable } from "../data/index.ts";
import { Input } from "../layers/core/input_layer.ts";
import { Dense } from "../layers/index.ts";
import { Sequential } from "../models/index.ts";
import { SGD } from "../optimizers/index.ts";
import { PyDataset, setRandomSeed } from "../utils/index.ts";

const x = Array.from({ length: 7 }, (_, i) => [i / 7, (i % 3) - 1]);
const y = x.map(([a, b]) => [2 * a! - b! + 0.5]);
const rows = (from: number, to: number): readonly [number[][], number[][]] => [
  x.slice(from, to),
  y.slice(from, to),
];

function compiled(): Sequential {
  const model = new Sequential([Input([2]), new Dense(1, { kernelInitializer: "ones" })]);
  model.compile({ optimizer: new SGD({ learningRate: 0.1 }), loss: "mse", metrics: ["mae"] });
  return model;
}

const quiet = { epochs: 3, verbose: 0, batchSize: 2, shuffle: false } as const;
const weights = (model: Sequential): number[] => model.getWeights().flatMap((t) => [...t.dataSync()]);

/** What arrays give. */
async function expected(): Promise<{ history: Record<string, number[]>; weights: number[] }> {
  const model = compiled();
  const { history } = await model.fit(x, y, { ...quiet, validationData: [x, y] });
  return { history, weights: weights(model) };
}

class Numbered extends PyDataset {
  readonly asked: number[] = [];
  readonly told: string[] = [];
  override get length(): number {
    return 4;
  }
  override getItem(i: number): ReturnType<typeof rows> {
    this.asked.push(i);
    return rows(2 * i, 2 * i + 2);
  }
  override onEpochBegin(): void {
    this.told.push("begin");
  }
  override onEpochEnd(): void {
    this.told.push("end");
  }
}

describe("the same numbers as from arrays", () => {
  function* generate(): Generator<ReturnType<typeof rows>> {
    for (let i = 0; i < 7; i += 2) yield rows(i, i + 2);
  }
  const sources = {
    "nested numbers of a generator are a tuple": () => ({ [Symbol.iterator]: generate }),
    "a dataset of arrays": () => fromArrays(x, y).batch(2),
    "a dataset of a generator": () => fromIterable(generate),
    "a dataset with promises": () =>
      fromArrays(tensor(x), tensor(y))
        .map(async ([a, b]) => [a, b], { parallel: 2 })
        .batch(2)
        .prefetch(2),
    "an endless dataset": () => fromArrays(x, y).batch(2).repeat(),
    "batches by number": () => new Numbered(),
    "promises of batches by number": () =>
      new (class extends Numbered {
        override getItem(i: number): never {
          const late = new Promise((resolve) => setTimeout(resolve, 4 - i, rows(2 * i, 2 * i + 2)));
          return late as never;
        }
      })({ workers: 3 }),
  };

  test.each(Object.entries(sources))("%s", async (name, make) => {
    const { history, weights: final } = await expected();
    const model = compiled();
    const steps = name.startsWith("an endless") ? { stepsPerEpoch: 4, validationSteps: 4 } : {};
    const fitted = await model.fit(make(), undefined, { ...quiet, ...steps, validationData: make() });
    for (const key of Object.keys(history)) {
      expect(fitted.history[key]).toEqual(history[key]!.map((v) => expect.closeTo(v, 5) as unknown));
    }
    expect(weights(model)).toEqual(final.map((v) => expect.closeTo(v, 5) as unknown));
    const evaluated = await model.evaluate(make(), undefined, {
      verbose: 0,
      ...(steps.stepsPerEpoch && { steps: 4 }),
    });
    expect(evaluated[0]).toBeCloseTo((await model.evaluate(x, y, { verbose: 0, batchSize: 2 }))[0]!, 5);
    if (name.startsWith("an endless")) return;
    const predicted = await model.predict(make(), { verbose: 0 });
    expect(predicted.shape).toEqual([7, 1]);
  });
});

describe("batches by number", () => {
  test("come in a new order in each epoch, unless told otherwise", async () => {
    const model = compiled();
    const ordered = new Numbered();
    await model.fit(ordered, undefined, quiet);
    expect(ordered.asked).toEqual([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]);
    expect(ordered.told).toEqual(["begin", "end", "begin", "end", "begin", "end"]);
    const orders = async (): Promise<number[]> => {
      setRandomSeed(3);
      const shuffled = new Numbered();
      await model.fit(shuffled, undefined, { epochs: 20, verbose: 0 });
      return shuffled.asked;
    };
    const asked = await orders();
    const epochs = Array.from({ length: 20 }, (_, e) => asked.slice(4 * e, 4 * e + 4));
    for (const epoch of epochs) expect(epoch.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3]);
    expect(new Set(epochs.map(String)).size).toBeGreaterThan(5);
    expect(await orders()).toEqual(asked);
  });

  test("workers are as many promises as may be open", async () => {
    let open = 0;
    let most = 0;
    class Slow extends PyDataset {
      override get length(): number {
        return 6;
      }
      override async getItem(i: number): Promise<ReturnType<typeof rows>> {
        most = Math.max(most, ++open);
        await new Promise((resolve) => setTimeout(resolve, 2));
        open--;
        return rows(i, i + 1);
      }
    }
    await compiled().fit(new Slow({ workers: 3 }), undefined, { verbose: 0 });
    expect(most).toBe(3);
    most = 0;
    await compiled().fit(new Slow({ workers: 9, maxQueueSize: 2 }), undefined, { verbose: 0 });
    expect(most).toBe(2);
  });

  test("may have no end", async () => {
    class Endless extends Numbered {
      override get length(): never {
        return null as never;
      }
      override getItem(i: number): ReturnType<typeof rows> {
        return super.getItem(i % 3);
      }
    }
    const dataset = new Endless();
    expect(dataset.numBatches).toBeNull();
    await compiled().fit(dataset, undefined, { ...quiet, stepsPerEpoch: 5, epochs: 2 });
    expect(dataset.asked.slice(0, 10)).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2, 0]);
  });

  test("can be gone through, and check their options", async () => {
    const sizes: number[] = [];
    for await (const batch of new Numbered()) sizes.push((batch as ReturnType<typeof rows>)[0].length);
    expect(sizes).toEqual([2, 2, 2, 1]);
    expect(() => new Numbered({ workers: 0.5 })).toThrow(/workers/);
    expect(() => new Numbered({ threads: 1 } as never)).toThrow(/threads/);
  });
});

test("what a tuple is", async () => {
  const model = compiled();
  // An array is a tuple: two samples as inputs alone are written in an array of their own.
  const predicted = await model.predict(fromIterable([[x.slice(0, 2)]] as const), { verbose: 0 });
  expect(predicted.shape).toEqual([2, 1]);
  const four = fromIterable([x.slice(0, 4)]);
  await expect(model.predict(four as never, { verbose: 0 })).rejects.toThrow(/Received an array of 4/);
});

test("the epochs and batches that callbacks hear of", async () => {
  const heard: string[] = [];
  class Listener extends Callback {
    override onTrainBatchEnd(batch: number): void {
      heard.push(`batch ${batch}`);
    }
    override onEpochEnd(epoch: number): void {
      heard.push(`epoch ${epoch}`);
    }
  }
  const options = { epochs: 2, verbose: 0, callbacks: [new Listener()] } as const;
  await compiled().fit(fromArrays(x, y).batch(4), undefined, options);
  expect(heard).toEqual(["batch 0", "batch 1", "epoch 0", "batch 0", "batch 1", "epoch 1"]);
});
