// Metrics that make their variables for the first batch begin anew in every epoch and in every evaluation.
import { expect, test } from "vitest";
import { Dense, Input } from "../layers/index.ts";
import { AUC, F1Score, R2Score, Recall } from "../metrics/index.ts";
import { Sequential } from "../models/index.ts";

/** Predicts its input, whatever it is trained on. */
function echo(): Sequential {
  const model = new Sequential([Input([2]), new Dense(2, { useBias: false, kernelInitializer: "identity" })]);
  model.trainable = false;
  return model;
}

const x = [
  [0.9, 0.2],
  [0.4, 0.7],
  [0.1, 0.8],
  [0.3, 0.6],
];
const y = [
  [1, 0],
  [1, 1],
  [0, 1],
  [0, 0],
];
// With the threshold 0.5 there is, of the first class, 1 hit and 1 miss; of the second 2 hits and 1 false alarm.
const f1 = (2 / 3 + 4 / 5) / 2;
const r2 = (1 - (0.01 + 0.36 + 0.01 + 0.09) / 1 + (1 - (0.04 + 0.09 + 0.04 + 0.36) / 1)) / 2;
// In both classes all positives lie above all negatives.
const auc = 1;

test("every epoch, every evaluation", async () => {
  const model = echo();
  model.compile({
    optimizer: "sgd",
    loss: "mse",
    metrics: [
      new F1Score({ threshold: 0.5, average: "macro" }),
      new R2Score(),
      new AUC({ multiLabel: true, numThresholds: 1001 }),
    ],
  });
  const { history } = await model.fit(x, y, { epochs: 3, batchSize: 2, verbose: 0, validationData: [x, y] });
  for (const prefix of ["", "val_"]) {
    for (const [name, value] of Object.entries({ f1_score: f1, r2_score: r2, auc })) {
      const found = history[prefix + name]!;
      expect(found.length).toBe(3);
      for (const epoch of found) expect(epoch).toBeCloseTo(value, 5);
    }
  }
  const fresh = echo();
  fresh.compile({
    optimizer: "sgd",
    loss: "mse",
    metrics: [new F1Score({ threshold: 0.5, average: "macro" })],
  });
  for (let i = 0; i < 2; i++) {
    const [, score] = await fresh.evaluate(x, y, { batchSize: 3, verbose: 0 });
    expect(score).toBeCloseTo(f1, 5);
  }
});

test("metrics that give several numbers say so before anything changes", async () => {
  const model = new Sequential([Input([2]), new Dense(2)]);
  const before = model.getWeights().map((w) => w.arraySync());
  model.compile({ optimizer: "sgd", loss: "mse", metrics: [new Recall({ thresholds: [0.3, 0.6] })] });
  await expect(model.fit(x, y, { verbose: 0 })).rejects.toThrow(/"recall" gives 2 numbers/);
  await expect(model.evaluate(x, y, { verbose: 0 })).rejects.toThrow(/"recall" gives 2 numbers/);
  expect(model.getWeights().map((w) => w.arraySync())).toEqual(before);
});

test("an adjusted R² counts the samples that have a weight", () => {
  const metric = new R2Score({ numRegressors: 1 });
  const [t, p] = [
    [[1], [4], [3], [9]],
    [[2], [4], [4], [0]],
  ];
  metric.updateState(t, p, { sampleWeight: [1, 1, 1, 0] });
  // Of three samples R² is 1 - 2 / (14/3); with three samples and one regressor 1 - (1 - R²) · 2 / 1.
  expect(metric.result().item()).toBeCloseTo(1 - (2 / (14 / 3)) * 2, 5);
});
