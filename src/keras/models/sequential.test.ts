import { beforeEach, describe, expect, test } from "vitest";
import {
  full,
  gradients,
  IndexError,
  jit,
  ShapeError,
  StateError,
  type Tensor,
  ValueError,
} from "../../engine/index.ts";
import { getKerasMask, setKerasMask } from "../backend/masking.ts";
import { Activation, Dense, Dropout, Flatten, Input, type KerasShape, Layer } from "../layers/index.ts";
import { clearSession } from "../utils/naming.ts";
import { Model, modelFromJson, Sequential } from "./index.ts";

beforeEach(() => clearSession());

describe("Sequential", () => {
  test("with an Input is built while layers are added", () => {
    const model = new Sequential([Input([3])]);
    expect(model.built).toBe(false);
    model.add(new Dense(4, { activation: "relu" }));
    expect(model.built).toBe(true);
    model.add(new Dense(2));
    expect(model.weights.map((v) => v.path)).toEqual([
      ...[
        "sequential/dense/kernel",
        "sequential/dense/bias",
        "sequential/dense_1/kernel",
        "sequential/dense_1/bias",
      ],
    ]);
    expect(model.countParams()).toBe(26);
    expect([model.inputShape, model.outputShape]).toEqual([
      [null, 3],
      [null, 2],
    ]);
    expect(model.layers.map((layer) => layer.name)).toEqual(["dense", "dense_1"]);
    expect(model(full([5, 3], 1)).shape).toEqual([5, 2]);
    // Adding calls each layer once, whatever is below it.
    expect(model.layers.map((layer) => layer.inboundNodes.length)).toEqual([1, 1]);
  });

  test.each([
    ["inputShape", () => new Sequential([new Dense(2, { inputShape: [3] })])],
    ["inputDim", () => new Sequential([new Dense(2, { inputDim: 3 })])],
    ["an Input with options", () => new Sequential([Input({ shape: [3] }), new Dense(2)])],
    ["a batch shape", () => new Sequential([Input({ batchShape: [null, 3] }), new Dense(2)])],
  ])("is built by %s", (_, make) => {
    expect(make().inputShape).toEqual([null, 3]);
    expect(make().countParams()).toBe(8);
  });

  test("without an Input is built by its first call", () => {
    const model = new Sequential([new Dense(4), new Dense(2)]);
    expect([model.built, model.weights.length]).toEqual([false, 0]);
    expect(() => model.outputShape).toThrow(/Sequential model "sequential" has no defined output shape yet/);
    expect(model(full([2, 3], 1)).shape).toEqual([2, 2]);
    expect([model.built, model.weights.length, model.outputShape]).toEqual([true, 4, [2, 2]]);
    expect(model(full([7, 3], 1)).shape).toEqual([7, 2]);
    expect(model.weights[0]!.path).toBe("sequential/dense/kernel");
  });

  test("inside of a compiled function gives what it gives outside", () => {
    const model = new Sequential([new Dense(4, { activation: "tanh" }), new Dropout(0.5), new Dense(1)]);
    const run = jit((x: Tensor) => model(x));
    const x = full([2, 3], 0.5);
    const compiled = run(x).dataSync();
    [...model(x).dataSync()].forEach((v, i) => {
      expect(compiled[i]).toBeCloseTo(v, 6);
    });
  });

  test("pops", () => {
    const model = new Sequential([Input([3]), new Dense(4), new Dense(2)]);
    expect(model.pop().name).toBe("dense_1");
    expect([model.outputShape, model.countParams()]).toEqual([[null, 4], 16]);
    model.add(new Dense(5));
    expect(model.outputShape).toEqual([null, 5]);
    model.pop();
    model.pop();
    expect(model.built).toBe(false);
    expect(() => model.pop()).toThrow(StateError);
  });

  test("brings inputs to the rank and dtype of its Input", () => {
    const model = new Sequential([Input([1]), new Dense(1, { kernelInitializer: "ones" })]);
    expect(model([1, 2]).arraySync()).toEqual([[1], [2]]);
    expect(model(full([2, 1, 1], 3)).arraySync()).toEqual([[3], [3]]);
    expect(model(full([2, 1], 3, "float64")).dtype).toBe("float32");
    const whole = new Sequential([Input({ shape: [2], dtype: "int32" }), new Flatten()]);
    expect(whole([[1.5, 2.5]]).arraySync()).toEqual([[1, 2]]);
    expect(whole.outputs[0]!.dtype).toBe("int32");
  });

  test("passes masks on", () => {
    const model = new Sequential([new Dense(2), new Activation("relu"), new Dropout(0.1)]);
    const x = full([1, 3, 2], 1);
    const mask = full([1, 3], true, "bool");
    expect(getKerasMask(model(x, { mask }))).toBe(mask);
    expect(getKerasMask(x)).toBeUndefined();
    setKerasMask(x, mask);
    expect(getKerasMask(model(x))).toBe(mask);
  });

  test("has gradients through all layers", () => {
    const model = new Sequential([Input([2]), new Dense(3, { activation: "tanh" }), new Dense(1)]);
    const values = model.trainableWeights.map((v) => v.value);
    const grads = gradients(model(full([4, 2], 0.5)).sum(), values);
    expect(grads.map((g) => g.shape)).toEqual([[2, 3], [3], [3, 1], [1]]);
    expect(grads[3]!.item()).toBe(4);
  });

  test("nests", () => {
    const inner = new Sequential([Input([2]), new Dense(3)], { name: "inner" });
    const outer = new Sequential([Input([2]), inner, new Dense(1)], { name: "outer" });
    expect(outer.weights.map((v) => v.path)).toEqual([
      ...["inner/dense/kernel", "inner/dense/bias", "outer/dense_1/kernel", "outer/dense_1/bias"],
    ]);
    expect(outer([[1, 2]]).shape).toEqual([1, 1]);
    outer.trainable = false;
    expect(inner.layers[0]!.trainable).toBe(false);
  });

  test("round-trips through its config and JSON", () => {
    const model = new Sequential([
      Input([3]),
      new Dense(4, { activation: "relu" }),
      new Dropout(0.2),
      new Dense(1),
    ]);
    const config = model.getConfig();
    const copy = Sequential.fromConfig(config);
    expect(copy.getConfig()).toEqual(config);
    copy.setWeights(model.getWeights());
    expect(copy([[1, 2, 3]]).arraySync()).toEqual(model([[1, 2, 3]]).arraySync());
    const json = JSON.stringify({ module: "keras", class_name: "Sequential", config, registered_name: null });
    expect(modelFromJson(json).getConfig()).toEqual(config);
    expect(() => modelFromJson("{")).toThrow(/no JSON/);
    expect(() => Sequential.fromConfig({})).toThrow(ValueError);
  });

  test("refuses what does not fit, and stays as it was", () => {
    const model = new Sequential([Input([3]), new Dense(4)]);
    const x = full([1, 3], 1);
    const before = model(x).arraySync();
    expect(() => model.add(3 as unknown as Layer)).toThrow(/only layers and Input can be added.*Received: 3/);
    expect(() => model.add(new Dense(2, { name: "dense" }))).toThrow(
      /there is a layer "dense" in model "sequential" already/,
    );
    expect(() => model.add(Input([2]))).toThrow(/has the input shape \(None, 3\) already/);
    expect(() => new Sequential([1, 2].map(() => new Dense(2, { name: "same" })))).toThrow(
      /there is a layer "same" in model/,
    );
    expect(() => new Sequential([new Dense(2), Input([2])])).toThrow(/an Input is the first of a model/);
    expect(() => new Sequential({} as [])).toThrow(/expected an array of layers/);
    expect(() => new Sequential([], { nmae: "x" } as object)).toThrow(/Did you mean "name"\?/);
    expect(() => new Sequential().build([null, 2])).toThrow(/cannot be built because it has no layers/);
    expect(() => model.build([null, 5])).toThrow(/has the input shape \(None, 3\) already/);
    expect(() => model(full([2, 4], 0))).toThrow(ShapeError);
    expect(() => model(full([2, 4], 0))).toThrow(
      /expected axis -1 .* length 3.*\(2, 4\)\n {2}in layer "sequential"/,
    );
    expect(() => model(full([2, 3, 3], 0))).toThrow(/expects inputs of shape \(None, 3\)/);
    class Picky extends Layer {
      override computeOutputShape(shape: KerasShape): KerasShape {
        throw new ShapeError(`no ${shape.length} axes`);
      }
    }
    expect(() => model.add(new Picky({ name: "picky" }))).toThrow(/no 2 axes\n {2}in layer "picky"/);
    expect(model.layers.length).toBe(1);
    expect(model(x).arraySync()).toEqual(before);
  });

  test("is usable after a layer of the user threw", () => {
    let broken = true;
    class Fragile extends Layer {
      override call(x: Tensor): Tensor {
        if (broken) throw new Error("not today");
        return x;
      }
      override computeOutputShape(shape: KerasShape): KerasShape {
        return shape;
      }
    }
    const model = new Sequential([new Dense(2), new Fragile()]);
    expect(() => model(full([1, 3], 1))).toThrow("not today");
    expect([model.built, model.layers[0]!.built]).toEqual([false, false]);
    broken = false;
    // Nothing remembers the first shape.
    expect(model(full([1, 4], 1)).shape).toEqual([1, 2]);
    broken = true;
    expect(() => jit((x: Tensor) => model(x))(full([1, 4], 1))).toThrow("not today");
    broken = false;
    expect(jit((x: Tensor) => model(x))(full([1, 4], 1)).shape).toEqual([1, 2]);
  });
});

