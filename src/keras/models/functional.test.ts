/** Functional models: structure, sharing, nesting, errors. */
import { describe, expect, test } from "vitest";
import { type Tensor, ValueError } from "../../engine/index.ts";
import { Input } from "../layers/core/input_layer.ts";
import { Dense, Dropout, Identity, Layer } from "../layers/index.ts";
import { classNameOf } from "../saving/registry.ts";
import { Model } from "./model.ts";
import { modelFromJson } from "./model_from_json.ts";
import { Sequential } from "./sequential.ts";

/** A dense layer whose kernel is all ones, so that its output is the sum of the inputs. */
const sums = (units: number, name: string): Dense =>
  new Dense(units, { name, kernelInitializer: "ones", useBias: false });

describe("a model between symbolic tensors", () => {
  const a = Input([3], { name: "a" });
  const b = Input([3], { name: "b" });
  const shared = sums(4, "shared");
  const y = sums(2, "y")(shared(a));
  const z = shared(b);
  const model = new Model({ inputs: [a, b], outputs: { z, y }, name: "twins" });

  test("has outputs in the structure of its outputs", () => {
    const { y, z } = model([[[1, 2, 3]], [[4, 5, 6]]]);
    expect(y.arraySync()).toEqual([[24, 24]]);
    expect(z.arraySync()).toEqual([[15, 15, 15, 15]]);
  });

  test("says what it is made of, in Keras's order", () => {
    expect(model.layers.map((layer) => layer.name)).toEqual(["a", "shared", "b", "y"]);
    expect(model.inputNames).toEqual(["a", "b"]);
    expect(model.outputNames).toEqual(["y", "shared"]);
    expect(model.inputShape).toEqual([
      [null, 3],
      [null, 3],
    ]);
    expect(model.outputShape).toEqual([
      [null, 2],
      [null, 4],
    ]);
    expect(model.weights.map((w) => w.path)).toEqual(["shared/kernel", "y/kernel"]);
    expect(model.countParams()).toBe(20);
  });

  test("takes inputs by name, too", () => {
    const given = { b: [[4, 5, 6]], a: [[1, 2, 3]] };
    expect(model(given).z.arraySync()).toEqual([[15, 15, 15, 15]]);
    expect(() => model({ a: [[1, 2, 3]] })).toThrow(/Expected: \[a, b\]/);
    expect(() => model([[1, 2, 3]])).toThrow(ValueError);
  });

  test("is a layer of other models, which share its weights", () => {
    const x = Input([3]);
    const both = model([x, x]);
    const outer = new Model({ inputs: x, outputs: new Identity()(both.z) });
    expect(outer([[1, 1, 1]]).arraySync()).toEqual([[3, 3, 3, 3]]);
    expect(outer.weights[0]).toBe(model.weights[0]);
    const stack = new Sequential([Input([3]), outer, sums(1, "last")]);
    expect(stack([[1, 1, 1]]).arraySync()).toEqual([[12]]);
  });

  test("may begin in the middle", () => {
    const x = Input([2]);
    const first = sums(3, "first")(x);
    const second = sums(1, "second")(first);
    const tail = new Model({ inputs: first, outputs: second });
    expect(tail([[1, 2, 3]]).arraySync()).toEqual([[6]]);
    expect(tail.layers.map((layer) => layer.name)).toEqual([`${first.name}CLONE`, "second"]);
  });

  test("is trained", async () => {
    const x = Input([1]);
    const model = new Model({ inputs: x, outputs: sums(1, "slope")(x) });
    model.compile({ optimizer: "sgd", loss: "mse" });
    await model.fit([[1], [1]], [[3], [3]], { epochs: 1, batchSize: 2, verbose: 0 });
    // w = 1 - 0.01 · 2 · (1 - 3)
    expect(model.weights[0]!.value.item()).toBeCloseTo(1.04, 6);
  });

  test("says whether it is trained to what it calls; a call's own word counts where nobody else says it", () => {
    const x = Input([4]);
    const seen: boolean[] = [];
    class Spy extends Layer {
      override call(x: Tensor, { training }: { training: boolean }): Tensor {
        seen.push(training);
        return x;
      }
    }
    const model = new Model({ inputs: x, outputs: new Spy()(new Dropout(0.5)(x), { training: true }) });
    seen.length = 0;
    const ones = [[1, 1, 1, 1]];
    model(ones);
    model(ones, { training: false });
    model(ones, { training: true });
    expect(seen).toEqual([true, false, true]);
  });

  test("refuses what makes no model", () => {
    const other = Input([3], { name: "other" });
    expect(() => new Model({ inputs: other, outputs: y })).toThrow(/Graph disconnected.*name=a/);
    const twice = sums(1, "same")(sums(3, "same")(other));
    expect(() => new Model({ inputs: other, outputs: twice })).toThrow(/"same" is used 2 times/);
    expect(() => new Model({ inputs: other })).toThrow(/Received only inputs/);
    expect(() => new Model({ inputs: [], outputs: y })).toThrow(/cannot be empty/);
  });
});

describe("arithmetic on symbolic tensors", () => {
  test("is part of the graph, and of its config", () => {
    const x = Input([2, 3], { name: "entry" });
    const scaled = x.multiply(2).add(x.subtract(1)).divide(4);
    const y = scaled.at("...", [0, 2]).transpose([0, 2, 1]).reshape(-1, 4).max(1, { keepdims: true });
    expect(y.shape).toEqual([null, 1]);
    const model = new Model({ inputs: x, outputs: y });
    const data = [
      [
        [1, 2, 9],
        [3, 4, 9],
      ],
    ];
    expect(model(data).arraySync()).toEqual([[2.75]]);
    const json = model.toJson();
    const again = modelFromJson(json);
    expect(again(data).arraySync()).toEqual([[2.75]]);
    expect(again.toJson()).toBe(json);
    expect(model.operations.map(classNameOf)).toEqual([
      ...[
        "InputLayer",
        "Multiply",
        "Subtract",
        "Add",
        "TrueDivide",
        "GetItem",
        "Transpose",
        "Reshape",
        "Max",
      ],
    ]);
  });

  test("slices of an unknown length have an unknown length", () => {
    expect(Input([3]).at([0, 5]).shape).toEqual([null, 3]);
    expect(Input([3]).at([0, 5], null, 0).shape).toEqual([null, 1]);
  });
});
