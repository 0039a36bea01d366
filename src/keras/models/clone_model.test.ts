import { describe, expect, test } from "vitest";
import type { Tensor } from "../../engine/index.ts";
import { KerasTensor } from "../backend/keras_tensor.ts";
import { Concatenate, Dense, Dropout, Embedding, Identity, Input, Layer, LSTM } from "../layers/index.ts";
import { Function as KerasFunction } from "../ops/function.ts";
import * as ops from "../ops/index.ts";
import { cloneModel } from "./clone_model.ts";
import { Model } from "./model.ts";
import { Sequential } from "./sequential.ts";

const plain = (config: unknown): unknown => JSON.parse(JSON.stringify(config));

describe("cloneModel", () => {
  const a = Input([3], { name: "a" });
  const b = Input([3], { name: "b" });
  const shared = new Dense(4, { name: "shared" });
  const both = new Concatenate({ name: "both" })([shared(a), ops.tanh(shared(b))]);
  const inner = new Sequential([Input([8]), new Dense(2, { name: "inside" })], { name: "inner" });
  const model = new Model({ inputs: { a, b }, outputs: { z: inner(both), w: both }, name: "whole" });

  test("gives a model of the same config with weights of its own", () => {
    const copy = cloneModel(model);
    expect(plain(copy.getConfig())).toEqual(plain(model.getConfig()));
    expect(copy.weights.map((w) => w.shape)).toEqual(model.weights.map((w) => w.shape));
    for (const [i, w] of copy.weights.entries()) expect(w).not.toBe(model.weights[i]);
    copy.setWeights(model.getWeights());
    const data = { a: [[1, 2, 3]], b: [[-1, 0, 1]] };
    expect(copy(data).z.arraySync()).toEqual(model(data).z.arraySync());
  });

  test("notes masks as the model does", () => {
    const x = Input([null], { dtype: "int32", name: "x" });
    const y = new LSTM(2, { name: "lstm" })(new Embedding(5, 3, { maskZero: true, name: "e" })(x));
    const masked = new Model({ inputs: x, outputs: y, name: "masked" });
    const copy = cloneModel(masked);
    expect(copy.operations.map((operation) => operation.name)).toEqual(
      masked.operations.map((operation) => operation.name),
    );
    copy.setWeights(masked.getWeights());
    expect(copy([[1, 2, 0, 0]]).arraySync()).toEqual(masked([[1, 2]]).arraySync());
  });

  test("takes other layers and other calls, each layer once", () => {
    const seen: string[] = [];
    const copy = cloneModel(model, {
      cloneFunction: (operation) => {
        seen.push(operation.name);
        return operation;
      },
      callFunction: (layer, ...args) => {
        const y = layer.apply(...args) as KerasTensor;
        return layer instanceof Dense ? new Dropout(0.5)(y) : y;
      },
    });
    expect(seen).toEqual(["shared", "tanh", "both", "inner"]);
    expect(copy.weights).toEqual(model.weights);
    expect(copy.layers.filter((layer) => layer instanceof Dropout)).toHaveLength(2);
  });

  test("goes into models inside if that is asked for", () => {
    const renamed = (recursive: boolean): typeof model =>
      cloneModel(model, {
        recursive,
        cloneFunction: (operation) => {
          if (!(operation instanceof Dense)) return operation;
          return Dense.fromConfig({ ...operation.getConfig(), units: operation.units, use_bias: false });
        },
      });
    const insideOf = (whole: typeof model): Dense =>
      (whole.getLayer("inner") as Sequential).layers[0] as Dense;
    expect(insideOf(renamed(false))).toBe(inner.layers[0]);
    expect(insideOf(renamed(true)).useBias).toBe(false);
  });

  test("begins with tensors that are given", () => {
    const c = Input([3], { name: "c" });
    const d = new Identity()(c);
    const copy = cloneModel(model, { inputTensors: { a: c, b: d } });
    expect(copy.inputs[0]).toBe(c);
    const [stack, t] = [new Sequential([Input([3]), new Dense(2)]), Input([3], { name: "t" })];
    expect(cloneModel(stack, { inputTensors: t }).inputs[0]).toBe(t);
    expect(() => cloneModel(model, { inputTensors: c })).toThrow(/structure of the model's inputs/);
    expect(() => cloneModel(stack, { inputTensors: [t, t] })).toThrow(/one symbolic tensor/);
  });

  test("copies stacks, also those without an input", () => {
    const stack = new Sequential([new Dense(2, { name: "only" })], { name: "stack", trainable: false });
    const copy = cloneModel(stack);
    expect([copy.name, copy.trainable, copy.built]).toEqual(["stack", false, false]);
    expect(copy.layers[0]).not.toBe(stack.layers[0]);
    const built = cloneModel(new Sequential([Input([3], { name: "in" }), new Dense(2)]));
    expect([built.inputShape, built.inputNames]).toEqual([[null, 3], ["in"]]);
    expect(() => cloneModel(stack, { callFunction: () => 1 })).toThrow(/callFunction is not for Sequential/);
  });

  test("makes a model of a user's class by its config, and takes no functions there", () => {
    class Twice extends Model {
      readonly units: number;
      readonly hidden: Dense;
      constructor({ units, name = null }: { units: number; name?: string | null }) {
        super({ name });
        this.units = units;
        this.hidden = new Dense(units);
      }
      override call(x: Tensor): Tensor {
        return this.hidden(x).multiply(2);
      }
      override getConfig() {
        return { name: this.name, units: this.units };
      }
    }
    const copy = cloneModel(new Twice({ units: 3, name: "twice" }));
    expect(copy).toBeInstanceOf(Twice);
    expect([copy.name, copy.units]).toEqual(["twice", 3]);
    expect(() => cloneModel(copy, { cloneFunction: (layer) => layer })).toThrow(
      /cloneFunction is for functional/,
    );
  });
});

describe("Function", () => {
  test("computes what lies between its inputs and outputs", () => {
    const [p, q] = [new KerasTensor([null, 2]), new KerasTensor([null, 2])];
    const sum = p.add(q);
    const fn = new KerasFunction({ p, q }, { sum, half: sum.divide(2) }, { name: "sums" });
    const { sum: total, half } = fn({ p: [[1, 2]], q: [[3, 4]] });
    expect([total.arraySync(), half.arraySync()]).toEqual([[[4, 6]], [[2, 3]]]);
    expect(fn.operations.map((operation) => operation.constructor.name)).toHaveLength(2);
    expect(fn.computeOutputShape({ p: [5, 2], q: [5, 2] })).toEqual({ half: [5, 2], sum: [5, 2] });
    const x = Input([2]);
    const model = new Model({ inputs: x, outputs: fn({ p: x, q: x }).sum });
    expect(model([[1, 2]]).arraySync()).toEqual([[2, 4]]);
    expect(model.operations.map((operation) => operation.name)).toContain("sums");
  });

  test("refuses what does not fit", () => {
    const x = new KerasTensor([null, 2]);
    const fn = new KerasFunction([x], x.add(1));
    expect(() => fn([[[1, 2, 3]]])).toThrow(/expected shape \(None, 2\)/);
    expect(() => fn([[[1, 2]], [[1, 2]]])).toThrow(/invalid input structure/);
    expect(() => new KerasFunction([], x)).toThrow(/expected inputs to be one or more symbolic tensors/);
    expect(() => new KerasFunction(Input([2]), x)).toThrow(/Graph disconnected/);
  });

  test("holds layers without being one", () => {
    const x = Input([2]);
    const dense = new Dense(3);
    const fn = new KerasFunction(x, dense(x));
    expect(fn([[1, 2]]).arraySync()).toEqual(dense([[1, 2]]).arraySync());
    expect(fn).not.toBeInstanceOf(Layer);
  });
});
