/** Models from JSON: what it declares costs nothing until it is needed, and too much is refused. */
import { describe, expect, test } from "vitest";
import { ValueError } from "../../engine/index.ts";
import { Dense, Input, LSTM } from "../layers/index.ts";
import { setRandomSeed } from "../utils/index.ts";
import { modelFromJson, Sequential } from "./index.ts";

/** The JSON of a small model, with something else in it. */
function json(change: (layer: { config: object }) => void, compile?: object): string {
  const model = new Sequential([Input([6, 4]), new LSTM(5), new Dense(3)]);
  const parsed = JSON.parse(model.toJson()) as { config: { layers: { config: object }[] } };
  change(parsed.config.layers[1]!);
  return JSON.stringify({ ...parsed, compile_config: compile ?? null });
}

describe("sizes that JSON declares", () => {
  test("take no memory and no time before weights are needed", () => {
    // 80 million numbers for the kernel.
    const large = json((lstm) =>
      Object.assign(lstm, { build_config: { input_shape: [null, 6, 4_000_000] } }),
    );
    const [used, before] = [process.cpuUsage(), process.memoryUsage.rss()];
    const model = modelFromJson(large);
    const { user, system } = process.cpuUsage(used);
    expect(model.getLayer("lstm").countParams()).toBe(80_000_120);
    expect((user + system) / 1e6).toBeLessThan(1);
    expect(process.memoryUsage.rss() - before).toBeLessThan(100e6);
  });

  test("are refused when there could be no memory for them", () => {
    const vast = json((lstm) => Object.assign(lstm.config, { units: 1e6 }));
    expect(() => modelFromJson(vast)).toThrow(
      /describes more weights than 1073741824 numbers \(maxWeights\)/,
    );
    expect(() =>
      modelFromJson(
        json(() => {}),
        { maxWeights: 100 },
      ),
    ).toThrow(ValueError);
    expect(
      modelFromJson(
        json(() => {}),
        { maxWeights: 218 },
      ).countParams(),
    ).toBe(218);
  });

  test.each([
    ["AUC", { num_thresholds: 1e9 }],
    ["MeanIoU", { num_classes: 1e9 }],
    ["PrecisionAtRecall", { recall: 0.5, num_thresholds: 1e9 }],
  ])("in the metric %s, too", (name, config) => {
    const metric = { module: "keras.metrics", class_name: name, config, registered_name: null };
    const compile = { optimizer: "adam", loss: "mse", metrics: [metric] };
    expect(() => modelFromJson(json(() => {}, compile))).toThrow(/declares 1000000000 values.*refused/);
  });
});

test("weights are the same whenever they are first needed", () => {
  const make = (): Sequential => {
    setRandomSeed(3);
    return new Sequential([Input([6, 4]), new LSTM(5), new Dense(3)]);
  };
  const read = (model: Sequential, order: readonly number[]): unknown[] => {
    for (const i of order) model.weights[i]!.value.dataSync();
    return model.weights.map((w) => w.value.arraySync());
  };
  expect(read(make(), [4, 2, 0, 1, 3])).toEqual(read(make(), [0, 1, 2, 3, 4]));
});
