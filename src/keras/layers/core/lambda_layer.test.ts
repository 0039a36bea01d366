import { describe, expect, test } from "vitest";
import { type ArrayRecord, expectClose, loadJson, recordToTensor } from "../../../../test/parity/fixtures.ts";
import { type Tensor, UnsupportedError, ValueError } from "../../../engine/index.ts";
import type { KerasShape, KerasTensor, ShapeTree } from "../../backend/keras_tensor.ts";
import { getKerasMask } from "../../backend/masking.ts";
import { cloneModel, Model, modelFromJson, Sequential } from "../../models/index.ts";
import type { Config } from "../../saving/config.ts";
import {
  customObjectScope,
  deserializeKerasObject,
  registerKerasSerializable,
  serializeKerasObject,
} from "../../saving/index.ts";
import { Dense, Input, Lambda, Layer, type LayerClass, LSTM, Masking } from "../index.ts";

describe("Lambda", () => {
  test("computes with its arguments, and knows whether it is trained", () => {
    const layer = new Lambda((x: Tensor, { training, by }) => (training ? x.multiply(by as number) : x), {
      arguments: { by: 3 },
    });
    expect(layer([1, 2]).arraySync()).toEqual([1, 2]);
    expect(layer([1, 2], { training: true }).arraySync()).toEqual([3, 6]);
    expect(() => new Lambda("square" as never)).toThrow(ValueError);
  });

  test("takes and gives several tensors", () => {
    const both = new Lambda<readonly Tensor[], readonly Tensor[]>(([a, b]) => [a!.add(b!), a!.subtract(b!)]);
    const [p, q] = [Input([2]), Input([2])];
    const model = new Model({ inputs: [p, q], outputs: both([p, q]) as KerasTensor[] });
    const results = model([[[1, 2]], [[3, 5]]]);
    expect(results.map((x) => x.arraySync())).toEqual([[[4, 7]], [[-2, -3]]]);
  });

  test("is trained through, and has an input in graphs like others", async () => {
    const model = new Sequential([
      Input([1]),
      new Dense(1, { kernelInitializer: "ones", useBias: false }),
      new Lambda((x) => x.multiply(2)),
    ]);
    model.compile({ optimizer: "sgd", loss: "mse" });
    await model.fit([[1], [1]], [[3], [3]], { epochs: 1, batchSize: 2, verbose: 0 });
    // w = 1 - 0.01 · 2 · (2 - 3) · 2
    expect(model.weights[0]!.value.item()).toBeCloseTo(1.04, 6);
  });

  test("has the shape that is found, or the one that is given", () => {
    const x = Input([4, 5]);
    expect(new Lambda((t) => t.sum(-1))(x).shape).toEqual([null, 4]);
    expect(new Lambda((t) => t, { outputShape: [7] }).computeOutputShape([2, 4])).toEqual([2, 7]);
    const outputShape = (shape: ShapeTree): ShapeTree => [(shape as KerasShape)[0]!, 9];
    expect(new Lambda((t) => t, { outputShape }).computeOutputShape([2, 4])).toEqual([2, 9]);
    const needsData = new Lambda((t) => t.multiply(t.sum().item()), { name: "needs_data" });
    expect(() => needsData(x)).toThrow(/Lambda "needs_data": the shape of the output could not be found/);
    expect(new Lambda((t) => t.multiply(t.sum().item()), { outputShape: [4, 5] })(x).shape).toEqual([
      null,
      4,
      5,
    ]);
  });

  test("passes masks on if it is told how", () => {
    const x = new Masking()([[[1], [0], [2]]]);
    expect(getKerasMask(new Lambda((t) => t, { mask: (_, mask) => mask })(x))?.arraySync()).toEqual([
      [true, false, true],
    ]);
    const seen: unknown[] = [];
    new Lambda((t, { mask }) => {
      seen.push((mask as Tensor).arraySync());
      return t;
    })(x);
    expect(seen).toEqual([[[true, false, true]]]);
    const entry = Input([3, 1]);
    const masked = new Lambda((t) => t, { mask: (_, mask) => mask })(new Masking()(entry));
    const lstm = new LSTM(2);
    const model = new Model({ inputs: entry, outputs: lstm(masked) });
    expect(model([[[1], [0], [2]]]).arraySync()).toEqual(lstm([[[1], [2]]]).arraySync());
  });
});

