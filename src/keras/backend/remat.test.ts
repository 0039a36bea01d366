import { describe, expect, test } from "vitest";
import {
  gradients,
  isPrimitive,
  makeGraph,
  type Tensor,
  tensor,
  topological,
  ValueError,
} from "../../engine/index.ts";
import { Dense, deserialize, Input, LeakyReLU, ReLU } from "../layers/index.ts";
import { Model, Sequential } from "../models/index.ts";
import * as ops from "../ops/index.ts";
import { KerasTensor } from "./keras_tensor.ts";
import { RematScope, type RematScopeOptions, remat } from "./remat.ts";

const x = tensor([[0.1, -0.2, 0.3, 0.4]], { dtype: "float32" });

/** How many values the gradient of a call's sum by its argument has computed once more, or waited for. */
function barriers(call: (x: Tensor) => Tensor): number {
  const { results } = makeGraph((x: Tensor) => gradients(call(x).multiply(call(x)).sum(), [x]), x);
  return topological(results).filter((node) => isPrimitive(node, "optimization_barrier")).length;
}

/** A layer with an activation, made in a scope and built. */
function dense(options: RematScopeOptions | null, activation = "tanh"): Dense {
  const make = (): Dense =>
    new Dense(8, { activation: activation as "tanh", name: "wide", kernelInitializer: "ones" });
  const layer = options === null ? make() : new RematScope(options).run(make);
  layer.build([null, 4]);
  return layer;
}

describe("RematScope", () => {
  test.each([
    ["none", null, false],
    ["full", {}, true],
    ["full by name", { mode: "full" }, true],
    ["activations", { mode: "activations" }, true],
    ["larger than less", { mode: "larger_than", outputSizeThreshold: 7 }, true],
    ["larger than as much", { mode: "larger_than", outputSizeThreshold: 8 }, false],
    ["a list with the layer", { mode: "list_of_layers", layerNames: ["wide"] }, true],
    ["a list without the layer", { mode: "list_of_layers", layerNames: ["other"] }, false],
    ["null", { mode: null }, false],
  ] as const)("%s", (_, options, anew) => {
    const layer = dense(options);
    expect(barriers((x) => layer(x)) > 0).toBe(anew);
    const slope = (layer: Dense): unknown => gradients(layer(x).sum(), [layer.kernel!])[0]!.arraySync();
    expect(slope(layer)).toEqual(slope(dense(null)));
  });

  test("the innermost counts, and layers keep theirs", () => {
    const layer = new RematScope().run(() => dense({ mode: null }));
    expect(barriers((x) => layer(x))).toBe(0);
    const full = dense({});
    expect(new RematScope({ mode: null }).run(() => barriers((x) => full(x)))).toBeGreaterThan(0);
  });

  test("operations of functional models, and models trained with it as without", async () => {
    const make = (): Model => {
      const input = Input([4]);
      const h = ops.tanh(ops.exp(new Dense(5, { kernelInitializer: "ones" })(input)));
      return new Model({ inputs: input, outputs: new Dense(1, { kernelInitializer: "ones" })(h) });
    };
    const [plain, anew] = [make(), new RematScope().run(make)];
    expect(barriers((x) => anew(x))).toBeGreaterThan(barriers((x) => plain(x)));
    const losses: unknown[] = [];
    for (const model of [plain, anew]) {
      model.compile({ optimizer: "adam", loss: "mse" });
      losses.push((await model.fit(x, [[2]], { epochs: 3, verbose: 0 })).history.loss);
    }
    expect(losses[1]).toEqual(losses[0]);
  });

  test("refuses other modes and options", () => {
    expect(() => new RematScope({ mode: "some" as never })).toThrow(ValueError);
    expect(() => new RematScope({ names: [] } as never)).toThrow(/names/);
  });
});

test("remat of functions and of layers", () => {
  const [layer, wrapped] = [dense(null), remat(dense(null) as (x: Tensor) => Tensor)];
  expect(wrapped(x).arraySync()).toEqual(layer(x).arraySync());
  expect(barriers(wrapped)).toBeGreaterThan(0);
  const model = new Sequential([Input([4]), new LeakyReLU(), new ReLU()]);
  expect(barriers(remat((x: Tensor) => model(x)))).toBeGreaterThan(0);
  expect(() => remat(3 as never)).toThrow(ValueError);
});

test("without history nothing leads back from what is computed", () => {
  const on = (recordHistory: boolean): (() => Model) => {
    const x = new KerasTensor([null, 4], { recordHistory });
    const y = new Dense(2)(x);
    expect(y.shape).toEqual([null, 2]);
    return () => new Model({ inputs: x, outputs: y });
  };
  expect(on(true)().outputShape).toEqual([null, 2]);
  expect(on(false)).toThrow(ValueError);
});

test("EinsumDense hands gptqUnpackedColumnSize on to configs", () => {
  const config = { equation: "ab,bc->ac", output_shape: [2], gptq_unpacked_column_size: 7 };
  const layer = deserialize({
    module: "keras.layers",
    class_name: "EinsumDense",
    config,
    registered_name: null,
  });
  expect(layer.getConfig()).toMatchObject({ gptq_unpacked_column_size: 7 });
});
