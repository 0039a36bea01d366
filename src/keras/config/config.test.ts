import { afterEach, expect, test, vi } from "vitest";
import { tensor, ValueError } from "../../engine/index.ts";
import { Conv2D, Dense, Flatten } from "../layers/index.ts";
import { Sequential } from "../models/index.ts";
import * as ops from "../ops/index.ts";
import { Progbar } from "../utils/index.ts";
import * as config from "./index.ts";

afterEach(() => {
  config.setImageDataFormat("channels_last");
  config.setMaxEpochs(null);
  config.setMaxStepsPerEpoch(null);
  config.enableInteractiveLogging();
  config.setBackend("wasm");
  vi.restoreAllMocks();
});

const x = tensor(
  Float32Array.from({ length: 36 }, (_, i) => i / 36),
  { shape: [12, 3] },
);
const y = tensor(new Float32Array(12), { shape: [12, 1] });

function compiled(): Sequential {
  const model = new Sequential([new Dense(1)]);
  model.compile({ optimizer: "sgd", loss: "mse" });
  return model;
}

test("the data format of images is that of layers and operations that are told nothing", () => {
  config.setImageDataFormat("channels_first");
  const image = tensor(new Float32Array(2 * 3 * 8 * 8), { shape: [2, 3, 8, 8] });
  const conv = new Conv2D(4, 3);
  expect([conv.dataFormat, conv(image).shape]).toEqual(["channels_first", [2, 4, 6, 6]]);
  expect(new Flatten().getConfig().data_format).toBe("channels_first");
  expect(ops.maxPool(image, 2).shape).toEqual([2, 3, 4, 4]);
  expect(new Conv2D(4, 3, { dataFormat: "channels_last" }).dataFormat).toBe("channels_last");
  expect(() => config.setImageDataFormat("channels_lost" as never)).toThrow(/Did you mean "channels_last"/);
});

test("limits of epochs and steps hold for arrays, sources and validation", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  config.setMaxEpochs(2);
  config.setMaxStepsPerEpoch(3);
  const seen: number[] = [];
  const model = compiled();
  const count = { onTrainBatchEnd: (batch: number) => void seen.push(batch) };
  const history = await model.fit(x, y, {
    ...{ epochs: 5, batchSize: 2, verbose: 0, validationData: [x, y] },
    callbacks: [new (await import("../callbacks/index.ts")).LambdaCallback(count)],
  });
  expect(history.epoch).toEqual([0, 1]);
  expect(seen).toEqual([0, 1, 2, 0, 1, 2]);
  expect(model.optimizer!.iterations.item()).toBe(6);
  expect((await model.predict(x, { batchSize: 2, verbose: 0 })).shape).toEqual([6, 1]);
  function* endless(): Generator<never> {
    for (;;) yield [x.slice(0, 2), y.slice(0, 2)] as never;
  }
  await model.fit(endless(), undefined, { epochs: 1, verbose: 0 });
  expect(model.optimizer!.iterations.item()).toBe(9);
  expect(
    warn.mock.calls.map(([text]) => String(text)).filter((text) => text.startsWith("Limiting the epochs")),
  ).toHaveLength(1);
  // Fewer batches than the limit are just used.
  warn.mockClear();
  await model.evaluate(x, y, { batchSize: 6, verbose: 0 });
  expect(warn).not.toHaveBeenCalled();
  expect(() => config.setMaxEpochs(0)).toThrow(ValueError);
  expect(() => config.setMaxStepsPerEpoch(1.5)).toThrow(ValueError);
});

test("limits come from the environment until they are set", async () => {
  vi.resetModules();
  process.env.KERAS_MAX_EPOCHS = "7";
  try {
    const fresh = await import("./limits.ts");
    expect([fresh.maxEpochs(), fresh.maxStepsPerEpoch()]).toEqual([7, null]);
    fresh.setMaxEpochs(null);
    expect(fresh.maxEpochs()).toBe(null);
  } finally {
    delete process.env.KERAS_MAX_EPOCHS;
  }
});

test("without interactive logging progress comes as whole lines", async () => {
  const write = vi.spyOn(process.stdout, "write").mockImplementation(() => true);
  const info = vi.spyOn(console, "info").mockImplementation(() => undefined);
  config.disableInteractiveLogging();
  const bar = new Progbar(2);
  bar.update(1, [["loss", 1]]);
  bar.update(2, [["loss", 0.5]]);
  await compiled().fit(x, y, { epochs: 2, batchSize: 6 });
  expect(write).not.toHaveBeenCalled();
  const lines = info.mock.calls.map(([text]) => String(text));
  expect(lines).toHaveLength(5);
  expect(lines[0]).toMatch(/^2\/2 ━+ \d+s .* - loss: /);
  expect(lines[1]).toBe("Epoch 1/2");
  for (const line of lines) expect(line).not.toMatch(/[\r\n\u001b]/);
});

test("backends by name", () => {
  expect(config.backend()).toBe("wasm");
  config.setBackend("reference");
  expect(config.backend()).toBe("reference");
  expect(tensor([1, 2], { dtype: "bfloat16" }).multiply(3).arraySync()).toEqual([3, 6]);
});
