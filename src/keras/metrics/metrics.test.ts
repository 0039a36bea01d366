// Metrics: what identifiers mean, custom metrics, bad input.
import { describe, expect, it } from "vitest";
import {
  jit,
  maximum,
  ShapeError,
  type Tensor,
  type TensorLike,
  tensor,
  toTensor,
  ValueError,
} from "../../engine/index.ts";
import * as losses from "../losses/index.ts";
import * as metrics from "./index.ts";

class Largest extends metrics.Metric {
  readonly largest = this.addWeight([], { name: "largest" });
  readonly mean = new metrics.Mean();
  override updateState(values: TensorLike): void {
    this.largest.assign(maximum(this.largest, toTensor(values).max()));
    this.mean.updateState(values);
  }
  override result(): Record<string, Tensor> {
    return { largest: this.largest.value, mean: this.mean.result() };
  }
}

describe("identifiers", () => {
  it("gives metrics for names", () => {
    expect(metrics.get("mse")).toBeInstanceOf(metrics.MeanSquaredError);
    expect(metrics.get("binary_accuracy")).toBeInstanceOf(metrics.BinaryAccuracy);
    expect(metrics.get("AUC")).toBeInstanceOf(metrics.AUC);
    expect(metrics.get(metrics.Mean)).toBeInstanceOf(metrics.Mean);
    expect(metrics.get(null)).toBeNull();
    expect(metrics.get(losses.huber)).toBe(losses.huber);
    expect(() => metrics.get("binary_acuracy")).toThrow(/Did you mean "BinaryAccuracy"/);
  });

  it("finds out which accuracy and which crossentropy are meant", () => {
    const named = (id: string, t: number[], y: number[]): string => {
      const metric = metrics.resolveByShapes(id, t, y);
      return `${metric.constructor.name} ${metric.name}`;
    };
    expect(named("accuracy", [8, 1], [8, 1])).toBe("BinaryAccuracy accuracy");
    expect(named("acc", [8], [8, 3])).toBe("SparseCategoricalAccuracy acc");
    expect(named("acc", [8, 1], [8, 3])).toBe("SparseCategoricalAccuracy acc");
    expect(named("accuracy", [8, 3], [8, 3])).toBe("CategoricalAccuracy accuracy");
    expect(named("crossentropy", [8], [8, 1])).toBe("BinaryCrossentropy crossentropy");
    expect(named("ce", [8, 5], [8, 5, 3])).toBe("SparseCategoricalCrossentropy ce");
    expect(() => metrics.resolveByShapes("mse", [1], [1])).toThrow(ValueError);
  });
});

describe("Metric", () => {
  it("gathers state over batches, with the state of metrics inside", () => {
    const metric = new Largest();
    expect(metric.variables.map((v) => v.path)).toEqual([
      `${metric.name}/largest`,
      "mean/total",
      "mean/count",
    ]);
    const update = jit((x: Tensor) => metric(x));
    update(tensor([1, 5]));
    const result = update(tensor([3, 3])) as Record<string, Tensor>;
    expect([result["largest"]!.item(), result["mean"]!.item()]).toEqual([5, 3]);
    jit(() => metric.resetState())();
    expect(metric.variables.map((v) => v.value.item())).toEqual([0, 0, 0]);
  });

  it("has Keras's names, a changeable one, and knows which way is better", () => {
    const metric = new metrics.MeanSquaredError();
    expect([metric.name, metric.direction]).toEqual(["mean_squared_error", "down"]);
    metric.name = "mse";
    expect(metric.getConfig()).toEqual({ name: "mse", dtype: "float32" });
    expect(new metrics.BinaryAccuracy().direction).toBe("up");
    expect(new metrics.Mean().direction).toBeUndefined();
    expect(new metrics.AUC().name).toMatch(/^auc/);
    expect(new metrics.TruePositives().name).toMatch(/^true_positives/);
  });

  it("weights a scalar by a number of samples", () => {
    const mean = new metrics.Mean({ name: "loss" });
    mean.updateState(2, { sampleWeight: 8 });
    mean.updateState(5, { sampleWeight: 4 });
    expect(mean.result().item()).toBe(3);
  });

  it("breaks ties among the k largest by the place", () => {
    const y = [[1, 1, 1]];
    expect(metrics.sparseTopKCategoricalAccuracy([1], y, { k: 1 }).arraySync()).toEqual([0]);
    expect(metrics.sparseTopKCategoricalAccuracy([1], y, { k: 2 }).arraySync()).toEqual([1]);
    expect(metrics.sparseTopKCategoricalAccuracy([7], y, { k: 5 }).arraySync()).toEqual([0]);
  });

  it("goes through configs, functions by their names", () => {
    const wrapped = new metrics.MeanMetricWrapper(losses.huber, { name: "h", delta: 0.5 });
    const again = metrics.deserialize(metrics.serialize(wrapped)) as metrics.Metric;
    again.updateState([[0]], [[2]]);
    expect((again.result() as Tensor).item()).toBe(0.875);
    const iou = metrics.deserialize(metrics.serialize(new metrics.IoU(3, [0, 2]))) as metrics.IoU;
    expect(iou.targetClassIds).toEqual([0, 2]);
  });
});

describe("bad input", () => {
  it("refuses options and values that mean nothing", () => {
    expect(() => new metrics.Mean({ nmae: "m" } as never)).toThrow(/Did you mean "name"/);
    expect(() => new metrics.Precision({ thresholds: 1.5 })).toThrow(ValueError);
    expect(() => new metrics.AUC({ curve: "ROCK" as never })).toThrow(ValueError);
    expect(() => new metrics.AUC({ numThresholds: 1 })).toThrow(ValueError);
    expect(() => new metrics.AUC({ numLabels: 3 })).toThrow(ValueError);
    expect(() => new metrics.FBetaScore({ beta: 0 })).toThrow(ValueError);
    expect(() => new metrics.FBetaScore({ average: "mikro" as never })).toThrow(ValueError);
    expect(() => new metrics.R2Score({ numRegressors: -1 })).toThrow(ValueError);
    expect(() => new metrics.IoU(2, [2])).toThrow(ValueError);
    expect(() => new metrics.RecallAtPrecision(2)).toThrow(ValueError);
    expect(() => new metrics.SensitivityAtSpecificity(0.5, { numThresholds: 0 })).toThrow(ValueError);
    expect(() => new metrics.Mean().updateState([1], { weight: 2 } as never)).toThrow(ValueError);
  });

  it("refuses shapes that do not fit", () => {
    expect(() => new metrics.FBetaScore().updateState([1, 0], [1, 0])).toThrow(ShapeError);
    expect(() => new metrics.R2Score().updateState([1, 0], [1, 0])).toThrow(ShapeError);
    expect(() => new metrics.Precision({ classId: 1 }).updateState([1, 0], [1, 0])).toThrow(ShapeError);
    expect(() => new metrics.AUC({ multiLabel: true }).updateState([1, 0], [1, 0])).toThrow(ShapeError);
  });
});
