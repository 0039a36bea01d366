/** What a notebook is given while a model trains. */
import { afterEach, expect, test, vi } from "vitest";
import type { MimeBundle } from "../../files/notebook.ts";
import { Dense, LayerNormalization } from "../layers/index.ts";
import { Sequential } from "../models/index.ts";
import * as np from "../ops/index.ts";
import { SGD } from "../optimizers/index.ts";
import { NotebookLogger } from "./notebook_logger.ts";

type Shown = { readonly bundle: MimeBundle; readonly id: string | undefined; readonly update: boolean };

const name = Symbol.for("tsuno.notebook");
const globals = globalThis as { [name: symbol]: unknown };

/** Makes this process a notebook, and keeps what it is given. */
function asNotebook(): Shown[] {
  const shown: Shown[] = [];
  globals[name] = {
    display: (bundle: MimeBundle, { id, update = false }: { id?: string; update?: boolean } = {}) =>
      void shown.push({ bundle, id, update }),
  };
  return shown;
}

afterEach(() => {
  delete globals[name];
});

function model(): Sequential {
  const made = new Sequential([new Dense(1, { inputShape: [1] })]);
  made.compile({ loss: "mse", optimizer: "sgd", metrics: ["mae"] });
  return made;
}

const two = ["<polyline", "<polyline"];
const drawing = 'aria-label="a network of 1, 1 neurons"';
const x = [[0], [1], [2], [3]];

test("fit shows one display that changes, and ends with all epochs", async () => {
  const shown = asNotebook();
  const { history } = await model().fit(x, x, { epochs: 1500, batchSize: 2, validationSplit: 0.5 });
  expect(shown.length).toBeGreaterThan(0);
  expect(shown.map((s) => s.update)).toEqual(shown.map((_, i) => i > 0));
  expect(new Set(shown.map((s) => s.id)).size).toBe(1);
  const { bundle } = shown.at(-1)!;
  const state = bundle["application/vnd.tsuno.training+json"] as {
    epoch: number;
    finished: boolean;
    at: number[];
    values: Record<string, number[]>;
  };
  expect([state.epoch, state.finished]).toEqual([1500, true]);
  // Of many epochs every second, fourth, … is kept, and the last.
  expect(state.at.length).toBeLessThan(400);
  expect(state.at.at(-1)).toBe(1500);
  expect(Object.keys(state.values)).toEqual(["loss", "mae", "val_loss", "val_mae"]);
  state.at.forEach((epoch, i) => {
    expect(state.values["val_loss"]![i]).toBe(history["val_loss"]![epoch - 1]);
  });
  expect(bundle["text/plain"]).toMatch(/^Epoch 1500\/1500 · .* - loss: [\d.e-]+ - mae: /);
  const curves = String(bundle["text/html"]).match(/aria-label="[^"]*"|<polyline/g);
  expect(curves).toEqual([
    'aria-label="loss, val_loss"',
    ...two,
    'aria-label="mae, val_mae"',
    ...two,
    drawing,
    'aria-label="the function that the model has become"',
    'aria-label="weights and gradients of the layers"',
  ]);
});

test("a small network of dense layers is drawn with its weights", async () => {
  const shown = asNotebook();
  const net = new Sequential([
    new Dense(3, { inputShape: [2], useBias: false, kernelInitializer: "ones" }),
    new Dense(1, { kernelInitializer: "zeros" }),
  ]);
  net.compile({ loss: "mse", optimizer: new SGD({ learningRate: 0 }) });
  await net.fit(np.ones([4, 2]), np.ones([4, 1]), {});
  const html = String(shown.at(-1)!.bundle["text/html"]);
  const drawn = html.slice(html.indexOf('aria-label="a network of 2, 3, 1 neurons"')).split("</svg>")[0]!;
  expect(drawn.match(/<line/g)?.length).toBe(2 * 3 + 3 * 1);
  expect(drawn.match(/<circle/g)?.length).toBe(2 + 3 + 1);
  // Ones are as strong as it gets, zeros can hardly be seen.
  expect(drawn.match(/stroke-opacity="1.00"/g)?.length).toBe(6);
  expect(drawn.match(/stroke-opacity="0.08"/g)?.length).toBe(3 + 1);
});

test("networks of other layers, and large ones, are not drawn", async () => {
  const shown = asNotebook();
  for (const layer of [new Dense(40, { inputShape: [2] }), new LayerNormalization({ inputShape: [2] })]) {
    const net = new Sequential([layer]);
    net.compile({ loss: "mse", optimizer: "sgd" });
    const x = np.ones([4, 2]);
    await net.fit(x, await net.predict(x, { verbose: 0 }), {});
    expect(shown.at(-1)!.bundle["text/html"]).not.toContain('<circle cx="16.0"');
  }
});

test("verbose 0 shows nothing, and verbose 2 prints lines", async () => {
  const shown = asNotebook();
  await model().fit(x, x, { verbose: 0 });
  await model().fit(x, x, { verbose: 2 });
  expect(shown).toEqual([]);
});

test("costs less than 3 % of a training of some seconds", { retry: 2 }, async () => {
  asNotebook();
  const net = new Sequential([
    new Dense(32, { inputShape: [2], activation: "tanh" }),
    new Dense(32, { activation: "tanh" }),
    new Dense(1),
  ]);
  net.compile({ loss: "mse", optimizer: "adam" });
  const inputs = np.sin(np.reshape(np.arange(1024), [512, 2]));
  const train = async (epochs: number, verbose: 0 | 1): Promise<number> => {
    const begin = performance.now();
    await net.fit(inputs, np.ones([512, 1]), { epochs, verbose });
    return performance.now() - begin;
  };
  const perEpoch = (await train(50, 0)) / 50;
  const hooks = ["onEpochBegin", "onEpochEnd", "onTrainBatchEnd"] as const;
  let spent = 0;
  const spies = hooks.map((hook) => {
    const own = NotebookLogger.prototype[hook] as (...args: unknown[]) => void | Promise<void>;
    return vi.spyOn(NotebookLogger.prototype, hook).mockImplementation(function (
      this: NotebookLogger,
      ...args: unknown[]
    ) {
      const begin = performance.now();
      const count = (): void => void (spent += performance.now() - begin);
      const result = own.apply(this, args);
      if (result instanceof Promise) return result.then(count);
      return count();
    });
  });
  const whole = await train(Math.ceil(2500 / perEpoch), 1);
  for (const spy of spies) spy.mockRestore();
  console.log(`the live display took ${((100 * spent) / whole).toFixed(2)} % of ${whole.toFixed(0)} ms`);
  expect(spent).toBeGreaterThan(0);
  expect(spent / whole).toBeLessThan(0.03);
});