describe("Model", () => {
  class Twice extends Model {
    readonly hidden = new Dense(4, { activation: "relu" });
    readonly rest = [new Dropout(0.1), new Dense(1)] as const;
    override call(x: Tensor): Tensor {
      return this.rest[1](this.rest[0](this.hidden(x)));
    }
  }

  test("is built by data, or by a shape", () => {
    const model = new Twice();
    expect(model.name).toBe("twice");
    expect(model([[1, 2, 3]]).shape).toEqual([1, 1]);
    expect(model.countParams()).toBe(21);
    expect(model.weights[0]!.path).toBe("twice/dense/kernel");
    const other = new Twice();
    other.build([null, 3]);
    expect([other.built, other.countParams()]).toEqual([true, 21]);
    expect(other.layers[0]!.buildShape).toEqual([null, 3]);
    expect(other.computeOutputShape([null, 3])).toEqual([null, 1]);
  });

  test("finds layers by name or place", () => {
    const model = new Twice();
    expect(model.getLayer("dropout")).toBe(model.rest[0]);
    expect(model.getLayer(0)).toBe(model.hidden);
    expect(model.getLayer(-1)).toBe(model.rest[1]);
    expect(() => model.getLayer("dens")).toThrow(
      /no layer "dens" in model "twice". Did you mean "dense"\?.*dense, dropout, dense_1/,
    );
    expect(() => model.getLayer(3)).toThrow(IndexError);
  });
});
