/** Operations as steps of functional models, and their configs. */
import { describe, expect, test } from "vitest";
import { KerasTensor } from "../backend/keras_tensor.ts";
import { Input } from "../layers/index.ts";
import { Model, modelFromJson } from "../models/index.ts";
import { deserializeKerasObject, serializeKerasObject } from "../saving/serialization_lib.ts";
import * as ops from "./index.ts";

describe("functions as steps of graphs", () => {
  test("options, lists and several results", () => {
    const x = Input([4]);
    const y = ops.concatenate([x, ops.square(x)], { axis: -1 });
    const outputs = ops.split(y, 2, { axis: 1 });
    expect(y).toBeInstanceOf(KerasTensor);
    expect(outputs.map((t) => t.shape)).toEqual([
      [null, 4],
      [null, 4],
    ]);
    const total = ops.max(ops.where(ops.greater(outputs[1]!, 5), 0, outputs[1]!), {
      axis: 1,
      keepdims: true,
    });
    const model = new Model({ inputs: x, outputs: [ops.softmax(outputs[0]!), total] });
    const again = modelFromJson(model.toJson()) as Model<never>;
    expect(again.getConfig()).toEqual(model.getConfig());
    for (const m of [model, again]) {
      const [p, max] = m([[1, 2, 3, 0]]) as unknown as { arraySync(): number[][] }[];
      expect(p!.arraySync()[0]![2]).toBeCloseTo(0.643914, 5);
      expect(max!.arraySync()).toEqual([[4]]);
    }
  });

  test("einsum, and tensors among options", () => {
    const [x, w] = [Input([3]), Input([3])];
    const inputs = [x, w];
    const model = new Model({
      inputs,
      outputs: ops.einsum("bi,bi->b", x, ops.average(ops.stack([x, w]), { axis: 0 })),
    });
    expect((model([[[1, 2, 3]], [[3, 2, 1]]]) as { arraySync(): unknown }).arraySync()).toEqual([12]);
    expect(modelFromJson(model.toJson()).getConfig()).toEqual(model.getConfig());
  });

  test("configs are those of Keras's operations", () => {
    const x = Input([2, 3]);
    const { config } = JSON.parse(new Model({ inputs: x, outputs: ops.mean(x, { axis: 1 }) }).toJson());
    expect(config.layers[1]).toMatchObject({
      module: "keras.src.ops.numpy",
      class_name: "Mean",
      config: { axis: 1, keepdims: false },
    });
  });

  test("images, windows and spaces of numbers", () => {
    const x = Input([6, 6, 2]);
    const small = ops.image.resize(x, [3, 3], { antialias: true });
    const gray = ops.image.rgbToGrayscale(
      ops.image.gaussianBlur(ops.concatenate([x, x.at("...", [0, 1])], { axis: -1 })),
    );
    const columns = ops.unfold(ops.transpose(x, { axes: [0, 3, 1, 2] }), 3, { stride: 3 });
    const line = ops.linspace(ops.min(x, { axis: [1, 2, 3] }), ops.max(x, { axis: [1, 2, 3] }), { num: 4 });
    const model = new Model({
      inputs: x,
      outputs: [small, gray, columns, line, ops.image.extractPatches3d(ops.expandDims(x, 1), [1, 3, 3])],
    });
    expect(model.outputShape).toEqual([
      [null, 3, 3, 2],
      [null, 6, 6, 1],
      [null, 18, 4],
      [4, null],
      [null, 1, 2, 2, 18],
    ]);
    const again = modelFromJson(model.toJson()) as Model<never>;
    expect(again.getConfig()).toEqual(model.getConfig());
    const input = ops.reshape(ops.arange(72, 144, 1, { dtype: "float32" }), [1, 6, 6, 2]);
    const [given, read] = [model, again].map((m) => m(input) as unknown as { arraySync(): unknown }[]);
    expect(read!.map((t) => t.arraySync())).toEqual(given!.map((t) => t.arraySync()));
    expect(given![3]!.arraySync()).toEqual([
      [72],
      [expect.closeTo(95.6667, 3)],
      [expect.closeTo(119.3333, 3)],
      [143],
    ]);
  });

  test("loops, whose functions a config keeps as registered names or as code", () => {
    const x = Input([3]);
    const doubled = ops.foriLoop(0, 3, (_, v) => v.add(v), x);
    const [last, sums] = ops.scan((sum, row) => [sum.add(row), sum], ops.sum(x, { axis: 0 }), { xs: x });
    const model = new Model({
      inputs: x,
      outputs: [doubled, last, sums, ops.map((row) => row.sum(), x)],
    });
    const run = (m: Model<never>): unknown =>
      (
        m([
          [1, 2, 3],
          [4, 5, 6],
        ]) as unknown as { arraySync(): unknown }[]
      ).map((t) => t.arraySync());
    const wanted = [
      [
        [8, 16, 24],
        [32, 40, 48],
      ],
      [10, 14, 18],
      [
        [5, 7, 9],
        [6, 9, 12],
      ],
      [6, 15],
    ];
    expect(run(model as Model<never>)).toEqual(wanted);
    const config = JSON.parse(model.toJson());
    expect(() => deserializeKerasObject(config)).toThrow("code of a function");
    // A config that never left the program has the functions themselves.
    const again = deserializeKerasObject(serializeKerasObject(model)) as Model<never>;
    expect(run(again)).toEqual(wanted);
  });
});