describe("Lambda in configs", () => {
  const halve = (x: Tensor): Tensor => x.divide(2);

  test("of a registered function is that function", () => {
    registerKerasSerializable("lambda_test", "halve")(halve);
    const config = serializeKerasObject(
      new Lambda(halve, { name: "half", arguments: { a: 1 }, outputShape: [3] }),
    );
    expect(config.config).toMatchObject({
      function: {
        module: "builtins",
        class_name: "function",
        config: "lambda_test>halve",
        registered_name: "function",
      },
      output_shape: [3],
      arguments: { a: 1 },
    });
    const again = deserializeKerasObject(JSON.parse(JSON.stringify(config))) as Lambda;
    expect(again.function).toBe(halve);
    expect(again.outputShape).toEqual([3]);
    expect(again([4]).arraySync()).toEqual([2]);
  });

  test("with source is never run: the function must be given", () => {
    const saved = serializeKerasObject(new Lambda((x) => x.multiply(3), { name: "triple" }));
    const text = JSON.stringify(saved).replace("multiply", "harm");
    const read = (options: object): Lambda => deserializeKerasObject(JSON.parse(text), options) as Lambda;
    expect(() => read({})).toThrow(/code of a function, as that of a Lambda layer.*disallowed/s);
    expect(() => read({ safeMode: false })).toThrow(UnsupportedError);
    expect(() => read({ safeMode: false })).toThrow(/source of a function.*ever run/s);
    const given = read({ customObjects: { triple: (x: Tensor) => x.multiply(3) } });
    expect(given([2]).arraySync()).toEqual([6]);
  });

  test("that never left the program still has its function", () => {
    const layer = new Lambda((x: Tensor) => x.multiply(3), { mask: (_, mask) => mask });
    const model = cloneModel(new Sequential([Input([1]), layer]));
    expect(model([[2]]).arraySync()).toEqual([[6]]);
    expect(model.layers[0]!.supportsMasking).toBe(true);
  });

  test("of Python's bytecode never runs, and may be replaced", () => {
    const saved = loadJson("keras-models/lambda_python.json.gz") as {
      readonly model: object;
      readonly start_values: { readonly weights: readonly ArrayRecord[] };
      readonly inputs: readonly [ArrayRecord];
      readonly outputs: readonly [ArrayRecord];
    };
    const { model } = saved;
    const json = JSON.stringify(model);
    expect(() => modelFromJson(json)).toThrow(ValueError);
    expect(() => deserializeKerasObject(model, { safeMode: false })).toThrow(UnsupportedError);
    expect(() => deserializeKerasObject(model, { safeMode: false })).toThrow(
      /bytecode of a Python lambda.*customObjects: \{ Lambda: MyLayer \}/s,
    );
    class TwicePlusOne extends Layer {
      override call(x: Tensor): Tensor {
        return x.multiply(2).add(1);
      }
      static override fromConfig<T>(this: LayerClass<T>, { name }: Config): T {
        return new this(...([{ name }] as never[]));
      }
    }
    const replaced = modelFromJson(json, { customObjects: { Lambda: TwicePlusOne } });
    expect(replaced.layers.map((layer) => layer.name)).toEqual(["d", "twice_plus_one"]);
    replaced.setWeights(saved.start_values.weights.map(recordToTensor));
    expectClose(replaced(recordToTensor(saved.inputs[0])), saved.outputs[0]);
    expect(customObjectScope({ Lambda: TwicePlusOne }, () => modelFromJson(json)).outputShape).toEqual([
      null,
      4,
    ]);
  });
});
