// Losses: what identifiers mean, custom losses, bad input.
import { describe, expect, it } from "vitest";
import { jit, ShapeError, type Tensor, tensor, ValueError, valueAndGrad } from "../../engine/index.ts";
import { setKerasMask } from "../backend/masking.ts";
import * as losses from "./index.ts";
import { squeezeOrExpandToSameRank } from "./operands.ts";

class Distance extends losses.Loss {
  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    return yTrue.subtract(yPred).power(2).sum(-1);
  }
}

describe("identifiers", () => {
  it("gives functions for names in snake_case and losses for names of classes", () => {
    expect(losses.get("mse")).toBe(losses.meanSquaredError);
    expect(losses.get("kl_divergence")).toBe(losses.klDivergence);
    expect(losses.get("MeanSquaredError")).toBeInstanceOf(losses.MeanSquaredError);
    expect(losses.get(losses.Huber)).toBeInstanceOf(losses.Huber);
    expect(losses.get(null)).toBeNull();
    const own = new Distance();
    expect(losses.get(own)).toBe(own);
    expect(() => losses.get("mean_sqared_error")).toThrow(/Did you mean "mean_squared_error"/);
    expect(() => losses.get(3 as never)).toThrow(ValueError);
  });

  it("goes through configs, functions by their names", () => {
    const written = losses.serialize(
      new losses.BinaryCrossentropy({ fromLogits: true, labelSmoothing: 0.1 }),
    );
    expect(written).toEqual({
      module: "keras.losses",
      class_name: "BinaryCrossentropy",
      config: {
        name: "binary_crossentropy",
        reduction: "sum_over_batch_size",
        from_logits: true,
        label_smoothing: 0.1,
        axis: -1,
      },
      registered_name: null,
    });
    expect((losses.deserialize(written) as losses.Loss)([[1]], [[0]]).item()).toBeCloseTo(Math.LN2, 6);
    const wrapped = losses.serialize(new losses.LossFunctionWrapper(losses.huber, { name: "h", delta: 0.5 }));
    expect(wrapped.config).toEqual({
      name: "h",
      reduction: "sum_over_batch_size",
      delta: 0.5,
      fn: { module: "builtins", class_name: "function", config: "huber", registered_name: "function" },
    });
    expect((losses.deserialize(wrapped) as losses.Loss)([[0]], [[2]]).item()).toBe(0.875);
    expect(losses.deserialize(losses.serialize(losses.hinge) as never)).toBe(losses.hinge);
  });
});

describe("Loss", () => {
  it("names itself, and reduces what call gives", () => {
    const t = [
      [1, 2],
      [3, 4],
    ];
    const y = [
      [1, 2],
      [3, 6],
    ];
    expect(new Distance()(t, y).item()).toBe(2);
    expect(new Distance({ reduction: "sum" })(t, y).item()).toBe(4);
    expect(new Distance({ reduction: null })(t, y).arraySync()).toEqual([0, 4]);
    expect(new Distance()(t, y, { sampleWeight: [5, 0.5] }).item()).toBe(1);
    expect(
      new Distance({ reduction: "mean_with_sample_weight" })(t, y, { sampleWeight: [1.5, 0.5] }).item(),
    ).toBe(1);
    expect(new Distance().name).toMatch(/^distance/);
    expect(new Distance({ name: "d" }).getConfig()).toEqual({ name: "d", reduction: "sum_over_batch_size" });
  });

  it("leaves out what masks say is padding", () => {
    const y = tensor(
      [
        [1, 2],
        [3, 6],
      ],
      { dtype: "float32" },
    );
    setKerasMask(y, tensor([true, false]));
    expect(
      new Distance()(
        [
          [0, 2],
          [3, 4],
        ],
        y,
      ).item(),
    ).toBe(1);
    const ignored = new losses.SparseCategoricalCrossentropy({ ignoreClass: -1, fromLogits: true });
    expect(
      ignored(
        [-1, 0],
        [
          [5, 1],
          [0, 0],
        ],
      ).item(),
    ).toBeCloseTo(Math.LN2, 6);
  });

  it("takes whole numbers for floats", () => {
    expect(losses.meanSquaredError([[0.5]], [[1]]).arraySync()).toEqual([0.25]);
    expect(losses.meanAbsoluteError([1, 0], [[2], [0]]).arraySync()).toEqual([1, 0]);
  });

  it("computes in float64 when asked to", () => {
    const loss = new losses.MeanSquaredError({ dtype: "float64" })([[0.1]], [[0.3]]);
    expect(loss.dtype).toBe("float64");
  });

  it("can be compiled and differentiated", () => {
    const loss = new losses.CategoricalCrossentropy({ fromLogits: true });
    const run = jit((t: Tensor, y: Tensor) => valueAndGrad((x) => loss(t, x))(y));
    const [value, [slope]] = run(tensor([[0, 1]]), tensor([[0.5, 0.5]]));
    expect(value.item()).toBeCloseTo(Math.LN2, 6);
    expect(slope!.arraySync()).toEqual([[0.5, -0.5]]);
  });
});

describe("bad input", () => {
  it("refuses options and values that mean nothing", () => {
    expect(() => new losses.Huber({ detla: 2 } as never)).toThrow(/Did you mean "delta"/);
    expect(() => new Distance({ reduction: "avg" as never })).toThrow(/reduction="avg"/);
    expect(() => losses.binaryCrossentropy([[0]], [[0.5]], { labelSmoothing: 2 })).toThrow(ValueError);
    expect(() => new losses.CategoricalGeneralizedCrossEntropy({ q: 1 })).toThrow(ValueError);
    expect(() => new Distance()([[1]], [[1]], { sampleWeights: [1] } as never)).toThrow(
      /Did you mean "sampleWeight"/,
    );
  });

  it("refuses shapes that do not fit", () => {
    expect(() => losses.meanSquaredError([[1, 2]], [[1, 2, 3]])).toThrow(ShapeError);
    expect(() => losses.categoricalCrossentropy([[1, 2]], [[1, 2, 3]])).toThrow(ShapeError);
    expect(() => losses.sparseCategoricalCrossentropy([1, 2, 3], [[1, 2]])).toThrow(ShapeError);
  });
});

it("squeezes or expands to the same rank", () => {
  const shapes = (a: number[], b: number[], options = {}): unknown => {
    const of = (shape: number[]): Tensor =>
      tensor(new Array(shape.reduce((n, m) => n * m, 1)).fill(0), { shape });
    return squeezeOrExpandToSameRank(of(a), of(b), options).map((t) => [...t.shape]);
  };
  expect(shapes([2, 1], [2])).toEqual([
    [2, 1],
    [2, 1],
  ]);
  expect(shapes([2], [2, 1])).toEqual([
    [2, 1],
    [2, 1],
  ]);
  expect(shapes([2], [2, 1], { expandRank1: false })).toEqual([[2], [2]]);
  expect(shapes([2, 3, 1], [2, 3])).toEqual([
    [2, 3],
    [2, 3],
  ]);
  expect(shapes([2, 3], [2, 3, 1])).toEqual([
    [2, 3],
    [2, 3],
  ]);
  expect(shapes([2, 3], [2])).toEqual([[2, 3], [2]]);
});
